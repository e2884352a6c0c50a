"""Somebody takes figures out: files for a meeting, and a key for the program on their desk."""

import csv
import re
import sqlite3
import zipfile

import pytest
from playwright.sync_api import expect

from audit_app.db import db, now
from audit_app.ledger.models import Stream
from tests.builders import Phone, operation
from tests.needs import needs

from .people import DESK, PHONE

pytestmark = [pytest.mark.browser, needs("chromium")]


@pytest.fixture
def mona(scene, somebody):
    """Mona manages a trust of one ward, of which something was said."""
    trust = scene.organisation("Northfield Trust")
    ward = scene.site(trust, "Rowan ward")
    scene.person("Mona Reid", "manager", trust)
    scene.person("Amina Khan", "auditor", trust, ward)
    lead = scene.phone("Lena Hart", "lead", trust, ward)
    opened = scene.audit(lead, ward)
    rated = {"contributor": opened.contributor, "criterion": "belonging-1", "rating": 2}
    lead.verdicts(opened.id, [operation("answer.rate", rated)])

    def starts(device: dict = PHONE):
        mona = somebody("Mona Reid", device).opens_the_app().signs_in()
        mona.has_sent_everything()
        mona.goes_to("More")
        mona.follows("Take figures out")
        mona.sees_heading("Take figures out")
        mona.sees("One table at a time")
        return mona

    return starts


def downloaded(mona, name: str | re.Pattern):
    """What comes of following a link to a file: the path of the file, and the name that it asked for."""
    with mona.page.expect_download() as coming:
        mona.page.get_by_role("link", name=name).click()
    return coming.value.path(), coming.value.suggested_filename


def test_a_manager_takes_files_to_a_meeting(mona):
    mona = mona(DESK)
    day = now().date()

    answers, name = downloaded(mona, "CSV Answers")
    with open(answers, encoding="utf-8-sig", newline="") as file:
        [row] = csv.DictReader(file)
    assert (row["setting"], row["criterion"], row["rating"]) == ("Rowan ward", "belonging-1", "2")
    assert name == f"milieu-answers-{day}.csv"

    book, name = downloaded(mona, "Excel Scores")
    assert zipfile.is_zipfile(book) and name == f"milieu-scores-{day}.xlsx"

    figures, name = downloaded(mona, "Database (SQLite)")
    assert sqlite3.connect(figures).execute("SELECT setting FROM heat_map").fetchall() == [("Rowan ward",)] * 10
    assert name == f"milieu-figures-{day}.sqlite"

    for of in ("All about me", "Northfield Trust"):
        archive, _ = downloaded(mona, f"ZIP {of}")
        assert "manifest.json" in zipfile.ZipFile(archive).namelist()
    mona.page.get_by_text("8 more tables").click()
    expect(mona.page.get_by_role("link", name="CSV Statements")).to_be_visible()
    mona.finds_it_accessible()


def test_a_manager_makes_a_key_gives_it_to_a_program_and_ends_it(mona, scene):
    mona = mona()

    mona.taps("Make a key")
    mona.taps("Make the key")
    mona.sees("Say what it is for", mona.page.get_by_role("alert"))
    mona.fills("What is it for?", "Power BI on my desk")
    mona.finds_it_accessible()
    mona.taps("Make the key")

    secret = mona.page.get_by_label("The key “Power BI on my desk”")
    expect(secret).to_be_focused()
    mona.sees("Copy it now: you see it only this once.")
    mona.finds_it_accessible()
    bearer = {"Authorization": f"Bearer {secret.input_value()}"}
    program = Phone(scene.app)
    assert [row["rating"] for row in program.get("/api/tables/answers", headers=bearer).json["rows"]] == [2]
    mona.taps("I have it")
    expect(secret).to_have_count(0)

    mona.taps("End it Power BI on my desk")
    mona.taps("End it", within=mona.page.get_by_role("dialog"))
    expect(mona.page.get_by_role("heading", name="Power BI on my desk")).to_have_count(0)
    assert program.get("/api/tables/answers", headers=bearer).status_code == 401
    mona.finds_it_accessible()


def test_of_a_large_service_one_is_told_how_long_the_database_takes_and_what_begins_at_once(mona, scene):
    with scene.app.app_context():
        db.session.execute(db.update(Stream).filter_by(kind="audit").values(seq=3_350_000))
        db.session.commit()

    mona = mona()

    mona.sees("It holds about 2.5 GB and takes about 8 minutes to make.")
    mona.sees("CSV and Excel begin at once.")
    headings = mona.main.get_by_role("heading", level=2)
    expect(headings.nth(0)).to_have_text("One table at a time")
    mona.finds_it_accessible()


def test_whoever_may_take_no_figures_out_still_gets_all_about_themselves(mona, somebody):
    amina = somebody("Amina Khan").opens_the_app().signs_in()
    amina.goes("#/exports")

    amina.sees_heading("Take figures out")
    archive, _ = downloaded(amina, "ZIP All about me")

    assert "account.json" in zipfile.ZipFile(archive).namelist()
    amina.sees_nothing_of("One table at a time")
    amina.sees_nothing_of("Make a key")
    amina.finds_it_accessible()


def test_without_a_network_it_says_so_and_loses_nothing(mona, service):
    mona = mona()
    mona.taps("Make a key")
    mona.fills("What is it for?", "R at home")

    service.stop()
    mona.taps("Make the key")

    expect(mona.page.get_by_label("What is it for?")).to_have_value("R at home")
    expect(mona.page.get_by_role("alert").first).to_be_visible()
    service.start()
    mona.taps("Make the key")
    expect(mona.page.get_by_label("The key “R at home”")).to_be_visible()

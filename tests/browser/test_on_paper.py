"""Where no phone may go: a form is printed, filled in by hand, and entered by a scribe afterwards, with no signal."""

import pytest
from playwright.sync_api import expect

from tests.needs import needs

pytestmark = [pytest.mark.browser, needs("chromium")]

MEETING = "Residents’ meeting"


@pytest.fixture
def ward(scene):
    trust = scene.organisation("Northfield Trust")
    ward = scene.site(trust, "Rowan ward")
    scene.person("Amina Khan", "lead", trust)
    return scene.audit(scene.phone_of("Amina Khan"), ward)


def test_a_form_is_printed_and_what_was_written_on_it_is_entered_as_theirs(scene, service, somebody, ward):
    amina = somebody("Amina Khan").opens_the_app().signs_in()
    amina.opens_audit_of("Rowan ward")
    amina.adds_contributor(MEETING, "Patients")
    amina.has_sent_everything()
    amina.can_start_offline()
    amina.goes_to_audit()
    amina.follows("On paper: print, enter, report")
    amina.sees_heading("On paper")
    amina.finds_it_accessible()
    for name, kind in (("PDF, to print or to keep", "application/pdf"), ("As a page", "text/html")):
        for link in amina.main.get_by_role("link", name=name).all():
            reply = amina.context.request.get(f"{amina.origin}{link.get_attribute('href')}")
            assert reply.ok and reply.headers["content-type"].startswith(kind), link.get_attribute("href")

    meeting = next(
        key.split("/")[1]
        for key, label in scene.phone_of("Amina Khan").registers(ward.id).items()
        if label == [MEETING]
    )
    amina.page.goto(f"{amina.origin}/?by={meeting}#/audits/{ward.id}/paper")  # as the code on the sheet has it
    expect(amina.page.get_by_label("Whose form")).to_have_value(meeting)
    amina.page.goto(f"{amina.origin}/#/audits/{ward.id}/paper")

    service.stop()
    amina.taps("Begin with the first page")
    amina.sees("Say on which day it was written")
    amina.finds_it_accessible()
    amina.chooses(MEETING)
    amina.fills("When it was written", "2026-11-20")
    amina.taps("Begin with the first page")
    amina.sees(f"You are entering what {MEETING} wrote on paper (20 November 2026).")
    amina.finds_it_accessible()
    amina.rates("belonging-1", "Not yet")
    amina.comments("belonging-1", "Nobody showed me round.")
    amina.closes_the_app()
    amina.opens_the_app()
    amina.opens_audit_of("Rowan ward")
    amina.rates("safety-1", "Mostly")
    amina.sees("You are entering what")
    amina.taps("Done: write as usual again")
    expect(amina.main).not_to_contain_text("You are entering what")
    service.start()
    amina.looks_again()
    amina.has_sent_everything()

    phone = scene.phone_of("Amina Khan")
    said = phone.registers(ward.id)
    meeting = next(key.split("/")[1] for key, label in said.items() if label == [MEETING])
    assert said[f"answer/{meeting}/belonging-1/rating"] == [{"rating": 0}]
    told = [entry["words"] for entry in phone.get(f"/api/audits/{ward.id}/history").json["entries"]]
    assert sum("(from paper, 20/11/2026)" in words for words in told) == 3

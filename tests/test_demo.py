"""The demo: data that look like life, made through the one door, and only in demo mode."""

import json
import re
import shutil
from collections import defaultdict

import pytest
from sqlalchemy import func, select

from audit_app import create_app
from audit_app.accounts.models import Person
from audit_app.audits.models import Answer, Audit, Contributor, Finding, Progress
from audit_app.db import db, now
from audit_app.demo.words import read
from audit_app.ledger.models import Operation, Payload, Stream
from audit_app.ledger.verify import verify
from audit_app.plans.models import PlanItem
from audit_app.plans.queries import plan_of_site, promised
from audit_app.sites.models import Site

from .builders import Phone
from .conftest import DATABASES

ROLES = {"auditor", "lead", "manager", "assessor", "panel", "admin"}
SECRET = "a secret that is long enough for anybody"

# Words with a capital in the middle of a sentence that name nobody who lives in a setting.
NAMED = set(
    """I I’m Monday Mondays Tuesday Wednesday Thursday Thursdays Friday Fridays Sunday
    March April May June August September October
    Christmas Eid English Year Years Trust’s OT Miss Miss’s Sir Tom A B""".split()  # noqa: SIM905 (easier to read)
)


@pytest.fixture(scope="module", params=DATABASES)
def demo(request, tmp_path_factory):
    """The application with the demo's data in it, made once; the tests below only look."""
    folder = tmp_path_factory.mktemp("demo")
    url = ""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "milieu.sqlite")
    else:
        server = request.getfixturevalue("postgresql_server")
        template = request.getfixturevalue("postgresql_template")
        server.psql("DROP DATABASE IF EXISTS demo;")
        server.psql(f"CREATE DATABASE demo TEMPLATE {template};")
        url = server.get_uri(database="demo")
    app = create_app(TESTING=True, DEMO=True, DATA_DIR=str(folder), DATABASE_URL=url)
    app.first_run = fill(app)
    yield app
    with app.app_context():
        db.engine.dispose()


def fill(app):
    return app.test_cli_runner().invoke(args=["demo"])


def test_the_demo_holds_and_says_who_can_sign_in(demo):
    done = demo.first_run

    assert done.exit_code == 0, done.output
    for person in read("cast.toml")["person"]:
        assert person["name"] in done.output
        assert person["email"] in done.output
    assert read("cast.toml")["password"] in done.output
    with demo.app_context():
        assert list(verify()) == []


def test_a_second_run_changes_nothing_and_still_says_who_can_sign_in(demo):
    before = tags(demo)

    again = fill(demo)

    assert "robin@milieu.example" in again.output
    assert "Made" not in again.output
    assert tags(demo) == before


def test_every_setting_has_one_finished_audit_some_months_old_and_one_under_way(demo):
    with demo.app_context():
        for site in db.session.scalars(select(Site)):
            finished, under_way = db.session.scalars(select(Audit).filter_by(site_id=site.id).order_by(Audit.opened_at))
            assert (now() - finished.opened_at).days > 90
            assert agreed(finished) == 50
            assert accounts(finished) + not_applying(finished) == 50
            assert (now() - under_way.opened_at).days < 30
            assert 0 < agreed(under_way) < 50


def test_the_awarding_body_has_an_award_in_the_register_a_deferral_a_visit_to_make_and_one_to_take_on(demo):
    eleri, sian = signed_in(demo, "eleri@commonground.example"), signed_in(demo, "sian@northfield.example")

    waiting = {one["setting"]: one["stage"] for one in eleri.get("/api/submissions").json["submissions"]}

    assert waiting == {
        "Birch ward": "awarded",
        "Ferry Road": "deferred",
        "Kestrel wing": "submitted",
        "Hillbrook Primary": "ready",
    }
    [told] = [audit["submission"] for audit in sian.get("/api/home").json["audits"] if audit["stage"] == "awarded"]
    number = told["award"]["number"]
    assert number in told["decision"]["letter"]
    anybody = demo.test_client()
    assert number in anybody.get("/register").get_data(as_text=True)
    assert anybody.get(f"/check/{number}.json").json["state"] == "valid"
    assert anybody.get(f"/certificate/{number}.pdf").data.startswith(b"%PDF")
    dwayne = signed_in(demo, "dwayne@lanternhomes.example").get("/api/home").json["audits"]
    [deferred] = [audit["submission"]["decision"] for audit in dwayne if audit["stage"] == "deferred"]
    assert (len(deferred["criteria"]), deferred["answer"]) == (3, None)


def test_one_who_assesses_has_a_school_to_visit_and_another_one_has_read_blind(demo):
    eleri, ngozi, hywel = (signed_in(demo, f"{name}@commonground.example") for name in ("eleri", "ngozi", "hywel"))

    def waits(phone, setting):
        [one] = [row for row in phone.get("/api/submissions").json["submissions"] if row["setting"] == setting]
        return one, [wait["what"] for wait in one["waits"] if wait["yours"]]

    school, hers = waits(ngozi, "Hillbrook Primary")
    _, his = waits(hywel, "Hillbrook Primary")
    assert (hers, his) == (["visit"], ["assess"])
    registers = ngozi.get(f"/api/assessments/{school['assessment']['id']}").json["registers"]
    assert sum(name.endswith("/judgement") for name in registers) == 40
    assert sum(name.endswith("/probe") for name in registers) == 3
    body = school["body"]["id"]
    compared = eleri.get(f"/api/organisations/{body}/calibration").json
    assert compared["n"] > 40 and 0 < compared["kappa"] < 1
    assert [pair["second"]["name"] for pair in compared["pairs"]] == ["Hywel Rees"]


def test_everybody_can_sign_in_and_there_is_somebody_in_every_role(demo):
    held = set()
    for person in read("cast.toml")["person"]:
        phone = Phone(demo)
        assert phone.sign_in(person["email"], read("cast.toml")["password"]).status_code == 200
        held |= {grant["role"] for grant in phone.get("/api/home").json["grants"]}

    assert held == ROLES


def test_in_every_setting_people_differ_and_there_is_something_to_settle(demo):
    with demo.app_context():
        for audit in db.session.scalars(select(Audit)):
            differences = db.session.scalar(select(func.sum(Progress.differences)).filter_by(audit_id=audit.id))
            assert bool(differences) == (agreed(audit) < 50)


def test_both_texts_of_a_difference_are_there_with_who_wrote_them(demo):
    tom = signed_in(demo, "tom@northfield.example")
    audit = tom.get("/api/home").json["audits"][0]

    snapshot = tom.get(f"/api/audits/{audit['id']}").json

    writes = snapshot["registers"]["finding/safety-3/account"]
    assert {snapshot["people"][write["author"]] for write in writes} == {"Tom Hargreaves", "Amina Yusuf"}
    assert len({write["value"]["shows"] for write in writes}) == 2


def test_voices_are_far_apart_on_some_criteria(demo):
    with demo.app_context():
        for site in db.session.scalars(select(Site)):
            gaps = [abs(given["staff"] - given["resident"]) for given in means(site) if len(given) > 1]
            assert max(gaps) >= 1.5, site.name


def test_some_criteria_do_not_apply_and_some_are_unanswered(demo):
    with demo.app_context():
        assert db.session.scalar(select(func.count()).select_from(Answer).filter(Answer.reason.is_not(None))) > 5
        assert db.session.scalar(select(func.count()).select_from(Progress).filter(Progress.answered == 0)) > 5


def test_a_lead_has_kept_work_to_look_at(demo):
    sian = signed_in(demo, "sian@northfield.example")

    kept = [audit for audit in sian.get("/api/home").json["audits"] if audit["kept"]]

    assert len(kept) == 1
    assert kept[0]["kept"] == 6


def test_nobody_in_an_organisation_says_the_same_comment_twice(demo):
    with demo.app_context():
        rows = db.session.execute(
            select(Site.organisation_id, Answer.comment).join(Audit, Audit.site_id == Site.id).join(Answer)
        )
        said = [(organisation, comment) for organisation, comment in rows if comment]

    assert len(said) == len(set(said)) > 400


def test_every_setting_has_a_plan_that_answers_what_people_said_and_was_kept_in_part(demo):
    with demo.app_context():
        for site in db.session.scalars(select(Site)):
            newest = db.session.scalar(select(Audit.id).filter_by(site_id=site.id).order_by(Audit.opened_at.desc()))
            items = plan_of_site(site.id)
            assert any(one.stands == "done" for one in items), site.name
            assert any(one.answers for one in items), site.name
            assert promised(newest).promised > 1, site.name
        assert len({one.stands for site in db.session.scalars(select(Site)) for one in plan_of_site(site.id)}) >= 5


def test_what_a_plan_of_the_demo_answers_was_really_said(demo):
    with demo.app_context():
        answered = 0
        for item in db.session.scalars(select(PlanItem)):
            for one in json.loads(item.answers):
                if one["kind"] == "answer":
                    contributor, criterion = one["reference"].split("/")
                    assert db.session.get(Answer, (item.audit_id, contributor, criterion)).comment, item.what
                    answered += 1
    assert answered > 10


def test_no_text_names_a_resident(demo):
    with demo.app_context():
        texts = [*db.session.scalars(select(Answer.comment)), *db.session.scalars(select(Contributor.label))]
        for account in db.session.execute(select(Finding.shows, Finding.helps, Finding.hinders, Finding.reason)):
            texts += account
        for planned in db.session.execute(select(PlanItem.what, PlanItem.outcome, PlanItem.reason, PlanItem.answers)):
            texts += planned
        staff = set(" ".join(db.session.scalars(select(Person.name))).split())
    texts = [text for text in texts if text and text not in labels()]

    named = {word for text in texts for word in re.findall(r"(?<=[a-z,;:] )[A-Z][\w’]*", text)}

    assert named - NAMED - staff == set()


def test_devices_and_the_demo_agree_on_whose_contributor_is_whose(demo):
    with demo.app_context():
        tom = Person.by_email("tom@northfield.example")
        payloads = [json.loads(body) for body in said_by(tom.id, "contributor.add")]
        own = [payload["contributor"] for payload in payloads if payload["label"] == "Tom Hargreaves"]

    assert len(own) == 2
    assert all(id[14] == "8" for id in own)


def test_outside_demo_mode_there_is_no_demo_and_no_account_until_an_admin_is_made(database):
    app = create_app(TESTING=True, DEMO=False, SECRET_KEY=SECRET, **database)
    runner = app.test_cli_runner()

    refused = runner.invoke(args=["demo"])

    assert refused.exit_code != 0
    assert "demo mode only" in refused.output
    assert people(app) == 0
    details = ["--email=ada@example.org", "--name=Ada", "--organisation=Trust", "--password=three words in a row"]
    assert runner.invoke(args=["create-admin", *details]).exit_code == 0
    assert people(app) == 1


def signed_in(app, email: str) -> Phone:
    phone = Phone(app)
    assert phone.sign_in(email, read("cast.toml")["password"]).status_code == 200
    return phone


def tags(app) -> dict[str, str]:
    with app.app_context():
        return dict(db.session.execute(select(Stream.id, Stream.digest)).all())


def people(app) -> int:
    with app.app_context():
        return db.session.scalar(select(func.count()).select_from(Person))


def labels() -> set[str]:
    """Contributors’ labels: those of groups; people’s own are names of staff."""
    groups = {group["label"] for place in read("places.toml").values() for group in place["groups"]}
    return groups | {person["name"] for person in read("cast.toml")["person"]}


def agreed(audit: Audit) -> int:
    return db.session.scalar(select(func.sum(Progress.agreed)).filter_by(audit_id=audit.id))


def accounts(audit: Audit) -> int:
    return db.session.scalar(
        select(func.count()).select_from(Finding).filter_by(audit_id=audit.id).filter(Finding.shows != "")
    )


def not_applying(audit: Audit) -> int:
    return db.session.scalar(
        select(func.count()).select_from(Finding).filter_by(audit_id=audit.id).filter(Finding.reason.is_not(None))
    )


def means(site: Site) -> list[dict[str, float]]:
    """For each criterion of each audit of a setting: what each voice gave on average."""
    rows = db.session.execute(
        select(Answer.audit_id, Answer.criterion, Contributor.voice, Answer.rating)
        .join(Contributor, (Contributor.audit_id == Answer.audit_id) & (Contributor.id == Answer.contributor_id))
        .join(Audit, Audit.id == Answer.audit_id)
        .filter(Audit.site_id == site.id, Answer.rating.is_not(None), Contributor.voice != "visitor")
    )
    given = defaultdict(lambda: defaultdict(list))
    for audit, criterion, voice, rating in rows:
        given[audit, criterion][voice].append(rating)
    return [{voice: sum(all) / len(all) for voice, all in voices.items()} for voices in given.values()]


def said_by(person: str, kind: str) -> list[str]:
    return list(
        db.session.scalars(
            select(Payload.body)
            .join(Operation, (Operation.stream_id == Payload.stream_id) & (Operation.number == Payload.number))
            .filter(Operation.author_id == person, Operation.kind == kind)
        )
    )

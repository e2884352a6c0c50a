"""The improvement plan on a phone with no signal: planned, changed, settled, and shown to those who asked for it."""

import io
import re
import urllib.error
import urllib.request
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect
from pypdf import PdfReader

from audit_app.db import new_id
from tests.builders import operation
from tests.needs import needs

from .people import DESK, SAVED
from .service import until

pytestmark = [pytest.mark.browser, needs("chromium")]

SAID = "The hot drinks trolley goes at nine. If you can’t sleep there is water."
WHAT = "Keep hot water and cups out all night."
OUTCOME = "There is hot water all night since Monday."
NHS_NUMBER = "943 476 5919"


def in_days(days: int) -> str:
    return (date.today() + timedelta(days=days)).isoformat()


def planned(phone, audit: str, what: str, outcome: str = "", **fields) -> str:
    """Something in a plan, done if there is an outcome; its id."""
    item = new_id()
    said = {"item": item, "what": what, "criteria": ["agency-4"], "whose": "team", "due": None, "answers": []} | fields
    operations = [operation("plan.add", said)]
    if outcome:
        settled = {"item": item, "state": "done", "outcome": outcome}
        operations.append(operation("plan.settle", settled, [operations[0]["id"]]))
    assert set(phone.verdicts(audit, operations)) == {"applied"}
    return item


@pytest.fixture
def rowan(scene):
    """Rowan ward with its lead Amina and its manager Mona; an audit with a plan, and the next one, in which the
    patients’ meeting said something: (trust, site, first audit, second audit)."""
    trust = scene.organisation("Northfield Trust")
    ward = scene.site(trust, "Rowan ward")
    scene.person("Amina Khan", "lead", trust, ward)
    scene.person("Mona Reid", "manager", trust)
    amina = scene.phone_of("Amina Khan")
    first = scene.audit(amina, ward)
    planned(amina, first.id, "Mend the garden door", due=in_days(-3))
    planned(amina, first.id, "Tea at four", "Every day.")
    second = scene.audit(amina, ward, "resident", "Patients’ meeting")
    about = {"contributor": second.contributor, "criterion": "agency-4"}
    amina.do(second.id, "answer.rate", {**about, "rating": 0})
    amina.do(second.id, "answer.comment", {**about, "text": SAID})
    return trust, ward, first, second


@pytest.fixture
def amina(somebody, service, rowan):
    """Amina's phone, which holds everything; then the server stops."""
    amina = somebody("Amina Khan").opens_the_app().signs_in()
    amina.has_sent_everything()
    amina.can_start_offline()
    amina.goes_to("Plan")
    amina.sees("Mend the garden door")
    service.stop()
    return amina


def item(person, what: str):
    """A thing in the plan."""
    return person.page.get_by_role("article", name=what, exact=True)


def standing(person, heading: str):
    """What stands under one heading of the plan."""
    return person.page.get_by_role("region", name=re.compile(f"^{heading} "))


def test_something_is_planned_changed_and_settled_with_no_signal_and_reaches_everybody(
    amina, service, scene, somebody, rowan
):
    _, _, first, second = rowan
    amina.goes_to("Home")
    amina.follows("1 thing in the plan is overdue")
    amina.sees_heading("Plan")
    amina.finds_it_accessible()
    expect(standing(amina, "Overdue").get_by_role("article")).to_have_count(1)

    # From what the patients' meeting said to something that will be done.
    amina.opens_audit_of("Rowan ward")
    amina.goes_to_principle("agency")
    amina.follows(re.compile("^Plan something"), amina.card("agency-4"))
    amina.sees_heading("Plan")
    amina.finds_it_accessible()
    expect(amina.page.get_by_role("checkbox", name=amina.statement("agency-4"))).to_be_checked()
    amina.taps("Add it")
    amina.sees("Write what will be done", amina.page.get_by_role("alert"))
    amina.finds_it_accessible()
    amina.fills("What will be done?", WHAT)
    amina.page.get_by_role("checkbox", name=re.compile("^The hot drinks trolley")).check()
    amina.page.get_by_label("Whose task is it?").select_option("Another role …")
    amina.fills("Which role?", "Night nurse in charge")
    amina.fills("By when?", in_days(5))
    amina.finds_it_accessible()
    amina.taps("Add it")
    added = item(amina, WHAT)
    expect(added.get_by_role("heading")).to_be_focused()
    expect(added.get_by_text(SAVED)).to_be_visible()
    amina.sees("Whose task: Night nurse in charge", added)
    expect(standing(amina, "Due within a week").get_by_role("article")).to_have_count(1)
    added.get_by_text("What people said (1)").click()
    amina.sees(SAID, added)
    amina.sees("Patients’ meeting", added)
    amina.finds_it_accessible()

    # The app is closed and started from nothing; it is still there, and is changed.
    amina.closes_the_app()
    amina.opens_the_app()
    amina.goes_to("Plan")
    amina.taps(re.compile("^Change"), within=item(amina, WHAT))
    amina.page.get_by_label("Whose task is it?").select_option("The lead")
    amina.finds_it_accessible()
    amina.taps("Save the change")
    amina.sees("Whose task: The lead", item(amina, WHAT))
    expect(item(amina, WHAT).get_by_role("button", name=re.compile("^Change"))).to_be_focused()

    # It is done, and what came of it is said. An old promise is dropped, with the reason.
    amina.taps(re.compile("^Say how far it is"), within=item(amina, WHAT))
    amina.chooses(re.compile("^Done"), item(amina, WHAT))
    amina.taps("Save", within=item(amina, WHAT))
    amina.sees("Write what came of it", item(amina, WHAT).get_by_role("alert"))
    amina.finds_it_accessible()
    amina.fills("What came of it?", OUTCOME, item(amina, WHAT))
    amina.taps("Save", within=item(amina, WHAT))
    expect(item(amina, WHAT).get_by_role("heading")).to_be_focused()
    amina.sees(OUTCOME, item(amina, WHAT))
    expect(standing(amina, "Due within a week")).to_have_count(0)
    old = item(amina, "Mend the garden door")
    amina.sees("From the audit of today", old)
    amina.taps(re.compile("^Say how far it is"), within=old)
    amina.chooses(re.compile("^Dropped"), old)
    amina.fills("Why will it not be done?", "The fence must be raised first.", old)
    amina.finds_it_accessible()
    amina.taps("Save", within=old)
    amina.sees("1 dropped, with the reason")
    amina.finds_it_accessible()

    # The statement that asks for it shows what came of what was promised.
    amina.opens_audit_of("Rowan ward")
    amina.goes_to_principle("ownership")
    amina.sees("After the last look 2 things were promised", amina.card("ownership-5"))
    amina.sees("1 done", amina.card("ownership-5"))
    amina.sees("1 dropped, with the reason", amina.card("ownership-5"))
    amina.finds_it_accessible()

    # The server comes back; the ledger has all of it, and the manager sees it.
    service.start()
    amina.looks_again()
    amina.has_sent_everything()
    said = scene.phone_of("Mona Reid").registers(second.id)
    [register] = [name for name in said if name.startswith("plan/") and name.endswith("/what")]
    at = register.removesuffix("/what")
    assert {name: values for name, values in said.items() if name.startswith(at)} == {
        f"{at}/what": [WHAT],
        f"{at}/criteria": [["agency-4"]],
        f"{at}/whose": ["lead"],
        f"{at}/due": [in_days(5)],
        f"{at}/state": [{"state": "done", "outcome": OUTCOME}],
        f"{at}/answers": [[{"kind": "answer", "reference": f"{second.contributor}/agency-4"}]],
    }
    dropped = {"state": "dropped", "reason": "The fence must be raised first."}
    assert [dropped] in scene.phone_of("Mona Reid").registers(first.id).values()
    assert service.verify() == "The ledger holds."
    mona = somebody("Mona Reid", DESK).opens_the_app().signs_in()
    mona.has_sent_everything()
    mona.goes_to("Plan")
    mona.page.get_by_text("Done or dropped (3)").click()
    mona.sees(OUTCOME, item(mona, WHAT))
    mona.finds_it_accessible()


def test_who_asked_for_it_can_read_on_paper_what_came_of_it_and_nobody_is_named(amina, service, scene, rowan):
    _, _, _, second = rowan
    service.start()
    amina.opens_audit_of("Rowan ward")
    amina.goes_to_principle("agency")
    amina.writes_for("Amina Khan")
    amina.rates("agency-4", "Beginning")
    amina.comments("agency-4", "I should like a cup myself.")
    amina.has_sent_everything()
    phone = scene.phone_of("Amina Khan")
    labels = {name: label for name, label in phone.registers(second.id).items() if name.endswith("/label")}
    [mine] = [name.split("/")[1] for name, label in labels.items() if label == ["Amina Khan"]]
    answers = [
        {"kind": "answer", "reference": f"{second.contributor}/agency-4"},
        {"kind": "answer", "reference": f"{mine}/agency-4"},
        {"kind": "meeting", "reference": "The meeting of 3 November"},
    ]
    planned(phone, second.id, WHAT, answers=answers)
    amina.goes_to("Plan")
    amina.has_news(WHAT)

    amina.follows(re.compile("You said, we did"))

    amina.sees_heading("You said, we did")
    for text in (SAID, "Patients’ meeting", "I should like a cup myself.", "Staff", "The meeting of 3 November", WHAT):
        amina.sees(text)
    amina.sees_nothing_of("Amina")
    amina.finds_it_accessible()
    pages = PdfReader(io.BytesIO(amina.page.pdf())).pages
    printed = " ".join(" ".join(page.extract_text() for page in pages).split())
    assert len(pages) == 1
    assert "You said" in printed
    assert SAID in printed
    assert WHAT in printed
    assert "Amina" not in printed
    assert "Print this page" not in printed
    assert "Home" not in printed


def test_two_phones_change_the_same_thing_and_people_settle_it(somebody, service, scene, rowan):
    people = [somebody("Amina Khan"), somebody("Mona Reid")]
    for person in people:
        person.opens_the_app().signs_in()
        person.has_sent_everything()
        person.can_start_offline()
        person.goes_to("Plan")
        person.sees("Mend the garden door")
    service.stop()
    for person, whose, state in zip(people, ("The lead", "The manager"), ("Under way", "To do"), strict=True):
        door = item(person, "Mend the garden door")
        person.taps(re.compile("^Change"), within=door)
        person.page.get_by_label("Whose task is it?").select_option(whose)
        person.taps("Save the change")
        person.taps(re.compile("^Say how far it is"), within=door)
        person.chooses(re.compile(f"^{state}"), door)
        person.taps("Save", within=door)
        person.sees(f"Whose task: {whose}", door)

    service.start()
    for person in people:
        person.sends_now()
    amina = people[0]
    amina.starts_the_app_again()
    amina.goes_to("Plan")
    amina.has_news("This was written in two ways")
    expect(item(amina, "Mend the garden door").get_by_role("button", name=re.compile("^Say how far"))).to_have_count(0)
    amina.finds_it_accessible()
    amina.follows(re.compile("See both"), item(amina, "Mend the garden door"))
    amina.sees_heading("Written in two ways")
    whose = amina.page.get_by_role("region", name="Whose task it is: “Mend the garden door”")
    amina.sees("The manager", whose)
    amina.sees("Mona Reid", whose)
    amina.finds_it_accessible()
    amina.taps(re.compile("^Keep this.*Mona Reid"), within=whose)
    expect(whose).to_have_count(0)
    far = amina.page.get_by_role("region", name="How far it is: “Mend the garden door”")
    amina.taps(re.compile("^Keep this.*Amina Khan"), within=far)
    amina.has_sent_everything()
    amina.goes_to("Plan")
    amina.sees("Whose task: The manager", item(amina, "Mend the garden door"))
    amina.sees("Under way", item(amina, "Mend the garden door"))
    assert service.verify() == "The ledger holds."


def test_what_could_say_who_somebody_is_is_not_saved_before_its_writer_has_looked_again(amina, service, scene, rowan):
    amina.taps("Add to the plan")
    amina.fills("What will be done?", f"Ring {NHS_NUMBER} back.")
    amina.taps("Add it")
    amina.sees("This looks like an NHS number.")
    amina.finds_it_accessible()

    amina.taps("Add it")

    expect(item(amina, f"Ring {NHS_NUMBER} back.")).to_be_visible()
    service.start()
    amina.looks_again()
    amina.has_sent_everything()
    [entry] = [
        entry
        for entry in scene.phone_of("Amina Khan").get(f"/api/audits/{rowan[3].id}/history").json["entries"]
        if entry["kind"] == "plan.add"
    ]
    assert entry["payload"]["warned"] == ["nhs-number"]


def test_what_is_typed_is_still_there_after_looking_something_up_and_is_for_that_statement_too(amina):
    amina.taps("Add to the plan")
    amina.fills("What will be done?", WHAT)
    amina.goes_to("Home")
    amina.goes_to("Plan")

    amina.taps("Add to the plan")

    expect(amina.page.get_by_role("textbox", name="What will be done?")).to_have_value(WHAT)
    amina.opens_audit_of("Rowan ward")
    amina.goes_to_principle("agency")
    amina.follows(re.compile("^Plan something"), amina.card("agency-4"))
    expect(amina.page.get_by_role("textbox", name="What will be done?")).to_have_value(WHAT)
    expect(amina.page.get_by_role("checkbox", name=amina.statement("agency-4"))).to_be_checked()


def test_where_nothing_is_planned_it_says_what_to_do_first(scene, somebody):
    trust = scene.organisation("Northfield Trust")
    scene.person("Amina Khan", "lead", trust, scene.site(trust, "Rowan ward"))
    amina = somebody("Amina Khan").opens_the_app().signs_in()
    amina.goes_to("Plan")
    amina.sees("A plan grows out of an audit")
    amina.finds_it_accessible()

    amina.follows("Start an audit")
    amina.chooses(re.compile("^Enabling and Facilitating"))
    amina.taps("Start the audit")
    amina.sees_heading("Rowan ward")
    amina.goes_to("Plan")

    amina.sees("Begin with one small thing that people here asked for")
    amina.finds_it_accessible()
    amina.taps("Add to the plan")
    expect(amina.page.get_by_role("textbox", name="What will be done?")).to_be_focused()


def test_a_link_shows_what_is_due_in_ones_own_calendar_until_it_is_ended(amina, service, scene, rowan):
    service.start()
    amina.page.get_by_text("What is due, in your own calendar").click()
    amina.taps("Make my link")
    link = amina.page.get_by_role("textbox", name="Your link")
    expect(link).to_be_focused()
    amina.finds_it_accessible()
    address = link.input_value()
    assert address.startswith(f"{service.address}api/calendar/")
    with urllib.request.urlopen(address) as reply:
        assert "Mend the garden door" in reply.read().decode()

    amina.taps("End my link")

    amina.sees("There is no link to your calendar any more")
    with pytest.raises(urllib.error.HTTPError, match="404"):
        urllib.request.urlopen(address)
    until(lambda: amina.page.get_by_role("button", name="Make my link").is_visible(), "a new one can be made")

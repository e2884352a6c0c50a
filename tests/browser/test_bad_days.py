"""Bad days: a full phone, a closed database, a guest network, an ended session, a shared phone, a lost right."""

import json
import re
import secrets

import pytest
from playwright.sync_api import expect

from audit_app.accounts.models import Device
from audit_app.db import db
from tests.builders import PASSWORD
from tests.needs import needs

from .service import CaptivePortal, until

pytestmark = [pytest.mark.browser, needs("chromium")]


@pytest.fixture
def trust(scene):
    return scene.organisation("Northfield Trust")


@pytest.fixture
def ward(scene, trust):
    return scene.site(trust, "Rowan ward")


@pytest.fixture
def audit(scene, trust, ward):
    """An audit of Rowan ward, which Amina leads and Ben works on."""
    scene.person("Amina Khan", "lead", trust)
    scene.ben = scene.person("Ben Ode", "auditor", trust, ward)
    return scene.audit(scene.phone_of("Amina Khan"), ward)


@pytest.fixture
def ben(somebody, audit):
    """Ben on his phone, in the audit, with all sent and ready to start offline."""
    return in_the_audit(somebody("Ben Ode").opens_the_app())


def in_the_audit(person):
    person.signs_in()
    person.has_sent_everything()
    person.can_start_offline()
    person.opens_audit_of("Rowan ward")
    return person


def end_sessions(scene, person):
    """As if whoever looks after the people had signed them out everywhere."""
    with scene.app.app_context():
        db.session.execute(db.delete(Device).filter_by(person_id=person))
        db.session.commit()


def ratings(scene, name, audit):
    """What the server holds of ratings and comments."""
    said = scene.phone_of(name).registers(audit.id)
    return [values for key, values in said.items() if key.startswith("answer/")]


def test_a_full_phone_says_so_at_once_and_the_words_stay(ben, service, scene, audit):
    service.stop()
    ben.rates("belonging-1", "Mostly")
    ben.closes_the_app()
    ben.opens_the_app(room=1)  # byte; a browser that runs already goes on for half a minute by what it knew before
    ben.opens_audit_of("Rowan ward")
    card = ben.card("belonging-1")
    ben.taps("Comment", within=card)

    field = card.get_by_role("textbox", name="Comment")
    field.fill("She said she feels at home.")
    ben.taps_elsewhere()
    ben.sees("Not saved: this device is full.", card)
    expect(field).to_have_value("She said she feels at home.")
    ben.finds_it_accessible()
    ben.own("belonging-2").get_by_role("radio", name="Embedded").click()
    ben.sees("Not saved: this device is full.", ben.card("belonging-2"))
    expect(ben.own("belonging-2").get_by_role("radio", name="Embedded")).not_to_be_checked()

    ben.follows("rescue file", card)
    ben.sees_heading("Not sent yet")
    ben.sees("1 text is only on the screen")
    ben.sees("She said she feels at home.")
    ben.finds_it_accessible()
    rescued = ben.saves_the_rescue_file()
    kinds = [operation["kind"] for stream in rescued["streams"] for operation in stream["operations"]]
    assert kinds == ["contributor.add", "answer.rate"]
    assert "She said she feels at home." in json.dumps(rescued, ensure_ascii=False)

    # There is room again: nothing was lost, and what stands on the screen saves itself.
    ben.makes_room()
    service.start()
    ben.goes_to_audit()
    assert ben.comment_on("belonging-1") == "She said she feels at home."
    ben.has_sent_everything(patience=90)
    assert sorted(map(str, ratings(scene, "Ben Ode", audit))) == [
        "['She said she feels at home.']",
        "[{'rating': 2}]",
    ]


def test_a_database_that_will_not_open_is_said_and_tried_again(ben, service):
    ben.closes_the_app()
    ben.opens_the_app(first="indexedDB.open = () => { throw new DOMException('no', 'UnknownError') }")

    ben.sees_heading("Milieu cannot save here")
    expect(ben.page.get_by_role("button", name="Try again")).to_be_visible()
    ben.finds_it_accessible()
    ben.complaints.clear()  # it is written down for whoever looks for the cause

    ben.closes_the_app()
    ben.opens_the_app()
    ben.sees("Rowan ward")


def test_a_slow_phone_moves_nothing_from_under_a_finger(ben, audit):
    ben.page.evaluate("requestAnimationFrame = () => 0")  # what is drawn frame by frame now takes a second
    ben.page.evaluate(f"location.hash = '#/audits/{audit.id}/p/belonging/belonging-5'")
    link = ben.page.get_by_role("link", name=re.compile("^Rowan ward"))
    box = link.bounding_box()
    ben.page.mouse.move(box["x"] + 9, box["y"] + 9)
    ben.page.mouse.down()
    expect(ben.page.locator("#belonging-5").get_by_role("group", name="Evidence")).to_be_visible()
    ben.page.wait_for_timeout(300)
    ben.page.mouse.up()
    ben.sees_heading("Rowan ward")


def test_a_guest_network_is_not_believed(ben, service, scene, audit):
    service.stop()
    portal = CaptivePortal(service.port)
    try:
        ben.rates("belonging-1", "Mostly")
        expect(ben.standing).to_contain_text("Wi-Fi wants a sign-in")
        assert "POST /api/operations" not in portal.asked
        ben.sees(re.compile("^Saved on this phone"), ben.card("belonging-1"))
        ben.standing.click()
        ben.sees("This Wi-Fi wants you to sign in to it first.")
        ben.finds_it_accessible()
        ben.starts_the_app_again()
        expect(ben.standing).to_contain_text("Wi-Fi wants a sign-in")
    finally:
        portal.stop()

    service.start()
    ben.sends_now()
    assert ratings(scene, "Ben Ode", audit) == [[{"rating": 2}]]


def test_a_session_that_ended_asks_for_the_same_person_and_then_sends(ben, service, scene, audit):
    service.stop()
    ben.rates("belonging-1", "Mostly")
    end_sessions(scene, scene.ben)
    service.start()

    expect(ben.standing).to_contain_text("sign in again", timeout=30_000)
    ben.standing.click()
    ben.sees_heading("Sign in again")
    ben.sees("ben.ode@example.org")
    expect(ben.page.get_by_role("textbox", name="E-mail address")).to_have_count(0)
    ben.finds_it_accessible()
    ben.goes_to("Home")
    assert ben.opens_audit_of("Rowan ward") == audit.id
    assert ben.reads_ratings("belonging")["belonging-1"] == "2"

    ben.standing.click()
    ben.signs_in_again()
    ben.has_sent_everything()
    assert ratings(scene, "Ben Ode", audit) == [[{"rating": 2}]]


def test_a_shared_phone_shows_nothing_of_who_was_here_before(ben, service, scene, audit, trust):
    scene.person("Cara Lin", "auditor", trust)
    service.stop()
    ben.rates("belonging-1", "Mostly")
    ben.comments("belonging-1", "Only Ben knows this.")
    ben.signs_out()
    ben.finds_it_accessible()
    ben.closes_the_app()
    ben.opens_the_app()
    ben.sees_heading("Sign in")
    left = ben.what_the_device_holds()
    assert "Only Ben knows this." in left  # it waits for him, and for nobody else
    for read in ("Rowan ward", "Northfield", "ben.ode", "Amina", "Night shift"):
        assert read not in left

    service.start()
    cara = ben.gives_the_phone_to("Cara Lin")
    in_the_audit(cara)
    cara.standing.click()
    cara.sees("Everything you said is sent. Nothing waits here.")
    cara.sees_nothing_of("Only Ben")
    assert cara.reads_ratings("belonging")["belonging-1"] is None
    assert ratings(scene, "Ben Ode", audit) == []
    cara.signs_out()

    ben = cara.gives_the_phone_to("Ben Ode")
    ben.signs_in()
    ben.has_sent_everything()
    until(lambda: len(ratings(scene, "Ben Ode", audit)) == 2, "Ben's work is sent")


def test_an_invitation_link_brings_a_new_person_in(scene, somebody, trust, ward, audit):
    amina = in_the_audit(somebody("Amina Khan").opens_the_app())
    amina.goes_to("More")
    amina.follows("People and settings: Northfield Trust")
    amina.sees_heading("Northfield Trust")
    amina.taps("Invite somebody")
    amina.finds_it_accessible()
    amina.fills("What is their name?", "Dev Rao")
    amina.fills("E-mail address", "dev.rao@example.org")
    amina.chooses(re.compile("^Auditor"))
    amina.page.get_by_role("combobox", name="Where?").select_option("Rowan ward")
    amina.taps("Make the link")
    link = amina.page.get_by_role("textbox", name="The link for Dev Rao").input_value()
    amina.finds_it_accessible()

    dev = somebody("Dev Rao").opens_the_app(link.split("/", 3)[3])
    dev.sees_heading("Join your team")
    dev.fills("Your name", "Dev Rao")
    dev.fills("Password", PASSWORD)
    dev.taps("Join")
    dev.sees_heading(re.compile("^Good "))
    dev.sees("Rowan ward")
    dev.opens_audit_of("Rowan ward")
    dev.rates("belonging-1", "Beginning")
    dev.has_sent_everything()
    assert ratings(scene, "Amina Khan", audit) == [[{"rating": 1}]]

    again = somebody("Somebody Else").opens_the_app(link.split("/", 3)[3])
    again.fills("Your name", "Somebody Else")
    again.fills("Password", secrets.token_urlsafe(12))
    again.taps("Join")
    again.sees("This invitation has been used, or has run out.")
    again.finds_it_accessible()


def test_work_done_before_a_right_ended_is_kept_and_the_lead_puts_it_in_force(
    ben, service, scene, somebody, audit, ward, trust
):
    service.stop()
    ben.rates("belonging-1", "Mostly")
    ben.comments("belonging-1", "Seen on my last day.")
    ben.closes_the_app()

    # Meanwhile the lead ends what he may do here.
    service.start()
    amina = in_the_audit(somebody("Amina Khan").opens_the_app())
    amina.goes_to("More")
    amina.follows("People and settings: Northfield Trust")
    amina.taps(re.compile("^Change.*Ben Ode"))
    amina.finds_it_accessible()
    amina.taps(re.compile("^End this role"))
    amina.finds_it_accessible()
    amina.taps(re.compile("^End "), within=amina.page.get_by_role("dialog"))
    amina.sees("1 person who had a part here before")
    amina.finds_it_accessible()

    # His work arrives: it is kept, and he is told.
    ben.opens_the_app()
    ben.standing.click()
    ben.sees(re.compile(r"^3 things were not taken"), patience=30)
    ben.sees("Kept, not counted")
    ben.sees("Seen on my last day.")
    ben.finds_it_accessible()
    assert ratings(scene, "Amina Khan", audit) == []
    ben.goes_to("Home")
    ben.sees("No setting yet")
    ben.sees_nothing_of("Rowan ward")

    # The lead reads it and puts it in force; it stays his.
    amina.opens_audit_of("Rowan ward")
    amina.starts_the_app_again()
    amina.follows("See what is kept")
    amina.sees_heading("Kept, not counted")
    amina.sees("Seen on my last day.")
    amina.finds_it_accessible()
    amina.taps("Put all 3 in force")
    amina.finds_it_accessible()
    amina.taps("Put all 3 in force", within=amina.page.get_by_role("dialog"))
    amina.sees("3 things count now.")
    amina.finds_it_accessible()
    assert len(ratings(scene, "Amina Khan", audit)) == 2
    said = scene.phone_of("Amina Khan").get(f"/api/audits/{audit.id}").json
    [[comment]] = [writes for key, writes in said["registers"].items() if key.endswith("/comment")]
    assert said["people"][comment["author"]] == "Ben Ode"
    assert comment["value"] == "Seen on my last day."

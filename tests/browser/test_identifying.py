"""Words by which somebody could be recognised: their writer is told before they are saved, and may go on."""

import re

import pytest
from playwright.sync_api import expect

from tests.needs import needs

from .people import SAVED
from .service import until

pytestmark = [pytest.mark.browser, needs("chromium")]

NUMBER = "Sam, 943 476 5919, showed the new one the kitchen."
NHS = "this looks like an NHS number"


@pytest.fixture
def audit(scene):
    trust = scene.organisation("Northfield Trust")
    ward = scene.site(trust, "Rowan ward")
    scene.person("Amina Khan", "lead", trust)
    return scene.audit(scene.phone_of("Amina Khan"), ward)


@pytest.fixture
def amina(somebody, audit):
    amina = somebody("Amina Khan").opens_the_app()
    amina.signs_in()
    amina.opens_audit_of("Rowan ward")
    return amina


def said(scene, audit, kind):
    """What has reached the server of this kind, oldest first."""
    history = scene.phone_of("Amina Khan").get(f"/api/audits/{audit.id}/history").json
    return [one for one in history["entries"] if one["kind"] == kind]


def test_a_comment_with_an_nhs_number_waits_until_its_writer_says_so_and_the_history_tells(amina, scene, audit):
    amina.rates("belonging-1", "Mostly")
    card = amina.card("belonging-1")
    amina.taps("Comment", within=card)
    amina.fills("Comment", NUMBER, card)
    amina.taps_elsewhere()

    # It is not saved, and says so; nothing is lost by looking elsewhere.
    amina.sees(re.compile(NHS), card)
    expect(amina.standing.or_(amina.page.get_by_role("link", name="1 not saved"))).to_have_text(
        re.compile("1 not saved")
    )
    amina.finds_it_accessible()
    amina.goes_to_audit()
    expect(amina.page.get_by_role("status").first).to_have_text(re.compile("is not saved yet"))
    amina.taps(re.compile("1 not saved"), "link")
    amina.sees_heading("Not sent yet")
    amina.sees(NUMBER)
    amina.sees(re.compile("It is saved once you have said so"))
    amina.finds_it_accessible()
    amina.follows(re.compile("^Go back to it"))
    assert amina.comment_on("belonging-1") == NUMBER
    assert said(scene, audit, "answer.comment") == []

    # She leaves it as it is.
    amina.taps("Save as it is", within=card)
    expect(card.get_by_text(SAVED)).to_have_count(2)
    expect(card.get_by_role("button", name="Save as it is")).to_have_count(0)
    amina.has_sent_everything()
    [comment] = said(scene, audit, "answer.comment")
    assert comment["payload"]["text"] == NUMBER
    assert comment["payload"]["warned"] == ["nhs-number"]
    assert "an NHS number" in comment["words"]

    # What was said already does not warn again; another number does, and taking it out is enough.
    amina.fills("Comment", f"{NUMBER} Twice.", card)
    amina.taps_elsewhere()
    amina.has_sent_everything()
    until(lambda: len(said(scene, audit, "answer.comment")) == 2, "it is sent without a question")
    amina.fills("Comment", f"{NUMBER} Ring 07700 900123.", card)
    amina.taps_elsewhere()
    amina.sees(re.compile("looks like a phone number"), card)
    amina.fills("Comment", "One patient showed the new one the kitchen.", card)
    amina.taps_elsewhere()
    expect(card.get_by_role("button", name="Save as it is")).to_have_count(0)
    amina.has_sent_everything()
    last = said(scene, audit, "answer.comment")[-1]["payload"]
    assert (last["text"], "warned" in last) == ("One patient showed the new one the kitchen.", False)


def test_one_part_of_an_account_that_waits_does_not_travel_with_the_others(amina, scene, audit):
    amina.rates("belonging-1", "Mostly")
    amina.agrees("belonging-1", "Mostly")
    amina.opens_account("belonging-1")
    finding = amina.finding("belonging-1")
    amina.fills("What shows it", "See the file of a1234bc.", finding)
    amina.taps_elsewhere()
    amina.sees(re.compile("looks like a prison number"), finding)
    amina.fills("What helps", "Patients chose who does it.", finding)
    amina.taps_elsewhere()

    until(lambda: len(said(scene, audit, "finding.account")) == 1, "what may be said is said")
    [account] = said(scene, audit, "finding.account")
    assert account["payload"] == {
        "criterion": "belonging-1",
        "shows": "",
        "helps": "Patients chose who does it.",
        "hinders": "",
    }

    amina.taps("Save as it is", within=finding)
    amina.has_sent_everything()
    last = said(scene, audit, "finding.account")[-1]["payload"]
    assert (last["shows"], last["warned"]) == ("See the file of a1234bc.", ["prison-number"])


def test_a_reason_and_a_groups_name_warn_at_the_first_attempt_and_go_through_at_the_second(amina, scene, audit):
    card = amina.card("belonging-2")
    amina.taps("Does not apply", within=card)
    amina.fills("Why does it not apply here?", "Ask sam@example.org.", card)
    amina.taps("Save the reason", within=card)
    amina.sees(re.compile("looks like an e-mail address"), card)
    expect(card.get_by_role("textbox", name="Why does it not apply here?")).to_be_focused()
    amina.finds_it_accessible()
    amina.taps("Save the reason", within=card)
    amina.is_told_it_is_saved(card)

    amina.goes_to_audit()
    amina.taps("Add a group or a meeting")
    amina.fills("What is it called?", "Sam, born 1/2/1961")
    amina.chooses(re.compile("^Patients"))
    amina.taps("Add")
    amina.sees(re.compile("looks like a date of birth"))
    amina.finds_it_accessible()
    amina.taps("Add")
    amina.sees("you are writing for them now")

    amina.has_sent_everything()
    assert said(scene, audit, "answer.rate")[-1]["payload"]["warned"] == ["e-mail-address"]
    assert said(scene, audit, "contributor.add")[-1]["payload"]["warned"] == ["date-of-birth"]


def test_a_text_that_waits_is_not_lost_by_signing_out_in_silence(amina):
    card = amina.card("belonging-1")
    amina.taps("Comment", within=card)
    amina.fills("Comment", NUMBER, card)
    amina.goes_to("More")
    amina.taps("Sign out")

    amina.sees(re.compile("is not saved"), amina.page.get_by_role("dialog"))
    amina.taps("Stay signed in")
    amina.follows(re.compile("1 not saved"), amina.page.get_by_role("banner"))
    amina.sees(NUMBER)


def test_who_has_said_yes_is_not_asked_again_because_the_phone_was_full(amina, service, scene, audit):
    amina.rates("belonging-1", "Mostly")
    amina.has_sent_everything()
    amina.can_start_offline()
    service.stop()
    amina.closes_the_app()
    amina.opens_the_app(room=1)
    amina.opens_audit_of("Rowan ward")
    card = amina.card("belonging-1")
    amina.taps("Comment", within=card)
    amina.fills("Comment", NUMBER, card)
    amina.taps_elsewhere()
    amina.sees(re.compile(NHS), card)
    amina.taps("Save as it is", within=card)
    amina.sees("Not saved: this device is full.", card)

    amina.goes_to_audit()
    amina.makes_room()
    service.start()

    assert amina.comment_on("belonging-1") == NUMBER
    expect(card.get_by_role("button", name="Save as it is")).to_have_count(0)
    amina.has_sent_everything(patience=90)
    [comment] = said(scene, audit, "answer.comment")
    assert comment["payload"]["warned"] == ["nhs-number"]

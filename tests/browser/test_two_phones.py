"""Two phones, both with no signal: nothing that two people wrote unseen by each other is lost, and people settle it."""

import re

import pytest
from playwright.sync_api import expect

from tests.needs import needs

pytestmark = [pytest.mark.browser, needs("chromium")]

HERS = {"shows": "A list of who meets whom hangs by the door.", "helps": "Patients chose it.", "hinders": "Weekends."}
HIS = {"shows": "A rota of patients hangs in the hall.", "helps": "", "hinders": "Weekends."}
JOINED = {"shows": "A list by the door and a rota in the hall.", "helps": "Patients chose it.", "hinders": "Weekends."}


@pytest.fixture
def ward(scene):
    """A ward with an audit, its lead Amina and Ben of the team."""
    trust = scene.organisation("Northfield Trust")
    ward = scene.site(trust, "Rowan ward")
    scene.person("Amina Khan", "lead", trust)
    scene.person("Ben Ode", "auditor", trust, ward)
    return scene.audit(scene.phone_of("Amina Khan"), ward)


@pytest.fixture
def both_offline(service, somebody, ward):
    """Amina and Ben on the same principle, each with a phone that can start offline; then the server stops."""
    amina, ben = somebody("Amina Khan"), somebody("Ben Ode")
    for person in (amina, ben):
        person.opens_the_app().signs_in()
        person.has_sent_everything()
        person.can_start_offline()
    service.stop()
    for person in (amina, ben):
        person.opens_audit_of("Rowan ward")
    return amina, ben


def test_two_phones_change_the_same_finding(service, scene, both_offline, ward):
    amina, ben = both_offline
    amina.rates("belonging-1", "Mostly")
    amina.agrees("belonging-1", "Mostly")
    amina.gives_account("belonging-1", **HERS)
    ben.rates("belonging-1", "Not yet")
    ben.agrees("belonging-1", "Beginning")
    ben.gives_account("belonging-1", **HIS)

    # Both come back, and both see both texts: who wrote them, and when.
    service.start()
    for person in (amina, ben):
        person.sends_now()
    for person in (amina, ben):
        person.starts_the_app_again()
        person.goes_to_audit()
        person.has_news("2 things were written in two ways")
        person.finds_it_accessible()
        person.follows("See both and settle it")
        about = person.difference("Why we say so", "belonging-1")
        for name, account in (("Amina Khan", HERS), ("Ben Ode", HIS)):
            side = person.side(about, name)
            person.sees(re.compile(r"^today, \d\d:\d\d$"), side)
            for text in account.values():
                expect(side).to_contain_text(text)
        agreed = person.difference("What we agree", "belonging-1")
        person.sees("Mostly", person.side(agreed, "Amina Khan"))
        person.sees("Beginning", person.side(agreed, "Ben Ode"))
        person.finds_it_accessible()

    # The lead keeps one rating, and joins the two texts.
    amina.taps(re.compile("^Keep this one.*Ben Ode"), within=amina.difference("What we agree", "belonging-1"))
    expect(amina.difference("What we agree", "belonging-1")).to_have_count(0)
    about = amina.difference("Why we say so", "belonging-1")
    amina.taps("Join them", within=about)
    amina.finds_it_accessible()
    assert about.get_by_label("What shows it").input_value() == f"{HERS['shows']}\n\n{HIS['shows']}"
    amina.fills("What shows it", JOINED["shows"], about)
    amina.taps("Save this text", within=about)
    amina.sees("Nothing to settle.")
    amina.finds_it_accessible()
    amina.has_sent_everything()

    # Both phones agree, and the one who wrote what was kept goes on being named.
    ben.has_news_by_itself("Nothing to settle.")
    for person in (amina, ben):
        finding = person.finding("belonging-1")
        expect(finding.get_by_role("heading")).to_contain_text("Beginning")
        person.opens_account("belonging-1")
        for label, text in zip(("What shows it", "What helps", "What gets in the way"), JOINED.values(), strict=True):
            expect(finding.get_by_role("textbox", name=label)).to_have_value(text)
    said = scene.phone_of("Amina Khan").get(f"/api/audits/{ward.id}").json
    [kept] = said["registers"]["finding/belonging-1/rating"]
    assert said["people"][kept["author"]] == "Amina Khan"
    assert said["people"][kept["of"]["author"]] == "Ben Ode"

    # She takes both back: the texts stand side by side again, with their first authors.
    amina.goes_to_audit()
    amina.goes(f"#/audits/{ward.id}/differences")
    amina.taps(re.compile("^Undo.*What we agree"))
    amina.taps(re.compile("^Undo.*Why we say so"))
    amina.has_sent_everything()
    ben.goes(f"#/audits/{ward.id}/differences")
    ben.starts_the_app_again()
    for person in (amina, ben):
        agreed = person.difference("What we agree", "belonging-1")
        person.has_news(agreed)
        person.sees("Mostly", person.side(agreed, "Amina Khan"))
        person.sees("Beginning", person.side(agreed, "Ben Ode"))
        about = person.difference("Why we say so", "belonging-1")
        person.has_news(about)
        person.sees(HERS["helps"], person.side(about, "Amina Khan"))
        expect(person.side(about, "Ben Ode")).to_contain_text(HIS["shows"])
        person.finds_it_accessible()
    assert service.verify() == "The ledger holds."


def test_two_who_rate_differently_are_two_answers_and_no_difference(service, both_offline, ward):
    amina, ben = both_offline
    amina.adds_contributor("Residents’ meeting", "Patients")
    amina.rates("safety-1", "Not yet")
    amina.comments("safety-1", "“Nobody asked me.”")
    ben.rates("safety-1", "Embedded")

    service.start()
    for person in (amina, ben):
        person.sends_now()
    for person in (amina, ben):
        person.starts_the_app_again()
        person.goes_to_audit()
        expect(person.page.get_by_role("link", name="See both and settle it")).to_have_count(0)
    amina.goes_to_principle("safety")
    amina.sees("Staff rate this higher than Patients", amina.card("safety-1"))
    for person in (amina, ben):
        person.hears("safety-1", "Staff", "1 Embedded")
        person.hears("safety-1", "Patients", "1 Not yet")
        person.finds_it_accessible()
    ben.reads_comment("safety-1", "“Nobody asked me.”")
    ben.finds_it_accessible()


def test_what_others_say_shows_only_after_ones_own_answer(scene, somebody, ward):
    amina = scene.phone_of("Amina Khan")
    said = {"contributor": ward.contributor, "criterion": "safety-1"}
    amina.do(ward.id, "answer.rate", {**said, "rating": 3})
    amina.do(ward.id, "answer.comment", {**said, "text": "She is listened to."})
    ben = somebody("Ben Ode").opens_the_app().signs_in()
    ben.has_sent_everything()
    ben.opens_audit_of("Rowan ward")

    card = ben.card("safety-1")
    ben.sees("Answer first. Then you see what others say.", card)
    expect(card.get_by_role("group", name="Side by side")).to_have_count(0)

    ben.rates("safety-1", "Beginning")
    ben.hears("safety-1", "Staff", "1 Beginning", "1 Embedded")
    ben.reads_comment("safety-1", "She is listened to.")

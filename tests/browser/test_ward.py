"""The main job: audit a ward on a phone with no signal, and lose nothing."""

import pytest
from playwright.sync_api import expect

from tests.needs import needs

from .people import STANDING

pytestmark = [pytest.mark.browser, needs("chromium")]

WORDS = ("Not yet", "Beginning", "Mostly", "Embedded")
REASON = "Nobody leaves from this ward: people move to the flats first."
COMMENTS = {
    "belonging-1": "Two patients met the new one at the door – and showed her the kitchen.",
    "leadership-5": "The trust’s board has never asked.\nWe shall invite it.",
}
MEETING = "Residents’ meeting"
FOR_THE_MEETING = {"belonging-1": "Not yet", "belonging-3": "Embedded"}
MEETING_COMMENT = "“I was shown round by a nurse who had no time.”"
AGREED = {f"belonging-{n}": word for n, word in enumerate(["Beginning", "Mostly", "Mostly", "Not yet", "Embedded"], 1)}
ACCOUNT = {
    "shows": "A list of who meets whom hangs by the door.",
    "helps": "Patients chose who does it.",
    "hinders": "It stops at weekends.",
}


@pytest.fixture
def trust(scene):
    return scene.organisation("Northfield Trust")


@pytest.fixture
def rowan(scene, trust):
    return scene.site(trust, "Rowan ward")


@pytest.fixture
def willow(scene, trust):
    return scene.site(trust, "Willow ward")


def planned(edition):
    """What will be said: a rating for each criterion, in an order that a mistake would show in."""
    criteria = [criterion["id"] for principle in edition["principles"] for criterion in principle["criteria"]]
    return {criterion: WORDS[(n * 7 + n // 5) % 4] for n, criterion in enumerate(criteria)}


def value(word):
    """A rating as it is recorded."""
    return {"rating": WORDS.index(word)}


def contributor(id, label, voice):
    """The registers of somebody who speaks."""
    return {
        f"contributor/{id}/label": [label],
        f"contributor/{id}/voice": [voice],
        f"contributor/{id}/withdrawn": [False],
    }


def test_a_ward_with_no_signal(scene, service, somebody, edition, trust, rowan, willow):
    scene.person("Amina Khan", "lead", trust)
    scene.person("Mona Reid", "manager", trust)
    plan = planned(edition)
    excused = "belonging-2"
    first_half, second_half = list(plan)[:25], list(plan)[25:]
    amina = somebody("Amina Khan").opens_the_app()
    amina.sees_heading("Sign in")
    amina.finds_it_accessible()
    amina.signs_in()
    amina.sees("Rowan ward")
    amina.sees("Willow ward")
    amina.finds_it_accessible()
    audit = amina.starts_an_audit_of("Rowan ward")
    amina.has_sent_everything()
    amina.can_start_offline()
    amina.finds_it_accessible()

    # The network goes away. The app is closed, and started again from nothing.
    service.stop()
    amina.closes_the_app()
    amina.opens_the_app()
    assert amina.opens_audit_of("Rowan ward") == audit
    for criterion in first_half:
        amina.rates(criterion, plan[criterion])
    amina.finds_it_accessible()
    amina.says_it_does_not_apply(excused, REASON)
    amina.comments("belonging-1", COMMENTS["belonging-1"])
    amina.finds_it_accessible()
    amina.loses_power()

    # Everything that was called saved is there.
    amina.opens_the_app()
    amina.opens_audit_of("Rowan ward")
    amina.sees("You have answered 25 of 50.")
    for principle in edition["principles"][:5]:
        for criterion, shown in amina.reads_ratings(principle["id"]).items():
            assert shown == (None if criterion == excused else str(WORDS.index(plan[criterion]))), criterion
    amina.sees(REASON, amina.card(excused))
    assert amina.comment_on("belonging-1") == COMMENTS["belonging-1"]

    # The rest, still with no signal.
    for criterion in second_half:
        amina.rates(criterion, plan[criterion])
    amina.comments("leadership-5", COMMENTS["leadership-5"])
    amina.goes_to_audit()
    amina.sees("You have answered 50 of 50.")
    amina.adds_contributor(MEETING, "Patients")
    amina.finds_it_accessible()
    amina.goes_to_principle("belonging")
    assert amina.writes_for_now() == f"{MEETING} (Patients)"
    for criterion, word in FOR_THE_MEETING.items():
        amina.rates(criterion, word)
    amina.comments("belonging-1", MEETING_COMMENT)
    amina.writes_for("Amina Khan")
    for criterion, word in AGREED.items():
        amina.agrees(criterion, word)
    amina.gives_account("belonging-1", **ACCOUNT)
    amina.finds_it_accessible()
    amina.goes_to_audit()
    amina.sees("1 of 10 principles agreed")
    amina.sees("5 of 50 statements agreed")
    amina.finds_it_accessible()
    new = amina.starts_an_audit_of("Willow ward")
    amina.goes_to("Home")
    amina.sees("On this device only")
    amina.finds_it_accessible()
    amina.follows(STANDING)
    amina.sees_heading("Not sent yet")
    amina.finds_it_accessible()
    amina.closes_the_app()
    amina.opens_the_app()
    expect(amina.standing).to_contain_text("Saved here")

    # The server comes back, and everything is sent without a tap.
    service.start()
    amina.has_sent_everything()
    amina.finds_it_accessible()
    said = scene.phone_of("Amina Khan").registers(audit)
    by_label = {label[0]: key.split("/")[1] for key, label in said.items() if key.endswith("/label")}
    own, meeting = by_label["Amina Khan"], by_label[MEETING]
    assert said.pop("audit/opening")
    assert said == {
        **{f"answer/{own}/{criterion}/rating": [value(word)] for criterion, word in plan.items()},
        f"answer/{own}/{excused}/rating": [{"rating": None, "reason": REASON}],
        **{f"answer/{own}/{criterion}/comment": [text] for criterion, text in COMMENTS.items()},
        **{f"answer/{meeting}/{criterion}/rating": [value(word)] for criterion, word in FOR_THE_MEETING.items()},
        f"answer/{meeting}/belonging-1/comment": [MEETING_COMMENT],
        **{f"finding/{criterion}/rating": [value(word)] for criterion, word in AGREED.items()},
        "finding/belonging-1/account": [ACCOUNT],
        **contributor(own, "Amina Khan", "staff"),
        **contributor(meeting, MEETING, "resident"),
    }
    assert scene.phone_of("Amina Khan").registers(new)["audit/opening"][0]["site"] == willow
    assert service.verify() == "The ledger holds."

    # Another person's phone shows all of it.
    mona = somebody("Mona Reid").opens_the_app().signs_in()
    mona.opens_audit_of("Rowan ward")
    mona.sees("1 of 10 principles agreed")
    mona.sees(MEETING)
    mona.finds_it_accessible()
    for criterion, word in plan.items():
        voices = ["1 " + word] if criterion != excused else []
        assert mona.reads_voice(criterion, "Staff") == voices, criterion
        voices = ["1 " + FOR_THE_MEETING[criterion]] if criterion in FOR_THE_MEETING else []
        assert mona.reads_voice(criterion, "Patients") == voices, criterion
    mona.sees(REASON, mona.card(excused))
    for criterion, text in {**COMMENTS, "belonging-1": COMMENTS["belonging-1"]}.items():
        mona.reads_comment(criterion, text)
    mona.reads_comment("belonging-1", MEETING_COMMENT)
    for criterion, word in AGREED.items():
        expect(mona.finding(criterion).get_by_role("heading")).to_contain_text(word)
    for text in ACCOUNT.values():
        mona.sees(text, mona.finding("belonging-1"))
    mona.finds_it_accessible()

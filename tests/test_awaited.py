"""What recognition awaits of people by some day, in their reminders and their calendars."""

import pytest
from icalendar import Calendar

from audit_app.plans.queries import reminders

from .builders import Phone, Scene, secret
from .deciding import Deciding, days_on


@pytest.fixture
def way(scene: Scene) -> Deciding:
    return Deciding(scene)


def reminded(way: Deciding) -> dict[str, list[str]]:
    """Who is reminded of what else than plans, in which place."""
    with way.scene.app.app_context():
        return {
            one.name: [f"{place}: {item.what['en']}" for place, items in one.awaited for item in items]
            for one in reminders()
            if one.awaited
        }


def calendar(way: Deciding, phone: Phone, stream: str) -> dict[str, str]:
    """What somebody's calendar shows, and on which day."""
    made, hashed = secret()
    assert phone.do(stream, "calendar.make", {"secret_sha256": hashed})["verdict"] == "applied"
    reply = Phone(way.scene.app).get(f"/api/calendar/{made}.ics")
    return {
        str(event["summary"]): event.decoded("dtstart").isoformat() for event in Calendar.from_ical(reply.data).events
    }


AT_BODY = "Rowan ward, Northfield Trust"


def test_an_assessor_is_reminded_of_what_they_were_asked_to_assess_until_they_report(way: Deciding):
    way.submit()
    way.stream = way.take()
    assigned = way.assign(way.asa)
    blinded = way.assign(way.andrew, blinded=True)
    asked = [f"{AT_BODY}: Assess what was handed in"]
    assert reminded(way) == {"Asa": asked, "Andrew": asked}

    for one in (assigned, blinded):
        way.declare(one.phone, way.stream)
    way.release(assigned)

    assert reminded(way)["Andrew"] == asked, "however far the first has come"
    assert "Asa" not in reminded(way)
    way.declare(way.andrew, way.stream, "conflict")
    assert "Andrew" not in reminded(way)


def test_a_lead_is_reminded_to_check_the_facts_and_the_calendar_says_by_when(way: Deciding):
    way.bring(checked=False)
    assert calendar(way, way.lena, way.trust) == {"Rowan ward: Check the facts of the assessor’s report": days_on(14)}
    convene = {"Morag": [f"{AT_BODY}: Call a panel together"]}
    assert reminded(way) == convene, "there is time"

    way.time_passes(7)

    assert reminded(way) == {"Lena": ["Rowan ward: Check the facts of the assessor’s report"]} | convene
    way.lena.do(way.audit, "report.correct", {"corrections": []})
    assert (reminded(way), calendar(way, way.lena, way.trust)) == (convene, {})


def test_action_points_and_a_deferral_are_due_on_their_days(way: Deciding):
    way.submit()
    way.stream = way.take()
    assigned = way.assign(way.asa)
    way.declare(way.asa, way.stream)
    way.judge(assigned)
    points = {"outcome": "action-points", "points": [{"criterion": "safety-1", "text": "Ask the night staff."}]}
    way.asa.do(assigned.id, "assessment.report", points | {"due": days_on(20)})
    assert reminded(way) == {"Lena": ["Rowan ward: Answer the assessor’s action points"]}
    assert calendar(way, way.lena, way.trust) == {"Rowan ward: Answer the assessor’s action points": days_on(20)}

    way.lena.do(way.audit, "actions.answer", {"answers": [{"criterion": "safety-1", "text": "Done."}]})
    way.release(assigned)
    way.lena.do(way.audit, "report.correct", {"corrections": []})
    way.sit()
    way.decide("deferred", due=days_on(30))

    assert reminded(way) == {}
    assert calendar(way, way.lena, way.trust) == {"Rowan ward: Answer what the panel deferred on": days_on(30)}
    way.time_passes(9)
    assert reminded(way) == {"Lena": ["Rowan ward: Answer what the panel deferred on"]}


def test_a_manager_is_reminded_of_what_goes_no_further_without_them(way: Deciding):
    way.submit()
    assert reminded(way) == {"Morag": [f"{AT_BODY}: Take on what was handed in"]}
    way.stream = way.take()
    assert reminded(way) == {"Morag": [f"{AT_BODY}: Ask somebody to assess it"]}
    assigned = way.assign(way.asa)
    way.declare(way.asa, way.stream)
    assert "Morag" not in reminded(way)
    way.release(assigned)
    way.lena.do(way.audit, "report.correct", {"corrections": []})

    way.sit(outcome="not-awarded")
    way.decide("not-awarded")
    assert reminded(way) == {}
    way.lena.do(way.audit, "appeal.lodge", {"grounds": "Nobody asked."})

    assert reminded(way) == {"Morag": [f"{AT_BODY}: Call a panel of others together"]}


def test_members_of_a_panel_are_reminded_of_their_view_until_they_have_said_it(way: Deciding):
    way.bring()
    way.convene(sits_on=days_on(5))
    asked = [f"{AT_BODY}: Say your view for the panel"]
    assert reminded(way) == {"Pia": asked, "Peter": asked}
    assert calendar(way, way.pia, way.body) == {asked[0]: days_on(5)}

    way.declare(way.pia, way.stream)
    way.say(way.pia)
    way.scene.end_grants(way.peter.get("/api/session").json["person"]["id"])

    assert reminded(way) == {"Morag": [f"{AT_BODY}: Call a panel together"]}, "one alone decides nothing"
    assert calendar(way, way.paula, way.body) == {}, "who does not sit learns nothing"


def test_an_interim_and_the_end_of_an_award_are_said_some_weeks_before(way: Deciding):
    award = way.award()
    interim, expiry = f"{AT_BODY}: Look at the award again, half-way", "Rowan ward: The award runs out"
    assert reminded(way) == {}
    assert calendar(way, way.morag, way.body) == {interim: award["interim_by"]}
    assert calendar(way, way.lena, way.trust) == {expiry: award["until"]}

    way.time_passes(500)
    assert reminded(way) == {"Asa": [interim], "Morag": [interim]}
    way.asa.do(way.stream, "interim.review", {"says": "All is well."})
    assert reminded(way) == {}
    way.time_passes(430)
    assert reminded(way) == {"Lena": [expiry]}
    way.time_passes(170)

    assert reminded(way) == {} == calendar(way, way.lena, way.trust), "it has run out by itself"


def test_the_letter_says_it_in_both_languages(way: Deciding):
    way.bring(checked=False)
    way.time_passes(15)

    said = {
        language: way.scene.app.test_cli_runner().invoke(args=["remind", "--language", language]).output
        for language in ("en", "cy")
    }

    assert "Subject: Milieu: 1 overdue" in said["en"] and "To: Lena" in said["en"]
    assert "- Check the facts of the assessor’s report\n    was due " in said["en"] and "open Milieu" in said["en"]
    assert "go to Plan" not in said["en"] and "Gwiriwch ffeithiau adroddiad yr asesydd" in said["cy"]

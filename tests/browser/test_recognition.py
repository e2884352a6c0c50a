"""The first steps to an award on people's screens: handing in, being given back, and a visit without a network."""

import re

import pytest
from playwright.sync_api import expect

from tests.needs import needs
from tests.recognition import Recognition, judging

from .awarding import is_open_to_everybody, says_what_it_found
from .people import SAVED
from .service import until

pytestmark = [pytest.mark.browser, needs("chromium")]


@pytest.fixture
def way(scene) -> Recognition:
    """Rowan ward's audit for the award: all is agreed; two statements on agency are not high enough."""
    way = Recognition(scene)
    says_what_it_found(way)
    return way


def test_a_team_hands_its_audit_in_and_an_awarding_body_finds_somebody_to_assess_it(somebody, way):
    lena = somebody("Lena").opens_the_app().signs_in()
    lena.has_sent_everything()
    lena.opens_audit_of("Rowan ward")
    lena.sees("9 of 10 shown; Personal agency and freedom not yet")
    is_open_to_everybody(lena)
    lena.follows("See what is missing, and hand it in")
    lena.sees_heading("For the award")
    lena.sees(re.compile("Bring at least 1 of .* up to “Mostly”"))
    is_open_to_everybody(lena)
    lena.taps("Hand it in for the award")
    lena.taps("Hand it in now")
    lena.sees("Please look at this again")
    is_open_to_everybody(lena)
    lena.chooses("Yes, show it")
    lena.taps("Hand it in now")
    lena.sees("It waits for somebody to begin reading.")
    lena.taps("Call it back")
    lena.taps("Call it back now")
    lena.sees("It is still with you.")
    lena.taps("Hand it in for the award")
    lena.chooses("Yes, show it")
    lena.taps("Hand it in now")
    lena.sees("today, by Lena, to Places that Enable")
    is_open_to_everybody(lena)
    lena.goes(f"#/audits/{way.audit}/p/agency")
    lena.sees("This audit has been handed in.")
    assert lena.page.get_by_role("radio").count() == 0, "nothing in it can be changed"

    morag = somebody("Morag").opens_the_app().signs_in()
    morag.sees("1 audit waits for you")
    is_open_to_everybody(morag)
    morag.follows(re.compile("^Rowan ward"))
    morag.taps(re.compile("^Take it on"))
    morag.taps(re.compile("^Ask somebody to assess it"))
    morag.page.get_by_label("Who?").select_option(label="Asa")
    is_open_to_everybody(morag)
    morag.taps("Ask them")
    morag.sees("has not yet said whether they have an interest")
    is_open_to_everybody(morag)

    asa = somebody("Asa").opens_the_app().signs_in()
    asa.follows(re.compile("Say whether you have an interest"))
    asa.taps(re.compile("^Say whether you have an interest"))
    asa.chooses("No, none")
    is_open_to_everybody(asa)
    asa.taps("Say so")
    until(lambda: way.waiting(way.asa)[0]["declared"] == "clear", "Asa has no interest")
    lena.goes_to("Home")
    lena.sees("Handed in")

    mine = way.waiting(way.asa)[0]["assessment"]["id"]
    assert way.asa.verdicts(mine, [judging("agency-1", "not-yet", "Nothing shows it")]) == ["applied"]
    asa.goes(f"#/desk/{mine}/report")
    asa.starts_the_app_again()
    asa.taps("Give it back to the team")
    asa.page.get_by_label("1. About which statement?").select_option("agency-1")
    asa.fills("What should they put right?", "Say when somebody challenged a decision.")
    is_open_to_everybody(asa)
    asa.taps("Give it back now")
    asa.sees_heading("Awards")
    lena.has_news("Came back to you")
    lena.goes(f"#/audits/{way.audit}/award")
    lena.sees("Asa of Places that Enable gave it back (today)")
    is_open_to_everybody(lena)
    lena.follows(f"9.1 {lena.statement('agency-1')}", lena.main.get_by_role("listitem"))
    lena.sees_heading("Personal agency and freedom")


def test_an_assessor_judges_and_visits_without_a_network_and_nothing_is_lost(service, somebody, way):
    assigned = way.started()
    asa = somebody("Asa").opens_the_app().signs_in()
    asa.has_sent_everything()
    asa.follows(re.compile("^Rowan ward"))
    asa.sees("0 of 50 judged")
    is_open_to_everybody(asa)
    asa.can_start_offline()

    service.stop()
    asa.follows(re.compile("Personal agency and freedom"))
    card = asa.page.get_by_role("article", name=asa.statement("agency-1"), exact=True)
    own = card.get_by_role("group", name="What you hold")
    asa.chooses("Met", own)
    asa.fills("Why? This differs from what the team found", "On Tuesday the lunch hour was moved.", own)
    own.get_by_label("Look at this on the visit").check()
    own.get_by_text("A note for yourself").click()
    asa.fills("Note", "Ask the quiet one by the window.", own)
    asa.taps_elsewhere()
    expect(own.get_by_text(SAVED)).to_have_count(2)
    is_open_to_everybody(asa)
    asa.closes_the_app()
    asa.opens_the_app(f"#/desk/{assigned.id}/visit")
    asa.sees("To look at (1)")
    asa.sees("Ask the quiet one by the window.")
    asa.taps("Write what you saw")
    asa.taps("Save it")
    asa.sees("Please look at this again")
    is_open_to_everybody(asa)
    asa.fills("What did you see or hear?", "Two patients chose the music at lunch.")
    asa.page.get_by_text("Choose what it shows").click()
    asa.fills("Search the statements", asa.statement("agency-4"))
    asa.page.get_by_role("checkbox", name=asa.statement("agency-4")).check()
    asa.taps("Save it")
    asa.sees("What you saw (1)")
    asa.fills("What this place does well", "People greet each other by name.")
    asa.taps_elsewhere()
    asa.sees(SAVED)
    is_open_to_everybody(asa)

    service.start()
    asa.looks_again()
    asa.has_sent_everything()
    held = way.asa.get(f"/api/assessments/{assigned.id}").json["registers"]
    assert held["judgement/agency-1/note"][0]["value"] == "Ask the quiet one by the window."
    assert way.lena.get(f"/api/audits/{way.audit}/assessment-report").status_code == 404, "nothing before it is out"
    rest = [judging(id, "met", "Seen") for id in way.criteria() if id != "agency-1"]
    assert set(way.asa.verdicts(assigned.id, rest)) == {"applied"}
    asa.goes(f"#/desk/{assigned.id}/report")
    asa.starts_the_app_again()
    asa.taps("Say how it goes on")
    asa.chooses(re.compile("^I need more first"))
    is_open_to_everybody(asa)
    asa.chooses(re.compile("^It is ready for the visit"))
    asa.taps("Tell the team")
    asa.follows("The visit")
    asa.taps("Record the visit")
    asa.fills("Whom did you meet?", "6 patients, 3 nurses, the cook")
    asa.fills("What did you do and see?", "Lunch, and the Tuesday meeting.")
    is_open_to_everybody(asa)
    asa.taps("Record it")
    asa.sees("6 patients, 3 nurses, the cook")
    asa.goes(f"#/desk/{assigned.id}/report")
    asa.taps("Send the report")
    asa.taps("Send it now")
    asa.sees("The report is out.")
    is_open_to_everybody(asa)
    told = way.lena.get(f"/api/audits/{way.audit}/assessment-report").get_data(as_text=True)
    assert "Two patients chose the music at lunch." in told
    assert "Ask the quiet one by the window." not in told, "a note is for its writer alone"

"""The way to an award on people's screens: a lead, a manager, two assessors and two members of a panel."""

import re
from datetime import date, timedelta

import pytest
from playwright.sync_api import expect

from audit_app.db import new_id
from tests.builders import operation
from tests.needs import needs
from tests.recognition import Recognition, judging, me

from .axe import violations
from .people import SAVED, Person
from .service import until

pytestmark = [pytest.mark.browser, needs("chromium")]

SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
WEAK = ("agency-1", "agency-2")


@pytest.fixture
def way(scene) -> Recognition:
    """Rowan ward's audit for the award: all is agreed; two statements on agency are not high enough."""
    way = Recognition(scene)
    group = new_id()
    said = [operation("contributor.add", {"contributor": group, "voice": "resident", "label": "Tuesday meeting"})]
    for criterion in way.criteria():
        of = {"contributor": group, "criterion": criterion}
        said.append(operation("answer.rate", {**of, "rating": 2}))
        rating = 1 if criterion in WEAK else 2
        said.append(operation("finding.agree", {"criterion": criterion, "rating": rating}))
    for principle in dict.fromkeys(criterion.rsplit("-", 1)[0] for criterion in way.criteria()):
        criteria = [f"{principle}-1", f"{principle}-2"]
        for kind, more in (("observation", {}), ("quotation", {"voice": "resident"})):
            item = {"evidence": new_id(), "kind": kind, "caption": "Two of us met the new one.", "criteria": criteria}
            said.append(operation("evidence.add", item | more))
    assert set(way.amina.verdicts(way.audit, said)) == {"applied"}
    return way


def is_open_to_everybody(person: Person) -> None:
    """Axe finds nothing on this screen, on a narrow phone in the dark either, and nothing runs off its side."""
    page = person.page
    person.finds_it_accessible()
    page.set_viewport_size({"width": 320, "height": 640})
    page.emulate_media(color_scheme="dark")
    assert not violations(page), violations(page)
    assert page.evaluate(SIDEWAYS) <= 0, f"{person.address} is wider than a narrow phone"
    page.emulate_media(color_scheme="light")
    page.set_viewport_size({"width": 390, "height": 844})


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


def test_a_panel_defers_hears_the_answer_awards_and_withdraws_and_the_team_asks_for_another_look(
    service, somebody, way
):
    asa = way.started()
    andrew = way.started(way.andrew, blinded=True)
    way.judge(andrew)
    assert way.andrew.do(andrew.id, "assessment.report", {"outcome": "ready", "points": []})["verdict"] == "applied"
    remark = {"strengths": "People greet each other by name.", "suggestions": "Try it at a weekend."}
    way.asa.do(asa.id, "assessment.remark", remark)
    way.release(asa)

    # the team reads the report
    lena = somebody("Lena").opens_the_app().signs_in()
    lena.has_sent_everything()
    lena.goes(f"#/audits/{way.audit}/award")
    lena.sees("The report is here.")
    lena.follows("Read the report, and check its facts")
    lena.sees("People greet each other by name.")
    is_open_to_everybody(lena)
    lena.taps("Check the facts")
    lena.chooses("No, something is wrong")
    is_open_to_everybody(lena)
    lena.chooses("Yes, they are right")
    lena.taps("Tell them")
    lena.sees("The facts have been checked.")

    # the panel
    morag = somebody("Morag").opens_the_app().signs_in()
    morag.goes(f"#/submissions/{way.audit}")
    morag.taps("Call a panel together")
    for name in ("Pia", "Peter"):
        morag.page.get_by_label(name).check()
    is_open_to_everybody(morag)
    morag.taps("Ask them")
    morag.sees("has not yet said whether they have an interest")
    for member in (way.pia, way.peter):
        way.declare(member, way.stream)
    way.peter.do(way.stream, "panel.view", {"outcome": "deferred", "reasons": "Agency was not shown."})
    pia = somebody("Pia").opens_the_app().signs_in()
    pia.goes(f"#/submissions/{way.audit}")
    pia.sees("9 of 10 shown; Personal agency and freedom not yet")
    pia.sees_nothing_of("Agency was not shown.")
    is_open_to_everybody(pia)
    pia.taps("Say your view")
    pia.chooses(re.compile("^Not yet"))
    pia.fills("Why?", "Nobody told us of a decision that was challenged.")
    pia.taps("Save my view")
    pia.sees("Agency was not shown.")
    pia.taps("Decide together")
    pia.chooses(re.compile("^Not yet"))
    pia.fills("Why? For the panel’s own record", "Agency.")
    pia.page.get_by_text("Choose statements").click()
    pia.fills("Search the statements", pia.statement("agency-1"))
    pia.page.get_by_role("checkbox", name=pia.statement("agency-1")).check()
    pia.fills("By when?", (date.today() + timedelta(days=90)).isoformat())
    is_open_to_everybody(pia)
    pia.taps("Decide, and send the letter")
    pia.sees("Asked for, by")
    is_open_to_everybody(pia)

    # the answer, and the award
    lena.looks_again()
    lena.goes(f"#/audits/{way.audit}/award")
    lena.has_news("We cannot give the award yet.")
    is_open_to_everybody(lena)
    lena.taps("Answer the panel")
    lena.fills("What have you done since?", "We asked everybody on the ward.")
    lena.fills(f"9.1 {pia.statement('agency-1')}", "On Tuesday the lunch hour was moved.")
    is_open_to_everybody(lena)
    lena.taps("Send the answers")
    lena.sees("A panel decides next.")
    sits(way, "awarded")
    pia.goes("#/submissions")
    pia.goes(f"#/submissions/{way.audit}")
    pia.taps("Decide together")
    pia.chooses(re.compile("^Award it"))
    pia.fills("Why? For the panel’s own record", "The answer shows it.")
    pia.taps("Decide, and send the letter")
    pia.sees("Say why you decide otherwise than the rule says")
    pia.fills("Why otherwise than the rule says?", "The team showed it in its answer.")
    pia.taps("Decide, and send the letter")
    pia.sees("It holds")
    is_open_to_everybody(pia)
    lena.looks_again()
    lena.has_news("You hold the award.")
    is_open_to_everybody(lena)
    number = lena.page.get_by_role("definition").first.inner_text()
    certificate = lena.page.get_by_role("link", name="The certificate")
    assert certificate.get_attribute("href") == f"/certificate/{number}"
    assert way.lena.get(f"/check/{number}.json").json["state"] == "valid"

    # it is checked with a network, and from its file without one
    file = {"name": "award.json", "mimeType": "application/json"}
    file["buffer"] = way.lena.get(f"/certificate/{number}.json").data
    lena.goes("#/check")
    lena.fills("Number of the certificate", number)
    lena.taps("Check it")
    lena.sees("This certificate is true, and the award holds.")
    lena.sees("Places that Enable")
    is_open_to_everybody(lena)
    lena.page.get_by_label("Choose the file").set_input_files(file)
    lena.sees("As things stood today")
    service.stop()
    lena.taps("Check it")
    lena.sees("Cannot be confirmed here")
    lena.page.get_by_label("Choose the file").set_input_files(file)
    lena.sees("This certificate is true, and the award holds.")
    service.start()

    # it is taken back, and the team asks for another look
    sits(way, "withdrawn")
    withdrawn = way.pia.do(way.stream, "award.withdraw", {"reasons": "The team has gone."})
    assert withdrawn["verdict"] == "applied"
    lena.goes(f"#/audits/{way.audit}/award")
    lena.looks_again()
    lena.has_news("The award was taken back.")
    lena.taps("Ask for another look")
    lena.fills("What was not right about the decision?", "The team is still here.")
    is_open_to_everybody(lena)
    lena.taps("Ask for it")
    lena.sees("You have asked for another look.")
    assert way.lena.get(f"/check/{number}.json").json["state"] == "withdrawn"


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


def sits(way: Recognition, outcome: str) -> None:
    """Pia and Peter sit on a new panel, and both hold the same."""
    people = [me(way.pia), me(way.peter)]
    assert way.morag.do(way.stream, "panel.convene", {"people": people})["verdict"] == "applied"
    for member in (way.pia, way.peter):
        said = member.do(way.stream, "panel.view", {"outcome": outcome, "reasons": "We agree."})
        assert said["verdict"] == "applied", said

"""The whole way of an audit to an award and beyond it, on the screens of everybody who has a part in it."""

import re

import pytest
from playwright.sync_api import expect

from tests.deciding import Deciding
from tests.needs import needs
from tests.recognition import judging

from .awarding import (
    PUBLISHED,
    VIEW,
    calls_together,
    decides,
    has_no_interest,
    in_days,
    is_open_to_everybody,
    judges_everything,
    judges_principle,
    says_a_view,
    says_what_it_found,
)

pytestmark = [pytest.mark.browser, needs("chromium")]

SIXTEEN_MONTHS = 490  # days
ASA_HOLDS = {
    "agency-1": ("Partly", ""),
    "agency-2": ("Partly", ""),
    "agency-3": ("Partly", "Two nurses would not say."),
}
ANDREW_HOLDS = {
    "agency-1": ("Not yet", "Nobody knew of any."),
    "agency-2": ("Partly", ""),
}
KAPPA = "0.74"  # 1 - (2 / 4) / (382 / 4 / 50): they differ twice by one step in 50


@pytest.fixture
def way(scene) -> Deciding:
    """Rowan ward has audited itself for the award; it is not there yet on agency."""
    way = Deciding(scene)
    says_what_it_found(way)
    return way


def test_a_ward_is_judged_by_two_deferred_awarded_looked_at_taken_back_and_given_back_by_others(service, somebody, way):
    six = ("Lena", "Morag", "Asa", "Andrew", "Pia", "Peter")
    lena, morag, asa, andrew, pia, peter = (somebody(name).opens_the_app().signs_in() for name in six)
    of_team, of_body = f"#/audits/{way.audit}/award", f"#/submissions/{way.audit}"

    # the awarding body wants every audit to be read twice
    morag.goes("#/submissions")
    morag.follows(re.compile("^How far assessors agree"))
    morag.sees("No audit is drawn for a second, blind reader.")
    morag.taps("Change how many")
    morag.fills("How many in 100 audits?", "all")
    morag.taps("Save it")
    morag.sees("Please look at this again")
    morag.fills("How many in 100 audits?", "100")
    morag.taps("Save it")
    morag.sees("100 in 100 audits are drawn for a second, blind reader.")
    is_open_to_everybody(morag)

    # the lead hands it in, and the awarding body asks two to assess it, the second one blind
    lena.has_sent_everything()
    lena.goes(of_team)
    lena.taps("Hand it in for the award")
    lena.chooses("Yes, show it")
    lena.taps("Hand it in now")
    lena.sees("It waits for somebody to begin reading.")
    morag.goes("#/")
    morag.starts_the_app_again()
    morag.follows(re.compile("^Rowan ward"))
    morag.taps(re.compile("^Take it on"))
    morag.taps(re.compile("^Ask somebody to assess it"))
    morag.page.get_by_label("Who?").select_option(label="Asa")
    morag.taps("Ask them")
    morag.sees("has not yet said whether they have an interest")
    morag.sees("This one was drawn to be read a second time")
    morag.taps(re.compile("^Ask a second, blind reader"))
    morag.page.get_by_label("Who?").select_option(label="Andrew")
    morag.taps("Ask them")
    morag.sees("Who assesses it (2)")

    # both judge every statement; neither reads the other
    for assessor in (asa, andrew):
        has_no_interest(assessor)
        assessor.follows(re.compile("^Open my desk"))
    judges_everything(asa, ASA_HOLDS)
    asa.follows("Rowan ward", asa.main)
    agency = next(one for one in andrew.edition["principles"] if one["id"] == "agency")
    rest = [judging(id, "met", "Seen") for id in way.criteria() if not id.startswith("agency-")]
    assert set(way.andrew.verdicts(way.waiting(way.andrew)[0]["assessment"]["id"], rest)) == {"applied"}
    andrew.follows(re.compile(re.escape(agency["title"])))
    judges_principle(andrew, agency, ANDREW_HOLDS)
    andrew.has_sent_everything()
    andrew.follows("Rowan ward", andrew.main)
    is_open_to_everybody(andrew)
    kept = andrew.what_the_device_holds()
    assert "Nobody knew of any." in kept and "Two nurses would not say." not in kept
    andrew.follows("Hand in your judgements")
    andrew.taps("Hand them in")
    andrew.taps("Hand them in")
    andrew.sees("Your judgements are in.")
    is_open_to_everybody(andrew)

    # the assessor asks for more first, and the team answers
    asa.follows("The report")
    asa.taps("Say how it goes on")
    asa.chooses(re.compile("^I need more first"))
    asa.taps(re.compile("^Take this one out 3"))
    asked = asa.page.get_by_label("What is asked for?")
    for n, text in enumerate(("Tell us of a challenge.", "Ask the night staff.")):
        asked.nth(n).fill(text)
    asa.fills("By when?", in_days(30))
    is_open_to_everybody(asa)
    asa.taps("Tell the team")
    asa.sees("The team has been asked for more.")
    lena.has_news("The assessor has read it, and asks for some things first.")
    lena.sees("Ask the night staff.")
    is_open_to_everybody(lena)
    lena.taps("Answer what is asked")
    for number, criterion in (("9.1", "agency-1"), ("9.2", "agency-2")):
        lena.fills(f"{number} {lena.statement(criterion)}", "We talked about it on Tuesday.")
    is_open_to_everybody(lena)
    lena.taps("Send the answers")
    lena.sees("An assessor is reading what you found.")

    # the visit, and the report
    asa.starts_the_app_again()
    asa.sees("We talked about it on Tuesday.")
    asa.taps("Say how it goes on")
    asa.chooses(re.compile("^It is ready for the visit"))
    asa.taps("Tell the team")
    asa.follows("The visit")
    asa.fills("What this place does well", "People greet each other by name.")
    asa.taps_elsewhere()
    asa.taps("Record the visit")
    asa.fills("Whom did you meet?", "6 patients, 3 nurses, the cook")
    asa.fills("What did you do and see?", "We sat in on a meeting.")
    asa.taps("Record it")
    asa.sees("6 patients, 3 nurses, the cook")
    asa.has_sent_everything()
    lena.looks_again()
    lena.sees_nothing_of("People greet each other by name.")
    asa.follows("Rowan ward", asa.main)
    asa.follows("The report")
    asa.taps("Send the report")
    asa.taps("Send it now")
    asa.sees("The report is out.")

    # the awarding body sees how far its two assessors agree
    morag.goes("#/submissions")
    morag.follows(re.compile("^How far assessors agree"))
    morag.sees("They agree well")
    morag.sees(f"kappa {KAPPA}, from 50 statements")
    morag.sees("Asa and Andrew, handed in today")
    morag.page.get_by_text("They differ on 2 statements").click()
    morag.sees(f"9.1 {morag.statement('agency-1')}")
    is_open_to_everybody(morag)

    # the team checks the facts
    lena.has_news("The report is here.")
    lena.follows("Read the report, and check its facts")
    lena.sees("People greet each other by name.")
    is_open_to_everybody(lena)
    lena.taps("Check the facts")
    lena.chooses("No, something is wrong")
    is_open_to_everybody(lena)
    lena.page.get_by_label("1. About which statement?").select_option("")
    lena.fills("What is right instead?", "It was the kitchen porter, not the cook.")
    lena.taps("Tell them")
    lena.sees("The facts have been checked.")

    # the panel: each says a view unseen by the others, and together they ask for something first
    morag.goes(of_body)
    calls_together(morag, "Pia", "Peter")
    is_open_to_everybody(morag)
    for member in (pia, peter):
        has_no_interest(member)
    says_a_view(pia, "Not yet")
    pia.taps("Change your view")
    is_open_to_everybody(pia)
    expect(pia.page.get_by_role("textbox", name="Why?")).to_have_value(VIEW)
    pia.taps("Not now")
    pia.sees("9 of 10 shown; Personal agency and freedom not yet")
    pia.sees("It was the kitchen porter, not the cook.")
    pia.sees("You see the views of the others once all have said theirs.")
    says_a_view(peter, "Not yet")
    peter.sees("What each of you holds")
    decides(peter, "Not yet", "Asked for, by", {"By when?": in_days(90)})

    # the team agrees anew on what is asked, shows it and answers; the panel gives the award
    lena.goes(of_team)
    lena.has_news("We cannot give the award yet.")
    is_open_to_everybody(lena)
    lena.taps("Answer the panel")
    lena.fills("What have you done since?", "We asked everybody on the ward.")
    lena.follows(re.compile("^Look at it again : 9.1 "))
    lena.sees("You are asked about the statements that can be changed here.")
    lena.agrees("agency-1", "Mostly")
    assert lena.card("agency-4").get_by_role("radio").count() == 0, "nobody asked about this"
    is_open_to_everybody(lena)
    lena.follows("Back to what you are asked for")
    lena.taps("Answer the panel")
    lena.follows(re.compile("^Add evidence : 9.1 "))
    lena.sees_heading("Add evidence")
    lena.chooses("Observation")
    lena.fills("What did you see or hear?", "The lunch hour hangs by the door, as the patients set it.")
    lena.saves_evidence()
    lena.has_sent_everything()
    lena.goes(of_team)
    lena.taps("Answer the panel")
    expect(lena.page.get_by_label("What have you done since?")).to_have_value("We asked everybody on the ward.")
    for number, criterion in (("9.1", "agency-1"), ("9.2", "agency-2"), ("9.3", "agency-3")):
        lena.fills(f"{number} {lena.statement(criterion)}", "The lunch hour was moved.")
    is_open_to_everybody(lena)
    lena.taps("Send the answers")
    lena.sees("A panel decides next.")
    morag.starts_the_app_again()
    calls_together(morag, "Pia", "Peter")
    for member in (pia, peter):
        says_a_view(member, "Award it")
        member.sees("Observation: The lunch hour hangs by the door, as the patients set it.")
    pia.sees("The team has agreed anew: Mostly")
    pia.sees("All 10 shown.")
    decides(pia, "Award it", "It holds")
    lena.has_news("You hold the award.")
    number = lena.page.get_by_role("definition").first.inner_text()

    # anybody checks it: with a network, and from its file without one
    anybody = lena.context.new_page()
    with lena.context.expect_page() as opened:
        lena.follows("The certificate")
    expect(opened.value.get_by_role("heading", level=1, name="Rowan ward")).to_be_visible()
    opened.value.close()
    file = {"name": "award.json", "mimeType": "application/json"}
    file["buffer"] = way.lena.get(f"/certificate/{number}.json").data
    lena.goes("#/check")
    lena.fills("Number of the certificate", number)
    lena.taps("Check it")
    lena.sees("This certificate is true, and the award holds.")
    is_open_to_everybody(lena)
    lena.page.get_by_label("Choose the file").set_input_files(file)
    lena.sees("As things stood today")
    service.stop()
    lena.taps("Check it")
    lena.sees("Cannot be confirmed here")
    lena.page.get_by_label("Choose the file").set_input_files(file)
    lena.sees("This certificate is true, and the award holds.")
    service.start()

    # half-way
    way.time_passes(SIXTEEN_MONTHS)
    asa.goes("#/")
    asa.starts_the_app_again()
    asa.follows(re.compile("Look at it again, half way"))
    asa.sees(re.compile("^between "))
    asa.taps("Look at it again")
    asa.taps("Record it")
    asa.sees("Please look at this again")
    asa.fills("How does it stand, half way?", "The quiet room is used every day.")
    is_open_to_everybody(asa)
    asa.taps("Record it")
    asa.sees("Looked at again: Asa, today")
    lena.goes(of_team)
    lena.has_news("Asa looked at it again, today")
    is_open_to_everybody(lena)

    # it is taken back, and the team asks for another look
    morag.starts_the_app_again()
    calls_together(morag, "Pia", "Peter")
    for member in (pia, peter):
        says_a_view(member, "Take the award back")
    decides(peter, "Take the award back", "Award withdrawn", {PUBLISHED: "The ward has closed."})
    anybody.goto(f"{service.address}check/{number}")
    expect(anybody.get_by_text("Withdrawn").first).to_be_visible()
    anybody.goto(f"{service.address}register/{number}")
    expect(anybody.get_by_text("The ward has closed.").first).to_be_visible()
    lena.has_news("The award was taken back.")
    lena.taps("Ask for another look")
    lena.fills("What was not right about the decision?", "It was another ward.")
    is_open_to_everybody(lena)
    lena.taps("Ask for it")
    lena.sees("You have asked for another look.")
    lena.sees("Lena asked for another look, today")

    # others decide on that, and who decided before goes on reading what they decided on
    morag.goes("#/submissions")
    morag.starts_the_app_again()
    morag.sees("A panel of people who did not decide before takes another look.")
    morag.follows(re.compile("^Call a panel together"))
    morag.taps("Call a panel together")
    expect(morag.page.get_by_label("Pia")).to_be_disabled()
    morag.sees("has decided on it before")
    morag.taps("Not now")
    calls_together(morag, "Paula", "Priya")
    paula, priya = (somebody(name).opens_the_app().signs_in() for name in ("Paula", "Priya"))
    paula.goes(of_body)  # where her e-mail leads
    paula.sees("Before you read it, say whether you have an interest in it.")
    is_open_to_everybody(paula)
    for member in (paula, priya):
        has_no_interest(member)
        says_a_view(member, "The appeal is right")
    pia.goes(of_body)
    pia.starts_the_app_again()
    pia.sees("You decided on this. You can read what it rested on.")
    pia.sees("We sat in on a meeting.")
    pia.sees_nothing_of("Paula")
    is_open_to_everybody(pia)
    decides(paula, "The appeal is right", "The appeal was right")

    # and everybody can read it
    anybody.goto(f"{service.address}check/{number}")
    expect(anybody.get_by_text("Valid").first).to_be_visible()
    lena.has_news("You hold the award.")
    for said in ("Awarded ", "Asa looked at it again", "Taken back today", "The appeal was right, today"):
        lena.sees(re.compile(f"^{said}"))
    for name in ("Pia", "Peter", "Paula", "Priya", "Andrew"):
        lena.sees_nothing_of(name)
    is_open_to_everybody(lena)
    morag.goes(of_body)
    morag.follows("Who did what, and when")
    morag.sees(re.compile("^Asa looked at the award again"))
    morag.sees("Peter said a view")
    morag.sees_nothing_of(VIEW)
    is_open_to_everybody(morag)

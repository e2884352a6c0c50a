"""What follows a decision, on people's screens: what the awarding body's people do, and what the team sees of it."""

import re

import pytest
from playwright.sync_api import expect

from audit_app.awards.models import Award
from audit_app.db import db
from tests.deciding import Deciding
from tests.needs import needs
from tests.recognition import me

from .awarding import PUBLISHED, calls_together, decides, is_open_to_everybody, says_a_view
from .service import until

pytestmark = [pytest.mark.browser, needs("chromium")]


@pytest.fixture
def way(scene) -> Deciding:
    """Lena's ward and those of the awarding body; Pia and Peter, Paula and Priya sit on panels."""
    return Deciding(scene)


def state(way: Deciding, number: str) -> str:
    """What anybody reads who checks the award."""
    return way.lena.get(f"/check/{number}.json").json["state"]


def test_an_award_is_suspended_counts_again_and_is_left_as_it_is_by_a_panel_that_looked(somebody, way):
    number = way.award(listed=True)["number"]

    lena = somebody("Lena").opens_the_app().signs_in()
    lena.has_sent_everything()
    lena.goes(f"#/audits/{way.audit}/award")

    # suspended, by two who say their views unseen by each other
    morag = somebody("Morag").opens_the_app().signs_in()
    morag.sees("Nothing waits for you")
    morag.goes("#/submissions")
    morag.follows(re.compile("It holds, until"))
    morag.sees("A panel is only needed if something is wrong with the award.")
    morag.taps("Call a panel together")
    is_open_to_everybody(morag)
    morag.taps("Not now")
    calls_together(morag, "Pia", "Peter")
    pia, peter = (somebody(name).opens_the_app().signs_in() for name in ("Pia", "Peter"))
    says_a_view(pia, "Suspend the award")
    pia.sees("You see the views of the others once all have said theirs.")
    says_a_view(peter, "Suspend the award")
    peter.sees("What each of you holds")
    decides(pia, "Suspend the award", "Award suspended", {PUBLISHED: "The ward is closed for repairs."})
    assert state(way, number) == "suspended"
    assert "The ward is closed for repairs." in way.lena.get(f"/register/{number}").get_data(as_text=True)
    lena.has_news("The award is suspended: it does not count for now.")
    lena.sees("The ward is closed for repairs.")
    lena.sees("Suspended today")
    is_open_to_everybody(lena)

    # it counts again
    morag.goes("#/submissions")
    morag.starts_the_app_again()
    morag.sees("A panel decides whether the award counts again.")
    is_open_to_everybody(morag)
    morag.follows(re.compile("^Call a panel together"))
    calls_together(morag, "Pia", "Peter")
    says_a_view(peter, "Let it count again")
    assert way.say(way.pia, "restored")["verdict"] == "applied"
    decides(peter, "Let it count again", "Award counts again")
    assert state(way, number) == "valid"

    # a panel looks again, and leaves it as it is
    way.sit(outcome="no-change")
    decides(pia, "Leave the award as it is", "Award stays as it is")
    assert state(way, number) == "valid"
    lena.has_news("A panel left the award as it is, today")
    for said in ("Awarded ", "Suspended today", "Counts again since today"):
        lena.sees(re.compile(f"^{said}"))
    for name in ("Pia", "Peter"):
        lena.sees_nothing_of(name)
    is_open_to_everybody(lena)


def test_an_audit_for_the_team_becomes_one_for_the_award_which_a_panel_reads_with_no_signal(service, somebody, way):
    earlier = way.award()["number"]
    with way.scene.app.app_context():
        db.session.get(Award, earlier).checklist = "ten-minute-look"
        db.session.commit()
    first, way.audit = way.audit, way.open_audit("development")

    # the team turns it into one for the award
    lena = somebody("Lena").opens_the_app().signs_in()
    lena.has_sent_everything()
    lena.goes(f"#/audits/{way.audit}")
    lena.follows("Turn it into an audit for the award")
    lena.sees("This audit is for yourselves")
    is_open_to_everybody(lena)
    lena.taps("Turn it into an audit for the award")
    lena.finds_it_accessible()
    lena.taps("Turn it into an audit for the award", within=lena.page.get_by_role("dialog"))
    lena.sees("It is still with you. Everybody can go on with it.")
    is_open_to_everybody(lena)

    # two assess it, the second without seeing what the first one says
    asa, blinded = way.started(), way.started(way.andrew, blinded=True)
    way.judge(blinded)
    andrew = somebody("Andrew").opens_the_app().signs_in()
    andrew.has_sent_everything()
    andrew.goes(f"#/desk/{blinded.id}/report")
    andrew.taps("Hand them in")
    andrew.taps("Hand them in")
    andrew.sees("Your judgements are in.")
    way.release(asa)
    way.lena.do(way.audit, "report.correct", {"corrections": []})

    # a member of the panel reads it all with no signal, and says a view when there is one
    way.convene()
    for member in (way.pia, way.peter):
        way.declare(member, way.stream)
    pia = somebody("Pia").opens_the_app().signs_in()
    pia.has_sent_everything()
    pia.can_start_offline()
    pia.follows(re.compile("Say your view"))
    pia.sees("We sat in on a meeting.")
    until(lambda: "We sat in on a meeting." in pia.what_the_device_holds(), "the device keeps what she has read")
    service.stop()
    pia.closes_the_app()
    pia.opens_the_app(f"#/submissions/{way.audit}")
    pia.sees("We sat in on a meeting.")
    pia.sees(re.compile("^What you see below is from "))
    pia.sees("Saying your view needs a connection. You can read all of this without one.")
    expect(pia.page.get_by_role("button", name="Say your view")).to_have_count(0)
    is_open_to_everybody(pia)
    service.start()
    pia.looks_again()
    says_a_view(pia, "Award it")
    assert way.say(way.peter)["verdict"] == "applied"

    # its award takes the place of one by another checklist when somebody who sits on panels says so
    against = {"Why otherwise than the rule says?": "It was shown on the visit."}
    decides(pia, "Award it", "An earlier award of this place still stands", against)
    pia.taps(re.compile("^This one takes its place"))
    pia.finds_it_accessible()
    pia.taps("This one takes its place", within=pia.page.get_by_role("dialog"))
    expect(pia.main.get_by_role("heading", name="An earlier award of this place still stands")).to_have_count(0)
    assert (state(way, earlier), state(way, way.told()["award"]["number"])) == ("superseded", "valid")

    # whoever sits on panels no more reads it no more, and her device has kept nothing of it
    way.scene.end_grants(me(way.pia))
    pia.starts_the_app_again()
    expect(pia.main.get_by_role("alert")).to_be_visible()
    pia.sees_nothing_of("We sat in on a meeting.")
    until(lambda: "We sat in on a meeting." not in pia.what_the_device_holds(), "the device keeps nothing of it")
    lena.goes(f"#/audits/{first}/award")
    lena.has_news("A newer award has taken the place of this one.")
    is_open_to_everybody(lena)
    lena.follows("See the newer one")
    lena.sees("You hold the award.")

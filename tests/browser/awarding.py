"""What people do on an audit's way to an award, on their screens, in steps that several stories share."""

import re
from datetime import date, timedelta

from playwright.sync_api import expect

from audit_app.db import new_id
from tests.builders import operation
from tests.recognition import Recognition

from .axe import violations
from .people import Person

SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
WEAK = ("agency-1", "agency-2")
VIEW = "It is as we were told."
PUBLISHED = "What may everybody read of why? (if you like)"  # a field of some decisions


def says_what_it_found(way: Recognition) -> None:
    """The team agrees on everything and shows it; two statements on agency are not high enough."""
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


def in_days(days: int) -> str:
    """As a field for a day takes it."""
    return (date.today() + timedelta(days)).isoformat()


# assessing


def has_no_interest(judge: Person) -> None:
    """From Home, where it waits."""
    judge.goes("#/")
    judge.starts_the_app_again()
    judge.follows(re.compile("Say whether you have an interest"))
    judge.taps(re.compile("^Say whether you have an interest"))
    judge.chooses("No, none")
    judge.taps("Say so")
    expect(judge.page.get_by_role("radio", name="No, none")).to_be_hidden()


def judges(assessor: Person, criterion: str, word: str, why: str = "") -> None:
    """On the desk, where its principle is open."""
    card = assessor.page.get_by_role("article", name=assessor.statement(criterion), exact=True)
    own = card.get_by_role("group", name="What you hold")
    assessor.chooses(word, own)
    if why:
        own.get_by_role("textbox", name=re.compile("^Why?")).fill(why)
        assessor.taps_elsewhere()
    assessor.is_told_it_is_saved(own)


def judges_everything(assessor: Person, otherwise: dict[str, tuple[str, str]]) -> None:
    """From the desk on, principle by principle: all is met, but for what is judged `otherwise`, each with why."""
    first, *later = assessor.edition["principles"]
    assessor.follows(re.compile(re.escape(first["title"])))
    judges_principle(assessor, first, otherwise)
    for principle in later:
        following = assessor.page.get_by_role("navigation", name="Go on", exact=True)
        following.get_by_role("link", name=re.compile("^After this:")).click()
        judges_principle(assessor, principle, otherwise)
    assessor.has_sent_everything()


def judges_principle(assessor: Person, principle: dict, otherwise: dict[str, tuple[str, str]]) -> None:
    """On its page."""
    assessor.sees_heading(principle["title"])
    for criterion in principle["criteria"]:
        judges(assessor, criterion["id"], *otherwise.get(criterion["id"], ("Met",)))


# deciding


def calls_together(manager: Person, *names: str) -> None:
    """On the screen of a submission."""
    manager.taps("Call a panel together")
    for name in names:
        manager.page.get_by_label(name).check()
    manager.taps("Ask them")
    manager.sees("has not yet said")


def says_a_view(member: Person, outcome: str) -> None:
    """From Home, where it waits."""
    member.goes("#/")
    member.starts_the_app_again()
    member.follows(re.compile("Say your view"))
    member.taps("Say your view")
    member.chooses(re.compile(f"^{outcome}"))
    member.fills("Why?", VIEW)
    member.taps("Save my view")
    member.sees("Your view")


def decides(member: Person, outcome: str, says: str, more: dict[str, str] | None = None) -> None:
    """For the panel, once all have said their view, with `more` in fields of that outcome. The screen then `says`."""
    member.goes("#/submissions")
    member.starts_the_app_again()
    member.follows(re.compile("^Decide together"))
    member.taps("Decide together")
    member.chooses(re.compile(f"^{outcome}"))
    member.fills("Why?", "All of us hold the same.")
    for label, text in (more or {}).items():
        member.fills(label, text)
    is_open_to_everybody(member)
    member.taps("Decide, and send the letter")
    member.sees(says)

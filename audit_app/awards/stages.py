"""The way of an award, from an open audit to what becomes of the award: which step may follow which, whose it is, and
who may not take it. Pure: standard library only; a day is always given, there is no clock in here.

`TABLE` is the whole of it: (stage, verb, outcome) to the next stage; `WHOSE` says which role's a verb is, `GUARDS` what
else must hold. The separations (domain.md section 5): an assessor or a panel member never belongs to the site's
organisation; nobody decides on what they assessed; nobody decides alone; an appeal is decided by people who have not
decided before. An award lapses by itself: no step is needed for it, `standing()` tells it from the day.
"""

import calendar
from collections.abc import Callable, Mapping
from dataclasses import dataclass, replace
from datetime import date, timedelta

OPEN, SUBMITTED, ASSESSING, ACTION_POINTS = "open", "submitted", "assessing", "action-points"
READY, VISITED, RELEASED = "ready", "visited", "released"
AWARDED, DEFERRED, NOT_AWARDED = "awarded", "deferred", "not-awarded"
SUSPENDED, WITHDRAWN, RENEWED, APPEALED = "suspended", "withdrawn", "renewed", "appealed"
STAGES = (OPEN, SUBMITTED, ASSESSING, ACTION_POINTS, READY, VISITED, RELEASED)
STAGES += (AWARDED, DEFERRED, NOT_AWARDED, SUSPENDED, WITHDRAWN, RENEWED, APPEALED)
ANSWERING = (ACTION_POINTS, DEFERRED)  # something is asked of the site, which answers with evidence

CLEAR, CONFLICT = "clear", "conflict"  # what somebody declares of their interests
UPHELD, DISMISSED = "upheld", "dismissed"  # what becomes of an appeal
RESTORED, NO_CHANGE = "restored", "no-change"
TURNS = {  # what becomes of an award by the verb that decides it
    "award.suspend": SUSPENDED,
    "award.restore": RESTORED,
    "award.withdraw": WITHDRAWN,
    "award.keep": NO_CHANGE,
}
BEFORE = "as before the appeal"  # a stage that the case itself knows
AFTER = "as the appeal asks"

# How an award stands on a day.
NO_AWARD, VALID, INTERIM_DUE, LAPSED, SUPERSEDED = "no-award", "valid", "interim-due", "lapsed", "superseded"

INTERIM_MONTHS, AWARD_MONTHS, INTERIM_OPENS_MONTHS = 18, 36, 15
FACT_CHECK = timedelta(days=14)
APPEAL_WITHIN = timedelta(days=56)
PANEL_AT_LEAST = 2

SITE, BODY = "site", "body"  # whose role: the site's (or its organisation's), or the awarding body's
_LEAD, _MANAGER, _ASSESSOR, _PANEL = (SITE, "lead"), (BODY, "manager"), (BODY, "assessor"), (BODY, "panel")
WHOSE: Mapping[str, frozenset[tuple[str, str]]] = {
    "audit.submit": frozenset({_LEAD}),
    "audit.recall": frozenset({_LEAD}),
    "audit.return": frozenset({_ASSESSOR}),
    "assessment.assign": frozenset({_MANAGER}),
    "interest.declare": frozenset({_ASSESSOR, _PANEL}),
    "judgement.record": frozenset({_ASSESSOR}),
    "assessment.report": frozenset({_ASSESSOR}),
    "actions.answer": frozenset({_LEAD}),
    "visit.record": frozenset({_ASSESSOR}),
    "report.release": frozenset({_ASSESSOR}),
    "report.correct": frozenset({_LEAD}),
    "panel.convene": frozenset({_MANAGER}),
    "panel.view": frozenset({_PANEL}),
    "panel.decide": frozenset({_PANEL}),
    "deferral.answer": frozenset({_LEAD}),
    "interim.review": frozenset({_ASSESSOR}),
    "award.renew": frozenset({_PANEL}),
    "award.suspend": frozenset({_PANEL}),
    "award.restore": frozenset({_PANEL}),
    "award.keep": frozenset({_PANEL}),
    "award.withdraw": frozenset({_PANEL}),
    "appeal.lodge": frozenset({_LEAD, (SITE, "manager")}),
    "appeal.decide": frozenset({_PANEL}),
}


def _table() -> dict[tuple[str, str, str | None], str]:
    found = {
        (OPEN, "audit.submit", None): SUBMITTED,
        (SUBMITTED, "audit.recall", None): OPEN,  # until an assessor has begun: from then on it is ASSESSING
        (SUBMITTED, "audit.return", None): OPEN,
        (SUBMITTED, "judgement.record", None): ASSESSING,
        (ASSESSING, "audit.return", None): OPEN,
        (ASSESSING, "assessment.report", READY): READY,
        (ASSESSING, "assessment.report", ACTION_POINTS): ACTION_POINTS,
        (ACTION_POINTS, "actions.answer", None): ASSESSING,
        (READY, "visit.record", None): VISITED,
        (VISITED, "report.release", None): RELEASED,
        (RELEASED, "report.correct", None): RELEASED,
        (RELEASED, "panel.decide", AWARDED): AWARDED,
        (RELEASED, "panel.decide", DEFERRED): DEFERRED,
        (RELEASED, "panel.decide", NOT_AWARDED): NOT_AWARDED,
        (DEFERRED, "deferral.answer", None): RELEASED,
        (AWARDED, "interim.review", None): AWARDED,
        (AWARDED, "award.renew", None): RENEWED,
        (AWARDED, "award.suspend", None): SUSPENDED,
        (SUSPENDED, "award.restore", None): AWARDED,
        (APPEALED, "appeal.decide", UPHELD): AFTER,
        (APPEALED, "appeal.decide", DISMISSED): BEFORE,
    }
    # also where the only assessor has declared a conflict since; and for the look half-way, where whoever assessed it
    # is not there any more
    for stage in (SUBMITTED, ASSESSING, READY, VISITED, AWARDED):
        found[stage, "assessment.assign", None] = stage
    for stage in (ASSESSING, READY, VISITED):
        found[stage, "judgement.record", None] = stage
    for stage in (SUBMITTED, ASSESSING, READY, VISITED, RELEASED, AWARDED, SUSPENDED, APPEALED):
        found |= {(stage, "interest.declare", said): stage for said in (CLEAR, CONFLICT)}
    for stage in (RELEASED, AWARDED, SUSPENDED, APPEALED):
        found |= {(stage, verb, None): stage for verb in ("panel.convene", "panel.view")}
    for stage in (AWARDED, SUSPENDED):
        found[stage, "award.withdraw", None] = WITHDRAWN
        found[stage, "award.keep", None] = stage
    for stage in (DEFERRED, NOT_AWARDED, SUSPENDED, WITHDRAWN):
        found[stage, "appeal.lodge", None] = APPEALED
    return found


TABLE: Mapping[tuple[str, str, str | None], str] = _table()


@dataclass(frozen=True)
class Person:
    """Who takes a step or is named in one: the organisations they belong to, and the roles that bear on this case, such
    as `("body", "assessor")`."""

    id: str
    organisations: frozenset[str] = frozenset()
    roles: frozenset[tuple[str, str]] = frozenset()


@dataclass(frozen=True)
class Step:
    """A step as somebody wants to take it on a day. `people`: those assigned or convened. `criteria` and `due`: what
    action points and a deferral are about, and by when. `replaced_by`: the award that comes after this one."""

    verb: str
    by: Person
    on: date
    outcome: str | None = None
    people: tuple[Person, ...] = ()
    reasons: str = ""
    criteria: tuple[str, ...] = ()
    due: date | None = None
    replaced_by: str | None = None


@dataclass(frozen=True)
class Case:
    """One audit on its way to an award: the stage, and those facts of its history that guards ask for."""

    organisation: str
    stage: str = OPEN
    assessors: frozenset[str] = frozenset()
    assessed_by: frozenset[str] = frozenset()  # who has ever recorded a judgement
    cleared: frozenset[str] = frozenset()  # who has declared interests, and has none that stands in the way
    conflicted: frozenset[str] = frozenset()
    panel: frozenset[str] = frozenset()
    views: frozenset[str] = frozenset()
    decided_by: frozenset[str] = frozenset()  # who has ever taken part in a decision
    barred: frozenset[str] = frozenset()  # who had decided when an appeal was lodged
    released_on: date | None = None
    facts_checked: bool = False
    decided_on: date | None = None
    awarded_on: date | None = None
    interim_on: date | None = None
    appealed_from: str | None = None


class Refused(ValueError):
    """A step that may not be taken; its one argument is the reason's name, one of REFUSALS."""


NOT_YOURS, NOT_NOW, OUTSIDER, ASSIGNED, DECLARED = (
    "not-yours",
    "not-now",
    "own-organisation",
    "not-assigned",
    "interests",
)
APART, ALONE, AGAIN, MEMBER, VIEWS = "assessed-it", "too-few", "decided-before", "not-on-panel", "views-missing"
REASONS, WHAT_AND_WHEN, CHECKING, TOO_LATE, OVER = "reasons", "what-and-when", "facts-not-checked", "too-late", "lapsed"
TOO_EARLY, NO_AWARD_AFTER, NOBODY = "too-early", "nothing-replaces-it", "nobody-named"
REFUSALS = (NOT_YOURS, NOT_NOW, OUTSIDER, ASSIGNED, DECLARED, APART, ALONE, AGAIN, MEMBER, VIEWS)
REFUSALS += (REASONS, WHAT_AND_WHEN, CHECKING, TOO_LATE, OVER, TOO_EARLY, NO_AWARD_AFTER, NOBODY)


def take(case: Case, step: Step) -> Case:
    """The case after this step. Refuses with `Refused` one that may not be taken."""
    if reason := refusal(case, step):
        raise Refused(reason)
    stage = TABLE[case.stage, step.verb, step.outcome]
    if stage == BEFORE:
        stage = case.appealed_from
    elif stage == AFTER:  # an award is given back; a decision on one is taken anew
        stage = AWARDED if case.appealed_from in (SUSPENDED, WITHDRAWN) else RELEASED
    changes = EFFECTS[step.verb](case, step) if step.verb in EFFECTS else {}
    return replace(case, stage=stage, **changes)


def refusal(case: Case, step: Step) -> str | None:
    """Why this step may not be taken, one of REFUSALS; None where it may."""
    if not step.by.roles & WHOSE.get(step.verb, frozenset()):
        return NOT_YOURS
    if (case.stage, step.verb, step.outcome) not in TABLE:
        return NOT_NOW
    return next((reason for guard in GUARDS.get(step.verb, ()) if (reason := guard(case, step))), None)


def may_not_sit(case: Case, person: Person) -> str | None:
    """Why this person may not sit on a panel for the case; None where they may."""
    sits = Step("panel.convene", person, date.min, people=(person,))
    return next((reason for guard in _SITS if (reason := guard(case, sits))), None)


def standing(case: Case, on: date) -> str:
    """How the award stands on a day. It lapses on the day 36 months after it was given, whether anybody does anything
    or not, and an appeal changes nothing until it is decided."""
    stage = case.appealed_from if case.stage == APPEALED else case.stage
    if stage == WITHDRAWN:
        return WITHDRAWN
    if stage == RENEWED:
        return SUPERSEDED
    if stage not in (AWARDED, SUSPENDED):
        return NO_AWARD
    if on >= expires_on(case.awarded_on):
        return LAPSED
    if stage == SUSPENDED:
        return SUSPENDED
    return INTERIM_DUE if case.interim_on is None and on >= interim_due_on(case.awarded_on) else VALID


def interim_due_on(awarded_on: date) -> date:
    """The day by which an award is looked at again."""
    return months_after(awarded_on, INTERIM_MONTHS)


def expires_on(awarded_on: date) -> date:
    """The first day on which an award holds no more."""
    return months_after(awarded_on, AWARD_MONTHS)


def months_after(day: date, months: int) -> date:
    """The same day of the month so many months on; where that month is shorter, its last day."""
    years, month = divmod(day.month - 1 + months, 12)
    year = day.year + years
    return date(year, month + 1, min(day.day, calendar.monthrange(year, month + 1)[1]))


# Guards: each gives the reason why not, or None.


def _are_outsiders(case: Case, step: Step) -> str | None:
    concerned = step.people or (step.by,)
    return OUTSIDER if any(case.organisation in person.organisations for person in concerned) else None


def _names_assessors(case: Case, step: Step) -> str | None:
    return None if step.people and all(_ASSESSOR in person.roles for person in step.people) else NOBODY


def _have_not_decided(case: Case, step: Step) -> str | None:
    return APART if {person.id for person in step.people} & (case.panel | case.decided_by) else None


def _is_assigned(case: Case, step: Step) -> str | None:
    return None if step.by.id in case.assessors else ASSIGNED


def _has_declared(case: Case, step: Step) -> str | None:
    return None if step.by.id in case.cleared else DECLARED


def _has_not_said_otherwise(case: Case, step: Step) -> str | None:
    return DECLARED if step.outcome == CLEAR and step.by.id in case.conflicted else None


def _has_no_conflict(case: Case, step: Step) -> str | None:
    return DECLARED if {person.id for person in step.people} & case.conflicted else None


def _has_assessed(case: Case, step: Step) -> str | None:
    return None if case.assessed_by & case.assessors else ASSIGNED


def _gives_reasons(case: Case, step: Step) -> str | None:
    return None if step.reasons.strip() else REASONS


def _says_what_and_when(case: Case, step: Step) -> str | None:
    asks = step.outcome in (ACTION_POINTS, DEFERRED)
    return WHAT_AND_WHEN if asks and not (step.criteria and step.due and step.due > step.on) else None


def _are_enough(case: Case, step: Step) -> str | None:
    members = {person.id for person in step.people if _PANEL in person.roles}
    return None if len(members) == len(step.people) >= PANEL_AT_LEAST else ALONE


def _have_not_assessed(case: Case, step: Step) -> str | None:
    concerned = {person.id for person in step.people or (step.by,)}
    return APART if concerned & (case.assessors | case.assessed_by) else None


def _are_not_barred(case: Case, step: Step) -> str | None:
    return AGAIN if {person.id for person in step.people} & case.barred else None


def _is_on_panel(case: Case, step: Step) -> str | None:
    return None if step.by.id in case.panel else MEMBER


def _all_have_said(case: Case, step: Step) -> str | None:
    return None if len(case.panel) >= PANEL_AT_LEAST and case.panel <= case.views else VIEWS


def _facts_are_checked(case: Case, step: Step) -> str | None:
    return None if case.facts_checked or step.on >= case.released_on + FACT_CHECK else CHECKING


def _still_runs(case: Case, step: Step) -> str | None:
    awarded = case.stage in (AWARDED, SUSPENDED)
    return OVER if awarded and step.on >= expires_on(case.awarded_on) else None


def _interim_is_near(case: Case, step: Step) -> str | None:
    return TOO_EARLY if step.on < months_after(case.awarded_on, INTERIM_OPENS_MONTHS) else None


def _is_in_time(case: Case, step: Step) -> str | None:
    return TOO_LATE if step.on > case.decided_on + APPEAL_WITHIN else None


def _is_replaced(case: Case, step: Step) -> str | None:
    return None if step.replaced_by else NO_AWARD_AFTER


Guard = Callable[[Case, Step], str | None]
_ASSESSES: tuple[Guard, ...] = (_are_outsiders, _is_assigned, _has_declared)
_DECIDES: tuple[Guard, ...] = (
    _are_outsiders, _have_not_assessed, _is_on_panel, _has_declared, _all_have_said, _gives_reasons,
)  # fmt: skip
_SITS: tuple[Guard, ...] = (_are_outsiders, _has_no_conflict, _have_not_assessed, _are_not_barred)
GUARDS: Mapping[str, tuple[Guard, ...]] = {
    "audit.return": (*_ASSESSES, _gives_reasons),
    "assessment.assign": (_names_assessors, _are_outsiders, _has_no_conflict, _have_not_decided),
    "interest.declare": (_has_not_said_otherwise,),
    "judgement.record": _ASSESSES,
    "assessment.report": (*_ASSESSES, _has_assessed, _says_what_and_when),
    "visit.record": _ASSESSES,
    "report.release": _ASSESSES,
    "panel.convene": (_still_runs, _are_enough, *_SITS),
    "panel.view": (_still_runs, _are_outsiders, _is_on_panel, _has_declared),
    "panel.decide": (*_DECIDES, _facts_are_checked, _says_what_and_when),
    "interim.review": (_still_runs, _are_outsiders, _has_declared, _interim_is_near),
    "award.renew": (_still_runs, _are_outsiders, _is_replaced),
    "award.suspend": (_still_runs, *_DECIDES),
    "award.restore": (_still_runs, *_DECIDES),
    "award.keep": (_still_runs, *_DECIDES),
    "award.withdraw": (_still_runs, *_DECIDES),
    "appeal.lodge": (_still_runs, _is_in_time, _gives_reasons),
    "appeal.decide": _DECIDES,
}


# What a step leaves behind, besides the stage.


def _declares(case: Case, step: Step) -> dict:
    one = frozenset({step.by.id})
    if step.outcome == CLEAR:
        return {"cleared": case.cleared | one}
    return {
        "cleared": case.cleared - one,
        "conflicted": case.conflicted | one,
        "assessors": case.assessors - one,
        "panel": case.panel - one,
        "views": case.views - one,
    }


def _judges(case: Case, step: Step) -> dict:
    return {"assessed_by": case.assessed_by | {step.by.id}}


def _convenes(case: Case, step: Step) -> dict:
    return {"panel": frozenset(person.id for person in step.people), "views": frozenset()}


def _decides(case: Case, step: Step) -> dict:
    done = {
        "decided_by": case.decided_by | case.panel,
        "decided_on": step.on,
        "panel": frozenset(),
        "views": frozenset(),
    }
    return done | ({"awarded_on": step.on} if step.outcome == AWARDED else {})


def _lodges(case: Case, step: Step) -> dict:
    return {"appealed_from": case.stage, "barred": case.decided_by, "panel": frozenset(), "views": frozenset()}


def _settles_appeal(case: Case, step: Step) -> dict:
    return _decides(case, step) | {"appealed_from": None}


EFFECTS: Mapping[str, Callable[[Case, Step], dict]] = {
    "assessment.assign": lambda case, step: {"assessors": case.assessors | {person.id for person in step.people}},
    "interest.declare": _declares,
    "judgement.record": _judges,
    "report.release": lambda case, step: {"released_on": step.on, "facts_checked": False},
    "report.correct": lambda case, step: {"facts_checked": True},
    "panel.convene": _convenes,
    "panel.view": lambda case, step: {"views": case.views | {step.by.id}},
    "panel.decide": _decides,
    "interim.review": lambda case, step: {"interim_on": step.on},
    "award.suspend": _decides,
    "award.restore": _decides,
    "award.keep": _decides,
    "award.withdraw": _decides,
    "appeal.lodge": _lodges,
    "appeal.decide": _settles_appeal,
}

"""Whose turn it is with a submission, what they are to do, and by when: what `stages.py` lets follow, told as tasks.

Nothing is read here, and no clock: `Way` is what is known of one submission, and the day is given.
"""

from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from datetime import date

from .stages import (
    ACTION_POINTS,
    APPEALED,
    ASSESSING,
    AWARDED,
    DEFERRED,
    PANEL_AT_LEAST,
    READY,
    RELEASED,
    SUBMITTED,
    SUSPENDED,
    VISITED,
)

TEAM, MANAGER, ASSESSOR, PANEL = "team", "manager", "assessor", "panel"
ASKED, CLEARED, SAID = "asked", "cleared", "said"  # how far somebody who was asked to judge has come
ASSESSES = {SUBMITTED: "assess", ASSESSING: "go-on", READY: "visit", VISITED: "release"}
CONVENES = {RELEASED: "convene", SUSPENDED: "convene-suspended", APPEALED: "convene-appealed"}


@dataclass(frozen=True)
class Assessing:
    """Somebody who was asked to assess, still does so for the body, and has declared no conflict."""

    id: str
    standing: str  # ASKED, CLEARED, or SAID once they have reported
    blinded: bool = False


@dataclass(frozen=True)
class Way:
    """What is known of a submission. `panel`: who sits on the one that has not decided, and how far each has come;
    `gone`: those of them who sit on panels here no more. `drawn`: a second, blinded assessor is wanted. Days that do
    not apply are None."""

    stage: str
    taken: bool = True
    drawn: bool = False
    assessing: tuple[Assessing, ...] = ()
    points_by: date | None = None
    facts_by: date | None = None  # None once the facts are checked
    deferral_by: date | None = None
    panel: dict[str, str] | None = None
    gone: frozenset[str] = field(default=frozenset())
    interim_from: date | None = None  # None once it was done
    interim_by: date | None = None
    until: date | None = None  # the first day on which the award holds no more


@dataclass(frozen=True)
class Wait:
    """Something that waits: whose it is (`of`), who of them where some are meant (`people`), from and by which day."""

    of: str
    what: str
    people: tuple[str, ...] = ()
    opens: date | None = None
    by: date | None = None


def waits(way: Way, on: date) -> Iterator[Wait]:
    """All that waits with a submission as of a day; nothing where all is decided and no day is near."""
    if not way.taken:
        yield Wait(MANAGER, "take")
    elif way.stage in (*ASSESSES, ACTION_POINTS):
        yield from _of_assessing(way)
    elif way.stage == DEFERRED:
        yield Wait(TEAM, "deferral", by=way.deferral_by)
    elif way.stage in (AWARDED, SUSPENDED) and way.until and on >= way.until:
        return  # it has run out, and nothing can be done about it any more
    elif way.panel is not None or way.stage in CONVENES:
        yield from _of_panel(way, on)
    yield from _besides(way, on)


def _of_assessing(way: Way) -> Iterator[Wait]:
    first = [one for one in way.assessing if not one.blinded]
    if way.stage == ACTION_POINTS:
        yield Wait(TEAM, "points", by=way.points_by)
    elif not first:
        yield Wait(MANAGER, "assign")
    elif way.drawn and first == list(way.assessing):
        yield Wait(MANAGER, "assign-second")
    if asked := _people(first, ASKED):
        yield Wait(ASSESSOR, "declare", asked)
    if way.stage in ASSESSES and (judging := _people(first, CLEARED, SAID)):
        yield Wait(ASSESSOR, ASSESSES[way.stage], judging)


def _of_panel(way: Way, on: date) -> Iterator[Wait]:
    sitting = way.panel or {}
    silent = {id for id, standing in sitting.items() if standing != SAID}
    if len(sitting) < PANEL_AT_LEAST or silent & way.gone:
        yield Wait(MANAGER, CONVENES.get(way.stage, "convene"))
        return
    for what, standing in (("declare", ASKED), ("view", CLEARED)):
        if people := tuple(sorted(id for id, come in sitting.items() if come == standing)):
            yield Wait(PANEL, what, people)
    if not silent and not _may_correct(way, on):
        yield Wait(PANEL, "decide", tuple(sorted(sitting)))


def _besides(way: Way, on: date) -> Iterator[Wait]:
    """What does not wait for anything else of this, nor anything for it."""
    if _may_correct(way, on):
        yield Wait(TEAM, "facts", by=way.facts_by)
    blinded = [one for one in way.assessing if one.blinded]
    for what, standing in (("declare", ASKED), ("assess", CLEARED)):
        if people := _people(blinded, standing):
            yield Wait(ASSESSOR, what, people)
    if way.stage == AWARDED and way.interim_from:
        yield _of_interim(way)


def _of_interim(way: Way) -> Wait:
    """Whoever assessed it looks at it again; where they are not there any more, somebody else who is asked."""
    first = [one for one in way.assessing if not one.blinded]
    days = {"opens": way.interim_from, "by": way.interim_by}
    if able := _people(first, SAID, CLEARED):
        return Wait(ASSESSOR, "interim", able, **days)
    if asked := _people(first, ASKED):
        return Wait(ASSESSOR, "declare", asked, **days)
    return Wait(MANAGER, "assign-interim", **days)


def _may_correct(way: Way, on: date) -> bool:
    return way.stage == RELEASED and way.facts_by is not None and on < way.facts_by


def _people(assessing: Iterable[Assessing], *standings: str) -> tuple[str, ...]:
    return tuple(sorted(one.id for one in assessing if one.standing in standings))

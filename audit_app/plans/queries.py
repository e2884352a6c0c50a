"""Questions about plans: what is to be done at a setting, what came of what was promised, and who must know."""

import json
from dataclasses import dataclass, replace
from datetime import date, datetime

from sqlalchemy import select

from ..access import MAY, Grant, Person
from ..audits.models import Audit
from ..db import as_day, db, today
from ..ledger.models import Operation, Write
from ..sites.models import Site
from ..sites.queries import sites_seen_by
from .awaited import Awaited, awaited
from .due import DONE, DROPPED, ORDER, OVERDUE, SETTLED, WEEK, Figures, figures, stands
from .models import PlanItem

SETTLES = "plan.settle"


@dataclass(frozen=True)
class Planned:
    """One item of a plan as people read it, on a day. `stands` is one of `due.ORDER`; `state` is None where people
    differ. `criteria` are ids; `answers` are dicts as in `AnsweredSchema`. `carried`: it was planned in an earlier
    audit and is open still."""

    id: str
    audit: str
    site: str
    what: str
    criteria: tuple[str, ...]
    whose: str
    due: date | None
    state: str | None
    reason: str | None
    outcome: str | None
    answers: tuple[dict, ...]
    stands: str
    carried: bool = False

    @property
    def is_open(self) -> bool:
        """Is there still something to do?"""
        return self.stands not in SETTLED


def plan_of(audit_id: str, on: date | None = None) -> list[Planned]:
    """The plan as this audit knows it: what was planned in it, and what earlier audits of its site planned and nobody
    has settled yet (`carried`); overdue first, then due this week, then the rest, and last what is settled."""
    audit, earlier = _with_earlier(audit_id)
    made = _items([audit.id] if audit else [], on or today())
    carried = [replace(one, carried=True) for one in _items(earlier, on or today()) if one.is_open]
    return in_order(made + carried)


def plan_of_site(site_id: str, on: date | None = None) -> list[Planned]:
    """Everything that any audit of this setting planned, in the same order. What an audit before the newest planned and
    nobody has settled is `carried`."""
    audits = _audits_of(site_id)
    found = _items(audits, on or today())
    return in_order([replace(one, carried=one.is_open and one.audit != audits[0]) for one in found])


def promised(audit_id: str, on: date | None = None) -> Figures:
    """What came of what was promised after the last look: all that the audit before this one planned, and what still
    older ones planned and was open then."""
    _, earlier = _with_earlier(audit_id)
    found = _items(earlier, on or today())
    return figures(one.stands for one in found if one.is_open or one.audit == earlier[0])


def in_order(items: list[Planned]) -> list[Planned]:
    """Overdue first, then due this week, then the rest; within each the earliest first."""
    return sorted(items, key=lambda one: (ORDER.index(one.stands), one.due or date.max, one.what, one.id))


@dataclass(frozen=True)
class Reminder:
    """What somebody has to be reminded of: the overdue items and those due this week, by the name of the setting; and
    what else is awaited of them there, as of a day."""

    name: str
    email: str
    sites: tuple[tuple[str, tuple[Planned, ...]], ...]
    awaited: tuple[tuple[str, tuple[Awaited, ...]], ...]
    on: date

    def count(self, standing: str) -> int:
        """How many items stand like this."""
        planned = sum(one.stands == standing for _, items in self.sites for one in items)
        return planned + sum(one.stands_on(self.on) == standing for _, items in self.awaited for one in items)


def reminders(on: date | None = None) -> list[Reminder]:
    """A reminder for everybody whose role lets them settle items that are overdue or due this week, and for everybody
    of whom something else is awaited, by address."""
    day = on or today()
    planned, waiting = _planned_for_people(day), _awaited_of_people(day)
    query = select(Person).filter(Person.id.in_(planned.keys() | waiting.keys())).order_by(Person.email)
    return [
        Reminder(person.name, person.email, planned.get(person.id, ()), waiting.get(person.id, ()), day)
        for person in db.session.scalars(query)
    ]


def _awaited_of_people(on: date) -> dict[str, tuple]:
    """What is awaited of each person soon, place after place."""
    found: dict[str, dict[str, list[Awaited]]] = {}
    near = [one for one in awaited(on) if one.is_near(on)]
    for one in sorted(near, key=lambda one: (one.place, one.due or date.max, one.id)):
        for person in one.people:
            found.setdefault(person, {}).setdefault(one.place, []).append(one)
    return {person: tuple((place, tuple(ones)) for place, ones in told.items()) for person, told in found.items()}


def _planned_for_people(on: date) -> dict[str, tuple]:
    """The urgent items of the plans that each person may settle, setting after setting."""
    urgent: dict[str, list[Planned]] = {}
    open_ones = select(PlanItem.audit_id).filter(PlanItem.due.is_not(None), _is_open()).distinct()
    for item in in_order(_items(list(db.session.scalars(open_ones)), on)):
        if item.stands in (OVERDUE, WEEK):
            urgent.setdefault(item.site, []).append(item)
    sites = list(db.session.scalars(select(Site).filter(Site.id.in_(urgent)).order_by(Site.name, Site.id)))
    return {
        person.id: told
        for person, grants in _who_settle()
        if (told := tuple((site.name, tuple(urgent[site.id])) for site in sites if _reach(grants, site)))
    }


@dataclass(frozen=True)
class Dated:
    """An open item with a day, where it is, and when something about it last reached the service."""

    item: Planned
    site: Site
    changed_at: datetime


def dated_items_of(person: Person, on: date | None = None) -> list[Dated]:
    """The open items that have a day, of all settings whose audits `person` may see now, by that day."""
    sites = {site.id: site for site in sites_seen_by(person, "audit.see")}
    audits = select(Audit.id).filter(Audit.site_id.in_(sites))
    found = [one for one in _items(list(db.session.scalars(audits)), on or today()) if one.due and one.is_open]
    changed = _last_changes({one.audit for one in found})
    return [
        Dated(one, sites[one.site], changed[one.audit, one.id])
        for one in sorted(found, key=lambda one: (one.due, one.what, one.id))
    ]


def _last_changes(audits: set[str]) -> dict[tuple[str, str], datetime]:
    query = (
        select(Write.stream_id, Write.register, Operation.received_at)
        .join(Operation, (Operation.stream_id == Write.stream_id) & (Operation.number == Write.number))
        .filter(Write.stream_id.in_(audits), Write.register.like("plan/%"), Write.live)
    )
    found: dict[tuple[str, str], datetime] = {}
    for audit, register, at in db.session.execute(query):
        key = (audit, register.split("/")[1])
        found[key] = max(at, found.get(key, at))
    return found


def _who_settle() -> list[tuple[Person, list[Grant]]]:
    """Everybody whose role now includes settling an item, with the grants that say so, by address."""
    query = (
        select(Person, Grant)
        .join(Grant, Grant.person_id == Person.id)
        .filter(Grant.ended_at.is_(None), Grant.role.in_(MAY[SETTLES]))
        .order_by(Person.email)
    )
    found: dict[str, tuple[Person, list[Grant]]] = {}
    for person, grant in db.session.execute(query):
        found.setdefault(person.id, (person, []))[1].append(grant)
    return list(found.values())


def _reach(grants: list[Grant], site: Site) -> bool:
    return any(grant.reaches(site.organisation_id, site.id) for grant in grants)


def _is_open():
    return PlanItem.state.is_(None) | PlanItem.state.not_in((DONE, DROPPED))


def _audits_of(site_id: str) -> list[str]:
    """The audits of a setting, newest first."""
    query = select(Audit.id).filter_by(site_id=site_id).order_by(Audit.opened_at.desc(), Audit.id.desc())
    return list(db.session.scalars(query))


def _with_earlier(audit_id: str) -> tuple[Audit | None, list[str]]:
    """The audit (None while its opening is kept), and those of its setting that were opened before it, newest first."""
    audit = db.session.get(Audit, audit_id)
    audits = _audits_of(audit.site_id) if audit else []
    return audit, audits[audits.index(audit_id) + 1 :] if audit else []


def _items(audits: list[str], on: date) -> list[Planned]:
    """The items of these audits. One whose words have not arrived yet is not shown."""
    query = select(PlanItem, Audit.site_id).join(Audit, Audit.id == PlanItem.audit_id)
    query = query.filter(PlanItem.audit_id.in_(audits), PlanItem.what.is_not(None))
    return [
        Planned(
            id=row.id,
            audit=row.audit_id,
            site=site_id,
            what=row.what,
            criteria=tuple(json.loads(row.criteria)),
            whose=row.whose or "",
            due=as_day(row.due),
            state=row.state,
            reason=row.reason,
            outcome=row.outcome,
            answers=tuple(json.loads(row.answers)),
            stands=stands(row.state, row.due, on),
        )
        for row, site_id in db.session.execute(query)
    ]

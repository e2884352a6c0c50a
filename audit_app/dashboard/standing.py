"""How settings stand: the heat map of settings by principle or lens, from findings, and what is due."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from operator import itemgetter

import orjson
from flask import current_app
from sqlalchemy import Select, func, select, text

from ..access import Person
from ..audits.models import Audit, Contributor
from ..checklists.models import Edition
from ..db import among, now, rows_of
from ..evidence.glances import Glimpse, glances_of
from ..plans.due import SOON
from ..plans.models import OPEN_AND_DATED, PlanItem
from ..sites.models import Site
from .asking import CHANGE, DUE, GAP, Asked, Look, looks
from .asking import SHOWN as BY_SHOWN
from .changing import moves_of

PAGE = 100
PLAN, AUDIT, NEVER = "plan", "audit", "never-audited"


def settings(person: Person, asked: Asked, kept: Callable[[str], object] = orjson.loads) -> dict:
    """Settings side by side: each with its audit, and for every principle, or group of the lens asked for, how many
    findings stand at each step, whether the edition's rule says that it is shown, and what it lacks if not.

    `kept`: what becomes of figures that are kept as JSON. `orjson.Fragment` passes them on as they are."""
    found = looks(person, asked)
    glances = glances_of({look.audit: edition_of(look) for look in found if look.audit}, asked.lens)
    dues = next_dues(person, asked)
    moved = _moves(found) if asked.order == CHANGE else {}
    rows = [
        _Row(look, glances.get(look.audit, NOTHING), next_due(look, dues.get(look.site)), moved.get(look.audit))
        for look in found
    ]
    if asked.order in ORDER:
        rows.sort(key=lambda row: (ORDER[asked.order](row), row.look.name, row.look.site))
    return {"settings": [row.told(kept) for row in rows], "total": len(rows)}


NOTHING = Glimpse()


@dataclass(frozen=True, slots=True)
class _Row:
    """A setting of the heat map."""

    look: Look
    seen: Glimpse
    next_due: str
    change: float | None

    def told(self, kept: Callable[[str], object]) -> dict:
        audit = self.look.audit and audit_of(self.look) | {
            "contributors": kept(self.seen.speaking),
            "shown": self.seen.shown,
            "not_yet": kept(self.seen.not_yet),
            "open": kept(self.seen.open),
            "headings": kept(self.seen.headings),
        }
        return about(self.look) | {"audit": audit, "next_due": self.next_due, "change": self.change}


ORDER = {  # what else comes first than by name; by name where equal
    DUE: lambda row: row.next_due,
    CHANGE: lambda row: -abs(row.change or 0),
    GAP: lambda row: 1.0 if row.seen.gap is None else -row.seen.gap,
    BY_SHOWN: lambda row: -row.seen.shown if row.look.audit else 1,
}


def about(look: Look) -> dict:
    """A setting as every figure names it."""
    return {"id": look.site, "name": look.name, "sector": look.sector, "organisation": look.organisation}


def audit_of(look: Look) -> dict:
    """An audit as every figure names it."""
    return {
        "id": look.audit,
        "checklist": look.checklist,
        "edition": look.edition,
        "track": look.track,
        "stage": look.stage,
        "opened_at": look.at,
        "cycle": look.cycle,
        "previous": look.previous,
    }


def edition_of(look: Look) -> Edition:
    """The edition that an audit uses."""
    return current_app.extensions["checklists"].find(look.checklist, look.edition)


def contributors_of(audits: Sequence[str]) -> dict[str, dict[str, int]]:
    """How many speak in each audit, voice by voice."""
    query = (
        select(Contributor.audit_id, Contributor.voice, func.count())
        .filter(among(Contributor.audit_id, audits), ~Contributor.withdrawn, Contributor.voice.is_not(None))
        .group_by(Contributor.audit_id, Contributor.voice)
    )
    found: dict[str, dict[str, int]] = {}
    for audit, voice, number in rows_of(query):
        found.setdefault(audit, {})[voice] = number
    return found


def _moves(found: Sequence[Look]) -> dict[str, float]:
    """The largest change of any principle since the audit before, up or down, by audit."""
    moved: dict[str, float] = {}
    for audit, _, change in moves_of(found):
        moved[audit] = max(moved.get(audit, 0.0), change, key=abs)
    return moved


# what is due


def next_due(look: Look, planned: str | None) -> str:
    """The day on which something is due next at a setting, or was: its first open item, or its next audit. A setting
    that was never audited is due now."""
    return min(day for day in (planned, audit_due(look).isoformat()) if day)


def audit_due(look: Look) -> date:
    """The day on which a setting's next audit is due, so many days after its latest was opened."""
    if look.opened_at is None:
        return now().date()
    return look.opened_at.date() + timedelta(days=current_app.config["AUDIT_EVERY_DAYS"])


def next_dues(person: Person, asked: Asked) -> dict[str, str]:
    """The earliest day of any open item of the plans of each setting."""
    query = (
        select(Site.id, func.min(PlanItem.due))
        .join(Audit, Audit.site_id == Site.id)
        .join(PlanItem, PlanItem.audit_id == Audit.id)
        .filter(*asked.settings(person), text(OPEN_AND_DATED))
        .group_by(Site.id)
    )
    return dict(rows_of(query))


def due(person: Person, asked: Asked, today: date | None = None) -> dict:
    """What is due at these settings, earliest first, a page at a time: items of plans that are overdue or due within a
    week, with whose task each is and how many days late; and audits. `overdue`, `week`: how many there are in all."""
    today = today or now().date()
    day, soon, end = today.isoformat(), (today + SOON).isoformat(), asked.after + PAGE
    open_items = (*asked.settings(person), text(OPEN_AND_DATED), PlanItem.due <= soon)
    audits = [one for look in looks(person, asked) if (one := _audit_due(look))[0] <= soon]
    [(items, late)] = rows_of(_of_plans(func.count(), func.count().filter(PlanItem.due < day)).filter(*open_items))
    found = sorted(audits + _first_items(open_items, end), key=itemgetter(0, 1, 2, 3))
    late += sum(one[0] < day for one in audits)
    page = [
        {"kind": kind, "due": on, "name": name, "days_late": max(0, (today - date.fromisoformat(on)).days), **more}
        for on, name, kind, _, more in found[asked.after : end]
    ]
    total = items + len(audits)
    return {"due": page, "total": total, "overdue": late, "week": total - late}


def _audit_due(look: Look) -> tuple:
    kind = AUDIT if look.audit else NEVER
    return audit_due(look).isoformat(), look.name, kind, look.site, {"audit": look.audit, "site": look.site}


def _of_plans(*columns) -> Select:
    return select(*columns).join_from(PlanItem, Audit, Audit.id == PlanItem.audit_id).join(Site)


def _first_items(wanted: tuple, number: int) -> list[tuple]:
    """The first so many items by day, and all others of the last of those days: of one day whoever asks sorts them."""
    days = _of_plans(PlanItem.due).filter(*wanted).order_by(PlanItem.due).limit(number).subquery()
    columns = (PlanItem.due, PlanItem.id, PlanItem.audit_id, PlanItem.what, PlanItem.whose, Site.id, Site.name)
    until = select(func.max(days.c.due)).scalar_subquery()
    return [
        (day, name, PLAN, id, {"item": id, "audit": audit, "what": what, "whose": whose or "", "site": site})
        for day, id, audit, what, whose, site, name in rows_of(
            _of_plans(*columns).filter(*wanted, PlanItem.due <= until)
        )
    ]

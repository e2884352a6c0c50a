"""How settings stand: the heat map of settings by principle or lens, from findings, and what is due."""

from collections.abc import Iterable, Sequence
from datetime import date, timedelta
from operator import itemgetter

from flask import current_app
from sqlalchemy import func, select, text

from ..access import Person
from ..audits.models import Audit, Contributor, Score
from ..audits.scoring import NOT_YET, OPEN, SHOWN, Reading, read_principle
from ..checklists.models import Edition
from ..db import now
from ..evidence.models import Kinds
from ..evidence.queries import kinds_by_principle
from ..evidence.schemas import PHOTO
from ..plans.due import SOON
from ..plans.models import OPEN_AND_DATED, PlanItem
from ..sites.models import Site
from .asking import CHANGE, DUE, GAP, Asked, Look, among, looks, rows_of
from .asking import SHOWN as BY_SHOWN
from .changing import moves_of

PAGE = 100
PRINCIPLES = ""
EVERY_PRINCIPLE = "every-principle"
PLAN, AUDIT, NEVER = "plan", "audit", "never-audited"

_SCORE, _KINDS = Score.__table__.c, Kinds.__table__.c
_CELLS = select(
    *(_SCORE[name] for name in ("audit_id", "heading", "position", "criteria", "at0", "at1", "at2", "at3")),
    *(_SCORE[name] for name in ("not_applicable", "answered", "voices", "gap")),
    _KINDS.kinds,
).outerjoin_from(
    Score.__table__, Kinds.__table__, (_KINDS.audit_id == _SCORE.audit_id) & (_KINDS.principle == _SCORE.heading)
)


def settings(person: Person, asked: Asked) -> dict:
    """Settings side by side: each with its audit, and for every principle, or group of the lens asked for, how many
    findings stand at each step, whether the edition's rule says that it is shown, and what it lacks if not."""
    found = looks(person, asked)
    audits = [look.audit for look in found if look.audit]
    voices, dues = contributors_of(audits), next_dues(person, asked)
    cells = _cells(found, asked.lens)
    moved = _moves(found) if asked.order == CHANGE else {}
    told = [
        about(look)
        | {
            "audit": look.audit and _audit(look, cells.get(look.audit, []), voices.get(look.audit, {})),
            "next_due": next_due(look, dues.get(look.site)),
            "change": moved.get(look.audit),
        }
        for look in found
    ]
    return {"settings": sorted(told, key=ORDER[asked.order]) if asked.order in ORDER else told, "total": len(told)}


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


def _audit(look: Look, cells: list[dict], voices: dict[str, int]) -> dict:
    return audit_of(look) | {
        "contributors": voices,
        "shown": sum(cell["state"] == SHOWN for cell in cells),
        "not_yet": [cell["heading"] for cell in cells if cell["state"] == NOT_YET],
        "open": [cell["heading"] for cell in cells if cell["state"] == OPEN],
        "headings": cells,
    }


def _cells(found: Sequence[Look], lens: str) -> dict[str, list[dict]]:
    """The headings of each audit, in the edition's order."""
    editions = {look.audit: edition_of(look) for look in found if look.audit}
    rows = rows_of(_CELLS.filter(among(Score.audit_id, list(editions)), Score.lens == lens))
    rules = {id: edition.award_rule for id, edition in editions.items() if lens == PRINCIPLES and has_rule(edition)}
    hanging = _hanging_on_a_photo(rows, rules)
    here = kinds_by_principle(sorted(hanging)) if hanging else {}
    told: dict[str, list[dict]] = {}
    readings: dict[tuple, Reading] = {}  # of ten thousand cells most have been read before
    for audit, heading, position, criteria, at0, at1, at2, at3, not_applicable, answered, voices, gap, kinds in rows:
        at, state, lacks = (at0, at1, at2, at3), None, ()
        if audit in rules:
            number = kinds.count(",") + 1 if kinds else 0
            if audit in hanging:
                number = len(here.get((audit, heading), ()))
            key = (editions[audit].slug, editions[audit].edition, at, not_applicable, criteria, number, voices)
            reading = readings.get(key)
            if reading is None:
                spoken = voices.split(",") if voices else ()
                reading = read_principle(rules[audit], at, not_applicable, criteria, number, spoken)
                readings[key] = reading
            state, lacks = reading.state, reading.lacks
        cell = {
            "heading": heading,
            "criteria": criteria,
            "at": at,
            "not_applicable": not_applicable,
            "answered": answered,
            "gap": gap,
            "state": state,
            "lacks": lacks,
        }
        told.setdefault(audit, []).append((position, cell))
    return {audit: [cell for _, cell in sorted(cells, key=itemgetter(0))] for audit, cells in told.items()}


def has_rule(edition: Edition) -> bool:
    """Does the edition say when a principle is shown?"""
    return edition.award_rule is not None and edition.award_rule["kind"] == EVERY_PRINCIPLE


def _hanging_on_a_photo(rows: Iterable, rules: dict[str, dict]) -> set[str]:
    """The audits where it may hang on a photo, whose bytes may still be on their way, whether a principle is shown."""
    return {
        row.audit_id
        for row in rows
        if row.kinds and PHOTO in row.kinds and row.audit_id in rules
        if row.kinds.count(",") + 1 == rules[row.audit_id]["evidence_kinds"]
    }


def _moves(found: Sequence[Look]) -> dict[str, float]:
    """The largest change of any principle since the audit before, up or down, by audit."""
    moved: dict[str, float] = {}
    for audit, _, change in moves_of(found):
        moved[audit] = max(moved.get(audit, 0.0), change, key=abs)
    return moved


def _gap_of(setting: dict) -> float:
    cells = setting["audit"]["headings"] if setting["audit"] else []
    return max((cell["gap"] for cell in cells if cell["gap"] is not None), default=-1.0)


ORDER = {
    DUE: lambda one: (one["next_due"], one["name"], one["id"]),
    CHANGE: lambda one: (-abs(one["change"] or 0), one["name"], one["id"]),
    GAP: lambda one: (-_gap_of(one), one["name"], one["id"]),
    BY_SHOWN: lambda one: (-one["audit"]["shown"] if one["audit"] else 1, one["name"], one["id"]),
}


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
        .filter(*asked.settings(person), *_is_open())
        .group_by(Site.id)
    )
    return dict(rows_of(query))


def _is_open() -> tuple:
    return PlanItem.what.is_not(None), text(OPEN_AND_DATED)


def due(person: Person, asked: Asked, today: date | None = None) -> dict:
    """What is due at these settings, earliest first, a page at a time: items of plans that are overdue or due within a
    week, with whose task each is and how many days late; and audits. `overdue`, `week`: how many there are in all."""
    today = today or now().date()
    soon = (today + SOON).isoformat()
    items = (
        select(PlanItem.due, PlanItem.id, PlanItem.audit_id, PlanItem.what, PlanItem.whose, Site.id, Site.name)
        .join(Audit, Audit.id == PlanItem.audit_id)
        .join(Site, Site.id == Audit.site_id)
        .filter(*asked.settings(person), *_is_open(), PlanItem.due <= soon)
    )
    found = [
        {"kind": PLAN, "due": day, "item": id, "audit": audit, "what": what, "whose": whose or ""}
        | {"site": site, "name": name}
        for day, id, audit, what, whose, site, name in rows_of(items)
    ]
    for look in looks(person, asked):
        day = audit_due(look).isoformat()
        if day <= soon:
            kind = AUDIT if look.audit else NEVER
            found.append({"kind": kind, "due": day, "audit": look.audit, "site": look.site, "name": look.name})
    found.sort(key=lambda one: (one["due"], one["name"], one["kind"], one.get("item", one["site"])))
    late = sum(one["due"] < today.isoformat() for one in found)
    page = found[asked.after : asked.after + PAGE]
    for one in page:
        one["days_late"] = max(0, (today - date.fromisoformat(one["due"])).days)
    return {"due": page, "total": len(found), "overdue": late, "week": len(found) - late}

"""An audit at a glance: how it stands under each heading, kept as one row (`Glance`), so that a dashboard of a thousand
settings reads a thousand rows."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, fields

import orjson
from sqlalchemy import Row, select

from ..audits.models import Score
from ..audits.scoring import NOT_YET, OPEN, SHOWN, Reading, mean, read_principle
from ..checklists.models import Edition
from ..db import among, rows_of
from .models import Evidence, Glance, Kinds, PhotoFile
from .queries import kinds_by_principle
from .schemas import PHOTO

PRINCIPLES = ""
EVERY_PRINCIPLE = "every-principle"

SCORES = (
    select(
        *(Score.audit_id, Score.lens, Score.heading, Score.criteria, Score.at0, Score.at1, Score.at2, Score.at3),
        *(Score.not_applicable, Score.answered, Score.voices, Score.gap, Kinds.kinds),
    )
    .outerjoin(Kinds, (Kinds.audit_id == Score.audit_id) & (Kinds.principle == Score.heading) & (Score.lens == ""))
    .order_by(Score.audit_id, Score.lens, Score.position)
)


def read(edition: Edition, lens: str, rows: Sequence[Row], here: Mapping | None = None) -> dict:
    """What there is to see at a glance under these headings of one audit (rows of `SCORES`), as columns of `Glance`.
    `here`: the kinds of evidence of each (audit, principle), where those that were named will not do."""
    told = [_heading(row, _reading(edition, lens, row, here)) for row in rows]
    by_state = {state: [one["heading"] for one in told if one["state"] == state] for state in (SHOWN, NOT_YET, OPEN)}
    return {
        "headings": written(told),
        "shown": len(by_state[SHOWN]),
        "not_yet": written(by_state[NOT_YET]),
        "open": written(by_state[OPEN]),
        "gap": max((row.gap for row in rows if row.gap is not None), default=None),
    }


def written(told: list | dict) -> str:
    """As JSON."""
    return orjson.dumps(told).decode()


def _heading(row: Row, reading: Reading) -> dict:
    """A heading as `HeadingSchema` has it."""
    return {
        "heading": row.heading,
        "criteria": row.criteria,
        "at": (row.at0, row.at1, row.at2, row.at3),
        "not_applicable": row.not_applicable,
        "answered": row.answered,
        "gap": row.gap,
        "state": reading.state,
        "lacks": reading.lacks,
    }


def _reading(edition: Edition, lens: str, row: Row, here: Mapping | None) -> Reading:
    """What the edition's rule says of a principle; nothing where it has none, or of a lens."""
    if lens != PRINCIPLES or not has_rule(edition):
        return Reading(None)
    number = _number(row.kinds) if here is None else len(here.get((row.audit_id, row.heading), ()))
    at, spoken = (row.at0, row.at1, row.at2, row.at3), row.voices.split(",") if row.voices else ()
    return read_principle(edition.award_rule, at, row.not_applicable, row.criteria, number, spoken)


def has_rule(edition: Edition) -> bool:
    """Does the edition say when a principle is shown?"""
    return edition.award_rule is not None and edition.award_rule["kind"] == EVERY_PRINCIPLE


def _number(kinds: str | None) -> int:
    return kinds.count(",") + 1 if kinds else 0


def mean_of_whole(row: Row) -> float | None:
    """The mean finding where every criterion has one: half an audit says nothing about change."""
    at = (row.at0, row.at1, row.at2, row.at3)
    return mean(at) if sum(at) + row.not_applicable >= row.criteria else None


def hangs(edition: Edition, lens: str, rows: Iterable[Row]) -> bool:
    """May it hang on a photo, whose bytes may still be on their way, whether a principle is shown?"""
    if lens != PRINCIPLES or not has_rule(edition):
        return False
    needed = edition.award_rule["evidence_kinds"]
    return any(row.kinds and PHOTO in row.kinds and _number(row.kinds) == needed for row in rows)


# What a dashboard reads


@dataclass(frozen=True, slots=True)
class Glimpse:
    """What there is to see of an audit at a glance; the words of `Glance` say what each is. Texts are JSON."""

    speaking: str = "{}"
    headings: str = "[]"
    shown: int = 0
    not_yet: str = "[]"
    open: str = "[]"
    gap: float | None = None


NAMES = tuple(field.name for field in fields(Glimpse))


def glances_of(editions: Mapping[str, Edition], lens: str) -> dict[str, Glimpse]:
    """These audits (id to edition) at a glance. Where it hangs on a photo whose bytes are not here, the state of its
    principles is read anew without it."""
    query = select(Glance.audit_id, Glance.hangs, *(getattr(Glance, name) for name in NAMES))
    rows = rows_of(query.filter(among(Glance.audit_id, list(editions)), Glance.lens == lens))
    found = {id: Glimpse(*seen) for id, _, *seen in rows}
    waiting = _waiting_for_photos([row.audit_id for row in rows if row.hangs])
    if waiting:
        here, scores = kinds_by_principle(waiting), {}
        for row in rows_of(SCORES.filter(among(Score.audit_id, waiting), Score.lens == lens)):
            scores.setdefault(row.audit_id, []).append(row)
        for id, own in scores.items():
            found[id] = Glimpse(found[id].speaking, **read(editions[id], lens, own, here))
    return found


def means_of(audits: Collection[str]) -> dict[str, dict[str, float | None]]:
    """The mean finding under each principle of these audits, to four places; None where not all of it is agreed, or
    nothing of it applies."""
    query = select(Glance.audit_id, Glance.means).filter(among(Glance.audit_id, list(audits)), Glance.lens == "")
    return {id: orjson.loads(means) for id, means in rows_of(query)}


def _waiting_for_photos(audits: Sequence[str]) -> list[str]:
    """Those of these audits that name a photo whose bytes are not here."""
    if not audits:
        return []
    query = (
        select(Evidence.audit_id)
        .outerjoin(PhotoFile, (PhotoFile.audit_id == Evidence.audit_id) & (PhotoFile.sha256 == Evidence.sha256))
        .filter(among(Evidence.audit_id, audits), Evidence.kind == PHOTO, ~Evidence.withdrawn)
        .filter(PhotoFile.sha256.is_(None))
        .distinct()
    )
    return [id for (id,) in rows_of(query)]

"""Questions about evidence: what shows which criterion, which photos are here, and who may hand one in."""

import json

from flask import current_app
from sqlalchemy import func, select

from ..access import Person, may
from ..audits.models import Audit
from ..db import db
from ..ledger.models import Operation, Payload, Stream
from .models import Evidence, PhotoFile, Shown
from .schemas import PHOTO

# A photo whose bytes are not here shows nothing, so it is never counted.
IS_HERE = (Evidence.kind != PHOTO) | PhotoFile.sha256.is_not(None)
ITEMS = (
    select(Evidence, PhotoFile)
    .outerjoin(PhotoFile, (PhotoFile.audit_id == Evidence.audit_id) & (PhotoFile.sha256 == Evidence.sha256))
    .filter(~Evidence.withdrawn, Evidence.kind.is_not(None))
)


def evidence_of(audit_id: str) -> list[dict]:
    """The evidence of an audit that stands, in the order it was added: what it is, its caption (null where people
    differ), the criteria it shows, and for a photo where its picture lies (`stored`, null while it is missing)."""
    shown: dict[str, list[str]] = {}
    pairs = select(Shown.evidence_id, Shown.criterion).filter_by(audit_id=audit_id, shows=True)
    for id, criterion in db.session.execute(pairs.order_by(Shown.criterion)):
        shown.setdefault(id, []).append(criterion)
    rows = db.session.execute(ITEMS.filter(Evidence.audit_id == audit_id).order_by(Evidence.id))
    return [_item(one, file, shown.get(one.id, [])) for one, file in rows]


def _item(one: Evidence, file: PhotoFile | None, criteria: list[str]) -> dict:
    details = {name: getattr(one, name) for name in ("voice", "dated", "count", "of", "over", "sha256")}
    picture = {"stored": file.stored, "width": file.width, "height": file.height} if file else {"stored": None}
    return {
        "id": one.id,
        "kind": one.kind,
        "caption": one.caption,
        "where": one.kept_where,
        "criteria": criteria,
        **details,
        **(picture if one.kind == PHOTO else {}),
    }


def kinds_by_criterion(audit_ids: list[str]) -> dict[str, dict[str, dict[str, int]]]:
    """How much evidence of each kind shows each criterion: audit, then criterion, then kind to number of items. Photos
    whose bytes are missing are not counted."""
    query = (
        select(Shown.audit_id, Shown.criterion, Evidence.kind, func.count())
        .join(Evidence, (Evidence.audit_id == Shown.audit_id) & (Evidence.id == Shown.evidence_id))
        .outerjoin(PhotoFile, (PhotoFile.audit_id == Evidence.audit_id) & (PhotoFile.sha256 == Evidence.sha256))
        .filter(Shown.audit_id.in_(audit_ids), Shown.shows, ~Evidence.withdrawn, Evidence.kind.is_not(None), IS_HERE)
        .group_by(Shown.audit_id, Shown.criterion, Evidence.kind)
    )
    found: dict[str, dict[str, dict[str, int]]] = {}
    for audit_id, criterion, kind, number in db.session.execute(query):
        found.setdefault(audit_id, {}).setdefault(criterion, {})[kind] = number
    return found


def kinds_by_principle(audit_ids: list[str]) -> dict[tuple[str, str], set[str]]:
    """Which kinds of evidence show each principle of each audit, photos only where their bytes are here."""
    found: dict[tuple[str, str], set[str]] = {}
    shown = kinds_by_criterion(audit_ids)
    editions = select(Audit.id, Audit.checklist, Audit.edition).filter(Audit.id.in_(shown))
    for audit_id, checklist, edition in db.session.execute(editions):
        principle_of = current_app.extensions["checklists"].find(checklist, edition).principle_of
        for criterion, kinds in shown[audit_id].items():
            found.setdefault((audit_id, principle_of.get(criterion, "")), set()).update(kinds)
    return found


def newest_by_criterion(audit_ids: list[str]) -> dict[str, dict[str, str]]:
    """The day of the newest evidence that shows each criterion: audit, then criterion, then day. A document counts from
    the day it bears, everything else from the day on which its audit was opened."""
    day = func.coalesce(Evidence.dated, func.substr(Audit.at, 1, 10))
    query = (
        select(Shown.audit_id, Shown.criterion, func.max(day))
        .join(Evidence, (Evidence.audit_id == Shown.audit_id) & (Evidence.id == Shown.evidence_id))
        .join(Audit, Audit.id == Shown.audit_id)
        .outerjoin(PhotoFile, (PhotoFile.audit_id == Evidence.audit_id) & (PhotoFile.sha256 == Evidence.sha256))
        .filter(Shown.audit_id.in_(audit_ids), Shown.shows, ~Evidence.withdrawn, Evidence.kind.is_not(None), IS_HERE)
        .group_by(Shown.audit_id, Shown.criterion)
    )
    found: dict[str, dict[str, str]] = {}
    for audit_id, criterion, newest in db.session.execute(query):
        found.setdefault(audit_id, {})[criterion] = newest
    return found


def photos_of(audit_id: str) -> list[dict]:
    """The photos of an audit whose bytes are here, oldest first. `safe`: a backup holds it."""
    query = select(PhotoFile).filter_by(audit_id=audit_id).order_by(PhotoFile.arrived_at, PhotoFile.sha256)
    names = ("sha256", "width", "height", "safe")
    return [{name: getattr(file, name) for name in names} for file in db.session.scalars(query)]


def find_photo(audit_id: str, sha256: str) -> PhotoFile | None:
    """The photo that was handed in under this hash, if its bytes are here."""
    return db.session.get(PhotoFile, (audit_id, sha256))


def is_expected(stream: Stream, sha256: str, person: Person) -> bool:
    """Does something in this audit's ledger name this photo, and may `person` hand in its bytes: as whoever said so
    (also where that was kept), or as one of the team?"""
    said = (
        select(Operation.author_id, Operation.handed_in_by, Payload.body)
        .join(Payload, (Payload.stream_id == Operation.stream_id) & (Payload.number == Operation.number))
        .filter(Operation.stream_id == stream.id, Operation.kind == "evidence.add", Operation.verdict != "refused")
        .filter(Payload.body.contains(sha256))
    )
    rows = [row for row in db.session.execute(said) if json.loads(row.body).get("sha256") == sha256]
    if any(person.id in (row.author_id, row.handed_in_by) for row in rows):
        return True
    return bool(rows) and may(person, "evidence.add", stream.organisation_id, stream.site_id)

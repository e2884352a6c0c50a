"""Draws the tables of evidence from an audit's registers: after each push, and all of them for `verify`."""

import json

from flask import current_app
from sqlalchemy import delete, insert, select

from ..audits.models import Audit
from ..audits.projection import put, sole
from ..db import db
from ..ledger.kinds import AUDIT, projection
from ..ledger.models import Stream
from ..ledger.queries import standing_values
from .models import Evidence, Kinds, Shown


@projection(AUDIT, tables=(Kinds, Shown, Evidence))
def draw_evidence(stream: Stream, changed: dict[str, dict[str, str]]) -> None:
    """Redraw the items that `changed` (register to live operation ids and values) touches."""
    if "audit/opening" in changed:
        changed = standing_values(stream)
    rows: dict[str, list[dict]] = {}
    for register, writes in changed.items():
        thing, *path = register.split("/")
        if thing != "evidence":
            continue
        values = [json.loads(value) for value in dict.fromkeys(writes.values())]
        row = {"audit_id": stream.id} | _row(path, values)
        rows.setdefault(path[1], []).append(row)
    if not rows or db.session.get(Audit, stream.id) is None:
        return
    for field, found in rows.items():
        if field == "shows":
            put(Shown, ("evidence_id", "criterion"), found)
        else:
            put(Evidence, ("id",), found)
    _draw_kinds(stream)


def _draw_kinds(stream: Stream) -> None:
    """Which kinds show each principle; an audit has few items, so all of them are looked at."""
    audit = db.session.get(Audit, stream.id)
    principle_of = current_app.extensions["checklists"].find(audit.checklist, audit.edition).principle_of
    query = (
        select(Shown.criterion, Evidence.kind)
        .join(Evidence, (Evidence.audit_id == Shown.audit_id) & (Evidence.id == Shown.evidence_id))
        .filter(Shown.audit_id == stream.id, Shown.shows, ~Evidence.withdrawn, Evidence.kind.is_not(None))
        .distinct()
    )
    found: dict[str, set[str]] = {}
    for criterion, kind in db.session.execute(query):
        if criterion in principle_of:
            found.setdefault(principle_of[criterion], set()).add(kind)
    db.session.execute(delete(Kinds.__table__).where(Kinds.audit_id == stream.id))
    rows = [{"audit_id": stream.id, "principle": id, "kinds": ",".join(sorted(kinds))} for id, kinds in found.items()]
    if rows:
        db.session.execute(insert(Kinds.__table__), rows)


def _row(path: list[str], values: list) -> dict:
    id, field, *rest = path
    if field == "shows":
        # where one says that it shows something and another that it does not, it counts until that is settled
        return {"evidence_id": id, "criterion": rest[0], "shows": True in values}
    if field == "caption":
        return {"id": id, "caption": sole(values), "caption_differs": len(values) > 1}
    if field == "withdrawn":
        return {"id": id, "withdrawn": sole(values) is True}
    return {"id": id} | _details(sole(values) or {})


def _details(value: dict) -> dict:
    names = ("kind", "voice", "dated", "count", "of", "over", "sha256")
    return {name: value.get(name) for name in names} | {"kept_where": value.get("where")}

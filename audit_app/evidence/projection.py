"""Draws the tables of evidence from an audit's registers: after each push, and all of them for `verify`."""

import json

from ..audits.models import Audit
from ..audits.projection import put, sole
from ..db import db
from ..ledger.kinds import AUDIT, projection
from ..ledger.models import Stream
from ..ledger.queries import standing_values
from .models import Evidence, Shown


@projection(AUDIT, tables=(Shown, Evidence))
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

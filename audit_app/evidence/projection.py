"""Draws the tables of evidence from an audit's registers: after each push, and all of them for `verify`."""

import json

from flask import current_app
from sqlalchemy import Row, bindparam, delete, func, insert, select

from ..audits.models import Audit, Contributor, Score
from ..audits.projection import put, sole
from ..db import db
from ..ledger.kinds import AUDIT, projection
from ..ledger.models import Stream
from ..ledger.queries import standing_values
from .glances import SCORES, hangs, mean_of_whole, read, written
from .models import Evidence, Glance, Kinds, Shown


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


# what a dashboard sees at a glance

TOUCHING = ("audit/", "answer/", "finding/", "contributor/", "evidence/")
WORDS = ("/comment", "/account", "/caption", "/label")  # which no figure is made of
SCORES_OF_ONE = SCORES.filter(Score.audit_id == bindparam("audit"))
SPEAKING = (
    select(Contributor.voice, func.count())
    .filter(Contributor.audit_id == bindparam("audit"), ~Contributor.withdrawn, Contributor.voice.is_not(None))
    .group_by(Contributor.voice)
)


@projection(AUDIT, tables=(Glance,))
def draw_glances(stream: Stream, changed: dict[str, dict[str, str]]) -> None:
    """Redraw what is seen at a glance, if `changed` touches what that is drawn from. A photo counts as soon as it is
    named."""
    if not any(register.startswith(TOUCHING) and not register.endswith(WORDS) for register in changed):
        return
    audit = db.session.get(Audit, stream.id)
    if audit is None:
        return
    edition = current_app.extensions["checklists"].find(audit.checklist, audit.edition)
    speaking = written(dict(sorted(db.session.execute(SPEAKING, {"audit": stream.id}).all())))
    lenses: dict[str, list[Row]] = {}
    for row in db.session.execute(SCORES_OF_ONE, {"audit": stream.id}):
        lenses.setdefault(row.lens, []).append(row)
    put(
        Glance,
        ("lens",),
        [
            {
                "audit_id": stream.id,
                "lens": lens,
                "means": written({row.heading: mean_of_whole(row) for row in found}),
                "speaking": speaking,
                "hangs": hangs(edition, lens, found),
            }
            | read(edition, lens, found)
            for lens, found in lenses.items()
        ],
    )

"""Draws an assessment's tables from its registers: after each push, and all of them for `verify`."""

import json

from ...audits.projection import sole
from ...db import db, upsert
from ...ledger.kinds import ASSESSMENT, projection
from ...ledger.models import Stream
from ..models import Judgement, Remark, Sighting


@projection(ASSESSMENT, tables=(Judgement, Sighting, Remark))
def draw_assessment(stream: Stream, changed: dict[str, dict[str, str]]) -> None:
    """Redraw what `changed` (register to live operation ids and values) touches. Notes, and what to look at on the
    visit, are for their writer alone and stand in no table."""
    for register, writes in changed.items():
        thing, id, *field = register.split("/")
        values = [json.loads(value) for value in dict.fromkeys(writes.values())]
        if thing == "judgement" and field == ["judgement"]:
            _put(Judgement, {"assessment_id": stream.id, "criterion": id}, _judgement_row(values))
        elif thing == "seen":
            row = _seen_row(values) if field == ["said"] else {"withdrawn": sole(values) is True}
            _put(Sighting, {"assessment_id": stream.id, "id": id}, row)
        elif register == "assessment/remark":
            _put(Remark, {"assessment_id": stream.id}, _remark_row(values))


def _judgement_row(values: list) -> dict:
    value = sole(values) or {}
    return {name: value.get(name) for name in ("judgement", "reason")} | {"differs": len(values) > 1}


def _seen_row(values: list) -> dict:
    value = sole(values) or {}
    criteria = json.dumps(value["criteria"]) if value else None
    return {"criteria": criteria, "says": value.get("text"), "differs": len(values) > 1}


def _remark_row(values: list) -> dict:
    value = sole(values) or {}
    return {name: value.get(name) for name in ("strengths", "suggestions")} | {"differs": len(values) > 1}


def _put(table, keys: dict, row: dict) -> None:
    putting = upsert(table.__table__).values(keys | row)
    db.session.execute(putting.on_conflict_do_update(index_elements=list(keys), set_=row))

"""Draws the table of the plan from an audit's registers: after each push, and all of it for `verify`."""

import json

from ..audits.models import Audit
from ..audits.projection import put, sole
from ..db import db
from ..ledger.canonical import canonical
from ..ledger.kinds import AUDIT, projection
from ..ledger.models import Stream
from ..ledger.queries import standing_values
from .models import PlanItem


@projection(AUDIT, tables=(PlanItem,))
def draw_plan(stream: Stream, changed: dict[str, dict[str, str]]) -> None:
    """Redraw the items that `changed` (register to live operation ids and values) touches."""
    if "audit/opening" in changed:
        changed = standing_values(stream)
    rows: dict[str, list[dict]] = {}
    for register, writes in changed.items():
        thing, *path = register.split("/")
        if thing != "plan":
            continue
        id, field = path
        values = [json.loads(value) for value in dict.fromkeys(writes.values())]
        rows.setdefault(field, []).append({"audit_id": stream.id, "id": id} | DRAW[field](values))
    if not rows or db.session.get(Audit, stream.id) is None:
        return
    for found in rows.values():
        put(PlanItem, ("id",), found)


def _either(values: list[str]) -> str | None:
    """All that was said, where people differ."""
    return " / ".join(sorted(filter(None, values))) if values else None


def _all(values: list[list]) -> str:
    """Everything that is in any of the lists, once, as JSON."""
    each = {canonical(one): one for value in values for one in value}
    return canonical([each[key] for key in sorted(each)] if len(values) > 1 else list(each.values()))


def _earliest(values: list[str | None]) -> str | None:
    """Where people differ, the earlier day: nobody is reminded too late."""
    return min((day for day in values if day), default=None)


def _state(values: list[dict]) -> dict:
    """What all say, in whatever words; where they say different things it is open, and nothing came of it yet."""
    words = {value["state"] for value in values}
    value = sole(values) or {}
    return {"state": words.pop() if len(words) == 1 else None} | {
        name: value.get(name) for name in ("reason", "outcome")
    }


DRAW = {
    "what": lambda values: {"what": _either(values)},
    "criteria": lambda values: {"criteria": _all(values)},
    "whose": lambda values: {"whose": _either(values)},
    "due": lambda values: {"due": _earliest(values)},
    "state": _state,
    "answers": lambda values: {"answers": _all(values)},
}

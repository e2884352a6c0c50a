"""What can be said of the plan: pure functions, the same as in the device's `store/effects.js`. And the link to one's
calendar, which is made online."""

from sqlalchemy import delete, select

from ..access import Person, may
from ..audits.operations import besides, check_criteria, require_of_this_audit
from ..db import db, now, upsert
from ..ledger.kinds import offline, online
from ..ledger.models import Stream
from ..ledger.perform import Scene
from ..problems import NotAllowed, Problem
from ..sites.queries import sees_any
from .due import DOING, DONE, DROPPED, TO_DO
from .models import CalendarLink, PlanItem
from .schemas import (
    ANSWER,
    PLANNED,
    CalendarEndSchema,
    CalendarMakeSchema,
    PlanAddSchema,
    PlanChangeSchema,
    PlanSettleSchema,
)

FIELD_WORDS = {
    "what": {"en": "what", "cy": "beth"},
    "criteria": {"en": "for which statements", "cy": "ar gyfer pa osodiadau"},
    "whose": {"en": "whose task it is", "cy": "tasg pwy yw hi"},
    "due": {"en": "by when", "cy": "erbyn pryd"},
    "answers": {"en": "what it answers", "cy": "beth mae'n ei ateb"},
}
STATE_WORDS = {
    TO_DO: {"en": "to do", "cy": "i'w wneud"},
    DOING: {"en": "under way", "cy": "ar y gweill"},
    DONE: {"en": "done", "cy": "wedi'i wneud"},
    DROPPED: {"en": "dropped", "cy": "wedi'i ollwng"},
}


class ItemOfAnotherAudit(Problem):
    """An item of the plan stays in the audit in which it was planned; this one belongs to another."""

    title = "This item belongs to another audit"


def _check_planned(scene: Scene, payload: dict) -> None:
    answered = [one["reference"].partition("/")[2] for one in payload.get("answers", []) if one["kind"] == ANSWER]
    check_criteria(scene, [*payload.get("criteria", []), *answered])
    _check_home(scene, payload)


def _check_home(scene: Scene, payload: dict) -> None:
    require_of_this_audit(scene, PlanItem, payload["item"], ItemOfAnotherAudit)


def _tell(scene: Scene, payload: dict, language: str) -> dict:
    told = payload | {"besides": besides(payload, language)}
    if "what" not in payload:
        found = select(PlanItem.what).filter_by(audit_id=scene.stream.id, id=payload["item"])
        told["what"] = db.session.scalar(found) or "?"
    told["changed"] = ", ".join(FIELD_WORDS[name][language] for name in PLANNED if name in payload)
    if "state" in payload:
        came_of_it = payload.get("outcome") or payload.get("reason")
        told["state"] = STATE_WORDS[payload["state"]][language] + (f" ({came_of_it})" if came_of_it else "")
    return told


@offline(
    "plan.add",
    PlanAddSchema,
    {"en": "{who} planned “{what}”", "cy": "Cynlluniodd {who} “{what}”"},
    check=_check_planned,
    tell=_tell,
    goes_on=True,  # an award holds for years, and what was planned is done meanwhile
)
def add_item(payload: dict) -> dict:
    """Something to do, each field a register of its own; it begins as to do."""
    return change_item(payload) | {f"plan/{payload['item']}/state": {"state": TO_DO}}


@offline(
    "plan.change",
    PlanChangeSchema,
    {"en": "{who} changed the plan “{what}”: {changed}", "cy": "Newidiodd {who} y cynllun “{what}”: {changed}"},
    check=_check_planned,
    tell=_tell,
    goes_on=True,
)
def change_item(payload: dict) -> dict:
    """What is named changes; the criteria are a set, kept in order."""
    said = {name: payload[name] for name in PLANNED if name in payload}
    if "criteria" in said:
        said["criteria"] = sorted(set(said["criteria"]))
    return {f"plan/{payload['item']}/{name}": value for name, value in said.items()}


@offline(
    "plan.settle",
    PlanSettleSchema,
    {"en": "{who} said how far “{what}” is: {state}", "cy": "Dywedodd {who} ble mae “{what}”: {state}"},
    check=_check_home,
    tell=_tell,
    goes_on=True,
)
def settle_item(payload: dict) -> dict:
    """A state and what came of it, or why not: one register, so that they stay together."""
    said = {name: payload[name] for name in ("state", "reason", "outcome") if name in payload}
    return {f"plan/{payload['item']}/state": said}


@online(
    "calendar.make",
    CalendarMakeSchema,
    {"en": "{who} made a link to their calendar", "cy": "Gwnaeth {who} ddolen i'w calendr"},
    asks=True,
)
def make_calendar_link(by: Person, stream: Stream, payload: dict) -> None:
    """One link a person; a new one ends the one before. It shows what its owner may see when it is looked at."""
    _require_something_due(by, stream, "calendar.make")
    values = {"secret_sha256": payload["secret_sha256"], "made_at": now()}
    insert = upsert(CalendarLink.__table__).values(person_id=by.id, **values)
    db.session.execute(insert.on_conflict_do_update(index_elements=["person_id"], set_=values))


@online(
    "calendar.end",
    CalendarEndSchema,
    {"en": "{who} ended the link to their calendar", "cy": "Terfynodd {who} y ddolen i'w calendr"},
    asks=True,
)
def end_calendar_link(by: Person, stream: Stream, payload: dict) -> None:
    """The link stops working at once. Ending it twice is as good as once."""
    _require_something_due(by, stream, "calendar.end")
    db.session.execute(delete(CalendarLink).filter_by(person_id=by.id))


def _require_something_due(by: Person, stream: Stream, verb: str) -> None:
    """Refuse whoever sees no plan in this organisation, and of whom nothing is awaited there as a whole: their calendar
    would be empty."""
    if not (sees_any(by, "audit.see", stream.organisation_id) or may(by, verb, stream.organisation_id)):
        raise NotAllowed("Your role here does not include seeing plans.")

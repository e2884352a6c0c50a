"""Questions about audits: the snapshot a device keeps, and what Home shows of each."""

from collections.abc import Callable
from dataclasses import dataclass

from sqlalchemy import func, select

from ..access import Person, find_person, may, names_of, require_may
from ..db import db
from ..ledger.models import ADMITTED, Operation, Stream
from ..ledger.perform import is_prefix, opening_of
from ..ledger.queries import kept_in, live_registers
from ..problems import NotFound
from .models import Audit, Progress

KEPT = "kept"
SEES = "audit.see"
BESIDES: dict[str, Callable] = {}
READERS: list[Callable] = []


def besides(name: str):
    """Register what else Home and the snapshot tell of audits under this name: a function from their ids to what is
    told of each that there is anything to tell of."""

    def register(function):
        BESIDES[name] = function
        return function

    return register


def readers(function):
    """Register who else may read an audit, besides those with a part where it belongs: a function of its id and the
    person, which knows why they may. It gives the stage at which the audit is as far as they may know, or None."""
    READERS.append(function)
    return function


@dataclass(frozen=True)
class Seen:
    """An audit as somebody may see it: its stream, and what it is. `veiled`: how far it has come is not for them."""

    stream: Stream
    about: dict
    veiled: bool = False


def find_audit(id: str, person: Person, verb: str = SEES) -> Seen:
    """The audit, if `person` may `verb` where it belongs, or reads it as one who judges it; refuses with `NotFound` or
    `NotAllowed`."""
    stream = db.session.get(Stream, id)
    if stream is None or stream.kind != "audit":
        raise NotFound()
    stage = None
    if not may(person, verb, *_place(stream)):
        stage = _stage_read(id, person) if verb == SEES else None
        if stage is None:
            require_may(person, verb, *_place(stream))
    audit = db.session.get(Audit, id)
    if audit is None:
        require_may(person, "kept.see", *_place(stream))
        return Seen(stream, _about_kept(stream))
    about = _about(audit)
    return Seen(stream, about | {"stage": stage or audit.stage}, veiled=stage not in (None, audit.stage))


def _place(stream: Stream) -> tuple[str, str | None]:
    return stream.organisation_id, stream.site_id


def _stage_read(audit_id: str, person: Person) -> str | None:
    """At which stage this audit is, for `person` who may read it although it is none of their organisation's; None for
    everybody else."""
    return next((stage for reads in READERS if (stage := reads(audit_id, person))), None)


def snapshot(seen: Seen, person: Person, cursor: str | None) -> dict:
    """All that a device keeps of an audit: what it is, its registers with their live writes, who wrote, what is kept.

    `diverged` says that the device's `cursor` is no prefix of this ledger. Kept operations are for the lead; others see
    their own. Those that came after the seal are for whoever judges what is sealed as well.
    """
    stream = seen.stream
    registers = live_registers(stream)
    sees_all = may(person, "kept.see", *_place(stream))
    kept = kept_in(stream, None if sees_all else person.id)
    if not may(person, SEES, *_place(stream)):  # they judge it, or they could not have found it
        kept = [operation for operation in kept_in(stream) if operation["late"] or operation["author"] == person.id]
    writes = [write for found in registers.values() for write in found]
    authors = {write["author"] for write in writes} | {write["of"]["author"] for write in writes if "of" in write}
    return {
        **seen.about,
        "opened_by": _named(seen.about["opened_by"]),
        "cursor": stream.cursor,
        "backed_up_to": stream.backed_up_to,
        "diverged": cursor is not None and not is_prefix(stream, cursor),
        "registers": registers,
        "people": names_of(authors | {operation["author"] for operation in kept}),
        "kept": kept,
        **(dict.fromkeys(BESIDES) if seen.veiled else told_besides([stream.id])[stream.id]),
    }


def audits_of(site_ids: list[str], sites_led: set[str]) -> list[dict]:
    """The audits of these settings as Home shows them, newest first; kept ones that nobody opened yet only where the
    person leads (`sites_led`)."""
    rows = db.session.execute(
        select(Audit, Stream).join(Stream, Stream.id == Audit.id).filter(Audit.site_id.in_(site_ids))
    ).all()
    ids = [audit.id for audit, _ in rows]
    progress, kept = progress_of(ids), kept_counts(site_ids)
    names = names_of(audit.opened_by for audit, _ in rows)
    besides_them = told_besides(ids)
    told = [
        _about(audit)
        | {
            "opened_by": {"id": audit.opened_by, "name": names.get(audit.opened_by, "?")},
            "cursor": stream.cursor,
            "backed_up_to": stream.backed_up_to,
            "progress": _in_brief(progress.get(audit.id, [])),
            "kept": kept.get(audit.id, 0) if audit.site_id in sites_led else 0,
            **besides_them[audit.id],
        }
        for audit, stream in rows
    ]
    told += [_unopened(id, count) for id, count in kept.items() if id not in set(ids)] if sites_led else []
    told = [audit for audit in told if audit["stage"] != KEPT or audit["site"] in sites_led]
    return sorted(told, key=lambda audit: (audit["opened_at"], audit["id"]), reverse=True)


def told_besides(audit_ids: list[str]) -> dict[str, dict]:
    """What other capabilities tell of each of these audits, under their names; null where there is nothing."""
    told = {name: tell(audit_ids) for name, tell in BESIDES.items()}
    return {id: {name: found.get(id) for name, found in told.items()} for id in audit_ids}


def kept_counts(site_ids: list[str]) -> dict[str, int]:
    """How many operations wait to be put in force, by audit."""
    query = (
        select(Operation.stream_id, func.count())
        .join(Stream, Stream.id == Operation.stream_id)
        .filter(Stream.site_id.in_(site_ids), Operation.verdict != "applied", Operation.verdict == "kept")
        .filter(~ADMITTED)
        .group_by(Operation.stream_id)
    )
    return dict(db.session.execute(query).all())


def progress_of(audit_ids: list[str]) -> dict[str, list[Progress]]:
    """How far each of these audits has come, by its id: a row a principle, in the edition's order."""
    found: dict[str, list[Progress]] = {}
    query = select(Progress).filter(Progress.audit_id.in_(audit_ids)).order_by(Progress.audit_id, Progress.position)
    for row in db.session.scalars(query):
        found.setdefault(row.audit_id, []).append(row)
    return found


def _in_brief(rows: list[Progress]) -> dict:
    return {
        "principles": [
            {"id": row.principle, "agreed": row.agreed, "answered": row.answered, "criteria": row.criteria}
            for row in rows
        ],
        "differences": sum(row.differences for row in rows),
    }


def _unopened(id: str, count: int) -> dict:
    """An audit that was opened by somebody whose right had ended: nothing but its opening is known."""
    stream = db.session.get(Stream, id)
    about = _about_kept(stream)
    return about | {
        "opened_by": _named(about["opened_by"]),
        "cursor": stream.cursor,
        "backed_up_to": stream.backed_up_to,
        "progress": _in_brief([]),
        "kept": count,
        **told_besides([id])[id],
    }


def _about(audit: Audit) -> dict:
    return {
        "id": audit.id,
        "site": audit.site_id,
        "checklist": audit.checklist,
        "edition": audit.edition,
        "track": audit.track,
        "stage": audit.stage,
        "opened_at": audit.at,
        "opened_by": audit.opened_by,
    }


def _about_kept(stream: Stream) -> dict:
    first = db.session.get(Operation, (stream.id, 1))
    return {
        **opening_of(stream),
        "id": stream.id,
        "stage": KEPT,
        "opened_at": first.at,
        "opened_by": first.author_id,
    }


def _named(person_id: str) -> dict:
    person = find_person(person_id)
    return {"id": person_id, "name": person.name if person else "?"}

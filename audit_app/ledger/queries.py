"""Questions to the ledger: what stands, what is kept, and the history in words."""

import json
from collections.abc import Callable, Iterable

from sqlalchemy import func, select

from ..access import names_of
from ..db import as_text, db
from .kinds import KINDS
from .models import ADMITTED, Operation, Payload, Stream, Write
from .perform import Scene, opening_of

PAGE = 100
LATE = '{"type": "/problems/sealed"'  # how the stored problem of what was kept for a seal alone begins

VERDICT_WORDS = {
    "kept": {"en": "(kept)", "cy": "(wedi'i gadw)"},
    "refused": {"en": "(refused)", "cy": "(gwrthodwyd)"},
}
UNKNOWN = {"en": "{who} sent something this version does not know", "cy": "Anfonodd {who} rywbeth anhysbys"}
ERASED = {"en": "{who} said something that has been erased", "cy": "Dywedodd {who} rywbeth sydd wedi'i ddileu"}


def standing_values(stream: Stream) -> dict[str, dict[str, str]]:
    """Every register that was ever written, with the canonical values of its live writes; of some none may be left."""
    query = select(Write.register, Write.operation_id, Write.value, Write.live).filter_by(stream_id=stream.id)
    found: dict[str, dict[str, str]] = {}
    for register, id, value, is_live in db.session.execute(query.order_by(Write.number)):
        writes = found.setdefault(register, {})
        if is_live:
            writes[id] = value
    return found


def live_registers(stream: Stream) -> dict[str, list[dict]]:
    """Every register with its live writes, each with who wrote it and when.

    A write that copies another word for word (`of`) also names who first wrote them; one that says something else than
    what it claims to copy is its writer's alone.
    """
    rows = db.session.execute(
        select(
            Write.register,
            Write.operation_id,
            Write.value,
            Operation.author_id,
            Operation.at,
            Operation.received_at,
            Operation.of,
        )
        .join(Operation, (Operation.stream_id == Write.stream_id) & (Operation.number == Write.number))
        .filter(Write.stream_id == stream.id, Write.live)
        .order_by(Write.register, Write.number)
    )
    registers: dict[str, list[dict]] = {}
    for register, id, value, author, at, received_at, of in rows:
        write = {"id": id, "value": json.loads(value), "author": author, "at": at, "received_at": as_text(received_at)}
        first_author = _first_author(stream, register, value, of) if of else None
        if first_author:
            write["of"] = {"author": first_author}
        registers.setdefault(register, []).append(write)
    return registers


def _first_author(stream: Stream, register: str, value: str, of: str) -> str | None:
    """Who first wrote this value in this register, following copies of copies; None when `of` said something else."""
    author, followed = None, set()
    while of and of not in followed:
        followed.add(of)
        found = db.session.execute(
            select(Operation.author_id, Operation.of)
            .join(Write, (Write.stream_id == Operation.stream_id) & (Write.number == Operation.number))
            .filter(Write.stream_id == stream.id, Write.register == register, Write.operation_id == of)
            .filter(Write.value == value)
        ).one_or_none()
        if found is None:
            break
        author, of = found
    return author


def is_late():
    """In a query over operations: was this one kept for its stream's seal alone, and is not in force?"""
    return (
        (Operation.verdict != "applied")
        & (Operation.verdict == "kept")
        & Operation.problem.startswith(LATE)
        & ~ADMITTED
    )


def late_counts(stream_ids: Iterable[str]) -> dict[str, int]:
    """How many operations came after the seal of each of these streams and wait for it to be opened."""
    query = select(Operation.stream_id, func.count()).filter(Operation.stream_id.in_(set(stream_ids)), is_late())
    return dict(db.session.execute(query.group_by(Operation.stream_id)).all())


def kept_in(stream: Stream, author_id: str | None = None) -> list[dict]:
    """The kept operations of a stream that nobody has put in force, oldest first; only one author's, if given. `late`:
    kept because it came after the seal, and for no other reason."""
    query = (
        select(Operation, Payload.body)
        .join(Payload, (Payload.stream_id == Operation.stream_id) & (Payload.number == Operation.number))
        .filter(Operation.stream_id == stream.id, Operation.verdict == "kept")
        .filter(~ADMITTED)
        .order_by(Operation.number)
    )
    if author_id:
        query = query.filter(Operation.author_id == author_id)
    return [
        {
            "id": operation.id,
            "kind": operation.kind,
            "payload": json.loads(body) if body else None,
            "author": operation.author_id,
            "at": operation.at,
            "received_at": as_text(operation.received_at),
            "reason": json.loads(operation.problem)["detail"],
            "late": operation.problem.startswith(LATE),
        }
        for operation, body in db.session.execute(query)
    ]


def history(stream: Stream, after: int = 0, language: str = "en", most: int = PAGE) -> dict:
    """A page of the stream's operations after number `after`, in order, in words and as data, `most` of them, and where
    the next page begins (`next`, or null)."""
    rows = db.session.execute(
        select(Operation, Payload.body)
        .join(Payload, (Payload.stream_id == Operation.stream_id) & (Payload.number == Operation.number))
        .filter(Operation.stream_id == stream.id, Operation.number > after)
        .order_by(Operation.number)
        .limit(most)
    ).all()
    names = names_of(operation.author_id for operation, _ in rows)
    names |= names_of(operation.handed_in_by for operation, _ in rows if operation.handed_in_by)
    tell = _teller(stream, language)
    entries = [_entry(operation, body, names, tell) for operation, body in rows]
    last = rows[-1][0].number if rows else after
    return {"entries": entries, "next": last if last < stream.seq else None}


def _entry(operation: Operation, body: str | None, names: dict[str, str], tell: Callable) -> dict:
    payload = json.loads(body) if body is not None else None
    if payload and operation.kind in KINDS and KINDS[operation.kind].in_private:
        payload = {}
    author = {"id": operation.author_id, "name": names.get(operation.author_id, "?")}
    entry = {
        "number": operation.number,
        "id": operation.id,
        "kind": operation.kind,
        "verdict": operation.verdict,
        "author": author,
        "at": operation.at,
        "received_at": as_text(operation.received_at),
        "early": operation.early,
        "words": tell(operation, payload, author["name"]),
        "payload": payload,
    }
    if operation.handed_in_by:
        entry["handed_in_by"] = {"id": operation.handed_in_by, "name": names.get(operation.handed_in_by, "?")}
    if operation.problem:
        entry["problem"] = json.loads(operation.problem)
    return entry


def _teller(stream: Stream, language: str) -> Callable:
    scene = Scene(stream, opening_of(stream) or {})

    def tell(operation: Operation, payload: dict | None, who: str) -> str:
        kind = KINDS.get(operation.kind)
        if kind is None:
            words = UNKNOWN[language].format(who=who)
        elif payload is None:
            words = ERASED[language].format(who=who)
        elif operation.verdict == "refused":
            words = f"{who}: {operation.kind}"
        else:
            told = kind.tell(scene, payload, language) if kind.tell else dict(payload)
            template = told.pop("template", None) or kind.history[language]
            words = template.format(**{**told, "who": who}) + told.get("besides", "")
        verdict = VERDICT_WORDS.get(operation.verdict)
        return f"{words} {verdict[language]}" if verdict else words

    return tell

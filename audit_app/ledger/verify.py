"""verify(): re-derives everything from the ledger and names the first row that does not fit."""

import json
from collections.abc import Iterator

from sqlalchemy import delete, select

from ..db import db
from .arrivals import link, next_tag, parse_ids, payload_hash
from .canonical import canonical, tidy
from .kinds import KINDS, PROJECTIONS, PROOFS
from .models import Admission, Operation, Payload, Stream, Write
from .queries import standing_values
from .registers import Said, live

COLUMNS = [column.name for column in Operation.__table__.columns]


def verify() -> Iterator[str]:
    """Yield a sentence for each stream that does not hold, naming its first row that does not fit.

    Checks that numbers run 1…n without a gap, that every digest and tag recomputes, that every payload still is what
    was said (or was erased), that the registers equal those derived afresh from the operations, that the tables
    drawn from them equal those drawn afresh, and whatever else capabilities hold to be provable (`proof`).
    """
    for stream in db.session.scalars(select(Stream).order_by(Stream.id)):
        fault = _fault_in_chain(stream) or _fault_in_registers(stream) or _fault_in_tables(stream)
        fault = fault or next(filter(None, (prove(stream) for prove in PROOFS.get(stream.kind, ()))), None)
        if fault:
            yield f"{stream.kind} {stream.id}: {fault}"
        db.session.expunge_all()


def _fault_in_chain(stream: Stream) -> str | None:
    digest = tag = ""
    number = 0
    for operation, payload in _rows(stream):
        number += 1
        if operation.number != number:
            return f"operation {number} is missing"
        row = {name: getattr(operation, name) for name in COLUMNS}
        digest, tag = link(digest, row), next_tag(tag, operation.id)
        if (digest, tag) != (operation.digest, operation.tag):
            return f"operation {number} ({operation.id}) does not fit the chain"
        if payload is None:
            return f"operation {number} ({operation.id}) has lost its payload"
        if payload.body is not None and payload_hash(payload.salt, payload.body) != operation.payload_hash:
            return f"operation {number} ({operation.id}) no longer says what was said"
    if (number, digest, tag) != (stream.seq, stream.digest, stream.tag):
        return f"the stream says it ends at {stream.seq}, the ledger at {number}"
    return None


def _rows(stream: Stream):
    return db.session.execute(
        select(Operation, Payload)
        .outerjoin(Payload, (Payload.stream_id == Operation.stream_id) & (Payload.number == Operation.number))
        .filter(Operation.stream_id == stream.id)
        .order_by(Operation.number)
    )


def _fault_in_registers(stream: Stream) -> str | None:
    derived = {(register, id) for register, writes in live(said_in(stream)).items() for id in writes}
    stored = set(
        db.session.execute(select(Write.register, Write.operation_id).filter_by(stream_id=stream.id, live=True))
    )
    stored = {tuple(row) for row in stored}
    for register, id in sorted(derived ^ stored):
        return f"register {register}: {id} {'stands' if (register, id) in derived else 'does not stand'}, tables differ"
    return None


def _fault_in_tables(stream: Stream) -> str | None:
    """Draw the tables again from the registers, compare, and leave them as they were."""
    projections = PROJECTIONS.get(stream.kind)
    if projections is None:
        return None
    tables = [table for projection in reversed(projections) for table in projection.tables]  # children first
    stored = {table: _table_rows(stream, table) for table in tables}
    savepoint = db.session.begin_nested()
    _redraw(stream)
    drawn = {table: _table_rows(stream, table) for table in tables}
    savepoint.rollback()
    for table in tables:
        for row in sorted(stored[table] ^ drawn[table], key=str):
            return f"table {table.__tablename__}: {row} is {'stored' if row in stored[table] else 'missing'}"
    return None


def redraw() -> None:
    """Draw every table that is drawn from the ledger anew; the caller commits. For a new version, which may draw more
    than the one before."""
    for id in db.session.scalars(select(Stream.id).filter(Stream.kind.in_(PROJECTIONS)).order_by(Stream.id)).all():
        _redraw(db.session.get(Stream, id))
        db.session.flush()
        db.session.expunge_all()


def _redraw(stream: Stream) -> None:
    projections = PROJECTIONS[stream.kind]
    for table in [table for projection in reversed(projections) for table in projection.tables]:  # children first
        db.session.execute(delete(table.__table__).where(_stream_column(table, stream) == stream.id))
    db.session.expire_all()
    for projection in projections:
        projection.draw(stream, standing_values(stream))


def _stream_column(table, stream: Stream):
    return table.__table__.c.get(f"{stream.kind}_id", table.__table__.c.get("id"))


def _table_rows(stream: Stream, table) -> set[tuple]:
    query = select(table.__table__).where(_stream_column(table, stream) == stream.id)
    return {tuple(row) for row in db.session.execute(query)}


def said_in(stream: Stream) -> list[Said]:
    """Every operation of a stream as the rule of `registers.py` takes it."""
    admitted = set(db.session.scalars(select(Admission.operation_id).filter_by(stream_id=stream.id)))
    said = []
    for operation, payload in _rows(stream):
        in_force = operation.verdict == "applied" or operation.id in admitted
        kind = KINDS.get(operation.kind)
        writes = {}
        if in_force and kind and not kind.online and payload.body is not None:
            writes = registers_of(kind, payload.body)
        said.append(Said(operation.id, parse_ids(operation.seen), writes, in_force))
    return said


def registers_of(kind, body: str) -> dict[str, str]:
    """What an offline operation with this payload writes: register to the canonical text of its value."""
    payload = kind.schema.load(json.loads(body))
    return {register: canonical(tidy(value)) for register, value in kind.act(payload).items()}

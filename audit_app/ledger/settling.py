"""Keeps the registers true as operations arrive: the rule of `registers.py`, step by step, in tables."""

from collections.abc import Iterable
from dataclasses import dataclass, field

from sqlalchemy import insert, select, update

from ..db import db, upsert
from .arrivals import Arrival, parse_ids
from .canonical import canonical
from .kinds import PROJECTIONS
from .models import ADMITTED, Admission, Ahead, Operation, Stream, Write
from .registers import Said, superseded_by


@dataclass
class Settlement:
    """What a batch changes in the registers of one stream, worked out before anything is written."""

    stream_id: str
    live: dict[str, dict[str, str]]
    ahead: set[tuple[str, str]]
    written: dict[tuple[str, str], dict] = field(default_factory=dict)
    dead: set[tuple[str, str]] = field(default_factory=set)
    ahead_new: set[tuple[str, str]] = field(default_factory=set)
    changed: set[str] = field(default_factory=set)

    def replace(self, register: str, ids: Iterable[str]) -> None:
        """Take `ids` out of what stands in `register`; those not in force (yet) will arrive superseded."""
        for id in ids:
            if self.live.get(register, {}).pop(id, None) is None:
                self._remember(register, id)
                continue
            self.changed.add(register)
            row = self.written.get((register, id))
            if row is None:
                self.dead.add((register, id))
            else:
                row["live"] = False

    def write(self, register: str, arrival: Arrival, value: str) -> None:
        """Put a value into `register`, unless something that stands there has replaced it already."""
        lives = (register, arrival.id) not in self.ahead and (register, arrival.id) not in self.ahead_new
        self.written[register, arrival.id] = {
            "stream_id": self.stream_id,
            "register": register,
            "operation_id": arrival.id,
            "number": arrival.number,
            "value": value,
            "live": lives,
        }
        if lives:
            self.live.setdefault(register, {})[arrival.id] = value
            self.changed.add(register)

    def _remember(self, register: str, id: str) -> None:
        if (register, id) not in self.ahead and (register, id) not in self.written:
            self.ahead_new.add((register, id))

    def store(self) -> None:
        """Write it down."""
        if self.dead:
            _mark_dead(self.stream_id, self.dead)
        if self.written:
            db.session.execute(insert(Write.__table__), list(self.written.values()))
        if self.ahead_new:
            rows = [{"stream_id": self.stream_id, "register": r, "operation_id": id} for r, id in self.ahead_new]
            db.session.execute(upsert(Ahead.__table__).on_conflict_do_nothing(), rows)

    def project(self, stream: Stream) -> None:
        """Redraw the tables that SQL needs, where something changed."""
        changed = {register: self.live.get(register, {}) for register in self.changed}
        for projection in PROJECTIONS.get(stream.kind, []) if changed else []:
            projection.draw(stream, changed)


def settle(stream_id: str, arrivals: list[Arrival]) -> Settlement:
    """Work out what `arrivals`, in their order, change in the registers, and what each supersedes (which is recorded
    in `arrival.superseded`)."""
    known = _not_in_force(stream_id, arrivals)
    ahead = _ahead_of(stream_id, [arrival.id for arrival in arrivals])
    registers = {register for arrival in arrivals for register in arrival.said.writes} | {r for r, _ in ahead}
    settlement = Settlement(stream_id, _live_in(stream_id, registers), ahead)
    for arrival in arrivals:
        known[arrival.id] = arrival.said
        _settle_one(settlement, arrival, known)
    _forget_known(settlement)
    return settlement


def _settle_one(settlement: Settlement, arrival: Arrival, known: dict[str, Said]) -> None:
    said = arrival.said
    replaced = superseded_by(said, known)
    arrival.superseded = sorted(replaced)
    if said.in_force:
        for register, value in said.writes.items():
            settlement.replace(register, replaced)
            settlement.write(register, arrival, canonical(value))
        return
    awaited = settlement.ahead | settlement.ahead_new
    for register in [register for register, id in awaited if id == arrival.id]:
        settlement.replace(register, replaced)


def admit(stream: Stream, kept: list[tuple[Operation, dict[str, object]]]) -> None:
    """Put kept operations in force, each with the registers that it writes: they take their places as if they arrived
    now, still crediting their authors."""
    rows = [{"stream_id": stream.id, "operation_id": operation.id} for operation, _ in kept]
    db.session.execute(insert(Admission.__table__), rows)
    settlement = settle(stream.id, [_arriving_again(operation, registers) for operation, registers in kept])
    settlement.store()
    settlement.project(stream)


def _arriving_again(operation: Operation, registers: dict[str, object]) -> Arrival:
    return Arrival(
        id=operation.id,
        v=operation.v,
        kind_name=operation.kind,
        at=operation.at,
        device=operation.device,
        seen=parse_ids(operation.seen),
        of=operation.of,
        payload={},
        early=operation.early,
        registers=registers,
        number=operation.number,
    )


def is_admitted(stream_id: str, operation_id: str) -> bool:
    """Has this kept operation been put in force?"""
    return db.session.get(Admission, (stream_id, operation_id)) is not None


def _not_in_force(stream_id: str, arrivals: list[Arrival]) -> dict[str, Said]:
    """Every operation not in force that the arrivals saw, and through those the ones they had seen."""
    found: dict[str, Said] = {}
    asked = {arrival.id for arrival in arrivals}
    ahead = {id for arrival in arrivals for id in arrival.seen} - asked
    while ahead:
        asked |= ahead
        rows = db.session.execute(
            select(Operation.id, Operation.seen)
            .filter(Operation.stream_id == stream_id, Operation.id.in_(ahead), Operation.verdict != "applied")
            .filter(~ADMITTED)
        )
        said = [Said(id, parse_ids(seen), in_force=False) for id, seen in rows]
        found |= {one.id: one for one in said}
        ahead = {id for one in said for id in one.seen} - asked
    return found


def _ahead_of(stream_id: str, ids: list[str]) -> set[tuple[str, str]]:
    rows = db.session.execute(
        select(Ahead.register, Ahead.operation_id).filter(Ahead.stream_id == stream_id, Ahead.operation_id.in_(ids))
    )
    return {(register, id) for register, id in rows}


def _live_in(stream_id: str, registers: set[str]) -> dict[str, dict[str, str]]:
    found: dict[str, dict[str, str]] = {}
    if not registers:
        return found
    rows = db.session.execute(
        select(Write.register, Write.operation_id, Write.value).filter(
            Write.stream_id == stream_id, Write.register.in_(registers), Write.live
        )
    )
    for register, id, value in rows:
        found.setdefault(register, {})[id] = value
    return found


def _forget_known(settlement: Settlement) -> None:
    """Only what is unknown or not in force needs remembering: a write in force that is dead already stays dead."""
    if not settlement.ahead_new:
        return
    ids = {id for _, id in settlement.ahead_new}
    rows = db.session.execute(
        select(Write.register, Write.operation_id).filter(
            Write.stream_id == settlement.stream_id, Write.operation_id.in_(ids)
        )
    )
    settlement.ahead_new -= {(register, id) for register, id in rows}


def _mark_dead(stream_id: str, dead: set[tuple[str, str]]) -> None:
    table = Write.__table__
    db.session.execute(
        update(table)
        .where(table.c.stream_id == stream_id)
        .where(db.tuple_(table.c.register, table.c.operation_id).in_(sorted(dead)))
        .values(live=False)
    )

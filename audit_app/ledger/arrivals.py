"""What arrived: one operation as a device sent it, read and validated before anything is locked."""

import json
import re
import secrets
from dataclasses import dataclass, field
from datetime import datetime, timedelta
from functools import cached_property

from marshmallow import ValidationError

from ..db import as_text, is_id
from ..problems import Malformed, Problem, TooLarge
from .canonical import canonical, digest, tidy
from .kinds import KINDS, Kind
from .registers import Said
from .schemas import MOST_OPERATIONS, OperationSchema

EARLY = timedelta(hours=24)
_SCHEMA = OperationSchema()
_NUL = re.compile(r"(?<!\\)(\\\\)*\\u0000")  # as JSON writes it; a backslash somebody typed is written twice


class OperationMalformed(Problem):
    """The operation's shape is not what its kind asks for. What was said stays readable on the device."""

    title = "This could not be taken"


class KindUnknown(Problem):
    """There is no such kind of operation."""

    title = "Unknown kind of operation"


@dataclass
class Arrival:
    """An operation on its way in: what was sent, and what has been decided about it so far.

    `registers` is what it writes, once its kind is known to be offline and its payload sound.
    """

    id: str
    v: int
    kind_name: str
    at: str
    device: str
    seen: tuple[str, ...]
    of: str | None
    payload: object
    early: bool
    kind: Kind | None = None
    registers: dict[str, object] = field(default_factory=dict)
    verdict: str = "applied"
    problem: dict | None = None
    superseded: list[str] = field(default_factory=list)
    number: int | None = None
    salt: str = ""

    @cached_property
    def body(self) -> str:
        """The payload's canonical JSON."""
        return canonical(self.payload)

    @property
    def said(self) -> Said:
        """What the rule of `registers.py` needs to know of it."""
        in_force = self.verdict == "applied"
        return Said(self.id, self.seen, self.registers if in_force else {}, in_force)

    def refuse(self, problem: Problem) -> None:
        """Give it the verdict `refused`, with the reason."""
        self.verdict, self.problem = "refused", problem.brief()

    def keep(self, problem: Problem) -> None:
        """Give it the verdict `kept`: valid, and not in force."""
        self.verdict, self.problem = "kept", problem.brief()

    def outcome(self) -> dict:
        """What the device is told."""
        told = {"id": self.id, "verdict": self.verdict, "number": self.number}
        return told | ({"problem": self.problem} if self.problem else {})


def read_arrivals(operations: list[dict], received_at: datetime) -> list[Arrival]:
    """Read a batch. A malformed operation is refused by itself; only one that cannot even be stored (no id, broken
    text) refuses the whole request with `Malformed`, and more than 200 with `TooLarge`."""
    if len(operations) > MOST_OPERATIONS:
        raise TooLarge(f"At most {MOST_OPERATIONS} operations at once.")
    for position, operation in enumerate(operations, 1):
        if not is_id(operation.get("id")):
            raise Malformed(f"Operation {position} has no id that could be kept.", position=position)
    if not _is_storable(operations):
        position = next(n for n, operation in enumerate(operations, 1) if not _is_storable(operation))
        raise Malformed(f"Operation {position} holds characters that cannot be kept.", position=position)
    return [_read(operation, received_at) for operation in operations]


def _read(sent: dict, received_at: datetime) -> Arrival:
    try:
        found = _SCHEMA.load(sent)
    except ValidationError as refused:
        arrival = _remnant(sent)
        arrival.refuse(OperationMalformed(_in_words(refused), errors=refused.normalized_messages()))
        return arrival
    arrival = Arrival(
        id=found["id"],
        v=found["v"],
        kind_name=found["kind"],
        at=sent["at"][:64],
        device=found["device"],
        seen=tuple(found["seen"]),
        of=found["of"],
        payload=found["payload"],
        early=found["at"] > received_at + EARLY,
        salt=secrets.token_hex(16),
    )
    _read_payload(arrival)
    return arrival


def _read_payload(arrival: Arrival) -> None:
    arrival.kind = KINDS.get(arrival.kind_name)
    if arrival.kind is None:
        arrival.refuse(KindUnknown(f"There is no kind {arrival.kind_name!r}."))
        return
    try:
        payload = arrival.kind.schema.load(arrival.payload)
    except ValidationError as refused:
        arrival.refuse(OperationMalformed(_in_words(refused), errors=refused.normalized_messages()))
        return
    if not arrival.kind.online:
        arrival.registers = {register: tidy(value) for register, value in arrival.kind.act(payload).items()}


def _is_storable(sent) -> bool:
    """Can every text in it be kept exactly? Half characters, NUL and nesting without end cannot."""
    try:
        text = canonical(sent)
        text.encode()
    except (ValueError, RecursionError):
        return False
    return "\\u0000" not in text or not _NUL.search(text)


def _remnant(sent: dict) -> Arrival:
    """What can be stored of an operation whose envelope is wrong: enough for its refusal to last."""
    seen = sent.get("seen")
    return Arrival(
        id=sent["id"],
        v=sent["v"] if type(sent.get("v")) is int and 0 <= sent["v"] < 2**31 else 0,
        kind_name=str(sent.get("kind", ""))[:64],
        at=str(sent.get("at", ""))[:64],
        device=str(sent.get("device", ""))[:64],
        seen=tuple(id for id in seen[:64] if is_id(id)) if isinstance(seen, list) else (),
        of=sent["of"] if is_id(sent.get("of")) else None,
        payload=sent.get("payload"),
        early=False,
        salt=secrets.token_hex(16),
    )


def _in_words(refused: ValidationError) -> str:
    """`rating: must be 0 to 3. text: …` — the first thing a person needs to read."""
    messages = refused.normalized_messages()
    return " ".join(f"{name}: {_flat(found)}" for name, found in messages.items())


def _flat(found) -> str:
    if isinstance(found, dict):
        return " ".join(_flat(item) for item in found.values())
    return " ".join(map(str, found)) if isinstance(found, list) else str(found)


def payload_hash(salt: str, body: str) -> str:
    """The salted hash that stands for a payload in the chain, so that the text can be erased."""
    return digest(salt + body)


def link(before: str, row: dict) -> str:
    """The digest of one ledger row chained to `before`, over the canonical JSON of everything but the digests."""
    covered = {name: value for name, value in row.items() if name not in ("digest", "tag")}
    covered["received_at"] = as_text(row["received_at"])
    return digest(before + canonical(covered))


def next_tag(before: str, id: str) -> str:
    """The truncated chain over a stream's operation ids: the same tag means the same prefix."""
    return digest(before + id)[:16]


def parse_ids(text: str) -> tuple[str, ...]:
    """The ids of a stored list."""
    return tuple(json.loads(text))

"""The phones of the demo: each hands in what was written on it, with what it had seen by then."""

import uuid
from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta
from random import Random

from ..accounts.models import Person
from ..db import as_text
from ..ledger.kinds import KINDS
from ..ledger.perform import perform

AT_ONCE = 100

Said = tuple[str, dict]


class DemoRefused(RuntimeError):
    """The ledger did not take the demo as it was meant: the demo's data and the rules have parted ways."""


def dated_id(at: datetime, chance: Random) -> str:
    """A UUIDv7 as a device would have made it at that moment."""
    number = (int(at.timestamp() * 1000) << 80) | chance.getrandbits(80)
    number = number & ~(0xF << 76) | (7 << 76)
    number = number & ~(0x3 << 62) | (2 << 62)
    return str(uuid.UUID(int=number))


@dataclass(frozen=True)
class Visit:
    """What one person wrote in one go, from `began` on, and when it reached the service."""

    by: Person
    began: datetime
    said: list[Said]
    received_at: datetime
    expected: str = "applied"


@dataclass(frozen=True)
class Written:
    """A write, as far as what others can have seen of it goes."""

    id: str
    seen: tuple[str, ...]
    by: str
    received_at: datetime


class Telling:
    """One stream while it is being told. `visits` must come in the order in which they reached the service."""

    def __init__(self, stream: str, chance: Random):
        self.stream = stream
        self.chance = chance
        self.written: dict[str, list[Written]] = defaultdict(list)

    def hand_in(self, visit: Visit) -> None:
        """Hand in a visit; raises `DemoRefused` unless every operation gets the verdict that it should."""
        at, operations = visit.began, []
        for kind, payload in visit.said:
            at += timedelta(seconds=self.chance.uniform(12, 70))
            operations.append(self._operation(visit, kind, payload, at))
        for first in range(0, len(operations), AT_ONCE):
            batch = operations[first : first + AT_ONCE]
            done = perform(self.stream, batch, by=visit.by, received_at=visit.received_at)
            for outcome in done.outcomes:
                if outcome["verdict"] != visit.expected:
                    raise DemoRefused(f"{visit.by.name} in {self.stream}: {outcome}")

    def _operation(self, visit: Visit, kind: str, payload: dict, at: datetime) -> dict:
        id = dated_id(at, self.chance)
        registers = [] if KINDS[kind].online else KINDS[kind].act(payload)
        seen = tuple(sorted({one for register in registers for one in self._seen_by(visit, register)}))
        for register in registers:
            self.written[register].append(Written(id, seen, visit.by.id, visit.received_at))
        return {
            "id": id,
            "v": 1,
            "kind": kind,
            "at": as_text(at),
            "device": str(uuid.uuid5(uuid.NAMESPACE_URL, visit.by.email)),
            "seen": list(seen),
            "payload": payload,
        }

    def _seen_by(self, visit: Visit, register: str) -> set[str]:
        """The live writes of a register on this phone: its own, and what had reached the service when it last asked."""
        known = [one for one in self.written[register] if one.by == visit.by.id or one.received_at <= visit.began]
        return {one.id for one in known} - {id for one in known for id in one.seen}

"""The rule that makes state out of operations. Pure: standard library only; `store/effects.js` is its twin.

    live(register) = writes that are in force - everything those writes superseded

State is a function of a *set* of operations, so order, repetition and clocks cannot matter. `settling.py` keeps the
same answer step by step in tables; `verify.py` derives it here again from nothing and compares.
"""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field


@dataclass(frozen=True)
class Said:
    """What the rule needs to know of an operation.

    `seen`: ids its author had before their eyes. `writes`: the registers it writes, with values.
    `in_force`: applied or admitted; a refused or kept operation is not.
    """

    id: str
    seen: tuple[str, ...] = ()
    writes: Mapping[str, object] = field(default_factory=dict)
    in_force: bool = True


def superseded_by(operation: Said, known: Mapping[str, Said]) -> set[str]:
    """The ids that `operation` supersedes on the registers it writes.

    What it saw, and through every one of those that is not in force also what *that* had seen: who replaces a
    refused operation replaces what it had meant to replace.
    """
    found: set[str] = set()
    ahead = list(operation.seen)
    while ahead:
        id = ahead.pop()
        if id in found:
            continue
        found.add(id)
        seen = known.get(id)
        if seen is not None and not seen.in_force:
            ahead.extend(seen.seen)
    return found - {operation.id}


def live(operations: Iterable[Said]) -> dict[str, dict[str, object]]:
    """The live writes of every register: register to operation id to value. Several ids mean people differ."""
    known = {operation.id: operation for operation in operations}
    written: dict[str, dict[str, object]] = {}
    gone: dict[str, set[str]] = {}
    for operation in known.values():
        if not operation.in_force:
            continue
        replaced = superseded_by(operation, known)
        for register, value in operation.writes.items():
            written.setdefault(register, {})[operation.id] = value
            gone.setdefault(register, set()).update(replaced)
    return {
        register: {id: value for id, value in writes.items() if id not in gone[register]}
        for register, writes in written.items()
    }

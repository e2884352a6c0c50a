"""The ledger's own verb: putting a kept operation in force. And the seal, which others set and open."""

import json
from collections.abc import Iterable

from sqlalchemy import select

from ..access import Person
from ..db import db
from ..problems import Problem
from .canonical import tidy
from .kinds import AUDIT, KINDS, online
from .models import Operation, Payload, Stream
from .perform import Sealed
from .queries import is_late
from .schemas import AdmitSchema
from .settling import admit, is_admitted

AT_A_TIME = 200


class NothingKept(Problem):
    """There is no kept operation of this id here: it was never kept, or it is in force already."""

    title = "Nothing is kept under this id"


@online(
    "operation.admit",
    AdmitSchema,
    {"en": "{who} put a kept operation in force", "cy": "Rhoddodd {who} weithred a gadwyd mewn grym"},
    stream=AUDIT,
)
def admit_operation(by: Person, stream: Stream, payload: dict) -> None:
    """Put a kept operation in force, crediting its author. Refuses what is not kept, and all of it under a seal."""
    if stream.sealed_at is not None:
        raise Sealed("What was handed in is sealed. Recall it first; what came late then counts by itself.")
    put_in_force(stream, find_kept(stream, payload["operation"]))


def find_kept(stream: Stream, id: str) -> Operation:
    """The operation of this id, which is kept and not in force; refuses with `NothingKept` where there is none."""
    operation = db.session.scalar(select(Operation).filter_by(stream_id=stream.id, id=id))
    if operation is None or operation.verdict != "kept" or is_admitted(stream.id, operation.id):
        raise NothingKept()
    return operation


def put_in_force(stream: Stream, kept: Operation) -> None:
    """From now on a kept operation counts, for its author. The caller has asked whether it may."""
    admit(stream, [(kept, _registers_of(kept))])


def seal(stream: Stream) -> None:
    """From now on what devices hand in to this stream is kept, until `unseal`. The caller has locked the stream."""
    stream.sealed_at, stream.asked = stream.seq, None
    db.session.flush()


def ask(stream: Stream, what: Iterable[str]) -> None:
    """From now on, until it is sealed anew, the seal lets in what answers this. The caller has locked the stream."""
    stream.asked = json.dumps(list(what))
    db.session.flush()


def unseal(stream: Stream) -> int:
    """Open a seal: all that was kept for it alone is in force from now on, in the order it came, crediting its authors.
    Gives how many there were. What was kept for another reason stays kept. The caller has locked the stream."""
    stream.sealed_at = stream.asked = None
    db.session.flush()
    kept = select(Operation).filter(Operation.stream_id == stream.id, is_late()).order_by(Operation.number)
    late = list(db.session.scalars(kept))
    for begin in range(0, len(late), AT_A_TIME):
        admit(stream, [(operation, _registers_of(operation)) for operation in late[begin : begin + AT_A_TIME]])
    return len(late)


def _registers_of(operation: Operation) -> dict[str, object]:
    """What a kept operation writes; nothing where it was erased."""
    body = db.session.get(Payload, (operation.stream_id, operation.number)).body
    if body is None:
        return {}
    kind = KINDS[operation.kind]
    return {register: tidy(value) for register, value in kind.act(kind.schema.load(json.loads(body))).items()}

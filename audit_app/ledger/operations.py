"""The ledger's own verb: putting a kept operation in force."""

import json

from sqlalchemy import select

from ..access import Person
from ..db import db
from ..problems import Problem
from .canonical import tidy
from .kinds import AUDIT, KINDS, online
from .models import Operation, Payload, Stream
from .schemas import AdmitSchema
from .settling import admit, is_admitted


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
    """Put a kept operation in force, crediting its author. Refuses what is not kept."""
    operation = db.session.scalar(select(Operation).filter_by(stream_id=stream.id, id=payload["operation"]))
    if operation is None or operation.verdict != "kept" or is_admitted(stream.id, operation.id):
        raise NothingKept()
    body = db.session.get(Payload, (stream.id, operation.number)).body
    kind = KINDS[operation.kind]
    registers = kind.act(kind.schema.load(json.loads(body)))
    admit(stream, operation, {register: tidy(value) for register, value in registers.items()})

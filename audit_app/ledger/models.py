"""The ledger's tables.

`Stream`, `Operation` and `Payload` are the ledger itself and are only ever added to (triggers refuse the rest).
`Write`, `Ahead` and `Admission` are drawn from it, kept in the same transaction, and can be rebuilt from it.
"""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKeyConstraint, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Id, Moment, db


class Stream(db.Model):
    """One audit, or one organisation: a sequence of operations without gaps, each chained to the one before.

    `epoch.seq.tag` is its cursor: the same tag means the same prefix. `digest` covers everything said in it.
    `sealed_at`: the number of its last operation when it was sealed; what devices hand in from then on is kept, but for
    what answers what is `asked` of it: a JSON list, and null while nothing is.
    """

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    kind: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[str] = mapped_column(Id, index=True)
    site_id: Mapped[str | None] = mapped_column(Id, index=True)
    opened_at: Mapped[datetime] = mapped_column(Moment)
    epoch: Mapped[str] = mapped_column(String(8))
    seq: Mapped[int] = mapped_column(Integer, default=0)
    tag: Mapped[str] = mapped_column(String(16), default="")
    digest: Mapped[str] = mapped_column(String(64), default="")
    backed_up_to: Mapped[int] = mapped_column(Integer, default=0)
    sealed_at: Mapped[int | None] = mapped_column(Integer)
    asked: Mapped[str | None] = mapped_column(Text)

    @property
    def cursor(self) -> str:
        """Where the stream stands, as devices hold it."""
        return f"{self.epoch}.{self.seq}.{self.tag}"


class Operation(db.Model):
    """Something a person did, as it arrived: what, who, when, and what became of it."""

    stream_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    id: Mapped[str] = mapped_column(Id)
    v: Mapped[int] = mapped_column(Integer)
    kind: Mapped[str] = mapped_column(String(64))
    at: Mapped[str] = mapped_column(String(64))
    device: Mapped[str] = mapped_column(String(64))
    seen: Mapped[str] = mapped_column(Text)
    of: Mapped[str | None] = mapped_column(Id)
    author_id: Mapped[str] = mapped_column(Id, index=True)
    handed_in_by: Mapped[str | None] = mapped_column(Id)
    verdict: Mapped[str] = mapped_column(String(8))
    problem: Mapped[str | None] = mapped_column(Text)
    superseded: Mapped[str] = mapped_column(Text)
    early: Mapped[bool] = mapped_column(Boolean)
    received_at: Mapped[datetime] = mapped_column(Moment)
    payload_hash: Mapped[str] = mapped_column(String(64))
    tag: Mapped[str] = mapped_column(String(16))
    digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        ForeignKeyConstraint(["stream_id"], ["stream.id"]),
        Index("operation_id_once_a_stream", "stream_id", "id", unique=True),
        Index(
            "operation_not_in_force",
            "stream_id",
            "id",
            sqlite_where=text("verdict <> 'applied'"),
            postgresql_where=text("verdict <> 'applied'"),
        ),
        db.CheckConstraint("verdict IN ('applied', 'kept', 'refused')", name="verdict_known"),
        db.CheckConstraint("number >= 1", name="number_from_one"),
    )


class Payload(db.Model):
    """What an operation said. It lies beside the chain, which holds its salted hash, so that it can be erased."""

    stream_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer, primary_key=True, autoincrement=False)
    salt: Mapped[str] = mapped_column(String(32))
    body: Mapped[str | None] = mapped_column(Text)

    __table_args__ = (ForeignKeyConstraint(["stream_id", "number"], ["operation.stream_id", "operation.number"]),)


class Write(db.Model):
    """One value that an operation in force wrote into a register, and whether it still stands."""

    stream_id: Mapped[str] = mapped_column(Id, primary_key=True)
    register: Mapped[str] = mapped_column(String(160), primary_key=True)
    operation_id: Mapped[str] = mapped_column(Id, primary_key=True)
    number: Mapped[int] = mapped_column(Integer)
    value: Mapped[str] = mapped_column(Text)
    live: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (
        Index("write_live", "stream_id", sqlite_where=text("live"), postgresql_where=text("live")),
        ForeignKeyConstraint(["stream_id", "number"], ["operation.stream_id", "operation.number"]),
    )


class Ahead(db.Model):
    """A supersession that stands before its write does: the write has not arrived, or is not in force."""

    stream_id: Mapped[str] = mapped_column(Id, primary_key=True)
    operation_id: Mapped[str] = mapped_column(Id, primary_key=True)
    register: Mapped[str] = mapped_column(String(160), primary_key=True)

    __table_args__ = (ForeignKeyConstraint(["stream_id"], ["stream.id"]),)


class Admission(db.Model):
    """A kept operation that somebody with the right to has put in force."""

    stream_id: Mapped[str] = mapped_column(Id, primary_key=True)
    operation_id: Mapped[str] = mapped_column(Id, primary_key=True)

    __table_args__ = (ForeignKeyConstraint(["stream_id"], ["stream.id"]),)


# In a query over operations: has this kept one been put in force?
ADMITTED = (
    db.select(Admission.operation_id)
    .filter(Admission.stream_id == Operation.stream_id, Admission.operation_id == Operation.id)
    .exists()
)

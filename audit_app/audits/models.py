"""What an audit's registers say, as tables that SQL can ask. All of it is drawn from the ledger and can be redrawn."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Id, Moment, db


class Audit(db.Model):
    """One setting's look at itself: one edition, one cycle. Its id is that of its stream.

    `opened_at` is when the service heard of it; `at` is what the device's clock said, and is only shown.
    """

    id: Mapped[str] = mapped_column(ForeignKey("stream.id"), primary_key=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), index=True)
    checklist: Mapped[str] = mapped_column(String(80))
    edition: Mapped[int] = mapped_column(Integer)
    track: Mapped[str] = mapped_column(String(12))
    stage: Mapped[str] = mapped_column(String(20), default="open")
    opened_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    opened_at: Mapped[datetime] = mapped_column(Moment)
    at: Mapped[str] = mapped_column(String(64))

    __table_args__ = (db.CheckConstraint("track IN ('development', 'award')", name="track_known"),)


class Contributor(db.Model):
    """A person or a group that speaks in an audit with one voice. Never a resident's name."""

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True, index=True)
    voice: Mapped[str | None] = mapped_column(String(12))
    label: Mapped[str | None] = mapped_column(String(80))
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)


class Answer(db.Model):
    """One contributor's rating and comment on one criterion.

    `reason` without a rating: does not apply. Where people differ nothing stands yet, and `…_differs` says so.
    """

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    contributor_id: Mapped[str] = mapped_column(Id, primary_key=True)
    criterion: Mapped[str] = mapped_column(String(40), primary_key=True)
    rating: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(Text)
    rating_differs: Mapped[bool] = mapped_column(Boolean, default=False)
    comment: Mapped[str | None] = mapped_column(Text)
    comment_differs: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (
        Index("answer_by_criterion", "audit_id", "criterion"),
        db.CheckConstraint("rating BETWEEN 0 AND 3", name="rating_on_scale"),
    )


class Finding(db.Model):
    """What the team agrees on one criterion: rating and account (what shows it, what helps, what hinders)."""

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(40), primary_key=True)
    rating: Mapped[int | None] = mapped_column(Integer)
    reason: Mapped[str | None] = mapped_column(Text)
    rating_differs: Mapped[bool] = mapped_column(Boolean, default=False)
    shows: Mapped[str | None] = mapped_column(Text)
    helps: Mapped[str | None] = mapped_column(Text)
    hinders: Mapped[str | None] = mapped_column(Text)
    account_differs: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (db.CheckConstraint("rating BETWEEN 0 AND 3", name="rating_on_scale"),)


class Progress(db.Model):
    """How far an audit has come in one principle: how many of its criteria are answered by anybody, are agreed, and
    how many registers hold a difference."""

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    principle: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    criteria: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    agreed: Mapped[int] = mapped_column(Integer)
    differences: Mapped[int] = mapped_column(Integer)

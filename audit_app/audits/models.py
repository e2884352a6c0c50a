"""What an audit's registers say, as tables that SQL can ask. All of it is drawn from the ledger and can be redrawn."""

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text
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

    __table_args__ = (
        Index("audit_in_order", "site_id", "checklist", "opened_at", "id"),
        db.CheckConstraint("track IN ('development', 'award')", name="track_known"),
    )


class Course(db.Model):
    """How far an audit has come beyond what its team says in it: the track it is on now, and the stage of its way to an
    award. A row only where that is another than at its opening. Not drawn from registers; `Audit` repeats it."""

    __tablename__ = "audit_course"

    audit_id: Mapped[str] = mapped_column(ForeignKey("stream.id"), primary_key=True)
    track: Mapped[str] = mapped_column(String(12))
    stage: Mapped[str] = mapped_column(String(20))

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


class Tally(db.Model):
    """How one voice rated one criterion: how many of its contributors gave each step of the scale (`at0` … `at3`), and
    how many said that it does not apply. Those taken out of the count, and ratings on which people differ, are in none.

    `first` is the rating of the contributor whose id comes first: where two rate, the other's is what remains, and so
    the pair is known without looking at answers.
    """

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(40), primary_key=True)
    voice: Mapped[str] = mapped_column(String(12), primary_key=True)
    at0: Mapped[int] = mapped_column(Integer)
    at1: Mapped[int] = mapped_column(Integer)
    at2: Mapped[int] = mapped_column(Integer)
    at3: Mapped[int] = mapped_column(Integer)
    not_applicable: Mapped[int] = mapped_column(Integer)
    first: Mapped[int | None] = mapped_column(Integer)


class Score(db.Model):
    """One audit under one heading: a principle (`lens` is empty), or a group of one of the edition's lenses.

    Of its criteria: how many findings stand at each step (`at0` … `at3`) or do not apply; how many are answered by
    anybody in the count, by one contributor alone (`alone`), by no resident (`unheard`); which `voices` answered, in
    alphabetical order, with commas. `gap` is the widest distance between two voices' means on one criterion, `spread`
    the widest distance to be expected between two contributors on one (see `scoring.py`).
    """

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    lens: Mapped[str] = mapped_column(String(40), primary_key=True)
    heading: Mapped[str] = mapped_column(String(40), primary_key=True)
    position: Mapped[int] = mapped_column(Integer)
    criteria: Mapped[int] = mapped_column(Integer)
    at0: Mapped[int] = mapped_column(Integer)
    at1: Mapped[int] = mapped_column(Integer)
    at2: Mapped[int] = mapped_column(Integer)
    at3: Mapped[int] = mapped_column(Integer)
    not_applicable: Mapped[int] = mapped_column(Integer)
    answered: Mapped[int] = mapped_column(Integer)
    alone: Mapped[int] = mapped_column(Integer)
    unheard: Mapped[int] = mapped_column(Integer)
    voices: Mapped[str] = mapped_column(String(60))
    gap: Mapped[float | None] = mapped_column(Float)
    gap_criterion: Mapped[str | None] = mapped_column(String(40))
    spread: Mapped[float | None] = mapped_column(Float)
    spread_criterion: Mapped[str | None] = mapped_column(String(40))

"""What shows it: items of evidence, which criteria they show, and the photos that are really here."""

from datetime import datetime

from sqlalchemy import Boolean, Float, ForeignKey, Index, Integer, String, Text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Id, Moment, db


class Evidence(db.Model):
    """One item of evidence, drawn from the registers of its audit. `kind` and what belongs to it never change;
    `caption` is its words: what was seen or said, a document's title, what was counted, what a photo shows.

    Where people differ on the caption nothing stands yet, and `caption_differs` says so.
    """

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True, index=True)
    kind: Mapped[str | None] = mapped_column(String(12))
    voice: Mapped[str | None] = mapped_column(String(12))
    kept_where: Mapped[str | None] = mapped_column(String(200))
    dated: Mapped[str | None] = mapped_column(String(10))
    count: Mapped[int | None] = mapped_column(Integer)
    of: Mapped[int | None] = mapped_column(Integer)
    over: Mapped[str | None] = mapped_column(String(120))
    sha256: Mapped[str | None] = mapped_column(String(64))
    caption: Mapped[str | None] = mapped_column(Text)
    caption_differs: Mapped[bool] = mapped_column(Boolean, default=False)
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)


class Shown(db.Model):
    """That an item of evidence shows a criterion, or (`shows` false) that somebody took that back."""

    __tablename__ = "evidence_shown"

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    evidence_id: Mapped[str] = mapped_column(Id, primary_key=True)
    criterion: Mapped[str] = mapped_column(String(40), primary_key=True)
    shows: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (Index("evidence_shown_by_criterion", "audit_id", "criterion"),)


class Kinds(db.Model):
    """Which kinds of evidence show the criteria of a principle: in alphabetical order, with commas; a row only where
    there are any. A photo is named as soon as it was said to be there; its bytes may still be on their way."""

    __tablename__ = "evidence_kinds"

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    principle: Mapped[str] = mapped_column(String(40), primary_key=True)
    kinds: Mapped[str] = mapped_column(String(60))


class Glance(db.Model):
    """An audit at a glance, under its principles (`lens` is empty) or the groups of a lens: one row to read where there
    are ten or more of what it is drawn from. What a dashboard passes on as it is, is kept as JSON: `headings` in the
    edition's order; those that are `not_yet` shown and those still `open`; `speaking`, how many speak with each voice;
    `means`, of each heading that is agreed as a whole the mean finding. `shown`: how many are; `gap`: the widest.

    `hangs`: whether a heading is shown hangs on a photo, whose bytes may still be on their way (see `Kinds`)."""

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    lens: Mapped[str] = mapped_column(String(40), primary_key=True)
    headings: Mapped[str] = mapped_column(Text)
    shown: Mapped[int] = mapped_column(Integer)
    not_yet: Mapped[str] = mapped_column(Text)
    open: Mapped[str] = mapped_column(Text)
    gap: Mapped[float | None] = mapped_column(Float)
    means: Mapped[str] = mapped_column(Text)
    speaking: Mapped[str] = mapped_column(Text)
    hangs: Mapped[bool] = mapped_column(Boolean)


class PhotoFile(db.Model):
    """A photo that is here: `sha256` is what the device handed in and the ledger names, `stored` the hash of the fresh
    picture that was drawn from it, under which it is kept. `safe`: a backup holds it, so its device need not.

    Not part of the ledger: a photo is bytes, not words."""

    __tablename__ = "photo_file"

    audit_id: Mapped[str] = mapped_column(ForeignKey("stream.id"), primary_key=True)
    sha256: Mapped[str] = mapped_column(String(64), primary_key=True)
    stored: Mapped[str] = mapped_column(String(64))
    width: Mapped[int] = mapped_column(Integer)
    height: Mapped[int] = mapped_column(Integer)
    size: Mapped[int] = mapped_column(Integer)
    arrived_at: Mapped[datetime] = mapped_column(Moment)
    safe: Mapped[bool] = mapped_column(Boolean, default=False)

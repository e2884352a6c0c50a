"""Organisation and Site."""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Id, Moment, db, now


class Organisation(db.Model):
    """Who runs settings, or who awards. Its id is that of its stream in the ledger. `awards`: audits may be submitted
    to it, and it decides on them."""

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    name: Mapped[str] = mapped_column(String(120))
    awards: Mapped[bool] = mapped_column(Boolean, default=False, server_default=db.false())
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)


class Site(db.Model):
    """A place that is audited: a ward, a wing, a hostel, a school. `sector` chooses its words.

    `camera_allowed`: what was said about photos here, with whose authority, up to and including which day; None where
    nothing was said, and then the sector's own way holds.
    """

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    name: Mapped[str] = mapped_column(String(120))
    sector: Mapped[str] = mapped_column(String(40))
    about: Mapped[str] = mapped_column(String(200), default="")
    camera_allowed: Mapped[bool | None] = mapped_column(Boolean)
    camera_authority: Mapped[str | None] = mapped_column(String(200))
    camera_until: Mapped[str | None] = mapped_column(String(10))
    added_at: Mapped[datetime] = mapped_column(Moment, default=now)

"""AccessToken: with which a program, such as a spreadsheet, reads the figures that its owner may see."""

from datetime import datetime, timedelta

from sqlalchemy import ForeignKey, String
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Id, Moment, db, now

USED_EVERY = timedelta(hours=1)


class AccessToken(db.Model):
    """A token that its owner made. Only the hash of its secret is ever here. It reads what its owner may see when it
    is used, up to and including its last day, and nothing else."""

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    name: Mapped[str] = mapped_column(String(80))
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    until: Mapped[str] = mapped_column(String(10))
    made_at: Mapped[datetime] = mapped_column(Moment, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def works(self) -> bool:
        """Does it still open anything?"""
        return self.ended_at is None and self.until >= now().date().isoformat()

    @property
    def use_is_stale(self) -> bool:
        """Is it time to note again that it is in use?"""
        return self.used_at is None or now() - self.used_at > USED_EVERY

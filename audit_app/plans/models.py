"""What will be done: the items of the plan, and the links to people's calendars."""

from datetime import datetime

from sqlalchemy import ForeignKey, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Id, Moment, db

# What has words and a day and still has to be done, word for word as its index has it: only so do databases use that,
# and then look no further.
OPEN_AND_DATED = "what IS NOT NULL AND due IS NOT NULL AND (state IS NULL OR state NOT IN ('done', 'dropped'))"
WHERE_OPEN_AND_DATED = {f"{database}_where": text(OPEN_AND_DATED) for database in ("sqlite", "postgresql")}


class PlanItem(db.Model):
    """One thing to do, drawn from the registers of the audit in which it was planned. It stays there for good.

    `criteria` and `answers` are JSON lists. Where people differ, nothing is lost to a reader: `what` and `whose` hold
    all that was said, `due` the earliest day, `criteria` and `answers` all of them; `state` is null, and that is open.
    """

    audit_id: Mapped[str] = mapped_column(ForeignKey("audit.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True, index=True)
    what: Mapped[str | None] = mapped_column(Text)
    criteria: Mapped[str] = mapped_column(Text, default="[]")
    whose: Mapped[str | None] = mapped_column(Text)
    due: Mapped[str | None] = mapped_column(String(10))
    state: Mapped[str | None] = mapped_column(String(8))
    reason: Mapped[str | None] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(Text)
    answers: Mapped[str] = mapped_column(Text, default="[]")

    __table_args__ = (
        db.Index("plan_item_open_and_dated", "due", "audit_id", **WHERE_OPEN_AND_DATED),
        db.Index("plan_item_open_by_audit", "audit_id", "due", **WHERE_OPEN_AND_DATED),
        db.CheckConstraint("state IN ('to-do', 'doing', 'done', 'dropped')", name="state_known"),
    )


class CalendarLink(db.Model):
    """A person's secret link to the calendar of what is due. Only the hash of its secret is ever here."""

    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    secret_sha256: Mapped[str] = mapped_column(String(64), unique=True)
    made_at: Mapped[datetime] = mapped_column(Moment)

"""Where an item of the plan stands on a day, and in which order people should see them. Pure: standard library only;
`store/planning.js` is its twin."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date, timedelta

TO_DO, DOING, DONE, DROPPED = "to-do", "doing", "done", "dropped"
STATES = (TO_DO, DOING, DONE, DROPPED)
SETTLED = (DONE, DROPPED)
SOON = timedelta(days=7)

OVERDUE, WEEK, LATER, UNDATED = "overdue", "week", "later", "undated"
ORDER = (OVERDUE, WEEK, LATER, UNDATED, DONE, DROPPED)


@dataclass(frozen=True)
class Figures:
    """How many items were done and dropped (with a reason), how many are open, and of those how many are overdue."""

    done: int
    dropped: int
    open: int
    overdue: int

    @property
    def promised(self) -> int:
        """How many there are in all."""
        return self.done + self.dropped + self.open


def stands(state: str | None, due: str | None, today: date) -> str:
    """One of ORDER: what is settled is done or dropped; what is open is overdue from the day after its day on, and due
    this week on the seven days before. Where people differ on the state (None), it is open."""
    if state in SETTLED:
        return state
    if due is None:
        return UNDATED
    day = date.fromisoformat(due)
    if day < today:
        return OVERDUE
    return WEEK if day <= today + SOON else LATER


def figures(standings: Iterable[str]) -> Figures:
    """What came of the items that stand like this."""
    found = list(standings)
    done, dropped, overdue = (found.count(one) for one in (DONE, DROPPED, OVERDUE))
    return Figures(done, dropped, len(found) - done - dropped, overdue)

"""What else is awaited of people by some day, besides what a plan holds: told by those capabilities that know of it,
for reminders and calendars."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass
from datetime import date, datetime, timedelta

from ..access import Person
from .due import SOON, UNDATED, stands

SOURCES: list[Callable] = []


@dataclass(frozen=True)
class Awaited:
    """Something that some people (`people`, ids) are to do, or to know of, at a setting: `what`, by language, and the
    day (`due`), if it has one. They are reminded from so long before it (`notice`). `screen`: where in the app it is
    done. `since`: when it came about."""

    id: str
    people: frozenset[str]
    site: str
    place: str
    what: Mapping[str, str]
    due: date | None
    since: datetime
    screen: str
    notice: timedelta = SOON

    def stands_on(self, on: date) -> str:
        """One of `due.ORDER`, on a day."""
        return stands(None, self.due.isoformat() if self.due else None, on)

    def is_near(self, on: date) -> bool:
        """Is it time to remind people? What has no day waits already."""
        return self.stands_on(on) == UNDATED or self.due <= on + self.notice


def awaits(source: Callable) -> Callable:
    """Register who else knows of something that is awaited: `source(on, person)` gives it, of one person or of all."""
    SOURCES.append(source)
    return source


def awaited(on: date, person: Person | None = None) -> Iterator[Awaited]:
    """All that is awaited as of a day; of this person alone, if one is named."""
    for source in SOURCES:
        for one in source(on, person):
            if person is None or person.id in one.people:
                yield one

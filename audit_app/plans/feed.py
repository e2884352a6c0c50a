"""What is due as a calendar (RFC 5545): a whole day for each open item of a plan, and for what else is awaited of
somebody by a day, for anybody's calendar to show."""

from datetime import timedelta

from icalendar import Calendar, Event

from ..access import Person
from ..db import today
from .awaited import Awaited, awaited
from .operations import STATE_WORDS
from .queries import Dated, dated_items_of
from .reminding import whose_words

WORDS = {
    "en": {"title": "Milieu: what is due", "differs": "people differ"},
    "cy": {"title": "Milieu: beth sy'n ddyledus", "differs": "mae pobl yn anghytuno"},
}


def calendar_of(person: Person, address: str, language: str) -> bytes:
    """What is due at the settings that `person` may see now. `address` is where the app is. The same as long as nothing
    changes."""
    calendar = Calendar()
    calendar.add("prodid", "-//Milieu//plan//EN")
    calendar.add("version", "2.0")
    calendar.add("method", "PUBLISH")
    calendar.add("x-wr-calname", WORDS[language]["title"])
    calendar.add("refresh-interval", timedelta(hours=6), parameters={"VALUE": "DURATION"})
    for dated in dated_items_of(person):
        calendar.add_component(_event(dated, address, language))
    dated = [one for one in awaited(today(), person) if one.due]
    for one in sorted(dated, key=lambda one: (one.due, one.id)):
        calendar.add_component(_awaited_event(one, address, language))
    return calendar.to_ical()


def _event(dated: Dated, address: str, language: str) -> Event:
    item, site = dated.item, dated.site
    state = STATE_WORDS[item.state][language] if item.state else WORDS[language]["differs"]
    event = Event()
    event.add("uid", f"{item.id}@milieu")
    event.add("dtstamp", dated.changed_at.replace(microsecond=0))
    event.add("dtstart", item.due)
    event.add("dtend", item.due + timedelta(days=1))
    event.add("summary", f"{site.name}: {item.what}")
    event.add("description", " · ".join(filter(None, [whose_words(item.whose, language), state])))
    event.add("url", f"{address}#/sites/{site.id}/plan")
    event.add("transp", "TRANSPARENT")  # a day on which something is due is not a day that is taken
    return event


def _awaited_event(one: Awaited, address: str, language: str) -> Event:
    event = Event()
    event.add("uid", f"{one.id}@milieu")
    event.add("dtstamp", one.since.replace(microsecond=0))
    event.add("dtstart", one.due)
    event.add("dtend", one.due + timedelta(days=1))
    event.add("summary", f"{one.place}: {one.what[language]}")
    event.add("url", f"{address}#{one.screen}")
    event.add("transp", "TRANSPARENT")
    return event

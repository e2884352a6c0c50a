"""What happened to the awards in the register, as an Atom feed (RFC 4287)."""

from datetime import date
from xml.etree import ElementTree

from .queries import Entry, Happening, midnight
from .words import speaker

ATOM = "application/atom+xml"
_SPACE = "http://www.w3.org/2005/Atom"
_UNKEEPABLE = dict.fromkeys([*range(9), 11, 12, *range(14, 32), 0xFFFE, 0xFFFF])  # no XML may hold them


def feed_of(told: list[tuple[Entry, Happening]], home: str, language: str, on: date) -> bytes:
    """The feed of what happened, newest first. `home` is the service's own address. The same as long as nothing new
    happened."""
    say = speaker(language)
    feed = ElementTree.Element("feed", {"xmlns": _SPACE, "xml:lang": language})
    newest = told[0][1].day if told else on.replace(month=1, day=1)
    _put(feed, "id", f"{home}/register.atom")
    _put(feed, "title", say("feed_title"))
    _put(feed, "updated", _moment(newest))
    ElementTree.SubElement(feed, "link", {"rel": "self", "href": f"{home}/register.atom"})
    ElementTree.SubElement(feed, "link", {"rel": "alternate", "type": "text/html", "href": f"{home}/register"})
    _put(ElementTree.SubElement(feed, "author"), "name", "Milieu")
    for entry, happening in told:
        _tell(feed, entry, happening, home, language)
    return ElementTree.tostring(feed, encoding="utf-8", xml_declaration=True)


def _tell(feed: ElementTree.Element, entry: Entry, happening: Happening, home: str, language: str) -> None:
    say = speaker(language)
    what = say(f"did_{happening.what}", body=entry.body)
    title = entry.edition.summary_in(language)["title"]
    one = ElementTree.SubElement(feed, "entry")
    _put(one, "id", f"{home}/register/{entry.number}#{happening.what}-{happening.day}")
    _put(one, "title", f"{entry.award.holder}: {what}")
    _put(one, "updated", _moment(happening.day))
    ElementTree.SubElement(one, "link", {"rel": "alternate", "href": f"{home}/register/{entry.number}"})
    _put(one, "summary", " · ".join(filter(None, [entry.organisation, title, happening.reason])))


def _put(where: ElementTree.Element, name: str, text: str) -> None:
    ElementTree.SubElement(where, name).text = text.translate(_UNKEEPABLE)


def _moment(day: date) -> str:
    return midnight(day).isoformat()

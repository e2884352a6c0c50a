"""What a reminder says: a subject, and what is overdue, due soon or waiting at each setting, in plain text."""

from datetime import date

from .awaited import Awaited
from .due import LATER, OVERDUE, UNDATED, WEEK
from .queries import Planned, Reminder

ROLES = {
    "lead": {"en": "the lead", "cy": "yr arweinydd"},
    "manager": {"en": "the manager", "cy": "y rheolwr"},
    "team": {"en": "the team", "cy": "y tîm"},
    "residents": {"en": "the people who live here or use it", "cy": "y bobl sy'n byw yma neu'n ei ddefnyddio"},
}
WORDS = {
    "en": {
        "hello": "Hello {name},",
        "overdue": "{n} overdue",
        "week": "{n} due within a week",
        "later": "{n} to come",
        "undated": "{n} waiting",
        "subject": "Milieu: {counts}",
        "was": "was due {day}",
        "is": "due {day}",
        "nobody": "nobody has taken it on yet",
        "since": "since {day}",
        "how": "To say how far it is, open Milieu and go to Plan.\n"
        "Something that will not be done can be dropped there, with the reason.",
        "where": "To do what is waiting, open Milieu.",
        "why": "You get this because of your role at these settings.",
        "months": "January February March April May June July August September October November December",
    },
    "cy": {
        "hello": "Helo {name},",
        "overdue": "{n} yn hwyr",
        "week": "{n} i'w wneud o fewn wythnos",
        "later": "{n} i ddod",
        "undated": "{n} yn aros",
        "subject": "Milieu: {counts}",
        "was": "i fod wedi'i wneud erbyn {day}",
        "is": "erbyn {day}",
        "nobody": "nid oes neb wedi'i gymryd eto",
        "since": "ers {day}",
        "how": "I ddweud ble mae pethau, agorwch Milieu ac ewch i Cynllun.\n"
        "Gallwch ollwng rhywbeth na fydd yn cael ei wneud yno, gyda'r rheswm.",
        "where": "I wneud yr hyn sy'n aros, agorwch Milieu.",
        "why": "Rydych yn cael hwn oherwydd eich rôl yn y lleoliadau hyn.",
        "months": "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
    },
}


def subject_of(reminder: Reminder, language: str) -> str:
    """Such as "Milieu: 2 overdue, 1 due within a week"."""
    words = WORDS[language]
    counts = [words[name].format(n=n) for name in (OVERDUE, WEEK, LATER, UNDATED) if (n := reminder.count(name))]
    return words["subject"].format(counts=", ".join(counts))


def text_of(reminder: Reminder, language: str) -> str:
    """The whole list, a setting after the other, overdue first."""
    words = WORDS[language]
    parts = [words["hello"].format(name=reminder.name)]
    for name, items in reminder.sites:
        parts.append("\n".join([name, *(_line(item, language) for item in items)]))
    for name, items in reminder.awaited:
        parts.append("\n".join([name, *(_awaited_line(item, reminder.on, language) for item in items)]))
    how = [words[key] for key, found in (("how", reminder.sites), ("where", reminder.awaited)) if found]
    return "\n\n".join([*parts, *how, words["why"]]) + "\n"


def whose_words(whose: str, language: str) -> str:
    """A role in words; a role that somebody named is its own words."""
    return ROLES[whose][language] if whose in ROLES else whose


def _line(item: Planned, language: str) -> str:
    words = WORDS[language]
    when = words["was" if item.stands == OVERDUE else "is"].format(day=_day(item.due, language))
    return f"  - {item.what}\n    {when} · {whose_words(item.whose, language) or words['nobody']}"


def _awaited_line(item: Awaited, on: date, language: str) -> str:
    key = {OVERDUE: "was", UNDATED: "since"}.get(item.stands_on(on), "is")
    day = _day(item.due or item.since.date(), language)
    return f"  - {item.what[language]}\n    {WORDS[language][key].format(day=day)}"


def _day(day: date, language: str) -> str:
    return f"{day.day} {WORDS[language]['months'].split()[day.month - 1]} {day.year}"

"""The letters in which a decision goes out: drafted from the record, for the panel to edit. What is known only once the
panel has decided stands as a place, such as `{due}`, which is filled then, in an edited letter too. The Welsh is a
draft: nobody has reviewed it yet."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date

from ...telling import day_in_words
from ..stages import (
    AWARDED,
    DEFERRED,
    DISMISSED,
    NO_CHANGE,
    NOT_AWARDED,
    RESTORED,
    SUSPENDED,
    UPHELD,
    WITHDRAWN,
)

PLACES = ("reasons", "criteria", "due", "day", "number", "until", "interim")  # filled when the panel has decided


@dataclass(frozen=True)
class Record:
    """What is known before the panel decides. `rule`: the rule's verdict in one line; `checked`: the site has said that
    the report's facts are right, or corrected them."""

    setting: str
    organisation: str
    body: str
    checklist: str
    edition: int
    submitted: date
    released: date | None
    checked: bool
    rule: str


HEAD = {
    "en": "To the team of {setting}, {organisation}\n\n{day}\n\n{about}\n",
    "cy": "At dîm {setting}, {organisation}\n\n{day}\n\n{about}\n",
}
ABOUT = {
    "en": "{checklist}, edition {edition}: your audit, handed in on {submitted}",
    "cy": "{checklist}, argraffiad {edition}: eich archwiliad, a gyflwynwyd ar {submitted}",
}
READ = {
    "en": "The panel has read your audit, the evidence in it and the assessor’s report of {released}.",
    "cy": "Mae’r panel wedi darllen eich archwiliad, y dystiolaeth ynddo ac adroddiad yr asesydd ar {released}.",
}
CHECKED = {
    "en": " You have checked the facts of that report.",
    "cy": " Rydych wedi gwirio ffeithiau’r adroddiad hwnnw.",
}
RULE = {
    "en": "By the rule of the edition your audit stands like this: {rule}",
    "cy": "Yn ôl rheol yr argraffiad, dyma sut mae eich archwiliad yn sefyll: {rule}",
}
APPEAL = {
    "en": "If you do not accept this, your lead or your manager can appeal within eight weeks. Other people than those "
    "who decided will look at it.",
    "cy": "Os nad ydych yn derbyn hyn, gall eich arweinydd neu eich rheolwr apelio o fewn wyth wythnos. Bydd pobl "
    "eraill, nid y rhai a benderfynodd, yn edrych arno.",
}
SAYS = {
    AWARDED: {
        "en": "We are glad to tell you that {setting} holds the award from today. Its number is {number}. It holds "
        "until {until}, and is looked at again by {interim}.\n\nWhy:\n{reasons}\n\nThank you for letting us see what "
        "you do.",
        "cy": "Rydym yn falch o ddweud wrthych fod {setting} yn dal y dyfarniad o heddiw ymlaen. Ei rif yw {number}. "
        "Mae’n para tan {until}, ac ailedrychir arno erbyn {interim}.\n\nPam:\n{reasons}\n\nDiolch am adael inni weld "
        "yr hyn rydych yn ei wneud.",
    },
    DEFERRED: {
        "en": "We cannot give the award yet. Most settings get it on the second look, so please read on.\n\nWhy:\n"
        "{reasons}\n\nPlease answer on these, each one by itself, by {due}: {criteria}.\n\nThe panel meets again once "
        "your answer is here.",
        "cy": "Ni allwn roi’r dyfarniad eto. Mae’r rhan fwyaf o leoliadau’n ei gael ar yr ail olwg, felly darllenwch "
        "ymlaen.\n\nPam:\n{reasons}\n\nAtebwch ar y rhain, bob un ar ei ben ei hun, erbyn {due}: {criteria}.\n\nBydd y "
        "panel yn cwrdd eto pan fydd eich ateb yma.",
    },
    NOT_AWARDED: {
        "en": "We do not give the award this time.\n\nWhy:\n{reasons}\n\nYou can audit again whenever you are ready, "
        "and hand that in.",
        "cy": "Nid ydym yn rhoi’r dyfarniad y tro hwn.\n\nPam:\n{reasons}\n\nGallwch archwilio eto pryd bynnag y "
        "byddwch yn barod, a chyflwyno hynny.",
    },
    SUSPENDED: {
        "en": "From today the award {number} of {setting} is suspended. It can be restored.\n\nWhy:\n{reasons}",
        "cy": "O heddiw ymlaen mae dyfarniad {number} {setting} wedi’i atal. Gellir ei adfer.\n\nPam:\n{reasons}",
    },
    RESTORED: {
        "en": "From today the award {number} of {setting} stands again.\n\nWhy:\n{reasons}",
        "cy": "O heddiw ymlaen mae dyfarniad {number} {setting} yn sefyll eto.\n\nPam:\n{reasons}",
    },
    WITHDRAWN: {
        "en": "From today the award {number} of {setting} is withdrawn. Please take its certificate down.\n\nWhy:\n"
        "{reasons}",
        "cy": "O heddiw ymlaen mae dyfarniad {number} {setting} wedi’i dynnu’n ôl. Tynnwch ei dystysgrif i lawr.\n\n"
        "Pam:\n{reasons}",
    },
    NO_CHANGE: {
        "en": "A panel has looked at the award {number} of {setting} again, and leaves it as it is.\n\nWhy:\n{reasons}",
        "cy": "Mae panel wedi edrych eto ar ddyfarniad {number} {setting}, ac mae’n ei adael fel y mae.\n\nPam:\n"
        "{reasons}",
    },
    UPHELD: {
        "en": "Your appeal is upheld.\n\nWhy:\n{reasons}",
        "cy": "Mae eich apêl wedi’i chadarnhau.\n\nPam:\n{reasons}",
    },
    DISMISSED: {
        "en": "Your appeal is dismissed: what was decided stays as it is.\n\nWhy:\n{reasons}",
        "cy": "Mae eich apêl wedi’i gwrthod: mae’r hyn a benderfynwyd yn aros fel y mae.\n\nPam:\n{reasons}",
    },
}
FROM_READING = (AWARDED, DEFERRED, NOT_AWARDED)
MAY_APPEAL = (DEFERRED, NOT_AWARDED, SUSPENDED, WITHDRAWN)
SIGNED = {"en": "For the panel of {body}", "cy": "Ar ran panel {body}"}


def drafted(outcome: str, record: Record, language: str) -> str:
    """The letter that says this outcome, with places for what nobody knows yet."""
    known = {
        "setting": record.setting,
        "organisation": record.organisation,
        "body": record.body,
        "checklist": record.checklist,
        "edition": str(record.edition),
        "submitted": day_in_words(record.submitted, language),
        "released": day_in_words(record.released, language) if record.released else "",
        "rule": record.rule,
    }
    parts = [HEAD[language].replace("{about}", ABOUT[language]).rstrip()]
    if outcome in FROM_READING:
        parts.append(READ[language] + (CHECKED[language] if record.checked else ""))
        parts.append(RULE[language])
    parts.append(SAYS[outcome][language])
    if outcome in MAY_APPEAL:
        parts.append(APPEAL[language])
    parts.append(SIGNED[language])
    return filled("\n\n".join(parts), known)


def filled(letter: str, known: Mapping[str, str]) -> str:
    """The letter with what is known in its places. Nothing else in braces is touched, nor what comes in with them."""
    pieces = letter.split("{")
    told = pieces[:1]
    for piece in pieces[1:]:
        name, closed, rest = piece.partition("}")
        told.append(known[name] + rest if closed and name in known else "{" + piece)
    return "".join(told)

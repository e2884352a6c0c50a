"""The certificate of an award as plain data for its template, and as PDF."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date
from pathlib import Path

from ...paper.drawing import qr, ring
from ...telling import day_in_words
from ...typeset import typeset
from ..words import speaker

TEMPLATE = Path(__file__).parent / "certificate.typ"
ASKED = ("certificate", "this_says", "was_awarded", "check", "check_why", "record", "draft", "page", "page_of")


@dataclass(frozen=True)
class Certificate:
    """What a certificate says. `titles`: the checklist's title by language, and `principles` those of its principles,
    or none where its rule goes by classes; `arcs`: how many principles or classes were shown. `interim`, `until`: the
    day by which it is looked at again, and the first on which it holds no more. `record`: the ledger's digest at the
    seal. `address`: where it is checked."""

    number: str
    setting: str
    organisation: str
    body: str
    titles: dict[str, str]
    principles: dict[str, Sequence[str]]
    arcs: int
    edition: int
    decided: date
    interim: date
    until: date
    record: str
    address: str


def certificate(told: Certificate, languages: Sequence[str], drafts: Sequence[str] = ()) -> bytes:
    """The certificate as a tagged PDF: one page in each of `languages`, the first the one that it was decided in.
    `drafts`: those whose words nobody has reviewed. Takes tens of milliseconds: never while a lock is held."""
    return typeset(TEMPLATE, certificate_data(told, languages, drafts))


def certificate_data(told: Certificate, languages: Sequence[str], drafts: Sequence[str] = ()) -> dict:
    """What the template is given."""
    return {
        "language": languages[0],
        "words": {key: speaker(languages[0])(key) for key in ASKED},
        "title": f"{speaker(languages[0])('certificate')} {told.number}: {told.setting}",
        "number": told.number,
        "setting": told.setting,
        "body": told.body,
        "address": told.address,
        "record": [told.record[at : at + 8] for at in range(0, len(told.record), 8)],
        "seal": ring([(1.0, 1.0, False)] * told.arcs),
        "qr": qr(told.address),
        "pages": [_page(told, language, language in drafts) for language in languages],
    }


def _page(told: Certificate, language: str, draft: bool) -> dict:
    say = speaker(language)
    principles = list(told.principles.get(language, ()))
    title = told.titles[language]

    facts = {
        "edition": say("edition_n", checklist=title, n=told.edition),
        "decision": say("decided", day=day_in_words(told.decided, language), body=told.body),
        "interim": day_in_words(told.interim, language),
        "until": day_in_words(told.until, language),
        "number": told.number,
    }
    return {
        "language": language,
        "draft": say("draft") if draft else "",
        "words": {key: say(key) for key in ASKED},
        "years": f"{told.decided.year}–{told.until.year}",
        "of": say("in_setting", organisation=told.organisation),
        "checklist": title,
        "shown": say("all_principles" if principles else "all_classes", of=told.arcs),
        "principles": principles,
        "seal_words": say("seal", of=told.arcs),
        "facts": [{"name": say(key), "value": value} for key, value in facts.items()],
        "qr_words": say("qr", address=told.address),
    }

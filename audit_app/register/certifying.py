"""What a certificate says, read from the tables."""

from ..awards.certificate.certificate import Certificate
from ..awards.rules import CLASSES
from ..awards.words import speaker
from .queries import Entry

SPOKEN = ("en", "cy")  # what certificates have words in


def told_by(entry: Entry, home: str) -> Certificate:
    """The certificate of an award. `home` is the service's own address."""
    edition, (languages, _) = entry.edition, languages_of(entry)
    spoken = {language: edition.in_words(entry.site.sector, language) for language in languages}
    by_class = _goes_by_classes(entry)
    return Certificate(
        number=entry.number,
        setting=entry.award.holder,
        organisation=entry.organisation,
        body=entry.body,
        titles={language: said["title"] for language, said in spoken.items()},
        principles={} if by_class else {language: heading_titles(entry, language) for language in languages},
        arcs=len(heading_titles(entry, languages[0])),
        edition=entry.award.edition,
        decided=entry.decided,
        interim=entry.interim,
        until=entry.until,
        record=entry.award.record_digest,
        address=f"{home}/check/{entry.number}",
    )


def languages_of(entry: Entry) -> tuple[list[str], list[str]]:
    """The languages that an award's certificate speaks, the one that its edition was written in first; and those of
    them whose words nobody has reviewed."""
    edition = entry.edition
    has = [*edition.languages, *edition.translations]
    languages = [language for language in has if language in SPOKEN] or ["en"]
    return languages, [language for language in languages if edition.translations.get(language) == "draft"]


def heading_titles(entry: Entry, language: str) -> list[str]:
    """What was judged: the titles of the principles, or of the classes where the rule goes by those."""
    said = entry.edition.in_words(entry.site.sector, language)
    parts = said["award_rule"]["classes"] if _goes_by_classes(entry) else said["principles"]
    return [part["title"] for part in parts]


def page_words(entry: Entry, headings: list[str], home: str, language: str) -> dict[str, str]:
    """What the certificate's own words say on its page: the same as on paper."""
    say = speaker(language)
    shown = "all_classes" if _goes_by_classes(entry) else "all_principles"
    return {key: say(key) for key in ("this_says", "was_awarded", "check", "check_why")} | {
        "of": say("in_setting", organisation=entry.organisation),
        "shown": say(shown, of=len(headings)),
        "qr": say("qr", address=f"{home}/check/{entry.number}"),
    }


def _goes_by_classes(entry: Entry) -> bool:
    rule = entry.edition.award_rule
    return rule is not None and rule["kind"] == CLASSES

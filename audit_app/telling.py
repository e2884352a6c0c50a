"""Words of a table in a language, and days as people write them: for all that the server itself puts into sentences."""

from collections.abc import Callable, Mapping
from datetime import date

MONTHS = {
    "en": "January February March April May June July August September October November December",
    "cy": "Ionawr Chwefror Mawrth Ebrill Mai Mehefin Gorffennaf Awst Medi Hydref Tachwedd Rhagfyr",
}


def speaker(words: Mapping[str, Mapping[str, str]], language: str) -> Callable[..., str]:
    """`say(key, **more)`: what `words` have under this key in this language, with the places in it filled."""

    def say(key: str, **more) -> str:
        return words[key][language].format(**more)

    return say


def day_in_words(day: date, language: str) -> str:
    """A day as people write it: 23 November 2026."""
    return f"{day.day} {MONTHS[language].split()[day.month - 1]} {day.year}"


def day_told(text: str, language: str) -> str:
    """A day written 2026-11-23, as people write it."""
    return day_in_words(date.fromisoformat(text), language)

"""The number of an award: short enough to read out on the telephone, and no slip of the pen makes another. Pure:
standard library only.

`MIL-2026-7K3QF-X92AB`: the year, nine characters drawn at random, and one that checks. Nine are so many (44 bits) that
nobody finds an award by trying, also one whose site did not agree to be named. Numbers from before have five and one
(`MIL-2026-7K3QFX`), and stay numbers for ever. The letters I, L, O and U and the digit 0 are not used, so that nothing
is misread and no word comes about. The check is a weighted sum modulo 31, which is prime: it finds every single wrong
character and every two that changed places.
"""

import re
import secrets

ALPHABET = "123456789ABCDEFGHJKMNPQRSTVWXYZ"
DRAWN, HALF = 9, 5
_NUMBER = re.compile(rf"MIL-([0-9]{{4}})-([{ALPHABET}]{{5}}-[{ALPHABET}]{{4}}|[{ALPHABET}]{{5}})([{ALPHABET}])")


def new_number(year: int) -> str:
    """A number for an award of this year, which nobody can guess from another."""
    drawn = "".join(secrets.choice(ALPHABET) for _ in range(DRAWN))
    return _written(f"{year:04}", drawn + _check(f"{year:04}", drawn))


def tidy_number(typed: str) -> str | None:
    """The number that somebody typed, in its one spelling (any case, with or without spaces and hyphens); None where it
    cannot be one."""
    bare = re.sub(r"[\s\-\u2010-\u2015]", "", typed[:64]).upper()
    if not bare.startswith("MIL"):
        bare = f"MIL{bare}"
    number = _written(bare[3:7], bare[7:])
    return number if is_number(number) else None


def is_number(number: str) -> bool:
    """Is this a number as it is written, with the check that belongs to it?"""
    found = _NUMBER.fullmatch(number)
    return found is not None and _check(found[1], found[2].replace("-", "")) == found[3]


def _written(year: str, signs: str) -> str:
    """Ten signs are written in two halves, to be read out one after the other."""
    halves = [signs[:HALF], signs[HALF:]] if len(signs) > len("7K3QFX") else [signs]
    return "-".join(["MIL", year, *halves])


def _check(year: str, drawn: str) -> str:
    values = [*map(int, year), *map(ALPHABET.index, drawn)]
    return ALPHABET[sum(weight * value for weight, value in enumerate(values, 2)) % len(ALPHABET)]

"""Canonical JSON and the digests made of it. Pure: standard library only.

RFC 8785 (JSON Canonicalization Scheme) over what operations may hold: objects with ASCII keys, lists, text, whole
numbers, true, false and null. For these, sorted keys and the shortest form are the scheme; a test holds this against
the reference implementation.
"""

import hashlib
import json
import unicodedata

# What JavaScript's trim() removes, no more and no less: both sides must tidy alike.
_BLANK = "\t\n\v\f\r \u00a0\u1680\u2028\u2029\u202f\u205f\u3000\ufeff" + "".join(map(chr, range(0x2000, 0x200B)))
_ENCODER = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), allow_nan=False)


def canonical(value) -> str:
    """The one way to write `value` as JSON: equal values have equal text."""
    return _ENCODER.encode(value)


def digest(text: str) -> str:
    """SHA-256 of `text` in UTF-8, as 64 hexadecimal digits. Refuses broken text (lone surrogates) with ValueError."""
    return hashlib.sha256(text.encode()).hexdigest()


def tidy(value):
    """`value` with every text in it NFC-normalised and trimmed, so that what looks the same is the same."""
    if isinstance(value, str):
        return value.strip(_BLANK) if value.isascii() else unicodedata.normalize("NFC", value).strip(_BLANK)
    if isinstance(value, dict):
        return {key: tidy(item) for key, item in value.items()}
    if isinstance(value, list):
        return [tidy(item) for item in value]
    return value

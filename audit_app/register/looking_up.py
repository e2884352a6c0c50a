"""Looking an award up by its number, as anybody may: whoever holds its paper has the number, and nobody else is to find
it by trying."""

from datetime import date

from flask import Response, after_this_request

from ..accounts import throttle
from ..awards.certificate.numbers import is_number
from .queries import Entry, find_entry

WHAT = "award"


def look_up(number: str | None, on: date) -> Entry | None:
    """The award of this number; None where there is none, which counts as a try. Refuses with `SlowDown` while this
    network, which has tried too many, must wait; those in the register are public, and told at any time."""
    if number is None or not is_number(number):
        return None
    entry = find_entry(number, on)
    if entry and entry.award.listed:
        return entry
    after_this_request(_keep_from_search_engines)
    keys = throttle.network_keys(WHAT)
    throttle.require_turn(keys)
    if entry is None:
        throttle.note_failure(keys)
    return entry


def _keep_from_search_engines(reply: Response) -> Response:
    """What is in no register is in no other list either, whoever published a link to it."""
    reply.headers["X-Robots-Tag"] = "noindex"
    return reply

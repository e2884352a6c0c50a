"""An award as data for programs: rows of the register's table, entries of its JSON, and the answer to a check."""

from ..awards.certificate.credential import UNKNOWN
from .queries import Entry, Happening

COLUMNS = (
    "number",
    "state",
    "holder",
    "organisation",
    "sector",
    "body",
    "checklist",
    "edition",
    "awarded_on",
    "interim_due",
    "until",
    "since",
    "reason",
    "replaced_by",
)  # of the register as CSV, in this order


def row_of(entry: Entry) -> dict:
    """An award as a row of plain values. Days are written 2026-11-23."""
    award = entry.award
    return {
        "number": award.number,
        "state": entry.state,
        "holder": award.holder,
        "organisation": entry.organisation,
        "sector": entry.site.sector,
        "body": entry.body,
        "checklist": award.checklist,
        "edition": award.edition,
        "awarded_on": award.decided_on,
        "interim_due": entry.interim.isoformat(),
        "until": award.until,
        "since": entry.since and entry.since.isoformat(),
        "reason": entry.reason,
        "replaced_by": award.replaced_by,
    }


def entry_of(entry: Entry, home: str, history: list[Happening] | None = None) -> dict:
    """An award with the addresses of all that there is of it. `home` is the service's own address."""
    told = row_of(entry) | {
        "checklist_title": entry.edition.title[entry.edition.original],
        "record": entry.award.record_digest,
        "page": f"{home}/register/{entry.number}",
        "check": f"{home}/check/{entry.number}",
        "certificate": f"{home}/certificate/{entry.number}",
        "issuer": f"{home}/organisations/{entry.award.body_id}",
    }
    if history is not None:
        told["history"] = [
            {"day": happening.day.isoformat(), "what": happening.what, "reason": happening.reason}
            for happening in history
        ]
    return told


def answer_of(entry: Entry | None, number: str | None, home: str, on: str) -> dict:
    """The answer to a check by number. Of what nobody knows it says nothing but that."""
    if entry is None:
        return {"number": number, "state": UNKNOWN, "asked_on": on}
    told = entry_of(entry, home)
    if not entry.award.listed:
        del told["page"]
    return told | {"asked_on": on}

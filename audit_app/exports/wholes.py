"""Everything about a person, and everything of an organisation, as files for one archive."""

import json
from collections.abc import Callable, Iterable, Iterator
from typing import BinaryIO

from sqlalchemy import or_, select, true

from ..access import Person, grants_of, names_of
from ..accounts.models import Device, Invitation
from ..accounts.queries import invitations_of, people_of
from ..db import as_text, db
from ..evidence.files import path_of
from ..evidence.models import PhotoFile
from ..ledger.models import Operation, Payload
from ..plans.models import CalendarLink
from ..sites.models import Organisation
from ..sites.queries import sites_seen_by
from ..wire import dump
from .models import AccessToken
from .queries import Scope, rows
from .sheets import write_csv
from .spool import Packed
from .tables import TABLES, each_column

AT_A_TIME = 500
EVERY = true()
ABOUT_PEOPLE = ("person.invite", "person.end", "grant.give", "grant.end", "device.end")
Row = dict[str, object]


def all_about(person: Person) -> Iterator[Packed]:
    """All that the service holds about a person: account, roles, devices, tokens and invitations; what they did and
    said, in their words and wherever it was; what others did about them; and the photos that they added."""
    yield _lines("account.json", lambda: [_account(person)])
    yield _csv("roles.csv", lambda: _roles(person))
    yield _csv("devices.csv", lambda: _devices(person))
    yield _csv("tokens.csv", lambda: _tokens(person))
    yield _csv("invitations.csv", lambda: _invitations(person))
    yield _lines("what-i-did.jsonl", lambda: _done_by(person))
    yield _lines("what-others-did-about-me.jsonl", lambda: _about(person))
    yield from _photos(_added_by(person))


def all_of(organisation: Organisation, person: Person, language: str) -> Iterator[Packed]:
    """All of an organisation that `person`, who looks after the whole of it, may see: every table, its ledger and those
    of its audits, its people, and the photos. Whoever may see no audits gets nothing that was said in them."""
    scope = Scope.of_person(person, language, organisation.id)
    for name, table in TABLES.items():
        yield _csv(f"tables/{name}.csv", lambda table=table: rows(table, scope), table.names)
    yield _csv("columns.csv", lambda: _columns(language), ("table", "column", "kind", "words", "refers"))
    yield _csv("settings.csv", lambda: _settings(organisation.id, person))
    yield _csv("people.csv", lambda: _people(organisation.id))
    yield _csv("invitations.csv", lambda: _open_invitations(organisation.id))
    yield _lines("ledger.jsonl", lambda: _operations([*scope.audits, organisation.id]))
    yield from _photos(_stored_in(scope))


# Files


def _csv(name: str, find: Callable[[], Iterable[Row]], names: Iterable[str] | None = None) -> Packed:
    """A table. Without `names` its columns are those of its first row."""

    def write(file: BinaryIO) -> None:
        found = find()
        if names is None:
            found = list(found)
        write_csv(names or (found[0] if found else ("nothing",)), found, file)

    return Packed(name, write)


def _lines(name: str, find: Callable[[], Iterable[Row]]) -> Packed:
    """One JSON object a line."""

    def write(file: BinaryIO) -> None:
        for row in find():
            file.write(dump(row).encode() + b"\n")

    return Packed(name, write)


def _photos(stored: Iterable[str]) -> Iterator[Packed]:
    """The pictures, under the hash of what they are now; one that is missing is left out."""
    for hashed in sorted(set(stored)):
        if path_of(hashed).exists():
            yield Packed(f"photos/{hashed}.jpg", path_of(hashed))


# About a person


def _account(person: Person) -> Row:
    calendar = db.session.get(CalendarLink, person.id)
    return {
        "id": person.id,
        "name": person.name,
        "email": person.email,
        "joined_at": as_text(person.joined_at),
        "calendar_link_made_at": as_text(calendar.made_at) if calendar else None,
    }


def _roles(person: Person) -> Iterator[Row]:
    for grant in grants_of(person):
        yield {
            "id": grant.id,
            "role": grant.role,
            "organisation_id": grant.organisation_id,
            "site_id": grant.site_id,
            "given_at": as_text(grant.given_at),
            "ended_at": as_text(grant.ended_at) if grant.ended_at else None,
        }


def _devices(person: Person) -> Iterator[Row]:
    for device in db.session.scalars(select(Device).filter_by(person_id=person.id).order_by(Device.signed_in_at)):
        times = {"signed_in_at": as_text(device.signed_in_at), "seen_at": as_text(device.seen_at)}
        yield {"id": device.id, "name": device.name, "factors": device.factors, **times}


def _tokens(person: Person) -> Iterator[Row]:
    for token in db.session.scalars(select(AccessToken).filter_by(person_id=person.id).order_by(AccessToken.id)):
        yield {
            "id": token.id,
            "name": token.name,
            "organisation_id": token.organisation_id,
            "until": token.until,
            **{
                name: as_text(at) if (at := getattr(token, name)) else None
                for name in ("made_at", "ended_at", "used_at")
            },
        }


def _invitations(person: Person) -> Iterator[Row]:
    """Those to this person's address, and those that they sent."""
    concerned = or_(Invitation.email == person.email, Invitation.invited_by == person.id)
    for one in db.session.scalars(select(Invitation).filter(concerned).order_by(Invitation.id)):
        to_me = one.email == person.email
        yield {
            "id": one.id,
            "to_me": int(to_me),
            "name": one.name if to_me else None,
            "email": one.email if to_me else None,
            "role": one.role,
            "organisation_id": one.organisation_id,
            "site_id": one.site_id,
            "expires_at": as_text(one.expires_at),
            "used_at": as_text(one.used_at) if one.used_at else None,
        }


def _done_by(person: Person) -> Iterator[Row]:
    """What this person did. What they handed in for somebody else is theirs to know of; the other's words are not."""
    which = or_(Operation.author_id == person.id, Operation.handed_in_by == person.id)
    for told in _operations(_streams_with(which), which):
        yield told if told["author"] == person.id else told | {"payload": None}


def _about(person: Person) -> Iterator[Row]:
    """What others did that names this person or a role of theirs: invited them, gave and ended what they may do."""
    grants = grants_of(person)
    named = {person.id, person.email, *(grant.id for grant in grants)}
    invited = db.session.scalars(select(Invitation.organisation_id).filter_by(email=person.email))
    streams = {grant.organisation_id for grant in grants if grant.organisation_id} | set(invited)
    which = Operation.kind.in_(ABOUT_PEOPLE) & (Operation.author_id != person.id) & (Operation.verdict == "applied")
    for told in _operations(streams, which):
        payload = told["payload"] or {}
        if named & {payload.get(name) for name in ("person", "email", "grant")}:
            yield told


def _added_by(person: Person) -> Iterator[str]:
    """The photos that this person added, as they are kept."""
    which = (Operation.author_id == person.id) & (Operation.kind == "evidence.add")
    for told in _operations(_streams_with(which), which):
        file = db.session.get(PhotoFile, (told["stream"], (told["payload"] or {}).get("sha256") or ""))
        if file:
            yield file.stored


# Of an organisation


def _columns(language: str) -> Iterator[Row]:
    for table, column in each_column():
        words = column.words[language]
        yield {"table": table.name, "column": column.name, "kind": column.kind, "words": words, "refers": column.refers}


def _people(organisation_id: str) -> list[Row]:
    return [
        {
            "id": person["id"],
            "name": person["name"],
            "email": person["email"],
            "ended": int(person["ended"]),
            "roles": "; ".join(f"{one['role']} {one['site'] or '(everywhere)'}" for one in person["grants"]),
        }
        for person in people_of(organisation_id)
    ]


def _settings(organisation_id: str, person: Person) -> Iterator[Row]:
    for site in sites_seen_by(person, "organisation.see"):
        if site.organisation_id == organisation_id:
            yield {"id": site.id, "name": site.name, "sector": site.sector, "about": site.about}


def _open_invitations(organisation_id: str) -> list[Row]:
    return invitations_of(organisation_id)


def _stored_in(scope: Scope) -> Iterator[str]:
    ids = list(scope.audits)
    for begin in range(0, len(ids), AT_A_TIME):
        yield from db.session.scalars(
            select(PhotoFile.stored).filter(PhotoFile.audit_id.in_(ids[begin : begin + AT_A_TIME]))
        )


# The ledger, as it is


def _streams_with(which) -> list[str]:
    return list(db.session.scalars(select(Operation.stream_id).filter(which).distinct()))


def _operations(streams: Iterable[str], which=EVERY) -> Iterator[Row]:
    """The operations of these streams that fit, in order, each with what it said; of an erased one that is nothing."""
    for stream_id in sorted(streams):
        number = 0
        while found := _page(stream_id, which, number):
            authors = names_of(operation.author_id for operation, _ in found)
            for operation, body in found:
                yield _told(operation, body, authors)
            number = found[-1][0].number


def _page(stream_id: str, which, number: int) -> list:
    query = (
        select(Operation, Payload.body)
        .join(Payload, (Payload.stream_id == Operation.stream_id) & (Payload.number == Operation.number))
        .filter(Operation.stream_id == stream_id, Operation.number > number, which)
        .order_by(Operation.number)
        .limit(AT_A_TIME)
    )
    return db.session.execute(query).all()


def _told(operation: Operation, body: str | None, authors: dict[str, str]) -> Row:
    return {
        "stream": operation.stream_id,
        "number": operation.number,
        "id": operation.id,
        "kind": operation.kind,
        "at": operation.at,
        "received_at": as_text(operation.received_at),
        "device": operation.device,
        "seen": json.loads(operation.seen),
        "of": operation.of,
        "author": operation.author_id,
        "author_name": authors.get(operation.author_id),
        "handed_in_by": operation.handed_in_by,
        "verdict": operation.verdict,
        "problem": json.loads(operation.problem) if operation.problem else None,
        "digest": operation.digest,
        "payload": json.loads(body) if body is not None else None,
    }

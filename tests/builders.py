"""Builders with good defaults: an organisation, its settings, its people, and the phones in their hands."""

import gzip
import hashlib
import json
import secrets
from dataclasses import dataclass, field

from flask import Flask

from audit_app.accounts import passwords
from audit_app.accounts.models import Grant, Person
from audit_app.db import as_text, db, new_id, now
from audit_app.ledger.perform import perform_one

PASSWORD = "three words in a row"
CHECKLIST = "enabling-and-facilitating-environments"
OURS = {"Sec-Fetch-Site": "same-origin"}

_hashed: list[str] = []


def hashed_password() -> str:
    """The hash of PASSWORD, made once."""
    if not _hashed:
        _hashed.append(passwords.hash_password(PASSWORD))
    return _hashed[0]


@dataclass
class Phone:
    """A phone that talks to the service: somebody may be signed in on it."""

    app: Flask
    id: str = field(default_factory=new_id)

    def __post_init__(self):
        self.client = self.app.test_client()

    def get(self, path: str, **more):
        return self.client.get(path, **more)

    def post(self, path: str, body: dict | bytes, headers: dict | None = None):
        data = body if isinstance(body, bytes) else json.dumps(body).encode()
        return self.client.post(path, data=data, headers=OURS | (headers or {}))

    def delete(self, path: str):
        return self.client.delete(path, headers=OURS)

    def sign_in(self, email: str, password: str = PASSWORD):
        body = {"email": email, "password": password, "device": {"id": self.id, "name": "A phone"}}
        return self.post("/api/session", body)

    def push(self, stream: str, operations: list[dict], cursor: str | None = None, zipped: bool = False, **more):
        """Hand in operations; the reply as it came."""
        body = json.dumps({"stream": stream, "cursor": cursor, "operations": operations, **more}).encode()
        if zipped:
            return self.post("/api/operations", gzip.compress(body), {"Content-Encoding": "gzip"})
        return self.post("/api/operations", body)

    def verdicts(self, stream: str, operations: list[dict], **more) -> list[str]:
        """Hand in operations that the service is sure to take, and return their verdicts."""
        reply = self.push(stream, operations, **more)
        assert reply.status_code == 200, reply.get_data(as_text=True)
        return [outcome["verdict"] for outcome in reply.json["outcomes"]]

    def do(self, stream: str, kind: str, payload: dict) -> dict:
        """Perform one operation and return its outcome."""
        reply = self.push(stream, [operation(kind, payload)])
        assert reply.status_code == 200, reply.get_data(as_text=True)
        return reply.json["outcomes"][0]

    def registers(self, audit: str) -> dict[str, list]:
        """The live values of every register of an audit, as this phone's person may see them."""
        reply = self.get(f"/api/audits/{audit}")
        assert reply.status_code == 200, reply.get_data(as_text=True)
        return {key: [write["value"] for write in writes] for key, writes in reply.json["registers"].items()}


def operation(kind: str, payload: dict, seen: list[str] = (), **more) -> dict:
    """An operation as a device makes it."""
    return {
        "id": new_id(),
        "v": 1,
        "kind": kind,
        "at": as_text(now()),
        "device": new_id(),
        "seen": list(seen),
        "payload": payload,
        **more,
    }


@dataclass
class Audit:
    """An audit that was opened: its id and its first contributor."""

    id: str
    contributor: str


class Scene:
    """Makes what a story needs, through the ledger wherever the ledger is the way."""

    def __init__(self, app: Flask):
        self.app = app
        with app.app_context():
            self.admin_id = self._person("Ada Admin", "ada@example.org")
            self._grant(self.admin_id, "admin", None, None)
            db.session.commit()

    def organisation(self, name: str = "Northfield Trust") -> str:
        """An organisation; its id."""
        return self._perform(id := new_id(), "organisation.add", {"name": name}) or id

    def awarding_body(self, name: str = "Places that Enable") -> str:
        """An organisation that gives awards; its id."""
        return self._perform(id := new_id(), "organisation.add", {"name": name, "awards": True}) or id

    def makes_awards(self, organisation: str) -> None:
        """From now on this organisation gives awards."""
        self._perform(organisation, "organisation.change", {"name": "An awarding body", "awards": True})

    def site(self, organisation: str, name: str = "Rowan ward", sector: str = "ward") -> str:
        """A setting; its id."""
        id = new_id()
        self._perform(organisation, "site.add", {"site": id, "name": name, "sector": sector, "about": "Acute ward"})
        return id

    def person(
        self, name: str, role: str | None = None, organisation: str | None = None, site: str | None = None
    ) -> str:
        """Somebody with an account, and a role if one is named; their id. Their address is name@example.org."""
        with self.app.app_context():
            id = self._person(name, email_of(name))
            if role:
                self._grant(id, role, organisation, site)
            db.session.commit()
        return id

    def grant(self, person_id: str, role: str, organisation: str) -> None:
        """One more role for somebody, in an organisation where they need have no part yet."""
        with self.app.app_context():
            self._grant(person_id, role, organisation, None)
            db.session.commit()

    def phone(
        self, name: str, role: str | None = None, organisation: str | None = None, site: str | None = None
    ) -> Phone:
        """The phone of a new person, signed in."""
        self.person(name, role, organisation, site)
        return self.phone_of(name)

    def phone_of(self, name: str) -> Phone:
        """One more phone of somebody who is known, signed in."""
        phone = Phone(self.app)
        assert phone.sign_in(email_of(name)).status_code == 200
        return phone

    def audit(self, phone: Phone, site: str, voice: str = "staff", label: str = "Night shift") -> Audit:
        """An audit opened from this phone, with one contributor."""
        id, contributor = new_id(), new_id()
        opening = {"site": site, "checklist": CHECKLIST, "edition": 1, "track": "development"}
        adding = {"contributor": contributor, "voice": voice, "label": label}
        taken = phone.verdicts(id, [operation("audit.open", opening), operation("contributor.add", adding)])
        assert taken == ["applied", "applied"]
        return Audit(id, contributor)

    def end_grants(self, person_id: str) -> None:
        """End all that somebody may do, as `person.end` does, in whatever organisation."""
        with self.app.app_context():
            for grant in db.session.scalars(db.select(Grant).filter_by(person_id=person_id)):
                grant.end()
            db.session.commit()

    def _perform(self, stream: str, kind: str, payload: dict) -> None:
        with self.app.app_context():
            perform_one(stream, kind, payload, by=db.session.get(Person, self.admin_id))
            db.session.commit()

    def _person(self, name: str, email: str) -> str:
        person = Person(id=new_id(), name=name, email=email, password_hash=hashed_password())
        db.session.add(person)
        db.session.flush()
        return person.id

    def _grant(self, person: str, role: str, organisation: str | None, site: str | None) -> None:
        db.session.add(Grant(id=new_id(), person_id=person, role=role, organisation_id=organisation, site_id=site))
        db.session.flush()


def email_of(name: str) -> str:
    """The address a person of this name signs in with."""
    return f"{name.lower().replace(' ', '.')}@example.org"


def secret() -> tuple[str, str]:
    """A link's secret and its SHA-256, as a device makes them."""
    made = secrets.token_urlsafe(32)
    return made, hashlib.sha256(made.encode()).hexdigest()

"""Person, Grant, Device, Invitation, and the throttle on guessing."""

import hashlib
import secrets
from datetime import datetime, timedelta

from flask import current_app
from flask_login import UserMixin
from sqlalchemy import ForeignKey, Integer, String
from sqlalchemy.orm import Mapped, joinedload, mapped_column, relationship

from ..db import Id, Moment, db, new_id, now

SEEN_EVERY = timedelta(minutes=15)


class Person(db.Model):
    """Somebody with an account. Whether they may do anything is a matter of their grants."""

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    email: Mapped[str] = mapped_column(String(254), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    password_hash: Mapped[str] = mapped_column(String(200))
    joined_at: Mapped[datetime] = mapped_column(Moment, default=now)

    @staticmethod
    def by_email(email: str) -> "Person | None":
        """The person with this address, in whatever case it is typed."""
        return db.session.scalar(db.select(Person).filter_by(email=fold_email(email)))


def fold_email(email: str) -> str:
    """An address as accounts are known by it: trimmed, in lower case."""
    return email.strip().lower()


class Grant(db.Model):
    """A role, on one setting or (without a setting) on a whole organisation; on neither, on the whole service."""

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    role: Mapped[str] = mapped_column(String(20))
    organisation_id: Mapped[str | None] = mapped_column(ForeignKey("organisation.id"), index=True)
    site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id"), index=True)
    given_at: Mapped[datetime] = mapped_column(Moment, default=now)
    ended_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        db.CheckConstraint("role IN ('auditor', 'lead', 'manager', 'assessor', 'panel', 'admin')", name="role_known"),
        db.CheckConstraint("organisation_id IS NOT NULL OR site_id IS NULL", name="site_in_organisation"),
        db.CheckConstraint("organisation_id IS NOT NULL OR role = 'admin'", name="service_wide_only_admin"),
    )

    def reaches(self, organisation_id: str, site_id: str | None) -> bool:
        """Does this grant cover the setting, or (without one) the organisation as a whole?"""
        if self.organisation_id is None:
            return True
        return self.organisation_id == organisation_id and self.site_id in (None, site_id)

    def touches(self, organisation_id: str, site_id: str | None) -> bool:
        """Does this grant cover the setting, or (without one) anything at all in the organisation?"""
        if site_id is None:
            return self.organisation_id in (None, organisation_id)
        return self.reaches(organisation_id, site_id)

    def end(self) -> None:
        """End the grant now; what was done under it stays."""
        self.ended_at = self.ended_at or now()


class Device(UserMixin, db.Model):
    """A phone or browser that somebody is signed in on: one session, ended by deleting its row.

    Only a hash of the token is stored. The database, not the cookie, decides whether a session still lives.
    """

    id: Mapped[str] = mapped_column(Id, primary_key=True, default=new_id)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    token_hash: Mapped[str] = mapped_column(String(64), unique=True)
    name: Mapped[str] = mapped_column(String(120))
    factors: Mapped[str] = mapped_column(String(40), default="password")
    signed_in_at: Mapped[datetime] = mapped_column(Moment, default=now)
    seen_at: Mapped[datetime] = mapped_column(Moment, default=now)
    person: Mapped[Person] = relationship(lazy="joined")

    token = ""

    @classmethod
    def sign_in(cls, person: Person, name: str) -> "Device":
        """A new session with a new token, which is known to nobody else and stored nowhere."""
        token = secrets.token_urlsafe(32)
        device = cls(id=new_id(), person=person, person_id=person.id, name=name, token_hash=hash_secret(token))
        device.token = token
        db.session.add(device)
        return device

    @classmethod
    def by_token(cls, token: str) -> "Device | None":
        """The device whose session this token opens, unless it has run out."""
        oldest = now() - timedelta(days=current_app.config["SESSION_DAYS"])
        query = db.select(cls).options(joinedload(cls.person))
        device = db.session.scalar(query.filter(cls.token_hash == hash_secret(token), cls.signed_in_at > oldest))
        if device is not None:
            device.token = token
        return device

    def get_id(self) -> str:
        """What Flask-Login puts in the cookie: the token, never an id that lives on after sign-out."""
        return self.token

    @property
    def seen_is_stale(self) -> bool:
        """Is it time to note again that this device is in use?"""
        return now() - self.seen_at > SEEN_EVERY


class Invitation(db.Model):
    """A link that lets somebody in, once, for a while. Only the hash of its secret is ever here."""

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    organisation_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    site_id: Mapped[str | None] = mapped_column(ForeignKey("site.id"))
    role: Mapped[str] = mapped_column(String(20))
    email: Mapped[str] = mapped_column(String(254))
    name: Mapped[str] = mapped_column(String(120))
    secret_sha256: Mapped[str] = mapped_column(String(64))
    invited_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    expires_at: Mapped[datetime] = mapped_column(Moment)
    used_at: Mapped[datetime | None] = mapped_column(Moment)

    @property
    def is_open(self) -> bool:
        """Can this link still be used?"""
        return self.used_at is None and self.expires_at > now()


class Attempt(db.Model):
    """How often guessing went wrong lately, per account and per network: what the throttle counts.

    `key` is a hash of what is counted, so that this table names nobody.
    """

    key: Mapped[str] = mapped_column(String(64), primary_key=True)
    failures: Mapped[int] = mapped_column(Integer)
    last_at: Mapped[datetime] = mapped_column(Moment)
    free_at: Mapped[datetime] = mapped_column(Moment)


def hash_secret(secret: str) -> str:
    """SHA-256 of a random secret, in hexadecimal; enough for 256 random bits, never used for passwords."""
    return hashlib.sha256(secret.encode()).hexdigest()

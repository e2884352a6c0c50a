"""Signing in and out, one's own devices, and the people and settings of an organisation."""

from flask import Blueprint, session
from flask_login import current_user, login_user, logout_user
from marshmallow import ValidationError

from ..access import find_person, may, open_to_all, require_may, require_sign_in, signed_in, verbs_of
from ..db import db, glance, now
from ..ledger.models import Stream
from ..ledger.perform import perform_one
from ..ledger.queries import history
from ..ledger.schemas import HistorySchema
from ..problems import Malformed, NotAllowed, NotFound, Problem, SlowDown
from ..sites.models import Organisation
from ..sites.queries import camera_at, sites_seen_by
from ..wire import asked_language, asked_number, read_json, reply, speaks
from . import passwords, throttle
from .models import Device, Invitation, Person, fold_email, hash_secret
from .queries import devices_of, devices_one_may_end, invitations_of, people_of
from .schemas import PeopleAndSettingsSchema, SessionSchema, SignedInSchema, SignInSchema

accounts = Blueprint("accounts", __name__, url_prefix="/api/session")
organisations = Blueprint("organisations", __name__, url_prefix="/api/organisations")


class SignInRefused(Problem):
    """The e-mail address and the password do not fit together. Which of the two was wrong is never said."""

    status = 401
    title = "That did not work"


class InvitationUnknown(Problem):
    """The link was used before, has run out, or was never ours. Ask for a new one."""

    status = 404
    title = "This invitation does not work any more"


@accounts.post("")
@speaks(
    takes=SignInSchema,
    gives=SignedInSchema,
    refuses=(SignInRefused, InvitationUnknown, passwords.PasswordRefused, SlowDown),
)
@open_to_all
def sign_in():
    """Sign in with e-mail and password, or with an invitation. A new token each time; the old device row goes."""
    try:
        asked = SignInSchema().load(read_json())
    except ValidationError as refused:
        errors = refused.normalized_messages()
        raise Malformed("Some of what is needed to sign in is missing.", errors=errors) from None
    person = _accept(asked) if "invitation" in asked else _known(asked)
    device = Device.sign_in(person, asked["device"]["name"].strip())
    db.session.flush()
    if current_user.is_authenticated:
        _end(current_user.id)
    session.clear()
    session.permanent = True
    login_user(device)
    return reply({"person": _person(person)})


@accounts.delete("")
@speaks()
@open_to_all
def sign_out():
    """End this session, on the server too. Signing out twice is as good as once."""
    if current_user.is_authenticated:
        _end(current_user.id)
    logout_user()
    session.clear()
    return "", 204


@accounts.get("")
@speaks(gives=SessionSchema)
@require_sign_in
def show():
    """Who is signed in here, and on which devices they are."""
    return reply({"person": _person(signed_in()), "devices": devices_of(signed_in(), current_user)})


@organisations.get("/<id>")
@speaks(gives=PeopleAndSettingsSchema, refuses=(NotFound,))
@require_sign_in
def show_organisation(id: str):
    """People and settings of an organisation, as far as the asker looks after them: a lead sees their own settings'."""
    person = signed_in()
    organisation = _find_organisation(id, person)
    sites = [site for site in sites_seen_by(person, "organisation.see") if site.organisation_id == id]
    whole = may(person, "organisation.see", id)
    only = None if whole else {site.id for site in sites}
    return reply(
        {
            "organisation": {
                "id": id,
                "name": organisation.name,
                "cursor": db.session.get(Stream, id).cursor,
                "may": verbs_of(person, id),
            },
            "sites": [
                {
                    "id": site.id,
                    "name": site.name,
                    "sector": site.sector,
                    "about": site.about,
                    "camera": camera_at(site),
                    "may": verbs_of(person, id, site.id),
                }
                for site in sites
            ],
            "people": people_of(id, only),
            "invitations": invitations_of(id, only),
            "devices": devices_one_may_end(person, id),
        }
    )


@organisations.get("/<id>/history")
@speaks(gives=HistorySchema, asks=("after", "language"), refuses=(NotFound, NotAllowed))
@require_sign_in
def show_organisation_history(id: str):
    """Who was invited, what was given and ended, in words: for whoever looks after the whole organisation."""
    _find_organisation(id, signed_in())
    require_may(signed_in(), "organisation.see", id)
    return reply(history(db.session.get(Stream, id), asked_number("after"), asked_language()))


def _find_organisation(id: str, person: Person) -> Organisation:
    organisation = db.session.get(Organisation, id)
    seen = {site.organisation_id for site in sites_seen_by(person, "organisation.see")}
    if organisation is None or not (id in seen or may(person, "organisation.see", id)):
        raise NotFound()
    return organisation


def _known(asked: dict) -> Person:
    email = fold_email(asked["email"])
    keys = throttle.keys_for("sign-in", email)
    throttle.require_turn(keys)
    with glance():
        person = Person.by_email(email)
    _require_password(person, asked["password"], keys)
    person = db.session.merge(person, load=True)
    if passwords.needs_rehash(person.password_hash):
        person.password_hash = passwords.hash_password(asked["password"])
    throttle.forget(keys)
    return person


def _require_password(person: Person | None, password: str, keys: dict[str, int]) -> None:
    if not passwords.is_right(password, person.password_hash if person else None):
        throttle.note_failure(keys)
        raise SignInRefused("The e-mail address and the password do not fit together. Check both and try again.")


def _accept(asked: dict) -> Person:
    """Use an invitation up: a new account, or the one that exists under its address, gets the role."""
    keys = throttle.keys_for("invitation", asked["invitation"])
    throttle.require_turn(keys)
    with glance():
        invitation = db.session.get(Invitation, asked["invitation"])
        known = Person.by_email(invitation.email) if invitation else None
    if invitation is None or not invitation.is_open or hash_secret(asked["secret"]) != invitation.secret_sha256:
        throttle.note_failure(keys)
        raise InvitationUnknown("It was used before, or it has run out. Ask for a new link.")
    if known:
        _require_password(known, asked["password"], keys)
    else:
        passwords.require_good(asked["password"])
    hashed = None if known else passwords.hash_password(asked["password"])
    return _grant(asked, hashed)


def _grant(asked: dict, hashed: str | None) -> Person:
    invitation = db.session.get(Invitation, asked["invitation"], with_for_update=True)
    if not invitation.is_open:
        raise InvitationUnknown("It was used a moment ago.")
    person = Person.by_email(invitation.email)
    if person is None:
        name = asked.get("name", invitation.name).strip()
        person = Person(email=invitation.email, name=name, password_hash=hashed)
        db.session.add(person)
        db.session.flush()
    invitation.used_at = now()
    db.session.flush()
    _give_as_invited(invitation, person)
    return person


def _give_as_invited(invitation: Invitation, person: Person) -> None:
    """The inviter's `grant.give`, performed now: whoever may not give the role any more has invited nobody."""
    payload = {"grant": invitation.id, "person": person.id, "role": invitation.role, "site": invitation.site_id}
    try:
        perform_one(invitation.organisation_id, "grant.give", payload, by=find_person(invitation.invited_by))
    except Problem:
        raise InvitationUnknown("Whoever invited you may not do so any more. Ask for a new link.") from None


def _end(device_id: str) -> None:
    device = db.session.get(Device, device_id)
    if device is not None:
        db.session.delete(device)


def _person(person: Person) -> dict:
    return {"id": person.id, "name": person.name, "email": person.email}

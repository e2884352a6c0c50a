"""What can be done about people: invite them, give and end what they may do, sign their devices out."""

from datetime import timedelta

from flask import current_app

from ..access import Person, may, may_give, names_of, require_may
from ..db import db, now
from ..ledger.canonical import tidy
from ..ledger.kinds import online
from ..ledger.models import Stream
from ..problems import NotAllowed, NotFound, Problem
from ..sites.models import Site
from .models import Device, Grant, Invitation, fold_email
from .schemas import DeviceEndSchema, GrantEndSchema, GrantGiveSchema, InviteSchema, PersonEndSchema


class LastAdmin(Problem):
    """An organisation keeps at least one person who can look after its people."""

    title = "Somebody must stay in charge"


class AlreadyGiven(Problem):
    """This person has this role here already."""

    title = "This role was given before"


def _told(scene, payload: dict, language: str) -> dict:
    """Names for the history: whom, which role, where."""
    told = dict(payload)
    grant = db.session.get(Grant, payload["grant"]) if "grant" in payload else None
    person = payload.get("person") or (grant.person_id if grant else None)
    told["whom"] = payload.get("name") or names_of([person]).get(person, "?") if person or "name" in payload else "?"
    told["role"] = payload.get("role") or (grant.role if grant else "?")
    site_id = payload.get("site") or (grant.site_id if grant else None)
    site = db.session.get(Site, site_id) if site_id else None
    told["where"] = site.name if site else WHOLE[language]
    return told


WHOLE = {"en": "the whole organisation", "cy": "y sefydliad cyfan"}


@online(
    "person.invite",
    InviteSchema,
    {"en": "{who} invited {whom} as {role} ({where})", "cy": "Gwahoddodd {who} {whom} fel {role} ({where})"},
    asks=True,
    tell=_told,
)
def invite_person(by: Person, stream: Stream, payload: dict) -> None:
    """Make a link that lets somebody in with a role. Whoever opens it shows who they are with a password."""
    site = _site_of(stream, payload["site"])
    _require_may_give(by, "person.invite", payload["role"], stream, site)
    db.session.add(
        Invitation(
            id=payload["invitation"],
            organisation_id=stream.organisation_id,
            site_id=site.id if site else None,
            role=payload["role"],
            email=fold_email(payload["email"]),
            name=tidy(payload["name"]),
            secret_sha256=payload["secret_sha256"],
            invited_by=by.id,
            expires_at=now() + timedelta(days=current_app.config["INVITATION_DAYS"]),
        )
    )
    db.session.flush()


@online(
    "person.end",
    PersonEndSchema,
    {"en": "{who} ended all that {whom} may do here", "cy": "Terfynodd {who} bopeth y caiff {whom} ei wneud yma"},
    tell=_told,
)
def end_person(by: Person, stream: Stream, payload: dict) -> None:
    """End every grant of a person in this organisation and sign them out everywhere. What they said stays."""
    grants = _open_grants(stream, person_id=payload["person"])
    if not grants:
        raise NotFound("Nobody with this id has a part here.")
    for grant in grants:
        _require_may_give(by, "person.end", grant.role, stream, None)
        grant.end()
    _require_somebody_in_charge(stream, ended=grants)
    for device in db.session.scalars(db.select(Device).filter_by(person_id=payload["person"])):
        db.session.delete(device)


@online(
    "grant.give",
    GrantGiveSchema,
    {"en": "{who} made {whom} {role} ({where})", "cy": "Gwnaeth {who} {whom} yn {role} ({where})"},
    asks=True,
    tell=_told,
)
def give_grant(by: Person, stream: Stream, payload: dict) -> None:
    """Give somebody who is known in this organisation a role here."""
    site = _site_of(stream, payload["site"])
    _require_may_give(by, "grant.give", payload["role"], stream, site)
    if not _is_known(stream, payload["person"]) and not _is_invited(stream, payload):
        raise NotFound("Nobody with this id has a part here. Invite them first.")
    where = {"role": payload["role"], "site_id": payload["site"], "person_id": payload["person"]}
    if _open_grants(stream, **where):
        raise AlreadyGiven()
    db.session.add(Grant(id=payload["grant"], organisation_id=stream.organisation_id, **where))
    db.session.flush()


@online(
    "grant.end",
    GrantEndSchema,
    {"en": "{who} ended that {whom} is {role} ({where})", "cy": "Terfynodd {who} rôl {whom} fel {role} ({where})"},
    asks=True,
    tell=_told,
)
def end_grant(by: Person, stream: Stream, payload: dict) -> None:
    """End one grant. Work that was made under it and arrives later is kept for the lead."""
    grants = _open_grants(stream, id=payload["grant"])
    if not grants:
        raise NotFound("There is no such role here.")
    grant = grants[0]
    site = db.session.get(Site, grant.site_id) if grant.site_id else None
    _require_may_give(by, "grant.end", grant.role, stream, site)
    grant.end()
    _require_somebody_in_charge(stream, ended=[grant])


@online(
    "device.end",
    DeviceEndSchema,
    {"en": "{who} signed a device out", "cy": "Allgofnododd {who} ddyfais"},
    asks=True,
)
def end_device(by: Person, stream: Stream, payload: dict) -> None:
    """Sign a device out from afar: one's own, or one of somebody in an organisation one looks after."""
    device = db.session.get(Device, payload["device"])
    if device is None:
        raise NotFound("There is no such device, or it is signed out already.")
    if device.person_id != by.id:
        theirs = _open_grants(stream, person_id=device.person_id)
        if not theirs or not may(by, "device.end", stream.organisation_id):
            raise NotFound("There is no such device, or it is signed out already.")
        for grant in theirs:
            _require_may_give(by, "device.end", grant.role, stream, None)
    db.session.delete(device)


def _site_of(stream: Stream, site_id: str | None) -> Site | None:
    if site_id is None:
        return None
    site = db.session.get(Site, site_id)
    if site is None or site.organisation_id != stream.organisation_id:
        raise NotFound("There is no such setting in this organisation.")
    return site


def _require_may_give(by: Person, verb: str, role: str, stream: Stream, site: Site | None) -> None:
    require_may(by, verb, stream.organisation_id, site.id if site else None)
    if not may_give(by, role, stream.organisation_id, site.id if site else None):
        raise NotAllowed(f"Your role does not include giving or taking the role {role} here.")


def _open_grants(stream: Stream, **where) -> list[Grant]:
    query = db.select(Grant).filter_by(organisation_id=stream.organisation_id, ended_at=None, **where)
    return list(db.session.scalars(query))


def _is_known(stream: Stream, person_id: str) -> bool:
    known = db.select(Grant.id).filter_by(person_id=person_id, organisation_id=stream.organisation_id)
    return db.session.scalar(known.limit(1)) is not None


def _is_invited(stream: Stream, payload: dict) -> bool:
    """An invitation that has been accepted becomes the grant of the same id, for the person of its address."""
    invitation = db.session.get(Invitation, payload["grant"])
    person = db.session.get(Person, payload["person"])
    return bool(
        invitation
        and person
        and invitation.used_at
        and invitation.organisation_id == stream.organisation_id
        and (invitation.email, invitation.role, invitation.site_id) == (person.email, payload["role"], payload["site"])
    )


def _require_somebody_in_charge(stream: Stream, ended: list[Grant]) -> None:
    """Refuse to end the last role that looks after the people here; where there never was one, none is missed."""
    db.session.flush()
    if any(map(_is_in_charge, ended)) and not any(map(_is_in_charge, _open_grants(stream))):
        raise LastAdmin("Give the role of manager or admin to somebody else first.")


def _is_in_charge(grant: Grant) -> bool:
    return grant.role in ("admin", "manager") and grant.site_id is None

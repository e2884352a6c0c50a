"""Questions about people: who is known in an organisation, who is invited, on which devices."""

from ..access import may
from ..db import as_text, db, now
from .models import Device, Grant, Invitation, Person


def people_of(organisation_id: str, site_ids: set[str] | None = None) -> list[dict]:
    """Everybody who has or had a part in an organisation, by name, with the roles they hold now.

    With `site_ids`, only those with a part in one of these settings.
    """
    query = db.select(Person, Grant).join(Grant, Grant.person_id == Person.id)
    query = query.filter(Grant.organisation_id == organisation_id).order_by(Person.name, Person.id, Grant.given_at)
    people: dict[str, dict] = {}
    for person, grant in db.session.execute(query):
        if site_ids is not None and grant.site_id not in site_ids:
            continue
        entry = people.setdefault(
            person.id, {"id": person.id, "name": person.name, "email": person.email, "ended": True, "grants": []}
        )
        if grant.ended_at is None:
            entry["ended"] = False
            entry["grants"].append({"id": grant.id, "role": grant.role, "site": grant.site_id})
    return list(people.values())


def invitations_of(organisation_id: str, site_ids: set[str] | None = None) -> list[dict]:
    """The open invitations of an organisation, soonest to run out first."""
    query = db.select(Invitation).filter(
        Invitation.organisation_id == organisation_id, Invitation.used_at.is_(None), Invitation.expires_at > now()
    )
    return [
        {
            "id": invitation.id,
            "email": invitation.email,
            "name": invitation.name,
            "role": invitation.role,
            "site": invitation.site_id,
            "expires_at": as_text(invitation.expires_at),
        }
        for invitation in db.session.scalars(query.order_by(Invitation.expires_at))
        if site_ids is None or invitation.site_id in site_ids
    ]


def devices_of(person: Person, current: Device | None = None) -> list[dict]:
    """The devices a person is signed in on, latest first."""
    query = db.select(Device).filter_by(person_id=person.id).order_by(Device.signed_in_at.desc())
    found = []
    for device in db.session.scalars(query):
        found.append(_device(device) | {"current": current is not None and device.id == current.id})
    return found


def devices_one_may_end(by: Person, organisation_id: str) -> list[dict]:
    """The devices of an organisation's people, for whoever may sign them out."""
    if not may(by, "device.end", organisation_id):
        return []
    theirs = db.select(Grant.person_id).filter_by(organisation_id=organisation_id, ended_at=None)
    query = db.select(Device).filter(Device.person_id.in_(theirs)).order_by(Device.seen_at.desc())
    return [_device(device) | {"person": device.person_id} for device in db.session.scalars(query)]


def _device(device: Device) -> dict:
    return {
        "id": device.id,
        "name": device.name,
        "signed_in_at": as_text(device.signed_in_at),
        "seen_at": as_text(device.seen_at),
    }

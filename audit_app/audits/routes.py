"""Where a device reads audits: Home, the snapshot, the history."""

from flask import Blueprint, current_app, request
from flask_login import current_user

from ..access import grants_of, require_sign_in, signed_in, verbs_of
from ..accounts.models import Device
from ..db import db, now, own_transaction
from ..ledger.models import Stream
from ..ledger.queries import history
from ..ledger.schemas import HistorySchema
from ..problems import NotAllowed, NotFound
from ..sites.models import Organisation, Site
from ..sites.queries import camera_at, organisations_seen_by, sites_seen_by
from ..wire import asked_language, asked_number, dump, reply, speaks, tag_of
from .queries import audits_of, find_audit, snapshot
from .schemas import HomeSchema, SnapshotSchema

audits = Blueprint("audits", __name__, url_prefix="/api")


@audits.get("/home")
@speaks(gives=HomeSchema, etag=True)
@require_sign_in
def home():
    """Everything a device asks for again and again: my settings, their audits, where each stream stands."""
    person = signed_in()
    _note_seen(current_user)
    body = {
        "demo": current_app.config["DEMO"],
        "person": {"id": person.id, "name": person.name, "email": person.email},
        "grants": [
            {"id": grant.id, "role": grant.role, "organisation": grant.organisation_id, "site": grant.site_id}
            for grant in grants_of(person)
            if grant.ended_at is None
        ],
        "organisations": [_organisation(person, one) for one in organisations_seen_by(person)],
        "sites": (sites := [_site(person, one) for one in sites_seen_by(person)]),
        "audits": _audits(sites),
        "checklists": [
            {"slug": edition.slug, "edition": edition.edition, "title": edition.title["en"]}
            for edition in current_app.extensions["checklists"].offered
        ],
    }
    return reply(body, etag=tag_of(dump(body)))


@audits.get("/audits/<id>")
@speaks(gives=SnapshotSchema, etag=True, refuses=(NotFound, NotAllowed))
@require_sign_in
def show_audit(id: str):
    """The snapshot of one audit. Its ETag is the stream's cursor."""
    seen = find_audit(id, signed_in())
    held = next(iter(request.if_none_match.as_set()), None) if request.if_none_match else None
    if held == seen.stream.cursor:
        return reply({}, etag=held)
    return reply(snapshot(seen, signed_in(), held), etag=seen.stream.cursor)


@audits.get("/audits/<id>/history")
@speaks(gives=HistorySchema, asks=("after", "language"), refuses=(NotFound, NotAllowed))
@require_sign_in
def show_history(id: str):
    """Who did what, when, in words and as data, a page at a time."""
    seen = find_audit(id, signed_in(), "history.see")
    return reply(history(seen.stream, asked_number("after"), asked_language()))


def _organisation(person, organisation: Organisation) -> dict:
    stream = db.session.get(Stream, organisation.id)
    return {
        "id": organisation.id,
        "name": organisation.name,
        "awards": organisation.awards,
        "cursor": stream.cursor,
        "backed_up_to": stream.backed_up_to,
        "may": verbs_of(person, organisation.id),
    }


def _site(person, site: Site) -> dict:
    return {
        "id": site.id,
        "organisation": site.organisation_id,
        "name": site.name,
        "sector": site.sector,
        "about": site.about,
        "camera": camera_at(site),
        "may": verbs_of(person, site.organisation_id, site.id),
    }


def _audits(sites: list[dict]) -> list[dict]:
    seen = [site["id"] for site in sites if "audit.see" in site["may"]]
    return audits_of(seen, {site["id"] for site in sites if "kept.see" in site["may"]})


def _note_seen(device: Device) -> None:
    """Note now and then that a device is in use, beside this request, which only reads."""
    if device.seen_is_stale:
        with own_transaction() as connection:
            connection.execute(db.update(Device.__table__).filter_by(id=device.id).values(seen_at=now()))

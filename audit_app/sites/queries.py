"""Questions about settings: which ones somebody may see."""

from flask import current_app

from ..access import MAY, Person, grants_of
from ..db import db, now
from .models import Organisation, Site


def sites_seen_by(person: Person, verb: str = "site.see") -> list[Site]:
    """The settings where `person` may `verb`, by name."""
    return list(db.session.scalars(db.select(Site).filter(is_seen_by(person, verb)).order_by(Site.name, Site.id)))


def is_seen_by(person: Person, verb: str):
    """In a query over settings: may `person` `verb` here? Every other condition comes after it."""
    grants = [grant for grant in grants_of(person) if grant.ended_at is None and grant.role in MAY[verb]]
    if not grants:
        return db.false()
    if all(grant.organisation_id is not None for grant in grants):
        whole = {grant.organisation_id for grant in grants if grant.site_id is None}
        single = {grant.site_id for grant in grants if grant.site_id is not None}
        return Site.organisation_id.in_(whole) | Site.id.in_(single)
    return db.true()


def sees_any(person: Person, verb: str, organisation_id: str) -> bool:
    """Is there any setting of this organisation where `person` may `verb`?"""
    return any(site.organisation_id == organisation_id for site in sites_seen_by(person, verb))


def organisations_seen_by(person: Person) -> list[Organisation]:
    """The organisations in which `person` has any part now, by name."""
    grants = [grant for grant in grants_of(person) if grant.ended_at is None]
    query = db.select(Organisation)
    if all(grant.organisation_id is not None for grant in grants):
        query = query.filter(Organisation.id.in_({grant.organisation_id for grant in grants}))
    return list(db.session.scalars(query.order_by(Organisation.name, Organisation.id)))


def camera_at(site: Site) -> dict:
    """May photos be taken at a setting today (`allowed`), and up to and including which day does that hold (`until`, or
    null)? What was said lapses after its last day; then the sector's own way holds."""
    today = now().date().isoformat()
    if site.camera_allowed is None or (site.camera_until and site.camera_until < today):
        return {"allowed": current_app.extensions["checklists"].sectors[site.sector].camera, "until": None}
    return {"allowed": site.camera_allowed, "until": site.camera_until}

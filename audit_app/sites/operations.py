"""What can be done about organisations and settings."""

from ..access import Person, looks_after_service, require_may
from ..db import db
from ..ledger.canonical import tidy
from ..ledger.kinds import online
from ..ledger.models import Stream
from ..problems import NotAllowed, NotFound
from .models import Organisation, Site
from .schemas import CameraSetSchema, OrganisationSchema, SiteAddSchema, SiteChangeSchema


def _told_of_organisation(scene, payload: dict, language: str) -> dict:
    if "awards" not in payload:
        return payload
    return payload | {"besides": (AWARDS if payload["awards"] else AWARDS_NOT)[language]}


AWARDS = {"en": " (gives awards)", "cy": " (yn rhoi dyfarniadau)"}
AWARDS_NOT = {"en": " (gives no awards)", "cy": " (nid yw’n rhoi dyfarniadau)"}


@online(
    "organisation.add",
    OrganisationSchema,
    {"en": "{who} added the organisation {name}", "cy": "Ychwanegodd {who} y sefydliad {name}"},
    opens=True,
    place=lambda stream_id, payload: (stream_id, None),
    tell=_told_of_organisation,
)
def add_organisation(by: Person, stream: Stream, payload: dict) -> None:
    """Add an organisation; its stream is its id."""
    _require_may_say_who_awards(by, payload, now=False)
    db.session.add(Organisation(id=stream.id, name=tidy(payload["name"]), awards=payload.get("awards", False)))
    db.session.flush()


@online(
    "organisation.change",
    OrganisationSchema,
    {"en": "{who} renamed the organisation {name}", "cy": "Ailenwodd {who} y sefydliad yn {name}"},
    tell=_told_of_organisation,
)
def change_organisation(by: Person, stream: Stream, payload: dict) -> None:
    """Rename an organisation, or say whether it gives awards."""
    organisation = db.session.get(Organisation, stream.id)
    _require_may_say_who_awards(by, payload, organisation.awards)
    organisation.name = tidy(payload["name"])
    organisation.awards = payload.get("awards", organisation.awards)


def _require_may_say_who_awards(by: Person, payload: dict, now: bool) -> None:
    """Nobody makes an awarding body of their own organisation."""
    if payload.get("awards", now) != now and not looks_after_service(by):
        raise NotAllowed("Only whoever looks after the whole service says which organisations give awards.")


@online(
    "site.add",
    SiteAddSchema,
    {"en": "{who} added the setting {name}", "cy": "Ychwanegodd {who} y lleoliad {name}"},
)
def add_site(by: Person, stream: Stream, payload: dict) -> None:
    """Add a setting to the organisation."""
    values = {name: tidy(payload.get(name, "")) for name in ("name", "sector", "about")}
    db.session.add(Site(id=payload["site"], organisation_id=stream.organisation_id, **values))
    db.session.flush()


def _told(scene, payload: dict, language: str) -> dict:
    site = db.session.get(Site, payload["site"])
    return payload | {"setting": site.name if site else "?"}


@online(
    "site.change",
    SiteChangeSchema,
    {"en": "{who} changed the setting {setting}", "cy": "Newidiodd {who} y lleoliad {setting}"},
    asks=True,
    tell=_told,
)
def change_site(by: Person, stream: Stream, payload: dict) -> None:
    """Change a setting's name, sector or description."""
    site = _find_site(stream, payload, by, "site.change")
    for name in ("name", "sector", "about"):
        if name in payload:
            setattr(site, name, tidy(payload[name]))


def _told_of_camera(scene, payload: dict, language: str) -> dict:
    template = ALLOWED if payload["allowed"] else FORBIDDEN
    return _told(scene, payload, language) | {"template": template[language]}


ALLOWED = {
    "en": "{who} allowed photos at {setting} until {until} ({authority})",
    "cy": "Caniataodd {who} luniau yn {setting} tan {until} ({authority})",
}
FORBIDDEN = {"en": "{who} allowed no photos at {setting}", "cy": "Ni chaniataodd {who} luniau yn {setting}"}


@online("camera.set", CameraSetSchema, FORBIDDEN, asks=True, tell=_told_of_camera)
def set_camera(by: Person, stream: Stream, payload: dict) -> None:
    """Say whether photos may be taken at a setting, by what authority, and until when."""
    site = _find_site(stream, payload, by, "camera.set")
    site.camera_allowed = payload["allowed"]
    site.camera_authority = payload.get("authority")
    site.camera_until = payload.get("until")


def _find_site(stream: Stream, payload: dict, by: Person, verb: str) -> Site:
    """The setting of this organisation where `by` may do `verb`."""
    site = db.session.get(Site, payload["site"])
    if site is None or site.organisation_id != stream.organisation_id:
        raise NotFound("There is no such setting in this organisation.")
    require_may(by, verb, site.organisation_id, site.id)
    return site

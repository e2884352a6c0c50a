"""What can be said of evidence. Each verb is a pure function from its payload to the registers it writes, the same as
in the device's `store/effects.js`."""

from sqlalchemy import select

from ..audits.operations import check_criteria, require_of_this_audit, tell
from ..db import db
from ..ledger.kinds import offline
from ..ledger.perform import Scene
from ..problems import Problem
from ..sites.models import Site
from ..sites.queries import camera_at
from .models import Evidence
from .schemas import (
    PHOTO,
    EvidenceAddSchema,
    EvidenceCaptionSchema,
    EvidenceTagSchema,
    EvidenceWithdrawSchema,
)

DETAILS = ("kind", "voice", "where", "dated", "count", "of", "over", "sha256", "nobody")
KIND_WORDS = {
    "observation": {"en": "an observation", "cy": "arsylwad"},
    "quotation": {"en": "a quotation", "cy": "dyfyniad"},
    "document": {"en": "a document", "cy": "dogfen"},
    "count": {"en": "a count", "cy": "cyfrif"},
    "photo": {"en": "a photo", "cy": "llun"},
}


class NoCameraHere(Problem):
    """Photos may not be taken at this setting. In prisons a camera is forbidden by law; elsewhere a lead may have said
    so. A lead can allow photos for a time, naming the authority for it. Any criterion can be shown without a photo:
    write what you see as an observation. Nothing else is lost."""

    title = "Photos are not allowed at this setting"
    words = "Photos may not be taken here. Write what you see as an observation. Nothing else is lost."


class EvidenceOfAnotherAudit(Problem):
    """An item of evidence belongs to one audit only; this one belongs to another."""

    title = "This evidence belongs to another audit"


def _check_added(scene: Scene, payload: dict) -> None:
    check_criteria(scene, payload["criteria"])
    _check_home(scene, payload)
    if payload["kind"] == PHOTO and not _has_camera(scene):
        raise NoCameraHere()


def _has_camera(scene: Scene) -> bool:
    if "camera" not in scene.memory:
        scene.memory["camera"] = camera_at(db.session.get(Site, scene.stream.site_id))["allowed"]
    return scene.memory["camera"]


def _check_tagged(scene: Scene, payload: dict) -> None:
    check_criteria(scene, [payload["criterion"]])
    _check_home(scene, payload)


def _shows_something(scene: Scene, payload: dict, asked: list[str]) -> bool:
    return True


def _check_home(scene: Scene, payload: dict) -> None:
    require_of_this_audit(scene, Evidence, payload["evidence"], EvidenceOfAnotherAudit)


def _tell(scene: Scene, payload: dict, language: str) -> dict:
    told = tell(scene, payload, language)
    if "kind" in payload:
        told["kind"] = KIND_WORDS[payload["kind"]][language]
    if "caption" not in payload:
        found = select(Evidence.caption).filter_by(audit_id=scene.stream.id, id=payload["evidence"])
        told["caption"] = db.session.scalar(found) or "?"
    return told


@offline(
    "evidence.add",
    EvidenceAddSchema,
    {"en": "{who} added {kind}: “{caption}”", "cy": "Ychwanegodd {who} {kind}: “{caption}”"},
    check=_check_added,
    tell=_tell,
    answers=_shows_something,
)
def add_evidence(payload: dict) -> dict:
    """An item of evidence: what it is, its words, the criteria it shows; each a register."""
    at = f"evidence/{payload['evidence']}"
    shown = {f"{at}/shows/{criterion}": True for criterion in payload["criteria"]}
    details = {name: payload[name] for name in DETAILS if name in payload}
    return {f"{at}/details": details, f"{at}/caption": payload["caption"], f"{at}/withdrawn": False, **shown}


@offline(
    "evidence.tag",
    EvidenceTagSchema,
    {
        "en": "{who} said that “{caption}” shows “{statement}”",
        "cy": "Dywedodd {who} fod “{caption}” yn dangos “{statement}”",
    },
    check=_check_tagged,
    tell=_tell,
    answers=_shows_something,
)
def tag_evidence(payload: dict) -> dict:
    """It shows this criterion too."""
    return {f"evidence/{payload['evidence']}/shows/{payload['criterion']}": True}


@offline(
    "evidence.untag",
    EvidenceTagSchema,
    {
        "en": "{who} said that “{caption}” does not show “{statement}”",
        "cy": "Dywedodd {who} nad yw “{caption}” yn dangos “{statement}”",
    },
    check=_check_tagged,
    tell=_tell,
    answers=_shows_something,
)
def untag_evidence(payload: dict) -> dict:
    """It does not show this criterion after all."""
    return {f"evidence/{payload['evidence']}/shows/{payload['criterion']}": False}


@offline(
    "evidence.caption",
    EvidenceCaptionSchema,
    {"en": "{who} put it in other words: “{caption}”", "cy": "Rhoddodd {who} eiriau eraill: “{caption}”"},
    check=_check_home,
    tell=_tell,
    answers=_shows_something,
)
def caption_evidence(payload: dict) -> dict:
    """Other words for an item of evidence."""
    return {f"evidence/{payload['evidence']}/caption": payload["caption"]}


@offline(
    "evidence.withdraw",
    EvidenceWithdrawSchema,
    {"en": "{who} took “{caption}” out of the evidence", "cy": "Tynnodd {who} “{caption}” o'r dystiolaeth"},
    check=_check_home,
    tell=_tell,
    answers=_shows_something,
)
def withdraw_evidence(payload: dict) -> dict:
    """A withdrawn item no longer counts; nothing of it is deleted."""
    return {f"evidence/{payload['evidence']}/withdrawn": True}

"""From an open audit to an assessor at work: promoting, submitting, recalling, taking on, assigning, declaring
interests, returning. Each is online; the rest of the way is in the rooms beside this one."""

import json

from flask import current_app
from sqlalchemy import select

from ...access import Person, find_person, names_of
from ...audits.models import Audit
from ...audits.operations import CriterionUnknown, move_audit
from ...checklists.models import Edition
from ...db import db, new_id, now
from ...ledger.canonical import tidy
from ...ledger.kinds import ASSESSMENT, AUDIT, SUBMISSION, online
from ...ledger.models import Stream
from ...ledger.operations import unseal
from ...ledger.perform import Scene, lock, record
from ...problems import NotFound, Problem
from ...sites.models import Organisation, Site
from ..models import Assessment, Interest, Member, Panel, Return, Submission
from ..refusing import NobodyNamed, NotAtThisStage, OwnOrganisation
from ..stages import CLEAR, CONFLICT, OPEN, SUBMITTED
from ..stepping import audit_of, lock_submission, seal_submission, take_step
from .schemas import (
    AssignSchema,
    DeclareSchema,
    PromoteSchema,
    RecallSchema,
    ReturnSchema,
    SubmitSchema,
    TakeSchema,
)


class NotOnAwardTrack(Problem):
    """An audit that a team makes for itself is not judged by others. A lead can put it on the way to an award first."""

    title = "This audit is not on the way to an award"
    words = "A lead can put it on the way to an award. Then it can be submitted."


class OnAwardTrack(Problem):
    """The audit is on the way to an award already."""

    title = "It is on the way to an award already"


class NoAwardRule(Problem):
    """Some checklists are for learning alone: their edition holds no rule by which an award could be given."""

    title = "No award is given by this checklist"
    words = "This checklist has no rule by which an award could be given."


class NotAnAwardingBody(Problem):
    """Audits are submitted to organisations that give awards. This one does not, or not any more."""

    title = "This organisation gives no awards"


class AlreadyTaken(Problem):
    """The awarding body has taken this submission on already."""

    title = "It was taken on before"


class NotTakenOn(Problem):
    """An awarding body first takes a submission on, and assigns assessors after that."""

    title = "Take the submission on first"


class AlreadyAssigned(Problem):
    """The same person assesses a submission once."""

    title = "This person is assigned already"


# words for the history


def _told_to(scene: Scene, payload: dict, language: str) -> dict:
    return payload | {"body": _name_of_organisation(payload["to"])}


def _told_of_recall(scene: Scene, payload: dict, language: str) -> dict:
    return payload | {"besides": f": “{payload['why']}”" if payload.get("why") else ""}


def _told_of_audit(scene: Scene, payload: dict, language: str) -> dict:
    told = payload | {"setting": _setting_of(payload["audit"])}
    if "assessor" in payload:
        told["assessor"] = names_of([payload["assessor"]]).get(payload["assessor"], "?")
        told["besides"] = BLINDED[language] if payload.get("blinded") else ""
    return told


BLINDED = {"en": ", blinded to any other", "cy": ", heb weld gwaith neb arall"}
CLEAR_OF_ANY = {"en": "{who} declared no interest", "cy": "Datganodd {who} nad oes ganddynt fuddiant"}
A_CONFLICT = {"en": "{who} declared a conflict of interest", "cy": "Datganodd {who} wrthdaro buddiannau"}


def _told_of_interest(scene: Scene, payload: dict, language: str) -> dict:
    says = f": “{payload['says']}”" if payload.get("says") else ""
    return payload | {
        "template": (CLEAR_OF_ANY if payload["declared"] == CLEAR else A_CONFLICT)[language],
        "besides": says,
    }


def _told_of_return(scene: Scene, payload: dict, language: str) -> dict:
    return payload | {"besides": ": " + " ".join(f"“{one['text']}”" for one in payload["reasons"])}


def _name_of_organisation(id: str) -> str:
    found = db.session.get(Organisation, id)
    return found.name if found else "?"


def _setting_of(audit_id: str) -> str:
    stream = db.session.get(Stream, audit_id)
    return db.session.get(Site, stream.site_id).name if stream else "?"


# the site's


@online(
    "audit.promote",
    PromoteSchema,
    {
        "en": "{who} put the audit on the way to an award",
        "cy": "Rhoddodd {who} yr archwiliad ar y ffordd at ddyfarniad",
    },
    stream=AUDIT,
)
def promote_audit(by: Person, stream: Stream, payload: dict) -> None:
    """Put an audit that began for its team alone on the way to an award. There is no way back."""
    audit = _find_audit(stream)
    if audit.track == payload["track"]:
        raise OnAwardTrack()
    require_rule(audit)
    move_audit(audit, track=payload["track"])


@online(
    "audit.submit",
    SubmitSchema,
    {"en": "{who} submitted the audit to {body}", "cy": "Cyflwynodd {who} yr archwiliad i {body}"},
    stream=AUDIT,
    tell=_told_to,
)
def submit_audit(by: Person, stream: Stream, payload: dict) -> None:
    """Submit an audit to an awarding body, and seal it at what its ledger says now. What was done offline before and
    arrives later is kept, marked late."""
    audit = _find_audit(stream)
    if audit.track != "award":
        raise NotOnAwardTrack()
    require_rule(audit)
    _require_body(payload["to"], stream)
    submission = _submission_to(stream, payload, by)
    take_step(submission, "audit.submit", by=by)
    seal_submission(submission, stream)


@online(
    "audit.recall",
    RecallSchema,
    {"en": "{who} recalled the audit", "cy": "Galwodd {who} yr archwiliad yn ôl"},
    stream=AUDIT,
    tell=_told_of_recall,
)
def recall_audit(by: Person, stream: Stream, payload: dict) -> None:
    """Take a submission back, until an assessor has begun. What came late counts from now on, for its authors."""
    take_step(lock_submission(stream.id), "audit.recall", by=by)
    unseal(stream)


def _find_audit(stream: Stream) -> Audit:
    audit = db.session.get(Audit, stream.id)
    if audit is None:  # its opening is kept
        raise NotFound()
    return audit


def require_rule(audit: Audit) -> Edition:
    """The edition of an audit; refuses one that holds no rule for an award."""
    edition = current_app.extensions["checklists"].find(audit.checklist, audit.edition)
    if edition.award_rule is None:
        raise NoAwardRule()
    return edition


def _require_body(id: str, stream: Stream) -> None:
    body = db.session.get(Organisation, id)
    if body is None or not body.awards:
        raise NotAnAwardingBody()
    if body.id == stream.organisation_id:
        raise OwnOrganisation("No organisation awards to a setting of its own. Choose another awarding body.")


def _submission_to(stream: Stream, payload: dict, by: Person) -> Submission:
    """The row of an audit's submission, locked, made out to this body. The way through another body ends with it."""
    found = db.session.scalar(select(Submission.audit_id).filter_by(audit_id=stream.id))
    submission = lock_submission(stream.id) if found else Submission(audit_id=stream.id, stage=OPEN, body_id="")
    if submission.stage != OPEN:
        raise NotAtThisStage("It is submitted already.")
    if submission.body_id != payload["to"]:
        submission.body_id, submission.stream_id = payload["to"], None
    submission.submitted_by, submission.submitted_at, submission.listed = by.id, now(), payload.get("listed", False)
    submission.sealed_number, submission.sealed_digest = stream.seq, stream.digest
    db.session.add(submission)
    db.session.flush()
    return submission


# the awarding body's


def _at_body(stream_id: str, payload: dict) -> tuple[str, None]:
    """Where a body's own streams are: at the body to which the audit is submitted now."""
    submission = db.session.get(Submission, payload["audit"])
    if submission is None or submission.is_open:
        raise NotFound()
    return submission.body_id, None


def _lock_here(stream: Stream, audit_id: str) -> Submission:
    """The submission, locked, if it is with the body whose stream this is."""
    submission = lock_submission(audit_id)
    if submission.body_id != stream.organisation_id:
        raise NotFound("This submission is no longer with this awarding body.")
    return submission


@online(
    "submission.take",
    TakeSchema,
    {"en": "{who} took on the submission of {setting}", "cy": "Derbyniodd {who} gyflwyniad {setting}"},
    stream=SUBMISSION,
    opens=True,
    place=_at_body,
    tell=_told_of_audit,
)
def take_submission(by: Person, stream: Stream, payload: dict) -> None:
    """Take on what was submitted: from here on its way through the body has a stream of its own."""
    submission = _lock_here(stream, payload["audit"])
    if submission.stream_id is not None:
        raise AlreadyTaken()
    if submission.stage != SUBMITTED:
        raise NotAtThisStage()
    submission.stream_id = stream.id
    db.session.flush()


@online(
    "assessment.assign",
    AssignSchema,
    {
        "en": "{who} asked {assessor} to assess {setting}",
        "cy": "Gofynnodd {who} i {assessor} asesu {setting}",
    },
    stream=ASSESSMENT,
    opens=True,
    place=_at_body,
    tell=_told_of_audit,
)
def assign_assessor(by: Person, stream: Stream, payload: dict) -> None:
    """Assign an assessor, who belongs to another organisation than the site's. The assessment is a stream of its own,
    which the site does not see."""
    submission = _lock_here(stream, payload["audit"])
    if submission.stream_id is None:
        raise NotTakenOn()
    assessor = find_person(payload["assessor"])
    if assessor is None:
        raise NobodyNamed()
    here = {"audit_id": submission.audit_id, "body_id": submission.body_id, "assessor_id": assessor.id}
    if db.session.scalar(select(Assessment.id).filter_by(**here)):
        raise AlreadyAssigned()
    take_step(submission, "assessment.assign", by=by, people=[assessor])
    db.session.add(
        Assessment(id=stream.id, **here, blinded=payload.get("blinded", False), assigned_by=by.id, assigned_at=now())
    )
    db.session.flush()


@online(
    "interest.declare",
    DeclareSchema,
    CLEAR_OF_ANY,
    stream=SUBMISSION,
    tell=_told_of_interest,
)
def declare_interest(by: Person, stream: Stream, payload: dict) -> None:
    """Say whether one has an interest in the setting. Whoever has takes no part, and leaves the panel they sat on."""
    submission = lock_submission(audit_of(stream))
    take_step(submission, "interest.declare", by=by, outcome=payload["declared"])
    values = {"declared": payload["declared"], "says": tidy(payload.get("says", "")), "declared_at": now()}
    db.session.merge(Interest(audit_id=submission.audit_id, person_id=by.id, **values))
    if payload["declared"] == CONFLICT:
        _leave_panel(submission.audit_id, by)
    db.session.flush()


def _leave_panel(audit_id: str, person: Person) -> None:
    sitting = select(Member).join(Panel, Panel.id == Member.panel_id).filter(Panel.closed_at.is_(None))
    for member in db.session.scalars(sitting.filter(Panel.audit_id == audit_id, Member.person_id == person.id)):
        member.left_at = member.left_at or now()


@online(
    "audit.return",
    ReturnSchema,
    {"en": "{who} returned the audit to its team", "cy": "Dychwelodd {who} yr archwiliad i’w dîm"},
    stream=SUBMISSION,
    tell=_told_of_return,
)
def return_audit(by: Person, stream: Stream, payload: dict) -> None:
    """Give a submission back to its team, with reasons. The audit is open again, what came late counts, and the audit's
    own history tells it."""
    submission = lock_submission(audit_of(stream), with_audit=True)
    audit = db.session.get(Audit, submission.audit_id)
    reasons = [{"criterion": one.get("criterion"), "text": tidy(one["text"])} for one in payload["reasons"]]
    for criterion in {one["criterion"] for one in reasons} - {None, *require_rule(audit).criteria}:
        raise CriterionUnknown(f"There is no criterion {criterion!r} in this edition.")
    take_step(submission, "audit.return", by=by, reasons=" ".join(one["text"] for one in reasons))
    db.session.add(
        Return(
            id=new_id(),
            audit_id=submission.audit_id,
            body_id=submission.body_id,
            returned_by=by.id,
            returned_at=now(),
            reasons=json.dumps(reasons, ensure_ascii=False),
        )
    )
    site_stream = lock(submission.audit_id)
    record(site_stream, "audit.return", payload, by=by)
    unseal(site_stream)

"""What an assessor says offline, in the stream of their own assessment: pure functions, the same as in the device's
`store/effects.js`. Nobody else writes there, and nobody else reads it before the report is released."""

from sqlalchemy import select

from ...access import Person, find_person, may
from ...audits.models import Audit
from ...audits.operations import check_criteria, tell
from ...db import db, now
from ...ledger.kinds import ASSESSMENT, offline, online
from ...ledger.models import Stream
from ...ledger.operations import find_kept, put_in_force
from ...ledger.perform import Scene, opening_of
from ...ledger.schemas import AdmitSchema
from ...problems import Problem
from ..models import Assessment, Interest, Sighting, Submission
from ..refusing import InterestsFirst, NotAssigned
from ..stages import CONFLICT, SUBMITTED, TABLE
from ..stepping import begin_assessment, lock_submission
from ..submission.operations import require_rule
from .judging import MET, NOT_APPLICABLE, NOT_YET, PARTLY
from .schemas import JudgementSchema, NoteSchema, ProbeSchema, RemarkSchema, SeeSchema, UnseeSchema

JUDGEMENT_WORDS = {
    MET: {"en": "met", "cy": "wedi’i fodloni"},
    PARTLY: {"en": "partly met", "cy": "wedi’i fodloni’n rhannol"},
    NOT_YET: {"en": "not yet", "cy": "ddim eto"},
    NOT_APPLICABLE: {"en": "does not apply", "cy": "ddim yn berthnasol"},
}
PROBED = {
    True: {
        "en": "{who} will look at “{statement}” on the visit",
        "cy": "Bydd {who} yn edrych ar “{statement}” ar yr ymweliad",
    },
    False: {"en": "{who} need not look at “{statement}”", "cy": "Nid oes angen i {who} edrych ar “{statement}”"},
}


class AfterRelease(Problem):
    """The assessor's report was released before this arrived. It is kept, and its writer can read it; the report stays
    as the site and the panel read it."""

    title = "Kept: the report was released before this came"
    words = "The report was released before this came. It is kept, and changes nothing in the report."
    keeps = True


class ConflictDeclared(Problem):
    """Its writer has declared a conflict of interest since, and takes no part any more. It is kept, and nobody reads
    it."""

    title = "Kept: a conflict of interest was declared"
    words = "You have declared a conflict of interest. What you wrote before is kept, and takes no part."
    keeps = True


# who


def _check(scene: Scene, payload: dict) -> None:
    assessment = _require_own(scene)
    criteria = payload.get("criteria") or ([payload["criterion"]] if "criterion" in payload else [])
    if "criteria" not in scene.memory:
        scene.memory["criteria"] = require_rule(db.session.get(Audit, assessment.audit_id)).criteria
    check_criteria(scene, criteria)


def _check_judged(scene: Scene, payload: dict) -> None:
    _check(scene, payload)
    if "begun" not in scene.memory:
        scene.memory["begun"] = True
        _begin(scene)


def _require_own(scene: Scene) -> Assessment:
    """The assessment, for whoever was asked to make it, has said that nothing stands in the way, and has not released
    its report. What others released is no hindrance to one who is blinded."""
    assessment = db.session.get(Assessment, scene.stream.id)
    if assessment is None or assessment.assessor_id != scene.author_id:
        raise NotAssigned()
    if "declared" not in scene.memory:
        asked = {"audit_id": assessment.audit_id, "person_id": scene.author_id}
        scene.memory["declared"] = db.session.scalar(select(Interest.declared).filter_by(**asked))
    if scene.memory["declared"] is None:
        raise InterestsFirst()
    if scene.memory["declared"] == CONFLICT:
        raise ConflictDeclared()
    if not assessment.blinded and db.session.get(Submission, assessment.audit_id).released_on:
        raise AfterRelease()
    return assessment


def _begin(scene: Scene) -> None:
    """The first judgement takes a step: from then on the submission is being assessed. Where it cannot be taken (action
    points are out, a blinded second assessor comes after the first, the team has the audit back) the assessor has begun
    all the same: what they hold stands in their own stream alone."""
    person = find_person(scene.author_id)
    if not scene.in_person or not may(person, "judgement.record", scene.stream.organisation_id):
        return  # it is kept
    assessment = db.session.get(Assessment, scene.stream.id)
    submission = db.session.get(Submission, assessment.audit_id)
    if assessment.begun_at and submission.stage != SUBMITTED:
        return
    submission = lock_submission(assessment.audit_id, with_audit=True)
    is_here = submission.body_id == assessment.body_id
    if is_here and (submission.stage, "judgement.record", None) in TABLE:
        begin_assessment(assessment.id, by=person)
    else:
        assessment.begun_at = assessment.begun_at or now()
        db.session.flush()


# words for the history


def _tell(scene: Scene, payload: dict, language: str) -> dict:
    if "of" not in scene.memory:
        about = db.session.get(Stream, scene.opening["audit"])
        scene.memory["of"] = Scene(about, opening_of(about), memory=scene.memory)
    told = tell(scene.memory["of"], payload, language)
    if "judgement" in payload:
        because = f" ({payload['reason']})" if payload.get("reason") else ""
        told["judgement"] = JUDGEMENT_WORDS[payload["judgement"]][language] + because
    if "probe" in payload:
        told["template"] = PROBED[payload["probe"]][language]
    if "seen" in payload and "text" not in payload:
        found = select(Sighting.says).filter_by(assessment_id=scene.stream.id, id=payload["seen"])
        told["text"] = db.session.scalar(found) or "?"
    return told


# what is said


@offline(
    "judgement.record",
    JudgementSchema,
    {"en": "{who} judged “{statement}”: {judgement}", "cy": "Barnodd {who} “{statement}”: {judgement}"},
    stream=ASSESSMENT,
    check=_check_judged,
    tell=_tell,
)
def record_judgement(payload: dict) -> dict:
    """A judgement and its reason: one register, so that they stay together."""
    said = {name: payload[name] for name in ("judgement", "reason") if name in payload}
    return {f"judgement/{payload['criterion']}/judgement": said}


@offline(
    "judgement.note",
    NoteSchema,
    {"en": "{who} wrote a note on “{statement}”", "cy": "Ysgrifennodd {who} nodyn ar “{statement}”"},
    stream=ASSESSMENT,
    check=_check,
    tell=_tell,
)
def note_judgement(payload: dict) -> dict:
    """A note for oneself alone."""
    return {f"judgement/{payload['criterion']}/note": payload["text"]}


@offline(
    "judgement.probe",
    ProbeSchema,
    PROBED[True],
    stream=ASSESSMENT,
    check=_check,
    tell=_tell,
)
def probe_judgement(payload: dict) -> dict:
    """Whether to look at it on the visit."""
    return {f"judgement/{payload['criterion']}/probe": payload["probe"]}


@offline(
    "visit.see",
    SeeSchema,
    {"en": "{who} saw on the visit: “{text}”", "cy": "Gwelodd {who} ar yr ymweliad: “{text}”"},
    stream=ASSESSMENT,
    check=_check,
    tell=_tell,
)
def see_on_visit(payload: dict) -> dict:
    """Something seen: its words and the criteria it bears on, a set kept in order. Saying it takes back that it was
    not."""
    at = f"seen/{payload['seen']}"
    said = {"criteria": sorted(set(payload["criteria"])), "text": payload["text"]}
    return {f"{at}/said": said, f"{at}/withdrawn": False}


@offline(
    "visit.unsee",
    UnseeSchema,
    {"en": "{who} took back what they saw: “{text}”", "cy": "Tynnodd {who} yn ôl yr hyn a welwyd: “{text}”"},
    stream=ASSESSMENT,
    check=_check,
    tell=_tell,
)
def unsee_on_visit(payload: dict) -> dict:
    """It no longer counts as seen; nothing of it is deleted."""
    return {f"seen/{payload['seen']}/withdrawn": True}


@offline(
    "assessment.remark",
    RemarkSchema,
    {"en": "{who} remarked on the whole", "cy": "Gwnaeth {who} sylw ar y cyfan"},
    stream=ASSESSMENT,
    check=_check,
    tell=_tell,
)
def remark_on_assessment(payload: dict) -> dict:
    """Strengths and suggestions."""
    return {"assessment/remark": {name: payload[name] for name in ("strengths", "suggestions")}}


# what is kept


@online(
    "assessment.admit",
    AdmitSchema,
    {"en": "{who} put a kept operation in force", "cy": "Rhoddodd {who} weithred a gadwyd mewn grym"},
    stream=ASSESSMENT,
)
def admit_to_assessment(by: Person, stream: Stream, payload: dict) -> None:
    """Put in force what was kept of one's own: handed in from a rescue file by somebody else, or after one's role had
    ended, which one has again. Nobody else reads it, so nobody else can. Once the report is released nothing is."""
    scene = Scene(stream, opening_of(stream), author_id=by.id)
    _require_own(scene)
    kept = find_kept(stream, payload["operation"])
    if kept.kind == "judgement.record":
        _begin(scene)
    put_in_force(stream, kept)

"""What becomes of an assessor's work, online: the initial report and its action points, which the site answers; the
visit; the release of the report, whose facts the site may correct. Only a first assessor's report moves the case; a
second, blinded one reports beside it, and the two are compared."""

import json
from dataclasses import replace
from datetime import date, timedelta

from sqlalchemy import select

from ...access import Person
from ...audits.models import Audit
from ...audits.operations import CriterionUnknown
from ...db import db, new_id, now, today
from ...ledger.canonical import tidy
from ...ledger.kinds import ASSESSMENT, AUDIT, online
from ...ledger.models import Stream
from ...ledger.perform import Scene, lock, record
from ...problems import Problem
from ...telling import day_told
from ..models import Assessment, Correction, Judgement, Report, Submission, Visit
from ..queries import expectations
from ..refusing import BY_REASON, NotAssigned, NotAtThisStage
from ..stages import ASSESSING, READY, Step, refusal
from ..stepping import audit_of, case_of, in_case, lock_submission, take_step
from ..submission.operations import require_rule
from .judging import needs_reason
from .points import asked_of
from .schemas import (
    ActionsAnswerSchema,
    AssessmentReportSchema,
    ReleaseSchema,
    ReportCorrectSchema,
    VisitSchema,
)


class JudgementReasonMissing(Problem):
    """A judgement that is not what the team's finding leads one to expect says why. So does one where no finding
    stands, and one that two devices of the assessor differ on is settled first. `criteria` names them."""

    title = "Some judgements still need their reason"
    words = "Say why where you judge otherwise than the team found, and settle what differs. Then report."


class JudgementsMissing(Problem):
    """Before a report is released every criterion is judged, and before a first report at least one. `criteria` names
    those that are not."""

    title = "Some criteria are not judged yet"
    words = "Judge every criterion first."


class AnswersMissing(Problem):
    """Each action point is answered: what was done about it, or why not. `criteria` names those that are not."""

    title = "Answer each action point"
    words = "Say what was done about each action point, or why nothing was."


class BlindedAssessor(Problem):
    """A second, blinded assessor judges beside the first, so that the two can be compared. The visit and the report
    that the setting reads are the first one's."""

    title = "This is the first assessor’s"
    words = "You assess beside another, so that your judgements can be compared. The visit and the report are theirs."


class ReportedAlready(Problem):
    """A second, blinded assessor reports once: after that the two may be compared, and what they hold stands."""

    title = "You have reported already"


class VisitToCome(Problem):
    """A visit is recorded after it took place."""

    title = "This day is still to come"


# words for the history

READY_WORDS = {
    "en": "{who} found the setting ready for a visit",
    "cy": "Barnodd {who} fod y lleoliad yn barod am ymweliad",
}
POINTS_WORDS = {"en": "{who} asked for action by {due}", "cy": "Gofynnodd {who} am weithredu erbyn {due}"}
FACTS_RIGHT = {
    "en": "{who} said that the facts in the report are right",
    "cy": "Dywedodd {who} fod y ffeithiau yn yr adroddiad yn gywir",
}
FACTS_WRONG = {"en": "{who} corrected facts in the report", "cy": "Cywirodd {who} ffeithiau yn yr adroddiad"}


def _told_of_report(scene: Scene, payload: dict, language: str) -> dict:
    if payload["outcome"] == READY:
        return {"template": READY_WORDS[language]}
    due = day_told(payload["due"], language)
    return {"template": POINTS_WORDS[language], "due": due, "besides": _quoted(payload["points"])}


def _told_of_visit(scene: Scene, payload: dict, language: str) -> dict:
    return {"day": day_told(payload["date"], language), "people": payload["people"]}


def _told_of_answers(scene: Scene, payload: dict, language: str) -> dict:
    return {"besides": _quoted(payload["answers"])}


def _told_of_corrections(scene: Scene, payload: dict, language: str) -> dict:
    corrections = payload["corrections"]
    words = FACTS_WRONG if corrections else FACTS_RIGHT
    return {"template": words[language], "besides": _quoted(corrections)}


def _quoted(said: list[dict]) -> str:
    return ": " + " ".join(f"“{one['text']}”" for one in said) if said else ""


# the assessor's


@online("assessment.report", AssessmentReportSchema, READY_WORDS, stream=ASSESSMENT, tell=_told_of_report)
def report_assessment(by: Person, stream: Stream, payload: dict) -> None:
    """Say whether the setting is ready for a visit, or what has to be done first. The judgements as they stand now are
    kept beside it. The site's history tells a first assessor's report, and never a blinded one's."""
    assessment = _require_own(stream, by)
    audit_id = audit_of(stream)
    points, criteria = tidy(payload["points"]), tuple(one["criterion"] for one in payload["points"])
    due = date.fromisoformat(payload["due"]) if "due" in payload else None
    step = {"outcome": payload["outcome"], "criteria": criteria, "due": due}
    submission = lock_submission(audit_id, with_audit=not assessment.blinded)
    _require_criteria(submission, criteria)
    _require_reasons(assessment)
    if assessment.begun_at is None:
        raise JudgementsMissing("Judge first, then report.")
    if assessment.blinded:
        _require_alike(submission, by, step)
        if assessment.reported_at is not None:
            raise ReportedAlready()
    else:
        take_step(submission, "assessment.report", by=by, **step)
        record(lock(audit_id), "assessment.report", payload, by=by)
    assessment.reported_at = now()
    db.session.add(_report(assessment, payload, points))
    db.session.flush()


@online(
    "visit.record",
    VisitSchema,
    {"en": "{who} visited on {day} and met: {people}", "cy": "Ymwelodd {who} ar {day} a chwrdd â: {people}"},
    stream=ASSESSMENT,
    tell=_told_of_visit,
)
def record_visit(by: Person, stream: Stream, payload: dict) -> None:
    """That the visit took place. What was seen there is said in the same stream, offline."""
    assessment = _require_first(stream, by)
    if date.fromisoformat(payload["date"]) > today() + timedelta(days=1):  # wherever it is tomorrow already
        raise VisitToCome()
    take_step(lock_submission(audit_of(stream)), "visit.record", by=by)
    db.session.add(
        Visit(
            id=new_id(),
            assessment_id=assessment.id,
            visited_on=payload["date"],
            people=tidy(payload["people"]),
            says=tidy(payload["seen"]),
            recorded_at=now(),
        )
    )
    db.session.flush()


@online(
    "report.release",
    ReleaseSchema,
    {"en": "{who} released the report", "cy": "Rhyddhaodd {who} yr adroddiad"},
    stream=ASSESSMENT,
)
def release_report(by: Person, stream: Stream, payload: dict) -> None:
    """Give the report to the site, which may correct its facts, and to the panel. From now on it stands as it is."""
    assessment = _require_first(stream, by)
    audit_id = audit_of(stream)
    submission = lock_submission(audit_id, with_audit=True)
    _require_reasons(assessment)
    _require_all_judged(assessment, submission)
    take_step(submission, "report.release", by=by)
    assessment.released_at = now()
    assessment.reported_at = assessment.reported_at or assessment.released_at  # they took over from another
    record(lock(audit_id), "report.release", payload, by=by)
    db.session.flush()


def _require_own(stream: Stream, by: Person) -> Assessment:
    assessment = db.session.get(Assessment, stream.id)
    if assessment is None or assessment.assessor_id != by.id:
        raise NotAssigned()
    return assessment


def _require_first(stream: Stream, by: Person) -> Assessment:
    assessment = _require_own(stream, by)
    if assessment.blinded:
        raise BlindedAssessor()
    return assessment


def _require_alike(submission: Submission, by: Person, step: dict) -> None:
    """Refuse a blinded assessor what a first one would be refused, wherever the first one has taken it meanwhile."""
    if submission.is_open:
        raise NotAtThisStage()
    case = replace(case_of(submission), stage=ASSESSING)
    if reason := refusal(case, Step("assessment.report", in_case(by, submission), today(), **step)):
        raise BY_REASON[reason]()


def _require_criteria(submission: Submission, criteria) -> None:
    known = require_rule(db.session.get(Audit, submission.audit_id)).criteria
    for criterion in criteria:
        if criterion not in known:
            raise CriterionUnknown(f"There is no criterion {criterion!r} in this edition.")


def _require_reasons(assessment: Assessment) -> None:
    expects = expectations(db.session.get(Audit, assessment.audit_id))
    rows = db.session.scalars(select(Judgement).filter_by(assessment_id=assessment.id).order_by(Judgement.criterion))
    missing = [
        row.criterion
        for row in rows
        if row.differs or (row.judgement and not row.reason and needs_reason(row.judgement, expects.get(row.criterion)))
    ]
    if missing:
        raise JudgementReasonMissing(criteria=missing)


def _require_all_judged(assessment: Assessment, submission: Submission) -> None:
    judged = _judgements(assessment)
    edition = require_rule(db.session.get(Audit, submission.audit_id))
    missing = [criterion for criterion in edition.criteria if criterion not in judged]
    if missing:
        raise JudgementsMissing(criteria=missing)


def _judgements(assessment: Assessment) -> dict[str, str]:
    query = select(Judgement.criterion, Judgement.judgement).filter_by(assessment_id=assessment.id)
    return dict(db.session.execute(query.filter(Judgement.judgement.is_not(None)).order_by(Judgement.criterion)).all())


def _report(assessment: Assessment, payload: dict, points: list[dict]) -> Report:
    return Report(
        id=new_id(),
        assessment_id=assessment.id,
        audit_id=assessment.audit_id,
        reported_at=assessment.reported_at,
        outcome=payload["outcome"],
        due=payload.get("due"),
        points=json.dumps(points, ensure_ascii=False),
        judgements=json.dumps(_judgements(assessment)),
    )


# the site's


@online(
    "actions.answer",
    ActionsAnswerSchema,
    {"en": "{who} answered the action points", "cy": "Atebodd {who} y pwyntiau gweithredu"},
    stream=AUDIT,
    tell=_told_of_answers,
)
def answer_actions(by: Person, stream: Stream, payload: dict) -> None:
    """Answer each action point, with what was added as evidence since they were asked: from here on the audit is sealed
    as it stands now, and the assessor goes on."""
    submission = lock_submission(stream.id)
    take_step(submission, "actions.answer", by=by)
    report = asked_of(submission)
    asked = [one["criterion"] for one in json.loads(report.points)]
    answers = tidy(payload["answers"])
    answered = {one["criterion"] for one in answers}
    if missing := [criterion for criterion in asked if criterion not in answered]:
        raise AnswersMissing(criteria=missing)
    if answered - set(asked):
        raise CriterionUnknown("There is no action point on this.")
    report.answers, report.answered_by, report.answered_at = json.dumps(answers, ensure_ascii=False), by.id, now()
    db.session.flush()


@online("report.correct", ReportCorrectSchema, FACTS_WRONG, stream=AUDIT, tell=_told_of_corrections)
def correct_report(by: Person, stream: Stream, payload: dict) -> None:
    """Correct facts in the report, or say that they are right. No judgement changes by it: the corrections stand beside
    the report, for the panel."""
    submission = lock_submission(stream.id)
    _require_criteria(submission, {one.get("criterion") for one in payload["corrections"]} - {None})
    take_step(submission, "report.correct", by=by)
    corrections = [{"criterion": one.get("criterion"), "text": tidy(one["text"])} for one in payload["corrections"]]
    db.session.add(
        Correction(
            id=new_id(),
            audit_id=submission.audit_id,
            body_id=submission.body_id,
            corrected_by=by.id,
            corrected_at=now(),
            corrections=json.dumps(corrections, ensure_ascii=False),
        )
    )
    db.session.flush()

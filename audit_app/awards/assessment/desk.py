"""What an assessor has on their desk, and what is read of it once it is released."""

import json
from collections.abc import Iterable

from sqlalchemy import select

from ...access import MANAGER, Person, grants_of, may, names_of
from ...audits.models import Audit, Tally
from ...audits.queries import find_audit
from ...db import as_text, db
from ...evidence.queries import kinds_by_criterion
from ...ledger.models import Stream
from ...ledger.perform import is_prefix
from ...ledger.queries import kept_in, live_registers
from ...problems import NotFound
from ...sites.models import Organisation, Site
from ..models import Assessment, Correction, Interest, Judgement, Remark, Sighting, Submission, Visit
from ..queries import expectations, findings_in, is_veiled, roles_at
from ..stages import CLEAR
from ..submission.operations import require_rule
from .judging import thin_ground
from .points import reports_by

# the assessor's own


def find_assessment(id: str, person: Person) -> Assessment:
    """One's own assessment, while one assesses for the body and has declared no conflict. For everybody else, and for
    the manager who assigned it too, there is none: refuses with `NotFound`."""
    assessment = db.session.get(Assessment, id)
    if assessment is None or assessment.assessor_id != person.id:
        raise NotFound()
    if not may(person, "assessment.see", assessment.body_id):
        raise NotFound()
    asked = {"audit_id": assessment.audit_id, "person_id": person.id}
    if db.session.scalar(select(Interest.declared).filter_by(**asked)) != CLEAR:
        raise NotFound()
    return assessment


def stream_of(assessment: Assessment) -> Stream:
    """Where an assessment's operations are."""
    return db.session.get(Stream, assessment.id)


def desk(assessment: Assessment, cursor: str | None) -> dict:
    """All that a device keeps of an assessment, and what it needs beside the sealed audit: what the findings lead one
    to expect, what rests on thin ground, last cycle's judgements. `audit_cursor`: where the audit stood at this."""
    stream = stream_of(assessment)
    registers, kept = live_registers(stream), kept_in(stream)
    authors = {write["author"] for writes in registers.values() for write in writes} | {assessment.assessor_id}
    return {
        **_about(assessment),
        "kind": "assessment",
        "audit_cursor": db.session.get(Stream, assessment.audit_id).cursor,
        "cursor": stream.cursor,
        "backed_up_to": stream.backed_up_to,
        "diverged": cursor is not None and not is_prefix(stream, cursor),
        "registers": registers,
        "people": names_of(authors | {one["author"] for one in kept}),
        "kept": kept,
        "blinded": assessment.blinded,
        "assigned_at": as_text(assessment.assigned_at),
        "begun_at": _moment(assessment.begun_at),
        "reported_at": _moment(assessment.reported_at),
        "released_at": _moment(assessment.released_at),
        **_beside(assessment),
        "reports": reports_by(assessment),
        "visits": _visits(assessment),
        "corrections": _corrections(assessment) if assessment.released_at else [],
    }


def _about(assessment: Assessment) -> dict:
    audit = db.session.get(Audit, assessment.audit_id)
    site, body = db.session.get(Site, audit.site_id), db.session.get(Organisation, assessment.body_id)
    name = names_of([assessment.assessor_id]).get(assessment.assessor_id, "?")
    return {
        "id": assessment.id,
        "audit": audit.id,
        "body": {"id": body.id, "name": body.name},
        "assessor": {"id": assessment.assessor_id, "name": name},
        "setting": site.name,
        "organisation": db.session.get(Organisation, site.organisation_id).name,
        "sector": site.sector,
        "checklist": audit.checklist,
        "edition": audit.edition,
    }


def _beside(assessment: Assessment) -> dict:
    """What is read off the audit; nothing while its team has it back, or another body has it."""
    submission = db.session.get(Submission, assessment.audit_id)
    if submission.is_open or submission.body_id != assessment.body_id:
        return {"expects": {}, "thin": {}, "previous": None}
    audit = db.session.get(Audit, assessment.audit_id)
    expects = expectations(audit)
    criteria = require_rule(audit).criteria
    return {
        "expects": {criterion: expects.get(criterion) for criterion in criteria},
        "thin": _thin(audit, criteria),
        "previous": _previous(assessment, audit),
    }


def _thin(audit: Audit, criteria: Iterable[str]) -> dict[str, list[str]]:
    """The criteria that rest on thin ground, and why."""
    found = findings_in(audit.id)
    kinds = kinds_by_criterion([audit.id]).get(audit.id, {})
    raters: dict[str, int] = {}
    voices: dict[str, set[str]] = {}
    for tally in db.session.scalars(select(Tally).filter_by(audit_id=audit.id)):
        given = tally.at0 + tally.at1 + tally.at2 + tally.at3 + tally.not_applicable
        raters[tally.criterion] = raters.get(tally.criterion, 0) + given
        voices.setdefault(tally.criterion, set()).add(tally.voice)
    thin = {
        criterion: thin_ground(
            criterion in found, raters.get(criterion, 0), voices.get(criterion, ()), kinds.get(criterion, ())
        )
        for criterion in criteria
    }
    return {criterion: why for criterion, why in thin.items() if why}


def _previous(assessment: Assessment, audit: Audit) -> dict | None:
    """What this body's assessor held when the setting was last judged by this checklist, as it was released."""
    query = (
        select(Assessment, Submission.released_on)
        .join(Submission, Submission.audit_id == Assessment.audit_id)
        .join(Audit, Audit.id == Assessment.audit_id)
        .filter(Audit.site_id == audit.site_id, Audit.checklist == audit.checklist, Audit.id != audit.id)
        .filter(Assessment.body_id == assessment.body_id, Assessment.released_at.is_not(None))
        .order_by(Assessment.released_at.desc(), Assessment.id)
    )
    found = db.session.execute(query.limit(1)).one_or_none()
    if found is None:
        return None
    last, released_on = found
    judgements = {
        row.criterion: {"judgement": row.judgement, "reason": row.reason}
        for row in _judged(last)
        if row.judgement is not None
    }
    return {"audit": last.audit_id, "released_on": released_on, "judgements": judgements}


# what is released


def find_report(audit_id: str, person: Person) -> dict:
    """The report on an audit, once it is released: for whoever sees the audit at its setting, its panel, the body's
    manager, and its assessors unless they are to know nothing of each other yet. Never with an assessor's notes."""
    submission = db.session.get(Submission, audit_id)
    if submission is None or MANAGER not in roles_at(submission.body_id, grants_of(person)):
        find_audit(audit_id, person)
    report = submission and report_on(submission)
    if not report or is_veiled(submission, person.id):
        raise NotFound()
    return report


def report_on(submission: Submission) -> dict | None:
    """The report that was released on a submission where it is now, as site and panel read it; None before."""
    released = select(Assessment).filter_by(audit_id=submission.audit_id, body_id=submission.body_id)
    assessment = db.session.scalar(released.filter(Assessment.released_at.is_not(None)))
    if assessment is None:
        return None
    audit = db.session.get(Audit, submission.audit_id)
    expects, judged = expectations(audit), {row.criterion: row for row in _judged(assessment)}
    remark = db.session.get(Remark, assessment.id)
    return {
        **{name: value for name, value in _about(assessment).items() if name not in ("id", "sector")},
        "stage": submission.stage,
        "released_at": as_text(assessment.released_at),
        "released_on": submission.released_on,
        "facts_checked": submission.facts_checked,
        "judgements": [
            {
                "criterion": criterion,
                "judgement": judged[criterion].judgement if criterion in judged else None,
                "reason": judged[criterion].reason if criterion in judged else None,
                "expected": expects.get(criterion),
            }
            for criterion in require_rule(audit).criteria
        ],
        "seen": _seen(assessment),
        "strengths": (remark and remark.strengths) or "",
        "suggestions": (remark and remark.suggestions) or "",
        "visits": _visits(assessment),
        "reports": reports_by(assessment),
        "corrections": _corrections(assessment),
    }


def _judged(assessment: Assessment) -> list[Judgement]:
    return list(db.session.scalars(select(Judgement).filter_by(assessment_id=assessment.id)))


def _seen(assessment: Assessment) -> list[dict]:
    query = select(Sighting).filter_by(assessment_id=assessment.id, withdrawn=False, differs=False)
    return [
        {"id": one.id, "criteria": json.loads(one.criteria), "text": one.says}
        for one in db.session.scalars(query.filter(Sighting.says.is_not(None)).order_by(Sighting.id))
    ]


def _visits(assessment: Assessment) -> list[dict]:
    query = select(Visit).filter_by(assessment_id=assessment.id).order_by(Visit.recorded_at)
    return [
        {"date": one.visited_on, "people": one.people, "seen": one.says, "at": as_text(one.recorded_at)}
        for one in db.session.scalars(query)
    ]


def _corrections(assessment: Assessment) -> list[dict]:
    asked = {"audit_id": assessment.audit_id, "body_id": assessment.body_id}
    found = list(db.session.scalars(select(Correction).filter_by(**asked).order_by(Correction.corrected_at)))
    names = names_of(one.corrected_by for one in found)
    return [
        {
            "at": as_text(one.corrected_at),
            "by": {"id": one.corrected_by, "name": names.get(one.corrected_by, "?")},
            "corrections": json.loads(one.corrections),
        }
        for one in found
    ]


def _moment(at) -> str | None:
    return as_text(at) if at else None

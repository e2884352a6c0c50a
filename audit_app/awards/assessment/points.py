"""Action points: what a first assessor asks of a site before the visit, and what the site answered. They are all that a
site knows of an assessment before its report is released."""

import json

from sqlalchemy import select

from ...db import as_text, db
from ..models import Assessment, Report, Submission
from ..stages import ACTION_POINTS


def asked_of(submission: Submission) -> Report | None:
    """The last action points since it was submitted where it is now; None where nothing was asked."""
    return _last_asked([submission]).get(submission.audit_id)


def asked_in(submissions: list[Submission]) -> dict[str, dict]:
    """What each of these sites was asked, and answered, by audit."""
    return {audit_id: _told(report) for audit_id, report in _last_asked(submissions).items()}


def reports_by(assessment: Assessment) -> list[dict]:
    """An assessor's reports, oldest first, with what the site answered."""
    query = select(Report).filter_by(assessment_id=assessment.id).order_by(Report.reported_at)
    return [_told(report) | {"outcome": report.outcome} for report in db.session.scalars(query)]


def _last_asked(submissions: list[Submission]) -> dict[str, Report]:
    held = {one.audit_id: one for one in submissions if not one.is_open}
    query = (
        select(Report, Assessment.body_id)
        .join(Assessment, Assessment.id == Report.assessment_id)
        .filter(Report.audit_id.in_(held), Report.outcome == ACTION_POINTS, ~Assessment.blinded)
        .order_by(Report.reported_at)
    )
    return {
        report.audit_id: report
        for report, body_id in db.session.execute(query)
        if body_id == held[report.audit_id].body_id and report.reported_at >= held[report.audit_id].submitted_at
    }


def _told(report: Report) -> dict:
    answers = {one["criterion"]: one["text"] for one in json.loads(report.answers or "[]")}
    return {
        "at": as_text(report.reported_at),
        "due": report.due,
        "answered_at": as_text(report.answered_at) if report.answered_at else None,
        "points": [one | {"answer": answers.get(one["criterion"])} for one in json.loads(report.points)],
    }

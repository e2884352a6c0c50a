"""Where recognition is read: what the rule says of an audit, and what waits at awarding bodies."""

from flask import Blueprint, request

from ..access import require_sign_in, signed_in
from ..audits.queries import find_audit
from ..ledger.queries import history
from ..ledger.schemas import HistorySchema
from ..problems import NotAllowed, NotFound
from ..wire import asked_language, asked_number, dump, reply, speaks, tag_of
from .assessment.calibrating import calibration
from .assessment.desk import desk, find_assessment, find_report, stream_of
from .assessment.schemas import AssessmentReportReplySchema, AssessmentSchema, CalibrationSchema
from .panel.dossier import find_dossier, tell
from .panel.schemas import DossierSchema
from .queries import find_way, verdict_in_words
from .queue import waiting_for
from .refusing import InterestsFirst
from .submission.operations import NoAwardRule
from .submission.schemas import SubmissionsSchema, VerdictSchema

awards = Blueprint("awards", __name__, url_prefix="/api")


@awards.get("/audits/<id>/verdict")
@speaks(gives=VerdictSchema, asks=("language",), etag=True, refuses=(NotFound, NotAllowed, NoAwardRule))
@require_sign_in
def show_verdict(id: str):
    """What the edition's rule says of an audit today, heading by heading, and what would change it."""
    body = verdict_in_words(find_audit(id, signed_in()), signed_in(), asked_language())
    return reply(body, etag=tag_of(dump(body)))


@awards.get("/submissions")
@speaks(gives=SubmissionsSchema, etag=True)
@require_sign_in
def list_submissions():
    """What was handed in at the awarding bodies where one is manager, assessor or on a panel, or was when it was
    decided; and what waits for whom."""
    body = waiting_for(signed_in())
    return reply(body, etag=tag_of(dump(body)))


@awards.get("/submissions/<id>")
@speaks(gives=DossierSchema, asks=("language",), etag=True, refuses=(NotFound, InterestsFirst))
@require_sign_in
def show_submission(id: str):
    """One submission, for those at its awarding body who have a part in it: what the rule says, the panel, what was
    decided, the award, the appeal. A member's view is for the panel alone, once all have said theirs."""
    body = tell(find_dossier(id, signed_in()), asked_language())
    return reply(body, etag=tag_of(dump(body)))


@awards.get("/assessments/<id>")
@speaks(gives=AssessmentSchema, etag=True, refuses=(NotFound,))
@require_sign_in
def show_assessment(id: str):
    """One's own assessment, with what it needs beside the sealed audit. Its ETag is the stream's cursor."""
    assessment = find_assessment(id, signed_in())
    cursor = stream_of(assessment).cursor
    held = next(iter(request.if_none_match.as_set()), None) if request.if_none_match else None
    return reply({} if held == cursor else desk(assessment, held), etag=cursor)


@awards.get("/assessments/<id>/history")
@speaks(gives=HistorySchema, asks=("after", "language"), refuses=(NotFound,))
@require_sign_in
def show_assessment_history(id: str):
    """What one did in one's own assessment, in words and as data, a page at a time."""
    found = find_assessment(id, signed_in())
    return reply(history(stream_of(found), asked_number("after"), asked_language()))


@awards.get("/audits/<id>/assessment-report")
@speaks(gives=AssessmentReportReplySchema, etag=True, refuses=(NotFound, NotAllowed))
@require_sign_in
def show_report(id: str):
    """The assessor's report on an audit, once it is released, with what the site corrected in its facts."""
    body = find_report(id, signed_in())
    return reply(body, etag=tag_of(dump(body)))


@awards.get("/organisations/<id>/calibration")
@speaks(gives=CalibrationSchema, etag=True, refuses=(NotFound, NotAllowed))
@require_sign_in
def show_calibration(id: str):
    """How far an awarding body's first and blinded second assessors agree, for its manager."""
    body = calibration(id, signed_in())
    return reply(body, etag=tag_of(dump(body)))


@awards.get("/submissions/<id>/history")
@speaks(gives=HistorySchema, asks=("after", "language"), refuses=(NotFound, NotAllowed))
@require_sign_in
def show_way(id: str):
    """Who did what with a submission at its awarding body, in words and as data, a page at a time: for its manager."""
    return reply(history(find_way(id, signed_in()), asked_number("after"), asked_language()))

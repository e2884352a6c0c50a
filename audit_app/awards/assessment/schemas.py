"""The wire of an assessor's work: what is judged and seen offline, what is reported and answered online."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ...audits.schemas import CRITERION, AskedSchema, KeptSchema, SaidSchema, WriteSchema
from ...evidence.schemas import MOST_CRITERIA
from ...ledger.schemas import Day, IdField, NamedSchema, ReplySchema, Whole, Words
from ..stages import ACTION_POINTS, READY
from .judging import JUDGEMENTS

MOST_POINTS = 120

CRITERIA = validate.Length(1, MOST_CRITERIA)


class JudgementSchema(SaidSchema):
    """What an assessor holds on one criterion. A `reason` is asked for where it is not what the finding leads one to
    expect; it may come later, and nothing is reported without it."""

    criterion = fields.String(required=True, validate=CRITERION)
    judgement = fields.String(required=True, validate=validate.OneOf(JUDGEMENTS))
    reason = Words(2000, least=1)


class NoteSchema(SaidSchema):
    """An assessor's note on one criterion, for themselves alone, for ever. An empty one takes it away."""

    criterion = fields.String(required=True, validate=CRITERION)
    text = Words(4000, required=True)


class ProbeSchema(Schema):
    """That an assessor means to look at this criterion on the visit, or does not any more."""

    criterion = fields.String(required=True, validate=CRITERION)
    probe = fields.Boolean(truthy={True}, falsy={False}, required=True)


class SeeSchema(SaidSchema):
    """What an assessor saw or heard on the visit, and which criteria it bears on. Said again under the same id, it
    reads as said last."""

    seen = IdField(required=True)
    criteria = fields.List(fields.String(validate=CRITERION), required=True, validate=CRITERIA)
    text = Words(4000, least=1, required=True)


class UnseeSchema(Schema):
    """Takes something out of what was seen. Nothing of it is deleted."""

    seen = IdField(required=True)


class RemarkSchema(SaidSchema):
    """What an assessor says of the whole: its strengths, and what they suggest."""

    strengths = Words(8000, required=True)
    suggestions = Words(8000, required=True)


class PointSchema(Schema):
    """What is to be done, or was answered, on one criterion."""

    criterion = fields.String(required=True, validate=CRITERION)
    text = Words(2000, least=1, required=True)


def _once_each(points: list[dict], field: str) -> None:
    if len({one["criterion"] for one in points}) < len(points):
        raise ValidationError("must name each criterion once.", field)


class AssessmentReportSchema(Schema):
    """An assessor's initial report: ready for the visit, or what has to be done first, criterion by criterion, and by
    when. The site reads the points; nothing else of the assessment."""

    outcome = fields.String(required=True, validate=validate.OneOf([READY, ACTION_POINTS]))
    points = fields.List(fields.Nested(PointSchema), required=True, validate=validate.Length(max=MOST_POINTS))
    due = Day()

    @validates_schema
    def points_where_there_are_action_points(self, data, **_):
        """Action points have points and a day; ready has neither."""
        asks = data["outcome"] == ACTION_POINTS
        if asks != bool(data["points"]):
            raise ValidationError("is needed." if asks else "does not belong to a report that says ready.", "points")
        if asks != ("due" in data):
            raise ValidationError("is needed." if asks else "does not belong to a report that says ready.", "due")
        _once_each(data["points"], "points")


class VisitSchema(Schema):
    """That the visit took place: when, who was met (roles, or how many; no resident's name), what was done and seen."""

    date = Day(required=True)
    people = Words(500, least=1, required=True)
    seen = Words(4000, required=True)


class ReleaseSchema(Schema):
    """Gives the report to the site, which may correct its facts, and to the panel."""

    released = fields.Boolean(truthy={True}, falsy={False}, validate=validate.Equal(True, error="must be true."))


class ActionsAnswerSchema(Schema):
    """What the site did about each action point."""

    answers = fields.List(fields.Nested(PointSchema), required=True, validate=validate.Length(min=1, max=MOST_POINTS))

    @validates_schema
    def each_once(self, data, **_):
        """One answer a point."""
        _once_each(data["answers"], "answers")


class CorrectionSchema(Schema):
    """A fact that the report has wrong; without a criterion it is about the whole."""

    criterion = fields.String(allow_none=True, validate=CRITERION)
    text = Words(2000, least=1, required=True)


class ReportCorrectSchema(Schema):
    """What the site corrects in the report's facts. None at all says that the facts are right."""

    corrections = fields.List(fields.Nested(CorrectionSchema), required=True, validate=validate.Length(max=MOST_POINTS))


# what is read


JUDGEMENT = validate.OneOf(JUDGEMENTS)


class ReportedSchema(AskedSchema):
    """One of an assessor's reports; `points` only where there are action points."""

    outcome = fields.String(required=True, validate=validate.OneOf([READY, ACTION_POINTS]))


class VisitedSchema(Schema):
    """That the assessor visited."""

    date = Day(required=True)
    people = fields.String(required=True)
    seen = fields.String(required=True)
    at = fields.AwareDateTime(required=True)


class CorrectedFactSchema(Schema):
    """A fact that the site corrected; `criterion` is null where it is about none in particular."""

    criterion = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)


class CorrectedSchema(Schema):
    """What the site corrected at one time; nothing, where it said that the facts are right."""

    at = fields.AwareDateTime(required=True)
    by = fields.Nested(NamedSchema, required=True)
    corrections = fields.List(fields.Nested(CorrectedFactSchema), required=True)


class HeldBeforeSchema(Schema):
    """A judgement of last cycle."""

    judgement = fields.String(required=True, validate=JUDGEMENT)
    reason = fields.String(required=True, allow_none=True)


class PreviousSchema(Schema):
    """What was released of this setting, by the same checklist, last time."""

    audit = IdField(required=True)
    released_on = Day(required=True)
    judgements = fields.Dict(keys=fields.String(), values=fields.Nested(HeldBeforeSchema), required=True)


class AboutAssessmentSchema(Schema):
    """Whose assessment of what it is."""

    audit = IdField(required=True)
    body = fields.Nested(NamedSchema, required=True)
    assessor = fields.Nested(NamedSchema, required=True)
    setting = fields.String(required=True)
    organisation = fields.String(required=True)
    checklist = fields.String(required=True)
    edition = Whole(required=True)
    visits = fields.List(fields.Nested(VisitedSchema), required=True)
    reports = fields.List(fields.Nested(ReportedSchema), required=True)
    corrections = fields.List(fields.Nested(CorrectedSchema), required=True)


class AssessmentSchema(ReplySchema, AboutAssessmentSchema):
    """All that its assessor's device keeps of an assessment. `expects`: what each criterion's finding leads one to
    expect, null where none stands; another judgement needs a reason. `thin`: criteria on thin ground, and why (`open`:
    no finding stands, `alone`: one contributor answered, `unheard`: no resident did, `unshown`: no evidence).
    `audit_cursor`: where the audit stood when these were read off it. `diverged`: the device's cursor is none of this
    ledger's."""

    id = IdField(required=True)
    kind = fields.String(required=True, validate=validate.Equal("assessment"))
    sector = fields.String(required=True)
    blinded = fields.Boolean(required=True)
    assigned_at = fields.AwareDateTime(required=True)
    begun_at = fields.AwareDateTime(required=True, allow_none=True)
    reported_at = fields.AwareDateTime(required=True, allow_none=True)
    released_at = fields.AwareDateTime(required=True, allow_none=True)
    cursor = fields.String(required=True)
    backed_up_to = Whole(required=True)
    audit_cursor = fields.String(required=True)
    diverged = fields.Boolean(required=True)
    registers = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(WriteSchema)), required=True)
    people = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    kept = fields.List(fields.Nested(KeptSchema), required=True)
    expects = fields.Dict(
        keys=fields.String(), values=fields.String(validate=JUDGEMENT, allow_none=True), required=True
    )
    thin = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)
    previous = fields.Nested(PreviousSchema, required=True, allow_none=True)


class HeldJudgementSchema(Schema):
    """What the assessor holds on one criterion, and what the team's finding had led one to expect."""

    criterion = fields.String(required=True)
    judgement = fields.String(required=True, allow_none=True, validate=JUDGEMENT)
    reason = fields.String(required=True, allow_none=True)
    expected = fields.String(required=True, allow_none=True, validate=JUDGEMENT)


class SightingSchema(Schema):
    """Something seen on the visit, and the criteria it bears on."""

    id = IdField(required=True)
    criteria = fields.List(fields.String(), required=True)
    text = fields.String(required=True)


class ReleasedReportSchema(AboutAssessmentSchema):
    """An assessor's report as it was released. The site corrects its facts; the corrections stand beside it."""

    stage = fields.String(required=True)
    released_at = fields.AwareDateTime(required=True)
    released_on = Day(required=True)
    facts_checked = fields.Boolean(required=True)
    judgements = fields.List(fields.Nested(HeldJudgementSchema), required=True)
    seen = fields.List(fields.Nested(SightingSchema), required=True)
    strengths = fields.String(required=True)
    suggestions = fields.String(required=True)


class AssessmentReportReplySchema(ReplySchema, ReleasedReportSchema):
    """The report on an audit."""


class ApartSchema(Schema):
    """A criterion on which two assessors hold different things."""

    criterion = fields.String(required=True)
    first = fields.String(required=True, validate=JUDGEMENT)
    second = fields.String(required=True, validate=JUDGEMENT)


class PairSchema(Schema):
    """How far a first and a blinded second assessor agree on one audit. `n`: how many criteria both judged to apply;
    `kappa` is null where chance alone explains what they hold."""

    audit = IdField(required=True)
    setting = fields.String(required=True)
    first = fields.Nested(NamedSchema, required=True)
    second = fields.Nested(NamedSchema, required=True)
    n = Whole(required=True)
    kappa = fields.Float(required=True, allow_none=True)
    apart = fields.List(fields.Nested(ApartSchema), required=True)


class CalibrationSetSchema(Schema):
    """Of how many submissions in a hundred a body wants a second, blinded assessor."""

    share = Whole(required=True, validate=validate.Range(0, 100))


class CalibrationSchema(ReplySchema):
    """How far a body's assessors agree, in pairs and over all. `reported`: audits of which a first assessor has
    reported; `share`: of how many in a hundred a second one is wanted."""

    pairs = fields.List(fields.Nested(PairSchema), required=True)
    n = Whole(required=True)
    kappa = fields.Float(required=True, allow_none=True)
    reported = Whole(required=True)
    share = Whole(required=True)

"""The wire of recognition: the payload of each kind, the rule's verdict, and what waits at awarding bodies."""

from marshmallow import Schema, fields, validate

from ...audits.schemas import CRITERION, HeldSchema
from ...ledger.schemas import Day, IdField, NamedSchema, ReplySchema, Whole, Words
from ..stages import CLEAR, CONFLICT

MOST_REASONS = 120


class PromoteSchema(Schema):
    """Puts an audit that began for its team alone on the way to an award."""

    track = fields.String(required=True, validate=validate.OneOf(["award"]))


class SubmitSchema(Schema):
    """Submits an audit to an awarding body. `listed`: the setting consents that an award would stand in the public
    register."""

    to = IdField(required=True)
    listed = fields.Boolean(truthy={True}, falsy={False})


class RecallSchema(Schema):
    """Takes a submission back, and may say why."""

    why = Words(1000)


class TakeSchema(Schema):
    """Takes an audit on that was submitted. The stream's id is that of its way through the body."""

    audit = IdField(required=True)


class AssignSchema(Schema):
    """Assigns an assessor. The stream's id is the assessment's. `blinded`: they see nothing of another's assessment."""

    audit = IdField(required=True)
    assessor = IdField(required=True)
    blinded = fields.Boolean(truthy={True}, falsy={False})


class DeclareSchema(Schema):
    """Declares one's interests in a submission: clear of any, or a conflict, and in words which."""

    declared = fields.String(required=True, validate=validate.OneOf([CLEAR, CONFLICT]))
    says = Words(2000)


class ReasonGivenSchema(Schema):
    """One reason why a submission is given back; without a criterion it is about the whole."""

    criterion = fields.String(allow_none=True, validate=CRITERION)
    text = Words(2000, least=1, required=True)


class ReturnSchema(Schema):
    """Gives a submission back to its team, with reasons."""

    reasons = fields.List(
        fields.Nested(ReasonGivenSchema), required=True, validate=validate.Length(min=1, max=MOST_REASONS)
    )


# the rule's verdict


class RuleStepSchema(Schema):
    """One thing that is missing, as data and in words."""

    kind = fields.String(required=True)
    criteria = fields.List(fields.String(), required=True)
    number = Whole(required=True)
    says = fields.String(required=True)


class RuleCriterionSchema(Schema):
    """Where one criterion stands under the rule. `number` is what people call it, such as 9.2."""

    id = fields.String(required=True)
    number = fields.String(required=True)
    state = fields.String(required=True)
    rating = Whole(required=True, allow_none=True)
    says = fields.String(required=True)


class RuleHeadingSchema(Schema):
    """What the rule says of one principle or class, and the least that would change it."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    state = fields.String(required=True)
    high = Whole(required=True)
    applies = Whole(required=True)
    needed = Whole(required=True)
    lacks = fields.List(fields.String(), required=True)
    says = fields.String(required=True)
    findings_to_change = Whole(required=True)
    steps = fields.List(fields.Nested(RuleStepSchema), required=True)
    criteria = fields.List(fields.Nested(RuleCriterionSchema), required=True)


class RuleVerdictSchema(Schema):
    """What the edition's rule says today. Never an average."""

    state = fields.String(required=True, validate=validate.OneOf(["shown", "not-yet", "open"]))
    met = fields.Boolean(required=True)
    summary = fields.String(required=True)
    headings = fields.List(fields.Nested(RuleHeadingSchema), required=True)


class VerdictSchema(ReplySchema):
    """What the edition's rule says of an audit today. `differences`: registers on which people differ; none of them
    counts. `photos_missing`: photos whose bytes are not here; they count for nothing. `bodies`: to whom it may be
    submitted, where one may submit it."""

    audit = IdField(required=True)
    track = fields.String(required=True)
    stage = fields.String(required=True)
    verdict = fields.Nested(RuleVerdictSchema, required=True)
    differences = Whole(required=True)
    photos_missing = Whole(required=True)
    bodies = fields.List(fields.Nested(NamedSchema), required=True)


# what waits at awarding bodies


class OwnAssessmentSchema(Schema):
    """One's own assessment of a submission."""

    id = IdField(required=True)
    blinded = fields.Boolean(required=True)
    assigned_at = fields.AwareDateTime(required=True)
    reported_at = fields.AwareDateTime(required=True, allow_none=True)
    released_at = fields.AwareDateTime(required=True, allow_none=True)


class HeldAssessmentSchema(OwnAssessmentSchema):
    """One's own assessment, and where its stream stands."""

    cursor = fields.String(required=True)
    backed_up_to = Whole(required=True)


class AssignedSchema(OwnAssessmentSchema):
    """Somebody's assessment, for whoever assigns: who, and whether they said that they have no interest."""

    assessor = fields.Nested(NamedSchema, required=True)
    declared = fields.String(required=True, allow_none=True)


class WaitSchema(Schema):
    """Something that waits with a submission: whose turn it is (`of`: team, manager, assessor, panel; `yours`, if it is
    one's own), what they are to do, who else of them where one may know, from which day (`opens`) and by which."""

    of = fields.String(required=True)
    what = fields.String(required=True)
    yours = fields.Boolean(required=True)
    people = fields.List(fields.String(), required=True)
    opens = Day(required=True, allow_none=True)
    by = Day(required=True, allow_none=True)


class WaitingSchema(Schema):
    """A submission that waits at an awarding body where one has a part in it (`parts`: manager, assessor, panel).

    `stream`, `cursor` and `backed_up_to` are those of its way through the body, null until it is taken on;
    `audit_cursor` is where the audit's own stream stands. `declared`: what one said of one's own interests.
    `assessment` is one's own; `assessments` are for the manager alone, else null. `stage`: to a blinded assessor who
    has not reported it is no further than assessing. `waits`: all that waits, for a manager; for others what is theirs,
    the team's, or their panel's.
    """

    audit = IdField(required=True)
    body = fields.Nested(NamedSchema, required=True)
    setting = fields.String(required=True)
    organisation = fields.String(required=True)
    sector = fields.String(required=True)
    checklist = fields.String(required=True)
    edition = Whole(required=True)
    stage = fields.String(required=True)
    submitted_at = fields.AwareDateTime(required=True)
    late = Whole(required=True)
    stream = IdField(required=True, allow_none=True)
    cursor = fields.String(required=True, allow_none=True)
    backed_up_to = Whole(required=True, allow_none=True)
    audit_cursor = fields.String(required=True)
    parts = fields.List(fields.String(), required=True)
    declared = fields.String(required=True, allow_none=True)
    assessment = fields.Nested(HeldAssessmentSchema, required=True, allow_none=True)
    assessments = fields.List(fields.Nested(AssignedSchema), required=True, allow_none=True)
    award = fields.Nested(HeldSchema, required=True, allow_none=True)
    waits = fields.List(fields.Nested(WaitSchema), required=True)


class AssessorSchema(NamedSchema):
    """Somebody who may be asked to assess, and for which awarding body."""

    body = IdField(required=True)


class SubmissionsSchema(ReplySchema):
    """What was handed in at the awarding bodies where one is manager, assessor or on a panel, oldest first; what one
    decided on stays there. `assessors`: those whom one may assign."""

    submissions = fields.List(fields.Nested(WaitingSchema), required=True)
    assessors = fields.List(fields.Nested(AssessorSchema), required=True)

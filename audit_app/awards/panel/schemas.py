"""The wire of deciding: the payload of each kind from the panel on, and what is told of a submission."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ...audits.schemas import CRITERION, AppealSchema, DecidedSchema, HeldSchema
from ...ledger.schemas import Day, IdField, NamedSchema, ReplySchema, Whole, Words
from ..stages import (
    AWARDED,
    DEFERRED,
    DISMISSED,
    NO_CHANGE,
    NOT_AWARDED,
    RESTORED,
    SUSPENDED,
    UPHELD,
    WITHDRAWN,
)
from ..submission.schemas import RuleVerdictSchema

MOST_MEMBERS = 12
MOST_CRITERIA = 120
MOST_LETTER = 20000
DECISIONS = (AWARDED, DEFERRED, NOT_AWARDED)
VIEWS = (*DECISIONS, SUSPENDED, WITHDRAWN, RESTORED, NO_CHANGE, UPHELD, DISMISSED)
REASONS = {"most": 6000, "least": 1, "required": True}


class ConveneSchema(Schema):
    """Asks people to decide together. Those who were asked before, and have not decided, sit no more. `sits_on`: the
    day on which they meet."""

    people = fields.List(IdField(), required=True, validate=validate.Length(min=1, max=MOST_MEMBERS))
    sits_on = Day()


class ViewSchema(Schema):
    """What one member of a panel holds before it decides, and why."""

    outcome = fields.String(required=True, validate=validate.OneOf(VIEWS))
    reasons = Words(**REASONS)


class _LetterSchema(Schema):
    """What goes out to the site: `letter` as somebody edited it, or the one that is drafted in this `language`."""

    letter = Words(MOST_LETTER, least=1)
    language = fields.String(validate=validate.OneOf(["en", "cy"]))


class DecideSchema(_LetterSchema):
    """What a panel decides on a submission. A deferral names its criteria and the day by which the site answers.
    `against_rule`: the reason, published, where the edition's rule says otherwise."""

    outcome = fields.String(required=True, validate=validate.OneOf(DECISIONS))
    reasons = Words(**REASONS)
    criteria = fields.List(fields.String(validate=CRITERION), validate=validate.Length(max=MOST_CRITERIA))
    due = Day()
    against_rule = Words(2000, least=1)

    @validates_schema
    def defers_alone(self, data, **_):
        """Only a deferral asks for something by a day."""
        for name in ("criteria", "due"):
            if data.get(name) and data["outcome"] != DEFERRED:
                raise ValidationError(f"belongs to {DEFERRED!r} alone.", name)


class KeepSchema(_LetterSchema):
    """Leaves an award as it is, with reasons, which are the panel's own record."""

    reasons = Words(**REASONS)


class TurnSchema(KeepSchema):
    """Suspends, restores or withdraws an award. `published`: what the public register says of why; it says nothing
    where this is left out."""

    published = Words(2000, least=1)


class AppealDecideSchema(TurnSchema):
    """What becomes of an appeal."""

    outcome = fields.String(required=True, validate=validate.OneOf([UPHELD, DISMISSED]))


class InterimSchema(Schema):
    """What was found when an award was looked at again half-way."""

    says = Words(**REASONS)


class RenewSchema(Schema):
    """Names the award that comes after this one."""

    replaced_by = fields.String(required=True, validate=validate.Length(max=20))


class CriterionAnswerSchema(Schema):
    """What a site answers on one criterion."""

    criterion = fields.String(required=True, validate=CRITERION)
    text = Words(4000, least=1, required=True)


class DeferralAnswerSchema(Schema):
    """Answers a deferral: in general, and each of its criteria."""

    text = Words(6000, least=1, required=True)
    answers = fields.List(
        fields.Nested(CriterionAnswerSchema), required=True, validate=validate.Length(max=MOST_CRITERIA)
    )


class LodgeSchema(Schema):
    """Says on what grounds a site does not accept a decision."""

    grounds = Words(**REASONS)


class ConsentSchema(Schema):
    """Whether the site is named in the public register."""

    listed = fields.Boolean(required=True, truthy={True}, falsy={False})


# what is told


class FactsSchema(Schema):
    """Until when the site may correct facts of the report, and whether it said that they are right."""

    released_on = Day(required=True, allow_none=True)
    checked = fields.Boolean(required=True)
    until = Day(required=True, allow_none=True)


class PanelMemberSchema(NamedSchema):
    """Somebody on a panel: whether they have declared no interest, and whether they have said their view."""

    declared = fields.String(required=True, allow_none=True)
    said = fields.Boolean(required=True)


class ViewToldSchema(Schema):
    """A view as its panel reads it."""

    outcome = fields.String(required=True)
    reasons = fields.String(required=True)
    recorded_at = fields.AwareDateTime(required=True)


class MembersViewSchema(ViewToldSchema):
    """Whose view it is."""

    person = fields.Nested(NamedSchema, required=True)


class PanelSchema(Schema):
    """The panel that has not decided yet. `outcomes`: what it may decide. `own` and `views` are for its members alone,
    `views` once all have said theirs."""

    convened_at = fields.AwareDateTime(required=True)
    sits_on = Day(required=True, allow_none=True)
    members = fields.List(fields.Nested(PanelMemberSchema), required=True)
    outcomes = fields.List(fields.String(), required=True)
    complete = fields.Boolean(required=True)
    own = fields.Nested(ViewToldSchema, required=True, allow_none=True)
    views = fields.List(fields.Nested(MembersViewSchema), required=True, allow_none=True)


class CandidateSchema(NamedSchema):
    """Somebody who sits on panels of this body; `why` they cannot sit on this one, if so."""

    why = fields.String(required=True, allow_none=True)


class ShownSchema(Schema):
    """A piece of evidence, in its words; `photo`: the hash by which those who judge fetch the picture of the audit."""

    kind = fields.String(required=True)
    caption = fields.String(required=True)
    photo = fields.String(required=True, allow_none=True)


class FoundSchema(Schema):
    """What a team holds on one criterion; neither a rating nor a reason where it differs. `anew`: it agreed on this
    after it was asked."""

    rating = Whole(required=True, allow_none=True)
    reason = fields.String(required=True, allow_none=True)
    anew = fields.Boolean(required=True)


class DecisionSchema(DecidedSchema):
    """A decision with what those who judge may know of it: who took part, what the rule said, and once the site has
    answered it, for each criterion that was asked for what shows it, and what the team finds now."""

    id = IdField(required=True)
    by = fields.List(fields.Nested(NamedSchema), required=True)
    rule_says = fields.String(required=True, allow_none=True)
    reasons = fields.String(required=True)
    shown = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(ShownSchema)), required=True)
    found = fields.Dict(keys=fields.String(), values=fields.Nested(FoundSchema), required=True)


class ReviewSchema(Schema):
    """An interim review."""

    on = Day(required=True)
    by = fields.Nested(NamedSchema, required=True)
    says = fields.String(required=True)


class AwardSchema(HeldSchema):
    """An award, for those who look after it."""

    holder = fields.String(required=True)
    suspended_on = Day(required=True, allow_none=True)
    withdrawn_on = Day(required=True, allow_none=True)
    listed = fields.Boolean(required=True)
    reviews = fields.List(fields.Nested(ReviewSchema), required=True)


class EarlierSchema(Schema):
    """An award of the same place by another checklist, given before this one, that stands still: this one may take its
    place. `stream`: where that is said."""

    number = fields.String(required=True)
    checklist = fields.String(required=True)
    decided_on = Day(required=True)
    until = Day(required=True)
    stream = IdField(required=True)


class DossierSchema(ReplySchema):
    """One submission, for those at the awarding body who have a part in it (`parts`). What the rule says is for those
    who judge; the `panel` for its members and the manager; drafted `letters`, by outcome, for its members; `candidates`
    for the manager, while a panel may be convened; `earlier` awards for whoever sits on panels, and the manager."""

    audit = IdField(required=True)
    body = fields.Nested(NamedSchema, required=True)
    setting = fields.String(required=True)
    organisation = fields.String(required=True)
    sector = fields.String(required=True)
    checklist = fields.String(required=True)
    edition = Whole(required=True)
    stage = fields.String(required=True)
    stream = IdField(required=True, allow_none=True)
    cursor = fields.String(required=True, allow_none=True)
    parts = fields.List(fields.String(), required=True)
    declared = fields.String(required=True, allow_none=True)
    rule = fields.Nested(RuleVerdictSchema, required=True, allow_none=True)
    facts = fields.Nested(FactsSchema, required=True)
    panel = fields.Nested(PanelSchema, required=True, allow_none=True)
    letters = fields.Dict(keys=fields.String(), values=fields.String(), required=True, allow_none=True)
    candidates = fields.List(fields.Nested(CandidateSchema), required=True, allow_none=True)
    decisions = fields.List(fields.Nested(DecisionSchema), required=True)
    appeals = fields.List(fields.Nested(AppealSchema), required=True)
    award = fields.Nested(AwardSchema, required=True, allow_none=True)
    earlier = fields.List(fields.Nested(EarlierSchema), required=True)

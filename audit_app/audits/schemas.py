"""The wire of audits: the payload of each kind, Home, and the snapshot of an audit."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ..accounts.schemas import ROLE, KeptOrganisationSchema, PersonSchema
from ..ledger.schemas import Day, IdField, NamedSchema, ReplySchema, Whole, Words
from ..sites.schemas import SiteSchema

VOICES = ("staff", "resident", "visitor", "assessor")
TRACKS = ("development", "award")
LOWEST, HIGHEST = 0, 3

# What a text may hold by which somebody could be recognised; the device's `lib/identifying.js` finds the same.
IDENTIFYING = (
    "nhs-number",
    "prison-number",
    "national-insurance-number",
    "date-of-birth",
    "phone-number",
    "e-mail-address",
)

CRITERION = validate.Regexp(r"^[a-z][a-z0-9-]{0,39}$", error="is not a criterion's id.")
RATING = validate.Range(LOWEST, HIGHEST, error="must be 0 to 3.")


class OpenSchema(Schema):
    """Opens an audit of a setting, on one edition of a checklist. The stream's id is the audit's."""

    site = IdField(required=True)
    checklist = fields.String(required=True, validate=validate.Length(max=80))
    edition = Whole(required=True, validate=validate.Range(1))
    track = fields.String(required=True, validate=validate.OneOf(TRACKS))


class SaidSchema(Schema):
    """What may come with anything said in words. `warned`: what it seemed to hold, when its writer was told so and kept
    it all the same. `paper`: the day on which it was written on paper, when somebody enters it later. The history tells
    both; neither changes what is said."""

    warned = fields.List(
        fields.String(validate=validate.OneOf(IDENTIFYING)), validate=validate.Length(1, len(IDENTIFYING))
    )
    paper = Day()


class ContributorAddSchema(SaidSchema):
    """Adds somebody who speaks: a person of the staff, or a group. No field asks for a resident's name."""

    contributor = IdField(required=True)
    voice = fields.String(required=True, validate=validate.OneOf(VOICES))
    label = Words(80, least=1, required=True)


class ContributorWithdrawSchema(Schema):
    """Takes a contributor out of the count. What they said stays."""

    contributor = IdField(required=True)


class RatingSchema(SaidSchema):
    """A rating of 0 to 3; null with a reason means "does not apply", null without one that there is no rating."""

    criterion = fields.String(required=True, validate=CRITERION)
    rating = Whole(required=True, allow_none=True, validate=RATING)
    reason = Words(500, least=1)

    @validates_schema
    def reason_only_without_rating(self, data, **_):
        """A reason explains why a criterion does not apply; a rating needs none."""
        if data["rating"] is not None and "reason" in data:
            raise ValidationError("belongs to 'does not apply', not to a rating.", "reason")


class AnswerRateSchema(RatingSchema):
    """One contributor's rating of one criterion."""

    contributor = IdField(required=True)


class AnswerCommentSchema(SaidSchema):
    """One contributor's comment on one criterion; an empty text takes it back."""

    contributor = IdField(required=True)
    criterion = fields.String(required=True, validate=CRITERION)
    text = Words(4000, required=True)


class FindingAccountSchema(SaidSchema):
    """The team's account of one criterion."""

    criterion = fields.String(required=True, validate=CRITERION)
    shows = Words(4000, required=True)
    helps = Words(4000, required=True)
    hinders = Words(4000, required=True)


class GrantSchema(Schema):
    """A role that one holds; on the whole service (`organisation` null), an organisation, or one setting of it."""

    id = IdField(required=True)
    role = fields.String(required=True, validate=ROLE)
    organisation = IdField(required=True, allow_none=True)
    site = IdField(required=True, allow_none=True)


class OwnOrganisationSchema(KeptOrganisationSchema):
    """An organisation in which one has a part. What is beyond `backed_up_to` is in no backup of the service yet.
    `awards`: audits may be submitted to it."""

    awards = fields.Boolean(required=True)
    backed_up_to = Whole(required=True)


class ReturnReasonSchema(Schema):
    """Why a submission was given back; `criterion` is null where it is about none in particular."""

    criterion = fields.String(required=True, allow_none=True)
    text = fields.String(required=True)


class ReturnedSchema(Schema):
    """That an assessor gave a submission back, and why."""

    at = fields.AwareDateTime(required=True)
    by = fields.Nested(NamedSchema, required=True)
    reasons = fields.List(fields.Nested(ReturnReasonSchema), required=True)


class AnsweredOnSchema(Schema):
    """What a site answered on one criterion."""

    criterion = fields.String(required=True)
    text = fields.String(required=True)


class AnswerGivenSchema(Schema):
    """What a site answered to a deferral."""

    text = fields.String(required=True)
    answers = fields.List(fields.Nested(AnsweredOnSchema), required=True)


class DecidedSchema(Schema):
    """What was decided (`verb`, such as `panel.decide`), with the letter that went out. `criteria` and `due`: what a
    deferral is about, and by when. `against_rule`: the published reason why it is not what the rule says; `published`:
    what the register says of why an award was suspended, restored or withdrawn."""

    verb = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    decided_on = Day(required=True)
    letter = fields.String(required=True)
    against_rule = fields.String(required=True, allow_none=True)
    published = fields.String(required=True, allow_none=True)
    criteria = fields.List(fields.String(), required=True)
    due = Day(required=True, allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    answer = fields.Nested(AnswerGivenSchema, required=True, allow_none=True)


class HeldSchema(Schema):
    """An award that the setting was given. `state`: valid, expired, suspended, withdrawn or superseded (`replaced_by`).
    `until`: the first day on which it holds no more. `interim_from` and `interim_by`: the days from and by which it is
    looked at again."""

    number = fields.String(required=True)
    decided_on = Day(required=True)
    until = Day(required=True)
    interim_from = Day(required=True)
    interim_by = Day(required=True)
    interim_on = Day(required=True, allow_none=True)
    state = fields.String(required=True)
    replaced_by = fields.String(required=True, allow_none=True)


class AppealSchema(Schema):
    """That the site does not accept a decision, and what became of it."""

    id = IdField(required=True)
    lodged_on = Day(required=True)
    lodged_by = fields.Nested(NamedSchema, required=True)
    grounds = fields.String(required=True)
    outcome = fields.String(required=True, allow_none=True)
    decided_on = Day(required=True, allow_none=True)


class AskedPointSchema(Schema):
    """What an assessor asked to be done on one criterion before the visit, and what the site answered."""

    criterion = fields.String(required=True)
    text = fields.String(required=True)
    answer = fields.String(required=True, allow_none=True)


class AskedSchema(Schema):
    """The last action points, and by when; `answered_at` is null until the site has answered them."""

    at = fields.AwareDateTime(required=True)
    due = Day(required=True, allow_none=True)
    answered_at = fields.AwareDateTime(required=True, allow_none=True)
    points = fields.List(fields.Nested(AskedPointSchema), required=True)


class HappenedSchema(Schema):
    """Something that happened on the way to an award, on which day (null where the day is not known), and by whom: of
    the setting's own people and the assessor, never of a panel. `number`: the newer award, where one took the place."""

    what = fields.String(required=True)
    on = Day(required=True, allow_none=True)
    by = fields.Nested(NamedSchema, required=True, allow_none=True)
    number = fields.String(required=True, allow_none=True)


class SubmittedSchema(Schema):
    """How far an audit is on its way to an award: to which body it was submitted, when and by whom, and how much came
    after the seal (`late`). `returned`: why it was last given back, until it is submitted again.

    `listed`: the setting consents to the public register. `facts_by`: until which day facts of the report may be
    corrected. `decision` and `appeal` are the last ones. `appeal_by`: the last day on which an appeal may be lodged.
    `happened`: all that has been since it was handed in, oldest first.
    """

    stage = fields.String(required=True)
    body = fields.Nested(NamedSchema, required=True)
    submitted_at = fields.AwareDateTime(required=True)
    submitted_by = fields.Nested(NamedSchema, required=True)
    late = Whole(required=True)
    returned = fields.Nested(ReturnedSchema, required=True, allow_none=True)
    asked = fields.Nested(AskedSchema, required=True, allow_none=True)
    listed = fields.Boolean(required=True)
    facts_by = Day(required=True, allow_none=True)
    decision = fields.Nested(DecidedSchema, required=True, allow_none=True)
    award = fields.Nested(HeldSchema, required=True, allow_none=True)
    appeal = fields.Nested(AppealSchema, required=True, allow_none=True)
    appeal_by = Day(required=True, allow_none=True)
    happened = fields.List(fields.Nested(HappenedSchema), required=True)


class AboutAuditSchema(Schema):
    """What an audit is, and where its stream stands. `stage` is `kept` while nobody with the right has opened it.
    `submission` is null until it is first submitted."""

    id = IdField(required=True)
    site = IdField(required=True)
    checklist = fields.String(required=True)
    edition = Whole(required=True)
    track = fields.String(required=True, validate=validate.OneOf(TRACKS))
    stage = fields.String(required=True)
    opened_at = fields.String(required=True)
    opened_by = fields.Nested(NamedSchema, required=True)
    cursor = fields.String(required=True)
    backed_up_to = Whole(required=True)
    submission = fields.Nested(SubmittedSchema, required=True, allow_none=True)


class PrincipleProgressSchema(Schema):
    """How far one principle has come: how many of its criteria are answered by anybody, and agreed."""

    id = fields.String(required=True)
    criteria = Whole(required=True)
    answered = Whole(required=True)
    agreed = Whole(required=True)


class ProgressSchema(Schema):
    """How far an audit has come, and on how many things people differ."""

    principles = fields.List(fields.Nested(PrincipleProgressSchema), required=True)
    differences = Whole(required=True)


class AuditSchema(AboutAuditSchema):
    """An audit as Home shows it. `kept`: how many operations wait for the lead."""

    progress = fields.Nested(ProgressSchema, required=True)
    kept = Whole(required=True)


class OfferedSchema(Schema):
    """A checklist that a new audit may choose."""

    slug = fields.String(required=True)
    edition = Whole(required=True)
    title = fields.String(required=True)


class HomeSchema(ReplySchema):
    """Everything that a device asks for again and again."""

    demo = fields.Boolean(required=True)
    person = fields.Nested(PersonSchema, required=True)
    grants = fields.List(fields.Nested(GrantSchema), required=True)
    organisations = fields.List(fields.Nested(OwnOrganisationSchema), required=True)
    sites = fields.List(fields.Nested(SiteSchema), required=True)
    audits = fields.List(fields.Nested(AuditSchema), required=True)
    checklists = fields.List(fields.Nested(OfferedSchema), required=True)


class FirstAuthorSchema(Schema):
    """Whose words a copied write holds."""

    author = IdField(required=True)


class WriteSchema(Schema):
    """A value that stands in a register: who wrote it, when by their device's clock, and when it arrived."""

    id = IdField(required=True)
    value = fields.Raw(required=True, allow_none=True)
    author = IdField(required=True)
    at = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    of = fields.Nested(FirstAuthorSchema)


class KeptSchema(Schema):
    """An operation that is kept and not in force, and why. `late`: it came after the seal, and that is all."""

    id = IdField(required=True)
    kind = fields.String(required=True)
    payload = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    author = IdField(required=True)
    at = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    reason = fields.String(required=True)
    late = fields.Boolean(required=True)


class SnapshotSchema(ReplySchema, AboutAuditSchema):
    """All that a device keeps of an audit. A register has one live write where all is agreed, several where people
    differ. `diverged`: the cursor sent is no prefix of this ledger. `people` are the names of all authors, by id."""

    diverged = fields.Boolean(required=True)
    registers = fields.Dict(keys=fields.String(), values=fields.List(fields.Nested(WriteSchema)), required=True)
    people = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    kept = fields.List(fields.Nested(KeptSchema), required=True)

"""The wire of audits: the payload of each kind."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ..ledger.schemas import IdField, Whole, Words

VOICES = ("staff", "resident", "visitor", "assessor")
TRACKS = ("development", "award")
LOWEST, HIGHEST = 0, 3

CRITERION = validate.Regexp(r"^[a-z][a-z0-9-]{0,39}$", error="is not a criterion's id.")
RATING = validate.Range(LOWEST, HIGHEST, error="must be 0 to 3.")


class OpenSchema(Schema):
    """Opens an audit of a setting, on one edition of a checklist. The stream's id is the audit's."""

    site = IdField(required=True)
    checklist = fields.String(required=True, validate=validate.Length(max=80))
    edition = Whole(required=True, validate=validate.Range(1))
    track = fields.String(required=True, validate=validate.OneOf(TRACKS))


class ContributorAddSchema(Schema):
    """Adds somebody who speaks: a person of the staff, or a group. No field asks for a resident's name."""

    contributor = IdField(required=True)
    voice = fields.String(required=True, validate=validate.OneOf(VOICES))
    label = Words(80, least=1, required=True)


class ContributorWithdrawSchema(Schema):
    """Takes a contributor out of the count. What they said stays."""

    contributor = IdField(required=True)


class RatingSchema(Schema):
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


class AnswerCommentSchema(Schema):
    """One contributor's comment on one criterion; an empty text takes it back."""

    contributor = IdField(required=True)
    criterion = fields.String(required=True, validate=CRITERION)
    text = Words(4000, required=True)


class FindingAccountSchema(Schema):
    """The team's account of one criterion."""

    criterion = fields.String(required=True, validate=CRITERION)
    shows = Words(4000, required=True)
    helps = Words(4000, required=True)
    hinders = Words(4000, required=True)

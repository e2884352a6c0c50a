"""The wire of the one door: what a push and an operation look like."""

from datetime import date

from marshmallow import Schema, ValidationError, fields, validate

from ..db import is_id
from .canonical import tidy

MOST_OPERATIONS = 200
MOST_SEEN = 64

VERDICT = validate.OneOf(["applied", "kept", "refused"])


def require_id(value: str) -> None:
    """Refuse what is not a UUID in lower case with hyphens."""
    if not is_id(value):
        raise ValidationError("must be a UUID in lower case.")


class IdField(fields.String):
    """A UUID as text."""

    def __init__(self, **more):
        super().__init__(metadata={"format": "uuid"}, **more)

    def _deserialize(self, value, attr, data, **kwargs):
        require_id(value)  # that is all there is to ask, and a push holds hundreds
        return value


class Words(fields.String):
    """Text that a person wrote, tidied, and then of `least` to `most` characters: composing can make it longer."""

    def __init__(self, most: int, least: int = 0, **more):
        length = validate.Length(min=least, max=most, error=f"must have {least} to {most} characters.")
        super().__init__(validate=length, **more)

    def _deserialize(self, value, attr, data, **kwargs):
        return tidy(super()._deserialize(value, attr, data, **kwargs))


class Day(fields.String):
    """A day of the calendar, written 2026-11-23."""

    def _deserialize(self, value, attr, data, **kwargs):
        text = super()._deserialize(value, attr, data, **kwargs)
        try:
            found = date.fromisoformat(text).isoformat()
        except ValueError:
            found = None
        if found != text:
            raise ValidationError("must be a day, written 2026-11-23.")
        return text


class Whole(fields.Integer):
    """A whole number, and nothing that merely looks like one (true, 2.0, "2")."""

    def _deserialize(self, value, attr, data, **kwargs):
        if type(value) is not int:
            raise ValidationError("must be a whole number.")
        return super()._deserialize(value, attr, data, **kwargs)


class OperationSchema(Schema):
    """One operation, as the device made it. `at` and `device` are labels and decide nothing."""

    id = IdField(required=True)
    v = Whole(required=True, validate=validate.Equal(1, error="only version 1 is known."))
    kind = fields.String(required=True, validate=validate.Length(max=64))
    at = fields.AwareDateTime(format="iso", required=True)
    device = IdField(required=True)
    seen = fields.List(IdField(), required=True, validate=validate.Length(max=MOST_SEEN))
    of = IdField(allow_none=True, load_default=None)
    payload = fields.Dict(required=True)


class PushSchema(Schema):
    """What a device hands in: operations of one stream, oldest first, and the cursor it believes in.

    `person` is who the device believes is signed in: on a shared phone that may have changed since, and then nothing is
    taken. `on_behalf_of` only when somebody hands in another person's rescue file.
    """

    stream = IdField(required=True)
    cursor = fields.String(allow_none=True, load_default=None, validate=validate.Length(max=64))
    operations = fields.List(fields.Dict(), required=True)
    person = IdField(load_default=None)
    on_behalf_of = IdField(load_default=None)


class ReasonSchema(Schema):
    """Why something was refused or kept: the name of the problem, and words for people."""

    type = fields.String(required=True)
    title = fields.String(required=True)
    detail = fields.String(required=True)
    errors = fields.Dict(keys=fields.String(), metadata={"description": "field to what is wrong with it"})


class ProblemSchema(ReasonSchema):
    """A refusal (RFC 9457). Some carry more members; `type` is the address of a page that explains it."""

    protocol = Whole(required=True)
    status = Whole(required=True)
    request_id = fields.String(required=True)


class ReplySchema(Schema):
    """What every reply carries: a device believes nothing else."""

    protocol = Whole(required=True, validate=validate.Equal(1))


class NamedSchema(Schema):
    """Somebody, by id and name."""

    id = IdField(required=True)
    name = fields.String(required=True)


class OutcomeSchema(Schema):
    """What became of one operation. Refused and kept ones say why."""

    id = IdField(required=True)
    verdict = fields.String(required=True, validate=VERDICT)
    number = Whole(required=True, allow_none=True)
    problem = fields.Nested(ReasonSchema)


class PushedSchema(ReplySchema):
    """The reply to a push, after the commit and never before."""

    outcomes = fields.List(fields.Nested(OutcomeSchema), required=True)
    cursor = fields.String(required=True)


class EntrySchema(Schema):
    """One operation in the history, in words and as data. `early`: the device's clock was ahead. A payload that is
    null has been erased."""

    number = Whole(required=True)
    id = IdField(required=True)
    kind = fields.String(required=True)
    verdict = fields.String(required=True, validate=VERDICT)
    author = fields.Nested(NamedSchema, required=True)
    at = fields.String(required=True)
    received_at = fields.AwareDateTime(required=True)
    early = fields.Boolean(required=True)
    words = fields.String(required=True)
    payload = fields.Dict(keys=fields.String(), required=True, allow_none=True)
    handed_in_by = fields.Nested(NamedSchema)
    problem = fields.Nested(ReasonSchema)


class HistorySchema(ReplySchema):
    """A page of a stream's operations, oldest first. `next` is what to ask for `after`; null on the last page."""

    entries = fields.List(fields.Nested(EntrySchema), required=True)
    next = Whole(required=True, allow_none=True)


class AdmitSchema(Schema):
    """Puts a kept operation in force."""

    operation = IdField(required=True)

"""The wire of the improvement plan: the payload of each kind.

An item has an id of its own and lives in the audit in which it was planned. Each of its fields is a register:
`plan/{item}/what`, `/criteria` (sorted), `/whose`, `/due`, `/answers`, and `/state`, which holds the state together
with its reason or outcome.
"""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ..accounts.schemas import SHA256
from ..audits.schemas import CRITERION, SaidSchema
from ..db import is_id
from ..ledger.schemas import Day, IdField, Words
from .due import DONE, DROPPED, STATES

ANSWER, EVIDENCE, MEETING = "answer", "evidence", "meeting"
MOST_CRITERIA = 60
MOST_ANSWERED = 20


class AnsweredSchema(Schema):
    """Something that was said, and that an item answers (*you said, we did*). answer: `reference` is
    `contributor/criterion`, the comment that this contributor wrote there. evidence: an item of evidence, such as a
    quotation. meeting: which one, in a few words, such as "Residents' meeting, 3 November"."""

    kind = fields.String(required=True, validate=validate.OneOf([ANSWER, EVIDENCE, MEETING]))
    reference = Words(120, least=1, required=True)

    @validates_schema
    def names_something_of_its_kind(self, data, **_):
        """What the reference must look like."""
        contributor, _, criterion = data["reference"].partition("/")
        if data["kind"] == ANSWER:
            CRITERION(criterion)
        if data["kind"] == ANSWER and not is_id(contributor):
            raise ValidationError("must be contributor/criterion.", "reference")
        if data["kind"] == EVIDENCE and not is_id(data["reference"]):
            raise ValidationError("must be the id of an item of evidence.", "reference")


def require_each_once(answers: list[dict]) -> None:
    """Refuse the same thing twice."""
    if len({(one["kind"], one["reference"]) for one in answers}) < len(answers):
        raise ValidationError("must name each only once.")


def _fields(required: bool) -> dict:
    criteria = fields.List(
        fields.String(validate=CRITERION), required=required, validate=validate.Length(max=MOST_CRITERIA)
    )
    answers = fields.List(
        fields.Nested(AnsweredSchema),
        required=required,
        validate=[validate.Length(max=MOST_ANSWERED), require_each_once],
    )
    return {
        "what": Words(500, least=1, required=required),
        "criteria": criteria,
        "whose": Words(60, required=required),
        "due": Day(required=required, allow_none=True),
        "answers": answers,
    }


PLANNED = tuple(_fields(True))


class PlanAddSchema(SaidSchema.from_dict(_fields(True))):
    """Adds something to do: what, for which criteria, whose task it is, by when, and what it answers. `whose` is a role
    (`lead`, `manager`, `team`, `residents`) or a short name of one, never a person's; empty while nobody has taken it
    on. `due` is null while no day is agreed. It begins as `to-do`."""

    item = IdField(required=True)


class PlanChangeSchema(SaidSchema.from_dict(_fields(False))):
    """Changes what is named, at least one thing; all else stays."""

    item = IdField(required=True)

    @validates_schema
    def changes_something(self, data, **_):
        """A change that changes nothing was not meant."""
        if not any(name in data for name in PLANNED):
            raise ValidationError("must name at least one of: " + ", ".join(PLANNED) + ".")


class PlanSettleSchema(SaidSchema):
    """How far it is. `done` needs what came of it (`outcome`), `dropped` why (`reason`); no other state has either."""

    item = IdField(required=True)
    state = fields.String(required=True, validate=validate.OneOf(STATES))
    reason = Words(1000, least=1)
    outcome = Words(1000, least=1)

    @validates_schema
    def says_what_came_of_it(self, data, **_):
        """A plan that ends without a word is broken trust."""
        for name, state in (("outcome", DONE), ("reason", DROPPED)):
            if (name in data) != (data["state"] == state):
                words = "is needed." if data["state"] == state else f"belongs to {state!r} alone."
                raise ValidationError(words, name)


class CalendarMakeSchema(Schema):
    """Makes one's secret link to the calendar of what is due; the one before stops working. The device makes the secret
    and sends its SHA-256 alone."""

    secret_sha256 = fields.String(required=True, validate=SHA256)


class CalendarEndSchema(Schema):
    """Ends one's link to the calendar. `ended` says it aloud."""

    ended = fields.Boolean(required=True, truthy={True}, falsy={False}, validate=validate.Equal(True))

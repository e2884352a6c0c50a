"""The wire of evidence: the payload of each kind, and what is said of a photo's bytes."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ..audits.schemas import CRITERION, VOICES, SaidSchema
from ..ledger.schemas import Day, IdField, ReplySchema, Whole, Words

OBSERVATION, QUOTATION, DOCUMENT, COUNT, PHOTO = "observation", "quotation", "document", "count", "photo"
# kind → what must, and what may, be said of it beside its caption
MUST = {
    OBSERVATION: set(),
    QUOTATION: {"voice"},
    DOCUMENT: {"where"},
    COUNT: {"count"},
    PHOTO: {"sha256", "nobody"},
}
MAY_SAY = {DOCUMENT: {"dated"}, COUNT: {"of", "over"}}
MOST_CRITERIA = 60
MOST_COUNTED = 1_000_000

SHA256 = validate.Regexp(r"^[0-9a-f]{64}\Z", error="must be a SHA-256 in hexadecimal digits.")


class EvidenceAddSchema(SaidSchema):
    """One item of evidence, and the criteria that it shows. `caption` is its words: what was seen, what was said, the
    document's title, what was counted, what the photo shows. Then by kind:

    quotation: `voice`, whose it is, never who said it. document: `where` it is kept, and perhaps `dated`. count:
    `count`, and perhaps out of how many (`of`) and `over` which time. photo: `sha256` of its bytes, and `nobody`, true:
    whoever added it looked, and nobody can be recognised.
    """

    evidence = IdField(required=True)
    kind = fields.String(required=True, validate=validate.OneOf(list(MUST)))
    caption = Words(2000, least=1, required=True)
    criteria = fields.List(fields.String(validate=CRITERION), required=True, validate=validate.Length(1, MOST_CRITERIA))
    voice = fields.String(validate=validate.OneOf(VOICES))
    where = Words(200, least=1)
    dated = Day()
    count = Whole(validate=validate.Range(0, MOST_COUNTED))
    of = Whole(validate=validate.Range(1, MOST_COUNTED))
    over = Words(120, least=1)
    sha256 = fields.String(validate=SHA256)
    nobody = fields.Boolean(truthy={True}, falsy={False}, validate=validate.Equal(True, error="must be confirmed."))

    @validates_schema
    def says_what_its_kind_needs(self, data, **_):
        """Each kind needs its own, and nothing of another's."""
        kind, said = data["kind"], set(data) & set.union(*MUST.values(), *MAY_SAY.values())
        wrong = {name: ["is needed."] for name in MUST[kind] - said}
        wrong |= {
            name: [f"does not belong to this kind ({kind})."] for name in said - MUST[kind] - MAY_SAY.get(kind, set())
        }
        if wrong:
            raise ValidationError(wrong)
        if data.get("of") is not None and data["count"] > data["of"]:
            raise ValidationError("must not be more than what it is out of.", "count")


class EvidenceTagSchema(Schema):
    """That an item of evidence shows a criterion, or does not after all."""

    evidence = IdField(required=True)
    criterion = fields.String(required=True, validate=CRITERION)


class EvidenceCaptionSchema(SaidSchema):
    """Other words for an item of evidence."""

    evidence = IdField(required=True)
    caption = Words(2000, least=1, required=True)


class EvidenceWithdrawSchema(Schema):
    """Takes an item of evidence out of the count. Nothing of it is deleted."""

    evidence = IdField(required=True)


class PhotoSchema(Schema):
    """A photo whose bytes are here, by the hash it was handed in under. `safe`: a backup holds it."""

    sha256 = fields.String(required=True)
    width = Whole(required=True)
    height = Whole(required=True)
    safe = fields.Boolean(required=True)


class PhotosSchema(ReplySchema):
    """The photos of an audit whose bytes are here."""

    photos = fields.List(fields.Nested(PhotoSchema), required=True)


class ArrivedSchema(ReplySchema):
    """How much of a photo is here (`offset`, in bytes), and whether it is here for good (`here`)."""

    offset = Whole(required=True)
    here = fields.Boolean(required=True)

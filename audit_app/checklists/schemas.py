"""The shape of the files in checklists/: editions, translations, sectors and the record of what is published.

Unknown fields are refused everywhere. What a shape cannot say (that an id is used once, that a lens exists) is in
`checks.py`.
"""

import datetime
from collections.abc import Mapping

from marshmallow import Schema, ValidationError, fields, validate

from ..ledger.schemas import ReplySchema

VOICES = ("staff", "resident", "visitor", "assessor")
EVIDENCE = ("observation", "document", "quotation", "count", "photo")

ID = validate.Regexp(
    r"[a-z][a-z0-9]*(-[a-z0-9]+)*\Z", error="“{input}” is not an id: small letters, digits and hyphens"
)
WORD = validate.Regexp(r"[a-z]+(_[a-z]+)*\Z", error="“{input}” is not a word’s name")
LANGUAGE = validate.Regexp(r"[a-z]{2,3}\Z", error="“{input}” is not a language code such as en or cy")
NOT_BLANK = validate.Regexp(r"\s*\S", error="is empty")


def identifier(**options):
    """An id: small letters, digits and hyphens."""
    return fields.String(required=True, validate=ID, **options)


def text():
    """One text in one language, as a translation has it."""
    return fields.String(validate=NOT_BLANK)


def many_texts(least: int, most: int):
    """Several texts in one language."""
    return fields.List(text(), validate=validate.Length(least, most, error="should be {min} to {max} texts"))


def whole(least: int = 0, most: int | None = None):
    """A required whole number within limits."""
    return fields.Integer(required=True, strict=True, validate=validate.Range(least, most))


class ByLanguage(fields.Field):
    """A text by its language, `{en = "…", cy = "…"}`; with `inner`, another kind of value by its language."""

    def __init__(self, inner: fields.Field | None = None):
        super().__init__(required=True)
        self.inner = inner or text()

    def _deserialize(self, value, attr, data, **kwargs):
        if not isinstance(value, Mapping):
            raise ValidationError("should be given by language, for instance .en")
        found, wrong = {}, {}
        for language, said in value.items():
            try:
                LANGUAGE(language)
                found[language] = self.inner.deserialize(said)
            except ValidationError as error:
                wrong[language] = error.messages
        if wrong:
            raise ValidationError(wrong)
        return found


class ScaleStepSchema(Schema):
    value = whole()
    word = ByLanguage()
    hint = ByLanguage()


class GroupSchema(Schema):
    id = identifier()
    title = ByLanguage()


class LensSchema(Schema):
    id = identifier()
    title = ByLanguage()
    groups = fields.List(fields.Nested(GroupSchema), required=True, validate=validate.Length(1, error="is empty"))


class CriterionSchema(Schema):
    """One criterion. `from` is for later editions: the criteria of the edition before that it goes on from."""

    id = identifier()
    statement = ByLanguage()
    guidance = ByLanguage()
    look_for = ByLanguage(many_texts(2, 4))
    ask = ByLanguage(many_texts(2, 3))
    evidence = fields.List(
        fields.String(validate=validate.OneOf(EVIDENCE, error="“{input}” is not a kind of evidence: {choices}")),
        required=True,
        validate=validate.Length(1, error="is empty"),
    )
    lenses = fields.Dict(fields.String(), fields.List(fields.String()), load_default=dict)
    in_class = fields.String(load_default=None, validate=ID)
    came_from = fields.List(fields.String(), data_key="from", load_default=None)


class PrincipleSchema(Schema):
    id = identifier()
    title = ByLanguage()
    short = ByLanguage()
    about = ByLanguage()
    criteria = fields.List(fields.Nested(CriterionSchema), required=True, validate=validate.Length(1, error="is empty"))


class EveryPrincipleRuleSchema(Schema):
    """Conjunctive: every principle is shown, never an average.

    A principle is shown when at least `share` percent of its findings that apply are `rating` or more, none is below
    `none_below`, at least `evidence_kinds` kinds of evidence are tagged, and each of `voices` has answered.
    A principle none of whose findings applies is not shown.
    """

    kind = fields.String(required=True)
    share = whole(1, 100)
    rating = whole()
    none_below = whole()
    evidence_kinds = whole(0, len(EVIDENCE))
    voices = fields.List(
        fields.String(validate=validate.OneOf(VOICES, error="“{input}” is not a voice: {choices}")), required=True
    )


class ClassSchema(Schema):
    id = identifier()
    title = ByLanguage()
    share = whole(1, 100)


class ClassesRuleSchema(Schema):
    """By classes: in each class at least `share` percent of the findings that apply are `rating` or more."""

    kind = fields.String(required=True)
    rating = whole()
    classes = fields.List(fields.Nested(ClassSchema), required=True, validate=validate.Length(1, error="is empty"))


class AwardRule(fields.Field):
    """A rule of either kind; its `kind` says which."""

    KINDS = {"every-principle": EveryPrincipleRuleSchema, "classes": ClassesRuleSchema}

    def _deserialize(self, value, attr, data, **kwargs):
        kind = value.get("kind") if isinstance(value, Mapping) else None
        if kind not in self.KINDS:
            raise ValidationError({"kind": [f"should be one of: {', '.join(self.KINDS)}"]})
        return self.KINDS[kind]().load(value)


class EditionSchema(Schema):
    """One edition of a checklist. The first of `languages` is the one it was written in; each text has all of them."""

    slug = identifier()
    edition = whole(1)
    languages = fields.List(
        fields.String(validate=LANGUAGE), required=True, validate=validate.Length(1, error="is empty")
    )
    title = ByLanguage()
    summary = ByLanguage()
    source = ByLanguage()
    licence = fields.String(required=True, validate=NOT_BLANK)
    follows = fields.Integer(strict=True, load_default=None)
    ended = fields.List(fields.String(), load_default=list)
    scale = fields.List(
        fields.Nested(ScaleStepSchema), required=True, validate=validate.Length(2, error="needs two steps at least")
    )
    lenses = fields.List(fields.Nested(LensSchema), load_default=list)
    principles = fields.List(
        fields.Nested(PrincipleSchema), required=True, validate=validate.Length(1, error="is empty")
    )
    award_rule = AwardRule(load_default=None)


class ScaleStepWordsSchema(Schema):
    word = text()
    hint = text()


class LensWordsSchema(Schema):
    title = text()
    groups = fields.Dict(fields.String(), text(), load_default=dict)


class PrincipleWordsSchema(Schema):
    title = text()
    short = text()
    about = text()


class CriterionWordsSchema(Schema):
    statement = text()
    guidance = text()
    look_for = many_texts(2, 4)
    ask = many_texts(2, 3)


class TranslationSchema(Schema):
    """One more language for an edition, in its own file. A draft may leave texts out; the original stands there."""

    slug = identifier()
    edition = whole(1)
    language = fields.String(required=True, validate=LANGUAGE)
    status = fields.String(
        required=True, validate=validate.OneOf(("draft", "reviewed"), error="should be draft or reviewed")
    )
    title = text()
    summary = text()
    source = text()
    scale = fields.Dict(fields.String(), fields.Nested(ScaleStepWordsSchema), load_default=dict)
    lenses = fields.Dict(fields.String(), fields.Nested(LensWordsSchema), load_default=dict)
    classes = fields.Dict(fields.String(), text(), load_default=dict)
    principles = fields.Dict(fields.String(), fields.Nested(PrincipleWordsSchema), load_default=dict)
    criteria = fields.Dict(fields.String(), fields.Nested(CriterionWordsSchema), load_default=dict)


class VoiceNamesSchema(Schema):
    staff = ByLanguage()
    resident = ByLanguage()
    visitor = ByLanguage()
    assessor = ByLanguage()


class SectorSchema(Schema):
    """A sector's words. The file's name is its id; each word is what `{word}` becomes in that language. `camera`:
    whether photos may be taken there unless somebody says otherwise."""

    title = ByLanguage()
    about = ByLanguage()
    camera = fields.Boolean(load_default=True)
    voices = fields.Nested(VoiceNamesSchema, required=True)
    words = ByLanguage(fields.Dict(fields.String(validate=WORD), text()))


def is_day(value) -> None:
    """A day as TOML writes one, without quotes."""
    if type(value) is not datetime.date:
        raise ValidationError("should be a day such as 2026-11-23, without quotes")


class PublishedEditionSchema(Schema):
    slug = identifier()
    edition = whole(1)
    date = fields.Raw(required=True, validate=is_day)
    sha256 = fields.String(
        required=True, validate=validate.Regexp(r"[0-9a-f]{64}\Z", error="is not 64 hexadecimal digits")
    )


class PublishedSchema(Schema):
    """What is frozen: each published edition with the hash of its file's bytes. Only ever appended to."""

    published = fields.List(fields.Nested(PublishedEditionSchema), load_default=list)


# What the API gives: an edition in the words of one sector and one language.


class OfferSchema(Schema):
    """A checklist that a new audit may choose, as one line of a list."""

    slug = fields.String(required=True)
    edition = fields.Integer(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    languages = fields.List(fields.String(), required=True)


class SectorLineSchema(Schema):
    """A sector as one line of a list."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    about = fields.String(required=True)


class LibrarySchema(ReplySchema):
    """The checklists that a new audit may choose from, and the sectors that there are."""

    checklists = fields.List(fields.Nested(OfferSchema), required=True)
    sectors = fields.List(fields.Nested(SectorLineSchema), required=True)


class Spoken(Schema):
    """`untranslated` names the texts that are not in this language yet and stand in the original."""

    untranslated = fields.List(fields.String())


class SpokenStepSchema(Spoken):
    """One rating that a person can give."""

    value = fields.Integer(required=True)
    word = fields.String(required=True)
    hint = fields.String(required=True)


class SpokenCriterionSchema(Spoken):
    """A criterion in a sector's words."""

    id = fields.String(required=True)
    statement = fields.String(required=True)
    guidance = fields.String(required=True)
    look_for = fields.List(fields.String(), required=True)
    ask = fields.List(fields.String(), required=True)
    evidence = fields.List(fields.String(validate=validate.OneOf(EVIDENCE)), required=True)
    lenses = fields.Dict(keys=fields.String(), values=fields.List(fields.String()), required=True)


class SpokenPrincipleSchema(Spoken):
    """A principle and its criteria in a sector's words."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    short = fields.String(required=True)
    about = fields.String(required=True)
    criteria = fields.List(fields.Nested(SpokenCriterionSchema), required=True)


class SpokenGroupSchema(Schema):
    """A group of a lens."""

    id = fields.String(required=True)
    title = fields.String(required=True)


class SpokenLensSchema(Spoken):
    """Another grouping of the same criteria."""

    id = fields.String(required=True)
    title = fields.String(required=True)
    groups = fields.List(fields.Nested(SpokenGroupSchema), required=True)


class SpokenEditionSchema(ReplySchema, Spoken):
    """A published edition in the words of one sector and one language. `draft`: its translation is not reviewed yet."""

    slug = fields.String(required=True)
    edition = fields.Integer(required=True)
    title = fields.String(required=True)
    summary = fields.String(required=True)
    source = fields.String(required=True)
    licence = fields.String(required=True)
    language = fields.String(required=True)
    draft = fields.Boolean(required=True)
    sector = fields.String(required=True)
    words = fields.Dict(keys=fields.String(), values=fields.String(), required=True)
    voices = fields.Dict(keys=fields.String(validate=validate.OneOf(VOICES)), values=fields.String(), required=True)
    scale = fields.List(fields.Nested(SpokenStepSchema), required=True)
    principles = fields.List(fields.Nested(SpokenPrincipleSchema), required=True)
    lenses = fields.List(fields.Nested(SpokenLensSchema), required=True)
    award_rule = fields.Dict(required=True, allow_none=True)

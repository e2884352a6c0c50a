"""The wire of the dashboard."""

from marshmallow import Schema, fields, validate

from ..audits.agreement import ALPHA, KAPPA
from ..audits.schemas import HIGHEST, TRACKS, VOICES
from ..audits.scoring import LACKS, NOT_YET, OPEN, SHOWN
from ..ledger.schemas import IdField, NamedSchema, ReplySchema, Whole
from .hearing import WEAK
from .standing import AUDIT, NEVER, PLAN

# Each figure names what it is of, so that it opens its evidence.


def _at():
    """How many there are at each step of the scale, lowest first."""
    return fields.List(Whole(), required=True, validate=validate.Length(HIGHEST + 1))


def _by_voice(schema: type[Schema]):
    return fields.Dict(keys=fields.String(validate=validate.OneOf(VOICES)), values=fields.Nested(schema), required=True)


class AskedAuditSchema(Schema):
    """An audit: `cycle`, its number among those of its setting by the same checklist; `previous`, the one before."""

    id = IdField(required=True)
    checklist = fields.String(required=True)
    edition = Whole(required=True)
    track = fields.String(required=True, validate=validate.OneOf(TRACKS))
    stage = fields.String(required=True)
    opened_at = fields.String(required=True)
    cycle = Whole(required=True)
    previous = IdField(required=True, allow_none=True)


class HeardAuditSchema(AskedAuditSchema):
    """The same with how many speak in it, voice by voice."""

    contributors = fields.Dict(keys=fields.String(validate=validate.OneOf(VOICES)), values=Whole(), required=True)


class HeadingSchema(Schema):
    """A principle, or a group of a lens. `at`: findings at each step. `state` is null where the edition has no such
    rule, and for a lens; `lacks` says why it is not shown yet. `gap`: the widest of voices on one criterion."""

    heading = fields.String(required=True)
    criteria = Whole(required=True)
    at = _at()
    not_applicable = Whole(required=True)
    answered = Whole(required=True)
    gap = fields.Float(required=True, allow_none=True)
    state = fields.String(required=True, allow_none=True, validate=validate.OneOf((SHOWN, NOT_YET, OPEN)))
    lacks = fields.List(fields.String(validate=validate.OneOf(LACKS)), required=True)


class MappedAuditSchema(HeardAuditSchema):
    """An audit in the heat map. `shown`: how many principles; `not_yet` and `open` name the others."""

    shown = Whole(required=True)
    not_yet = fields.List(fields.String(), required=True)
    open = fields.List(fields.String(), required=True)
    headings = fields.List(fields.Nested(HeadingSchema), required=True)


class AskedSiteSchema(NamedSchema):
    """A setting."""

    sector = fields.String(required=True)
    organisation = IdField(required=True)


class MappedSiteSchema(AskedSiteSchema):
    """A setting in the heat map. `next_due`: the day on which something is due there next, or was. `change`: the
    largest of any principle since the audit before, where that order was asked for."""

    audit = fields.Nested(MappedAuditSchema, required=True, allow_none=True)
    next_due = fields.String(required=True)
    change = fields.Float(required=True, allow_none=True)


class FiguresSchema(ReplySchema):
    """What every reply says: as of when, and how many entries there are in all, of which this is a page."""

    as_of = fields.AwareDateTime(required=True)
    total = Whole(required=True)


class SettingsSchema(FiguresSchema):
    """The heat map."""

    settings = fields.List(fields.Nested(MappedSiteSchema), required=True)


class SpokenSchema(Schema):
    """One voice's ratings: how many (`n`), at which steps, their mean."""

    n = Whole(required=True)
    at = _at()
    not_applicable = Whole(required=True)
    mean = fields.Float(required=True, allow_none=True)


class GapSchema(Schema):
    """The criterion of a principle on which two voices are furthest apart, in one audit."""

    site = IdField(required=True)
    name = fields.String(required=True)
    audit = IdField(required=True)
    principle = fields.String(required=True)
    criterion = fields.String(required=True)
    gap = fields.Float(required=True)
    voices = _by_voice(SpokenSchema)


class GapsSchema(FiguresSchema):
    """The widest gaps between voices."""

    gaps = fields.List(fields.Nested(GapSchema), required=True)


class SpokenOfSchema(Schema):
    """What each voice says of one thing, side by side, and how far apart the means are."""

    id = fields.String(required=True)
    voices = _by_voice(SpokenSchema)
    gap = fields.Float(required=True, allow_none=True)


class SpokenPrincipleSchema(SpokenOfSchema):
    """A principle with its criteria."""

    criteria = fields.List(fields.Nested(SpokenOfSchema), required=True)


class SpokenSiteSchema(AskedSiteSchema):
    """A setting with what each voice says there."""

    audit = fields.Nested(HeardAuditSchema, required=True)
    principles = fields.List(fields.Nested(SpokenPrincipleSchema), required=True)


class VoicesSchema(FiguresSchema):
    """Voices beside one another."""

    settings = fields.List(fields.Nested(SpokenSiteSchema), required=True)


class PassedOnCellSchema(Schema):
    """One voice's ratings, or that they are hidden because few people stand behind them or others beside them."""

    hidden = fields.Boolean(required=True)
    contributors = Whole()
    n = Whole()
    at = fields.List(Whole())
    not_applicable = Whole()
    mean = fields.Float(allow_none=True)


def _cells():
    """Principle, then voice."""
    voices = fields.Dict(keys=fields.String(), values=fields.Nested(PassedOnCellSchema))
    return fields.Dict(keys=fields.String(), values=voices, required=True)


class PassedOnSiteSchema(AskedSiteSchema):
    """A setting with what may be passed on."""

    principles = _cells()


class PassedOnSchema(FiguresSchema):
    """Voices as they may be passed on, and of all these settings together."""

    settings = fields.List(fields.Nested(PassedOnSiteSchema), required=True)
    all = _cells()


class AgreedSchema(Schema):
    """How far contributors agree: the measure, its value (null where none can be told), on how many criteria (`n`) and
    among how many."""

    measure = fields.String(required=True, validate=validate.OneOf((KAPPA, ALPHA)))
    value = fields.Float(required=True, allow_none=True)
    n = Whole(required=True)
    raters = Whole(required=True)


class ApartSchema(Schema):
    """A criterion on which contributors are far apart: `spread`, by how many steps two of them on average."""

    criterion = fields.String(required=True)
    principle = fields.String(required=True)
    spread = fields.Float(required=True)
    voices = _by_voice(SpokenSchema)


class AgreedSiteSchema(AskedSiteSchema):
    """A setting with how far its contributors agree: all of them, and each voice among itself."""

    audit = fields.Nested(HeardAuditSchema, required=True)
    together = fields.Nested(AgreedSchema, required=True)
    voices = _by_voice(AgreedSchema)
    apart = fields.List(fields.Nested(ApartSchema), required=True)


class AgreementSchema(FiguresSchema):
    """How far people agree."""

    settings = fields.List(fields.Nested(AgreedSiteSchema), required=True)


class RestsSchema(Schema):
    """What a criterion rests on, and why that is little (`weak`). `evidence`: items of each kind. `newest`: the day
    of the newest of them."""

    criterion = fields.String(required=True)
    principle = fields.String(required=True)
    contributors = Whole(required=True)
    voices = fields.List(fields.String(), required=True)
    evidence = fields.Dict(keys=fields.String(), values=Whole(), required=True)
    newest = fields.String(required=True, allow_none=True)
    weak = fields.List(fields.String(validate=validate.OneOf(WEAK)), required=True)


class CoveredSiteSchema(AskedSiteSchema):
    """A setting with the criteria that rest on little, and how many there are of each sort."""

    audit = fields.Nested(AskedAuditSchema, required=True)
    criteria = fields.List(fields.Nested(RestsSchema), required=True)
    counted = fields.Dict(keys=fields.String(validate=validate.OneOf(WEAK)), values=Whole(), required=True)
    answered = Whole(required=True)
    of = Whole(required=True)


class CoverageSchema(FiguresSchema):
    """What findings rest on."""

    settings = fields.List(fields.Nested(CoveredSiteSchema), required=True)


class StoodSchema(Schema):
    """How the findings under a principle stood."""

    at = _at()
    not_applicable = Whole(required=True)
    criteria = Whole(required=True)
    mean = fields.Float(required=True, allow_none=True)


class ChangeSchema(Schema):
    """One principle of one audit beside the audit before; `change` of the mean finding, in steps of the scale."""

    site = IdField(required=True)
    name = fields.String(required=True)
    audit = IdField(required=True)
    previous = IdField(required=True)
    principle = fields.String(required=True)
    before = fields.Nested(StoodSchema, required=True)
    now = fields.Nested(StoodSchema, required=True)
    change = fields.Float(required=True)


class SettledItemSchema(Schema):
    """An item of a plan that was done or dropped."""

    id = IdField(required=True)
    what = fields.String(required=True)
    state = fields.String(required=True)
    reason = fields.String(required=True, allow_none=True)
    outcome = fields.String(required=True, allow_none=True)


class SettledSchema(Schema):
    """What was settled of the plan of the audit before."""

    site = IdField(required=True)
    audit = IdField(required=True)
    items = fields.List(fields.Nested(SettledItemSchema), required=True)


class ChangesSchema(FiguresSchema):
    """What moved. `improved`, `slipped`, `same`: how many principles, in all settings asked about."""

    changes = fields.List(fields.Nested(ChangeSchema), required=True)
    settled = fields.List(fields.Nested(SettledSchema), required=True)
    improved = Whole(required=True)
    slipped = Whole(required=True)
    same = Whole(required=True)


class StoodPrincipleSchema(StoodSchema):
    """A principle of the newest edition."""

    id = fields.String(required=True)


class CycleSchema(Schema):
    """One audit on the line."""

    audit = IdField(required=True)
    cycle = Whole(required=True)
    edition = Whole(required=True)
    opened_at = fields.String(required=True)
    principles = fields.List(fields.Nested(StoodPrincipleSchema), required=True)


class LineSchema(NamedSchema):
    """A setting's audits by one checklist, oldest first, under the principles of the newest one's edition."""

    checklist = fields.String(required=True)
    edition = Whole(required=True)
    cycles = fields.List(fields.Nested(CycleSchema), required=True)


class CyclesSchema(FiguresSchema):
    """All cycles."""

    settings = fields.List(fields.Nested(LineSchema), required=True)


class DueOneSchema(Schema):
    """Something that is due, or was: an item of a plan, the next audit, or the first. `days_late`: 0 until then."""

    kind = fields.String(required=True, validate=validate.OneOf((PLAN, AUDIT, NEVER)))
    due = fields.String(required=True)
    days_late = Whole(required=True)
    site = IdField(required=True)
    name = fields.String(required=True)
    audit = IdField(required=True, allow_none=True)
    item = IdField()
    what = fields.String()
    whose = fields.String()


class DueSchema(FiguresSchema):
    """What is due. `overdue`, `week`: how many are late, and how many fall within the next seven days."""

    due = fields.List(fields.Nested(DueOneSchema), required=True)
    overdue = Whole(required=True)
    week = Whole(required=True)

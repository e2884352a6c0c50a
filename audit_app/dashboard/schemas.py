"""The wire of the dashboard."""

from marshmallow import Schema, fields, validate

from ..audits.schemas import TRACKS, VOICES, PrincipleProgressSchema
from ..ledger.schemas import IdField, NamedSchema, ReplySchema, Whole


class PrincipleFigureSchema(PrincipleProgressSchema):
    """One principle of one audit: its progress, and on how many things people differ."""

    differences = Whole(required=True)


class AuditFiguresSchema(Schema):
    """An audit in figures. `contributors` counts those who speak, voice by voice, never pooled."""

    id = IdField(required=True)
    opened_at = fields.String(required=True)
    track = fields.String(required=True, validate=validate.OneOf(TRACKS))
    checklist = fields.String(required=True)
    edition = Whole(required=True)
    principles = fields.List(fields.Nested(PrincipleFigureSchema), required=True)
    contributors = fields.Dict(keys=fields.String(validate=validate.OneOf(VOICES)), values=Whole(), required=True)


class SiteFiguresSchema(NamedSchema):
    """A setting with its latest audit and the one before; null where there is none."""

    sector = fields.String(required=True)
    organisation = IdField(required=True)
    audit = fields.Nested(AuditFiguresSchema, required=True, allow_none=True)
    previous = fields.Nested(AuditFiguresSchema, required=True, allow_none=True)


class DashboardSchema(ReplySchema):
    """The settings one manages, side by side, as of a moment."""

    as_of = fields.AwareDateTime(required=True)
    sites = fields.List(fields.Nested(SiteFiguresSchema), required=True)

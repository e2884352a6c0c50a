"""The wire of organisations and settings."""

from flask import current_app
from marshmallow import Schema, ValidationError, fields, validates_schema

from ..ledger.schemas import Day, IdField, NamedSchema, Words


def require_sector(value: str) -> None:
    """Refuse a sector that has no vocabulary in `checklists/`."""
    sectors = current_app.extensions["checklists"].sectors
    if value not in sectors:
        raise ValidationError("must be one of: " + ", ".join(sorted(sectors)) + ".")


class OrganisationSchema(Schema):
    """An organisation's name, and whether audits may be submitted to it for an award: only whoever looks after the
    whole service says so. What is not named stays."""

    name = Words(120, least=1, required=True)
    awards = fields.Boolean(truthy={True}, falsy={False})


class SiteAddSchema(Schema):
    """A new setting."""

    site = IdField(required=True)
    name = Words(120, least=1, required=True)
    sector = fields.String(required=True, validate=require_sector)
    about = Words(200, load_default="")


class SiteChangeSchema(Schema):
    """What changes about a setting; what is not named stays."""

    site = IdField(required=True)
    name = Words(120, least=1)
    sector = fields.String(validate=require_sector)
    about = Words(200)


class CameraSetSchema(Schema):
    """Whether photos may be taken at a setting. Allowing them needs whose authority it is and a last day."""

    site = IdField(required=True)
    allowed = fields.Boolean(required=True, truthy={True}, falsy={False})
    authority = Words(200, least=1)
    until = Day()

    @validates_schema
    def allowing_needs_authority(self, data, **_):
        """Nobody allows a camera without saying by what authority, and for how long."""
        missing = [name for name in ("authority", "until") if data["allowed"] and name not in data]
        if missing:
            raise ValidationError({name: ["is needed to allow photos."] for name in missing})


class CameraSchema(Schema):
    """May photos be taken here, and up to and including which day does that hold?"""

    allowed = fields.Boolean(required=True)
    until = fields.String(required=True, allow_none=True)


class SiteSchema(NamedSchema):
    """A setting, and what one may do there."""

    organisation = IdField(required=True)
    sector = fields.String(required=True)
    about = fields.String(required=True)
    camera = fields.Nested(CameraSchema, required=True)
    may = fields.List(fields.String(), required=True)

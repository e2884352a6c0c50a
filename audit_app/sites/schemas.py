"""The wire of organisations and settings."""

from flask import current_app
from marshmallow import Schema, ValidationError, fields

from ..ledger.schemas import IdField, NamedSchema, Words


def require_sector(value: str) -> None:
    """Refuse a sector that has no vocabulary in `checklists/`."""
    sectors = current_app.extensions["checklists"].sectors
    if value not in sectors:
        raise ValidationError("must be one of: " + ", ".join(sorted(sectors)) + ".")


class OrganisationSchema(Schema):
    """An organisation's name."""

    name = Words(120, least=1, required=True)


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


class SiteSchema(NamedSchema):
    """A setting, and what one may do there."""

    organisation = IdField(required=True)
    sector = fields.String(required=True)
    about = fields.String(required=True)
    may = fields.List(fields.String(), required=True)

"""The wire of people, grants, devices and signing in."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ..access import ROLES
from ..ledger.schemas import IdField, Words

ROLE = validate.OneOf(ROLES, error="must be one of: " + ", ".join(ROLES) + ".")
SHA256 = validate.Regexp(r"^[0-9a-f]{64}$", error="must be a SHA-256 in hexadecimal.")


class DeviceSchema(Schema):
    """The device that signs in: the id it gave itself, and a name its owner will know it by."""

    id = IdField(required=True)
    name = Words(120, least=1, required=True)


class SignInSchema(Schema):
    """Signing in: with e-mail and password, or with an invitation and its secret.

    With an invitation, `password` is the new one of a new account (then `name` is needed), or the one of the account
    that exists under the invitation's address.
    """

    email = fields.String(validate=validate.Length(max=254))
    password = fields.String(required=True, validate=validate.Length(max=1024))
    invitation = IdField()
    secret = fields.String(validate=validate.Length(max=128))
    name = Words(120, least=1)
    device = fields.Nested(DeviceSchema, required=True)

    @validates_schema
    def either_way(self, data, **_):
        """One way in or the other, in full."""
        if "email" not in data and not ("invitation" in data and "secret" in data):
            raise ValidationError("is needed.", "email")


class InviteSchema(Schema):
    """Invites somebody. The device makes the link's secret; the service only ever gets its SHA-256."""

    invitation = IdField(required=True)
    email = fields.Email(required=True, validate=validate.Length(max=254))
    name = Words(120, least=1, required=True)
    role = fields.String(required=True, validate=ROLE)
    site = IdField(required=True, allow_none=True)
    secret_sha256 = fields.String(required=True, validate=SHA256)


class PersonEndSchema(Schema):
    """Ends all that a person may do in this organisation, and signs them out everywhere."""

    person = IdField(required=True)


class GrantGiveSchema(Schema):
    """Gives somebody known here a role, on one setting or (with `site` null) on the whole organisation."""

    grant = IdField(required=True)
    person = IdField(required=True)
    role = fields.String(required=True, validate=ROLE)
    site = IdField(required=True, allow_none=True)


class GrantEndSchema(Schema):
    """Ends one grant."""

    grant = IdField(required=True)


class DeviceEndSchema(Schema):
    """Signs a device out from afar."""

    device = IdField(required=True)

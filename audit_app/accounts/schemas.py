"""The wire of people, grants, devices and signing in."""

from marshmallow import Schema, ValidationError, fields, validate, validates_schema

from ..access import ROLES
from ..ledger.schemas import IdField, NamedSchema, ReplySchema, Words
from ..sites.schemas import SiteSchema

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


class PersonSchema(NamedSchema):
    """Somebody with an account."""

    email = fields.String(required=True)


class SignedInSchema(ReplySchema):
    """Who is signed in now. The session itself is in the cookie."""

    person = fields.Nested(PersonSchema, required=True)


class SignedInOnSchema(NamedSchema):
    """A device that somebody is signed in on."""

    signed_in_at = fields.AwareDateTime(required=True)
    seen_at = fields.AwareDateTime(required=True)


class OwnDeviceSchema(SignedInOnSchema):
    """One of one's own devices. `current`: the one that asks."""

    current = fields.Boolean(required=True)


class SessionSchema(SignedInSchema):
    """Who is signed in here, and on which devices they are."""

    devices = fields.List(fields.Nested(OwnDeviceSchema), required=True)


class HeldGrantSchema(Schema):
    """A role that somebody holds in the organisation: at one setting, or (with `site` null) everywhere in it."""

    id = IdField(required=True)
    role = fields.String(required=True, validate=ROLE)
    site = IdField(required=True, allow_none=True)


class MemberSchema(PersonSchema):
    """Somebody who has or had a part in an organisation. `ended`: they hold no role here any more."""

    ended = fields.Boolean(required=True)
    grants = fields.List(fields.Nested(HeldGrantSchema), required=True)


class InvitedSchema(NamedSchema):
    """An invitation that is still open."""

    email = fields.String(required=True)
    role = fields.String(required=True, validate=ROLE)
    site = IdField(required=True, allow_none=True)
    expires_at = fields.AwareDateTime(required=True)


class MembersDeviceSchema(SignedInOnSchema):
    """A device of somebody in the organisation, which one may sign out."""

    person = IdField(required=True)


class KeptOrganisationSchema(NamedSchema):
    """An organisation, where its stream stands, and what one may do in all of it."""

    cursor = fields.String(required=True)
    may = fields.List(fields.String(), required=True)


class PeopleAndSettingsSchema(ReplySchema):
    """People and settings of an organisation, as far as one looks after them."""

    organisation = fields.Nested(KeptOrganisationSchema, required=True)
    sites = fields.List(fields.Nested(SiteSchema(exclude=["organisation"])), required=True)
    people = fields.List(fields.Nested(MemberSchema), required=True)
    invitations = fields.List(fields.Nested(InvitedSchema), required=True)
    devices = fields.List(fields.Nested(MembersDeviceSchema), required=True)

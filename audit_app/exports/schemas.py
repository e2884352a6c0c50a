"""The wire of figures out: tokens, what there is to take, and tables by the page."""

from marshmallow import Schema, fields

from ..accounts.schemas import SHA256
from ..ledger.schemas import Day, IdField, NamedSchema, ReplySchema, Words


class TokenMakeSchema(Schema):
    """Makes a token with which a program reads the figures that one may see in this organisation, up to and including
    its last day. The device makes the secret and sends its SHA-256 alone."""

    token = IdField(required=True)
    secret_sha256 = fields.String(required=True, validate=SHA256)
    name = Words(80, least=1, required=True)
    until = Day(required=True)


class TokenEndSchema(Schema):
    """Ends one of one's own tokens."""

    token = IdField(required=True)


class ColumnSchema(Schema):
    """A column of a table: its name, what kind of value it holds, in words what it says, and which other table's row it
    names (`table.column`, or null)."""

    name = fields.String(required=True)
    kind = fields.String(required=True)
    words = fields.String(required=True)
    refers = fields.String(required=True, allow_none=True)


class WeightSchema(Schema):
    """About how large something is, and for about how long it is made."""

    bytes = fields.Integer(required=True)
    seconds = fields.Integer(required=True)


class TableSchema(Schema):
    """A table that can be taken out. `key`: the columns that together name a row."""

    name = fields.String(required=True)
    title = fields.String(required=True)
    words = fields.String(required=True)
    key = fields.List(fields.String(), required=True)
    columns = fields.List(fields.Nested(ColumnSchema), required=True)


class TokenSchema(NamedSchema):
    """One of one's own tokens that still works. `used_at`: when it was last used, to the hour; null if never."""

    organisation = IdField(required=True)
    until = fields.String(required=True)
    made_at = fields.AwareDateTime(required=True)
    used_at = fields.AwareDateTime(required=True, allow_none=True)


class TakeableSchema(ReplySchema):
    """What one may take out: from how many settings, in which tables, and what all of them as one database would weigh;
    of which organisations everything; where one may make tokens; and one's tokens."""

    sites = fields.Integer(required=True)
    database = fields.Nested(WeightSchema, required=True)
    tables = fields.List(fields.Nested(TableSchema), required=True)
    whole = fields.List(fields.Nested(NamedSchema), required=True)
    organisations = fields.List(fields.Nested(NamedSchema), required=True)
    tokens = fields.List(fields.Nested(TokenSchema), required=True)


class PageSchema(ReplySchema):
    """A page of a table, in the order of its key: a row is its columns by name. `next` is what to ask for `after`; null
    on the last page."""

    table = fields.String(required=True)
    rows = fields.List(fields.Dict(keys=fields.String()), required=True)
    next = fields.String(required=True, allow_none=True)

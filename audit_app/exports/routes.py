"""Where figures are taken out. Nothing here changes anything."""

import base64
import json
from itertools import islice

from flask import Blueprint, render_template, request

from ..access import may, open_to_all, require_may, require_sign_in, signed_in
from ..db import as_text, db, now
from ..problems import Malformed, NotAllowed, NotFound, SlowDown
from ..sites.models import Organisation
from ..sites.queries import organisations_seen_by, sites_seen_by
from ..wire import asked_language, dump, reply, speaks, tag_of
from .database import SQLITE, VIEWS, write_database
from .models import AccessToken
from .operations import tokens_of
from .queries import SEES, Key, rows, weight_of
from .reader import TokenUnknown, reader, require_reader
from .schemas import PageSchema, TakeableSchema
from .sheets import CSV, XLSX, write_csv, write_xlsx
from .spool import ZIP, send, send_archive, send_whole
from .tables import TABLES, WHOLE, Table, described
from .wholes import all_about, all_of

exports = Blueprint("exports", __name__, url_prefix="/api")

A_PAGE = 2000
MOST_WHOLE = 2**31
READING = (NotAllowed, TokenUnknown, SlowDown)


@exports.get("/exports")
@speaks(gives=TakeableSchema, asks=("language",))
@require_sign_in
def list_exports():
    """What one may take out, and one's tokens."""
    person = signed_in()
    sites = sites_seen_by(person, SEES)
    own = {site.organisation_id for site in sites}
    organisations = organisations_seen_by(person)
    return reply(
        {
            "sites": len(sites),
            "database": weight_of(sites),
            "tables": described(asked_language()) if sites else [],
            "whole": [_named(one) for one in organisations if _may_all_of(one.id)],
            "organisations": [_named(one) for one in organisations if one.id in own],
            "tokens": [_token(token) for token in tokens_of(person)],
        }
    )


@exports.get("/exports/documentation")
@speaks(gives="text/html", asks=("language",))
@open_to_all
def document():
    """Every table and column in words, with how programs read them, as a page."""
    language = asked_language()
    views = [(name, dict(zip(("en", "cy"), words, strict=True))[language]) for name, (*words, _) in VIEWS.items()]
    return render_template("exports.html", tables=described(language), views=views, language=language)


@exports.get("/exports/<table>.csv")
@speaks(gives=CSV, asks=("language",), refuses=(NotFound, *READING))
@require_reader
def take_csv(table: str):
    """A table as CSV (UTF-8 with its mark, comma, one header). What would begin a formula has a `'` before it."""
    found, scope = _find_table(table), reader().scope(asked_language())
    name = _file_name(table, "csv")
    return send(reader().person, name, CSV, lambda file: write_csv(found.names, rows(found, scope), file))


@exports.get("/exports/<table>.xlsx")
@speaks(gives=XLSX, asks=("language",), refuses=(NotFound, *READING))
@require_reader
def take_xlsx(table: str):
    """A table as a workbook, with a sheet that explains its columns. No cell is a formula."""
    found, language = _find_table(table), asked_language()
    scope, name = reader().scope(language), _file_name(table, "xlsx")
    return send(reader().person, name, XLSX, lambda file: write_xlsx(found, rows(found, scope), file, language))


@exports.get("/export.sqlite")
@speaks(gives=SQLITE, asks=("language",), refuses=READING)
@require_reader
def take_database():
    """Every table as one SQLite database, with views, a search in what was written, and the words of every column.
    Datasette opens it as it is. It can be sent only when it is whole: of a large service that takes minutes, through
    which the connection is kept alive for whoever sends `Accept-Encoding: gzip`."""
    scope = reader().scope(asked_language())
    name = _file_name("figures", "sqlite")
    return send_whole(reader().person, name, SQLITE, lambda room: write_database(scope, room.path, room.look_up))


@exports.get("/tables/<table>")
@speaks(gives=PageSchema, asks=("after", "language"), refuses=(NotFound, Malformed, *READING), etag=True)
@require_reader
def show_table(table: str):
    """A page of a table as JSON, for programs. Ask on with `after` until `next` is null."""
    found = _find_table(table)
    page = list(islice(rows(found, reader().scope(asked_language()), _asked_key(found)), A_PAGE + 1))
    told = [{name: row[name] for name in found.names} for row in page[:A_PAGE]]
    next_one = _as_text(found.key_of(told[-1])) if len(page) > A_PAGE else None
    body = {"table": table, "rows": told, "next": next_one}
    return reply(body, etag=tag_of(dump(body)))


@exports.get("/exports/person.zip")
@speaks(gives=ZIP, refuses=(SlowDown,))
@require_sign_in
def take_person():
    """Everything that the service holds about whoever is signed in, with the photos that they added and a manifest."""
    person = signed_in()
    about = _about({"person": person.id})
    return send_archive(person, _file_name("about-me", "zip"), lambda: all_about(person), about)


@exports.get("/exports/organisation/<id>.zip")
@speaks(gives=ZIP, asks=("language",), refuses=(NotFound, NotAllowed, SlowDown))
@require_sign_in
def take_organisation(id: str):
    """Everything of an organisation that one may see, for whoever looks after the whole of it: tables, ledger, people,
    photos and a manifest. Whoever may not see audits gets nothing of them."""
    person, language = signed_in(), asked_language()
    require_may(person, "organisation.see", id)
    organisation = db.session.get(Organisation, id)
    if organisation is None:
        raise NotFound()
    about = _about({"organisation": id, "asked_by": person.id})
    name = _file_name("organisation", "zip")
    return send_archive(person, name, lambda: all_of(organisation, person, language), about)


def _find_table(name: str) -> Table:
    if name not in TABLES:
        raise NotFound("There is no such table. /api/exports/documentation lists them.")
    return TABLES[name]


def _may_all_of(organisation_id: str) -> bool:
    return may(signed_in(), "organisation.see", organisation_id)


def _named(organisation: Organisation) -> dict:
    return {"id": organisation.id, "name": organisation.name}


def _token(token: AccessToken) -> dict:
    return {
        "id": token.id,
        "name": token.name,
        "organisation": token.organisation_id,
        "until": token.until,
        "made_at": as_text(token.made_at),
        "used_at": as_text(token.used_at) if token.used_at else None,
    }


def _about(what: dict) -> dict:
    return {"made_by": "Milieu", "made_at": as_text(now()), **what}


def _file_name(what: str, kind: str) -> str:
    return f"milieu-{what}-{now().date()}.{kind}"


# Where the next page begins: the key of the last row that one has, as text that says nothing.


def _as_text(key: Key) -> str:
    return base64.urlsafe_b64encode(dump(list(key)).encode()).decode().rstrip("=")


def _asked_key(table: Table) -> Key | None:
    text = request.args.get("after", "")
    if not text:
        return None
    try:
        key = tuple(json.loads(base64.urlsafe_b64decode(text + "=" * (-len(text) % 4))))
    except (ValueError, TypeError, RecursionError):
        key = ()
    kinds = [int if kind == WHOLE else str for kind in (_kind_of(table, name) for name in table.key)]
    fits = [type(part) for part in key] == kinds
    if not fits or any(type(part) is int and not 0 <= part < MOST_WHOLE for part in key):
        raise Malformed("after must be what the page before gave as next.")
    return key


def _kind_of(table: Table, name: str) -> str:
    return next(column.kind for column in table.columns if column.name == name)

"""Turns whatever goes wrong into a problem that can be explained: no reply is ever a bare 500 with a stack."""

import logging

from flask import Flask, Response, g
from psycopg import errors as postgresql
from sqlalchemy.exc import DBAPIError, OperationalError
from werkzeug.exceptions import HTTPException, RequestEntityTooLarge, SecurityError

from .problems import (
    Bug,
    Malformed,
    MethodNotAllowed,
    NotFound,
    Problem,
    StorageFull,
    TooLarge,
    Unavailable,
    UnknownHost,
)
from .wire import dump

log = logging.getLogger(__name__)

UNKEEPABLE = "It holds characters or numbers that no database keeps."
SQLITE_FULL = ("database or disk is full",)
SQLITE_BUSY = ("database is locked", "disk i/o error", "unable to open database file", "readonly database")


def init_app(app: Flask) -> None:
    """Answer every refusal and every failure with `application/problem+json`."""
    app.register_error_handler(Problem, render)
    app.register_error_handler(HTTPException, lambda error: render(_from_http(error)))
    app.register_error_handler(DBAPIError, lambda error: render(_from_database(error)))
    app.register_error_handler(UnicodeEncodeError, lambda error: render(Malformed(UNKEEPABLE)))
    app.register_error_handler(OSError, lambda error: render(_from_system(error)))
    app.register_error_handler(Exception, lambda error: render(_from_bug(error)))


def render(problem: Problem) -> Response:
    """The problem as a reply."""
    response = Response(dump(problem.body()), problem.status, mimetype="application/problem+json")
    response.headers.update(problem.headers)
    return response


def _from_http(error: HTTPException) -> Problem:
    if isinstance(error, SecurityError):
        return UnknownHost("This service does not go by that name. See TRUSTED_HOSTS.")
    if isinstance(error, RequestEntityTooLarge):
        return TooLarge()
    if error.code == 404:
        return NotFound("There is nothing at this address.")
    if error.code == 405:
        allowed = ", ".join(sorted(getattr(error, "valid_methods", None) or []))
        return MethodNotAllowed(f"This address takes: {allowed}.", headers={"Allow": allowed})
    problem = Malformed(error.description or "")
    problem.status = error.code or 400
    return problem


def _from_database(error: DBAPIError) -> Problem:
    words = str(error.orig).lower()
    if isinstance(error.orig, postgresql.DiskFull) or any(full in words for full in SQLITE_FULL):
        log.error("storage is full", extra={"request_id": g.get("request_id")})
        return StorageFull("Nothing more can be written until there is room. What was acknowledged is safe.")
    if isinstance(error.orig, postgresql.DataError):
        return Malformed(UNKEEPABLE)
    standby = isinstance(error.orig, postgresql.ReadOnlySqlTransaction)  # as after a failover
    if standby or isinstance(error, OperationalError) or any(busy in words for busy in SQLITE_BUSY):
        log.error("database unavailable: %s", error.orig, extra={"request_id": g.get("request_id")})
        return Unavailable("The database cannot be written just now.", headers={"Retry-After": "5"})
    return _from_bug(error)


def _from_system(error: OSError) -> Problem:
    if error.errno in (28, 122):  # no space left, quota exceeded
        return StorageFull("Nothing more can be written until there is room. What was acknowledged is safe.")
    return _from_bug(error)


def _from_bug(error: Exception) -> Problem:
    log.error("bug", exc_info=error, extra={"request_id": g.get("request_id")})
    return Bug(f"It was written down as {g.get('request_id', '?')}. Nothing was half done.")

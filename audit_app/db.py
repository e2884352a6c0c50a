"""The database: engine, session, ids and time. The request is the transaction.

SQLite is the default and must be a sound one: versions before 3.51.3 can corrupt a WAL database in a rare race, so
the driver is the `pysqlite3` wheel, which carries a current SQLite. PostgreSQL is where it grows.
"""

import contextvars
import json
import os
import re
import time
import uuid
from collections.abc import Sequence
from contextlib import contextmanager
from datetime import UTC, date, datetime
from pathlib import Path

import pysqlite3.dbapi2 as sqlite
from flask import Flask, has_request_context, request
from flask_migrate import Migrate
from flask_sqlalchemy import SQLAlchemy
from sqlalchemy import JSON, DateTime, Dialect, MetaData, String, bindparam, cast, event, func, select
from sqlalchemy.dialects import postgresql
from sqlalchemy.dialects import sqlite as sqlite_dialect
from sqlalchemy.engine import Engine
from sqlalchemy.orm import DeclarativeBase
from sqlalchemy.types import TypeDecorator

OLDEST_SQLITE = (3, 51, 3)
SAFE_METHODS = {"GET", "HEAD", "OPTIONS"}
SQLITE_PRAGMAS = (
    "journal_mode=WAL",
    "synchronous=FULL",  # NORMAL loses acknowledged rows when the power goes
    "foreign_keys=ON",
    "busy_timeout=10000",
    "secure_delete=ON",
    "trusted_schema=OFF",
    "cell_size_check=ON",
)
POSTGRESQL_OPTIONS = (
    "-c statement_timeout=30000 -c lock_timeout=10000 -c idle_in_transaction_session_timeout=60000 -c timezone=UTC"
)

FEW = 200  # ids that a query names one by one

Id = String(36)  # UUIDs as text: the same on the wire, in both databases and in what people paste into a report


class Moment(TypeDecorator):
    """An instant: always with its zone in Python, always UTC in the database, to the microsecond."""

    impl = DateTime(timezone=True)
    cache_ok = True

    def process_bind_param(self, value: datetime | None, dialect: Dialect):
        if value is None or dialect.name != "sqlite":
            return value
        return value.astimezone(UTC).replace(tzinfo=None)

    def process_result_value(self, value: datetime | None, dialect: Dialect):
        if value is None:
            return None
        return value.replace(tzinfo=UTC) if value.tzinfo is None else value.astimezone(UTC)


class Base(DeclarativeBase):
    """Every table. Constraints get predictable names, so that migrations can speak of them on both databases."""

    metadata = MetaData(
        naming_convention={
            "ix": "%(table_name)s_%(column_0_N_name)s_index",
            "uq": "%(table_name)s_%(column_0_N_name)s_once",
            "ck": "%(table_name)s_%(constraint_name)s",
            "fk": "%(table_name)s_%(column_0_N_name)s_exists",
            "pk": "%(table_name)s_key",
        }
    )


db = SQLAlchemy(model_class=Base, session_options={"expire_on_commit": False})
migrate = Migrate(directory=str(Path(__file__).resolve().parent.parent / "migrations"))
_reading: contextvars.ContextVar[bool | None] = contextvars.ContextVar("reading", default=None)


def new_id() -> str:
    """A new UUIDv7 (RFC 9562): sorts by the millisecond it was made in."""
    milliseconds = time.time_ns() // 1_000_000
    number = (milliseconds << 80) | int.from_bytes(os.urandom(10))
    number = number & ~(0xF << 76) | (7 << 76)
    number = number & ~(0x3 << 62) | (2 << 62)
    return str(uuid.UUID(int=number))


_UUID = re.compile(r"[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}")


def is_id(value: object) -> bool:
    """Is this a UUID in its one canonical form, in lower case with its hyphens?"""
    return isinstance(value, str) and _UUID.fullmatch(value) is not None


def now() -> datetime:
    """This instant, in UTC."""
    return datetime.now(UTC)


def today() -> date:
    """The day it is, in UTC."""
    return now().date()


def as_day(text: str | None) -> date | None:
    """A day as tables and the wire write it, YYYY-MM-DD; None where there is none."""
    return date.fromisoformat(text) if text else None


def as_text(moment: datetime) -> str:
    """An instant as the wire writes it: RFC 3339, UTC, with its microseconds."""
    return moment.astimezone(UTC).isoformat(timespec="microseconds")


def init_app(app: Flask) -> None:
    """Set up the engine for SQLite or PostgreSQL, and the migrations. Refuses to start on an unsound SQLite."""
    url = app.config["DATABASE_URL"]
    if url:
        app.config["SQLALCHEMY_DATABASE_URI"] = re.sub(r"^postgres(ql)?://", "postgresql+psycopg://", url)
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {
            "connect_args": {"options": POSTGRESQL_OPTIONS},
            "pool_pre_ping": True,
        }
    else:
        require_sound_sqlite()
        folder = Path(app.config["DATA_DIR"])
        folder.mkdir(parents=True, exist_ok=True)
        app.config["SQLALCHEMY_DATABASE_URI"] = f"sqlite:///{folder / 'milieu.sqlite'}"
        app.config["SQLALCHEMY_ENGINE_OPTIONS"] = {"module": sqlite}
    db.init_app(app)
    migrate.init_app(app, db)


def require_sound_sqlite(version: tuple[int, ...] = sqlite.sqlite_version_info) -> None:
    """Refuse to start on a SQLite that is known to corrupt WAL databases."""
    if version < OLDEST_SQLITE:
        raise SystemExit(
            f"This SQLite is {'.'.join(map(str, version))}; Milieu needs {'.'.join(map(str, OLDEST_SQLITE))} or newer, "
            "because older ones can corrupt a database. Install the pinned requirements again."
        )


@contextmanager
def reading():
    """Inside, new transactions only read: they wait for no writer and can change nothing."""
    token = _reading.set(True)
    try:
        yield
    finally:
        _reading.reset(token)


@contextmanager
def glance():
    """Look something up in a transaction of its own that only reads; what was loaded stays usable, detached.

    For what comes before the work itself, so that slow things after it (reading a body, hashing) hold no lock. Once
    the work has begun it looks from inside that.
    """
    if db.session().in_transaction():
        yield
        return
    with reading():
        try:
            yield
        finally:
            db.session.expunge_all()
            db.session.rollback()


@contextmanager
def own_transaction():
    """A short writing transaction beside the request's own, for what must stay even when the request is refused."""
    token = _reading.set(False)
    try:
        with db.engine.begin() as connection:
            yield connection
    finally:
        _reading.reset(token)


def _is_reading() -> bool:
    chosen = _reading.get()
    if chosen is None:
        return has_request_context() and request.method in SAFE_METHODS
    return chosen


def upsert(table):
    """An `INSERT … ON CONFLICT` for whichever database is in use."""
    return (postgresql if db.engine.dialect.name == "postgresql" else sqlite_dialect).insert(table)


def among(column, ids: Sequence[str]):
    """In a query: is it one of these? Thousands of them are handed over as one text, for each parameter costs; of few
    the database plans better when it sees them."""
    if len(ids) <= FEW:
        return column.in_(ids)
    text = bindparam(None, json.dumps(list(ids)), unique=True)
    on_postgresql = db.engine.dialect.name == "postgresql"
    each = func.json_array_elements_text(cast(text, JSON)) if on_postgresql else func.json_each(text)
    return column.in_(select(each.table_valued("value").c.value))


def rows_of(query) -> Sequence:
    """The rows of a query for columns alone, without the ORM: of ten thousand it would take twice as long."""
    return db.session.connection().execute(query).all()


@event.listens_for(Engine, "connect")
def _prepare_sqlite(connection, _record) -> None:
    if not isinstance(connection, sqlite.Connection):
        return
    connection.isolation_level = None  # SQLAlchemy's own BEGIN below is the only one
    for pragma in SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")


@event.listens_for(Engine, "begin")
def _begin(connection) -> None:
    """Writers queue for the lock before they read, so none can be refused half-way; readers see one instant."""
    reads = _is_reading()
    if connection.dialect.name == "sqlite":
        connection.exec_driver_sql(f"PRAGMA query_only={int(reads)}")
        connection.exec_driver_sql("BEGIN" if reads else "BEGIN IMMEDIATE")
    elif reads:
        connection.exec_driver_sql("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ READ ONLY")

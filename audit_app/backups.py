"""Backup and restore. A copy counts only when it has been read back; only then may devices let go of what they keep.

On SQLite the copy is one file, made with `VACUUM INTO` while the service goes on writing. On PostgreSQL it is what
`pg_dump` writes, read back into a database of its own. Either is opened as the service would open it, and verified.
"""

import os
import secrets
import shutil
import subprocess
import tempfile
from contextlib import closing, contextmanager
from pathlib import Path

import click
import pysqlite3.dbapi2 as sqlite
from flask import current_app
from flask_migrate import upgrade
from sqlalchemy import delete, inspect, select, update
from sqlalchemy.exc import ProgrammingError

from .access import Device
from .config import SETTINGS
from .db import db
from .ledger.models import Stream
from .ledger.verify import verify

DATABASE = "milieu.sqlite"
WHOLE = ("--single-transaction", "--exit-on-error", "--no-owner", "--no-privileges")
Reach = dict[str, int]  # the number of the last operation of each stream


class NotBackedUp(click.ClickException):
    """There is no copy that could be relied on; the words say why. Nothing of the service was touched."""


class NotRestored(click.ClickException):
    """The backup was not put in place; the words say why."""


def back_up(to: Path) -> Reach:
    """Copy the database to `to`, read the copy back, and note in each stream how far it is backed up.

    Refuses with `NotBackedUp` where `to` exists, or when the copy does not hold.
    """
    if to.exists():
        raise NotBackedUp(f"{to} is there already. Name a file that is not.")
    if not to.parent.is_dir():
        raise NotBackedUp(f"There is no folder {to.parent}.")
    with _folder_in(to.parent) as folder:
        made = folder / DATABASE
        reach = _dump(made) if _on_postgresql() else _copy(made)
        _keep(made, to)
    _note(reach)
    return reach


def restore(copy: Path) -> Reach:
    """Put a backup in the place of a database that is not there, and end every session.

    Streams keep their epochs and tags, so a device that knows more than the backup finds out (`ledger-diverged`) and
    sends it again. Refuses with `NotRestored` where there is a database, or when the backup does not hold.
    """
    if not copy.is_file():
        raise NotRestored(f"There is no file {copy}.")
    return _load(copy) if _on_postgresql() else _place(copy)


# SQLite


def _copy(to: Path) -> Reach:
    live = Path(current_app.config["DATA_DIR"]) / DATABASE
    with closing(sqlite.connect(f"file:{live}?mode=ro", uri=True)) as connection:
        connection.execute("VACUUM INTO ?", (str(to),))
    with _opened(DATA_DIR=str(to.parent)):
        return _checked(NotBackedUp)


def _place(copy: Path) -> Reach:
    live = Path(current_app.config["DATA_DIR"]) / DATABASE
    _require_absent(live)
    with _folder_in(live.parent) as folder:
        shutil.copyfile(copy, folder / DATABASE)
        with _opened(DATA_DIR=str(folder)):
            upgrade()  # the backup may be of an earlier version
            reach = _checked(NotRestored)
            _end_sessions()
        _require_absent(live)
        _keep(folder / DATABASE, live)
    return reach


def _require_absent(live: Path) -> None:
    for path in (live, Path(f"{live}-wal"), Path(f"{live}-shm")):
        if path.exists():
            raise NotRestored(f"{path} is there. Stop the service and move it away first; nothing is written over.")


# PostgreSQL


def _dump(to: Path) -> Reach:
    _run("pg_dump", "--format=custom", f"--file={to}", f"--dbname={_address()}", failing=NotBackedUp)
    with _scratch() as name:
        _run("pg_restore", *WHOLE, f"--dbname={_address(name)}", str(to), failing=NotBackedUp)
        url = db.engine.url.set(drivername="postgresql", database=name).render_as_string(hide_password=False)
        with _opened(DATABASE_URL=url):
            return _checked(NotBackedUp)


@contextmanager
def _scratch():
    """The name of a database that is there only to read a copy back."""
    name = f"milieu_{secrets.token_hex(6)}"
    with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
        try:
            connection.exec_driver_sql(f"CREATE DATABASE {name}")
        except ProgrammingError as refused:
            raise NotBackedUp(
                f"To read a copy back, this role must be able to make a database: {refused.orig}"
            ) from None
        try:
            yield name
        finally:
            connection.exec_driver_sql(f"DROP DATABASE {name}")


def _load(copy: Path) -> Reach:
    if inspect(db.engine).get_table_names():
        raise NotRestored("This database is not empty. Make a new one and name it in DATABASE_URL.")
    _run("pg_restore", *WHOLE, f"--dbname={_address()}", str(copy), failing=NotRestored)
    upgrade()
    reach = _checked(NotRestored)
    _end_sessions()
    return reach


def _run(tool: str, *words: str, failing: type[click.ClickException]) -> None:
    """Run one of PostgreSQL's tools. The password goes by the environment, where others cannot read it."""
    found = shutil.which(tool)
    if found is None:
        raise failing(f"There is no {tool} here. Type: sudo apt-get install postgresql-client")
    environment = os.environ | {"PGPASSWORD": db.engine.url.password or ""}
    done = subprocess.run([found, *words], env=environment, capture_output=True, text=True, check=False)  # noqa: S603
    if done.returncode:
        raise failing(f"{tool} did not succeed: {done.stderr.strip()}")


def _address(database: str | None = None) -> str:
    url = db.engine.url.set(drivername="postgresql", password=None)
    return (url.set(database=database) if database else url).render_as_string()


# both


@contextmanager
def _opened(**place):
    """A database at another place, opened as the service would open it."""
    from . import create_app

    settings = {setting.name: current_app.config[setting.name] for setting in SETTINGS}
    app = create_app(**settings | place)
    with app.app_context():
        try:
            yield
        finally:
            db.session.remove()
            db.engine.dispose()  # the last to close a WAL database leaves one whole file


def _on_postgresql() -> bool:
    return db.engine.dialect.name == "postgresql"


def _checked(failing: type[click.ClickException]) -> Reach:
    """Read the opened database through: the file, every reference, every stream's chain, registers and tables."""
    if not _on_postgresql():
        faults = [row[0] for row in db.session.execute(db.text("PRAGMA integrity_check")) if row[0] != "ok"]
        faults += [
            f"{row[0]} {row[1]} points nowhere" for row in db.session.execute(db.text("PRAGMA foreign_key_check"))
        ]
        if faults:
            raise failing(f"The copy is damaged: {faults[0]}.")
    faults = list(verify())
    db.session.rollback()
    if faults:
        raise failing(f"The copy does not hold: {faults[0]}. {len(faults)} of its streams are like that.")
    reach = _reach()
    db.session.rollback()
    return reach


def _reach() -> Reach:
    return dict(db.session.execute(select(Stream.id, Stream.seq)).all())


def _note(reach: Reach) -> None:
    """Devices keep their own operations until this is newer than they are."""
    for id, seq in reach.items():
        newer = (Stream.id == id) & (Stream.backed_up_to < seq)
        db.session.execute(update(Stream).where(newer).values(backed_up_to=seq))
    db.session.commit()


def _end_sessions() -> None:
    """Nobody stays signed in who may have been signed out since the backup."""
    db.session.execute(delete(Device))
    db.session.commit()


@contextmanager
def _folder_in(parent: Path):
    """A folder of our own on the same disk, so that a file is moved out of it whole or not at all."""
    with tempfile.TemporaryDirectory(prefix=".backup-", dir=parent) as folder:
        yield Path(folder)


def _keep(made: Path, to: Path) -> None:
    """Move a finished file to its place, and see that it is on the disk. It is for its owner's eyes alone."""
    made.chmod(0o600)
    _sync(made)
    made.rename(to)
    _sync(to.parent)


def _sync(path: Path) -> None:
    handle = os.open(path, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)

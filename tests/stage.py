"""Where model phones and the real service meet: one application whose database is put back in a moment."""

import shutil
from pathlib import Path

import psycopg

from audit_app import create_app
from audit_app.accounts.models import Grant
from audit_app.db import db, now
from audit_app.ledger.models import Stream

from .builders import Scene
from .devices import count_open_grants

AMINA, BEN, LENA = "Amina", "Ben", "Lena"


class Stage:
    """A ward, its team with the phones they are signed in on, and a database that can be reset, backed up, restored."""

    def __init__(self, database: dict[str, str], server=None):
        self.app = create_app(TESTING=True, DEMO=True, LOG_LEVEL="ERROR", **database)
        self.store = (
            _PostgresCopies(server, database["DATABASE_URL"]) if server else _SqliteCopies(database["DATA_DIR"])
        )
        scene = Scene(self.app)
        self.organisation = scene.organisation()
        self.site = scene.site(self.organisation)
        roles = {AMINA: "auditor", BEN: "auditor", LENA: "lead"}
        ids = {name: scene.person(name, role, self.organisation, self.site) for name, role in roles.items()}
        self.clients = {ids[name]: scene.phone_of(name).client for name in roles}
        self.people = [ids[AMINA], ids[AMINA], ids[BEN], ids[LENA]]
        self.lead = ids[LENA]
        self._copy("fresh")

    def client(self, person: str):
        """The browser of a person who is signed in."""
        return self.clients[person]

    def reset(self) -> None:
        """As it was in the beginning; the first backup holds just that."""
        self._put_back("fresh")
        self._copy("backup")

    def back_up(self) -> None:
        """A backup of now; the streams know afterwards how far they are backed up."""
        self._copy("backup")
        with self.app.app_context():
            db.session.execute(db.update(Stream).values(backed_up_to=Stream.seq))
            db.session.commit()

    def restore(self) -> None:
        """Back to the last backup, as when a disk has failed."""
        self._put_back("backup")

    def may_write(self, person: str) -> bool:
        with self.app.app_context():
            return count_open_grants(person) > 0

    def end_right(self, person: str) -> None:
        self._set_grants(person, now())

    def give_right(self, person: str) -> None:
        self._set_grants(person, None)

    def close(self) -> None:
        self._let_go()

    def _set_grants(self, person: str, ended_at) -> None:
        with self.app.app_context():
            db.session.execute(db.update(Grant).filter_by(person_id=person).values(ended_at=ended_at))
            db.session.commit()

    def _copy(self, name: str) -> None:
        self._let_go()
        self.store.copy(name)

    def _put_back(self, name: str) -> None:
        self._let_go()
        self.store.put_back(name)

    def _let_go(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


class _SqliteCopies:
    """Copies of the file; nobody has it open, so it is whole."""

    def __init__(self, folder: str):
        self.folder = Path(folder)
        self.live = self.folder / "milieu.sqlite"

    def copy(self, name: str) -> None:
        shutil.copy(self.live, self.folder / f"{name}.copy")

    def put_back(self, name: str) -> None:
        for leftover in self.folder.glob("milieu.sqlite-*"):
            leftover.unlink()
        shutil.copy(self.folder / f"{name}.copy", self.live)


class _PostgresCopies:
    """Databases made with the live one as their template, and the other way round."""

    def __init__(self, server, url: str):
        self.live = url.split("?")[0].rsplit("/", 1)[1]
        self.connection = psycopg.connect(server.get_uri(database="postgres"), autocommit=True)

    def copy(self, name: str) -> None:
        self._clone(self.live, f"{self.live}_{name}")

    def put_back(self, name: str) -> None:
        self._clone(f"{self.live}_{name}", self.live)

    def _clone(self, source: str, target: str) -> None:
        self.connection.execute(f"DROP DATABASE IF EXISTS {target} WITH (FORCE)")
        self.connection.execute(f"CREATE DATABASE {target} TEMPLATE {source}")


def make_stage(request, kind: str) -> Stage:
    """A stage on a database of this kind, closed when the tests that asked for it are done."""
    folder = request.getfixturevalue("tmp_path_factory").mktemp("stage")
    if kind == "sqlite":
        shutil.copy(request.getfixturevalue("sqlite_template"), folder / "milieu.sqlite")
        stage = Stage({"DATA_DIR": str(folder), "DATABASE_URL": ""})
    else:
        server = request.getfixturevalue("postgresql_server")
        template = request.getfixturevalue("postgresql_template")
        name = f"stage{abs(hash(str(folder))) % 10**9}"
        server.psql(f"CREATE DATABASE {name} TEMPLATE {template};")
        stage = Stage({"DATA_DIR": str(folder), "DATABASE_URL": server.get_uri(database=name)}, server)
    request.addfinalizer(stage.close)
    return stage

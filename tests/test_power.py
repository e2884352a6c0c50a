"""The power goes, at any moment: whoever was told that something is safe finds it again. The negative control takes
away what makes it so (`synchronous=FULL`), and must lose something, or this test could not notice."""

import os
import random
import shutil

import pysqlite3.dbapi2 as sqlite
import pytest

from audit_app import create_app
from audit_app import db as database_module
from audit_app.db import db
from audit_app.ledger.verify import verify

from .builders import Scene, operation
from .power import Disk, Recorder

CAMPAIGN = int(os.environ.get("CAMPAIGN", "0"))
RANDOM_CUTS = 20 * CAMPAIGN or 400
PUSHES = 200 if CAMPAIGN else 40


@pytest.fixture
def files(sqlite_template, tmp_path):
    """A folder with a service's database, and what was in it at first."""
    folder = tmp_path / "live"
    folder.mkdir()
    shutil.copy(sqlite_template, folder / "milieu.sqlite")
    return folder


def work(folder) -> tuple[Recorder, dict[str, bytearray]]:
    """People work for a while; everything that SQLite asks of the disk is recorded, and every promise made."""
    app = create_app(TESTING=True, DEMO=True, LOG_LEVEL="ERROR", DATA_DIR=str(folder), DATABASE_URL="")
    scene = Scene(app)
    ward = scene.site(org := scene.organisation())
    amina = scene.phone("Amina", "auditor", org, ward)
    _let_go(app)
    recorder = Recorder(folder)
    at_first = {path.name: bytearray(path.read_bytes()) for path in folder.glob("milieu.sqlite*")}
    with recorder.listening():
        audit = scene.audit(amina, ward)
        for turn in range(PUSHES):
            batch = [_answer(audit, turn, n) for n in range(1 + turn % 7)]
            assert amina.verdicts(audit.id, batch) == ["applied"] * len(batch)
            recorder.tell([one["id"] for one in batch])
            if turn % 9 == 5:
                _check_point(folder)
        _let_go(app)
    return recorder, at_first


def _answer(audit, turn: int, n: int) -> dict:
    payload = {"contributor": audit.contributor, "criterion": f"safety-{n % 5 + 1}", "text": f"{turn}.{n} " * 60}
    return operation("answer.comment", payload)


def _check_point(folder) -> None:
    """What SQLite does by itself every thousand pages: the log goes back into the database."""
    connection = sqlite.connect(folder / "milieu.sqlite", isolation_level=None)
    for pragma in database_module.SQLITE_PRAGMAS:
        connection.execute(f"PRAGMA {pragma}")
    connection.execute("PRAGMA wal_checkpoint(TRUNCATE)")
    connection.close()


def _let_go(app) -> None:
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def moments(recorder: Recorder, at_first: dict[str, bytearray], chance: random.Random):
    """Moments at which the power goes, each with what is then found on the disk and what was promised before."""
    disk, promised, notes = Disk(at_first), set(), recorder.notes
    chosen = set(chance.sample(range(len(notes)), min(RANDOM_CUTS, len(notes))))
    for place, note in enumerate(notes):
        if note[0] == "told":
            promised |= set(note[1])
        else:
            disk.note(place, note)
        if note[0] in ("told", "sync", "truncate", "delete"):
            yield disk.after_a_cut(), set(promised)
        if place in chosen:
            yield disk.after_a_cut(chance), set(promised)


def found_again(files: dict[str, bytes], folder) -> set[str]:
    """The ids in the ledger, after the service has opened what is left; refuses a damaged file."""
    shutil.rmtree(folder, ignore_errors=True)
    folder.mkdir()
    for name, content in files.items():
        if not name.endswith("-shm"):
            (folder / name).write_bytes(content)
    connection = sqlite.connect(folder / "milieu.sqlite")
    try:
        assert connection.execute("PRAGMA integrity_check").fetchone() == ("ok",)
        return {id for (id,) in connection.execute("SELECT id FROM operation")}
    finally:
        connection.close()


@pytest.mark.slow
def test_whenever_the_power_goes_what_was_promised_is_found_again(files, tmp_path):
    recorder, at_first = work(files)
    again = tmp_path / "again"
    app = create_app(TESTING=True, DEMO=True, LOG_LEVEL="ERROR", DATA_DIR=str(again), DATABASE_URL="")
    cuts = 0

    for left, promised in moments(recorder, at_first, random.Random(20261123)):
        assert promised <= found_again(left, again), "something promised is lost"
        cuts += 1
        if cuts % 10 == 0:
            with app.app_context():
                assert list(verify()) == []
            _let_go(app)

    assert cuts > RANDOM_CUTS
    assert sum(note[0] == "sync" for note in recorder.notes) >= PUSHES


@pytest.mark.slow
def test_without_full_syncs_something_promised_would_be_lost(files, tmp_path, monkeypatch):
    careless = tuple(
        pragma.replace("synchronous=FULL", "synchronous=NORMAL") for pragma in database_module.SQLITE_PRAGMAS
    )
    assert careless != database_module.SQLITE_PRAGMAS
    monkeypatch.setattr(database_module, "SQLITE_PRAGMAS", careless)

    recorder, at_first = work(files)

    assert any(
        promised - found_again(left, tmp_path / "again")
        for left, promised in moments(recorder, at_first, random.Random(20261123))
    )

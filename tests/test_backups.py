"""Backup during load, restore, compare: nothing acknowledged is lost while its author's phone lives."""

import hashlib
import shutil
import threading
from pathlib import Path

import jwt
import pytest
from sqlalchemy import select

from audit_app import create_app
from audit_app.accounts.models import Device
from audit_app.awards.certificate import keys
from audit_app.awards.models import Issued
from audit_app.awards.panel.granting import prove_award
from audit_app.awards.queries import prove_seal
from audit_app.backups import DATABASE
from audit_app.db import db, new_id, now
from audit_app.ledger.models import Operation, Stream
from audit_app.ledger.verify import verify

from .builders import OURS, Phone, Scene, operation, secret
from .deciding import Deciding
from .test_check import by_number, shown
from .test_evidence import a_photo
from .test_ledger import finding


@pytest.fixture
def elsewhere(request, app, database, tmp_path):
    """The application with an empty place for its database: another machine, with the same secret, so that a cookie
    would outlive a restore if its session did."""
    folder, url = tmp_path / "elsewhere", ""
    folder.mkdir()
    if database["DATABASE_URL"]:
        server = request.getfixturevalue("postgresql_server")
        server.psql("DROP DATABASE IF EXISTS elsewhere;")
        server.psql("CREATE DATABASE elsewhere;")
        url = server.get_uri(database="elsewhere")
    secret = app.config["SECRET_KEY"]
    app = create_app(TESTING=True, DEMO=True, SECRET_KEY=secret, DATA_DIR=str(folder), DATABASE_URL=url)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def copy(tmp_path) -> Path:
    """Where the backup goes."""
    folder = tmp_path / "backups"
    folder.mkdir()
    return folder / "copy.milieu"


@pytest.fixture
def ward(scene: Scene):
    """A lead's phone and an audit of a ward."""
    site = scene.site(org := scene.organisation())
    phone = scene.phone("Tom", "lead", org, site)
    return phone, scene.audit(phone, site)


def test_a_restore_ends_every_key_for_a_program(app, ward, copy, elsewhere):
    phone, _ = ward
    made, hashed = secret()
    key = {"token": new_id(), "secret_sha256": hashed, "name": "Sheets", "until": now().date().isoformat()}
    organisation = phone.get("/api/home").json["organisations"][0]["id"]
    assert phone.do(organisation, "token.make", key)["verdict"] == "applied"
    bearer = {"Authorization": f"Bearer {made}"}
    assert app.test_cli_runner().invoke(args=["backup", str(copy)]).exit_code == 0

    restored = elsewhere.test_cli_runner().invoke(args=["restore", str(copy)])

    assert restored.exit_code == 0, restored.output
    assert Phone(app).get("/api/tables/answers", headers=bearer).status_code == 200
    assert Phone(elsewhere).get("/api/tables/answers", headers=bearer).status_code == 401


def test_a_backup_made_during_load_holds_and_is_how_things_were_at_one_moment(scene, ward, copy, elsewhere):
    phone, audit = ward
    stop, pushed = threading.Event(), []

    def push_on():
        while not stop.is_set():
            pushed.append(phone.push(audit.id, [finding(len(pushed) % 4)]).status_code)

    load = threading.Thread(target=push_on)
    load.start()
    while len(pushed) < 3:
        pass
    done = run(scene.app, "backup", copy)
    stop.set()
    load.join()

    assert done.exit_code == 0, done.output
    assert set(pushed) == {200}
    assert run(elsewhere, "restore", copy).exit_code == 0
    then, since = ledger(elsewhere), ledger(scene.app)
    assert all(since[stream][: len(operations)] == operations for stream, operations in then.items())
    assert len(then[audit.id]) > 2
    for one in (elsewhere, scene.app):
        with one.app_context():
            assert list(verify()) == []


def test_a_photo_comes_back_with_the_backup_that_took_it_along(scene, ward, copy, elsewhere):
    phone, audit = ward
    photo = a_photo()
    item = {"evidence": new_id(), "kind": "photo", "caption": "The garden", "criteria": ["safety-1"], "nobody": True}
    phone.do(audit.id, "evidence.add", item | {"sha256": hashlib.sha256(photo).hexdigest()})
    address = f"/api/audits/{audit.id}/photos/{hashlib.sha256(photo).hexdigest()}"
    phone.client.put(address, data=photo, headers=OURS)
    shown = phone.get(address).data

    assert run(scene.app, "backup", copy).exit_code == 0
    assert "1 photos" in run(elsewhere, "restore", copy).output

    there = Phone(elsewhere)
    there.sign_in("tom@example.org")
    assert there.get(address).data == shown


def test_an_award_comes_back_with_its_seal_its_certificate_and_the_key_that_signed_it(scene, copy, elsewhere):
    way = Deciding(scene)
    number = way.award()["number"]
    late = finding(0)
    assert way.amina.verdicts(way.audit, [late]) == ["kept"]
    before, token = way.home(), the_token(scene.app, number)
    assert run(scene.app, "backup", copy).exit_code == 0

    restored = run(elsewhere, "restore", copy)

    assert restored.exit_code == 0, restored.output
    verified = elsewhere.test_cli_runner().invoke(args=["verify"])
    assert verified.exit_code == 0, verified.output
    with elsewhere.app_context():
        assert prove_seal(db.session.get(Stream, way.audit)) is None
        assert prove_award(db.session.get(Stream, way.audit)) is None
        [key] = keys.keys_here()
        assert jwt.get_unverified_header(token)["kid"].endswith(key.id)
    anybody = Phone(elsewhere)
    assert {by_number(anybody, number), shown(anybody, token)} == {"valid"}
    lena = Phone(elsewhere)
    assert lena.sign_in("lena@example.org").status_code == 200
    assert told_of(way.home(lena)) == told_of(before)
    assert lena.get(f"/api/audits/{way.audit}").json["kept"][0]["id"] == late["id"], "what came late waits as it did"
    assert lena.verdicts(way.audit, [finding(3)]) == ["kept"], "and sealed is sealed"
    assert lena.do(way.audit, "audit.recall", {})["verdict"] == "refused"


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)  # keys are files, whatever the database is
def test_without_the_keys_a_restored_award_is_known_by_its_number_and_no_certificate_by_its_signature(
    scene, copy, elsewhere
):
    way = Deciding(scene)
    number = way.award()["number"]
    token = the_token(scene.app, number)
    assert run(scene.app, "backup", copy).exit_code == 0
    shutil.rmtree(copy.parent / keys.FOLDER)

    assert run(elsewhere, "restore", copy).exit_code == 0

    anybody = Phone(elsewhere)
    assert (by_number(anybody, number), shown(anybody, token)) == ("valid", "unknown")


def the_token(app, number: str) -> str:
    """The credential that stands for an award."""
    with app.app_context():
        return db.session.scalar(select(Issued.token).filter_by(award_number=number, current=True))


def told_of(home: dict) -> dict:
    """What Home says of an audit, but how far a backup holds it."""
    return {name: value for name, value in home.items() if name != "backed_up_to"}


def test_devices_are_told_how_far_the_backup_reaches_and_no_further(scene, ward, copy):
    phone, audit = ward
    phone.verdicts(audit.id, [finding(1)])

    run(scene.app, "backup", copy)
    phone.verdicts(audit.id, [finding(2)])

    assert phone.get(f"/api/audits/{audit.id}").json["backed_up_to"] == 3
    assert phone.get("/api/home").json["audits"][0]["backed_up_to"] == 3


def test_after_a_restore_a_phone_that_knows_more_sends_it_again(scene, ward, copy, elsewhere):
    phone, audit = ward
    run(scene.app, "backup", copy)
    lost = finding(2)
    cursor = phone.push(audit.id, [lost]).json["cursor"]

    assert run(elsewhere, "restore", copy).exit_code == 0

    after = Phone(elsewhere, id=phone.id)
    assert after.sign_in("tom@example.org").status_code == 200
    refused = after.push(audit.id, [finding(3, seen=[lost["id"]])], cursor=cursor)
    assert (refused.status_code, refused.json["type"]) == (409, "/problems/ledger-diverged")
    held = after.get(f"/api/audits/{audit.id}", headers={"If-None-Match": f'"{cursor}"'}).json
    assert held["diverged"] is True
    assert lost["id"] not in str(held["registers"])
    later = finding(3, seen=[lost["id"]])
    assert after.verdicts(audit.id, [lost, later], cursor=held["cursor"]) == ["applied", "applied"]
    assert after.registers(audit.id)["finding/safety-1/rating"] == [{"rating": 3}]


def test_a_phone_that_was_in_the_backup_goes_on_where_it_was(scene, ward, copy, elsewhere):
    phone, audit = ward
    cursor = phone.push(audit.id, [finding(2)]).json["cursor"]
    run(scene.app, "backup", copy)

    run(elsewhere, "restore", copy)

    after = Phone(elsewhere)
    after.sign_in("tom@example.org")
    assert after.push(audit.id, [finding(3)], cursor=cursor).status_code == 200


def test_an_audit_that_began_after_the_backup_is_begun_again_by_its_phone(scene, ward, copy, elsewhere):
    phone, _ = ward
    run(scene.app, "backup", copy)
    site = phone.get("/api/home").json["sites"][0]["id"]
    opening = {"site": site, "checklist": "ten-minute-look", "edition": 1, "track": "development"}
    begun = operation("audit.open", opening)
    cursor = phone.push(begun["id"], [begun]).json["cursor"]
    run(elsewhere, "restore", copy)
    after = Phone(elsewhere)
    after.sign_in("tom@example.org")

    assert after.push(begun["id"], [begun], cursor=cursor).status_code in (200, 409)
    assert after.verdicts(begun["id"], [begun], cursor=None) == ["applied"]


def test_a_restore_ends_every_session(scene, ward, copy, elsewhere):
    phone, _ = ward
    cookie = phone.client.get_cookie("milieu").value
    run(scene.app, "backup", copy)

    run(elsewhere, "restore", copy)

    thief = elsewhere.test_client()
    thief.set_cookie("milieu", cookie)
    assert phone.get("/api/home").status_code == 200
    assert thief.get("/api/home").status_code == 401
    with elsewhere.app_context():
        assert db.session.scalars(select(Device)).all() == []


def test_nothing_is_written_over(scene, ward, copy):
    assert run(scene.app, "backup", copy).exit_code == 0
    before = copy.read_bytes()

    again, back = run(scene.app, "backup", copy), run(scene.app, "restore", copy)

    assert again.exit_code != 0
    assert "there already" in again.output
    assert copy.read_bytes() == before
    assert back.exit_code != 0
    assert "is there" in back.output or "not empty" in back.output


def test_a_damaged_backup_is_not_restored(scene, ward, copy, elsewhere):
    run(scene.app, "backup", copy)
    damage(copy)

    refused = run(elsewhere, "restore", copy)

    assert refused.exit_code != 0
    assert not (Path(elsewhere.config["DATA_DIR"]) / DATABASE).exists()


def test_a_copy_that_does_not_hold_is_no_backup_and_no_device_lets_go(scene, ward, copy):
    _, audit = ward
    with scene.app.app_context():
        where = " ON operation" if scene.app.config["DATABASE_URL"] else ""
        db.session.execute(db.text(f"DROP TRIGGER operation_never_changes{where}"))
        db.session.execute(db.update(Operation).values(kind="finding.account").filter_by(stream_id=audit.id))
        db.session.commit()

    refused = run(scene.app, "backup", copy)

    assert refused.exit_code != 0
    assert "does not fit the chain" in refused.output
    assert list(copy.parent.iterdir()) == []
    with scene.app.app_context():
        assert set(db.session.scalars(select(Stream.backed_up_to))) == {0}


def test_reading_a_copy_back_leaves_nothing_behind(scene, ward, copy):
    assert run(scene.app, "backup", copy).exit_code == 0

    assert list(copy.parent.iterdir()) == [copy]
    assert copy.stat().st_mode & 0o077 == 0
    if scene.app.config["DATABASE_URL"]:
        with scene.app.app_context():
            names = db.session.scalars(db.text("SELECT datname FROM pg_database WHERE datname LIKE 'milieu_%'")).all()
        assert names == []


def run(app, command: str, file: Path):
    return app.test_cli_runner().invoke(args=[command, str(file)])


def ledger(app) -> dict[str, list[tuple[int, str, str]]]:
    """Every stream's operations, in order, with their digests."""
    found: dict[str, list] = {}
    with app.app_context():
        rows = select(Operation.stream_id, Operation.number, Operation.id, Operation.digest)
        for stream, *row in db.session.execute(rows.order_by(Operation.stream_id, Operation.number)):
            found.setdefault(stream, []).append(tuple(row))
    return found


def damage(copy: Path) -> None:
    """Half of it never reached the disk."""
    content = copy.read_bytes()
    copy.write_bytes(content[: len(content) // 2])

"""Real gunicorn processes, killed with SIGKILL at every named point, behind a network that drops, delays, doubles and
cuts: whatever was acknowledged is there, everything is there once, and everybody ends up seeing the same. And replaced
while they are at work."""

import json
import os
import random
import signal
import socket
import threading
import time

import pytest

from audit_app import create_app
from audit_app.db import db, new_id
from audit_app.ledger.models import Operation
from audit_app.ledger.verify import verify

from .builders import CHECKLIST, Scene, email_of, operation
from .devices import Phone, shown
from .serving import POINTS, Browser, Network, Service, ask

CAMPAIGN = int(os.environ.get("CAMPAIGN", "0"))
SECONDS_OF_CHAOS = min(CAMPAIGN, 60) or 6

pytestmark = pytest.mark.slow


class Place:
    """A ward with its team, served by real processes."""

    def __init__(self, database: dict[str, str], folder):
        self.app = create_app(TESTING=True, DEMO=True, LOG_LEVEL="ERROR", **database)
        scene = Scene(self.app)
        self.ward = scene.site(org := scene.organisation())
        for name, role in (("Amina", "auditor"), ("Ben", "auditor"), ("Lena", "lead")):
            scene.person(name, role, org, self.ward)
        self.let_go()
        self.service = Service(database, folder)
        self.service.start()

    def browser(self, name: str, port: int | None = None) -> Browser:
        browser = Browser(self.service.port)
        browser.sign_in(email_of(name), new_id())
        browser.port = port or self.service.port
        return browser

    def opening(self) -> dict:
        return {"site": self.ward, "checklist": CHECKLIST, "edition": 1, "track": "development"}

    def ledger(self, audit: str) -> list[str]:
        """The ids in an audit's ledger, in order; the ledger proves itself first."""
        with self.app.app_context():
            assert list(verify()) == []
            db.session.rollback()
            rows = db.session.execute(
                db.select(Operation.number, Operation.id).filter_by(stream_id=audit).order_by(Operation.number)
            ).all()
        self.let_go()
        assert [number for number, _ in rows] == list(range(1, len(rows) + 1))
        return [id for _, id in rows]

    def let_go(self) -> None:
        with self.app.app_context():
            db.session.remove()
            db.engine.dispose()


@pytest.fixture
def place(database, tmp_path):
    place = Place(database, tmp_path)
    yield place
    place.service.kill()
    place.let_go()


def push(browser: Browser, audit: str, operations: list[dict], **headers) -> dict:
    body = json.dumps({"stream": audit, "cursor": None, "operations": operations}).encode()
    status, told = browser.ask("POST", "/api/operations", body, **headers)
    assert status == 200, told
    return told


def until_heard(place: Place, browser: Browser, audit: str, operations: list[dict]) -> dict:
    """The same again and again, as a phone does, until there is an answer."""
    for _ in range(20):
        place.service.revive()
        try:
            return push(browser, audit, operations)
        except OSError:  # a worker whose master has died goes on for a moment, and then goes too
            time.sleep(0.1)
    raise AssertionError("it never answers")


def test_killed_at_any_point_the_service_has_what_it_acknowledged_and_takes_a_repeat_once(place: Place):
    amina, audit = place.browser("Amina"), new_id()
    sent = [operation("audit.open", place.opening())]
    push(amina, audit, sent)

    for point in (*POINTS, *(f"ALL {point}" for point in POINTS[-4:])):
        batch = [operation("finding.agree", {"criterion": f"safety-{n}", "rating": n % 4}) for n in range(1, 6)]
        with pytest.raises(OSError):
            push(amina, audit, batch, **{"X-Die": point})

        told = until_heard(place, amina, audit, batch)

        sent += batch
        assert [outcome["verdict"] for outcome in told["outcomes"]] == ["applied"] * 5, point
        assert [outcome["number"] for outcome in told["outcomes"]] == list(range(len(sent) - 4, len(sent) + 1)), point
    place.service.kill()
    assert place.ledger(audit) == [one["id"] for one in sent]


def test_behind_a_bad_network_and_with_workers_dying_everybody_ends_up_seeing_the_same(place: Place):
    network = Network(place.service.port, seed=20261123)
    names = ("Amina", "Amina", "Ben", "Lena")
    browsers = [place.browser(name, network.port) for name in names]
    phones = [Phone(name, browser, place.ward) for name, browser in zip(names, browsers, strict=True)]
    audit = new_id()
    phones[0].say(audit, "audit.open", place.opening())
    until, failures = time.monotonic() + SECONDS_OF_CHAOS, []
    threads = [
        threading.Thread(target=_live, args=(phone, audit, random.Random(seed), until, failures))
        for seed, phone in enumerate(phones)
    ]

    for thread in threads:
        thread.start()
    _kill_now_and_then(place.service, until)
    for thread in threads:
        thread.join()
    network.calm = True
    place.service.revive()
    for _ in range(6):
        for phone in phones:
            _cycle(phone)

    assert failures == []
    assert min(network.met.values()) > 0, "not everything was tried"
    screens = [shown(phone.held(audit)) for phone in phones]
    assert screens[0] and all(screen == screens[0] for screen in screens)
    assert not any(row.owed for phone in phones for row in phone.held(audit).rows)
    network.close()
    place.service.kill()
    in_ledger = place.ledger(audit)
    assert {row.id for phone in phones for row in phone.held(audit).rows} == set(in_ledger)


def _live(phone: Phone, audit: str, chance: random.Random, until: float, failures: list) -> None:
    """Somebody rates and writes while the network does what it does."""
    try:
        while time.monotonic() < until:
            if phone.held(audit).rows or phone.held(audit).holds:
                payload = {"criterion": f"safety-{chance.randint(1, 3)}", "rating": chance.choice([0, 1, 2, 3, 9])}
                phone.say(audit, "finding.agree", payload)
            _cycle(phone)
    except Exception as failure:
        failures.append(failure)


def _cycle(phone: Phone) -> None:
    """One cycle of the phone's sync over real sockets."""
    work = phone.cycle()
    request = next(work)
    try:
        while True:
            request = work.send(None if request is None else _ask(phone.client, request))
    except StopIteration:
        return


def _ask(browser: Browser, request) -> tuple[int, dict] | None:
    headers = {"If-None-Match": f'"{request.etag}"'} if request.etag else {}
    try:
        status, told = browser.ask(request.method, request.path, request.body, **headers)
    except OSError:
        return None
    assert status != 500, told
    return (status, told) if status < 500 else None


def _kill_now_and_then(service: Service, until: float) -> None:
    chance = random.Random(7)
    while time.monotonic() < until:
        time.sleep(0.7)
        for id in service.workers()[:1] if chance.random() < 0.8 else service.workers():
            os.kill(id, signal.SIGKILL)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_a_process_that_is_to_be_replaced_finishes_what_it_began_however_long_that_takes(place: Place):
    service = place.service
    service.kill()
    patience = "--max-requests 4 --max-requests-jitter 0 --graceful-timeout 1 --timeout 3"
    service.environment |= {"GUNICORN_CMD_ARGS": patience}
    service.start()
    before = set(service.workers())

    with socket.create_connection(("127.0.0.1", service.port)) as slow:
        slow.sendall(b"POST /api/session HTTP/1.1\r\nHost: 127.0.0.1\r\nContent-Type: application/json\r\n")
        slow.sendall(b"Sec-Fetch-Site: same-origin\r\nContent-Length: 2\r\nConnection: close\r\n\r\n{")
        for _ in range(60):  # enough for each of the two
            ask(service.port, "GET", "/healthz")
        time.sleep(8)  # its master would have ended one that does not say that it lives
        at_work = before & set(service.workers())
        slow.sendall(b"}")
        reply = slow.recv(100)

    assert len(at_work) == 1, "the other one was replaced at once"
    assert reply.startswith(b"HTTP/1.1 4"), reply
    until = time.monotonic() + 10
    while at_work & set(service.workers()) and time.monotonic() < until:
        time.sleep(0.1)
    assert not at_work & set(service.workers()), "it was to be replaced too"

"""Real gunicorn processes for a test, and a network that does to each request what it is told."""

import http.client
import json
import os
import random
import signal
import socket
import subprocess
import sys
import threading
import time
from contextlib import suppress
from pathlib import Path

from .builders import OURS, PASSWORD

ROOT = Path(__file__).resolve().parent.parent
ATTEMPTS = 600  # are counted, and not the clock: a machine that slept meanwhile has not tried

# Where `tests/faulty.py` lets a worker die.
POINTS = (
    "before it is read",
    "before the stream is locked",
    "after the stream is locked",
    "before the operations are written",
    "after the operations are written",
    "before the registers are written",
    "before the commit",
    "after the commit",
    "before the reply",
    "in the middle of the reply",
)


def free_port() -> int:
    """A port above 8100 that nobody listens on."""
    while True:
        port = random.randrange(20_000, 32_000)  # below those that the system gives to whoever asks elsewhere
        with socket.socket() as one:
            if one.connect_ex(("127.0.0.1", port)):
                return port


class Service:
    """Milieu as `make run` serves it, with a killer inside (`tests/faulty.py`), on a database and port of its own."""

    def __init__(self, database: dict[str, str], folder: Path):
        self.port = free_port()
        self.log = folder / "gunicorn.log"
        settings = {"DEMO": "yes", "PORT": str(self.port), "WEB_CONCURRENCY": "2", "LOG_LEVEL": "WARNING"}
        self.environment = os.environ | database | settings
        self.process: subprocess.Popen | None = None

    def start(self) -> None:
        command = [sys.executable, "-m", "gunicorn", "-c", "gunicorn.conf.py", "tests.faulty:app"]
        with self.log.open("ab") as log:
            self.process = subprocess.Popen(
                command, cwd=ROOT, env=self.environment, stdout=log, stderr=log, start_new_session=True
            )
        self._wait()
        assert not self._is_dead(), f"it has ended; its log says:\n{self.log.read_text()[-3000:]}"

    def _wait(self) -> None:
        """Until it answers, or has died."""
        for _ in range(ATTEMPTS):
            if self._answers() or self._is_dead():
                return
            time.sleep(0.05)
        raise AssertionError(f"it does not answer; its log says:\n{self.log.read_text()[-3000:]}")

    def _answers(self) -> bool:
        with suppress(OSError):
            return ask(self.port, "GET", "/healthz", timeout=5)[0] == 200
        return False

    def _is_dead(self) -> bool:
        return self.process is None or self.process.poll() is not None

    def kill(self) -> None:
        """SIGKILL for the master and every worker."""
        if self.process:
            with suppress(ProcessLookupError):
                os.killpg(self.process.pid, signal.SIGKILL)
            self.process.wait()
            self.process = None

    def workers(self) -> list[int]:
        """The workers' process ids."""
        children = Path(f"/proc/{self.process.pid}/task/{self.process.pid}/children")
        return [int(id) for id in children.read_text().split()]

    def revive(self) -> None:
        """Wait until it answers, and start it again as often as its master has died: it may go on dying for a moment
        after the worker that was killed with it."""
        self._wait()
        while self._is_dead():
            self.kill()
            self.start()


def ask(port: int, method: str, path: str, body: bytes | None = None, headers: dict | None = None, timeout: float = 20):
    """One request on a connection of its own: status, headers and what came. OSError where nothing whole came."""
    connection = http.client.HTTPConnection("127.0.0.1", port, timeout=timeout)
    try:
        connection.request(method, path, body, OURS | {"Connection": "close"} | (headers or {}))
        reply = connection.getresponse()
        return reply.status, reply.headers, reply.read()
    except http.client.HTTPException as broken:
        raise ConnectionError(str(broken)) from broken
    finally:
        connection.close()


class Browser:
    """Somebody's browser: a cookie, and a port to ask at."""

    def __init__(self, port: int):
        self.port, self.cookie = port, ""

    def sign_in(self, email: str, device: str) -> None:
        body = {"email": email, "password": PASSWORD, "device": {"id": device, "name": "A phone"}}
        status, headers, _ = ask(self.port, "POST", "/api/session", json.dumps(body).encode())
        assert status == 200
        self.cookie = headers["Set-Cookie"].split(";")[0]

    def ask(self, method: str, path: str, body: bytes | None = None, **headers) -> tuple[int, dict]:
        """Status and JSON; OSError where nothing whole came, or nothing that can be believed."""
        status, _, text = ask(self.port, method, path, body, {"Cookie": self.cookie, **headers})
        try:
            told = json.loads(text) if text else {}
        except ValueError as broken:
            raise ConnectionError("half a reply") from broken
        if status != 304 and told.get("protocol") != 1:
            raise ConnectionError("not a reply of ours")
        return status, told


class Network:
    """A proxy on a port of its own: each request that comes is dropped, delayed, doubled, left unheard or cut, by
    chance, until it is told to be calm."""

    FATES = ("heard", "heard", "heard", "dropped", "delayed", "doubled", "unheard", "cut")

    def __init__(self, port: int, seed: int):
        self.to, self.chance, self.calm = port, random.Random(seed), False
        self.listener = socket.create_server(("127.0.0.1", 0))
        self.port = self.listener.getsockname()[1]
        self.met: dict[str, int] = dict.fromkeys(self.FATES, 0)
        threading.Thread(target=self._listen, daemon=True).start()

    def close(self) -> None:
        self.listener.close()

    def _listen(self) -> None:
        while True:
            try:
                client, _ = self.listener.accept()
            except OSError:
                return
            threading.Thread(target=self._serve, args=(client,), daemon=True).start()

    def _serve(self, client: socket.socket) -> None:
        fate = "heard" if self.calm else self.chance.choice(self.FATES)
        self.met[fate] += 1
        with client:
            try:
                request = _whole_request(client)
                if fate == "dropped":
                    return
                if fate == "delayed":
                    time.sleep(self.chance.random() * 0.4)
                reply = self._forward(request)
                if fate == "doubled":
                    reply = self._forward(request)
                if fate == "cut":
                    reply = reply[: self.chance.randrange(len(reply) + 1)]
                if fate != "unheard":
                    client.sendall(reply)
            except OSError:
                return

    def _forward(self, request: bytes) -> bytes:
        with socket.create_connection(("127.0.0.1", self.to), timeout=20) as server:
            server.sendall(request)
            return b"".join(iter(lambda: server.recv(65536), b""))


def _whole_request(client: socket.socket) -> bytes:
    client.settimeout(20)
    got = b""
    while b"\r\n\r\n" not in got:
        more = client.recv(65536)
        if not more:
            raise ConnectionError
        got += more
    head, _, rest = got.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.split(b"\r\n") if line.lower().startswith(b"content-length:")]
    missing = int(lengths[0]) - len(rest) if lengths else 0
    while missing > 0:
        more = client.recv(65536)
        if not more:
            raise ConnectionError
        got, missing = got + more, missing - len(more)
    return got

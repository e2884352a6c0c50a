"""Milieu as `make run` serves it: real gunicorn processes that really stop, and start again with the same data."""

import os
import random
import shutil
import signal
import socket
import subprocess
import sys
import threading
import time
import urllib.request
from contextlib import suppress
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

from tests.standby import Standby

ROOT = Path(__file__).resolve().parents[2]
SERVED = ("audit_app", "checklists", "migrations", "static", "wsgi.py", "gunicorn.conf.py")
BELOW_THE_EPHEMERAL = range(20_000, 32_000)  # so nobody is given the port while the service is stopped
PATIENCE = 30


def copy_of_the_tree(folder: Path) -> Path:
    """The application's files as they are now, so that a story is not changed by whoever edits them meanwhile."""
    for name in SERVED:
        if (ROOT / name).is_dir():
            shutil.copytree(ROOT / name, folder / name, ignore=shutil.ignore_patterns("__pycache__"))
        else:
            shutil.copy(ROOT / name, folder / name)
    return folder


def free_port() -> int:
    """A port that nobody listens on."""
    while True:
        port = random.choice(BELOW_THE_EPHEMERAL)
        with socket.socket() as attempt, suppress(OSError):
            attempt.bind(("127.0.0.1", port))
            return port


class Service:
    """One service: its files, its data, its port. `stop` is a tidy end, `kill` is the plug pulled out."""

    def __init__(self, standby: Standby, data: Path):
        self.standby = standby
        self.data = data
        self.port = free_port()
        self.process = None

    @property
    def address(self) -> str:
        return f"http://127.0.0.1:{self.port}/"

    def start(self) -> None:
        """Start, and wait until somebody can really go there."""
        self.process = self.standby.gunicorn(self._environment(), self.data / "gunicorn.log")
        until(self._answers, "the service answers")

    def stop(self) -> None:
        """SIGTERM: what has begun is finished, then nobody listens any more."""
        self._end(lambda: self.process.send_signal(signal.SIGTERM))

    def kill(self) -> None:
        """SIGKILL to all its processes at once."""
        self._end(lambda: os.killpg(self.process.pid, signal.SIGKILL))

    def verify(self) -> str:
        """What `flask verify` says of the ledger; it must hold."""
        verified = subprocess.run(
            [Path(sys.executable).with_name("flask"), "--app", "wsgi", "verify"],
            cwd=self.standby.tree,
            env=self._environment(),
            capture_output=True,
            text=True,
        )
        assert verified.returncode == 0, verified.stderr
        return verified.stdout.strip()

    def _environment(self) -> dict[str, str]:
        kept = {name: value for name, value in os.environ.items() if name not in {"DATABASE_URL", "SECRET_KEY"}}
        return kept | {
            "DEMO": "yes",
            "DATA_DIR": str(self.data),
            "PORT": str(self.port),
            "WEB_CONCURRENCY": "2",
            "LOG_LEVEL": "WARNING",
            "GUNICORN_CMD_ARGS": "--graceful-timeout 1",  # browsers hold connections open on which nothing is asked
        }

    def _answers(self) -> bool:
        assert self.process.is_running(), (self.data / "gunicorn.log").read_text()
        with suppress(OSError), urllib.request.urlopen(f"{self.address}healthz", timeout=5) as reply:
            return reply.status == 200
        return False

    def _end(self, end) -> None:
        if self.process and self.process.is_running():
            end()
            self.process.wait(PATIENCE)
        self.process = None
        until(lambda: not self._is_listening(), "nobody listens any more")

    def _is_listening(self) -> bool:
        with socket.socket() as attempt:
            return attempt.connect_ex(("127.0.0.1", self.port)) == 0


class CaptivePortal:
    """A guest network that answers everything with 200 and its own page, where the stopped service used to be."""

    PAGE = b"<!doctype html><title>Guest Wi-Fi</title><h1>Welcome! Please accept our terms.</h1>"

    def __init__(self, port: int):
        self.asked = []
        portal = self

        class Answer(BaseHTTPRequestHandler):
            def do_GET(self):
                portal.asked.append(f"{self.command} {self.path}")
                self.rfile.read(int(self.headers.get("Content-Length") or 0))
                self.send_response(200)
                self.send_header("Content-Type", "text/html")
                self.send_header("Content-Length", str(len(portal.PAGE)))
                self.end_headers()
                self.wfile.write(portal.PAGE)

            do_POST = do_DELETE = do_GET

            def log_message(self, *_):
                pass

        self.server = ThreadingHTTPServer(("127.0.0.1", port), Answer)
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def stop(self) -> None:
        self.server.shutdown()
        self.server.server_close()


def until(holds, what: str, patience: float = PATIENCE) -> None:
    """Ask again and again until it holds; fail in words when patience runs out."""
    end = time.monotonic() + patience
    while not holds():
        assert time.monotonic() < end, f"waited {patience} s until {what}"
        time.sleep(0.05)

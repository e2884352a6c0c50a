"""Starts gunicorn at once: a process that has imported everything already, and makes a copy of itself for each start.
To import it all takes longer than anything else that most stories wait for.

    with Standby(tree) as standby:  # the folder whose code it is
        process = standby.gunicorn({"PORT": "8000"}, Path("gunicorn.log"))

Run as a program it is that process: each line of its input starts one, each line of its output is the id of one begun.
"""

import json
import os
import signal
import subprocess
import sys
from pathlib import Path

import psutil


class Standby:
    """A process that waits in `tree` for gunicorn to be started, until it is left: what has begun goes on."""

    def __init__(self, tree: Path):
        self.tree = tree
        self._process = subprocess.Popen(
            [sys.executable, "-P", Path(__file__)],
            cwd=tree,
            env=os.environ | {"PYTHONPATH": str(tree)},
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            text=True,
        )

    def gunicorn(self, environment: dict[str, str], log: Path, *arguments: str) -> psutil.Process:
        """Start it in a session of its own, with this environment alone; what it says goes to the end of `log`."""
        told = {"command": ["gunicorn", *arguments], "environment": environment, "log": str(log)}
        self._process.stdin.write(json.dumps(told) + "\n")
        self._process.stdin.flush()
        return psutil.Process(int(self._process.stdout.readline()))

    def __enter__(self) -> "Standby":
        return self

    def __exit__(self, *_) -> None:
        self._process.stdin.close()
        self._process.wait()


def _start_when_told() -> None:
    from gunicorn.app.wsgiapp import run
    from gunicorn.workers import gthread  # noqa: F401

    import audit_app  # noqa: F401

    signal.signal(signal.SIGCHLD, signal.SIG_IGN)
    for line in sys.stdin:
        told = json.loads(line)
        began = os.fork()
        if not began:
            return _become(told, run)
        print(began, flush=True)
    return None


def _become(told: dict, run) -> None:
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.setsid()
    os.environ.clear()
    os.environ.update(told["environment"])
    log = os.open(told["log"], os.O_WRONLY | os.O_CREAT | os.O_APPEND)
    nothing = os.open(os.devnull, os.O_RDONLY)
    for source, target in ((nothing, 0), (log, 1), (log, 2)):
        os.dup2(source, target)
    sys.argv = told["command"]
    run()


if __name__ == "__main__":
    _start_when_told()

"""How gunicorn serves Milieu. HOST, PORT and DEMO mean here what `audit_app/config.py` says they mean."""

import os

import gunicorn

from audit_app.config import read_settings

settings = read_settings()
LOOPBACK = ("127.", "[::1]", "localhost", "unix:")

gunicorn.SERVER = "milieu"  # no version to look up holes for

wsgi_app = "wsgi:app"
bind = "{}:{}".format(f"[{settings['HOST']}]" if ":" in settings["HOST"] else settings["HOST"], settings["PORT"])

# Processes rather than threads: SQLite's writers queue for one lock, and threads of one process queue for Python's
# as well. Two threads each, so that a slow phone in the middle of sending does not hold up a process. Waiting
# connections cost no thread, so phones keep theirs through a whole round of the one poll (every 30 s).
workers = int(os.environ.get("WEB_CONCURRENCY") or max(4, os.cpu_count() or 1))
worker_class = "gthread"
threads = 2
keepalive = 45
preload_app = True

# A process is replaced now and then, never all at once; SIGTERM finishes what it began. A process has the whole time to
# say that it lives, whatever its threads are at, so `timeout` ends no long download; and one that is to be replaced
# waits for those it has begun. When all of Milieu is stopped, they have 30 seconds.
max_requests = 20_000
max_requests_jitter = 5_000
timeout = 60
graceful_timeout = 30
LONGEST_DOWNLOAD = 900

control_socket_disable = True
limit_request_line = 2048
limit_request_fields = 50
accesslog = None  # the application writes its own JSON lines, with the request's id and without bodies
loglevel = "warning"


def on_starting(server):
    """Demo mode has known passwords, so it refuses every address but this machine's, however it was asked for."""
    public = [address for address in server.cfg.bind if not address.startswith(LOOPBACK)]
    if settings["DEMO"] and public:
        raise SystemExit(f"Demo mode refuses to listen on {', '.join(public)}: its passwords are known.")


def when_ready(server):
    """Say where Milieu is, once somebody can really go there."""
    print(f"\nMilieu is at http://{server.cfg.bind[0]}  (Ctrl+C stops it)", flush=True)


def post_fork(server, worker):
    """A database connection belongs to the process that opened it, and so does the patience with its downloads."""
    from audit_app.db import db

    worker.cfg.set("graceful_timeout", LONGEST_DOWNLOAD)
    with server.app.wsgi().app_context():
        db.engine.dispose(close=False)

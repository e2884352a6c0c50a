"""The application with a killer inside, for tests with real processes: a request may name the point at which the
process that serves it is to die. Nothing of this is in the product; gunicorn is pointed here instead of at `wsgi`.
"""

import os
import signal
import threading

from sqlalchemy import event
from sqlalchemy.engine import Engine

from audit_app import create_app
from audit_app.db import db

_asked = threading.local()


def die_at(point: str) -> None:
    """Die here, at once, if this request asked for it; with `ALL` before the name the master dies too."""
    asked = getattr(_asked, "point", None)
    if asked == f"ALL {point}":
        os.kill(os.getppid(), signal.SIGKILL)
    if asked in (point, f"ALL {point}"):
        os.kill(os.getpid(), signal.SIGKILL)


class Killer:
    """WSGI around the application: reads where to die, and dies around it where that is the place."""

    def __init__(self, wsgi_app):
        self.wsgi_app = wsgi_app

    def __call__(self, environ, start_response):
        _asked.point = environ.get("HTTP_X_DIE")
        die_at("before it is read")
        body = b"".join(self.wsgi_app(environ, start_response))
        die_at("before the reply")
        if _asked.point and _asked.point.endswith("in the middle of the reply"):
            return self._half(body)
        return [body]

    @staticmethod
    def _half(body):
        yield body[: len(body) // 2]
        die_at("in the middle of the reply")


@event.listens_for(Engine, "before_cursor_execute")
def _before(connection, cursor, statement, parameters, context, executemany):
    if "FROM stream" in statement and "WHERE stream.id" in statement:
        die_at("before the stream is locked")
    elif statement.startswith("INSERT INTO operation"):
        die_at("before the operations are written")
    elif statement.startswith("INSERT INTO write"):
        die_at("before the registers are written")


@event.listens_for(Engine, "after_cursor_execute")
def _after(connection, cursor, statement, parameters, context, executemany):
    if "FROM stream" in statement and "WHERE stream.id" in statement:
        die_at("after the stream is locked")
    elif statement.startswith("INSERT INTO operation"):
        die_at("after the operations are written")


app = create_app()
app.wsgi_app = Killer(app.wsgi_app)

with app.app_context():
    event.listen(db.session, "before_commit", lambda session: die_at("before the commit"))
    event.listen(db.session, "after_commit", lambda session: die_at("after the commit"))

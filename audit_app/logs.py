"""Logs as JSON lines: one a request, with its id and without bodies, addresses of people or anything they said."""

import json
import logging
import sys
import time
from datetime import UTC, datetime

from flask import Flask, Response, g, request

access_log = logging.getLogger("milieu.access")


class Lines(logging.Formatter):
    """One JSON object a line."""

    def format(self, record: logging.LogRecord) -> str:
        line = {
            "at": datetime.fromtimestamp(record.created, UTC).isoformat(timespec="milliseconds"),
            "level": record.levelname.lower(),
            "from": record.name,
            "message": record.getMessage(),
            **{name: value for name in ("request_id", "request") if (value := getattr(record, name, None))},
        }
        if record.exc_info:
            line["trace"] = self.formatException(record.exc_info)
        return json.dumps(line, ensure_ascii=False)


def init_app(app: Flask) -> None:
    """Send this application's log to standard error as JSON lines, and write a line for each request."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(Lines())
    for name in ("audit_app", "milieu"):
        logger = logging.getLogger(name)
        logger.handlers, logger.propagate = [handler], app.testing
        logger.setLevel(app.config["LOG_LEVEL"])
    app.before_request(_start_clock)
    app.after_request(_write_line)


def _start_clock() -> None:
    g.started = time.perf_counter()


def _write_line(response: Response) -> Response:
    if request.endpoint in {"shell.file", "health.healthz"}:
        return response
    took = round((time.perf_counter() - g.get("started", time.perf_counter())) * 1000, 1)
    told = {"method": request.method, "route": str(request.url_rule or "-"), "status": response.status_code, "ms": took}
    access_log.info("request", extra={"request_id": g.get("request_id"), "request": told})
    return response

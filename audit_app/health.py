"""Is the service up, and can it write? For load balancers and whoever looks after the machine."""

import shutil
import time

from flask import Blueprint, current_app
from sqlalchemy import text

from .access import open_to_all
from .db import db, own_transaction
from .migrating import is_current
from .problems import Unavailable
from .wire import reply

health = Blueprint("health", __name__)

LEAST_FREE = 100 * 1024 * 1024
LONGEST_WAIT = 1.0


class NotReady(Unavailable):
    """The service is up but should not get work: its database cannot be written in time, its disk is nearly full, or
    migrations are missing. The reply says which."""

    title = "Not ready"


@health.get("/healthz")
@open_to_all
def healthz():
    """Up. Touches no database."""
    return reply({"status": "up", "demo": current_app.config["DEMO"]})


@health.get("/readyz")
@open_to_all
def readyz():
    """Ready for work: a write lock within a second, room on the disk, all migrations done."""
    failing = [name for name, holds in CHECKS.items() if not holds()]
    if failing:
        raise NotReady(f"Failing: {', '.join(failing)}.", failing=failing)
    return reply({"status": "ready", "checks": list(CHECKS)})


def can_write() -> bool:
    """Can a write lock be had within a second?"""
    started = time.monotonic()
    try:
        with own_transaction() as connection:
            connection.execute(text("SELECT 1"))
    except Exception:  # whatever it is, the answer is no
        return False
    return time.monotonic() - started < LONGEST_WAIT


def has_room() -> bool:
    """Is there room on the disk that holds the data?"""
    return shutil.disk_usage(current_app.config["DATA_DIR"]).free > LEAST_FREE


CHECKS = {"write": can_write, "disk": has_room, "migrations": lambda: is_current(db.engine)}

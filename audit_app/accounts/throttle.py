"""Slows guessing down: per account and per network, with a delay that grows and never a lock.

Failures are counted in transactions of their own, because the request that failed is rolled back.
"""

import hashlib
from datetime import timedelta

from flask import request
from sqlalchemy import delete, select

from ..db import db, glance, now, own_transaction, upsert
from ..problems import SlowDown
from .models import Attempt

FREE_ACCOUNT, FREE_NETWORK = 5, 30
LONGEST_WAIT = timedelta(minutes=15)
FORGOTTEN_AFTER = timedelta(hours=1)


def keys_for(what: str, name: str) -> dict[str, int]:
    """What to count for an attempt at `what` (sign-in, invitation) under `name`: key to failures that cost nothing."""
    return {_key(what, "account", name): FREE_ACCOUNT} | network_keys(what)


def network_keys(what: str) -> dict[str, int]:
    """The same for what has no name of its own, per network alone."""
    return {_key(what, "network", _network()): FREE_NETWORK}


def require_turn(keys: dict[str, int]) -> None:
    """Refuse with `SlowDown` and the seconds to wait while any of the keys must still wait."""
    with glance():
        free_at = db.session.scalar(select(db.func.max(Attempt.free_at)).filter(Attempt.key.in_(keys)))
    if free_at is not None and free_at > now():
        seconds = int((free_at - now()).total_seconds()) + 1
        raise SlowDown(f"Too many attempts. Try again in {seconds} seconds.", headers={"Retry-After": str(seconds)})


def note_failure(keys: dict[str, int]) -> None:
    """Count a failure under each key; beyond the free ones each doubles the wait."""
    with own_transaction() as connection:
        for key, free in keys.items():
            row = connection.execute(select(Attempt.failures, Attempt.last_at).filter_by(key=key)).one_or_none()
            lately = row is not None and now() - row.last_at < FORGOTTEN_AFTER
            failures = row.failures + 1 if lately else 1
            values = {"failures": failures, "last_at": now(), "free_at": now() + _wait(failures - free)}
            insert = upsert(Attempt.__table__).values(key=key, **values)
            connection.execute(insert.on_conflict_do_update(index_elements=["key"], set_=values))


def forget(keys: dict[str, int]) -> None:
    """Forget the failures of an account that has just shown who it is, and those that are old."""
    account = next(iter(keys))
    stale = Attempt.last_at < now() - FORGOTTEN_AFTER
    db.session.execute(delete(Attempt).where((Attempt.key == account) | stale))


def _wait(beyond: int) -> timedelta:
    if beyond < 0:
        return timedelta(0)
    return min(timedelta(seconds=2 ** min(beyond, 20)), LONGEST_WAIT)


def _key(what: str, scope: str, name: str) -> str:
    return hashlib.sha256(f"{what}/{scope}/{name}".encode()).hexdigest()


def _network() -> str:
    """The asker's network rather than address: one IPv6 customer has more addresses than could be counted."""
    address = request.remote_addr or ""
    return ":".join(address.split(":")[:4]) if ":" in address else address

"""How long a phone waits for an answer: handing in a whole audit, beside a route that does nothing."""

import time
from collections.abc import Callable, Iterator

from audit_app.db import new_id

from .figures import Table, percentile
from .service import Client, serving
from .visit import Phone, visit

TIMES, WARMING = 100, 5


def measure() -> Iterator[Table]:
    """A push of one audit of 120 operations and an empty route, turn by turn, one after another through gunicorn."""
    table = Table("A push of one audit of 120 operations, beside an empty route (/healthz)")
    with serving() as (service, setting):
        client = Client(service.port).sign_in()
        pushed, empty = [], []
        for turn in range(WARMING + TIMES):
            phone, audit = Phone(turn), new_id()
            operations = list(visit(phone, audit, setting.site))
            empty.append(_took(lambda: client.get("/healthz")))
            pushed.append(_took(lambda a=audit, o=operations: client.push(a, o)))
    for name, took in (("empty route", empty[WARMING:]), ("push of 120", pushed[WARMING:])):
        for share in (0.5, 0.99):
            table.add(f"{name}, p{share * 100:.0f}", percentile(took, share), "ms")
    table.remark = "On SQLite. No goal of its own: what the person sees is saved before any of this begins."
    yield table


def _took(work: Callable) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000

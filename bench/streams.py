"""One hot stream against many: what it costs when everybody writes in one audit at once."""

import threading
import time
from collections.abc import Iterator

from audit_app.db import new_id

from .figures import Table
from .service import POSTGRESQL, SQLITE, Client, Service, Setting, count_rows, pack, serving
from .visit import Phone, visit

STREAMS, BATCH, PHONES = 64, 50, 8
TURNS, PUSHES = 4, 32
GOAL = 0.5


def measure() -> Iterator[Table]:
    """Batches pushed by eight phones at once: over 64 audits and into one, turn by turn."""
    table = Table(f"One hot stream beside {STREAMS}, {PHONES} phones pushing batches of {BATCH} at once")
    for kind in (SQLITE, POSTGRESQL):
        with serving(kind) as (service, setting):
            audits = _opened(service, setting, STREAMS + 1)
            clients = [Client(service.port).sign_in() for _ in range(PHONES)]
            _took(clients, audits, 16)
            count_rows(service.database)
            spread = hot = 0.0
            for turn in range(TURNS):
                some = audits[1:][turn % 2 * PUSHES :][:PUSHES]
                spread += _took(clients, some)
                hot += _took(clients, audits[:1])
        pushed = TURNS * PUSHES * BATCH
        table.add(f"{kind}: {STREAMS} streams", pushed / spread, "operations/s")
        table.add(f"{kind}: one stream", pushed / hot, "operations/s")
        table.add(f"{kind}: one of {STREAMS}", spread / hot, "", GOAL, at_least=True)
    yield table


def _opened(service: Service, setting: Setting, number: int) -> list[str]:
    client, audits = Client(service.port).sign_in(), [new_id() for _ in range(number)]
    for audit in audits:
        client.push(audit, [next(visit(Phone(), audit, setting.site)) | {"id": new_id()}])
    return audits


def _took(clients: list[Client], audits: list[str], pushes: int = PUSHES) -> float:
    """Seconds until all is handed in. Each batch is what one more person says of the audit."""
    batches = [_batch(audits[turn % len(audits)], turn) for turn in range(pushes)]
    faults: list[Exception] = []
    threads = [
        threading.Thread(target=_push_all, args=(client, batches[n::PHONES], faults))
        for n, client in enumerate(clients)
    ]
    began = time.perf_counter()
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    if faults:
        raise faults[0]
    return time.perf_counter() - began


def _push_all(client: Client, batches: list[bytes], faults: list[Exception]) -> None:
    try:
        for batch in batches:
            client.post_packed("/api/operations", batch)
    except Exception as fault:
        faults.append(fault)


def _batch(audit: str, turn: int) -> bytes:
    """Fifty operations of somebody new: who they are, how they rate, and what they say."""
    phone = Phone(time.perf_counter_ns() % 2**30 + turn)
    said = [one for one in visit(phone, audit, phone.id) if one["kind"].startswith(("contributor.", "answer."))]
    return pack({"stream": audit, "cursor": None, "operations": said[:BATCH]})

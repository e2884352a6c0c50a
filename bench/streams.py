"""One hot stream against many: what it costs when everybody writes in one audit at once."""

import threading
import time
from collections.abc import Iterator

from audit_app.db import new_id

from .figures import Table
from .service import POSTGRESQL, SQLITE, Client, Service, Setting, pack, serving
from .visit import Phone, visit

STREAMS, PUSHES, BATCH, PHONES = 64, 96, 50, 8
GOAL = 0.5


def measure() -> Iterator[Table]:
    """The same batches, pushed by eight phones at once: into one audit, then over 64."""
    table = Table(f"One hot stream beside {STREAMS}, {PHONES} phones pushing batches of {BATCH} at once")
    for kind in (SQLITE, POSTGRESQL):
        with serving(kind) as (service, setting):
            audits = _opened(service, setting, STREAMS + 1)
            _pushed(service, audits[:1], 16)
            spread = _pushed(service, audits[1:], PUSHES)
            hot = _pushed(service, audits[:1], PUSHES)
        table.add(f"{kind}: {STREAMS} streams", spread, "operations/s")
        table.add(f"{kind}: one stream", hot, "operations/s")
        table.add(f"{kind}: one of {STREAMS}", hot / spread, "", GOAL, at_least=True)
    yield table


def _opened(service: Service, setting: Setting, number: int) -> list[str]:
    client, audits = Client(service.port).sign_in(), [new_id() for _ in range(number)]
    for audit in audits:
        client.push(audit, [next(visit(Phone(), audit, setting.site)) | {"id": new_id()}])
    return audits


def _pushed(service: Service, audits: list[str], pushes: int) -> float:
    """Operations a second, over all phones. Each batch is what one more person says of the audit."""
    batches = [_batch(audits[turn % len(audits)], turn) for turn in range(pushes)]
    clients = [Client(service.port).sign_in() for _ in range(PHONES)]
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
    took = time.perf_counter() - began
    if faults:
        raise faults[0]
    return pushes * BATCH / took


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

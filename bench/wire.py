"""What goes over the wire: bytes an operation as the app packs them, and the poll that finds nothing new."""

import gzip
import json
import socket
from collections.abc import Iterator

from audit_app.db import new_id

from .figures import Table
from .service import Client, Service, pack, serving
from .visit import Phone, visit

VISITS = 10
FIRST_BATCH = 50


def measure() -> Iterator[Table]:
    """Ten visits in the batches in which the app hands them in, and one poll as it comes out of the socket."""
    yield _operations()
    yield _poll()


def _operations() -> Table:
    table = Table("Bytes an operation, gzipped as the app hands them in")
    packed = number = 0
    ids: list[str] = []
    for seed in range(VISITS):
        phone = Phone(seed)
        audit = phone.uuid7()
        operations = list(visit(phone, audit, phone.uuid7()))
        first, rest = operations[:FIRST_BATCH], operations[FIRST_BATCH:]
        packed += _size(audit, None, first) + _size(audit, f"5f0c9a1e.{FIRST_BATCH}.{phone.uuid7()[-12:]}beef", rest)
        number += len(operations)
        ids.append(json.dumps([one["id"] for one in operations]))
    table.add("an operation", packed / number, "bytes", 60)
    table.add(
        "of that its id, time and chance", sum(len(gzip.compress(one.encode(), 6)) for one in ids) / number, "bytes"
    )
    table.remark = f"{VISITS} audits of 120 operations, batches of {FIRST_BATCH} and then the rest, with the envelope."
    return table


def _size(audit: str, cursor: str | None, operations: list[dict]) -> int:
    return len(pack({"stream": audit, "cursor": cursor, "operations": operations}))


def _poll() -> Table:
    table = Table("The poll that finds nothing new: GET /api/home, 304")
    with serving() as (service, setting):
        client = Client(service.port).sign_in()
        audit = new_id()
        client.push(audit, list(visit(Phone(), audit, setting.site)))
        first = _answer(service, client, "")
        tag = next(line for line in first.split(b"\r\n") if line.lower().startswith(b"etag:")).split(b" ", 1)[1]
        again = _answer(service, client, f"If-None-Match: {tag.decode()}\r\n")
    status, _, rest = again.partition(b"\r\n")
    if b" 304 " not in status + b" ":
        raise RuntimeError(f"the poll answered {status.decode()}")
    table.add("status line, headers and all", len(again), "bytes", 250)
    names = ", ".join(line.split(b":")[0].decode() for line in rest.split(b"\r\n") if line)
    table.remark = f"Headers: {names}"
    return table


def _answer(service: Service, client: Client, more: str) -> bytes:
    """The reply as it comes out of the socket."""
    asked = f"GET /api/home HTTP/1.1\r\nHost: 127.0.0.1:{service.port}\r\nCookie: {client.headers['Cookie']}\r\n{more}"
    with socket.create_connection(("127.0.0.1", service.port)) as line:
        line.settimeout(1)
        line.sendall(f"{asked}\r\n".encode())
        answer = b""
        while not _is_whole(answer):
            answer += line.recv(65536)
    return answer


def _is_whole(answer: bytes) -> bool:
    head, ended, body = answer.partition(b"\r\n\r\n")
    lengths = [line.split(b":")[1] for line in head.lower().split(b"\r\n") if line.startswith(b"content-length:")]
    return bool(ended) and len(body) >= (int(lengths[0]) if lengths else 0)

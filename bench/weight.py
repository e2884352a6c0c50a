"""What the app weighs: the first visit as Chromium fetches it, and the whole set that the worker keeps."""

import gzip
import re
import socket
from collections.abc import Iterator

from .figures import Table
from .phone import FORM, phone, phones
from .service import Client, Service, serving

SHELL, THIRD_PARTY = 100, 25


def measure() -> Iterator[Table]:
    """Bytes over the wire as served, compressed; headers counted apart."""
    table = Table("Weight of the app, over the wire as served")
    with serving() as (service, _):
        visited = _first_visit(service)
        kept = {path: _answer(service, path) for path in _kept(service)}
    fonts = {path: sizes for path, sizes in visited.items() if path.endswith(".woff2")}
    table.add("first visit to the sign-in form, all in all", _kilobytes(visited, 0, 1), "kB", SHELL)
    table.add("… of that headers", _kilobytes(visited, 0), "kB", note=f"of {len(visited)} replies")
    table.add("… of that fonts", _kilobytes(fonts, 1), "kB")
    table.add("… of that third-party, without fonts", _kilobytes(_third_party(visited), 1), "kB", THIRD_PARTY)
    ours = {path: sizes for path, sizes in kept.items() if not path.endswith(".woff2")}
    table.add("the whole set the worker keeps", _kilobytes(kept, 1), "kB", note=f"{len(kept)} files, every screen")
    table.add("… with headers", _kilobytes(kept, 0, 1), "kB")
    table.add("… without fonts", _kilobytes(ours, 1), "kB")
    table.add("… of that third-party, without fonts", _kilobytes(_third_party(kept), 1), "kB", THIRD_PARTY)
    yield table


def _kilobytes(files: dict[str, tuple[int, int]], *parts: int) -> float:
    return sum(sizes[part] for sizes in files.values() for part in parts) / 1000


def _third_party(files: dict[str, tuple[int, int]]) -> dict[str, tuple[int, int]]:
    return {path: sizes for path, sizes in files.items() if "/vendor/" in path and not path.endswith(".woff2")}


def _first_visit(service: Service) -> dict[str, tuple[int, int]]:
    """Everything Chromium fetches until the form stands there: address to bytes of headers and of body."""
    heads: dict[str, tuple[str, int]] = {}
    found: dict[str, tuple[int, int]] = {}

    def begun(event: dict) -> None:
        heads[event["requestId"]] = (event["response"]["url"], int(event["response"]["encodedDataLength"]))

    def done(event: dict) -> None:
        address, head = heads.get(event["requestId"], ("?", 0))
        found[address] = (head, int(event["encodedDataLength"]) - head)

    with phones() as playwright, phone(playwright) as browser:
        page = browser.start()
        browser.session.on("Network.responseReceived", begun)
        browser.session.on("Network.loadingFinished", done)
        page.goto(service.address, wait_until="commit")
        page.evaluate("sel => bench.shows(sel)", FORM)
        page.wait_for_timeout(300)
    return found


def _kept(service: Service) -> list[str]:
    """What the worker keeps, by its own list."""
    worker = gzip.decompress(Client(service.port).get("/sw.js", **{"Accept-Encoding": "gzip"})[1]).decode()
    version = re.search(r"VERSION = '(\w+)'", worker)[1]
    listed = re.search(r"FILES = '([^']+)'", worker)[1].split(" ")
    return [f"/pwa/{version}/{one.partition('#')[0]}" for one in listed]


def _answer(service: Service, path: str) -> tuple[int, int]:
    """Bytes of headers and of body, out of the socket."""
    with socket.create_connection(("127.0.0.1", service.port)) as line:
        host = f"Host: 127.0.0.1:{service.port}\r\nAccept-Encoding: gzip\r\nConnection: close"
        line.sendall(f"GET {path} HTTP/1.1\r\n{host}\r\n\r\n".encode())
        answer = b"".join(iter(lambda: line.recv(65536), b""))
    head, _, body = answer.partition(b"\r\n\r\n")
    if b" 200 " not in head:
        raise RuntimeError(f"{path} answered {head.decode()}")
    return len(head) + 4, len(body)

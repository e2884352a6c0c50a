"""Is this certificate true, of 100,000: how long an answer takes through gunicorn, and a certificate as PDF."""

import random
import time
from collections.abc import Callable, Iterator
from datetime import timedelta
from urllib.parse import urlencode

from audit_app import create_app
from audit_app.access import Person
from audit_app.awards.certificate.issuing import issue
from audit_app.awards.certificate.numbers import new_number
from audit_app.awards.models import Award, Decision, Panel, Submission
from audit_app.awards.stages import AWARDED, expires_on
from audit_app.db import db, new_id, now
from audit_app.ledger.models import Stream
from audit_app.sites.models import Organisation, Site

from .figures import Table, percentile
from .service import EMAIL, POSTGRESQL, SQLITE, Client, Service, count_rows, databases, settle_in
from .visit import CHECKLIST, EDITION

AWARDS, PLACES, ISSUED, AT_ONCE = 100_000, 1_000, 500, 5_000
TIMES, WARMING, PAPERS = 1_000, 40, 20
CHECK, PAPER = 20, 300  # ms
FORM = {"Content-Type": "application/x-www-form-urlencoded"}


def measure() -> Iterator[Table]:
    """Both databases, one after the other, each with a body that has given 100,000 awards."""
    for kind in (SQLITE, POSTGRESQL):
        with databases(kind) as (database,):
            began = time.perf_counter()
            numbers, tokens = fill(database)
            count_rows(database)
            filled = time.perf_counter() - began
            service = Service(database)
            service.start()
            try:
                yield look(kind, Client(service.port), numbers, tokens, filled)
            finally:
                service.stop()


def look(kind: str, client: Client, numbers: list[str], tokens: list[str], filled: float) -> Table:
    """What anybody asks, one after another, never twice for the same award."""
    table = Table(f"{kind}: {len(numbers):,} awards; a check, and a certificate as PDF")
    chance = random.Random(7)
    asked = chance.sample(numbers, WARMING + TIMES)
    for name, path in (("a check", "/check/{}"), ("a check, for programs", "/check/{}.json")):
        took = [_took(lambda n=number, p=path: _get(client, p.format(n))) for number in asked][WARMING:]
        _tell(table, name, took, CHECK)
    took = [_took(lambda t=token: _show(client, t)) for token in tokens]
    _tell(table, "a check, of a pasted credential", took, CHECK)
    pages = {"the register": "/register", "the register, by name": "/register?name=place+77&status=valid"}
    for name, path in pages.items():
        _tell(table, name, [_took(lambda p=path: _get(client, p)) for _ in range(PAPERS)], None)
    papers = [_took(lambda n=number: _get(client, f"/certificate/{n}.pdf")) for number in asked[:PAPERS]]
    table.add("certificate PDF, p50", percentile(papers, 0.5), "ms", PAPER)
    table.add("certificate PDF, slowest", max(papers), "ms", PAPER)
    table.remark = f"Through gunicorn, one after another, nothing cached. Filled in {filled:.0f} s."
    return table


def fill(database: dict[str, str], awards: int = AWARDS, issued: int = ISSUED) -> tuple[list[str], list[str]]:
    """A body that gave 100,000 awards to 1,000 places, all listed; their numbers, and the credentials of some."""
    setting = settle_in(database)
    app = create_app(DEMO=True, **database)
    with app.app_context():
        body = db.session.get(Organisation, setting.organisation)
        body.awards = True
        [mary] = db.session.scalars(db.select(Person.id).filter_by(email=EMAIL))
        places = [
            {"id": new_id(), "organisation_id": body.id, "name": f"Place {n}", "sector": "ward"} for n in range(PLACES)
        ]
        db.session.execute(db.insert(Site), places)
        numbers: dict[str, None] = {}
        for start in range(0, awards, AT_ONCE):
            _give(body.id, mary, places, range(start, min(awards, start + AT_ONCE)), numbers)
        some = random.Random(3).sample(list(numbers), issued)
        tokens = [issue(db.session.get(Award, number)) for number in some]
        db.session.commit()
        db.engine.dispose()
    return list(numbers), tokens


def _give(body: str, mary: str, places: list[dict], span: range, numbers: dict[str, None]) -> None:
    """One row of each table for each award, as the way to it leaves them."""
    rows: dict[type, list[dict]] = {Stream: [], Submission: [], Panel: [], Decision: [], Award: []}
    for place in span:
        at = now() - timedelta(days=place % 1500)
        day, digest, site = at.date(), f"{place:064x}", places[place % PLACES]
        audit, panel, decision = new_id(), new_id(), new_id()
        while (number := new_number(day.year)) in numbers:
            pass
        numbers[number] = None
        home = {"organisation_id": body, "site_id": site["id"]}
        rows[Stream].append({"id": audit, "kind": "audit", **home, "opened_at": at, "epoch": "0", "digest": digest})
        rows[Submission].append(
            {"audit_id": audit, "body_id": body, "stage": AWARDED, "sealed_number": 1, "sealed_digest": digest}
            | {"submitted_by": mary, "submitted_at": at, "decided_on": str(day), "awarded_on": str(day)}
        )
        rows[Panel].append(
            {"id": panel, "audit_id": audit, "body_id": body}
            | {"convened_by": mary, "convened_at": at, "closed_at": at}
        )
        rows[Decision].append(
            {"id": decision, "audit_id": audit, "panel_id": panel, "verb": "panel.decide", "outcome": AWARDED}
            | {"reasons": "All was shown.", "rule_says": "shown", "decided_on": str(day), "decided_at": at}
        )
        rows[Award].append(
            {"number": number, "audit_id": audit, "site_id": site["id"], "body_id": body, "decision_id": decision}
            | {"holder": site["name"], "checklist": CHECKLIST, "edition": EDITION, "decided_on": str(day)}
            | {"until": str(expires_on(day)), "list_index": place, "listed": True, "record_digest": digest}
        )
    for table, found in rows.items():
        db.session.execute(db.insert(table), found)


def _tell(table: Table, name: str, took: list[float], goal: float | None) -> None:
    table.add(f"{name}, p50", percentile(took, 0.5), "ms")
    table.add(f"{name}, p99", percentile(took, 0.99), "ms", goal)


def _get(client: Client, path: str) -> None:
    status, body = client.get(path)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")


def _show(client: Client, token: str) -> None:
    """Paste a credential, as the page's form does."""
    client.connection.request("POST", "/check", urlencode({"text": token}), client.headers | FORM)
    reply = client.connection.getresponse()
    page = reply.read().decode()
    if reply.status != 200 or "<h1>Unknown</h1>" in page:
        raise RuntimeError(f"/check answered {reply.status}: {page[:300]}")


def _took(work: Callable[[], None]) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000

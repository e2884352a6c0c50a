"""A large service: what a dashboard costs where there are millions of answers, and whether pushing feels their weight.

`python -m bench scale`, or `make bench-scale`; not part of `make bench`, for making the service takes some minutes.
SCALE_SITES says how many settings (1,000), each with six audits of 50 criteria and eight contributors.
"""

import os
import subprocess
import sys
import time
from collections.abc import Callable, Iterator
from itertools import islice

import psycopg

from audit_app.db import db, new_id

from .figures import Table, middle, percentile
from .push import Driver
from .service import POSTGRESQL, ROOT, SQLITE, Client, Service, databases, settle_in
from .visit import Phone, visit

SITES, CYCLES = int(os.environ.get("SCALE_SITES", "1000")), 6
PASSWORD = "kettle and toast"
ALL_OF_IT, ONE_TRUST, LEAD = "manager@many.example", "manager1@many.example", "lead1@many.example"
TIMES, WARMING, SLOWLY = 40, 5, 3
PUSHES, BATCH = 40, 100
FIGURES = {"settings": "heat map", "gaps": "gaps", "changes": "change", "due": "due"}
WHOLE, TRUST, HEAVIER = 150, 50, 1.10
EXPORTS = {
    "/api/exports/answers.csv": "answers as CSV",
    "/api/exports/answers.xlsx": "answers as Excel",
    "/api/export.sqlite": "everything as SQLite",
}
SHORTEST = dict([next(iter(EXPORTS.items()))])  # what writes the others knows of no database, and takes ten minutes
MEMORY, A_WHILE, FIRST_BYTE = 200, 3600, 5

LATEST = """
    SELECT id, site_id FROM (
        SELECT id, site_id, row_number() OVER (PARTITION BY site_id ORDER BY opened_at DESC) AS back FROM audit
    ) AS ranked WHERE back {back}
"""
# The same questions as somebody would ask them of what people said, without anything counted before.
PLAIN = {
    "heat map": """
        SELECT a.id, f.criterion, f.rating, count(DISTINCT e.kind),
               max(CASE WHEN c.voice = 'resident' THEN 1 ELSE 0 END)
        FROM ({latest}) AS a JOIN answer AS n ON n.audit_id = a.id
        JOIN contributor AS c ON c.audit_id = n.audit_id AND c.id = n.contributor_id AND NOT c.withdrawn
        LEFT JOIN finding AS f ON f.audit_id = n.audit_id AND f.criterion = n.criterion
        LEFT JOIN evidence_shown AS s ON s.audit_id = n.audit_id AND s.criterion = n.criterion AND s.shows
        LEFT JOIN evidence AS e ON e.audit_id = s.audit_id AND e.id = s.evidence_id AND NOT e.withdrawn
        GROUP BY a.id, f.criterion, f.rating
    """,
    "gaps": """
        SELECT audit_id, criterion, max(mean) - min(mean) AS gap FROM (
            SELECT n.audit_id, n.criterion, c.voice, avg(n.rating) AS mean
            FROM ({latest}) AS a JOIN answer AS n ON n.audit_id = a.id
            JOIN contributor AS c ON c.audit_id = n.audit_id AND c.id = n.contributor_id AND NOT c.withdrawn
            WHERE n.rating IS NOT NULL GROUP BY n.audit_id, n.criterion, c.voice
        ) AS voices GROUP BY audit_id, criterion ORDER BY gap DESC LIMIT 100
    """,
    "change": """
        SELECT a.site_id, f.criterion, max(f.rating) - min(f.rating) AS change
        FROM ({two}) AS a JOIN finding AS f ON f.audit_id = a.id GROUP BY a.site_id, f.criterion ORDER BY change DESC
        LIMIT 100
    """,
}


def measure() -> Iterator[Table]:
    """Both databases, one after the other, with the same rows in both."""
    with databases(SQLITE, 2) as (made, empty), databases(POSTGRESQL, 2) as (copy, blank):
        took = make(made), carry_over(made, copy)
        for kind, seconds, full, other in ((SQLITE, took[0], made, empty), (POSTGRESQL, took[1], copy, blank)):
            yield from look(kind, full, f"{'Made' if full is made else 'Carried over'} in {seconds:.0f} s.")
            yield take_out(kind, full, EXPORTS if kind == SQLITE else SHORTEST)
            yield push_beside(kind, full, other)


def make(database: dict[str, str]) -> float:
    """Fill the database; the seconds it took."""
    began = time.perf_counter()
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo", "--sites", str(SITES), "--cycles", str(CYCLES)]
    environment = {**os.environ, **database, "DEMO": "yes"}
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)
    return time.perf_counter() - began


def carry_over(made: dict[str, str], copy: dict[str, str]) -> float:
    """Copy every row into an empty PostgreSQL as it is, table by table; the seconds it took. To make them there again
    would take three times as long. References are not looked up again: they hold where the rows come from."""
    began = time.perf_counter()
    source, target = Driver(made), psycopg.connect(copy["DATABASE_URL"], options="-c timezone=UTC")
    with target, target.cursor() as cursor:
        cursor.execute("SET session_replication_role = replica")
        for table in db.metadata.sorted_tables:
            names = ", ".join(f'"{column.name}"' for column in table.columns)
            with cursor.copy(f'COPY "{table.name}" ({names}) FROM STDIN') as copying:
                for row in source.connection.execute(f'SELECT {names} FROM "{table.name}"'):
                    copying.write_row(row)
    source.connection.close()
    return time.perf_counter() - began


def look(kind: str, database: dict[str, str], how: str = "") -> Iterator[Table]:
    """What each figure costs through gunicorn and the whole application, beside plain SQL over what people said."""
    driver = Driver(database)
    driver.connection.execute("ANALYZE")
    [answers] = driver.connection.execute("SELECT count(*) FROM answer").fetchone()
    service = Service(database)
    service.start()
    try:
        table = Table(f"{kind}: a dashboard of {SITES:,} settings, {SITES * CYCLES:,} audits, {answers:,} answers")
        for email, whose, goal in ((ALL_OF_IT, "all of it", WHOLE), (ONE_TRUST, "one trust of 20", TRUST)):
            client = Client(service.port).sign_in(email, PASSWORD)
            for path, name in FIGURES.items():
                times = [_took(lambda p=path, c=client: _get(c, p)) for _ in range(WARMING + TIMES)][WARMING:]
                table.add(f"{name}, {whose}, p50", percentile(times, 0.5), "ms")
                size = len(_get(client, path)) / 1000
                table.add(f"{name}, {whose}, p95", percentile(times, 0.95), "ms", goal, note=f"{size:,.0f} kB")
    finally:
        service.stop()
    latest, two = LATEST.format(back="= 1"), LATEST.format(back="<= 2")
    for name, question in PLAIN.items():
        asked = question.format(latest=latest, two=two)
        times = [_took(lambda q=asked: driver.connection.execute(q).fetchall()) for _ in range(SLOWLY)]
        table.add(f"{name}, all of it, plain SQL over answers", middle(times), "ms")
    driver.connection.close()
    table.remark = f"Through gunicorn, {TIMES} times each, nothing cached. {how}".rstrip()
    yield table


def take_out(kind: str, database: dict[str, str], exports: dict[str, str]) -> Table:
    """What it costs to take everything out: the most memory that the process has had which does it, and how long it
    takes until the last byte is here."""
    table = Table(f"{kind}: taking out all of it, each by a process that has done nothing else")
    for path, name in exports.items():
        service = Service(database, WEB_CONCURRENCY="1")
        service.start()
        try:
            client = Client(service.port, A_WHILE).sign_in(ALL_OF_IT, PASSWORD)
            began = time.perf_counter()
            first, size = client.read_through(path)
            took = time.perf_counter() - began
            table.add(f"{name}: first byte", first, "s", FIRST_BYTE)
            table.add(f"{name}: memory at most", service.most_memory(), "MB", MEMORY)
            table.add(f"{name}: time", took, "s", note=f"{size / 1e6:,.0f} MB")
        finally:
            service.stop()
    return table


def push_beside(kind: str, full: dict[str, str], empty: dict[str, str]) -> Table:
    """The same visits, handed in turn by turn to the full service and to an empty one."""
    setting = settle_in(empty)
    driver = Driver(full)
    [site] = driver.connection.execute("SELECT id FROM site WHERE name = 'Setting 1'").fetchone()
    driver.connection.close()
    services = [Service(full), Service(empty)]
    try:
        for service in services:
            service.start()
        clients = [Client(services[0].port).sign_in(LEAD, PASSWORD), Client(services[1].port).sign_in()]
        took: tuple[list[float], list[float]] = ([], [])
        for turn in range(WARMING + PUSHES):
            for place in (0, 1) if turn % 2 else (1, 0):
                audit = new_id()
                operations = list(islice(visit(Phone(turn), audit, (site, setting.site)[place]), BATCH))
                took[place].append(_took(lambda c=clients[place], a=audit, o=operations: c.push(a, o)))
    finally:
        for service in services:
            service.stop()
    on_full, on_empty = (middle(times[WARMING:]) for times in took)
    table = Table(f"{kind}: handing in batches of {BATCH} on that service, beside an empty one")
    table.add("on the full service", on_full, "ms")
    table.add("on an empty one", on_empty, "ms")
    table.add("full to empty", on_full / on_empty, "", HEAVIER)
    return table


def _get(client: Client, path: str) -> bytes:
    status, body = client.get(f"/api/dashboard/{path}")
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body.decode()}")
    return body


def _took(work: Callable) -> float:
    began = time.perf_counter()
    work()
    return (time.perf_counter() - began) * 1000

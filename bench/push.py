"""Handing in: what the one door costs beside the bare database driver, with the same rows made as safe."""

import time
from collections.abc import Iterator
from itertools import islice
from pathlib import Path

import psycopg
import pysqlite3.dbapi2 as sqlite

from audit_app.db import POSTGRESQL_OPTIONS, SQLITE_PRAGMAS, new_id

from .figures import Table, middle
from .service import POSTGRESQL, SQLITE, Client, Service, databases, settle_in
from .visit import Phone, visit

BATCH, ROUNDS, WARMING = 100, 30, 3
GOAL = 0.10
# Every table that a push writes, parents first, with the column that says which audit a row is of.
TABLES = {
    "stream": "id",
    "operation": "stream_id",
    "payload": "stream_id",
    "write": "stream_id",
    "audit": "id",
    "contributor": "audit_id",
    "answer": "audit_id",
    "finding": "audit_id",
    "progress": "audit_id",
    "tally": "audit_id",
    "score": "audit_id",
    "glance": "audit_id",
}


class Driver:
    """The bare driver with the product's own settings: one transaction a batch, one `executemany` a table."""

    def __init__(self, database: dict[str, str]):
        self.is_sqlite = not database["DATABASE_URL"]
        if self.is_sqlite:
            self.connection = sqlite.connect(Path(database["DATA_DIR"]) / "milieu.sqlite", isolation_level=None)
            for pragma in SQLITE_PRAGMAS:
                self.connection.execute(f"PRAGMA {pragma}")
        else:
            url = database["DATABASE_URL"]
            self.connection = psycopg.connect(url, options=POSTGRESQL_OPTIONS, autocommit=True)

    def rows(self, tables: dict[str, str], audit: str) -> dict[str, tuple[list[str], list[tuple]]]:
        """All rows of one audit: table to columns and rows."""
        mark = "?" if self.is_sqlite else "%s"
        found = {}
        for table, key in tables.items():
            cursor = self.connection.execute(f'SELECT * FROM "{table}" WHERE {key} = {mark}', (audit,))
            found[table] = ([column[0] for column in cursor.description], cursor.fetchall())
        return found

    def insert(self, prepared: list[tuple[str, list[tuple]]]) -> None:
        """Insert all rows in one transaction, as safe on the disk as the product has it."""
        cursor = self.connection.cursor()
        cursor.execute("BEGIN IMMEDIATE" if self.is_sqlite else "BEGIN")
        for statement, rows in prepared:
            cursor.executemany(statement, rows)
        cursor.execute("COMMIT")


def statements(found: dict[str, tuple[list[str], list[tuple]]], is_sqlite: bool) -> list[tuple[str, list[tuple]]]:
    """An INSERT for each table, with its rows."""
    mark = "?" if is_sqlite else "%s"
    return [
        (
            f'INSERT INTO "{table}" ({", ".join(f"{chr(34)}{name}{chr(34)}" for name in columns)}) '
            f"VALUES ({', '.join([mark] * len(columns))})",
            rows,
        )
        for table, (columns, rows) in found.items()
        if rows
    ]


def measure() -> Iterator[Table]:
    """A batch through gunicorn and the whole application, then the same rows through the bare driver, turn by turn."""
    table = Table(f"Handing in batches of {BATCH} operations, beside raw executemany of the same rows")
    for kind in (SQLITE, POSTGRESQL):
        with databases(kind, 2) as (database, twin):
            _beside(kind, database, twin, table)
    table.remark = (
        f"Gzipped through gunicorn, fully validated; medians of {ROUNDS} batches in turn, each made durable (fsync on)."
    )
    yield table


def _beside(kind: str, database: dict[str, str], twin: dict[str, str], table: Table) -> None:
    setting = settle_in(database)
    here, there = Driver(database), Driver(twin)
    for parent in ("person", "organisation", "site"):
        _copy_all(here, there, parent)
    service = Service(database)
    service.start()
    try:
        client = Client(service.port).sign_in()
        through, bare, rows = [], [], 0
        for turn in range(WARMING + ROUNDS):
            phone, audit = Phone(turn), new_id()
            operations = list(islice(visit(phone, audit, setting.site), BATCH))
            began = time.perf_counter()
            client.push(audit, operations)
            pushed = time.perf_counter()
            found = here.rows(TABLES, audit)
            prepared = statements(found, here.is_sqlite)
            ready = time.perf_counter()
            there.insert(prepared)
            done = time.perf_counter()
            if turn >= WARMING:
                through.append(pushed - began)
                bare.append(done - ready)
                rows += sum(len(rows) for _, rows in found.values())
    finally:
        service.stop()
    table.add(
        f"{kind}: raw executemany", BATCH / middle(bare), "operations/s", note=f"{rows / ROUNDS:.0f} rows a batch"
    )
    table.add(
        f"{kind}: pushed", BATCH / middle(through), "operations/s", note=f"{middle(through) * 1000:.1f} ms a batch"
    )
    table.add(f"{kind}: pushed of raw", middle(bare) / middle(through), "", GOAL, at_least=True)


def _copy_all(here: Driver, there: Driver, table: str) -> None:
    cursor = here.connection.execute(f'SELECT * FROM "{table}"')
    there.insert(statements({table: ([column[0] for column in cursor.description], cursor.fetchall())}, here.is_sqlite))

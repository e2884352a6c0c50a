"""All tables in one SQLite database that others' programs open as it is: with references, views for the dashboard's
figures, a search in what was written, and the words of every table and column."""

from collections.abc import Callable
from itertools import islice
from pathlib import Path
from typing import TYPE_CHECKING

from .queries import Scope, rows
from .sheets import plain
from .tables import NUMBER, TABLES, WHOLE, YES_NO, Table, each_column

if TYPE_CHECKING:
    from sqlite_utils import Database

SQLITE = "application/vnd.sqlite3"
AT_A_TIME = 2000
TYPES = {WHOLE: int, YES_NO: int, NUMBER: float}

VIEWS = {
    "heat_map": (
        "The latest audit of each setting, principle by principle: how many statements there are, how many have a "
        "finding, and how many findings are 2 or 3. No ranking is meant.",
        "Archwiliad diweddaraf pob lleoliad, fesul egwyddor: faint o ddatganiadau sydd, faint sydd â chanfyddiad, a "
        "faint o ganfyddiadau sy’n 2 neu 3. Ni fwriedir safle.",
        """
        SELECT a.site_id, a.setting, a.id AS audit_id, c.principle, c.principle_title, count(*) AS criteria,
          count(f.rating) + count(f.reason) AS found, count(f.reason) AS not_applicable,
          count(f.rating) FILTER (WHERE f.rating >= 2) AS at_2_or_3, count(f.rating) FILTER (WHERE f.rating = 0) AS at_0
        FROM audits a JOIN criteria c ON c.edition_id = a.edition_id
          LEFT JOIN findings f ON f.audit_id = a.id AND f.criterion = c.criterion
        WHERE a.latest GROUP BY a.site_id, a.id, c.principle
        """,
    ),
    "voices": (
        "For each audit and principle the mean of each voice beside the others, with how many spoke, and the widest "
        "distance between two voices. Voices are never pooled.",
        "Ar gyfer pob archwiliad ac egwyddor, cymedr pob llais ochr yn ochr, gyda faint a siaradodd, a’r pellter "
        "lletaf rhwng dau lais. Ni chyfunir lleisiau byth.",
        """
        SELECT audit_id, site_id, setting, principle,
          max(mean) FILTER (WHERE voice = 'staff') AS staff,
          max(contributors) FILTER (WHERE voice = 'staff') AS staff_n,
          max(mean) FILTER (WHERE voice = 'resident') AS resident,
          max(contributors) FILTER (WHERE voice = 'resident') AS resident_n,
          max(mean) FILTER (WHERE voice = 'visitor') AS visitor,
          max(contributors) FILTER (WHERE voice = 'visitor') AS visitor_n,
          max(mean) FILTER (WHERE voice = 'assessor') AS assessor,
          max(contributors) FILTER (WHERE voice = 'assessor') AS assessor_n,
          CASE WHEN count(mean) > 1 THEN round(max(mean) - min(mean), 4) END AS gap
        FROM scores GROUP BY audit_id, principle
        """,
    ),
    "change": (
        "Findings of 2 or 3 in each audit, principle by principle, beside those of the setting’s audit before it.",
        "Canfyddiadau o 2 neu 3 ym mhob archwiliad, fesul egwyddor, wrth ymyl rhai archwiliad blaenorol y lleoliad.",
        """
        WITH counted AS (
          SELECT a.site_id, a.setting, a.cycle, a.id AS audit_id, f.principle, count(f.rating) AS found,
            count(f.rating) FILTER (WHERE f.rating >= 2) AS at_2_or_3
          FROM audits a JOIN findings f ON f.audit_id = a.id GROUP BY a.id, f.principle)
        SELECT now.*, earlier.found AS found_before, earlier.at_2_or_3 AS at_2_or_3_before
        FROM counted now LEFT JOIN counted earlier
          ON earlier.site_id = now.site_id AND earlier.principle = now.principle AND earlier.cycle = now.cycle - 1
        """,
    ),
    "due": (
        "What is open in the plans, the earliest day first.",
        "Yr hyn sydd ar agor yn y cynlluniau, y diwrnod cynharaf yn gyntaf.",
        """
        SELECT site_id, setting, audit_id, id, what, whose, due, state, stands FROM plan
        WHERE stands NOT IN ('done', 'dropped') ORDER BY due IS NULL, due, setting
        """,
    ),
    "coverage": (
        "Behind each statement of each latest audit: how many contributors, residents and kinds of evidence there are.",
        "Y tu ôl i bob datganiad o bob archwiliad diweddaraf: faint o gyfranwyr, preswylwyr a mathau o dystiolaeth.",
        """
        SELECT a.site_id, a.setting, a.id AS audit_id, c.criterion, c.statement,
          (SELECT count(*) FROM answers n WHERE n.audit_id = a.id AND n.criterion = c.criterion
            AND (n.rating IS NOT NULL OR n.reason IS NOT NULL)) AS contributors,
          (SELECT count(*) FROM answers n WHERE n.audit_id = a.id AND n.criterion = c.criterion AND n.voice = 'resident'
            AND (n.rating IS NOT NULL OR n.reason IS NOT NULL)) AS residents,
          (SELECT count(DISTINCT e.kind) FROM evidence_criteria s
            JOIN evidence e ON e.audit_id = s.audit_id AND e.id = s.evidence_id AND (e.kind <> 'photo' OR e.photo <> '')
            WHERE s.audit_id = a.id AND s.criterion = c.criterion) AS kinds_of_evidence
        FROM audits a JOIN criteria c ON c.edition_id = a.edition_id WHERE a.latest
        """,
    ),
}
INDEXES = {"answers": ("audit_id", "criterion"), "evidence_criteria": ("audit_id", "criterion"), "plan": ("due",)}


def write_database(scope: Scope, path: Path, look_up: Callable[[], None] = lambda: None) -> dict[str, int]:
    """Write all that `scope` holds to a new database at `path`, and return how many rows each table has. Nobody else
    sees the file before it is whole, so it is written without a journal. `look_up` is called now and then, and may
    refuse to go on."""
    from sqlite_utils import Database  # only who writes one waits for it to be imported

    made = Database(path, execute_plugins=False)
    try:
        made.execute("PRAGMA journal_mode = OFF")
        made.execute("PRAGMA synchronous = OFF")
        made.execute("PRAGMA cache_size = -8000")
        made.execute("PRAGMA temp_store = FILE")
        counts = {name: _write_table(made, table, scope, look_up) for name, table in TABLES.items()}
        for table in TABLES.values():
            if table.searched:
                made[table.name].enable_fts(table.searched, tokenize="unicode61 remove_diacritics 2")
        for name, (_, _, sql) in VIEWS.items():
            made.create_view(name, sql)
        _write_metadata(made)
        made.execute("ANALYZE")
        made.conn.commit()
    finally:
        made.close()
    return counts


def _write_table(made: "Database", table: Table, scope: Scope, look_up: Callable[[], None]) -> int:
    single = [(c.name, *c.refers.split(".")) for c in table.columns if c.refers]
    created = made[table.name].create(
        {column.name: TYPES.get(column.kind, str) for column in table.columns},
        pk=table.key if len(table.key) > 1 else table.key[0],
        foreign_keys=[*single, *table.refers],
        not_null=set(table.key),
    )
    if table.name in INDEXES:
        created.create_index(INDEXES[table.name])  # while it is empty: sorting millions of rows costs their memory
    insert = f"INSERT INTO [{table.name}] VALUES ({', '.join('?' * len(table.names))})"  # noqa: S608
    number, told = 0, rows(table, scope)
    while some := list(islice(told, AT_A_TIME)):
        look_up()
        made.conn.executemany(insert, [[plain(row[name]) for name in table.names] for row in some])
        number += len(some)
    return number


def _write_metadata(made: "Database") -> None:
    """`metadata`: what every table, view and column says; of tables and views the column's name is empty."""
    about = [(t.name, "", "table", t.words["en"], t.words["cy"], None) for t in TABLES.values()]
    about += [(name, "", "view", en, cy, None) for name, (en, cy, _) in VIEWS.items()]
    about += [(t.name, c.name, c.kind, c.words["en"], c.words["cy"], c.refers) for t, c in each_column()]
    names = ("table_name", "column_name", "kind", "words_en", "words_cy", "refers")
    made["metadata"].insert_all(
        (dict(zip(names, row, strict=True)) for row in about), pk=("table_name", "column_name"), columns={"refers": str}
    )

"""Figures out: the same in every form, harmless in spreadsheets, and nothing in them that one may not see."""

import csv
import errno
import fcntl
import gzip
import hashlib
import html
import io
import json
import re
import shutil
import sqlite3
import subprocess
import threading
import zipfile
from collections.abc import Iterator
from datetime import timedelta
from itertools import islice, product

import openpyxl
import pandas
import pytest
from openpyxl.utils.escape import unescape
from sqlalchemy import func, select

from audit_app.access import MAY
from audit_app.accounts.models import Grant, Invitation, Person
from audit_app.audits.models import Answer
from audit_app.audits.queries import audits_of
from audit_app.db import db, new_id, now
from audit_app.exports import queries, spool
from audit_app.exports.models import AccessToken
from audit_app.exports.queries import Key, Scope
from audit_app.exports.sheets import CUT, MOST_SIGNS, fitting, harmless, write_xlsx
from audit_app.exports.tables import FINDINGS, TABLES, each_column
from audit_app.ledger.models import Stream
from audit_app.ledger.verify import verify
from audit_app.sites.models import Site

from .builders import OURS, Phone, Scene, email_of, operation, secret
from .test_evidence import a_photo

PHOTO = a_photo()
SHA256 = hashlib.sha256(PHOTO).hexdigest()
FORMULA = '=HYPERLINK("http://evil.example","click")'
RESIDENT = "Winston Smith"


class Trust:
    """An organisation with a ward and a hostel that have each been audited, and another trust that has too."""

    def __init__(self, scene: Scene):
        self.scene, self.app = scene, scene.app
        self.id, self.other = scene.organisation("Northfield Trust"), scene.organisation("Southmoor Housing")
        self.ward, self.hostel = scene.site(self.id), scene.site(self.id, "Elm House", "hostel")
        self.elsewhere = scene.site(self.other, "Far House", "hostel")
        self.lead = scene.phone("Lena Lead", "lead", self.id, self.ward)
        self.manager = scene.phone("Mona Manager", "manager", self.id)
        self.stranger = scene.phone("Sam Stranger", "manager", self.other)
        self.audit = self.fill(self.lead, self.ward)
        self.second = self.fill(scene.phone("Hal Hostel", "lead", self.id, self.hostel), self.hostel)
        self.theirs = self.fill(
            scene.phone("Olga Other", "lead", self.other, self.elsewhere), self.elsewhere, "THEIRS "
        )

    def fill(self, phone: Phone, site: str, word: str = "") -> str:
        """An audit with a staff shift, a residents' group, evidence with a photo and a plan; its id."""
        audit = self.scene.audit(phone, site, "staff", f"{word}Night shift")
        residents, item = new_id(), new_id()
        photo = {"evidence": new_id(), "kind": "photo", "caption": "Garden", "criteria": ["safety-2"], "sha256": SHA256}
        said = [
            ("contributor.add", {"contributor": residents, "voice": "resident", "label": RESIDENT}),
            ("answer.rate", {"contributor": audit.contributor, "criterion": "safety-1", "rating": 3}),
            ("answer.rate", {"contributor": audit.contributor, "criterion": "safety-2", "rating": 2}),
            ("answer.rate", {"contributor": residents, "criterion": "safety-1", "rating": 0}),
            ("answer.rate", {"contributor": residents, "criterion": "safety-2", "rating": None, "reason": "No garden"}),
            ("answer.comment", {"contributor": residents, "criterion": "safety-1", "text": f"{word}{FORMULA}"}),
            ("finding.agree", {"criterion": "safety-1", "rating": 2}),
            ("finding.account", {"criterion": "safety-1", "shows": "+1", "helps": "@Tom", "hinders": "-"}),
            ("evidence.add", photo | {"nobody": True}),
            ("plan.add", {"item": item, "what": f"{word}Tea at four", "criteria": ["safety-1", "safety-2"]}
             | {"whose": "lead", "due": "2026-11-01", "answers": []}),
        ]  # fmt: skip
        taken = phone.verdicts(audit.id, [operation(kind, payload) for kind, payload in said])
        assert set(taken) == {"applied"}
        assert phone.client.put(f"/api/audits/{audit.id}/photos/{SHA256}", data=PHOTO, headers=OURS).json["here"]
        return audit.id


@pytest.fixture
def trust(scene: Scene) -> Trust:
    return Trust(scene)


def read_csv(reply) -> list[dict]:
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return list(csv.DictReader(io.StringIO(reply.data.decode("utf-8-sig"), newline="")))


def open_database(reply, folder) -> sqlite3.Connection:
    """The exported database, with its rows by column."""
    assert reply.status_code == 200, reply.get_data(as_text=True)
    (folder / "figures.sqlite").write_bytes(reply.data)
    opened = sqlite3.connect(folder / "figures.sqlite")
    opened.row_factory = sqlite3.Row
    return opened


def unzip(reply) -> dict[str, bytes]:
    """The files of an archive, which must be as its manifest says."""
    assert reply.status_code == 200, reply.get_data(as_text=True)
    archive = zipfile.ZipFile(io.BytesIO(reply.data))
    files = {name: archive.read(name) for name in archive.namelist()}
    manifest = json.loads(files["manifest.json"])
    told = {one["name"]: (one["bytes"], one["sha256"]) for one in manifest["files"]}
    found = {name: (len(data), hashlib.sha256(data).hexdigest()) for name, data in files.items()}
    assert told == {name: what for name, what in found.items() if name != "manifest.json"}
    return files


def pages(phone: Phone, table: str, **more) -> list[dict]:
    """All pages of a table as JSON."""
    found, after = [], ""
    while after is not None:
        page = phone.get(f"/api/tables/{table}", query_string={"after": after} if after else {}, **more).json
        found += page["rows"]
        after = page["next"]
    return found


def test_a_table_is_the_same_as_csv_workbook_database_and_json(trust: Trust, tmp_path):
    opened = open_database(trust.manager.get("/api/export.sqlite"), tmp_path)

    for name, table in TABLES.items():
        in_json = pages(trust.manager, name)
        in_csv = read_csv(trust.manager.get(f"/api/exports/{name}.csv"))
        book = openpyxl.load_workbook(io.BytesIO(trust.manager.get(f"/api/exports/{name}.xlsx").data))
        header, *cells = book.worksheets[0].iter_rows(values_only=True)
        in_database = [dict(row) for row in opened.execute(f"SELECT * FROM {name}")]

        assert in_json, name
        assert header == table.names == tuple(in_csv[0]) == tuple(in_database[0]) == tuple(in_json[0])
        as_kept = [{key: _kept(value) for key, value in row.items()} for row in in_json]
        assert in_database == as_kept
        assert [dict(zip(header, row, strict=True)) for row in cells] == [_emptied(row) for row in as_kept]
        assert in_csv == [{k: str("" if v is None else harmless(v)) for k, v in row.items()} for row in as_kept]


def _kept(value):
    return int(value) if isinstance(value, bool) else value


def _emptied(row: dict) -> dict:
    return {name: None if value == "" else value for name, value in row.items()}


def test_counts_are_equal_in_the_list_in_the_export_and_in_the_tables(trust: Trust):
    rows = read_csv(trust.manager.get("/api/exports/answers.csv"))
    scores = read_csv(trust.manager.get("/api/exports/scores.csv"))

    with trust.app.app_context():
        kept = db.session.scalar(select(func.count()).select_from(Answer).filter(Answer.audit_id == trust.audit))
        [listed] = audits_of([trust.ward], set())
    assert kept == len([row for row in rows if row["audit_id"] == trust.audit]) == 4
    answered = {row["criterion"] for row in rows if row["audit_id"] == trust.audit}
    assert sum(one["answered"] for one in listed["progress"]["principles"]) == len(answered) == 2
    assert sum(int(row["ratings"]) + int(row["not_applicable"]) for row in scores) == len(rows) == 8
    [residents] = [row for row in scores if row["audit_id"] == trust.audit and row["voice"] == "resident"]
    assert (residents["ratings"], residents["not_applicable"], residents["rated_0"]) == ("1", "1", "1")
    assert (residents["mean"], residents["percent_2_or_3"]) == ("0.0", "0.0")
    [staff] = [row for row in scores if row["audit_id"] == trust.audit and row["voice"] == "staff"]
    assert (staff["contributors"], staff["mean"], staff["percent_2_or_3"]) == ("1", "2.5", "100.0")


def test_a_contributor_taken_out_of_the_count_is_out_of_the_figures(trust: Trust):
    night = next(row["id"] for row in pages(trust.lead, "contributors") if row["voice"] == "staff")

    seen = [write["id"] for write in trust.lead.get(f"/api/audits/{trust.audit}").json["registers"][in_count(night)]]
    trust.lead.verdicts(trust.audit, [operation("contributor.withdraw", {"contributor": night}, seen)])

    assert {row["voice"] for row in pages(trust.lead, "answers")} == {"resident"}
    assert {row["voice"] for row in pages(trust.lead, "scores")} == {"resident"}
    assert [row["withdrawn"] for row in pages(trust.lead, "contributors") if row["id"] == night] == [True]


def in_count(contributor: str) -> str:
    """The register that says whether somebody is in the count."""
    return f"contributor/{contributor}/withdrawn"


# What one may not see


def everything(phone: Phone, folder) -> bytes:
    """All that somebody can take out, in one heap."""
    heap = b""
    for name in TABLES:
        heap += phone.get(f"/api/exports/{name}.csv").data + phone.get(f"/api/tables/{name}").data
        book = phone.get(f"/api/exports/{name}.xlsx").data
        heap += b"".join(
            zipfile.ZipFile(io.BytesIO(book)).read(one) for one in zipfile.ZipFile(io.BytesIO(book)).namelist()
        )
    opened = open_database(phone.get("/api/export.sqlite"), folder)
    heap += "\n".join(opened.iterdump()).encode()
    for address in ["/api/exports/person.zip", *(f"/api/exports/organisation/{one['id']}.zip" for one in whole(phone))]:
        heap += b"".join(unzip(phone.get(address)).values())
    return heap


def whole(phone: Phone) -> list[dict]:
    return phone.get("/api/exports").json["whole"]


def test_another_organisations_figures_never_appear(trust: Trust, tmp_path):
    taken = everything(trust.manager, tmp_path)

    for word in (
        "Southmoor",
        "Far House",
        "THEIRS",
        "Olga",
        "Sam Stranger",
        trust.theirs,
        trust.other,
        trust.elsewhere,
    ):
        assert word.encode() not in taken, word
    assert trust.audit.encode() in taken and b"Tea at four" in taken
    assert b"THEIRS" in everything(trust.stranger, tmp_path)


def test_a_lead_takes_out_their_own_setting_alone(trust: Trust, tmp_path):
    assert {row["setting"] for row in pages(trust.manager, "audits")} == {"Rowan ward", "Elm House"}
    assert {row["setting"] for row in pages(trust.lead, "audits")} == {"Rowan ward"}
    assert {row["stream_id"] for row in pages(trust.lead, "history")} == {trust.audit}
    assert {row["stream_id"] for row in pages(trust.manager, "history")} == {trust.audit, trust.second, trust.id}
    assert b"Elm House" not in everything(trust.lead, tmp_path)
    assert trust.lead.get(f"/api/exports/organisation/{trust.id}.zip").status_code == 403


ADDRESSES = ("/api/exports/answers.csv", "/api/exports/answers.xlsx", "/api/tables/answers", "/api/export.sqlite")


def test_each_role_takes_out_what_the_table_of_rights_says(trust: Trust, subtests):
    roles = ("auditor", "lead", "manager", "assessor", "panel", "admin")
    phones = {role: trust.scene.phone(f"Some {role}", role, trust.id) for role in roles}
    trust.scene.end_grants(trust.manager.get("/api/session").json["person"]["id"])
    for address in ADDRESSES:
        for role, phone in phones.items():
            with subtests.test(f"{role}: {address}"):
                reply = phone.get(address)
                reply.get_data()  # to its end: one file at a time is made for one person
                assert (reply.status_code == 200) == (role in MAY["export.see"])
        assert trust.manager.get(address).status_code == 403
        assert Phone(trust.app).get(address).status_code == 401


def test_whoever_looks_after_people_alone_gets_nothing_of_audits(trust: Trust):
    admin = trust.scene.phone("Ali Admin", "admin", trust.id)

    files = unzip(admin.get(f"/api/exports/organisation/{trust.id}.zip"))

    assert b"Mona Manager" in files["people.csv"] and b"Elm House" in files["settings.csv"]
    heap = b"".join(files.values())
    assert (
        trust.audit.encode() not in heap and b"Tea at four" not in heap and not any("photos/" in one for one in files)
    )


def test_no_resident_is_named(trust: Trust):
    for name in TABLES:
        assert RESIDENT not in trust.manager.get(f"/api/exports/{name}.csv").data.decode(), name
    words = {row["kind"]: row["words"] for row in pages(trust.lead, "history") if "resident" in row["words"]}
    assert words["answer.comment"].startswith("Lena Lead commented for “resident”")
    assert {row["label"] for row in pages(trust.lead, "contributors")} == {"Night shift", None}


def test_names_of_people_are_in_the_history_alone(trust: Trust):
    for name in TABLES:
        named = b"Lena Lead" in trust.manager.get(f"/api/exports/{name}.csv").data
        assert named == (name == "history"), name


# Spreadsheets


@pytest.mark.parametrize("sign", ["=", "+", "-", "@", "\t", "\r", "\n", "＝", "＋", "－", "＠"])
def test_what_would_begin_a_formula_is_harmless(sign: str):
    assert harmless(f"{sign}1+1") == f"'{sign}1+1"
    assert harmless(f"1{sign}1") == f"1{sign}1"
    assert harmless(-1) == -1


def test_a_formula_that_somebody_typed_is_text_in_csv(trust: Trust):
    reply = trust.lead.get("/api/exports/answers.csv")

    assert reply.data.startswith(b"\xef\xbb\xbf")
    assert [row["comment"] for row in read_csv(reply) if row["comment"]] == [f"'{FORMULA}"]
    [finding] = read_csv(trust.lead.get("/api/exports/findings.csv"))
    assert (finding["shows"], finding["helps"], finding["hinders"]) == ("'+1", "'@Tom", "'-")


def test_no_cell_of_a_workbook_is_a_formula(trust: Trust):
    for name in TABLES:
        reply = trust.lead.get(f"/api/exports/{name}.xlsx")
        book = openpyxl.load_workbook(io.BytesIO(reply.data))
        assert all(cell.data_type != "f" for sheet in book for row in sheet.iter_rows() for cell in row), name
        assert all(b"<f" not in part for part in _sheets(reply.data)), name
    sheet = openpyxl.load_workbook(io.BytesIO(trust.lead.get("/api/exports/answers.xlsx").data)).worksheets[0]
    assert FORMULA in [cell.value for row in sheet.iter_rows() for cell in row]


def _sheets(book: bytes) -> list[bytes]:
    archive = zipfile.ZipFile(io.BytesIO(book))
    return [archive.read(name) for name in archive.namelist() if name.startswith("xl/worksheets/")]


@pytest.mark.skipif(not shutil.which("soffice"), reason="LibreOffice is not here; openpyxl reads the workbooks above")
def test_libreoffice_opens_a_workbook_and_finds_no_formula(trust: Trust, tmp_path):
    (tmp_path / "answers.xlsx").write_bytes(trust.lead.get("/api/exports/answers.xlsx").data)

    command = [
        "soffice",
        "--headless",
        "--convert-to",
        "fods",
        "--outdir",
        str(tmp_path),
        str(tmp_path / "answers.xlsx"),
    ]
    subprocess.run(command, check=True, timeout=120)

    flat = (tmp_path / "answers.fods").read_text()
    assert "HYPERLINK" in flat and "table:formula" not in flat


def test_a_text_that_no_cell_holds_is_cut_and_says_so():
    assert fitting("a" * MOST_SIGNS) == "a" * MOST_SIGNS
    for text in ("a" * (MOST_SIGNS + 1), "😀" * MOST_SIGNS):
        assert fitting(text).endswith(CUT)
        assert len(fitting(text).encode("utf-16-le")) // 2 <= MOST_SIGNS


def test_rows_beyond_what_a_sheet_holds_go_on_in_the_next(tmp_path, monkeypatch):
    monkeypatch.setattr("audit_app.exports.sheets.MOST_ROWS", 4)
    rows = [dict.fromkeys(FINDINGS.names, None) | {"criterion": f"c-{n}"} for n in range(7)]

    with (tmp_path / "a.xlsx").open("wb") as file:
        assert write_xlsx(FINDINGS, rows, file, "en") == 7

    book = openpyxl.load_workbook(tmp_path / "a.xlsx")
    assert book.sheetnames == ["findings", "findings 2", "findings 3", "Columns"]
    assert [sheet.max_row for sheet in book.worksheets] == [4, 4, 2, len(FINDINGS.names) + 1]


# The database


def test_the_database_is_whole_and_every_reference_leads_somewhere(trust: Trust, tmp_path):
    opened = open_database(trust.manager.get("/api/export.sqlite"), tmp_path)

    assert [tuple(row) for row in opened.execute("PRAGMA integrity_check")] == [("ok",)]
    assert opened.execute("PRAGMA foreign_key_check").fetchall() == []
    references = [row for name in TABLES for row in opened.execute(f"PRAGMA foreign_key_list({name})")]
    assert len(references) > 20


def test_the_database_says_what_every_table_view_and_column_is(trust: Trust, tmp_path):
    opened = open_database(trust.manager.get("/api/export.sqlite"), tmp_path)

    told = {(row["table_name"], row["column_name"]): row for row in opened.execute("SELECT * FROM metadata")}
    views = [row["name"] for row in opened.execute("SELECT name FROM sqlite_master WHERE type = 'view'")]

    assert set(told) == {
        *((table.name, column.name) for table, column in each_column()),
        *((name, "") for name in (*TABLES, *views)),
    }
    assert all(row["words_en"] and row["words_cy"] for row in told.values())


def test_the_views_of_the_database_count_what_was_said(trust: Trust, tmp_path):
    opened = open_database(trust.lead.get("/api/export.sqlite"), tmp_path)

    def one(view: str, **where):
        condition = " AND ".join(f"{name} = :{name}" for name in where)
        [row] = opened.execute(f"SELECT * FROM {view} WHERE {condition}", where).fetchall()
        return dict(row)

    heat = one("heat_map", principle="safety")
    voices = one("voices", principle="safety")
    assert (heat["criteria"], heat["found"], heat["at_2_or_3"], heat["at_0"]) == (5, 1, 1, 0)
    assert (voices["staff"], voices["staff_n"], voices["resident"], voices["resident_n"]) == (2.5, 1, 0.0, 1)
    assert (voices["gap"], voices["visitor"]) == (2.5, None)
    behind = one("coverage", criterion="safety-2")
    assert (behind["contributors"], behind["residents"], behind["kinds_of_evidence"]) == (2, 1, 1)
    assert one("due", what="Tea at four")["stands"] == "overdue"
    assert one("change", principle="safety")["found_before"] is None


def test_what_was_written_can_be_searched(trust: Trust, tmp_path):
    opened = open_database(trust.lead.get("/api/export.sqlite"), tmp_path)

    found = opened.execute(
        "SELECT comment FROM answers WHERE rowid IN (SELECT rowid FROM answers_fts WHERE answers_fts MATCH 'hyperlink')"
    ).fetchall()

    assert [row["comment"] for row in found] == [FORMULA]


def test_pandas_reads_the_database_back(trust: Trust, tmp_path):
    opened = open_database(trust.manager.get("/api/export.sqlite"), tmp_path)

    answers = pandas.read_sql("SELECT * FROM answers", opened)
    scores = pandas.read_sql("SELECT * FROM scores", opened).set_index(["audit_id", "principle", "voice"])

    rated = answers.dropna(subset=["rating"])
    means = rated.groupby(["audit_id", "principle", "voice"])["rating"].mean()
    assert len(answers) == 8
    assert means.to_dict() == scores["mean"].to_dict()


def test_datasette_opens_the_database_as_it_is(trust: Trust, tmp_path):
    import asyncio

    from datasette.app import Datasette

    open_database(trust.manager.get("/api/export.sqlite"), tmp_path).close()

    async def ask(path: str):
        reply = await datasette.client.get(path)
        assert reply.status_code == 200, (path, reply.text)
        return reply.json()

    async def look():
        await datasette.invoke_startup()
        heat = await ask("/figures/heat_map.json?_shape=array&_size=max")
        found = await ask("/figures/answers.json?_search=hyperlink&_shape=array")
        page = await datasette.client.get("/figures/answers")
        return heat, found, page

    datasette = Datasette([str(tmp_path / "figures.sqlite")])
    heat, found, page = asyncio.run(look())

    assert len(heat) == 20
    assert {row["comment"] for row in found} == {FORMULA}
    assert page.status_code == 200 and 'href="/figures/audits/' in page.text


def test_the_command_writes_everything_and_never_over_a_file(trust: Trust, tmp_path):
    file = tmp_path / "all.sqlite"

    first = trust.app.test_cli_runner().invoke(args=["export", str(file)])
    again = trust.app.test_cli_runner().invoke(args=["export", str(file)])

    assert first.exit_code == 0, first.output
    assert again.exit_code == 1 and "is there already" in again.output
    opened = sqlite3.connect(file)
    assert opened.execute("SELECT count(*) FROM answers").fetchone() == (12,)
    assert {name for (name,) in opened.execute("SELECT name FROM organisations")} == {
        "Northfield Trust",
        "Southmoor Housing",
    }
    assert "password" not in "\n".join(opened.iterdump()) and "@example.org" not in "\n".join(opened.iterdump())


def test_nothing_is_left_behind_on_the_disk(trust: Trust):
    for address in (*ADDRESSES, "/api/exports/person.zip", f"/api/exports/organisation/{trust.id}.zip"):
        reply = trust.manager.get(address)
        assert reply.status_code == 200
        reply.close()
    with trust.app.app_context():
        assert [file.suffix for file in spool._folder().iterdir()] == [".lock"]


def test_one_person_makes_one_file_at_a_time(trust: Trust):
    id = trust.manager.get("/api/session").json["person"]["id"]
    assert trust.manager.get("/api/export.sqlite").status_code == 200

    with open(f"{trust.app.config['DATA_DIR']}/exports/{id}.lock", "wb") as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        refused, by_another = trust.manager.get("/api/export.sqlite"), trust.lead.get("/api/export.sqlite")

    assert (refused.status_code, refused.headers["Retry-After"]) == (429, "10")
    assert by_another.status_code == 200
    assert trust.manager.get("/api/export.sqlite").status_code == 200


# What takes longer than a moment


class Slow:
    """The findings of a service so large that they take a while: some come at once, the rest when they may."""

    def __init__(self, monkeypatch):
        self.may_go_on, self.drawn = threading.Event(), 0
        monkeypatch.setattr(spool, "A_MOMENT", 0.05)
        monkeypatch.setattr(spool, "A_SILENCE", 0.05)
        monkeypatch.setitem(queries.ROWS, "findings", self.rows)

    def rows(self, scope: Scope, after: Key | None) -> Iterator[dict]:
        [setting] = [scope.setting_of(id) for id in list(scope.audits)[:1]]
        for self.drawn in range(8000):
            if self.drawn == 4000:
                assert self.may_go_on.wait(30)
            empty = dict.fromkeys(FINDINGS.names) | {"differs": False, "account_differs": False}
            yield empty | setting | {"principle": "safety", "criterion": f"c-{self.drawn:04}", "shows": str(new_id())}


@pytest.fixture
def slow(monkeypatch) -> Slow:
    return Slow(monkeypatch)


@pytest.mark.parametrize("kind", ["csv", "xlsx"])
def test_a_large_table_comes_while_it_is_made(trust: Trust, slow: Slow, kind: str):
    reply = trust.manager.get(f"/api/exports/findings.{kind}", headers=OURS)
    pieces = iter(reply.response)

    first = next(pieces)

    assert first and not slow.may_go_on.is_set() and "Content-Length" not in reply.headers
    slow.may_go_on.set()
    whole = first + b"".join(pieces)
    if kind == "csv":
        assert len(whole.splitlines()) == 8001
    else:
        book = openpyxl.load_workbook(io.BytesIO(whole), read_only=True)
        assert sum(1 for _ in book.worksheets[0].rows) == 8001


def test_all_of_an_organisation_comes_while_it_is_gathered(trust: Trust, slow: Slow):
    reply = trust.manager.get(f"/api/exports/organisation/{trust.id}.zip")
    pieces = iter(reply.response)

    first = next(pieces)

    assert first.startswith(b"PK") and not slow.may_go_on.is_set()
    slow.may_go_on.set()
    reply.data = first + b"".join(pieces)
    files = unzip(reply)
    assert len(files["tables/findings.csv"].splitlines()) == 8001
    assert any(name.startswith("photos/") for name in files)


def test_while_a_large_database_is_made_the_connection_is_kept_alive(trust: Trust, slow: Slow, tmp_path):
    reply = trust.manager.get("/api/export.sqlite", headers={"Accept-Encoding": "gzip"})
    pieces = iter(reply.response)

    early = [next(pieces) for _ in range(4)]

    assert early[1:] == [spool.NOTHING_YET] * 3 and reply.headers["Content-Encoding"] == "gzip"
    slow.may_go_on.set()
    (tmp_path / "figures.sqlite").write_bytes(gzip.decompress(b"".join([*early, *pieces])))
    opened = sqlite3.connect(tmp_path / "figures.sqlite")
    assert opened.execute("PRAGMA integrity_check").fetchone() == ("ok",)
    assert opened.execute("SELECT count(*) FROM findings").fetchone() == (8000,)


def test_a_program_that_takes_no_gzip_gets_the_large_database_as_it_is(trust: Trust, slow: Slow, tmp_path):
    reply = trust.manager.get("/api/export.sqlite")
    threading.Timer(0.2, slow.may_go_on.set).start()

    opened = open_database(reply, tmp_path)

    assert "Content-Encoding" not in reply.headers
    assert opened.execute("SELECT count(*) FROM findings").fetchone()[0] == 8000


@pytest.mark.parametrize("address", ["/api/exports/findings.csv", "/api/export.sqlite", "/api/exports/organisation/"])
def test_nobody_makes_what_nobody_waits_for_any_more(trust: Trust, slow: Slow, address: str):
    reply = trust.manager.get(f"{address}{trust.id}.zip" if address.endswith("/") else address)
    assert trust.manager.get("/api/exports/sites.csv").status_code == 429

    reply.close()
    slow.may_go_on.set()

    again = _once_there(lambda: trust.manager.get("/api/exports/sites.csv"))
    assert again.status_code == 200 and slow.drawn < 7999


def _once_there(ask) -> object:
    for _ in range(100):
        reply = ask()
        if reply.status_code != 429:
            break
        threading.Event().wait(0.05)
    return reply


def test_a_file_that_cannot_be_finished_is_cut_off_and_never_looks_whole(trust: Trust, slow: Slow, monkeypatch):
    def fails(scope: Scope, after: Key | None) -> Iterator[dict]:
        yield from islice(slow.rows(scope, after), 8000)
        raise OSError("No space left on device")

    monkeypatch.setitem(queries.ROWS, "findings", fails)
    for address in ("/api/exports/findings.csv", f"/api/exports/organisation/{trust.id}.zip", "/api/export.sqlite"):
        slow.may_go_on.clear()
        reply = trust.manager.get(address, headers={"Accept-Encoding": "gzip"})
        slow.may_go_on.set()
        with pytest.raises(OSError, match="No space"):
            b"".join(reply.response)


def test_what_fails_at_once_is_a_problem_and_no_file(trust: Trust, monkeypatch):
    def fails(scope: Scope, after: Key | None) -> Iterator[dict]:
        raise OSError(errno.ENOSPC, "No space left on device")
        yield {}

    monkeypatch.setitem(queries.ROWS, "findings", fails)

    for address in ("/api/exports/findings.xlsx", "/api/export.sqlite", f"/api/exports/organisation/{trust.id}.zip"):
        reply = trust.manager.get(address)
        assert reply.status_code == 507 and reply.json["type"] == "/problems/storage-full", address


def test_odd_signs_come_through_a_workbook_as_they_were_typed(tmp_path):
    typed = ["<b>&\"'</b>", " two  spaces ", "tab\tline\nend", "bell\x07", "_x0041_ as typed", "\ud800", "😀", "=1+1"]
    rows = [dict.fromkeys(FINDINGS.names) | {"criterion": text} for text in typed]

    with (tmp_path / "a.xlsx").open("wb") as file:
        write_xlsx(FINDINGS, rows, file, "en")

    sheet = openpyxl.load_workbook(tmp_path / "a.xlsx").worksheets[0]
    place = FINDINGS.names.index("criterion")
    read = [unescape(row[place]) for row in sheet.iter_rows(min_row=2, values_only=True)]
    assert read == typed


def test_the_list_says_how_large_the_database_will_be(trust: Trust):
    told = trust.manager.get("/api/exports").json["database"]

    with trust.app.app_context():
        done = db.session.scalar(select(func.sum(Stream.seq)).filter(Stream.id.in_([trust.audit, trust.second])))
    assert told == {"bytes": done * queries.BYTES_OF_ONE, "seconds": 0}


# Everything of a person, and of an organisation


def test_a_person_gets_all_that_is_known_of_them_and_nothing_of_others(trust: Trust):
    made = make_token(trust.lead, trust.id)
    trust.manager.do(
        trust.id, "grant.give", {"grant": new_id(), "person": me(trust.lead), "role": "lead", "site": trust.hostel}
    )

    files = unzip(trust.lead.get("/api/exports/person.zip"))

    account = json.loads(files["account.json"])
    assert (account["name"], account["email"]) == ("Lena Lead", email_of("Lena Lead"))
    done = [json.loads(line) for line in files["what-i-did.jsonl"].splitlines()]
    assert {one["author"] for one in done} == {account["id"]}
    assert [one["payload"]["text"] for one in done if one["kind"] == "answer.comment"] == [FORMULA]
    [about] = [json.loads(line) for line in files["what-others-did-about-me.jsonl"].splitlines()]
    assert (about["kind"], about["author_name"]) == ("grant.give", "Mona Manager")
    assert len(files["roles.csv"].splitlines()) == 3
    assert b"Sheets" in files["tokens.csv"] and made.encode() not in b"".join(files.values())
    [photo] = [name for name in files if name.startswith("photos/")]
    assert photo == f"photos/{hashlib.sha256(files[photo]).hexdigest()}.jpg"
    with trust.app.app_context():
        kept = db.session.get(Person, account["id"]).password_hash
    assert kept.encode() not in b"".join(files.values())


def test_what_somebody_handed_in_for_another_is_listed_without_the_others_words(trust: Trust):
    trust.scene.person("Amina", "auditor", trust.id, trust.ward)
    amina = trust.scene.phone_of("Amina")
    said = operation("finding.agree", {"criterion": "safety-3", "rating": None, "reason": "Amina's own words"})

    trust.lead.verdicts(trust.audit, [said], on_behalf_of=me(amina))

    assert b"Amina's own words" not in unzip(trust.lead.get("/api/exports/person.zip"))["what-i-did.jsonl"]
    assert b"Amina's own words" in unzip(amina.get("/api/exports/person.zip"))["what-i-did.jsonl"]


def test_an_organisation_gets_all_of_its_own(trust: Trust):
    files = unzip(trust.manager.get(f"/api/exports/organisation/{trust.id}.zip"))

    assert {f"tables/{name}.csv" for name in TABLES} <= set(files)
    ledger = [json.loads(line) for line in files["ledger.jsonl"].splitlines()]
    assert {one["stream"] for one in ledger} == {trust.audit, trust.second, trust.id}
    for stream in (trust.audit, trust.second, trust.id):
        numbers = [one["number"] for one in ledger if one["stream"] == stream]
        assert numbers == list(range(1, len(numbers) + 1))
    people = list(csv.DictReader(io.StringIO(files["people.csv"].decode("utf-8-sig"))))
    assert {one["name"] for one in people} == {"Lena Lead", "Mona Manager", "Hal Hostel"}
    evidence = list(csv.DictReader(io.StringIO(files["tables/evidence.csv"].decode("utf-8-sig"))))
    assert {f"photos/{row['photo']}" for row in evidence} == {name for name in files if name.startswith("photos/")}


def test_an_organisation_that_is_not_ones_own_is_not_found(trust: Trust):
    theirs = trust.manager.get(f"/api/exports/organisation/{trust.other}.zip")
    nothing = trust.manager.get(f"/api/exports/organisation/{new_id()}.zip")

    assert theirs.status_code == nothing.status_code == 404


# Tables for programs


def test_a_table_is_told_page_by_page_without_a_gap_or_a_repeat(trust: Trust, monkeypatch):
    whole_tables = {name: pages(trust.manager, name) for name in TABLES}

    monkeypatch.setattr("audit_app.exports.routes.A_PAGE", 2)

    for name, rows in whole_tables.items():
        assert pages(trust.manager, name) == rows, name
        assert len(rows) == len({TABLES[name].key_of(row) for row in rows})


def test_a_page_says_when_nothing_is_new(trust: Trust):
    first = trust.manager.get("/api/tables/findings")

    again = trust.manager.get("/api/tables/findings", headers={"If-None-Match": first.headers["ETag"]})
    trust.lead.do(trust.audit, "finding.agree", {"criterion": "safety-4", "rating": 1})
    changed = trust.manager.get("/api/tables/findings", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304
    assert (changed.status_code, len(changed.json["rows"])) == (200, len(first.json["rows"]) + 1)


AFTER = ["x", "W10", "WzFd", "e30", "WyJhIiwiYiIsMV0", "____", "WyJhIiwgLTFd", "bnVsbA", "[" * 5000]


def test_where_a_page_begins_is_not_made_up(trust: Trust, subtests):
    for after, table in product(AFTER, ("answers", "history")):
        with subtests.test(f"{table} after {after[:60]}"):
            reply = trust.manager.get(f"/api/tables/{table}", query_string={"after": after})
            assert (reply.status_code, reply.json["type"]) == (422, "/problems/malformed")


def test_there_is_no_other_table(trust: Trust):
    for address in ("/api/tables/person", "/api/exports/person.csv", "/api/exports/operation.xlsx"):
        assert trust.manager.get(address).status_code == 404


# Tokens


def make_token(phone: Phone, organisation: str, days: int = 30, name: str = "Sheets", **more) -> str:
    """A token of this phone's person; its secret."""
    made, hashed = secret()
    payload = {"token": new_id(), "secret_sha256": hashed, "name": name} | {"until": in_days(days)} | more
    assert phone.do(organisation, "token.make", payload)["verdict"] == "applied"
    return made


def in_days(days: int) -> str:
    return (now() + timedelta(days=days)).date().isoformat()


def me(phone: Phone) -> str:
    return phone.get("/api/session").json["person"]["id"]


def bearer(made: str) -> dict[str, str]:
    return {"Authorization": f"Bearer {made}"}


def test_a_token_reads_what_its_owner_may_see_and_nothing_else(trust: Trust):
    program, made = Phone(trust.app), make_token(trust.lead, trust.id)

    for address in ADDRESSES:
        assert program.get(address, headers=bearer(made)).status_code == 200
    assert {row["audit_id"] for row in pages(program, "answers", headers=bearer(made))} == {trust.audit}
    others = ("/api/home", "/api/session", f"/api/audits/{trust.audit}", "/api/exports", "/api/exports/person.zip")
    for address in (*others, f"/api/exports/organisation/{trust.id}.zip", "/api/dashboard/settings"):
        assert program.get(address, headers=bearer(made)).status_code == 401, address
    pushed = program.post("/api/operations", {"stream": trust.audit, "operations": []}, bearer(made))
    assert pushed.status_code == 401


def test_a_token_reads_of_its_own_organisation_alone(trust: Trust):
    trust.manager.do(trust.id, "organisation.change", {"name": "Northfield"})
    with trust.app.app_context():
        db.session.add(Grant(id=new_id(), person_id=me(trust.manager), role="manager", organisation_id=trust.other))
        db.session.commit()

    own, other = make_token(trust.manager, trust.id), make_token(trust.manager, trust.other)

    program = Phone(trust.app)
    assert {row["id"] for row in pages(program, "audits", headers=bearer(own))} == {trust.audit, trust.second}
    assert {row["id"] for row in pages(program, "audits", headers=bearer(other))} == {trust.theirs}
    assert len(pages(trust.manager, "audits")) == 3


def test_a_token_shows_nothing_once_its_owners_right_has_ended(trust: Trust):
    program, made = Phone(trust.app), make_token(trust.lead, trust.id)

    trust.scene.end_grants(me(trust.lead))

    assert program.get("/api/tables/answers", headers=bearer(made)).status_code == 403


def test_a_token_ends_when_its_owner_ends_it_and_with_its_last_day(trust: Trust):
    program = Phone(trust.app)
    ended, over, works = (make_token(trust.lead, trust.id, days) for days in (30, 0, 0))
    tokens = trust.lead.get("/api/exports").json["tokens"]
    assert [token["name"] for token in tokens] == ["Sheets"] * 3
    with trust.app.app_context():
        by_secret = {one.secret_sha256: one for one in db.session.scalars(select(AccessToken))}
        ends = by_secret[hashlib.sha256(ended.encode()).hexdigest()].id
        by_secret[hashlib.sha256(over.encode()).hexdigest()].until = in_days(-1)
        db.session.commit()

    assert trust.lead.do(trust.id, "token.end", {"token": ends})["verdict"] == "applied"
    assert trust.lead.do(trust.id, "token.end", {"token": ends})["verdict"] == "applied"

    for made, status in ((ended, 401), (over, 401), (works, 200)):
        reply = program.get("/api/tables/answers", headers=bearer(made))
        assert reply.status_code == status
    assert reply.status_code == 200
    assert program.get("/api/tables/answers", headers=bearer(over)).json["type"] == "/problems/token-unknown"
    assert len(trust.lead.get("/api/exports").json["tokens"]) == 1


def test_nobody_ends_somebody_elses_token(trust: Trust):
    make_token(trust.lead, trust.id)
    [token] = trust.lead.get("/api/exports").json["tokens"]

    for phone in (trust.manager, trust.scene.phone("Ali Admin", "admin", trust.id)):
        outcome = phone.do(trust.id, "token.end", {"token": token["id"]})
        assert outcome["problem"]["type"] == "/problems/not-found"
        assert phone.get("/api/exports").json["tokens"] == []
    assert trust.lead.get("/api/exports").json["tokens"] == [token]


def test_a_token_and_a_cookie_are_never_mixed(trust: Trust):
    made = make_token(trust.lead, trust.id)

    wrong = trust.manager.get("/api/tables/audits", headers=bearer("wrong"))
    narrow = pages(trust.manager, "audits", headers=bearer(made))

    assert wrong.status_code == 401, "a cookie must not open what a wrong token does not"
    assert {row["id"] for row in narrow} == {trust.audit}, "a cookie must not widen what a token opens"
    for header in (f"Basic {made}", made, "Bearer ", "Bearer"):
        assert trust.lead.get("/api/tables/audits", headers={"Authorization": header}).status_code == 401, header


@pytest.mark.parametrize("until", ["2020-01-01", "2999-01-01"])
def test_a_token_works_neither_for_ever_nor_in_the_past(trust: Trust, until: str):
    payload = {"token": new_id(), "secret_sha256": secret()[1], "name": "Sheets", "until": until}

    outcome = trust.lead.do(trust.id, "token.make", payload)

    assert outcome["problem"]["type"] == "/problems/token-day-refused"


def test_a_token_is_not_made_twice_and_not_without_end(trust: Trust):
    _, hashed = secret()
    payload = {"token": new_id(), "secret_sha256": hashed, "name": "Sheets", "until": in_days(1)}

    first = trust.lead.do(trust.id, "token.make", payload)
    same_secret = trust.lead.do(trust.id, "token.make", payload | {"token": new_id()})
    same_id = trust.lead.do(trust.id, "token.make", payload | {"secret_sha256": secret()[1]})
    for _ in range(19):
        make_token(trust.lead, trust.id)
    one_more = trust.lead.do(trust.id, "token.make", payload | {"token": new_id(), "secret_sha256": secret()[1]})

    assert first["verdict"] == "applied"
    assert same_secret["problem"]["type"] == same_id["problem"]["type"] == "/problems/token-used-before"
    assert one_more["problem"]["type"] == "/problems/too-many-tokens"


def test_guessing_tokens_is_slowed_down(trust: Trust):
    program = Phone(trust.app)

    replies = [program.get("/api/tables/answers", headers=bearer(secret()[0])) for _ in range(33)]

    assert replies[0].status_code == 401
    assert replies[-1].status_code == 429


def test_a_token_says_when_it_was_used_and_only_its_hash_is_kept(trust: Trust):
    made = make_token(trust.lead, trust.id)
    [before] = trust.lead.get("/api/exports").json["tokens"]

    Phone(trust.app).get("/api/tables/answers", headers=bearer(made))

    [after] = trust.lead.get("/api/exports").json["tokens"]
    assert (before["used_at"], after["used_at"] is None) == (None, False)
    with trust.app.app_context():
        assert list(verify()) == []
    told = trust.manager.get(f"/api/organisations/{trust.id}/history").json["entries"][-1]
    assert told["words"] == f"Lena Lead made the key “Sheets” to read figures with until {in_days(30)}"
    assert made not in json.dumps(told)


# What there is


def test_the_list_says_what_one_may_take_out(trust: Trust):
    lead, manager = trust.lead.get("/api/exports").json, trust.manager.get("/api/exports?language=cy").json
    auditor = trust.scene.phone("Amina", "auditor", trust.id).get("/api/exports").json

    assert (lead["sites"], lead["whole"]) == (1, [])
    assert (manager["sites"], [one["name"] for one in manager["whole"]]) == (2, ["Northfield Trust"])
    assert [table["name"] for table in lead["tables"]] == list(TABLES)
    assert manager["tables"][0]["title"] == "Sefydliadau"
    assert (auditor["sites"], auditor["tables"], auditor["whole"], auditor["organisations"]) == (0, [], [], [])


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_page_about_figures_explains_every_column(app_without_database, language: str):
    page = app_without_database.test_client().get(f"/api/exports/documentation?language={language}")

    text = page.get_data(as_text=True)
    assert page.status_code == 200 and "<script" not in text and "style=" not in text
    for table, column in each_column():
        assert f'id="{table.name}"' in text
        assert html.escape(column.words[language], quote=False) in text.replace("&#39;", "'"), column


def test_every_word_of_the_tables_is_in_both_languages():
    for table, column in each_column():
        for words in (table.title, table.words, column.words):
            assert set(words) == {"en", "cy"} and all(words.values())
        assert set(table.key) <= set(table.names) and set(table.searched) <= set(table.names)
        if column.refers:
            other, _, name = column.refers.partition(".")
            assert name in TABLES[other].names


# Settings and people in


def import_(trust: Trust, text: str | bytes, tmp_path, *more: str, name: str = "in.csv"):
    file = tmp_path / name
    file.write_bytes(text if isinstance(text, bytes) else text.encode())
    return trust.app.test_cli_runner().invoke(args=["import", str(file), *more])


def all_sites(trust: Trust) -> list[tuple[str, str]]:
    with trust.app.app_context():
        return sorted(tuple(row) for row in db.session.execute(select(Site.name, Site.sector)))


GOOD = """Organisation,setting,sector,about,name,email,role
Northfield Trust,Birch ward,ward,Twelve beds,Pat Doe,Pat@Example.org,lead
Northfield Trust,Birch ward,,,Kim Ray,kim@example.org,auditor
Northfield Trust,,,,Mona Manager,mona.manager@example.org,manager
Northfield Trust,Rowan ward,,,Hal Hostel,hal.hostel@example.org,auditor
Northfield Trust,Oak ward,ward,,,,
"""


def test_settings_and_people_come_in_and_the_invited_can_join(trust: Trust, tmp_path):
    done = import_(trust, GOOD, tmp_path, "--address", "https://milieu.example")

    assert done.exit_code == 0, done.output
    assert "2 settings added, 2 people invited, 1 given a role, 1 there before" in done.output
    assert {("Birch ward", "ward"), ("Oak ward", "ward")} <= set(all_sites(trust))
    [link] = re.findall(r"Pat Doe <pat@example.org>\n +https://milieu.example/#/join/(\S+)", done.output)
    invitation, made = link.split("/")
    joining = {"invitation": invitation, "secret": made, "name": "Pat", "password": "three long words"}
    phone = Phone(trust.app)
    assert phone.post("/api/session", joining | {"device": {"id": new_id(), "name": "x"}}).status_code == 200
    assert [site["name"] for site in phone.get("/api/home").json["sites"]] == ["Birch ward"]
    with trust.app.app_context():
        assert list(verify()) == []


def test_the_same_file_again_changes_nothing(trust: Trust, tmp_path):
    import_(trust, GOOD, tmp_path)
    before = all_sites(trust)

    again = import_(trust, GOOD, tmp_path)

    assert "0 settings added, 0 people invited, 0 given a role, 4 there before" in again.output
    assert all_sites(trust) == before


def test_a_dry_run_says_what_would_be_done_and_changes_nothing(trust: Trust, tmp_path):
    before = all_sites(trust)

    done = import_(trust, GOOD, tmp_path, "--dry-run")

    assert "This would be done: 2 settings added, 2 people invited" in done.output
    assert "#/join/" not in done.output
    assert all_sites(trust) == before
    with trust.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0


BAD = """organisation,setting,sector,name,email,role
Northfield Trust,"Two
lines",ward,,,
Nowhere,Birch ward,ward,,,
,Birch ward,ward,,,
Northfield Trust,Castle,castle,,,
Northfield Trust,Rowan ward,school,,,
Northfield Trust,Rowan ward,,Pat,no-address,chief
Northfield Trust,Rowan ward,,,pat@example.org,
Northfield Trust,Rowan ward,,Pat,pat@example.org,lead
Northfield Trust,Rowan ward,,Pat,pat@example.org,lead
Northfield Trust,,ward,,,
Northfield Trust,No sector,,,,
"""
FAULTS = {
    (4, "organisation"): "There is no organisation called “Nowhere”.",
    (5, "organisation"): "is needed.",
    (6, "sector"): "must be one of",
    (7, "sector"): "is ward for the setting of this name",
    (8, "email"): "Not a valid email address.",
    (8, "role"): "must be one of",
    (9, "name"): "must have 1 to 120 characters.",
    (9, "role"): "must be one of",
    (11, "email"): "has this role here on line 10 already.",
    (12, "setting"): "is needed beside a sector",
    (13, "sector"): "must be one of",
}


def test_every_bad_row_is_named_with_line_column_and_reason_and_nothing_is_half_done(trust: Trust, tmp_path):
    before = all_sites(trust)

    done = import_(trust, BAD, tmp_path)

    told = {(int(line), column): why for line, column, why in re.findall(r"line (\d+), (\w+): (.*)", done.output)}
    assert done.exit_code == 1 and "nothing was taken in" in done.output
    assert set(told) == set(FAULTS)
    assert all(told[where].startswith(why) for where, why in FAULTS.items())
    assert all_sites(trust) == before
    with trust.app.app_context():
        assert db.session.scalar(select(func.count()).select_from(Invitation)) == 0
        assert list(verify()) == []


FILES = {
    "": "The file is empty.",
    "setting,sector\nBirch,ward\n": "line 1: the first line must name each column once",
    "organisation,seting\n": "line 1: unknown columns: seting.",
    "organisation,setting,setting\n": "line 1: the first line must name each column once",
    b"organisation,setting\nNorthfield Trust,B\xe9ch\n": "not in UTF-8",
    'organisation,setting\nNorthfield Trust,"open\n': "no sound CSV",
}


def test_a_file_that_cannot_be_read_is_refused_with_a_reason(trust: Trust, tmp_path, subtests):
    for text, reason in FILES.items():
        with subtests.test(reason):
            done = import_(trust, text, tmp_path)
            assert done.exit_code == 1
            assert reason in done.output
    assert "no workbook" in import_(trust, b"not a zip", tmp_path, name="in.xlsx").output


def test_a_workbook_and_semicolons_are_read_as_well(trust: Trust, tmp_path):
    book = openpyxl.Workbook()
    for line in csv.reader(io.StringIO(GOOD)):
        book.active.append(line)
    book.save(tmp_path / "made.xlsx")

    from_book = import_(trust, (tmp_path / "made.xlsx").read_bytes(), tmp_path, "--dry-run", name="in.XLSX")
    with_semicolons = import_(trust, "\ufeff" + GOOD.replace(",", ";"), tmp_path, "--dry-run")

    assert "2 settings added, 2 people invited, 1 given a role, 1 there before" in from_book.output
    assert from_book.output == with_semicolons.output


def test_people_come_in_with_the_rights_of_whoever_brings_them(trust: Trust, tmp_path):
    manager, lead = email_of("Mona Manager"), email_of("Lena Lead")

    by_lead = import_(trust, GOOD, tmp_path, "--by", lead)
    by_manager = import_(trust, GOOD.replace("Kim Ray,kim@example.org,auditor", "Kim,kim@example.org,admin"), tmp_path)
    too_much = import_(
        trust, GOOD.replace("Kim Ray,kim@example.org,auditor", "Kim,kim@example.org,panel"), tmp_path, "--by", manager
    )

    assert by_lead.exit_code == 1 and "line 2, setting: Your role here does not include site.add." in by_lead.output
    assert by_manager.exit_code == 0, "the service's administrator gives any role"
    assert too_much.exit_code == 1 and "line 3, role:" in too_much.output
    assert "Nobody here has the address" in import_(trust, GOOD, tmp_path, "--by", "x@example.org").output

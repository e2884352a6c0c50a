"""What an assessor writes, before it is released: in nothing that the setting's people can read, take out or be sent.
All of it is fetched before and after an assessor has worked, and compared to the byte, the moment and the count; only
what tells the moment of asking may differ. How long a reply takes cannot tell either: none asks the database for
anything that an assessor wrote."""

import hashlib
import io
import json
import re
import sqlite3
import threading
from collections.abc import Iterator
from contextlib import contextmanager
from datetime import UTC, datetime
from pathlib import Path
from types import SimpleNamespace
from zipfile import BadZipFile, ZipFile

import pytest
from pypdf import PdfReader
from sqlalchemy import event

from audit_app.awards.models import Judgement, Remark, Sighting
from audit_app.db import db, new_id, now
from audit_app.exports.tables import TABLES

from .builders import CHECKLIST, Phone, Scene, operation, secret
from .recognition import READY, VISIT, Assigned, Recognition, finding, judging, me
from .test_assessment import ACTION

MOMENT = re.compile(r"(20\d\d)-?(\d\d)-?(\d\d)[T ](\d\d):?(\d\d):?(\d\d)(\.\d+)?(Z|[+-]00:00)?")
REQUEST = re.compile(r'"request_id": ?"\w*"|<code>[0-9a-f]{8,}</code>')
WORDS = ("Seen and heard", "Rose was tired", "A locked door", "They listen", "More plants", "He said it himself")


class Site:
    """The setting's people, with all that each can have: pages, files, a calendar, a key for a program, letters."""

    def __init__(self, way: Recognition, folder: Path):
        self.way, self.app, self.folder, self.assessment = way, way.scene.app, folder, new_id()
        mary, ada = (way.scene.phone(name, role, way.trust) for name, role in (("Mary", "manager"), ("Adam", "admin")))
        self.phones = {"lead": way.lena, "auditor": way.amina, "manager": mary, "admin": ada}
        self.phones["anybody"] = Phone(self.app)
        self.calendars = {name: self._calendar(self.phones[name]) for name in ("lead", "auditor", "manager")}
        key, hashed = secret()
        making = {"token": new_id(), "secret_sha256": hashed, "name": "Sheets", "until": now().date().isoformat()}
        assert mary.do(way.trust, "token.make", making)["verdict"] == "applied"
        self.bearer = {"Authorization": f"Bearer {key}"}
        self._by_program("audits")  # when it was used first is told, too

    def _calendar(self, phone: Phone) -> str:
        made, hashed = secret()
        assert phone.do(self.way.trust, "calendar.make", {"secret_sha256": hashed})["verdict"] == "applied"
        return made

    def all_that_reaches_it(self, *those: str) -> dict[str, tuple]:
        """Every reply (to `those` alone, if named), and the letters."""
        return self.replies(*those) | {"letters": self._letters()}

    def replies(self, *those: str) -> dict[str, tuple]:
        """Every reply, by who asked (`those` alone, if named) and what: status, ETag, length and all that it says."""
        since = a_new_second_begins()
        found, addresses = {}, self.addresses()
        for name in those or self.phones:
            for address in addresses:
                found[f"{name} {address}"] = self._told(self.phones[name].get(address), since)
        for name, made in self.calendars.items():
            found[f"{name}'s calendar"] = self._told(Phone(self.app).get(f"/api/calendar/{made}.ics"), since)
        for table in TABLES:
            found[f"a program: {table}"] = self._told(self._by_program(table), since)
        for stream in ("audit", "assessment", "nothing"):
            found[f"what comes of handing in to the {stream}"] = self._handed_in(stream, since)
        return found

    def _by_program(self, table: str):
        return Phone(self.app).get(f"/api/tables/{table}", headers=self.bearer)

    def _letters(self) -> str:
        """What `flask remind` sends to them."""
        letters = self.app.test_cli_runner().invoke(args=["remind"]).output.split("To: ")
        return "".join(letter for letter in letters if letter.startswith(("Lena", "Amina", "Mary", "Adam")))

    def addresses(self) -> list[str]:
        """Every address that can be read, for this audit, its setting and its organisation."""
        ids = {"audits": self.way.audit, "submissions": self.way.audit, "organisations": self.way.trust}
        ids |= {"exports": self.way.trust, "places": self.way.ward}
        built = []
        for rule in self.app.url_map.iter_rules():
            if "GET" not in rule.methods or rule.endpoint == "static" or {"path", "file", "name"} & rule.arguments:
                continue
            values = dict.fromkeys(rule.arguments, "x") | {"slug": CHECKLIST, "edition": 1, "number": 1}
            values["id"] = next((ids[part] for part in rule.rule.split("/") if part in ids), self.way.ward)
            for table in TABLES if "table" in rule.arguments else [None]:
                with self.app.test_request_context():
                    chosen = {name: table if name == "table" else values[name] for name in rule.arguments}
                    built.append(self.app.url_map.bind("").build(rule.endpoint, chosen))
        pointless = ("/healthz", "/readyz", "/metrics", "/api/docs", "/api/openapi")
        pointless += ("/api/calendar/",)  # their own calendars are asked for by name
        return [address for address in built if not address.startswith(pointless)]

    def _told(self, reply, since: datetime) -> tuple:
        said = self._read(reply.get_data(), since)
        # How long a file is that was packed hangs on the moment at which that was done.
        packed = not isinstance(said, str) or reply.get_data().startswith(b"%PDF")
        return reply.status_code, reply.headers.get("ETag"), None if packed else len(said), said

    def _read(self, data: bytes, since: datetime):
        """What a reply says, without what tells the moment of asking; an archive as what is in it."""
        if data.startswith(b"%PDF"):
            data = "\f".join(page.extract_text() for page in PdfReader(io.BytesIO(data)).pages).encode()
        if data.startswith(b"SQLite format 3"):
            file = self.folder / f"{hashlib.sha256(data).hexdigest()}.sqlite"
            file.write_bytes(data)
            return {"dump": self._read("\n".join(sqlite3.connect(file).iterdump()).encode(), since)}
        try:
            with ZipFile(io.BytesIO(data)) as files:
                return {name: self._read(files.read(name), since) for name in sorted(files.namelist())}
        except BadZipFile:
            pass

        def seen(moment: re.Match) -> str:
            at = datetime(*(int(part) for part in moment.groups()[:6]), tzinfo=UTC)
            return "now" if at >= since else moment.group()

        return REQUEST.sub("request", MOMENT.sub(seen, data.decode("utf-8", "replace")))

    def _handed_in(self, stream: str, since: datetime) -> tuple:
        id = {"audit": self.way.audit, "assessment": self.assessment, "nothing": new_id()}[stream]
        return self._told(self.way.lena.push(id, []), since)


def two_at_work(scene: Scene, folder: Path) -> tuple[Recognition, Site, Assigned, Assigned]:
    """Asa assesses the ward's audit, and Andrew a second time, blind; neither has written anything."""
    way = Recognition(scene)
    site = Site(way, folder)
    way.amina.verdicts(way.audit, [finding(2)])
    asa = way.started()
    site.assessment = asa.id
    return way, site, asa, way.started(way.andrew, blinded=True)


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_nothing_that_a_site_reads_takes_out_or_is_sent_changes_while_an_assessor_works(scene: Scene, tmp_path):
    way, site, asa, andrew = two_at_work(scene, tmp_path)
    asa.phone.verdicts(asa.id, [judging("safety-1", "met")])  # the first is told: the stage
    before = site.all_that_reaches_it()
    assert sum(isinstance(told, tuple) and told[0] == 200 for told in before.values()) > 150
    assert before["what comes of handing in to the assessment"] == before["what comes of handing in to the nothing"]

    for assigned in (asa, andrew):
        way.judge(assigned, safety_1="not-yet")
        said = [
            operation("judgement.note", {"criterion": "safety-1", "text": "Rose was tired"}),
            operation("judgement.probe", {"criterion": "safety-1", "probe": True}),
            operation("visit.see", {"seen": new_id(), "criteria": ["safety-1"], "text": "A locked door"}),
            operation("assessment.remark", {"strengths": "They listen.", "suggestions": "More plants."}),
        ]
        assert set(assigned.phone.verdicts(assigned.id, said)) == {"applied"}
    handed_in = operation("judgement.note", {"criterion": "safety-2", "text": "He said it himself"})
    way.morag.push(asa.id, [handed_in], on_behalf_of=me(way.asa))
    assert asa.phone.do(asa.id, "assessment.admit", {"operation": handed_in["id"]})["verdict"] == "applied"
    assert andrew.phone.do(andrew.id, "assessment.report", ACTION)["verdict"] == "applied"

    after = site.all_that_reaches_it()
    changed = {asked: (told, after[asked]) for asked, told in before.items() if after[asked] != told}
    assert not changed, json.dumps(changed, indent=1, default=repr)

    assert asa.phone.do(asa.id, "assessment.report", READY)["verdict"] == "applied"
    assert asa.phone.do(asa.id, "visit.record", VISIT)["verdict"] == "applied"
    heap = json.dumps(site.all_that_reaches_it("lead", "manager"), default=repr)
    for word in (*WORDS, VISIT["people"], asa.id, andrew.id, me(way.andrew), way.stream):
        assert word not in heap, word
    assert asa.phone.do(asa.id, "report.release", {})["verdict"] == "applied"
    heap = json.dumps(site.all_that_reaches_it("lead", "manager"), default=repr)
    assert "A locked door" in heap and "They listen" in heap, "the site reads it now"
    for word in ("Rose was tired", "He said it himself", andrew.id, me(way.andrew), way.stream):
        assert word not in heap, word


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_no_reply_to_a_site_takes_longer_for_what_an_assessor_wrote_because_none_reads_it(scene: Scene, tmp_path):
    way, site, asa, andrew = two_at_work(scene, tmp_path)
    for assigned in (asa, andrew):
        assert set(way.judge(assigned)) == {"applied"}

    with asked_of_the_database(scene) as asked_by_site:
        site.replies()
    with asked_of_the_database(scene) as asked_by_asa:
        way.asa.get(f"/api/assessments/{asa.id}")

    private = {model.__tablename__ for model in (Judgement, Sighting, Remark)}
    assert any(asa.id in one.values and "write" in one.tables for one in asked_by_asa), "her own desk does read it"
    assert len(asked_by_site) > 1000
    for one in asked_by_site:
        assert not private & one.tables, one
        if {"operation", "payload", "write"} & one.tables:
            assert not {asa.id, andrew.id, way.stream} & one.values, one


@contextmanager
def asked_of_the_database(scene: Scene) -> Iterator[list[SimpleNamespace]]:
    """What is asked of it meanwhile: of each statement the tables that it names, and the values that it is given."""
    names = re.compile(r"\b(?:FROM|JOIN|INTO|UPDATE)\s+\"?(\w+)", re.IGNORECASE)
    asked = []

    def note(connection, cursor, statement, values, context, many):
        given = [value for one in (values if many else [values]) for value in (one or ())]
        asked.append(SimpleNamespace(tables=set(names.findall(statement)), values=set(map(str, given))))

    with scene.app.app_context():
        engine = db.engine
    event.listen(engine, "before_cursor_execute", note)
    try:
        yield asked
    finally:
        event.remove(engine, "before_cursor_execute", note)


def a_new_second_begins() -> datetime:
    """Waits for it: what was done before lies in another second, however roughly a moment is told."""
    threading.Event().wait(1 - now().microsecond / 1_000_000)
    return now().astimezone(UTC).replace(microsecond=0)

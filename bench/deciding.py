"""From a panel's decision to the certificate on paper: how long it takes through gunicorn."""

import json
import time
from collections.abc import Iterator
from itertools import pairwise

from audit_app import create_app
from audit_app.access import Person
from audit_app.accounts import passwords
from audit_app.accounts.models import Grant
from audit_app.db import db, new_id, now
from audit_app.ledger.perform import perform

from .figures import Table, percentile
from .service import EMAIL, PASSWORD, POSTGRESQL, SQLITE, Client, Service, Setting, databases, settle_in
from .visit import CHECKLIST, CRITERIA, EDITION, Phone

TIMES, WARMING = 12, 2
GOAL = 300  # ms
PANEL = ("pia@example.org", "peter@example.org")
WHY = {"reasons": "Ten of ten were shown, and the visit bore it out."}
STEPS = ("decide", "the award's number", "certificate PDF")


def measure() -> Iterator[Table]:
    """Both databases, one after the other: audits that show all the rule asks for, each awarded."""
    for kind in (SQLITE, POSTGRESQL):
        with databases(kind) as (database,):
            submissions = bring_to_panels(database)
            service = Service(database)
            service.start()
            try:
                yield look(kind, Client(service.port).sign_in(PANEL[0]), submissions)
            finally:
                service.stop()


def look(kind: str, client: Client, submissions: list[tuple[str, str]]) -> Table:
    """Decide, learn the number, and fetch the certificate: one audit after another."""
    table = Table(f"{kind}: from a panel's decision to the certificate as PDF")
    took = [_decide(client, *submission) for submission in submissions][WARMING:]
    for place, name in enumerate(STEPS):
        table.add(f"{name}, p50", percentile([one[place] for one in took], 0.5), "ms")
    whole = [sum(one) for one in took]
    table.add("decide to certificate PDF, p50", percentile(whole, 0.5), "ms", GOAL)
    table.add("decide to certificate PDF, slowest", max(whole), "ms")
    return table


def _decide(client: Client, audit: str, stream: str) -> list[float]:
    """Milliseconds for each step."""
    phone = Phone()
    deciding = phone.operation("panel.decide", {"outcome": "awarded", **WHY})
    moments = [time.perf_counter()]
    client.push(stream, [deciding])
    moments.append(time.perf_counter())
    number = json.loads(_get(client, f"/api/submissions/{audit}"))["award"]["number"]
    moments.append(time.perf_counter())
    if not _get(client, f"/certificate/{number}.pdf").startswith(b"%PDF"):
        raise RuntimeError("that is no PDF")
    moments.append(time.perf_counter())
    return [(after - before) * 1000 for before, after in pairwise(moments)]


def _get(client: Client, path: str) -> bytes:
    status, body = client.get(path)
    if status != 200:
        raise RuntimeError(f"{path} answered {status}: {body[:300]!r}")
    return body


def bring_to_panels(database: dict[str, str]) -> list[tuple[str, str]]:
    """As many audits as are decided, each of a ward of its own, at a panel that has said its views."""
    setting = settle_in(database)
    app = create_app(DEMO=True, **database)
    with app.app_context():
        made = _Body(setting)
        found = [made.bring(number) for number in range(TIMES + WARMING)]
        db.session.commit()
        db.engine.dispose()
    return found


class _Body:
    """An awarding body with its people, to which Mary's wards hand in."""

    def __init__(self, setting: Setting):
        self.setting, self.phone, self.id = setting, Phone(), new_id()
        self.mary = db.session.scalar(db.select(Person).filter_by(email=EMAIL))
        self._do(self.mary, self.id, "organisation.add", {"name": "Places that Enable", "awards": True})
        db.session.add(Grant(id=new_id(), person_id=self.mary.id, role="lead", organisation_id=setting.organisation))
        self.morag, self.asa = self._join("morag@example.org", "manager"), self._join("asa@example.org", "assessor")
        self.panel = [self._join(email, "panel") for email in PANEL]

    def bring(self, number: int) -> tuple[str, str]:
        """The audit's id and that of its stream at the body."""
        ward, audit, stream, assessment = (new_id() for _ in range(4))
        about = {"site": ward, "name": f"Ward {number}", "sector": "ward", "about": ""}
        self._do(self.mary, self.setting.organisation, "site.add", about)
        self._say_all(ward, audit)
        self._do(self.mary, audit, "audit.submit", {"to": self.id})
        self._do(self.morag, stream, "submission.take", {"audit": audit})
        self._do(self.morag, assessment, "assessment.assign", {"audit": audit, "assessor": self.asa.id})
        self._do(self.asa, stream, "interest.declare", {"declared": "clear"})
        judged = [{"criterion": one, "judgement": "met", "reason": "Seen."} for one in CRITERIA]
        self._do_all(self.asa, assessment, [("judgement.record", one) for one in judged])
        self._do(self.asa, assessment, "assessment.report", {"outcome": "ready", "points": []})
        visit = {"date": now().date().isoformat(), "people": "Staff and patients", "seen": "A meeting."}
        self._do(self.asa, assessment, "visit.record", visit)
        self._do(self.asa, assessment, "report.release", {})
        self._do(self.mary, audit, "report.correct", {"corrections": []})
        self._do(self.morag, stream, "panel.convene", {"people": [person.id for person in self.panel]})
        for person in self.panel:
            self._do(person, stream, "interest.declare", {"declared": "clear"})
            self._do(person, stream, "panel.view", {"outcome": "awarded", **WHY})
        return audit, stream

    def _say_all(self, ward: str, audit: str) -> None:
        """All that the rule asks for."""
        patients = {"contributor": new_id()}
        said = [("audit.open", {"site": ward, "checklist": CHECKLIST, "edition": EDITION, "track": "award"})]
        said.append(("contributor.add", patients | {"voice": "resident", "label": "The patients"}))
        for one in CRITERIA:
            said.append(("answer.rate", patients | {"criterion": one, "rating": 2}))
            said.append(("finding.agree", {"criterion": one, "rating": 2}))
        for kind, more in (("observation", {}), ("document", {"where": "Office"})):
            shown = {"evidence": new_id(), "kind": kind, "caption": "Seen", "criteria": list(CRITERIA)}
            said.append(("evidence.add", shown | more))
        self._do_all(self.mary, audit, said)

    def _join(self, email: str, role: str) -> Person:
        name = email.partition("@")[0].title()
        person = Person(id=new_id(), name=name, email=email, password_hash=passwords.hash_password(PASSWORD))
        db.session.add(person)
        db.session.flush()
        db.session.add(Grant(id=new_id(), person_id=person.id, role=role, organisation_id=self.id))
        db.session.flush()
        return person

    def _do(self, by: Person, stream: str, kind: str, payload: dict) -> None:
        self._do_all(by, stream, [(kind, payload)])

    def _do_all(self, by: Person, stream: str, said: list[tuple[str, dict]]) -> None:
        outcomes = perform(stream, [self.phone.operation(*one) for one in said], by=by).outcomes
        if refused := [one for one in outcomes if one["verdict"] != "applied"]:
            raise RuntimeError(f"not applied: {refused[0]}")

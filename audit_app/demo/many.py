"""A service of many settings and cycles, to measure on: `flask demo --sites 1000 --cycles 6`.

Its ledger is written in bulk, with the functions that chain and settle what phones hand in, so that `flask verify`
holds; the tables that are drawn from it are drawn by what draws them after a push. Ratings are spread as in life: each
setting has its own strength and grows a little from cycle to cycle, each statement is harder or easier, voices lean
(see `life.py`), and people of one voice differ among themselves. The same every time, but for today's date.
"""

import json
import secrets
from collections.abc import Iterator
from datetime import datetime, timedelta
from random import Random

from flask import current_app
from sqlalchemy import insert

from ..access import ADMIN, MANAGER
from ..accounts import passwords
from ..accounts.models import Grant, Person
from ..checklists.models import Edition
from ..db import as_text, db, now
from ..ledger.arrivals import link, next_tag, payload_hash
from ..ledger.canonical import canonical
from ..ledger.kinds import AUDIT, KINDS, PROJECTIONS
from ..ledger.models import Operation, Payload, Stream, Write
from ..ledger.perform import perform_one
from ..ledger.registers import Said, live, superseded_by
from .life import CHECKLIST, EDITION, LEANS
from .phones import dated_id
from .words import read

TOGETHER = 20  # settings of one organisation
SPEAKING = ("staff", "staff", "staff", "resident", "resident", "resident", "visitor", "staff")
APART = 330  # days between two audits of a setting, give or take
LATE = 45
ITEMS, PLANNED = 12, 4
NOT_APPLICABLE = 0.02
UNDER_WAY = 0.15  # how many of the latest audits are not finished
SECTORS = ("ward", "prison-wing", "hostel", "school", "greencare", "community")
CAPTIONS = ("The rota on the kitchen door", "Minutes of the last four meetings", "A talk after handover", "Who came")


def live_many(sites: int, cycles: int) -> Iterator[str]:
    """Make so many settings with so many audits each; commits an organisation at a time and yields its name."""
    yield from Many(cycles).make(sites)


class Many:
    """The making of it."""

    def __init__(self, cycles: int):
        self.cycles = cycles
        self.chance = Random("Milieu, many times")
        self.edition: Edition = current_app.extensions["checklists"].find(CHECKLIST, EDITION)
        self.criteria = list(self.edition.criteria)
        self.harder = {criterion: self.chance.gauss(0, 0.35) for criterion in self.criteria}
        self.today = now().replace(hour=9, minute=0, second=0, microsecond=0)
        self.sectors = [name for name in SECTORS if name in self.edition.sectors]
        self.password_hash = passwords.hash_password(read("cast.toml")["password"])

    def make(self, sites: int) -> Iterator[str]:
        """Organisations of twenty settings, each with a manager of its own; one more manages all of them."""
        admin, manager = self._person("Ada", "admin@many.example"), self._person("Mona", "manager@many.example")
        self._grant(admin, ADMIN, None)
        for number in range(-(-sites // TOGETHER)):
            name, organisation = f"Trust {number + 1}", self._id(self.today - timedelta(days=3000))
            perform_one(organisation, "organisation.add", {"name": name}, by=admin, received_at=self.today)
            own, lead = (self._person(f"{role} {number + 1}", f"{role}{number + 1}@many.example") for role in ROLES)
            for person, role in ((manager, MANAGER), (own, MANAGER), (lead, "lead")):
                self._grant(person, role, organisation)
            for place in range(min(TOGETHER, sites - number * TOGETHER)):
                self._site(organisation, number * TOGETHER + place, admin, lead)
            db.session.commit()
            db.session.expunge_all()
            yield name

    def _site(self, organisation: str, number: int, admin: Person, lead: Person) -> None:
        site, sector = self._id(self.today - timedelta(days=2999)), self.sectors[number % len(self.sectors)]
        about = {"site": site, "name": f"Setting {number + 1}", "sector": sector, "about": "Made to measure on"}
        perform_one(organisation, "site.add", about, by=admin, received_at=self.today)
        strength, last = self.chance.gauss(1.6, 0.45), self.chance.uniform(5, APART + LATE)
        for cycle in range(self.cycles):
            ago = last + (self.cycles - 1 - cycle) * APART + self.chance.uniform(-LATE, LATE) / 2
            opened = self.today - timedelta(days=max(1, ago))
            strength += self.chance.gauss(0.12, 0.15)
            finished = cycle < self.cycles - 1 or self.chance.random() > UNDER_WAY
            Look(self, organisation, site, lead, opened, strength, finished).store()

    def _person(self, name: str, email: str) -> Person:
        person = Person(id=self._id(self.today), email=email, name=name, password_hash=self.password_hash)
        db.session.add(person)
        db.session.flush()
        return person

    def _grant(self, person: Person, role: str, organisation: str | None) -> None:
        id = self._id(self.today)
        db.session.add(Grant(id=id, person_id=person.id, role=role, organisation_id=organisation))
        db.session.flush()

    def _id(self, at: datetime) -> str:
        return dated_id(at, self.chance)


ROLES = ("manager", "lead")


class Look:
    """One audit of one setting, as rows."""

    def __init__(
        self,
        many: Many,
        organisation: str,
        site: str,
        lead: Person,
        opened: datetime,
        strength: float,
        finished: bool,
    ):
        self.many, self.chance = many, many.chance
        self.organisation, self.site, self.lead = organisation, site, lead
        self.opened, self.strength, self.finished = opened, strength, finished
        self.id, self.device = dated_id(opened, self.chance), dated_id(opened, self.chance)
        self.at = opened
        self.said: list[Said] = []

    def store(self) -> None:
        """Put it into the ledger and draw its tables, first of its opening, then of everything after it."""
        rows, payloads = self._rows()
        stream = Stream(
            id=self.id,
            kind=AUDIT,
            organisation_id=self.organisation,
            site_id=self.site,
            opened_at=self.opened,
            epoch=secrets.token_hex(4),
            seq=len(rows),
            tag=rows[-1]["tag"],
            digest=rows[-1]["digest"],
        )
        db.session.add(stream)
        db.session.flush()
        standing = live(self.said)
        for part in (slice(0, 1), slice(1, None)):
            self._put(rows[part], payloads[part], self.said[part], standing)
            changed = {register: standing[register] for one in self.said[part] for register in one.writes}
            for projection in PROJECTIONS[AUDIT]:
                projection.draw(stream, changed)

    def _put(self, rows: list[dict], payloads: list[dict], said: list[Said], standing: dict) -> None:
        numbers = {row["id"]: row["number"] for row in rows}
        writes = [
            {
                "stream_id": self.id,
                "register": register,
                "operation_id": one.id,
                "number": numbers[one.id],
                "value": value,
                "live": one.id in standing[register],
            }
            for one in said
            for register, value in one.writes.items()
        ]
        for table, found in ((Operation, rows), (Payload, payloads), (Write, writes)):
            db.session.execute(insert(table.__table__), found)

    def _rows(self) -> tuple[list[dict], list[dict]]:
        digest = tag = ""
        rows, payloads, known = [], [], {}
        for number, (kind, payload, seen) in enumerate(self.told(), 1):
            self.at += timedelta(seconds=self.chance.uniform(10, 300))
            id, body, salt = dated_id(self.at, self.chance), canonical(payload), f"{self.chance.getrandbits(128):032x}"
            writes = {register: canonical(value) for register, value in KINDS[kind].act(payload).items()}
            one = Said(id, tuple(self.said[place].id for place in seen), writes)
            known[id] = one
            self.said.append(one)
            row = {
                "stream_id": self.id,
                "number": number,
                "id": id,
                "v": 1,
                "kind": kind,
                "at": as_text(self.at),
                "device": self.device,
                "seen": json.dumps(one.seen),
                "of": None,
                "author_id": self.lead.id,
                "handed_in_by": None,
                "verdict": "applied",
                "problem": None,
                "superseded": json.dumps(sorted(superseded_by(one, known))),
                "early": False,
                "received_at": self.opened if number == 1 else self.at,
                "payload_hash": payload_hash(salt, body),
            }
            tag = row["tag"] = next_tag(tag, id)
            digest = row["digest"] = link(digest, row)
            rows.append(row)
            payloads.append({"stream_id": self.id, "number": number, "salt": salt, "body": body})
        return rows, payloads

    def told(self) -> Iterator[tuple[str, dict, tuple[int, ...]]]:
        """What was said, in order: kind, payload, and the places of what its author had seen in its registers."""
        opening = {"site": self.site, "checklist": CHECKLIST, "edition": EDITION, "track": self._track()}
        yield "audit.open", opening, ()
        people = [(self._id(), voice, n) for n, voice in enumerate(SPEAKING, 1)]
        for id, voice, number in people:
            yield "contributor.add", {"contributor": id, "voice": voice, "label": f"{voice} {number}"}, ()
        leans = {id: LEANS[voice] + self.chance.gauss(0, 0.25) for id, voice, _ in people}
        agreed = self.many.criteria if self.finished else self.many.criteria[: self.chance.randrange(5, 40)]
        for criterion in self.many.criteria:
            here = self.strength - self.many.harder[criterion] + self.chance.gauss(0, 0.3)
            given = []
            for id, *_ in people:
                said = self._rating(here + leans[id])
                given += [said["rating"]] if said["rating"] is not None else []
                yield "answer.rate", {"contributor": id, "criterion": criterion, **said}, ()
            if criterion in agreed:
                found = round(sum(given) / len(given)) if given else None
                reason = {} if given else {"reason": "There is none here."}
                yield "finding.agree", {"criterion": criterion, "rating": found, **reason}, ()
        for _ in range(ITEMS):
            yield "evidence.add", self._evidence(), ()
        yield from self._plan()

    def _track(self) -> str:
        return "award" if self.chance.random() < 0.4 else "development"

    def _rating(self, around: float) -> dict:
        if self.chance.random() < NOT_APPLICABLE:
            return {"rating": None, "reason": "There is none here."}
        return {"rating": min(3, max(0, round(self.chance.gauss(around, 0.55))))}

    def _evidence(self) -> dict:
        kind = self.chance.choice(("observation", "observation", "quotation", "document", "count"))
        more = {
            "observation": {},
            "quotation": {"voice": self.chance.choice(("staff", "resident", "visitor"))},
            "document": {"where": "Blue folder", "dated": self._day(-self.chance.randrange(1, 700))},
            "count": {"count": self.chance.randrange(1, 20), "over": "last month"},
        }[kind]
        criteria = sorted(self.chance.sample(self.many.criteria, self.chance.randrange(1, 5)))
        said = {"evidence": self._id(), "kind": kind, "caption": self.chance.choice(CAPTIONS)}
        return said | {"criteria": criteria, **more}

    def _plan(self) -> Iterator[tuple[str, dict, tuple[int, ...]]]:
        """Most of what was planned is done by the next audit; some is late."""
        for _ in range(PLANNED):
            item, criterion = self._id(), self.chance.choice(self.many.criteria)
            planned = {"item": item, "what": "Hold the talk earlier in the day", "criteria": [criterion]}
            planned |= {"whose": "lead", "due": self._day(self.chance.randrange(30, 300)), "answers": []}
            yield "plan.add", planned, ()
            if self.chance.random() < (0.85 if (self.many.today - self.opened).days > APART else 0.3):
                settled = {"item": item, "state": "done", "outcome": "People come, and say so."}
                yield "plan.settle", settled, (len(self.said) - 1,)

    def _day(self, days: int) -> str:
        return (self.opened + timedelta(days=days)).date().isoformat()

    def _id(self) -> str:
        return dated_id(self.at, self.chance)

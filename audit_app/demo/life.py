"""Lives the demo: organisations, their people, and for each setting one finished audit and one under way."""

import hashlib
import secrets
import uuid
from collections import defaultdict
from collections.abc import Iterator
from datetime import datetime, timedelta
from itertools import groupby
from random import Random
from statistics import fmean

from flask import current_app
from sqlalchemy import insert

from ..access import ADMIN
from ..accounts import passwords
from ..accounts.models import Grant, Invitation, Person
from ..checklists.models import Edition, Principle
from ..db import db, now
from ..evidence.files import take_in
from ..evidence.models import PhotoFile
from .phones import Said, Telling, Visit, dated_id
from .words import Words, read

CHECKLIST, EDITION = "enabling-and-facilitating-environments", 1
FOUNDED = 420  # days ago
LASTED = 30  # days that a finished audit took
GROWN = 0.3  # how far ratings have come since the audit before

# Staff rate support higher than residents do, residents rate safety higher (EssenCES studies); see domain.md.
LEANS = {"staff": 0.2, "resident": -0.25, "visitor": 0.05}
RESIDENTS_SAFER = 0.6
ANSWERS = {"staff": 0.93, "resident": 0.85, "visitor": 0.45}  # how many criteria a voice answers at all
COMMENTS = {"staff": 0.25, "resident": 0.5, "visitor": 0.5}  # beside how many of its answers it says something


def is_lived() -> bool:
    """Is the demo's data there?"""
    return Person.by_email(read("cast.toml")["person"][0]["email"]) is not None


class World:
    """Everybody and every place, while they are being made. The same every time, but for today's date."""

    def __init__(self):
        self.cast, self.places, self.plans = read("cast.toml"), read("places.toml"), read("plans.toml")
        self.chance = Random("Milieu")
        self.today = now().replace(hour=0, minute=0, second=0, microsecond=0)
        self.password_hash = passwords.hash_password(self.cast["password"])
        self.people: dict[str, Person] = {}
        self.organisations = {one["key"]: one for one in self.cast["organisation"]}
        self.sites = {site["key"]: site for one in self.cast["organisation"] for site in one.get("site", [])}
        self.tellings: dict[str, Telling] = {}
        self.finished: dict[str, Telling] = {}

    def make(self) -> None:
        """Organisations with their people first, then audits, oldest first; the caller commits."""
        admin = self.cast["person"][0]
        self._join(admin, self.ago(FOUNDED))
        db.session.add(Grant(id=self.id_at(FOUNDED), person_id=self.people[admin["email"]].id, role=ADMIN))
        db.session.flush()
        for organisation in self.organisations.values():
            self._found(organisation)
        for person, role in self._roles():
            self._appoint(person, role)
        for organisation in self.organisations.values():
            self._audit_all(organisation)

    def ago(self, days: float, hour: float = 9) -> datetime:
        """Some minutes past an hour of a day, so many days ago (whole ones)."""
        return self.today - timedelta(days=int(days)) + timedelta(hours=hour, minutes=self.chance.uniform(0, 40))

    def id_at(self, days: float) -> str:
        """An id that was made then."""
        return dated_id(self.ago(days), self.chance)

    # organisations and people

    def _found(self, organisation: dict) -> None:
        id = organisation["id"] = self.id_at(FOUNDED)
        founded = {name: organisation[name] for name in ("name", "awards") if name in organisation}
        self.tellings[organisation["key"]] = Telling(id, self.chance)
        self._do(organisation["key"], self._admin(), "organisation.add", founded, FOUNDED)
        for site in organisation.get("site", []):
            site |= {"id": self.id_at(FOUNDED - 1), "organisation": organisation["key"]}
            payload = {"site": site["id"], **{name: site[name] for name in ("name", "sector", "about")}}
            self._do(organisation["key"], self._admin(), "site.add", payload, FOUNDED - 1)

    def _roles(self) -> list[tuple[dict, dict]]:
        """Everybody's roles, those first whose holders then give others theirs."""
        order = ["assessor", "panel", "manager", "lead", "auditor"]
        roles = [(person, role) for person in self.cast["person"] for role in person["roles"] if "at" in role]
        return sorted(roles, key=lambda pair: order.index(pair[1]["role"]))

    def _appoint(self, person: dict, role: dict) -> None:
        """Invite somebody, or give one who is here already another role, as whoever looks after that place would."""
        site = self.sites.get(role["at"])
        key = site["organisation"] if site else role["at"]
        by, days = self._giver(role, site), FOUNDED - 2 - len(self.people)
        grant = {"role": role["role"], "site": site["id"] if site else None}
        id = self.id_at(days)
        if person["email"] not in self.people:
            secret = hashlib.sha256(secrets.token_bytes(32)).hexdigest()
            invited = {"invitation": id, "email": person["email"], "name": person["name"], "secret_sha256": secret}
            self._do(key, by, "person.invite", invited | grant, days)
            self._join(person, self.ago(days - 1))
            db.session.get(Invitation, id).used_at = self.ago(days - 1)
        given = {"grant": id, "person": self.people[person["email"]].id}
        self._do(key, by, "grant.give", given | grant, days - 1)

    def _giver(self, role: dict, site: dict | None) -> Person:
        """Who gives this role: a lead to the team, a manager to a lead, the admin to all others."""
        wanted = {"auditor": ("lead", role["at"]), "lead": ("manager", site and site["organisation"])}.get(role["role"])
        for person in self.cast["person"]:
            if any((one["role"], one.get("at")) == wanted for one in person["roles"]):
                return self.people[person["email"]]
        return self._admin()

    def _join(self, person: dict, at: datetime) -> None:
        joined = Person(
            id=dated_id(at, self.chance),
            email=person["email"],
            name=person["name"],
            password_hash=self.password_hash,
            joined_at=at,
        )
        db.session.add(joined)
        db.session.flush()
        self.people[person["email"]] = joined

    def _admin(self) -> Person:
        return self.people[self.cast["person"][0]["email"]]

    def _do(self, key: str, by: Person, kind: str, payload: dict, days: float) -> None:
        at = self.ago(days)
        self.tellings[key].hand_in(Visit(by, at, [(kind, payload)], at + timedelta(minutes=2)))

    # audits

    def _audit_all(self, organisation: dict) -> None:
        edition = current_app.extensions["checklists"].find(CHECKLIST, EDITION)
        used: set[str] = set()
        for look in (LookBack, LookNow):
            for site in organisation.get("site", []):
                words = Words(edition, edition.sectors[site["sector"]], used, self.chance)
                made = look(self, site, edition, words)
                made.tell()
                made.take_photos_in()
                if look is LookBack:
                    self.finished[site["key"]] = made.telling

    def move(self, person: Person, site: dict, to: str, days: float) -> None:
        """Somebody goes on to another setting of the same organisation."""
        grant = db.session.scalar(db.select(Grant).filter_by(person_id=person.id, site_id=site["id"]))
        manager = self._giver({"role": "lead", "at": site["key"]}, site)
        given = {"grant": self.id_at(days), "person": person.id, "role": grant.role, "site": self.sites[to]["id"]}
        self._do(site["organisation"], manager, "grant.end", {"grant": grant.id}, days)
        self._do(site["organisation"], manager, "grant.give", given, days)


class Look:
    """One audit of one setting: its contributors, their ratings, and the visits in which they were written."""

    grown = 0.0
    look: str

    def __init__(self, world: World, site: dict, edition: Edition, words: Words):
        self.world, self.chance = world, world.chance
        self.site, self.place = site, (place := world.places[site["key"]])
        self.edition, self.words = edition, words
        self.lead = world.people[place["lead"]]
        self.team = [world.people[email] for email in place["team"]]
        self.none = place.get("none", {})
        self.plan = [one for one in world.plans.get(site["key"], []) if one["look"] == self.look]
        self.apart = place["apart"]
        self.id = world.id_at(self.opened)
        self.telling = Telling(self.id, self.chance)
        self.contributors = [*map(self._person, [self.lead, *self.team]), *map(self._group, place["groups"])]
        self.ratings: dict[str, dict[str, list[int]]] = defaultdict(lambda: defaultdict(list))
        self.agreed: dict[str, int] = {}
        self.photos: dict[str, bytes] = {}

    def tell(self) -> None:
        """Hand everything in, in the order in which it reached the service."""
        for visit in sorted(self.visits(), key=lambda visit: visit.received_at):
            self.telling.hand_in(visit)

    def visits(self) -> Iterator[Visit]:
        """Everything that was written, in any order."""
        raise NotImplementedError

    def visit(self, by: Person, days: float, said: list[Said], hour: float | None = None, wait: float = 3) -> Visit:
        """What somebody wrote so many days ago; on a phone without signal it waits some hours more."""
        began = self.world.ago(days, self.chance.choice((9, 11, 13, 15)) if hour is None else hour)
        return Visit(by, began, said, began + timedelta(hours=wait, minutes=self.chance.uniform(0, 30)))

    def opening(self) -> Visit:
        """The lead opens the audit and says which groups will speak in it."""
        opening = {"site": self.site["id"], "checklist": CHECKLIST, "edition": EDITION, "track": self.track}
        groups = [self._introduce(one) for one in self.contributors if one["group"]]
        lead = self._introduce(self.contributors[0])
        return self.visit(self.lead, self.opened, [("audit.open", opening), lead, *groups], hour=8, wait=0.2)

    def answers(self, contributor: dict, criteria: list[str]) -> list[Said]:
        """What a contributor rates and says on these criteria. A person is introduced by their first answer."""
        said = []
        if not contributor["group"] and not contributor["known"]:
            said.append(self._introduce(contributor))
        for criterion in criteria:
            said += self._answer(contributor, criterion)
        return said

    def finding(self, criterion: str) -> list[Said]:
        """What the team agrees on a criterion, and its account."""
        if criterion in self.none:
            return [("finding.agree", {"criterion": criterion, "rating": None, "reason": self.none[criterion]})]
        voices = {voice: fmean(given) for voice, given in self.ratings[criterion].items()}
        rating = int(fmean(voices.values() or [1]) + 0.45)
        self.agreed[criterion] = rating
        account = self.words.account(criterion, rating, voices)
        agreed = ("finding.agree", {"criterion": criterion, "rating": rating})
        return [agreed, ("finding.account", {"criterion": criterion, **account})]

    def _answer(self, contributor: dict, criterion: str) -> list[Said]:
        voice, own = contributor["voice"], {"contributor": contributor["id"], "criterion": criterion}
        said = self._particular(contributor["label"], criterion)
        if said is None and (self.chance.random() > ANSWERS[voice] or criterion in self.none):
            reason = self.none.get(criterion) if voice == "staff" else None
            return [("answer.rate", own | {"rating": None, "reason": reason})] if reason else []
        rating, text = said or (self._rating(voice, criterion), None)
        self.ratings[criterion][voice].append(rating)
        if text is None and self.chance.random() < COMMENTS[voice]:
            text = self.words.comment(criterion, voice, rating)
        comment = [("answer.comment", own | {"text": text})] if text else []
        return [("answer.rate", own | {"rating": rating}), *comment]

    def _particular(self, label: str, criterion: str) -> tuple[int, str | None] | None:
        """What the place's own story has this contributor say here, if anything."""
        return None

    def _rating(self, voice: str, criterion: str) -> int:
        if criterion in self.apart and voice in ("staff", "resident"):
            return self.apart[criterion][voice == "resident"]
        position = [principle.id for principle in self.edition.principles].index(self.edition.principle_of[criterion])
        lean = LEANS[voice] + (RESIDENTS_SAFER if voice == "resident" and criterion.startswith("safety") else 0)
        bias = Random(f"{self.site['key']} {criterion}").gauss(0, 0.55)
        given = self.place["level"][position] + self.grown + lean + bias + self.chance.gauss(0, 0.3)
        return min(3, max(0, round(given)))

    def shown(self, days: float, most: int) -> Iterator[Visit]:
        """What people noted so many days ago as showing something; photos only where a camera is allowed."""
        items = [one for one in read("evidence.toml")["item"] if one["kind"] != "photo" or self._has_camera()]
        for number, one in enumerate(self.chance.sample(items, min(most, len(items)))):
            said = self._evidence(one, days)
            by = self.chance.choice(self._around())
            yield self.visit(by, max(1, days - number), [("evidence.add", said)], wait=1)

    def _around(self) -> list[Person]:
        """Those of the team who were there until it ended."""
        return [self.lead, *self.team]

    def _evidence(self, one: dict, days: float) -> dict:
        said = {name: one[name] for name in one if name not in ("days", "scene")}
        said |= {"evidence": self.world.id_at(days), "caption": self.words.sector.fill(one["caption"], "en")}
        if "days" in one:
            said["dated"] = (self.world.today - timedelta(days=one["days"] + days)).date().isoformat()
        if "where" in one:
            said["where"] = self.words.sector.fill(one["where"], "en")
        if one["kind"] == "photo":
            said |= {"sha256": self._photo(one["scene"]), "nobody": True}
        return said

    def _photo(self, scene: str) -> str:
        """Draw a photo, to be taken in once the audit is there; its hash."""
        from .pictures import scene as picture_of  # a process that answers requests never loads what opens pictures

        data = picture_of(scene, self.chance)
        sha256 = hashlib.sha256(data).hexdigest()
        self.photos[sha256] = data
        return sha256

    def _has_camera(self) -> bool:
        return self.words.sector.camera

    def take_photos_in(self) -> None:
        """The photos that the evidence speaks of arrive."""
        for sha256, data in self.photos.items():
            db.session.execute(insert(PhotoFile), take_in(self.id, sha256, data))

    def planned(self, days: float) -> Iterator[Visit]:
        """What the lead wrote into the plan so many days ago; and, item by item, what came of it since."""
        items = [(self.world.id_at(days), one) for one in self.plan]
        if items:
            yield self.visit(self.lead, days, [self._plan(id, one) for id, one in items], hour=15)
        for id, one in items:
            settled = {"item": id, "state": one.get("state", "to-do")}
            if settled["state"] == "doing":
                yield self.visit(self.lead, one.get("settled", max(days - 20, 1)), [("plan.settle", settled)], hour=12)
            elif settled["state"] != "to-do":
                why = {"done": "outcome", "dropped": "reason"}[settled["state"]]
                yield self.visit(self.lead, one["settled"], [("plan.settle", settled | {why: one["why"]})], hour=12)

    def _plan(self, id: str, one: dict) -> Said:
        due = (self.world.today + timedelta(days=one["due"])).date().isoformat() if "due" in one else None
        answers = [{"kind": "meeting", "reference": one["meeting"]}] if "meeting" in one else []
        if "quote" in one:
            label, criterion, *_ = one["quote"]
            who = next(each["id"] for each in self.contributors if each["label"] == label)
            answers.append({"kind": "answer", "reference": f"{who}/{criterion}"})
        words = {name: one[name] for name in ("what", "criteria", "whose")}
        return "plan.add", {"item": id, "due": due, "answers": answers} | words

    def _person(self, person: Person) -> dict:
        id = contributor_of(self.id, person.id)
        return {"id": id, "voice": "staff", "label": person.name, "by": person, "group": False, "known": False}

    def _group(self, group: dict) -> dict:
        id, by = self.world.id_at(self.opened), self.team[group["scribe"]]
        return {"id": id, "voice": group["voice"], "label": group["label"], "by": by, "group": True, "known": False}

    def _introduce(self, contributor: dict) -> Said:
        contributor["known"] = True
        names = {"contributor": contributor["id"], "voice": contributor["voice"], "label": contributor["label"]}
        return "contributor.add", names


class LookBack(Look):
    """The finished audit: everybody has answered, and the team has agreed on all findings."""

    track = "development"
    look = "then"

    @property
    def opened(self) -> int:
        return self.place["then"]

    def visits(self) -> Iterator[Visit]:
        yield self.opening()
        criteria = list(self.edition.criteria)
        half = len(criteria) // 2
        for number, contributor in enumerate(self.contributors):
            for part, some in enumerate((criteria[:half], criteria[half:])):
                days = self.opened - 2 - number - 8 * part
                wait = self.chance.choice((2, 3, 9, 26))
                yield self.visit(contributor["by"], days, self.answers(contributor, some), wait=wait)
        sittings = groupby(enumerate(criteria), key=lambda pair: pair[0] // 17)
        for number, sitting in sittings:
            said = [one for _, criterion in sitting for one in self.finding(criterion)]
            yield self.visit(self.lead, self.opened - 21 - 2 * number, said, hour=13)
        yield from self._settled(self.chance.choice(list(self.apart)))
        yield from self.shown(self.opened - LASTED + 12, most=14)
        yield from self.planned(self.opened - LASTED + 1)

    def _particular(self, label: str, criterion: str) -> tuple[int, str | None] | None:
        for one in self.plan:
            if one.get("quote", [])[:2] == [label, criterion]:
                return one["quote"][2], one["quote"][3]
        return None

    def _settled(self, criterion: str) -> Iterator[Visit]:
        """Two people changed one finding unseen by each other; later the lead, having seen both, put it back."""
        days, agreed = self.opened - LASTED + 3, self.agreed[criterion]
        for number, (by, rating) in enumerate(((self.lead, agreed - 1), (self.team[0], agreed + 1))):
            said = [("finding.agree", {"criterion": criterion, "rating": min(3, max(0, rating))})]
            yield self.visit(by, days, said, hour=13 + number, wait=7)
        yield self.visit(self.lead, days - 3, [("finding.agree", {"criterion": criterion, "rating": agreed})])


class LookNow(Look):
    """The audit under way: some have answered, some findings are agreed, and on some people differ."""

    grown = GROWN
    look = "now"

    @property
    def opened(self) -> int:
        return self.place["now"]["days"]

    @property
    def track(self) -> str:
        return self.place["now"]["track"]

    def visits(self) -> Iterator[Visit]:
        yield self.opening()
        for contributor in self.contributors:
            days = self.chance.uniform(self.opened * 0.45, self.opened - 1)
            said = self.answers(contributor, self._reached(contributor))
            yield self.visit(contributor["by"], days, said, wait=self.chance.choice((2, 3, 8)))
        yield self._findings()
        yield from self._difference()
        yield from self._difference_of_scribes()
        yield from self.shown(max(2, self.opened * 0.5), most=7)
        yield from self.planned(1)
        yield from self._work_of_one_who_moved()

    def _around(self) -> list[Person]:
        moved = self.world.people.get(self.place.get("moved", {}).get("who"))
        return [person for person in super()._around() if person is not moved]

    def _reached(self, contributor: dict) -> list[str]:
        """The criteria that a contributor has come to: some principles, and those the place's story speaks of."""
        reach = self.place["now"][contributor["voice"]] - (self.chance.random() < 0.5)
        some = {id for principle in self.edition.principles[:reach] for id in _ids(principle)}
        told = {criterion for label, criterion, *_ in self.place["said"] if label == contributor["label"]}
        return [criterion for criterion in self.edition.criteria if criterion in some | told]

    def _particular(self, label: str, criterion: str) -> tuple[int, str | None] | None:
        for who, what, rating, text in self.place["said"]:
            if (who, what) == (label, criterion):
                return rating, text
        differs = self.place.get("differ_comment")
        if differs and (differs["contributor"], differs["criterion"]) == (label, criterion):
            return 1, ""  # rated here; commented on by two scribes
        return None

    def _findings(self) -> Visit:
        reached = self.edition.principles[: self.place["now"]["findings"]]
        criteria = [id for principle in reached for id in _ids(principle)]
        left_out = {self.place["differ"]["criterion"], *self.chance.sample(criteria, len(criteria) // 8)}
        said = [one for criterion in criteria if criterion not in left_out for one in self.finding(criterion)]
        return self.visit(self.lead, min(4, self.opened * 0.4), said, hour=13)

    def _difference(self) -> Iterator[Visit]:
        """Both wrote on the same afternoon, on phones without signal."""
        differ = self.place["differ"]
        for number, one in enumerate((differ["one"], differ["other"])):
            own = {"criterion": differ["criterion"]}
            account = own | {name: one[name] for name in ("shows", "helps", "hinders")}
            said = [("finding.agree", own | {"rating": one["rating"]}), ("finding.account", account)]
            yield self.visit(self.world.people[one["by"]], 2, said, hour=14 + number, wait=6)

    def _difference_of_scribes(self) -> Iterator[Visit]:
        differ = self.place.get("differ_comment")
        if not differ:
            return
        group = next(one for one in self.contributors if one["label"] == differ["contributor"])
        for number, one in enumerate((differ["one"], differ["other"])):
            said = {"contributor": group["id"], "criterion": differ["criterion"], "text": one["text"]}
            by = self.world.people[one["by"]]
            yield self.visit(by, 1.5, [("answer.comment", said)], hour=10 + number, wait=5)

    def _work_of_one_who_moved(self) -> Iterator[Visit]:
        """Written while the right held, handed in after it had ended: kept for the lead."""
        moved = self.place.get("moved")
        if not moved:
            return
        person = self.world.people[moved["who"]]
        own = {"contributor": contributor_of(self.id, person.id)}
        said = []
        for criterion, rating, text in moved["said"]:
            said.append(("answer.rate", own | {"criterion": criterion, "rating": rating}))
            said.append(("answer.comment", own | {"criterion": criterion, "text": text}))
        visit = self.visit(person, 6, said, wait=60)
        yield Visit(visit.by, visit.began, said, visit.received_at, expected="kept")

    def tell(self) -> None:
        """As ever; whoever moves does so before what they wrote last arrives."""
        for visit in sorted(self.visits(), key=lambda visit: visit.received_at):
            if visit.expected == "kept":
                self.world.move(visit.by, self.site, self.place["moved"]["to"], days=5)
            self.telling.hand_in(visit)


def contributor_of(audit: str, person: str) -> str:
    """The contributor that a person is in an audit, as devices work it out (`contributorOf` in `lib/ids.js`)."""
    number = int.from_bytes(hashlib.sha256(f"{audit}/{person}".encode()).digest()[:16])
    number = number & ~(0xF << 76) | (8 << 76)
    number = number & ~(0x3 << 62) | (2 << 62)
    return str(uuid.UUID(int=number))


def _ids(principle: Principle) -> list[str]:
    return [criterion.id for criterion in principle.criteria]

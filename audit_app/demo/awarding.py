"""Brings finished audits of the demo to its awarding body: one is awarded, one deferred, one is ready for the visit,
one waits to be taken on. `awards.toml` says what everybody wrote. All of it goes through the one door, today, as online
steps do."""

from collections.abc import Iterable, Iterator
from datetime import datetime, timedelta

from ..accounts.models import Person
from ..audits.models import Audit
from ..awards.queries import expectations, verdict_of
from ..awards.rules import BELOW, KINDS, LOW
from ..db import db, now
from .life import World
from .phones import Said, Telling, Visit, dated_id
from .words import read

BODY, AWARDED, READY, SUBMITTED = "awards", "awarded", "ready", "submitted"
DEFERRED_FOR = timedelta(days=60)
MOST_DEFERRED, ENOUGH = 3, 2
APART = timedelta(minutes=2)  # between two steps


def recognise(world: World) -> None:
    """All that `awards.toml` tells."""
    for place, told in read("awards.toml").items():
        way = _Way(world, world.finished[place], told)
        way.hand_in()
        if told["to"] != SUBMITTED:
            way.assess()
        if told["to"] not in (SUBMITTED, READY):
            way.visit()
            way.decide()


class _Way:
    """One audit's way: its streams, who takes which step, and the minutes of today in which they do."""

    def __init__(self, world: World, audit: Telling, told: dict):
        self.world, self.audit, self.told = world, audit, told
        self.at: datetime = now() - timedelta(hours=2)
        self.submission, self.assessment, self.blinded = (self._stream() for _ in range(3))
        lead = db.session.get(Audit, audit.stream).opened_by
        self.lead = db.session.get(Person, lead)
        self.manager, self.assessor, self.second, *self.panel = self._people("manager", "assessor", "panel")

    def hand_in(self) -> None:
        """The lead adds what the rule still asks for, and hands the audit in."""
        shows = {"criteria": self._unshown()}
        items = [("evidence.add", {"evidence": self._id(), **one, **shows}) for one in self.told.get("evidence", [])]
        for criterion in self._to_raise() if "since" in self.told else ():
            items.append(("finding.agree", {"criterion": criterion, "rating": ENOUGH}))
            items.append(("finding.account", {"criterion": criterion, **self.told["since"]}))
        handing_in = {"to": self.world.organisations[BODY]["id"], "listed": self.told["listed"]}
        if items:
            self._do(self.lead, self.audit, *items)
        self._do(self.lead, self.audit, ("audit.promote", {"track": "award"}), ("audit.submit", handing_in))

    def assess(self) -> None:
        """The body takes it on; its assessor judges, and says that it is ready for the visit."""
        told = self.told
        self._do(self.manager, self.submission, ("submission.take", {"audit": self.audit.stream}))
        self._ask(self.assessor, self.assessment)
        if "second" in told:
            self._read_blind(told["second"])
        self._do(self.assessor, self.assessment, *self._judged(told["judged"], left=told.get("left", ())))
        probes = [("judgement.probe", {"criterion": one, "probe": True}) for one in told.get("probes", [])]
        notes = [("judgement.note", one) for one in told.get("notes", [])]
        self._do(
            self.assessor, self.assessment, *probes, *notes, ("assessment.report", {"outcome": READY, "points": []})
        )

    def visit(self) -> None:
        """The assessor visits and releases the report, whose facts are right."""
        told = self.told
        remark = {"strengths": told["strengths"], "suggestions": told["suggestions"]}
        seen = [("visit.see", {"seen": self._id(), **one}) for one in told["seen"]]
        visit = told["visit"] | {"date": now().date().isoformat()}
        said = (*seen, ("assessment.remark", remark), ("visit.record", visit), ("report.release", {}))
        self._do(self.assessor, self.assessment, *said)
        self._do(self.lead, self.audit, ("report.correct", {"corrections": []}))

    def _ask(self, assessor: Person, stream: Telling, **how) -> None:
        """The manager asks somebody to assess it, who has no interest."""
        self._do(
            self.manager, stream, ("assessment.assign", {"audit": self.audit.stream, "assessor": assessor.id, **how})
        )
        self._do(assessor, self.submission, ("interest.declare", {"declared": "clear"}))

    def _read_blind(self, told: dict) -> None:
        """A second assessor is asked, and hands in what they judge `otherwise` with the rest; not begun without it."""
        self._ask(self.second, self.blinded, blinded=True)
        if "otherwise" in told:
            self._do(self.second, self.blinded, *self._judged(told["judged"], otherwise=told["otherwise"]))
            self._do(self.second, self.blinded, ("assessment.report", {"outcome": READY, "points": []}))

    def decide(self) -> None:
        """Two members say their views, and the panel decides."""
        people = {"people": [member.id for member in self.panel]}
        self._do(self.manager, self.submission, ("panel.convene", people))
        for member, reasons in zip(self.panel, self.told["views"], strict=True):
            view = {"outcome": self.told["to"], "reasons": reasons}
            self._do(member, self.submission, ("interest.declare", {"declared": "clear"}), ("panel.view", view))
        decision = {"outcome": self.told["to"], "reasons": self.told["reasons"]}
        if self.told["to"] != AWARDED:
            due = (now() + DEFERRED_FOR).date().isoformat()
            decision |= {"criteria": self._not_enough(), "due": due}
        self._do(self.panel[0], self.submission, ("panel.decide", decision))

    def _judged(self, why: str, otherwise: dict[str, str] | None = None, left: Iterable[str] = ()) -> Iterator[Said]:
        """As the findings lead one to expect, but for what is judged `otherwise`, with a word on that and on the first
        of each principle; none of the principles that are `left` for later."""
        otherwise = otherwise or {}
        expected = expectations(db.session.get(Audit, self.audit.stream))
        for criterion, judgement in (expected | otherwise).items():
            said = {"criterion": criterion, "judgement": judgement}
            has_reason = criterion in otherwise or criterion.endswith("-1")
            if criterion.rsplit("-", 1)[0] not in left:
                yield "judgement.record", said | ({"reason": why} if has_reason else {})

    def _to_raise(self) -> list[str]:
        """As many criteria of each principle as it lacks, of those whose finding is too low."""
        verdict = verdict_of(db.session.get(Audit, self.audit.stream))
        low = {
            heading: [one.criterion for one in heading.criteria if one.state in (BELOW, LOW)]
            for heading in verdict.headings
        }
        return [
            criterion for heading, found in low.items() for criterion in found[: max(0, heading.needed - heading.high)]
        ]

    def _unshown(self) -> list[str]:
        """The first criterion of each principle that fewer kinds of evidence show than the rule asks for."""
        verdict = verdict_of(db.session.get(Audit, self.audit.stream))
        return [heading.criteria[0].criterion for heading in verdict.headings if KINDS in heading.lacks]

    def _not_enough(self) -> list[str]:
        """The first criteria of those principles that are not shown, where the finding is too low."""
        verdict = verdict_of(db.session.get(Audit, self.audit.stream))
        found = (
            one.criterion
            for heading in verdict.headings
            if heading.lacks
            for one in heading.criteria
            if one.state in (LOW, BELOW)
        )
        return list(found)[:MOST_DEFERRED]

    def _people(self, *roles: str) -> Iterator[Person]:
        for role in roles:
            for person in self.world.cast["person"]:
                if any((one["role"], one.get("at")) == (role, BODY) for one in person["roles"]):
                    yield self.world.people[person["email"]]

    def _stream(self) -> Telling:
        return Telling(self._id(), self.world.chance)

    def _id(self) -> str:
        return dated_id(self.at, self.world.chance)

    def _do(self, by: Person, telling: Telling, *said: Said) -> None:
        self.at += APART
        telling.hand_in(Visit(by, self.at, list(said), self.at + APART))

"""Every verb, and all that is read, for every role, in one's own and in another organisation, at every stage of an
award: what the service says, held against short grids. The audit has come to each stage by the door, too.

What is refused changes nothing, so all of it is tried in one go; what is taken, each on a copy of the service.
"""

import shutil
from dataclasses import dataclass
from pathlib import Path

import pytest
from sqlalchemy import event

from audit_app.access import ROLES
from audit_app.awards.models import Award
from audit_app.awards.refusing import NotAtThisStage
from audit_app.awards.submission.operations import AlreadyTaken
from audit_app.db import db, new_id
from audit_app.ledger.kinds import ASSESSMENT, AUDIT, KINDS, ORGANISATION

from .assessed import PAYLOADS as ASSESSED
from .assessed import POINTS
from .builders import Phone, Scene, operation
from .decided import PAYLOADS as DECIDED
from .deciding import REASONS, Deciding, days_on
from .recognition import READY, VISIT, Assigned, me
from .test_access import said_in_an_audit
from .test_award_stages import COLUMNS, WAYS

SITE, BODY, ELSEWHERE = "site", "body", "elsewhere"

# Whose verbs are: roles, and on which side.
WHOSE = {
    "L": (SITE, {"lead"}),
    "S": (SITE, {"lead", "manager"}),
    "T": (SITE, {"auditor", "lead"}),
    "W": (SITE, {"auditor", "lead", "manager"}),
    "A": (BODY, {"assessor"}),
    "B": (BODY, {"assessor", "panel"}),
    "M": (BODY, {"manager"}),
    "P": (BODY, {"panel"}),
}
# What the grid of the stages does not hold. Kept for the seal, or since the report is out; or refused for either.
TAKEN = {"+": "applied", "s": "kept sealed", "r": "kept after-release", "S": "sealed", "R": "after-release"}
TAKEN |= {"n": "nothing-kept", "o": "already-open", "t": "on-award-track", "a": "already-taken", "0": "404"}
BESIDES = """
                               o s a c r v l A D N S W R P
audit.open                   * o o o o o o o o o o o o o o
audit.promote                L t t t t t t t t t t t t t t
operation.admit              L n S S S S S S S S S S S S S
contributor.add              T + s s + s s s s + s s s s s
contributor.withdraw         T + s s s s s s s s s s s s s
answer.rate                  T + s s + s s s s + s s s s s
answer.comment               T + s s + s s s s + s s s s s
finding.agree                T + s s + s s s s + s s s s s
finding.account              T + s s + s s s s + s s s s s
evidence.add                 T + s s + s s s s + s s s s s
evidence.tag                 T + s s + s s s s + s s s s s
evidence.untag               T + s s + s s s s + s s s s s
evidence.caption             T + s s + s s s s + s s s s s
evidence.withdraw            T + s s + s s s s + s s s s s
plan.add                     W + + + + + + + + + + + + + +
plan.change                  W + + + + + + + + + + + + + +
plan.settle                  W + + + + + + + + + + + + + +
register.consent             L + + + + + + + + + + + + + +
submission.take              M 0 a a a a a a a a a a a a a
judgement.record             A + + + + + + r r r r r r r r
assessment.admit             A n n n n n n R R R R R R R R
judgement.note               A + + + + + + r r r r r r r r
judgement.probe              A + + + + + + r r r r r r r r
visit.see                    A + + + + + + r r r r r r r r
visit.unsee                  A + + + + + + r r r r r r r r
assessment.remark            A + + + + + + r r r r r r r r
"""


# Who reads: y does, n may not, and for all others there is nothing. What is not named here is nothing to anybody.
READING = """
                                                                  o s a c r v l A D N S W R P
/api/audits/{audit}                  site auditor,lead,manager    y y y y y y y y y y y y y y
/api/audits/{audit}                  site assessor,panel,admin    n n n n n n n n n n n n n n
/api/audits/{audit}                  body assessor                . y y y y y y y y y y y y y
/api/audits/{audit}                  body panel                   . . . . . . y y y y y y y y
/api/audits/{audit}/assessment-report site auditor,lead,manager   . . . . . . y y y y y y y y
/api/audits/{audit}/assessment-report site assessor,panel,admin   n n n n n n n n n n n n n n
/api/audits/{audit}/assessment-report body manager,assessor,panel . . . . . . y y y y y y y y
/api/submissions/{audit}             body manager,assessor        . y y y y y y y y y y y y y
/api/submissions/{audit}             body panel                   . . . . . . y y y y y y y y
/api/submissions/{audit}/history     body manager                 y y y y y y y y y y y y y y
/api/submissions/{audit}/history     body auditor,lead,assessor,panel,admin n n n n n n n n n n n n n n
/api/assessments/{assessment}        body assessor                y y y y y y y y y y y y y y
"""
STATUS = {"y": 200, "n": 403, ".": 404}


def read_reading() -> dict[str, dict[tuple["Somebody", str], int]]:
    found: dict[str, dict] = {}
    for line in READING.strip().splitlines()[1:]:
        address, side, roles, *cells = line.split()
        for role in roles.split(","):
            for stage, cell in zip(COLUMNS, cells, strict=True):
                found.setdefault(address, {})[Somebody(side, role), stage] = STATUS[cell]
    return found


def read_besides() -> dict[str, tuple[str, dict[str, str]]]:
    found = {}
    for line in BESIDES.strip().splitlines()[1:]:
        verb, whose, *cells = line.split()
        found[verb] = whose, {stage: TAKEN[cell] for stage, cell in zip(COLUMNS, cells, strict=True)}
    return found


ELSE = read_besides()


@dataclass(frozen=True)
class Somebody:
    """A person of the grid: a role in an organisation that is the site's, the awarding body, or neither."""

    side: str
    role: str


def wanted(somebody: Somebody, verb: str, outcome: str | None, stage: str) -> tuple[str, str | None]:
    """The oracle: what the door says, and at which stage the audit stands after it (None: where it stood)."""
    at = SITE if KINDS[verb].stream == AUDIT else BODY
    if somebody.side != at:
        return "404", None
    leads, answer = None, None
    if verb in ELSE:
        whose, answers = ELSE[verb]
        answer = answers[stage]
    else:
        whose, ways = WAYS[verb, outcome]
        whose = "B" if verb == "interest.declare" else whose
        leads = ways[stage]
        answer = "applied" if leads else "not-at-this-stage"
    if KINDS[verb].opens and stage == "open" and verb != "audit.open":
        return "404", None  # it is with its team: there is nothing at the body to open anything about
    if verb == "judgement.record" and stage == "submitted":
        leads = "assessing"  # the first one begins
    if whose != "*" and somebody.role not in WHOSE[whose][1]:
        return "not-allowed", None
    return answer, leads


# What is sure to be taken and may change what comes after it comes last.
TRIED = [way for way in WAYS if way[0] not in ELSE] + [(verb, None) for verb in ELSE]
VIEWS = {"awarded": "no-change", "suspended": "no-change", "appealed": "dismissed"}


class Way(Deciding):
    """One audit brought to every stage, by the people of `Deciding`, and a copy of the service kept at each. Besides
    them there is somebody for each role at the site, at the body and elsewhere."""

    def __init__(self, scene: Scene):
        super().__init__(scene)
        folder = Path(scene.app.config["DATA_DIR"])
        self.live, self.copies = folder / "milieu.sqlite", folder
        if not _is_on_postgresql(scene):
            with scene.app.app_context():
                event.listen(db.engine, "connect", _without_waiting_for_the_disk)
        elsewhere = scene.awarding_body("Southmoor Housing")
        self.people = {
            Somebody(SITE, "auditor"): self.amina,
            Somebody(SITE, "lead"): self.lena,
            Somebody(SITE, "manager"): self.mary,
            Somebody(BODY, "manager"): self.morag,
            Somebody(BODY, "assessor"): self.asa,
            Somebody(BODY, "panel"): self.pia,
        }
        for side, organisation in ((SITE, self.trust), (BODY, self.body), (ELSEWHERE, elsewhere)):
            for role in ROLES:
                if Somebody(side, role) not in self.people:
                    self.people[Somebody(side, role)] = scene.phone(f"{role} {side}", role, organisation)
        self.ids = {name: me(getattr(self, name)) for name in ("andrew", "pia", "peter")}
        self.assessment: Assigned | None = None
        self.later = "MIL-2026-7K3QFX"

    # copies of the service

    def keep(self, name: str) -> None:
        """A copy of now; on PostgreSQL, where things are only gone through once, there is none."""
        if _is_on_postgresql(self.scene):
            return
        self._let_go()
        shutil.copy(self.live, self.copies / f"{name}.copy")

    def put_back(self, name: str) -> None:
        """As it was then."""
        self._let_go()
        shutil.copy(self.copies / f"{name}.copy", self.live)

    def _let_go(self) -> None:
        with self.scene.app.app_context():
            db.session.remove()
            db.engine.dispose()

    # to every stage

    def walk(self) -> None:
        """From a first return, through every stage; each is kept under its name."""
        self.assessment = self.started()
        self.judge(self.assessment)
        self.done(self.asa, self.stream, "audit.return", {"reasons": [{"text": "Say more"}]})
        self.keep("open")
        assert self.submit()["verdict"] == "applied"
        self.keep("submitted")
        self.judge(self.assessment)
        self.keep("assessing")
        self.reports(POINTS, "action-points")
        self.put_back("assessing")
        self.is_assessed()
        self.meets("released")
        for outcome in ("deferred", "not-awarded"):
            self.put_back("released")
            assert self.decide(outcome)["verdict"] == "applied"
            self.keep(outcome)
        self.put_back("released")
        assert self.decide("awarded")["verdict"] == "applied"
        self.time_passes(500)
        self.meets("awarded")
        self.done(self.pia, self.stream, "award.suspend", WHY)
        self.meets("suspended")
        self.done(self.pia, self.stream, "award.withdraw", WHY)
        self.keep("withdrawn")
        self.is_followed()
        self.is_appealed()

    def is_assessed(self) -> None:
        """Asa finds it ready, visits and releases the report, whose facts the team says are right."""
        self.reports(READY, "ready")
        self.does("visit.record", VISIT, "visited")
        self.does("report.release", {}, "report")
        self.done(self.lena, self.audit, "report.correct", {"corrections": []})
        self.keep("report")

    def meets(self, stage: str) -> None:
        """A panel is there and has said its views; the last one's view is yet to come in `…, a view to come`."""
        outcome = VIEWS.get(stage, "awarded")
        assert self.convene()["verdict"] == "applied"
        for member in (self.pia, self.peter):
            assert self.declare(member, self.stream)["verdict"] == "applied"
        assert self.say(self.peter, outcome)["verdict"] == "applied"
        self.keep(f"{stage}, a view to come")
        assert self.say(self.pia, outcome)["verdict"] == "applied"
        self.keep(stage)

    def is_followed(self) -> None:
        """A later audit of the ward is awarded, by another checklist as it were, so that nothing renews by itself."""
        self.put_back("awarded")
        with self.scene.app.app_context():
            db.session.execute(db.update(Award).values(checklist="another"))
            db.session.commit()
        mine = self.audit, self.stream
        self.again()
        self.later = self.award()["number"]
        self.audit, self.stream = mine
        self.keep("awarded, and another after it")
        self.done(self.pia, self.stream, "award.renew", {"replaced_by": self.later})
        self.keep("renewed")

    def is_appealed(self) -> None:
        """Others refused it; those who sit now had no part in that."""
        self.put_back("report")
        self.sit(self.paula, self.priya, outcome="not-awarded")
        assert self.decide("not-awarded", by=self.paula)["verdict"] == "applied"
        self.done(self.lena, self.audit, "appeal.lodge", {"grounds": "Nobody asked."})
        self.meets("appealed")

    def reports(self, payload: dict, name: str) -> None:
        self.does("assessment.report", payload, name)

    def does(self, verb: str, payload: dict, name: str) -> None:
        """Asa does it in the assessment; then it is kept."""
        self.done(self.asa, self.assessment.id, verb, payload)
        self.keep(name)

    def done(self, phone: Phone, stream: str, verb: str, payload: dict) -> None:
        outcome = phone.do(stream, verb, payload)
        assert outcome["verdict"] == "applied", (verb, outcome)

    # what people try

    def copy_for(self, stage: str, verb: str) -> str:
        """The copy on which a step that leads on is taken."""
        if verb == "panel.view":
            return f"{stage}, a view to come"
        return "awarded, and another after it" if verb == "award.renew" else stage

    def stream_for(self, verb: str) -> str:
        streams = {AUDIT: self.audit, ASSESSMENT: self.assessment.id}
        return new_id() if KINDS[verb].opens and verb != "audit.open" else streams.get(KINDS[verb].stream, self.stream)

    def says(self, verb: str, outcome: str | None, stage: str) -> dict:
        """A sound payload."""
        deciding = {"outcome": outcome, "reasons": REASONS}
        if outcome == "awarded":
            deciding["against_rule"] = "We saw it."
        if outcome == "deferred":
            deciding |= {"criteria": ["safety-1"], "due": days_on(30)}
        steps = {
            "audit.submit": {"to": self.body},
            "audit.promote": {"track": "award"},
            "audit.recall": {},
            "audit.return": {"reasons": [{"text": "Say more"}]},
            "submission.take": {"audit": self.audit},
            "assessment.assign": {"audit": self.audit, "assessor": self.ids["andrew"]},
            "operation.admit": {"operation": new_id()},
            "interest.declare": {"declared": outcome},
            "panel.convene": {"people": [self.ids["pia"], self.ids["peter"]]},
            "panel.view": {"outcome": VIEWS.get(stage, "awarded"), "reasons": REASONS},
            "panel.decide": deciding,
            "appeal.decide": deciding,
            "award.renew": {"replaced_by": self.later},
            "award.restore": WHY,
            "award.keep": WHY,
        }
        reports = POINTS if outcome == "action-points" else READY
        known = said_in_an_audit(self.ward) | ASSESSED | DECIDED | {"assessment.report": reports} | steps
        return known[verb]

    def answers(self, phone: Phone, stream: str, operations: list[dict]) -> list[str]:
        """What the door says to each: applied, why not, or that there is nothing here."""
        reply = phone.push(stream, operations)
        if reply.status_code == 200:
            return [_told(outcome) for outcome in reply.json["outcomes"]]
        if reply.json["type"] == "/problems/opening-refused":
            return [OPENING.get(reply.json["detail"], "not-allowed")]
        return [str(reply.status_code)] * len(operations)

    def stage(self) -> str:
        """Where the audit stands, as its lead is told."""
        return self.home()["stage"]


def _is_on_postgresql(scene: Scene) -> bool:
    return bool(scene.app.config["DATABASE_URL"])


def _without_waiting_for_the_disk(connection, _) -> None:
    """Who may do what is asked here, a few thousand times; what becomes of it in a power cut is asked elsewhere."""
    connection.execute("PRAGMA synchronous=OFF")


WHY = {"reasons": "As the record shows."}
OPENING = {NotAtThisStage.words: "not-at-this-stage", AlreadyTaken.title: "already-taken"}


def _told(outcome: dict) -> str:
    if "problem" not in outcome:
        return outcome["verdict"]
    name = outcome["problem"]["type"].removeprefix("/problems/")
    return f"kept {name}" if outcome["verdict"] == "kept" else name


def test_the_grids_hold_every_verb_of_an_audit_and_of_its_way():
    assert {verb for verb, _ in TRIED} == {name for name, kind in KINDS.items() if kind.stream != ORGANISATION}


@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
def test_everybody_may_at_every_stage_what_the_grids_say_and_nothing_else(scene: Scene):
    way = Way(scene)
    way.walk()
    wrong = []

    for stage in COLUMNS:
        way.put_back(stage)
        wrong += try_to_read(way, stage)
        wrong += try_what_leads_nowhere(way, stage)
        wrong += try_what_leads_on(way, stage)

    assert not wrong, "\n".join(str(one) for one in wrong)


@pytest.mark.parametrize("database", ["postgresql"], indirect=True)
def test_the_door_says_the_same_on_postgresql_where_an_assessor_is_at_work_and_where_a_panel_is(scene: Scene):
    way = Way(scene)
    way.assessment = way.started()
    way.judge(way.assessment)
    wrong = try_what_leads_nowhere(way, "assessing")
    way.judge(way.assessment)  # what was tried with success differs from what stood
    way.is_assessed()
    way.meets("released")

    wrong += try_what_leads_nowhere(way, "released")

    assert not wrong, "\n".join(str(one) for one in wrong)


def try_to_read(way: Way, stage: str) -> list:
    """All that can be read of it by everybody, and where that was not as the grid says."""
    wrong = []
    for address, grid in read_reading().items():
        path = address.format(audit=way.audit, assessment=way.assessment.id)
        for somebody, phone in way.people.items():
            status, said = phone.get(path).status_code, grid.get((somebody, stage), 404)
            if status != said:
                wrong.append((stage, somebody, address, f"{status}, not {said}"))
    return wrong


def try_what_leads_nowhere(way: Way, stage: str) -> list:
    """Everything by everybody that, as the grids say, leaves the audit where it is, and where that was not so."""
    wrong = []
    for somebody, phone in way.people.items():
        batches: dict[str, list] = {}
        for verb, outcome in TRIED:
            answer, leads = wanted(somebody, verb, outcome, stage)
            if leads is None:
                tried = operation(verb, way.says(verb, outcome, stage))
                batches.setdefault(way.stream_for(verb), []).append((tried, verb, outcome, answer))
        for stream, batch in batches.items():
            told = way.answers(phone, stream, [tried for tried, *_ in batch])
            for (_, verb, outcome, answer), came in zip(batch, told, strict=True):
                if came != answer:
                    wrong.append((stage, somebody, verb, outcome, f"{came}, not {answer}"))
    if way.stage() != stage:
        wrong.append((stage, "left for", way.stage()))
    return wrong


def try_what_leads_on(way: Way, stage: str) -> list:
    """Every step by everybody who may take it, each on a copy of its own, and where one led elsewhere."""
    wrong = []
    for somebody, phone in way.people.items():
        for verb, outcome in TRIED:
            _, leads = wanted(somebody, verb, outcome, stage)
            if leads is None:
                continue
            way.put_back(way.copy_for(stage, verb))
            tried = operation(verb, way.says(verb, outcome, stage))
            [came] = way.answers(phone, way.stream_for(verb), [tried])
            if (came, way.stage()) != ("applied", leads):
                wrong.append((stage, somebody, verb, outcome, f"{came}, at {way.stage()} and not at {leads}"))
    return wrong

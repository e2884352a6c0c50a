"""Long histories of recognition on the real service: who may do what, and where it leads, is what the short oracle of
`test_award_stages.py` says, which looks back at what happened and knows nothing of tables."""

import os
from dataclasses import replace
from datetime import date, timedelta

from hypothesis import HealthCheck, Phase, settings
from hypothesis import strategies as st
from hypothesis.stateful import (
    RuleBasedStateMachine,
    initialize,
    invariant,
    precondition,
    rule,
    run_state_machine_as_test,
)

from audit_app.access import find_person
from audit_app.awards.models import Appeal, Assessment, Award, Decision, Interim, Submission
from audit_app.awards.panel.granting import award_of, prove_award
from audit_app.awards.queries import prove_seal
from audit_app.awards.stages import expires_on
from audit_app.awards.stepping import begin_assessment, case_of, lock_submission, take_step
from audit_app.db import db, new_id, today
from audit_app.ledger.kinds import AUDIT, KINDS
from audit_app.ledger.models import Stream
from audit_app.ledger.perform import perform
from audit_app.ledger.verify import verify
from audit_app.problems import Problem

from .builders import CHECKLIST, Scene, operation
from .deciding import DAYS, days_on
from .test_award_stages import (
    ANDREW,
    ASA,
    DECIDING,
    EVERYBODY,
    LENA,
    MORAG,
    OF_ROLE,
    PAIRS,
    PAULA,
    PETER,
    PIA,
    PRIYA,
    SUE,
    WAYS,
    Memory,
    step,
)

CAMPAIGN = int(os.environ.get("CAMPAIGN", "0"))
BOTH, OURS = EVERYBODY[-2:]
BY_STEP = {
    "judgement.record",
    "assessment.report",
    "actions.answer",
    "visit.record",
    "report.release",
    "report.correct",
}
BEGINNINGS = ["open", "released", "released", "deferred", "not-awarded", "awarded", "awarded"]
ALONE = [pair for pair in PAIRS if len(pair) == 1]
OUTCOME = {"released": "deferred", "awarded": "no-change", "suspended": "no-change", "appealed": "dismissed"}


class World:
    """The people of the histories, with their roles for real: a trust, and a body to which everybody else belongs."""

    def __init__(self, scene: Scene):
        self.scene, self.app = scene, scene.app
        self.trust, self.body = scene.organisation("Northfield Trust"), scene.awarding_body()
        self.ids = {}
        for who in EVERYBODY:
            self.ids[who.id] = scene.person(who.id)
            with self.app.app_context():
                for whose, role in who.roles:
                    scene._grant(self.ids[who.id], role, self.trust if whose == "site" else self.body, None)
                if who is OURS:
                    scene._grant(self.ids[who.id], "auditor", self.trust, None)
                db.session.commit()

    def do(self, by: str, stream: str, kind: str, payload: dict) -> bool:
        """Was it applied?"""
        try:
            person = find_person(self.ids[by])
            [outcome] = perform(stream, [operation(kind, payload)], by=person).outcomes
            db.session.commit()
            return outcome["verdict"] == "applied"
        except Problem:
            db.session.rollback()
            return False


class RealHistories(RuleBasedStateMachine):
    """One audit of a ward of its own; people try what is sensible and what is not."""

    def __init__(self, world: World):
        super().__init__()
        self.world, self.memory, self.later = world, Memory(), False
        self.site = world.scene.site(world.trust, "Ward")
        self.context = world.app.app_context()
        self.context.push()
        self.audit, self.stream = self.open(), new_id()

    def teardown(self):
        db.session.rollback()
        self.context.pop()

    def open(self) -> str:
        opening = {"site": self.site, "checklist": CHECKLIST, "edition": 1, "track": "award"}
        audit = new_id()
        assert self.world.do("Lena", audit, "audit.open", opening)
        return audit

    # a step, there and in the oracle

    def attempt(self, one) -> None:
        allowed = self.memory.allows(one) and not self.is_beyond(one)
        assert self.take(one) == allowed, (one.verb, one.outcome, one.by.id, self.memory.stage)
        if not allowed:
            return
        self.memory.happened(one)
        if one.verb == "audit.submit":
            self.world.do("Morag", self.stream, "submission.take", {"audit": self.audit})
        if self.memory.stage == "awarded" and self.later and one.verb in ("award.restore", "appeal.decide"):
            self.gives_way(one)

    def is_beyond(self, one) -> bool:
        """What the service asks besides: nobody is assigned twice, a view stands once all are said, and a renewal by
        hand needs an award that comes after."""
        if one.verb == "panel.view":
            since, panel = self.memory.panel()
            said = {other.by.id for other in self.memory.steps[since + 1 :] if other.verb == "panel.view"}
            return len(panel) > 1 and panel <= said
        if one.verb == "assessment.assign":
            named = {who.id for other in self.memory.steps if other.verb == one.verb for who in other.people}
            return bool(named & {who.id for who in one.people})
        return one.verb == "award.renew"

    def gives_way(self, one) -> None:
        """A later award stands: this one stands no more, if it still ran."""
        renewal = replace(one, verb="award.renew", outcome=None)
        if self.memory.runs_on(one.on):
            self.memory.happened(renewal)

    def take(self, one) -> bool:
        if one.verb in BY_STEP:
            return self.take_by_step(one)
        stream = self.audit if KINDS[one.verb].stream == AUDIT else self.stream
        if KINDS[one.verb].opens:
            stream = new_id()
        return self.world.do(one.by.id, stream, one.verb, self.payload(one))

    def take_by_step(self, one) -> bool:
        """What assessors and the site say of a report is asked for in test_assessment.py; here it is the step alone."""
        by = find_person(self.world.ids[one.by.id])
        try:
            if one.verb == "judgement.record":
                query = db.select(Assessment.id).filter_by(audit_id=self.audit, assessor_id=by.id)
                begin_assessment(db.session.scalar(query) or new_id(), by=by)
            else:
                facts = {"criteria": one.criteria, "due": one.due} if one.outcome == "action-points" else {}
                take_step(lock_submission(self.audit), one.verb, by=by, outcome=one.outcome, **facts)
            db.session.commit()
            return True
        except Problem:
            db.session.rollback()
            return False

    def payload(self, one) -> dict:
        reasons = {"reasons": "As the record shows."}
        people = [self.world.ids[who.id] for who in one.people]
        deciding = {"outcome": one.outcome, **reasons}
        if one.outcome == "awarded":
            deciding["against_rule"] = "We saw it."
        if one.outcome == "deferred":
            deciding |= {"criteria": ["agency-1"], "due": days_on(30)}
        return {
            "audit.submit": {"to": self.world.body},
            "audit.recall": {},
            "audit.return": {"reasons": [{"text": "Say more."}]},
            "assessment.assign": {"audit": self.audit, "assessor": people[0] if people else new_id()},
            "interest.declare": {"declared": one.outcome},
            "panel.convene": {"people": people},
            "panel.view": {"outcome": OUTCOME.get(self.memory.stage, "awarded"), **reasons},
            "panel.decide": deciding,
            "deferral.answer": {"text": "Done.", "answers": [{"criterion": "agency-1", "text": "A rota."}]},
            "interim.review": {"says": "All is well."},
            "award.renew": {"replaced_by": "MIL-2026-7K3QFX"},
            "award.suspend": reasons,
            "award.restore": reasons,
            "award.keep": reasons,
            "award.withdraw": reasons,
            "appeal.lodge": {"grounds": "Nobody asked."},
            "appeal.decide": deciding,
        }[one.verb]

    def on(self, *way, **more):
        """A step of today."""
        return step(*way, on=today(), due=today() + timedelta(days=30), **more)

    # what people try

    @rule(way=st.sampled_from(sorted(WAYS, key=str)), by=st.sampled_from(EVERYBODY), data=st.data())
    def somebody_tries_something(self, way, by, data):
        self.attempt(self.on(*way, by=by, people=self.named(way[0], data)))

    @rule(data=st.data(), steps=st.integers(1, 4))
    def somebody_does_what_is_next(self, data, steps):
        for _ in range(steps):
            ways = [way for way in sorted(WAYS, key=str) if WAYS[way][1][self.memory.stage]]
            if not ways:
                return
            way = data.draw(st.sampled_from(ways))
            able = [who for who in EVERYBODY if {role for _, role in who.roles} & OF_ROLE[WAYS[way][0]]]
            self.attempt(self.on(*way, by=data.draw(st.sampled_from(able)), people=self.named(way[0], data)))

    def named(self, verb: str, data) -> tuple:
        pairs = {"assessment.assign": ALONE, "panel.convene": PAIRS}.get(verb)
        return data.draw(st.sampled_from(pairs)) if pairs else ()

    @initialize(begun=st.sampled_from(BEGINNINGS), is_followed=st.booleans())
    def it_may_have_begun_long_ago(self, begun, is_followed):
        self.goes_its_usual_way(begun)
        if begun == "awarded" and is_followed:
            self.a_later_audit_of_the_ward_is_awarded()

    def goes_its_usual_way(self, begun: str) -> None:
        if begun == "open":
            return
        for way, by in (
            (("audit.submit", None), LENA), (("assessment.assign", None), MORAG), (("interest.declare", "clear"), ASA),
            (("judgement.record", None), ASA), (("assessment.report", "ready"), ASA), (("visit.record", None), ASA),
            (("report.release", None), ASA), (("report.correct", None), LENA),
        ):  # fmt: skip
            self.attempt(self.on(*way, by=by, people=(ASA,) if way[0] == "assessment.assign" else ()))
        assert self.memory.stage == "released"
        if begun != "released":
            self.meet((PIA, PETER))
            self.attempt(self.on("panel.decide", begun, by=PIA))
            assert self.memory.stage == begun

    def meet(self, pair, quits: bool = False) -> None:
        self.attempt(self.on("panel.convene", by=MORAG, people=pair))
        for one in pair:
            self.attempt(self.on("interest.declare", "clear", by=one))
            self.attempt(self.on("panel.view", by=one))
        self.attempt(self.on("panel.view", by=pair[0]))
        if quits:
            self.attempt(self.on("interest.declare", "conflict", by=pair[1]))

    @rule(
        quits=st.sampled_from([False, False, True]),
        data=st.data(),
        pair=st.sampled_from([(PIA, PETER), (PAULA, PRIYA), (PIA, BOTH), (PAULA, OURS)]),
    )
    def a_panel_meets_and_decides_what_it_may(self, quits, data, pair):
        self.meet(pair, quits)
        ways = [way for way in sorted(WAYS, key=str) if way[0] in DECIDING and WAYS[way][1][self.memory.stage]]
        if ways:
            self.attempt(self.on(*data.draw(st.sampled_from(ways)), by=data.draw(st.sampled_from(pair))))

    @rule(by=st.sampled_from([LENA, SUE]))
    def a_site_appeals(self, by):
        self.attempt(self.on("appeal.lodge", by=by))

    @rule(who=st.sampled_from([ASA, ANDREW, PIA, PAULA]))
    def somebody_finds_that_they_have_an_interest(self, who):
        self.attempt(self.on("interest.declare", "conflict", by=who))

    @precondition(lambda self: self.memory.award_day() and not self.later)
    @rule()
    def a_later_audit_of_the_ward_is_awarded(self):
        mine, memory = (self.audit, self.stream), self.memory
        self.audit, self.stream, self.memory = self.open(), new_id(), Memory()
        self.goes_its_usual_way("awarded")
        (self.audit, self.stream), self.memory, self.later = mine, memory, True
        if self.memory.stage == "awarded":
            self.gives_way(self.on("award.renew", by=PIA))

    @rule(days=st.sampled_from([1, 14, 57, 400, 548, 730]))
    def time_passes(self, days):
        given = self.memory.award_day()
        while given and (given - timedelta(days)).day > 28:  # what a month is to them is asked elsewhere
            days += 1
        for table, columns in DAYS.items():
            mine = db.select(table).filter_by(audit_id=self.audit) if table is not Interim else db.select(table)
            for row in db.session.scalars(mine):
                for column in columns:
                    if day := getattr(row, column):
                        setattr(row, column, (date.fromisoformat(day) - timedelta(days)).isoformat())
                if isinstance(row, Award):
                    row.until = expires_on(date.fromisoformat(row.decided_on)).isoformat()
        db.session.commit()
        self.memory.steps = [replace(one, on=one.on - timedelta(days)) for one in self.memory.steps]

    # what is held

    @invariant()
    def it_stands_where_the_oracle_says_and_proves_itself(self):
        submission = db.session.get(Submission, self.audit)
        assert (submission.stage if submission else "open") == self.memory.stage
        stream = db.session.get(Stream, self.audit)
        assert (prove_seal(stream), prove_award(stream)) == (None, None)
        assert (award_of(self.audit) is not None) == (self.memory.award_day() is not None)
        db.session.rollback()

    @invariant()
    def those_sit_and_have_said_their_view_who_were_asked_since_the_last_decision(self):
        submission = db.session.get(Submission, self.audit)
        if submission is not None:
            case = case_of(submission)
            since, panel = self.memory.panel()
            said = {one.by.id for one in self.memory.steps[since + 1 :] if one.verb == "panel.view"}
            assert case.panel == {self.world.ids[who] for who in panel}
            assert case.views == {self.world.ids[who] for who in said & panel}
        db.session.rollback()

    @invariant()
    def there_is_a_decision_for_each_that_happened_and_an_appeal_for_each_lodged(self):
        decided = sum(one.verb in DECIDING for one in self.memory.steps)
        lodged = sum(one.verb == "appeal.lodge" for one in self.memory.steps)
        for table, many in ((Decision, decided), (Appeal, lodged)):
            held = db.select(db.func.count()).select_from(table).filter_by(audit_id=self.audit)
            assert db.session.scalar(held) == many
        db.session.rollback()


def test_what_the_service_allows_and_where_it_leads_is_what_the_oracle_says(scene: Scene):
    world = World(scene)
    many = settings(
        max_examples=CAMPAIGN or 20,
        stateful_step_count=15,
        deadline=None,
        phases=[phase for phase in Phase if CAMPAIGN or phase not in (Phase.shrink, Phase.explain)],
        suppress_health_check=list(HealthCheck),
    )

    run_state_machine_as_test(lambda: RealHistories(world), settings=many)

    with scene.app.app_context():
        assert list(verify()) == []

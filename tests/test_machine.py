"""Many phones, a bad network, crashes, restores, clocks: whatever happens in whatever order, what must hold, holds.

Hypothesis looks for a history that breaks `operations.md` section 6 and shrinks it to the shortest. `make campaign`
runs the same machine for longer.
"""

import os
from datetime import timedelta

import pytest
from hypothesis import HealthCheck, settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, precondition, rule, run_state_machine_as_test

from audit_app.db import as_text, now

from .builders import CHECKLIST
from .devices import FATES, UNREADABLE, World
from .stage import make_stage

CAMPAIGN = int(os.environ.get("CAMPAIGN", "0"))
EXAMPLES = {"sqlite": CAMPAIGN or 25, "postgresql": CAMPAIGN // 3 or 10}

PHONES = st.sampled_from([0, 0, 1, 2, 2, 3])
CRITERIA = st.sampled_from(["safety-1", "safety-1", "safety-look"])  # each edition lacks the criterion of the other
CLOCKS = st.sampled_from([0, 0, 0, 3650, -3650, 1])


class Phones(RuleBasedStateMachine):
    """The rules by which histories are made up."""

    stage = None

    @initialize(synced=st.booleans())
    def begin(self, synced):
        self.world = World(self.stage)
        self.rights = {}
        self.open_audit(0)
        if synced:
            for phone in self.world.phones:
                self.world.cycle(phone)

    def phone(self, place):
        return self.world.phones[place]

    def stream_for(self, phone, place):
        known = [stream for stream in self.world.streams if phone.held(stream).rows or phone.held(stream).holds]
        return known[place % len(known)] if known else None

    def say(self, place, which, kind, payload, clock=0):
        phone = self.phone(place)
        stream = self.stream_for(phone, which)
        if stream:
            self.world.say(phone, stream, kind, payload, as_text(now() + timedelta(days=clock)))

    # what people do

    @precondition(lambda self: len(self.world.streams) < 2)
    @rule(place=PHONES, checklist=st.sampled_from([CHECKLIST, "ten-minute-look"]))
    def open_audit(self, place, checklist=CHECKLIST):
        self.world.open_audit(self.phone(place), checklist)

    @rule(place=PHONES, which=st.integers(0, 1), criterion=CRITERIA, rating=st.sampled_from([0, 1, 3]), clock=CLOCKS)
    def agree_a_finding(self, place, which, criterion, rating, clock):
        self.say(place, which, "finding.agree", {"criterion": criterion, "rating": rating}, clock)

    @rule(place=PHONES, which=st.integers(0, 1), criterion=CRITERIA)
    def agree_what_is_off_the_scale(self, place, which, criterion):
        self.say(place, which, "finding.agree", {"criterion": criterion, "rating": 9})

    @rule(place=PHONES, which=st.integers(0, 1), words=st.sampled_from(["a", "b", UNREADABLE]))
    def write_an_account(self, place, which, words):
        payload = {"criterion": "safety-1", "shows": words, "helps": "", "hinders": ""}
        self.say(place, which, "finding.account", payload)

    @rule(place=PHONES, which=st.integers(0, 1), label=st.sampled_from(["Night shift", "Nights"]))
    def add_a_contributor(self, place, which, label):
        payload = {"contributor": self.contributor(place, which), "voice": "staff", "label": label}
        self.say(place, which, "contributor.add", payload)

    @rule(place=PHONES, which=st.integers(0, 1))
    def withdraw_a_contributor(self, place, which):
        self.say(place, which, "contributor.withdraw", {"contributor": self.contributor(place, which)})

    @rule(place=PHONES, which=st.integers(0, 1), caption=st.sampled_from(["A list", "The list"]), criterion=CRITERIA)
    def add_evidence(self, place, which, caption, criterion):
        payload = {"evidence": self.contributor(place, which), "kind": "observation", "caption": caption}
        self.say(place, which, "evidence.add", payload | {"criteria": ["safety-1", criterion]})

    @rule(
        place=PHONES,
        which=st.integers(0, 1),
        verb=st.sampled_from(["evidence.tag", "evidence.untag"]),
        criterion=CRITERIA,
    )
    def tag_or_untag_evidence(self, place, which, verb, criterion):
        self.say(place, which, verb, {"evidence": self.contributor(place, which), "criterion": criterion})

    @rule(place=PHONES, which=st.integers(0, 1))
    def withdraw_evidence(self, place, which):
        self.say(place, which, "evidence.withdraw", {"evidence": self.contributor(place, which)})

    @rule(place=PHONES, which=st.integers(0, 1), what=st.sampled_from(["Tea", "Tea at four"]), criterion=CRITERIA)
    def plan_something(self, place, which, what, criterion):
        said = {"what": what, "criteria": ["safety-1", criterion], "whose": "team", "due": None, "answers": []}
        self.say(place, which, "plan.add", {"item": self.contributor(place, which)} | said)

    @rule(place=PHONES, which=st.integers(0, 1), due=st.sampled_from(["2026-12-01", None]), whose=st.booleans())
    def change_the_plan(self, place, which, due, whose):
        said = {"due": due} | ({"whose": "lead"} if whose else {})
        self.say(place, which, "plan.change", {"item": self.contributor(place, which)} | said)

    @rule(place=PHONES, which=st.integers(0, 1), done=st.booleans())
    def say_how_far_the_plan_is(self, place, which, done):
        said = {"state": "done", "outcome": "It takes place."} if done else {"state": "doing"}
        self.say(place, which, "plan.settle", {"item": self.contributor(place, which)} | said)

    def contributor(self, place, which):
        """One contributor an audit: of another audit's there are tests enough."""
        stream = self.stream_for(self.phone(place), which)
        return stream or self.world.contributor

    @rule(which=st.integers(0, 1))
    def admit_what_was_kept(self, which):
        self.world.admit(self.world.streams[which % len(self.world.streams)])

    # how it travels

    @rule(place=PHONES, fates=st.lists(st.sampled_from(FATES), min_size=1, max_size=6))
    def sync_a_little(self, place, fates):
        for fate in fates:
            self.world.advance(self.phone(place), fate)

    @rule(place=PHONES)
    def sync_in_full(self, place):
        self.world.cycle(self.phone(place))

    @precondition(lambda self: self.world.late)
    @rule(place=st.integers(0, 5))
    def something_late_arrives(self, place):
        self.world.deliver_late(place)

    # what befalls

    @rule(place=PHONES)
    def a_phone_restarts(self, place):
        self.phone(place).restart()

    @rule(place=PHONES, steps=st.integers(1, 6))
    def a_phones_disk_goes_back(self, place, steps):
        self.world.roll_back(self.phone(place), steps)

    @rule(place=st.sampled_from([0, 1]))
    def a_phone_is_cloned(self, place):
        self.world.clone(self.phone(place), self.phone(1 - place))

    @rule(place=PHONES)
    def a_phone_is_wiped(self, place):
        self.world.wipe(self.phone(place))

    @rule(place=st.sampled_from([0, 2]))
    def somebody_leaves_or_comes_back(self, place):
        self.world.leave_or_come_back(self.phone(place).person)

    @rule()
    def the_service_is_backed_up(self):
        self.world.back_up()

    @rule()
    def the_service_is_restored(self):
        self.world.restore()

    @rule()
    def all_is_quiet_for_a_while(self):
        self.world.settle()

    def teardown(self):
        if hasattr(self, "world"):
            self.world.settle()


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(request):
    return make_stage(request, request.param)


@pytest.mark.slow
def test_whatever_befalls_phones_network_and_service_what_must_hold_holds(stage):
    class Here(Phones):
        pass

    Here.stage = stage
    kind = "postgresql" if stage.app.config["DATABASE_URL"] else "sqlite"
    bounds = settings(
        max_examples=EXAMPLES[kind],
        stateful_step_count=40,
        deadline=None,
        derandomize=not CAMPAIGN,
        suppress_health_check=list(HealthCheck),
        print_blob=True,
    )

    run_state_machine_as_test(Here, settings=bounds)

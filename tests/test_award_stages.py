"""The way of an award: every step at every stage, who may take it, and long histories against a short oracle."""

import os
from dataclasses import replace
from datetime import date, timedelta

import pytest
from hypothesis import settings
from hypothesis import strategies as st
from hypothesis.stateful import RuleBasedStateMachine, initialize, invariant, rule

from audit_app.awards import stages
from audit_app.awards.stages import Case, Person, Refused, Step, expires_on, interim_due_on, refusal, standing, take

CAMPAIGN = int(os.environ.get("CAMPAIGN", "0"))
TRUST, BODY = "Northfield Trust", "The awarding body"
DAY = date(2026, 3, 2)
ROLES = {
    "lead": ("site", "lead"),
    "site manager": ("site", "manager"),
    "assessor": ("body", "assessor"),
    "panel": ("body", "panel"),
    "manager": ("body", "manager"),
    "auditor": ("site", "auditor"),
    "admin": ("body", "admin"),
}


def person(id: str, *roles: str, of: str = BODY) -> Person:
    return Person(id, frozenset({of}), frozenset(ROLES[role] for role in roles))


LENA, MORAG = person("Lena", "lead", of=TRUST), person("Morag", "manager")
ASA, ANDREW = person("Asa", "assessor"), person("Andrew", "assessor")
PIA, PETER, PAULA, PRIYA = (person(name, "panel") for name in ("Pia", "Peter", "Paula", "Priya"))
SUE = person("Sue", "site manager", of=TRUST)
PLAYERS = {"L": LENA, "S": LENA, "A": ASA, "M": MORAG, "P": PIA}

# verb and outcome: whose it is, then for each stage (a column) where it leads.
COLUMNS = ["open", "submitted", "assessing", "action-points", "ready", "visited", "released"]
COLUMNS += ["awarded", "deferred", "not-awarded", "suspended", "withdrawn", "renewed", "appealed"]
SHORT = dict(zip("osacrvlADNSWRP.", [*COLUMNS, None], strict=True))
GRID = """
                               o s a c r v l A D N S W R P
audit.submit                 L s . . . . . . . . . . . . .
audit.recall                 L . o . . . . . . . . . . . .
audit.return                 A . o o . . . . . . . . . . .
assessment.assign            M . s a . r v . A . . . . . .
interest.declare clear       A . s a . r v l A . . S . . P
interest.declare conflict    A . s a . r v l A . . S . . P
judgement.record             A . a a . r v . . . . . . . .
assessment.report ready      A . . r . . . . . . . . . . .
assessment.report action-points A . . c . . . . . . . . . . .
actions.answer               L . . . a . . . . . . . . . .
visit.record                 A . . . . v . . . . . . . . .
report.release               A . . . . . l . . . . . . . .
report.correct               L . . . . . . l . . . . . . .
panel.convene                M . . . . . . l A . . S . . P
panel.view                   P . . . . . . l A . . S . . P
panel.decide awarded         P . . . . . . A . . . . . . .
panel.decide deferred        P . . . . . . D . . . . . . .
panel.decide not-awarded     P . . . . . . N . . . . . . .
deferral.answer              L . . . . . . . . l . . . . .
interim.review               A . . . . . . . A . . . . . .
award.renew                  P . . . . . . . R . . . . . .
award.suspend                P . . . . . . . S . . . . . .
award.restore                P . . . . . . . . . . A . . .
award.withdraw               P . . . . . . . W . . W . . .
award.keep                   P . . . . . . . A . . S . . .
appeal.lodge                 S . . . . . . . . P P P P . .
appeal.decide upheld         P . . . . . . . . . . . . . l
appeal.decide dismissed      P . . . . . . . . . . . . . N
"""


def read_grid() -> dict[tuple[str, str | None], tuple[str, dict[str, str | None]]]:
    found = {}
    for line in GRID.strip().splitlines()[1:]:
        said, cells = line.split()[: -len(COLUMNS) - 1], line.split()[-len(COLUMNS) - 1 :]
        leads = {stage: SHORT[cell] for stage, cell in zip(COLUMNS, cells[1:], strict=True)}
        found[said[0], said[1] if len(said) > 1 else None] = (cells[0], leads)
    return found


WAYS = read_grid()


def at(stage: str, **more) -> Case:
    """A case at this stage with everybody where they should be: Asa assesses, Pia and Peter are the panel."""
    facts = {
        "assessors": frozenset({"Asa"}),
        "assessed_by": frozenset({"Asa"}),
        "cleared": frozenset({"Asa", "Pia", "Peter"}),
        "panel": frozenset({"Pia", "Peter"}),
        "views": frozenset({"Pia", "Peter"}),
        "released_on": DAY - timedelta(days=30),
        "decided_on": DAY - timedelta(days=2),
        "awarded_on": DAY - timedelta(days=500),
        "appealed_from": "not-awarded" if stage == "appealed" else None,
    }
    return Case(TRUST, stage, **facts | more)


def step(verb: str, outcome: str | None = None, by: Person | None = None, **more) -> Step:
    """A step that lacks nothing."""
    people = {"assessment.assign": (ANDREW,), "panel.convene": (PIA, PETER)}.get(verb, ())
    facts = {"people": people, "reasons": "As the record shows.", "criteria": ("agency-1",), "replaced_by": "2"}
    facts["due"] = DAY + timedelta(days=90)
    return Step(verb, by or PLAYERS[WAYS[verb, outcome][0]], **{"on": DAY, "outcome": outcome} | facts | more)


def refused(case: Case, one: Step) -> str:
    with pytest.raises(Refused) as caught:
        take(case, one)
    assert str(caught.value) in stages.REFUSALS
    return str(caught.value)


# Every verb at every stage, and for every role


@pytest.mark.parametrize("stage", COLUMNS)
@pytest.mark.parametrize(("verb", "outcome"), WAYS)
def test_each_step_leads_where_the_grid_says_and_nowhere_else(verb, outcome, stage):
    leads_to = WAYS[verb, outcome][1][stage]

    if leads_to is None:
        assert refused(at(stage), step(verb, outcome)) == "not-now"
    else:
        assert take(at(stage), step(verb, outcome)).stage == leads_to


def test_the_grid_and_the_table_know_the_same_steps_and_stages():
    assert tuple(COLUMNS) == stages.STAGES
    assert {(verb, outcome) for _, verb, outcome in stages.TABLE} == set(WAYS)
    assert set(stages.WHOSE) == {verb for verb, _ in WAYS}


@pytest.mark.parametrize("stage", COLUMNS)
def test_no_verb_takes_an_outcome_of_another(stage):
    for verb, outcome in WAYS:
        own = {one for other, one in WAYS if other == verb}
        for strange in {None, "awarded", "ready", "upheld", "clear", "lapsed"} - own:
            assert refused(at(stage), replace(step(verb, outcome), outcome=strange)) == "not-now"


OF_ROLE = {"L": {"lead"}, "S": {"lead", "site manager"}, "A": {"assessor"}, "M": {"manager"}, "P": {"panel"}}


@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize(("verb", "outcome"), WAYS)
def test_a_step_is_refused_to_every_role_but_its_own(verb, outcome, role):
    whose = OF_ROLE[WAYS[verb, outcome][0]] | ({"panel"} if verb == "interest.declare" else set())
    stage = next(stage for stage in COLUMNS if WAYS[verb, outcome][1][stage])
    name = {"assessor": "Asa", "panel": "Pia"}.get(role, "Somebody")

    taken = step(verb, outcome, by=person(name, role, of=TRUST if ROLES[role][0] == "site" else BODY))

    if role in whose:
        assert take(at(stage), taken)
    else:
        assert refused(at(stage), taken) == "not-yours"


# Who may not


def test_an_assessor_of_the_sites_own_organisation_is_never_assigned_and_never_judges():
    ours = person("Asa", "assessor", of=TRUST)

    assert refused(at("submitted"), step("assessment.assign", people=(ours,))) == "own-organisation"
    assert refused(at("submitted"), step("judgement.record", by=ours)) == "own-organisation"


def test_an_assessor_declares_interests_first_and_a_conflict_ends_it_for_good():
    fresh = at("submitted", cleared=frozenset())
    assert refused(fresh, step("judgement.record")) == "interests"

    conflicted = take(fresh, step("interest.declare", "conflict"))

    assert refused(conflicted, step("judgement.record")) == "not-assigned"
    assert refused(conflicted, step("interest.declare", "clear")) == "interests"
    assert refused(conflicted, step("assessment.assign", people=(ASA,))) == "interests"


def test_somebody_who_was_not_assigned_judges_nothing():
    other = at("assessing", cleared=frozenset({"Andrew"}))
    assert refused(other, step("judgement.record", by=ANDREW)) == "not-assigned"
    assert refused(at("assessing"), step("assessment.assign", people=(PIA,))) == "nobody-named"


def test_a_lead_recalls_until_an_assessor_has_begun():
    begun = take(at("submitted"), step("judgement.record"))

    assert take(at("submitted"), step("audit.recall")).stage == "open"
    assert refused(begun, step("audit.recall")) == "not-now"


def test_a_return_says_why():
    assert refused(at("assessing"), step("audit.return", reasons=" ")) == "reasons"


def test_nothing_is_reported_before_anything_was_judged():
    assert refused(at("assessing", assessed_by=frozenset()), step("assessment.report", "ready")) == "not-assigned"


@pytest.mark.parametrize("lacks", [{"criteria": ()}, {"due": None}, {"due": DAY}])
@pytest.mark.parametrize(
    ("stage", "verb", "outcome"),
    [("assessing", "assessment.report", "action-points"), ("released", "panel.decide", "deferred")],
)
def test_what_is_asked_of_a_site_names_criteria_and_a_day_to_come(stage, verb, outcome, lacks):
    assert refused(at(stage), step(verb, outcome, **lacks)) == "what-and-when"


@pytest.mark.parametrize("stage", ["released", "awarded", "suspended", "appealed"])
def test_a_panel_is_two_others_who_did_not_assess_and_are_not_of_the_house(stage):
    both = person("Asa", "panel", "assessor")
    ours = person("Petra", "panel", of=TRUST)

    for people, why in (
        ((PIA,), "too-few"),
        ((PIA, PIA), "too-few"),
        ((PIA, MORAG), "too-few"),
        ((), "too-few"),
        ((PIA, ours), "own-organisation"),
        ((PIA, both), "assessed-it"),
    ):
        assert refused(at(stage), step("panel.convene", people=people)) == why


DECISIONS = [("released", "panel.decide", "awarded"), ("released", "panel.decide", "not-awarded")]
DECISIONS += [("awarded", "award.suspend", None), ("awarded", "award.withdraw", None)]
DECISIONS += [("suspended", "award.restore", None), ("appealed", "appeal.decide", "upheld")]
DECISIONS += [("awarded", "award.keep", None), ("suspended", "award.keep", None)]


@pytest.mark.parametrize(("stage", "verb", "outcome"), DECISIONS)
def test_nobody_decides_alone_from_outside_the_panel_unheard_or_without_reasons(stage, verb, outcome):
    decide = step(verb, outcome)

    assert refused(at(stage, views=frozenset({"Pia"})), decide) == "views-missing"
    assert refused(at(stage, panel=frozenset({"Pia"})), decide) == "views-missing"
    assert refused(at(stage), replace(decide, by=PAULA)) == "not-on-panel"
    assert refused(at(stage, cleared=frozenset({"Peter"})), decide) == "interests"
    assert refused(at(stage), replace(decide, reasons="")) == "reasons"
    assert refused(at(stage), replace(decide, by=person("Pia", "panel", of=TRUST))) == "own-organisation"


@pytest.mark.parametrize(("stage", "verb", "outcome"), DECISIONS)
def test_somebody_who_assessed_never_decides_even_if_a_panel_names_them(stage, verb, outcome):
    both = person("Asa", "panel", "assessor")
    named = at(stage, panel=frozenset({"Asa", "Pia"}), views=frozenset({"Asa", "Pia"}), assessors=frozenset())

    assert refused(named, step(verb, outcome, by=both)) == "assessed-it"


def test_a_view_stands_for_the_panel_that_it_was_given_to():
    again = take(at("released"), step("panel.convene", people=(PIA, PAULA)))

    assert again.views == frozenset()
    assert refused(again, step("panel.decide", "awarded")) == "views-missing"


def test_a_site_has_a_fortnight_to_check_facts_or_says_sooner_that_it_has():
    fresh = at("released", released_on=DAY)

    assert refused(fresh, step("panel.decide", "awarded")) == "facts-not-checked"
    assert refused(fresh, step("panel.decide", "awarded", on=DAY + timedelta(days=13))) == "facts-not-checked"
    assert take(fresh, step("panel.decide", "awarded", on=DAY + timedelta(days=14))).stage == "awarded"
    assert take(take(fresh, step("report.correct")), step("panel.decide", "awarded")).stage == "awarded"


# Appeals


@pytest.mark.parametrize(
    ("before", "upheld"),
    [("deferred", "released"), ("not-awarded", "released"), ("suspended", "awarded"), ("withdrawn", "awarded")],
)
def test_an_appeal_is_decided_by_others_and_gives_back_or_decides_anew(before, upheld):
    decided = at(before, decided_by=frozenset({"Pia", "Peter"}))
    lodged = take(decided, step("appeal.lodge", by=SUE))

    assert refused(lodged, step("appeal.decide", "upheld")) == "not-on-panel"
    assert refused(lodged, step("panel.convene", people=(PIA, PAULA))) == "decided-before"
    others = take(lodged, step("panel.convene", people=(PAULA, PRIYA)))
    for one in (PAULA, PRIYA):
        others = take(take(others, step("interest.declare", "clear", by=one)), step("panel.view", by=one))

    assert take(others, step("appeal.decide", "upheld", by=PAULA)).stage == upheld
    assert take(others, step("appeal.decide", "dismissed", by=PAULA)).stage == before
    if upheld == "released":
        anew = take(others, step("appeal.decide", "upheld", by=PAULA))
        assert refused(anew, step("panel.convene")) == "decided-before"


def test_an_appeal_is_lodged_within_eight_weeks_and_says_why():
    decided = at("not-awarded", decided_on=DAY)

    assert take(decided, step("appeal.lodge", on=DAY + timedelta(days=56))).stage == "appealed"
    assert refused(decided, step("appeal.lodge", on=DAY + timedelta(days=57))) == "too-late"
    assert refused(decided, step("appeal.lodge", reasons="")) == "reasons"


@pytest.mark.parametrize(("before", "meanwhile"), [("withdrawn", "withdrawn"), ("suspended", "suspended")])
def test_an_appeal_changes_nothing_until_it_is_decided(before, meanwhile):
    assert standing(take(at(before), step("appeal.lodge")), DAY) == meanwhile
    assert standing(take(at("not-awarded"), step("appeal.lodge")), DAY) == "no-award"


# Days


def test_an_award_is_looked_at_after_eighteen_months_and_lapses_after_thirty_six_by_itself():
    case = at("awarded", awarded_on=date(2026, 8, 31))

    assert (interim_due_on(case.awarded_on), expires_on(case.awarded_on)) == (date(2028, 2, 29), date(2029, 8, 31))
    assert standing(case, date(2028, 2, 28)) == "valid"
    assert standing(case, date(2028, 2, 29)) == "interim-due"
    reviewed = take(case, step("interim.review", on=date(2028, 2, 1)))
    assert standing(reviewed, date(2029, 8, 30)) == "valid"
    assert standing(reviewed, date(2029, 8, 31)) == "lapsed"
    assert expires_on(date(2028, 2, 29)) == date(2031, 2, 28)


def test_an_interim_is_not_done_in_the_first_year():
    assert refused(at("awarded", awarded_on=DAY), step("interim.review", on=DAY + timedelta(days=365))) == "too-early"


@pytest.mark.parametrize(
    "verb", ["interim.review", "award.renew", "award.suspend", "award.withdraw", "award.keep", "panel.convene"]
)
def test_nothing_is_done_to_an_award_that_has_lapsed(verb):
    assert refused(at("awarded", awarded_on=date(2023, 3, 2)), step(verb)) == "lapsed"


def test_a_renewed_award_names_what_comes_after_it_and_is_superseded():
    assert refused(at("awarded"), step("award.renew", replaced_by=None)) == "nothing-replaces-it"
    assert standing(take(at("awarded"), step("award.renew")), DAY) == "superseded"


@pytest.mark.parametrize("stage", COLUMNS[:7])
def test_what_is_on_its_way_is_no_award(stage):
    assert standing(at(stage), DAY) == "no-award"


# Long histories. The oracle keeps no facts: it reads the whole history again at each step.

EVERYBODY = [LENA, SUE, MORAG, ASA, ANDREW, PIA, PETER, PAULA, PRIYA]
EVERYBODY += [person("Both", "assessor", "panel"), person("Ours", "assessor", "panel", of=TRUST)]
PAIRS = [(ANDREW,), (ASA,), (EVERYBODY[-2],), (PIA, PETER), (PAULA, PRIYA), (PIA, PAULA), (EVERYBODY[-2], PETER)]
PAIRS += [(PIA, EVERYBODY[-1]), (EVERYBODY[-1],), (PIA,), ()]
DECIDING = {"panel.decide", "award.suspend", "award.restore", "award.withdraw", "award.keep", "appeal.decide"}
ASSESSING = {"judgement.record", "assessment.report", "visit.record", "report.release", "audit.return"}


class Memory:
    """What happened, and nothing else; every question is answered by looking back."""

    def __init__(self):
        self.steps: list[Step] = []
        self.stage, self.before = "open", None

    def last(self, *verbs: str, outcome: str | None = None) -> int:
        """The place of the last such step, -1 where there is none."""
        found = [n for n, one in enumerate(self.steps) if one.verb in verbs and outcome in (None, one.outcome)]
        return found[-1] if found else -1

    def said(self, who: str, what: str) -> bool:
        return any(one.by.id == who and one.outcome == what for one in self.steps if one.verb == "interest.declare")

    def assessors(self) -> set[str]:
        named = {who.id for one in self.steps if one.verb == "assessment.assign" for who in one.people}
        return {who for who in named if not self.said(who, "conflict")}

    def judges(self) -> set[str]:
        return {one.by.id for one in self.steps if one.verb == "judgement.record"}

    def panel(self, until: int | None = None) -> tuple[int, set[str]]:
        """Since when there is a panel, and who is on it: dissolved by each decision and each appeal."""
        upto = self.steps[:until]
        since = max(
            (n for n, one in enumerate(upto) if one.verb in DECIDING | {"appeal.lodge", "panel.convene"}), default=-1
        )
        if since < 0 or upto[since].verb != "panel.convene":
            return since, set()
        return since, {
            who.id
            for who in upto[since].people
            if not any(
                one.verb == "interest.declare" and one.outcome == "conflict" and one.by.id == who.id for one in upto
            )
        }

    def deciders(self, until: int) -> set[str]:
        decisions = [n for n, one in enumerate(self.steps[:until]) if one.verb in DECIDING]
        return {who for n in decisions for who in self.panel(n)[1]}

    def award_day(self) -> date | None:
        place = self.last("panel.decide", outcome="awarded")
        return self.steps[place].on if place >= 0 else None

    def runs_on(self, day: date) -> bool:
        if self.stage not in ("awarded", "suspended"):
            return True
        given = self.award_day()
        return (day.year - given.year, day.month - given.month, day.day - given.day) < (3, 0, 0)  # days before the 29th

    def allows(self, one: Step) -> bool:
        whose, leads = WAYS[one.verb, one.outcome]
        roles = {name for name, role in ROLES.items() if role in one.by.roles}
        whose = OF_ROLE[whose] | ({"panel"} if one.verb == "interest.declare" else set())
        if not roles & whose or not leads[self.stage]:
            return False
        concerned = {who.id for who in one.people}
        strangers = all(TRUST not in who.organisations for who in one.people or (one.by,))
        since, panel = self.panel()
        me = one.by.id
        if one.verb == "interest.declare":
            return one.outcome == "conflict" or not self.said(me, "conflict")
        if one.verb == "assessment.assign":
            able = concerned and all(ROLES["assessor"] in who.roles for who in one.people)
            untouched = not concerned & (panel | self.deciders(len(self.steps)))
            return bool(able and strangers and untouched) and not any(self.said(who, "conflict") for who in concerned)
        if one.verb in ASSESSING:
            mine = strangers and me in self.assessors() and self.said(me, "clear")
            return mine and (one.verb != "assessment.report" or bool(self.judges() & self.assessors()))
        if one.verb == "panel.convene":
            able = len(one.people) > 1 and all(ROLES["panel"] in who.roles for who in one.people) and strangers
            untouched = not concerned & (
                self.assessors() | self.judges() | self.deciders(max(0, self.last("appeal.lodge")))
            )
            return self.runs_on(one.on) and able and untouched and not any(self.said(w, "conflict") for w in concerned)
        cleared = self.said(me, "clear") and not self.said(me, "conflict")
        if one.verb == "panel.view":
            return self.runs_on(one.on) and strangers and me in panel and cleared
        if one.verb in DECIDING:
            seen = {by.by.id for by in self.steps[since + 1 :] if by.verb == "panel.view"}
            able = me in panel and cleared and strangers and len(panel) > 1 and panel <= seen
            able = able and me not in self.assessors() | self.judges() and self.runs_on(one.on)
            if one.verb != "panel.decide":
                return able
            waited = one.on - self.steps[self.last("report.release")].on >= timedelta(14)
            return able and (waited or self.last("report.correct") > self.last("report.release"))
        if one.verb == "appeal.lodge":
            return self.runs_on(one.on) and (one.on - self.steps[self.last(*DECIDING)].on).days <= 56
        if one.verb == "interim.review":
            given = self.award_day()
            months = (one.on.year - given.year) * 12 + one.on.month - given.month - (one.on.day < given.day)
            return self.runs_on(one.on) and strangers and cleared and months >= 15
        return self.runs_on(one.on) and (one.verb != "award.renew" or strangers)

    def happened(self, one: Step) -> None:
        to = WAYS[one.verb, one.outcome][1][self.stage]
        if one.verb == "appeal.lodge":
            self.before = self.stage
        if one.verb == "appeal.decide":
            regained = "awarded" if self.before in ("suspended", "withdrawn") else "released"
            to = regained if one.outcome == "upheld" else self.before
        self.stage = to
        self.steps.append(one)


class ManyHistories(RuleBasedStateMachine):
    """People try steps, sensible and not; what is allowed is what the oracle allows."""

    def __init__(self):
        super().__init__()
        self.case, self.memory, self.day = Case(TRUST), Memory(), DAY

    def attempt(self, one: Step) -> None:
        allowed = self.memory.allows(one)
        assert (refusal(self.case, one) is None) == allowed, (self.case, one, refusal(self.case, one))
        if allowed:
            self.case = take(self.case, one)
            self.memory.happened(one)
        else:
            with pytest.raises(Refused):
                take(self.case, one)

    @rule(way=st.sampled_from(sorted(WAYS, key=str)), by=st.sampled_from(EVERYBODY), people=st.sampled_from(PAIRS))
    def somebody_tries_something(self, way, by, people):
        named = people if way[0] in ("assessment.assign", "panel.convene") else ()
        self.attempt(step(*way, by=by, people=named, on=self.day, due=self.day + timedelta(days=30)))

    @rule(data=st.data(), steps=st.integers(1, 6))
    def somebody_does_what_is_next(self, data, steps):
        for _ in range(steps):
            open_ways = [way for way in sorted(WAYS, key=str) if WAYS[way][1][self.memory.stage]]
            way = data.draw(st.sampled_from(open_ways)) if open_ways else None
            if way is None:
                return
            able = {"A": [ASA, EVERYBODY[-2]], "P": [PIA, PETER, PAULA, PRIYA]}.get(
                WAYS[way][0], [PLAYERS[WAYS[way][0]]]
            )
            pairs = [(ASA,), (EVERYBODY[-2],)] if way[0] == "assessment.assign" else [(PIA, PETER), (PAULA, PRIYA)]
            named = data.draw(st.sampled_from(pairs)) if way[0] in ("assessment.assign", "panel.convene") else ()
            self.attempt(
                step(
                    *way,
                    by=data.draw(st.sampled_from(able)),
                    people=named,
                    on=self.day,
                    due=self.day + timedelta(days=30),
                )
            )

    @rule(
        data=st.data(),
        pair=st.sampled_from([(PIA, PETER), (PAULA, PRIYA)]),
        quits=st.sampled_from([False] * 4 + [True]),
    )
    def a_panel_meets_and_decides_what_it_may(self, data, pair, quits):
        self.attempt(step("panel.convene", people=pair, on=self.day))
        for one in pair:
            self.attempt(step("interest.declare", "clear", by=one, on=self.day))
            self.attempt(step("panel.view", by=one, on=self.day))
        if quits:
            self.attempt(step("interest.declare", "conflict", by=pair[1], on=self.day))
        ways = [way for way in sorted(WAYS, key=str) if way[0] in DECIDING and WAYS[way][1][self.memory.stage]]
        if ways:
            way = data.draw(st.sampled_from(ways))
            self.attempt(step(*way, by=pair[0], on=self.day, due=self.day + timedelta(days=30)))

    @rule(by=st.sampled_from([LENA, SUE]))
    def a_site_appeals(self, by):
        self.attempt(step("appeal.lodge", by=by, on=self.day))

    @initialize(begun=st.sampled_from([None, "released", "deferred", "not-awarded", "awarded", "awarded", "awarded"]))
    def it_may_have_begun_long_ago(self, begun):
        if begun is None:
            return
        self.a_case_goes_its_usual_way_to_the_panel()
        if begun != "released":
            self.time_passes(14)
            self.attempt(step("panel.convene", people=(PIA, PETER), on=self.day))
            for one in (PIA, PETER):
                self.attempt(step("interest.declare", "clear", by=one, on=self.day))
                self.attempt(step("panel.view", by=one, on=self.day))
            self.attempt(step("panel.decide", begun, by=PIA, on=self.day, due=self.day + timedelta(days=30)))

    @rule()
    def a_case_goes_its_usual_way_to_the_panel(self):
        for way, by in (
            (("audit.submit", None), LENA), (("assessment.assign", None), MORAG), (("interest.declare", "clear"), ASA),
            (("judgement.record", None), ASA), (("assessment.report", "ready"), ASA), (("visit.record", None), ASA),
            (("report.release", None), ASA),
        ):  # fmt: skip
            people = (ASA,) if way[0] == "assessment.assign" else ()
            self.attempt(step(*way, by=by, people=people, on=self.day))

    @rule(days=st.sampled_from([1, 14, 56, 57, 400, 548, 730]))
    def time_passes(self, days):
        moved = self.day + timedelta(days=days)
        self.day = moved.replace(day=min(moved.day, 28))

    @rule(months=st.sampled_from([15, 18, 36]), days=st.sampled_from([-1, 0, 1]))
    def a_day_that_matters_comes(self, months, days):
        given = self.memory.award_day()
        if given is None:
            return
        turned = given.month - 1 + months
        day = date(given.year + turned // 12, turned % 12 + 1, given.day) + timedelta(days=days)
        if day > self.day:
            self.day = day
        self.attempt(step("interim.review", by=ASA, on=self.day))
        self.attempt(step("panel.convene", people=(PAULA, PRIYA), on=self.day))

    @invariant()
    def both_are_at_the_same_stage(self):
        assert self.case.stage == self.memory.stage

    @invariant()
    def no_award_was_ever_decided_by_one_alone_or_by_who_assessed_it(self):
        for n, one in enumerate(self.memory.steps):
            if one.verb in DECIDING:
                panel = self.memory.panel(n)[1]
                assert len(panel) > 1
                judged = {other.by.id for other in self.memory.steps[:n] if other.verb == "judgement.record"}
                assert one.by.id not in judged
                assert "Ours" not in panel

    @invariant()
    def what_holds_has_been_awarded_within_three_years(self):
        given = self.memory.award_day()
        if standing(self.case, self.day) in ("valid", "interim-due", "suspended"):
            assert given is not None
            assert self.day < given.replace(year=given.year + 3)


ManyHistories.TestCase.settings = settings(max_examples=4 * CAMPAIGN or 120, stateful_step_count=30, deadline=None)
TestManyHistories = ManyHistories.TestCase

"""What an edition's award rule says of an audit's findings. Pure: standard library only.

Two kinds of rule (domain.md section 5; their fields are described in `checklists/schemas.py`). `every-principle`: all
principles must be shown. `classes`: each class of criteria has its own share. Both are conjunctive: each heading is
read by itself, and one that is strong never makes up for one that is not. `audits.scoring.read_principle` and
`read_classes` give the dashboard the same reading of one heading from counts; a test holds the two together.
"""

from collections.abc import Collection, Mapping, Sequence
from dataclasses import dataclass

EVERY_PRINCIPLE, CLASSES = "every-principle", "classes"
SHOWN, NOT_YET, OPEN = "shown", "not-yet", "open"  # a heading, and a whole verdict
HIGH, LOW, BELOW, NOT_APPLICABLE = "high", "low", "below", "not-applicable"  # a criterion, which may also be OPEN
LACKS = SHARE, TOO_LOW, KINDS, VOICES = "share", "below", "kinds", "voices"
STEPS = AGREE, LIFT, RAISE, SHOW, ASK = "agree", "lift", "raise", "show", "ask"


@dataclass(frozen=True)
class Standing:
    """Where one criterion stands: `high` enough, `low`, `below` what any may be, `not-applicable`, or `open`."""

    criterion: str
    state: str
    rating: int | None = None


@dataclass(frozen=True)
class Step:
    """One thing that is missing. `agree`: all of `criteria` need a finding. `lift`: all of `criteria` must come up to
    `rating` at least. `raise`: at least `number` of `criteria` must come up to `rating`. `show`: `number` more kinds of
    evidence. `ask`: each of `voices` must answer at least once."""

    kind: str
    criteria: tuple[str, ...] = ()
    number: int = 0
    rating: int | None = None
    voices: tuple[str, ...] = ()


@dataclass(frozen=True)
class HeadingVerdict:
    """What the rule says of one principle or class.

    `high` of the `applies` findings that apply reach the rule's rating, and `needed` must (criteria that are open are
    taken to apply). `lacks` names what the findings that there are fall short of, once none is open. `steps` are the
    least that would make it shown, and all of them are needed.
    """

    id: str
    state: str
    criteria: tuple[Standing, ...]
    applies: int
    high: int
    needed: int
    lacks: tuple[str, ...] = ()
    steps: tuple[Step, ...] = ()

    @property
    def findings_to_change(self) -> int:
        """How many findings must be made or changed, at the very least, before this is shown."""
        agreed_or_lifted = {id for step in self.steps if step.kind in (AGREE, LIFT) for id in step.criteria}
        to_raise = next((step.number for step in self.steps if step.kind == RAISE), 0)
        return max(len(agreed_or_lifted), to_raise)


@dataclass(frozen=True)
class Verdict:
    """What a rule says. `state`: `shown` only where every heading is, `not-yet` where any falls short, else `open`."""

    kind: str
    headings: tuple[HeadingVerdict, ...]

    @property
    def state(self) -> str:
        states = {heading.state for heading in self.headings}
        return NOT_YET if NOT_YET in states else OPEN if OPEN in states or not states else SHOWN

    @property
    def is_met(self) -> bool:
        """Does the rule say yes?"""
        return self.state == SHOWN

    def those(self, state: str) -> list[str]:
        """The ids of the headings in this state, in the edition's order."""
        return [heading.id for heading in self.headings if heading.state == state]


def judge(
    rule: Mapping,
    headings: Mapping[str, Sequence[str]],
    findings: Mapping[str, int | None],
    kinds: Mapping[str, Collection[str]],
    voices: Mapping[str, Collection[str]],
) -> Verdict:
    """The verdict of `rule` on what a team agreed.

    `headings`: the criteria of each principle, or of each class where the rule goes by classes, in the edition's order.
    `findings`: criterion to its rating, None for "does not apply"; one on which there is no finding, or on which people
    differ, is left out. `kinds`: criterion to the kinds of evidence that show it. `voices`: criterion to the voices
    that answered it. Refuses a rule of a kind that nobody knows, and one by classes whose classes are not `headings`.
    """
    if rule["kind"] == EVERY_PRINCIPLE:
        parts = [_principle(rule, id, ids, findings, kinds, voices) for id, ids in headings.items()]
    elif rule["kind"] == CLASSES:
        shares = {part["id"]: part["share"] for part in rule["classes"]}
        if shares.keys() != headings.keys():
            raise ValueError("the headings are not the classes of the rule")
        parts = [_read(rule, shares[id], id, ids, findings) for id, ids in headings.items()]
    else:
        raise ValueError(f"no such kind of rule: {rule['kind']}")
    return Verdict(rule["kind"], tuple(parts))


def _principle(rule, id, criteria, findings, kinds, voices) -> HeadingVerdict:
    found = {kind for criterion in criteria for kind in kinds.get(criterion, ())}
    heard = {voice for criterion in criteria for voice in voices.get(criterion, ())}
    lacks, steps = [], []
    if (missing := rule["evidence_kinds"] - len(found)) > 0:
        lacks.append(KINDS)
        steps.append(Step(SHOW, tuple(criteria), missing))
    if unheard := tuple(voice for voice in rule["voices"] if voice not in heard):
        lacks.append(VOICES)
        steps.append(Step(ASK, tuple(criteria), voices=unheard))
    return _read(rule, rule["share"], id, criteria, findings, tuple(lacks), tuple(steps))


def _read(rule, share, id, criteria, findings, lacks=(), steps=()) -> HeadingVerdict:
    """One heading by its findings; `lacks` and `steps` are what else is missing."""
    standings = tuple(_standing(rule, criterion, findings) for criterion in criteria)
    at = {state: tuple(one.criterion for one in standings if one.state == state) for state in (HIGH, LOW, BELOW, OPEN)}
    applies = sum(map(len, at.values()))
    needed = max(1, -(-share * applies // 100))  # rounded up, in whole numbers: 80 % of 4 is 4, and of none is one
    short = needed - len(at[HIGH])
    own_steps = []
    if at[OPEN]:
        own_steps.append(Step(AGREE, at[OPEN]))
    if at[BELOW]:
        own_steps.append(Step(LIFT, at[BELOW], len(at[BELOW]), rule["none_below"]))
    if short > 0:
        could = [
            one.criterion for one in standings if one.state != HIGH and (one.state != NOT_APPLICABLE or not applies)
        ]
        own_steps.append(Step(RAISE, tuple(could), short, rule["rating"]))
    own_lacks = ([SHARE] if short > 0 else []) + ([TOO_LOW] if at[BELOW] else [])
    all_lacks = (*own_lacks, *lacks)
    return HeadingVerdict(
        id=id,
        state=OPEN if at[OPEN] else NOT_YET if all_lacks else SHOWN,
        criteria=standings,
        applies=applies,
        high=len(at[HIGH]),
        needed=needed,
        lacks=() if at[OPEN] else all_lacks,
        steps=(*own_steps, *steps),
    )


def _standing(rule: Mapping, criterion: str, findings: Mapping[str, int | None]) -> Standing:
    if criterion not in findings:
        return Standing(criterion, OPEN)
    rating = findings[criterion]
    if rating is None:
        return Standing(criterion, NOT_APPLICABLE)
    if rating < rule.get("none_below", rating):
        return Standing(criterion, BELOW, rating)
    return Standing(criterion, HIGH if rating >= rule["rating"] else LOW, rating)

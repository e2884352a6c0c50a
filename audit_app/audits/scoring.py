"""Sums over ratings. Pure: standard library only. Scores are computed here; ratings are what people give."""

from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class PrincipleProgress:
    """How far one principle has come: counts of its criteria, and of the registers in it where people differ."""

    principle: str
    criteria: int
    answered: int
    agreed: int
    differences: int


def progress(
    principles: Mapping[str, Iterable[str]],
    answered: set[str],
    agreed: set[str],
    differences: Mapping[str, int],
) -> list[PrincipleProgress]:
    """Progress principle by principle, in the edition's order.

    `principles`: principle id to its criteria's ids. `answered`: criteria that anybody has answered. `agreed`: criteria
    with a finding on which nobody differs. `differences`: criterion to how many of its registers hold a difference.
    """
    told = []
    for principle, criteria in principles.items():
        ids = list(criteria)
        told.append(
            PrincipleProgress(
                principle=principle,
                criteria=len(ids),
                answered=sum(id in answered for id in ids),
                agreed=sum(id in agreed for id in ids),
                differences=sum(differences.get(id, 0) for id in ids),
            )
        )
    return told


def share(part: int, whole: int) -> float | None:
    """`part` of `whole` in per cent, to two places; None when the whole is nothing (16 of 45 is 35.56)."""
    return round(100 * part / whole, 2) if whole else None


STEPS = (0, 1, 2, 3)
RESIDENT = "resident"
Counts = tuple[int, int, int, int]  # how many ratings there are at each step of the scale


@dataclass(frozen=True, slots=True)
class Heard:
    """How one voice rated one criterion: counts at each step, how many said that it does not apply."""

    at: Counts
    not_applicable: int = 0

    @property
    def contributors(self) -> int:
        """How many said anything."""
        return sum(self.at) + self.not_applicable


@dataclass(frozen=True)
class Widest:
    """The widest distance found, and on which criterion; of equal ones the first in the edition's order."""

    distance: float
    criterion: str


@dataclass(frozen=True)
class Score:
    """What we compute of the criteria under one heading; the words of `audits.models.Score` say what each is."""

    criteria: int
    at: Counts
    not_applicable: int
    answered: int
    alone: int
    unheard: int
    voices: tuple[str, ...]
    gap: Widest | None
    spread: Widest | None


def mean(at: Counts) -> float | None:
    """The mean of ratings given as counts at each step, to four places; None where there are none."""
    number = sum(at)
    return round((at[1] + 2 * at[2] + 3 * at[3]) / number, 4) if number else None


def gap(voices: Iterable[Counts]) -> float | None:
    """How far the means of the voice that rates highest and the one that rates lowest are apart; None where fewer than
    two voices rate. Each voice counts once, however many speak in it."""
    means = [found for at in voices if (found := mean(at)) is not None]
    return round(max(means) - min(means), 4) if len(means) > 1 else None


def spread(at: Counts) -> float | None:
    """How many steps two different contributors are apart on average (Gini's mean difference); None for fewer than two.

    0 where all say the same; on this scale never more than 3, and that only where two speak.
    """
    number = sum(at)
    if number < 2:
        return None
    none, one, two, three = at
    apart = none * (one + 2 * two + 3 * three) + one * (two + 2 * three) + two * three
    return round(apart / (number * (number - 1) / 2), 4)


@dataclass(frozen=True, slots=True)
class Told:
    """What the voices of one criterion tell together, though they are never pooled: who speaks, how far apart."""

    contributors: int
    voices: tuple[str, ...]
    gap: float | None
    spread: float | None


def hear(voices: Mapping[str, Heard]) -> Told:
    """What the voices of one criterion, each with at least one contributor, tell together."""
    ats = [one.at for one in voices.values()]
    return Told(
        contributors=sum(one.contributors for one in voices.values()),
        voices=tuple(voices),
        gap=gap(ats) if len(ats) > 1 else None,
        spread=spread(ats[0] if len(ats) == 1 else tuple(map(sum, zip(*ats, strict=True)))),
    )


def score(criteria: Sequence[str], findings: Mapping[str, int | None], told: Mapping[str, Told]) -> Score:
    """The score of these criteria. `findings`: criterion to its rating, None for "does not apply", only those on which
    nobody differs. `told`: criterion to what its voices tell; one that nobody answered is not in it."""
    found = Counter(findings[id] for id in criteria if id in findings)
    answered = [(id, told[id]) for id in criteria if id in told]
    return Score(
        criteria=len(criteria),
        at=tuple(found[step] for step in STEPS),
        not_applicable=found[None],
        answered=len(answered),
        alone=sum(one.contributors == 1 for _, one in answered),
        unheard=sum(RESIDENT not in one.voices for _, one in answered),
        voices=tuple(sorted({voice for _, one in answered for voice in one.voices})),
        gap=_widest([(one.gap, id) for id, one in answered]),
        spread=_widest([(one.spread, id) for id, one in answered]),
    )


def _widest(found: list[tuple[float | None, str]]) -> Widest | None:
    known = [one for one in found if one[0] is not None]
    return Widest(*max(known, key=lambda one: one[0])) if known else None


SHOWN, NOT_YET, OPEN = "shown", "not-yet", "open"
LACKS = SHARE, BELOW, KINDS, VOICES = "share", "below", "kinds", "voices"


@dataclass(frozen=True)
class Reading:
    """What a rule says of one principle: `shown`, `not-yet` with everything it lacks, or `open` while not every one of
    its criteria has a finding. `lacks` names: `share` of findings high enough, none `below` the lowest, `kinds` of
    evidence, `voices` that must have answered."""

    state: str
    lacks: tuple[str, ...] = ()


def read_principle(
    rule: Mapping, at: Counts, not_applicable: int, criteria: int, kinds: int, voices: Sequence[str]
) -> Reading:
    """Is a principle shown by a rule of the kind `every-principle` (domain.md section 5)?

    `at`, `not_applicable`: its findings. `kinds`: how many kinds of evidence are tagged to its criteria. `voices`: who
    answered any of them. A principle of which nothing applies lacks its share: nothing shows it.
    """
    applies = sum(at)
    if applies + not_applicable < criteria:
        return Reading(OPEN)
    high = sum(at[rule["rating"] :])
    lacks = []
    if not applies or 100 * high < rule["share"] * applies:
        lacks.append(SHARE)
    if any(at[: rule["none_below"]]):
        lacks.append(BELOW)
    if kinds < rule["evidence_kinds"]:
        lacks.append(KINDS)
    if not all(voice in voices for voice in rule["voices"]):
        lacks.append(VOICES)
    return Reading(NOT_YET if lacks else SHOWN, tuple(lacks))


def read_classes(needed: Mapping[str, float], shown: Mapping[str, tuple[int, int]]) -> dict[str, bool]:
    """Class by class, is a rule of the kind `classes` met? `needed`: class to the share in per cent that it needs.
    `shown`: class to (how many of its criteria are met, how many apply). One class that fails cannot be made up for."""
    return {
        name: bool(applies) and 100 * met >= share * applies
        for name, share in needed.items()
        for met, applies in [shown.get(name, (0, 0))]
    }

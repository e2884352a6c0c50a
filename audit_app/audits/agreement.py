"""How far those who rated the same criteria agree. Pure: standard library only.

Two raters: Cohen's kappa with quadratic weights (Cohen 1968, Psychological Bulletin 70:213-220). More, or some who
rated some criteria only: Krippendorff's alpha for ordinal data (Krippendorff 2011, Computing Krippendorff's
Alpha-Reliability). 1 is full agreement, 0 what chance would give, below 0 less than that. A figure is always told with
its n: how many criteria at least two people rated.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

KAPPA, ALPHA = "kappa", "alpha"


@dataclass(frozen=True)
class Agreement:
    """How far people agree. `value` is None where it cannot be said: nothing was rated twice, or everybody always said
    one and the same, so that chance alone explains it. `criteria`: how many at least two rated. `raters`: how many
    take part."""

    measure: str
    value: float | None
    criteria: int
    raters: int


def agree(units: Iterable[Sequence[int]], pairs: Sequence[tuple[int, int]], raters: int) -> Agreement:
    """Quadratic weighted kappa where two take part, ordinal alpha for more.

    `units`: for each criterion how many rated it at each step. `pairs`: where two take part, what each of them gave, in
    the same order, for each criterion that both rated.
    """
    if raters == 2:
        return Agreement(KAPPA, kappa(pairs, weight=quadratic), len(pairs), raters)
    rated_twice = [unit for unit in units if sum(unit) > 1]
    return Agreement(ALPHA, alpha(rated_twice, ordinal), len(rated_twice), raters)


def nominal(one: int, other: int) -> float:
    """The distance of values that have no order: 0 if equal, else 1."""
    return float(one != other)


def quadratic(one: int, other: int) -> float:
    """The distance of steps on a scale: twice as far weighs four times as much."""
    return float((one - other) ** 2)


def kappa(pairs: Sequence[tuple[int, int]], weight=nominal) -> float | None:
    """Cohen's kappa of two raters, to four places: 1 - observed / expected disagreement, both weighted. With `nominal`
    weights it is the kappa of 1960. None where no disagreement is to be expected."""
    if not pairs:
        return None
    observed = sum(weight(one, other) for one, other in pairs) / len(pairs)
    firsts, seconds = ([pair[place] for pair in pairs] for place in (0, 1))
    expected = sum(weight(one, other) for one in firsts for other in seconds) / len(pairs) ** 2
    return round(1 - observed / expected, 4) if expected else None


def ordinal(totals: Sequence[float], low: int, high: int) -> float:
    """Krippendorff's distance of two ranks: how many values lie between them, the two themselves by half, squared."""
    between = sum(totals[low : high + 1]) - (totals[low] + totals[high]) / 2
    return between**2


def alpha(units: Iterable[Sequence[int]], distance=ordinal) -> float | None:
    """Krippendorff's alpha, to four places. `units`: for each thing judged, how many gave each value; who did not judge
    it is simply not counted. None where nothing was judged twice, or all values are the same."""
    judged = [unit for unit in units if sum(unit) > 1]
    if not judged:
        return None
    steps = range(len(judged[0]))
    totals = [sum(unit[step] for unit in judged) for step in steps]
    number = sum(totals)
    observed = expected = 0.0
    for low in steps:
        for high in steps[low + 1 :]:
            apart = distance(totals, low, high)
            observed += apart * sum(unit[low] * unit[high] / (sum(unit) - 1) for unit in judged)
            expected += apart * totals[low] * totals[high]
    return round(1 - (number - 1) * observed / expected, 4) if expected else None


def is_disagreement(ratings: Sequence[int]) -> bool:
    """Do panellists who rate 1 to 9 disagree, by the RAND/UCLA appropriateness method (Fitch and others 2001)? They do
    where the range between the 30th and the 70th percentile (IPR) is wider than what its asymmetry allows (IPRAS)."""
    found = spread_of_panel(ratings)
    return found.ipr > found.ipras


@dataclass(frozen=True)
class PanelSpread:
    """The interpercentile range of a panel's ratings, and the same adjusted for symmetry."""

    ipr: float
    ipras: float


def spread_of_panel(ratings: Sequence[int]) -> PanelSpread:
    """IPR, and IPRAS = 2.35 + 1.5 × how far the range's centre is from 5, the middle of the scale of 1 to 9."""
    low, high = _percentile(ratings, 0.3), _percentile(ratings, 0.7)
    return PanelSpread(high - low, 2.35 + 1.5 * abs(5 - (low + high) / 2))


def _percentile(ratings: Sequence[int], share: float) -> float:
    """The percentile between the two nearest ranks, as the method's manual has it."""
    ordered = sorted(ratings)
    place = share * (len(ordered) - 1)
    below = int(place)
    above = min(below + 1, len(ordered) - 1)
    return ordered[below] + (place - below) * (ordered[above] - ordered[below])

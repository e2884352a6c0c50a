"""How far people agree, by the published sums, and against somebody else's."""

import krippendorff
import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.audits.agreement import agree, alpha, is_disagreement, kappa, ordinal, quadratic, spread_of_panel

# Krippendorff (2011), Computing Krippendorff's Alpha-Reliability, section E: four observers, twelve units, gaps.
OBSERVERS = (
    "1 2 3 3 2 1 4 1 2 . . .",
    "1 2 3 3 2 2 4 1 2 5 . 3",
    ". 3 3 3 2 3 4 2 2 5 1 .",
    "1 2 3 3 2 4 4 1 2 5 1 .",
)
PUBLISHED = {"nominal": 0.743, "ordinal": 0.815, "interval": 0.849}
DISTANCES = {
    "nominal": lambda totals, low, high: 1.0,
    "ordinal": ordinal,
    "interval": lambda totals, low, high: (high - low) ** 2,
}


def counted(observers: list[list[int | None]], steps: int) -> list[list[int]]:
    """For each unit, how many observers gave each step."""
    units = zip(*observers, strict=True)
    return [[sum(value == step for value in unit) for step in range(steps)] for unit in units]


@pytest.mark.parametrize("name", PUBLISHED)
def test_krippendorffs_own_example_comes_out_as_he_published_it(name: str):
    observers = [[None if value == "." else int(value) - 1 for value in row.split()] for row in OBSERVERS]

    assert round(alpha(counted(observers, 5), DISTANCES[name]), 3) == PUBLISHED[name]


def test_two_who_say_yes_and_no_twenty_times_agree_a_little_more_than_chance():
    pairs = [(1, 1)] * 12 + [(1, 0)] * 2 + [(0, 1)] * 4 + [(0, 0)] * 2

    assert kappa(pairs) == 0.2105


def test_weights_count_as_in_cohens_example_of_1968():
    table = {(0, 0): 44, (0, 1): 7, (0, 2): 9, (1, 0): 5, (1, 1): 20, (1, 2): 5, (2, 0): 1, (2, 1): 3, (2, 2): 6}
    weights = {(0, 1): 1, (0, 2): 3, (1, 2): 6}

    def weight(one: int, other: int) -> float:
        return weights.get((min(one, other), max(one, other)), 0)

    pairs = [pair for pair, number in table.items() for _ in range(number)]

    assert kappa(pairs) == pytest.approx(0.492, abs=1e-3)
    assert kappa(pairs, weight) == pytest.approx(0.348, abs=1e-3)


@given(st.lists(st.tuples(st.integers(0, 3), st.integers(0, 3)), min_size=1, max_size=60))
def test_quadratic_kappa_is_the_intraclass_correlation_that_it_is_proven_to_be(pairs):
    """Fleiss and Cohen (1973): with means and variances, and no table of counts."""
    number = len(pairs)
    one, other = ([pair[place] for pair in pairs] for place in (0, 1))
    means = sum(one) / number, sum(other) / number
    spread = sum((a - means[0]) ** 2 for a in one) / number + sum((b - means[1]) ** 2 for b in other) / number
    together = sum((a - means[0]) * (b - means[1]) for a, b in pairs) / number
    below = spread + (means[0] - means[1]) ** 2

    found = kappa(pairs, quadratic)

    assert found is None if below < 1e-9 else found == pytest.approx(2 * together / below, abs=1e-4)


@given(
    st.integers(3, 8).flatmap(
        lambda raters: st.lists(
            st.lists(st.sampled_from([0, 1, 2, 3, None]), min_size=raters, max_size=raters), min_size=1, max_size=30
        )
    )
)
def test_alpha_is_what_somebody_elses_program_says(units):
    observers = [list(row) for row in zip(*units, strict=True)]
    counts = [unit for unit in counted(observers, 4) if sum(unit) > 1]
    if sum(any(unit[step] for unit in counts) for step in range(4)) < 2:
        assert alpha(counted(observers, 4)) is None  # everybody always said the same: chance alone explains it
        return

    theirs = krippendorff.alpha(value_counts=counts, value_domain=[0, 1, 2, 3], level_of_measurement="ordinal")

    assert alpha(counted(observers, 4)) == pytest.approx(theirs, abs=1e-4)


def test_two_are_told_by_kappa_and_three_by_alpha_each_with_its_number():
    two = agree([[1, 1, 0, 0], [0, 0, 2, 0]], [(0, 1), (2, 2)], 2)
    three = agree([[1, 2, 0, 0], [0, 0, 3, 0], [1, 0, 0, 0]], [], 3)

    assert (two.measure, two.criteria) == ("kappa", 2)
    assert (three.measure, three.criteria) == ("alpha", 2)
    assert agree([], [], 1).value is None


def test_a_panel_that_rates_low_and_high_alike_disagrees_and_fifteen_near_the_top_do_not():
    found = spread_of_panel([1] * 3 + [7] * 5 + [8] * 5 + [9] * 2)

    assert (found.ipr, round(found.ipras, 2)) == (1.0, 6.1)
    assert not is_disagreement([1] * 3 + [7] * 5 + [8] * 5 + [9] * 2)
    assert is_disagreement([1] * 7 + [9] * 7)

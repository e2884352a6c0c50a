"""What is hidden stays hidden, whatever is added up and subtracted."""

from fractions import Fraction

from hypothesis import given
from hypothesis import strategies as st

from audit_app.dashboard.hiding import FEWEST, hide

# A table: rows are settings, columns are voices or principles, with totals of both and of all.
TABLES = st.integers(1, 5).flatmap(
    lambda width: st.lists(st.lists(st.integers(0, 14), min_size=width, max_size=width), min_size=1, max_size=6)
)


def with_totals(table: list[list[int]]) -> tuple[dict, list]:
    """The cells of a table and its totals, and everything that a reader can add up."""
    people = {(row, column): number for row, line in enumerate(table) for column, number in enumerate(line)}
    rows, columns = range(len(table)), range(len(table[0]))
    sums = [(("all", c), [(r, c) for r in rows]) for c in columns] + [
        ((r, "all"), [(r, c) for c in columns]) for r in rows
    ]
    sums.append((("all", "all"), [("all", c) for c in columns]))
    sums.append((("all", "all"), [(r, "all") for r in rows]))
    for total, parts in sums:
        people[total] = sum(people[part] for part in parts)
    return people, sums


@given(TABLES)
def test_no_hidden_figure_can_be_worked_out_from_all_that_is_shown(table):
    people, sums = with_totals(table)

    hidden = hide(people, sums)

    assert {cell for cell, number in people.items() if 0 < number < FEWEST} <= hidden
    for cell in hidden:
        other = another_truth(cell, hidden, sums)
        assert other is not None, f"{cell} follows from what is shown"
        for total, parts in sums:
            assert other.get(total, 0) == sum(other.get(part, 0) for part in parts)


def another_truth(cell, hidden, sums) -> dict | None:
    """By how much hidden figures could all be different, this one by 1, with everything shown still true; None where it
    could not. Found by solving what is shown as equations, with `cell` set to 1: not as the code under test does it."""
    unknown = sorted(hidden - {cell}, key=str)
    rows = []
    for total, parts in sums:
        signs = {total: -1} | dict.fromkeys(parts, 1)
        rows.append([Fraction(signs.get(one, 0)) for one in unknown] + [Fraction(-signs.get(cell, 0))])
    place, pivots = 0, []
    for column in range(len(unknown)):
        found = next((row for row in range(place, len(rows)) if rows[row][column]), None)
        if found is None:
            continue
        rows[place], rows[found] = rows[found], rows[place]
        rows[place] = [value / rows[place][column] for value in rows[place]]
        for row in range(len(rows)):
            if row != place and rows[row][column]:
                times = rows[row][column]
                rows[row] = [one - times * two for one, two in zip(rows[row], rows[place], strict=True)]
        pivots.append(column)
        place += 1
    if any(row[-1] for row in rows[place:]):
        return None
    return {unknown[column]: rows[row][-1] for row, column in enumerate(pivots)} | {cell: Fraction(1)}


def test_the_next_smallest_is_hidden_where_one_alone_could_be_subtracted():
    people, sums = {"a": 3, "b": 9, "c": 7, "all": 19}, [("all", ["a", "b", "c"])]

    assert hide(people, sums) == {"a", "c"}


def test_what_nobody_stands_behind_hides_nothing_and_where_all_are_many_nothing_is_hidden():
    assert hide({"a": 0, "b": 9, "all": 9}, [("all", ["a", "b"])]) == set()
    assert hide({"a": 5, "b": 9, "all": 14}, [("all", ["a", "b"])]) == set()


def test_where_only_one_small_figure_makes_up_a_total_the_total_goes_too():
    assert hide({"a": 3, "b": 0, "all": 3}, [("all", ["a", "b"])]) == {"a", "all"}
    assert hide({"a": 4, "b": 4, "all": 8}, [("all", ["a", "b"])]) == {"a", "b"}


def test_a_chain_over_rows_and_columns_does_not_give_it_away_either():
    people, sums = with_totals([[3, 20, 30], [20, 3, 40], [50, 60, 3]])

    hidden = hide(people, sums)

    assert len(hidden) > 3
    assert all(another_truth(cell, hidden, sums) for cell in hidden)

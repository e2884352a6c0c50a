"""Which figures are hidden so that nobody can be known by them. Pure: standard library only.

The rule of the GP Patient Survey, as domain.md section 4 has it: what rests on fewer than five people is hidden; and
where a hidden figure could be worked out from what is shown, the next smallest is hidden too.
"""

from collections.abc import Collection, Hashable, Mapping
from fractions import Fraction

FEWEST = 5


def hide(people: Mapping[Hashable, int], sums: Collection[tuple[Hashable, Collection[Hashable]]]) -> set[Hashable]:
    """The cells to hide. `people`: each cell to how many stand behind it; a cell with nobody hides nothing and is
    always told. `sums`: what a reader can add up, as (the cell of a total, the cells that it adds up).

    Promises that no hidden cell is the only solution of all that is shown: not by one subtraction, and not by any
    chain of them across rows and columns. A total may be hidden to keep that promise.
    """
    hidden = {cell for cell, number in people.items() if 0 < number < FEWEST}
    lines = [{total: -1} | dict.fromkeys(parts, 1) for total, parts in sums]
    while known := recoverable(hidden, lines):
        hidden.add(_next_smallest(people, hidden, known, lines))
    return hidden


def recoverable(hidden: set[Hashable], lines: list[Mapping[Hashable, int]]) -> set[Hashable]:
    """The hidden cells that follow from the others. `lines`: equations, each cell with its sign, that sum to nothing.

    What is shown moves to the other side; a hidden cell is known exactly when elimination leaves it alone in a row.
    """
    rows = [row for line in lines if (row := {cell: Fraction(sign) for cell, sign in line.items() if cell in hidden})]
    done: list[dict] = []
    while rows:
        row = rows.pop()
        if not row:
            continue
        pivot = next(iter(row))
        row = {cell: value / row[pivot] for cell, value in row.items()}
        rows, done = ([_without(pivot, row, other) for other in part] for part in (rows, done))
        done.append(row)
    return {next(iter(row)) for row in done if len(row) == 1}


def _without(pivot: Hashable, row: dict, other: dict) -> dict:
    """`other` with as much of `row` taken off as takes the pivot out of it."""
    times = other.get(pivot)
    if times is None:
        return other
    cells = dict.fromkeys([*other, *row])
    found = {cell: other.get(cell, Fraction()) - times * row.get(cell, Fraction()) for cell in cells}
    return {cell: value for cell, value in found.items() if value}


def _next_smallest(people: Mapping, hidden: set, known: set, lines: list[Mapping]) -> Hashable:
    """The smallest shown cell on a line of a known one; where all of those are hidden, on a line of a hidden one."""
    for where in (known, hidden):
        beside = {cell for line in lines if where & line.keys() for cell in line}
        shown = [cell for cell in beside - hidden if people.get(cell)]
        if shown:
            return min(shown, key=lambda cell: (people[cell], str(cell)))
    raise ValueError("the sums do not fit the cells")

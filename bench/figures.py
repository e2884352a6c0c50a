"""How figures are shown: one table for each question, with the goal beside what was measured."""

import statistics
from collections.abc import Callable, Iterable
from dataclasses import dataclass, field

HEADINGS = ("", "measured", "goal", "")


@dataclass
class Figure:
    """One measured figure. `goal` is None where it only stands beside others; `at_least` says which way is better."""

    name: str
    value: float
    unit: str = ""
    goal: float | None = None
    at_least: bool = False
    note: str = ""

    @property
    def meets(self) -> bool | None:
        """Does it meet its goal? None where there is none."""
        if self.goal is None:
            return None
        return self.value >= self.goal if self.at_least else self.value <= self.goal

    def row(self) -> tuple[str, ...]:
        """What the table shows of it."""
        goal = "" if self.goal is None else f"{'≥' if self.at_least else '≤'} {written(self.goal, self.unit)}"
        verdict = {True: "meets", False: "MISSES", None: ""}[self.meets]
        return self.name, written(self.value, self.unit), goal, f"{verdict}  {self.note}".strip()


@dataclass
class Table:
    """The answer to one question."""

    question: str
    figures: list[Figure] = field(default_factory=list)
    remark: str = ""

    def add(self, name: str, value: float, unit: str = "", goal: float | None = None, **more) -> Figure:
        """Note one more figure."""
        self.figures.append(Figure(name, value, unit, goal, **more))
        return self.figures[-1]

    def __str__(self) -> str:
        rows = [HEADINGS, *(figure.row() for figure in self.figures)]
        widths = [max(len(row[place]) for row in rows) for place in range(4)]
        lines = [
            f"  {name:<{widths[0]}}  {value:>{widths[1]}}  {goal:>{widths[2]}}  {verdict}".rstrip()
            for name, value, goal, verdict in rows
        ]
        return "\n".join([self.question, *lines, *([f"  {self.remark}"] if self.remark else [])])


def written(value: float, unit: str) -> str:
    """A number as people read it: three figures that count, thousands apart."""
    text = f"{value:,.0f}" if abs(value) >= 100 or float(value).is_integer() else f"{value:.3g}"
    return f"{text} {unit}".strip()


def show(measures: Iterable[Callable[[], Iterable[Table]]]) -> list[Figure]:
    """Run each measure and print its tables as they come; all figures."""
    figures = []
    for measure in measures:
        for table in measure():
            print(f"{table}\n", flush=True)
            figures += table.figures
    return figures


def percentile(values: list[float], share: float) -> float:
    """The value that `share` of them do not exceed (nearest rank)."""
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, max(0, round(share * len(ordered) + 0.5) - 1))]


def middle(values: Iterable[float]) -> float:
    """Their median."""
    return statistics.median(values)

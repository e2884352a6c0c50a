"""Sums over ratings. Pure: standard library only. Scores are computed here; ratings are what people give."""

from collections.abc import Iterable, Mapping
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

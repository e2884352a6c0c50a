"""What changed: since the audit before, and over all cycles, across editions by their stated mapping."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from ..access import Person
from ..audits.models import Finding, Score
from ..audits.scoring import STEPS, Counts, mean
from ..db import among, db, rows_of
from ..evidence.glances import means_of
from ..plans.due import SETTLED
from ..plans.models import PlanItem
from .asking import Asked, Look, all_cycles, audited

PAGE, SETTINGS_PAGE = 100, 20


@dataclass(frozen=True, slots=True)
class Stood:
    """How the findings under one principle stood: counts at each step, how many did not apply, of how many."""

    at: Counts
    not_applicable: int
    criteria: int

    @property
    def is_whole(self) -> bool:
        """Was every criterion agreed?"""
        return self.criteria > 0 and sum(self.at) + self.not_applicable >= self.criteria

    def told(self) -> dict:
        """As the wire has it."""
        return {"at": self.at, "not_applicable": self.not_applicable, "criteria": self.criteria, "mean": mean(self.at)}


@dataclass(frozen=True, slots=True)
class Change:
    """One principle of one audit beside the audit before. `change` is that of the mean finding, and None unless both
    have agreed on every criterion: half an audit says nothing about change."""

    site: str
    audit: str
    previous: str
    principle: str
    before: Stood
    now: Stood

    @property
    def change(self) -> float | None:
        """How far the mean finding has moved, in steps of the scale."""
        if not (self.before.is_whole and self.now.is_whole):
            return None
        before, after = mean(self.before.at), mean(self.now.at)
        return None if before is None or after is None else round(after - before, 4)


def changes(person: Person, asked: Asked) -> dict:
    """Since the audit before: every principle that moved, the largest moves first, a page at a time; how many improved,
    slipped and stayed; and what was settled in between, setting by setting of the page."""
    found = audited(person, asked)
    moves = moves_of(found)
    moved = sorted((one for one in moves if one[2]), key=lambda one: (-abs(one[2]), one[0], one[1]))
    page = moved[asked.after : asked.after + PAGE]
    audits = {audit for audit, *_ in page}
    told = {(one.audit, one.principle): one for one in changes_of([look for look in found if look.audit in audits])}
    names = {look.site: look.name for look in found}
    shown = [told[audit, principle] for audit, principle, _ in page]
    settled = _settled({one.previous for one in shown})
    return {
        "changes": [_tell(one, names) for one in shown],
        "settled": [
            {"site": site, "audit": audit, **settled[audit]}
            for site, audit in dict.fromkeys((one.site, one.previous) for one in shown)
            if audit in settled
        ],
        "improved": sum(change > 0 for *_, change in moved),
        "slipped": sum(change < 0 for *_, change in moved),
        "same": len(moves) - len(moved),
        "total": len(moved),
    }


def moves_of(found: Sequence[Look]) -> list[tuple[str, str, float]]:
    """How far every principle has moved since the audit before, where that can be told: audit, principle, change."""
    pairs = [look for look in found if look.previous]
    alike = [look for look in pairs if look.edition == look.previous_edition]
    others = changes_of([look for look in pairs if look.edition != look.previous_edition])
    return _moves(alike) + [(one.audit, one.principle, one.change) for one in others if one.change is not None]


def _moves(looks: Sequence[Look]) -> list[tuple[str, str, float]]:
    """How far the mean finding of each principle has moved since the audit before by the same edition, where both
    agreed on all of it: audit, principle, change."""
    means = means_of([id for look in looks for id in (look.audit, look.previous)])
    return [
        (look.audit, principle, round(mean - before, 4))
        for look in looks
        for earlier in [means.get(look.previous, {})]
        for principle, mean in means.get(look.audit, {}).items()
        if mean is not None and (before := earlier.get(principle)) is not None
    ]


def _tell(one: Change, names: dict[str, str]) -> dict:
    return {
        "site": one.site,
        "name": names[one.site],
        "audit": one.audit,
        "previous": one.previous,
        "principle": one.principle,
        "before": one.before.told(),
        "now": one.now.told(),
        "change": one.change,
    }


def cycles(person: Person, asked: Asked) -> dict:
    """Over all cycles: for each setting and checklist its audits, oldest first, each with how it stood under the
    principles of the newest of them. A page of settings at a time."""
    lines: dict[tuple[str, str], list[Look]] = {}
    for look in all_cycles(person, asked):
        lines.setdefault((look.site, look.checklist), []).append(look)
    sites = list(dict.fromkeys(site for site, _ in lines))
    wanted = set(sites[asked.after : asked.after + SETTINGS_PAGE])
    page = {key: line for key, line in lines.items() if key[0] in wanted}
    stood = _Stands([(look, line[-1].edition) for line in page.values() for look in line])
    return {
        "settings": [
            {
                "id": site,
                "name": line[-1].name,
                "checklist": checklist,
                "edition": line[-1].edition,
                "cycles": [
                    {
                        "audit": look.audit,
                        "cycle": look.cycle,
                        "edition": look.edition,
                        "opened_at": look.at,
                        "principles": [
                            {"id": principle, **one.told()} for principle, one in stood.of(look, line[-1].edition)
                        ],
                    }
                    for look in line
                ],
            }
            for (site, checklist), line in page.items()
        ],
        "total": len(sites),
    }


def changes_of(found: Iterable[Look]) -> list[Change]:
    """Each of these audits beside the one before it, principle by principle."""
    pairs = [look for look in found if look.previous]
    before = [_earlier(look) for look in pairs]
    stood = _Stands(
        [(look, look.edition) for look in pairs] + list(zip(before, [p.edition for p in pairs], strict=True))
    )
    return [
        Change(look.site, look.audit, look.previous, principle, was, is_now)
        for look, earlier in zip(pairs, before, strict=True)
        for (principle, is_now), (_, was) in zip(
            stood.of(look, look.edition), stood.of(earlier, look.edition), strict=True
        )
    ]


@dataclass(frozen=True, slots=True)
class _Earlier:
    """The audit before, as far as change asks about it."""

    audit: str
    checklist: str
    edition: int


def _earlier(look: Look) -> _Earlier:
    return _Earlier(look.previous, look.checklist, look.previous_edition)


class _Stands:
    """How audits stood under the principles of a given edition, looked up together."""

    def __init__(self, asked: Sequence[tuple[Look | _Earlier, int]]):
        self.library = current_app.extensions["checklists"]
        self.maps: dict[tuple[str, int, int], list[tuple[str, str | None, list[str]]]] = {}
        self.scores = _scores([look.audit for look, _ in asked])
        regrouped = {
            look.audit
            for look, edition in asked
            if any(whole is None for _, whole, _ in self._map(look.checklist, edition, look.edition))
        }
        self.findings = _findings(sorted(regrouped))

    def of(self, look: Look | _Earlier, edition: int) -> list[tuple[str, Stood]]:
        """Principle by principle of `edition`."""
        scores = self.scores.get(look.audit, {})
        return [
            (principle, scores.get(whole, NOTHING) if whole else self._regroup(look.audit, olds))
            for principle, whole, olds in self._map(look.checklist, edition, look.edition)
        ]

    def _map(self, checklist: str, newer: int, older: int) -> list[tuple[str, str | None, list[str]]]:
        """Each principle of the newer edition with the one of the older that has the very criteria it goes on from, if
        there is one, and those criteria."""
        key = (checklist, newer, older)
        if key not in self.maps:
            came_from = self.library.lineage(*key)
            before = {
                frozenset(criterion.id for criterion in one.criteria): one.id
                for one in self.library.find(checklist, older).principles
            }
            self.maps[key] = [
                (one.id, before.get(frozenset(olds)), olds)
                for one in self.library.find(checklist, newer).principles
                for olds in [list(dict.fromkeys(old for c in one.criteria for old in came_from.get(c.id, ())))]
            ]
        return self.maps[key]

    def _regroup(self, audit: str, criteria: list[str]) -> Stood:
        found = self.findings.get(audit, {})
        ratings = [found[criterion] for criterion in criteria if criterion in found]
        return Stood(tuple(ratings.count(step) for step in STEPS), ratings.count(None), len(criteria))


NOTHING = Stood((0, 0, 0, 0), 0, 0)


def _scores(audits: Sequence[str]) -> dict[str, dict[str, Stood]]:
    columns = (Score.audit_id, Score.heading, Score.criteria, Score.not_applicable)
    at = (Score.at0, Score.at1, Score.at2, Score.at3)
    query = select(*columns, *at).filter(among(Score.audit_id, audits), Score.lens == "")
    found: dict[str, dict[str, Stood]] = {}
    for audit, principle, criteria, not_applicable, *counts in rows_of(query):
        found.setdefault(audit, {})[principle] = Stood(tuple(counts), not_applicable, criteria)
    return found


def _findings(audits: Sequence[str]) -> dict[str, dict[str, int | None]]:
    if not audits:
        return {}
    query = select(Finding.audit_id, Finding.criterion, Finding.rating).filter(among(Finding.audit_id, audits))
    found: dict[str, dict[str, int | None]] = {}
    for audit, criterion, rating in db.session.execute(
        query.filter(Finding.rating.is_not(None) | Finding.reason.is_not(None))
    ):
        found.setdefault(audit, {})[criterion] = rating
    return found


def _settled(audits: set[str]) -> dict[str, dict]:
    """What was planned in these audits and is settled by now: done, or dropped with a reason."""
    query = select(PlanItem.audit_id, PlanItem.id, PlanItem.what, PlanItem.state, PlanItem.reason, PlanItem.outcome)
    query = query.filter(PlanItem.audit_id.in_(audits), PlanItem.state.in_(SETTLED), PlanItem.what.is_not(None))
    found: dict[str, dict] = {}
    for audit, id, what, state, reason, outcome in db.session.execute(query.order_by(PlanItem.audit_id, PlanItem.id)):
        item = {"id": id, "what": what, "state": state, "reason": reason, "outcome": outcome}
        found.setdefault(audit, {"items": []})["items"].append(item)
    return found

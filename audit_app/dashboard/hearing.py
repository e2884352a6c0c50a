"""Who says what: voices beside one another and never pooled, how far people agree, and what all of it rests on."""

from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import func, select

from ..access import Person
from ..audits.agreement import agree
from ..audits.models import Score, Tally
from ..audits.schemas import VOICES
from ..audits.scoring import STEPS, Counts, gap, mean, spread
from ..checklists.models import Edition
from ..db import among, db, now, rows_of
from ..evidence.queries import kinds_by_criterion, newest_by_criterion
from .asking import Asked, Look, audited, audited_in
from .hiding import hide
from .standing import about, audit_of, contributors_of, edition_of

PAGE, SETTINGS_PAGE, MOST_APART = 100, 20, 5
ALL = ""  # in what is passed on: all settings together
OLD = timedelta(days=365)


@dataclass(frozen=True, slots=True)
class Spoken:
    """How one voice rated: counts at each step, how many said that it does not apply, and who came first (`Tally`)."""

    at: Counts
    not_applicable: int
    first: int | None = None

    def told(self) -> dict:
        """As the wire has it. `n`: how many ratings there are."""
        return {"n": sum(self.at), "at": self.at, "not_applicable": self.not_applicable, "mean": mean(self.at)}


Voices = dict[str, Spoken]


def gaps(person: Person, asked: Asked) -> dict:
    """Where voices differ most: of each principle the criterion with the widest gap, the widest first, a page at a
    time; each voice with its own figures."""
    found = {look.audit: look for look in audited(person, asked)}
    wide = (among(Score.audit_id, list(found)), Score.lens == "", Score.gap > 0)
    total = func.count().over().label("total")
    query = select(Score.audit_id, Score.heading, Score.gap_criterion, Score.gap, total).filter(*wide)
    order = (Score.gap.desc(), Score.audit_id, Score.position)
    page = rows_of(query.order_by(*order).offset(asked.after).limit(PAGE))
    heard = _heard(pairs=[(row.audit_id, row.gap_criterion) for row in page])
    return {
        "gaps": [
            {"site": found[audit].site, "name": found[audit].name, "audit": audit, "principle": principle}
            | {"criterion": criterion, "gap": widest, "voices": _tell(heard[audit][criterion])}
            for audit, principle, criterion, widest, _ in page
        ],
        "total": page[0].total if page else db.session.scalar(select(func.count()).select_from(Score).filter(*wide)),
    }


def voices(person: Person, asked: Asked) -> dict:
    """What each voice says of every principle and criterion, setting by setting by name, a page at a time."""
    found = audited(person, asked)
    page = found[asked.after : asked.after + SETTINGS_PAGE]
    ids = [look.audit for look in page]
    heard, speaking = _heard(ids), contributors_of(ids)
    return {
        "settings": [
            about(look)
            | {
                "audit": audit_of(look) | {"contributors": speaking.get(look.audit, {})},
                "principles": _by_principle(edition_of(look), heard.get(look.audit, {})),
            }
            for look in page
        ],
        "total": len(found),
    }


def agreement(person: Person, asked: Asked) -> dict:
    """How far those who contributed to each audit agree, each voice among itself and all of them together, and the
    criteria on which they are furthest apart: something to talk about, not a fault. A page of settings at a time."""
    found = audited(person, asked)
    page = found[asked.after : asked.after + SETTINGS_PAGE]
    ids = [look.audit for look in page]
    heard, speaking = _heard(ids), contributors_of(ids)
    told = []
    for look in page:
        edition, said, here = edition_of(look), heard.get(look.audit, {}), speaking.get(look.audit, {})
        told.append(
            about(look)
            | {
                "audit": audit_of(look) | {"contributors": here},
                "together": _agreed(said.values(), sorted(here), sum(here.values())),
                "voices": {voice: _agreed(said.values(), [voice], number) for voice, number in sorted(here.items())},
                "apart": _apart(edition, said),
            }
        )
    return {"settings": told, "total": len(found)}


def coverage(person: Person, asked: Asked, today: date | None = None) -> dict:
    """What findings rest on, setting by setting, a page at a time: criteria that one contributor alone answered, that
    no resident answered, that nothing shows, or only one kind of evidence, or only evidence older than a year."""
    found = audited(person, asked)
    page = found[asked.after : asked.after + SETTINGS_PAGE]
    ids = [look.audit for look in page]
    heard, kinds = _heard(ids), kinds_by_criterion(ids)
    newest = newest_by_criterion(ids)
    before = ((today or now().date()) - OLD).isoformat()
    told = []
    for look in page:
        edition = edition_of(look)
        rests = _rests(
            edition, heard.get(look.audit, {}), kinds.get(look.audit, {}), newest.get(look.audit, {}), before
        )
        counted = {name: sum(name in one["weak"] for one in rests) for name in WEAK}
        told.append(
            about(look)
            | {"audit": audit_of(look), "criteria": [one for one in rests if one["weak"]]}
            | {"counted": counted, "answered": sum(one["contributors"] > 0 for one in rests), "of": len(rests)}
        )
    return {"settings": told, "total": len(found)}


UNANSWERED, ALONE, UNHEARD = "unanswered", "one-contributor", "no-resident"
NO_EVIDENCE, ONE_KIND, OLD_EVIDENCE = "no-evidence", "one-kind", "old-evidence"
WEAK = (UNANSWERED, ALONE, UNHEARD, NO_EVIDENCE, ONE_KIND, OLD_EVIDENCE)


def _rests(edition: Edition, said: dict, kinds: dict, newest: dict, before: str) -> list[dict]:
    """What every criterion rests on."""
    rests = []
    for criterion, principle in edition.principle_of.items():
        spoken = said.get(criterion, {})
        contributors = sum(sum(one.at) + one.not_applicable for one in spoken.values())
        shows = kinds.get(criterion, {})
        weak = {
            UNANSWERED: contributors == 0,
            ALONE: contributors == 1,
            UNHEARD: contributors > 0 and "resident" not in spoken,
            NO_EVIDENCE: not shows,
            ONE_KIND: len(shows) == 1,
            OLD_EVIDENCE: criterion in newest and newest[criterion] < before,
        }
        rests.append(
            {"criterion": criterion, "principle": principle, "contributors": contributors, "evidence": shows}
            | {"voices": sorted(spoken), "newest": newest.get(criterion), "weak": [one for one in WEAK if weak[one]]}
        )
    return rests


def _heard(audits: Sequence[str] = (), pairs: Sequence[tuple[str, str]] = ()) -> dict[str, dict[str, Voices]]:
    """Audit, criterion, voice: how each rated; of these audits, or of these pairs of audit and criterion alone."""
    at = (Tally.at0, Tally.at1, Tally.at2, Tally.at3)
    query = select(Tally.audit_id, Tally.criterion, Tally.voice, Tally.not_applicable, Tally.first, *at)
    wanted = db.tuple_(Tally.audit_id, Tally.criterion).in_(pairs) if pairs else among(Tally.audit_id, audits)
    query = query.filter(wanted)
    found: dict[str, dict[str, Voices]] = {}
    for audit, criterion, voice, not_applicable, first, *counts in rows_of(query):
        spoken = Spoken(tuple(counts), not_applicable, first)
        found.setdefault(audit, {}).setdefault(criterion, {})[voice] = spoken
    return found


def _tell(spoken: Voices) -> dict:
    return {voice: spoken[voice].told() for voice in VOICES if voice in spoken}


def _by_principle(edition: Edition, said: dict[str, Voices]) -> list[dict]:
    told = []
    for principle in edition.principles:
        ids = [criterion.id for criterion in principle.criteria]
        together = {
            voice: _sum(said[id][voice] for id in ids if voice in said.get(id, {}))
            for voice in VOICES
            if any(voice in said.get(id, {}) for id in ids)
        }
        told.append(
            {"id": principle.id, "voices": _tell(together), "gap": gap(one.at for one in together.values())}
            | {
                "criteria": [
                    {
                        "id": id,
                        "voices": _tell(said.get(id, {})),
                        "gap": gap(one.at for one in said.get(id, {}).values()),
                    }
                    for id in ids
                ]
            }
        )
    return told


def _sum(spoken: Iterable[Spoken]) -> Spoken:
    """One voice's ratings of several criteria."""
    several = list(spoken)
    at = tuple(map(sum, zip(*(one.at for one in several), strict=True))) if several else (0, 0, 0, 0)
    return Spoken(at, sum(one.not_applicable for one in several))


def _agreed(said: Iterable[Voices], voices: Sequence[str], raters: int) -> dict:
    """How far these voices' contributors agree."""
    rated = [[one[voice] for voice in voices if voice in one] for one in said]
    units = [tuple(map(sum, zip(*(one.at for one in spoken), strict=True))) for spoken in rated if spoken]
    pairs = [pair for spoken in rated if (pair := _pair(spoken, voices))] if raters == 2 else []
    found = agree(units, pairs, raters)
    return {"measure": found.measure, "value": found.value, "n": found.criteria, "raters": found.raters}


def _pair(spoken: Sequence[Spoken], voices: Sequence[str]) -> tuple[int, int] | None:
    """What each of the only two who take part gave, in the same order each time; None where one gave nothing."""
    given = [step for one in spoken for step in STEPS for _ in range(one.at[step])]
    if len(given) != 2:
        return None
    if len(voices) == 2:  # one of each voice, and so in the order of the voices
        return given[0], given[1]
    first = spoken[0].first
    given.remove(first)
    return first, given[0]


def _apart(edition: Edition, said: dict[str, Voices]) -> list[dict]:
    """The criteria on which contributors are furthest apart, in the edition's order where equal."""
    found = []
    for criterion, principle in edition.principle_of.items():
        spoken = said.get(criterion, {})
        distance = spread(_sum(spoken.values()).at)
        if distance:
            one = {"criterion": criterion, "principle": principle, "spread": distance, "voices": _tell(spoken)}
            found.append(one)
    return sorted(found, key=lambda one: -one["spread"])[:MOST_APART]


# what leaves the circle of those who may open each audit


def passed_on(person: Person, asked: Asked) -> dict:
    """What each voice says of each principle, for readers who may not open the audits: small numbers are hidden.

    What is hidden is settled once for all, organisation by organisation and checklist by checklist (`_Group`), whoever
    asks and whatever they choose; everything told follows from that, so that nobody works a hidden cell out by
    comparing replies. Of the filters only the organisation and the checklist of each setting's latest audit are heard.
    """
    seen = [look for look in audited(person, Asked(organisation=asked.organisation)) if _fits(look, asked)]
    there = audited_in({look.organisation for look in seen})
    groups = list(_groups([look for look in there if _fits(look, asked)]))
    told: dict[str, dict[str, dict[str, dict]]] = {}
    for group in groups:
        for (site, principle, voice), cell in group.cells():
            told.setdefault(site, {}).setdefault(principle, {})[voice] = cell
    return {
        "settings": [about(look) | {"principles": told.get(look.site, {})} for look in seen],
        "all": _together(groups, {look.site for look in seen}),
        "total": len(seen),
    }


def _fits(look: Look, asked: Asked) -> bool:
    return asked.checklist in ("", look.checklist)


Cell = tuple[str, str, str]  # setting, or ALL; principle; voice


class _Group:
    """The settings of one organisation whose latest audit is by one checklist: what each voice says of each principle
    at each setting and at all of them together (`lines` has which make up which), how many speak, and what is hidden.

    A setting is in one group alone and groups share no sum, so what one hides no other gives away.
    """

    def __init__(self):
        self.spoken: dict[Cell, Spoken] = {}
        self.people: dict[Cell, int] = {}
        self.lines: dict[tuple[str, str], list[Cell]] = {}
        self.hidden: set[Cell] = set()

    def add(self, look: Look, said: dict[str, Voices], speaking: dict[str, int]) -> None:
        """A setting's audit."""
        for principle in edition_of(look).principles:
            for voice in VOICES:
                several = [one for c in principle.criteria if (one := said.get(c.id, {}).get(voice))]
                if several:
                    cell = (look.site, principle.id, voice)
                    self.spoken[cell], self.people[cell] = _sum(several), speaking[voice]
                    self.lines.setdefault((principle.id, voice), []).append(cell)

    def close(self) -> None:
        """Add up, and settle what is hidden."""
        for line, cells in self.lines.items():
            self.spoken[ALL, *line] = _sum(self.spoken[cell] for cell in cells)
            self.people[ALL, *line] = sum(self.people[cell] for cell in cells)
        self.hidden = hide(self.people, [((ALL, *line), cells) for line, cells in self.lines.items()])

    def cells(self) -> Iterable[tuple[Cell, dict]]:
        """What is told of each setting."""
        for cells in self.lines.values():
            for cell in cells:
                yield cell, HIDDEN if cell in self.hidden else _with_people(self.spoken[cell], self.people[cell])


HIDDEN = {"hidden": True}


def _groups(found: Sequence[Look]) -> Iterator[_Group]:
    """One organisation after another, for what a thousand settings say fills more memory than it needs."""
    parted: dict[str, dict[str, list[Look]]] = {}
    for look in found:
        parted.setdefault(look.organisation, {}).setdefault(look.checklist, []).append(look)
    for by_checklist in parted.values():
        ids = [look.audit for several in by_checklist.values() for look in several]
        heard, speaking = _heard(ids), contributors_of(ids)
        for several in by_checklist.values():
            group = _Group()
            for look in several:
                group.add(look, heard.get(look.audit, {}), speaking.get(look.audit, {}))
            group.close()
            yield group


def _together(groups: Iterable[_Group], sites: set[str]) -> dict[str, dict[str, dict]]:
    """What each voice says of each principle at all these settings together, where that follows from what is told of
    each group: from its total if all of it is asked about, else from its settings. Hidden where any of those is."""
    parts: dict[tuple[str, str], list[tuple[_Group, Cell]]] = {}
    for group in groups:
        for line, cells in group.lines.items():
            own = [cell for cell in cells if cell[0] in sites]
            follows = [(ALL, *line)] if len(own) == len(cells) else own
            if own:
                parts.setdefault(line, []).extend((group, cell) for cell in follows)
    told: dict[str, dict[str, dict]] = {}
    for (principle, voice), several in parts.items():
        hidden = any(cell in group.hidden for group, cell in several)
        number = sum(group.people[cell] for group, cell in several)
        one = _sum(group.spoken[cell] for group, cell in several)
        told.setdefault(principle, {})[voice] = HIDDEN if hidden else _with_people(one, number)
    return told


def _with_people(one: Spoken, number: int) -> dict:
    return {"hidden": False, "contributors": number, **one.told()}

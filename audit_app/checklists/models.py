"""Checklists as the rest of the house meets them: editions, their criteria, and the sectors whose words they speak."""

import datetime
from dataclasses import dataclass, field
from functools import cached_property

from ..problems import Problem
from .checks import PLACEHOLDER, word_of

Text = dict[str, str]
Texts = dict[str, list[str]]


class ChecklistUnknown(Problem):
    """There is no such checklist, or not in that edition, or it is a draft that has not been published."""

    status = 404
    title = "No such checklist"


class SectorUnknown(Problem):
    """A checklist speaks in the words of a sector, such as a ward or a school. That one is not known here."""

    status = 422
    title = "No such sector"


class LanguageUnknown(Problem):
    """No checklist is kept in that language here."""

    status = 422
    title = "Not in that language"


@dataclass(frozen=True)
class ScaleStep:
    """One rating that a person can give: its value, its word and a line that says when to give it."""

    value: int
    word: Text
    hint: Text


@dataclass(frozen=True)
class Lens:
    """Another grouping of the same criteria. `groups` are its group ids with their titles."""

    id: str
    title: Text
    groups: dict[str, Text]


@dataclass(frozen=True)
class Criterion:
    """The thing judged. `came_from`: the criteria of the edition before that it goes on from, none in a first one."""

    id: str
    statement: Text
    guidance: Text
    look_for: Texts
    ask: Texts
    evidence: list[str]
    lenses: dict[str, list[str]]
    in_class: str | None = None
    came_from: list[str] | None = None


@dataclass(frozen=True)
class Principle:
    """A heading and the criteria under it."""

    id: str
    title: Text
    short: Text
    about: Text
    criteria: tuple[Criterion, ...]


@dataclass(frozen=True)
class Sector:
    """The words of one kind of setting. `words` and `voices` are by language, then by name. `camera`: whether photos
    may be taken there unless somebody says otherwise."""

    id: str
    title: Text
    about: Text
    camera: bool
    words: dict[str, dict[str, str]]
    voices: dict[str, dict[str, str]]

    def summary_in(self, language: str) -> dict:
        """The sector as one line of a list."""
        language = language if language in self.title else next(iter(self.title))
        return {"id": self.id, "title": self.title[language], "about": self.about[language]}

    def fill(self, text: str, language: str) -> str:
        """The text with this sector's words: {recipients} reads patients, {Recipients} Patients."""

        def say(match) -> str:
            name = match[1]
            word = self.words[language][word_of(name)]
            return word[0].upper() + word[1:] if name[0].isupper() else word

        return PLACEHOLDER.sub(say, text)


@dataclass(frozen=True)
class Edition:
    """One unchanging issue of a checklist.

    `languages` are those it was published in, the first the one it was written in; `translations` those added beside
    it, each `draft` or `reviewed`. `published` is the day it was frozen, None for a draft, which no audit may use.
    """

    slug: str
    edition: int
    languages: list[str]
    title: Text
    summary: Text
    source: Text
    licence: str
    scale: tuple[ScaleStep, ...]
    lenses: tuple[Lens, ...]
    principles: tuple[Principle, ...]
    award_rule: dict | None
    follows: int | None
    ended: list[str]
    sectors: dict[str, Sector] = field(repr=False)
    translations: dict[str, str] = field(default_factory=dict)
    published: datetime.date | None = None

    @cached_property
    def criteria(self) -> dict[str, Criterion]:
        """Every criterion by its id, in the checklist's order."""
        return {criterion.id: criterion for principle in self.principles for criterion in principle.criteria}

    @cached_property
    def principle_of(self) -> dict[str, str]:
        """The principle's id of each criterion's id."""
        return {criterion.id: principle.id for principle in self.principles for criterion in principle.criteria}

    @cached_property
    def headings(self) -> dict[tuple[str, str], tuple[int, list[str]]]:
        """Everything that criteria are grouped under: (lens, heading) to its place among its like and its criteria's
        ids. For principles the lens is empty."""
        found = {("", p.id): (n, [c.id for c in p.criteria]) for n, p in enumerate(self.principles)}
        for lens in self.lenses:
            for position, group in enumerate(lens.groups):
                ids = [id for id, one in self.criteria.items() if group in one.lenses.get(lens.id, ())]
                found[lens.id, group] = (position, ids)
        return found

    @cached_property
    def ratings(self) -> tuple[int, ...]:
        """The values of the scale, lowest first."""
        return tuple(step.value for step in self.scale)

    @property
    def original(self) -> str:
        """The language it was written in."""
        return self.languages[0]

    def has_criterion(self, criterion_id: str) -> bool:
        """Does this edition have such a criterion?"""
        return criterion_id in self.criteria

    def summary_in(self, language: str) -> dict:
        """The edition as one line of a list."""
        say = _Voice(self, None, self._spoken(language)).say
        return {
            "slug": self.slug,
            "edition": self.edition,
            "title": say(self.title),
            "summary": say(self.summary),
            "languages": [*self.languages, *self.translations],
        }

    def in_words(self, sector_id: str, language: str) -> dict:
        """The whole edition in a sector's words and a language: the reply of GET /api/checklists/{slug}/{edition}.

        In a language that this edition is not kept in it speaks its original, and `language` says so. Where a draft
        translation has no text yet, the original stands, and the `untranslated` list beside it names those fields.
        Refuses a sector that is unknown, and a language that no sector has words in.
        """
        sector = self._sector(sector_id)
        if language not in sector.words:
            raise LanguageUnknown(f"“{language}” is not one of {', '.join(sector.words)}.")
        language = self._spoken(language)
        voice = _Voice(self, sector, language)
        return {
            "slug": self.slug,
            "edition": self.edition,
            **voice.fields(self, "title", "summary", "source"),
            "licence": self.licence,
            "language": language,
            "draft": self.translations.get(language) == "draft",
            "sector": sector.id,
            "words": sector.words[language],
            "voices": sector.voices[language],
            "scale": [{"value": step.value, **voice.fields(step, "word", "hint")} for step in self.scale],
            "principles": [voice.principle(principle) for principle in self.principles],
            "lenses": [voice.lens(lens) for lens in self.lenses],
            "award_rule": voice.rule(self.award_rule),
        }

    def _sector(self, sector_id: str) -> Sector:
        if sector_id not in self.sectors:
            raise SectorUnknown(f"“{sector_id}” is not one of {', '.join(self.sectors)}.")
        return self.sectors[sector_id]

    def _spoken(self, language: str) -> str:
        return language if language in self.languages or language in self.translations else self.original


@dataclass(frozen=True)
class _Voice:
    """An edition speaking one language in the words of one sector."""

    edition: Edition
    sector: Sector | None
    language: str

    def say(self, texts: Text | Texts) -> str | list[str]:
        """The text, or the list of texts, in this language, else in the original, with the sector's words."""
        language = self.language if self.language in texts else self.edition.original
        said = texts[language]
        if self.sector is None:
            return said
        if isinstance(said, list):
            return [self.sector.fill(text, language) for text in said]
        return self.sector.fill(said, language)

    def fields(self, thing, *names: str) -> dict:
        """These texts of a thing, with the names of those that are not in this language."""
        untranslated = [name for name in names if self.language not in getattr(thing, name)]
        said = {name: self.say(getattr(thing, name)) for name in names}
        return {**said, "untranslated": untranslated} if untranslated else said

    def principle(self, principle: Principle) -> dict:
        return {
            "id": principle.id,
            **self.fields(principle, "title", "short", "about"),
            "criteria": [self.criterion(criterion) for criterion in principle.criteria],
        }

    def criterion(self, criterion: Criterion) -> dict:
        return {
            "id": criterion.id,
            **self.fields(criterion, "statement", "guidance", "look_for", "ask"),
            "evidence": criterion.evidence,
            "lenses": criterion.lenses,
        }

    def lens(self, lens: Lens) -> dict:
        groups = [{"id": group, "title": self.say(title)} for group, title in lens.groups.items()]
        return {"id": lens.id, **self.fields(lens, "title"), "groups": groups}

    def rule(self, rule: dict | None) -> dict | None:
        if rule is None or rule["kind"] != "classes":
            return rule
        classes = [
            {
                "id": part["id"],
                "title": self.say(part["title"]),
                "share": part["share"],
                "criteria": [c.id for c in self.edition.criteria.values() if c.in_class == part["id"]],
            }
            for part in rule["classes"]
        ]
        return {**rule, "classes": classes}

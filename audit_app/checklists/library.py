"""The library: every checklist file, read and checked when the house opens, and the record of what is published.

A folder holds `<slug>-<edition>.toml`, translations `<slug>-<edition>.<language>.toml`, `sectors/<id>.toml` and
`published.toml`. Whatever does not fit is refused with file, line and reason, all mistakes at once. An edition that
`published.toml` names is frozen: its file must have the recorded SHA-256. One that it does not name is a draft.
"""

import datetime
import hashlib
import re
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import click

from . import checks
from .files import ChecklistFile
from .models import ChecklistUnknown, Criterion, Edition, Lens, Principle, ScaleStep, Sector
from .schemas import EditionSchema, PublishedSchema, SectorSchema, TranslationSchema

FILE_NAME = re.compile(r"(?P<slug>[a-z][a-z0-9-]*)-(?P<edition>[1-9][0-9]*)(\.(?P<language>[a-z]{2,3}))?\.toml")
SECTOR_NAME = re.compile(r"[a-z][a-z0-9]*(-[a-z0-9]+)*")
RECORD = "published.toml"


class ChecklistBroken(click.ClickException):
    """Checklist files that cannot be used; one line each: file, line, reason.

    A ClickException, so that every flask command says it plainly and without a stack.
    """

    def __init__(self, complaints: list[str]):
        super().__init__("\n".join(complaints))
        self.complaints = complaints

    def format_message(self) -> str:
        return f"ChecklistBroken: {len(self.complaints)} to mend.\n{self.message}"


@dataclass(frozen=True)
class Library:
    """All checklists and sectors of a folder; nothing in it changes while the house is open."""

    sectors: dict[str, Sector]
    editions: dict[tuple[str, int], Edition]

    @classmethod
    def load(cls, folder: str | Path) -> "Library":
        """Read and check a folder. Raises `ChecklistBroken` with every mistake found."""
        return _Reading(Path(folder)).library()

    @property
    def languages(self) -> list[str]:
        """The languages that the sectors have words in."""
        return list(next(iter(self.sectors.values())).words)

    @property
    def published(self) -> list[Edition]:
        """Every published edition, in the order of their publication."""
        return [edition for edition in self.editions.values() if edition.published]

    @property
    def drafts(self) -> list[Edition]:
        """Every edition that is not published and so not offered for audits."""
        return [edition for edition in self.editions.values() if not edition.published]

    @property
    def offered(self) -> list[Edition]:
        """What a new audit may choose from: the newest published edition of each checklist."""
        newest = {}
        for edition in self.published:
            known = newest.setdefault(edition.slug, edition)
            newest[edition.slug] = max(known, edition, key=lambda one: one.edition)
        return list(newest.values())

    def find(self, slug: str, edition: int) -> Edition:
        """The published edition; refuses one that is unknown or still a draft."""
        found = self.editions.get((slug, edition))
        if found is None:
            raise ChecklistUnknown(f"There is no edition {edition} of “{slug}”.")
        if not found.published:
            raise ChecklistUnknown(f"Edition {edition} of “{slug}” is a draft; it can be used once it is published.")
        return found

    def lineage(self, slug: str, newer: int, older: int) -> dict[str, list[str]]:
        """Each criterion of the newer edition with those of the older one that it goes on from, through all editions in
        between by their stated mapping. Empty lists where it is new; no criteria where the two are no such line."""
        edition = self.editions[slug, newer]
        known = {id: [id] for id in edition.criteria}
        while edition.edition != older:
            if edition.follows is None:
                return {}
            known = {
                id: list(dict.fromkeys(old for one in ids for old in edition.criteria[one].came_from or ()))
                for id, ids in known.items()
            }
            edition = self.editions[slug, edition.follows]
        return known


def publish(folder: str | Path, slug: str, number: int, day: datetime.date) -> str:
    """Freeze an edition: append the hash of its file to `published.toml` and return that hash.

    Refuses an edition that is unknown, or published already: then a correction is a new edition.
    """
    edition = Library.load(folder).editions.get((slug, number))
    if edition is None:
        raise click.ClickException(f"There is no file {slug}-{number}.toml in {folder}.")
    if edition.published:
        raise click.ClickException(
            f"Edition {number} of {slug} was published on {edition.published} and cannot change; make a new edition."
        )
    digest = hashlib.sha256((Path(folder) / f"{slug}-{number}.toml").read_bytes()).hexdigest()
    with (Path(folder) / RECORD).open("a", encoding="utf-8") as record:
        record.write(f'\n[[published]]\nslug = "{slug}"\nedition = {number}\ndate = {day}\nsha256 = "{digest}"\n')
    return digest


class _Reading:
    """One reading of a folder: gathers files, data and complaints, and yields a library or `ChecklistBroken`."""

    def __init__(self, folder: Path):
        self._folder = folder
        self._files: list[ChecklistFile] = []
        self._complaints: list[str] = []
        self._editions: dict[tuple[str, int], ChecklistFile] = {}
        self._translations: list[ChecklistFile] = []
        self._sectors: dict[str, ChecklistFile] = {}

    def library(self) -> Library:
        self._read_sectors()
        self._read_editions()
        days = self._read_record()
        if not self._all_complaints():
            self._check()
        if complaints := self._all_complaints():
            raise ChecklistBroken(complaints)
        return self._build(days)

    def _open(self, path: Path) -> ChecklistFile:
        file = ChecklistFile(path, f"{self._folder.name}/{path.relative_to(self._folder)}")
        self._files.append(file)
        return file

    def _all_complaints(self) -> list[str]:
        return self._complaints + [complaint for file in self._files for complaint in file.complaints]

    def _read_sectors(self) -> None:
        for path in sorted((self._folder / "sectors").glob("*.toml")):
            file = self._sectors[path.stem] = self._open(path)
            file.load(SectorSchema())
            if not SECTOR_NAME.fullmatch(path.stem):
                file.complain([checks.Mistake((), "should be called <id>.toml: small letters, digits and hyphens")])
        if not self._sectors:
            self._complaints.append(f"{self._folder.name}/sectors: has no sector, and each audit needs its words")

    def _read_editions(self) -> None:
        for path in sorted(self._folder.glob("*.toml")):
            if path.name == RECORD:
                continue
            file, name = self._open(path), FILE_NAME.fullmatch(path.name)
            if not name:
                file.complaints.append(f"{file.name}, line 1: should be called <slug>-<edition>.toml, or …-1.cy.toml")
            elif name["language"]:
                self._translations.append(file)
                self._require_name(file, file.load(TranslationSchema()), name)
            else:
                self._editions[name["slug"], int(name["edition"])] = file
                self._require_name(file, file.load(EditionSchema()), name)

    def _require_name(self, file: ChecklistFile, data: dict | None, name: re.Match) -> None:
        """A file is what its name says."""
        if data is None:
            return
        expected = {key: text for key, text in name.groupdict().items() if text is not None}
        file.complain(
            checks.Mistake((key,), f"is “{data[key]}”, and the file’s name says “{text}”")
            for key, text in expected.items()
            if str(data[key]) != text
        )

    def _read_record(self) -> dict[tuple[str, int], datetime.date]:
        """The day each edition was published, in that order; complains of what changed or vanished since."""
        path = self._folder / RECORD
        if not path.exists():
            return {}
        record = self._open(path)
        data = record.load(PublishedSchema())
        days = {}
        for place, entry in enumerate(data["published"] if data else []):
            key = (entry["slug"], entry["edition"])
            record.complain(checks.Mistake(("published", place), words) for words in self._unlike(entry, key in days))
            days[key] = entry["date"]
        return days

    def _unlike(self, entry: dict, is_repeated: bool) -> Iterator[str]:
        name = f"{entry['slug']}-{entry['edition']}.toml"
        file = self._editions.get((entry["slug"], entry["edition"]))
        if is_repeated:
            yield f"{name} is recorded twice"
        elif file is None:
            yield f"{name} was published on {entry['date']} and is missing"
        elif hashlib.sha256(file.bytes).hexdigest() != entry["sha256"]:
            yield f"{name} was published on {entry['date']} and has changed since; put it back, or make a new edition"

    def _check(self) -> None:
        words: dict[str, set[str]] = {}
        for file in self._sectors.values():
            for language, said in file.data["words"].items():
                words.setdefault(language, set()).update(said)
        for file in self._sectors.values():
            file.complain(checks.check_sector(file.data, words))
        for (slug, _), file in self._editions.items():
            before = self._editions.get((slug, file.data["follows"]))
            file.complain(checks.check_edition(file.data, before and before.data, words))
        for file in self._translations:
            edition = self._editions.get((file.data["slug"], file.data["edition"]))
            if edition is None:
                file.complain([checks.Mistake((), "translates an edition that is not there")])
            elif not edition.complaints:
                file.complain(checks.check_translation(file.data, edition.data, words))

    def _build(self, days: dict[tuple[str, int], datetime.date]) -> Library:
        sectors = {name: _sector(name, file.data) for name, file in self._sectors.items()}
        statuses: dict[tuple[str, int], dict[str, str]] = {}
        for file in self._translations:
            key = (file.data["slug"], file.data["edition"])
            checks.apply_translation(self._editions[key].data, file.data)
            statuses.setdefault(key, {})[file.data["language"]] = file.data["status"]
        order = [*days, *(key for key in self._editions if key not in days)]
        editions = {
            key: _edition(
                self._editions[key].data,
                sectors=sectors,
                translations=statuses.get(key, {}),
                published=days.get(key),
            )
            for key in order
        }
        return Library(sectors, editions)


def _sector(name: str, data: dict) -> Sector:
    voices = {
        language: {voice: texts[language] for voice, texts in data["voices"].items()} for language in data["words"]
    }
    return Sector(name, data["title"], data["about"], data.get("camera", True), data["words"], voices)


def _edition(data: dict, **more) -> Edition:
    parts = {
        "scale": tuple(ScaleStep(**step) for step in data["scale"]),
        "lenses": tuple(
            Lens(lens["id"], lens["title"], {group["id"]: group["title"] for group in lens["groups"]})
            for lens in data["lenses"]
        ),
        "principles": tuple(
            Principle(**{**principle, "criteria": tuple(Criterion(**one) for one in principle["criteria"])})
            for principle in data["principles"]
        ),
    }
    return Edition(**{**data, **parts, **more})

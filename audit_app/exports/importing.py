"""Settings and people from a CSV file or a workbook: read, looked at row by row, and taken in through the ledger.

A row is a setting, or a person with a role, or both: then the role is at that setting. Without a setting a role is in
the whole organisation. What is there already stays as it is, so the same file can be taken in again.
"""

import csv
import io
import secrets
import zipfile
from collections.abc import Iterator
from dataclasses import dataclass, field
from pathlib import Path

from marshmallow import ValidationError

from ..access import Person
from ..accounts.models import Grant, Invitation, fold_email, hash_secret
from ..accounts.schemas import InviteSchema
from ..db import db, new_id, now
from ..ledger.canonical import tidy
from ..ledger.perform import perform_one
from ..problems import Problem
from ..sites.models import Organisation, Site
from ..sites.schemas import SiteAddSchema

ORGANISATION, SETTING, SECTOR, ABOUT = "organisation", "setting", "sector", "about"
NAME, EMAIL, ROLE = "name", "email", "role"
COLUMNS = (ORGANISATION, SETTING, SECTOR, ABOUT, NAME, EMAIL, ROLE)
OF_A_PERSON = (NAME, EMAIL, ROLE)
MOST_ROWS = 10_000


@dataclass(frozen=True)
class Fault:
    """What is wrong with one row: its line in the file, the column, and why."""

    line: int
    column: str
    reason: str

    def __str__(self) -> str:
        return f"line {self.line}, {self.column}: {self.reason}"


@dataclass
class Taken:
    """What came of a file: the settings that were added, the roles that were given, the invitations with the links'
    last part, what was there before, and what is wrong. With any fault, nothing of it is to be kept."""

    sites: list[str] = field(default_factory=list)
    given: list[str] = field(default_factory=list)
    invited: list[tuple[str, str]] = field(default_factory=list)
    there_before: int = 0
    faults: list[Fault] = field(default_factory=list)


Line = tuple[int, dict[str, str]]


class FileRefused(Exception):
    """The file as a whole cannot be read; the words say why."""


def read_lines(path: Path) -> list[Line]:
    """The rows of a file as text by column, with the line each stands on; empty ones are passed over. Raises
    `FileRefused` for what is no such file, lacks a column or has one that is not known."""
    found = list(_of_workbook(path) if path.suffix.lower() == ".xlsx" else _of_csv(path))
    if not found:
        raise FileRefused("The file is empty.")
    header = [name.strip().lower() for name in found[0][1]]
    unknown = [name for name in header if name and name not in COLUMNS]
    if unknown:
        raise FileRefused(f"line 1: unknown columns: {', '.join(unknown)}. Known are: {', '.join(COLUMNS)}.")
    if ORGANISATION not in header or len(set(filter(None, header))) < len(list(filter(None, header))):
        raise FileRefused(f"line 1: the first line must name each column once, and {ORGANISATION} among them.")
    if len(found) - 1 > MOST_ROWS:
        raise FileRefused(f"The file has more than {MOST_ROWS:,} rows. Take it in in parts.")
    lines = []
    for number, cells in found[1:]:
        row = dict.fromkeys(COLUMNS, "") | {name: tidy(cell) for name, cell in zip(header, cells, strict=False) if name}
        if any(row.values()):
            lines.append((number, row))
    return lines


def _of_csv(path: Path) -> Iterator[tuple[int, list[str]]]:
    """Each row with the line on which it begins: a cell may go over several."""
    try:
        text = path.read_bytes().decode("utf-8-sig")
    except UnicodeDecodeError:
        raise FileRefused("The file is not in UTF-8. In Excel, save it as “CSV UTF-8”.") from None
    first = text.partition("\n")[0]
    separator = max(",;\t", key=first.count)
    rows, line = csv.reader(io.StringIO(text, newline=""), delimiter=separator, strict=True), 1
    try:
        for cells in rows:
            yield line, cells
            line = rows.line_num + 1
    except csv.Error as error:
        raise FileRefused(f"The file is no sound CSV: {error}.") from None


def _of_workbook(path: Path) -> Iterator[tuple[int, list[str]]]:
    """The rows of the first sheet."""
    from openpyxl import load_workbook  # it brings along what opens pictures, which web processes never load
    from openpyxl.utils.exceptions import InvalidFileException

    try:
        book = load_workbook(path, read_only=True, data_only=True)
    except (InvalidFileException, zipfile.BadZipFile, KeyError, OSError, ValueError):
        raise FileRefused("The file is no workbook that can be read.") from None
    for number, cells in enumerate(book.worksheets[0].iter_rows(values_only=True), 1):
        yield number, ["" if cell is None else str(cell) for cell in cells]
    book.close()


def take_in(lines: list[Line], by: Person) -> Taken:
    """Do what the rows say, in the name of `by`, through the ledger. The caller commits, or (with faults, or to try it
    out) rolls back: nothing is half done."""
    taken = Taken()
    importing = _Importing(by, taken)
    for number, row in lines:
        importing.take(number, row)
    return taken


class _Importing:
    """One file on its way in."""

    def __init__(self, by: Person, taken: Taken):
        self.by = by
        self.taken = taken
        self.organisations = {one.name: one for one in db.session.scalars(db.select(Organisation))}
        self.seen: dict[tuple, int] = {}

    def take(self, line: int, row: dict[str, str]) -> None:
        faults = len(self.taken.faults)
        organisation = self.organisations.get(row[ORGANISATION])
        if organisation is None:
            words = f"There is no organisation called “{row[ORGANISATION]}”." if row[ORGANISATION] else "is needed."
            self._fault(line, ORGANISATION, words)
        has_person = any(row[name] for name in OF_A_PERSON)
        if not row[SETTING] and (row[SECTOR] or row[ABOUT]):
            self._fault(line, SETTING, "is needed beside a sector or a description.")
        elif not row[SETTING] and not has_person:
            self._fault(line, SETTING, "A row needs a setting, or a person (name, email and role), or both.")
        if len(self.taken.faults) > faults:
            return
        site = self._site(line, row, organisation) if row[SETTING] else None
        if has_person and (site or not row[SETTING]):
            self._person(line, row, organisation, site)

    def _site(self, line: int, row: dict[str, str], organisation: Organisation) -> Site | None:
        """The setting of this name: the one that is there, or a new one."""
        known = db.select(Site).filter_by(organisation_id=organisation.id, name=row[SETTING])
        found = db.session.scalars(known).all()
        if len(found) > 1:
            self._fault(line, SETTING, "There are several settings of this name; their people must be added by hand.")
            return None
        if found:
            if row[SECTOR] and row[SECTOR] != found[0].sector:
                self._fault(line, SECTOR, f"is {found[0].sector} for the setting of this name that is there already.")
                return None
            return found[0]
        payload = {"site": new_id(), "name": row[SETTING], "sector": row[SECTOR], "about": row[ABOUT]}
        names = {"name": SETTING, "sector": SECTOR, "about": ABOUT}
        if not self._do(line, organisation, "site.add", SiteAddSchema(), payload, names, SETTING):
            return None
        self.taken.sites.append(row[SETTING])
        return db.session.get(Site, payload["site"])

    def _person(self, line: int, row: dict[str, str], organisation: Organisation, site: Site | None) -> None:
        """A role for whoever is known here already; an invitation for anybody else."""
        email = fold_email(row[EMAIL])
        key = (organisation.id, site.id if site else None, email, row[ROLE])
        if key in self.seen:
            self._fault(line, EMAIL, f"has this role here on line {self.seen[key]} already.")
            return
        self.seen[key] = line
        secret = secrets.token_urlsafe(32)
        invite = {
            "invitation": new_id(),
            "email": email,
            "name": row[NAME],
            "role": row[ROLE],
            "site": site.id if site else None,
            "secret_sha256": hash_secret(secret),
        }
        if not self._fits(line, InviteSchema(), invite, {"email": EMAIL, "name": NAME, "role": ROLE}):
            return
        person = Person.by_email(email)
        where = {"organisation_id": organisation.id, "site_id": invite["site"], "role": row[ROLE]}
        if self._is_there(person, email, where):
            self.taken.there_before += 1
        elif person and self._is_known(person, organisation):
            grant = {"grant": new_id(), "person": person.id, "role": row[ROLE], "site": invite["site"]}
            if self._perform(line, organisation, "grant.give", grant, ROLE):
                self.taken.given.append(f"{person.name} <{email}>")
        elif self._perform(line, organisation, "person.invite", invite, ROLE):
            self.taken.invited.append((f"{row[NAME]} <{email}>", f"{invite['invitation']}/{secret}"))

    def _is_there(self, person: Person | None, email: str, where: dict) -> bool:
        """Does this person hold this role here, or are they invited to it?"""
        if person and db.session.scalar(
            db.select(Grant.id).filter_by(person_id=person.id, ended_at=None, **where).limit(1)
        ):
            return True
        invited = db.select(Invitation).filter_by(email=email, used_at=None, **where)
        return any(invitation.expires_at > now() for invitation in db.session.scalars(invited))

    def _is_known(self, person: Person, organisation: Organisation) -> bool:
        """Had this person ever a part here? Then a role needs no invitation."""
        known = db.select(Grant.id).filter_by(person_id=person.id, organisation_id=organisation.id)
        return db.session.scalar(known.limit(1)) is not None

    def _do(self, line: int, organisation, kind: str, schema, payload: dict, names: dict, column: str) -> bool:
        return self._fits(line, schema, payload, names) and self._perform(line, organisation, kind, payload, column)

    def _fits(self, line: int, schema, payload: dict, names: dict[str, str]) -> bool:
        """Is it what the ledger takes? Otherwise each field that is not, by its column."""
        try:
            schema.load(payload)
        except ValidationError as refused:
            for name, reasons in refused.normalized_messages().items():
                self._fault(line, names.get(name, name), " ".join(map(str, reasons)))
            return False
        return True

    def _perform(self, line: int, organisation: Organisation, kind: str, payload: dict, column: str) -> bool:
        try:
            perform_one(organisation.id, kind, payload, by=self.by)
        except Problem as problem:
            self._fault(line, column, problem.detail or problem.title)
            return False
        return True

    def _fault(self, line: int, column: str, reason: str) -> None:
        self.taken.faults.append(Fault(line, column, reason))

"""The rows of each table, as far as somebody may see them: a few audits at a time, so that memory does not grow."""

import json
from collections import Counter
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass
from itertools import groupby

from flask import current_app
from sqlalchemy import Row as AuditRow
from sqlalchemy import func, select

from ..access import Person, may
from ..audits.models import Answer, Audit, Contributor, Finding
from ..audits.scoring import share
from ..checklists.models import Edition
from ..db import among, as_text, db, today
from ..evidence.models import Evidence, Shown
from ..evidence.queries import ITEMS
from ..ledger.models import Stream
from ..ledger.queries import history
from ..plans.due import stands
from ..plans.models import PlanItem
from ..sites.models import Organisation, Site
from ..sites.queries import sites_seen_by
from .tables import TABLES, Table

SEES = "export.see"
AT_A_TIME = 8  # audits: some thousands of answers
OPERATIONS = 1000  # of one stream
NAMED = {"staff", "assessor"}  # a resident or a visitor is never named, whatever was typed as their label
PLAIN_SECTOR = "community"
UNSETTLED = "unsettled"

AUDITS = select(
    Audit.id, Audit.site_id, Audit.checklist, Audit.edition, Audit.track, Audit.stage, Audit.opened_at
)  # only that: a page of a table begins with all of them

Row = dict[str, object]
Key = tuple


@dataclass(frozen=True)
class Scope:
    """From where rows are taken: these settings and all of their audits, in order; and of these organisations the
    history as well. `language` is that of words that we write."""

    sites: dict[str, Site]
    audits: dict[str, AuditRow]
    histories: tuple[str, ...]
    language: str = "en"

    @classmethod
    def of_person(cls, person: Person, language: str = "en", organisation_id: str | None = None) -> "Scope":
        """What `person` may take out now; only of one organisation, if that is given."""
        sites = [site for site in sites_seen_by(person, SEES) if organisation_id in (None, site.organisation_id)]
        organisations = {site.organisation_id for site in sites}
        whole = [id for id in organisations if sees_whole(person, id)]
        return cls._over(sites, whole, language)

    @classmethod
    def of_everything(cls, language: str = "en") -> "Scope":
        """All there is, for whoever runs the service."""
        streams = db.session.scalars(select(Stream.id).filter_by(kind="organisation"))
        return cls._over(db.session.scalars(select(Site)), streams, language)

    @classmethod
    def _over(cls, sites: Iterable[Site], histories: Iterable[str], language: str) -> "Scope":
        found = {site.id: site for site in sorted(sites, key=lambda site: site.id)}
        audits = db.session.execute(AUDITS.filter(Audit.site_id.in_(found)))
        in_order = {audit.id: audit for audit in sorted(audits, key=lambda audit: audit.id)}
        return cls(found, in_order, tuple(sorted(histories)), language)

    def setting_of(self, audit_id: str) -> dict:
        """What every row of an audit says of where it is."""
        site = self.sites[self.audits[audit_id].site_id]
        return {"audit_id": audit_id, "site_id": site.id, "setting": site.name}

    def edition_of(self, audit_id: str) -> Edition:
        """The edition that an audit is on."""
        audit = self.audits[audit_id]
        return current_app.extensions["checklists"].find(audit.checklist, audit.edition)

    def editions(self) -> dict[str, Edition]:
        """The editions that these audits are on, by their id in the tables."""
        found = {edition_id(audit): self.edition_of(audit.id) for audit in self.audits.values()}
        return dict(sorted(found.items()))

    @property
    def sector(self) -> str:
        """The sector in whose words statements are told."""
        sectors = {site.sector for site in self.sites.values()}
        return sectors.pop() if len(sectors) == 1 else PLAIN_SECTOR


# Of 100 settings with six audits each, on two cores: 287,000 operations, 218 MB, 40 s.
BYTES_OF_ONE, SECONDS_OF_ONE = 760, 0.00014


def weight_of(sites: Iterable[Site]) -> dict[str, int]:
    """About how large the database of these settings is, and how many seconds it takes to make it: what was done in
    their audits says it, without counting what was said."""
    ids = [site.id for site in sites]
    query = select(func.sum(Stream.seq)).filter(Stream.kind == "audit", among(Stream.site_id, ids))
    operations = db.session.scalar(query) or 0
    return {"bytes": operations * BYTES_OF_ONE, "seconds": round(operations * SECONDS_OF_ONE)}


def sees_whole(person: Person, organisation_id: str) -> bool:
    """May `person` take out what belongs to an organisation as a whole: its history, with the names in it?"""
    return may(person, SEES, organisation_id) and may(person, "organisation.see", organisation_id)


def edition_id(audit: AuditRow) -> str:
    """How the tables name an audit's edition."""
    return f"{audit.checklist}/{audit.edition}"


def rows(table: Table, scope: Scope, after: Key | None = None) -> Iterator[Row]:
    """The rows of a table in the order of its key, those after the key `after`. Each has all of the table's columns."""
    for row in ROWS[table.name](scope, after):
        if after is None or table.key_of(row) > after:
            yield row


# What there is, without what was said


def _organisations(scope: Scope, after: Key | None) -> Iterator[Row]:
    wanted = {site.organisation_id for site in scope.sites.values()} | set(scope.histories)
    found = db.session.scalars(select(Organisation).filter(Organisation.id.in_(wanted)))
    yield from ({"id": one.id, "name": one.name} for one in sorted(found, key=lambda one: one.id))


def _sites(scope: Scope, after: Key | None) -> Iterator[Row]:
    names = TABLES["sites"].names
    yield from ({name: getattr(site, name) for name in names} for site in scope.sites.values())


def _editions(scope: Scope, after: Key | None) -> Iterator[Row]:
    for id, edition in scope.editions().items():
        title = edition.summary_in(scope.language)["title"]
        yield {"id": id, "checklist": edition.slug, "edition": edition.edition, "title": title}


def _criteria(scope: Scope, after: Key | None) -> Iterator[Row]:
    for id, edition in scope.editions().items():
        spoken = edition.in_words(scope.sector, scope.language)
        found = [
            {"principle": principle["id"], "principle_title": principle["title"]}
            | {"criterion": criterion["id"], "statement": criterion["statement"]}
            for principle in spoken["principles"]
            for criterion in principle["criteria"]
        ]
        placed = [{"edition_id": id, "position": position} | row for position, row in enumerate(found, 1)]
        yield from sorted(placed, key=lambda row: row["criterion"])


def _audits(scope: Scope, after: Key | None) -> Iterator[Row]:
    by_age = sorted(scope.audits.values(), key=lambda audit: (audit.site_id, audit.opened_at, audit.id))
    cycles, newest = {}, {}
    for site_id, found in groupby(by_age, key=lambda audit: audit.site_id):
        for cycle, audit in enumerate(found, 1):
            cycles[audit.id], newest[site_id] = cycle, audit.id
    for audit in scope.audits.values():
        where = scope.setting_of(audit.id)
        yield {
            "id": audit.id,
            "site_id": where["site_id"],
            "setting": where["setting"],
            "edition_id": edition_id(audit),
            "track": audit.track,
            "stage": audit.stage,
            "cycle": cycles[audit.id],
            "latest": newest[audit.site_id] == audit.id,
            "opened_at": as_text(audit.opened_at),
        }


# What was said, a few audits at a time


def _by_audit(
    scope: Scope, after: Key | None, find: Callable[[list[str]], Iterable[Row]], key: Callable
) -> Iterator[Row]:
    """What `find` finds in each few audits, in the order of `key`; from the audit on in which `after` is."""
    ids = [id for id in scope.audits if after is None or id >= after[0]]
    for begin in range(0, len(ids), AT_A_TIME):
        yield from sorted(find(ids[begin : begin + AT_A_TIME]), key=key)


def _key(name: str) -> Callable:
    return TABLES[name].key_of


def _contributors(scope: Scope, after: Key | None) -> Iterator[Row]:
    def find(audits: list[str]) -> Iterator[Row]:
        for one in db.session.scalars(select(Contributor).filter(Contributor.audit_id.in_(audits))):
            yield {
                "audit_id": one.audit_id,
                "id": one.id,
                "voice": one.voice,
                "label": one.label if one.voice in NAMED else None,
                "withdrawn": one.withdrawn,
            }

    yield from _by_audit(scope, after, find, _key("contributors"))


SAYS_SOMETHING = Answer.rating.is_not(None) | Answer.reason.is_not(None) | Answer.comment.is_not(None)
ANSWERS = (
    select(
        Answer.audit_id,
        Answer.contributor_id,
        Contributor.voice,
        Answer.criterion,
        Answer.rating,
        Answer.reason,
        Answer.rating_differs,
        Answer.comment,
        Answer.comment_differs,
    )
    .join(Contributor, (Contributor.audit_id == Answer.audit_id) & (Contributor.id == Answer.contributor_id))
    .filter(~Contributor.withdrawn, SAYS_SOMETHING | Answer.rating_differs | Answer.comment_differs)
)


def _answers(scope: Scope, after: Key | None) -> Iterator[Row]:
    names = tuple(column.name for column in ANSWERS.selected_columns)

    def find(audits: list[str]) -> Iterator[Row]:
        about = {id: (scope.setting_of(id), scope.edition_of(id).principle_of) for id in audits}
        for row in db.session.execute(ANSWERS.filter(Answer.audit_id.in_(audits))):
            said = dict(zip(names, row, strict=True))
            where, principles = about[said["audit_id"]]
            said.update(where, principle=principles.get(said["criterion"]))
            yield said

    yield from _by_audit(scope, after, find, _key("answers"))


def _findings(scope: Scope, after: Key | None) -> Iterator[Row]:
    names = ("criterion", "rating", "reason", "rating_differs", "shows", "helps", "hinders", "account_differs")

    def find(audits: list[str]) -> Iterator[Row]:
        for one in db.session.scalars(select(Finding).filter(Finding.audit_id.in_(audits))):
            said = {name: getattr(one, name) for name in names}
            principle = scope.edition_of(one.audit_id).principle_of.get(one.criterion)
            yield scope.setting_of(one.audit_id) | said | {"principle": principle}

    yield from _by_audit(scope, after, find, _key("findings"))


def _scores(scope: Scope, after: Key | None) -> Iterator[Row]:
    """Sums over the very rows of `answers`, so that they cannot disagree."""
    answers = _answers(scope, (after[0], "", "") if after else None)
    for audit_id, found in groupby(answers, key=lambda row: row["audit_id"]):
        heard: dict[tuple[str, str], list[Row]] = {}
        for row in found:
            if row["principle"] and (row["rating"] is not None or row["reason"] is not None):
                heard.setdefault((row["principle"], row["voice"] or UNSETTLED), []).append(row)
        for (principle, voice), said in sorted(heard.items()):
            yield scope.setting_of(audit_id) | {"principle": principle, "voice": voice} | _sums(said)


def _sums(said: list[Row]) -> Row:
    at = Counter(row["rating"] for row in said)
    number = sum(count for rating, count in at.items() if rating is not None)
    total = sum(rating * count for rating, count in at.items() if rating is not None)
    return {
        "contributors": len({row["contributor_id"] for row in said}),
        "ratings": number,
        "not_applicable": at[None],
        **{f"rated_{rating}": at[rating] for rating in range(4)},
        "mean": round(total / number, 4) if number else None,
        "percent_2_or_3": share(at[2] + at[3], number),
    }


def _shown_in(audits: list[str]) -> dict[tuple[str, str], list[str]]:
    """The criteria that each item of evidence of these audits shows."""
    found: dict[tuple[str, str], list[str]] = {}
    query = select(Shown.audit_id, Shown.evidence_id, Shown.criterion).filter(Shown.audit_id.in_(audits), Shown.shows)
    for audit_id, evidence_id, criterion in db.session.execute(query):
        found.setdefault((audit_id, evidence_id), []).append(criterion)
    return found


def _evidence(scope: Scope, after: Key | None) -> Iterator[Row]:
    names = ("id", "kind", "voice", "caption", "kept_where", "dated", "count", "of", "over")

    def find(audits: list[str]) -> Iterator[Row]:
        shown = _shown_in(audits)
        for one, file in db.session.execute(ITEMS.filter(Evidence.audit_id.in_(audits))):
            said = {name: getattr(one, name) for name in names}
            said["photo"] = f"{file.stored}.jpg" if file else None
            said["criteria"] = " ".join(sorted(shown.get((one.audit_id, one.id), [])))
            yield scope.setting_of(one.audit_id) | said

    yield from _by_audit(scope, after, find, _key("evidence"))


def _evidence_criteria(scope: Scope, after: Key | None) -> Iterator[Row]:
    def find(audits: list[str]) -> Iterator[Row]:
        shown = _shown_in(audits)
        for one, _ in db.session.execute(ITEMS.filter(Evidence.audit_id.in_(audits))):
            for criterion in shown.get((one.audit_id, one.id), []):
                yield {"audit_id": one.audit_id, "evidence_id": one.id, "criterion": criterion}

    yield from _by_audit(scope, after, find, _key("evidence_criteria"))


def _planned(audits: list[str]) -> Iterable[PlanItem]:
    """The items of these audits; one whose words have not arrived yet is not shown."""
    return db.session.scalars(select(PlanItem).filter(PlanItem.audit_id.in_(audits), PlanItem.what.is_not(None)))


def _plan(scope: Scope, after: Key | None) -> Iterator[Row]:
    names = ("id", "what", "whose", "due", "state", "outcome", "reason")
    day = today()

    def find(audits: list[str]) -> Iterator[Row]:
        for one in _planned(audits):
            said = {name: getattr(one, name) for name in names}
            said["criteria"] = " ".join(json.loads(one.criteria))
            said["stands"] = stands(one.state, one.due, day)
            yield scope.setting_of(one.audit_id) | said

    yield from _by_audit(scope, after, find, _key("plan"))


def _plan_criteria(scope: Scope, after: Key | None) -> Iterator[Row]:
    def find(audits: list[str]) -> Iterator[Row]:
        for one in _planned(audits):
            for criterion in json.loads(one.criteria):
                yield {"audit_id": one.audit_id, "plan_id": one.id, "criterion": criterion}

    yield from _by_audit(scope, after, find, _key("plan_criteria"))


# Who did what


def _history(scope: Scope, after: Key | None) -> Iterator[Row]:
    for id in sorted((*scope.audits, *scope.histories)):
        if after is None or id >= after[0]:
            yield from _history_of(scope, id, after[1] if after and after[0] == id else 0)


def _history_of(scope: Scope, stream_id: str, number: int) -> Iterator[Row]:
    unnamed = _unnamed(stream_id)
    page = {"next": number}
    while page["next"] is not None:
        page = history(db.session.get(Stream, stream_id), page["next"], scope.language, OPERATIONS)
        for entry in page["entries"]:
            yield {
                "stream_id": stream_id,
                "number": entry["number"],
                "audit_id": stream_id if stream_id in scope.audits else None,
                "operation_id": entry["id"],
                "kind": entry["kind"],
                "verdict": entry["verdict"],
                "author": entry["author"]["name"],
                "words": _naming_no_resident(entry, unnamed),
                "at": entry["at"],
                "received_at": entry["received_at"],
            }


def _unnamed(stream_id: str) -> dict[str, str]:
    """The labels of an audit's residents and visitors (and of those whose voice is open), with their voice."""
    query = select(Contributor.label, Contributor.voice).filter_by(audit_id=stream_id)
    return {label: voice or "?" for label, voice in db.session.execute(query) if label and voice not in NAMED}


def _naming_no_resident(entry: Row, unnamed: dict[str, str]) -> str:
    """An entry's words, with a voice where a resident's or visitor's label stands."""
    payload = entry["payload"] or {}
    words, voices = entry["words"], dict(unnamed)
    if "label" in payload and payload.get("voice") not in NAMED:
        voices[payload["label"]] = payload.get("voice") or "?"
    for label, voice in voices.items():
        words = words.replace(f"“{label}”", f"“{voice}”")
    return words


ROWS: dict[str, Callable[[Scope, Key | None], Iterator[Row]]] = {
    "organisations": _organisations,
    "sites": _sites,
    "editions": _editions,
    "criteria": _criteria,
    "audits": _audits,
    "contributors": _contributors,
    "answers": _answers,
    "findings": _findings,
    "scores": _scores,
    "evidence": _evidence,
    "evidence_criteria": _evidence_criteria,
    "plan": _plan,
    "plan_criteria": _plan_criteria,
    "history": _history,
}

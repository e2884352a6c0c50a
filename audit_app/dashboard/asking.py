"""What a manager asks about: which settings, which of their audits, in which order. Starts from what they may see."""

from collections.abc import Collection
from dataclasses import dataclass, fields
from datetime import datetime

from sqlalchemy import Select, func, select
from sqlalchemy.orm import aliased

from ..access import Person
from ..audits.models import Audit
from ..db import db, rows_of
from ..problems import Malformed
from ..sites.models import Site
from ..sites.queries import is_seen_by

VERB = "dashboard.see"
NAME, DUE, CHANGE, GAP, SHOWN = "name", "due", "change", "gap", "shown"
ORDERS = (NAME, DUE, CHANGE, GAP, SHOWN)  # by how much is shown is a ranking: only for whoever asks for it
FIRST = 1


@dataclass(frozen=True)
class Asked:
    """The filters of a question; empty ones let everything through. `cycle`: the how-manieth audit of each setting by
    the same checklist, counted from 1; 0 asks for the latest that fits. `after`: how many entries to pass over."""

    organisation: str = ""
    site: str = ""
    sector: str = ""
    checklist: str = ""
    track: str = ""
    stage: str = ""
    cycle: int = 0
    lens: str = ""
    order: str = NAME
    after: int = 0

    def __post_init__(self):
        if self.order not in ORDERS:
            raise Malformed(f"order must be one of {', '.join(ORDERS)}.")

    @property
    def is_about_audits(self) -> bool:
        """Does it ask for some audits only, so that settings without such have no place in the reply?"""
        return bool(self.checklist or self.track or self.stage or self.cycle)

    def settings(self, person: Person) -> list:
        """In a query over settings, what one has to be. The right comes first: what one may not see is neither counted
        nor timed."""
        wanted = [is_seen_by(person, VERB)]
        if self.organisation:
            wanted.append(Site.organisation_id == self.organisation)
        if self.site:
            wanted.append(Site.id == self.site)
        if self.sector:
            wanted.append(Site.sector == self.sector)
        return wanted


ASKED = tuple(field.name for field in fields(Asked))


@dataclass(frozen=True, slots=True)
class Look:
    """One setting with the audit that was asked about, and the one of the same checklist before it. `audit` is None
    where there is none."""

    site: str
    name: str
    sector: str
    organisation: str
    audit: str | None = None
    checklist: str | None = None
    edition: int | None = None
    track: str | None = None
    stage: str | None = None
    at: str | None = None
    opened_at: datetime | None = None
    cycle: int | None = None
    previous: str | None = None
    previous_edition: int | None = None


def looks(person: Person, asked: Asked) -> list[Look]:
    """The settings that `person` manages and `asked` lets through, by name, each with one audit. Those that have none
    are there too, unless some audits only were asked for."""
    query = _nth(person, asked) if asked.cycle else _latest(asked.settings(person), asked)
    found = [Look(*row) for row in rows_of(query)]
    return [look for look in found if look.audit] if asked.is_about_audits else found


def audited(person: Person, asked: Asked) -> list[Look]:
    """The same without the settings that have no such audit."""
    return [look for look in looks(person, asked) if look.audit]


def audited_in(organisations: Collection[str]) -> list[Look]:
    """Each audited setting of these organisations with its latest audit, whoever asks: not to be told, but to settle
    what has to be hidden from everybody alike."""
    found = [Look(*row) for row in rows_of(_latest([Site.organisation_id.in_(organisations)], Asked()))]
    return [look for look in found if look.audit]


def all_cycles(person: Person, asked: Asked) -> list[Look]:
    """Every audit of the settings asked about that fits, oldest first, setting by setting by name."""
    numbered = _numbered(person, asked).subquery()
    query = select(numbered).filter(*_fits(numbered.c, asked))
    order = (numbered.c.name, numbered.c.site, numbered.c.checklist, numbered.c.cycle)
    return [Look(*row) for row in db.session.execute(query.order_by(*order))]


def _numbered(person: Person, asked: Asked) -> Select:
    """Every audit of those settings, with its number among those by the same checklist and the one before it."""
    window = {"partition_by": (Audit.site_id, Audit.checklist), "order_by": (Audit.opened_at, Audit.id)}
    return (
        select(
            *_named(),
            func.row_number().over(**window).label("cycle"),
            func.lag(Audit.id).over(**window).label("previous"),
            func.lag(Audit.edition).over(**window).label("previous_edition"),
        )
        .join(Audit, Audit.site_id == Site.id)
        .filter(*asked.settings(person))
    )


def _named() -> list:
    """A setting and an audit of it, in the order of `Look`."""
    return [
        Site.id.label("site"),
        Site.name,
        Site.sector,
        Site.organisation_id.label("organisation"),
        Audit.id.label("audit"),
        Audit.checklist,
        Audit.edition,
        Audit.track,
        Audit.stage,
        Audit.at,
        Audit.opened_at,
    ]


def _fits(columns, asked: Asked) -> list:
    wanted = []
    for name in ("checklist", "track", "stage", "cycle"):
        if getattr(asked, name):
            wanted.append(getattr(columns, name) == getattr(asked, name))
    return wanted


def _latest(settings: list, asked: Asked) -> Select:
    """Each setting with its latest audit that fits, looked up setting by setting: numbering all audits of a service
    takes ten times as long."""
    own, before = aliased(Audit), aliased(Audit)
    newest = (
        select(own.id)
        .filter(own.site_id == Site.id, *_fits(own, asked))
        .order_by(own.opened_at.desc(), own.id.desc())
        .limit(1)
        .correlate(Site)
        .scalar_subquery()
    )
    earlier = (before.site_id == Audit.site_id) & (before.checklist == Audit.checklist)
    earlier &= (before.opened_at < Audit.opened_at) | ((before.opened_at == Audit.opened_at) & (before.id < Audit.id))
    last = (before.opened_at.desc(), before.id.desc())
    number = select(func.count()).select_from(before).filter(earlier).correlate(Audit).scalar_subquery()
    previous = [
        select(column).filter(earlier).order_by(*last).limit(1).correlate(Audit).scalar_subquery()
        for column in (before.id, before.edition)
    ]
    return (
        select(*_named(), number + 1, *previous)
        .select_from(Site)
        .outerjoin(Audit, Audit.id == newest)
        .filter(*settings)
        .order_by(Site.name, Site.id)
    )


def _nth(person: Person, asked: Asked) -> Select:
    """Each setting with the audit of that number, of several checklists the latest."""
    numbered = _numbered(person, asked).subquery()
    latest = func.row_number().over(
        partition_by=numbered.c.site, order_by=(numbered.c.opened_at.desc(), numbered.c.audit.desc())
    )
    ranked = select(numbered, latest.label("latest")).filter(*_fits(numbered.c, asked)).subquery()
    columns = [column for column in ranked.c if column.name != "latest"]
    return select(*columns).filter(ranked.c.latest == FIRST).order_by(ranked.c.name, ranked.c.site)

"""What the public may ask: how an award stands, what became of it, and who agreed to be named. Reads only."""

from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from flask import current_app
from sqlalchemy import Select, and_, case, func, literal_column, or_, select
from sqlalchemy.orm import aliased

from ..awards.certificate.credential import (
    EXPIRED,
    SUPERSEDED,
    SUSPENDED,
    UNKNOWN,
    VALID,
    WITHDRAWN,
    Checked,
    Registered,
    check_with_register,
    number_in,
    token_in,
)
from ..awards.certificate.keys import published_keys
from ..awards.certificate.numbers import is_number
from ..awards.models import Award, Decision, Interim, Issued
from ..awards.stages import UPHELD, interim_due_on
from ..checklists.models import Edition
from ..db import as_day, db
from ..sites.models import Organisation, Site

STANDING = (VALID, EXPIRED, SUSPENDED, WITHDRAWN, SUPERSEDED)  # how an award that there is may stand
PAGE, MOST_NEWS = 50, 50
AWARDED_IT, INTERIM, RAN_OUT, RESTORED, REPLACED = "awarded", "interim", "expired", "restored", "renewed"
TURNS = {
    "award.suspend": SUSPENDED,
    "award.withdraw": WITHDRAWN,
    "award.restore": RESTORED,
}  # a decision, and what it did

# As the index of the register words it, which `listed = 1` would not make use of on SQLite. It pays where that index
# gives the order; whoever reads all rows is faster without.
LISTED = literal_column("award.listed")
NEWEST = (Award.decided_on.desc(), Award.number.desc())

Body, Owner, Newer = aliased(Organisation), aliased(Organisation), aliased(Award)


@dataclass(frozen=True)
class Entry:
    """An award as the public meets it on a day. `newer_on`: the day of the award that took its place. `why`: what was
    published of why it is suspended or withdrawn."""

    award: Award
    site: Site
    organisation: str
    body: str
    newer_on: str | None
    why: str | None
    on: date

    @property
    def number(self) -> str:
        return self.award.number

    @property
    def state(self) -> str:
        """How it stands: one of STANDING. That it ran out is true by itself; nobody has to do anything for it."""
        return (
            EXPIRED if ended(self.award) in (None, SUSPENDED) and self.on >= self.until else ended(self.award) or VALID
        )

    @property
    def since(self) -> date | None:
        """The day from which it has held no more; None while it holds."""
        award = self.award
        days = {WITHDRAWN: award.withdrawn_on, SUPERSEDED: self.newer_on, SUSPENDED: award.suspended_on}
        told = award.until if self.state == EXPIRED else days.get(self.state)
        return as_day(told)

    @property
    def reason(self) -> str | None:
        """Why it holds no more, where that was published and the site agreed to be named."""
        return self.why if self.award.listed and self.state in TURNS.values() else None

    @property
    def decided(self) -> date:
        return date.fromisoformat(self.award.decided_on)

    @property
    def until(self) -> date:
        """The first day on which it holds no more."""
        return date.fromisoformat(self.award.until)

    @property
    def interim(self) -> date:
        """The day by which it is looked at again."""
        return interim_due_on(self.decided)

    @property
    def edition(self) -> Edition:
        """What it was judged by."""
        return current_app.extensions["checklists"].find(self.award.checklist, self.award.edition)


@dataclass(frozen=True)
class Happening:
    """One thing in the history of an award: what (a word of STANDING, or of those above), the day, and the reason that
    was published, if one was."""

    what: str
    day: date
    reason: str | None = None


@dataclass(frozen=True)
class Wanted:
    """What somebody looks for in the register; empty means any. `after`: the last that the page before showed."""

    name: str = ""
    place: str = ""
    sector: str = ""
    status: str = ""
    body: str = ""
    after: str = ""


def ended(award: Award) -> str | None:
    """What somebody did that ended the award, the last word first; None where nobody did."""
    if award.withdrawn_on:
        return WITHDRAWN
    if award.replaced_by:
        return SUPERSEDED
    return SUSPENDED if award.suspended_on else None


def find_entry(number: str, on: date) -> Entry | None:
    """The award of this number, whether its site agreed to be named or not."""
    row = db.session.execute(_entries().filter(Award.number == number)).one_or_none() if is_number(number) else None
    return Entry(*row, on) if row else None


def find_listed(number: str, on: date) -> Entry | None:
    """The award of this number if its site agreed to be named."""
    entry = find_entry(number, on)
    return entry if entry and entry.award.listed else None


def listed(wanted: Wanted, on: date, most: int | None = PAGE) -> list[Entry]:
    """Those who agreed to be named, the newest award first; at most `most`."""
    found = _wanted(_entries().filter(LISTED), wanted, on).order_by(*NEWEST)
    if is_number(wanted.after):
        day = select(Award.decided_on).filter_by(number=wanted.after, listed=True).scalar_subquery()
        found = found.filter(or_(Award.decided_on < day, and_(Award.decided_on == day, Award.number < wanted.after)))
    return [Entry(*row, on) for row in db.session.execute(found.limit(most))]


def count_listed(wanted: Wanted, on: date) -> int:
    """How many there are, on all pages together."""
    counted = select(func.count()).select_from(Award)
    if wanted == Wanted(after=wanted.after):
        return db.session.scalar(counted.filter(LISTED))
    counted = counted.filter(Award.listed)
    if wanted.place or wanted.sector:
        counted = counted.join(Site, Site.id == Award.site_id).join(Owner, Owner.id == Site.organisation_id)
    return db.session.scalar(_wanted(counted, wanted, on))


def history_of(entry: Entry) -> list[Happening]:
    """What became of an award, oldest first. Of reasons only those that were published."""
    award = entry.award
    reason = db.session.scalar(select(Decision.against_rule).filter_by(id=award.decision_id))
    told = [Happening(AWARDED_IT, entry.decided, reason)]
    reviews = select(Interim.reviewed_on).filter_by(award_number=award.number)
    told += [Happening(INTERIM, date.fromisoformat(day)) for day in db.session.scalars(reviews)]
    turns = _turns(award.number).order_by(Decision.decided_at)
    told += [_turned(decision) for decision in db.session.scalars(turns)]
    told += [Happening(REPLACED, date.fromisoformat(entry.newer_on))] if entry.newer_on else []
    told += [Happening(RAN_OUT, entry.until)] if entry.state == EXPIRED else []
    return sorted(told, key=lambda happening: happening.day)


def news(on: date) -> list[tuple[Entry, Happening]]:
    """The latest that happened to the awards of those who agreed to be named, newest first."""
    numbers = select(Award.number).filter(Award.listed).limit(MOST_NEWS)
    given = _entries_of(select(Award.number).filter(LISTED).order_by(*NEWEST).limit(MOST_NEWS), on)
    over = _entries_of(numbers.filter(Award.until <= on.isoformat()).order_by(Award.until.desc(), Award.number), on)
    replaced = numbers.join(Newer, Newer.number == Award.replaced_by).order_by(Newer.decided_on.desc(), Award.number)
    turned = (
        select(Award.number, Decision)
        .join(Decision, Decision.audit_id == Award.audit_id)
        .filter(Award.listed, _is_turn())
    )
    turns = db.session.execute(turned.order_by(Decision.decided_at.desc()).limit(MOST_NEWS)).all()
    entries = {entry.number: entry for entry in _entries_of([number for number, _ in turns], on)}

    told = [(entry, Happening(AWARDED_IT, entry.decided)) for entry in given]
    told += [(entry, Happening(RAN_OUT, entry.until)) for entry in over if entry.state == EXPIRED]
    told += [(entry, Happening(REPLACED, date.fromisoformat(entry.newer_on))) for entry in _entries_of(replaced, on)]
    told += [(entries[number], _turned(decision)) for number, decision in turns]
    return sorted(told, key=lambda pair: (pair[1].day, pair[0].number), reverse=True)[:MOST_NEWS]


def find_body(id: str) -> Organisation | None:
    """An organisation that gives awards, or has given any."""
    body = db.session.get(Organisation, id)
    has_given = select(Award.number).filter_by(body_id=id).limit(1)
    return body if body and (body.awards or db.session.scalar(has_given)) else None


def places_set(body_id: str, purpose: str) -> list[int]:
    """The places in a body's status list of this purpose whose awards are ended in that way."""
    what = {"revocation": Award.withdrawn_on, "suspension": Award.suspended_on, "refresh": Award.replaced_by}[purpose]
    return list(db.session.scalars(select(Award.list_index).filter(Award.body_id == body_id, what.is_not(None))))


def newest_at(site_id: str) -> str | None:
    """The number of a place's newest award that is in the register."""
    found = select(Award.number).filter_by(site_id=site_id, listed=True).order_by(Award.decided_on.desc(), Award.number)
    return db.session.scalar(found.limit(1))


def current_token(number: str) -> str | None:
    """The credential of an award that stands in the register as its current one."""
    return db.session.scalar(select(Issued.token).filter_by(award_number=number, current=True))


def check_shown(shown: bytes, at: datetime) -> Checked:
    """What may be said of a file or a text that somebody shows. Its signature only leads to the register."""
    token = token_in(shown)
    if token is None:
        return Checked(UNKNOWN)
    keys = published_keys()
    number = number_in(token, keys)
    return check_with_register(token, keys, number and registered(number), at)


def registered(number: str) -> Registered | None:
    """What the register holds of a number: its credentials' digests, and what ended the award."""
    award = db.session.get(Award, number)
    issued = db.session.execute(select(Issued.digest, Issued.current).filter_by(award_number=number)).all()
    current = next((digest for digest, is_current in issued if is_current), None)
    if award is None or current is None:
        return None
    return Registered(current, frozenset(digest for digest, is_current in issued if not is_current), ended(award))


def midnight(day: date) -> datetime:
    """The moment at which a day begins, as awards count it."""
    return datetime(day.year, day.month, day.day, tzinfo=UTC)


def until_midnight(at: datetime) -> timedelta:
    """How long what was said of this day may be kept: until the next one begins."""
    return midnight(at.date() + timedelta(days=1)) - at


# Inside.


def _entries() -> Select:
    return (
        select(Award, Site, Owner.name, Body.name, Newer.decided_on, _why())
        .select_from(Award)
        .join(Site, Site.id == Award.site_id)
        .join(Owner, Owner.id == Site.organisation_id)
        .join(Body, Body.id == Award.body_id)
        .join(Newer, Newer.number == Award.replaced_by, isouter=True)
    )


def _why():
    """The published reason of the latest decision that ended an award; looked up for those that were ended alone."""
    last = (
        select(Decision.published)
        .filter(Decision.audit_id == Award.audit_id, Decision.verb.in_(("award.suspend", "award.withdraw")))
        .order_by(Decision.decided_at.desc())
        .limit(1)
        .correlate(Award)
        .scalar_subquery()
    )
    return case((or_(Award.withdrawn_on.is_not(None), Award.suspended_on.is_not(None)), last))


def _entries_of(numbers: Select | list[str], on: date) -> list[Entry]:
    found = numbers if isinstance(numbers, list) else list(db.session.scalars(numbers))
    return [Entry(*row, on) for row in db.session.execute(_entries().filter(Award.number.in_(found)))]


def _wanted(found: Select, wanted: Wanted, on: date) -> Select:
    if wanted.name:
        found = found.filter(Award.holder.icontains(wanted.name, autoescape=True))
    if wanted.place:
        found = found.filter(Owner.name.icontains(wanted.place, autoescape=True))
    if wanted.sector:
        found = found.filter(Site.sector == wanted.sector)
    if wanted.body:
        found = found.filter(Award.body_id == wanted.body)
    return found.filter(*_stands(wanted.status, on.isoformat())) if wanted.status in STANDING else found


def _stands(state: str, day: str) -> tuple:
    """The state of an entry, as SQL asks for it. A test holds the two together."""
    if state == WITHDRAWN:
        return (Award.withdrawn_on.is_not(None),)
    lasting = (Award.withdrawn_on.is_(None),)
    if state == SUPERSEDED:
        return (*lasting, Award.replaced_by.is_not(None))
    lasting = (*lasting, Award.replaced_by.is_(None))
    if state == EXPIRED:
        return (*lasting, Award.until <= day)
    held = Award.suspended_on.is_not(None) if state == SUSPENDED else Award.suspended_on.is_(None)
    return (*lasting, Award.until > day, held)


def _turns(number: str) -> Select:
    """The decisions that changed how this award stands."""
    return select(Decision).join(Award, Award.audit_id == Decision.audit_id).filter(Award.number == number, _is_turn())


def _is_turn():
    """Is this a decision about an award that there was: not the one that gave it, nor one on the way there?"""
    gave = aliased(Decision)
    later = Decision.decided_at > select(gave.decided_at).filter(gave.id == Award.decision_id).scalar_subquery()
    given_back = and_(Decision.verb == "appeal.decide", Decision.outcome == UPHELD)
    return and_(later, or_(Decision.verb.in_(TURNS), given_back))


def _turned(decision: Decision) -> Happening:
    what = TURNS.get(decision.verb, RESTORED)
    return Happening(what, date.fromisoformat(decision.decided_on), decision.published)

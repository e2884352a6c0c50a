"""What recognition awaits of people by some day: of a site the facts of a report, action points, the answer to a
deferral, the next audit before an award runs out; of a body's people their assessments, panels and interim reviews, and
of its managers that they take on what was handed in and find people to judge it."""

from collections.abc import Iterator
from dataclasses import dataclass
from datetime import UTC, date, datetime, timedelta

from sqlalchemy import or_, select

from ..access import ASSESSOR, LEAD, MANAGER, PANEL, Grant, Person, grants_of
from ..db import among, as_day, db
from ..ledger.models import Stream
from ..plans.awaited import Awaited, awaits
from ..sites.models import Organisation, Site
from .assessment.points import asked_of
from .models import Assessment, Award, Interest, Member, Panel, Submission, View
from .outcomes import deferral_of, facts_by
from .queue import Known
from .stages import (
    ACTION_POINTS,
    ASSESSING,
    AWARDED,
    CONFLICT,
    DEFERRED,
    NOT_AWARDED,
    OPEN,
    RELEASED,
    RENEWED,
    STAGES,
    SUBMITTED,
    WITHDRAWN,
    interim_due_on,
)
from .waits import waits

INTERIM_NOTICE, EXPIRY_NOTICE, ANSWER_NOTICE = timedelta(60), timedelta(180), timedelta(21)
WAITING = tuple(stage for stage in STAGES if stage not in (OPEN, NOT_AWARDED, WITHDRAWN, RENEWED))
OF_SITE, OF_BODY, OF_QUEUE = "/audits/{audit}/award", "/submissions/{audit}", "/submissions"
WORDS = {
    "facts": {"en": "Check the facts of the assessor’s report", "cy": "Gwiriwch ffeithiau adroddiad yr asesydd"},
    "points": {"en": "Answer the assessor’s action points", "cy": "Atebwch bwyntiau gweithredu’r asesydd"},
    "deferral": {"en": "Answer what the panel deferred on", "cy": "Atebwch yr hyn y gohiriodd y panel arno"},
    "interim": {"en": "Look at the award again, half-way", "cy": "Ailedrychwch ar y dyfarniad, hanner ffordd"},
    "expiry": {"en": "The award runs out", "cy": "Mae’r dyfarniad yn dod i ben"},
    "assess": {"en": "Assess what was handed in", "cy": "Aseswch yr hyn a gyflwynwyd"},
    "panel": {"en": "Say your view for the panel", "cy": "Dywedwch eich barn ar gyfer y panel"},
    "take": {"en": "Take on what was handed in", "cy": "Derbyniwch yr hyn a gyflwynwyd"},
    "assign": {"en": "Ask somebody to assess it", "cy": "Gofynnwch i rywun ei asesu"},
    "assign-second": {"en": "Ask a second, blind reader", "cy": "Gofynnwch i ail ddarllenydd dall"},
    "convene": {"en": "Call a panel together", "cy": "Galwch banel ynghyd"},
    "convene-appealed": {"en": "Call a panel of others together", "cy": "Galwch banel o bobl eraill ynghyd"},
}


@dataclass(frozen=True)
class _Way:
    """A submission, where it comes from, and the award if one was given."""

    submission: Submission
    site: Site
    organisation: str
    award: Award | None

    def awaited(self, key: str, people, due: date | None, since: datetime, screen: str, **more) -> Awaited:
        """One thing that is awaited; its id is the same from day to day."""
        id = f"{self.submission.audit_id}-{key}"
        screen = screen.format(audit=self.submission.audit_id)
        place = self.site.name if screen.startswith("/audits") else f"{self.site.name}, {self.organisation}"
        return Awaited(id, frozenset(people), self.site.id, place, WORDS[key], due, since, screen, **more)


@awaits
def awaited_steps(on: date, person: Person | None = None) -> Iterator[Awaited]:
    """All of it, as of a day; at least all that is awaited of this person, if one is named."""
    ways = _ways(on, person)
    ids = [way.submission.audit_id for way in ways]
    able, assessments, silent = _Roles(ways), _assessments(ids), _silent_members(ids)
    known = Known(way.submission for way in ways)
    for way in ways:
        submission = way.submission
        leads = able.at_site(LEAD, way.site)
        assessors = able.at_body(ASSESSOR, submission.body_id)
        mine = [one for one in assessments.get(submission.audit_id, ()) if one.assessor_id in assessors]
        yield from _of_site(way, leads)
        yield from _of_assessors(way, mine)
        if way.award and submission.stage == AWARDED:
            looking = {one.assessor_id for one in mine if not one.blinded}
            yield from _of_award(way, leads, able.at_body(MANAGER, submission.body_id) | looking)
        yield from _of_managers(way, able.at_body(MANAGER, submission.body_id), known, on)
        for panel, members in silent.get(submission.audit_id, ()):
            if people := members & able.at_body(PANEL, submission.body_id):
                yield way.awaited("panel", people, as_day(panel.sits_on), panel.convened_at, OF_BODY)


def _of_site(way: _Way, leads: set[str]) -> Iterator[Awaited]:
    submission = way.submission
    if submission.stage == RELEASED and not submission.facts_checked:
        yield way.awaited("facts", leads, as_day(facts_by(submission)), _moment(submission.released_on), OF_SITE)
    if submission.stage == ACTION_POINTS:
        report = asked_of(submission)
        yield way.awaited("points", leads, as_day(report.due), report.reported_at, OF_SITE, notice=ANSWER_NOTICE)
    if submission.stage == DEFERRED:
        decision = deferral_of(submission)
        yield way.awaited("deferral", leads, as_day(decision.due), decision.decided_at, OF_SITE, notice=ANSWER_NOTICE)


def _of_assessors(way: _Way, assessments: list[Assessment]) -> Iterator[Awaited]:
    """Each assessor's own work, which has no day. A blinded one is asked however far the first has come, and learns
    nothing of that by it."""
    is_early = way.submission.stage in (SUBMITTED, ASSESSING)
    for one in assessments:
        if one.reported_at is None and (one.blinded or is_early):
            yield way.awaited("assess", {one.assessor_id}, None, one.assigned_at, OF_QUEUE)


def _of_managers(way: _Way, managers: set[str], known: Known, on: date) -> Iterator[Awaited]:
    """What goes no further without them. That an award stays suspended may be meant; of the rest nobody need wait."""
    for wait in waits(known.way_of(way.submission), on):
        if wait.of == MANAGER and wait.what in WORDS:
            yield way.awaited(wait.what, managers, None, way.submission.submitted_at, OF_QUEUE)


def _of_award(way: _Way, leads: set[str], looking: set[str]) -> Iterator[Awaited]:
    award = way.award
    decided, since = date.fromisoformat(award.decided_on), _moment(award.decided_on)
    if award.interim_on is None:
        yield way.awaited("interim", looking, interim_due_on(decided), since, OF_BODY, notice=INTERIM_NOTICE)
    yield way.awaited("expiry", leads, as_day(award.until), since, OF_SITE, notice=EXPIRY_NOTICE)


# looked up for all of them at once


def _ways(on: date, person: Person | None) -> list[_Way]:
    """The submissions that are under way, or hold an award that still runs; those where `person` has any role, if one
    is named."""
    query = (
        select(Submission, Site, Organisation.name, Award)
        .join(Stream, Stream.id == Submission.audit_id)
        .join(Site, Site.id == Stream.site_id)
        .join(Organisation, Organisation.id == Site.organisation_id)
        .outerjoin(Award, Award.audit_id == Submission.audit_id)
        .filter(Submission.stage.in_(WAITING), or_(Award.number.is_(None), Award.until > on.isoformat()))
        .order_by(Submission.audit_id)
    )
    if person is not None:
        theirs = {grant.organisation_id for grant in grants_of(person) if grant.ended_at is None}
        query = query.filter(or_(Submission.body_id.in_(theirs), Site.organisation_id.in_(theirs)))
    return [_Way(*row) for row in db.session.execute(query)]


class _Roles:
    """Who holds which role now, at these settings and at the bodies they were submitted to."""

    def __init__(self, ways: list[_Way]):
        organisations = {way.site.organisation_id for way in ways} | {way.submission.body_id for way in ways}
        query = select(Grant.role, Grant.organisation_id, Grant.site_id, Grant.person_id)
        self.held: dict[tuple, set[str]] = {}
        for *where, person in db.session.execute(
            query.filter(among(Grant.organisation_id, sorted(organisations)), Grant.ended_at.is_(None))
        ):
            self.held.setdefault(tuple(where), set()).add(person)

    def at_body(self, role: str, body_id: str) -> set[str]:
        return self.held.get((role, body_id, None), set())

    def at_site(self, role: str, site: Site) -> set[str]:
        everywhere = self.held.get((role, site.organisation_id, None), set())
        return everywhere | self.held.get((role, site.organisation_id, site.id), set())


def _assessments(audit_ids: list[str]) -> dict[str, list[Assessment]]:
    """Who assesses each of these for the body where it is now, without a conflict of interest."""
    conflict = (Interest.audit_id == Assessment.audit_id) & (Interest.person_id == Assessment.assessor_id)
    query = (
        select(Assessment)
        .join(Submission, (Submission.audit_id == Assessment.audit_id) & (Submission.body_id == Assessment.body_id))
        .outerjoin(Interest, conflict & (Interest.declared == CONFLICT))
        .filter(among(Assessment.audit_id, audit_ids), Interest.person_id.is_(None))
        .order_by(Assessment.id)
    )
    found: dict[str, list[Assessment]] = {}
    for one in db.session.scalars(query):
        found.setdefault(one.audit_id, []).append(one)
    return found


def _silent_members(audit_ids: list[str]) -> dict[str, list[tuple[Panel, set[str]]]]:
    """The panel that has not decided on each of these, with those of its members who have not said their view."""
    query = (
        select(Panel, Member.person_id)
        .join(Member, Member.panel_id == Panel.id)
        .outerjoin(View, (View.panel_id == Member.panel_id) & (View.person_id == Member.person_id))
        .filter(among(Panel.audit_id, audit_ids), Panel.closed_at.is_(None))
        .filter(Member.left_at.is_(None), View.person_id.is_(None))
    )
    found: dict[str, tuple[Panel, set[str]]] = {}
    for panel, person in db.session.execute(query):
        found.setdefault(panel.audit_id, (panel, set()))[1].add(person)
    return {audit_id: [one] for audit_id, one in found.items()}


def _moment(day: str) -> datetime:
    return datetime.fromisoformat(day).replace(tzinfo=UTC)

"""What waits at awarding bodies, and for whom: the queue of their managers, assessors and panels. Nothing of what
anybody judged is in it, and of another's work a blinded assessor learns nothing by it."""

from collections.abc import Iterable
from datetime import date

from sqlalchemy import select

from ..access import ASSESSOR, MANAGER, MAY, PANEL, Grant, Person, grants_of, names_of
from ..audits.models import Audit
from ..db import among, as_day, as_text, db, today
from ..ledger.models import Stream
from ..ledger.queries import late_counts
from ..sites.models import Organisation, Site
from .assessment.calibrating import is_drawn, shares_of
from .assessment.points import asked_in
from .models import Assessment, Award, Decider, Decision, Interest, Member, Panel, Submission, View
from .outcomes import decisions_on, facts_by, held
from .queries import AT_BODY, roles_at, veiled
from .stages import ACTION_POINTS, CONFLICT, DEFERRED, OPEN, RELEASED
from .waits import ASKED, CLEARED, SAID, TEAM, Assessing, Wait, Way, waits


def waiting_for(person: Person) -> dict:
    """What there is at awarding bodies for `person`: all of it for a body's manager; for an assessor what they were
    asked to judge, for a member of a panel that and what they decided."""
    grants = grants_of(person)
    awarding = select(Organisation.id, Organisation.name).filter(
        Organisation.id.in_({grant.organisation_id for grant in grants if grant.ended_at is None})
    )
    bodies = {id: name for id, name in db.session.execute(awarding) if roles_at(id, grants) & MAY["submission.see"]}
    roles = {id: roles_at(id, grants) for id in bodies}
    managed = {id for id in bodies if MANAGER in roles[id]}
    query = select(Submission).filter(Submission.body_id.in_(bodies), Submission.stage != OPEN)
    found = list(db.session.scalars(query.order_by(Submission.submitted_at, Submission.audit_id)))
    told = _Told(found, person)
    parts = {one.audit_id: told.parts_in(one, roles[one.body_id]) for one in found}
    mine = [one for one in found if parts[one.audit_id]]
    return {
        "submissions": [told.row(one, bodies[one.body_id], parts[one.audit_id]) for one in mine],
        "assessors": told.assessors_at({one.body_id for one in mine} & managed),
    }


class Known:
    """What is known of how far some submissions have come, looked up for all of them at once."""

    def __init__(self, submissions: Iterable[Submission]):
        self.submissions = list(submissions)
        ids = [one.audit_id for one in self.submissions]
        self.assessments = self._assessments(ids)
        interests = select(Interest.audit_id, Interest.person_id, Interest.declared)
        rows = db.session.execute(interests.filter(among(Interest.audit_id, ids))).all()
        self.declared = {(audit, person): said for audit, person, said in rows}
        self.awards = {
            one.audit_id: one for one in db.session.scalars(select(Award).filter(among(Award.audit_id, ids)))
        }
        self.sitting = self._sitting(ids)
        self.able = self._able({one.body_id for one in self.submissions})
        self.shares = shares_of({one.body_id for one in self.submissions})
        self.points = asked_in([one for one in self.submissions if one.stage == ACTION_POINTS])
        deferred = [one.audit_id for one in self.submissions if one.stage == DEFERRED]
        self.deferrals = {one.audit_id: one for one in decisions_on(deferred) if one.outcome == DEFERRED}

    def way_of(self, submission: Submission) -> Way:
        """One of them, as `waits.py` asks for it."""
        id, stage = submission.audit_id, submission.stage
        award = self.awards.get(id)
        days = held(award) if award else {}
        points, deferral = self.points.get(id), self.deferrals.get(id)
        checking = stage == RELEASED and not submission.facts_checked
        panel = self._panel(submission)
        return Way(
            stage=stage,
            taken=submission.stream_id is not None,
            drawn=is_drawn(id, self.shares.get(submission.body_id, 0)),
            assessing=tuple(self._assessing(one) for one in self.here(submission) if self._assesses(one)),
            points_by=as_day(points and points["due"]),
            facts_by=as_day(facts_by(submission)) if checking else None,
            deferral_by=as_day(deferral and deferral.due),
            panel=panel,
            gone=frozenset(panel or ()) - self.able.get((submission.body_id, PANEL), set()),
            interim_from=None if award is None or award.interim_on else as_day(days["interim_from"]),
            interim_by=as_day(days.get("interim_by")),
            until=as_day(days.get("until")),
        )

    def here(self, submission: Submission) -> list[Assessment]:
        """The assessments of a submission for the body where it is now."""
        return [one for one in self.assessments.get(submission.audit_id, ()) if one.body_id == submission.body_id]

    def _assesses(self, one: Assessment) -> bool:
        is_able = one.assessor_id in self.able.get((one.body_id, ASSESSOR), set())
        return is_able and self.declared.get((one.audit_id, one.assessor_id)) != CONFLICT

    def _assessing(self, one: Assessment) -> Assessing:
        declared = self.declared.get((one.audit_id, one.assessor_id))
        return Assessing(one.assessor_id, SAID if one.reported_at else CLEARED if declared else ASKED, one.blinded)

    def _panel(self, submission: Submission) -> dict[str, str] | None:
        members = self.sitting.get(submission.audit_id)
        if members is None:
            return None
        cleared = {id for id in members if self.declared.get((submission.audit_id, id))}
        return {id: SAID if said else CLEARED if id in cleared else ASKED for id, said in members.items()}

    def _assessments(self, ids: list[str]) -> dict[str, list[Assessment]]:
        query = select(Assessment).filter(among(Assessment.audit_id, ids))
        found: dict[str, list[Assessment]] = {}
        for one in db.session.scalars(query.order_by(Assessment.assigned_at, Assessment.id)):
            found.setdefault(one.audit_id, []).append(one)
        return found

    def _sitting(self, ids: list[str]) -> dict[str, dict[str, bool]]:
        """Who sits on each panel that has not decided, and whether they have said their view."""
        query = (
            select(Panel.audit_id, Member.person_id, Member.left_at, View.person_id.is_not(None))
            .outerjoin(Member, Member.panel_id == Panel.id)
            .outerjoin(View, (View.panel_id == Member.panel_id) & (View.person_id == Member.person_id))
            .filter(among(Panel.audit_id, ids), Panel.closed_at.is_(None))
        )
        found: dict[str, dict[str, bool]] = {}
        for audit_id, person_id, left_at, has_said in db.session.execute(query):
            members = found.setdefault(audit_id, {})
            if person_id and left_at is None:
                members[person_id] = bool(has_said)
        return found

    def _able(self, body_ids: set[str]) -> dict[tuple[str, str], set[str]]:
        """Who holds which role at these bodies now."""
        query = select(Grant.organisation_id, Grant.role, Grant.person_id).filter(
            among(Grant.organisation_id, sorted(body_ids)), Grant.site_id.is_(None), Grant.ended_at.is_(None)
        )
        found: dict[tuple[str, str], set[str]] = {}
        for body_id, role, person_id in db.session.execute(query):
            found.setdefault((body_id, role), set()).add(person_id)
        return found


class _Told:
    """What is told of some submissions to one person, looked up for all of them at once."""

    def __init__(self, submissions: list[Submission], person: Person):
        self.person, self.on = person, today()
        ids = [one.audit_id for one in submissions]
        self.known = Known(submissions)
        self.late = late_counts(ids)
        self.about = self._about(ids)
        own = [one.id for found in self.known.assessments.values() for one in found if one.assessor_id == person.id]
        self.streams = self._streams([*ids, *own, *(one.stream_id for one in submissions if one.stream_id)])
        self.decided = self._decided(ids)
        assessing = {one.assessor_id for found in self.known.assessments.values() for one in found}
        self.names = names_of(assessing | {id for members in self.known.sitting.values() for id in members})

    def assessors_at(self, body_ids: set[str]) -> list[dict]:
        """Whom a manager of these bodies may assign."""
        able = [(person, body) for body in body_ids for person in self.known.able.get((body, ASSESSOR), ())]
        names = names_of(person for person, _ in able)
        told = [{"id": person, "name": names.get(person, "?"), "body": body} for person, body in able]
        return sorted(told, key=lambda one: (one["name"], one["id"], one["body"]))

    def _about(self, ids: list[str]) -> dict:
        query = (
            select(Audit.id, Audit.checklist, Audit.edition, Site.name, Site.sector, Organisation.name)
            .join(Site, Site.id == Audit.site_id)
            .join(Organisation, Organisation.id == Site.organisation_id)
            .filter(Audit.id.in_(ids))
        )
        return {id: about for id, *about in db.session.execute(query)}

    def _streams(self, ids: list[str]) -> dict[str, Stream]:
        return {one.id: one for one in db.session.scalars(select(Stream).filter(Stream.id.in_(ids)))}

    def _standing(self, id: str | None) -> dict:
        """Where a stream stands, and how far a backup holds it."""
        found = self.streams.get(id)
        return {"cursor": found and found.cursor, "backed_up_to": found and found.backed_up_to}

    def _decided(self, ids: list[str]) -> set[str]:
        """Those of these that this person has taken part in deciding."""
        query = select(Decision.audit_id).join(Decider, Decider.decision_id == Decision.id)
        return set(db.session.scalars(query.filter(Decision.audit_id.in_(ids), Decider.person_id == self.person.id)))

    def parts_in(self, submission: Submission, roles: set[str]) -> list[str]:
        """What one has to do with it: nothing, for an assessor who is not assigned to it."""
        id = submission.audit_id
        has_part = {
            MANAGER: True,
            ASSESSOR: self._own(submission) is not None,
            PANEL: self.person.id in self.known.sitting.get(id, ()) or id in self.decided,
        }
        return [role for role in AT_BODY if role in roles and has_part[role]]

    def _own(self, submission: Submission) -> Assessment | None:
        found = (one for one in self.known.here(submission) if one.assessor_id == self.person.id)
        return next(found, None)

    def row(self, submission: Submission, body: str, parts: list[str]) -> dict:
        checklist, edition, setting, sector, organisation = self.about[submission.audit_id]
        own, award = self._own(submission), self.known.awards.get(submission.audit_id)
        is_veiled = self._is_veiled(own, parts)
        return {
            "audit": submission.audit_id,
            "body": {"id": submission.body_id, "name": body},
            "setting": setting,
            "organisation": organisation,
            "sector": sector,
            "checklist": checklist,
            "edition": edition,
            "stage": veiled(submission.stage) if is_veiled else submission.stage,
            "submitted_at": as_text(submission.submitted_at),
            "late": self.late.get(submission.audit_id, 0),
            "stream": submission.stream_id,
            **self._standing(submission.stream_id),
            "audit_cursor": self.streams[submission.audit_id].cursor,
            "parts": parts,
            "declared": self.known.declared.get((submission.audit_id, self.person.id)),
            "assessment": _assessment(own) | self._standing(own.id) if own and ASSESSOR in parts else None,
            "assessments": [self._assigned(one) for one in self.known.here(submission)] if MANAGER in parts else None,
            "award": held(award) if award and not is_veiled else None,
            "waits": self._waits(submission, own, parts),
        }

    def _is_veiled(self, own: Assessment | None, parts: list[str]) -> bool:
        return own is not None and own.blinded and own.reported_at is None and MANAGER not in parts

    def _waits(self, submission: Submission, own: Assessment | None, parts: list[str]) -> list[dict]:
        """All that waits, for a manager; for others what is theirs, what is the team's, and to a panel its own. Of what
        others do a blinded assessor is told nothing."""
        told = []
        for one in waits(self.known.way_of(submission), self.on):
            yours = one.of in parts and (one.of == MANAGER or self.person.id in one.people)
            of_panel = one.of == PANEL and PANEL in parts
            may_know = (one.of == TEAM or of_panel) and not self._is_veiled(own, parts)
            if MANAGER in parts or yours or may_know:
                told.append(self._wait(one, yours, with_names=MANAGER in parts or of_panel))
        return told

    def _wait(self, one: Wait, yours: bool, with_names: bool) -> dict:
        others = {id for id in one.people if id != self.person.id} if with_names else ()
        return {
            "of": one.of,
            "what": one.what,
            "yours": yours,
            "people": sorted(self.names.get(id, "?") for id in others),
            "opens": _text(one.opens),
            "by": _text(one.by),
        }

    def _assigned(self, one: Assessment) -> dict:
        return _assessment(one) | {
            "assessor": {"id": one.assessor_id, "name": self.names.get(one.assessor_id, "?")},
            "declared": self.known.declared.get((one.audit_id, one.assessor_id)),
        }


def _assessment(one: Assessment) -> dict:
    return {
        "id": one.id,
        "blinded": one.blinded,
        "assigned_at": as_text(one.assigned_at),
        "reported_at": as_text(one.reported_at) if one.reported_at else None,
        "released_at": as_text(one.released_at) if one.released_at else None,
    }


def _text(day: date | None) -> str | None:
    return day.isoformat() if day else None

"""Questions about recognition: what the rule says today, what Home tells of a submission, who may read what is sealed,
what waits at awarding bodies."""

import json
from collections.abc import Iterable

from sqlalchemy import func, select

from ..access import ASSESSOR, MANAGER, MAY, PANEL, Grant, Person, grants_of, may, names_of, require_may
from ..audits.models import Audit, Finding, Progress, Tally
from ..audits.queries import Seen, besides, readers
from ..checklists.models import Edition
from ..db import as_text, db
from ..evidence.models import Evidence, PhotoFile
from ..evidence.queries import kinds_by_criterion
from ..evidence.schemas import PHOTO
from ..ledger.kinds import AUDIT, proof
from ..ledger.models import Operation, Stream
from ..ledger.queries import late_counts
from ..problems import NotFound
from ..sites.models import Organisation, Site
from .assessment.judging import expected
from .assessment.points import asked_in
from .explaining import Vocabulary, explain
from .models import Assessment, Interest, Member, Panel, Return, Submission
from .outcomes import outcomes_of
from .rules import EVERY_PRINCIPLE, Verdict, judge
from .stages import APPEALED, ASSESSING, AWARDED, OPEN, RELEASED, SUBMITTED, SUSPENDED
from .stepping import case_of
from .submission.operations import require_rule

AT_BODY = (MANAGER, ASSESSOR, PANEL)
PANEL_READS = (RELEASED, AWARDED, SUSPENDED, APPEALED)


# what the rule says


def verdict_of(audit: Audit) -> Verdict:
    """What the edition's rule says of an audit as it stands: findings on which all agree, evidence that is here, voices
    that are in the count. Refuses with `NoAwardRule` an edition that holds no rule."""
    edition = require_rule(audit)
    return judge(
        edition.award_rule,
        headings_of(edition),
        findings_in(audit.id),
        {criterion: set(kinds) for criterion, kinds in kinds_by_criterion([audit.id]).get(audit.id, {}).items()},
        _voices_in(audit.id),
    )


def verdict_in_words(seen: Seen, person: Person, language: str) -> dict:
    """The same told: what the rule says, why, and what is missing; and where one may submit it, to whom."""
    audit = db.session.get(Audit, seen.stream.id)
    verdict = verdict_of(audit)
    may_submit = may(person, "audit.submit", seen.stream.organisation_id, seen.stream.site_id)
    return {
        "audit": audit.id,
        "track": audit.track,
        "stage": seen.about["stage"],
        "verdict": explain(verdict, vocabulary_of(audit, language), language),
        "differences": db.session.scalar(
            select(func.coalesce(func.sum(Progress.differences), 0)).filter_by(audit_id=audit.id)
        ),
        "photos_missing": _photos_missing(audit.id),
        "bodies": _bodies(seen.stream.organisation_id) if may_submit else [],
    }


def headings_of(edition: Edition) -> dict[str, list[str]]:
    """What the edition's rule judges one by one, a principle or a class each, with its criteria in order."""
    if edition.award_rule["kind"] == EVERY_PRINCIPLE:
        return {principle.id: [one.id for one in principle.criteria] for principle in edition.principles}
    found = {part["id"]: [] for part in edition.award_rule["classes"]}
    for criterion in edition.criteria.values():
        found[criterion.in_class].append(criterion.id)
    return found


def vocabulary_of(audit: Audit, language: str) -> Vocabulary:
    """How people at the audit's setting call what a verdict is about."""
    edition = require_rule(audit)
    spoken = edition.in_words(db.session.get(Site, audit.site_id).sector, language)
    rule = spoken["award_rule"]
    headings = spoken["principles"] if rule["kind"] == EVERY_PRINCIPLE else rule["classes"]
    return Vocabulary(
        titles={heading["id"]: heading["title"] for heading in headings},
        criteria={
            criterion["id"]: f"{at}.{number}"
            for at, principle in enumerate(spoken["principles"], 1)
            for number, criterion in enumerate(principle["criteria"], 1)
        },
        ratings={step["value"]: step["word"] for step in spoken["scale"]},
        voices=spoken["voices"],
        enough=rule["rating"],
    )


def findings_in(audit_id: str) -> dict[str, int | None]:
    """What stands on each criterion; one on which people differ, or that nobody has agreed on, is left out."""
    query = select(Finding.criterion, Finding.rating).filter(
        Finding.audit_id == audit_id, Finding.rating.is_not(None) | Finding.reason.is_not(None)
    )
    return dict(db.session.execute(query).all())


def expectations(audit: Audit) -> dict[str, str]:
    """What each finding that stands leads one to expect of the assessor's judgement."""
    enough = require_rule(audit).award_rule["rating"]
    return {criterion: expected(rating, enough) for criterion, rating in findings_in(audit.id).items()}


def _voices_in(audit_id: str) -> dict[str, set[str]]:
    found: dict[str, set[str]] = {}
    for criterion, voice in db.session.execute(select(Tally.criterion, Tally.voice).filter_by(audit_id=audit_id)):
        found.setdefault(criterion, set()).add(voice)
    return found


def _photos_missing(audit_id: str) -> int:
    query = (
        select(func.count())
        .select_from(Evidence)
        .outerjoin(PhotoFile, (PhotoFile.audit_id == Evidence.audit_id) & (PhotoFile.sha256 == Evidence.sha256))
        .filter(Evidence.audit_id == audit_id, Evidence.kind == PHOTO, ~Evidence.withdrawn, PhotoFile.sha256.is_(None))
    )
    return db.session.scalar(query)


def _bodies(besides_id: str) -> list[dict]:
    query = select(Organisation.id, Organisation.name).filter(Organisation.awards, Organisation.id != besides_id)
    return [{"id": id, "name": name} for id, name in db.session.execute(query.order_by(Organisation.name))]


# what a site is told


@besides("submission")
def submissions_of(audit_ids: list[str]) -> dict[str, dict]:
    """How far each of these audits is on its way, as its own people may know. What assessors do is no part of it."""
    found = list(db.session.scalars(select(Submission).filter(Submission.audit_id.in_(audit_ids))))
    late = late_counts(one.audit_id for one in found)
    bodies = _names_of_organisations(one.body_id for one in found)
    returns = _last_returns([one.audit_id for one in found if one.is_open])
    outcomes = outcomes_of(found)
    asked = asked_in(found)
    people = names_of([one.submitted_by for one in found] + [one.returned_by for one in returns.values()])
    return {
        one.audit_id: {
            "stage": one.stage,
            "body": {"id": one.body_id, "name": bodies[one.body_id]},
            "submitted_at": as_text(one.submitted_at),
            "submitted_by": {"id": one.submitted_by, "name": people.get(one.submitted_by, "?")},
            "late": late.get(one.audit_id, 0),
            "returned": _returned(returns.get(one.audit_id), one, people),
            "asked": asked.get(one.audit_id),
            **outcomes[one.audit_id],
        }
        for one in found
    }


def _last_returns(audit_ids: list[str]) -> dict[str, Return]:
    query = select(Return).filter(Return.audit_id.in_(audit_ids)).order_by(Return.returned_at)
    return {one.audit_id: one for one in db.session.scalars(query)}


def _returned(returned: Return | None, submission: Submission, people: dict[str, str]) -> dict | None:
    """Why it was given back; nothing where it was submitted, and recalled, since."""
    if returned is None or returned.returned_at < submission.submitted_at:
        return None
    by = {"id": returned.returned_by, "name": people.get(returned.returned_by, "?")}
    return {"at": as_text(returned.returned_at), "by": by, "reasons": json.loads(returned.reasons)}


def _names_of_organisations(ids: Iterable[str]) -> dict[str, str]:
    query = select(Organisation.id, Organisation.name).filter(Organisation.id.in_(set(ids)))
    return dict(db.session.execute(query).all())


# what a body's people see


@readers
def reads_for_a_body(audit_id: str, person: Person) -> str | None:
    """At which stage an audit is for `person` who judges it: an assessor who is assigned, a member of its panel once
    the report is released; each only with declared interests, and while they hold that role at the body. None for
    everybody else."""
    submission = db.session.get(Submission, audit_id)
    if submission is None or submission.is_open:
        return None
    roles = roles_at(submission.body_id, grants_of(person))
    if not roles & {ASSESSOR, PANEL}:
        return None
    case = case_of(submission)
    if person.id not in case.cleared:
        return None
    assesses = ASSESSOR in roles and person.id in case.assessors
    decides = PANEL in roles and person.id in case.panel and submission.stage in PANEL_READS
    return stage_told(submission, person.id) if assesses or decides else None


def is_veiled(submission: Submission, person_id: str) -> bool:
    """Does this person assess beside another, of whose work they are to know nothing yet: blinded, and not reported?"""
    here = {"audit_id": submission.audit_id, "body_id": submission.body_id, "assessor_id": person_id}
    query = select(Assessment.id).filter_by(**here, blinded=True, reported_at=None)
    return db.session.scalar(query) is not None


def stage_told(submission: Submission, person_id: str) -> str:
    """The stage of a submission as this person may know it: how far a first assessor has come, a blinded one is not
    told."""
    return veiled(submission.stage) if is_veiled(submission, person_id) else submission.stage


def veiled(stage: str) -> str:
    """A stage as it is told to an assessor who is to know nothing of another's work."""
    return stage if stage in (OPEN, SUBMITTED) else ASSESSING


def find_way(audit_id: str, person: Person) -> Stream:
    """The stream of an audit's way through the body where it is now, for that body's manager; refuses with `NotFound`
    until it is taken on. What an assessor does is in a stream of its own, and not in this one."""
    submission = db.session.get(Submission, audit_id)
    if submission is None or submission.stream_id is None:
        raise NotFound()
    require_may(person, "submission.history.see", submission.body_id)
    return db.session.get(Stream, submission.stream_id)


def roles_at(body_id: str, grants: Iterable[Grant]) -> set[str]:
    """The roles that these grants give in an awarding body as a whole, now."""
    return {
        grant.role
        for grant in grants
        if grant.ended_at is None and grant.organisation_id == body_id and grant.site_id is None
    }


def waiting_for(person: Person) -> dict:
    """What waits at awarding bodies for `person`: all of it for a body's manager; for an assessor and a panel member
    what they were asked to judge. Nothing of what anybody judged is in it."""
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
        "assessors": _assessors_at({one.body_id for one in mine} & managed),
    }


class _Told:
    """What is told of some submissions to one person, looked up for all of them at once."""

    def __init__(self, submissions: list[Submission], person: Person):
        self.person = person
        ids = [one.audit_id for one in submissions]
        self.late = late_counts(ids)
        self.about = self._about(ids)
        self.assessments: dict[str, list[Assessment]] = {}
        query = select(Assessment).filter(Assessment.audit_id.in_(ids)).order_by(Assessment.assigned_at, Assessment.id)
        for one in db.session.scalars(query):
            self.assessments.setdefault(one.audit_id, []).append(one)
        own = [one.id for found in self.assessments.values() for one in found if one.assessor_id == person.id]
        self.streams = self._streams([*ids, *own, *(one.stream_id for one in submissions if one.stream_id)])
        interests = select(Interest.audit_id, Interest.person_id, Interest.declared).filter(Interest.audit_id.in_(ids))
        self.declared = {(audit, who): said for audit, who, said in db.session.execute(interests)}
        self.sits = self._sits(ids)
        self.names = names_of(one.assessor_id for found in self.assessments.values() for one in found)

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

    def _sits(self, ids: list[str]) -> set[str]:
        query = select(Panel.audit_id).join(Member, Member.panel_id == Panel.id)
        sitting = query.filter(Panel.audit_id.in_(ids), Panel.closed_at.is_(None), Member.left_at.is_(None))
        return set(db.session.scalars(sitting.filter(Member.person_id == self.person.id)))

    def parts_in(self, submission: Submission, roles: set[str]) -> list[str]:
        """What one has to do with it: nothing, for an assessor who is not assigned to it."""
        has_part = {
            MANAGER: True,
            ASSESSOR: self._own(submission) is not None,
            PANEL: submission.audit_id in self.sits,
        }
        return [role for role in AT_BODY if role in roles and has_part[role]]

    def _own(self, submission: Submission) -> Assessment | None:
        found = (one for one in self._here(submission) if one.assessor_id == self.person.id)
        return next(found, None)

    def _here(self, submission: Submission) -> list[Assessment]:
        return [one for one in self.assessments.get(submission.audit_id, ()) if one.body_id == submission.body_id]

    def row(self, submission: Submission, body: str, parts: list[str]) -> dict:
        checklist, edition, setting, sector, organisation = self.about[submission.audit_id]
        own = self._own(submission)
        return {
            "audit": submission.audit_id,
            "body": {"id": submission.body_id, "name": body},
            "setting": setting,
            "organisation": organisation,
            "sector": sector,
            "checklist": checklist,
            "edition": edition,
            "stage": self._stage(submission, own, parts),
            "submitted_at": as_text(submission.submitted_at),
            "late": self.late.get(submission.audit_id, 0),
            "stream": submission.stream_id,
            **self._standing(submission.stream_id),
            "audit_cursor": self.streams[submission.audit_id].cursor,
            "parts": parts,
            "declared": self.declared.get((submission.audit_id, self.person.id)),
            "assessment": _assessment(own) | self._standing(own.id) if own and ASSESSOR in parts else None,
            "assessments": [self._assigned(one) for one in self._here(submission)] if MANAGER in parts else None,
        }

    def _stage(self, submission: Submission, own: Assessment | None, parts: list[str]) -> str:
        is_blinded = own is not None and own.blinded and own.reported_at is None
        return veiled(submission.stage) if is_blinded and MANAGER not in parts else submission.stage

    def _assigned(self, one: Assessment) -> dict:
        return _assessment(one) | {
            "assessor": {"id": one.assessor_id, "name": self.names.get(one.assessor_id, "?")},
            "declared": self.declared.get((one.audit_id, one.assessor_id)),
        }


def _assessment(one: Assessment) -> dict:
    return {
        "id": one.id,
        "blinded": one.blinded,
        "assigned_at": as_text(one.assigned_at),
        "reported_at": as_text(one.reported_at) if one.reported_at else None,
        "released_at": as_text(one.released_at) if one.released_at else None,
    }


def _assessors_at(body_ids: set[str]) -> list[dict]:
    query = select(Grant.organisation_id, Grant.person_id).filter(
        Grant.organisation_id.in_(body_ids), Grant.role == ASSESSOR, Grant.site_id.is_(None), Grant.ended_at.is_(None)
    )
    found = db.session.execute(query).all()
    names = names_of(person for _, person in found)
    told = [{"id": person, "name": names.get(person, "?"), "body": body} for body, person in found]
    return sorted(told, key=lambda one: (one["name"], one["id"], one["body"]))


# what can be proved


@proof(AUDIT)
def prove_seal(stream: Stream) -> str | None:
    """A submission holds what the ledger said where it was sealed; the seal is closed just while it is submitted; and
    the audit stands at the stage that its submission is at."""
    submission = db.session.get(Submission, stream.id)
    if submission is None:
        return None if stream.sealed_at is None else "it is sealed, and was never submitted"
    sealed = db.session.get(Operation, (stream.id, submission.sealed_number))
    if sealed is None or sealed.digest != submission.sealed_digest:
        return f"what was submitted is not what the ledger said at operation {submission.sealed_number}"
    if stream.sealed_at != (None if submission.is_open else submission.sealed_number):
        return "its seal is not as its submission has it"
    audit = db.session.get(Audit, stream.id)
    if audit is None or audit.stage != submission.stage:
        return f"its submission is {submission.stage}, and the audit is not"
    return None

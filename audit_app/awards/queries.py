"""Questions about recognition: what the rule says today, what Home tells of a submission, who may read what is sealed.
What waits at awarding bodies is in `queue.py`."""

import json
from collections.abc import Iterable

from sqlalchemy import func, select

from ..access import ASSESSOR, MANAGER, PANEL, Grant, Person, grants_of, may, names_of, require_may
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
from .assessment.points import asked_in, asked_of
from .explaining import Vocabulary, explain
from .models import Assessment, Return, Submission
from .outcomes import deferral_of, outcomes_of
from .rules import EVERY_PRINCIPLE, Verdict, judge
from .stages import ACTION_POINTS, APPEALED, ASSESSING, AWARDED, DEFERRED, OPEN, RELEASED, SUBMITTED, SUSPENDED
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
    the report is released, and whoever decided on it from then on; each only with declared interests, and while they
    hold that role at the body. None for everybody else."""
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
    sits = person.id in case.panel and submission.stage in PANEL_READS
    decides = PANEL in roles and (sits or person.id in case.decided_by)
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


# what can be proved


def _asked_of(submission: Submission) -> str | None:
    """The criteria that a site is asked about now."""
    if submission.stage == ACTION_POINTS:
        return json.dumps([point["criterion"] for point in json.loads(asked_of(submission).points)])
    return deferral_of(submission).criteria if submission.stage == DEFERRED else None


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
    if stream.asked != _asked_of(submission):
        return "its seal lets in what answers something else than is asked"
    audit = db.session.get(Audit, stream.id)
    if audit is None or audit.stage != submission.stage:
        return f"its submission is {submission.stage}, and the audit is not"
    return None

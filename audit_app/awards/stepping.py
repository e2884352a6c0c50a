"""Steps on what is held: the submission locked, its case built, the step decided by `stages.py`, its row following.

Every step in whichever stream goes through `take_step()`. Locks are taken in one order, so that no two steps wait for
each other: the stream that is written to (by `perform`), the audit's stream where it is needed, the submission last.
"""

import json
from collections.abc import Collection, Iterable
from datetime import date

from sqlalchemy import select

from ..access import Person, grants_of
from ..audits.models import Audit
from ..audits.operations import move_audit
from ..db import as_day, db, now, today
from ..ledger.models import Stream
from ..ledger.operations import ask, seal
from ..ledger.perform import lock
from ..problems import NotFound
from . import stages
from .models import Assessment, Decider, Decision, Interest, Member, Panel, Submission, View
from .outcomes import deferral_of
from .refusing import BY_REASON
from .stages import ANSWERING, BODY, CONFLICT, OPEN, SITE, Case, Refused, Step, take

DAYS = ("released_on", "decided_on", "awarded_on", "interim_on")


def lock_submission(audit_id: str, *, with_audit: bool = False) -> Submission:
    """The submission of an audit, locked; refuses with `NotFound` where there never was one. `with_audit`: the audit's
    stream is locked before it, for steps of another stream that write to it or open its seal."""
    if with_audit:
        lock(audit_id)
    query = select(Submission).filter_by(audit_id=audit_id).with_for_update()
    found = db.session.scalar(query.execution_options(populate_existing=True))
    if found is None:
        raise NotFound()
    return found


def audit_of(stream: Stream) -> str:
    """The id of the audit that a submission's or an assessment's stream is about, while it is with that body; refuses
    with `NotFound` where it has gone to another since."""
    query = select(Submission.audit_id).filter(Submission.body_id == stream.organisation_id)
    if stream.kind == "assessment":
        query = query.join(Assessment, Assessment.audit_id == Submission.audit_id).filter(Assessment.id == stream.id)
    else:
        query = query.filter(Submission.stream_id == stream.id)
    found = db.session.scalar(query)
    if found is None:
        raise NotFound("This submission is no longer with this awarding body.")
    return found


def case_of(submission: Submission) -> Case:
    """What `stages.py` needs to know: all that is held of this submission, as far as it bears on what may be done next.
    Who assessed for another body does not."""
    id = submission.audit_id
    declared = dict(db.session.execute(select(Interest.person_id, Interest.declared).filter_by(audit_id=id)).all())
    conflicted = {person for person, said in declared.items() if said == CONFLICT}
    assessments = db.session.execute(
        select(Assessment.assessor_id, Assessment.begun_at, Assessment.body_id).filter_by(audit_id=id)
    ).all()
    panel = _sitting(id)
    deciders = db.session.execute(
        select(Decider.person_id, Decider.barred)
        .join(Decision, Decision.id == Decider.decision_id)
        .filter(Decision.audit_id == id)
    ).all()
    return Case(
        organisation=db.session.get(Stream, id).organisation_id,
        stage=submission.stage,
        assessors=frozenset(one.assessor_id for one in assessments if one.body_id == submission.body_id) - conflicted,
        assessed_by=frozenset(one.assessor_id for one in assessments if one.begun_at),
        cleared=frozenset(declared) - conflicted,
        conflicted=frozenset(conflicted),
        panel=frozenset(panel),
        views=frozenset(person for person, has_said in panel.items() if has_said),
        decided_by=frozenset(person for person, _ in deciders),
        barred=frozenset(person for person, barred in deciders if barred),
        facts_checked=submission.facts_checked,
        appealed_from=submission.appealed_from,
        **{name: as_day(getattr(submission, name)) for name in DAYS},
    )


def _sitting(audit_id: str) -> dict[str, bool]:
    """Who sits on the panel that has not decided yet, and whether they have said their view."""
    query = (
        select(Member.person_id, View.person_id.is_not(None))
        .join(Panel, Panel.id == Member.panel_id)
        .outerjoin(View, (View.panel_id == Member.panel_id) & (View.person_id == Member.person_id))
        .filter(Panel.audit_id == audit_id, Panel.closed_at.is_(None), Member.left_at.is_(None))
    )
    return dict(db.session.execute(query).all())


def take_step(
    submission: Submission,
    verb: str,
    *,
    by: Person,
    outcome: str | None = None,
    people: Iterable[Person] = (),
    on: date | None = None,
    **more,
) -> Case:
    """Take a step with a submission that is locked, today or `on` a day; `more` is what else `stages.Step` may say.

    The submission's stage and days follow, and the audit's stage with them; rows of their own (an assessment, an
    interest, a panel, a decision) are the caller's to write. Gives the case after the step; refuses with one of the
    problems of `refusing.py`.
    """
    step = Step(
        verb,
        in_case(by, submission),
        on or today(),
        outcome=outcome,
        people=tuple(in_case(person, submission) for person in people),
        **more,
    )
    try:
        after = take(case_of(submission), step)
    except Refused as refused:
        raise BY_REASON[refused.args[0]]() from None
    _follow(submission, after, step.criteria)
    return after


def begin_assessment(assessment_id: str, *, by: Person) -> None:
    """Note that an assessor judges: from the first judgement on the submission is being assessed, and no lead recalls
    it. Refuses, changing nothing, whoever may not judge now. For each arriving judgement, and never for a redrawing."""
    assessment = db.session.get(Assessment, assessment_id)
    if assessment is None or assessment.assessor_id != by.id:
        raise BY_REASON[stages.ASSIGNED]()
    take_step(lock_submission(assessment.audit_id), "judgement.record", by=by)
    assessment.begun_at = assessment.begun_at or now()
    db.session.flush()


def _follow(submission: Submission, after: Case, criteria: Collection[str]) -> None:
    before = submission.stage
    if after.stage != before:
        move_audit(db.session.get(Audit, submission.audit_id), stage=after.stage)
    submission.stage = after.stage
    submission.facts_checked = after.facts_checked
    submission.appealed_from = after.appealed_from
    for name in DAYS:
        day = getattr(after, name)
        setattr(submission, name, day.isoformat() if day else None)
    db.session.flush()
    if (before in ANSWERING) != (after.stage in ANSWERING) and after.stage != OPEN:
        _ask(submission, criteria)


def _ask(submission: Submission, criteria: Collection[str]) -> None:
    """While criteria are asked about, the site may agree on them anew and show more; with its answer the audit is
    sealed anew. The caller has locked the audit's stream."""
    stream = db.session.get(Stream, submission.audit_id)
    if submission.stage in ANSWERING:  # a deferral stands again where an appeal against it is dismissed
        ask(stream, criteria or json.loads(deferral_of(submission).criteria))
    else:
        seal_submission(submission, stream)


def seal_submission(submission: Submission, stream: Stream) -> None:
    """What is judged from now on is what the audit's ledger says now. The caller has locked the audit's stream."""
    submission.sealed_number, submission.sealed_digest = stream.seq, stream.digest
    seal(stream)


def in_case(person: Person, submission: Submission) -> stages.Person:
    """Somebody as the state machine knows them: the organisations they belong to now, and their roles that bear on this
    submission."""
    audit = db.session.get(Stream, submission.audit_id)
    grants = [grant for grant in grants_of(person) if grant.ended_at is None]
    at_site = {(SITE, grant.role) for grant in grants if grant.reaches(audit.organisation_id, audit.site_id)}
    at_body = {(BODY, grant.role) for grant in grants if grant.reaches(submission.body_id, None)}
    organisations = frozenset(grant.organisation_id for grant in grants if grant.organisation_id)
    return stages.Person(person.id, organisations, frozenset(at_site | at_body))

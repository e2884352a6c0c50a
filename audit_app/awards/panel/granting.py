"""The award itself: given by a decision, looked at again half-way, replaced by the next one. It lapses by itself.

An award of a later audit of the same setting and checklist, by the same body, takes the place of the earlier one: the
step `award.renew` is then taken with the earlier one, by whoever recorded the decision, in both histories. A panel
takes it by hand where the later award is by another checklist.
"""

import secrets
from datetime import date

from sqlalchemy import select

from ...access import Person
from ...audits.models import Audit
from ...db import db, new_id, now, today
from ...ledger.canonical import tidy
from ...ledger.kinds import AUDIT, SUBMISSION, online, proof
from ...ledger.models import Stream
from ...ledger.perform import Scene, lock, record
from ...problems import Problem
from ...sites.models import Organisation, Site
from ..certificate.issuing import issue
from ..certificate.numbers import new_number
from ..models import LIST_PLACES, Award, Decision, Interim, Submission
from ..refusing import NothingReplacesIt
from ..stages import APPEALED, AWARDED, RENEWED, SUSPENDED, WITHDRAWN, expires_on
from ..stepping import audit_of, lock_submission, take_step
from .schemas import InterimSchema, RenewSchema

GUESSES = 32


class ListFull(Problem):
    """A status list has room for 131,072 awards of one body, and this body has given as many."""

    title = "This body’s list of awards is full"


def award_of(audit_id: str) -> Award | None:
    """The award that was given on this audit, if one was."""
    return db.session.scalar(select(Award).filter_by(audit_id=audit_id))


def give(submission: Submission, decision: Decision) -> Award:
    """Give the award that a panel decided on: its number, its place in the body's lists, its certificate."""
    audit = db.session.get(Audit, submission.audit_id)
    site = db.session.get(Site, audit.site_id)
    day = date.fromisoformat(decision.decided_on)
    award = Award(
        number=_free_number(day.year),
        audit_id=submission.audit_id,
        site_id=site.id,
        body_id=submission.body_id,
        decision_id=decision.id,
        holder=site.name,
        checklist=audit.checklist,
        edition=audit.edition,
        decided_on=decision.decided_on,
        until=expires_on(day).isoformat(),
        list_index=_free_place(submission.body_id),
        listed=submission.listed,
        record_digest=submission.sealed_digest,
    )
    db.session.add(award)
    db.session.flush()
    issue(award)
    return award


def _free_number(year: int) -> str:
    while db.session.get(Award, number := new_number(year)):
        pass
    return number


def _free_place(body_id: str) -> int:
    """A place in the body's status lists that nobody has, at random: so that a list tells nothing of its order. Of two
    who ask at once, one waits."""
    db.session.execute(select(Organisation.id).filter_by(id=body_id).with_for_update(key_share=True))
    for _ in range(GUESSES):
        place = secrets.randbelow(LIST_PLACES)
        if not db.session.scalar(select(Award.number).filter_by(body_id=body_id, list_index=place)):
            return place
    free = set(range(LIST_PLACES)) - set(db.session.scalars(select(Award.list_index).filter_by(body_id=body_id)))
    if not free:
        raise ListFull()
    return secrets.choice(sorted(free))


# one award a place


def settle_place(award: Award, by: Person) -> None:
    """See to it that of one body's awards to a place by one checklist the latest alone stands: this one gives way to a
    later one, or takes the place of those before it."""
    db.session.execute(select(Site.id).filter_by(id=award.site_id).with_for_update(key_share=True))
    others = _beside(award)
    later = [one for one, given in others if given > _given_at(award)]
    if later:
        _replace(award, later[-1], by)
        return
    for one, _ in others:
        _replace(one, award, by)


def _beside(award: Award) -> list[tuple[Award, object]]:
    """The other awards of the same place, checklist and body that nobody withdrew, each with when it was given."""
    query = (
        select(Award, Decision.decided_at)
        .join(Decision, Decision.id == Award.decision_id)
        .filter(Award.site_id == award.site_id, Award.checklist == award.checklist, Award.body_id == award.body_id)
        .filter(Award.number != award.number, Award.withdrawn_on.is_(None))
        .order_by(Decision.decided_at, Award.number)
    )
    return [(one, given) for one, given in db.session.execute(query)]


def _given_at(award: Award):
    return db.session.get(Decision, award.decision_id).decided_at


def _replace(award: Award, later: Award, by: Person) -> None:
    """Let `later` stand where `award` stood, if that one stands still; both histories tell it."""
    found = db.session.get(Submission, award.audit_id)
    streams = [lock(found.stream_id), lock(award.audit_id)]
    submission = lock_submission(award.audit_id)
    if submission.stage != AWARDED or award.until <= today().isoformat():
        return
    take_step(submission, "award.renew", by=by, replaced_by=later.number)
    award.replaced_by = later.number
    for stream in streams:
        record(stream, "award.renew", {"replaced_by": later.number}, by=by)


@online(
    "award.renew",
    RenewSchema,
    {
        "en": "{who} recorded that the award {replaced_by} comes after this one",
        "cy": "Cofnododd {who} fod y dyfarniad {replaced_by} yn dod ar ôl hwn",
    },
    stream=SUBMISSION,
)
def renew_award(by: Person, stream: Stream, payload: dict) -> None:
    """Name the award that comes after this one: of the same place, by the same body, decided later."""
    submission = lock_submission(audit_of(stream), with_audit=True)
    take_step(submission, "award.renew", by=by, replaced_by=payload["replaced_by"])
    award, later = award_of(submission.audit_id), db.session.get(Award, payload["replaced_by"])
    if later is None or not _comes_after(later, award):
        raise NothingReplacesIt()
    award.replaced_by = later.number
    record(lock(submission.audit_id), "award.renew", payload, by=by)


def _comes_after(later: Award, award: Award) -> bool:
    same_place = (later.site_id, later.body_id) == (award.site_id, award.body_id)
    return same_place and later.withdrawn_on is None and _given_at(later) > _given_at(award)


# half-way


def _told_of_interim(scene: Scene, payload: dict, language: str) -> dict:
    return {"besides": f": “{payload['says']}”"}


@online(
    "interim.review",
    InterimSchema,
    {"en": "{who} looked at the award again", "cy": "Ailedrychodd {who} ar y dyfarniad"},
    stream=SUBMISSION,
    tell=_told_of_interim,
)
def review_interim(by: Person, stream: Stream, payload: dict) -> None:
    """Look at an award again half-way, and say what was found. The site's history tells it."""
    submission = lock_submission(audit_of(stream), with_audit=True)
    day = today()
    take_step(submission, "interim.review", by=by, on=day)
    award = award_of(submission.audit_id)
    award.interim_on = day.isoformat()
    says = {"reviewed_on": award.interim_on, "reviewed_at": now(), "says": tidy(payload["says"])}
    db.session.add(Interim(id=new_id(), award_number=award.number, reviewed_by=by.id, **says))
    record(lock(submission.audit_id), "interim.review", payload, by=by)


# what can be proved


@proof(AUDIT)
def prove_award(stream: Stream) -> str | None:
    """There is an award just where one was decided, on the day and for what was sealed; it is suspended, withdrawn or
    replaced just where its submission is; and what replaces it is another award of the same place and body."""
    submission = db.session.get(Submission, stream.id)
    award = award_of(stream.id)
    if submission is None or award is None:
        return None if award is None and not (submission and submission.awarded_on) else "its award is missing"
    if (award.decided_on, award.record_digest) != (submission.awarded_on, submission.sealed_digest):
        return "its award is of another day, or of another record than the one that was handed in"
    if award.until != expires_on(date.fromisoformat(award.decided_on)).isoformat():
        return "its award does not hold for 36 months"
    stage = submission.appealed_from if submission.stage == APPEALED else submission.stage
    stands = {
        SUSPENDED: award.suspended_on is not None,
        WITHDRAWN: award.withdrawn_on is not None,
        RENEWED: award.replaced_by is not None,
    }
    if stage == WITHDRAWN:
        stands[SUSPENDED] = False  # one that was suspended before it was withdrawn keeps the day
    if {name for name, is_so in stands.items() if is_so} != {stage} - {AWARDED}:
        return f"its submission is {stage}, and its award is not"
    later = db.session.get(Award, award.replaced_by) if award.replaced_by else None
    if later and (later.site_id, later.body_id) != (award.site_id, award.body_id):
        return "another place’s award stands in its award’s place"
    return None

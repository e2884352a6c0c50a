"""What became of submissions, as their sites may know it: the decision and its letter, the award, the appeal. Who sat
on a panel, what its members held, and when they meet is no part of it."""

import json
from datetime import date

from sqlalchemy import select

from ..access import names_of
from ..db import as_text, db, today
from .happened import happened_to
from .models import Appeal, Award, Decision, Submission
from .stages import (
    APPEAL_WITHIN,
    DEFERRED,
    FACT_CHECK,
    INTERIM_OPENS_MONTHS,
    RELEASED,
    SUPERSEDED,
    SUSPENDED,
    TABLE,
    VALID,
    WITHDRAWN,
    interim_due_on,
    months_after,
)

EXPIRED = "expired"
APPEALABLE = {stage for stage, verb, _ in TABLE if verb == "appeal.lodge"}


def outcomes_of(submissions: list[Submission]) -> dict[str, dict]:
    """What a site is told of each of these, by audit."""
    ids = [one.audit_id for one in submissions]
    all_decisions = decisions_on(ids)
    decisions = {one.audit_id: one for one in all_decisions}
    happened = happened_to(submissions, all_decisions)
    awards = {one.audit_id: one for one in db.session.scalars(select(Award).filter(Award.audit_id.in_(ids)))}
    appeals = {audit_id: told[-1] for audit_id, told in appeals_on(ids).items()}
    return {
        one.audit_id: {
            "listed": one.listed,
            "facts_by": facts_by(one) if one.stage == RELEASED and not one.facts_checked else None,
            "decision": decided(decisions[one.audit_id]) if one.audit_id in decisions else None,
            "award": held(awards[one.audit_id]) if one.audit_id in awards else None,
            "appeal": appeals.get(one.audit_id),
            "appeal_by": appeal_by(one),
            "happened": happened[one.audit_id],
        }
        for one in submissions
    }


def decisions_on(audit_ids: list[str]) -> list[Decision]:
    """All decisions on these audits, oldest first."""
    query = select(Decision).filter(Decision.audit_id.in_(audit_ids)).order_by(Decision.decided_at, Decision.id)
    return list(db.session.scalars(query))


def deferral_of(submission: Submission) -> Decision:
    """The deferral that stands, or stood last."""
    found = select(Decision).filter_by(audit_id=submission.audit_id, verb="panel.decide", outcome=DEFERRED)
    return db.session.scalar(found.order_by(Decision.decided_at.desc()).limit(1))


def appeals_on(audit_ids: list[str]) -> dict[str, list[dict]]:
    """The appeals against what was decided on each of these audits, oldest first."""
    query = (
        select(Appeal, Decision.decided_on)
        .outerjoin(Decision, Decision.id == Appeal.decision_id)
        .filter(Appeal.audit_id.in_(audit_ids))
        .order_by(Appeal.lodged_at, Appeal.id)
    )
    rows = db.session.execute(query).all()
    names = names_of(appeal.lodged_by for appeal, _ in rows)
    told: dict[str, list[dict]] = {}
    for appeal, decided_on in rows:
        told.setdefault(appeal.audit_id, []).append(
            {
                "id": appeal.id,
                "lodged_on": appeal.lodged_on,
                "lodged_by": {"id": appeal.lodged_by, "name": names.get(appeal.lodged_by, "?")},
                "grounds": appeal.grounds,
                "outcome": appeal.outcome,
                "decided_on": decided_on,
            }
        )
    return told


def decided(decision: Decision) -> dict:
    """A decision as its site reads it."""
    return {
        "verb": decision.verb,
        "outcome": decision.outcome,
        "decided_on": decision.decided_on,
        "letter": decision.letter,
        "against_rule": decision.against_rule,
        "published": decision.published,
        "criteria": json.loads(decision.criteria),
        "due": decision.due,
        "answered_at": as_text(decision.answered_at) if decision.answered_at else None,
        "answer": json.loads(decision.answer) if decision.answer else None,
    }


def held(award: Award) -> dict:
    """An award as its site reads it."""
    decided_on = date.fromisoformat(award.decided_on)
    return {
        "number": award.number,
        "decided_on": award.decided_on,
        "until": award.until,
        "interim_from": months_after(decided_on, INTERIM_OPENS_MONTHS).isoformat(),
        "interim_by": interim_due_on(decided_on).isoformat(),
        "interim_on": award.interim_on,
        "state": state_of(award, today()),
        "replaced_by": award.replaced_by,
    }


def state_of(award: Award, on: date) -> str:
    """How an award stands on a day, in the register's words."""
    if award.withdrawn_on:
        return WITHDRAWN
    if award.replaced_by:
        return SUPERSEDED
    if award.until <= on.isoformat():
        return EXPIRED
    return SUSPENDED if award.suspended_on else VALID


def facts_by(submission: Submission) -> str | None:
    """The day from which a panel decides although the site has not checked the report's facts."""
    released = submission.released_on
    return (date.fromisoformat(released) + FACT_CHECK).isoformat() if released else None


def appeal_by(submission: Submission) -> str | None:
    """The last day on which an appeal may be lodged; None where none may, or where that day is over."""
    if submission.stage not in APPEALABLE or not submission.decided_on:
        return None
    last = date.fromisoformat(submission.decided_on) + APPEAL_WITHIN
    return last.isoformat() if last >= today() else None

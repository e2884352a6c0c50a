"""What happened on an audit's way to an award, day by day, as its site reads it. A panel speaks as one, so its members
are not named here, nor is an assessor before their report is out; who recorded a step is in the audit's history, which
names whoever answers for it. A blinded assessor's work is in neither."""

from collections.abc import Iterator
from datetime import datetime

from sqlalchemy import select

from ..access import names_of
from ..db import among, db
from .models import Appeal, Assessment, Award, Correction, Decision, Interim, Report, Submission, Visit
from .stages import TURNS

Entry = tuple[str, datetime, dict]  # of which audit, when, and what is told of it, with the id of whoever did it


def happened_to(submissions: list[Submission], decisions: list[Decision]) -> dict[str, list[dict]]:
    """All that happened since each of these was handed in, oldest first, by audit; nothing of one that is open again.
    `decisions`: those that were taken on any of them."""
    handed = {one.audit_id: one for one in submissions if not one.is_open}
    entries = [_entry(one.audit_id, one.submitted_at, "handed-in", one.submitted_by) for one in handed.values()]
    for source in (_assessed, _checked, _appealed, _looked_at, _replaced):
        entries += source(handed)
    entries += [entry for one in decisions if one.audit_id in handed for entry in _decided(one)]
    names = names_of({told["by"] for _, _, told in entries if told["by"]})
    found: dict[str, list[dict]] = {one.audit_id: [] for one in submissions}
    for audit_id, _, told in sorted(entries, key=lambda entry: entry[1]):
        found[audit_id].append(_named(told, names))
    return found


def _entry(audit_id: str, at: datetime, what: str, by: str | None = None, on: str | None = None, **more) -> Entry:
    return audit_id, at, {"what": what, "on": on or at.date().isoformat(), "by": by, "number": None, **more}


def _named(told: dict, names: dict[str, str]) -> dict:
    return told | {"by": {"id": told["by"], "name": names.get(told["by"], "?")} if told["by"] else None}


def _assessed(handed: dict[str, Submission]) -> Iterator[Entry]:
    """A first assessor's reports, what the site answered, the visits, and that the report was released."""
    query = select(Assessment).filter(among(Assessment.audit_id, list(handed)), ~Assessment.blinded)
    firsts = {one.id: one for one in db.session.scalars(query) if one.body_id == handed[one.audit_id].body_id}
    reports = select(Report).filter(among(Report.assessment_id, list(firsts)))
    for one in db.session.scalars(reports):
        if one.reported_at < handed[one.audit_id].submitted_at:
            continue  # it was given back since, and handed in anew
        yield _entry(one.audit_id, one.reported_at, one.outcome)
        if one.answered_at:
            yield _entry(one.audit_id, one.answered_at, "answered", one.answered_by)
    for one in db.session.scalars(select(Visit).filter(among(Visit.assessment_id, list(firsts)))):
        yield _entry(firsts[one.assessment_id].audit_id, one.recorded_at, "visited", on=one.visited_on)
    for one in firsts.values():
        if one.released_at:
            on = handed[one.audit_id].released_on
            yield _entry(one.audit_id, one.released_at, "released", one.assessor_id, on)


def _checked(handed: dict[str, Submission]) -> Iterator[Entry]:
    for one in db.session.scalars(select(Correction).filter(among(Correction.audit_id, list(handed)))):
        if one.body_id == handed[one.audit_id].body_id:
            yield _entry(one.audit_id, one.corrected_at, "checked", one.corrected_by)


def _decided(one: Decision) -> Iterator[Entry]:
    """A decision, and the site's answer to it where it was a deferral."""
    yield _entry(one.audit_id, one.decided_at, TURNS.get(one.verb, one.outcome), on=one.decided_on)
    if one.answered_at:
        yield _entry(one.audit_id, one.answered_at, "answered-panel")


def _appealed(handed: dict[str, Submission]) -> Iterator[Entry]:
    for one in db.session.scalars(select(Appeal).filter(among(Appeal.audit_id, list(handed)))):
        yield _entry(one.audit_id, one.lodged_at, "appealed", one.lodged_by, one.lodged_on)


def _looked_at(handed: dict[str, Submission]) -> Iterator[Entry]:
    query = select(Interim, Award.audit_id).join(Award, Award.number == Interim.award_number)
    for one, audit_id in db.session.execute(query.filter(among(Award.audit_id, list(handed)))):
        yield _entry(audit_id, one.reviewed_at, "looked-at", one.reviewed_by, one.reviewed_on)


def _replaced(handed: dict[str, Submission]) -> Iterator[Entry]:
    """The award that took an earlier one's place, as of the day on which it was given."""
    query = select(Award.audit_id, Award.replaced_by).filter(among(Award.audit_id, list(handed)))
    replaced = db.session.execute(query.filter(Award.replaced_by.is_not(None))).all()
    numbers = [number for _, number in replaced]
    given = select(Award.number, Decision.decided_at, Award.decided_on).join(Decision, Decision.id == Award.decision_id)
    later = {number: days for number, *days in db.session.execute(given.filter(among(Award.number, numbers)))}
    for audit_id, number in replaced:
        at, on = later[number]
        yield _entry(audit_id, at, "replaced", on=on, number=number)

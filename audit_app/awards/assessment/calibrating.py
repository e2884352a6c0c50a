"""A second, blinded assessor on a share of what is submitted to an awarding body, and how far the two agree."""

import hashlib
import json
from collections.abc import Iterable

from sqlalchemy import select

from ...access import Person, names_of, require_may
from ...audits.agreement import kappa, quadratic
from ...audits.models import Audit
from ...db import among, db
from ...ledger.kinds import online
from ...ledger.models import Stream
from ...sites.models import Organisation, Site
from ..models import Assessment, Calibration, Report
from ..submission.operations import NotAnAwardingBody
from .judging import STEPS
from .schemas import CalibrationSetSchema


@online(
    "calibration.set",
    CalibrationSetSchema,
    {
        "en": "{who} set that {share} of 100 audits are read a second time, blind",
        "cy": "Pennodd {who} fod {share} o bob 100 archwiliad yn cael eu darllen eilwaith, yn ddall",
    },
)
def set_calibration(by: Person, stream: Stream, payload: dict) -> None:
    """Say of how many submissions in a hundred the body wants a second, blinded assessor."""
    if not db.session.get(Organisation, stream.id).awards:
        raise NotAnAwardingBody()
    db.session.merge(Calibration(body_id=stream.id, share=payload["share"]))
    db.session.flush()


def shares_of(body_ids: Iterable[str]) -> dict[str, int]:
    """The share that each of these bodies has set."""
    query = select(Calibration.body_id, Calibration.share).filter(among(Calibration.body_id, list(body_ids)))
    return dict(db.session.execute(query).all())


def is_drawn(audit_id: str, share: int) -> bool:
    """Is an audit among the `share` in a hundred of which a second assessor is wanted? The draw is of the digest of its
    id, so that nobody at the body chooses which, and a larger share keeps what a smaller drew."""
    return int(hashlib.sha256(audit_id.encode()).hexdigest()[:15], 16) % 100 < share


def calibration(organisation_id: str, person: Person) -> dict:
    """How far first and blinded second assessors of a body agree, for its manager: each pair of which both have
    reported, by what each held at their first report. Quadratic weighted kappa over not yet, partly and met; what one
    of them holds does not apply is told apart, and is in no figure."""
    require_may(person, "calibration.see", organisation_id)
    firsts, seconds = _first_reports(organisation_id)
    settings = _settings(firsts)
    names = names_of(one.assessor_id for one, _ in [*firsts.values(), *seconds])
    pairs, all_rated = [], []
    for second, later in seconds:
        if second.audit_id not in firsts:
            continue
        first, earlier = firsts[second.audit_id]
        told, rated = _compared(json.loads(earlier.judgements), json.loads(later.judgements))
        all_rated += rated
        named = {
            part: {"id": one.assessor_id, "name": names.get(one.assessor_id, "?")}
            for part, one in (("first", first), ("second", second))
        }
        pairs.append({"audit": second.audit_id, "setting": settings[second.audit_id], **named, **told})
    figures = {"n": len(all_rated), "kappa": kappa(all_rated, quadratic), "reported": len(firsts)}
    return {"pairs": pairs, **figures, "share": shares_of([organisation_id]).get(organisation_id, 0)}


def _first_reports(body_id: str) -> tuple[dict, list]:
    """What each assessor of a body first reported: the first assessor's by audit, and those of blinded ones."""
    query = (
        select(Assessment, Report)
        .join(Report, Report.assessment_id == Assessment.id)
        .filter(Assessment.body_id == body_id)
        .order_by(Report.reported_at, Report.id)
    )
    earliest: dict[str, tuple[Assessment, Report]] = {}
    for assessment, report in db.session.execute(query):
        earliest.setdefault(assessment.id, (assessment, report))
    firsts: dict[str, tuple[Assessment, Report]] = {}
    for assessment, report in earliest.values():
        if not assessment.blinded:
            firsts.setdefault(assessment.audit_id, (assessment, report))
    return firsts, [found for found in earliest.values() if found[0].blinded]


def _settings(audit_ids: Iterable[str]) -> dict[str, str]:
    query = select(Audit.id, Site.name).join(Site, Site.id == Audit.site_id).filter(Audit.id.in_(list(audit_ids)))
    return dict(db.session.execute(query).all())


def _compared(first: dict[str, str], second: dict[str, str]) -> tuple[dict, list[tuple[int, int]]]:
    both = [criterion for criterion in first if criterion in second]
    rated = [
        (STEPS[first[criterion]], STEPS[second[criterion]])
        for criterion in both
        if first[criterion] in STEPS and second[criterion] in STEPS
    ]
    apart = [
        {"criterion": criterion, "first": first[criterion], "second": second[criterion]}
        for criterion in both
        if first[criterion] != second[criterion]
    ]
    return {"n": len(rated), "kappa": kappa(rated, quadratic), "apart": apart}, rated

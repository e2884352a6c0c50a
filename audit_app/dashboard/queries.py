"""Questions managers ask, in SQL."""

from sqlalchemy import func, select

from ..access import Person
from ..audits.models import Audit, Contributor, Progress
from ..audits.queries import progress_of
from ..db import db
from ..sites.queries import sites_seen_by

LATEST, PREVIOUS = 1, 2


def settings_side_by_side(person: Person) -> list[dict]:
    """Each setting that `person` manages, by name, with its latest audit and the one before, principle by principle.

    Voices are counted apart and never pooled. A setting that was never audited has `audit` null.
    """
    sites = sites_seen_by(person, "dashboard.see")
    audits = _two_latest([site.id for site in sites])
    progress, voices = progress_of([audit.id for audit, _ in audits]), _voices([audit.id for audit, _ in audits])
    told = {(audit.site_id, rank): _tell(audit, progress, voices) for audit, rank in audits}
    return [
        {
            "id": site.id,
            "name": site.name,
            "sector": site.sector,
            "organisation": site.organisation_id,
            "audit": told.get((site.id, LATEST)),
            "previous": told.get((site.id, PREVIOUS)),
        }
        for site in sites
    ]


def _two_latest(site_ids: list[str]) -> list[tuple[Audit, int]]:
    rank = func.row_number().over(partition_by=Audit.site_id, order_by=(Audit.opened_at.desc(), Audit.id.desc()))
    ranked = select(Audit.id, rank.label("rank")).filter(Audit.site_id.in_(site_ids)).subquery()
    query = select(Audit, ranked.c.rank).join(ranked, ranked.c.id == Audit.id).filter(ranked.c.rank <= PREVIOUS)
    return [(audit, rank) for audit, rank in db.session.execute(query)]


def _in_full(row: Progress) -> dict:
    return {
        "id": row.principle,
        "criteria": row.criteria,
        "answered": row.answered,
        "agreed": row.agreed,
        "differences": row.differences,
    }


def _voices(audit_ids: list[str]) -> dict[str, dict[str, int]]:
    told: dict[str, dict[str, int]] = {}
    query = (
        select(Contributor.audit_id, Contributor.voice, func.count())
        .filter(Contributor.audit_id.in_(audit_ids), Contributor.withdrawn.is_(False), Contributor.voice.is_not(None))
        .group_by(Contributor.audit_id, Contributor.voice)
    )
    for audit_id, voice, count in db.session.execute(query):
        told.setdefault(audit_id, {})[voice] = count
    return told


def _tell(audit: Audit, progress: dict[str, list[Progress]], voices: dict[str, dict[str, int]]) -> dict:
    return {
        "id": audit.id,
        "opened_at": audit.at,
        "track": audit.track,
        "checklist": audit.checklist,
        "edition": audit.edition,
        "principles": [_in_full(row) for row in progress.get(audit.id, [])],
        "contributors": voices.get(audit.id, {}),
    }

"""One submission as those at the awarding body read it: its manager, its assessors, and whoever sits or sat on a panel
for it, who go on reading what they decided on. Who sits now is for the manager and those who sit; what a member holds
is for the panel alone, and for the others on it only once all have said theirs."""

import json
from dataclasses import dataclass

from flask import current_app
from sqlalchemy import select

from ...access import ASSESSOR, MANAGER, MAY, PANEL, Grant, Person, find_person, grants_of, names_of
from ...audits.models import Audit, Finding
from ...db import as_text, db, today
from ...evidence.queries import evidence_of
from ...ledger.models import Operation, Stream, Write
from ...problems import NotFound
from ...sites.models import Organisation, Site
from ..explaining import explain
from ..models import Award, Decider, Decision, Interest, Interim, Member, Panel, Submission, View
from ..outcomes import appeals_on, decided, decisions_on, facts_by, held
from ..queries import AT_BODY, is_veiled, roles_at, verdict_of, vocabulary_of
from ..refusing import BY_REASON, InterestsFirst
from ..stages import AWARDED, CLEAR, LAPSED, TABLE, Case, may_not_sit, standing
from ..stepping import case_of, in_case
from .granting import award_of
from .letters import drafted
from .operations import OUTCOMES, open_panel, record_of


@dataclass(frozen=True)
class Dossier:
    """A submission that `person` may read, and what they are in it (`parts`)."""

    submission: Submission
    case: Case
    person: Person
    parts: list[str]

    @property
    def sits(self) -> bool:
        """Is this person on the panel that has something to decide, and has not yet?"""
        return PANEL in self.parts and self.person.id in self.case.panel and self.submission.stage in OUTCOMES


def find_dossier(audit_id: str, person: Person) -> Dossier:
    """The submission, if `person` has a part in it where it is now; refuses with `NotFound`, and with `InterestsFirst`
    whoever is asked to judge it and has not declared any. To a blinded assessor there is none before they report."""
    submission = db.session.get(Submission, audit_id)
    if submission is None or submission.is_open:
        raise NotFound()
    roles = roles_at(submission.body_id, grants_of(person)) & MAY["submission.see"]
    case = case_of(submission)
    has_part = {MANAGER: True, ASSESSOR: person.id in case.assessors, PANEL: _has_sat(submission, person)}
    parts = [role for role in AT_BODY if role in roles and has_part[role]]
    if not parts or (parts == [ASSESSOR] and is_veiled(submission, person.id)):
        raise NotFound()
    if MANAGER not in parts and person.id not in case.cleared:
        raise InterestsFirst()
    judging = parts if person.id in case.cleared else [MANAGER]
    return Dossier(submission, case, person, [part for part in parts if part in (MANAGER, *judging)])


def _has_sat(submission: Submission, person: Person) -> bool:
    """Sits this person on a panel for it, or did, and has not left it?"""
    query = select(Member.panel_id).join(Panel, Panel.id == Member.panel_id)
    here = query.filter(Panel.audit_id == submission.audit_id, Panel.body_id == submission.body_id)
    return db.session.scalar(here.filter(Member.person_id == person.id, Member.left_at.is_(None)).limit(1)) is not None


def tell(dossier: Dossier, language: str) -> dict:
    """All that this person may know of it."""
    submission, award = dossier.submission, award_of(dossier.submission.audit_id)
    audit = db.session.get(Audit, submission.audit_id)
    site = db.session.get(Site, audit.site_id)
    names = {id: db.session.get(Organisation, id).name for id in (submission.body_id, site.organisation_id)}
    stream = db.session.get(Stream, submission.stream_id) if submission.stream_id else None
    declared = db.session.get(Interest, (submission.audit_id, dossier.person.id))
    return {
        "audit": submission.audit_id,
        "body": {"id": submission.body_id, "name": names[submission.body_id]},
        "setting": site.name,
        "organisation": names[site.organisation_id],
        "sector": site.sector,
        "checklist": audit.checklist,
        "edition": audit.edition,
        "stage": submission.stage,
        "stream": submission.stream_id,
        "cursor": stream.cursor if stream else None,
        "parts": dossier.parts,
        "declared": declared.declared if declared else None,
        "rule": _rule(dossier, audit, language),
        "facts": {
            "released_on": submission.released_on,
            "checked": submission.facts_checked,
            "until": facts_by(submission),
        },
        "panel": _panel(dossier) if dossier.sits or MANAGER in dossier.parts else None,
        "letters": _letters(dossier, language),
        "candidates": _candidates(dossier) if MANAGER in dossier.parts and _may_convene(dossier.case) else None,
        "decisions": _decisions(submission, judges=dossier.parts != [MANAGER]),
        "appeals": appeals_on([submission.audit_id]).get(submission.audit_id, []),
        "award": _award(award),
        "earlier": _earlier(award, language) if award and {MANAGER, PANEL} & set(dossier.parts) else [],
    }


def _rule(dossier: Dossier, audit: Audit, language: str) -> dict | None:
    """What the rule says, for those who may read what it speaks of: an assessor, and a panel once it is released."""
    if dossier.parts == [MANAGER]:
        return None
    return explain(verdict_of(audit), vocabulary_of(audit, language), language)


def _panel(dossier: Dossier) -> dict | None:
    """The panel that has something to decide: one that sat on an award has not, once a later one took its place."""
    panel = open_panel(dossier.submission)
    if panel is None or dossier.submission.stage not in OUTCOMES:
        return None
    case = dossier.case
    names = names_of(case.panel)
    complete = len(case.panel) > 1 and case.panel <= case.views
    return {
        "convened_at": as_text(panel.convened_at),
        "sits_on": panel.sits_on,
        "members": [
            {
                "id": id,
                "name": names[id],
                "declared": CLEAR if id in case.cleared else None,
                "said": id in case.views,
            }
            for id in sorted(case.panel, key=lambda id: (names[id], id))
        ],
        "outcomes": list(OUTCOMES[dossier.submission.stage]),
        "complete": complete,
        **_views(dossier, panel, names, complete),
    }


def _views(dossier: Dossier, panel: Panel, names: dict[str, str], complete: bool) -> dict:
    """A member's own view, and all of them once nobody has to say theirs any more."""
    if not dossier.sits:
        return {"own": None, "views": None}
    query = select(View).filter_by(panel_id=panel.id).order_by(View.recorded_at)
    said = {one.person_id: _view(one) for one in db.session.scalars(query) if one.person_id in names}
    views = [{"person": {"id": id, "name": names[id]}, **view} for id, view in said.items()]
    return {"own": said.get(dossier.person.id), "views": views if complete else None}


def _view(view: View) -> dict:
    return {"outcome": view.outcome, "reasons": view.reasons, "recorded_at": as_text(view.recorded_at)}


def _letters(dossier: Dossier, language: str) -> dict[str, str] | None:
    """The letters that this panel might send, for its members."""
    if not dossier.sits:
        return None
    about = record_of(dossier.submission, language)
    return {outcome: drafted(outcome, about, language) for outcome in OUTCOMES[dossier.submission.stage]}


def _may_convene(case: Case) -> bool:
    """May a panel be convened now? None is for an award that has run out."""
    return (case.stage, "panel.convene", None) in TABLE and standing(case, today()) != LAPSED


def _candidates(dossier: Dossier) -> list[dict]:
    """Everybody who sits on panels at this body, and why somebody cannot sit on this one."""
    query = select(Grant.person_id).filter_by(organisation_id=dossier.submission.body_id, role=PANEL, site_id=None)
    people = [find_person(id) for id in set(db.session.scalars(query.filter(Grant.ended_at.is_(None))))]
    told = []
    for person in sorted(people, key=lambda person: (person.name, person.id)):
        why = may_not_sit(dossier.case, in_case(person, dossier.submission))
        told.append({"id": person.id, "name": person.name, "why": BY_REASON[why].name() if why else None})
    return told


def _decisions(submission: Submission, judges: bool) -> list[dict]:
    found = decisions_on([submission.audit_id])
    query = select(Decider.decision_id, Decider.person_id).filter(Decider.decision_id.in_([one.id for one in found]))
    took_part = db.session.execute(query).all()
    names = names_of(person for _, person in took_part)
    return [_decision(one, [id for decision, id in took_part if decision == one.id], names, judges) for one in found]


def _decision(decision: Decision, people: list[str], names: dict[str, str], judges: bool) -> dict:
    return decided(decision) | {
        "id": decision.id,
        "by": sorted(({"id": id, "name": names[id]} for id in people), key=lambda one: (one["name"], one["id"])),
        "rule_says": decision.rule_says,
        "reasons": decision.reasons,
        "shown": _shown(decision, judges) if decision.answered_at else {},
        "found": _found(decision) if decision.answered_at else {},
    }


def _shown(decision: Decision, judges: bool) -> dict[str, list[dict]]:
    """What stands as evidence for each criterion that a decision asked for; photos can be seen by those who judge."""
    pieces = [one for one in evidence_of(decision.audit_id) if one["caption"]]
    return {
        criterion: [
            {
                "kind": one["kind"],
                "caption": one["caption"],
                "photo": one["sha256"] if judges and one.get("stored") else None,
            }
            for one in pieces
            if criterion in one["criteria"]
        ]
        for criterion in json.loads(decision.criteria)
    }


def _found(decision: Decision) -> dict[str, dict]:
    """What the team holds on each criterion that a decision asked for, and whether it has agreed on it anew since."""
    asked = {f"finding/{criterion}/rating": criterion for criterion in json.loads(decision.criteria)}
    since = (
        select(Write.register)
        .join(Operation, (Operation.stream_id == Write.stream_id) & (Operation.number == Write.number))
        .filter(Write.stream_id == decision.audit_id, Write.live, Write.register.in_(asked))
        .filter(Operation.received_at > decision.decided_at)
    )
    anew = {asked[register] for register in db.session.scalars(since)}
    query = select(Finding).filter_by(audit_id=decision.audit_id).filter(Finding.criterion.in_(asked.values()))
    return {
        one.criterion: {"rating": one.rating, "reason": one.reason, "anew": one.criterion in anew}
        for one in db.session.scalars(query)
    }


def _earlier(award: Award, language: str) -> list[dict]:
    """The awards whose place this one may take, for a panel to say so: those that stand still, by other checklists."""
    if award.withdrawn_on:
        return []
    given = db.session.get(Decision, award.decision_id).decided_at
    query = (
        select(Award, Submission.stream_id)
        .join(Submission, Submission.audit_id == Award.audit_id)
        .join(Decision, Decision.id == Award.decision_id)
        .filter(Award.site_id == award.site_id, Award.body_id == award.body_id, Award.until > today().isoformat())
        .filter(Submission.stage == AWARDED, Decision.decided_at < given)
        .order_by(Decision.decided_at, Award.number)
    )
    return [
        {
            "number": earlier.number,
            "checklist": _title(earlier, language),
            "decided_on": earlier.decided_on,
            "until": earlier.until,
            "stream": stream_id,
        }
        for earlier, stream_id in db.session.execute(query)
    ]


def _title(award: Award, language: str) -> str:
    edition = current_app.extensions["checklists"].find(award.checklist, award.edition)
    return edition.title.get(language, edition.title[edition.original])


def _award(award: Award | None) -> dict | None:
    if award is None:
        return None
    reviews = list(
        db.session.scalars(select(Interim).filter_by(award_number=award.number).order_by(Interim.reviewed_at))
    )
    names = names_of(one.reviewed_by for one in reviews)
    return held(award) | {
        "holder": award.holder,
        "suspended_on": award.suspended_on,
        "withdrawn_on": award.withdrawn_on,
        "listed": award.listed,
        "reviews": [
            {"on": one.reviewed_on, "by": {"id": one.reviewed_by, "name": names[one.reviewed_by]}, "says": one.says}
            for one in reviews
        ],
    }

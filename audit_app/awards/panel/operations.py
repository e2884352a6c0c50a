"""What panels do: convening one, saying a view, and each decision there is: on a submission, an award, an appeal.

A panel decides once and is closed by it. Its members' views are theirs alone: they are in no history, and nobody else
is told what they hold.
"""

import json
from datetime import date

from sqlalchemy import select, update

from ...access import Person, find_person, names_of
from ...audits.models import Audit
from ...audits.operations import CriterionUnknown
from ...checklists.models import Edition
from ...db import as_day, db, new_id, now, today
from ...ledger.canonical import tidy
from ...ledger.kinds import SUBMISSION, online
from ...ledger.models import Stream
from ...ledger.perform import Scene, lock, record
from ...problems import Problem
from ...sites.models import Organisation, Site
from ...telling import day_told
from ..explaining import summary
from ..models import Appeal, Award, Decider, Decision, Member, Panel, Submission, View
from ..queries import verdict_of, vocabulary_of
from ..refusing import TooFew
from ..rules import SHOWN, Verdict
from ..stages import (
    APPEALED,
    AWARDED,
    DEFERRED,
    DISMISSED,
    NO_CHANGE,
    NOT_AWARDED,
    RELEASED,
    RESTORED,
    SUSPENDED,
    TURNS,
    UPHELD,
    WITHDRAWN,
    interim_due_on,
)
from ..stepping import audit_of, case_of, lock_submission, take_step
from ..submission.operations import require_rule
from ..words import listed
from .granting import award_of, give, settle_place
from .letters import Record, drafted, filled
from .schemas import (
    MOST_LETTER,
    AppealDecideSchema,
    ConveneSchema,
    DecideSchema,
    KeepSchema,
    TurnSchema,
    ViewSchema,
)

# What a panel may hold, by the stage at which it sits.
OUTCOMES = {
    RELEASED: (AWARDED, DEFERRED, NOT_AWARDED),
    AWARDED: (SUSPENDED, WITHDRAWN, NO_CHANGE),
    SUSPENDED: (RESTORED, WITHDRAWN, NO_CHANGE),
    APPEALED: (UPHELD, DISMISSED),
}


class OutcomeOfAnotherPanel(Problem):
    """A panel on a submission says awarded, deferred or not awarded; one on an award says what becomes of it; one on an
    appeal says upheld or dismissed."""

    title = "This panel decides about something else"


class ViewStands(Problem):
    """Members say their views before they know each other's. Once all have said theirs, everybody on the panel reads
    them, and each stands as it was said. What they come to together is the decision."""

    title = "All have said their view, and each stands"
    words = "Everybody on the panel can read the views now, so none is changed any more. Decide together."


class LetterTooLong(Problem):
    """A letter, with all that is filled into its places, has at most 20,000 characters."""

    title = "This letter is too long"


class AgainstTheRule(Problem):
    """The edition's rule says otherwise. A panel may still decide so, with a reason for it, which is published with the
    award and in its history."""

    title = "The rule says otherwise"
    words = "Write down why you decide against the rule. It is published."


class AsTheRuleSays(Problem):
    """A reason for deciding against the rule was given, and the decision is what the rule says."""

    title = "This is what the rule says"
    words = "The rule says the same, so there is nothing to publish against it. Leave that reason out."


# words for the history


def _told_of_panel(scene: Scene, payload: dict, language: str) -> dict:
    names = names_of(payload["people"])
    told = listed([names.get(id, "?") for id in payload["people"]], language)
    day = day_told(payload["sits_on"], language) if payload.get("sits_on") else ""
    return {"people": told, "besides": f" ({day})" if day else ""}


OUTCOME_WORDS = {
    AWARDED: {"en": "awarded", "cy": "dyfarnwyd"},
    DEFERRED: {"en": "deferred", "cy": "gohiriwyd"},
    NOT_AWARDED: {"en": "not awarded", "cy": "ni ddyfarnwyd"},
    UPHELD: {"en": "upheld", "cy": "cadarnhawyd"},
    DISMISSED: {"en": "dismissed", "cy": "gwrthodwyd"},
}


def _told_of_outcome(scene: Scene, payload: dict, language: str) -> dict:
    due = f", {day_told(payload['due'], language)}" if payload.get("due") else ""
    return {"outcome": OUTCOME_WORDS[payload["outcome"]][language], "besides": f"{due}: “{payload['reasons']}”"}


def _told_of_turn(scene: Scene, payload: dict, language: str) -> dict:
    return {"besides": f": “{payload['reasons']}”"}


# before the decision


@online(
    "panel.convene",
    ConveneSchema,
    {"en": "{who} convened a panel: {people}", "cy": "Galwodd {who} banel ynghyd: {people}"},
    stream=SUBMISSION,
    tell=_told_of_panel,
)
def convene_panel(by: Person, stream: Stream, payload: dict) -> None:
    """Ask people to decide together, none of whom assessed it or belongs to the site's organisation. Those who were
    asked before, and have not decided, sit no more."""
    submission = lock_submission(audit_of(stream))
    people = [find_person(id) for id in payload["people"]]
    if None in people:
        raise TooFew()
    take_step(submission, "panel.convene", by=by, people=people)
    close_panel(submission)
    panel = Panel(id=new_id(), audit_id=submission.audit_id, body_id=submission.body_id, convened_by=by.id)
    panel.convened_at, panel.sits_on = now(), payload.get("sits_on")
    db.session.add(panel)
    db.session.flush()
    db.session.add_all(Member(panel_id=panel.id, person_id=person.id) for person in people)
    db.session.flush()


@online(
    "panel.view",
    ViewSchema,
    {"en": "{who} said a view", "cy": "Dywedodd {who} farn"},
    stream=SUBMISSION,
    in_private=True,
)
def say_view(by: Person, stream: Stream, payload: dict) -> None:
    """Say one's own view, before one knows the others'. It may be said anew until all have said theirs."""
    submission = lock_submission(audit_of(stream))
    before = case_of(submission)
    take_step(submission, "panel.view", by=by)
    if payload["outcome"] not in OUTCOMES[submission.stage]:
        raise OutcomeOfAnotherPanel()
    if len(before.panel) > 1 and before.panel <= before.views:
        raise ViewStands()
    said = {"outcome": payload["outcome"], "reasons": tidy(payload["reasons"]), "recorded_at": now()}
    db.session.merge(View(panel_id=open_panel(submission).id, person_id=by.id, **said))
    db.session.flush()


def open_panel(submission: Submission) -> Panel | None:
    """The panel that was convened and has not decided yet."""
    return db.session.scalar(select(Panel).filter_by(audit_id=submission.audit_id, closed_at=None))


def close_panel(submission: Submission) -> None:
    """Whoever sits on it sits no more."""
    panel = open_panel(submission)
    if panel:
        panel.closed_at = now()
        db.session.flush()


# decisions


@online(
    "panel.decide",
    DecideSchema,
    {"en": "{who} recorded the panel’s decision: {outcome}", "cy": "Cofnododd {who} benderfyniad y panel: {outcome}"},
    stream=SUBMISSION,
    tell=_told_of_outcome,
)
def decide_submission(by: Person, stream: Stream, payload: dict) -> None:
    """Decide on a submission, once all have said their view. The rule's own verdict is kept beside the decision; one
    against it says why. Awarded: the award stands from today, its certificate is issued, and it takes the place of an
    earlier one."""
    submission = lock_submission(audit_of(stream), with_audit=True)
    audit = db.session.get(Audit, submission.audit_id)
    verdict, edition = verdict_of(audit), require_rule(audit)
    chosen = set(payload.get("criteria", []))
    if unknown := chosen - set(edition.criteria):
        raise CriterionUnknown(f"There is no criterion {min(unknown)!r} in this edition.")
    criteria = [id for id in edition.criteria if id in chosen]
    decision = _decide(submission, "panel.decide", payload, by, verdict=verdict, criteria=criteria)
    award = give(submission, decision) if decision.outcome == AWARDED else None
    _send_letter(submission, decision, payload, by, award, verdict)
    if award:
        settle_place(award, by)


def _turn_award(stream: Stream, verb: str, payload: dict, by: Person) -> tuple[Decision, Award]:
    submission = lock_submission(audit_of(stream), with_audit=True)
    decision = _decide(submission, verb, payload, by)
    award = award_of(submission.audit_id)
    _send_letter(submission, decision, payload, by, award)
    return decision, award


@online(
    "award.suspend",
    TurnSchema,
    {"en": "{who} suspended the award for the panel", "cy": "Ataliodd {who} y dyfarniad ar ran y panel"},
    stream=SUBMISSION,
    tell=_told_of_turn,
)
def suspend_award(by: Person, stream: Stream, payload: dict) -> None:
    """Let an award stand still: from now on a check says so."""
    decision, award = _turn_award(stream, "award.suspend", payload, by)
    award.suspended_on = decision.decided_on


@online(
    "award.restore",
    TurnSchema,
    {"en": "{who} restored the award for the panel", "cy": "Adferodd {who} y dyfarniad ar ran y panel"},
    stream=SUBMISSION,
    tell=_told_of_turn,
)
def restore_award(by: Person, stream: Stream, payload: dict) -> None:
    """Let an award that was suspended stand again, unless a later one has taken its place meanwhile."""
    _, award = _turn_award(stream, "award.restore", payload, by)
    award.suspended_on = None
    settle_place(award, by)


@online(
    "award.withdraw",
    TurnSchema,
    {"en": "{who} withdrew the award for the panel", "cy": "Tynnodd {who} y dyfarniad yn ôl ar ran y panel"},
    stream=SUBMISSION,
    tell=_told_of_turn,
)
def withdraw_award(by: Person, stream: Stream, payload: dict) -> None:
    """End an award. Only an appeal gives it back."""
    decision, award = _turn_award(stream, "award.withdraw", payload, by)
    award.withdrawn_on = decision.decided_on


@online(
    "award.keep",
    KeepSchema,
    {"en": "{who} recorded that the award stays as it is", "cy": "Cofnododd {who} fod y dyfarniad yn aros fel y mae"},
    stream=SUBMISSION,
    tell=_told_of_turn,
)
def keep_award(by: Person, stream: Stream, payload: dict) -> None:
    """Leave an award as it is, valid or suspended: a panel has looked at it, and sits no more."""
    _turn_award(stream, "award.keep", payload, by)


@online(
    "appeal.decide",
    AppealDecideSchema,
    {"en": "{who} recorded what became of the appeal: {outcome}", "cy": "Cofnododd {who} ganlyniad yr apêl: {outcome}"},
    stream=SUBMISSION,
    tell=_told_of_outcome,
)
def decide_appeal(by: Person, stream: Stream, payload: dict) -> None:
    """Decide an appeal, by people who had not decided before. Upheld: an award is given back; a decision on whether to
    give one is taken anew, by a panel of others."""
    submission = lock_submission(audit_of(stream), with_audit=True)
    decision = _decide(submission, "appeal.decide", payload, by)
    appeal = db.session.scalar(select(Appeal).filter_by(audit_id=submission.audit_id, outcome=None))
    appeal.outcome, appeal.decision_id = decision.outcome, decision.id
    award = award_of(submission.audit_id)
    _send_letter(submission, decision, payload, by, award)
    if award and decision.outcome == UPHELD:
        award.suspended_on = award.withdrawn_on = None
        settle_place(award, by)


def _decide(
    submission: Submission, verb: str, payload: dict, by: Person, verdict: Verdict | None = None, criteria=()
) -> Decision:
    """Take the step, close the panel, and keep who decided what."""
    panel, members = open_panel(submission), case_of(submission).panel
    outcome, due = payload.get("outcome"), payload.get("due")
    facts = {"criteria": tuple(criteria), "due": as_day(due)}
    reasons = tidy(payload["reasons"])
    take_step(submission, verb, by=by, outcome=outcome, reasons=reasons, **facts)
    against = _reason_against(verdict, outcome, tidy(payload.get("against_rule", ""))) if verdict else None
    decision = Decision(
        id=new_id(),
        audit_id=submission.audit_id,
        panel_id=panel.id,
        verb=verb,
        outcome=outcome,
        reasons=reasons,
        rule_says=verdict.state if verdict else None,
        against_rule=against,
        published=tidy(payload.get("published", "")) or None,
        criteria=json.dumps(list(criteria)),
        due=due,
        decided_on=today().isoformat(),
        decided_at=now(),
    )
    panel.closed_at = decision.decided_at
    db.session.add(decision)
    db.session.flush()
    db.session.add_all(Decider(decision_id=decision.id, person_id=id) for id in sorted(members))
    db.session.flush()
    return decision


def _reason_against(verdict: Verdict, outcome: str, given: str) -> str | None:
    """The reason for deciding otherwise than the rule; refuses where it is missing, or has no place."""
    if (verdict.state == SHOWN) == (outcome == AWARDED):
        if given:
            raise AsTheRuleSays()
        return None
    if not given:
        raise AgainstTheRule()
    return given


def bar_deciders(submission: Submission) -> None:
    """From now on nobody who has decided on this sits on its panels."""
    decided = select(Decision.id).filter_by(audit_id=submission.audit_id)
    db.session.execute(
        update(Decider).filter(Decider.decision_id.in_(decided)).values(barred=True),
        execution_options={"synchronize_session": "fetch"},
    )


# the letter


def _send_letter(
    submission: Submission,
    decision: Decision,
    payload: dict,
    by: Person,
    award: Award | None,
    verdict: Verdict | None = None,
) -> None:
    """Keep the letter that goes out, and tell the site in its audit's own history what was decided."""
    edition = require_rule(db.session.get(Audit, submission.audit_id))
    language = payload.get("language", edition.original)
    outcome = TURNS.get(decision.verb, decision.outcome)
    letter = tidy(payload.get("letter", "")) or drafted(outcome, record_of(submission, language, verdict), language)
    decision.letter = filled(letter, _known(submission, decision, award, language))
    if len(decision.letter) > MOST_LETTER:
        raise LetterTooLong()
    record(lock(submission.audit_id), decision.verb, payload | {"letter": decision.letter}, by=by)


def _known(submission: Submission, decision: Decision, award: Award | None, language: str) -> dict[str, str]:
    numbers = vocabulary_of(db.session.get(Audit, submission.audit_id), language).criteria
    told = {
        "reasons": decision.reasons,
        "criteria": listed([numbers[id] for id in json.loads(decision.criteria)], language),
        "due": day_told(decision.due, language) if decision.due else "",
        "day": day_told(decision.decided_on, language),
    }
    if award:
        interim = interim_due_on(date.fromisoformat(award.decided_on)).isoformat()
        told |= {"number": award.number, "until": day_told(award.until, language)}
        told["interim"] = day_told(interim, language)
    return told


def record_of(submission: Submission, language: str, verdict: Verdict | None = None) -> Record:
    """What a letter about this submission can know before its panel decides. `verdict`: the rule's, where it is known
    already."""
    audit = db.session.get(Audit, submission.audit_id)
    edition: Edition = require_rule(audit)
    site = db.session.get(Site, audit.site_id)
    titles = vocabulary_of(audit, language).titles
    return Record(
        setting=site.name,
        organisation=db.session.get(Organisation, site.organisation_id).name,
        body=db.session.get(Organisation, submission.body_id).name,
        checklist=edition.title.get(language, edition.title[edition.original]),
        edition=audit.edition,
        submitted=submission.submitted_at.date(),
        released=as_day(submission.released_on),
        checked=submission.facts_checked,
        rule=summary(verdict or verdict_of(audit), titles, language),
    )

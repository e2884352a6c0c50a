"""What a site says to a decision: its answer to a deferral, its appeal, and whether the public register names it."""

import json

from sqlalchemy import update

from ...access import Person
from ...db import db, new_id, now, today
from ...ledger.canonical import tidy
from ...ledger.kinds import AUDIT, online
from ...ledger.models import Stream
from ...ledger.perform import Scene
from ...problems import Problem
from ..models import Appeal, Award
from ..outcomes import deferral_of
from ..stepping import lock_submission, take_step
from .operations import bar_deciders, close_panel
from .schemas import ConsentSchema, DeferralAnswerSchema, LodgeSchema


class AnswerEach(Problem):
    """A deferral names criteria. Its answer answers each of them, each once, and no other."""

    title = "Answer each criterion of the deferral"
    words = "Say something on each criterion that the panel named, and on no other."


def _told_of_answer(scene: Scene, payload: dict, language: str) -> dict:
    return {"besides": f": “{payload['text']}”"}


def _told_of_appeal(scene: Scene, payload: dict, language: str) -> dict:
    return {"besides": f": “{payload['grounds']}”"}


NAMED = {
    "en": "{who} agreed that the public register names the setting",
    "cy": "Cytunodd {who} i’r gofrestr gyhoeddus enwi’r lleoliad",
}
UNNAMED = {
    "en": "{who} asked that the public register does not name the setting",
    "cy": "Gofynnodd {who} i’r gofrestr gyhoeddus beidio ag enwi’r lleoliad",
}


def _told_of_consent(scene: Scene, payload: dict, language: str) -> dict:
    return {"template": (NAMED if payload["listed"] else UNNAMED)[language]}


@online(
    "deferral.answer",
    DeferralAnswerSchema,
    {"en": "{who} answered the deferral", "cy": "Atebodd {who} y gohiriad"},
    stream=AUDIT,
    tell=_told_of_answer,
)
def answer_deferral(by: Person, stream: Stream, payload: dict) -> None:
    """Answer what a deferral asks, each criterion of it, with what was added as evidence since. The audit is sealed as
    it stands now, and goes back to a panel."""
    submission = lock_submission(stream.id)
    take_step(submission, "deferral.answer", by=by)
    deferral = deferral_of(submission)
    answers = [{"criterion": one["criterion"], "text": tidy(one["text"])} for one in payload["answers"]]
    if sorted(one["criterion"] for one in answers) != sorted(json.loads(deferral.criteria)):
        raise AnswerEach()
    said = {"text": tidy(payload["text"]), "answers": answers}
    deferral.answer, deferral.answered_at = json.dumps(said, ensure_ascii=False), now()
    db.session.flush()


@online(
    "appeal.lodge",
    LodgeSchema,
    {"en": "{who} appealed against the decision", "cy": "Apeliodd {who} yn erbyn y penderfyniad"},
    stream=AUDIT,
    tell=_told_of_appeal,
)
def lodge_appeal(by: Person, stream: Stream, payload: dict) -> None:
    """Appeal against the last decision, with grounds. It is decided by people who had no part in any before."""
    submission = lock_submission(stream.id)
    grounds = tidy(payload["grounds"])
    take_step(submission, "appeal.lodge", by=by, reasons=grounds)
    close_panel(submission)
    bar_deciders(submission)
    lodged = {"lodged_by": by.id, "lodged_on": today().isoformat(), "lodged_at": now()}
    db.session.add(Appeal(id=new_id(), audit_id=submission.audit_id, grounds=grounds, **lodged))
    db.session.flush()


@online("register.consent", ConsentSchema, NAMED, stream=AUDIT, tell=_told_of_consent)
def consent_to_register(by: Person, stream: Stream, payload: dict) -> None:
    """Say whether the public register may name the setting, from now on. It can be said at any time."""
    submission = lock_submission(stream.id)
    submission.listed = payload["listed"]
    listed = update(Award).filter_by(audit_id=stream.id).values(listed=payload["listed"])
    db.session.execute(listed, execution_options={"synchronize_session": "fetch"})
    db.session.flush()

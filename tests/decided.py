"""What comes of deciding, made ready for whoever may try a verb: submissions at the stage that the verb asks for."""

from datetime import date, timedelta

from audit_app.access import find_person
from audit_app.awards.models import Assessment, Award, Submission
from audit_app.awards.stages import expires_on
from audit_app.awards.stepping import begin_assessment, lock_submission, take_step
from audit_app.db import db, new_id, now
from audit_app.ledger.kinds import AUDIT, KINDS
from audit_app.ledger.perform import perform_one

from .builders import CHECKLIST, Scene
from .deciding import days_on

WHY = {"reasons": "As the record shows."}
ANSWER = {"text": "Done.", "answers": [{"criterion": "safety-1", "text": "There is a rota."}]}
PAYLOADS = {
    "panel.view": {"outcome": "awarded", **WHY},
    "panel.decide": {"outcome": "not-awarded", **WHY},
    "deferral.answer": ANSWER,
    "interim.review": {"says": "All is well."},
    "award.suspend": WHY,
    "award.restore": WHY,
    "award.keep": WHY,
    "award.withdraw": WHY,
    "appeal.lodge": {"grounds": "Nobody asked."},
    "appeal.decide": {"outcome": "upheld", **WHY},
    "register.consent": {"listed": True},
}


class Decided:
    """Submissions of one organisation's setting to another that awards. Whoever has a role at the body, `members` by
    role, has the part in it that the verb is for; the rest are made up. Nothing is made anew until it was used."""

    VERBS = (*PAYLOADS, "panel.convene", "award.renew")

    def __init__(self, scene: Scene, trust: str, site: str, body: str, members: dict[str, str]):
        self.scene, self.app = scene, scene.app
        self.trust, self.site, self.body = trust, site, body
        scene.makes_awards(body)
        made = {role: scene.person(f"{role} {new_id()}", role, body) for role in ("manager", "assessor")}
        self.people = made | members
        self.lead = scene.person(f"lead {new_id()}", "lead", trust)
        self.second, *self.others = [scene.person(f"panel {new_id()}", "panel", body) for _ in range(3)]
        self.first = members.get("panel") or scene.person(f"panel {new_id()}", "panel", body)
        self.later = "MIL-2026-7K3QFX"
        self.ready: dict[str, tuple[str, dict]] = {}

    def ready_for(self, verb: str) -> tuple[str, dict]:
        """The stream and a sound payload for a verb, all that comes before it being done."""
        if verb not in self.ready:
            with self.app.app_context():
                self._make_ready(verb)
                db.session.commit()
            stream = self.audit if KINDS[verb].stream == AUDIT else self.stream
            self.ready[verb] = stream, self.payload_of(verb)
        return self.ready[verb]

    def use(self, verb: str) -> None:
        """It was done: the next who tries needs another."""
        self.ready.pop(verb, None)

    def payload_of(self, verb: str) -> dict:
        """A sound payload."""
        if verb == "panel.convene":
            return {"people": [self.first, self.second]}
        return {"replaced_by": self.later} if verb == "award.renew" else PAYLOADS[verb]

    def at_a_panel(self) -> str:
        """An audit whose panel has said its views; its id."""
        self.ready_for("panel.decide")
        return self.audit

    def _make_ready(self, verb: str) -> None:
        self._release()
        if verb in ("panel.convene", "register.consent"):
            return
        if verb == "appeal.decide":
            self._appeal()
            return
        self._convene(views=verb != "panel.view")
        if verb in ("panel.view", "panel.decide"):
            return
        if verb == "appeal.lodge":
            self._decide("not-awarded")
            return
        if verb == "deferral.answer":
            self._decide("deferred", criteria=["safety-1"], due=days_on(30))
            return
        self._decide("awarded", against_rule="We saw it.")
        {"award.renew": self._give_another, "interim.review": self._let_years_pass}.get(verb, self._turn(verb))()

    def _release(self) -> None:
        """An audit whose report is released, and whose facts are checked."""
        self.audit, self.stream, assessment = new_id(), new_id(), new_id()
        opening = {"site": self.site, "checklist": CHECKLIST, "edition": 1, "track": "award"}
        self._do(self.lead, self.audit, "audit.open", opening)
        self._do(self.lead, self.audit, "audit.submit", {"to": self.body})
        about = {"audit": self.audit}
        self._do(self.people["manager"], self.stream, "submission.take", about)
        assigning = about | {"assessor": self.people["assessor"]}
        self._do(self.people["manager"], assessment, "assessment.assign", assigning)
        self._declare(self.people["assessor"])
        assessor, lead = find_person(self.people["assessor"]), find_person(self.lead)
        begin_assessment(assessment, by=assessor)
        submission = lock_submission(self.audit)
        take_step(submission, "assessment.report", by=assessor, outcome="ready")
        for step, by in (("visit.record", assessor), ("report.release", assessor), ("report.correct", lead)):
            take_step(submission, step, by=by)
        db.session.get(Assessment, assessment).reported_at = now()

    def _convene(self, outcome: str = "awarded", views: bool = True) -> None:
        self._do(self.people["manager"], self.stream, "panel.convene", {"people": [self.first, self.second]})
        for member in (self.first, self.second):
            self._declare(member)
            if views:
                self._do(member, self.stream, "panel.view", {"outcome": outcome, **WHY})

    def _decide(self, outcome: str, **more) -> None:
        self._do(self.second, self.stream, "panel.decide", {"outcome": outcome, **WHY, **more})

    def _appeal(self) -> None:
        """Others decide, an appeal is lodged, and a panel that had no part in it has said its views."""
        members, (self.first, self.second) = (self.first, self.second), self.others
        self._convene()
        self._decide("not-awarded")
        self.first, self.second = members
        self._do(self.lead, self.audit, "appeal.lodge", PAYLOADS["appeal.lodge"])
        self._convene("dismissed")

    def _turn(self, verb: str):
        def turn() -> None:
            if verb == "award.restore":
                self._convene("suspended")
                self._do(self.second, self.stream, "award.suspend", WHY)
            self._convene("no-change")

        return turn

    def _give_another(self) -> None:
        """A later award of the same place, by another checklist."""
        first = self.audit, self.stream
        number = db.session.scalar(db.select(Award.number).filter_by(audit_id=self.audit))
        db.session.get(Award, number).checklist = "another-checklist"
        self._release()
        self._convene()
        self._decide("awarded", against_rule="We saw it.")
        self.later = db.session.scalar(db.select(Award.number).filter_by(audit_id=self.audit))
        self.audit, self.stream = first

    def _let_years_pass(self) -> None:
        day = now().date() - timedelta(days=500)
        db.session.get(Submission, self.audit).awarded_on = day.isoformat()
        award = db.session.scalar(db.select(Award).filter_by(audit_id=self.audit))
        award.decided_on, award.until = day.isoformat(), expires_on(date.fromisoformat(award.until)).isoformat()

    def _declare(self, person: str) -> None:
        self._do(person, self.stream, "interest.declare", {"declared": "clear"})

    def _do(self, by: str, stream: str, kind: str, payload: dict) -> None:
        perform_one(stream, kind, payload, by=find_person(by))

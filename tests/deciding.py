"""Panels for stories: an audit that has come to its panel, who sits on it, what they say, and the days that pass."""

from datetime import date, timedelta

from audit_app.awards.models import Appeal, Award, Decision, Interim, Submission
from audit_app.awards.stages import TURNS, expires_on
from audit_app.db import db, new_id, today

from .builders import CHECKLIST, Phone, Scene, operation
from .recognition import Recognition, finding, me

REASONS = "Ten of ten were shown, and the visit bore it out."
AGAINST = "What was missing is there now."
DAYS = {
    Submission: ("released_on", "decided_on", "awarded_on", "interim_on"),
    Award: ("decided_on", "until", "interim_on", "suspended_on", "withdrawn_on"),
    Decision: ("decided_on", "due"),
    Appeal: ("lodged_on",),
    Interim: ("reviewed_on",),
}


class Deciding(Recognition):
    """Besides Recognition's people: Paula and Priya, who sit on panels too, and Mary, who manages the trust."""

    def __init__(self, scene: Scene):
        super().__init__(scene)
        self.paula, self.priya = (scene.phone(name, "panel", self.body) for name in ("Paula", "Priya"))
        self.mary = scene.phone("Mary", "manager", self.trust)
        self.stream: str | None = None
        self.shown = False

    # up to the panel

    def show_all(self) -> None:
        """Say in the audit all that the rule asks for."""
        edition = self.lena.get(f"/api/checklists/{CHECKLIST}/1?sector=ward").json
        ids = [criterion["id"] for principle in edition["principles"] for criterion in principle["criteria"]]
        resident = new_id()
        said = [operation("contributor.add", {"contributor": resident, "voice": "resident", "label": "The patients"})]
        said += [finding(2, id) for id in ids]
        said += [operation("answer.rate", {"contributor": resident, "criterion": id, "rating": 2}) for id in ids]
        for kind, more in (("observation", {}), ("document", {"where": "Office"})):
            item = {"evidence": new_id(), "kind": kind, "caption": "Seen", "criteria": ids, **more}
            said.append(operation("evidence.add", item))
        assert set(self.amina.verdicts(self.audit, said)) == {"applied"}

    def agree(self, ratings: dict[str, int]) -> None:
        """The team agrees on these criteria, knowing what it held before."""
        registers = self.lena.get(f"/api/audits/{self.audit}").json["registers"]
        held = {id: [write["id"] for write in registers.get(f"finding/{id}/rating", [])] for id in ratings}
        said = [finding(rating, id, seen=held[id]) for id, rating in ratings.items()]
        assert set(self.amina.verdicts(self.audit, said)) == {"applied"}

    def bring(self, shown: bool = False, checked: bool = True, **submitted) -> str:
        """Bring the audit to where its report is released: Asa assessed it, and the team has checked the facts. The id
        of its stream at the body."""
        self.shown = shown
        if shown:
            self.show_all()
        assert self.submit(**submitted)["verdict"] == "applied"
        self.stream = self.take()
        assigned = self.assign(self.asa)
        assert self.declare(self.asa, self.stream)["verdict"] == "applied"
        self.release(assigned)
        if checked:
            assert self.lena.do(self.audit, "report.correct", {"corrections": []})["verdict"] == "applied"
        return self.stream

    # the panel

    def convene(self, *phones: Phone, **more) -> dict:
        """Morag asks these people to decide; Pia and Peter where nobody is named. The outcome."""
        people = [me(phone) for phone in phones or (self.pia, self.peter)]
        return self.morag.do(self.stream, "panel.convene", {"people": people, **more})

    def say(self, phone: Phone, outcome: str = "awarded", reasons: str = REASONS) -> dict:
        """A member says their view."""
        return phone.do(self.stream, "panel.view", {"outcome": outcome, "reasons": reasons})

    def sit(self, *phones: Phone, outcome: str = "awarded") -> None:
        """A panel is convened, and its members declare their interests and say their views."""
        phones = phones or (self.pia, self.peter)
        assert self.convene(*phones)["verdict"] == "applied"
        for phone in phones:
            assert self.declare(phone, self.stream)["verdict"] == "applied"
            assert self.say(phone, outcome)["verdict"] == "applied"

    def decide(self, outcome: str = "awarded", by: Phone | None = None, **more) -> dict:
        """The panel's decision is recorded, with a reason where the rule says otherwise; the outcome."""
        said = {"outcome": outcome, "reasons": REASONS}
        if self.shown != (outcome == "awarded"):
            said["against_rule"] = AGAINST
        if outcome == "deferred":
            said |= {"criteria": ["safety-1"], "due": days_on(60)}
        said = {name: value for name, value in (said | more).items() if value is not None}
        return (by or self.pia).do(self.stream, "panel.decide", said)

    def turn(self, verb: str, *phones: Phone, **more) -> dict:
        """A panel meets and decides this of an award or an appeal; the outcome."""
        self.sit(*phones, outcome=TURNS.get(verb) or more["outcome"])
        return (phones or (self.pia,))[0].do(self.stream, verb, {"reasons": "For these reasons.", **more})

    def award(self, **more) -> dict:
        """The audit is released and awarded; the award as its lead reads it."""
        self.bring(**more)
        self.sit()
        outcome = self.decide()
        assert outcome["verdict"] == "applied", outcome
        return self.told()["award"]

    def again(self) -> None:
        """The same ward begins another audit."""
        self.audit = self.open_audit()

    # what is told

    def told(self, phone: Phone | None = None) -> dict:
        """The submission as the site's people read it."""
        return self.home(phone)["submission"]

    def dossier(self, phone: Phone, **asked):
        """The submission as the body's people read it: the reply."""
        return phone.get(f"/api/submissions/{self.audit}", query_string=asked)

    # days

    def time_passes(self, days: int) -> None:
        """All that was decided and awarded so far was that many days earlier."""
        with self.scene.app.app_context():
            for table, columns in DAYS.items():
                for row in db.session.scalars(db.select(table)):
                    for column in columns:
                        if day := getattr(row, column):
                            setattr(row, column, (date.fromisoformat(day) - timedelta(days)).isoformat())
                    if isinstance(row, Award):
                        row.until = expires_on(date.fromisoformat(row.decided_on)).isoformat()
            db.session.commit()


def days_on(days: int) -> str:
    """The day so many days from today."""
    return (today() + timedelta(days)).isoformat()

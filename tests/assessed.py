"""What comes of assessing, made ready for whoever may try a verb: a submission at the stage that the verb asks for."""

from audit_app.db import new_id
from audit_app.ledger.kinds import AUDIT, KINDS

from .builders import CHECKLIST, Phone, Scene
from .recognition import READY, VISIT, judging, me

POINTS = {"outcome": "action-points", "points": [{"criterion": "safety-1", "text": "Ask."}], "due": "2099-01-31"}
PAYLOADS = {
    "judgement.record": {"criterion": "safety-1", "judgement": "met", "reason": "Seen"},
    "judgement.note": {"criterion": "safety-1", "text": "Mine"},
    "judgement.probe": {"criterion": "safety-1", "probe": True},
    "visit.see": {"seen": new_id(), "criteria": ["safety-1"], "text": "The door is open"},
    "visit.unsee": {"seen": new_id()},
    "assessment.remark": {"strengths": "a", "suggestions": "b"},
    "assessment.admit": {"operation": new_id()},
    "assessment.report": READY,
    "visit.record": VISIT,
    "report.release": {},
    "actions.answer": {"answers": [{"criterion": "safety-1", "text": "Done."}]},
    "report.correct": {"corrections": []},
}
BEFORE = {
    "assessment.report": ("judged",),
    "visit.record": ("judged", "reported"),
    "report.release": ("judged", "reported", "visited"),
    "actions.answer": ("judged", "asked"),
    "report.correct": ("judged", "reported", "visited", "released"),
}


class Assessed:
    """A submission of `trust` to `body`, made anew whenever it was used. `assessor`: whose work it is; somebody made up
    where nobody is named."""

    VERBS = tuple(PAYLOADS)

    def __init__(self, scene: Scene, trust: str, site: str, body: str, assessor: Phone | None = None):
        self.scene, self.trust, self.site, self.body = scene, trust, site, body
        scene.makes_awards(body)
        self.lead, self.manager = self._somebody("lead", trust), self._somebody("manager", body)
        self.assessor = assessor or self._somebody("assessor", body)
        self.ready: dict[str, tuple[str, dict]] = {}

    def ready_for(self, verb: str) -> tuple[str, dict]:
        """The stream and a sound payload for a verb, all that comes before it being done."""
        if verb not in self.ready:
            self.make(BEFORE.get(verb, ()))
            self.ready[verb] = (self.audit if KINDS[verb].stream == AUDIT else self.assessment), PAYLOADS[verb]
        return self.ready[verb]

    def use(self, verb: str) -> None:
        """It was done: the next who tries needs another."""
        self.ready.pop(verb, None)

    def make(self, steps: tuple[str, ...] = ()) -> "Assessed":
        """An audit that is submitted, taken on and assigned, and then these steps."""
        self.audit, self.stream, self.assessment = new_id(), new_id(), new_id()
        opening = {"site": self.site, "checklist": CHECKLIST, "edition": 1, "track": "award"}
        self._done(self.lead, self.audit, "audit.open", opening)
        self._done(self.lead, self.audit, "audit.submit", {"to": self.body})
        self._done(self.manager, self.stream, "submission.take", {"audit": self.audit})
        assigning = {"audit": self.audit, "assessor": me(self.assessor)}
        self._done(self.manager, self.assessment, "assessment.assign", assigning)
        self._done(self.assessor, self.stream, "interest.declare", {"declared": "clear"})
        for step in steps:
            getattr(self, f"_{step}")()
        return self

    def _judged(self) -> None:
        edition = self.lead.get(f"/api/checklists/{CHECKLIST}/1?sector=ward").json
        ids = [criterion["id"] for principle in edition["principles"] for criterion in principle["criteria"]]
        verdicts = self.assessor.verdicts(self.assessment, [judging(id, "met", "Seen") for id in ids])
        assert set(verdicts) == {"applied"}

    def _reported(self) -> None:
        self._done(self.assessor, self.assessment, "assessment.report", READY)

    def _asked(self) -> None:
        self._done(self.assessor, self.assessment, "assessment.report", POINTS)

    def _visited(self) -> None:
        self._done(self.assessor, self.assessment, "visit.record", VISIT)

    def _released(self) -> None:
        self._done(self.assessor, self.assessment, "report.release", {})

    def _somebody(self, role: str, organisation: str) -> Phone:
        return self.scene.phone(f"{role} {new_id()}", role, organisation)

    def _done(self, phone: Phone, stream: str, verb: str, payload: dict) -> None:
        outcome = phone.do(stream, verb, payload)
        assert outcome["verdict"] == "applied", outcome

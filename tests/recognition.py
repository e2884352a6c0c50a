"""The people of recognition, for stories: a ward with its team, an awarding body with its people, and what they do."""

from dataclasses import dataclass

from audit_app.db import new_id

from .builders import CHECKLIST, Phone, Scene, operation


@dataclass
class Assigned:
    """An assessor at work: the assessment's id (also that of its stream), and whose phone."""

    id: str
    phone: Phone


class Recognition:
    """Lena leads Rowan ward, with Amina; Morag manages the awarding body, Asa and Andrew assess, Pia and Peter sit on
    panels there."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.trust = scene.organisation("Northfield Trust")
        self.ward = scene.site(self.trust, "Rowan ward")
        self.body = scene.awarding_body("Places that Enable")
        self.lena = scene.phone("Lena", "lead", self.trust, self.ward)
        self.amina = scene.phone("Amina", "auditor", self.trust, self.ward)
        self.morag = scene.phone("Morag", "manager", self.body)
        self.asa, self.andrew = (scene.phone(name, "assessor", self.body) for name in ("Asa", "Andrew"))
        self.pia, self.peter = (scene.phone(name, "panel", self.body) for name in ("Pia", "Peter"))
        self.audit = self.open_audit()

    def open_audit(self, track: str = "award") -> str:
        """An audit on the award track; its id."""
        id = new_id()
        opening = {"site": self.ward, "checklist": CHECKLIST, "edition": 1, "track": track}
        assert self.amina.verdicts(id, [operation("audit.open", opening)]) == ["applied"]
        return id

    def submit(self, by: Phone | None = None, **more) -> dict:
        """Lena submits the audit; its outcome."""
        return (by or self.lena).do(self.audit, "audit.submit", {"to": self.body} | more)

    def take(self) -> str:
        """Morag takes the submission on; the id of its stream."""
        stream = new_id()
        assert self.morag.do(stream, "submission.take", {"audit": self.audit})["verdict"] == "applied"
        return stream

    def assign(self, phone: Phone, **more) -> Assigned:
        """Morag asks somebody to assess it."""
        id = new_id()
        payload = {"audit": self.audit, "assessor": me(phone), **more}
        outcome = self.morag.do(id, "assessment.assign", payload)
        assert outcome["verdict"] == "applied", outcome
        return Assigned(id, phone)

    def declare(self, phone: Phone, stream: str, declared: str = "clear", says: str = "") -> dict:
        """Somebody says whether they have an interest; the outcome."""
        return phone.do(stream, "interest.declare", {"declared": declared, "says": says})

    def criteria(self) -> list[str]:
        """The ids of all that is judged, in order."""
        edition = self.lena.get(f"/api/checklists/{CHECKLIST}/1?sector=ward").json
        return [criterion["id"] for principle in edition["principles"] for criterion in principle["criteria"]]

    def started(self, phone: Phone | None = None, **more) -> Assigned:
        """The audit submitted and taken on if it is not yet, and somebody (Asa) asked, clear of any interest."""
        if self.home()["stage"] == "open":
            self.submit()
            self.stream = self.take()
        assigned = self.assign(phone or self.asa, **more)
        assert self.declare(assigned.phone, self.stream)["verdict"] == "applied"
        return assigned

    def judge(self, assigned: Assigned, judgement: str = "met", **otherwise: str) -> list[str]:
        """An assessor judges every criterion, having seen what they held before, and says why. `otherwise`: some of it
        differently, with _ for -."""
        registers = assigned.phone.get(f"/api/assessments/{assigned.id}").json["registers"]
        held = {name: [write["id"] for write in writes] for name, writes in registers.items()}
        said = {name.replace("_", "-"): other for name, other in otherwise.items()}
        judged = [
            judging(id, said.get(id, judgement), "Seen and heard", seen=held.get(f"judgement/{id}/judgement", []))
            for id in self.criteria()
        ]
        return assigned.phone.verdicts(assigned.id, judged)

    def release(self, assigned: Assigned | None = None) -> Assigned:
        """All that comes before the panel: an assessor (Asa) judges, reports, visits and releases the report."""
        assigned = assigned or self.started()
        assert set(self.judge(assigned)) == {"applied"}
        for kind, payload in (("assessment.report", READY), ("visit.record", VISIT), ("report.release", {})):
            outcome = assigned.phone.do(assigned.id, kind, payload)
            assert outcome["verdict"] == "applied", outcome
        return assigned

    def home(self, phone: Phone | None = None) -> dict | None:
        """The audit as Home shows it."""
        found = (phone or self.lena).get("/api/home").json["audits"]
        return next((audit for audit in found if audit["id"] == self.audit), None)

    def waiting(self, phone: Phone) -> list[dict]:
        """What waits for somebody at awarding bodies."""
        return phone.get("/api/submissions").json["submissions"]


def me(phone: Phone) -> str:
    """The id of whoever is signed in there."""
    return phone.get("/api/session").json["person"]["id"]


def problem(outcome: dict) -> str:
    """Why it was refused or kept."""
    return outcome["problem"]["type"].removeprefix("/problems/")


READY = {"outcome": "ready", "points": []}
VISIT = {"date": "2026-11-20", "people": "The lead, four staff, six patients", "seen": "We sat in on a meeting."}


def judging(criterion: str, judgement: str, reason: str | None = None, **more) -> dict:
    """What an assessor holds on one criterion."""
    because = {"reason": reason} if reason else {}
    return operation("judgement.record", {"criterion": criterion, "judgement": judgement, **because}, **more)


def finding(rating: int, criterion: str = "safety-1", **more) -> dict:
    """What the team agrees on one criterion."""
    return operation("finding.agree", {"criterion": criterion, "rating": rating}, **more)

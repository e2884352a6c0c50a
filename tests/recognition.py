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


def finding(rating: int, criterion: str = "safety-1", **more) -> dict:
    """What the team agrees on one criterion."""
    return operation("finding.agree", {"criterion": criterion, "rating": rating}, **more)

"""The board paper: what a manager passes on to people who may not open the audits."""

import io
from datetime import timedelta

import pytest
from pypdf import PdfReader

from audit_app.accounts.models import Grant, Person
from audit_app.dashboard.words import WORDS
from audit_app.db import db, new_id, now

from .builders import CHECKLIST, Phone, Scene, operation
from .test_paper import complaints, roles_in, text_of

PAPER = "/api/dashboard/board-paper.pdf"
SECRET = "Said by one who trusted us"


class Trust:
    """A trust with a ward in its second audit, a ward that was never audited, and a manager of both."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.id = scene.organisation("Northfield Trust")
        self.lead = scene.phone("Lena", "lead", self.id)
        self.rowan, self.birch = scene.site(self.id, "Rowan ward"), scene.site(self.id, "Birch ward")
        first = self.audit(self.rowan)
        self.agree(first, 1, 1, 1, 1, 1)
        item = {"item": new_id(), "what": "Meet newcomers at the door", "whose": "lead", "criteria": [], "answers": []}
        self.say(first, "plan.add", {**item, "due": (now().date() - timedelta(days=9)).isoformat()})
        self.audit_id = self.audit(self.rowan)
        self.agree(self.audit_id, 2, 2, 2, 3, 3)
        self.manager = scene.phone("Mona", "manager", self.id)

    def audit(self, site: str) -> str:
        opening = {"site": site, "checklist": CHECKLIST, "edition": 1, "track": "development"}
        return self.say(new_id(), "audit.open", opening)

    def say(self, audit: str, kind: str, payload: dict) -> str:
        assert self.lead.verdicts(audit, [operation(kind, payload)]) == ["applied"]
        return audit

    def agree(self, audit: str, *ratings: int) -> None:
        for place, rating in enumerate(ratings, 1):
            self.say(audit, "finding.agree", {"criterion": f"belonging-{place}", "rating": rating})

    def speak(self, voice: str, number: int, rating: int, criterion: str = "belonging-1") -> None:
        """So many people speak with this voice, and each rates the same."""
        for _ in range(number):
            speaker = new_id()
            self.say(self.audit_id, "contributor.add", {"contributor": speaker, "voice": voice, "label": "Somebody"})
            said = {"contributor": speaker, "criterion": criterion}
            self.say(self.audit_id, "answer.rate", said | {"rating": rating})
            self.say(self.audit_id, "answer.comment", said | {"text": SECRET})


@pytest.fixture
def trust(scene: Scene) -> Trust:
    return Trust(scene)


def test_a_board_reads_what_is_due_what_changed_and_what_is_shown(trust):
    paper = text_of(trust.manager.get(PAPER))

    for words in (
        "Northfield Trust · Settings: 2",
        "Settings that show all their principles: 0 of 1.",
        "Overdue: 1. The oldest is at Rowan ward, by 9 days.",
        "Since the audit before, principles that improved: 1; that slipped: 0; that stayed: 0.",
        "0 of 10 shown, Belonging not yet, 9 still open",
        "Not audited yet: Birch ward.",
        "Meet newcomers at the door Lead",
        "9 days late",
        "Belonging: 1.0 to 2.4",
    ):
        assert words in paper


def test_what_is_settled_in_between_stands_beside_what_changed(trust):
    done = trust.lead.get(f"/api/audits/{trust.audit_id}").json
    earlier = next(one for one in trust.lead.get("/api/home").json["audits"] if one["id"] != done["id"])["id"]
    registers = trust.lead.get(f"/api/audits/{earlier}").json["registers"]
    item = next(name.split("/")[1] for name in registers if name.startswith("plan/"))
    seen = [write["id"] for write in registers[f"plan/{item}/state"]]
    settling = operation("plan.settle", {"item": item, "state": "done", "outcome": "A rota hangs there."}, seen)
    assert trust.lead.verdicts(earlier, [settling]) == ["applied"]

    paper = text_of(trust.manager.get(PAPER))

    assert "Meet newcomers at the door (done)" in paper
    assert "days late" not in paper


def test_voices_of_few_are_hidden_and_nobody_is_quoted_or_named(trust):
    trust.speak("staff", 6, 3)
    trust.speak("resident", 4, 0)

    few = text_of(trust.manager.get(PAPER))
    trust.speak("resident", 1, 0)
    enough = text_of(trust.manager.get(PAPER))

    assert "Belonging 3.0 n 6 hidden, fewer than 5 –" in few
    assert "0.0" not in few
    assert "Belonging 3.0 n 6 0.0 n 5 3.0" in enough
    assert (
        "Voices are furthest apart on Belonging: 3.0 steps of the scale, over all settings of Northfield Trust."
        in enough
    )
    for paper in (few, enough):
        assert SECRET not in paper
        assert "Somebody" not in paper


def test_a_filter_that_would_undo_what_is_hidden_is_not_heard(trust):
    trust.speak("staff", 6, 3)

    assert text_of(trust.manager.get(PAPER)) == text_of(trust.manager.get(f"{PAPER}?site={trust.birch}&sector=school"))


def test_no_paper_adds_up_what_another_tells_apart(scene, trust):
    """Eight less five would be the three."""
    other = scene.organisation("Southdown Trust")
    elm, zoe = scene.site(other, "Elm ward"), scene.phone("Zoe", "lead", other)
    trust.speak("resident", 5, 2)
    audit = new_id()
    opening = {"site": elm, "checklist": CHECKLIST, "edition": 1, "track": "development"}
    assert zoe.verdicts(audit, [operation("audit.open", opening)]) == ["applied"]
    for _ in range(3):
        speaker = new_id()
        adding = {"contributor": speaker, "voice": "resident", "label": "Somebody"}
        rating = {"contributor": speaker, "criterion": "belonging-1", "rating": 0}
        said = [operation("contributor.add", adding), operation("answer.rate", rating)]
        assert zoe.verdicts(audit, said) == ["applied", "applied"]
    bo = scene.phone("Bo", "manager", trust.id)
    with scene.app.app_context():
        who = db.session.scalars(db.select(Person).filter_by(name="Bo")).one()
        db.session.add(Grant(id=new_id(), person_id=who.id, role="manager", organisation_id=other, site_id=None))
        db.session.commit()

    together = text_of(bo.get(PAPER))
    alone = [text_of(bo.get(f"{PAPER}?organisation={one}")) for one in (trust.id, other)]

    assert "Belonging 2.0 n 5 –" in together and "Belonging 2.0 n 5 –" in alone[0]
    assert "hidden, fewer than 5" in together and "hidden, fewer than 5" in alone[1]
    assert "n 8" not in together


def test_a_board_paper_is_of_ones_own_settings_alone(scene, trust):
    other = scene.organisation("Southdown Trust")
    elm = scene.site(other, "Elm ward")
    scene.audit(scene.phone("Zoe", "lead", other), elm)

    mine = text_of(trust.manager.get(PAPER))
    theirs = text_of(trust.manager.get(f"{PAPER}?organisation={other}"))
    leads = text_of(trust.lead.get(PAPER))

    assert "Elm ward" not in mine + theirs
    assert "Southdown" not in mine + theirs
    assert "Settings: 0" in theirs
    assert "Rowan ward" not in leads
    assert Phone(scene.app).get(PAPER).status_code == 401


@pytest.mark.parametrize("language", ["en", "cy"])
def test_the_paper_is_tagged_and_speaks_its_language(trust, tmp_path, language):
    trust.speak("staff", 6, 3)
    trust.speak("resident", 5, 1)
    reply = trust.manager.get(f"{PAPER}?language={language}")
    document = PdfReader(io.BytesIO(reply.get_data()))
    root = document.trailer["/Root"]

    assert complaints(reply.get_data(), tmp_path) == []
    assert root["/Lang"] == f"{language}-GB"
    assert root["/MarkInfo"]["/Marked"]
    assert {"/H1", "/H2", "/Table", "/TH", "/TD", "/L"} <= {role for role, _ in roles_in(root["/StructTreeRoot"])}
    assert document.metadata.title.startswith(WORDS["title"][language])
    printed = text_of(reply)
    for key in ("short", "due", "voices", "changes", "rests", "how"):
        assert WORDS[key][language] in printed
    assert f"Board paper {now().date().isoformat()}.pdf" in reply.headers["Content-Disposition"]


def test_every_word_is_there_in_both_languages():
    for key, said in WORDS.items():
        assert set(said) == {"en", "cy"}, key
        assert said["en"].count("{") == said["cy"].count("{"), key

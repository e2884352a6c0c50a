"""Paper out: forms to write on and reports, for eyes, for screen readers, and for nobody whose they are not."""

import hashlib
import html
import io
import itertools
import json
import re
import time
import unicodedata
from pathlib import Path

import pdfua
import pytest
from PIL import Image
from pypdf import PdfReader

from audit_app.checklists.library import Library
from audit_app.db import new_id
from audit_app.paper.drawing import qr
from audit_app.paper.words import WORDS
from audit_app.typeset import FONTS, printable, typeset

from .builders import CHECKLIST, OURS, Audit, Phone, Scene, operation

ROOT = Path(__file__).resolve().parent.parent
LIBRARY = Library.load(ROOT / "checklists")
TEMPLATES = sorted((ROOT / "audit_app").rglob("*.typ"))
FORM = f"/api/checklists/{CHECKLIST}/1/form.pdf"
MARKUP = r'#pagebreak() $x^2$ *bold* _it_ `raw` @ref <label> \u{41} [x] // no /* no */ ~ "quote" #"a" https://x.example'


class Team:
    """A ward with an audit, its lead and an auditor; the night shift has begun to answer."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.organisation = scene.organisation()
        self.ward = scene.site(self.organisation)
        self.lead = scene.phone("Lena", "lead", self.organisation, self.ward)
        self.amina = scene.phone("Amina", "auditor", self.organisation, self.ward)
        self.audit: Audit = scene.audit(self.lead, self.ward)

    def say(self, verb: str, /, **payload) -> None:
        assert self.lead.verdicts(self.audit.id, [operation(verb, payload)]) == ["applied"]

    def speaker(self, voice: str, label: str) -> str:
        self.say("contributor.add", contributor=(id := new_id()), voice=voice, label=label)
        return id

    def rate(self, contributor: str, criterion: str, rating: int | None, **more) -> None:
        self.say("answer.rate", contributor=contributor, criterion=criterion, rating=rating, **more)

    def comment(self, contributor: str, criterion: str, text: str) -> None:
        self.say("answer.comment", contributor=contributor, criterion=criterion, text=text)

    def show(self, kind: str, caption: str, *criteria: str, **more) -> str:
        item = {"evidence": new_id(), "kind": kind, "caption": caption, "criteria": list(criteria)}
        self.say("evidence.add", **item, **more)
        return item["evidence"]

    def photograph(self, caption: str, *criteria: str, colour: str = "steelblue") -> str:
        """Add a photo whose bytes arrive; their hash."""
        taken = io.BytesIO()
        Image.new("RGB", (800, 600), colour).save(taken, "JPEG")
        digest = hashlib.sha256(taken.getvalue()).hexdigest()
        self.show("photo", caption, *criteria, sha256=digest, nobody=True)
        address = f"/api/audits/{self.audit.id}/photos/{digest}"
        assert self.lead.client.put(address, data=taken.getvalue(), headers=OURS).status_code == 200
        return digest

    def plan(self, what: str, **more) -> str:
        item = {"item": new_id(), "what": what, "whose": "team", "due": None, "criteria": [], "answers": []}
        self.say("plan.add", **item | more)
        return item["item"]

    def settle(self, item: str, **said) -> None:
        standing = self.lead.get(f"/api/audits/{self.audit.id}").json["registers"][f"plan/{item}/state"]
        settling = operation("plan.settle", {"item": item, **said}, [one["id"] for one in standing])
        assert self.lead.verdicts(self.audit.id, [settling]) == ["applied"]

    def withdraw(self, contributor: str) -> None:
        register = f"contributor/{contributor}/withdrawn"
        standing = self.lead.get(f"/api/audits/{self.audit.id}").json["registers"][register]
        withdrawing = operation("contributor.withdraw", {"contributor": contributor}, [one["id"] for one in standing])
        assert self.lead.verdicts(self.audit.id, [withdrawing]) == ["applied"]

    def report(self, language: str = "en") -> str:
        return text_of(self.lead.get(f"/api/audits/{self.audit.id}/report.pdf?language={language}"))

    def page(self, language: str = "en") -> str:
        return self.lead.get(f"/audits/{self.audit.id}/report?language={language}").get_data(as_text=True)


@pytest.fixture
def team(scene: Scene) -> Team:
    return Team(scene)


def pages_of(reply) -> list[str]:
    """The text of each page, on one line."""
    assert reply.status_code == 200, reply.get_data(as_text=True)
    assert reply.mimetype == "application/pdf"
    return [plain(page.extract_text()) for page in PdfReader(io.BytesIO(reply.get_data())).pages]


def text_of(reply) -> str:
    return " ".join(pages_of(reply))


def plain(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip()


def unspaced(text: str) -> str:
    return re.sub(r"\s", "", text)


def statements(sector: str, language: str, slug: str = CHECKLIST) -> list[str]:
    spoken = LIBRARY.find(slug, 1).in_words(sector, language)
    return [plain(criterion["statement"]) for principle in spoken["principles"] for criterion in principle["criteria"]]


def assert_in_order(parts: list[str], text: str) -> None:
    at = 0
    for part in parts:
        found = text.find(part, at)
        assert found >= 0, f"“{part}” is missing, or out of order"
        at = found + len(part)


def complaints(pdf: bytes, folder: Path) -> list:
    """What a judge of PDF/UA finds wrong."""
    (folder / "judged.pdf").write_bytes(pdf)
    return list(pdfua.validate(folder / "judged.pdf").findings)


# Forms


@pytest.mark.parametrize("slug", [edition.slug for edition in LIBRARY.published])
@pytest.mark.parametrize(("sector", "language"), [("ward", "en"), ("prison-wing", "cy"), ("school", "en")])
def test_a_form_asks_every_criterion_in_order_in_the_words_of_its_sector(scene: Scene, slug, sector, language):
    phone = scene.phone("Lena", "lead", scene.organisation())
    address = f"/api/checklists/{slug}/1/form"

    printed = text_of(phone.get(f"{address}.pdf?sector={sector}&language={language}"))
    page = phone.get(f"{address}?sector={sector}&language={language}")

    assert_in_order(statements(sector, language, slug), printed)
    assert page.mimetype == "text/html"
    assert_in_order(statements(sector, language, slug), plain(html.unescape(page.get_data(as_text=True))))


def test_every_page_of_a_form_says_whose_it_is(team: Team):
    residents = team.speaker("resident", "Thursday meeting")
    asked = f"?audit={team.audit.id}&contributor={residents}"

    pages = pages_of(team.amina.get(FORM + asked))
    shown = html.unescape(team.amina.get(FORM.removesuffix(".pdf") + asked).get_data(as_text=True))

    code = f"EAFE1 {team.audit.id[-6:].upper()} {residents[-6:].upper()}"
    assert all(code in page for page in pages)
    assert len(pages) == 11  # one to begin with, and one a principle
    assert all(words in pages[0] for words in ("Rowan ward", "Patients", "Thursday meeting"))
    assert shown.count(code) >= 11
    assert qr(f"http://localhost/?by={residents}#/audits/{team.audit.id}/paper") in shown


def test_a_form_is_printed_for_a_contributor_whose_introduction_is_still_on_a_phone(team: Team):
    coming = new_id()

    pages = pages_of(team.amina.get(f"{FORM}?audit={team.audit.id}&contributor={coming}"))

    assert all(f"EAFE1 {team.audit.id[-6:].upper()} {coming[-6:].upper()}" in page for page in pages)
    assert "Who is speaking? Tick one." in pages[0]


def test_a_form_for_no_audit_says_its_edition_alone_and_leaves_room_for_the_rest(team: Team):
    pages = pages_of(team.amina.get(f"{FORM}?sector=hostel"))

    assert all("EAFE1" in page for page in pages)
    assert "Rowan" not in pages[0]
    assert_in_order(["Where (hostel)", "Staff", "Residents", "Visitors", "Never a resident’s name"], pages[0])


def test_a_form_speaks_welsh(team: Team):
    reply = team.amina.get(f"{FORM}?audit={team.audit.id}&language=cy")

    assert PdfReader(io.BytesIO(reply.get_data())).trailer["/Root"]["/Lang"] == "cy-GB"
    assert_in_order(["Sut i lenwi hon", "Ystyr y graddau", "Ddim yn berthnasol"], text_of(reply))


def test_nobody_gets_a_form_of_an_audit_that_they_may_not_see(team: Team):
    scene = team.scene
    elsewhere = scene.organisation("Southmoor Housing")
    theirs = scene.audit(scene.phone("Olu", "lead", elsewhere), scene.site(elsewhere, "Elm House", "hostel"))
    assessor = scene.phone("Asa", "assessor", team.organisation)

    def status(phone: Phone, **asked) -> list[int]:
        query = "&".join(f"{name}={value}" for name, value in asked.items())
        return [phone.get(f"{address}?{query}").status_code for address in (FORM, FORM.removesuffix(".pdf"))]

    assert status(team.amina, audit=team.audit.id) == [200, 200]
    assert status(assessor, audit=team.audit.id) == [403, 403]
    assert status(team.amina, audit=theirs.id) == status(team.amina, audit=new_id()) == [404, 404]
    assert status(Phone(scene.app), sector="ward") == status(Phone(scene.app), audit=team.audit.id) == [401, 401]


def test_a_form_is_refused_for_what_does_not_belong_together(team: Team):
    other = team.scene.audit(team.lead, team.ward, label="Day shift")
    gone = team.speaker("staff", "Bank staff")
    team.withdraw(gone)

    def problem(address: str) -> tuple[int, str]:
        reply = team.amina.get(address)
        return reply.status_code, reply.json["type"].removeprefix("/problems/")

    assert problem(f"{FORM}?audit={team.audit.id}&contributor={other.contributor}") == (404, "not-found")
    assert problem(f"{FORM}?audit={team.audit.id}&contributor={gone}") == (404, "not-found")
    assert problem(f"{FORM}?audit={team.audit.id}&contributor=me") == (422, "malformed")
    assert problem(f"{FORM}?sector=ward&contributor={team.audit.contributor}") == (422, "malformed")
    assert problem(f"/api/checklists/ten-minute-look/1/form?audit={team.audit.id}") == (422, "malformed")
    assert problem(f"{FORM}?sector=castle") == (422, "sector-unknown")
    assert problem("/api/checklists/nothing/1/form.pdf?sector=ward") == (404, "checklist-unknown")


# Reports


def test_a_report_says_what_was_said_and_agreed(team: Team):
    night, residents = team.audit.contributor, team.speaker("resident", "Thursday meeting")
    team.rate(night, "safety-1", 3)
    team.comment(night, "safety-1", "We sit down with people.\nEvery evening.")
    team.rate(residents, "safety-1", 1)
    team.comment(residents, "safety-1", "Some nights nobody comes.")
    team.rate(residents, "safety-4", None, reason="We cannot see that.")
    team.say("finding.agree", criterion="safety-1", rating=2)
    team.say("finding.account", criterion="safety-1", shows="The evening round", helps="Time", hinders="Agency shifts")
    team.say("finding.agree", criterion="safety-2", rating=None, reason="Nobody stays the night.")

    for said in (team.report(), plain(html.unescape(re.sub(r"<[^>]+>", " ", team.page())))):
        assert_in_order(statements("ward", "en"), said)
        assert_in_order(["Report of an audit", "Rowan ward", "Northfield Trust", "our own development"], said)
        [part] = re.findall(r"2\.1 People feel listened to and understood here\.(.*?)2\.2 ", said)
        assert_in_order(["We agree:", "Mostly", "The evening round", "Time", "Agency shifts"], part)
        assert_in_order(["Staff 0 0 0 1 0 1", "Patients 0 1 0 0 0 1"], part)
        assert_in_order(["Staff", "We sit down with people. Every evening.", "Patients", "Some nights nobody"], part)
        assert_in_order(["2.2 ", "Does not apply", "Nobody stays the night."], said)
        assert "Does not apply: We cannot see that." in said


def test_a_report_counts_each_voice_by_itself(team: Team):
    for number, rating in enumerate((0, 2, 2)):
        team.rate(team.speaker("staff", f"Shift {number}"), "agency-2", rating)
    for number, rating in enumerate((1, 3)):
        team.rate(team.speaker("resident", f"Group {number}"), "agency-2", rating)

    said = team.report()

    assert_in_order(["9.2 ", "Staff 1 0 2 0 0 3", "Patients 0 1 0 1 0 2", "9.3 "], said)
    assert_in_order(["Who contributed", "Staff 4", "Patients 2"], said)
    assert not re.search(r"\b(Total|All voices|Everybody)\b", said)


def test_residents_and_visitors_are_never_named_whatever_was_typed(team: Team):
    for voice, label in (("resident", "Gwilym Prys"), ("visitor", "Mrs Prys"), ("staff", "Kwame B")):
        contributor = team.speaker(voice, label)
        team.rate(contributor, "safety-1", 2)
        team.comment(contributor, "safety-1", "It is calm here.")

    for said in (team.report(), team.report("cy"), team.page(), team.page("cy")):
        assert "Prys" not in said
        assert "Kwame B" in said


def test_what_is_not_settled_is_said_as_such(team: Team):
    night = team.audit.contributor
    team.rate(night, "safety-1", 3)
    team.comment(night, "safety-1", "Always.")
    team.say("finding.agree", criterion="safety-1", rating=3)
    team.say("finding.account", criterion="safety-1", shows="a", helps="", hinders="")
    unseen = [
        operation("answer.rate", {"contributor": night, "criterion": "safety-1", "rating": 0}),
        operation("answer.comment", {"contributor": night, "criterion": "safety-1", "text": "Never."}),
        operation("finding.agree", {"criterion": "safety-1", "rating": 1}),
        operation("finding.account", {"criterion": "safety-1", "shows": "b", "helps": "", "hinders": ""}),
    ]
    assert set(team.amina.verdicts(team.audit.id, unseen)) == {"applied"}

    said = team.report()

    assert_in_order(
        [
            "2.1 ",
            "Two different findings were written. Not settled yet.",
            "The account was written in two ways",
            "Staff: 1 rated in two ways, not settled yet.",
            "Staff: 1 commented in two ways, not settled yet.",
            "2.2 ",
        ],
        said,
    )
    assert "Two different findings" in team.page()


def test_who_was_withdrawn_speaks_no_more(team: Team):
    gone = team.speaker("staff", "Bank staff")
    team.comment(gone, "safety-1", "I only came once.")
    assert "I only came once." in team.report()

    team.withdraw(gone)

    assert "I only came once." not in team.report() + team.page()
    assert "Bank staff" not in team.report() + team.page()


def test_a_report_shows_its_evidence_under_each_criterion_in_words_and_photos_small(team: Team):
    team.show("observation", "The kettle is out.", "safety-1", "belonging-4")
    team.show("quotation", "They knock first.", "safety-1", voice="resident")
    team.show("document", "Handbook", "safety-1", where="The office", dated="2026-03-01")
    team.show("count", "Evening rounds", "safety-1", count=22, of=24, over="last quarter")
    photo = team.photograph("A new notice board", "safety-1", "safety-3")
    team.show("photo", "Not sent yet", "safety-1", sha256="0" * 64, nobody=True)

    reply = team.lead.get(f"/api/audits/{team.audit.id}/report.pdf")

    told = [
        "Seen: The kettle is out.",
        "Said: They knock first. (Patients)",
        "Document: Handbook (kept: The office · dated 1 March 2026)",
        "Count: Evening rounds (22 of 24 · last quarter)",
        "Photo: Not sent yet This photo is not here yet, and does not count.",
    ]
    said, page = text_of(reply), team.page()
    assert_in_order(["1.4 ", "Seen: The kettle is out.", "2.1 ", *told, "Photo: A new notice board"], said)
    assert_in_order(["2.3 ", "Photo: A new notice board (Picture at 2.1)"], said)
    pictures = [image for page in PdfReader(io.BytesIO(reply.get_data())).pages for image in page.images]
    assert [max(picture.image.size) for picture in pictures if picture.image.width > 100] == [320]
    assert re.findall(r'<img src="(/api[^"]*)" alt="([^"]*)"', page) == [
        (f"/api/audits/{team.audit.id}/photos/{photo}?size=small", "A new notice board")
    ]
    assert_in_order(told[:4], plain(html.unescape(re.sub(r"<[^>]+>", " ", page))).replace(" :", ":"))


def test_a_report_ends_with_the_plan_overdue_first_and_what_it_answers(team: Team):
    residents = team.speaker("resident", "Thursday meeting")
    team.comment(residents, "safety-1", "Nobody comes at night.")
    said = [
        {"kind": "answer", "reference": f"{residents}/safety-1"},
        {"kind": "meeting", "reference": "House meeting, 3 November"},
        {"kind": "evidence", "reference": team.show("quotation", "It is dark.", "safety-1", voice="resident")},
    ]
    team.plan("Paint the hall", whose="residents")
    team.plan("Say who comes at night", whose="lead", due="2020-01-31", criteria=["safety-1", "safety-4"], answers=said)
    done = team.plan("Buy a kettle", whose="", due="2026-01-02")
    team.settle(done, state="done", outcome="It is used each morning.")
    dropped = team.plan("Move the desk", whose="Estates")
    team.settle(dropped, state="dropped", reason="The floor is listed.")

    printed = team.report()

    assert_in_order(
        [
            "What will be done",
            "Say who comes at night",
            "For 2.1, 2.4",
            "You said: Patients: “Nobody comes at night.”",
            "You said: House meeting, 3 November",
            "You said: Patients: “It is dark.”",
            "31 January 2020",
            "Overdue",
            "Paint the hall Patients No day agreed To do",
            "Buy a kettle",
            "What came of it: It is used each morning.",
            "Nobody yet",
            "Done",
            "Move the desk",
            "Dropped because: The floor is listed.",
            "Estates",
        ],
        printed,
    )
    assert "Say who comes at night" in team.page()
    assert_in_order(["Beth fydd yn cael ei wneud", "31 Ionawr 2020", "Yn hwyr"], team.report("cy"))


def test_a_report_of_an_audit_in_which_nobody_has_spoken_says_so(team: Team):
    said = team.report()

    assert said.count("Nobody has answered yet.") == said.count("Not agreed yet") == 50
    assert "0 of 10 principles agreed in full" in said


def test_a_report_is_for_those_who_may_see_the_audit(team: Team):
    elsewhere = team.scene.phone("Olu", "lead", team.scene.organisation("Southmoor Housing"))
    assessor = team.scene.phone("Asa", "assessor", team.organisation)
    address = f"/audits/{team.audit.id}/report"

    assert team.amina.get(address).status_code == 200
    assert assessor.get(address).status_code == 403
    assert elsewhere.get(address).status_code == elsewhere.get(f"/audits/{new_id()}/report").status_code == 404
    assert Phone(team.scene.app).get(address).status_code == 401
    assert "no-store" in team.amina.get(address).headers["Cache-Control"]


def test_what_people_write_is_never_read_as_markup(team: Team):
    team.comment(team.audit.contributor, "safety-1", MARKUP)
    team.say("finding.account", criterion="safety-1", shows=MARKUP, helps="= Not a heading", hinders="- no list")
    team.say("contributor.add", contributor=new_id(), voice="staff", label="#label <b>*x*</b>")

    printed, page = team.report(), team.page()

    assert unspaced(printed).count(unspaced(MARKUP)) == 2  # wherever its lines were broken
    assert_in_order(["#label <b>*x*</b>", "= Not a heading", "- no list"], printed)
    assert html.unescape(page).count(MARKUP) == 2
    assert "<b>*x*" not in page and "<label>" not in page


def test_a_word_without_end_stays_on_its_page(team: Team):
    team.comment(team.audit.contributor, "safety-1", "W" * 1500 + " end")
    team.say("contributor.add", contributor=new_id(), voice="staff", label="M" * 80)
    team.plan("N" * 300, whose="O" * 60)

    found = PdfReader(io.BytesIO(team.lead.get(f"/api/audits/{team.audit.id}/report.pdf").get_data()))

    lines = [line for page in found.pages for line in page.extract_text().splitlines()]
    for letter, most, length in (("W", 60, 1500), ("M", 60, 80), ("N", 40, 300), ("O", 20, 60)):
        runs = [run for line in lines for run in re.findall(letter + "{3,}", line.replace("\u200b", ""))]
        assert max(len(run) for run in runs) <= most, letter
        assert sum(len(run) for run in runs) >= length - 3, letter


def test_letters_that_our_type_lacks_are_said_in_words(team: Team):
    team.comment(team.audit.contributor, "safety-1", "Diolch 👍 شكرا dziękuję, ŵy a thŷ\tx̣́ → 5 °C\x0b½")

    said = team.report()

    assert "Diolch [thumbs up sign] [arabic letters] dziękuję, ŵy a thŷ x" in said
    assert "[rightwards arrow] 5 °C" in said


# What a screen reader finds


def test_a_pdf_is_tagged_and_says_its_title_and_language(team: Team):
    team.rate(team.audit.contributor, "safety-1", 3)
    for address in (f"{FORM}?audit={team.audit.id}", f"/api/audits/{team.audit.id}/report.pdf?language=cy"):
        found = PdfReader(io.BytesIO(team.lead.get(address).get_data()))

        root = found.trailer["/Root"]
        assert root["/MarkInfo"]["/Marked"] is True or root["/MarkInfo"]["/Marked"].value is True
        assert root["/Lang"] in ("en-GB", "cy-GB")
        assert root["/ViewerPreferences"]["/DisplayDocTitle"]
        assert found.metadata.title
        assert "pdfuaid:part" in root["/Metadata"].get_object().get_data().decode()
        roles = roles_in(root["/StructTreeRoot"])
        assert {"/H1", "/H2", "/H3", "/P", "/Table", "/TH", "/TD", "/Figure"} <= {role for role, _ in roles}
        assert all(alt for role, alt in roles if role == "/Figure")


def roles_in(node) -> list[tuple[str, str | None]]:
    """Every role in a structure tree with its alternative text."""
    found, ahead = [], [node]
    while ahead:
        one = ahead.pop().get_object()
        if isinstance(one, list):
            ahead.extend(one)
        elif hasattr(one, "get"):
            if "/S" in one:
                found.append((one["/S"], one.get("/Alt")))
            if "/K" in one and not isinstance(one.raw_get("/K"), int):
                ahead.append(one.raw_get("/K"))
    return found


@pytest.mark.parametrize("language", ["en", "cy"])
def test_a_judge_of_pdf_ua_finds_nothing_wrong(team: Team, tmp_path, language):
    team.rate(team.audit.contributor, "safety-1", 3)
    team.comment(team.audit.contributor, "safety-1", "We sit down with people.")

    for address in (f"{FORM}?sector=ward&language={language}", f"/api/audits/{team.audit.id}/report.pdf"):
        assert complaints(team.lead.get(address).get_data(), tmp_path) == []


def test_the_judge_of_pdf_ua_would_notice_a_pdf_without_tags(tmp_path):
    import typst

    untagged = typst.compile(b"= A heading", pdf_tags=False)

    assert complaints(untagged, tmp_path) != []


def test_pages_need_no_script_and_no_other_host(team: Team):
    team.rate(team.audit.contributor, "safety-1", 3)
    form = team.lead.get(f"{FORM.removesuffix('.pdf')}?audit={team.audit.id}").get_data(as_text=True)

    for page in (team.page(), form):
        assert "<script" not in page
        assert not re.search(r"\sstyle=|\son\w+=", page)
        assert not re.search(r"https?://(?!www\.w3\.org/2000/svg)", page)
        levels = [int(level) for level in re.findall(r"<h(\d)", page)]
        assert levels[0] == 1 and levels.count(1) == 1
        assert all(after - before <= 1 for before, after in itertools.pairwise(levels))
        for address in re.findall(r'(?:href|src)="(/[^"]*)"', page):
            assert team.lead.get(html.unescape(address)).status_code == 200, address


# How it is made


def test_a_template_fetches_nothing_and_evaluates_nothing():
    assert {path.name for path in TEMPLATES} >= {"form.typ", "report.typ", "house.typ"}
    for path in TEMPLATES:
        text = path.read_text()
        assert set(re.findall(r"#(?:import|include)\s+(\S+?):?\s", text)) <= {'"house.typ"'}, path
        assert not re.search(r"@preview|@local|\beval\(|\bread\(|\bplugin\(", text), path
        assert set(re.findall(r"\bjson\((.*?)\)", text)) <= {'"data.json"'}, path


def test_a_template_reads_nothing_but_the_templates_beside_it_and_what_it_is_handed(tmp_path):
    inside = tmp_path / "inside"
    inside.mkdir()
    (tmp_path / "secret.txt").write_text("secret")
    (inside / "beside.typ").write_text("beside")
    (inside / "beside.txt").write_text("beside")
    start = '#import "house.typ": *\n#set document(title: "x")\n= x\n'

    elsewhere = ("beside.txt", "../secret.txt", str(tmp_path / "secret.txt"))
    for path, readable in (("beside.typ", True), *((path, False) for path in elsewhere)):
        (inside / "x.typ").write_text(f'{start}#text(font: "Atkinson Hyperlegible Next", read("{path}"))')
        try:
            typeset(inside / "x.typ", {})
        except RuntimeError as refused:
            assert not readable, refused
        else:
            assert readable, path


def test_any_letter_of_unicode_can_be_typeset(tmp_path):
    (tmp_path / "x.typ").write_text(
        '#let data = json("data.json")\n#set document(title: "x")\n#set text(font: "Atkinson Hyperlegible Next", '
        'lang: "en", fallback: false)\n= x\n#for text in data.texts [\n#par(text)\n]'
    )
    letters = [chr(code) for code in range(0x11000) if unicodedata.category(chr(code)) != "Cn"]
    letters += [chr(code) for code in range(0x1F000, 0x1FB00)]
    alone = ["a" + letter + "b" for letter in letters if ord(letter) < 0x3000]
    texts = ["".join(letters[at : at + 500]) for at in range(0, len(letters), 500)]

    assert typeset(tmp_path / "x.typ", {"texts": [*texts, " ".join(alone)]}).startswith(b"%PDF")
    assert printable("\ud800x") == "x"


def test_our_type_is_as_it_was_made_from_the_app_s_own():
    record = json.loads((FONTS / "fonts.json").read_text())
    locked = json.loads((ROOT / "tools/package-lock.json").read_text())["packages"][f"node_modules/{record['package']}"]

    assert {path.name for path in FONTS.glob("*.ttf")} == set(record["files"])
    for name, digest in record["files"].items():
        assert hashlib.sha256((FONTS / name).read_bytes()).hexdigest() == digest, name
    assert (record["version"], record["integrity"]) == (locked["version"], locked["integrity"])
    assert "SIL OPEN FONT LICENSE" in (FONTS / "licence.txt").read_text()


@pytest.mark.parametrize("key", sorted(WORDS))
def test_every_word_on_paper_is_in_every_language(key):
    assert set(WORDS[key]) == {"en", "cy"}
    places = {language: set(re.findall(r"\{\w+\}", text)) for language, text in WORDS[key].items()}
    assert places["en"] == places["cy"]


def test_a_huge_audit_is_printed_without_keeping_anybody_waiting_for_long(team: Team, capsys):
    criteria = list(LIBRARY.find(CHECKLIST, 1).criteria)
    voices = ["staff"] * 5 + ["resident"] * 4 + ["visitor"]
    speakers = [team.speaker(voice, f"Group {number}") for number, voice in enumerate(voices)]
    said = [
        operation(kind, {"contributor": contributor, "criterion": criterion, **more})
        for contributor in speakers
        for number, criterion in enumerate(criteria)
        for kind, more in (
            ("answer.rate", {"rating": number % 4}),
            (
                "answer.comment",
                {"text": f"What {criterion} is like on a long evening, with some words about why. " * 2},
            ),
        )
    ]
    account = {"shows": "The evening round. " * 8, "helps": "Time. " * 8, "hinders": "Agency shifts. " * 8}
    said += [operation("finding.account", {"criterion": criterion, **account}) for criterion in criteria]
    for at in range(0, len(said), 200):
        assert set(team.lead.verdicts(team.audit.id, said[at : at + 200])) == {"applied"}

    for number in range(40):
        team.photograph(f"Photo {number}", criteria[number], colour=f"#{number * 6:02x}88aa")
    took = []
    for rating in range(3):  # each time something is new
        team.say("finding.agree", criterion="safety-1", rating=rating)
        began = time.perf_counter()
        reply = team.lead.get(f"/api/audits/{team.audit.id}/report.pdf")
        took.append(time.perf_counter() - began)

    with capsys.disabled():
        shown = f"{len(pages_of(reply))} pages, {len(reply.get_data()) // 1024} KiB"
        print(f"\n500 answers and 40 photos as PDF: {shown}, {' '.join(f'{one:.2f}' for one in took)} s")
    assert max(took) <= 15, "`make bench` holds it to two seconds, on a machine that does nothing else"

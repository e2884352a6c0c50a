"""A manager with ten minutes before a meeting, several settings to answer for, and at times no network."""

import re
from datetime import timedelta

import pytest
from playwright.sync_api import expect

from audit_app.db import new_id, now
from tests.builders import OURS, operation
from tests.needs import needs

from .axe import violations
from .people import DESK, PHONE
from .service import until

pytestmark = [pytest.mark.browser, needs("chromium")]

SIDES = {
    "Overview": "Settings side by side",
    "Due": "Due and overdue",
    "Voices": "Voices",
    "Change": "What changed",
    "Agreement": "How far people agree",
    "What it rests on": "What it rests on",
}
LATE = 9


class Wards:
    """A trust with two wards and a school. Rowan ward is in its second audit: staff and patients differ on one
    statement, a promise is late, another was kept, one principle is shown."""

    def __init__(self, scene):
        self.scene = scene
        self.trust = scene.organisation("Northfield Trust")
        scene.person("Mona Reid", "manager", self.trust)
        scene.person("Cole Ash", "manager", self.trust)
        self.lead = scene.phone("Amina Khan", "lead", self.trust)
        self.rowan = scene.site(self.trust, "Rowan ward")
        first = scene.audit(self.lead, self.rowan).id
        self.agree(first, "belonging", 1, 1, 1, 1, 1)
        self.plan(first, "Meet newcomers at the door")
        kept = self.plan(first, "Paint the quiet room")
        self.settle(first, kept)
        opened = scene.audit(self.lead, self.rowan)
        self.audit, staff = opened.id, opened.contributor
        patients = self.speaker(self.audit, "resident", "Ward meeting")
        for speaker, rating in ((staff, 3), (patients, 0)):
            said = {"contributor": speaker, "criterion": "safety-2", "rating": rating}
            self.say(self.audit, ("answer.rate", said))
        said = {"contributor": patients, "criterion": "belonging-1", "rating": 2}
        self.say(self.audit, ("answer.rate", said))
        self.agree(self.audit, "belonging", 2, 2, 2, 3, 3)
        for kind in ("observation", "document"):
            item = {
                "evidence": new_id(),
                "kind": kind,
                "caption": "A list hangs by the door",
                "criteria": ["belonging-1"],
            }
            more = {"where": "Blue folder", "dated": "2026-01-02"} if kind == "document" else {}
            self.say(self.audit, ("evidence.add", item | more))
        scene.audit(self.lead, scene.site(self.trust, "Ash ward"))
        scene.audit(self.lead, scene.site(self.trust, "Hill School", sector="school"))
        other = scene.organisation("Southdown Trust")
        scene.person("Olga Dean", "manager", other)
        scene.audit(scene.phone("Zoe Lane", "lead", other), scene.site(other, "Elm ward"))

    def say(self, audit: str, *said: tuple[str, dict]) -> None:
        assert set(self.lead.verdicts(audit, [operation(kind, payload) for kind, payload in said])) == {"applied"}

    def speaker(self, audit: str, voice: str, label: str) -> str:
        self.say(audit, ("contributor.add", {"contributor": (id := new_id()), "voice": voice, "label": label}))
        return id

    def agree(self, audit: str, principle: str, *ratings: int) -> None:
        found = enumerate(ratings, 1)
        self.say(audit, *[("finding.agree", {"criterion": f"{principle}-{n}", "rating": r}) for n, r in found])

    def plan(self, audit: str, what: str) -> str:
        item = {"item": new_id(), "what": what, "whose": "lead", "criteria": ["belonging-1"], "answers": []}
        self.say(audit, ("plan.add", item | {"due": (now().date() - timedelta(days=LATE)).isoformat()}))
        return item["item"]

    def settle(self, audit: str, item: str) -> None:
        registers = self.lead.get(f"/api/audits/{audit}").json["registers"]
        seen = [write["id"] for write in registers[f"plan/{item}/state"]]
        settling = operation("plan.settle", {"item": item, "state": "done", "outcome": "Painted in May."}, seen)
        assert self.lead.verdicts(audit, [settling]) == ["applied"]


@pytest.fixture
def wards(scene) -> Wards:
    return Wards(scene)


@pytest.fixture
def manager(somebody, wards):
    """Gives a manager a device, and opens the dashboard on it."""

    def opens(name: str = "Mona Reid", device: dict = PHONE, hash: str = ""):
        person = somebody(name, device).opens_the_app().signs_in()
        person.has_sent_everything()
        if hash:
            person.goes(hash)
        else:
            person.goes_to("Side by side")
        return person

    return opens


def looks_at(person, side: str) -> None:
    """From one way of looking to another."""
    person.taps(side, "link", person.page.get_by_role("navigation", name="Ways of looking"))
    person.sees_heading(SIDES[side])
    expect(person.main.get_by_text("Fetching …")).to_have_count(0)


def looks_at_once(person, hash: str, heading: str) -> None:
    """By a link."""
    person.goes(hash)
    person.sees_heading(heading)
    expect(person.main.get_by_text("Fetching …")).to_have_count(0)


def names_in_order(person) -> list[str]:
    return person.main.locator(".heat tbody th b").all_inner_texts()


def test_one_look_says_what_is_due_where_voices_differ_and_what_changed(manager, wards):
    mona = manager()

    mona.sees("thing is overdue")
    mona.sees("The oldest, 9 days late: Rowan ward: Meet newcomers at the door")
    mona.sees("steps between two voices")
    mona.sees("Staff 3.0 n 1")
    mona.sees("Patients 0.0 n 1")
    mona.sees(re.compile("Most of all: Rowan ward, Belonging"))
    table = mona.page.get_by_role("region", name=re.compile("^What is shown"))
    mona.sees("1 of 10 shown, 9 still open", table)
    shown = table.get_by_role("link", name=re.compile("^Rowan ward, Belonging: "))
    expect(shown).to_have_text("5/5 ✓")
    expect(shown).to_have_accessible_name(re.compile("Shown$"))
    mona.sees_nothing_of("Elm ward")


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_every_way_of_looking_is_open_to_everybody_in_light_and_dark(manager, device):
    mona = manager(device=device)
    found = {}
    for side in SIDES:
        looks_at(mona, side)
        shown = mona.page.get_by_role("navigation", name="Ways of looking").get_by_role("link", name=side, exact=True)
        expect(shown).to_be_in_viewport(ratio=1)
        mona.page.evaluate("document.querySelectorAll('main details').forEach(one => { one.open = true })")
        for scheme in ("light", "dark"):
            mona.page.emulate_media(color_scheme=scheme)
            found[side, scheme] = violations(mona.page)
        if device is PHONE:
            mona.page.set_viewport_size({"width": 320, "height": 640})
            wide = mona.page.evaluate("document.documentElement.scrollWidth")
            found[side, "narrow"] = [] if wide <= 320 else [f"{wide} px wide"]
            mona.page.set_viewport_size(PHONE["viewport"])

    assert not any(found.values()), found


def test_each_figure_leads_to_what_stands_behind_it(manager, wards):
    mona = manager()
    looks_at(mona, "Due")
    mona.follows("Meet newcomers at the door")
    mona.sees_heading("Plan")
    mona.sees("Meet newcomers at the door")

    mona.page.go_back()
    looks_at(mona, "Voices")
    mona.sees("It is all right to be upset here.")
    mona.follows("It is all right to be upset here.", mona.page.get_by_role("list").filter(has_text="steps apart"))
    mona.sees_heading("Safety and confidence")
    mona.hears("safety-2", "Patients", "1 Not yet")
    expect(mona.main.get_by_role("radio")).to_have_count(0)

    mona.page.go_back()
    looks_at(mona, "What it rests on")
    mona.follows("Rowan ward")
    mona.sees_heading("Evidence")
    mona.sees("A list hangs by the door")

    mona.page.go_back()
    looks_at(mona, "What it rests on")
    mona.follows("Rowan ward, One person or group alone: 1 of 50")
    mona.sees("One person or group alone: 1")
    mona.finds_it_accessible()
    mona.follows("Someone new is met and shown round by patients as well as by staff.")
    mona.sees_heading("Belonging and connection")

    looks_at_once(mona, "#/dashboard/change", "What changed")
    mona.follows("1.0 last time")
    mona.sees_heading("Belonging and connection")
    mona.sees("Beginning", mona.main.get_by_role("listitem").first)

    looks_at_once(mona, "#/dashboard/agreement", "How far people agree")
    card = mona.main.locator("section").filter(has=mona.page.get_by_role("heading", name="Rowan ward"))
    mona.follows("1 statement", card.get_by_role("row", name=re.compile("^All who answered")))
    mona.sees_heading("All statements")

    looks_at_once(mona, "#/dashboard", "Settings side by side")
    mona.follows(re.compile("^Rowan ward, Belonging: "))
    mona.sees_heading("Belonging and connection")


def test_what_changed_stands_beside_what_was_done_in_between(manager):
    mona = manager()
    looks_at(mona, "Change")

    mona.sees("1 improved")
    mona.sees("0 slipped")
    moves = mona.main.get_by_role("listitem").filter(has_text="Belonging").first
    mona.sees("1.0 → 2.4", moves)
    mona.sees("Paint the quiet room")
    mona.main.get_by_text("Show as a table").first.click()
    every = mona.main.get_by_role("region", name="Ash ward")
    mona.main.get_by_text("Show as a table").nth(2).click()
    rows = mona.main.get_by_role("region", name="Rowan ward").get_by_role("row", name=re.compile("^Belonging"))
    expect(rows).to_have_text(re.compile(r"Belonging\s*1\.0\s*2\.4"))
    expect(every).to_be_visible()


def test_how_far_people_agree_is_told_with_n_and_is_no_fault(manager):
    mona = manager()
    looks_at(mona, "Agreement")

    mona.sees("To differ is no fault.")
    card = mona.main.locator("section").filter(has=mona.page.get_by_role("heading", name="Rowan ward"))
    everybody = card.get_by_role("row", name=re.compile("^All who answered"))
    expect(everybody).to_contain_text("n 2")
    expect(everybody).to_contain_text("kappa, 1 statement")
    card.get_by_text("Worth talking about: 1 statement").click()
    mona.sees("It is all right to be upset here.", card)


def test_a_link_shows_a_colleague_the_same_and_a_stranger_nothing(manager, wards):
    mona = manager()
    mona.main.get_by_text(re.compile("^Your|^All your 3 settings")).click()
    mona.page.get_by_label("Kind of place").select_option(label="Ward")
    expect(mona.main.get_by_text("2 of 3 settings")).to_be_visible()
    mona.page.get_by_label("Order", exact=True).select_option(label="Widest gap first")
    until(lambda: names_in_order(mona) == ["Rowan ward", "Ash ward"], "the widest gap comes first")
    link = mona.address
    assert "sector=ward" in link and "order=gap" in link

    cole = manager("Cole Ash", DESK, link)
    cole.sees("2 of 3 settings")
    until(lambda: names_in_order(cole) == ["Rowan ward", "Ash ward"], "a colleague sees the same")

    olga = manager("Olga Dean", DESK, f"#/dashboard?site={wards.rowan}")
    olga.sees("No setting fits")
    olga.sees_nothing_of("Rowan ward")
    olga.taps("Show all settings")
    until(lambda: names_in_order(olga) == ["Elm ward"], "what is one's own")


def test_nothing_is_ranked_until_somebody_asks_and_then_with_care(manager):
    mona = manager()
    until(lambda: len(names_in_order(mona)) == 3, "the settings are there")
    assert names_in_order(mona) == sorted(names_in_order(mona))
    mona.sees_nothing_of("You asked for a ranking")

    mona.main.get_by_text("All your 3 settings · by name").click()
    mona.page.get_by_label("Order", exact=True).select_option(label="Most shown first (a ranking)")

    mona.sees("You asked for a ranking. Take care")
    until(lambda: names_in_order(mona)[0] == "Rowan ward", "the most shown is first")
    mona.finds_it_accessible()


def test_the_same_statements_by_another_lens_and_what_stands_behind_each_figure_without_a_network(manager, service):
    mona = manager()
    mona.taps("Ten values")

    table = mona.page.get_by_role("region", name=re.compile("^The same statements"))
    expect(table.get_by_role("columnheader", name="Openness")).to_be_visible()
    mona.sees("4/5 …", table.get_by_role("link", name=re.compile("^Rowan ward, Belonging: ")))
    assert "lens=values" in mona.address
    expect(mona.page.get_by_role("button", name="Ten values")).to_have_attribute("aria-pressed", "true")
    mona.finds_it_accessible()

    mona.follows(re.compile("^Rowan ward, Belonging: "))
    mona.sees_heading("Belonging")
    first = mona.main.get_by_role("listitem").filter(has_text="Someone new is met")
    mona.sees("Mostly", first)
    mona.sees("Patients 2.0 n 1", first)
    mona.sees("2 kinds: 1 observation, 1 document", first)
    mona.finds_it_accessible()
    mona.can_start_offline()
    service.stop()
    mona.follows("Someone new is met and shown round by patients as well as by staff.")
    mona.sees_heading("Belonging and connection")
    mona.hears("belonging-1", "Patients", "1 Mostly")
    mona.page.go_back()
    mona.follows("2 kinds: 1 observation, 1 document")
    mona.sees_heading("Evidence")
    mona.sees("A list hangs by the door")


def test_the_dashboard_opens_without_a_network_says_its_date_and_goes_when_one_signs_out(manager, service, wards):
    mona = manager()
    looks_at(mona, "Voices")
    mona.sees("It is all right to be upset here.")
    looks_at(mona, "Overview")
    mona.sees("What changed", patience=10)
    mona.sees(re.compile("Most of all: Rowan ward"))
    until(lambda: "/api/dashboard/changes" in mona.what_the_device_holds(), "it is kept")
    mona.can_start_offline()
    mona.loses_power()
    service.stop()

    mona.opens_the_app("#/dashboard")
    mona.sees_heading("Settings side by side")
    mona.sees("What you see below is from", patience=20)
    mona.sees(re.compile(r"^As of (today|yesterday), \d\d:\d\d"))
    mona.sees("The oldest, 9 days late: Rowan ward: Meet newcomers at the door")
    mona.main.get_by_text("All your 3 settings · by name").click()
    mona.page.get_by_label("Kind of place").select_option(label="Ward")
    until(lambda: len(names_in_order(mona)) == 2, "filters need no network")
    mona.finds_it_accessible()
    mona.taps("Voices", "link", mona.page.get_by_role("navigation", name="Ways of looking"))
    mona.sees_heading("Voices")

    mona.signs_out()
    left = mona.what_the_device_holds()
    for words in ("Rowan ward", "Meet newcomers", "Hill School"):
        assert words not in left


def test_a_board_paper_is_one_tap_away_and_the_page_prints(manager):
    mona = manager(device=DESK)
    link = mona.page.get_by_role("link", name="Board paper (PDF)")
    expect(link).to_be_visible()

    paper = mona.context.request.get(f"{mona.origin}{link.get_attribute('href')}", headers=OURS)
    assert paper.status == 200
    assert paper.headers["content-type"] == "application/pdf"
    assert paper.body().startswith(b"%PDF-")

    mona.page.emulate_media(media="print")
    mona.finds_it_accessible()
    expect(mona.page.get_by_role("navigation", name="Ways of looking")).to_be_hidden()
    expect(mona.page.get_by_role("region", name=re.compile("^What is shown"))).to_be_visible()
    assert mona.page.pdf().startswith(b"%PDF-")

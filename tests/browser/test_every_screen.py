"""Every screen, for everybody: axe in light and dark, on a phone and at a desk; narrow and zoomed in."""

import re

import pytest

from audit_app.db import new_id
from tests.builders import email_of, operation, secret
from tests.needs import needs
from tests.recognition import Recognition

from .axe import violations
from .people import DESK, PHONE
from .service import ROOT, until

pytestmark = [pytest.mark.browser, needs("chromium")]

SIDEWAYS = "document.scrollingElement.scrollWidth - document.scrollingElement.clientWidth"
SMALL = {"width": 320, "height": 640}
ZOOMED = {"width": 320, "height": 256}  # 1280 by 1024 at 400 %
LEAVE = """hash => {
    document.querySelector('main').firstElementChild.dataset.left = ''
    if (location.hash === hash) dispatchEvent(new HashChangeEvent('hashchange'))
    else location.hash = hash
}"""
ARRIVED = "Boolean(document.querySelector('main > :not([data-left]) h1') && !document.querySelector('main .busy'))"

# The screens by their pattern in routes.js: where each leads in the furnished service.
SCREENS = {
    "/": "#/",
    "/sign-in": "#/sign-in",
    "/join/{invitation}/{secret}": "#/join/{invitation}/{secret}",
    "/sites/{site}/start": "#/sites/{empty}/start",
    "/sites/{site}/plan": "#/sites/{site}/plan",
    "/sites/{site}/you-said": "#/sites/{site}/you-said",
    "/audits/{audit}": "#/audits/{audit}",
    "/audits/{audit}/p/{principle}": "#/audits/{audit}/p/belonging",
    "/audits/{audit}/p/{principle}/{criterion}": "#/audits/{audit}/p/safety/safety-3",
    "/audits/{audit}/by/{lens}": "#/audits/{audit}/by/values",
    "/audits/{audit}/by/{lens}/{group}": "#/audits/{audit}/by/experiences/attachment",
    "/audits/{audit}/evidence": "#/audits/{audit}/evidence",
    "/audits/{audit}/evidence/add": "#/audits/{audit}/evidence/add",
    "/audits/{audit}/evidence/add/{criterion}": "#/audits/{audit}/evidence/add/safety-3",
    "/audits/{audit}/evidence/again/{evidence}": "#/audits/{audit}/evidence/again/{lost}",
    "/audits/{audit}/plan": "#/audits/{audit}/plan",
    "/audits/{audit}/plan/{criterion}": "#/audits/{audit}/plan/belonging-1",
    "/audits/{audit}/differences": "#/audits/{audit}/differences",
    "/audits/{audit}/paper": "#/audits/{audit}/paper",
    "/audits/{audit}/history": "#/audits/{audit}/history",
    "/audits/{audit}/award": "#/audits/{audit}/award",
    "/audits/{audit}/report": "#/audits/{audit}/report",
    "/audits/{audit}/kept": "#/audits/{audit}/kept",
    "/dashboard": "#/dashboard",
    "/dashboard/{side}": "#/dashboard/voices",
    "/desk/{assessment}": "#/desk/{assessment}",
    "/desk/{assessment}/p/{principle}": "#/desk/{assessment}/p/safety",
    "/desk/{assessment}/p/{principle}/{criterion}": "#/desk/{assessment}/p/safety/safety-3",
    "/desk/{assessment}/visit": "#/desk/{assessment}/visit",
    "/desk/{assessment}/kept": "#/desk/{assessment}/kept",
    "/desk/{assessment}/report": "#/desk/{assessment}/report",
    "/submissions": "#/submissions",
    "/submissions/{audit}": "#/submissions/{handed}",
    "/submissions/{submission}/history": "#/submissions/{handed}/history",
    "/organisations/add": "#/organisations/add",
    "/organisations/{organisation}": "#/organisations/{organisation}",
    "/organisations/{organisation}/calibration": "#/organisations/{organisation}/calibration",
    "/organisations/{organisation}/history": "#/organisations/{organisation}/history",
    "/check": "#/check",
    "/devices": "#/devices",
    "/exports": "#/exports",
    "/unsent": "#/unsent",
    "/more": "#/more",
}


@pytest.fixture
def furnished(scene) -> dict[str, str]:
    """A trust with something to see on every screen, and Ruth, who may open all of them."""
    trust = scene.organisation("Northfield Trust")
    ward, empty = scene.site(trust, "Rowan ward"), scene.site(trust, "Willow ward")
    ruth_id = scene.person("Ruth Vale", "lead", trust)
    ben_id = scene.person("Ben Ode", "auditor", trust, ward)
    ada, ruth, ben = scene.phone_of("Ada"), scene.phone_of("Ruth Vale"), scene.phone_of("Ben Ode")
    for role in ("manager", "admin"):
        ada.do(trust, "grant.give", {"grant": new_id(), "person": ruth_id, "role": role, "site": None})
    opened = scene.audit(ruth, ward)
    said = {"contributor": opened.contributor, "criterion": "belonging-1"}
    ruth.do(opened.id, "answer.rate", {**said, "rating": 2})
    ruth.do(opened.id, "answer.comment", {**said, "text": "Two patients met the new one at the door."})
    for phone, rating, shows in ((ruth, 1, "A list hangs by the door."), (ben, 3, "A rota of patients hangs there.")):
        phone.do(opened.id, "finding.agree", {"criterion": "belonging-1", "rating": rating})
        account = {"criterion": "belonging-1", "shows": shows, "helps": "", "hinders": "Weekends."}
        phone.do(opened.id, "finding.account", account)
    lost = new_id()
    noted = {"evidence": new_id(), "kind": "observation", "caption": "A list hangs by the door."}
    ben.do(opened.id, "evidence.add", {**noted, "criteria": ["belonging-1", "safety-1"]})
    photo = {"evidence": lost, "kind": "photo", "caption": "The board", "criteria": ["belonging-1"]}
    ben.do(opened.id, "evidence.add", {**photo, "sha256": "a" * 64, "nobody": True})
    for phone, words in ((ruth, "A list of patients."), (ben, "A rota.")):
        phone.do(opened.id, "evidence.caption", {"evidence": noted["evidence"], "caption": words})
    answers = [{"kind": "answer", "reference": f"{opened.contributor}/belonging-1"}]
    plan = {"item": new_id(), "what": "Choose who welcomes", "criteria": ["belonging-1"], "due": "2026-01-01"}
    ruth.do(opened.id, "plan.add", {**plan, "whose": "residents", "answers": answers})
    ruth.do(opened.id, "plan.add", {**plan, "item": new_id(), "due": None, "whose": "", "answers": answers})
    for phone, words, answered in ((ruth, "A list of welcomes", answers), (ben, "A rota of welcomes", [])):
        changed = {"what": words, "criteria": [], "due": None, "whose": words, "answers": answered}
        phone.do(opened.id, "plan.change", {"item": plan["item"], **changed})
        settled = {"item": plan["item"], "state": "done", "outcome": f"{words} hangs there."}
        phone.do(opened.id, "plan.settle", settled)
    late = operation("answer.comment", {**said, "text": "Said before I left."})
    scene.end_grants(ben_id)
    assert ben.verdicts(opened.id, [late]) == ["kept"]
    invitation, (words, hashed) = new_id(), secret()
    invited = {"invitation": invitation, "email": email_of("Ida New"), "name": "Ida New", "role": "auditor"}
    ada.do(trust, "person.invite", {**invited, "site": ward, "secret_sha256": hashed})
    way = Recognition(scene)
    scene.grant(ruth_id, "assessor", way.body)
    assigned = way.started(ruth)
    return {
        "assessment": assigned.id,
        "handed": way.audit,
        "organisation": trust,
        "empty": empty,
        "site": ward,
        "audit": opened.id,
        "lost": lost,
        "invitation": invitation,
        "secret": words,
    }


def test_no_screen_is_forgotten():
    routes = re.findall(r"^  \['(/[^']*)', '[\w-]+-view'", (ROOT / "static/pwa/routes.js").read_text(), re.MULTILINE)

    assert set(routes) == set(SCREENS)


@pytest.fixture
def every_screen(somebody, furnished):
    """Ruth's walk through all screens: `for page in every_screen(device)`."""

    def walk(device: dict = PHONE):
        ruth = somebody("Ruth Vale", device).opens_the_app()
        for pattern in ("/sign-in", "/join/{invitation}/{secret}"):
            yield arrive(ruth, SCREENS[pattern].format(**furnished))
        ruth.goes("#/")
        ruth.signs_in()
        ruth.has_sent_everything()
        for hash in SCREENS.values():
            yield arrive(ruth, hash.format(**furnished))

    return walk


def arrive(person, hash):
    """Go to a screen, and wait until it has all it asks for."""
    until(lambda: person.page.evaluate(ARRIVED), "the app has started")
    person.page.evaluate(LEAVE, hash)
    until(lambda: person.page.evaluate(ARRIVED), f"{hash} is open")
    return person.page


def test_every_screen_is_open_to_everybody_in_light_and_dark(every_screen):
    found = {}
    for page in every_screen():
        for scheme in ("light", "dark"):
            page.emulate_media(color_scheme=scheme)
            found[page.evaluate("location.hash"), scheme] = violations(page)

    assert not any(found.values()), report(found)


def test_every_screen_is_open_to_everybody_at_a_desk(every_screen):
    found = {page.evaluate("location.hash"): violations(page) for page in every_screen(DESK)}

    assert not any(found.values()), report(found)


def test_no_screen_scrolls_sideways_when_it_is_narrow_or_zoomed_in(every_screen):
    found = {}
    for page in every_screen():
        for size in (SMALL, ZOOMED):
            page.set_viewport_size(size)
            if over := page.evaluate(SIDEWAYS):
                found[page.evaluate("location.hash"), *size.values()] = [f"{over} px too wide"]
        page.set_viewport_size(PHONE["viewport"])

    assert not found, report(found)


def test_a_form_that_is_not_filled_in_says_so_in_words_that_take_the_focus(somebody, furnished):
    ruth = somebody("Ruth Vale").opens_the_app()
    for hash, button in (("#/sign-in", "Sign in"), (SCREENS["/join/{invitation}/{secret}"], "Join")):
        arrive(ruth, hash.format(**furnished))
        ruth.taps(button)
        ruth.sees("Please look at this again")
        assert "Please look at this again" in ruth.page.evaluate("document.activeElement.textContent")
        for field in ruth.page.get_by_role("alert").get_by_role("link").all():
            field.click()
            assert ruth.page.evaluate("document.activeElement.getAttribute('aria-invalid')") == "true"
        ruth.finds_it_accessible()


def test_axe_would_notice(somebody, furnished):
    ruth = somebody("Ruth Vale").opens_the_app()
    ruth.sees_heading("Sign in")
    ruth.page.evaluate("document.querySelector('main').append(document.createElement('input'))")

    assert any(found.startswith("label: ") for found in violations(ruth.page))


def report(found):
    return "\n".join(f"{where}\n  " + "\n  ".join(what) for where, what in found.items() if what)

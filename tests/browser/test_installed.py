"""Milieu as an app of the phone: installable, updated without losing a word, by keyboard alone, for all eyes."""

import json
import re
import shutil
import urllib.request

import pytest
from playwright.sync_api import expect

from tests.builders import CHECKLIST, PASSWORD, email_of
from tests.needs import needs
from tests.standby import Standby

from .axe import assert_accessible
from .people import DESK, PHONE
from .service import until

pytestmark = [pytest.mark.browser, needs("chromium")]


@pytest.fixture
def ward(scene):
    """A ward with an audit that Amina leads."""
    trust = scene.organisation("Northfield Trust")
    ward = scene.site(trust, "Rowan ward")
    scene.person("Amina Khan", "lead", trust)
    return scene.audit(scene.phone_of("Amina Khan"), ward)


@pytest.fixture
def amina(somebody, ward):
    amina = somebody("Amina Khan").opens_the_app().signs_in()
    amina.has_sent_everything()
    amina.can_start_offline()
    return amina


def test_the_browser_would_install_it(amina, service):
    chromium = amina.context.new_cdp_session(amina.page)

    manifest = chromium.send("Page.getAppManifest")
    errors = chromium.send("Page.getInstallabilityErrors")["installabilityErrors"]

    assert manifest["errors"] == []
    # A window of a profile that is thrown away afterwards is never offered an installation: that is all it may say.
    assert [error for error in errors if error["errorId"] != "in-incognito"] == []
    told = json.loads(manifest["data"])
    for picture in told["icons"] + told["screenshots"]:
        with urllib.request.urlopen(f"{service.address}{picture['src'].lstrip('/')}") as reply:
            assert reply.headers["Content-Type"] == picture["type"]
    for shortcut in told["shortcuts"]:
        amina.page.goto(f"{service.address}{shortcut['url'].lstrip('/')}")
        expect(amina.main.get_by_role("heading", level=1)).not_to_have_text("There is nothing here")


def test_who_has_just_signed_in_is_told_when_the_phone_is_ready_for_no_signal(somebody, service, ward):
    amina = somebody("Amina Khan").opens_the_app()
    amina.page.route("**/api/checklists/**", lambda route: (amina.page.wait_for_timeout(1000), route.continue_()))
    amina.signs_in()
    expect(amina.standing).to_have_text(re.compile(r"Getting ready\s+for times with no signal"))
    amina.finds_it_accessible()

    amina.has_sent_everything()
    service.stop()

    amina.opens_audit_of("Rowan ward")
    amina.goes_to_principle("belonging")
    amina.rates("belonging-1", "Mostly")


def test_it_asks_that_nothing_be_thrown_away(somebody, ward):
    amina = somebody("Amina Khan").opens_the_app()
    amina.page.evaluate("""() => {
        const persist = StorageManager.prototype.persist
        StorageManager.prototype.persist = function () { window.asked = true; return persist.call(this) }
    }""")

    amina.signs_in()

    until(lambda: amina.page.evaluate("window.asked === true"), "the app has asked for storage that lasts")


@pytest.fixture
def installed(tree, tmp_path):
    """What starts services of a tree that is this test's own to change."""
    with Standby(shutil.copytree(tree, tmp_path / "tree")) as standby:
        yield standby


def test_a_new_version_is_offered_and_no_typed_word_is_lost(installed, service, somebody, ward):
    service.stop()
    service.standby = installed
    service.start()
    amina = somebody("Amina Khan").opens_the_app().signs_in()
    amina.has_sent_everything()
    amina.can_start_offline()
    amina.opens_audit_of("Rowan ward")
    card = amina.card("belonging-1")
    old = amina.page.evaluate("document.documentElement.dataset.version")

    service.stop()
    with (installed.tree / "static/pwa/words/en.js").open("a") as words:
        words.write("\n// another version\nexport const another = true\n")
    service.start()
    amina.taps("Comment", within=card)
    card.get_by_role("textbox", name="Comment").fill("Half a sen")
    amina.page.evaluate("navigator.serviceWorker.getRegistration().then(registration => registration.update())")
    expect(amina.page.get_by_role("region", name="News about Milieu")).to_contain_text("A new version")
    assert amina.page.evaluate("document.documentElement.dataset.version") == old
    amina.finds_it_accessible()

    card.get_by_role("textbox", name="Comment").fill("Half a sentence")
    amina.taps("Use it now")
    until(lambda: version(amina) not in (None, old), "the new version runs")
    assert amina.comment_on("belonging-1") == "Half a sentence"
    amina.has_sent_everything()


def version(person):
    """The version that runs, or nothing while the page is being loaded."""
    try:
        return person.page.evaluate("document.documentElement.dataset.version")
    except Exception:
        return None


def test_a_rating_by_keyboard_alone(scene, somebody, ward):
    amina = somebody("Amina Khan", DESK).opens_the_app()
    amina.sees_heading("Sign in")
    keys = Keys(amina)
    keys.to("textbox", "E-mail address").types("amina.khan@example.org")
    keys.to("textbox", "Password").types("three words in a row").presses("Enter")
    amina.sees_heading(re.compile("^Good "))
    amina.has_sent_everything()
    expect(amina.page.get_by_role("link", name="Continue with Belonging")).to_be_visible()
    keys.to("link", "Continue with Belonging").presses("Enter")
    amina.sees_heading("Belonging and connection")
    assert keys.focused() == "Belonging and connection"

    keys.to("radio", "Not yet").presses("ArrowRight").presses("ArrowRight")
    expect(amina.own("belonging-1").get_by_role("radio", name="Mostly")).to_be_checked()
    amina.is_told_it_is_saved(amina.card("belonging-1"))
    keys.to("button", "Comment").presses("Enter").types("Written with no mouse.")
    keys.to("button", re.compile("^Agree on Mostly")).presses("Enter")
    expect(amina.finding("belonging-1").get_by_role("heading")).to_contain_text("Mostly")
    assert keys.focused() != "", "the focus was lost"
    keys.to("button", re.compile("^Change what we agree")).presses("Enter")
    keys.presses("ArrowRight")
    expect(amina.finding("belonging-1").get_by_role("heading")).to_contain_text("Embedded")
    assert keys.focused() != "", "the focus was lost"

    keys.to("radio", "Not yet").presses("Space")
    keys.to("button", re.compile("^Choose another")).presses("Enter")
    keys.presses("ArrowRight").presses("ArrowRight")
    expect(amina.finding("belonging-2").get_by_role("radio", name="Mostly")).to_be_checked()
    assert keys.focused() != "", "the focus was lost"
    keys.to("link", re.compile("^Next without an answer")).presses("Enter")
    amina.sees_heading("Safety and confidence")
    amina.has_sent_everything()

    said = scene.phone_of("Amina Khan").registers(ward.id)
    assert said["finding/belonging-1/rating"] == [{"rating": 3}]
    assert "Written with no mouse." in [value for values in said.values() for value in values if isinstance(value, str)]


class Keys:
    """Hands on a keyboard, and no mouse."""

    MOST = 60

    def __init__(self, person):
        self.person = person
        self.keyboard = person.page.keyboard

    def to(self, role, name):
        """Tab on until this has the focus, and the focus can be seen."""
        wanted = self.person.page.get_by_role(role, name=name)
        for _ in range(self.MOST):
            self.keyboard.press("Tab")
            if wanted.evaluate_all("found => found.includes(document.activeElement)"):
                assert self.person.page.evaluate(IS_SEEN), f"no focus is seen on {name}"
                return self
        raise AssertionError(f"{self.MOST} times Tab and no {role} {name}")

    def presses(self, key):
        self.keyboard.press(key)
        return self

    def types(self, text):
        self.keyboard.type(text)
        return self

    def focused(self):
        """The words of what has the focus; nothing when nothing has it."""
        return self.person.page.evaluate(
            "document.activeElement === document.body ? '' : document.activeElement.textContent.trim() || 'a control'"
        )


# A ring around what has the focus, or around what stands for it.
IS_SEEN = """() => {
    const ringed = one => {
        const { outlineStyle, outlineWidth } = one ? getComputedStyle(one) : { outlineStyle: 'none' }
        return outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2
    }
    const { activeElement: one } = document
    return ringed(one) || ringed(one.nextElementSibling) || ringed(one.closest('label'))
}"""


def test_chosen_and_differing_are_told_without_colour(amina):
    amina.opens_audit_of("Rowan ward")
    amina.rates("belonging-1", "Mostly")
    amina.page.emulate_media(forced_colors="active")

    outlines = amina.own("belonging-1").evaluate("""group => [...group.querySelectorAll('input')].map(input => {
        const { outlineStyle, outlineWidth } = getComputedStyle(input.nextElementSibling)
        return [input.checked, outlineStyle !== 'none' && parseFloat(outlineWidth) >= 2]
    })""")

    assert [checked for checked, _ in outlines] == [ringed for _, ringed in outlines]
    # The browser reports the colours that were written, not those that it forced, so their contrast cannot be judged.
    assert_accessible(amina.page, without=("color-contrast",))


def test_who_wants_no_movement_gets_none(amina):
    amina.page.emulate_media(reduced_motion="reduce")
    amina.opens_audit_of("Rowan ward")
    amina.rates("belonging-1", "Mostly")
    amina.goes_to_audit()

    moving = amina.page.evaluate("""() => [...document.querySelectorAll('*')].filter(one => {
        const { animationName, animationDuration, transitionDuration } = getComputedStyle(one)
        const long = times => times.split(', ').some(time => parseFloat(time) > 0.02)
        return (animationName !== 'none' && long(animationDuration)) || long(transitionDuration)
    }).map(one => one.outerHTML.slice(0, 100))""")

    assert moving == []


SMALL_TARGETS = """() => [...document.querySelectorAll('button, summary, select, .button, .face, nav a')]
    .map(one => [one, one.getBoundingClientRect()])
    .filter(([, { width, height }]) => width && (height < 47.5 || width < 24))
    .map(([one, { width, height }]) => `${Math.round(width)} × ${Math.round(height)}: ${one.outerHTML.slice(0, 90)}`)"""


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_what_is_tapped_is_large_enough(somebody, ward, device):
    amina = somebody("Amina Khan", device).opens_the_app().signs_in()
    amina.has_sent_everything()
    amina.opens_audit_of("Rowan ward")
    amina.rates("belonging-1", "Mostly")

    small = amina.page.evaluate(SMALL_TARGETS)

    assert small == []


def test_a_phone_in_welsh_has_the_checklist_in_welsh_without_being_asked(somebody, scene, ward, edition):
    in_welsh = "Object.defineProperty(navigator, 'languages', { get: () => ['cy-GB', 'en'] })"
    amina = somebody("Amina Khan").opens_the_app(first=in_welsh)
    amina.page.locator("input[type=email]").fill(email_of("Amina Khan"))
    amina.page.locator("input[type=password]").fill(PASSWORD)
    amina.taps("Mewngofnodi")
    welsh = scene.phone_of("Ada").get(f"/api/checklists/{CHECKLIST}/1?sector=ward&language=cy").json
    first = welsh["principles"][0]
    assert first["title"] != edition["principles"][0]["title"]

    amina.goes(f"#/audits/{ward.id}/p/belonging")

    amina.sees_heading(first["title"])
    amina.sees(first["criteria"][0]["statement"])


STICKS_OUT = """() => [...document.querySelectorAll('rating-scale label')].filter(label => {
    const scale = label.closest('rating-scale').getBoundingClientRect(), place = label.getBoundingClientRect()
    const face = label.querySelector('.face').getBoundingClientRect()
    return Math.max(place.right, face.right) > scale.right + 0.5 || face.width > place.width + 0.5
}).map(label => label.innerText)"""


def test_each_word_of_a_rating_stays_in_its_place_at_every_width(somebody, ward):
    amina = somebody("Amina Khan").opens_the_app().signs_in()
    amina.has_sent_everything()
    amina.goes(f"#/audits/{ward.id}/p/belonging")
    amina.rates("belonging-1", "Embedded")
    found = {}
    for width in (320, 344, 360, 375, 390, 412, 430, 600, 768, 1280):
        amina.page.set_viewport_size({"width": width, "height": 800})
        found[width] = amina.page.evaluate(STICKS_OUT)

    assert not any(found.values()), found

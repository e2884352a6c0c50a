"""What shows it: saved on a phone in under a minute and with no signal, seen large, said in words, and never lost."""

import base64
import hashlib
import io
import json
import re

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import expect

from audit_app.db import new_id
from tests.builders import PASSWORD, email_of
from tests.needs import needs
from tests.photos import GREEN, noisy, picture, saved

from .people import DESK, SAVED, STANDING
from .service import until
from .webkit import WebKit

pytestmark = [pytest.mark.browser, needs("chromium")]

SEEN = "A list of who meets the new one hangs by the door."
FULL = """() => {
    IDBObjectStore.prototype.put = () => { throw new DOMException('full', 'QuotaExceededError') }
}"""
NEARLY_FULL = "StorageManager.prototype.estimate = async () => ({ usage: 100e6, quota: 145e6 })"
SLOW_TO_SAY = """StorageManager.prototype.estimate = async () => {
    await new Promise(later => setTimeout(later, 1500))
    return { usage: 0, quota: 1e9 }
}"""
BOARD = "The board with everybody’s jobs"


@pytest.fixture
def ward(scene):
    """Rowan ward of Northfield Trust, with a lead and one of the team."""
    trust = scene.organisation("Northfield Trust")
    ward = scene.site(trust, "Rowan ward")
    scene.person("Amina Khan", "lead", trust)
    scene.person("Ben Ode", "auditor", trust, ward)
    return ward


@pytest.fixture
def audit(scene, ward):
    return scene.audit(scene.phone_of("Amina Khan"), ward)


@pytest.fixture
def amina(somebody, audit):
    return in_the_audit(somebody("Amina Khan").opens_the_app())


@pytest.fixture
def ben(somebody, audit):
    return in_the_audit(somebody("Ben Ode").opens_the_app())


def in_the_audit(person):
    person.signs_in()
    person.opens_audit_of("Rowan ward")
    return person


def a_photo() -> bytes:
    """A photo of some size; no two are alike."""
    return saved(noisy((1600, 1200)), "JPEG", quality=90)


def said(scene, audit, kind):
    """The payloads of this kind that have reached the server, oldest first."""
    history = scene.phone_of("Amina Khan").get(f"/api/audits/{audit.id}/history").json
    return [one["payload"] for one in history["entries"] if one["kind"] == kind and one["verdict"] == "applied"]


def add(scene, audit, kind="observation", caption=SEEN, criteria=("belonging-1",), **more) -> str:
    """Somebody else adds an item; its id."""
    item = {"evidence": new_id(), "kind": kind, "caption": caption, "criteria": list(criteria), **more}
    assert scene.phone_of("Ben Ode").do(audit.id, "evidence.add", item)["verdict"] == "applied"
    return item["evidence"]


def here(scene, audit) -> set[str]:
    """The photos that the service has."""
    reply = scene.phone_of("Amina Khan").get(f"/api/audits/{audit.id}/photos")
    return {photo["sha256"] for photo in reply.json["photos"]}


def shown_by_the_server(scene, audit, sha256: str) -> Image.Image:
    reply = scene.phone_of("Amina Khan").get(f"/api/audits/{audit.id}/photos/{sha256}")
    assert reply.status_code == 200
    return Image.open(io.BytesIO(reply.data))


# Words


def test_a_note_is_saved_in_two_taps_with_no_signal_and_stands_behind_its_statement(
    scene, service, somebody, amina, audit
):
    amina.has_sent_everything()
    amina.can_start_offline()
    service.stop()

    amina.goes_to_principle("belonging")
    amina.taps(re.compile("^Add evidence"), "link", amina.card("belonging-1"))
    amina.fills("What did you see or hear?", SEEN)
    amina.finds_it_accessible()
    amina.taps("Save")
    expect(amina.page.get_by_role("heading", name="Saved on this phone")).to_be_focused()
    amina.sees(SAVED)
    amina.finds_it_accessible()
    amina.follows("Back to the statement")
    amina.sees("1 kind: 1 observation", amina.evidence("belonging-1"))
    amina.sees(SEEN, amina.evidence("belonging-1"))
    amina.sees(SAVED, amina.evidence("belonging-1"))
    amina.closes_the_app()

    # It is there after the app was closed, and is sent by itself.
    amina.opens_the_app()
    amina.opens_audit_of("Rowan ward")
    amina.sees("Evidence: 1 item, 49 statements with none")
    service.start()
    amina.looks_again()
    amina.has_sent_everything()
    [item] = said(scene, audit, "evidence.add")
    assert (item["kind"], item["caption"], item["criteria"]) == ("observation", SEEN, ["belonging-1"])
    ben = in_the_audit(somebody("Ben Ode").opens_the_app())
    ben.sees(SEEN, ben.evidence("belonging-1"))
    ben.sees("Amina Khan", ben.evidence("belonging-1"))


def test_each_kind_asks_for_its_own_and_one_item_counts_for_every_statement_it_shows(amina, scene, audit):
    amina.shows_it("belonging-1", "Quotation")
    amina.fills("What was said?", "They never ask what we want for tea.")
    amina.taps("Save")
    amina.sees("Please look at this again")
    amina.finds_it_accessible()
    amina.follows("Choose whose words they are")
    expect(amina.page.get_by_role("radio", name="Staff")).to_be_focused()
    amina.chooses("Patients")
    amina.page.get_by_text("It shows something else too").click()
    amina.fills("Search the statements", "own day")
    amina.page.get_by_role("checkbox", name=amina.statement("agency-4")).check()
    amina.finds_it_accessible()
    amina.saves_evidence()

    amina.taps("Add more")
    amina.chooses("Document")
    amina.fills("What is the document called?", "Minutes of the house meeting")
    amina.fills("Where is it kept?", "Blue folder, ward office")
    amina.fills("The date on it (you may leave this out)", "2026-10-03")
    amina.saves_evidence()

    amina.taps("Add more")
    amina.chooses("Count")
    amina.fills("What did you count?", "Meetings held")
    amina.fills("How many?", "9")
    amina.fills("Out of how many? (you may leave this out)", "7")
    amina.taps("Save")
    amina.sees("It cannot be fewer than what you counted")
    amina.fills("Out of how many? (you may leave this out)", "12")
    amina.fills("Over which time? (you may leave this out)", "in October")
    amina.saves_evidence()
    amina.follows("Back to the statement")

    amina.sees("3 kinds: 1 quotation, 1 document, 1 count", amina.evidence("belonging-1"))
    amina.sees("9 of 12, in October", amina.evidence("belonging-1"))
    amina.sees("1 kind: 1 quotation", amina.evidence("agency-4"))
    amina.has_sent_everything()
    quotation, document, count = said(scene, audit, "evidence.add")
    assert (quotation["voice"], sorted(quotation["criteria"])) == ("resident", ["agency-4", "belonging-1"])
    assert (document["where"], document["dated"]) == ("Blue folder, ward office", "2026-10-03")
    assert (count["count"], count["of"], count["over"]) == (9, 12, "in October")


def test_keys_alone_suffice_to_add_evidence(somebody, scene, audit):
    amina = in_the_audit(somebody("Amina Khan", DESK).opens_the_app())
    amina.card("belonging-1").get_by_role("link", name=re.compile("^Add evidence")).press("Enter")
    expect(amina.page.get_by_role("heading", name="Add evidence")).to_be_focused()

    keys = amina.page.keyboard
    keys.press("Tab")
    keys.press("ArrowRight")
    expect(amina.page.get_by_role("radio", name="Quotation")).to_be_focused()
    keys.press("Tab")
    keys.type("We were asked.")
    keys.press("Tab")
    keys.press("ArrowDown")
    expect(amina.page.get_by_role("radio", name="Patients")).to_be_checked()
    for _ in range(3):
        keys.press("Tab")
    expect(amina.page.get_by_role("button", name="Save")).to_be_focused()
    keys.press("Enter")
    expect(amina.page.get_by_role("heading", name="Saved on this computer")).to_be_focused()
    keys.press("Tab")
    keys.press("Enter")
    amina.sees("1 kind: 1 quotation", amina.evidence("belonging-1"))
    amina.has_sent_everything()
    assert said(scene, audit, "evidence.add")[0]["voice"] == "resident"


def test_words_by_which_somebody_could_be_recognised_are_asked_about_before_they_are_saved(amina, scene, audit):
    amina.shows_it("belonging-1")
    amina.fills("What did you see or hear?", "Sam, 943 476 5919, met her at the door.")
    amina.taps("Save")
    amina.sees(re.compile("This looks like an NHS number"))
    amina.finds_it_accessible()
    amina.page.wait_for_timeout(300)
    assert said(scene, audit, "evidence.add") == []

    amina.saves_evidence()
    amina.has_sent_everything()
    [item] = said(scene, audit, "evidence.add")
    assert item["warned"] == ["nhs-number"]


def test_what_the_device_cannot_keep_stays_on_the_screen_and_is_said(amina, scene, audit):
    amina.shows_it("belonging-1")
    amina.fills("What did you see or hear?", SEEN)
    amina.page.evaluate(FULL)
    amina.taps("Save")

    amina.sees(re.compile("^Not saved: this device is full"))
    expect(amina.page.get_by_role("textbox", name="What did you see or hear?")).to_have_value(SEEN)
    expect(amina.page.get_by_role("banner").get_by_role("link", name="1 not saved")).to_be_visible()
    amina.finds_it_accessible()
    assert said(scene, audit, "evidence.add") == []


# Photos


def test_six_photos_taken_offline_all_arrive_though_the_server_is_killed_on_the_way(scene, service, amina, audit):
    amina.has_sent_everything()
    amina.can_start_offline()
    service.stop()
    for n in range(6):
        amina.adds_photo(f"belonging-{n % 5 + 1}", a_photo(), f"The kitchen, {n}")
    amina.sees(re.compile("Photo saved here, not sent yet"), amina.evidence("belonging-1"))
    amina.goes_to("Home")
    amina.sees("6 photos waiting", amina.setting("Rowan ward"))
    amina.finds_it_accessible()
    amina.follows(STANDING, amina.page.get_by_role("banner"))
    amina.sees("6 photos wait")
    amina.sees("The kitchen, 0")
    amina.finds_it_accessible()
    assert len(amina.saves_the_rescue_file()["photos"]) == 6

    # The server comes, has taken in two, and is gone; then it comes again.
    heard = hears_what_the_header_says(amina)
    service.start()
    until(lambda: len(here(scene, audit)) >= 2, "two photos are on the server", patience=60)
    service.kill()
    before = len(here(scene, audit))
    assert 2 <= before < 6, "the server was killed on the way"
    assert not [words for words in heard() if words.startswith("Sent")]
    amina.sees(re.compile("photos? waits?"))
    service.start()
    amina.has_sent_everything(patience=90)

    wanted = {item["sha256"] for item in said(scene, audit, "evidence.add")}
    assert len(wanted) == 6
    assert here(scene, audit) == wanted
    words = heard()
    sent = [one.startswith("Sent") for one in words]
    assert sent == sorted(sent), f"nothing but news of having sent comes after it: {words}"
    assert [one for one in words if "photos sent" in one], words
    assert service.verify() == "The ledger holds."


def hears_what_the_header_says(person):
    """All that the header says from now on, each once in a row."""
    person.page.evaluate("""() => {
        const status = document.querySelector('sync-status')
        window.heard = []
        const look = () => {
            const words = status.innerText.trim().replace(/\\s+/g, ' ')
            if (words && words !== window.heard.at(-1)) window.heard.push(words)
        }
        new MutationObserver(look).observe(status, { subtree: true, childList: true, characterData: true })
    }""")
    return lambda: person.page.evaluate("window.heard")


def test_who_writes_and_saves_while_a_photo_is_being_taken_in_is_neither_interrupted_nor_ignored(amina, scene, audit):
    amina.page.add_init_script(SLOW_TO_SAY)
    amina.page.reload()
    amina.shows_it("belonging-1", "Photo")
    amina.page.locator("#photo").set_input_files({"name": "1.jpg", "mimeType": "image/jpeg", "buffer": a_photo()})
    caption = amina.page.locator("#caption")
    caption.press_sequentially(BOARD)
    amina.says_nobody_can_be_recognised()
    amina.saves_evidence()
    until(lambda: len(here(scene, audit)) == 1, "it is sent")

    amina.taps("Add more")
    amina.page.locator("#photo").set_input_files({"name": "2.jpg", "mimeType": "image/jpeg", "buffer": a_photo()})
    caption.press_sequentially(BOARD, delay=60)
    expect(caption).to_be_focused()
    expect(caption).to_have_value(BOARD)


def test_who_signs_out_while_a_photo_waits_is_told_and_it_goes_when_they_are_back(amina, scene, audit):
    amina.page.route("**/api/audits/*/photos/*", lambda route: route.abort())
    amina.adds_photo("belonging-1", a_photo(), BOARD)
    until(lambda: len(said(scene, audit, "evidence.add")) == 1, "its words are sent")
    amina.goes_to("More")
    amina.sees("1 thing not sent yet")
    amina.taps("Sign out")
    amina.sees("1 thing is not sent.", amina.page.get_by_role("dialog"))
    amina.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
    amina.sees_heading("Sign in")
    assert BOARD not in amina.what_the_device_holds()

    amina.page.unroute_all()
    amina.signs_in()
    amina.has_sent_everything(patience=60)
    assert len(here(scene, audit)) == 1


def test_a_photo_that_the_server_cannot_take_says_why_and_what_to_do_and_never_counts(amina, scene, audit):
    refusal = {
        "type": "/problems/not-a-photo",
        "title": "Not a photo",
        "status": 415,
        "protocol": 1,
    }
    amina.page.route(
        "**/api/audits/*/photos/*",
        lambda route: (
            route.continue_()
            if route.request.method in ("GET", "HEAD")
            else route.fulfill(status=415, content_type="application/problem+json", body=json.dumps(refusal))
        ),
    )
    amina.adds_photo("belonging-1", a_photo(), BOARD)

    amina.taps(re.compile("1 needs you"), "link", amina.page.get_by_role("banner"))
    amina.sees("1 photo was not taken")
    amina.sees(re.compile("^The server can take JPEG, PNG and WebP.* It does not count as evidence"))
    amina.finds_it_accessible()
    amina.opens_evidence()
    amina.sees("no items, 50 statements with none.")
    amina.page.unroute_all()
    amina.goes("#/unsent")
    amina.follows(re.compile("^Take it again"))
    amina.takes_photo(a_photo())
    amina.says_nobody_can_be_recognised()
    amina.saves_evidence()
    until(lambda: len(here(scene, audit)) == 1, "the new one arrives")
    amina.has_sent_everything()
    amina.opens_evidence()
    amina.sees("1 item, 49 statements with none.")


def test_what_was_filled_in_is_there_again_when_the_phone_ended_the_app_to_open_its_camera(amina, scene, audit):
    photo = a_photo()
    amina.shows_it("belonging-1", "Photo")
    amina.takes_photo(photo)
    amina.fills("What does the photo show?", BOARD)
    amina.page.wait_for_timeout(500)
    amina.closes_the_app()

    amina.opens_the_app(f"#/audits/{audit.id}/evidence/add/belonging-1")
    expect(amina.page.get_by_label("What does the photo show?")).to_have_value(BOARD)
    expect(amina.page.get_by_role("button", name="Blur faces")).to_be_visible()
    amina.says_nobody_can_be_recognised()
    amina.saves_evidence()

    until(lambda: len(here(scene, audit)) == 1, "the photo arrives")
    amina.starts_the_app_again()
    amina.goes(f"#/audits/{audit.id}/evidence/add/belonging-1")
    amina.sees_heading("Add evidence")
    amina.chooses("Photo")
    expect(amina.page.get_by_label("What does the photo show?")).to_have_value("")


def test_a_face_that_was_blurred_never_leaves_the_phone(amina, scene, audit):
    lines = Image.new("RGB", (1600, 1200), GREEN)
    strip = Image.new("L", (200, 1))
    strip.putdata([255 * (column // 4 % 2) for column in range(200)])
    lines.paste(strip.resize((200, 1200)).resize((1600, 1200)).convert("RGB"))

    amina.shows_it("belonging-1", "Photo")
    amina.takes_photo(saved(lines, "JPEG", quality=92))
    amina.taps("Blur faces")
    canvas = amina.page.get_by_role("application", name="The photo")
    until(lambda: canvas.evaluate("canvas => canvas.width > 300"), "the photo is there")
    amina.taps("Blur in the ring")
    amina.finds_it_accessible()
    amina.taps("Done")
    expect(amina.page.get_by_role("button", name="Blur faces")).to_be_focused()
    amina.fills("What does the photo show?", BOARD)
    amina.taps("Save")
    amina.sees(re.compile("tick that nobody can be recognised"))
    amina.finds_it_accessible()
    amina.says_nobody_can_be_recognised()
    amina.saves_evidence()
    amina.has_sent_everything()

    [item] = said(scene, audit, "evidence.add")
    assert item["nobody"] is True
    image = shown_by_the_server(scene, audit, item["sha256"]).convert("L")
    assert contrast(image, 800, 600) < 12
    assert contrast(image, 300, 200) > 40


def contrast(image: Image.Image, x: int, y: int) -> float:
    return ImageStat.Stat(image.crop((x - 40, y - 40, x + 40, y + 40))).stddev[0]


def test_saving_while_faces_are_being_blurred_keeps_what_was_blurred(amina, scene, audit):
    amina.shows_it("belonging-1", "Photo")
    amina.takes_photo(a_photo())
    amina.fills("What does the photo show?", BOARD)
    amina.says_nobody_can_be_recognised()
    amina.taps("Blur faces")
    canvas = amina.page.get_by_role("application", name="The photo")
    until(lambda: canvas.evaluate("canvas => canvas.width > 300"), "the photo is there")
    amina.taps("Blur in the ring")
    amina.saves_evidence()
    amina.has_sent_everything()

    [item] = said(scene, audit, "evidence.add")
    image = shown_by_the_server(scene, audit, item["sha256"]).convert("L")
    assert contrast(image, 800, 600) < 18 < contrast(image, 200, 200)


def test_what_is_no_photo_is_refused_in_words_and_nothing_else_is_lost(amina):
    amina.shows_it("belonging-1", "Photo")
    amina.fills("What does the photo show?", BOARD)
    amina.page.get_by_label("Choose one", exact=True).set_input_files(
        {"name": "IMG.heic", "mimeType": "image/heic", "buffer": b"\0\0\0\x18ftypheic" + bytes(200)}
    )

    amina.sees(re.compile("^This file is not a photo"))
    expect(amina.page.get_by_role("textbox", name="What does the photo show?")).to_have_value(BOARD)
    amina.finds_it_accessible()


def test_the_viewer_is_used_with_keys_alone_and_works_without_a_network(amina, service):
    amina.adds_photo("belonging-1", a_photo(), "The kitchen")
    amina.adds_photo("belonging-1", a_photo(), "The hall")
    amina.has_sent_everything()
    service.stop()
    amina.opens_evidence()
    thumb = amina.page.get_by_role("button", name=re.compile("^Open the photo: The kitchen"))
    thumb.focus()
    amina.page.keyboard.press("Enter")

    viewer = amina.page.get_by_role("dialog", name="Photo")
    expect(viewer.get_by_role("img", name="The kitchen")).to_be_visible()
    amina.sees("1 of 2", viewer)
    amina.finds_it_accessible()
    whole = viewer.get_by_role("img").get_attribute("viewBox")
    amina.page.keyboard.press("+")
    expect(viewer.get_by_role("img")).not_to_have_attribute("viewBox", whole)
    nearer = viewer.get_by_role("img").get_attribute("viewBox")
    amina.page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img")).not_to_have_attribute("viewBox", nearer)
    amina.page.keyboard.press("0")
    expect(viewer.get_by_role("img")).to_have_attribute("viewBox", whole)
    amina.page.keyboard.press("ArrowRight")
    expect(viewer.get_by_role("img", name="The hall")).to_be_visible()
    amina.sees("2 of 2", viewer)
    amina.page.keyboard.press("Escape")
    expect(viewer).to_have_count(0)
    expect(thumb).to_be_focused()


def test_two_fingers_bring_a_photo_nearer_and_a_swipe_leads_to_the_next(amina):
    amina.adds_photo("belonging-1", a_photo(), "The kitchen")
    amina.adds_photo("belonging-1", a_photo(), "The hall")
    amina.opens_evidence()
    amina.taps(re.compile("^Open the photo: The kitchen"))
    viewer = amina.page.get_by_role("dialog", name="Photo")
    shown = viewer.get_by_role("img", name="The kitchen")
    expect(shown).to_be_visible()
    whole = shown.get_attribute("viewBox")
    touch = amina.context.new_cdp_session(amina.page)

    def fingers(kind, *places):
        touch.send("Input.dispatchTouchEvent", {"type": kind, "touchPoints": [{"x": x, "y": y} for x, y in places]})

    fingers("touchStart", (180, 300), (210, 300))
    for apart in (20, 60, 100):
        fingers("touchMove", (180 - apart, 300), (210 + apart, 300))
    fingers("touchEnd")
    expect(shown).not_to_have_attribute("viewBox", whole)
    nearer = shown.get_attribute("viewBox")
    fingers("touchStart", (180, 300))
    fingers("touchMove", (240, 340))
    fingers("touchEnd")
    expect(shown).not_to_have_attribute("viewBox", nearer)
    amina.page.keyboard.press("0")
    expect(shown).to_have_attribute("viewBox", whole)
    fingers("touchStart", (300, 300))
    for x in (240, 180, 100):
        fingers("touchMove", (x, 300))
    fingers("touchEnd")
    expect(viewer.get_by_role("img", name="The hall")).to_be_visible()


def test_another_phone_sees_a_photo_and_can_look_at_it_later_without_a_network(amina, ben, service):
    amina.adds_photo("belonging-1", a_photo(), "The kitchen")
    amina.has_sent_everything()
    ben.has_news("Evidence: 1 item, 49 statements with none")
    ben.opens_evidence()
    ben.taps(re.compile("^Open the photo: The kitchen"))
    viewer = ben.page.get_by_role("dialog", name="Photo")
    expect(viewer.get_by_role("img", name="The kitchen")).to_be_visible()
    ben.taps("Close")

    service.stop()
    ben.taps(re.compile("^Open the photo: The kitchen"))
    expect(viewer.get_by_role("img", name="The kitchen")).to_be_visible()


def test_a_photo_that_is_not_on_this_phone_says_so_without_a_network(amina, scene, audit, service):
    data = saved(picture((640, 480)), "JPEG")
    add(scene, audit, "photo", BOARD, sha256=hashlib.sha256(data).hexdigest(), nobody=True)
    assert (
        scene.phone_of("Ben Ode")
        .client.put(
            f"/api/audits/{audit.id}/photos/{hashlib.sha256(data).hexdigest()}",
            data=data,
            headers={"Sec-Fetch-Site": "same-origin"},
        )
        .json["here"]
    )
    amina.has_news("Evidence: 1 item, 49 statements with none")
    service.stop()
    amina.opens_evidence()
    amina.taps(re.compile(f"^Open the photo: {BOARD}"))

    amina.sees(
        "This photo is not on this device. It shows when there is a connection.", amina.page.get_by_role("dialog")
    )
    amina.finds_it_accessible()


def test_a_photo_whose_picture_is_gone_does_not_count_and_can_be_taken_again(amina, scene, audit):
    lost = add(scene, audit, "photo", BOARD, sha256="a" * 64, nobody=True)
    amina.has_news("1 photo missing")
    amina.sees("Evidence: no items, 50 statements with none")
    amina.opens_evidence()
    amina.sees("1 photo missing")
    amina.sees("It may still be on Ben Ode’s phone")
    amina.taps(re.compile(f"^Open the photo: {BOARD}"))
    amina.sees("This photo is missing: nobody’s phone has sent it.", amina.page.get_by_role("dialog"))
    amina.finds_it_accessible()
    amina.taps("Close")
    amina.finds_it_accessible()

    amina.page.get_by_role("link", name=re.compile(f"^{BOARD}")).click()
    amina.sees_heading("Take the photo again")
    amina.finds_it_accessible()
    expect(amina.page.get_by_role("textbox", name="What does the photo show?")).to_have_value(BOARD)
    amina.takes_photo(a_photo())
    amina.says_nobody_can_be_recognised()
    amina.saves_evidence()
    amina.follows("See all evidence")
    amina.sees("1 item, 49 statements with none.")
    amina.sees_nothing_of("photo missing")
    amina.has_sent_everything()
    assert said(scene, audit, "evidence.withdraw") == [{"evidence": lost}]
    assert here(scene, audit) == {said(scene, audit, "evidence.add")[-1]["sha256"]}


def test_a_phone_that_is_nearly_full_takes_no_more_photos_and_still_takes_words(somebody, audit):
    amina = in_the_audit(somebody("Amina Khan").opens_the_app(first=NEARLY_FULL))
    amina.shows_it("belonging-1", "Photo")
    amina.takes_photo(a_photo())
    amina.fills("What does the photo show?", BOARD)
    amina.says_nobody_can_be_recognised()
    amina.taps("Save")
    amina.sees(re.compile("^Not saved: this device is full"))

    amina.chooses("Observation")
    amina.saves_evidence()
    amina.follows("Back to the statement")
    amina.sees("1 kind: 1 observation", amina.evidence("belonging-1"))


# Where no camera is


def test_a_wing_without_a_camera_until_its_lead_allows_it_for_a_time(scene, somebody):
    trust = scene.organisation("Northfield Prison")
    wing = scene.site(trust, "A wing", sector="prison-wing")
    scene.person("Amina Khan", "lead", trust)
    audit = scene.audit(scene.phone_of("Amina Khan"), wing)
    amina = somebody("Amina Khan").opens_the_app()
    amina.signs_in()
    amina.goes(f"#/audits/{audit.id}/evidence/add/belonging-1")
    amina.sees_heading("Add evidence")
    amina.sees(re.compile("^No photos here: A wing does not allow cameras"))
    expect(amina.page.get_by_role("radio", name="Photo")).to_have_count(0)
    amina.finds_it_accessible()

    amina.goes(f"#/organisations/{trust}")
    amina.sees("No photos")
    amina.taps(re.compile("^Photos: change"))
    amina.sees(re.compile("^In prisons a camera needs authority by law"))
    amina.chooses("Yes, for a time")
    amina.taps("Save")
    amina.sees("Write who allows it, or under which reference")
    amina.finds_it_accessible()
    amina.fills("Who allows it, or under which reference?", "Governor, order 12/2026")
    amina.fills("Last day", "2099-12-31")
    amina.taps("Save")
    amina.sees("Photos allowed until 31 December 2099")
    amina.finds_it_accessible()

    amina.goes(f"#/audits/{audit.id}/evidence/add/belonging-1")
    amina.chooses("Photo")
    amina.sees("Photos are allowed at A wing until 31 December 2099.")
    amina.goes(f"#/organisations/{trust}/history")
    amina.sees(re.compile("allowed photos at A wing until 2099-12-31 \\(Governor, order 12/2026\\)"))


def test_a_permission_that_ran_out_while_the_phone_was_offline_counts_no_more(scene, amina, ward, audit, service):
    home = scene.phone_of("Amina Khan").get("/api/home").json
    trust = next(site["organisation"] for site in home["sites"] if site["id"] == ward)
    allowed = {"site": ward, "allowed": True, "authority": "Matron", "until": "2098-01-31"}
    assert scene.phone_of("Amina Khan").do(trust, "camera.set", allowed)["verdict"] == "applied"
    amina.starts_the_app_again()
    amina.shows_it("belonging-1", "Photo")
    amina.sees("Photos are allowed at Rowan ward until 31 January 2098.")
    amina.can_start_offline()
    service.stop()

    amina.page.clock.install(time="2098-02-01T09:00:00")
    amina.goes(f"#/audits/{audit.id}/evidence/add/belonging-2")
    amina.sees(re.compile("^Photos were allowed at Rowan ward until"))
    expect(amina.page.get_by_role("radio", name="Photo")).to_have_count(0)


# Putting right, and differing


def test_an_item_is_put_right_found_by_its_words_and_taken_out(amina, scene, audit):
    add(scene, audit, caption="The café is open.", criteria=["belonging-1", "safety-1"])
    add(scene, audit, "quotation", "We were asked.", ["belonging-1"], voice="resident")
    amina.has_news("Evidence: 2 items, 48 statements with none")
    amina.opens_evidence()
    amina.finds_it_accessible()
    amina.fills("Search evidence and notes", "CAFE")
    amina.sees("1 piece of evidence")
    amina.finds_it_accessible()
    amina.fills("Search evidence and notes", "")
    amina.page.get_by_role("combobox", name="Kind").select_option(label="Quotation")
    amina.sees("We were asked.")
    expect(amina.main.get_by_text("The café is open.")).to_have_count(0)
    amina.page.get_by_role("combobox", name="Kind").select_option(label="Every kind")

    amina.page.get_by_role("button", name=re.compile("^Change ?: The café")).first.click()
    amina.fills("Its words", "The café is open until ten.")
    amina.page.get_by_role("checkbox", name=amina.statement("safety-1")).uncheck()
    amina.finds_it_accessible()
    amina.taps("Save")
    amina.sees("The café is open until ten.")
    amina.page.get_by_role("button", name=re.compile("^Change ?: We were asked")).click()
    amina.taps("Take it out of the evidence")
    amina.taps("Take it out of the evidence", within=amina.page.get_by_role("dialog"))
    amina.sees("1 item, 49 statements with none.")
    amina.sees("1 taken out")
    amina.has_sent_everything()
    assert [payload["caption"] for payload in said(scene, audit, "evidence.caption")] == ["The café is open until ten."]
    assert [payload["criterion"] for payload in said(scene, audit, "evidence.untag")] == ["safety-1"]
    assert len(said(scene, audit, "evidence.withdraw")) == 1


def test_a_search_finds_what_people_wrote_beside_the_ratings(amina):
    amina.rates("belonging-1", "Mostly")
    amina.comments("belonging-1", "The café closes at five.")
    amina.shows_it("belonging-1")
    amina.fills("What did you see or hear?", SEEN)
    amina.saves_evidence()
    amina.opens_evidence()
    amina.fills("Search evidence and notes", "cafe five")
    amina.sees("1 place in the notes")
    amina.finds_it_accessible()
    amina.follows(amina.statement("belonging-1"))
    assert amina.comment_on("belonging-1") == "The café closes at five."


def test_two_phones_that_word_one_item_in_two_ways_are_both_heard_until_somebody_settles_it(
    amina, ben, scene, audit, service
):
    item = add(scene, audit)
    for person in (amina, ben):
        person.has_news("Evidence: 1 item, 49 statements with none")
        person.opens_evidence()
        person.can_start_offline()
    service.stop()
    for person, words in ((amina, "A list of patients hangs by the door."), (ben, "A rota hangs by the door.")):
        person.taps(re.compile("^Change ?: A list"))
        person.fills("Its words", words)
        person.taps("Save")
        person.sees(words)
    service.start()
    for person in (amina, ben):
        person.sends_now()

    amina.goes(f"#/audits/{audit.id}/differences")
    difference = amina.main.get_by_role("region", name=re.compile("^The words of some evidence"))
    amina.has_news(difference)
    amina.sees("A rota hangs by the door.", amina.side(difference, "Ben Ode"))
    amina.sees("A list of patients hangs by the door.", amina.side(difference, "Amina Khan"))
    amina.finds_it_accessible()
    amina.taps(re.compile("^Keep this one"), within=amina.side(difference, "Ben Ode"))
    amina.has_sent_everything()
    amina.opens_evidence()
    amina.sees("A rota hangs by the door.")
    amina_now = scene.phone_of("Amina Khan")
    caption = f"evidence/{item}/caption"
    until(lambda: amina_now.registers(audit.id)[caption] == ["A rota hangs by the door."], "it is settled")


def test_one_takes_an_item_out_while_another_words_it_and_says_what_it_shows(amina, ben, scene, audit, service):
    add(scene, audit)
    for person in (amina, ben):
        person.has_news("Evidence: 1 item, 49 statements with none")
        person.opens_evidence()
        person.can_start_offline()
    service.stop()
    for person in (amina, ben):
        person.taps(re.compile("^Change ?: A list"))
        person.page.get_by_text("It shows something else too").click()
        person.fills("Search the statements", "listened")
        person.page.get_by_role("checkbox", name=person.statement("safety-1")).check()
        person.taps("Save")
    ben.taps(re.compile("^Change ?: A list"), within=ben.piece(SEEN))
    ben.page.get_by_role("checkbox", name=ben.statement("safety-1")).uncheck()
    ben.taps("Save")
    service.start()
    for person in (amina, ben):
        person.sends_now()

    ben.goes(f"#/audits/{audit.id}/differences")
    difference = ben.main.get_by_role("region", name=re.compile("^Does “A list .*” show this"))
    ben.has_news(difference)
    ben.sees("It shows this", ben.side(difference, "Amina Khan"))
    ben.sees("It does not show this", ben.side(difference, "Ben Ode"))
    ben.finds_it_accessible()


# WebKit


@pytest.fixture
def webkit():
    webkit = WebKit()
    yield webkit
    webkit.close()


@needs("WebKitWebDriver", "webkit2gtk-driver")
@needs("Xvfb", "xvfb")
def test_on_an_iphones_engine_a_photo_taken_offline_survives_and_is_sent(webkit: WebKit, service, scene, audit):
    webkit.open(service.address)
    webkit.types("input[type=email]", email_of("Amina Khan"))
    webkit.types("input[type=password]", PASSWORD)
    webkit.presses("form button[type=submit], form .button[data-main]")
    webkit.shows("Rowan ward")
    webkit.can_go_offline()
    webkit.run(f"location.hash = '#/audits/{audit.id}'")
    webkit.shows("Evidence: no items")

    service.stop()
    webkit.run(f"location.hash = '#/audits/{audit.id}/evidence/add/belonging-1'")
    webkit.shows("What did you see or hear?")
    webkit.run("document.querySelector('input[value=photo]').click()")
    webkit.shows("Take a photo")
    photo = base64.b64encode(a_photo()).decode()
    webkit.run(f"""const bytes = Uint8Array.from(atob('{photo}'), one => one.charCodeAt(0))
        const taken = new DataTransfer()
        taken.items.add(new File([bytes], 'IMG_0001.jpg', {{ type: 'image/jpeg' }}))
        const input = document.querySelector('#photo')
        input.files = taken.files
        input.dispatchEvent(new Event('change', {{ bubbles: true }}))""")
    webkit.shows("Blur faces")
    webkit.types("#caption", BOARD)
    webkit.run("document.querySelector('#nobody').click()")
    webkit.presses("form .button[data-main]")
    webkit.shows("Saved on this phone")
    webkit.reload()
    webkit.run(f"location.hash = '#/audits/{audit.id}/evidence'")
    webkit.shows(BOARD)
    until(lambda: webkit.run("return Boolean(document.querySelector('photo-thumb img')?.naturalWidth)"), "it is seen")

    service.start()
    until(lambda: len(here(scene, audit)) == 1, "it is sent without a tap", patience=90)
    assert service.verify() == "The ledger holds."

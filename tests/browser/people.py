"""People with phones in their hands. Each step is what a person does; things are found by role and name only."""

import json
import os
import re
import shutil
import signal
from contextlib import suppress
from pathlib import Path

import psutil
from playwright.sync_api import BrowserContext, Locator, Page, Playwright, TimeoutError, expect

from tests.builders import PASSWORD, email_of

from .axe import assert_accessible
from .service import Service, until

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
PHONE = {
    "viewport": {"width": 390, "height": 844},
    "device_scale_factor": 2,
    "is_mobile": True,
    "has_touch": True,
    "user_agent": "Mozilla/5.0 (Linux; Android 14; Phone) AppleWebKit/537.36 (KHTML, like Gecko) Chrome/156.0.0.0 "
    "Mobile Safari/537.36",
}
DESK = {"viewport": {"width": 1280, "height": 800}}
STANDING = re.compile(r"^(Getting ready|Sent|Saved here|Sending|Cannot send|\d+ needs? you)")
SAVED = re.compile(r"^(Saved on this (phone|computer)|Sent), ")
PATIENCE = 20_000  # for a step that takes no time at all where nothing else is going on
DUMP = """async () => {
    const settled = request => new Promise((done, failed) => {
        request.onsuccess = () => done(request.result)
        request.onerror = () => failed(request.error)
    })
    const found = [Object.entries(localStorage), Object.entries(sessionStorage)]
    for (const { name } of await indexedDB.databases()) {
        const database = await settled(indexedDB.open(name))
        for (const store of database.objectStoreNames) {
            const rows = database.transaction(store).objectStore(store)
            found.push([name, store, ...await Promise.all([settled(rows.getAllKeys()), settled(rows.getAll())])])
        }
        database.close()
    }
    return JSON.stringify(found)
}"""

expect.set_options(timeout=PATIENCE)


class Person:
    """Somebody and the device in their hands. The device keeps what it knows when the app or its battery dies."""

    def __init__(self, playwright: Playwright, service: Service, folder: Path, name: str, device: dict = PHONE):
        self.playwright = playwright
        self.service = service
        self.folder = folder
        self.name = name
        self.device = device
        self.context: BrowserContext | None = None
        self.page: Page | None = None
        self.complaints: list[str] = []
        self.edition: dict | None = None

    # The app on the device

    def opens_the_app(self, hash: str = "", first: str = "", room: int | None = None) -> "Person":
        """Start the browser from nothing and open the app, at its start or where a link leads. `first` is a script
        that spoils the browser before the app runs; `room` is how many bytes the device leaves to the app."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.folder,
            executable_path=shutil.which("chromium"),
            args=list(FLAGS),
            locale="en-GB",
            accept_downloads=True,
            **self.device,
        )
        self.context.set_default_timeout(PATIENCE)
        if first:
            self.context.add_init_script(first)
        self.page = self.context.pages[0]
        self.page.on("pageerror", lambda problem: self.complaints.append(str(problem)))
        self.page.on("console", self._heard)
        if room is not None:
            self.storage = self.context.new_cdp_session(self.page)
            self.storage.send("Storage.overrideQuotaForOrigin", {"origin": self.origin, "quotaSize": room})
        self.page.goto(f"{self.service.address}{hash}")
        return self

    def makes_room(self) -> None:
        """The device is not full any more."""
        self.storage.send("Storage.overrideQuotaForOrigin", {"origin": self.origin})

    @property
    def origin(self) -> str:
        return self.service.address.rstrip("/")

    def closes_the_app(self) -> None:
        """As one closes an app: the browser may finish what it does."""
        self.context.close()
        self.context = self.page = None

    def starts_the_app_again(self) -> None:
        """Where it was; starting looks for news at once."""
        self.page.reload()
        expect(self.standing).to_be_visible()

    def loses_power(self) -> None:
        """SIGKILL to the browser."""
        for process in self._browsers():
            with suppress(psutil.NoSuchProcess):
                process.send_signal(signal.SIGKILL)
                process.wait(10)
        with suppress(Exception):
            self.context.close()
        self.context = self.page = None

    def can_start_offline(self) -> None:
        """Wait until the worker holds the app."""
        until(lambda: self.page.evaluate("navigator.serviceWorker.controller !== null"), "the worker holds the app")

    def _browsers(self) -> list[psutil.Process]:
        found = []
        for child in psutil.Process(os.getpid()).children(recursive=True):
            with suppress(psutil.Error):  # it has just gone
                line = child.cmdline()
                if f"--user-data-dir={self.folder}" in line and not any(part.startswith("--type=") for part in line):
                    found.append(child)
        return found

    def _heard(self, said) -> None:
        # What the browser itself says about what it could not fetch is no complaint of the app.
        if said.type == "error" and not said.text.startswith(("Failed to load resource", "Manifest: ")):
            self.complaints.append(said.text)

    # Getting in and out

    def signs_in(self, password: str = PASSWORD) -> "Person":
        self.fills("E-mail address", email_of(self.name))
        self.fills("Password", password)
        self.taps("Sign in")
        self.sees_heading(re.compile("^Good (morning|afternoon|evening)"))
        return self

    def signs_in_again(self) -> None:
        """The same person, after the session had ended."""
        self.fills("Password", PASSWORD)
        self.taps("Sign in")

    def signs_out(self) -> None:
        self.goes_to("More")
        self.taps("Sign out")
        self.page.wait_for_timeout(100)
        if self.page.get_by_role("dialog").is_visible():
            assert_accessible(self.page)
            self.page.get_by_role("dialog").get_by_role("button", name="Sign out").click()
        self.sees_heading("Sign in")

    def gives_the_phone_to(self, name: str) -> "Person":
        """The same device in somebody else's hands."""
        self.name = name
        return self

    def what_the_device_holds(self) -> str:
        """All that anybody could read who looks into this browser's stores for Milieu, but for the app's own files."""
        return self.page.evaluate(DUMP)

    def saves_the_rescue_file(self) -> dict:
        with self.page.expect_download() as download:
            self.taps("Save a rescue file")
        return json.loads(Path(download.value.path()).read_text())

    # Looking and tapping

    def taps(self, name: str | re.Pattern, role: str = "button", within: Locator | None = None) -> None:
        (within or self.page).get_by_role(role, name=name, exact=isinstance(name, str)).click()

    def follows(self, name: str | re.Pattern, within: Locator | None = None) -> None:
        self.taps(name, "link", within)

    def fills(self, label: str, text: str, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("textbox", name=label, exact=True).or_(
            (within or self.page).get_by_label(label, exact=True)
        ).first.fill(text)

    def chooses(self, name: str | re.Pattern, within: Locator | None = None) -> None:
        (within or self.page).get_by_role("radio", name=name).check()

    def sees(self, text: str | re.Pattern, within: Locator | None = None, patience: float = PATIENCE / 1000) -> None:
        expect((within or self.main).get_by_text(text).first).to_be_visible(timeout=patience * 1000)

    def sees_nothing_of(self, text: str) -> None:
        expect(self.page.locator("body")).not_to_contain_text(text)

    def sees_heading(self, name: str | re.Pattern) -> None:
        exactly = isinstance(name, str)
        expect(self.page.get_by_role("heading", level=1, name=name, exact=exactly)).to_be_visible()

    def finds_it_accessible(self) -> None:
        assert_accessible(self.page)

    @property
    def main(self) -> Locator:
        return self.page.get_by_role("main")

    @property
    def address(self) -> str:
        return self.page.evaluate("location.hash")

    @property
    def standing(self) -> Locator:
        """What the header says about what was said here."""
        return self.page.get_by_role("banner").get_by_role("link", name=STANDING)

    def has_sent_everything(self, patience: float = 30) -> None:
        """Everything is sent, and everything is here that is needed without a network."""
        expect(self.standing).to_have_text(re.compile(r"^\s*Sent\s*$"), timeout=patience * 1000)

    def has_news(self, news: str | re.Pattern | Locator) -> None:
        """Something that somebody else did shows here, to who takes the phone out now and then."""
        shown = news if isinstance(news, Locator) else self.main.get_by_text(news).first
        for _ in range(10):
            self.looks_again()
            with suppress(AssertionError):
                return expect(shown).to_be_visible(timeout=3_000)
        return expect(shown).to_be_visible()

    def has_news_by_itself(self, text: str | re.Pattern) -> None:
        """The same without touching the phone; it may take one poll."""
        self.sees(text, patience=45)

    def looks_again(self) -> None:
        """The phone comes out of the pocket: the app looks for news, and sends what waits, at once."""
        self.page.evaluate("document.dispatchEvent(new Event('visibilitychange'))")

    # Getting about

    def goes_to(self, tab: str) -> None:
        self.page.get_by_role("navigation", name="Main").get_by_role("link", name=tab, exact=True).click()
        if tab == "Home":
            self.sees_heading(re.compile("^Good (morning|afternoon|evening)"))

    def goes(self, hash: str) -> None:
        """Follow a link that somebody sent."""
        self.page.evaluate("hash => { location.hash = hash }", hash)

    def setting(self, name: str) -> Locator:
        """The card of a setting on Home."""
        return self.main.get_by_role("listitem").filter(has=self.page.get_by_role("heading", name=name, exact=True))

    def opens_audit_of(self, site: str) -> str:
        """From Home; the audit's id."""
        self.goes_to("Home")
        card = self.setting(site)
        card.get_by_role("link", name=re.compile("^See the (whole )?audit$")).click()
        self.sees_heading(site)
        return self.address.split("/")[2]

    def starts_an_audit_of(self, site: str, checklist: str = "Enabling and Facilitating Environments") -> str:
        """From Home; the new audit's id."""
        self.goes_to("Home")
        self.setting(site).get_by_role("link", name=re.compile("^Start ")).click()
        self.sees_heading(f"Start an audit of {site}")
        self.chooses(re.compile(f"^{re.escape(checklist)}"))
        self.taps("Start the audit")
        self.sees_heading(site)
        return self.address.split("/")[2]

    def goes_to_audit(self) -> None:
        self.goes_to("Audit")
        expect(self.page.get_by_role("list", name="The principles")).to_be_visible()

    def goes_to_principle(self, id: str) -> None:
        principle = next(one for one in self.edition["principles"] if one["id"] == id)
        if self.heading == principle["title"]:
            return
        if not self.page.get_by_role("list", name="The principles").is_visible():
            self.goes_to_audit()
        self.follows(re.compile(re.escape(principle["title"])), self.page.get_by_role("list", name="The principles"))
        self.sees_heading(principle["title"])

    @property
    def heading(self) -> str:
        return self.page.get_by_role("heading", level=1).inner_text()

    # Saying something

    def card(self, criterion: str) -> Locator:
        """The card of a criterion, after going to its principle, once it is drawn to its end."""
        self.goes_to_principle(criterion.rsplit("-", 1)[0])
        card = self.page.get_by_role("article", name=self.statement(criterion), exact=True)
        expect(card.get_by_role("group", name="Evidence")).to_be_visible()
        return card

    def statement(self, criterion: str) -> str:
        criteria = (one for principle in self.edition["principles"] for one in principle["criteria"])
        return next(one["statement"] for one in criteria if one["id"] == criterion)

    def own(self, criterion: str) -> Locator:
        """One's own rating of a criterion."""
        return self.card(criterion).get_by_role("group", name=f"How true is this here? {self.statement(criterion)}")

    def rates(self, criterion: str, word: str) -> None:
        """Tap a rating, and wait until the screen calls it saved."""
        self.own(criterion).get_by_role("radio", name=word, exact=True).check()
        self.is_told_it_is_saved(self.card(criterion))

    def comments(self, criterion: str, text: str) -> None:
        card = self.card(criterion)
        if card.get_by_role("button", name="Comment", exact=True).is_visible():
            self.taps("Comment", within=card)
        field = card.get_by_role("textbox", name="Comment")
        field.fill(text)
        self.taps_elsewhere()
        expect(card.get_by_text(SAVED)).to_have_count(2)

    def taps_elsewhere(self) -> None:
        self.page.evaluate("document.activeElement.blur()")

    def says_it_does_not_apply(self, criterion: str, reason: str) -> None:
        card = self.card(criterion)
        self.taps("Does not apply", within=card)
        self.fills("Why does it not apply here?", reason, card)
        self.taps("Save the reason", within=card)
        self.sees(reason, card)
        self.is_told_it_is_saved(card)

    def is_told_it_is_saved(self, card: Locator) -> None:
        expect(card.get_by_text(SAVED).first).to_be_visible()

    def adds_contributor(self, label: str, voice: str) -> None:
        """A group that one writes for from now on."""
        self.goes_to_audit()
        self.taps("Add a group or a meeting")
        self.fills("What is it called?", label)
        self.chooses(re.compile(f"^{voice}"))
        self.taps("Add")
        self.sees("you are writing for them now")

    def writes_for(self, label: str) -> None:
        """On a principle's page, choose whom one writes for."""
        chosen = self.page.get_by_role("combobox", name="Writing for")
        chosen.select_option(label=next(one for one in self.may_write_for() if one.startswith(label)))

    def may_write_for(self) -> list[str]:
        return self.page.get_by_role("combobox", name="Writing for").get_by_role("option").all_inner_texts()

    def writes_for_now(self) -> str:
        return self.page.get_by_role("combobox", name="Writing for").locator("option:checked").inner_text()

    def comment_on(self, criterion: str) -> str:
        """One's own comment as the screen shows it."""
        return self.card(criterion).get_by_role("textbox", name="Comment").input_value()

    def reads_voice(self, criterion: str, voice: str) -> list[str]:
        """What one voice says of a criterion, side by side with the others: such as ["2 Mostly", "1 Embedded"]."""
        track = self.card(criterion).get_by_role("img", name=re.compile(f"^{voice}: "))
        return track.get_attribute("aria-label").removeprefix(f"{voice}: ").split(", ") if track.count() else []

    def hears(self, criterion: str, voice: str, *said: str) -> None:
        """Wait until one voice says exactly this of a criterion."""
        until(lambda: self.reads_voice(criterion, voice) == list(said), f"{voice} on {criterion}: {said}", patience=10)

    def reads_comment(self, criterion: str, text: str) -> None:
        """Others' comments, opening them when they are closed."""
        card = self.card(criterion)
        if not card.get_by_text(text).is_visible():
            card.get_by_text(re.compile(r"^\d+ comments? by others")).click()
        self.sees(text, card)

    def finding(self, criterion: str) -> Locator:
        return self.card(criterion).get_by_role("group", name=re.compile("^What we agree"))

    def agrees(self, criterion: str, word: str) -> None:
        """Record what the team agrees: what is proposed, or another."""
        finding = self.finding(criterion)
        proposed = finding.get_by_role("button", name=f"Agree on {word}", exact=True)
        if proposed.is_visible():
            proposed.click()
        else:
            finding.get_by_role("button", name=re.compile("^(Choose|Change what)")).click()
            finding.get_by_role("radio", name=word, exact=True).click()
        expect(finding.get_by_role("heading", name=re.compile(re.escape(word)))).to_be_visible()
        self.is_told_it_is_saved(finding)

    def gives_account(self, criterion: str, **parts: str) -> None:
        """Say why: what shows it, what helps, what hinders."""
        labels = {"shows": "What shows it", "helps": "What helps", "hinders": "What gets in the way"}
        finding = self.finding(criterion)
        before = finding.get_by_text(SAVED).count()
        self.opens_account(criterion)
        for part, text in parts.items():
            finding.get_by_role("textbox", name=labels[part]).fill(text)
        self.taps_elsewhere()
        expect(finding.get_by_text(SAVED)).to_have_count(max(before, 2))

    def opens_account(self, criterion: str) -> None:
        """Open the text of a finding where it is closed."""
        finding = self.finding(criterion)
        if not finding.get_by_role("textbox", name="What shows it").is_visible():
            finding.get_by_text(re.compile("^(Say why|Why we say so)")).click()

    # Showing it

    def shows_it(self, criterion: str, kind: str = "") -> None:
        """From a criterion's card to where evidence for it is added."""
        self.follows(re.compile("^Add evidence"), self.card(criterion))
        self.sees_heading("Add evidence")
        if kind:
            self.chooses(kind)

    def takes_photo(self, photo: bytes, button: str = "Take a photo") -> None:
        """With the camera of the phone; the screen shows what was taken."""
        taken = {"name": "IMG_0001.jpg", "mimeType": "image/jpeg", "buffer": photo}
        self.page.get_by_label(button, exact=True).set_input_files(taken)
        expect(self.page.get_by_role("button", name="Blur faces")).to_be_visible()

    def says_nobody_can_be_recognised(self) -> None:
        self.page.get_by_role("checkbox", name=re.compile("nobody can be recognised")).check()

    def saves_evidence(self) -> None:
        self.taps("Save")
        expect(self.page.get_by_role("heading", name=re.compile("^Saved on this (phone|computer)$"))).to_be_focused()

    def adds_photo(self, criterion: str, photo: bytes, caption: str) -> None:
        """From the criterion's card and back to it."""
        self.shows_it(criterion, "Photo")
        self.takes_photo(photo)
        self.fills("What does the photo show?", caption)
        self.says_nobody_can_be_recognised()
        self.saves_evidence()
        self.goes_back_to(criterion)

    def goes_back_to(self, criterion: str) -> None:
        """From its evidence to a criterion's card, once the screen has moved to it."""
        self.follows("Back to the statement")
        expect(self.page.get_by_role("heading", level=2, name=self.statement(criterion), exact=True)).to_be_focused()

    def evidence(self, criterion: str) -> Locator:
        """What a criterion's card says of evidence."""
        return self.card(criterion).get_by_role("group", name="Evidence")

    def opens_evidence(self) -> None:
        """From the audit to all its evidence."""
        self.goes_to_audit()
        self.follows(re.compile("^Evidence: "))
        self.sees_heading("Evidence")

    def piece(self, caption: str) -> Locator:
        """A piece of evidence in a list."""
        return self.main.get_by_role("listitem").filter(has_text=caption).first

    # Settling

    def difference(self, what: str, criterion: str) -> Locator:
        """What was written in two ways about a criterion, on the screen of differences."""
        return self.main.get_by_role("region", name=f"{what}: {self.statement(criterion)}", exact=True)

    def side(self, difference: Locator, name: str) -> Locator:
        """What one person wrote, with who and when: the nearest thing around their name that has its own button."""
        return difference.get_by_role("group", name=re.compile(f"^{name}"))

    def sends_now(self) -> None:
        """Look at what waits and send it by hand, rather than wait for the back-off."""
        self.page.get_by_role("banner").get_by_role("link", name=STANDING).click()
        self.sees_heading("Not sent yet")
        with suppress(TimeoutError):  # it may have gone by itself meanwhile
            self.page.get_by_role("button", name="Send now").click(timeout=1_000)
        self.has_sent_everything()

    def reads_ratings(self, principle: str) -> dict[str, str | None]:
        """One's own ratings of a principle as the screen shows them."""
        self.goes_to_principle(principle)
        criteria = next(one["criteria"] for one in self.edition["principles"] if one["id"] == principle)
        shown = {}
        for criterion in criteria:
            chosen = self.card(criterion["id"]).get_by_role("radio", checked=True)
            shown[criterion["id"]] = chosen.get_attribute("value") if chosen.count() else None
        return shown


def wait_until_nothing_runs(people: list[Person]) -> None:
    """Close what is still open."""
    for person in people:
        if person.context:
            person.loses_power()
    until(lambda: not any(person._browsers() for person in people), "the browsers have gone")

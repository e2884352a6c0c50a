"""Makes the manifest's two pictures from the demo's data. Run by `make screenshots` when screens have changed."""

import os
import subprocess
import sys
import tempfile
from pathlib import Path

from playwright.sync_api import Page, Playwright, sync_playwright

from audit_app.demo.words import read
from tests.browser.people import DESK, PHONE, Person
from tests.browser.service import ROOT, Service, until

ICONS = ROOT / "static/pwa/icons"
TOM, SUNITA = "tom@northfield.example", "sunita@northfield.example"


def main() -> None:
    """Start a demo of its own, take the pictures, and put everything away again."""
    with tempfile.TemporaryDirectory() as folder, sync_playwright() as playwright:
        service = demo(Path(folder))
        try:
            narrow(playwright, service, Path(folder) / "phone")
            wide(playwright, service, Path(folder) / "desk")
        finally:
            service.stop()


def demo(data: Path) -> Service:
    """A service with the demo's data."""
    environment = os.environ | {"DEMO": "yes", "DATA_DIR": str(data), "DATABASE_URL": ""}
    for command in (["db", "upgrade"], ["demo"]):
        flask = [Path(sys.executable).with_name("flask"), "--app", "wsgi", *command]
        subprocess.run(flask, cwd=ROOT, env=environment, check=True, capture_output=True)  # noqa: S603
    service = Service(ROOT, data)
    service.start()
    return service


def narrow(playwright: Playwright, service: Service, folder: Path) -> None:
    """One principle on a phone: a criterion rated, with the other voices beside it."""
    person = at_home(Person(playwright, service, folder, "Tom Hargreaves", PHONE), TOM)
    person.goes_to("Home")
    person.main.get_by_role("link", name="See the whole audit").first.click()
    principles = person.page.get_by_role("list", name="The principles").get_by_role("link")
    principles.first.wait_for()
    for n in range(principles.count()):
        principles.nth(n).click()
        person.main.get_by_role("article").first.wait_for()
        apart = person.main.get_by_role("article").filter(has_text="rate this higher than")
        rated = apart.filter(has=person.page.get_by_role("radio", checked=True)).filter(has_text="What we agree")
        if rated.count():
            break
        person.goes_to("Audit")
        principles.first.wait_for()
    rated.first.evaluate("one => scrollBy(0, one.getBoundingClientRect().top - 12)")
    picture(person.page, "screenshot-narrow.png")
    person.closes_the_app()


def wide(playwright: Playwright, service: Service, folder: Path) -> None:
    """Home at a desk: three wards and where their audits stand."""
    person = at_home(Person(playwright, service, folder, "Sunita Rao", DESK), SUNITA)
    picture(person.page, "screenshot-wide.png")
    person.closes_the_app()


def at_home(person: Person, email: str) -> Person:
    """Signed in, with all audits fetched."""
    person.opens_the_app()
    person.fills("E-mail address", email)
    person.fills("Password", read("cast.toml")["password"])
    person.taps("Sign in")
    person.page.wait_for_load_state("networkidle")
    person.page.wait_for_timeout(3_000)
    return person


def picture(page: Page, name: str) -> None:
    """What an installed Milieu looks like: without the band that says that this is a demo."""
    page.evaluate("document.querySelector('.bands').hidden = true")
    page.evaluate("document.activeElement.blur()")
    until(lambda: page.evaluate("document.fonts.status === 'loaded'"), "the letters are there")
    page.screenshot(path=ICONS / name)


if __name__ == "__main__":
    main()

"""The register, the check and the certificate: open to everybody, on the smallest phone and at a desk, in light and in
dark, without a script, and on paper."""

import io
import shutil
from datetime import date

import pytest
from pypdf import PdfReader

from tests.awards import Awards
from tests.builders import CHECKLIST
from tests.needs import needs

from .axe import assert_accessible
from .people import DESK, FLAGS

pytestmark = [pytest.mark.browser, needs("chromium")]

SMALL = {"viewport": {"width": 320, "height": 640}, "has_touch": True, "is_mobile": True}


@pytest.fixture
def awards(scene) -> Awards:
    return Awards(scene)


@pytest.fixture
def one_of_each(awards: Awards) -> dict[str, str]:
    """A place in each state."""
    given = {
        "valid": awards.give("Rowan ward"),
        "suspended": awards.give("Willow unit"),
        "withdrawn": awards.give("B wing", organisation="HMP Larkfield with a very long name indeed, North and South"),
        "expired": awards.give("Oak Lodge", decided=date(2022, 5, 2)),
        "superseded": awards.give("Greencroft", decided=date(2025, 5, 2)),
    }
    awards.suspend(given["suspended"], reason="The ward is moving.")
    awards.withdraw(given["withdrawn"])
    awards.replace(given["superseded"], given["valid"])
    return given


@pytest.mark.parametrize("colours", ["light", "dark"])
@pytest.mark.parametrize("device", [SMALL, DESK], ids=["320 px", "desk"])
def test_the_public_pages_are_open_to_everybody(playwright, service, awards, one_of_each, device: dict, colours: str):
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
    page = browser.new_context(**device, color_scheme=colours).new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    paths = ["register", "register?name=nobody", "register?sector=ward&status=valid&language=cy", "check"]
    paths += [f"check/{number}" for number in one_of_each.values()]
    paths += ["check?number=nonsense", f"organisations/{awards.body}", f"checklists/{CHECKLIST}/1"]
    for state in ("valid", "withdrawn"):
        paths += [f"register/{one_of_each[state]}", f"certificate/{one_of_each[state]}"]

    for path in paths:
        page.goto(f"{service.address}{path}")

        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), path
    assert page.context.cookies() == []
    assert complaints == []
    browser.close()


def test_somebody_without_scripts_finds_an_award_and_checks_its_file_and_its_text(
    playwright, service, awards, one_of_each, tmp_path
):
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
    page = browser.new_context(**SMALL, java_script_enabled=False).new_page()
    page.goto(f"{service.address}register")
    page.get_by_label("Name of the setting").fill("rowan")
    page.get_by_role("button", name="Search").click()
    page.get_by_role("link", name="Rowan ward").click()
    page.get_by_role("link", name="The certificate").click()
    with page.expect_download() as fetched:
        page.get_by_role("link", name="Badge (SVG)").click()
    badge = tmp_path / "badge.svg"
    fetched.value.save_as(badge)

    page.get_by_role("link", name="Check", exact=True).click()
    page.get_by_label("File", exact=True).set_input_files(badge)
    page.locator("form", has=page.get_by_label("File", exact=True)).locator("button").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Valid"

    page.get_by_role("link", name="Check another").click()
    page.get_by_label("Credential", exact=True).fill(awards.token(one_of_each["withdrawn"]))
    page.locator("form", has=page.get_by_label("Credential", exact=True)).locator("button").click()
    assert page.get_by_role("heading", level=1).inner_text() == "Withdrawn"

    page.get_by_role("link", name="Check another").click()
    page.get_by_label("Number", exact=True).fill(one_of_each["suspended"].lower())
    page.get_by_label("Number", exact=True).press("Enter")
    assert page.get_by_role("heading", level=1).inner_text() == "Suspended"
    browser.close()


def test_a_certificate_and_a_check_print_on_one_sheet(playwright, service, one_of_each):
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
    page = browser.new_context(color_scheme="dark").new_page()
    for path in ("certificate", "check"):
        page.goto(f"{service.address}{path}/{one_of_each['valid']}")

        [sheet] = PdfReader(io.BytesIO(page.pdf(format="A4"))).pages

        printed = sheet.extract_text()
        assert "Rowan ward" in printed and one_of_each["valid"] in printed
        assert "Cymraeg" not in printed and "PDF to print" not in printed, "what is for the screen is not printed"
    browser.close()


def test_another_website_can_show_the_badge(playwright, service, one_of_each, tmp_path):
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
    page = browser.new_context().new_page()
    address = f"{service.address}badge/{one_of_each['valid']}.svg".replace("127.0.0.1", "localhost")
    elsewhere = tmp_path / "elsewhere.html"
    elsewhere.write_text(f'<!doctype html><title>A ward</title><img src="{address}" alt="">')

    page.goto(elsewhere.as_uri())

    assert page.evaluate("document.images[0].decode().then(() => document.images[0].naturalWidth)") > 300
    browser.close()

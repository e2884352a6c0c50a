"""The pages that the server draws can be read by everybody, on a phone and at a desk, in light and in dark."""

import shutil

import pytest

from tests.needs import needs

from .axe import assert_accessible
from .people import DESK, FLAGS, PHONE

pytestmark = [pytest.mark.browser, needs("chromium")]


@pytest.mark.parametrize(("device", "colours"), [(PHONE, "dark"), (DESK, "light")], ids=["phone", "desk"])
def test_the_reference_is_open_to_everybody(playwright, service, device: dict, colours: str):
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
    page = browser.new_context(**device, color_scheme=colours).new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    for path in ("api/docs", "api/exports/documentation", "problems", "problems/ledger-diverged"):
        page.goto(f"{service.address.rstrip('/')}/{path}")

        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth")
    assert complaints == []
    browser.close()

"""The main job in WebKit, so that nothing depends on Chromium alone."""

import pytest

from tests.builders import PASSWORD, Scene
from tests.needs import needs

from .service import until
from .webkit import WebKit

pytestmark = [
    pytest.mark.browser,
    needs("WebKitWebDriver", "webkit2gtk-driver"),
    needs("Xvfb", "xvfb"),
]


@pytest.fixture
def webkit():
    webkit = WebKit()
    yield webkit
    webkit.close()


def test_on_an_iphones_engine_a_rating_survives_with_the_server_stopped_and_is_sent_afterwards(
    webkit: WebKit, service, scene: Scene
):
    ward = scene.site(trust := scene.organisation())
    amina = scene.phone("Amina", "auditor", trust, ward)
    audit = scene.audit(amina, ward)
    webkit.open(service.address)
    webkit.types("input[type=email]", "amina@example.org")
    webkit.types("input[type=password]", PASSWORD)
    webkit.presses("form button[type=submit], form .button[data-main]")
    webkit.shows("Rowan ward")
    webkit.can_go_offline()

    service.stop()
    webkit.run(f"location.hash = '#/audits/{audit.id}/p/belonging'")
    webkit.shows("Embedded")  # the cards come after the heading
    webkit.run("document.querySelectorAll('rating-scale input')[2].click()")
    webkit.shows("Saved on this phone")
    webkit.reload()
    webkit.shows("Belonging and connection")
    until(
        lambda: webkit.run("return document.querySelector('rating-scale input:checked')?.value") == "2", "it is there"
    )
    service.start()

    until(lambda: ratings(amina, audit.id) == [{"rating": 2}], "it is sent without a tap", patience=60)
    assert service.verify() == "The ledger holds."


def ratings(phone, audit: str) -> list:
    """Every live rating by anybody, as the service has them."""
    return [value for key, (value,) in phone.registers(audit).items() if key.endswith("belonging-1/rating")]

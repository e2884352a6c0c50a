"""Forms and reports as pages: open to everybody, on a phone and at a desk, and they print as they should."""

import io
import shutil

import pytest
from pypdf import PdfReader

from tests.builders import CHECKLIST, PASSWORD, email_of, operation
from tests.needs import needs

from .axe import assert_accessible
from .people import DESK, FLAGS, PHONE

pytestmark = [pytest.mark.browser, needs("chromium")]

SIGN_IN = "async body => (await fetch('/api/session', { method: 'POST', body: JSON.stringify(body) })).status"
DEVICE = {"id": "0198c5a1-0000-7000-8000-0000000000d1", "name": "A desk"}


@pytest.fixture
def addresses(scene) -> dict[str, str]:
    """A form and a report, both of an audit in which something was said; Lena may see them."""
    organisation = scene.organisation()
    ward = scene.site(organisation)
    lead = scene.phone("Lena", "lead", organisation, ward)
    audit = scene.audit(lead, ward)
    said = {"contributor": audit.contributor, "criterion": "safety-1"}
    shown = {"evidence": DEVICE["id"], "kind": "observation", "caption": "The door is open.", "criteria": ["safety-1"]}
    planned = {"item": DEVICE["id"], "what": "Paint the hall", "whose": "team", "due": "2020-01-31", "criteria": []}
    operations = [
        operation("answer.rate", said | {"rating": 2}),
        operation("answer.comment", said | {"text": "People sit down with you."}),
        operation("finding.agree", {"criterion": "safety-1", "rating": 2}),
        operation("finding.agree", {"criterion": "safety-2", "rating": 1}),
        operation("finding.agree", {"criterion": "safety-2", "rating": 3}),
        operation("evidence.add", shown),
        operation("plan.add", planned | {"answers": []}),
    ]
    assert set(lead.verdicts(audit.id, operations)) == {"applied"}
    form = f"api/checklists/{CHECKLIST}/1/form?audit={audit.id}"
    return {
        "form": form,
        "welsh form": f"{form}&contributor={audit.contributor}&language=cy",
        "report": f"audits/{audit.id}/report",
        "welsh report": f"audits/{audit.id}/report?language=cy",
    }


@pytest.mark.parametrize("device", [PHONE, DESK], ids=["phone", "desk"])
def test_paper_as_a_page_is_open_to_everybody_and_prints_well(playwright, service, addresses, device: dict):
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
    page = browser.new_context(**device, color_scheme="dark").new_page()
    complaints = []
    page.on("console", lambda message: complaints.append(message.text))
    home = service.address.rstrip("/")
    page.goto(f"{home}/problems")
    assert page.evaluate(SIGN_IN, {"email": email_of("Lena"), "password": PASSWORD, "device": DEVICE}) == 200

    for name, address in addresses.items():
        page.goto(f"{home}/{address}")

        assert_accessible(page)
        assert page.evaluate("document.documentElement.scrollWidth <= innerWidth"), name
        printed = [found.extract_text() for found in PdfReader(io.BytesIO(page.pdf(format="A4"))).pages]
        assert "As PDF" not in "".join(printed) and "Fel PDF" not in "".join(printed), (
            "what is for the screen is not printed"
        )
        if "form" in name:
            assert len(printed) == 11, f"the {name} takes one page to begin with, and one a principle"
    assert complaints == []
    browser.close()

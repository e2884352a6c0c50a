"""A manager with ten minutes before a meeting: how far are the trust's wards?"""

import re

import pytest
from playwright.sync_api import expect

from audit_app.db import new_id
from tests.builders import operation
from tests.needs import needs

from .people import DESK

pytestmark = [pytest.mark.browser, needs("chromium")]

AGREED = {"Ash ward": 5, "Oak ward": 2, "Rowan ward": 0}


@pytest.fixture
def wards(scene, edition) -> dict[str, str]:
    """Three wards of one trust, each with an audit that is further than the next, and a ward of another trust."""
    trust, other = scene.organisation("Northfield Trust"), scene.organisation("Southdown Trust")
    scene.person("Mona Reid", "manager", trust)
    lead = scene.phone("Amina Khan", "lead", trust)
    criteria = [criterion["id"] for principle in edition["principles"] for criterion in principle["criteria"]]
    audits = {}
    for name, agreed in AGREED.items():
        opened = scene.audit(lead, scene.site(trust, name))
        rated = [
            operation("answer.rate", {"contributor": opened.contributor, "criterion": criterion, "rating": 2})
            for criterion in criteria[: agreed + 1]
        ]
        found = [operation("finding.agree", {"criterion": criterion, "rating": 2}) for criterion in criteria[:agreed]]
        assert set(lead.verdicts(opened.id, rated + found)) == {"applied"}
        audits[name] = opened.id
    scene.audit(scene.phone("Zoe Lane", "lead", other), scene.site(other, "Elm ward"))
    return audits


@pytest.fixture
def mona(somebody, wards):
    mona = somebody("Mona Reid", DESK).opens_the_app().signs_in()
    mona.has_sent_everything()
    return mona


def test_a_manager_sees_the_three_wards_and_how_far_they_are(mona, wards):
    for name in wards:
        expect(mona.setting(name)).to_be_visible()
    mona.sees("1 of 10 principles agreed", mona.setting("Ash ward"))
    mona.sees_nothing_of("Elm ward")
    mona.finds_it_accessible()

    mona.goes_to("Side by side")
    table = mona.page.get_by_role("region", name=re.compile("^What is shown"))
    for name, agreed in AGREED.items():
        row = table.get_by_role("row", name=re.compile(re.escape(name)))
        belonging = row.get_by_role("link", name=re.compile(r"^[^,]+, Belonging: "))
        expect(belonging).to_contain_text({5: "5/5", 2: "2/5 …", 0: "–"}[agreed])
    whole = table.get_by_role("link", name=re.compile("^Ash ward, Belonging: 5.5"))
    expect(whole).to_have_accessible_name(re.compile("Needs a second kind of evidence"))
    expect(whole).not_to_contain_text("✓")
    mona.sees("0 of 10 shown, Belonging not yet, 9 still open", table)
    mona.sees_nothing_of("Elm ward")
    mona.finds_it_accessible()

    mona.follows(re.compile("Oak ward 0 of 10"), table.get_by_role("row", name=re.compile("Oak ward")))
    mona.sees_heading("Oak ward")
    mona.sees("2 of 50 statements agreed")
    mona.sees("3 answers")


def test_a_manager_reads_and_cannot_write(mona, wards, scene):
    mona.opens_audit_of("Ash ward")
    for name in ("Add a group or a meeting", "Withdraw", "Write for them"):
        expect(mona.page.get_by_role("button", name=name)).to_have_count(0)
    mona.goes_to_principle("belonging")
    mona.sees("You can read this audit. Its team writes it.")
    mona.hears("belonging-1", "Staff", "1 Mostly")
    expect(mona.finding("belonging-1").get_by_role("heading")).to_contain_text("Mostly")
    for role in ("radio", "textbox", "combobox"):
        expect(mona.main.get_by_role(role)).to_have_count(0)
    expect(mona.main.get_by_role("button")).to_have_count(0)
    mona.finds_it_accessible()

    phone = scene.phone_of("Mona Reid")
    said = {"contributor": new_id(), "criterion": "belonging-1", "rating": 0}
    assert phone.verdicts(wards["Ash ward"], [operation("answer.rate", said)]) == ["refused"]

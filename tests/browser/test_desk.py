"""An assessor's phone before and after a visit: the photos are on it without a look at any, and what was kept of theirs
is there to be read and put in force."""

import hashlib
import re

import pytest
from playwright.sync_api import expect

from audit_app.db import new_id
from tests.builders import OURS, operation
from tests.needs import needs
from tests.recognition import Recognition, judging, me
from tests.test_evidence import a_photo

from .awarding import is_open_to_everybody
from .service import until

pytestmark = [pytest.mark.browser, needs("chromium")]


def with_photos(way: Recognition, many: int) -> None:
    """The team has shown so much with photos, all of which have arrived."""
    for n in range(many):
        photo = a_photo(colour=(40 * n, 120, 90))
        sha256 = hashlib.sha256(photo).hexdigest()
        item = {"evidence": new_id(), "kind": "photo", "caption": f"The garden, {n}", "criteria": ["safety-1"]}
        adding = operation("evidence.add", item | {"sha256": sha256, "nobody": True})
        assert way.amina.verdicts(way.audit, [adding]) == ["applied"]
        put = way.amina.client.put(f"/api/audits/{way.audit}/photos/{sha256}", data=photo, headers=OURS)
        assert put.json["here"], put.json


def test_an_assessor_leaves_with_the_photos_and_counts_in_what_a_colleague_handed_in(service, somebody, scene):
    way = Recognition(scene)
    with_photos(way, 3)
    asa = way.started()
    seen = {"seen": new_id(), "criteria": ["safety-1"], "text": "The door stood open all day."}
    said = [judging("safety-1", "partly", "Two were not asked"), operation("visit.see", seen)]
    assert way.andrew.push(asa.id, said, on_behalf_of=me(way.asa)).status_code == 200

    # nobody has opened a photo, and the service stops
    phone = somebody("Asa").opens_the_app().signs_in()
    phone.goes(f"#/desk/{asa.id}")
    phone.sees("All 3 photos are on this phone, to look at without a network")
    service.stop()
    phone.goes(f"#/desk/{asa.id}/p/safety")
    picture = phone.page.locator("photo-thumb img").first
    expect(picture).to_be_visible()
    until(lambda: picture.evaluate("image => image.naturalWidth") > 0, "the photo is drawn from this phone")
    service.start()

    # what a colleague handed in
    phone.goes(f"#/desk/{asa.id}")
    phone.sees("2 things are kept, not counted")
    is_open_to_everybody(phone)
    phone.follows("See what is kept")
    phone.sees("You judged: Partly")
    phone.sees("The door stood open all day.")
    is_open_to_everybody(phone)
    phone.taps(re.compile("^Put in force.*You judged: Partly"))
    phone.sees("1 thing counts now.")
    phone.taps(re.compile("^Put in force.*Seen on the visit"))
    phone.sees("Nothing is kept. All that arrived counts.")
    phone.follows("Back to the desk")
    phone.sees("1 of 50 judged")

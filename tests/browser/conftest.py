"""A service that really stops, and people with phones that really die."""

import os
import shutil

import pytest
from playwright.sync_api import sync_playwright

from audit_app import create_app
from audit_app.db import db
from tests.builders import CHECKLIST, Scene
from tests.standby import Standby

from .axe import AXE
from .people import PHONE, Person, wait_until_nothing_runs
from .service import Service, copy_of_the_tree


@pytest.fixture(scope="session")
def playwright():
    """Drives Debian's Chromium; one for all tests of this process."""
    with sync_playwright() as playwright:
        yield playwright


@pytest.fixture(scope="session")
def tree(tmp_path_factory):
    """The application's files as they were when the tests began."""
    if not AXE.exists() and os.environ.get("CI") != "true":
        pytest.skip("axe-core is not here; type: make .tools/installed")
    return copy_of_the_tree(tmp_path_factory.mktemp("tree"))


@pytest.fixture(scope="session")
def standby(tree):
    """What starts services at once."""
    with Standby(tree) as standby:
        yield standby


@pytest.fixture
def service(standby, tmp_path, sqlite_template):
    """A service of this test's own, started, with an empty database."""
    data = tmp_path / "data"
    data.mkdir()
    shutil.copy(sqlite_template, data / "milieu.sqlite")
    service = Service(standby, data)
    service.start()
    yield service
    service.kill()


@pytest.fixture
def scene(service) -> Scene:
    """Builders that write into the running service's database."""
    app = create_app(TESTING=True, DEMO=True, DATA_DIR=str(service.data), DATABASE_URL="")
    yield Scene(app)
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


@pytest.fixture
def edition(scene) -> dict:
    """The checklist in a ward's words, to find statements by."""
    return scene.phone_of("Ada").get(f"/api/checklists/{CHECKLIST}/1?sector=ward&language=en").json


@pytest.fixture
def somebody(playwright, service, tmp_path, edition):
    """Gives a person a device: `somebody("Amina Khan")`. The same name twice is one person with two devices."""
    people = []

    def with_a_phone(name: str, device: dict = PHONE) -> Person:
        person = Person(playwright, service, tmp_path / f"phone-{len(people)}", name, device)
        person.edition = edition
        people.append(person)
        return person

    yield with_a_phone
    wait_until_nothing_runs(people)
    assert [complaint for person in people for complaint in person.complaints] == []

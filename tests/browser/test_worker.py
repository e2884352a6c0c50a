"""The service worker in a real Chromium, against a real server that really stops."""

import shutil
import threading

import pytest
from flask import request
from werkzeug.serving import make_server

from audit_app import create_app
from audit_app.shell import FOLDER, read_shell
from tests.needs import needs

from .people import FLAGS, PATIENCE

pytestmark = [pytest.mark.browser, needs("chromium")]

APP = """
import { colour } from './colour.js'
document.querySelector('#app').textContent = colour
const policy = trustedTypes.createPolicy('sw', { createScriptURL: (url) => url })
window.registration = navigator.serviceWorker.register(policy.createScriptURL('/sw.js'))
window.later = () => import('./later.js').then(({ later }) => later)
"""


class LittleMilieu:
    """The real page, worker and server part, with an app of three lines."""

    def __init__(self, folder):
        self.folder = folder
        for name in ("index.html", "sw.js", "manifest.webmanifest"):
            shutil.copy(FOLDER / name, folder / name)
        for name in ("vendor", "icons"):
            shutil.copytree(FOLDER / name, folder / name)
        (folder / "styles").mkdir()
        (folder / "styles/index.css").write_text("@layer base;\n")
        (folder / "app.js").write_text(APP)
        (folder / "later.js").write_text("export const later = 'later'\n")
        self.port = 0
        self.release("green")

    def release(self, colour):
        """Put a new version on the server."""
        (self.folder / "colour.js").write_text(f"export const colour = '{colour}'\n")
        self.restart()

    def restart(self):
        self.stop()
        app = create_app(DATA_DIR=str(self.folder.parent / "data"), SECRET_KEY="s" * 48)
        app.extensions["shell"] = read_shell(self.folder)
        app.after_request(self.finish)
        self.spoil = None
        self.asked = []
        self.server = make_server("127.0.0.1", self.port, app, threaded=True)
        self.port = self.server.port
        threading.Thread(target=self.server.serve_forever, daemon=True).start()

    def finish(self, response):
        self.asked.append(request.path)
        if self.spoil and self.spoil in request.path:
            response.direct_passthrough = False
            response.headers.pop("Content-Encoding", None)
            response.set_data("<html>Welcome to the hospital's guest network")
        return response

    def stop(self):
        if self.port:
            self.server.shutdown()
            self.server.server_close()

    @property
    def address(self):
        return f"http://127.0.0.1:{self.port}/"


@pytest.fixture
def milieu(tmp_path):
    folder = tmp_path / "pwa"
    folder.mkdir()
    little = LittleMilieu(folder)
    yield little
    little.stop()


@pytest.fixture(scope="module")
def chromium(playwright):
    browser = playwright.chromium.launch(executable_path=shutil.which("chromium"), args=list(FLAGS))
    yield browser
    browser.close()


@pytest.fixture
def phone(chromium):
    context = chromium.new_context()
    context.set_default_timeout(PATIENCE)
    yield context
    context.close()


def opened(phone, milieu, installed=True):
    page = phone.new_page()
    page.complaints = []
    page.on("console", lambda said: page.complaints.append(said.text) if said.type == "error" else None)
    page.on("pageerror", lambda problem: page.complaints.append(str(problem)))
    page.goto(milieu.address)
    if installed:
        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function("navigator.serviceWorker.controller !== null")
    return page


def shown(page):
    return page.text_content("#app")


def caches(page):
    return page.evaluate("caches.keys()")


def waiting(page):
    """Look for a new version, and wait until it stands ready or was given up."""
    return page.evaluate("""async () => {
        const registration = await window.registration
        for (let tries = 0; tries < 50 && !registration.installing && !registration.waiting; tries++) {
            await registration.update() // may join a look that began before the release
            await new Promise((done) => setTimeout(done, 50))
        }
        const coming = registration.installing
        if (coming) await new Promise((done) => coming.addEventListener('statechange', done))
        return registration.waiting !== null
    }""")


def test_after_the_first_visit_the_app_starts_with_the_server_stopped(phone, milieu):
    page = opened(phone, milieu)
    milieu.stop()

    page.reload()

    assert shown(page) == "green"
    assert page.evaluate("later()") == "later"
    assert page.complaints == []
    milieu.port = 0


def test_a_new_version_waits_until_the_person_takes_it(phone, milieu):
    page = opened(phone, milieu)
    milieu.release("blue")

    assert waiting(page)
    page.reload()
    assert shown(page) == "green"

    page.evaluate("""async () => {
        const changed = new Promise((done) => navigator.serviceWorker.addEventListener('controllerchange', done))
        const registration = await window.registration
        registration.waiting.postMessage({ type: 'use-new-version' })
        await changed
    }""")
    page.reload()
    assert shown(page) == "blue"


def test_a_page_of_the_old_version_keeps_its_files_until_it_is_closed(phone, milieu):
    old, other = opened(phone, milieu), opened(phone, milieu)
    milieu.release("blue")
    assert waiting(other)

    other.evaluate(
        "window.registration.then((registration) => registration.waiting.postMessage({ type: 'use-new-version' }))"
    )
    other.wait_for_function("window.registration.then((registration) => registration.waiting === null)")

    assert old.evaluate("later()") == "later"
    assert len(caches(old)) == 2
    other.goto("about:blank")
    old.goto("about:blank")
    old.goto(milieu.address)
    assert shown(old) == "blue"
    old.wait_for_function("caches.keys().then((names) => names.length === 1)")


@pytest.mark.parametrize("file", ["later.js", "later.html", "idb.js"])
def test_a_version_with_one_wrong_file_is_not_taken_at_all(phone, milieu, file):
    page = opened(phone, milieu)
    milieu.release("blue")
    milieu.spoil = file

    assert not waiting(page)

    assert len(caches(page)) == 1
    page.reload()
    assert shown(page) == "green"


def test_an_evicted_app_comes_from_the_network_and_is_kept_again(phone, milieu):
    page = opened(phone, milieu)
    page.evaluate("caches.keys().then((names) => Promise.all(names.map((name) => caches.delete(name))))")

    page.reload()
    assert shown(page) == "green"
    page.wait_for_function("caches.keys().then((names) => names.length === 1)")
    page.wait_for_function("""caches.keys().then((names) => caches.open(names[0])).then((cache) => cache.keys())
        .then((files) => files.length > 5)""")
    milieu.stop()
    page.reload()
    assert shown(page) == "green"
    milieu.port = 0


def test_nothing_but_the_app_passes_through_the_worker(phone, milieu):
    page = opened(phone, milieu)

    statuses = page.evaluate("""Promise.all(['/api/home', '/healthz', '/elsewhere', '/manifest.webmanifest']
        .map((path) => fetch(path).then(({ status }) => status)))""")
    kept = page.evaluate("""caches.keys().then((names) => caches.open(names[0])).then((cache) => cache.keys())
        .then((files) => files.map(({ url }) => new URL(url).pathname))""")

    assert statuses == [401, 200, 404, 200]
    assert all(path.startswith("/pwa/") for path in kept)

"""Lighthouse, as a phone, on Sign in, Home and a principle: signed in, on the demo's data."""

import base64
import json
import os
import shutil
import subprocess
import sys
import tempfile
import time
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from pathlib import Path

from playwright.sync_api import Browser, Page, sync_playwright

from .figures import Table
from .phone import FLAGS
from .service import ROOT, SQLITE, Service, databases, free_port

LIGHTHOUSE = ROOT / ".tools" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best practices"}
# Somebody of the demo who has a ward with an audit under way.
EMAIL, PASSWORD = "amina@northfield.example", "kettle and toast"
PATIENCE = 30


def main() -> None:
    """Print the three categories for each screen, and of every audit that misses what it says."""
    with databases(SQLITE) as (database,):
        _live(database)
        service = Service(database)
        service.start()
        try:
            advice = [line for name, table, found in _screens(service) for line in _told(name, table, found)]
        finally:
            service.stop()
    print("\n".join(advice) or "Nothing to advise.")


def _live(database: dict[str, str]) -> None:
    """The demo's people and audits."""
    environment = {**os.environ, **database, "DEMO": "yes", "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _screens(service: Service) -> Iterator[tuple[str, Table, dict]]:
    with chromium() as browser:
        yield _look("Sign in", browser, f"{service.address}/#/sign-in")
    with chromium() as browser:
        page = _signed_in(browser, service)
        audit = page.evaluate("document.querySelector('home-view').app.store.audits()[0].id")
        page.close()
        yield _look("Home", browser, f"{service.address}/#/")
        yield _look("Principle", browser, f"{service.address}/#/audits/{audit}/p/belonging")


class Running:
    """A Chromium that Lighthouse and we can both talk to."""

    def __init__(self, browser: Browser, port: int, folder: Path):
        self.browser, self.port, self.folder = browser, port, folder

    def page(self) -> Page:
        return self.browser.contexts[0].new_page()


@contextmanager
def chromium() -> Iterator[Running]:
    """Debian's Chromium with an empty profile; gone afterwards."""
    folder, port = Path(tempfile.mkdtemp(prefix="milieu-lighthouse-")), free_port()
    flags = [*FLAGS, "--headless=new", f"--remote-debugging-port={port}", f"--user-data-dir={folder / 'profile'}"]
    process = subprocess.Popen(
        [shutil.which("chromium"), *flags, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/json/version")
        with sync_playwright() as playwright:
            yield Running(playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}"), port, folder)
    finally:
        process.terminate()
        process.wait(PATIENCE)
        shutil.rmtree(folder, ignore_errors=True)


def _wait_for(address: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        with suppress(OSError), urllib.request.urlopen(address):
            return
        time.sleep(0.1)
    raise RuntimeError("Chromium did not start.")


def _signed_in(running: Running, service: Service) -> Page:
    page = running.page()
    page.goto(service.address)
    page.fill("input[type=email]", EMAIL)
    page.fill("input[type=password]", PASSWORD)
    page.click("form button[data-main]")
    page.wait_for_selector("home-view .card a.button")
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("""() => {
      const { store, sync } = document.querySelector('home-view').app
      return sync.state.phase === 'idle' && store.home && store.downloaded().length === store.home.audits.length
    }""")
    return page


def _look(name: str, running: Running, address: str) -> tuple[str, Table, dict]:
    """Run Lighthouse in the same profile, as it comes: a phone, slow 4G, a processor slowed four times."""
    heading = _heading(running, address)
    report = running.folder / "report.json"
    subprocess.run(
        [
            *(LIGHTHOUSE, address, f"--port={running.port}", "--disable-storage-reset", "--quiet"),
            *("--output=json", f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}"),
        ],
        check=True,
        stdout=subprocess.DEVNULL,
        env={**os.environ, "CHROME_PATH": shutil.which("chromium")},
    )
    found = json.loads(report.read_text())
    if found.get("runtimeError"):
        raise RuntimeError(found["runtimeError"]["message"])
    if found["finalDisplayedUrl"] != address:
        raise RuntimeError(f"Lighthouse ended at {found['finalDisplayedUrl']} instead of {address}")
    _keep_picture(name, found)
    table = Table(f"Lighthouse {found['lighthouseVersion']}, {name} (“{heading}”)")
    for category, words in CATEGORIES.items():
        table.add(words, round(found["categories"][category]["score"] * 100), "", 100, at_least=True)
    return name, table, found


def _heading(running: Running, address: str) -> str:
    """What stands at the top there, so that everybody sees which screen was measured."""
    page = running.page()
    page.goto(address)
    heading = page.locator("main h1").inner_text()
    page.close()
    return heading


def _keep_picture(name: str, found: dict) -> None:
    """The last thing Lighthouse saw, where LIGHTHOUSE_PICTURES says, for those who want to look."""
    folder = os.environ.get("LIGHTHOUSE_PICTURES")
    if folder:
        picture = found["audits"]["final-screenshot"]["details"]["data"].partition(",")[2]
        (Path(folder) / f"{name}.jpg").write_bytes(base64.b64decode(picture))


def _told(name: str, table: Table, found: dict) -> Iterator[str]:
    """Print the table; what every audit that misses says."""
    print(f"{table}\n", flush=True)
    counted = {one["id"] for each in found["categories"].values() for one in each["auditRefs"] if one["weight"]}
    for id, audit in found["audits"].items():
        score = audit.get("score")
        if score is not None and score < 1 and audit["scoreDisplayMode"] in ("binary", "numeric", "metricSavings"):
            shown = audit.get("displayValue", "")
            weight = "counts" if id in counted else "advice"
            yield f"{name}: {audit['title']} [{id}, {weight}] {score:.2f} {shown}".rstrip()
            yield from _where(audit)


def _where(audit: dict) -> Iterator[str]:
    """The first few things that it names."""
    for item in (audit.get("details") or {}).get("items", [])[:4]:
        node = item.get("node") or {}
        named = node.get("snippet") or item.get("url") or item.get("description") or item.get("label")
        if isinstance(named, str):
            yield f"    {named[:160]}"


if __name__ == "__main__":
    main()

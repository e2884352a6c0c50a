"""Lighthouse, as a phone, on the public pages, and on Sign in, Home, a principle and the dashboard: signed in, on the
demo's data."""

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

from playwright.sync_api import Page, sync_playwright

from .figures import Table
from .phone import FLAGS
from .register import fill
from .service import ROOT, SQLITE, Service, databases, free_port

LIGHTHOUSE = ROOT / ".tools" / "lighthouse" / "node_modules" / ".bin" / "lighthouse"
CATEGORIES = {"performance": "performance", "accessibility": "accessibility", "best-practices": "best practices"}
# Of the demo: somebody who has a ward with an audit under way, and who compares it with others.
LEAD, MANAGER, PASSWORD = "amina@northfield.example", "sunita@northfield.example", "kettle and toast"
AWARDS = 120  # in the register, of which a page shows 50
PATIENCE, RUNS, ATTEMPTS = 30, 3, 3


def main() -> None:
    """Print the three categories for each screen, and of every audit that misses what it says."""
    with databases(SQLITE) as (database,):
        _live(database)
        [number, *_], _ = fill(database, AWARDS, AWARDS)
        service = Service(database)
        service.start()
        try:
            advice = [line for name, table, found in _screens(service, number) for line in _told(name, table, found)]
        finally:
            service.stop()
    print("\n".join(advice) or "Nothing to advise.")


def _live(database: dict[str, str]) -> None:
    """The demo's people and audits."""
    environment = {**os.environ, **database, "DEMO": "yes", "LOG_LEVEL": "WARNING"}
    command = [sys.executable, "-m", "flask", "--app", "wsgi", "demo"]
    subprocess.run(command, cwd=ROOT, env=environment, check=True, stdout=subprocess.DEVNULL)


def _screens(service: Service, number: str) -> Iterator[tuple[str, Table, dict]]:
    for name, path in (
        ("Register", "register"),
        ("Award", f"register/{number}"),
        ("Check", "check"),
        ("Answer", f"check/{number}"),
        ("Sign in", "#/sign-in"),
    ):
        with profile() as folder:
            yield _look(name, folder, f"{service.address}/{path}")
    with profile() as folder:
        audit = _sign_in(folder, service, LEAD)
        yield _look("Home", folder, f"{service.address}/#/")
        yield _look("Principle", folder, f"{service.address}/#/audits/{audit}/p/belonging")
    with profile() as folder:
        _sign_in(folder, service, MANAGER)
        yield _look("Dashboard", folder, f"{service.address}/#/dashboard")


@contextmanager
def profile() -> Iterator[Path]:
    """What a browser keeps over its restarts: empty at first, gone afterwards."""
    folder = Path(tempfile.mkdtemp(prefix="milieu-lighthouse-"))
    try:
        yield folder
    finally:
        shutil.rmtree(folder, ignore_errors=True)


@contextmanager
def chromium(folder: Path) -> Iterator[tuple[int, subprocess.Popen]]:
    """Debian's Chromium with this profile, just started: the port it listens on, and its process."""
    port = free_port()
    flags = [*FLAGS, "--headless=new", f"--remote-debugging-port={port}", f"--user-data-dir={folder}"]
    process = subprocess.Popen(
        [shutil.which("chromium"), *flags, "about:blank"], stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL
    )
    try:
        _wait_for(f"http://127.0.0.1:{port}/json/version")
        yield port, process
    finally:
        process.terminate()
        process.wait(PATIENCE)


@contextmanager
def page_of(folder: Path) -> Iterator[Page]:
    """A tab for us in a browser with this profile. Both are closed properly afterwards: else who signed in would not be
    signed in when it starts again."""
    with chromium(folder) as (port, process), sync_playwright() as playwright:
        browser = playwright.chromium.connect_over_cdp(f"http://127.0.0.1:{port}")
        page = browser.contexts[0].new_page()
        yield page
        browser.new_browser_cdp_session().send("Browser.close")
        process.wait(PATIENCE)


def _wait_for(address: str) -> None:
    give_up = time.monotonic() + PATIENCE
    while time.monotonic() < give_up:
        with suppress(OSError), urllib.request.urlopen(address):
            return
        time.sleep(0.1)
    raise RuntimeError("Chromium did not start.")


def _sign_in(folder: Path, service: Service, email: str) -> str:
    """Sign in and wait until everything is here; the id of the audit under way."""
    with page_of(folder) as page:
        page.goto(service.address)
        page.fill("input[type=email]", email)
        page.fill("input[type=password]", PASSWORD)
        page.click("form button[data-main]")
        page.wait_for_selector("home-view .card a.button")
        page.evaluate("navigator.serviceWorker.ready")
        page.wait_for_function("""() => {
          const { store, sync } = document.querySelector('home-view').app
          return sync.state.phase === 'idle' && store.home && store.downloaded().length === store.home.audits.length
        }""")
        return page.evaluate("document.querySelector('home-view').app.store.audits()[0].id")


def _look(name: str, folder: Path, address: str) -> tuple[str, Table, dict]:
    """Lighthouse's middle run of three with this profile, as it comes: a phone, slow 4G, a slow processor."""
    with page_of(folder) as page:
        page.goto(address)
        heading = page.locator("main h1").inner_text()  # so that everybody sees which screen was measured
    reports = sorted((_run(folder, address) for _ in range(RUNS)), key=_speed)
    found = reports[RUNS // 2]
    _keep_picture(name, found)
    table = Table(f"Lighthouse {found['lighthouseVersion']}, {name} (“{heading}”)")
    for category, words in CATEGORIES.items():
        table.add(words, round(found["categories"][category]["score"] * 100), "", 100, at_least=True)
    table.figures[0].note = f"middle of {', '.join(f'{_speed(one) * 100:.0f}' for one in reports)}"
    return name, table, found


def _speed(report: dict) -> float:
    return report["categories"]["performance"]["score"]


def _run(folder: Path, address: str) -> dict:
    """One run, in a browser that was just started, as Lighthouse does by itself: in one that has measured a page before
    the end of that page counts as blocking this one. A run of which Lighthouse recorded nothing is made again; one that
    it measured never is."""
    for _ in range(ATTEMPTS):
        found = _recorded(folder, address)
        if found and not found.get("runtimeError"):
            break
    else:
        raise RuntimeError(f"Lighthouse recorded nothing of {address} in {ATTEMPTS} runs.")
    if found["finalDisplayedUrl"] != address:
        raise RuntimeError(f"Lighthouse ended at {found['finalDisplayedUrl']} instead of {address}")
    return found


def _recorded(folder: Path, address: str) -> dict | None:
    """Lighthouse's report; None where there is none."""
    with chromium(folder) as (port, _), tempfile.TemporaryDirectory() as kept:
        report = Path(kept) / "report.json"
        subprocess.run(
            [
                *(LIGHTHOUSE, address, f"--port={port}", "--disable-storage-reset", "--quiet"),
                *("--output=json", f"--output-path={report}", f"--only-categories={','.join(CATEGORIES)}"),
            ],
            stdout=subprocess.DEVNULL,
        )
        return json.loads(report.read_text()) if report.exists() else None


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
    items = (audit.get("details") or {}).get("items", [])
    for item in items[:4] if isinstance(items, list) else ():
        node = item.get("node") or {}
        named = node.get("snippet") or item.get("url") or item.get("description") or item.get("label")
        if isinstance(named, str):
            yield f"    {named[:160]}"


if __name__ == "__main__":
    main()

"""A cheap phone: Debian's Chromium, slowed four times, that says when something was really painted."""

import shutil
import tempfile
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from playwright.sync_api import BrowserContext, CDPSession, Page, Playwright, sync_playwright

FLAGS = (
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
)
SLOWER = 4
FORM = "sign-in-view form input[type=password]"  # what a first visit comes to
SLOW_4G = {"latency": 150, "downloadThroughput": 1.6e6 / 8, "uploadThroughput": 750e3 / 8, "offline": False}
SCREEN = {"viewport": {"width": 390, "height": 844}, "device_scale_factor": 2, "is_mobile": True, "has_touch": True}

# A frame has been handed to the screen in the task after the next animation frame. `replies` stand in for the network
# where only what comes after it is measured.
EYES = """
window.bench = {
  painted: () => new Promise((done) => requestAnimationFrame(() => {
    const after = new MessageChannel()
    after.port1.onmessage = () => done(performance.now())
    after.port2.postMessage(null)
  })),
  shows: (selector) => new Promise((done) => {
    const look = () => {
      if (!document.querySelector(selector)?.getClientRects().length) return
      watch.disconnect()
      done(bench.painted())
    }
    const watch = new MutationObserver(look)
    watch.observe(document, { childList: true, subtree: true, attributes: true })
    look()
  }),
  taps: [],
  replies: {},
}
const real = window.fetch
window.fetch = async (path, ...more) => {
  const [, told] = Object.entries(bench.replies).find(([end]) => String(path).endsWith(end)) ?? []
  if (!told) return real(path, ...more)
  bench.there = performance.now()
  return new Response(JSON.stringify(told), { headers: { 'Content-Type': 'application/json' } })
}
addEventListener('click', (event) => bench.taps.push(event.timeStamp), true)
"""


class Browser:
    """Chromium with a profile that lasts over restarts, as a phone's does."""

    def __init__(self, playwright: Playwright, profile: Path):
        self.playwright = playwright
        self.profile = profile
        self.context: BrowserContext | None = None

    def start(self, **slow: float) -> Page:
        """Start it; an empty page, already slowed (`slow` also slows the network)."""
        self.context = self.playwright.chromium.launch_persistent_context(
            self.profile, executable_path=shutil.which("chromium"), args=list(FLAGS), locale="en-GB", **SCREEN
        )
        self.context.add_init_script(EYES)
        page = self.context.pages[0]
        self.session: CDPSession = self.context.new_cdp_session(page)
        self.session.send("Emulation.setCPUThrottlingRate", {"rate": SLOWER})
        self.session.send("Network.enable")
        if slow:
            self.session.send("Network.emulateNetworkConditions", slow)
        return page

    def stop(self) -> None:
        if self.context:
            self.context.close()
            self.context = None


@contextmanager
def phones() -> Iterator[Playwright]:
    """What `phone` needs."""
    with sync_playwright() as playwright:
        yield playwright


@contextmanager
def phone(playwright: Playwright) -> Iterator[Browser]:
    """A new phone; gone afterwards."""
    profile = Path(tempfile.mkdtemp(prefix="milieu-phone-"))
    browser = Browser(playwright, profile)
    try:
        yield browser
    finally:
        browser.stop()
        shutil.rmtree(profile, ignore_errors=True)

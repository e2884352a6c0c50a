"""What a person feels: the table of speeds, on a phone four times slower than this machine."""

from collections.abc import Iterator

from playwright.sync_api import Page, Playwright

from audit_app.db import new_id

from .figures import Table, middle, percentile
from .phone import FORM, SLOW_4G, SLOWER, Browser, phone, phones
from .service import EMAIL, PASSWORD, Client, Service, Setting, serving
from .visit import BEGAN, CHECKLIST, CRITERIA, EDITION, PRINCIPLES, Phone

SPEAKERS, SETTINGS = 10, 200
TIMES = 5
HOME = "home-view .card a.button"

# Taps on a rating are timed where the app hears them: from the finger to the next painted frame, and to the word of
# the device's database that it is kept.
LISTEN = """() => {
  const store = document.querySelector('principle-view').app.store
  bench.rated = []
  const kept = () => new Promise((done) => {
    const heard = ({ own }) => own && (store.removeEventListener('change', heard), done(performance.now()))
    store.addEventListener('change', heard)
  })
  if (bench.listening) return
  bench.listening = true
  addEventListener('change', async (event) => {
    if (!event.target.closest('rating-scale')) return
    const tapped = bench.taps.at(-1)
    const stored = kept()
    const painted = await bench.painted()
    const safe = await stored
    const said = await bench.painted()
    bench.rated.push({ painted: painted - tapped, safe: safe - tapped, said: said - tapped })
  }, true)
}"""


def measure() -> Iterator[Table]:
    """Every moment of the table, side by side."""
    table = Table(f"Speed a person feels, Chromium slowed {SLOWER} times")
    with serving() as (service, setting), phones() as playwright:
        audit = _many_answers(Client(service.port).sign_in(), setting)
        with phone(playwright) as browser:
            page = _signed_in(browser, service)
            _taps(table, page, audit)
            opened = [_opening(page, service, audit) for _ in range(TIMES)]
            sides = [_dashboard(page, service, setting, cycle) for cycle in range(1, TIMES + 1)]
            page.goto("about:blank")
            browser.stop()
            service.stop()
            started = [_start(browser, service) for _ in range(TIMES)]
        service.start()
        visits = [_first_visit(playwright, service) for _ in range(3)]
    _note(table, "start, offline, to something to tap", started, 1000)
    _note(table, "first visit on slow 4G to the sign-in form", [took for took, _ in visits], 2500)
    table.add("… over the wire by then", max(weight for _, weight in visits) / 1000, "kB", 100)
    _note(table, "open an audit of 50 criteria with 500 answers", opened, 300)
    _note(table, f"dashboard of {SETTINGS} settings, once its data is there", [one["first"] for one in sides], 300)
    _note(table, "dashboard to its last row", [one["all"] for one in sides], 1000)
    table.remark = "Medians; from the finger or the address to the painted frame. Server stopped for the offline start."
    yield table


def _note(table: Table, name: str, values: list[float], goal: float) -> None:
    table.add(name, middle(values), "ms", goal, note=f"worst of {len(values)}: {max(values):.0f} ms")


def _many_answers(client: Client, setting: Setting) -> str:
    """An audit with ten who speak and 500 answers; its id."""
    maker, audit = Phone(), new_id()
    opening = {"site": setting.site, "checklist": CHECKLIST, "edition": EDITION, "track": "development"}
    cursor = client.push(audit, [maker.operation("audit.open", opening)])
    for number, voice in zip(range(SPEAKERS), ("staff", "resident") * SPEAKERS, strict=False):
        who = maker.uuid7()
        said = [maker.operation("contributor.add", {"contributor": who, "label": f"Group {number}", "voice": voice})]
        for criterion in CRITERIA:
            rating = {"contributor": who, "criterion": criterion, "rating": maker.chance.randint(0, 3)}
            said.append(maker.operation("answer.rate", rating))
        cursor = client.push(audit, said, cursor)
    return audit


def _signed_in(browser: Browser, service: Service) -> Page:
    """Signed in, with everything fetched and the worker holding the app."""
    page = browser.start()
    page.goto(service.address)
    page.fill("input[type=email]", EMAIL)
    page.fill("input[type=password]", PASSWORD)
    page.tap("form button[data-main]")
    page.wait_for_selector(HOME)
    page.evaluate("navigator.serviceWorker.ready")
    page.wait_for_function("caches.keys().then(async ([name]) => (await (await caches.open(name)).keys()).length > 40)")
    _wait_for_sync(page)
    return page


def _wait_for_sync(page: Page) -> None:
    page.wait_for_function("""() => {
      const { store, sync } = document.querySelector('home-view').app
      return sync.state.phase === 'idle' && store.home && store.downloaded().length === store.home.audits.length
    }""")


def _taps(table: Table, page: Page, audit: str) -> None:
    """Every criterion of ten principles rated once, one rating changed in each; the first of each as soon as there is
    something to tap, while the cards below it are still being drawn."""
    early, rated = [], []
    for principle in PRINCIPLES:
        page.evaluate(f"location.hash = '#/audits/{audit}/p/{principle}'")
        page.wait_for_selector(f"#{principle}-1 rating-scale")
        page.evaluate(LISTEN)
        _tap(page, f"#{principle}-1", 1)
        page.evaluate("document.querySelector('principle-view').whole()")
        for number, word in [(2, 2), (3, 3), (4, 0), (5, 1), (2, 3)]:
            _tap(page, f"#{principle}-{number}", word)
        first, *others = page.evaluate("bench.rated")
        early.append(first)
        rated += others
    for name, key, goal in (
        ("tap on a rating to its effect painted", "painted", 50),
        ("tap to safely on the device", "safe", 100),
    ):
        took = [one[key] for one in rated]
        worst = percentile(took, 0.95)
        table.add(name, middle(took), "ms", goal, note=f"of {len(took)} taps")
        table.add(f"{name}, 95 of 100", worst, "ms", goal)
        table.add("… before the screen is drawn whole", middle([one[key] for one in early]), "ms", goal)
    table.add("… and said so on the screen", middle([one["said"] for one in rated]), "ms")


def _tap(page: Page, card: str, word: int) -> None:
    """A finger on a rating, and nothing of Playwright's between it and the page; over when the page says it is kept."""
    label = page.locator(f"{card} rating-scale").first.locator("label").nth(word)
    label.scroll_into_view_if_needed()
    box = label.bounding_box()
    before = page.evaluate("bench.rated.length")
    page.touchscreen.tap(box["x"] + box["width"] / 2, box["y"] + box["height"] / 2)
    page.wait_for_function("n => bench.rated.length > n", arg=before)


def _at_home(page: Page, service: Service) -> None:
    """The app started anew, at Home, when it has nothing to do."""
    page.goto("about:blank")
    page.goto(service.address)
    page.wait_for_selector(HOME)
    _wait_for_sync(page)


def _opening(page: Page, service: Service, audit: str) -> float:
    """From the tap on Home to the audit painted, in an app that was just started."""
    _at_home(page, service)
    page.evaluate("sel => { bench.seen = bench.shows(sel) }", "audit-view .principles li:last-child a")
    page.locator(f'main a[href="#/audits/{audit}"]').first.tap()
    return page.evaluate("bench.seen.then((at) => at - bench.taps.at(-1))")


def _dashboard(page: Page, service: Service, setting: Setting, cycle: int) -> dict[str, float]:
    """From its data being there to its first rows painted, and to the last. Each time another cycle is asked for, since
    a reply that the phone has kept would be drawn before it comes."""
    _at_home(page, service)
    return page.evaluate(
        """async ([told, cycle]) => {
          bench.replies[`/api/dashboard/settings?cycle=${cycle}`] = told
          const first = bench.shows('dashboard-view .heat tbody tr')
          const all = bench.shows(`dashboard-view .heat tbody tr:nth-child(${told.settings.length})`)
          location.hash = `#/dashboard?cycle=${cycle}`
          return { first: await first - bench.there, all: await all - bench.there }
        }""",
        [_many_settings(setting), cycle],
    )


def _many_settings(setting: Setting) -> dict:
    maker = Phone(2)
    return {
        "protocol": 1,
        "as_of": BEGAN.isoformat(),
        "settings": [_site(f"Ward {number:03}", setting, maker) for number in range(SETTINGS)],
        "total": SETTINGS,
    }


def _site(name: str, setting: Setting, maker: Phone) -> dict:
    headings = [_heading(id, maker) for id in PRINCIPLES]
    audit = {
        "id": maker.uuid7(),
        "checklist": CHECKLIST,
        "edition": EDITION,
        "track": "development",
        "stage": "open",
        "opened_at": BEGAN.isoformat(),
        "cycle": 2,
        "previous": None,
        "contributors": {"staff": 3, "resident": 1},
        "headings": headings,
    }
    for key, state in (("not_yet", "not-yet"), ("open", "open")):
        audit[key] = [one["heading"] for one in headings if one["state"] == state]
    audit["shown"] = sum(one["state"] == "shown" for one in headings)
    site = {"id": maker.uuid7(), "name": name, "sector": "ward", "organisation": setting.organisation}
    return site | {"audit": audit, "next_due": BEGAN.date().isoformat(), "change": None}


def _heading(id: str, maker: Phone) -> dict:
    agreed, high = sorted((maker.chance.randint(0, 5), maker.chance.randint(0, 5)), reverse=True)
    state = "open" if agreed < 5 else "shown" if high > 3 else "not-yet"
    return {
        "heading": id,
        "criteria": 5,
        "at": [0, agreed - high, high, 0],
        "not_applicable": 0,
        "answered": 5,
        "gap": maker.chance.randint(0, 30) / 10,
        "state": state,
        "lacks": ["share"] if state == "not-yet" else [],
    }


def _start(browser: Browser, service: Service) -> float:
    """From the address to something to tap, in a browser that was just started."""
    page = browser.start()
    page.goto(service.address, wait_until="commit")
    took = page.evaluate("sel => bench.shows(sel)", HOME)
    browser.stop()
    return took


def _first_visit(playwright: Playwright, service: Service) -> tuple[float, int]:
    """Milliseconds to the sign-in form, and bytes over the wire by then, headers and all."""
    with phone(playwright) as browser:
        page = browser.start(**SLOW_4G)
        carried: list[int] = []
        browser.session.on("Network.loadingFinished", lambda done: carried.append(int(done["encodedDataLength"])))
        page.goto(service.address, wait_until="commit")
        took = page.evaluate("sel => bench.shows(sel)", FORM)
        return took, sum(carried)

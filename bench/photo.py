"""From a photo of twelve megapixels to *saved*, how long the screen stands still meanwhile, and what the service does
with it."""

import io
import time
from collections.abc import Iterator

from PIL import Image
from playwright.sync_api import Page

from audit_app.evidence.photos import clean

from .feel import HOME
from .figures import Table, middle
from .phone import SLOWER, Browser, phone, phones
from .service import EMAIL, PASSWORD, Service, Setting, serving
from .visit import CHECKLIST, EDITION

MEGAPIXELS = (4000, 3000)
ORIENTATION = 0x0112  # in EXIF
TIMES = 5
NO_WORKER = "delete window.Worker"

# What is drawn in a worker is not slowed by the browser, so its own time is taken unslowed and counted four times.
# *Saved* is said after the bytes have been kept, read back and hashed, and what speaks of them has been recorded.
TAKE = """async opening => {
  const lib = name => import(`/pwa/${document.documentElement.dataset.version}/lib/${name}.js`)
  const [{ takeIn }, { uuid7 }] = await Promise.all([lib('photo'), lib('ids')])
  const { store } = document.querySelector('home-view').app
  bench.audit ??= await store.openAudit(opening)
  const [file] = document.querySelector('#photo').files
  let still = 0, last = performance.now(), going = true
  const look = () => {
    still = Math.max(still, performance.now() - last)
    last = performance.now()
    if (going) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  const began = performance.now()
  const taken = await takeIn(file)
  const took = performance.now() - began
  await store.keepPhoto(bench.audit, taken)
  const said = { evidence: uuid7(), kind: 'photo', caption: 'The garden', criteria: ['safety-1'], nobody: true }
  await store.record(bench.audit, 'evidence.add', { ...said, sha256: taken.sha256 })
  const saved = performance.now() - began - took
  await bench.painted()
  going = false
  return { took, saved, still }
}"""


def measure() -> Iterator[Table]:
    """The photo on a slowed phone, in the worker, and where a browser has none; then what the service does with it."""
    photo = _photo()
    table = Table(f"A photo of twelve megapixels, {len(photo) / 1e6:.1f} MB, Chromium slowed {SLOWER} times")
    with serving() as (service, setting), phones() as playwright:
        with phone(playwright) as browser:
            page, opening = _ready(browser, service, photo), _opening(setting)
            slowed = [page.evaluate(TAKE, opening) for _ in range(TIMES)]
            browser.session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            unslowed = [page.evaluate(TAKE, opening) for _ in range(TIMES)]
        with phone(playwright) as browser:
            page = _ready(browser, service, photo, NO_WORKER)
            alone = [page.evaluate(TAKE, opening) for _ in range(TIMES)]
    drawn, kept = SLOWER * _middle(unslowed, "took"), _middle(slowed, "saved")
    table.add("photo to saved: worker unslowed × 4, and the rest", drawn + kept, "ms", 1500)
    table.add("… of that kept, read back, hashed and spoken of", kept, "ms")
    table.add("longest the screen stood still", max(one["still"] for one in slowed), "ms", 50)
    table.add("where there is no worker: to saved", middle([one["took"] + one["saved"] for one in alone]), "ms", 1500)
    table.add("… and longest still", max(one["still"] for one in alone), "ms")
    table.remark = f"Medians of {TIMES}, stillness the worst. The browser slows pages, not workers."
    yield table
    yield _drawn_anew(photo)


def _drawn_anew(photo: bytes) -> Table:
    """What the service does with each photo, in a process of its own: opened, turned upright, made smaller, redrawn."""
    table = Table("A photo at the service, drawn anew in its darkroom")
    for name, data in (("as the app hands it in, 1,600 px", clean(photo).jpeg), ("twelve megapixels", photo)):
        took = [_took(data) for _ in range(4 * TIMES)]
        table.add(name, middle(took), "ms", note=f"{len(data) / 1000:.0f} kB, worst {max(took):.0f} ms")
    return table


def _took(data: bytes) -> float:
    began = time.perf_counter()
    clean(data)
    return (time.perf_counter() - began) * 1000


def _opening(setting: Setting) -> dict:
    return {"site": setting.site, "checklist": CHECKLIST, "edition": EDITION, "track": "development"}


def _ready(browser: Browser, service: Service, photo: bytes, first: str = "") -> Page:
    """The app at Home, with the photo chosen."""
    page = browser.start()
    if first:
        browser.context.add_init_script(first)
    page.goto(service.address)
    page.fill("input[type=email]", EMAIL)
    page.fill("input[type=password]", PASSWORD)
    page.tap("form button[data-main]")
    page.wait_for_selector(HOME.replace(" a.button", ""))
    page.evaluate("document.body.append(Object.assign(document.createElement('input'), { type: 'file', id: 'photo' }))")
    page.set_input_files("#photo", {"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": photo})
    return page


def _middle(measured: list[dict], what: str) -> float:
    return middle([one[what] for one in measured])


def _photo() -> bytes:
    """As much in it as a photo has, lying on its side as phones store them."""
    wide, high = MEGAPIXELS
    grain = [Image.effect_noise((wide // 4, high // 4), 60 + 10 * n).resize(MEGAPIXELS) for n in range(3)]
    shades = Image.merge("RGB", [Image.linear_gradient("L").rotate(90 * n).resize(MEGAPIXELS) for n in range(3)])
    exif = Image.Exif()
    exif[ORIENTATION] = 6
    out = io.BytesIO()
    Image.blend(shades, Image.merge("RGB", grain), 0.3).save(out, "JPEG", quality=92, exif=exif)
    return out.getvalue()

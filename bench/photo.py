"""From a photo of twelve megapixels to bytes that can be kept, and how long the screen stands still meanwhile."""

import io
from collections.abc import Iterator

from PIL import Image
from playwright.sync_api import Page

from .figures import Table, middle
from .phone import FORM, SLOWER, Browser, phone, phones
from .service import Service, serving

MEGAPIXELS = (4000, 3000)
ORIENTATION = 0x0112  # in EXIF
TIMES = 5
NO_WORKER = "delete window.Worker"

# What is drawn in a worker is not slowed by the browser, so its own time is taken unslowed and counted four times.
TAKE = """async () => {
  const { takeIn } = await import(`/pwa/${document.documentElement.dataset.version}/lib/photo.js`)
  const [file] = document.querySelector('#photo').files
  let still = 0, last = performance.now(), going = true
  const look = () => {
    still = Math.max(still, performance.now() - last)
    last = performance.now()
    if (going) requestAnimationFrame(look)
  }
  requestAnimationFrame(look)
  const began = performance.now()
  await takeIn(file)
  const took = performance.now() - began
  await bench.painted()
  going = false
  return { took, still }
}"""


def measure() -> Iterator[Table]:
    """The photo on a slowed phone, in the worker, and where a browser has none."""
    photo = _photo()
    table = Table(f"A photo of twelve megapixels, {len(photo) / 1e6:.1f} MB, Chromium slowed {SLOWER} times")
    with serving() as (service, _), phones() as playwright:
        with phone(playwright) as browser:
            page = _ready(browser, service, photo)
            slowed = [page.evaluate(TAKE) for _ in range(TIMES)]
            browser.session.send("Emulation.setCPUThrottlingRate", {"rate": 1})
            unslowed = [page.evaluate(TAKE) for _ in range(TIMES)]
        with phone(playwright) as browser:
            alone = [_ready(browser, service, photo, NO_WORKER).evaluate(TAKE) for _ in range(TIMES)]
    table.add("photo to bytes and their hash, worker unslowed × 4", SLOWER * _middle(unslowed, "took"), "ms", 1500)
    table.add("… as measured beside a slowed page", _middle(slowed, "took"), "ms", 1500)
    table.add("longest the screen stood still", max(one["still"] for one in slowed), "ms", 50)
    table.add("where there is no worker: to bytes", _middle(alone, "took"), "ms", 1500)
    table.add("… and longest still", max(one["still"] for one in alone), "ms")
    table.remark = f"Medians of {TIMES}, stillness the worst. The browser slows pages, not workers."
    yield table


def _ready(browser: Browser, service: Service, photo: bytes, first: str = "") -> Page:
    """The app at its first screen, with the photo chosen."""
    browser.stop()
    page = browser.start()
    if first:
        browser.context.add_init_script(first)
    page.goto(service.address)
    page.wait_for_selector(FORM)
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

"""Photos on the device: drawn anew with nothing hidden in them, and blurred where somebody could be recognised."""

import base64
import hashlib
import io

import pytest
from PIL import Image, ImageStat
from playwright.sync_api import expect

from tests.needs import needs
from tests.photos import BLUE, CORNERS, GREEN, MARK, held, iptc, noisy, picture, saved, with_segment, xmp

from .people import DESK
from .service import until
from .webkit import WebKit

pytestmark = [pytest.mark.browser, needs("chromium")]

LARGE = (4000, 3000)  # twelve megapixels
LIB = """
    const { version } = document.documentElement.dataset
    const lib = name => import(`/pwa/${version}/${name}.js`)
    const words = ({ bytes, ...rest }) => ({ ...rest,
        bytes: btoa(Array.from(new Uint8Array(bytes), (byte) => String.fromCharCode(byte)).join('')) })
"""
TAKE = f"""async how => {{{LIB}
    const {{ takeIn }} = await lib('lib/photo')
    const files = [...document.querySelector('#photo').files]
    const refused = problem => `${{problem.name}}: ${{problem.reason}}`
    return Promise.all(files.map(file => takeIn(file, how).then(words, refused)))
}}"""
SHOW = f"""async () => {{{LIB}
    await lib('elements/photo-brush')
    await (await lib('lib/words')).useAllWords()
    const brush = document.createElement('photo-brush')
    brush.picture = await document.querySelector('#photo').files[0].arrayBuffer()
    document.querySelector('main').replaceChildren(Object.assign(document.createElement('h1'),
        {{ textContent: 'A photo' }}), brush)
}}"""
EXPORT = f"""async () => {{{LIB}
    return words(await document.querySelector('photo-brush').export())
}}"""
NO_WORKER = "delete window.Worker"
FALSE_PICTURES = f"""{NO_WORKER}
    const {{ getImageData }} = OffscreenCanvasRenderingContext2D.prototype
    OffscreenCanvasRenderingContext2D.prototype.getImageData = function (...where) {{
        const found = getImageData.apply(this, where)
        crypto.getRandomValues(found.data)
        return found
    }}"""


@pytest.fixture
def visitor(somebody):
    """Somebody whose app has just started; nothing here needs an account."""

    def with_an_app(**how):
        visitor = somebody("Amina Khan", **how.pop("device", {})).opens_the_app(**how)
        visitor.sees_heading("Sign in")
        visitor.page.evaluate("""document.body.append(Object.assign(document.createElement('input'),
            { type: 'file', id: 'photo', multiple: true, hidden: true }))""")
        return visitor

    return with_an_app


def chooses(visitor, *photos: bytes) -> None:
    visitor.page.set_input_files(
        "#photo", [{"name": "IMG.jpg", "mimeType": "image/jpeg", "buffer": photo} for photo in photos]
    )


def takes_in(visitor, *photos: bytes, **how) -> list:
    """What the device makes of these photos, all handed to it at once."""
    chooses(visitor, *photos)
    return visitor.page.evaluate(TAKE, how)


def is_sound(taken: dict) -> Image.Image:
    """The picture, after a look at what the device says of it and at all that could be hidden in it."""
    data = base64.b64decode(taken["bytes"])
    assert hashlib.sha256(data).hexdigest() == taken["sha256"]
    image = Image.open(io.BytesIO(data))
    assert (image.format, image.size) == ("JPEG", (taken["width"], taken["height"]))
    for hidden in (MARK, b"GPS", b"Exif", b"http://ns.adobe.com", b"Photoshop", b"ICC_PROFILE"):
        assert hidden not in data, hidden
    assert not image.getexif()
    return image


def corners(image: Image.Image) -> list[tuple]:
    """The colours of the four quarters."""
    wide, high = image.size
    return [image.getpixel((int(wide * x), int(high * y))) for y in (0.25, 0.75) for x in (0.25, 0.75)]


def alike(seen, meant, by: int = 40) -> bool:
    return all(abs(one - other) <= by for one, other in zip(seen, meant, strict=True))


def a_phones_photo(orientation: int = 6) -> bytes:
    """Twelve megapixels with EXIF, a place, a thumbnail, a caption and a comment; held upright."""
    photo = held(orientation, shown=noisy(LARGE if orientation < 5 else LARGE[::-1]))
    photo = with_segment(photo, 0xE1, b"http://ns.adobe.com/xap/1.0/\0" + xmp())
    return with_segment(with_segment(photo, 0xED, iptc()), 0xFE, MARK)


def test_a_phones_photo_is_upright_small_and_holds_nothing_but_the_picture(visitor):
    amina = visitor()

    [taken] = takes_in(amina, a_phones_photo(6))

    image = is_sound(taken)
    assert image.size == (1200, 1600)
    assert all(alike(seen, meant, 90) for seen, meant in zip(corners(image), CORNERS, strict=True)), corners(image)
    assert len(base64.b64decode(taken["bytes"])) < 1_000_000
    assert [worker.url.rsplit("/", 1)[1] for worker in amina.page.workers] == ["photo-worker.js"]


@pytest.mark.parametrize("first", ["", NO_WORKER], ids=["in the worker", "where there is none"])
def test_however_the_camera_was_held_the_photo_is_upright(visitor, first):
    amina = visitor(first=first)

    all_taken = takes_in(amina, *(held(orientation) for orientation in range(1, 9)))

    for taken in all_taken:
        image = is_sound(taken)
        assert image.size == picture().size
        assert all(alike(seen, meant) for seen, meant in zip(corners(image), CORNERS, strict=True)), corners(image)
    assert len(amina.page.workers) == (0 if first else 1)


def test_what_is_transparent_becomes_white_and_nothing_small_is_enlarged(visitor):
    glass = saved(Image.new("RGBA", (40, 30), (200, 0, 0, 0)), "PNG")

    [taken] = takes_in(visitor(), glass)

    image = is_sound(taken)
    assert image.size == (40, 30)
    assert alike(image.getpixel((20, 15)), (255, 255, 255), 3)


def test_photos_taken_at_once_wait_for_one_another_and_none_is_mistaken_for_another(visitor):
    amina = visitor()
    one, other = saved(picture((800, 600)), "JPEG"), saved(Image.new("RGB", (600, 800), BLUE), "JPEG")
    alone = [takes_in(amina, photo)[0]["sha256"] for photo in (one, other)]

    together = takes_in(amina, *([one, other] * 20))

    assert [taken["sha256"] for taken in together] == alone * 20


@pytest.mark.parametrize("first", ["", NO_WORKER], ids=["in the worker", "where there is none"])
def test_what_is_no_photo_is_refused_and_the_next_one_is_taken(visitor, first):
    amina = visitor(first=first)
    whole = saved(picture(), "JPEG")

    *refused, taken = takes_in(amina, whole[:40], b'<svg xmlns="http://www.w3.org/2000/svg"/>', b"", whole)

    assert refused == ["PhotoProblem: unreadable"] * 3
    is_sound(taken)


def test_a_file_larger_than_any_phone_makes_is_refused(visitor, tmp_path):
    amina, film = visitor(), tmp_path / "film.jpg"
    film.write_bytes(saved(picture(), "JPEG") + bytes(61_000_000))
    amina.page.set_input_files("#photo", film)

    assert amina.page.evaluate(TAKE, {}) == ["PhotoProblem: too-large"]


def test_a_browser_that_falsifies_pictures_is_found_out(visitor):
    assert takes_in(visitor(first=FALSE_PICTURES), saved(picture(), "JPEG")) == ["PhotoProblem: canvas"]


def test_with_the_server_stopped_a_photo_is_taken_all_the_same(visitor, service):
    amina = visitor()
    amina.can_start_offline()
    until(
        lambda: amina.page.evaluate(
            "caches.match(`/pwa/${document.documentElement.dataset.version}/lib/photo-worker.js`).then(Boolean)"
        ),
        "the worker's file is on the device",
    )

    service.stop()

    is_sound(takes_in(amina, a_phones_photo())[0])


# The brush


@pytest.fixture
def brush(visitor):
    """Amina looks at a photo of four quarters, at a desk with keys or on a phone."""

    def looking(photo: bytes, **device):
        amina = visitor(device=device)
        chooses(amina, photo)
        amina.page.evaluate(SHOW)
        amina.canvas = amina.page.get_by_role("application", name="The photo")
        until(lambda: amina.canvas.evaluate("canvas => canvas.width > 300"), "the photo is there")
        return amina

    return looking


@pytest.fixture(scope="module")
def face() -> bytes:
    """Fine black and white lines on the left, which any strong blur makes grey; one colour on the right."""
    photo = Image.new("RGB", (1600, 1200), GREEN)
    lines = Image.new("L", (200, 1))
    lines.putdata([255 * (column // 4 % 2) for column in range(200)])
    photo.paste(lines.resize((200, 1200)).resize((800, 1200)).convert("RGB"), (0, 0))
    return saved(photo, "JPEG", quality=92, exif=b"Exif\0\0" + b"II*\0\x08\0\0\0\0\0\0\0\0\0")


def contrast(image: Image.Image, x: int, y: int) -> float:
    """How much the greys differ in a square of 80 around a spot."""
    return ImageStat.Stat(image.convert("L").crop((x - 40, y - 40, x + 40, y + 40))).stddev[0]


def exported(amina) -> Image.Image:
    return is_sound(amina.page.evaluate(EXPORT))


def test_a_finger_blurs_for_good_and_undo_brings_the_last_stroke_back(brush, face):
    amina = brush(face)
    before = exported(amina)
    assert contrast(before, 400, 600) > 60
    box = amina.canvas.bounding_box()
    scale = box["width"] / 1600

    amina.page.touchscreen.tap(box["x"] + 400 * scale, box["y"] + 600 * scale)
    expect(amina.page.get_by_role("status")).to_have_text("Blurred. 1 place so far.")
    amina.page.mouse.move(box["x"] + 150 * scale, box["y"] + 200 * scale)
    amina.page.mouse.down()
    amina.page.mouse.move(box["x"] + 650 * scale, box["y"] + 200 * scale, steps=8)
    amina.page.mouse.up()
    expect(amina.page.get_by_role("status")).to_have_text("Blurred. 2 places so far.")
    amina.finds_it_accessible()
    blurred = exported(amina)
    assert contrast(blurred, 400, 600) < 12
    assert all(contrast(blurred, x, 200) < 12 for x in (200, 400, 600))
    assert contrast(blurred, 400, 950) > 60
    assert alike(blurred.getpixel((1400, 600)), GREEN)

    amina.taps("Undo the last blur")
    undone = exported(amina)
    assert contrast(undone, 400, 600) < 12
    assert contrast(undone, 400, 200) > 60


def test_keys_alone_move_the_ring_and_blur(brush, face):
    amina = brush(face, device=DESK)
    amina.canvas.focus()
    for key in ["-", "+", "+"] + ["ArrowLeft"] * 5 + ["Shift+ArrowUp"] * 9 + ["ArrowDown"] * 3:
        amina.page.keyboard.press(key)
    expect(amina.page.get_by_role("status")).to_have_text("The ring is 22 percent across and 22 percent down.")
    ring = amina.page.locator("photo-brush circle").last
    x, y = (round(float(ring.get_attribute(name))) for name in ("cx", "cy"))
    amina.page.keyboard.press("Space")

    blurred = exported(amina)
    assert contrast(blurred, x, y) < 12
    assert contrast(blurred, x, y + 500) > 60
    amina.page.keyboard.press("Control+z")
    assert contrast(exported(amina), x, y) > 60
    amina.finds_it_accessible()


@pytest.mark.parametrize("scheme", ["light", "dark"])
def test_the_brush_fits_a_narrow_phone(brush, face, scheme):
    amina = brush(face)
    amina.page.emulate_media(color_scheme=scheme, forced_colors="active" if scheme == "dark" else "none")
    amina.page.set_viewport_size({"width": 320, "height": 640})

    assert amina.page.evaluate("document.scrollingElement.scrollWidth") <= 320
    for button in amina.page.locator("photo-brush").get_by_role("button").all():
        assert button.bounding_box()["height"] >= 48
    amina.finds_it_accessible()


def test_what_is_under_a_stroke_cannot_be_told_apart(brush):
    """Two faces, told apart by fine detail only, are the same once they are blurred."""
    seen = []
    for seed in (1, 2):
        chance = Image.effect_noise((160, 120), 80 + seed).resize((1600, 1200), Image.Resampling.NEAREST).convert("RGB")
        amina = brush(saved(chance, "JPEG", quality=92))
        for key in ["+", "+", "Space"]:
            amina.canvas.press(key)
        image = exported(amina)
        assert contrast(image, 800, 600) < 12
        seen.append(image.convert("L").crop((700, 500, 900, 700)))
        amina.closes_the_app()
    assert alike(*([ImageStat.Stat(part).mean[0]] for part in seen), 30)


# WebKit


@pytest.fixture
def webkit():
    webkit = WebKit()
    yield webkit
    webkit.close()


@needs("WebKitWebDriver", "webkit2gtk-driver")
@needs("Xvfb", "xvfb")
def test_on_an_iphones_engine_a_photo_is_blurred_for_good(webkit: WebKit, service, face):
    webkit.open(service.address)
    webkit.shows("Sign in")
    webkit.run(f"""{LIB}
        const bytes = Uint8Array.from(atob('{base64.b64encode(face).decode()}'), character => character.charCodeAt(0))
        lib('elements/photo-brush').then(() => {{
            window.brush = Object.assign(document.createElement('photo-brush'), {{ picture: bytes.buffer }})
            document.querySelector('main').replaceChildren(brush)
        }})""")
    until(lambda: webkit.run("return window.brush?.querySelector('canvas')?.width > 300"), "the photo is there")
    press = "brush.querySelector('canvas').dispatchEvent(new KeyboardEvent('keydown', { key: '%s' }));"
    webkit.run(press % "ArrowLeft" * 5)
    until(lambda: webkit.run(f"{press % ' '} return brush.touched"), "it is blurred")
    webkit.run(f"""{LIB}
        const refused = problem => String(problem)
        brush.export().then(words, refused).then(said => {{ window.taken = said }})""")
    until(lambda: webkit.run("return Boolean(window.taken)"), "the photo is exported", patience=60)

    image = is_sound(webkit.run("return window.taken"))
    x = round(float(webkit.run("return brush.querySelector('circle').getAttribute('cx')")))
    assert contrast(image, x, 600) < 12
    assert contrast(image, x, 1100) > 60


@needs("WebKitWebDriver", "webkit2gtk-driver")
@needs("Xvfb", "xvfb")
def test_on_an_iphones_engine_a_photo_is_taken_in_the_same_way(webkit: WebKit, service):
    webkit.open(service.address)
    webkit.shows("Sign in")
    photo = base64.b64encode(held(6, shown=noisy((3000, 4000)))).decode()
    webkit.run(f"""{LIB}
        const bytes = Uint8Array.from(atob('{photo}'), character => character.charCodeAt(0))
        lib('lib/photo').then(({{ takeIn }}) => takeIn(new Blob([bytes], {{ type: 'image/jpeg' }}))).then(taken => {{
            window.taken = words(taken)
        }}, problem => {{ window.taken = `${{problem}} ${{problem.cause}}` }})""")
    until(lambda: webkit.run("return Boolean(window.taken)"), "the photo is taken in", patience=60)

    image = is_sound(webkit.run("return window.taken"))
    assert image.size == (1200, 1600)
    assert all(alike(seen, meant, 90) for seen, meant in zip(corners(image), CORNERS, strict=True)), corners(image)

"""Photos: whatever a device hands in, what is kept is a clean upright picture, or a clear refusal and no harm done."""

import io
import multiprocessing
import os
import random
import resource
import signal
import subprocess
import sys
import threading
import time
import zipfile
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from contextlib import suppress
from pathlib import Path

import psutil
import pytest
from PIL import Image

from audit_app.evidence import photos
from audit_app.evidence.photos import (
    Darkroom,
    Limits,
    NotAPhoto,
    Photo,
    PhotoTooLarge,
    PhotoUnreadable,
    clean,
)
from audit_app.problems import Unavailable

from .photos import (
    BLUE,
    CORNERS,
    GREEN,
    MARK,
    RED,
    SIZE,
    YELLOW,
    chunk,
    corpus,
    held,
    jpeg,
    jpeg_that_declares,
    jpeg_without_end,
    noisy,
    picture,
    png,
    png_that_declares,
    png_with_endless_text,
    saved,
    webp_that_declares,
)

ROOT = Path(__file__).resolve().parent.parent
CAMPAIGN = int(os.environ.get("CAMPAIGN", "0"))
MUTATED = CAMPAIGN * 100 or 1000
MEGABYTE = 1024 * 1024

PIXELS_ALONE = {0xE0, 0xDB, 0xC0, 0xC4, 0xDA}  # JFIF, quantisation, frame, Huffman, scan: what a bare JPEG is made of
JFIF = b"JFIF\0\x01\x01\0\0\x01\0\x01\0\0"  # its one header, without resolution and without thumbnail


def segments(data: bytes) -> list[tuple[int, bytes]]:
    """The segments of a JPEG before its pixels, and that its end is the end of the file."""
    assert data[:2] == b"\xff\xd8"
    assert data.find(b"\xff\xd9") == len(data) - 2, "something stands after the end"
    found, at = [], 2
    while not found or found[-1][0] != 0xDA:
        assert data[at] == 0xFF
        length = int.from_bytes(data[at + 2 : at + 4])
        found.append((data[at + 1], data[at + 4 : at + 2 + length]))
        at += 2 + length
    return found


def assert_clean(photo: Photo) -> None:
    """Both pictures are JPEG, of the right size, and made of pixels alone."""
    assert 1 <= max(photo.width, photo.height) <= photos.LONG_SIDE
    for data, longest in ((photo.jpeg, photos.LONG_SIDE), (photo.thumbnail, photos.THUMBNAIL_SIDE)):
        assert MARK not in data
        assert {marker for marker, _ in segments(data)} == PIXELS_ALONE
        assert [content for marker, content in segments(data) if marker == 0xE0] == [JFIF]
        shown = seen(data)
        assert shown.mode == "RGB"
        assert max(shown.size) <= longest
    assert seen(photo.jpeg).size == (photo.width, photo.height)


def seen(data: bytes) -> Image.Image:
    """What is kept, as a browser would show it."""
    shown = Image.open(io.BytesIO(data), formats=["JPEG"])
    shown.load()
    return shown


def corners(data: bytes) -> list[tuple]:
    shown = seen(data)
    right, bottom = shown.width - 1 - shown.width // 10, shown.height - 1 - shown.height // 10
    left, top = shown.width // 10, shown.height // 10
    return [shown.getpixel(place) for place in ((left, top), (right, top), (left, bottom), (right, bottom))]


def quarters(data: bytes) -> list[tuple]:
    """The four corners of what is shown, each as one mean colour."""
    return list(seen(data).resize((2, 2), Image.Resampling.BOX).get_flattened_data())


def assert_looks_like(found: list[tuple], expected: list[tuple] | tuple) -> None:
    far = max(abs(a - b) for one, other in zip(found, expected, strict=True) for a, b in zip(one, other, strict=True))
    assert far < 30, f"{found} instead of {expected}"


def darkrooms() -> set[int]:
    """The darkrooms that this process has started."""
    children = psutil.Process().children()
    return {child.pid for child in children if any("darkroom" in word for word in child.cmdline())}


def process_of(room: Darkroom) -> psutil.Process:
    return psutil.Process(room._process.pid)


def copies(room: Darkroom) -> set[int]:
    """The copies that a darkroom has made of itself and that have not ended."""
    return {child.pid for child in process_of(room).children()}


def limits_of(pid: int) -> tuple | None:
    """How long a process may work (seconds) and how many it may start; nothing where it has just ended."""
    with suppress(psutil.NoSuchProcess):
        process = psutil.Process(pid)
        return process.rlimit(psutil.RLIMIT_CPU), process.rlimit(psutil.RLIMIT_NPROC)


def wait_until(is_so: Callable[[], bool], seconds: float = 10) -> None:
    end = time.monotonic() + seconds
    while not is_so():
        assert time.monotonic() < end, "it never came to pass"
        time.sleep(0.01)


@pytest.fixture
def darkroom():
    """Makes darkrooms of the test's own, and ends them."""
    made = []

    def make(**limits) -> Darkroom:
        made.append(Darkroom(Limits(**limits)))
        return made[-1]

    yield make
    for room in made:
        room.close()


# what comes out


@pytest.mark.parametrize("name", corpus())
def test_a_photo_is_kept_upright_and_without_anything_hidden_in_it(name: str):
    sample = corpus()[name]

    photo = clean(sample.data)

    assert_clean(photo)
    assert (photo.width, photo.height) == sample.size
    assert_looks_like(corners(photo.jpeg), sample.corners)
    assert_looks_like(corners(photo.thumbnail), sample.corners)


def test_the_planted_marks_are_there_before():
    """A scan that finds nothing proves something only if there was something to find."""
    phones = Image.open(io.BytesIO(held(6)))

    assert phones.getexif()[0x0112] == 6
    assert phones.getexif().get_ifd(0x8825)[0x001B] == MARK.decode()
    assert Image.open(io.BytesIO(held(6)[held(6).index(b"\xff\xd8", 2) :])).info["comment"] == MARK
    assert Image.open(io.BytesIO(corpus()["png of 16 bits"].data)).text["Comment"] == MARK.decode()
    assert MARK in Image.open(io.BytesIO(corpus()["webp"].data)).info["xmp"]


@pytest.mark.slow
def test_a_phones_twelve_megapixels_come_out_small_enough_to_send_and_upright():
    photo = clean(held(6, shown=noisy((3024, 4032))))

    assert_clean(photo)
    assert (photo.width, photo.height) == (1200, 1600)
    assert seen(photo.thumbnail).size == (240, 320)
    assert_looks_like(quarters(photo.jpeg), quarters(saved(noisy((300, 400)), "JPEG")))
    assert_looks_like(quarters(photo.thumbnail), quarters(photo.jpeg))
    assert len(photo.jpeg) < MEGABYTE


@pytest.mark.slow
@pytest.mark.parametrize("kind", ["PNG", "WEBP"])
def test_the_largest_picture_that_is_taken_fits_into_the_memory_that_it_may_use(kind: str):
    quick = {"compress_level": 1} if kind == "PNG" else {"lossless": True, "quality": 0, "method": 0}
    photo = clean(saved(Image.new("RGBA", (8192, 6144), (*BLUE, 255)), kind, **quick))

    assert_clean(photo)
    assert (photo.width, photo.height) == (1600, 1200)
    assert_looks_like(corners(photo.jpeg), (BLUE,) * 4)


@pytest.mark.parametrize(("size", "kept"), [((5000, 1), (1600, 1)), ((1, 4000), (1, 1600)), ((1, 1), (1, 1))])
def test_a_picture_of_odd_shape_keeps_at_least_a_pixel_each_way(size, kept):
    photo = clean(saved(Image.new("RGB", size, RED), "PNG"))

    assert_clean(photo)
    assert (photo.width, photo.height) == kept


def test_a_picture_that_no_screen_can_show_at_once_is_made_smaller_and_a_small_one_never_larger():
    assert (clean(jpeg((1601, 900))).width, clean(jpeg((1599, 900))).width) == (1600, 1599)


# what is refused


@pytest.mark.parametrize(
    "data",
    [
        b"<svg xmlns='http://www.w3.org/2000/svg'><script>alert(1)</script></svg>",
        b"<?xml version='1.0'?><svg/>",
        b"<!doctype html><title>A photo</title>",
        b"%PDF-1.7\n",
        b"\0\0\0\x18ftypheic\0\0\0\0mif1heic",
        b"RIFF\x10\0\0\0WAVEfmt ",
        b"PK\x03\x04",
        b"hello",
        b"\0",
        *(saved(picture(), kind) for kind in ("GIF", "BMP", "TIFF", "ICO", "JPEG2000", "PPM")),
        b"\n" + jpeg(),
    ],
    ids=lambda data: repr(data[:12]),
)
def test_whoever_sends_something_that_is_not_a_photo_is_told_so(data: bytes):
    with pytest.raises(NotAPhoto):
        clean(data)


@pytest.mark.parametrize(
    "data",
    [b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n", b"RIFF\0\0\0\0WEBPVP8 ", b"\xff\xd8\xff<svg></svg>", b""],
    ids=lambda data: repr(data[:12]),
)
def test_whoever_sends_only_the_beginning_of_a_photo_is_asked_for_it_again(data: bytes):
    with pytest.raises(PhotoUnreadable):
        clean(data)


def test_an_archive_behind_a_photo_is_not_kept_with_it():
    archive = io.BytesIO(jpeg())
    with zipfile.ZipFile(archive, "a") as file:
        file.writestr("hidden.txt", MARK)
    assert zipfile.is_zipfile(io.BytesIO(archive.getvalue()))

    photo = clean(archive.getvalue())

    assert_clean(photo)
    assert not zipfile.is_zipfile(io.BytesIO(photo.jpeg))


@pytest.mark.parametrize("page", [b"<script>alert(1)</script>", b"*/=alert(1)//", b"%PDF-1.7\n1 0 obj", b"GIF89a"])
def test_a_page_or_program_inside_a_photo_is_not_kept_with_it(page: bytes):
    photo = clean(saved(picture(), "JPEG", comment=page) + page)

    assert_clean(photo)
    assert page not in photo.jpeg + photo.thumbnail


@pytest.mark.parametrize(
    "name", ["jpeg held 6", "jpeg, progressive", "png", "png, interlaced", "png, moving", "webp", "webp, moving"]
)
def test_a_photo_that_was_cut_short_is_refused_or_whole(name: str):
    sample = corpus()[name]
    step = max(1, len(sample.data) // 40)

    whole = 0
    for end in range(1, len(sample.data), step):
        try:
            photo = clean(sample.data[:end])
        except (PhotoUnreadable, NotAPhoto):
            continue
        assert_clean(photo)
        assert_looks_like(corners(photo.jpeg), sample.corners)
        whole += 1

    assert whole < 40, "nothing was ever refused"


@pytest.mark.parametrize(
    "data",
    [
        png_that_declares(60_000, 60_000),
        png_that_declares(2**31 - 1, 1),
        png_that_declares(9000, 9000),
        jpeg_that_declares(65_500, 65_500),
        jpeg_that_declares(8000, 8000, progressive=True),
        webp_that_declares(2**24, 200),
        webp_that_declares(9000, 9000),
    ],
    ids=["png", "png, one line", "png, just too large", "jpeg", "jpeg, progressive", "webp", "webp, just too large"],
)
def test_a_few_bytes_that_promise_a_huge_picture_are_refused_at_once(data: bytes):
    began = time.monotonic()

    with pytest.raises(PhotoTooLarge):
        clean(data)

    assert time.monotonic() - began < 5


@pytest.mark.parametrize("kind", [b"zTXt", b"iTXt"])
def test_a_text_that_swells_up_when_it_is_unpacked_is_refused_at_once(kind: bytes):
    with pytest.raises(PhotoUnreadable):
        clean(png_with_endless_text(kind))


def test_pixels_that_never_end_are_not_all_unpacked():
    photo = clean(png(SIZE, 8, 2, (b"\0" + bytes(RED) * SIZE[0]) * SIZE[1] + bytes(100_000_000)))

    assert_looks_like(corners(photo.jpeg), (RED,) * 4)


def test_a_photo_may_have_as_many_bytes_as_we_say_and_not_one_more():
    whole = jpeg()
    fits = whole + bytes(photos.MOST_BYTES - len(whole))

    assert_clean(clean(fits))
    with pytest.raises(PhotoTooLarge):
        clean(fits + b"\0")


def test_each_refusal_says_that_nothing_is_lost_and_what_to_do():
    for problem in (PhotoUnreadable, PhotoTooLarge, NotAPhoto):
        assert "Nothing else is lost" in problem.words
        assert "Take " in problem.words
        assert "Nothing" in problem.__doc__


# what a photo can do to us


@pytest.mark.slow
def test_a_photo_that_works_forever_is_ended_and_the_next_one_is_drawn(darkroom):
    room = darkroom(cpu=1)

    with pytest.raises(PhotoUnreadable):
        room.develop(jpeg_without_end(50, 5))

    assert_clean(room.develop(jpeg()))


@pytest.mark.slow
def test_a_photo_that_hangs_is_ended_and_the_next_one_is_drawn(darkroom):
    room, long = darkroom(wait=4, cpu=60), jpeg_without_end(50, 10)
    began = time.monotonic()

    with pytest.raises(PhotoUnreadable):
        room.develop(long)

    assert time.monotonic() - began < 12
    assert_clean(room.develop(jpeg()))


def test_a_photo_that_needs_more_memory_than_there_is_is_refused_and_the_next_one_is_drawn(darkroom):
    room = darkroom(memory=100 * MEGABYTE)

    with pytest.raises(PhotoTooLarge):
        room.develop(png((6000, 6000), 8, 6, b"\0" + bytes(6000 * 4)))

    assert_clean(room.develop(jpeg()))


@pytest.mark.parametrize("whom", ["the darkroom", "its copy"])
def test_a_process_that_dies_over_a_photo_costs_that_photo_alone(darkroom, whom: str):
    room, long = darkroom(cpu=2), jpeg_without_end(50, 10)
    room.develop(jpeg())

    def die():
        for pid in {process_of(room).pid} if whom == "the darkroom" else copies(room):
            os.kill(pid, signal.SIGSEGV)

    death = threading.Timer(0.5, die)
    death.start()
    with pytest.raises(PhotoUnreadable):
        room.develop(long)

    death.join()
    assert_clean(room.develop(jpeg()))


def test_a_darkroom_that_died_while_nobody_looked_is_replaced(darkroom):
    room = darkroom()
    room.develop(jpeg())
    process = process_of(room)
    os.killpg(process.pid, signal.SIGKILL)
    wait_until(lambda: process.status() == psutil.STATUS_ZOMBIE)

    assert_clean(room.develop(jpeg()))


def test_where_no_darkroom_can_be_had_the_photo_is_not_blamed(darkroom, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/nowhere/python")

    with pytest.raises(Unavailable) as refused:
        darkroom().develop(jpeg())

    assert refused.value.headers["Retry-After"]


def test_where_python_has_no_pillow_the_photo_is_not_blamed(darkroom, monkeypatch):
    monkeypatch.setattr(sys, "executable", "/bin/false")

    with pytest.raises(Unavailable):
        darkroom().develop(jpeg())


def test_a_photo_is_opened_with_next_to_no_rights(darkroom):
    room = darkroom()
    room.develop(jpeg())
    opened_in = process_of(room)

    assert opened_in.environ() == {}
    assert opened_in.num_fds() == 3
    assert opened_in.rlimit(psutil.RLIMIT_NOFILE) == (3, 3), "it can open a file or a connection"
    assert opened_in.rlimit(psutil.RLIMIT_FSIZE) == (0, 0), "it can write a file"
    assert opened_in.rlimit(psutil.RLIMIT_CORE) == (1, 1), "it can leave a photo behind when it crashes"
    assert opened_in.rlimit(psutil.RLIMIT_AS) == (room.limits.memory,) * 2
    wait_until(lambda: [limits_of(pid) for pid in copies(room)] == [((10, 10), (0, 0))])


def test_no_two_photos_are_opened_in_the_same_process(darkroom):
    room, before = darkroom(), set()

    def there_is_another() -> bool:
        return bool(copies(room) - before)

    for _ in range(5):
        room.develop(jpeg())
        wait_until(there_is_another)
        before |= copies(room)


def test_the_process_that_answers_requests_never_loads_pillow_and_starts_nothing_by_itself():
    program = (
        "import sys, psutil\n"
        "import audit_app.evidence.photos\n"
        "assert not [name for name in sys.modules if name.split('.')[0] == 'PIL'], 'Pillow is loaded'\n"
        "assert psutil.Process().children() == [], 'something was started'\n"
    )

    subprocess.run([sys.executable, "-c", program], cwd=ROOT, check=True, timeout=60)


def test_a_darkroom_ends_with_the_process_that_had_it():
    program = (
        "import sys, psutil, signal, os\n"
        "from audit_app.evidence.photos import clean\n"
        "clean(sys.stdin.buffer.read())\n"
        "print(*(child.pid for child in psutil.Process().children(recursive=True)), flush=True)\n"
        "os.kill(os.getpid(), signal.SIGKILL)\n"
    )

    ran = subprocess.run([sys.executable, "-c", program], cwd=ROOT, input=jpeg(), capture_output=True, timeout=60)

    left = [int(pid) for pid in ran.stdout.split()]
    assert left
    wait_until(lambda: not any(psutil.pid_exists(pid) for pid in left))


# many at once


def test_people_who_send_at_the_same_time_each_get_their_own_photo():
    colours = [RED, GREEN, BLUE, YELLOW]
    sent = [colours[number % 4] for number in range(40)]

    with ThreadPoolExecutor(4) as threads:
        kept = list(threads.map(lambda colour: clean(saved(Image.new("RGB", (64, 64), colour), "PNG")), sent))

    for colour, photo in zip(sent, kept, strict=True):
        assert_looks_like(corners(photo.jpeg), (colour,) * 4)


def test_a_process_that_was_copied_from_another_has_a_darkroom_of_its_own():
    clean(jpeg())
    before = darkrooms()
    copied = multiprocessing.get_context("fork").Process(target=_draw_in_a_copy, args=(before,))

    copied.start()
    copied.join(60)

    assert copied.exitcode == 0
    assert_clean(clean(jpeg()))
    assert darkrooms() == before


def _draw_in_a_copy(others: set[int]) -> None:
    assert_clean(clean(jpeg()))
    mine = darkrooms()
    assert mine and not mine & others


# whatever else there may be


def mutated(data: bytes, chance: random.Random) -> bytes:
    """The file with some of its bytes changed, cut out, put in or swapped."""
    changed = bytearray(data)
    for _ in range(chance.choice([1, 1, 2, 5, 30])):
        at = chance.randrange(len(changed) or 1)
        span = chance.choice([1, 1, 2, 4, 50])
        how = chance.randrange(6)
        if how == 0:
            changed[at : at + 1] = bytes([chance.randrange(256)])
        elif how == 1:
            changed[at : at + span] = chance.choice([b"\xff", b"\0", b"\x7f"]) * span
        elif how == 2:
            del changed[at : at + span]
        elif how == 3:
            changed[at:at] = chance.randbytes(span)
        elif how == 4:
            changed[at:at] = changed[chance.randrange(len(changed) or 1) :][:span]
        elif chance.random() < 0.2:
            del changed[at:]
    return bytes(changed)


def mended(data: bytes) -> bytes:
    """A PNG whose checksums fit again, so that what was changed is looked at."""
    found, at = data[:8], 8
    while at + 12 <= len(data):
        length = int.from_bytes(data[at : at + 4])
        found += chunk(data[at + 4 : at + 8], data[at + 8 : at + 8 + length])
        at += 12 + length
    return found


@pytest.mark.slow
def test_a_thousand_broken_files_each_come_out_clean_or_are_refused_and_nothing_dies():
    chance = random.Random(None if CAMPAIGN else 4)
    names = sorted(corpus())
    before = resource.getrusage(resource.RUSAGE_SELF).ru_maxrss

    came_of_it = {}
    for number in range(MUTATED):
        name = chance.choice(names)
        data = mutated(corpus()[name].data, chance)
        if name.startswith("png") and chance.random() < 0.7:
            data = mended(data)
        try:
            photo = clean(data)
        except (PhotoUnreadable, PhotoTooLarge, NotAPhoto) as refused:
            what = refused.name()
        else:
            what = "clean"
            try:
                assert_clean(photo)
            except AssertionError:
                Path(f"broken-photo-{number}").write_bytes(data)
                raise
        came_of_it[what] = came_of_it.get(what, 0) + 1

    assert came_of_it["clean"] > MUTATED // 10, "too broken to prove anything"
    assert came_of_it["photo-unreadable"] > MUTATED // 10, "not broken enough to prove anything"
    assert resource.getrusage(resource.RUSAGE_SELF).ru_maxrss - before < 64 * 1024, "ours grew, in KiB"
    assert_looks_like(corners(clean(corpus()["jpeg held 6"].data).jpeg), CORNERS)

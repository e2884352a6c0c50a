"""Photos as they are kept: drawn anew, upright, small, and with nothing hidden in them.

What a device hands in is never opened in the process that answers requests, and never touches a disk. It goes over a
pipe to the darkroom (`darkroom.py`), a process with next to no rights, and what comes back is a fresh picture.

Each web process keeps one darkroom, started with its first photo, because Python and Pillow take about 50 ms to start,
as long as a phone's picture takes to draw. The darkroom in turn copies itself for each photo (2 ms), so that every
photo still has a process of its own.
"""

import json
import logging
import os
import signal
import struct
import subprocess
import sys
import threading
from collections.abc import Iterator
from contextlib import contextmanager, suppress
from dataclasses import dataclass
from pathlib import Path

from ..problems import Problem, Unavailable

log = logging.getLogger(__name__)

MOST_BYTES = 20 * 1000 * 1000  # of what is handed in
MOST_PIXELS = 51 * 1000 * 1000  # what phones sell as 50 megapixels is up to 8,192 × 6,144
LONG_SIDE = 1600  # of the picture that is kept, in pixels
THUMBNAIL_SIDE = 320
MOST_KEPT_BYTES = 8 * 1000 * 1000  # no picture of that size comes near

DARKROOM = Path(__file__).with_name("darkroom.py")
READY = b"+"
LENGTH = struct.Struct("!I")
HEAD = struct.Struct("!cIIII")  # verdict, width, height, length of picture, length of thumbnail
DONE, TOO_LARGE = b"d", b"l"


class PhotoUnreadable(Problem):
    """The photo is broken or cut short, so there is no picture in it that could be shown, and it was not kept. Nothing
    else is lost: answers, notes and other photos stay as they are. Take the photo again, or choose it again.
    """

    status = 422
    title = "This photo cannot be read"
    words = "The photo is broken or cut short, so it was not kept. Nothing else is lost. Take it or choose it again."


class PhotoTooLarge(Problem):
    """A photo may have at most 20 MB and 50 megapixels, more than nearly all phones make. This one has more and was not
    kept. Nothing else is lost. Take it again in Milieu, which makes it small enough by itself, or choose a smaller one.
    """

    status = 413
    title = "This photo is too large"
    words = (
        "A photo may have at most 20 MB and 50 megapixels. This one has more and was not kept. Nothing else is lost. "
        "Take it again in Milieu, or choose a smaller one."
    )


class NotAPhoto(Problem):
    """Milieu takes photos as JPEG, PNG or WebP, which is what nearly all phones make. It looks inside the file and not
    at its name. This one is something else, such as a drawing, a document, a GIF or an iPhone’s HEIC, and was not kept.
    Nothing else is lost. Take the photo in Milieu. On an iPhone, Settings, Camera, Formats, Most Compatible makes JPEG.
    """

    status = 415
    title = "This file is not a photo that Milieu can take"
    words = "Milieu takes JPEG, PNG and WebP. This file was not kept. Nothing else is lost. Take the photo in Milieu."


@dataclass(frozen=True)
class Photo:
    """A photo as it is kept: a picture and its thumbnail, both JPEG without metadata, and the picture's size."""

    jpeg: bytes
    thumbnail: bytes
    width: int
    height: int


@dataclass(frozen=True)
class Limits:
    """What one photo may cost: seconds of waiting and of work, bytes of memory, pixels."""

    wait: float = 20
    cpu: int = 10
    memory: int = 1280 * 1024 * 1024  # a WebP of MOST_PIXELS needs most of it, a phone’s JPEG a tenth
    pixels: int = MOST_PIXELS


class Darkroom:
    """A process that draws photos anew, one at a time; started when first needed, replaced when a photo broke it."""

    def __init__(self, limits: Limits | None = None):
        self.limits = limits or Limits()
        self._turn = threading.Lock()
        self._process: subprocess.Popen | None = None
        self._starter = 0  # the process that started ours: after a fork the child needs its own

    def develop(self, data: bytes) -> Photo:
        """Draw a photo anew. Refuses with `PhotoUnreadable` and `PhotoTooLarge`, and with `Unavailable` where no
        darkroom can be had now: that says nothing about the photo."""
        if not self._turn.acquire(timeout=self.limits.wait):
            raise _unavailable()
        try:
            return self._ask(self._ready(), data)
        except (OSError, EOFError) as failure:
            log.warning("the darkroom broke on a photo of %d bytes: %r", len(data), failure)
            self._end()
            raise PhotoUnreadable from None
        finally:
            self._turn.release()

    def close(self) -> None:
        """End the process, if there is one."""
        with self._turn:
            self._end()

    def _ready(self) -> subprocess.Popen:
        """A process that waits for a photo; started where there is none."""
        if self._starter != os.getpid():
            self._process = None
        if self._process and self._process.poll() is not None:
            self._end()
        try:
            self._process = self._process or self._start()
            with _deadline(self._process, self.limits.wait):
                _read(self._process, len(READY))
        except (OSError, EOFError) as failure:
            log.error("there is no darkroom: %r", failure)
            self._end()
            raise _unavailable() from None
        return self._process

    def _start(self) -> subprocess.Popen:
        told = {**vars(self.limits), "side": LONG_SIDE, "thumbnail": THUMBNAIL_SIDE}
        self._starter = os.getpid()
        return subprocess.Popen(  # noqa: S603
            [sys.executable, "-I", "-B", DARKROOM, json.dumps(told)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            stderr=subprocess.DEVNULL,  # nothing a photo says belongs into our log
            env={},
            cwd="/",
            start_new_session=True,  # so that its copies can be ended with it
        )

    def _ask(self, process: subprocess.Popen, data: bytes) -> Photo:
        with _deadline(process, self.limits.wait):
            process.stdin.write(LENGTH.pack(len(data)))
            process.stdin.write(data)
            process.stdin.flush()
            verdict, width, height, *lengths = HEAD.unpack(_read(process, HEAD.size))
            if verdict == TOO_LARGE:
                raise PhotoTooLarge
            if verdict != DONE:
                raise PhotoUnreadable
            if max(lengths) > MOST_KEPT_BYTES or max(width, height) > LONG_SIDE:
                raise EOFError("it says what no darkroom says")
            return Photo(*(_read(process, length) for length in lengths), width, height)

    def _end(self) -> None:
        process, self._process = self._process, None
        if not process:
            return
        _kill(process)
        process.wait()
        for pipe in (process.stdin, process.stdout):
            with suppress(OSError):  # what is left unsaid stays unsaid
                pipe.close()


def clean(data: bytes) -> Photo:
    """Return the photo that a device handed in as it may be kept: JPEG, upright, sRGB, on white, the long side at most
    `LONG_SIDE`, with a thumbnail, both made of pixels alone. Of moving pictures it is the first frame.

    Refuses with `NotAPhoto` what is not JPEG, PNG or WebP inside, with `PhotoTooLarge` what has more than `MOST_BYTES`
    or `MOST_PIXELS`, with `PhotoUnreadable` what is broken, and with `Unavailable` when it could not look.
    """
    if len(data) > MOST_BYTES:
        raise PhotoTooLarge
    if not data:
        raise PhotoUnreadable
    if not _begins_like_a_photo(data):
        raise NotAPhoto
    return _darkroom.develop(data)


def _begins_like_a_photo(data: bytes) -> bool:
    webp = data[:4] == b"RIFF" and data[8:12] == b"WEBP"
    return webp or data.startswith((b"\xff\xd8\xff", b"\x89PNG\r\n\x1a\n"))


@contextmanager
def _deadline(process: subprocess.Popen, seconds: float) -> Iterator[None]:
    """Inside, a process that takes longer is ended, so that whoever waits for its pipes goes on."""
    alarm = threading.Timer(seconds, _kill, [process])
    alarm.daemon = True
    alarm.start()
    try:
        yield
    finally:
        alarm.cancel()
        alarm.join()  # it never fires later, at a process that merely got the same number


def _kill(process: subprocess.Popen) -> None:
    """End a process that nobody has waited for yet, and its copies."""
    if process.returncode is None:
        with suppress(ProcessLookupError):
            os.killpg(process.pid, signal.SIGKILL)


def _read(process: subprocess.Popen, length: int) -> bytes:
    found = process.stdout.read(length)
    if len(found) < length:
        raise EOFError("it ended in the middle")
    return found


def _unavailable() -> Unavailable:
    return Unavailable("Photos cannot be taken in just now. Nothing is lost.", headers={"Retry-After": "10"})


_darkroom = Darkroom()

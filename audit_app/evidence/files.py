"""Where photos lie: what is still arriving, and the fresh pictures that were drawn from what arrived.

A photo arrives under the hash that its device gave it, whole or in parts. When its last byte is there it is hashed,
drawn anew (`photos.py`), written, seen to be on the disk, moved into its place, and only then confirmed. What arrived
is thrown away: originals are never kept.
"""

import fcntl
import hashlib
import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from flask import current_app

from ..db import now
from ..problems import Problem
from .photos import MOST_BYTES, Photo, PhotoTooLarge, clean

PICTURE, THUMBNAIL = "jpg", "small.jpg"


class OffsetMismatch(Problem):
    """The part of a photo that was sent does not go on where the last one ended. The reply says in `Upload-Offset` how
    much is here; the device goes on from there. Nothing is lost."""

    status = 409
    title = "That part comes too early or too late"


class HashMismatch(Problem):
    """The bytes that arrived are not those that the device promised: they were changed on the way. They were thrown
    away, and the device sends the photo again from the beginning."""

    status = 422
    title = "The photo was changed on the way"
    words = "The photo did not arrive as it was sent. It is sent again."


def _folder(name: str) -> Path:
    folder = Path(current_app.config["DATA_DIR"]) / "evidence" / name
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def path_of(stored: str, what: str = PICTURE) -> Path:
    """Where the picture with this hash lies."""
    return _folder("photos") / stored[:2] / f"{stored}.{what}"


class Arriving:
    """A photo on its way in: the bytes of it that are here so far, for one request at a time."""

    def __init__(self, file):
        self._file = file

    @property
    def offset(self) -> int:
        """How many bytes are here."""
        return os.fstat(self._file.fileno()).st_size

    def add(self, part: bytes, at: int) -> int:
        """Add the part that begins `at`; how many bytes are here then. Refuses with `OffsetMismatch` and
        `PhotoTooLarge`."""
        if at != self.offset:
            raise OffsetMismatch(f"{self.offset} bytes are here.", headers={"Upload-Offset": str(self.offset)})
        if at + len(part) > MOST_BYTES:
            self.begin_again()
            raise PhotoTooLarge()
        self._file.seek(at)
        self._file.write(part)
        self._file.flush()
        os.fsync(self._file.fileno())
        return self.offset

    def whole(self, sha256: str) -> bytes:
        """All of it, when it is what was promised. Refuses with `HashMismatch`, and what is here is thrown away."""
        self._file.seek(0)
        data = self._file.read()
        if hashlib.sha256(data).hexdigest() != sha256:
            self.begin_again()
            raise HashMismatch()
        return data

    def begin_again(self) -> None:
        """Throw away what is here."""
        self._file.truncate(0)


@contextmanager
def arriving(audit_id: str, sha256: str) -> Iterator[Arriving]:
    """What has arrived of a photo, held by this request alone. It outlives the request, and a restart."""
    path = _arriving_path(audit_id, sha256)
    with open(os.open(path, os.O_RDWR | os.O_CREAT, 0o600), "r+b") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        yield Arriving(file)


def arrived(audit_id: str, sha256: str) -> int:
    """How many bytes of a photo have arrived."""
    path = _arriving_path(audit_id, sha256)
    return path.stat().st_size if path.exists() else 0


def forget_arriving(audit_id: str, sha256: str) -> None:
    """Throw away what has arrived: it has been drawn anew, or cannot be."""
    _arriving_path(audit_id, sha256).unlink(missing_ok=True)


def _arriving_path(audit_id: str, sha256: str) -> Path:
    return _folder("arriving") / f"{audit_id}-{sha256}"


def take_in(audit_id: str, sha256: str, data: bytes) -> dict:
    """Draw a photo anew and put it on the disk for good; the row of `photo_file` to say so. Refuses as `clean` does."""
    photo = clean(data)
    return {
        "audit_id": audit_id,
        "sha256": sha256,
        "stored": _keep(photo),
        "width": photo.width,
        "height": photo.height,
        "size": len(photo.jpeg),
        "arrived_at": now(),
        "safe": False,
    }


def _keep(photo: Photo) -> str:
    """Put a fresh picture and its thumbnail in their place; the hash under which they lie."""
    stored = hashlib.sha256(photo.jpeg).hexdigest()
    keep_file(path_of(stored, THUMBNAIL), photo.thumbnail)
    keep_file(path_of(stored), photo.jpeg)
    return stored


def keep_file(to: Path, data: bytes) -> None:
    """Write a file whole or not at all, see that it is on the disk, and leave one that is there as it is."""
    if to.exists():
        return
    to.parent.mkdir(parents=True, exist_ok=True)
    made = to.with_name(f".{os.getpid()}-{os.urandom(4).hex()}-{to.name}")
    try:
        with open(os.open(made, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600), "wb") as file:
            file.write(data)
            file.flush()
            os.fsync(file.fileno())
        made.rename(to)
    finally:
        made.unlink(missing_ok=True)
    for folder in (to.parent, to.parent.parent):
        handle = os.open(folder, os.O_RDONLY)
        os.fsync(handle)
        os.close(handle)

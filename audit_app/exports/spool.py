"""Files on their way out: made whole on the disk, without a name once they are open, sent piece by piece, and gone when
they are sent. So a failure is a problem and never half a file, and memory does not grow with what is sent."""

import fcntl
import hashlib
import os
import tempfile
import time
import zipfile
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from flask import Response, current_app

from ..access import Person
from ..problems import SlowDown
from ..wire import dump

PIECE = 64 * 1024
LEFT_BEHIND = timedelta(days=1)
MANIFEST = "manifest.json"
ZIP = "application/zip"


def _folder() -> Path:
    folder = Path(current_app.config["DATA_DIR"]) / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


def unnamed() -> BinaryIO:
    """A file for what is being made; nobody else can find it, and it goes when it is closed."""
    return tempfile.TemporaryFile(dir=_folder())


@contextmanager
def workshop() -> Iterator[Path]:
    """A folder for files that must have a name while they are made. What a crash left behind goes as well."""
    for old in _folder().glob("making-*"):
        if time.time() - old.stat().st_mtime > LEFT_BEHIND.total_seconds():
            for file in old.iterdir():
                file.unlink(missing_ok=True)
            old.rmdir()
    with tempfile.TemporaryDirectory(prefix="making-", dir=_folder()) as folder:
        yield Path(folder)


@contextmanager
def one_at_a_time(person: Person) -> Iterator[None]:
    """Makes one file at a time for one person; refuses with `SlowDown` while another is being made."""
    with open(os.open(_folder() / f"{person.id}.lock", os.O_WRONLY | os.O_CREAT, 0o600), "wb") as lock:
        try:
            fcntl.flock(lock, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            words = "Another file is being made for you just now. Ask again when it is there."
            raise SlowDown(words, headers={"Retry-After": "10"}) from None
        yield


def send(file: BinaryIO, name: str, kind: str) -> Response:
    """The open file as a download of this name, piece by piece."""
    length = file.seek(0, os.SEEK_END)
    file.seek(0)
    return _attach(Response(_pieces(file), mimetype=kind, headers={"Content-Length": str(length)}), name, file)


def _attach(response: Response, name: str, *files: BinaryIO) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    for file in files:
        response.call_on_close(file.close)
    return response


def _pieces(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


# Several files in one


@dataclass(frozen=True)
class Packed:
    """One file of an archive: its name there, and where its bytes are: an open file, or a path."""

    name: str
    source: BinaryIO | Path


def send_archive(files: list[Packed], name: str, about: dict) -> Response:
    """The files as one zip, made while it is sent; last the manifest: `about`, and each file's length and SHA-256."""
    opened = [one.source for one in files if not isinstance(one.source, Path)]
    return _attach(Response(_archive(files, about), mimetype=ZIP), name, *opened)


class _Outgoing:
    """Where the zip is written to: what has gathered is taken away at once. It cannot go back, and zip knows how."""

    def __init__(self):
        self._gathered = bytearray()

    def write(self, data: bytes) -> int:
        self._gathered += data
        return len(data)

    def flush(self) -> None:
        """There is nothing behind it."""

    def take(self) -> bytes:
        """What has gathered since the last time."""
        taken, self._gathered = bytes(self._gathered), bytearray()
        return taken


def _archive(files: list[Packed], about: dict) -> Iterator[bytes]:
    outgoing = _Outgoing()
    told = []
    with zipfile.ZipFile(outgoing, "w", zipfile.ZIP_DEFLATED) as archive:
        for one in files:
            found = yield from _pack(archive, one, outgoing)
            told.append(found)
        archive.writestr(MANIFEST, dump(about | {"files": told}))
    yield outgoing.take()


def _pack(archive: zipfile.ZipFile, one: Packed, outgoing: _Outgoing) -> Iterator[bytes]:
    """Pack one file, and say how long it was and what it hashes to."""
    hashed, length = hashlib.sha256(), 0
    entry = zipfile.ZipInfo(one.name, time.gmtime()[:6])
    entry.compress_type = zipfile.ZIP_STORED if one.name.endswith(".jpg") else zipfile.ZIP_DEFLATED
    entry.external_attr = 0o600 << 16
    source = one.source.open("rb") if isinstance(one.source, Path) else one.source
    with source, archive.open(entry, "w", force_zip64=True) as packed:
        source.seek(0)
        for piece in _pieces(source):
            packed.write(piece)
            hashed.update(piece)
            length += len(piece)
            if gathered := outgoing.take():
                yield gathered
    return {"name": one.name, "bytes": length, "sha256": hashed.hexdigest()}

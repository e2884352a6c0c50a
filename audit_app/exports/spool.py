"""Files on their way out. A thread of its own makes them on the disk, as fast as it can and whoever fetches them how
slowly: so no transaction is open longer than the making takes, and memory does not grow with what is sent.

What is made within a moment is sent whole, and a failure is a problem. Of what takes longer, what is there already is
sent meanwhile, so that nobody waits before a silent page and no proxy gives up; a failure then cuts the reply off in
the middle of its chunks, which no browser takes for a file.
"""

import fcntl
import hashlib
import io
import os
import tempfile
import threading
import time
import zipfile
import zlib
from collections.abc import Callable, Iterable, Iterator
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass
from datetime import timedelta
from pathlib import Path
from typing import BinaryIO

from flask import Response, current_app, request

from ..access import Person
from ..db import reading
from ..problems import SlowDown
from ..wire import dump

PIECE = 64 * 1024
A_MOMENT, A_GLANCE, A_SILENCE = 1.0, 0.1, 10.0  # seconds
LEFT_BEHIND = timedelta(days=1)
MANIFEST = "manifest.json"
ZIP = "application/zip"


def _folder() -> Path:
    folder = Path(current_app.config["DATA_DIR"]) / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    return folder


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


class Unwanted(Exception):
    """Whoever asked for a file has gone; there is no use in making the rest of it."""


class Growing(io.RawIOBase):
    """A file without a name, which is read while it is written; nobody else can find it, and it goes with its last
    reader."""

    def __init__(self):
        self._file = tempfile.TemporaryFile(dir=_folder(), buffering=0)  # noqa: SIM115  it is closed with its last reader
        self.length = 0
        self.is_wanted = True

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        """Add to its end. Refuses with `Unwanted` once nobody reads it any more."""
        if not self.is_wanted:
            raise Unwanted
        left = memoryview(data).cast("B")
        while left:
            left = left[self._file.write(left) :]
        self.length += len(memoryview(data).cast("B"))
        return len(data)

    def read_at(self, place: int) -> bytes:
        """What follows `place`, as far as it is there."""
        return os.pread(self._file.fileno(), PIECE, place)


class Making:
    """Something that a thread of its own makes for one person, with the database open for reading. Refuses with
    `SlowDown` while something else is being made for them."""

    def __init__(self, person: Person, make: Callable[[], None]):
        self._ends = ExitStack()
        self._ends.enter_context(one_at_a_time(person))
        self._app = current_app._get_current_object()
        self._make = make
        self._problem: BaseException | None = None
        self._done = threading.Event()
        threading.Thread(target=self._run, name="making", daemon=True).start()

    def _run(self) -> None:
        try:
            with self._app.app_context(), reading():
                self._make()
        except BaseException as problem:
            self._problem = problem
        finally:
            self._ends.close()
            self._done.set()

    @property
    def has_ended(self) -> bool:
        """Is nobody working at it any more, for good or ill?"""
        return self._done.is_set()

    def is_done(self, within: float = 0) -> bool:
        """Is it made, or will it be so many seconds from now? Raises what went wrong, if something did."""
        done = self._done.wait(within)
        if done and self._problem:
            raise self._problem
        return done


def send(person: Person, name: str, kind: str, make: Callable[[BinaryIO], None]) -> Response:
    """What `make` writes from front to back, as a download of this name."""
    file = Growing()
    making = Making(person, lambda: make(file))
    headers = {"Content-Length": str(file.length)} if making.is_done(A_MOMENT) else {}
    return _attach(Response(_pieces(file, making), mimetype=kind, headers=headers), name, lambda: _leave(file))


def _leave(file: Growing) -> None:
    file.is_wanted = False


def _pieces(file: Growing, making: Making) -> Iterator[bytes]:
    """All that is in a file and is yet to come, as soon as it is there."""
    place = 0
    while True:
        is_whole = making.is_done()
        while piece := file.read_at(place):
            place += len(piece)
            yield piece
        if is_whole:
            return
        making.is_done(A_GLANCE)


def _attach(response: Response, name: str, closing: Callable[[], None]) -> Response:
    response.headers["Content-Disposition"] = f'attachment; filename="{name}"'
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    response.headers["X-Accel-Buffering"] = "no"  # a proxy that gathers a reply first would make it silent again
    response.call_on_close(closing)
    return response


# What can be sent only when it is whole

NOTHING_YET = b"\x00\x00\x00\xff\xff"  # a block of gzip with nothing in it (RFC 1951, 3.2.4)


@dataclass
class Room:
    """Where a file is made that is of no use before it is whole. `look_up()` now and then: it refuses with `Unwanted`
    once nobody waits."""

    path: Path
    is_wanted: bool = True

    def look_up(self) -> None:
        """Refuse to go on once nobody waits."""
        if not self.is_wanted:
            raise Unwanted


def send_whole(person: Person, name: str, kind: str, make: Callable[[Room], None]) -> Response:
    """What `make` leaves at its room's path, as a download of this name. While it is made, the connection is kept alive
    for whoever takes gzip (every browser does): with blocks of it that hold nothing."""
    made: list[BinaryIO] = []
    room = Room(Path())

    def work() -> None:
        with workshop() as folder:
            room.path = folder / "made"
            make(room)
            made.append(room.path.open("rb"))

    def leave() -> None:
        room.is_wanted = False
        for file in made:
            file.close()

    making = Making(person, work)
    if making.is_done(A_MOMENT):
        headers = {"Content-Length": str(os.fstat(made[0].fileno()).st_size)}
        pieces = _read(made[0])
    elif "gzip" in request.accept_encodings:
        headers = {"Content-Encoding": "gzip", "Vary": "Accept-Encoding"}
        pieces = _kept_alive(making, made)
    else:
        headers, pieces = {}, _awaited(making, made)
    return _attach(Response(pieces, mimetype=kind, headers=headers), name, leave)


def _kept_alive(making: Making, made: list[BinaryIO]) -> Iterator[bytes]:
    packer = zlib.compressobj(1, zlib.DEFLATED, zlib.MAX_WBITS | 16)
    yield packer.compress(b"") + packer.flush(zlib.Z_SYNC_FLUSH)  # up to a whole byte, where such a block may stand
    while not making.is_done(A_SILENCE):
        yield NOTHING_YET
    for piece in _read(made[0]):
        if packed := packer.compress(piece):
            yield packed
    yield packer.flush()


def _awaited(making: Making, made: list[BinaryIO]) -> Iterator[bytes]:
    yield b""  # the headers go out with it
    while not making.is_done(A_SILENCE):
        pass
    yield from _read(made[0])


def _read(file: BinaryIO) -> Iterator[bytes]:
    while piece := file.read(PIECE):
        yield piece


# Several files in one


@dataclass(frozen=True)
class Packed:
    """One file of an archive: its name there, and where its bytes come from: what writes them, or a path."""

    name: str
    source: Callable[[BinaryIO], object] | Path


def send_archive(person: Person, name: str, find: Callable[[], Iterable[Packed]], about: dict) -> Response:
    """The files as one zip, sent while it is made; last the manifest: `about`, and each file's length and SHA-256.
    Files with a path come last, and are packed as fast as they are fetched: there may be more than the disk holds
    twice."""
    file = Growing()
    archive = _Archive(file)

    def work() -> None:
        try:
            for one in find():
                archive.take(one)
        except BaseException:
            archive.drop()
            raise

    making = Making(person, work)
    making.is_done(A_MOMENT)

    def pieces() -> Iterator[bytes]:
        yield from _pieces(file, making)
        yield from archive.rest(about)

    def leave() -> None:
        _leave(file)
        if making.has_ended:
            archive.drop()

    return _attach(Response(pieces(), mimetype=ZIP), name, leave)


class _Outlet(io.RawIOBase):
    """Where a zip is written to, which may be changed on the way. It cannot go back, and zip knows how."""

    def __init__(self, to):
        self.to = to

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        return self.to.write(data)


class _Gathered:
    """What is written here is taken away at once."""

    def __init__(self):
        self._data = bytearray()

    def write(self, data) -> int:
        self._data += data
        return len(data)

    def take(self) -> bytes:
        """What has gathered since the last time."""
        taken, self._data = bytes(self._data), bytearray()
        return taken


class _Archive:
    """A zip with its manifest: what is written comes first, then what lies on the disk already."""

    def __init__(self, file: Growing):
        self._outlet = _Outlet(file)
        self._zip = zipfile.ZipFile(self._outlet, "w", zipfile.ZIP_DEFLATED)
        self._stored: list[Packed] = []
        self._told: list[dict] = []

    def take(self, one: Packed) -> None:
        """Pack a file; one that lies on the disk waits for the end."""
        if isinstance(one.source, Path):
            self._stored.append(one)
            return
        with self._entry(one.name) as entry:
            one.source(entry)
        self._told.append(entry.told)

    def drop(self) -> None:
        """Whatever the zip has still to say goes nowhere."""
        self._outlet.to = _Gathered()
        self._zip.close()

    def rest(self, about: dict) -> Iterator[bytes]:
        """What has waited, then the manifest and the zip's own end, piece by piece."""
        gathered = self._outlet.to = _Gathered()
        for one in self._stored:
            with one.source.open("rb") as source, self._entry(one.name) as entry:
                for piece in _read(source):
                    entry.write(piece)
                    yield gathered.take()
            self._told.append(entry.told)
        self._zip.writestr(MANIFEST, dump(about | {"files": self._told}))
        self._zip.close()
        yield gathered.take()

    @contextmanager
    def _entry(self, name: str) -> Iterator["_Entry"]:
        info = zipfile.ZipInfo(name, time.gmtime()[:6])
        info.compress_type = zipfile.ZIP_STORED if name.endswith(".jpg") else zipfile.ZIP_DEFLATED
        info.external_attr = 0o600 << 16
        with self._zip.open(info, "w", force_zip64=True) as packed:
            yield _Entry(name, packed)


class _Entry(io.RawIOBase):
    """One file of the zip as it is written: how long it is and what it hashes to."""

    def __init__(self, name: str, packed: BinaryIO):
        self._name, self._packed = name, packed
        self._hashed, self._length = hashlib.sha256(), 0

    def writable(self) -> bool:
        return True

    def write(self, data) -> int:
        self._hashed.update(data)
        self._length += len(data)
        self._packed.write(data)
        return len(data)

    @property
    def told(self) -> dict:
        """What the manifest says of it."""
        return {"name": self._name, "bytes": self._length, "sha256": self._hashed.hexdigest()}

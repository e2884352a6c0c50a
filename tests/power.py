"""What a disk holds when the power goes: a recorder between SQLite and the disk, and disks made of what it recorded.

SQLite asks its VFS to open files and gets, with each, a table of functions. The recorder swaps that table's write,
truncate, sync and close for its own, which note what was asked and pass it on. From the notes any moment can be
rebuilt as a careless disk would have left it: what was synced is there, what was not may be there, in part, or not.
"""

import ctypes
import random
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path

import pysqlite3._sqlite3 as driver

SECTOR = 512
_P, _I, _L = ctypes.c_void_p, ctypes.c_int, ctypes.c_int64


class _Vfs(ctypes.Structure):
    """The head of `sqlite3_vfs`, as sqlite3.h gives it."""

    _fields_ = [
        ("iVersion", _I),
        ("szOsFile", _I),
        ("mxPathname", _I),
        ("pNext", _P),
        ("zName", ctypes.c_char_p),
        ("pAppData", _P),
        ("xOpen", _P),
        ("xDelete", _P),
    ]


_FUNCTIONS = (
    *("xClose", "xRead", "xWrite", "xTruncate", "xSync", "xFileSize", "xLock", "xUnlock", "xCheckReservedLock"),
    *("xFileControl", "xSectorSize", "xDeviceCharacteristics"),
    *("xShmMap", "xShmLock", "xShmBarrier", "xShmUnmap", "xFetch", "xUnfetch"),
)


class _Methods(ctypes.Structure):
    """`sqlite3_io_methods`, as sqlite3.h gives it."""

    _fields_ = [("iVersion", _I), *((name, _P) for name in _FUNCTIONS)]


_OPEN = ctypes.CFUNCTYPE(_I, _P, _P, _P, _I, _P)
_DELETE = ctypes.CFUNCTYPE(_I, _P, ctypes.c_char_p, _I)
_CLOSE = ctypes.CFUNCTYPE(_I, _P)
_WRITE = ctypes.CFUNCTYPE(_I, _P, _P, _I, _L)
_TRUNCATE = ctypes.CFUNCTYPE(_I, _P, _L)
_SYNC = ctypes.CFUNCTYPE(_I, _P, _I)


@dataclass
class Recorder:
    """Everything that SQLite asked of the files in one folder, in order, and what people were told meanwhile."""

    folder: Path
    notes: list[tuple] = field(default_factory=list)

    def tell(self, ids: list[str]) -> None:
        """Somebody was told that these operations are safe."""
        self.notes.append(("told", ids))

    @contextmanager
    def listening(self):
        """Inside, what SQLite opens in the folder is recorded."""
        library = ctypes.CDLL(driver.__file__)
        library.sqlite3_vfs_find.restype = _P
        vfs = _Vfs.from_address(library.sqlite3_vfs_find(None))
        opened, deleted = vfs.xOpen, vfs.xDelete
        self._names: dict[int, str] = {}
        self._tables: dict[int, _Methods] = {}
        self._keep: list = []
        mine = _OPEN(lambda *asked: self._open(_OPEN(opened), *asked))
        gone = _DELETE(lambda *asked: self._delete(_DELETE(deleted), *asked))
        vfs.xOpen, vfs.xDelete = ctypes.cast(mine, _P).value, ctypes.cast(gone, _P).value
        try:
            yield self
        finally:
            vfs.xOpen, vfs.xDelete = opened, deleted

    def _open(self, real, vfs, name, file, flags, out) -> int:
        result = real(vfs, name, file, flags, out)
        path = Path(ctypes.string_at(name).decode()) if name else None
        if result == 0 and path and path.parent == self.folder:
            self._names[file] = path.name
            table = ctypes.cast(file, ctypes.POINTER(_P))
            table[0] = self._table(table[0])
            self.notes.append(("open", path.name))
        return result

    def _delete(self, real, vfs, name, sync) -> int:
        result = real(vfs, name, sync)
        if Path(name.decode()).parent == self.folder:
            self.notes.append(("delete", Path(name.decode()).name))
        return result

    def _table(self, address: int) -> int:
        """A copy of a table of functions with ours in it."""
        if address not in self._tables:
            real = _Methods.from_address(address)
            table = _Methods.from_buffer_copy(real)
            close, write = _CLOSE(real.xClose), _WRITE(real.xWrite)
            truncate, sync = _TRUNCATE(real.xTruncate), _SYNC(real.xSync)
            ours = {
                "xClose": _CLOSE(lambda file: self._closed(close, file)),
                "xWrite": _WRITE(lambda file, data, size, at: self._written(write, file, data, size, at)),
                "xTruncate": _TRUNCATE(lambda file, size: self._truncated(truncate, file, size)),
                "xSync": _SYNC(lambda file, flags: self._synced(sync, file, flags)),
            }
            for name, function in ours.items():
                setattr(table, name, ctypes.cast(function, _P).value)
            self._keep.append((ours, close, write, truncate, sync))
            self._tables[address] = table
        return ctypes.addressof(self._tables[address])

    def _closed(self, real, file) -> int:
        self._names.pop(file, None)
        return real(file)

    def _written(self, real, file, data, size, at) -> int:
        self.notes.append(("write", self._names[file], at, ctypes.string_at(data, size)))
        return real(file, data, size, at)

    def _truncated(self, real, file, size) -> int:
        self.notes.append(("truncate", self._names[file], size))
        return real(file, size)

    def _synced(self, real, file, flags) -> int:
        begun = len(self.notes)
        result = real(file, flags)
        self.notes.append(("sync", self._names[file], begun))
        return result


# Disks


@dataclass
class Disk:
    """The files as they were, moment by moment: what is safe on them, and what was asked and not yet synced."""

    safe: dict[str, bytearray]
    waiting: dict[str, list[tuple[int, tuple]]] = field(default_factory=dict)

    def note(self, place: int, note: tuple) -> None:
        """Go on by one note."""
        kind, name, *_ = note
        if kind == "open":
            self.safe.setdefault(name, bytearray())
        elif kind in ("write", "truncate"):
            self.waiting.setdefault(name, []).append((place, note))
        elif kind == "sync":
            for at, asked in self.waiting.get(name, []):
                if at < note[2]:
                    _apply(self.safe[name], asked)
            self.waiting[name] = [(at, asked) for at, asked in self.waiting.get(name, []) if at >= note[2]]
        elif kind == "delete":
            self.safe.pop(name, None)
            self.waiting.pop(name, None)

    def after_a_cut(self, chance: random.Random | None = None) -> dict[str, bytes]:
        """What is found when the power is back. Without `chance` nothing that was not synced; with it, any of that, in
        part and in sectors, or all of it."""
        found = {}
        for name, content in self.safe.items():
            left = bytearray(content)
            share = chance.choice([0.2, 0.5, 0.9, 1.0]) if chance else 0.0
            for _, asked in self.waiting.get(name, []):
                if chance and chance.random() < share:
                    _apply(left, _torn(asked, chance) if chance.random() < 0.2 else asked)
            found[name] = bytes(left)
        return found


def _apply(content: bytearray, asked: tuple) -> None:
    if asked[0] == "truncate":
        del content[asked[2] :]
        return
    _, _, at, data = asked
    if len(content) < at:
        content.extend(bytes(at - len(content)))
    content[at : at + len(data)] = data


def _torn(asked: tuple, chance: random.Random) -> tuple:
    if asked[0] != "write":
        return asked
    kind, name, at, data = asked
    whole = chance.randrange(0, len(data) // SECTOR + 1) * SECTOR
    return kind, name, at, data[:whole]

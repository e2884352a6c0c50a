"""The keys that certificates are signed with: their ids, their order, and what became of each.

A key is a file in the data folder, for its owner's eyes alone. No private half is ever in the database, so neither an
export nor a leaked dump can sign anything. The newest key signs. One that is retired signs no more, and loses its
private half; what it signed can still be checked. One that is distrusted is published no more, and what it signed is
issued anew (`issuing.issue_anew`). The first is made when it is first needed.
"""

import fcntl
import hashlib
import json
import os
import tempfile
from base64 import urlsafe_b64decode, urlsafe_b64encode
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, replace
from datetime import UTC, datetime
from pathlib import Path

import click
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey, Ed25519PublicKey
from flask import current_app

from ...db import now
from .credential import Keys, SigningKey

FOLDER = "signing-keys"  # in the data folder, and beside backups
SIGNS, RETIRED, DISTRUSTED = "signs", "retired", "distrusted"


class NoSuchKey(click.ClickException):
    """There is no key of this id; nothing was changed."""


@dataclass(frozen=True)
class Key:
    """One key. `private` is None once it signs no more."""

    id: str
    public: Ed25519PublicKey
    added: datetime
    private: Ed25519PrivateKey | None = None
    retired: datetime | None = None
    distrusted: datetime | None = None

    @property
    def state(self) -> str:
        """What became of it."""
        if self.distrusted:
            return DISTRUSTED
        return RETIRED if self.retired else SIGNS


def keys_here() -> list[Key]:
    """Every key that there ever was here, oldest first."""
    found = [_read(path) for path in _folder().glob("*.json")]
    return sorted(found, key=lambda key: (key.added, key.id))


def published_keys() -> Keys:
    """The public halves by id: all but those that are distrusted."""
    return {key.id: key.public for key in keys_here() if key.state != DISTRUSTED}


def signing_key() -> SigningKey:
    """The key that signs today: the newest that still does. Makes one where there is none."""
    found = _newest()
    if found is None:
        with _alone():
            found = _newest() or _make()
    return SigningKey(found.id, found.private)


def add_key() -> Key:
    """A new key, which signs from now on. The others stay as they are."""
    with _alone():
        return _make()


def retire_key(id: str) -> Key:
    """This key signs no more, and its private half is gone. What it signed can still be checked."""
    with _alone():
        key = _find(id)
        return _keep(replace(key, private=None, retired=key.retired or now()))


def distrust_key(id: str) -> Key:
    """This key is published no more: nothing that it signed is taken for ours. Its private half is gone."""
    with _alone():
        key = _find(id)
        return _keep(replace(key, private=None, distrusted=key.distrusted or now()))


def back_up_keys(beside: Path) -> int:
    """Copy every key as it is now to the folder beside a backup; how many. Whoever has them can sign in our name."""
    keys = keys_here()
    for key in keys:
        _keep(key, beside / FOLDER)
    return len(keys)


def restore_keys(beside: Path) -> int:
    """Put back the keys that are not here from the folder beside a backup; never over one that is. How many came."""
    copies = sorted((beside / FOLDER).glob("*.json"))
    with _alone():
        missing = [path for path in copies if not (_folder() / path.name).exists()]
        for path in missing:
            _keep(_read(path))
    return len(missing)


# Inside.


def _folder() -> Path:
    return Path(current_app.config["DATA_DIR"]) / FOLDER


def _newest() -> Key | None:
    return next((key for key in reversed(keys_here()) if key.state == SIGNS), None)


def _find(id: str) -> Key:
    found = next((key for key in keys_here() if key.id == id), None)
    if found is None:
        raise NoSuchKey(f"There is no key {id}. `flask signing-key list` names them.")
    return found


def _make() -> Key:
    """A key whose id says its day, and can never be that of another: it is part of its public half's digest."""
    private, moment = Ed25519PrivateKey.generate(), now()
    print_of_it = hashlib.sha256(private.public_key().public_bytes_raw()).hexdigest()
    return _keep(Key(f"{moment:%Y-%m-%d}-{print_of_it[:8]}", private.public_key(), moment, private))


def _read(path: Path) -> Key:
    told = json.loads(path.read_text())
    private = told["private"] and Ed25519PrivateKey.from_private_bytes(urlsafe_b64decode(told["private"]))
    moments = {name: told[name] and datetime.fromisoformat(told[name]) for name in ("added", "retired", "distrusted")}
    return Key(
        told["id"], Ed25519PublicKey.from_public_bytes(urlsafe_b64decode(told["public"])), private=private, **moments
    )


def _keep(key: Key, folder: Path | None = None) -> Key:
    """Write a key's file, whole or not at all, and see that it is on the disk."""
    folder = folder or _folder()
    folder.mkdir(mode=0o700, parents=True, exist_ok=True)
    told = {
        "id": key.id,
        "public": urlsafe_b64encode(key.public.public_bytes_raw()).decode(),
        "private": key.private and urlsafe_b64encode(key.private.private_bytes_raw()).decode(),
        "added": _written(key.added),
        "retired": _written(key.retired),
        "distrusted": _written(key.distrusted),
    }
    handle, unfinished = tempfile.mkstemp(dir=folder)  # for its owner's eyes alone from its first byte on
    with os.fdopen(handle, "w") as file:
        json.dump(told, file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    Path(unfinished).rename(folder / f"{key.id}.json")
    listing = os.open(folder, os.O_RDONLY)
    try:
        os.fsync(listing)
    finally:
        os.close(listing)
    return key


def _written(moment: datetime | None) -> str | None:
    return moment and moment.astimezone(UTC).isoformat()


@contextmanager
def _alone() -> Iterator[None]:
    """Inside, no other process of this service changes the keys."""
    _folder().mkdir(mode=0o700, parents=True, exist_ok=True)
    with open(os.open(_folder() / ".lock", os.O_RDWR | os.O_CREAT, 0o600)) as lock:
        fcntl.flock(lock, fcntl.LOCK_EX)
        yield

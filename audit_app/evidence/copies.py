"""Copies of photos: taken along with a backup, put back by a restore, and looked at by `flask verify`.

A photo lies under its own hash and never changes, so all backups of one folder share their copies (`photos/` beside
them), and each backup copies only what is new.
"""

import hashlib
import shutil
from collections.abc import Iterator
from pathlib import Path

from sqlalchemy import delete, select, update

from ..db import db
from .files import PICTURE, THUMBNAIL, keep_file, path_of
from .models import PhotoFile

SHARED = "photos"
Key = tuple[str, str]  # audit id, and the hash under which the photo was handed in


def photos_here() -> dict[Key, str]:
    """Every photo that is here, with the hash under which its picture lies."""
    rows = db.session.execute(select(PhotoFile.audit_id, PhotoFile.sha256, PhotoFile.stored)).all()
    return {(audit_id, sha256): stored for audit_id, sha256, stored in rows}


def back_up_photos(beside: Path, before: dict[Key, str]) -> tuple[int, list[str]]:
    """Copy the photos to the folder that the backups in `beside` share, and read the copies back. Those in `before`,
    which were here before the database was copied and so are in that copy, count as safe from now on: their phones may
    let go of them. How many are there, and a sentence for each that could not be copied."""
    faults, safe = [], []
    photos = photos_here()
    for key, stored in photos.items():
        copies = [_copy_of(beside, stored, what) for what in (PICTURE, THUMBNAIL)]
        sources = [path_of(stored, what) for what in (PICTURE, THUMBNAIL)]
        if not _holds(copies[0], stored):
            if not _holds(sources[0], stored):
                faults.append(_fault(key, sources[0]))
                continue
            for source, copy in zip(sources, copies, strict=True):
                copy.unlink(missing_ok=True)
                keep_file(copy, source.read_bytes())
        if key in before and _holds(copies[0], stored):
            safe.append(key)
    for audit_id, sha256 in safe:
        db.session.execute(update(PhotoFile).filter_by(audit_id=audit_id, sha256=sha256, safe=False).values(safe=True))
    db.session.commit()
    return len(photos) - len(faults), faults


def restore_photos(beside: Path) -> tuple[int, int]:
    """Put the photos of a restored database back from the folder beside its backup. Of one that is not there, or not as
    it was, nothing says any more that it is here: the phone that has it sends it again, and until then it is shown as
    missing. How many are back, and how many are missing."""
    photos = photos_here()
    missing = 0
    for (audit_id, sha256), stored in photos.items():
        if _holds(_copy_of(beside, stored, PICTURE), stored):
            for what in (PICTURE, THUMBNAIL):
                target = path_of(stored, what)
                target.parent.mkdir(parents=True, exist_ok=True)
                shutil.copyfile(_copy_of(beside, stored, what), target)
        elif not _holds(path_of(stored), stored):
            db.session.execute(delete(PhotoFile).filter_by(audit_id=audit_id, sha256=sha256))
            missing += 1
    db.session.commit()
    return len(photos) - missing, missing


def verify_photos() -> Iterator[str]:
    """Yield a sentence for each photo whose bytes are not what they were, or are gone."""
    for key, stored in sorted(photos_here().items()):
        if not _holds(path_of(stored), stored):
            yield _fault(key, path_of(stored))


def _fault(key: Key, path: Path) -> str:
    audit_id, sha256 = key
    return f"audit {audit_id}: the photo {sha256[:12]}… is {'damaged' if path.exists() else 'gone'} ({path.name})"


def _copy_of(beside: Path, stored: str, what: str) -> Path:
    return beside / SHARED / stored[:2] / f"{stored}.{what}"


def _holds(path: Path, stored: str) -> bool:
    return path.is_file() and hashlib.sha256(path.read_bytes()).hexdigest() == stored

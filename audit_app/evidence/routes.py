"""Where photos come in and go out. Of the bytes nothing is in the ledger; that they were handed in, is.

Uploads go on where they were cut off, in the shape of tus and of the IETF's draft for resumable uploads: `HEAD` tells
how much is here, `PATCH` adds a part at `Upload-Offset`, of `Upload-Length` in all; `PUT` brings a small photo whole.
"""

import re

from flask import Blueprint, Response, request, send_file

from ..access import require_sign_in, signed_in
from ..audits.queries import find_audit
from ..db import db, glance, upsert
from ..ledger.models import Stream
from ..problems import Malformed, NotFound, TooLarge
from ..wire import dump, reply, speaks, tag_of
from . import files
from .files import HashMismatch, OffsetMismatch
from .models import PhotoFile
from .photos import NotAPhoto, PhotoTooLarge, PhotoUnreadable
from .queries import find_photo, is_expected, photos_of
from .schemas import ArrivedSchema, PhotosSchema

evidence = Blueprint("evidence", __name__, url_prefix="/api/audits/<id>/photos")

MOST_AT_ONCE = 1024 * 1024
MOST_A_PART = 256 * 1024
SHA256 = re.compile(r"[0-9a-f]{64}")
REFUSES = (NotFound, NotAPhoto, PhotoUnreadable, PhotoTooLarge, OffsetMismatch, HashMismatch)


@evidence.get("")
@speaks(gives=PhotosSchema, etag=True, refuses=(NotFound,))
@require_sign_in
def list_photos(id: str):
    """The photos of an audit whose bytes are here."""
    find_audit(id, signed_in())
    body = {"photos": photos_of(id)}
    return reply(body, etag=tag_of(dump(body)))


@evidence.route("/<sha256>", methods=["HEAD"])
@speaks(refuses=(NotFound,))
@require_sign_in
def measure_photo(id: str, sha256: str):
    """How much of a photo is here, as `Upload-Offset` and `Upload-Complete`."""
    with glance():
        _find_expected(id, sha256)
        is_here = find_photo(id, sha256) is not None
    return _told(Response(), files.arrived(id, sha256), is_here)


@evidence.get("/<sha256>")
@speaks(gives="image/jpeg", asks=("size",), refuses=(NotFound,))
@require_sign_in
def show_photo(id: str, sha256: str):
    """The picture that was drawn from what was handed in under this hash; with `size=small` its thumbnail."""
    find_audit(id, signed_in())
    photo = find_photo(id, sha256)
    size = files.THUMBNAIL if request.args.get("size") == "small" else files.PICTURE
    if photo is None or not files.path_of(photo.stored, size).exists():
        raise NotFound("The bytes of this photo are not here.")
    response = send_file(files.path_of(photo.stored, size), mimetype="image/jpeg", etag=False)
    response.headers["Content-Security-Policy"] = "sandbox; default-src 'none'"
    return response


@evidence.put("/<sha256>")
@speaks(gives=ArrivedSchema, refuses=REFUSES)
@require_sign_in
def put_photo(id: str, sha256: str):
    """Take a small photo whole."""
    return _take(id, sha256, _read(MOST_AT_ONCE), at=0, length=None)


@evidence.patch("/<sha256>")
@speaks(gives=ArrivedSchema, refuses=REFUSES)
@require_sign_in
def add_to_photo(id: str, sha256: str):
    """Take the next part of a photo, which begins at `Upload-Offset`; `Upload-Length` is how long it will be."""
    return _take(id, sha256, _read(MOST_A_PART), at=_number("Upload-Offset"), length=_number("Upload-Length"))


def _find_expected(audit_id: str, sha256: str) -> None:
    """Refuse bytes that nothing in this audit speaks of: they would be nobody's, and for ever."""
    stream = db.session.get(Stream, audit_id)
    if not SHA256.fullmatch(sha256) or stream is None or not is_expected(stream, sha256, signed_in()):
        raise NotFound()


def _take(audit_id: str, sha256: str, part: bytes, at: int, length: int | None):
    """Add a part, or with no `length` the whole; with the last byte draw the photo anew and keep it. No lock of the
    database is held meanwhile, and nothing is confirmed before it can no longer be lost."""
    with glance():
        _find_expected(audit_id, sha256)
        if find_photo(audit_id, sha256):
            return _told(reply({"offset": len(part), "here": True}), len(part), True)
    with files.arriving(audit_id, sha256) as arriving:
        if length is None:
            arriving.begin_again()
        offset = arriving.add(part, at)
        if length is not None and offset < length:
            return _told(reply({"offset": offset, "here": False}), offset, False)
        data = arriving.whole(sha256)
        try:
            row = files.take_in(audit_id, sha256, data)
        except (NotAPhoto, PhotoUnreadable, PhotoTooLarge):
            files.forget_arriving(audit_id, sha256)
            raise
    db.session.execute(upsert(PhotoFile.__table__).values(row).on_conflict_do_nothing())
    db.session.commit()
    files.forget_arriving(audit_id, sha256)
    return _told(reply({"offset": offset, "here": True}), offset, True)


def _told(response: Response, offset: int, is_here: bool) -> Response:
    response.headers["Upload-Offset"] = str(offset)
    response.headers["Upload-Complete"] = "?1" if is_here else "?0"
    return response


def _read(most: int) -> bytes:
    """The request's bytes; refuses with `TooLarge` beyond `most`."""
    request.max_content_length = most
    body = request.get_data(cache=False)
    if len(body) > most:
        raise TooLarge(f"At most {most // 1024} KiB of a photo at once.")
    return body


def _number(name: str) -> int:
    text = request.headers.get(name, "")
    if not (text.isascii() and text.isdigit() and len(text) < 12):
        raise Malformed(f"{name} must be a whole number.")
    return int(text)

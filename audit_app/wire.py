"""How a request is read and a reply is written: JSON with a size limit in, `"protocol": 1` and an ETag out."""

import hashlib
import json
import zlib
from collections.abc import Callable
from dataclasses import dataclass

from flask import Response, request
from werkzeug.exceptions import RequestEntityTooLarge

from .problems import Malformed, NotJson, Problem, TooLarge

PROTOCOL = 1
PDF = "application/pdf"
MOST_BYTES = 256 * 1024


@dataclass(frozen=True)
class Speech:
    """What a route takes and gives, as the reference tells it: schemas, names in the query, and the problems that are
    its own. What it gives otherwise than as JSON is named by its media type, such as `application/pdf`. `etag`: it
    answers 304 to whoever has it already."""

    takes: type | None
    gives: type | str | None
    asks: tuple[str, ...]
    refuses: tuple[type[Problem], ...]
    etag: bool


def speaks(*, takes=None, gives=None, asks=(), refuses=(), etag=False) -> Callable:
    """Say of a route what it takes and gives. A route of the API that does not say so fails the tests."""

    def mark(view: Callable) -> Callable:
        view.speech = Speech(takes, gives, tuple(asks), tuple(refuses), etag)
        return view

    return mark


def read_json() -> dict:
    """Return the request's JSON object, inflated if it came gzipped.

    Refuses with `TooLarge` beyond 256 KiB (before or after inflating, so a bomb costs no more than that) and with
    `NotJson` when it is not one JSON object.
    """
    request.max_content_length = MOST_BYTES + 1  # a body that does not say how long it is, is read no further than this
    try:
        body = request.get_data(cache=False)
    except RequestEntityTooLarge:
        body = None
    if body is None or len(body) > MOST_BYTES:
        raise TooLarge(f"A request may hold at most {MOST_BYTES // 1024} KiB.")
    encoding = request.headers.get("Content-Encoding", "identity").lower()
    if encoding == "gzip":
        body = _inflate(body)
    elif encoding != "identity":
        raise Malformed(f"Content-Encoding {encoding!r} is not taken; send gzip or nothing.")
    return parse_object(body)


def parse_object(body: bytes) -> dict:
    """Parse one JSON object; refuses numbers JSON does not know (NaN), broken text and nesting without end."""
    try:
        found = json.loads(body, parse_constant=_refuse_constant)
    except (ValueError, RecursionError):
        raise NotJson("The body could not be read as JSON.") from None
    if not isinstance(found, dict):
        raise NotJson("The body must be one JSON object.")
    return found


def _refuse_constant(name: str):
    raise ValueError(name)


def _inflate(body: bytes) -> bytes:
    inflater = zlib.decompressobj(wbits=31)
    try:
        inflated = inflater.decompress(body, MOST_BYTES + 1)
    except zlib.error:
        raise NotJson("The body says it is gzip and is not.") from None
    if len(inflated) > MOST_BYTES:
        raise TooLarge(f"A request may hold at most {MOST_BYTES // 1024} KiB once inflated.")
    if not inflater.eof:
        raise NotJson("The gzipped body ends too early.")
    return inflated


def reply(body: dict, status: int = 200, etag: str | None = None) -> Response:
    """Return `body` as JSON with the protocol's number; with an ETag, a 304 when the asker has it already."""
    if etag is not None and etag in request.if_none_match:
        response = Response(status=304)
    else:
        response = Response(dump({"protocol": PROTOCOL, **body}), status, mimetype="application/json")
    if etag is not None:
        response.set_etag(etag)
    return response


def tag_of(written: bytes | str) -> str:
    """A short name for exactly these bytes or this text, as an ETag."""
    return hashlib.sha256(written.encode() if isinstance(written, str) else written).hexdigest()[:16]


def dump(body) -> str:
    """JSON as compact as it gets, in UTF-8 rather than escapes."""
    return json.dumps(body, ensure_ascii=False, separators=(",", ":"))


def reply_pdf(body: bytes, name: str) -> Response:
    """Return a PDF to look at, which is called `name` where somebody keeps it."""
    response = Response(body, mimetype=PDF)
    response.headers.set("Content-Disposition", "inline", filename=f"{' '.join(name.split())}.pdf")
    return response


def asked_number(name: str) -> int:
    """The whole number under `name` in the query, 0 when it is not given; refuses anything else."""
    text = request.args.get(name, "0")
    if not (text.isascii() and text.isdigit() and len(text) < 16):
        raise Malformed(f"{name} must be a whole number.")
    return int(text)


def asked_language() -> str:
    """The language asked for in the query: English unless it is one we hold."""
    return "cy" if request.args.get("language") == "cy" else "en"

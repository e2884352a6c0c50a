"""How a public reply is sent: with an ETag, kept no longer than it is true, and readable by pages of other websites
where it is a file. Never with a cookie: who asks is nobody's business here."""

import gzip
from datetime import date
from urllib.parse import urlencode

from flask import Response, current_app, render_template, request

from ..problems import Problem, SlowDown
from ..telling import day_in_words
from ..wire import asked_language, dump, tag_of
from .pictures import RING, SIGNS
from .words import speaker

PAGE, JSON = "text/html", "application/json"
ASK_EACH_TIME = "no-cache"
A_MINUTE, AN_HOUR = 60, 3600
FOR_ANYBODY = {"Access-Control-Allow-Origin": "*", "Cross-Origin-Resource-Policy": "cross-origin"}
WORTH_PACKING, PACKED = 1400, {"image/png"}  # one packet carries less than that; and what is packed by itself
PICTURE_ALONE = "default-src 'none'; sandbox"


def home() -> str:
    """The service's own address, without a slash at its end: as set, else as it was asked."""
    return current_app.config["PUBLIC_URL"] or request.host_url.rstrip("/")


def page(
    template: str, status: int = 200, lives: int | None = None, at: str = "", asked: dict | None = None, **told
) -> Response:
    """A page in the language that was asked for. `lives`: seconds that it may be kept; None to ask each time. `at` and
    `asked`: the address under which it is in the other language, where that is not simply its own path: nothing that
    came from whoever asks is on a page unless the page puts it there."""
    language = asked_language()
    say = speaker(language)
    body = render_template(
        template,
        language=language,
        say=say,
        day=lambda when: day_in_words(when, language),
        link=link,
        other=_address(at or request.path, asked or {}, welsh=language != "cy"),
        home=home(),
        ring_of_ten=RING,
        signs=SIGNS,
        **told,
    )
    return send(body, PAGE, lives, status=status)


def explained(problem: Problem, at: str) -> Response:
    """A refusal as a page. Of having to wait it says so in the page's own words."""
    wait = problem.headers.get("Retry-After") if isinstance(problem, SlowDown) else None
    reply = page("nothing.html", problem.status, at=at, problem=problem, wait=wait)
    reply.headers.update(problem.headers)
    return reply


def send(
    body: bytes | str, kind: str, lives: int | None = None, status: int = 200, more: dict | None = None
) -> Response:
    """A reply with its ETag, packed where that helps; a 304 to whoever has it already."""
    written = body.encode() if isinstance(body, str) else body
    zipped = len(written) > WORTH_PACKING and kind not in PACKED and "gzip" in request.accept_encodings
    reply = Response(gzip.compress(written, 5, mtime=0) if zipped else written, status, mimetype=kind)
    reply.headers["Cache-Control"] = ASK_EACH_TIME if lives is None else f"public, max-age={lives}"
    reply.headers["Vary"] = "Accept-Encoding"
    reply.headers.update(more or {})
    if zipped:
        reply.headers["Content-Encoding"] = "gzip"
    if status != 200:
        reply.headers["Cache-Control"] = "no-store"
        return reply
    reply.set_etag(tag_of(written) + ("-gzip" if zipped else ""))
    return reply.make_conditional(request)


def send_file(body: bytes | str, kind: str, lives: int | None = None, **more: str) -> Response:
    """A file that pages of other websites may read and show."""
    return send(body, kind, lives, more=FOR_ANYBODY | {name.replace("_", "-"): value for name, value in more.items()})


def send_json(told: dict, lives: int | None = None, kind: str = JSON, status: int = 200) -> Response:
    """The same for JSON."""
    return send(dump(told), kind, lives, status, FOR_ANYBODY)


def link(path: str, **asked: str | None) -> str:
    """An address of ours, with what is asked there, in the language of this page."""
    return _address(path, asked, welsh=asked_language() == "cy")


def spoken(day: date) -> str:
    """A day as people write it, in the language of this page."""
    return day_in_words(day, asked_language())


def _address(path: str, asked: dict[str, str | None], *, welsh: bool) -> str:
    wanted = {name: value for name, value in asked.items() if value} | ({"language": "cy"} if welsh else {})
    return f"{path}?{urlencode(wanted)}" if wanted else path

"""Is this certificate true? By number, by file, by text: what may be said of it, and nothing that came from whoever
asks but the number."""

from dataclasses import dataclass

from flask import Blueprint, Response, redirect, request
from sqlalchemy.exc import DBAPIError
from werkzeug.exceptions import RequestEntityTooLarge

from ..access import open_to_all
from ..awards.certificate.credential import CANNOT_CONFIRM, UNKNOWN
from ..awards.certificate.numbers import tidy_number
from ..db import now, reading, today
from ..failures import render
from ..problems import SlowDown
from .looking_up import look_up
from .pages import FOR_ANYBODY, explained, home, link, page, send_json, spoken
from .queries import check_shown, find_entry
from .telling import answer_of

EXAMPLE = "MIL\u20112026\u20117K3QF\u2011X92AB"  # its hyphens do not break a line
MOST_KIB = 256
MORE_THAN_A_FORM = 4 * 1024  # what stands around a file in a form's body

check = Blueprint("check", __name__)


@dataclass(frozen=True)
class Shown:
    """What somebody showed; or, as the name of words, why there is nothing to look at."""

    body: bytes = b""
    trouble: str | None = None


@check.get("/check")
@open_to_all
def ask() -> Response:
    """The page to ask on. With `?number=`, it leads to the answer."""
    typed = request.args.get("number")
    if typed is None:
        return page("check.html", example=EXAMPLE, most=MOST_KIB, trouble=None)
    number = tidy_number(typed)
    return redirect(link(f"/check/{number}"), 303) if number else _tell(UNKNOWN, said="says_unknown_number")


@check.post("/check")
@open_to_all
def look_at() -> Response:
    """What may be said of a credential that is handed in as a file or pasted. Nothing of it is kept."""
    shown = _shown()
    if shown.trouble:
        return page("check.html", example=EXAMPLE, most=MOST_KIB, trouble=shown.trouble)
    with reading():  # a form is posted, and still nothing is written: nobody waits for anybody
        checked = check_shown(shown.body, now())
        entry = checked.number and find_entry(checked.number, today())
        return _tell(checked.state, entry=entry, said=f"says_{checked.state}", proved=True)


@check.get("/check/<number>.json")
@open_to_all
def answer(number: str) -> Response:
    """The same for programs: how the award of this number stands."""
    tidy = tidy_number(number)
    entry = look_up(tidy, today())
    return send_json(answer_of(entry, tidy, home(), today().isoformat()))


@check.get("/check/<number>")
@open_to_all
def tell(number: str) -> Response:
    """How the award of this number stands. It needs nobody's consent: who holds a certificate may ask about it."""
    tidy = tidy_number(number)
    if tidy and tidy != number:
        return redirect(link(f"/check/{tidy}"), 308)
    entry = look_up(tidy, today())
    if entry is None:
        return _tell(UNKNOWN, number=tidy, said="says_unknown_number")
    return _tell(entry.state, entry=entry, said=f"says_{entry.state}")


@check.errorhandler(SlowDown)
def ask_to_wait(problem: SlowDown) -> Response:
    """Too many numbers were tried from here: a page for people, a problem for programs."""
    if not request.path.endswith(".json"):
        return explained(problem, "/check")
    reply = render(problem)
    reply.headers.update(FOR_ANYBODY)
    return reply


@check.errorhandler(DBAPIError)
def say_that_nobody_can_be_asked(error: DBAPIError) -> Response:
    """Without the register nothing can be confirmed, whatever a signature says."""
    if request.path.endswith(".json"):
        return send_json({"state": CANNOT_CONFIRM}, status=503)
    return _tell(CANNOT_CONFIRM, status=503, said=f"says_{CANNOT_CONFIRM}")


# Inside.


def _tell(state: str, status: int = 200, entry=None, number=None, said: str = "", proved: bool = False) -> Response:
    until = spoken(entry.until) if entry else ""
    told = {"state": state, "entry": entry, "number": number, "said": said, "until": until, "proved": proved}
    known = entry.number if entry else number
    at = f"/check/{known}" if known and not proved else "/check"
    return page("verdict.html", status, at=at, asked_on=today(), **told)


def _shown() -> Shown:
    """The file or the text of the form; a file goes first."""
    request.max_content_length = request.max_form_memory_size = MOST_KIB * 1024 + MORE_THAN_A_FORM
    try:
        file, text = request.files.get("file"), request.form.get("text", "")
    except RequestEntityTooLarge:
        return Shown(trouble="shown_too_much")
    body = file.read() if file else b""
    body = body or text.encode(errors="replace")
    if not body.strip():
        return Shown(trouble="shown_nothing")
    if len(body) > MOST_KIB * 1024:
        return Shown(trouble="shown_too_much")
    return Shown(trouble="shown_pdf") if body.startswith(b"%PDF") else Shown(body)

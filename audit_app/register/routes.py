"""The public pages and files, which anybody may ask for: the register, certificates, and who gives awards."""

import io
from dataclasses import asdict, replace

from flask import Blueprint, Response, current_app, redirect, request

from ..access import open_to_all
from ..awards.certificate.badge import badge_png, badge_svg
from ..awards.certificate.certificate import certificate
from ..awards.certificate.credential import EXPIRED, OPEN_BADGES, PURPOSES, VALID, envelope, key_set, status_list
from ..awards.certificate.keys import published_keys, signing_key
from ..db import now, today
from ..exports.sheets import CSV, write_csv
from ..failures import render
from ..paper.drawing import qr, ring
from ..problems import NotFound, Problem
from ..wire import asked_language, reply_pdf, tag_of
from .certifying import heading_titles, languages_of, page_words, told_by
from .feed import ATOM, feed_of
from .looking_up import look_up
from .pages import A_MINUTE, AN_HOUR, PICTURE_ALONE, explained, home, link, page, send_file, send_json, spoken
from .pictures import status_badge
from .queries import (
    PAGE,
    STANDING,
    Entry,
    Wanted,
    count_listed,
    current_token,
    find_body,
    find_listed,
    history_of,
    listed,
    newest_at,
    news,
    places_set,
    until_midnight,
)
from .telling import COLUMNS, entry_of, row_of
from .words import speaker

SVG, PNG, JWT, JSON_LD = "image/svg+xml", "image/png", "application/vc+jwt", "application/ld+json"
LIST_STEP = 600  # seconds: a status list of one body is the same for so long, unless something changes
FILES = (".json", ".csv", ".atom", ".pdf", ".svg", ".png")

register = Blueprint("register", __name__)


class NoLongerHeld(Problem):
    """The award was suspended, withdrawn, or replaced by another, so there is no certificate of it to take away. Its
    page and its check say how it stands."""

    status = 410
    title = "This award has no certificate any more"


# The register


@register.get("/register")
@open_to_all
def find_awards() -> Response:
    """Who holds an award, of those who agreed to be named here: searched, newest first."""
    wanted, day = _wanted(), today()
    found = listed(wanted, day, PAGE + 1)
    return page(
        "register.html",
        lives=A_MINUTE,
        asked=asdict(wanted),
        found=found[:PAGE],
        number=count_listed(wanted, day),
        wanted=wanted,
        next=link("/register", **asdict(replace(wanted, after=found[PAGE - 1].number))) if len(found) > PAGE else None,
        files=[(words, link(path, **asdict(replace(wanted, after="")))) for words, path in _beside()],
        sectors=[one.summary_in(asked_language()) for one in _checklists().sectors.values()],
        states=STANDING,
    )


@register.get("/register.json")
@open_to_all
def register_as_json() -> Response:
    """The same for programs, a page at a time: ask again with `after` until `next` is null."""
    wanted = _wanted()
    found = listed(wanted, today(), PAGE + 1)
    more = found[PAGE - 1].number if len(found) > PAGE else None
    return send_json({"awards": [entry_of(entry, home()) for entry in found[:PAGE]], "next": more}, A_MINUTE)


@register.get("/register.csv")
@open_to_all
def register_as_csv() -> Response:
    """The same as one table."""
    file = io.BytesIO()
    write_csv(COLUMNS, (row_of(entry) for entry in listed(_wanted(), today(), None)), file)
    return send_file(file.getvalue(), CSV, A_MINUTE, Content_Disposition="attachment; filename=register.csv")


@register.get("/register.atom")
@open_to_all
def register_as_feed() -> Response:
    """What happened to awards lately, as a feed."""
    day = today()
    return send_file(feed_of(news(day), home(), asked_language(), day), ATOM, A_MINUTE)


@register.get("/register/<number>")
@open_to_all
def show_award(number: str) -> Response:
    """One award: what was judged, how it was decided, and what became of it."""
    entry = _listed(number)
    return page(
        "award.html",
        lives=A_MINUTE,
        entry=entry,
        history=history_of(entry),
        headings=heading_titles(entry, asked_language()),
        edition=entry.edition.in_words(entry.site.sector, asked_language()),
    )


@register.get("/register/<number>.json")
@open_to_all
def award_as_json(number: str) -> Response:
    """The same for programs."""
    entry = _listed(number)
    return send_json(entry_of(entry, home(), history_of(entry)), A_MINUTE)


# Certificates: whoever knows a number holds its paper


@register.get("/certificate/<number>")
@open_to_all
def show_certificate(number: str) -> Response:
    """The certificate as a page that prints."""
    entry = _found(number)
    headings = heading_titles(entry, asked_language())
    return page(
        "certificate.html",
        entry=entry,
        headings=headings,
        seal=ring([(1.0, 1.0, False)] * len(headings)),
        qr=qr(f"{home()}/check/{number}"),
        edition=entry.edition.in_words(entry.site.sector, asked_language()),
        words=page_words(entry, headings, home(), asked_language()),
        stands=entry.state == VALID,
    )


@register.get("/certificate/<number>.pdf")
@open_to_all
def print_certificate(number: str) -> Response:
    """The certificate as tagged PDF (PDF/UA), a page in each language that its edition has."""
    told, (languages, drafts) = told_by(entry := _held(number), home()), languages_of(entry)
    tag = tag_of(f"{told} {languages} {drafts}")
    if tag in request.if_none_match:
        reply = Response(status=304)
    else:
        reply = reply_pdf(certificate(told, languages, drafts), number)
    reply.set_etag(tag)
    reply.headers["Cache-Control"] = "no-cache"
    return reply


@register.get("/certificate/<number>.json")
@open_to_all
def signed_certificate(number: str) -> Response:
    """The signed credential, as a W3C Verifiable Credential in its envelope."""
    return send_json(envelope(_token(number)), kind=JSON_LD)


@register.get("/certificate/<number>.svg")
@open_to_all
def baked_svg(number: str) -> Response:
    """The badge as SVG, with the credential in it."""
    return send_file(badge_svg(_token(number), number), SVG, Content_Security_Policy=PICTURE_ALONE)


@register.get("/certificate/<number>.png")
@open_to_all
def baked_png(number: str) -> Response:
    """The badge as PNG, with the credential in it."""
    return send_file(badge_png(_token(number)), PNG)


@register.get("/badge/<number>.svg")
@open_to_all
def embedded_badge(number: str) -> Response:
    """How the award stands today, as a picture for other websites. Kept an hour at most, and never past midnight, on
    which an award may run out."""
    entry, say = _found(number), speaker(asked_language())
    word = say(f"is_{entry.state}")
    title = entry.edition.summary_in(asked_language())["title"]
    until = say("until_short", day=spoken(entry.until)) if entry.state == VALID else ""
    lives = min(AN_HOUR, int(until_midnight(now()).total_seconds()))
    drawn = status_badge(entry.state, say("badge_words", number=number, state=word), word, until, (title, number))
    return send_file(drawn, SVG, lives, Content_Security_Policy=PICTURE_ALONE)


# Who gives awards, and what they judge by


@register.get("/organisations/<id>")
@open_to_all
def show_body(id: str) -> Response:
    """Who gives awards in its own name: the issuer of credentials. Programs that ask for JSON are given it."""
    if request.accept_mimetypes.best_match(["text/html", JSON_LD, "application/json"]) != "text/html":
        return body_as_json(id)
    body = _body(id)
    number = count_listed(Wanted(body=id), today())
    reply = page("body.html", body=body, number=number, purposes=PURPOSES)
    reply.vary.add("Accept")
    return reply


@register.get("/organisations/<id>.json")
@open_to_all
def body_as_json(id: str) -> Response:
    """The same as an Open Badges profile."""
    address = f"{home()}/organisations/{id}"
    told = {"@context": [OPEN_BADGES], "id": address, "type": ["Profile"], "name": _body(id).name, "url": address}
    reply = send_json(told, kind=JSON_LD)
    reply.vary.add("Accept")
    return reply


@register.get("/places/<id>")
@open_to_all
def show_place(id: str) -> Response:
    """A place that holds an award, as credentials name it: its newest award in the register."""
    number = newest_at(id)
    if number is None:
        raise NotFound()
    return redirect(link(f"/register/{number}"), 303)


@register.get("/checklists/<slug>/<int:number>")
@open_to_all
def show_edition(slug: str, number: int) -> Response:
    """What is judged: every principle and statement of a published edition, in the words of a kind of setting."""
    edition, sectors = _checklists().find(slug, number), _checklists().sectors
    sector = request.args.get("sector") or next(iter(sectors))
    return page(
        "edition.html",
        lives=AN_HOUR,
        asked={"sector": sector},
        edition=edition.in_words(sector, asked_language()),
        published=edition.published,
        sectors=[one.summary_in(asked_language()) for one in sectors.values()],
    )


# For programs


@register.get("/.well-known/jwks.json")
@open_to_all
def public_keys() -> Response:
    """The public halves of the keys that certificates are signed with."""
    return send_json(key_set(published_keys()), A_MINUTE, kind="application/jwk-set+json")


@register.get("/status/<id>/<purpose>")
@open_to_all
def ended_awards(id: str, purpose: str) -> Response:
    """A body's status list: which of its awards were withdrawn, suspended or superseded, signed, fresh for a week."""
    if purpose not in PURPOSES:
        raise NotFound()
    _body(id)
    moment = now().replace(microsecond=0)
    began = moment.fromtimestamp(moment.timestamp() // LIST_STEP * LIST_STEP, moment.tzinfo)
    return send_file(status_list(home(), id, purpose, places_set(id, purpose), signing_key(), began), JWT, A_MINUTE)


# When something is not there


@register.errorhandler(Problem)
def explain(problem: Problem) -> Response:
    """A page for people, a problem for programs."""
    if request.path.endswith(FILES) or request.path.startswith(("/status/", "/.well-known/")):
        return render(problem)
    return explained(problem, "/register")


# Inside.


def _wanted() -> Wanted:
    """What somebody looks for, cut to what any name can be long."""
    return Wanted(**{name: request.args.get(name, "").strip()[:120] for name in Wanted.__dataclass_fields__})


def _beside() -> tuple[tuple[str, str], ...]:
    return (("feed", "/register.atom"), ("as_csv", "/register.csv"), ("as_json", "/register.json"))


def _listed(number: str) -> Entry:
    entry = find_listed(number, today())
    if entry is None:
        raise NotFound(speaker(asked_language())("not_listed_why"))
    return entry


def _found(number: str) -> Entry:
    entry = look_up(number, today())
    if entry is None:
        raise NotFound(speaker(asked_language())("says_unknown_number"))
    return entry


def _held(number: str) -> Entry:
    """An award that stands, or that ran out in its time, which its paper says by itself."""
    entry = _found(number)
    if entry.state not in (VALID, EXPIRED):
        raise NoLongerHeld()
    return entry


def _token(number: str) -> str:
    token = current_token(_held(number).number)
    if token is None:
        raise NotFound()
    return token


def _body(id: str):
    body = find_body(id)
    if body is None:
        raise NotFound()
    return body


def _checklists():
    return current_app.extensions["checklists"]

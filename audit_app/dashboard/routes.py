"""Where managers ask."""

from pathlib import Path

import orjson
from flask import Blueprint, Response, request

from ..access import require_sign_in, signed_in
from ..db import as_text, now
from ..problems import Malformed
from ..typeset import typeset
from ..wire import PDF, PROTOCOL, asked_language, asked_number, reply, reply_pdf, speaks, tag_of
from . import changing, hearing, standing
from .asking import ASKED, Asked
from .board import board_paper
from .schemas import (
    AgreementSchema,
    ChangesSchema,
    CoverageSchema,
    CyclesSchema,
    DueSchema,
    GapsSchema,
    PassedOnSchema,
    SettingsSchema,
    VoicesSchema,
)

BOARD_PAPER = Path(__file__).resolve().parent / "board-paper.typ"

dashboard = Blueprint("dashboard", __name__, url_prefix="/api/dashboard")


@dashboard.get("/settings")
@speaks(gives=SettingsSchema, asks=ASKED, refuses=(Malformed,), etag=True)
@require_sign_in
def show_settings():
    """The heat map: settings by principle, or by the groups of a lens, from findings. By name unless another order is
    asked for; the order `shown` is a ranking."""
    return _told(standing.settings(signed_in(), _asked(), kept=orjson.Fragment))


@dashboard.get("/gaps")
@speaks(gives=GapsSchema, asks=ASKED, refuses=(Malformed,), etag=True)
@require_sign_in
def show_gaps():
    """Where voices differ most, the widest gaps first."""
    return _told(hearing.gaps(signed_in(), _asked()))


@dashboard.get("/voices")
@speaks(gives=VoicesSchema, asks=ASKED, refuses=(Malformed,), etag=True)
@require_sign_in
def show_voices():
    """What each voice says of every principle and criterion."""
    return _told(hearing.voices(signed_in(), _asked()))


@dashboard.get("/passed-on")
@speaks(gives=PassedOnSchema, asks=ASKED, refuses=(Malformed,), etag=True)
@require_sign_in
def show_passed_on():
    """What each voice says of each principle, for readers who may not open the audits: small numbers are hidden."""
    return _told(hearing.passed_on(signed_in(), _asked()))


@dashboard.get("/agreement")
@speaks(gives=AgreementSchema, asks=ASKED, refuses=(Malformed,), etag=True)
@require_sign_in
def show_agreement():
    """How far contributors agree, and where they are furthest apart."""
    return _told(hearing.agreement(signed_in(), _asked()))


@dashboard.get("/coverage")
@speaks(gives=CoverageSchema, asks=ASKED, refuses=(Malformed,), etag=True)
@require_sign_in
def show_coverage():
    """What findings rest on, where that is little."""
    return _told(hearing.coverage(signed_in(), _asked()))


@dashboard.get("/changes")
@speaks(gives=ChangesSchema, asks=ASKED, refuses=(Malformed,), etag=True)
@require_sign_in
def show_changes():
    """What improved and what slipped since the audit before, the largest changes first."""
    return _told(changing.changes(signed_in(), _asked()))


@dashboard.get("/cycles")
@speaks(gives=CyclesSchema, asks=ASKED, refuses=(Malformed,), etag=True)
@require_sign_in
def show_cycles():
    """How each principle stood in every audit, setting by setting."""
    return _told(changing.cycles(signed_in(), _asked()))


@dashboard.get("/due")
@speaks(gives=DueSchema, asks=ASKED, refuses=(Malformed,), etag=True)
@require_sign_in
def show_due():
    """What is overdue or due within a week, the earliest first."""
    return _told(standing.due(signed_in(), _asked()))


@dashboard.get("/board-paper.pdf")
@speaks(gives=PDF, asks=("organisation", "language"))
@require_sign_in
def print_board_paper():
    """The board paper, as tagged PDF (PDF/UA): heat map, changes, gaps, what is due, and the words around them. What
    rests on fewer than five people is hidden in it, since it is passed on."""
    paper = board_paper(signed_in(), request.args.get("organisation", ""), asked_language())
    return reply_pdf(typeset(BOARD_PAPER, paper), f"Board paper {now().date().isoformat()}")


def _asked() -> Asked:
    numbers = {name: asked_number(name) for name in ("cycle", "after")}
    words = {name: request.args[name] for name in ASKED if name not in numbers and name in request.args}
    return Asked(**words, **numbers)


def _told(body: dict) -> Response:
    """The figures as of now; the ETag is of the figures alone. A large body is written once for both."""
    figures = orjson.dumps(body)
    etag = tag_of(figures)
    if etag in request.if_none_match:
        return reply({}, etag=etag)
    about = orjson.dumps({"protocol": PROTOCOL, "as_of": as_text(now())})
    response = Response(b"".join((about[:-1], b",", figures[1:])), mimetype="application/json")
    response.set_etag(etag)
    return response

"""Where calendars ask what is due."""

from flask import Blueprint, Response, request
from sqlalchemy import select

from ..access import find_person, open_to_all
from ..accounts import throttle
from ..accounts.models import hash_secret
from ..db import db, glance
from ..problems import Problem, SlowDown
from ..wire import asked_language, speaks, tag_of
from .feed import calendar_of
from .models import CalendarLink

plans = Blueprint("plans", __name__, url_prefix="/api")

CALENDAR = "text/calendar"


class CalendarUnknown(Problem):
    """This link to a calendar was ended, was replaced by a newer one, or was never ours. Make a new one in Milieu."""

    status = 404
    title = "This link to a calendar does not work any more"


@plans.get("/calendar/<secret>.ics")
@speaks(gives=CALENDAR, asks=("language",), refuses=(CalendarUnknown, SlowDown), etag=True)
@open_to_all
def show_calendar(secret: str):
    """What is due at the settings that the link's owner may see now, and what is awaited of them. Whoever has the link
    may look: no answers, no comments, no names are in it."""
    person = find_person(_owner_of(secret))
    body = calendar_of(person, request.host_url, asked_language())
    etag = tag_of(body)
    response = Response(status=304) if etag in request.if_none_match else Response(body, mimetype=CALENDAR)
    response.set_etag(etag)
    return response


def _owner_of(secret: str) -> str:
    hashed = hash_secret(secret)
    keys = throttle.keys_for("calendar", hashed)
    throttle.require_turn(keys)
    with glance():
        owner = db.session.scalar(select(CalendarLink.person_id).filter_by(secret_sha256=hashed))
    if owner is None:
        throttle.note_failure(keys)
        raise CalendarUnknown("Make a new link in Milieu, and give that one to your calendar.")
    return owner

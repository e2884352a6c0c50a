"""Where a device reads checklists. What is public in them is still only for the signed-in."""

import hashlib

from flask import Blueprint, current_app, request

from ..access import require_sign_in
from ..wire import dump, reply, speaks
from .models import ChecklistUnknown, LanguageUnknown, SectorUnknown
from .schemas import LibrarySchema, SpokenEditionSchema

routes = Blueprint("checklists", __name__, url_prefix="/api/checklists")


@routes.get("")
@speaks(gives=LibrarySchema, asks=("language",), etag=True)
@require_sign_in
def see_checklists():
    """The checklists that a new audit may choose from, and the sectors that there are."""
    library = current_app.extensions["checklists"]
    language = request.args.get("language", "en")
    return _reply_once(
        {
            "checklists": [edition.summary_in(language) for edition in library.offered],
            "sectors": [sector.summary_in(language) for sector in library.sectors.values()],
        }
    )


@routes.get("/<slug>/<int:edition>")
@speaks(
    gives=SpokenEditionSchema,
    asks=("sector", "language"),
    etag=True,
    refuses=(ChecklistUnknown, SectorUnknown, LanguageUnknown),
)
@require_sign_in
def see_edition(slug: str, edition: int):
    """One published edition in the words of `?sector=` and, if it is kept in it, in `?language=`."""
    found = current_app.extensions["checklists"].find(slug, edition)
    return _reply_once(found.in_words(request.args.get("sector", ""), request.args.get("language", "en")))


def _reply_once(body: dict):
    """Reply with the body's own hash as its ETag, so that a device fetches it again only when a word has changed."""
    return reply(body, etag=hashlib.sha256(dump(body).encode()).hexdigest()[:32])

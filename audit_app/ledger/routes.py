"""The one door: POST /api/operations."""

from flask import Blueprint
from marshmallow import ValidationError

from ..access import require_sign_in, signed_in
from ..problems import Malformed, NotFound, SignInRequired
from ..wire import read_json, reply, speaks
from .perform import LedgerDiverged, OpeningRefused, perform
from .schemas import PushedSchema, PushSchema

door = Blueprint("ledger", __name__, url_prefix="/api")


@door.post("/operations")
@speaks(takes=PushSchema, gives=PushedSchema, refuses=(LedgerDiverged, NotFound, OpeningRefused))
@require_sign_in
def push():
    """Take a batch of operations of one stream and say what became of each."""
    try:
        pushed = PushSchema().load(read_json())
    except ValidationError as refused:
        raise Malformed("The push is not formed as it should be.", errors=refused.normalized_messages()) from None
    if pushed["person"] not in (None, signed_in().id):
        raise SignInRequired("Somebody else is signed in now. Sign in again, and what waits is sent in your name.")
    done = perform(
        pushed["stream"],
        pushed["operations"],
        by=signed_in(),
        cursor=pushed["cursor"],
        on_behalf_of=pushed["on_behalf_of"],
    )
    return reply({"outcomes": done.outcomes, "cursor": done.cursor})

"""Where managers ask."""

import hashlib

from flask import Blueprint

from ..access import require_sign_in, signed_in
from ..db import as_text, now
from ..wire import dump, reply, speaks
from .queries import settings_side_by_side
from .schemas import DashboardSchema

dashboard = Blueprint("dashboard", __name__, url_prefix="/api/dashboard")


@dashboard.get("")
@speaks(gives=DashboardSchema, etag=True)
@require_sign_in
def show():
    """The settings one manages, side by side, as of now."""
    sites = settings_side_by_side(signed_in())
    etag = hashlib.sha256(dump(sites).encode()).hexdigest()[:16]
    return reply({"as_of": as_text(now()), "sites": sites}, etag=etag)

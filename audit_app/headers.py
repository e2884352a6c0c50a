"""What every reply says to the browser, from the first page on."""

import re
import uuid

from flask import Flask, Response, g, request

CSP = "; ".join(
    (
        "default-src 'none'",
        "script-src 'self'",
        "style-src 'self'",
        "img-src 'self' blob: data:",
        "connect-src 'self'",
        "font-src 'self'",
        "manifest-src 'self'",
        "worker-src 'self'",
        "base-uri 'none'",
        "form-action 'self'",
        "frame-ancestors 'none'",
        "require-trusted-types-for 'script'",
        "trusted-types lit-html sw photo",
    )
)
HEADERS = {
    "Content-Security-Policy": CSP,
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "no-referrer",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Cross-Origin-Resource-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=(), payment=(), usb=()",
}
STRICT_TRANSPORT = "max-age=63072000; includeSubDomains"
GIVEN_ID = re.compile(r"[A-Za-z0-9-]{8,64}")


def init_app(app: Flask) -> None:
    """Name each request, and send the headers with each reply."""
    app.before_request(_name_request)
    app.after_request(_send_headers)


def _name_request() -> None:
    given = request.headers.get("X-Request-Id", "")
    g.request_id = given if GIVEN_ID.fullmatch(given) else uuid.uuid4().hex[:16]


def _send_headers(response: Response) -> Response:
    response.headers["X-Request-Id"] = g.get("request_id", "")
    if request.path.startswith("/api"):
        response.headers["Cache-Control"] = "no-store"
        response.headers.pop("Vary", None)  # nothing of it is kept, so nothing varies
    if response.status_code == 304:
        return response  # it has no body to guard, and the one poll should cost next to nothing
    for name, value in HEADERS.items():
        response.headers.setdefault(name, value)
    if request.is_secure:
        response.headers["Strict-Transport-Security"] = STRICT_TRANSPORT
    return response

"""Problem: a refusal we can explain, rendered as RFC 9457."""

import re

from flask import g


class Problem(Exception):
    """A refusal with a name, a status and words; its class name becomes the `type`.

    `AuditIncomplete` is `/problems/audit-incomplete`. The class docstring is the page that explains it.
    `extras` become members of the body, for instance `errors={"rating": ["…"]}`. `headers` go with the reply.
    `keeps`: what was said offline and meets it is kept, rather than refused.
    """

    status = 422
    title = "This cannot be done"
    words = ""  # the detail where none is given
    keeps = False

    def __init__(self, detail: str = "", *, headers: dict[str, str] | None = None, **extras):
        super().__init__(detail or self.title)
        self.detail = detail or self.words
        self.headers = headers or {}
        self.extras = extras

    @classmethod
    def name(cls) -> str:
        """The problem's name on the wire: `AuditIncomplete` is `audit-incomplete`."""
        return re.sub(r"(?<!^)(?=[A-Z])", "-", cls.__name__).lower()

    def brief(self) -> dict:
        """The problem as it stands inside an outcome: what, and why in words."""
        return {"type": f"/problems/{self.name()}", "title": self.title, "detail": self.detail, **self.extras}

    def body(self) -> dict:
        """The whole problem document of RFC 9457."""
        return {"protocol": 1, **self.brief(), "status": self.status, "request_id": g.get("request_id", "")}


def all_problems(root: type[Problem] = Problem) -> dict[str, type[Problem]]:
    """Every problem there is, by its name."""
    found = {}
    for problem in root.__subclasses__():
        found[problem.name()] = problem
        found |= all_problems(problem)
    return found


class Malformed(Problem):
    """The request could not be read. Nothing of it was taken; send it again in a form that can be read."""

    status = 422
    title = "This request cannot be read"


class NotJson(Malformed):
    """The body is not JSON, or not the JSON object that was expected. Nothing of it was taken."""

    status = 400
    title = "This is not JSON"


class TooLarge(Problem):
    """The request holds more than may be sent at once. Nothing of it was taken; send it in smaller parts."""

    status = 413
    title = "Too large to take at once"


class SignInRequired(Problem):
    """Nobody is signed in here, or the session has ended. Unsent work stays on the device; sign in and it is sent."""

    status = 401
    title = "Please sign in"


class NotFound(Problem):
    """There is no such thing here, or it is not yours to see. The two look alike on purpose."""

    status = 404
    title = "Not found"
    words = "There is no such thing here, or it is not yours to see."


class NotAllowed(Problem):
    """You are signed in, and your role does not include this."""

    status = 403
    title = "Your role does not include this"


class CrossSite(Problem):
    """The request came from another website. Milieu takes changes only from its own pages."""

    status = 403
    title = "This came from another website"


class MethodNotAllowed(Problem):
    """This address exists, and does not take that method."""

    status = 405
    title = "Not that way"


class UnknownHost(Problem):
    """The service was asked under a name that it does not go by."""

    status = 400
    title = "Unknown host name"


class SlowDown(Problem):
    """Too many attempts. Nothing is locked; wait as told and try again."""

    status = 429
    title = "Please wait a moment"


class Unavailable(Problem):
    """The service cannot write just now. Nothing was half done; the device repeats by itself."""

    status = 503
    title = "Not available just now"


class StorageFull(Problem):
    """The service has no room left to write. Reading goes on, nothing acknowledged is lost, and sending resumes."""

    status = 507
    title = "The service’s storage is full"


class Bug(Problem):
    """Something went wrong that nobody foresaw. It was written down under the request's id; nothing was half done."""

    status = 500
    title = "Something went wrong on our side"

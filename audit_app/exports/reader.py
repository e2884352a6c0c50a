"""Who reads figures: somebody who is signed in, or a program with a token that somebody made for it. Never both."""

import functools
from collections.abc import Callable
from dataclasses import dataclass

from flask import g, request
from flask_login import current_user
from sqlalchemy import update

from ..access import BY_PROGRAM, CALLABLE_BY, Person, find_person, signed_in
from ..accounts import throttle
from ..accounts.models import hash_secret
from ..db import db, glance, now, own_transaction
from ..problems import NotAllowed, Problem, SignInRequired
from .models import AccessToken
from .queries import Scope

BEARER = "Bearer "


class TokenUnknown(Problem):
    """This token was ended, its last day is over, or it was never ours. Its owner can make a new one in Milieu."""

    status = 401
    title = "This token does not work any more"
    words = "Make a new key in Milieu, under More and Take figures out, and give that one to your program."


@dataclass(frozen=True)
class Reader:
    """On whose behalf figures are read; with a token, of its one organisation alone."""

    person: Person
    organisation_id: str | None = None

    def scope(self, language: str) -> Scope:
        """What may be read; refuses with `NotAllowed` where that is nothing at all."""
        scope = Scope.of_person(self.person, language, self.organisation_id)
        if not scope.sites:
            raise NotAllowed("There is no setting whose figures your role lets you take out.")
        return scope


def require_reader(view: Callable) -> Callable:
    """A route that only reads, for whoever is signed in, or for a token in `Authorization: Bearer`. With that header
    the token alone is asked, and no cookie is looked at."""

    @functools.wraps(view)
    def guarded(*args, **kwargs):
        if "Authorization" in request.headers:
            g.reader = _by_token(request.headers["Authorization"])
        elif current_user.is_authenticated:
            g.reader = Reader(signed_in())
        else:
            raise SignInRequired("Sign in, or send a token.")
        return view(*args, **kwargs)

    setattr(guarded, CALLABLE_BY, "signed in")
    setattr(guarded, BY_PROGRAM, True)
    return guarded


def reader() -> Reader:
    """On whose behalf this request reads."""
    return g.reader


def _by_token(header: str) -> Reader:
    hashed = hash_secret(header.removeprefix(BEARER).strip())
    keys = throttle.keys_for("token", hashed)
    throttle.require_turn(keys)
    with glance():
        token = db.session.scalar(db.select(AccessToken).filter_by(secret_sha256=hashed))
    if token is None or not token.works or not header.startswith(BEARER):
        throttle.note_failure(keys)
        raise TokenUnknown(headers={"WWW-Authenticate": "Bearer"})
    _note_used(token)
    return Reader(find_person(token.person_id), token.organisation_id)


def _note_used(token: AccessToken) -> None:
    """Note now and then that a token is in use, beside this request, which only reads."""
    if token.use_is_stale:
        with own_transaction() as connection:
            connection.execute(update(AccessToken.__table__).filter_by(id=token.id).values(used_at=now()))

"""What can be done about figures: make a token to read them with (on screen: a key), and end it."""

from datetime import date, timedelta

from ..access import Person
from ..db import db, now
from ..ledger.canonical import tidy
from ..ledger.kinds import online
from ..ledger.models import Stream
from ..problems import NotAllowed, NotFound, Problem
from ..sites.queries import sees_any
from .models import AccessToken
from .schemas import TokenEndSchema, TokenMakeSchema

MOST_TOKENS = 20
LONGEST = timedelta(days=366)


class TokenDayRefused(Problem):
    """A token works until a day that is not over yet, and not so far away that nobody would remember it."""

    title = "Choose another last day"


class TooManyTokens(Problem):
    """Nobody can keep an eye on so many tokens. End those that are not used any more, and make the new one then."""

    title = "You have too many tokens"


class TokenUsedBefore(Problem):
    """There is a token with this id or this secret already. Make another one."""

    title = "There is such a token already"


def _told(scene, payload: dict, language: str) -> dict:
    token = db.session.get(AccessToken, payload["token"])
    return payload | {"name": payload.get("name") or (token.name if token else "?")}


@online(
    "token.make",
    TokenMakeSchema,
    {
        "en": "{who} made the key “{name}” to read figures with until {until}",
        "cy": "Gwnaeth {who} yr allwedd “{name}” i ddarllen ffigurau tan {until}",
    },
    asks=True,
    tell=_told,
)
def make_token(by: Person, stream: Stream, payload: dict) -> None:
    """A token for oneself. It shows what its owner may see in this organisation when it is used."""
    if not sees_any(by, "export.see", stream.organisation_id):
        raise NotAllowed("Your role here does not include taking figures out.")
    today = now().date()
    if not today <= date.fromisoformat(payload["until"]) <= today + LONGEST:
        raise TokenDayRefused(f"Choose a day from today on, and within {LONGEST.days} days.")
    if len(tokens_of(by)) >= MOST_TOKENS:
        raise TooManyTokens(f"At most {MOST_TOKENS} at a time.")
    same = (AccessToken.id == payload["token"]) | (AccessToken.secret_sha256 == payload["secret_sha256"])
    if db.session.scalar(db.select(AccessToken.id).filter(same)):
        raise TokenUsedBefore()
    db.session.add(
        AccessToken(
            id=payload["token"],
            person_id=by.id,
            organisation_id=stream.organisation_id,
            name=tidy(payload["name"]),
            secret_sha256=payload["secret_sha256"],
            until=payload["until"],
        )
    )
    db.session.flush()


@online(
    "token.end",
    TokenEndSchema,
    {"en": "{who} ended the key “{name}”", "cy": "Terfynodd {who} yr allwedd “{name}”"},
    asks=True,
    tell=_told,
)
def end_token(by: Person, stream: Stream, payload: dict) -> None:
    """The token opens nothing from now on. Its owner may always end it, whatever else has ended; ending it twice is as
    good as once."""
    token = db.session.get(AccessToken, payload["token"])
    if token is None or token.person_id != by.id or token.organisation_id != stream.organisation_id:
        raise NotFound("You have no such token.")
    token.ended_at = token.ended_at or now()


def end_all_tokens() -> None:
    """End everybody's tokens: after a restore some would open again that were ended since the backup."""
    db.session.execute(db.update(AccessToken).filter_by(ended_at=None).values(ended_at=now()))


def tokens_of(person: Person) -> list[AccessToken]:
    """The tokens of a person that still work, newest first."""
    query = db.select(AccessToken).filter_by(person_id=person.id, ended_at=None).order_by(AccessToken.id.desc())
    return [token for token in db.session.scalars(query) if token.works]

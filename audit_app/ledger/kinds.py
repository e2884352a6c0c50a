"""The kinds of operation there are. Capabilities register their verbs here; the ledger asks this table."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass

from marshmallow import Schema

AUDIT = "audit"
ORGANISATION = "organisation"
SUBMISSION = "submission"  # one audit's way through an awarding body
ASSESSMENT = "assessment"  # one assessor's work on it


@dataclass(frozen=True)
class Kind:
    """One verb: how its payload looks, where it lives, what it does, and how the history tells it.

    `act` of an offline kind is pure: payload to {register: value}. `act` of an online kind is called as
    `act(by=person, stream=stream, payload=payload)` inside its own savepoint and changes tables.
    `check(stream, payload)` refuses what the schema cannot know, such as a criterion the edition lacks.
    `opens`: the first operation of its stream; `place(stream id, payload)` then says (organisation id, site id).
    `asks`: who may hangs on the payload, so `act` asks `access` itself.
    `tell(scene, payload, language)`: the words that `history` has places for; without it, the payload's own. It may
    also give a `template` of its own, and what is to be said `besides`.
    `goes_on`: an offline kind that comes into force even where its stream is sealed; `answers(scene, payload,
    asked)`: whether it does while that is asked of what is sealed.
    `in_private`: what it says is for no history; that it was said is.
    """

    name: str
    stream: str
    schema: Schema
    act: Callable
    history: Mapping[str, str]
    online: bool = False
    check: Callable | None = None
    opens: bool = False
    place: Callable | None = None
    asks: bool = False
    tell: Callable | None = None
    goes_on: bool = False
    answers: Callable[..., bool] | None = None
    in_private: bool = False


KINDS: dict[str, Kind] = {}
PROJECTIONS: dict[str, list["Projection"]] = {}
PROOFS: dict[str, list[Callable]] = {}


@dataclass(frozen=True)
class Projection:
    """How a stream kind's tables are drawn: `draw(stream, changed)`, where `changed` maps every register whose live
    writes changed to them (operation id to canonical value). `tables` are all it draws, children first."""

    draw: Callable
    tables: tuple


def offline(name: str, schema: type[Schema], history: Mapping[str, str], *, stream: str = AUDIT, **more):
    """Register a kind that devices record without a network: a pure function from payload to registers."""
    return _register(Kind, name=name, stream=stream, schema=schema, history=history, **more)


def online(name: str, schema: type[Schema], history: Mapping[str, str], *, stream: str = ORGANISATION, **more):
    """Register a kind that is sent at once and awaited: a function that changes tables, or refuses."""
    return _register(Kind, name=name, stream=stream, schema=schema, history=history, online=True, **more)


def proof(stream: str):
    """Register a function that `verify` asks of each stream of this kind: it names what does not fit, or gives None."""

    def register(function):
        PROOFS.setdefault(stream, []).append(function)
        return function

    return register


def projection(stream: str, tables: tuple):
    """Register a function that draws tables from a stream kind's registers, after those registered before it. A table's
    rows name their stream in a column called after its kind, such as `audit_id`, or as their `id`."""

    def register(function):
        PROJECTIONS.setdefault(stream, []).append(Projection(function, tables))
        return function

    return register


def _register(make, *, name, schema, **fields):
    def register(function):
        if name in KINDS:
            raise ValueError(f"{name} is registered twice")
        KINDS[name] = make(name=name, schema=schema(), act=function, **fields)
        return function

    return register

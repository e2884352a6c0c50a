"""perform(): the one door through which every change to the state of the system comes in."""

import json
import secrets
from dataclasses import dataclass, field
from datetime import datetime

from sqlalchemy import insert, select

from ..access import HOLDS, Grant, Person, find_person, grants_of, has_part, standing
from ..db import as_text, db, new_id, now, upsert
from ..problems import NotAllowed, NotFound, Problem
from . import settling
from .arrivals import Arrival, link, next_tag, parse_ids, payload_hash, read_arrivals
from .kinds import ASSESSMENT, AUDIT, Kind
from .models import Operation, Payload, Stream

HANDED_IN = "Somebody else handed this in from a rescue file."
RIGHT_ENDED = "The right to do this here has ended since."
WHO_ADMITS = {AUDIT: "A lead can put it in force.", ASSESSMENT: "Its assessor can put it in force."}
SEALED = "This came after the audit was handed in. It is kept, and counts if the audit is recalled or returned."


class LedgerDiverged(Problem):
    """The device knows operations that this ledger does not, as after a restore from a backup. Nothing was taken; the
    device fetches the snapshot, puts back what is missing, and goes on."""

    status = 409
    title = "The device and the ledger have parted ways"


class IdReused(Problem):
    """An operation with this id is in the ledger already and says something else."""

    title = "This id was used before, for something else"


class RightEnded(Problem):
    """Made by somebody whose right here has ended since. It is kept. The lead can put it in force; in an assessment
    its assessor can, once they have their role again."""

    title = "Kept: the right to do this has ended"


class HandedIn(Problem):
    """Handed in from a rescue file by somebody else. It is kept. The lead can put it in force; in an assessment its
    assessor can, whose words they are."""

    title = "Kept: handed in by somebody else"


class Sealed(Problem):
    """The audit was submitted before this arrived, and what was submitted is sealed. It is kept, marked late, and shown
    to the lead and the assessor. It counts by itself once the audit is recalled or returned; nothing is lost."""

    title = "Kept: the audit was handed in before this came"


class WrongStream(Problem):
    """This kind of operation does not belong to this stream."""

    title = "This does not belong here"


class Refused(Problem):
    """The operation was refused; the words say why."""


class OpeningRefused(Problem):
    """The operation that would begin this audit or organisation cannot be taken, so nothing after it can."""

    title = "This cannot be begun"


class AlreadyOpen(Problem):
    """A stream is begun once."""

    title = "This was begun before"


@dataclass
class Outcomes:
    """What became of a batch: one outcome an operation, in the order sent, and where the stream stands now."""

    outcomes: list[dict]
    cursor: str


@dataclass
class Scene:
    """What a kind's `check` may look at: the stream, what opened it, a memory that lasts one batch, whose words these
    are (nobody's in particular where the history is told), and whether their author hands them in."""

    stream: Stream
    opening: dict
    memory: dict = field(default_factory=dict)
    author_id: str | None = None
    in_person: bool = True


def perform(
    stream_id: str,
    operations: list[dict],
    *,
    by: Person,
    cursor: str | None = None,
    on_behalf_of: str | None = None,
    received_at: datetime | None = None,
) -> Outcomes:
    """Take a batch of operations of one stream, oldest first, and say what became of each.

    Every operation gets a verdict and is stored with it; a repeat gets the same answer. `by` is who is signed in and
    is the author, unless the batch is handed in from a rescue file (`on_behalf_of`): then all of it is kept and
    credits that person. Refuses as a whole, taking nothing: `NotFound` where `by` never had a part,
    `LedgerDiverged` when `cursor` is no prefix of this ledger, `Malformed` and `TooLarge` for what cannot be stored.
    The caller commits.
    """
    received_at = received_at or now()
    arrivals = read_arrivals(operations, received_at)
    stream = lock(stream_id) or _open(stream_id, arrivals, by, received_at)
    batch = _Batch(stream, by, on_behalf_of, received_at)
    _require_prefix(stream, cursor)
    return batch.take(arrivals)


def perform_one(stream_id: str, kind: str, payload: dict, *, by: Person, received_at: datetime | None = None) -> dict:
    """Perform one operation made here and now by a command; raises `Refused` unless it was applied."""
    operation = _made_here(kind, payload, received_at or now())
    outcome = perform(stream_id, [operation], by=by, received_at=received_at).outcomes[0]
    if outcome["verdict"] != "applied":
        raise Refused(outcome["problem"]["detail"] or outcome["problem"]["title"])
    return outcome


def record(stream: Stream, kind: str, payload: dict, *, by: Person) -> None:
    """Write into this stream what `by` has just done in another, so that its history tells it and devices notice. The
    caller has locked the stream, and has asked whether `by` may: nothing is asked here, and nothing is acted."""
    received_at = now()
    [arrival] = read_arrivals([_made_here(kind, payload, received_at)], received_at)
    _Recorded(stream, by, None, received_at).write(arrival)


def _made_here(kind: str, payload: dict, at: datetime) -> dict:
    """An operation as a device would send it, made by the service itself at this moment."""
    told = {"id": new_id(), "v": 1, "kind": kind, "at": as_text(at), "device": new_id()}
    return told | {"seen": [], "payload": payload}


def lock(stream_id: str) -> Stream | None:
    """The stream, locked first of all: numbers then follow the order of commits, without gaps."""
    return db.session.scalar(
        select(Stream).filter_by(id=stream_id).with_for_update().execution_options(populate_existing=True)
    )


def _open(stream_id: str, arrivals: list[Arrival], by: Person, received_at: datetime) -> Stream:
    """Begin a stream with its opening operation. What cannot be placed anywhere refuses the whole batch."""
    first = arrivals[0] if arrivals else None
    if first is None or first.kind is None or not first.kind.opens:
        raise NotFound()
    if first.problem:
        raise OpeningRefused(first.problem["detail"], errors=first.problem.get("errors", {}))
    organisation_id, site_id = first.kind.place(stream_id, first.payload)
    if not has_part(grants_of(by), organisation_id, site_id):
        raise NotFound()
    values = {
        "id": stream_id,
        "kind": first.kind.stream,
        "organisation_id": organisation_id,
        "site_id": site_id,
        "opened_at": received_at,
        "epoch": secrets.token_hex(4),
        "seq": 0,
        "tag": "",
        "digest": "",
        "backed_up_to": 0,
    }
    db.session.execute(upsert(Stream.__table__).values(values).on_conflict_do_nothing())
    return lock(stream_id)


def _require_prefix(stream: Stream, cursor: str | None) -> None:
    if cursor is not None and not is_prefix(stream, cursor):
        raise LedgerDiverged("This device knows things that the service no longer does. It will send them again.")


def is_prefix(stream: Stream, cursor: str) -> bool:
    """Is `cursor` a prefix of this stream as it is now?"""
    if cursor == stream.cursor:
        return True
    epoch, _, rest = cursor.partition(".")
    seq, _, tag = rest.partition(".")
    if epoch != stream.epoch or not seq.isascii() or not seq.isdigit() or int(seq) > stream.seq:
        return False
    if int(seq) == 0:
        return tag == ""
    found = select(Operation.tag).filter_by(stream_id=stream.id, number=int(seq))
    return db.session.scalar(found) == tag


class _Batch:
    """One batch on its way into one locked stream."""

    def __init__(self, stream: Stream, by: Person, on_behalf_of: str | None, received_at: datetime):
        self.stream = stream
        self.by = by
        self.received_at = received_at
        self.author_id = on_behalf_of or by.id
        self.handed_in_by = by.id if self.author_id != by.id else None
        self.standings: dict[str, str | None] = {}
        self.grants = self._grants()
        self.waiting: list[Arrival] = []
        self.scene: Scene | None = None

    def take(self, arrivals: list[Arrival]) -> Outcomes:
        repeats = self._repeats(arrivals)
        taken: dict[str, Arrival] = {}
        outcomes = []
        for arrival in arrivals:
            before = repeats.get(arrival.id) or taken.get(arrival.id)
            if before is not None:
                outcomes.append(self._repeat(arrival, before))
                continue
            self._decide(arrival)
            self._append(arrival)
            taken[arrival.id] = arrival
            outcomes.append(arrival)
        self._flush()
        return Outcomes(
            [found if isinstance(found, dict) else found.outcome() for found in outcomes], self.stream.cursor
        )

    # who

    def _grants(self) -> list[Grant]:
        """The author's grants. Whoever never had a part here learns nothing, not even that the stream exists."""
        own = grants_of(self.by)
        if not self._has_part(own):
            raise NotFound()
        if self.handed_in_by is None:
            return own
        author = find_person(self.author_id)
        grants = grants_of(author) if author else []
        if not self._has_part(grants):
            raise NotFound("The person whose file this is never had a part here.")
        return grants

    def _has_part(self, grants: list[Grant]) -> bool:
        return has_part(grants, self.stream.organisation_id, self.stream.site_id)

    def _standing(self, verb: str) -> str | None:
        if verb not in self.standings:
            self.standings[verb] = standing(self.grants, verb, self.stream.organisation_id, self.stream.site_id)
        return self.standings[verb]

    # what was said before

    def _repeats(self, arrivals: list[Arrival]) -> dict[str, "Operation"]:
        ids = [arrival.id for arrival in arrivals]
        found = db.session.scalars(
            select(Operation).filter(Operation.stream_id == self.stream.id, Operation.id.in_(ids))
        )
        return {operation.id: operation for operation in found}

    def _repeat(self, arrival: Arrival, before: Operation | Arrival) -> dict:
        """The same answer as the first time; for other words under the same id, a refusal that changes nothing."""
        if isinstance(before, Arrival):
            same, told = _sent(before) == _sent(arrival), before.outcome()
        else:
            same, told = self._says_the_same(before, arrival), self._outcome_of(before)
        if same:
            return told
        problem = IdReused("Another operation is known by this id already.").brief()
        return {"id": arrival.id, "verdict": "refused", "number": None, "problem": problem}

    def _says_the_same(self, before: Operation, arrival: Arrival) -> bool:
        payload = db.session.get(Payload, (before.stream_id, before.number))
        stored = (before.v, before.kind, before.at, before.device, parse_ids(before.seen), before.of)
        return _sent(arrival)[:-1] == stored and payload_hash(payload.salt, arrival.body) == before.payload_hash

    def _outcome_of(self, before: Operation) -> dict:
        admitted = before.verdict == "kept" and settling.is_admitted(self.stream.id, before.id)
        verdict = "applied" if admitted else before.verdict
        told = {"id": before.id, "verdict": verdict, "number": before.number}
        return told | ({"problem": json.loads(before.problem)} if before.problem and verdict != "applied" else {})

    # what becomes of it

    def _decide(self, arrival: Arrival) -> None:
        if arrival.problem:
            return
        try:
            self._require_right(arrival)
            if arrival.kind.check:
                arrival.kind.check(self._scene(arrival), arrival.payload)
            if arrival.kind.online:
                self._act(arrival.kind, arrival)
            elif self.stream.sealed_at is not None and arrival.verdict == "applied" and not self._goes_on(arrival):
                arrival.keep(Sealed(SEALED))
        except Problem as problem:
            if arrival.kind.opens and not self._last:
                raise OpeningRefused(problem.detail or problem.title) from problem
            if problem.keeps and not arrival.kind.online:
                arrival.keep(problem)
            else:
                arrival.refuse(problem)

    def _goes_on(self, arrival: Arrival) -> bool:
        kind, asked = arrival.kind, self.stream.asked
        if not asked or kind.answers is None:
            return kind.goes_on
        return kind.answers(self._scene(arrival), arrival.payload, json.loads(asked))

    def _require_right(self, arrival: Arrival) -> None:
        kind = arrival.kind
        if kind.stream != self.stream.kind:
            raise WrongStream(f"{kind.name} does not belong to a stream of this kind.")
        if kind.opens and self._last:
            raise AlreadyOpen("This was begun before, by another operation.")
        if kind.online and self.handed_in_by:
            raise NotAllowed("What is done online is done by whoever is signed in, never from a rescue file.")
        if kind.asks:
            return
        held = self._standing(kind.name)
        if held == HOLDS and self.handed_in_by is None:
            return
        if held is None or kind.online:
            raise NotAllowed(f"Your role here does not include {kind.name}.")
        who = WHO_ADMITS[kind.stream]
        kept = HandedIn(f"{HANDED_IN} {who}") if self.handed_in_by else RightEnded(f"{RIGHT_ENDED} {who}")
        arrival.keep(kept)

    def _act(self, kind: Kind, arrival: Arrival) -> None:
        """An online operation changes tables at once, in a savepoint of its own: a refusal costs nobody else's."""
        self._flush()
        with db.session.begin_nested():
            kind.act(by=self.by, stream=self.stream, payload=arrival.payload)

    def _scene(self, arrival: Arrival) -> Scene:
        if self.scene is None:
            opening = arrival.payload if arrival.kind.opens else opening_of(self.stream)
            in_person = self.handed_in_by is None
            self.scene = Scene(self.stream, opening, author_id=self.author_id, in_person=in_person)
        return self.scene

    # into the ledger

    @property
    def _last(self) -> int:
        """The number of the newest operation, stored or waiting."""
        return self.stream.seq + len(self.waiting)

    def _append(self, arrival: Arrival) -> None:
        arrival.number = self._last + 1
        self.waiting.append(arrival)

    def _flush(self) -> None:
        """Chain and store what waits, then settle what stands in the registers."""
        if not self.waiting:
            return
        arrivals, self.waiting = self.waiting, []
        settlement = settling.settle(self.stream.id, arrivals)
        rows = [self._chain(arrival) for arrival in arrivals]
        db.session.flush()
        db.session.execute(insert(Operation.__table__), rows)
        db.session.execute(insert(Payload.__table__), [_payload_row(self.stream.id, arrival) for arrival in arrivals])
        settlement.store()
        settlement.project(self.stream)

    def _chain(self, arrival: Arrival) -> dict:
        row = {
            "stream_id": self.stream.id,
            "number": arrival.number,
            "id": arrival.id,
            "v": arrival.v,
            "kind": arrival.kind_name,
            "at": arrival.at,
            "device": arrival.device,
            "seen": json.dumps(arrival.seen),
            "of": arrival.of,
            "author_id": self.author_id,
            "handed_in_by": self.handed_in_by,
            "verdict": arrival.verdict,
            "problem": json.dumps(arrival.problem) if arrival.problem else None,  # in its order, for a repeat
            "superseded": json.dumps(arrival.superseded),
            "early": arrival.early,
            "received_at": self.received_at,
            "payload_hash": payload_hash(arrival.salt, arrival.body),
        }
        self.stream.seq = arrival.number
        self.stream.tag = row["tag"] = next_tag(self.stream.tag, arrival.id)
        self.stream.digest = row["digest"] = link(self.stream.digest, row)
        return row


class _Recorded(_Batch):
    """What is written into a second stream: whether it may be was asked in the first."""

    def write(self, arrival: Arrival) -> None:
        """Give it the next number, and store it."""
        self._append(arrival)
        self._flush()

    def _grants(self) -> list[Grant]:
        return []


def opening_of(stream: Stream) -> dict:
    """The payload of the operation that opened a stream."""
    return json.loads(db.session.scalar(select(Payload.body).filter_by(stream_id=stream.id, number=1)))


def _sent(arrival: Arrival) -> tuple:
    return (arrival.v, arrival.kind_name, arrival.at, arrival.device, arrival.seen, arrival.of, arrival.body)


def _payload_row(stream_id: str, arrival: Arrival) -> dict:
    return {"stream_id": stream_id, "number": arrival.number, "salt": arrival.salt, "body": arrival.body}

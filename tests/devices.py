"""Model phones against the real service: a compact twin of `static/pwa/store` and `sync`, and a world that knows what
each author had truly seen, to judge by.

A phone's work is a generator that stops at every step that is on its disk and at every request, so that a test can cut
it anywhere, lose or double what travels, and put its disk back to what it was.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass, field, replace

from sqlalchemy import func, select

from audit_app.accounts.models import Grant
from audit_app.db import as_text, db, new_id, now
from audit_app.ledger.canonical import canonical
from audit_app.ledger.models import Admission, Operation, Payload, Stream
from audit_app.ledger.verify import verify

from .builders import CHECKLIST, OURS, operation

NOT_IN_FORCE = ("kept", "refused", "parked")
UNREADABLE = "\x00"


def effects(kind: str, payload: dict) -> dict[str, object]:
    """What a device believes that a payload writes, right or wrong."""
    if kind == "finding.agree":
        return {f"finding/{payload['criterion']}/rating": {"rating": payload["rating"]}}
    if kind == "finding.account":
        return {f"finding/{payload['criterion']}/account": {n: payload[n] for n in ("shows", "helps", "hinders")}}
    if kind == "contributor.add":
        at = f"contributor/{payload['contributor']}"
        return {f"{at}/label": payload["label"], f"{at}/voice": payload["voice"], f"{at}/withdrawn": False}
    if kind == "contributor.withdraw":
        return {f"contributor/{payload['contributor']}/withdrawn": True}
    if kind == "audit.open":
        return {"audit/opening": payload}
    return _effects_of_evidence(kind, payload)


def _effects_of_evidence(kind: str, payload: dict) -> dict[str, object]:
    at = f"evidence/{payload.get('evidence')}"
    if kind == "evidence.add":
        shown = {f"{at}/shows/{criterion}": True for criterion in payload["criteria"]}
        item = {f"{at}/details": {"kind": payload["kind"]}, f"{at}/caption": payload["caption"]}
        return item | {f"{at}/withdrawn": False} | shown
    if kind in ("evidence.tag", "evidence.untag"):
        return {f"{at}/shows/{payload['criterion']}": kind == "evidence.tag"}
    if kind == "evidence.caption":
        return {f"{at}/caption": payload["caption"]}
    if kind == "evidence.withdraw":
        return {f"{at}/withdrawn": True}
    return _effects_of_plan(kind, payload)


def _effects_of_plan(kind: str, payload: dict) -> dict[str, object]:
    at = f"plan/{payload.get('item')}"
    if kind == "plan.settle":
        return {f"{at}/state": {name: value for name, value in payload.items() if name != "item"}}
    if kind in ("plan.add", "plan.change"):
        said = {name: value for name, value in payload.items() if name != "item"}
        said |= {"criteria": sorted(set(said["criteria"]))} if "criteria" in said else {}
        said |= {"state": {"state": "to-do"}} if kind == "plan.add" else {}
        return {f"{at}/{name}": value for name, value in said.items()}
    return {}


# The phone's state: one stream as it is held, and every step it can take


@dataclass(frozen=True)
class Row:
    """One own operation in the outbox."""

    operation: dict
    state: str = "local"
    owed: bool = True
    number: int | None = None
    contained: bool = False

    @property
    def id(self) -> str:
        return self.operation["id"]

    @property
    def seen(self) -> list[str]:
        return self.operation["seen"]

    @property
    def writes(self) -> dict[str, object]:
        return effects(self.operation["kind"], self.operation["payload"])

    @property
    def in_force(self) -> bool:
        return self.state not in NOT_IN_FORCE

    @property
    def in_flight(self) -> bool:
        return self.owed and self.state != "local"


@dataclass(frozen=True)
class Held:
    """One stream as a phone holds it."""

    rows: tuple[Row, ...] = ()
    fence: str | None = None
    holds: str | None = None
    diverged: bool = False
    gone: bool = False
    registers: dict = field(default_factory=dict)

    def changed(self, change) -> "Held":
        return replace(self, rows=tuple(map(change, self.rows)))

    @property
    def is_opening(self) -> bool:
        return any(row.owed and row.operation["kind"] == "audit.open" for row in self.rows)


def seq_of(cursor: str | None) -> int:
    return int(cursor.split(".")[1]) if cursor else 0


def epoch_of(cursor: str | None) -> str | None:
    return cursor.split(".")[0] if cursor else None


def shown(held: Held) -> dict[str, dict[str, object]]:
    """Live writes: the snapshot's with one's own laid over them."""
    result = {register: dict(writes) for register, writes in held.registers.items()}
    passable = {row.id: row.seen for row in held.rows if not row.in_force}
    laid = [row for row in held.rows if row.in_force and not row.contained]
    for row in laid:
        for register, value in row.writes.items():
            result.setdefault(register, {}).setdefault(row.id, value)
    for row in laid:
        gone = _closure(row.seen, passable) - {row.id}
        for register in row.writes:
            result[register] = {id: value for id, value in result[register].items() if id not in gone}
    return {register: writes for register, writes in result.items() if writes}


def _closure(seen: list[str], passable: dict[str, list[str]]) -> set[str]:
    reached, ahead = set(), list(seen)
    while ahead:
        id = ahead.pop()
        if id not in reached:
            reached.add(id)
            ahead += passable.get(id, [])
    return reached


def record(held: Held, kind: str, payload: dict, device: str, at: str) -> tuple[Held, dict]:
    """Put down what somebody says; what shows in the registers it writes is what they have seen."""
    live, names = shown(held), list(effects(kind, payload))
    before = [live.get(name, {}) for name in names]
    seen = list(dict.fromkeys(id for writes in before for id in writes))[:64]
    row = _foldable(held, kind, names, before, seen)
    if row is not None:
        folded = row.operation | {"payload": payload, "at": at}
        return held.changed(lambda one: replace(one, operation=folded) if one is row else one), folded
    made = operation(kind, payload, seen, device=device, at=at)
    return replace(held, rows=(*held.rows, Row(made))), made


def _foldable(held: Held, kind: str, names: list, before: list, seen: list) -> Row | None:
    if len(seen) != 1 or not all(list(writes) == seen for writes in before):
        return None
    for row in held.rows:
        if (
            row.id == seen[0]
            and row.state == "local"
            and row.operation["kind"] == kind
            and set(row.writes) == set(names)
        ):
            return row
    return None


def depart(held: Held, most: int) -> Held:
    """Mark the oldest operations owed as in flight."""
    ids = {row.id for row in departing(held, most)}
    return held.changed(lambda row: replace(row, state="sent") if row.id in ids and row.state == "local" else row)


def departing(held: Held, most: int) -> list[Row]:
    return [row for row in held.rows if row.owed][:most]


def take_outcomes(held: Held, outcomes: list[dict], cursor: str) -> Held:
    """Take the service's word for what became of operations."""
    by_id = {outcome["id"]: outcome for outcome in outcomes}
    same_ledger = held.holds is not None and not held.diverged and epoch_of(held.holds) == epoch_of(cursor)

    def told(row: Row) -> Row:
        outcome = by_id.get(row.id)
        if outcome is None:
            return row
        state = "confirmed" if outcome["verdict"] == "applied" else outcome["verdict"]
        if outcome["number"] is None:
            return replace(row, state=state, owed=False, number=None)
        inside = (row.contained and row.in_force) or (same_ledger and outcome["number"] <= seq_of(held.holds))
        return replace(row, state=state, owed=False, number=outcome["number"], contained=inside)

    taken = held.changed(told)
    older = epoch_of(cursor) == epoch_of(held.fence) and seq_of(cursor) < seq_of(held.fence)
    return taken if older else replace(taken, fence=cursor)


def take_snapshot(held: Held, snapshot: dict, fence: str | None) -> Held:
    """Keep a snapshot that was asked for at this fence; not while something is in flight (push before fetch)."""
    if held.fence != fence or any(row.in_flight for row in held.rows):
        return held
    seq, still_kept = seq_of(snapshot["cursor"]), {one["id"] for one in snapshot["kept"]}

    def inside(row: Row) -> Row:
        contained = row.number is not None and row.number <= seq
        admitted = contained and row.state == "kept" and row.id not in still_kept
        return replace(row, contained=contained, state="confirmed" if admitted else row.state)

    registers = {
        register: {write["id"]: write["value"] for write in writes}
        for register, writes in snapshot["registers"].items()
    }
    cursor = snapshot["cursor"]
    taken = replace(held.changed(inside), registers=registers, holds=cursor, fence=cursor, diverged=False, gone=False)
    return prune(taken, snapshot["backed_up_to"])


def is_diverged(snapshot: dict, fence: str | None) -> bool:
    cursor = snapshot["cursor"]
    return snapshot["diverged"] or (epoch_of(cursor) == epoch_of(fence) and seq_of(cursor) < seq_of(fence))


def requeue(held: Held) -> Held:
    """The ledger has gone back: all that it had confirmed is owed again."""

    def again(row: Row) -> Row:
        if row.number is None:
            return row
        return replace(row, number=None, owed=True, state="sent" if row.state == "confirmed" else row.state)

    return replace(held.changed(again), fence=None, diverged=True)


def park(held: Held, id: str) -> Held:
    """Put aside what cannot be read there; who had seen it is told to have seen what it had seen."""
    aside = next(row for row in held.rows if row.id == id)

    def beside(row: Row) -> Row:
        if row is aside:
            return replace(row, state="parked", owed=False)
        if not row.owed or id not in row.seen:
            return row
        seen = list(dict.fromkeys(x for one in row.seen for x in (aside.seen if one == id else [one])))
        return replace(row, operation=row.operation | {"seen": seen[:64]})

    return held.changed(beside)


def drop(held: Held) -> Held:
    """Forget what was downloaded; own work stays."""
    dropped = held.changed(lambda row: replace(row, contained=False))
    return replace(dropped, registers={}, holds=None, gone=not held.is_opening)


def prune(held: Held, backed_up_to: int) -> Held:
    """Let go of what a snapshot contains and a backup holds."""
    if held.diverged:
        return held
    named = {id for row in held.rows if row.owed for id in row.seen}
    kept = tuple(
        row
        for row in held.rows
        if not (
            row.contained and row.state == "confirmed" and (row.number or 10**9) <= backed_up_to and row.id not in named
        )
    )
    return replace(held, rows=kept)


@dataclass(frozen=True)
class Request:
    """One request on its way."""

    method: str
    path: str
    body: bytes | None = None
    etag: str | None = None


class Phone:
    """One phone: its disk, and the sync that is under way on it."""

    def __init__(self, person: str, client, site: str):
        self.person, self.client, self.site = person, client, site
        self.id = new_id()
        self.disk: dict[str, Held] = {}
        self.before: list[dict[str, Held]] = []
        self.sync: Iterator | None = None
        self.waiting: Request | None = None
        self.heard: tuple | None = None
        self.batch = 50

    def held(self, stream: str) -> Held:
        return self.disk.get(stream, Held())

    def keep(self, stream: str, held: Held) -> None:
        """One step, on the disk."""
        if held != self.held(stream):
            self.before = [*self.before[-11:], self.disk]
            self.disk = {**self.disk, stream: held}

    def say(self, stream: str, kind: str, payload: dict, at: str | None = None) -> dict:
        held, made = record(self.held(stream), kind, payload, self.id, at or as_text(now()))
        self.keep(stream, held)
        return made

    def restart(self) -> None:
        self.sync = self.waiting = self.heard = None

    # A cycle: home, push, fetch

    def cycle(self):
        home = yield Request("GET", "/api/home")
        if home is None or home[0] != 200:
            return
        listed = [audit["id"] for audit in home[1]["audits"]]
        is_mine = any(site["id"] == self.site for site in home[1]["sites"])
        for stream, held in list(self.disk.items()):
            if stream not in listed and not held.is_opening:
                yield from self.ask_after(stream, is_mine)
        for stream in [id for id, held in self.disk.items() if any(row.owed for row in held.rows)]:
            yield from self.push(stream)
        for stream in listed:
            yield from self.fetch(stream)

    def ask_after(self, stream: str, is_mine: bool):
        """An audit that Home does not list: the right has ended, or it was lost in a restore. Ask which."""
        held = self.held(stream)
        if held.holds is None and not any(row.number is not None for row in held.rows):
            return
        waits = any(row.owed or (row.number is not None and row.state != "kept") for row in held.rows)
        if not (is_mine and waits):
            self.keep(stream, drop(held))
        yield None
        if not held.rows:
            return
        body = json.dumps({"stream": stream, "cursor": self.held(stream).fence, "operations": []}).encode()
        reply = yield Request("POST", "/api/operations", body)
        if reply is not None and reply[0] in (404, 409):
            self.keep(stream, requeue(self.held(stream)))
            yield None

    def push(self, stream: str):
        most, partings = self.batch, 0
        while True:
            self.keep(stream, depart(self.held(stream), most))
            yield None
            held = self.held(stream)
            sent = [row.operation for row in departing(held, most) if row.state != "local"]
            if not sent:
                return
            body = json.dumps({"stream": stream, "cursor": held.fence, "operations": sent}).encode()
            reply = yield Request("POST", "/api/operations", body)
            if reply is None:
                return
            status, told = reply
            if status == 200:
                self.keep(stream, take_outcomes(self.held(stream), told["outcomes"], told["cursor"]))
                most = self.batch
            elif status == 409 and partings < 3:
                partings += 1
                self.keep(stream, requeue(self.held(stream)))
            elif status in (400, 413, 422):
                if len(sent) == 1:
                    self.keep(stream, park(self.held(stream), sent[0]["id"]))
                most = max(1, len(sent) // 2)
            else:
                if status == 403:
                    self.keep(stream, drop(self.held(stream)))
                return
            yield None

    def fetch(self, stream: str, again: int = 3):
        held = self.held(stream)
        if any(row.in_flight for row in held.rows) or held.is_opening:
            return
        fence = held.fence
        reply = yield Request("GET", f"/api/audits/{stream}", etag=fence)
        if reply is not None and reply[0] == 304 and (held.holds != fence or held.diverged):
            reply = yield Request("GET", f"/api/audits/{stream}")
        if reply is None or reply[0] == 304:
            return
        status, told = reply
        if status == 403:
            self.keep(stream, drop(self.held(stream)))
            yield None
        elif status == 200:
            knows_more = any(row.number is not None for row in self.held(stream).rows)
            if knows_more and is_diverged(told, fence) and again:
                self.keep(stream, requeue(self.held(stream)))
                yield None
                yield from self.push(stream)
                yield from self.fetch(stream, again - 1)
            else:
                self.keep(stream, take_snapshot(self.held(stream), told, fence))
                yield None


# The world


@dataclass
class Said:
    """An operation as it stands in the ledger."""

    number: int
    id: str
    verdict: str
    author: str
    in_force: bool
    writes: dict[str, object]


FATES = ("heard", "lost", "unheard", "cut", "twice", "late", "slow")


class World:
    """A service, phones, and the truth about who had seen what. Every step is judged; `settle` judges the end."""

    def __init__(self, stage):
        stage.reset()
        self.stage = stage
        self.phones = [Phone(person, stage.client(person), stage.site) for person in stage.people]
        self.lead = self.phones[stage.people.index(stage.lead)]
        self.truly_seen: dict[str, frozenset[str]] = {}
        self.parked: set[str] = set()
        self.acknowledged: set[str] = set()
        self.excused: set[str] = set()
        self.answers: dict[str, tuple] = {}
        self.late: list[tuple[Phone, Request]] = []
        self.streams: list[str] = []
        self.criteria: dict[str, set[str]] = {}
        self.contributor = new_id()
        self.disks_moved = False  # somebody's disk was put back or copied: only then can one id mean two things

    # What people do

    def open_audit(self, phone: Phone, checklist: str = CHECKLIST) -> str:
        stream = new_id()
        payload = {"site": self.stage.site, "checklist": checklist, "edition": 1, "track": "development"}
        self.criteria[stream] = self.stage.app.extensions["checklists"].find(checklist, 1).criteria
        self.streams.append(stream)
        self.say(phone, stream, "audit.open", payload)
        return stream

    def say(self, phone: Phone, stream: str, kind: str, payload: dict, at: str | None = None) -> dict:
        """Somebody says something; the truth remembers what was on their screen."""
        before = shown(phone.held(stream))
        made = phone.say(stream, kind, payload, at)
        registers = effects(kind, payload)
        if made["id"] not in self.truly_seen:
            self.truly_seen[made["id"]] = frozenset(id for name in registers for id in before.get(name, {}))
        self.judge(phone)
        return made

    def admit(self, stream: str) -> None:
        """The lead puts the oldest kept operation in force, at once and online."""
        with self.stage.app.app_context():
            kept = [one for one in self.ledger(stream) if one.verdict == "kept" and not one.in_force]
        if kept:
            body = {"stream": stream, "cursor": None}
            body["operations"] = [operation("operation.admit", {"operation": kept[0].id})]
            reply = self.perform(self.lead, Request("POST", "/api/operations", json.dumps(body).encode()))
            assert reply[0] == 200

    # How things travel

    def advance(self, phone: Phone, fate: str = "heard") -> bool:
        """One step of the phone's sync; True when a cycle has ended. `fate` is what the network does to a request."""
        if phone.sync is None:
            phone.sync = phone.cycle()
            return self._resume(phone, None)
        if phone.waiting is None:
            return self._resume(phone, None)
        if phone.heard is not None:
            (reply,), phone.heard = phone.heard, None
            return self._resume(phone, reply)
        request = phone.waiting
        if fate == "late":
            self.late.append((phone, request))
        reply = None if fate in ("lost", "late") else self.perform(phone, request)
        if fate == "twice":
            reply = self.perform(phone, request)
        if fate == "slow":
            phone.heard = (reply,)
            return False
        return self._resume(phone, None if fate in ("unheard", "cut") else reply)

    def _resume(self, phone: Phone, reply) -> bool:
        try:
            phone.waiting = phone.sync.send(reply)
        except StopIteration:
            phone.restart()
        if reply and "outcomes" in reply[1]:
            told = {one["id"] for one in reply[1]["outcomes"] if one["verdict"] == "applied"}
            self.acknowledged |= told
        self.parked |= {row.id for held in phone.disk.values() for row in held.rows if row.state == "parked"}
        self.judge(phone)
        return phone.sync is None

    def cycle(self, phone: Phone) -> None:
        """A whole cycle in which nothing goes wrong."""
        while not self.advance(phone):
            pass

    def deliver_late(self, place: int = 0) -> None:
        """Something that was thought lost arrives after all; nobody hears the answer."""
        if self.late:
            phone, request = self.late.pop(place % len(self.late))
            self.perform(phone, request)

    def perform(self, phone: Phone, request: Request) -> tuple[int, dict]:
        """The service answers; whatever it newly took must have got the right verdict, and a repeat the same answer."""
        known = {one.id for one in self._all_said()} if request.body else set()
        may = self.stage.may_write(phone.person) if request.body else True
        headers = OURS | ({"If-None-Match": f'"{request.etag}"'} if request.etag else {})
        reply = phone.client.open(request.path, method=request.method, data=request.body, headers=headers)
        assert reply.status_code < 500, reply.get_data(as_text=True)
        told = reply.json if reply.get_data() else {}
        if request.body and reply.status_code == 200:
            pushed = json.loads(request.body)
            self._judge_answers(pushed["stream"], pushed["operations"], told["outcomes"], known, may)
        return reply.status_code, told

    # What befalls phones and the service

    def roll_back(self, phone: Phone, steps: int) -> None:
        """The phone's disk is put back to what it was some steps ago."""
        phone.restart()
        self.disks_moved = True
        if phone.before:
            steps = min(steps, len(phone.before))
            self._excuse(phone, phone.before[-steps])
            phone.disk, phone.before = phone.before[-steps], phone.before[:-steps]

    def clone(self, phone: Phone, other: Phone) -> None:
        """Another phone of the same person becomes a copy of this one, its own id included."""
        assert phone.person == other.person
        other.restart()
        self.disks_moved = True
        self._excuse(other, phone.disk)
        other.id, other.disk, other.before = phone.id, phone.disk, []

    def wipe(self, phone: Phone) -> None:
        phone.restart()
        self._excuse(phone, {})
        phone.disk, phone.before = {}, []

    def _excuse(self, phone: Phone, remains: dict[str, Held]) -> None:
        left = {(row.id, canonical(row.operation)) for held in remains.values() for row in held.rows}
        self.excused |= {
            row.id
            for held in phone.disk.values()
            for row in held.rows
            if (row.id, canonical(row.operation)) not in left
        }

    def back_up(self) -> None:
        self.stage.back_up()

    def restore(self) -> None:
        """The service goes back to its last backup; who is a member stays as the backup knew it."""
        self.stage.restore()
        self.answers.clear()

    def leave_or_come_back(self, person: str) -> None:
        """Somebody's right ends, or is given again."""
        change = self.stage.end_right if self.stage.may_write(person) else self.stage.give_right
        change(person)

    # Judgement

    def _judge_answers(self, stream: str, sent: list, outcomes: list, known: set[str], may: bool) -> None:
        assert [outcome["id"] for outcome in outcomes] == [one["id"] for one in sent]
        for one, outcome in zip(sent, outcomes, strict=True):
            if one["kind"] == "operation.admit":
                continue
            payload = one["payload"]
            judged = {*payload.get("criteria", []), *([payload["criterion"]] if "criterion" in payload else [])}
            off_the_list = not judged <= set(self.criteria[stream])
            bad = payload.get("rating") == 9 or off_the_list
            if outcome["number"] is None:
                assert outcome["problem"]["type"] == "/problems/id-reused"
                assert self.disks_moved, "one id came to mean two things on an honest phone"
                continue
            if one["id"] not in known:
                expected = "refused" if bad else "applied" if may else "kept"
                assert outcome["verdict"] == expected, (outcome, expected)
            answer = (outcome["number"], outcome["verdict"])
            before = self.answers.setdefault(one["id"], answer)
            assert before == answer or before[1] == "kept", "a repeat got another answer"

    def judge(self, phone: Phone) -> None:
        """What must hold at every moment on a phone: own words show or were replaced knowingly; nothing that a shown
        write knowingly replaced shows beside it."""
        for held in phone.disk.values():
            live = shown(held)
            aside = {row.id: list(self.truly_seen.get(row.id, ())) for row in held.rows if not row.in_force}
            for register, writes in live.items():
                for id in writes:
                    replaced = _closure(list(self.truly_seen.get(id, ())), aside) - {id}
                    assert not replaced & set(writes), f"{register}: something replaced shows again"
            last = {}
            for row in held.rows:
                if row.in_force:
                    last |= dict.fromkeys(row.writes, row)
            for register, row in last.items():
                writes = live.get(register, {})
                replaced = any(row.id in self._past(id) for id in writes)
                assert row.id in writes or replaced, f"{register}: one's own last words do not show"

    def _past(self, id: str) -> set[str]:
        found, ahead = set(), list(self.truly_seen.get(id, ()))
        while ahead:
            one = ahead.pop()
            if one not in found:
                found.add(one)
                ahead += self.truly_seen.get(one, ())
        return found

    def ledger(self, stream: str) -> list[Said]:
        admitted = set(db.session.scalars(select(Admission.operation_id).filter_by(stream_id=stream)))
        rows = db.session.execute(
            select(Operation, Payload.body)
            .join(Payload, (Payload.stream_id == Operation.stream_id) & (Payload.number == Operation.number))
            .filter(Operation.stream_id == stream)
            .order_by(Operation.number)
        )
        return [
            Said(
                one.number,
                one.id,
                one.verdict,
                one.author_id,
                one.verdict == "applied" or one.id in admitted,
                effects(one.kind, json.loads(body)),
            )
            for one, body in rows
        ]

    def _all_said(self) -> list[Said]:
        with self.stage.app.app_context():
            return [one for stream in self.streams for one in self.ledger(stream)]

    def oracle(self, said: list[Said]) -> dict[str, dict[str, object]]:
        """Exactly the maximal writes of what truly happened before what; through what is not in force it passes on."""
        by_id = {one.id: one for one in said}
        found: dict[str, dict[str, object]] = {}
        gone: dict[str, set[str]] = {}
        for one in said:
            if not one.in_force:
                continue
            past, ahead = set(), list(self.truly_seen.get(one.id, ()))
            while ahead:
                id = ahead.pop()
                if id in past:
                    continue
                past.add(id)
                if id in self.parked or (id in by_id and not by_id[id].in_force):
                    ahead += self.truly_seen.get(id, ())
            for register, value in one.writes.items():
                found.setdefault(register, {})[one.id] = value
                gone.setdefault(register, set()).update(past - {one.id})
        live = {r: {id: v for id, v in writes.items() if id not in gone[r]} for r, writes in found.items()}
        return {register: writes for register, writes in live.items() if writes}

    def settle(self) -> None:
        """All faults stop; within a few cycles everything is handed in and everybody agrees."""
        for _ in range(8):
            before = [phone.disk for phone in self.phones]
            for phone in self.phones:
                while phone.sync is not None:
                    self.advance(phone)
                self.cycle(phone)
            if [phone.disk for phone in self.phones] == before:
                break
        else:
            raise AssertionError("the phones never come to rest")
        members = {phone.person for phone in self.phones if self.stage.may_write(phone.person)}
        with self.stage.app.app_context():
            self._judge_rest(members)
            db.session.rollback()

    def _judge_rest(self, members: set[str]) -> None:
        assert list(verify()) == []
        existing = set(db.session.scalars(select(Stream.id).filter(Stream.id.in_(self.streams))))
        everything = set()
        for stream in self.streams:
            said = self.ledger(stream) if stream in existing else []
            everything |= {one.id for one in said}
            assert [one.number for one in said] == list(range(1, len(said) + 1))
            owed = [row for phone in self.phones for row in phone.held(stream).rows if row.owed]
            if stream not in existing:
                assert not any(row.operation["kind"] == "audit.open" for row in owed), "an audit was never begun"
                everything |= {
                    row.id for row in owed
                }  # its opening is lost with a phone; the rest waits on others, unsent
                continue
            assert owed == [], "something is never sent"
            expected = self.oracle(said)
            for phone in self.phones:
                if phone.person in members and (_is_open(said) or phone is self.lead):
                    assert shown(phone.held(stream)) == expected
            self._judge_authors(said)
        lost = self.acknowledged - everything - self.excused
        left = [
            (place, held.gone, row)
            for place, phone in enumerate(self.phones)
            for held in phone.disk.values()
            for row in held.rows
            if row.id in lost
        ]
        assert not lost, f"what was acknowledged is lost: {left}"

    def _judge_authors(self, said: list[Said]) -> None:
        mine = {row.id: phone.person for phone in self.phones for held in phone.disk.values() for row in held.rows}
        for one in said:
            assert mine.get(one.id, one.author) == one.author


def _is_open(said: list[Said]) -> bool:
    return bool(said) and said[0].in_force


def count_open_grants(person: str) -> int:
    """How many grants of a person still hold."""
    return db.session.scalar(select(func.count()).select_from(Grant).filter_by(person_id=person, ended_at=None))

"""The rules without which the system breaks, each left out in turn: a story must notice. Random search alone misses
some of them, so each has a directed story; the stories hold, unharmed, on both databases.

A mutant replaces words in the source of one function while a story runs. Where the words are no longer there, the
mutant says so, and wants to be written anew.
"""

import importlib
import inspect
import json
import re
import textwrap
import threading
from contextlib import ExitStack, contextmanager
from dataclasses import dataclass, replace

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from audit_app.db import db, new_id
from audit_app.ledger.kinds import KINDS, PROOFS

from .builders import OURS, operation
from .devices import UNREADABLE, Phone, World
from .stage import make_stage

ACCOUNT = {"criterion": "safety-1", "helps": "", "hinders": ""}


@pytest.fixture(scope="module", params=["sqlite", "postgresql"])
def stage(request):
    return make_stage(request, request.param)


@pytest.fixture(scope="module")
def sqlite_stage(request):
    return make_stage(request, "sqlite")


# Telling stories


class Story(World):
    """A world in which an audit is under way and everybody has it."""

    def __init__(self, stage):
        super().__init__(stage)
        self.amina, self.aminas_other, self.ben, self.lena = self.phones
        self.audit = self.open_audit(self.amina)
        for phone in self.phones:
            self.cycle(phone)

    def rate(self, phone: Phone, rating: int, criterion: str = "safety-1") -> str:
        return self.say(phone, self.audit, "finding.agree", {"criterion": criterion, "rating": rating})["id"]

    def write(self, phone: Phone, words: str) -> str:
        return self.say(phone, self.audit, "finding.account", ACCOUNT | {"shows": words})["id"]

    def hand_in(self, phone: Phone, fate: str) -> None:
        """As far as the first push, and what the network does to that."""
        while phone.waiting is None or phone.waiting.method != "POST":
            assert not self.advance(phone), "nothing was handed in"
        self.advance(phone, fate)

    def send(self, phone: Phone, operations: list[dict], stream: str | None = None, cursor=None, **more):
        """Operations by hand, past any phone's own care."""
        body = {"stream": stream or self.audit, "cursor": cursor, "operations": operations, **more}
        return phone.client.post("/api/operations", data=json.dumps(body), headers=OURS)

    def live(self) -> list[int]:
        reply = self.lena.client.get(f"/api/audits/{self.audit}").json
        return sorted(write["value"]["rating"] for write in reply["registers"].get("finding/safety-1/rating", []))


def finding(rating: int, seen=()) -> dict:
    return operation("finding.agree", {"criterion": "safety-1", "rating": rating}, seen)


# The stories


def a_reply_is_lost_and_the_same_is_sent_again(stage):
    story = Story(stage)
    for fate in ("unheard", "cut", "twice", "late", "lost"):
        story.rate(story.amina, 1, "safety-2")
        story.hand_in(story.amina, fate)
        story.amina.restart()
        story.deliver_late()
        story.cycle(story.amina)
    story.settle()
    assert len(story._all_said()) == 6


def somebody_replaces_what_will_be_refused(stage):
    story = Story(stage)
    story.rate(story.amina, 1)
    story.cycle(story.amina)
    story.cycle(story.ben)
    story.rate(story.ben, 9)
    story.hand_in(story.ben, "lost")
    story.rate(story.ben, 3)
    story.settle()
    assert story.live() == [3]


def the_refused_is_heard_of_before_its_successor_is_sent(stage):
    story = Story(stage)
    story.rate(story.ben, 1)
    story.cycle(story.ben)
    story.rate(story.ben, 9)
    story.hand_in(story.ben, "slow")
    story.rate(story.ben, 3)
    story.advance(story.ben)
    story.settle()
    assert story.live() == [3]


def the_refused_comes_in_a_batch_of_its_own(stage):
    story = Story(stage)
    first, wrong = finding(1), None
    wrong = finding(9, [first["id"]])
    for one in (first, wrong, finding(3, [wrong["id"]])):
        story.send(story.amina, [one])
    assert story.live() == [3]
    assert story.send(story.amina, [wrong]).json["outcomes"][0]["number"] == 3


def a_replaced_write_comes_after_its_successor(stage):
    story = Story(stage)
    story.back_up()
    story.rate(story.amina, 1)
    story.cycle(story.amina)
    story.cycle(story.ben)
    story.rate(story.ben, 3)
    story.cycle(story.ben)
    story.restore()
    story.cycle(story.ben)
    story.settle()
    assert story.live() == [3]


def the_refused_comes_after_who_replaced_it(stage):
    story = Story(stage)
    first = finding(1)
    wrong = finding(9, [first["id"]])
    for one in (finding(3, [wrong["id"]]), wrong, first):
        story.send(story.amina, [one])
    assert story.live() == [3]


def the_refused_comes_last_of_all(stage):
    story = Story(stage)
    first = finding(1)
    wrong = finding(9, [first["id"]])
    for one in (first, finding(3, [wrong["id"]]), wrong):
        story.send(story.amina, [one])
    assert story.live() == [3]


def one_id_is_used_for_two_things(stage):
    story = Story(stage)
    first = finding(1)
    story.send(story.amina, [first])
    second = first | {"payload": first["payload"] | {"rating": 3}}
    answer = story.send(story.amina, [second]).json["outcomes"][0]
    assert answer["verdict"] == "refused"
    assert story.live() == [1]


def a_device_knows_more_than_the_ledger(stage):
    story = Story(stage)
    cursor = story.send(story.amina, [finding(1)]).json["cursor"]
    epoch, seq, tag = cursor.split(".")
    for wrong in (f"{epoch}.{int(seq) + 1}.{tag}", f"{epoch}.{seq}.{'0' * 16}", f"00000000.{seq}.{tag}"):
        assert story.send(story.amina, [finding(2)], cursor=wrong).status_code == 409
    assert story.live() == [1]


def the_ledger_goes_back_and_grows_again_to_the_same_length(stage):
    story = Story(stage)
    story.back_up()
    story.rate(story.amina, 1)
    story.cycle(story.amina)
    story.restore()
    story.rate(story.ben, 3)
    story.cycle(story.ben)
    story.settle()
    assert story.live() == [1, 3]


def the_ledger_goes_back_to_before_the_audit_began(stage):
    story = Story(stage)
    story.rate(story.amina, 1)
    story.cycle(story.amina)
    story.rate(story.ben, 3)
    story.cycle(story.ben)
    story.restore()
    story.settle()
    assert story.live() == [1, 3]


def the_ledger_goes_back_twice_before_the_opener_looks_again(stage):
    """Found by the machine: once owed again, an opening must be owed again a second time."""
    story = Story(stage)
    for _ in range(2):
        story.restore()
        story.cycle(story.amina)
    story.restore()
    story.settle()
    assert len(story._all_said()) == 1


def the_ledger_goes_back_between_a_look_at_home_and_a_push(stage):
    """Found by the machine: what is not found then is lost there, and not somebody else's."""
    story = Story(stage)
    story.rate(story.amina, 1)
    while story.amina.waiting is None or story.amina.waiting.method != "POST":
        story.advance(story.amina)
    story.restore()
    story.settle()
    assert story.live() == [1]


def a_right_ends_between_a_restore_and_the_next_look(stage):
    """Found by the machine: who may see the audit no more still has what the ledger has lost."""
    story = Story(stage)
    story.back_up()
    story.rate(story.amina, 1)
    story.cycle(story.amina)
    story.cycle(story.amina)
    story.restore()
    story.stage.end_right(story.amina.person)
    story.settle()


def the_ledger_goes_back_after_a_right_has_ended(stage):
    story = Story(stage)
    story.back_up()
    story.rate(story.amina, 1)
    story.cycle(story.amina)
    story.stage.end_right(story.amina.person)
    story.cycle(story.amina)
    story.restore()
    story.stage.end_right(story.amina.person)
    story.settle()


def the_ledger_goes_back_after_phones_have_tidied_up(stage):
    story = Story(stage)
    story.back_up()
    story.rate(story.amina, 1)
    story.cycle(story.amina)
    story.cycle(story.amina)
    story.restore()
    story.settle()
    assert story.live() == [1]


def what_was_backed_up_need_not_be_held_any_longer(stage):
    story = Story(stage)
    story.rate(story.amina, 1)
    story.cycle(story.amina)
    story.back_up()
    story.rate(story.amina, 2, "safety-2")
    story.settle()
    assert [row.number for row in story.amina.held(story.audit).rows] == [3]
    story.restore()
    story.settle()
    assert story.live() == [1]


def a_snapshot_comes_while_something_is_in_flight(stage):
    story = Story(stage)
    story.rate(story.amina, 1)
    story.hand_in(story.amina, "unheard")
    story.cycle(story.ben)
    story.rate(story.ben, 3)
    story.cycle(story.ben)
    story.hand_in(story.amina, "lost")
    for _ in range(4):
        story.advance(story.amina)
    story.settle()
    assert story.live() == [3]


def somebody_thinks_again_after_sending(stage):
    story = Story(stage)
    story.rate(story.amina, 1)
    story.hand_in(story.amina, "unheard")
    story.rate(story.amina, 3)
    story.settle()
    assert story.live() == [3]


def two_people_differ_and_a_third_settles_it(stage):
    story = Story(stage)
    story.rate(story.amina, 1)
    story.rate(story.ben, 2)
    for phone in (story.amina, story.ben, story.lena):
        story.cycle(phone)
    assert story.live() == [1, 2]
    story.rate(story.lena, 3)
    story.settle()
    assert story.live() == [3]


def something_cannot_be_read_there(stage):
    story = Story(stage)
    story.write(story.amina, "first")
    story.cycle(story.amina)
    story.write(story.amina, UNREADABLE)
    story.hand_in(story.amina, "lost")
    last = story.write(story.amina, "last")
    story.rate(story.amina, 3)
    story.settle()
    reply = story.lena.client.get(f"/api/audits/{story.audit}").json
    assert [write["id"] for write in reply["registers"]["finding/safety-1/account"]] == [last]
    assert story.live() == [3]


def a_right_ends_while_a_phone_is_offline(stage):
    story = Story(stage)
    story.rate(story.ben, 2)
    stage.end_right(story.ben.person)
    story.settle()
    assert story.live() == []
    story.admit(story.audit)
    story.settle()
    assert story.live() == [2]


def what_is_admitted_was_replaced_meanwhile(stage):
    story = Story(stage)
    kept = finding(1)
    stage.end_right(story.ben.person)
    story.send(story.ben, [kept])
    story.send(story.lena, [finding(3, [kept["id"]])])
    story.admit(story.audit)
    assert story.live() == [3]


def a_rescue_file_is_handed_in_by_somebody_else(stage):
    story = Story(stage)
    outcome = story.send(story.ben, [finding(2)], on_behalf_of=story.amina.person).json["outcomes"][0]
    assert outcome["verdict"] == "kept"
    (kept,) = [one for one in story._all_said() if one.verdict == "kept"]
    assert kept.author == story.amina.person


def a_refusal_half_way_leaves_nothing(stage):
    """The last person in charge cannot be ended: what was ended before that was noticed goes on."""
    story = Story(stage)
    before = story.lena.client.get("/api/home").json["grants"]
    with stage.app.app_context():
        from audit_app.accounts.models import Grant

        manager = Grant(
            id=new_id(), person_id=story.lena.person, role="manager", organisation_id=stage.organisation, site_id=None
        )
        db.session.add(manager)
        db.session.commit()
    batch = [
        operation("grant.end", {"grant": manager.id}),
        operation("site.change", {"site": stage.site, "name": "Oak"}),
    ]
    outcomes = story.send(story.lena, batch, stream=stage.organisation).json["outcomes"]
    assert [outcome["verdict"] for outcome in outcomes] == ["refused", "applied"]
    assert len(story.lena.client.get("/api/home").json["grants"]) == len(before) + 1


def many_write_at_once(stage):
    story = Story(stage)
    replies, clients = [], [story.amina.client, story.ben.client, story.lena.client]
    cookies = {client: client.get_cookie("milieu").value for client in clients}

    def work(client):
        own = stage.app.test_client()
        own.set_cookie("milieu", cookies[client])
        for _ in range(8):
            body = {"stream": story.audit, "cursor": None, "operations": [finding(1), finding(2)]}
            replies.append(own.post("/api/operations", data=json.dumps(body), headers=OURS))

    threads = [threading.Thread(target=work, args=(client,)) for client in clients * 2]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    assert {reply.status_code for reply in replies} == {200}
    story.truly_seen.clear()
    assert [one.number for one in story._all_said()] == list(range(1, 98))


STORIES = [
    a_reply_is_lost_and_the_same_is_sent_again,
    somebody_replaces_what_will_be_refused,
    the_refused_is_heard_of_before_its_successor_is_sent,
    the_refused_comes_in_a_batch_of_its_own,
    a_replaced_write_comes_after_its_successor,
    the_refused_comes_after_who_replaced_it,
    the_refused_comes_last_of_all,
    one_id_is_used_for_two_things,
    a_device_knows_more_than_the_ledger,
    the_ledger_goes_back_and_grows_again_to_the_same_length,
    the_ledger_goes_back_to_before_the_audit_began,
    the_ledger_goes_back_twice_before_the_opener_looks_again,
    the_ledger_goes_back_between_a_look_at_home_and_a_push,
    a_right_ends_between_a_restore_and_the_next_look,
    the_ledger_goes_back_after_a_right_has_ended,
    the_ledger_goes_back_after_phones_have_tidied_up,
    what_was_backed_up_need_not_be_held_any_longer,
    a_snapshot_comes_while_something_is_in_flight,
    somebody_thinks_again_after_sending,
    two_people_differ_and_a_third_settles_it,
    something_cannot_be_read_there,
    a_right_ends_while_a_phone_is_offline,
    what_is_admitted_was_replaced_meanwhile,
    a_rescue_file_is_handed_in_by_somebody_else,
    a_refusal_half_way_leaves_nothing,
    many_write_at_once,
]


@pytest.mark.parametrize("story", STORIES, ids=lambda story: story.__name__)
def test_with_every_rule_in_place_each_story_ends_well(story, stage):
    story(stage)


# The mutants


@dataclass(frozen=True)
class Mutant:
    """A rule left out: words replaced in one function, and the story that is sure to notice."""

    leaves_out: str
    where: str
    old: str
    new: str
    noticed_by: object
    also: tuple[tuple[str, str, str], ...] = ()  # where a rule is kept twice


PERFORM, SETTLING = "audit_app.ledger.perform", "audit_app.ledger.settling"
MUTANTS = [
    Mutant(
        "supersession passes through what is refused",
        "audit_app.ledger.registers:superseded_by",
        "if seen is not None and not seen.in_force:",
        "if False:",
        somebody_replaces_what_will_be_refused,
    ),
    Mutant(
        "a refused operation stays as a row",
        f"{PERFORM}:_Batch.take",
        "self._append(arrival)",
        "arrival.verdict == 'refused' or self._append(arrival)",
        the_refused_comes_in_a_batch_of_its_own,
    ),
    Mutant(
        "what a batch replaces through earlier refused ones is looked up",
        f"{SETTLING}:_not_in_force",
        "while ahead:",
        "while False:",
        the_refused_comes_in_a_batch_of_its_own,
    ),
    Mutant(
        "what was replaced before it arrived arrives superseded",
        f"{SETTLING}:Settlement._remember",
        "self.ahead_new.add((register, id))",
        "pass",
        a_replaced_write_comes_after_its_successor,
    ),
    Mutant(
        "a refused one that comes after its successor passes supersession on",
        f"{SETTLING}:_settle_one",
        "if id == arrival.id]:",
        "if False]:",
        the_refused_comes_last_of_all,
    ),
    Mutant(
        "ids are never forgotten",
        f"{PERFORM}:_Batch._repeats",
        "return {operation.id: operation for operation in found}",
        "return {}",
        a_reply_is_lost_and_the_same_is_sent_again,
    ),
    Mutant(
        "one id means one thing",
        f"{PERFORM}:_Batch._repeat",
        "if same:",
        "if True:",
        one_id_is_used_for_two_things,
    ),
    Mutant(
        "a cursor that is no prefix takes nothing",
        f"{PERFORM}:_require_prefix",
        "if cursor is not None and",
        "if False and",
        a_device_knows_more_than_the_ledger,
    ),
    Mutant(
        "the same tag means the same prefix",
        f"{PERFORM}:is_prefix",
        "return db.session.scalar(found) == tag",
        "return True",
        the_ledger_goes_back_and_grows_again_to_the_same_length,
    ),
    Mutant(
        "an online operation has a savepoint of its own",
        f"{PERFORM}:_Batch._act",
        "with db.session.begin_nested():",
        "if True:",
        a_refusal_half_way_leaves_nothing,
    ),
    Mutant(
        "numbers have no gaps",
        f"{PERFORM}:_Batch._append",
        " + 1",
        " + 2",
        a_reply_is_lost_and_the_same_is_sent_again,
    ),
    Mutant(
        "the reply comes after the commit",
        "audit_app:Milieu.dispatch_request",
        "db.db.session.commit()",
        "pass",
        a_reply_is_lost_and_the_same_is_sent_again,
    ),
    Mutant(
        "what was made while a right held is never applied in silence",
        f"{PERFORM}:_Batch._require_right",
        "if held == HOLDS and",
        "if held is not None and",
        a_right_ends_while_a_phone_is_offline,
    ),
    Mutant(
        "what was made while a right held is never dropped",
        f"{PERFORM}:_Batch._require_right",
        "if held is None or kind.online:",
        "if held != HOLDS or kind.online:",
        a_right_ends_while_a_phone_is_offline,
    ),
    Mutant(
        "what somebody else hands in is kept",
        f"{PERFORM}:_Batch._require_right",
        "and self.handed_in_by is None:",
        "and True:",
        a_rescue_file_is_handed_in_by_somebody_else,
    ),
    Mutant(
        "what somebody else hands in credits who said it",
        f"{PERFORM}:_Batch.__init__",
        "self.author_id = on_behalf_of or by.id",
        "self.author_id = by.id",
        a_rescue_file_is_handed_in_by_somebody_else,
    ),
    Mutant(
        "what is admitted can have been replaced meanwhile",
        f"{SETTLING}:Settlement.write",
        "lives = (register, arrival.id) not in self.ahead and (register, arrival.id) not in self.ahead_new",
        "lives = True",
        what_is_admitted_was_replaced_meanwhile,
    ),
    Mutant(
        "what is not backed up is not said to be",
        "audit_app.audits.queries:snapshot",
        '"backed_up_to": stream.backed_up_to',
        '"backed_up_to": stream.seq',
        the_ledger_goes_back_after_phones_have_tidied_up,
    ),
    # the phone's rules
    Mutant(
        "push before fetch",
        "tests.devices:take_snapshot",
        "or any(row.in_flight for row in held.rows)",
        "",
        a_snapshot_comes_while_something_is_in_flight,
        also=(("tests.devices:Phone.fetch", "any(row.in_flight for row in held.rows) or", ""),),
    ),
    Mutant(
        "what may be in flight is never rewritten",
        "tests.devices:_foldable",
        'and row.state == "local"',
        "",
        somebody_thinks_again_after_sending,
    ),
    Mutant(
        "the mark is on the disk before the request leaves",
        "tests.devices:depart",
        'replace(row, state="sent") if row.id in ids and row.state == "local" else row',
        "row",
        somebody_thinks_again_after_sending,
        also=(("tests.devices:Phone.push", 'if row.state != "local"', "if True"),),
    ),
    Mutant(
        "whoever writes names what they saw",
        "tests.devices:record",
        "[:64]",
        "[:0]",
        two_people_differ_and_a_third_settles_it,
    ),
    Mutant(
        "own work is handed in again when the ledger has gone back",
        "tests.devices:requeue",
        "if row.number is None:",
        "if True:",
        the_ledger_goes_back_after_phones_have_tidied_up,
    ),
    Mutant(
        "own work is held until a backup has it",
        "tests.devices:prune",
        "and (row.number or 10**9) <= backed_up_to",
        "",
        the_ledger_goes_back_after_phones_have_tidied_up,
    ),
    Mutant(
        "an audit that Home does not list, and that is lost there, is begun again",
        "tests.devices:Phone.ask_after",
        "in (404, 409)",
        "in (409,)",
        the_ledger_goes_back_twice_before_the_opener_looks_again,
    ),
    Mutant(
        "that the ledger went back is noticed by those, too, whose right has ended since",
        "tests.devices:Phone.ask_after",
        "in (404, 409)",
        "in (404,)",
        a_right_ends_between_a_restore_and_the_next_look,
    ),
    Mutant(
        "an audit of which nothing is held any more but one's own work is asked after, too",
        "tests.devices:Phone.ask_after",
        "if held.holds is None and not",
        "if held.holds is None or not",
        the_ledger_goes_back_after_a_right_has_ended,
    ),
    Mutant(
        "who saw what is put aside saw what that had seen",
        "tests.devices:park",
        "aside.seen if one == id else [one]",
        "[one]",
        something_cannot_be_read_there,
    ),
    Mutant(
        "a phone, too, passes through what was refused",
        "tests.devices:shown",
        "for row in held.rows if not row.in_force}",
        "for row in held.rows if False}",
        the_refused_is_heard_of_before_its_successor_is_sent,
    ),
]


@contextmanager
def put_in(where: str, old: str, new: str):
    """While inside, the function at `where` has `new` for `old` in its source."""
    module_name, _, path = where.partition(":")
    module = importlib.import_module(module_name)
    *owners, name = path.split(".")
    owner = module
    for part in owners:
        owner = getattr(owner, part)
    original = inspect.getattr_static(owner, name)
    source = textwrap.dedent(inspect.getsource(original))
    assert source.count(old) == 1, f"{where} no longer says {old!r}: write this mutant anew"
    space: dict = dict(vars(module))
    source = source[re.search(r"^def ", source, re.M).start() :]  # it is registered, and stays so
    source = source.replace(old, new).replace("super()", f"super({owners[0] if owners else ''}, self)")
    exec(compile(source, f"<mutant of {where}>", "exec", dont_inherit=True), space)
    mutant = space[name]
    closure = original.__closure__ if mutant.__code__.co_freevars else None
    mutant = type(original)(mutant.__code__, vars(module), name, original.__defaults__, closure)
    mutant.__kwdefaults__ = original.__kwdefaults__
    everywhere = [(owner, name)] if owners else _everywhere(original)
    for place, as_name in everywhere:
        setattr(place, as_name, mutant)
    _register_for(original, mutant)
    try:
        yield
    finally:
        for place, as_name in everywhere:
            setattr(place, as_name, original)
        _register_for(mutant, original)


def _register_for(one, other) -> None:
    """What was registered as a verb or a proof is from now on the other."""
    for name, kind in KINDS.items():
        if kind.act is one:
            KINDS[name] = replace(kind, act=other)
    for proofs in PROOFS.values():
        proofs[:] = [other if proof is one else proof for proof in proofs]


def _everywhere(function) -> list[tuple]:
    """Each module that has this function under a name."""
    import sys

    return [
        (module, name)
        for module in list(sys.modules.values())
        if getattr(module, "__name__", "").startswith(("audit_app", "tests"))
        for name, value in list(vars(module).items())
        if value is function
    ]


@pytest.mark.parametrize("mutant", MUTANTS, ids=lambda mutant: mutant.leaves_out)
def test_a_story_notices_when_a_rule_is_left_out(mutant, sqlite_stage):
    with ExitStack() as changes:
        for change in ((mutant.where, mutant.old, mutant.new), *mutant.also):
            changes.enter_context(put_in(*change))
        assert goes_wrong(mutant.noticed_by, sqlite_stage), f"nobody noticed: {mutant.leaves_out}"


def goes_wrong(story, stage) -> bool:
    """Does the story end badly? Whatever way that shows."""
    try:
        story(stage)
    except Exception:
        return True
    return False


def test_a_story_notices_when_a_stream_is_not_locked_first(stage):
    """On SQLite a transaction that only begins to write when it writes; on PostgreSQL a row that nobody holds."""
    module = importlib.import_module("audit_app.db")
    if stage.app.config["DATABASE_URL"]:
        with put_in("audit_app.ledger.perform:lock", ".with_for_update()", ""):
            assert goes_wrong(many_write_at_once, stage)
        return

    event.remove(Engine, "begin", module._begin)
    late = _begin_late()
    event.listen(Engine, "begin", late)
    try:
        assert goes_wrong(many_write_at_once, stage)
    finally:
        event.remove(Engine, "begin", late)
        event.listen(Engine, "begin", module._begin)


def _begin_late():
    def begin(connection):
        if connection.dialect.name == "sqlite":
            connection.exec_driver_sql("PRAGMA query_only=0")
            connection.exec_driver_sql("BEGIN")

    return begin

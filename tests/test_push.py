"""What handing in operations gets: bad input a clear problem, nothing half done, nothing lost, and always the same."""

import gzip
import io
import json
import threading
import zlib
from datetime import timedelta

import pytest
from sqlalchemy import event
from sqlalchemy.engine import Engine

from audit_app.accounts.models import Device, Person
from audit_app.db import as_text, db, new_id, now
from audit_app.ledger.models import Operation, Stream
from audit_app.ledger.verify import verify

from .builders import CHECKLIST, OURS, Audit, Phone, Scene, operation

NOBODY = "0198c5a1-ffff-7000-8000-000000000000"
HALF = "\ud800"


class Team:
    """A ward with an audit, its lead and two auditors, and a manager: what most stories here begin with."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.organisation = scene.organisation()
        self.ward = scene.site(self.organisation)
        self.amina = scene.phone("Amina", "auditor", self.organisation, self.ward)
        self.audit: Audit = scene.audit(self.amina, self.ward)
        self.opened = self.ledger()

    def phone(self, name: str, role: str) -> Phone:
        return self.scene.phone(name, role, self.organisation, self.ward if role in ("auditor", "lead") else None)

    def finding(self, rating: object = 2, seen: tuple | list = (), **more) -> dict:
        return operation("finding.agree", {"criterion": "safety-1", "rating": rating}, seen, **more)

    def comment(self, text: str, criterion: str = "safety-1") -> dict:
        return operation(
            "answer.comment", {"contributor": self.audit.contributor, "criterion": criterion, "text": text}
        )

    def push(self, operations: list[dict], **more):
        return self.amina.push(self.audit.id, operations, **more)

    def outcomes(self, operations: list[dict], **more) -> list[dict]:
        reply = self.push(operations, **more)
        assert reply.status_code == 200, reply.get_data(as_text=True)
        return reply.json["outcomes"]

    def ledger(self) -> list[tuple[int, str, str]]:
        """Number, id and verdict of everything in the audit's ledger."""
        with self.scene.app.app_context():
            rows = db.session.execute(
                db.select(Operation.number, Operation.id, Operation.verdict)
                .filter_by(stream_id=self.audit.id)
                .order_by(Operation.number)
            )
            return [tuple(row) for row in rows]

    def cursor(self) -> str:
        return self.amina.get(f"/api/audits/{self.audit.id}").json["cursor"]

    def live_ids(self, register: str = "finding/safety-1/rating") -> list[str]:
        registers = self.amina.get(f"/api/audits/{self.audit.id}").json["registers"]
        return [write["id"] for write in registers.get(register, [])]

    def live(self, register: str = "finding/safety-1/rating") -> list:
        return self.amina.registers(self.audit.id).get(register, [])


@pytest.fixture
def team(scene: Scene) -> Team:
    return Team(scene)


@pytest.fixture(autouse=True)
def the_ledger_holds_afterwards(app):
    """Whatever a story does, the ledger proves itself when it is over."""
    yield
    with app.app_context():
        assert list(verify()) == []
        db.session.rollback()


def assert_problem(reply, status: int, name: str) -> dict:
    """A problem document that names itself, with a request id, and never a stack."""
    assert (reply.status_code, reply.json["type"]) == (status, f"/problems/{name}"), reply.get_data(as_text=True)
    assert reply.mimetype == "application/problem+json"
    assert reply.json["protocol"] == 1
    assert reply.json["request_id"] == reply.headers["X-Request-Id"]
    assert "Traceback" not in reply.get_data(as_text=True)
    return reply.json


def refused(team: Team, sent: dict) -> dict:
    """Hand in one operation between two good ones; it is refused, they are not. Its problem."""
    before, after = team.comment("before"), team.comment("after")

    outcomes = team.outcomes([before, sent, after])

    assert [outcome["verdict"] for outcome in outcomes] == ["applied", "refused", "applied"]
    return outcomes[1]["problem"]


# What cannot be read


def test_what_is_not_json_is_said_to_be_so(team: Team, subtests):
    for body in [
        b"",
        b"{",
        b"not json",
        b"[]",
        b"null",
        b'"text"',
        b"\xff\xfe{}",
        b'{"a": NaN}',
        b'{"a": Infinity}',
        b'{"a": 1e999',
        b"[" * 100_000,
        b'{"a":' * 50_000,
        b'{"a": ' + b"9" * 5000 + b"}",
    ]:
        with subtests.test(ascii(body)[:60]):
            assert_problem(team.amina.post("/api/operations", body), 400, "not-json")

            assert team.ledger() == team.opened


def test_a_push_of_another_shape_is_refused_with_the_field_that_is_wrong(team: Team, subtests):
    for wrong in [
        {"stream": "my audit"},
        {"stream": None},
        {"stream": 7},
        {"cursor": 7},
        {"cursor": "x" * 65},
        {"operations": None},
        {"operations": {}},
        {"operations": ["x"]},
        {"operations": [None]},
        {"on_behalf_of": "Ben"},
        {"author": NOBODY},
        {"surprise": 1},
    ]:
        with subtests.test(ascii(wrong)[:60]):
            body = {"stream": team.audit.id, "cursor": None, "operations": [team.finding()]} | wrong

            problem = assert_problem(team.amina.post("/api/operations", body), 422, "malformed")

            assert set(problem["errors"]) == set(wrong)
            assert team.ledger() == team.opened


def test_an_operation_without_an_id_that_can_be_kept_refuses_the_whole_request_and_says_which(team: Team, subtests):
    for broken in [
        {"id": None},
        {"id": 7},
        {"id": "x"},
        {"id": NOBODY.upper()},
        {"id": [NOBODY]},
        {"id": NOBODY + "\n"},
    ]:
        with subtests.test(ascii(broken)[:60]):
            reply = team.push([team.finding(1), team.finding(2) | broken])

            assert assert_problem(reply, 422, "malformed")["position"] == 2
            assert team.ledger() == team.opened


def test_text_that_no_database_keeps_is_refused_before_anything_is_taken(team: Team, subtests):
    for where in ["payload", "kind", "at", "surprise", "v"]:
        for text in [f"half {HALF}", "\udfff", "nul \x00", "\\\x00", {"\x00": 1}, {HALF: 1}]:
            with subtests.test(
                ascii(
                    (
                        where,
                        text,
                    )
                )[:60]
            ):
                sent = team.finding() | {where: {"text": text} if where == "payload" else text}

                reply = team.push([team.comment("good"), sent])

                assert assert_problem(reply, 422, "malformed")["position"] == 2
                assert team.ledger() == team.opened


def test_a_backslash_that_somebody_typed_before_u0000_is_not_a_nul(team: Team):
    assert team.outcomes([team.comment(r"\u0000 and \\u0000")])[0]["verdict"] == "applied"

    assert team.live(f"answer/{team.audit.contributor}/safety-1/comment") == [r"\u0000 and \\u0000"]


def test_text_that_no_database_keeps_signs_nobody_in_and_breaks_nothing(team: Team, subtests):
    for field in ["email", "password", "device", "secret"]:
        for text in ["nul \x00", HALF]:
            with subtests.test(
                ascii(
                    (
                        field,
                        text,
                    )
                )[:60]
            ):
                body = {
                    "email": "amina@example.org",
                    "password": "x" * 12,
                    "device": {"id": new_id(), "name": "A phone"},
                }
                if field == "secret":
                    body |= {"invitation": new_id(), "secret": text}
                elif field == "device":
                    body["device"]["name"] = text
                else:
                    body[field] = text

                reply = Phone(team.scene.app).post("/api/session", body)

                assert 400 <= reply.status_code < 500, reply.get_data(as_text=True)
                assert reply.mimetype == "application/problem+json"


def test_an_address_of_broken_text_leads_nowhere(team: Team, subtests):
    for path in [
        "/api/audits/%00",
        "/api/audits/%00/history",
        "/api/audits/%ff",
        "/api/audits/%ED%A0%80",
        "/api/organisations/%00",
        "/api/organisations/%00/history",
        "/api/checklists/%00/1",
        "/api/checklists/ten-minute-look/99999999999999999999",
        "/api/checklists/ten-minute-look/1?sector=%00",
        "/api/audits/" + "x" * 1000,
        "/problems/%00",
        "/pwa/%00/x",
    ]:
        with subtests.test(ascii(path)[:60]):
            reply = team.amina.get(path)

            assert reply.status_code in (400, 404, 422), (path, reply.status_code, reply.get_data(as_text=True))


def test_a_history_asked_from_nowhere_is_empty_or_refused(team: Team, subtests):
    for after in ["-1", "x", "9" * 15, "9" * 30, "%00", "1.5", "٣"]:
        with subtests.test(ascii(after)[:60]):
            reply = team.amina.get(f"/api/audits/{team.audit.id}/history?after={after}")

            assert reply.status_code == 422 or reply.json["entries"] == []


def test_nesting_without_end_is_refused_and_never_a_bug(team: Team, subtests):
    for depth in [50, 400, 800, *range(900, 1000, 7), 1100, 5000, 60_000]:
        with subtests.test(ascii(depth)[:60]):
            sent = json.dumps(team.finding() | {"payload": {"rating": "HERE"}}).replace(
                '"HERE"', "[" * depth + "]" * depth
            )
            body = json.dumps({"stream": team.audit.id, "operations": []})[:-2] + sent + "]}"

            reply = team.amina.post("/api/operations", body.encode())

            if reply.status_code == 200:
                assert reply.json["outcomes"][0]["verdict"] == "refused"
                assert team.amina.get(f"/api/audits/{team.audit.id}/history").status_code == 200
            else:
                assert reply.status_code in (400, 422), reply.get_data(as_text=True)


# What is too much


def test_ten_thousand_operations_at_once_are_too_many_and_none_is_taken(team: Team):
    small = [{"id": new_id()} for _ in range(10_000)]
    body = json.dumps({"stream": team.audit.id, "operations": small}).encode()

    assert_problem(team.amina.post("/api/operations", body), 413, "too-large")
    assert_problem(
        team.amina.post("/api/operations", gzip.compress(body), {"Content-Encoding": "gzip"}), 413, "too-large"
    )
    assert team.ledger() == team.opened


def test_two_hundred_operations_are_taken_and_one_more_is_not(team: Team):
    many = [team.comment("x", f"safety-{n % 5 + 1}") for n in range(201)]

    assert_problem(team.push(many, zipped=True), 413, "too-large")
    assert team.ledger() == team.opened
    assert {outcome["verdict"] for outcome in team.outcomes(many[:200])} == {"applied"}


def test_a_body_of_five_megabytes_is_refused_unread(team: Team):
    assert_problem(team.amina.post("/api/operations", b" " * 5_000_000), 413, "too-large")
    assert_problem(
        team.amina.post("/api/operations", b"\x1f\x8b" + b"0" * 5_000_000, {"Content-Encoding": "gzip"}),
        413,
        "too-large",
    )


def test_a_body_that_does_not_say_how_long_it_is_has_the_same_limit(team: Team):
    endless = io.BytesIO(b" " * 5_000_000)

    reply = team.amina.client.post(
        "/api/operations",
        input_stream=endless,
        headers=OURS | {"Transfer-Encoding": "chunked"},
        environ_overrides={"wsgi.input_terminated": True},
    )

    assert_problem(reply, 413, "too-large")
    assert endless.tell() < 1_000_000, "far more of it was read than may be sent"


def test_a_gzip_bomb_costs_no_more_than_the_limit(team: Team, subtests):
    for layers in [1, 2]:
        with subtests.test(ascii(layers)[:60]):
            bomb = b" " * 100_000_000
            for _ in range(layers):
                bomb = gzip.compress(bomb, 9)

            reply = team.amina.post("/api/operations", bomb, {"Content-Encoding": "gzip"})

            assert reply.status_code in (400, 413)
            assert reply.json["type"] in ("/problems/too-large", "/problems/not-json")


def test_a_body_packed_in_another_way_is_refused(team: Team, subtests):
    for encoding, body in [
        ("gzip", b"not gzip"),
        ("gzip", gzip.compress(b"{}" * 100, mtime=0)[:-9]),
        ("gzip", zlib.compress(b"{}")),
        ("br", b"{}"),
        ("gzip, gzip", b"{}"),
        ("deflate", b"{}"),
    ]:
        with subtests.test(
            ascii(
                (
                    encoding,
                    body,
                )
            )[:60]
        ):
            reply = team.amina.post("/api/operations", body, {"Content-Encoding": encoding})

            assert reply.status_code in (400, 422)
            assert reply.mimetype == "application/problem+json"


# What is refused by itself, while the rest of the batch stands


def test_a_rating_out_of_scale_is_refused_in_words_and_costs_nobody_else_theirs(team: Team, subtests):
    for rating in [4, -1, 2.0, 2.5, True, False, "2", "", [], {}, 10**30]:
        with subtests.test(ascii(rating)[:60]):
            problem = refused(team, team.finding(rating))

            assert problem["type"] == "/problems/operation-malformed"
            assert "rating" in problem["errors"]
            assert team.live() == []


def test_an_operation_of_another_shape_is_refused_by_itself(team: Team, subtests):
    for wrong in [
        {"v": 2},
        {"v": "1"},
        {"v": True},
        {"v": None},
        {"v": 10**30},
        {"kind": None},
        {"kind": 7},
        {"kind": "x" * 65},
        {"at": "yesterday"},
        {"at": "2026-11-23T08:20:11"},
        {"at": None},
        {"at": 1.5},
        {"at": "2026-11-23T08:20:11+00:00" + "0" * 100},
        {"device": "phone"},
        {"device": None},
        {"seen": None},
        {"seen": "all"},
        {"seen": ["x"]},
        {"seen": [NOBODY] * 65},
        {"seen": [[NOBODY]]},
        {"of": "x"},
        {"payload": None},
        {"payload": []},
        {"payload": "text"},
        {"author": NOBODY},
        {"surprise": {"deep": [1]}},
    ]:
        with subtests.test(ascii(wrong)[:60]):
            problem = refused(team, team.finding() | wrong)

            assert problem["type"] == "/problems/operation-malformed"
            assert set(problem["errors"]) <= set(wrong)
            assert team.live() == []
            assert team.amina.get(f"/api/audits/{team.audit.id}/history").status_code == 200


def test_an_operation_that_lacks_something_is_refused_by_itself(team: Team, subtests):
    for field in ["v", "kind", "at", "device", "seen", "payload"]:
        with subtests.test(ascii(field)[:60]):
            sent = {name: value for name, value in team.finding().items() if name != field}

            assert refused(team, sent)["errors"].keys() == {field}


def test_a_kind_that_nobody_knows_is_refused_and_kept_for_the_history(team: Team, subtests):
    for kind in ["answer.delete", "", "audit", "Answer.rate", "__class__", "x" * 64, "ŵ" * 64]:
        with subtests.test(ascii(kind)[:60]):
            sent = operation(kind, {"anything": "at all"})
            problem = refused(team, sent)

            assert problem["type"] == "/problems/kind-unknown"
            history = team.amina.get(f"/api/audits/{team.audit.id}/history").json["entries"]
            assert [entry["payload"] for entry in history if entry["id"] == sent["id"]] == [{"anything": "at all"}]


def test_a_criterion_that_the_edition_lacks_is_refused(team: Team, subtests):
    for criterion in ["safety-6", "kindness-1", "safety-1 ", "Safety-1"]:
        with subtests.test(ascii(criterion)[:60]):
            problem = refused(team, operation("finding.agree", {"criterion": criterion, "rating": 2}))

            assert problem["type"] in ("/problems/criterion-unknown", "/problems/operation-malformed")


def test_a_contributor_of_another_audit_cannot_speak_in_this_one(team: Team):
    other = team.scene.audit(team.amina, team.ward)
    payload = {"contributor": other.contributor, "criterion": "safety-1", "rating": 2}

    assert refused(team, operation("answer.rate", payload))["type"] == "/problems/contributor-of-another-audit"


def test_an_unknown_field_is_named(team: Team):
    sent = operation("finding.agree", {"criterion": "safety-1", "rating": 2, "author": NOBODY})

    assert refused(team, sent)["errors"].keys() == {"author"}


def test_what_belongs_to_an_organisation_is_refused_in_an_audit(team: Team, subtests):
    for kind in ["site.add", "person.end", "organisation.add"]:
        with subtests.test(ascii(kind)[:60]):
            payloads = {
                "site.add": {"site": new_id(), "name": "x", "sector": "ward"},
                "person.end": {"person": new_id()},
                "organisation.add": {"name": "x"},
            }

            assert refused(team, operation(kind, payloads[kind]))["type"] == "/problems/wrong-stream"


def test_an_audit_is_opened_once(team: Team):
    opening = {"site": team.ward, "checklist": CHECKLIST, "edition": 1, "track": "award"}

    assert refused(team, operation("audit.open", opening))["type"] == "/problems/already-open"
    assert team.amina.get(f"/api/audits/{team.audit.id}").json["track"] == "development"


def test_the_longest_text_is_taken_and_one_character_more_is_not(team: Team):
    assert team.outcomes([team.comment("🙂" * 4000)])[0]["verdict"] == "applied"
    assert refused(team, team.comment("🙂" * 4001))["errors"].keys() == {"text"}


def test_a_label_is_counted_as_it_will_be_kept(team: Team):
    def adding(label: str) -> dict:
        return operation("contributor.add", {"contributor": new_id(), "voice": "staff", "label": label})

    assert team.outcomes([adding("e\u0301" * 80)])[0]["verdict"] == "applied"
    assert refused(team, adding("\ufb2c" * 80))["errors"].keys() == {"label"}
    assert refused(team, adding("\ufeff"))["errors"].keys() == {"label"}


# What cannot even begin


def test_an_audit_that_cannot_begin_leaves_nothing_behind(team: Team, subtests):
    for wrong in [
        {"checklist": "no-such-list"},
        {"edition": 99},
        {"edition": 10**30},
        {"track": "race"},
        {"surprise": 1},
    ]:
        with subtests.test(ascii(wrong)[:60]):
            id = new_id()
            opening = {"site": team.ward, "checklist": CHECKLIST, "edition": 1, "track": "development"} | wrong

            reply = team.amina.push(id, [operation("audit.open", opening), team.finding()])

            assert_problem(reply, 422, "opening-refused")
            with team.scene.app.app_context():
                assert db.session.get(Stream, id) is None
            assert team.amina.verdicts(id, [opened(team)]) == ["applied"]


def good_opening(team: Team) -> dict:
    return {"site": team.ward, "checklist": CHECKLIST, "edition": 1, "track": "development"}


def opened(team: Team) -> dict:
    return operation("audit.open", good_opening(team))


def test_an_audit_that_nobody_opened_cannot_be_written_to(team: Team):
    assert_problem(team.amina.push(new_id(), [team.finding(), opened(team)]), 404, "not-found")
    assert_problem(team.amina.push(new_id(), []), 404, "not-found")


# Whose it is


def test_an_audit_one_may_not_see_cannot_be_told_from_one_that_does_not_exist(team: Team):
    elsewhere = team.scene.organisation("Eastside Trust")
    zoe = team.scene.phone("Zoe", "manager", elsewhere)
    nobody = team.scene.phone("Norman")

    for stranger in (zoe, nobody):
        for ask in (
            lambda phone, id: phone.get(f"/api/audits/{id}"),
            lambda phone, id: phone.get(f"/api/audits/{id}/history"),
            lambda phone, id: phone.get(f"/api/organisations/{id}"),
            lambda phone, id: phone.push(id, [team.finding()]),
            lambda phone, id: phone.push(id, []),
            lambda phone, id: phone.push(id, [team.finding()], cursor="abcdef01.1.0000000000000000"),
            lambda phone, id: phone.push(id, [team.finding()], on_behalf_of=NOBODY),
            lambda phone, id: phone.push(id, [opened(team)]),
        ):
            theirs, missing = (_without_request_id(ask(stranger, id)) for id in (team.audit.id, NOBODY))
            assert theirs == missing
            assert theirs[0] == 404
    assert team.ledger() == team.opened


def _without_request_id(reply) -> tuple:
    headers = {
        name: value for name, value in reply.headers.items() if name not in ("X-Request-Id", "Date", "Content-Length")
    }
    return reply.status_code, {**reply.json, "request_id": ""}, headers


def test_opening_an_audit_of_a_foreign_setting_tells_nothing_about_it(team: Team):
    foreign = team.scene.site(team.scene.organisation("Eastside Trust"))
    opening = good_opening(team)

    replies = [
        _without_request_id(team.amina.push(new_id(), [operation("audit.open", opening | {"site": site})]))
        for site in (foreign, NOBODY)
    ]

    assert replies[0] == replies[1]
    assert replies[0][0] == 404


def test_whoever_is_signed_out_is_told_to_sign_in_and_nothing_is_taken(team: Team):
    assert_problem(Phone(team.scene.app).push(team.audit.id, [team.finding()]), 401, "sign-in-required")
    assert team.ledger() == team.opened


def test_a_manager_may_see_an_audit_and_not_write_in_it(team: Team):
    mona = team.phone("Mona", "manager")

    outcome = mona.push(team.audit.id, [team.finding()]).json["outcomes"][0]

    assert (outcome["verdict"], outcome["problem"]["type"]) == ("refused", "/problems/not-allowed")
    assert team.live() == []


def test_the_author_is_who_is_signed_in(team: Team):
    ben = team.phone("Ben", "auditor")
    ben.verdicts(team.audit.id, [team.finding(2, device=team.amina.id)])

    history = team.amina.get(f"/api/audits/{team.audit.id}/history").json["entries"]

    assert history[-1]["author"]["name"] == "Ben"


def test_a_session_ended_between_two_batches_costs_nothing_but_signing_in(team: Team):
    first, second = [team.comment("one")], [team.comment("two", "safety-2")]
    team.outcomes(first)
    with team.scene.app.app_context():
        db.session.execute(db.delete(Device).where(Device.person_id == _person_of(team, "Amina")))
        db.session.commit()

    assert_problem(team.push(second), 401, "sign-in-required")
    assert len(team.ledger()) == len(team.opened) + 1
    assert team.amina.sign_in("amina@example.org").status_code == 200
    assert [outcome["number"] for outcome in team.outcomes(first + second)] == [3, 4]


def test_a_session_that_its_own_batch_ends_in_the_middle_still_finishes_that_batch(team: Team):
    mona = team.phone("Mona", "manager")
    device = next(one["id"] for one in mona.get("/api/session").json["devices"] if one["current"])
    rename = [operation("site.change", {"site": team.ward, "name": name}) for name in ("Oak", "Elm")]

    batch = [rename[0], operation("device.end", {"device": device}), rename[1]]

    assert mona.verdicts(team.organisation, batch) == ["applied"] * 3
    assert_problem(mona.push(team.organisation, batch), 401, "sign-in-required")
    assert mona.sign_in("mona@example.org").status_code == 200
    assert mona.verdicts(team.organisation, batch) == ["applied"] * 3


def _person_of(team: Team, name: str) -> str:
    return db.session.scalar(db.select(Person.id).filter_by(name=name))


# Clocks


def test_a_clock_that_is_ahead_is_taken_and_only_flagged(team: Team, subtests):
    for ahead, early in [(timedelta(days=3650), True), (timedelta(hours=23), False)]:
        with subtests.test(
            ascii(
                (
                    ahead,
                    early,
                )
            )[:60]
        ):
            assert team.outcomes([team.finding(3, at=as_text(now() + ahead))])[0]["verdict"] == "applied"

            entry = team.amina.get(f"/api/audits/{team.audit.id}/history").json["entries"][-1]
            assert entry["early"] is early


def test_no_clock_decides_who_was_right(team: Team, subtests):
    ben, before = team.phone("Ben", "auditor"), []
    for at in ["0001-01-01T00:00:00+14:00", "9999-12-31T23:59:59-12:00", "1970-01-01T00:00:00Z"]:
        with subtests.test(at):
            first = team.finding(1, seen=before)
            team.outcomes([first])

            last = team.finding(3, seen=[first["id"]], at=at)
            ben.verdicts(team.audit.id, [last])

            assert team.live() == [{"rating": 3}]
            before = [last["id"]]


# The same again


def test_a_repeat_gets_the_same_answer_byte_for_byte(team: Team):
    batch = [
        team.finding(1),
        team.finding(9),
        operation("no.such", {"x": 1}),
        team.finding(2) | {"seen": "broken"},
        team.comment("words"),
        operation("operation.admit", {"operation": NOBODY}),
    ]

    first = team.push(batch)
    replies = [team.push(batch), team.push(batch, zipped=True), team.push(batch)]

    assert {reply.get_data() for reply in replies} == {first.get_data()}
    assert len(team.ledger()) == len(team.opened) + len(batch)


def test_a_repeat_in_other_parts_and_order_changes_nothing(team: Team):
    batch = [team.comment(f"{n}", f"safety-{n}") for n in range(1, 6)]
    answers = {outcome["id"]: outcome for outcome in team.outcomes(batch)}
    cursor = team.cursor()

    for part in (batch[2:4], batch[::-1], [batch[4], batch[4], batch[0]]):
        assert team.outcomes(part) == [answers[one["id"]] for one in part]

    assert team.cursor() == cursor


def test_the_same_operation_twice_in_one_batch_is_said_once(team: Team):
    one = team.finding(2)

    outcomes = team.outcomes([one, one])

    assert outcomes[0] == outcomes[1]
    assert len(team.ledger()) == len(team.opened) + 1


def test_the_same_id_with_another_content_is_refused_and_the_first_stands(team: Team, subtests):
    for together in [True, False]:
        for other in [
            {"payload": {"criterion": "safety-1", "rating": 3}},
            {"kind": "answer.comment"},
            {"at": "2026-01-01T00:00:00+00:00"},
            {"device": NOBODY},
            {"seen": [NOBODY]},
            {"of": NOBODY},
            {"v": 2},
        ]:
            with subtests.test(
                ascii(
                    (
                        together,
                        other,
                    )
                )[:60]
            ):
                first = team.finding(2)
                second = first | other

                answers = (
                    team.outcomes([first, second]) if together else team.outcomes([first]) + team.outcomes([second])
                )

                assert [answer["verdict"] for answer in answers] == ["applied", "refused"]
                assert answers[1]["problem"]["type"] == "/problems/id-reused"
                assert answers[1]["number"] is None
                assert first["id"] in team.live_ids()
                assert {"rating": 3} not in team.live()
                assert team.outcomes([first]) == answers[:1]


def test_an_id_may_be_known_in_two_audits_and_mean_two_things(team: Team):
    other = team.scene.audit(team.amina, team.ward)
    one = team.finding(2)

    team.outcomes([one])
    taken = team.amina.verdicts(other.id, [one | {"payload": {"criterion": "safety-1", "rating": 3}}])

    assert taken == ["applied"]
    assert team.live() == [{"rating": 2}]


# What people had seen


def test_supersession_passes_through_a_refused_operation(team: Team):
    first = team.finding(1)
    wrong = team.finding(9, seen=[first["id"]])
    last = team.finding(3, seen=[wrong["id"]])

    assert [one["verdict"] for one in team.outcomes([first, wrong, last])] == ["applied", "refused", "applied"]
    assert team.live() == [{"rating": 3}]


def test_supersession_passes_through_refused_operations_however_many_and_whenever_they_come(team: Team):
    first = team.finding(1)
    chain = [first]
    for _ in range(5):
        chain.append(team.finding(9, seen=[chain[-1]["id"]]))
    last = team.finding(3, seen=[chain[-1]["id"]])

    for one in [*chain, last]:
        team.outcomes([one])

    assert team.live() == [{"rating": 3}]


def test_what_was_replaced_before_it_arrived_never_shows(team: Team):
    late = team.finding(1)
    ben = team.phone("Ben", "auditor")

    ben.verdicts(team.audit.id, [team.finding(3, seen=[late["id"]])])
    assert team.outcomes([late])[0]["verdict"] == "applied"

    assert team.live() == [{"rating": 3}]


def test_what_was_replaced_through_one_that_is_refused_only_later_never_shows(team: Team):
    """As after a restore, when devices say things again in another order."""
    first, ben = team.finding(1), team.phone("Ben", "auditor")
    wrong = team.finding(9, seen=[first["id"]])

    ben.verdicts(team.audit.id, [team.finding(3, seen=[wrong["id"]])])
    assert [one["verdict"] for one in team.outcomes([first, wrong])] == ["applied", "refused"]

    assert team.live() == [{"rating": 3}]


def test_seen_names_only_replace_in_the_registers_that_are_written(team: Team):
    finding = team.finding(2)
    comment = team.comment("about it")

    team.outcomes([finding, comment | {"seen": [finding["id"]]}])

    assert team.live() == [{"rating": 2}]


def test_an_operation_that_says_it_saw_itself_still_stands(team: Team):
    own = team.finding(2)

    team.outcomes([own | {"seen": [own["id"]]}])

    assert team.live() == [{"rating": 2}]


# Kept, admitted, handed in


def test_what_was_made_while_the_right_held_is_kept_when_it_holds_no_longer(team: Team):
    lena = team.phone("Lena", "lead")
    team.scene.end_grants(_id_of(team, "Amina"))

    outcome = team.outcomes([team.finding(2)])[0]

    assert (outcome["verdict"], outcome["problem"]["type"]) == ("kept", "/problems/right-ended")
    snapshot = lena.get(f"/api/audits/{team.audit.id}").json
    assert "finding/safety-1/rating" not in snapshot["registers"]
    assert [(one["id"], one["payload"]["rating"]) for one in snapshot["kept"]] == [(outcome["id"], 2)]


def test_admitting_puts_a_kept_operation_in_force_and_credits_its_author(team: Team):
    lena = team.phone("Lena", "lead")
    team.scene.end_grants(_id_of(team, "Amina"))
    kept = team.finding(2)
    team.outcomes([kept])

    assert lena.do(team.audit.id, "operation.admit", {"operation": kept["id"]})["verdict"] == "applied"

    snapshot = lena.get(f"/api/audits/{team.audit.id}").json
    (write,) = snapshot["registers"]["finding/safety-1/rating"]
    assert (write["id"], write["author"], write["value"]) == (kept["id"], _id_of(team, "Amina"), {"rating": 2})
    assert snapshot["kept"] == []
    assert team.outcomes([kept])[0]["verdict"] == "applied"


def test_what_is_admitted_does_not_bring_back_what_was_said_knowing_it(team: Team):
    lena = team.phone("Lena", "lead")
    first = team.finding(0)
    team.outcomes([first])
    team.scene.end_grants(_id_of(team, "Amina"))
    kept = team.finding(2, seen=[first["id"]])
    team.outcomes([kept])
    lena.verdicts(team.audit.id, [team.finding(3, seen=[first["id"], kept["id"]])])

    lena.do(team.audit.id, "operation.admit", {"operation": kept["id"]})

    assert lena.registers(team.audit.id)["finding/safety-1/rating"] == [{"rating": 3}]


def test_an_audit_whose_opening_is_kept_takes_what_others_say_and_shows_it_once_it_is_opened(team: Team):
    lena, id = team.phone("Lena", "lead"), new_id()
    opening = opened(team)
    team.scene.end_grants(_id_of(team, "Amina"))
    assert team.amina.verdicts(id, [opening]) == ["kept"]

    adding = operation("contributor.add", {"contributor": new_id(), "voice": "staff", "label": "Nights"})
    assert lena.verdicts(id, [team.finding(2), adding]) == ["applied", "applied"]
    assert lena.do(id, "operation.admit", {"operation": opening["id"]})["verdict"] == "applied"

    assert lena.registers(id)["finding/safety-1/rating"] == [{"rating": 2}]
    home = next(audit for audit in lena.get("/api/home").json["audits"] if audit["id"] == id)
    assert sum(principle["agreed"] for principle in home["progress"]["principles"]) == 1


def test_two_operations_that_each_say_they_saw_the_other_leave_nothing_and_break_nothing(team: Team):
    one, other = team.finding(1), team.finding(3)

    team.outcomes([one | {"seen": [other["id"]]}, other | {"seen": [one["id"]]}])

    assert team.live() == []


def test_only_what_is_kept_can_be_admitted_and_once(team: Team):
    lena = team.phone("Lena", "lead")
    stands = team.finding(1)
    team.outcomes([stands])
    team.scene.end_grants(_id_of(team, "Amina"))
    kept = team.comment("kept")
    team.outcomes([kept])

    verdicts = [
        lena.do(team.audit.id, "operation.admit", {"operation": id})["verdict"]
        for id in (stands["id"], NOBODY, kept["id"], kept["id"])
    ]

    assert verdicts == ["refused", "refused", "applied", "refused"]


def test_kept_refused_and_admitted_in_one_batch_each_get_their_verdict(team: Team):
    lena = team.phone("Lena", "lead")
    team.scene.end_grants(_id_of(team, "Amina"))
    kept = team.comment("kept")
    team.outcomes([kept])

    batch = [team.finding(1), operation("operation.admit", {"operation": kept["id"]}), team.finding(9), team.finding(2)]

    assert lena.verdicts(team.audit.id, batch) == ["applied", "applied", "refused", "applied"]


def test_a_rescue_file_handed_in_by_somebody_else_is_kept_and_credits_its_author(team: Team):
    lena = team.phone("Lena", "lead")
    file = [team.finding(2), team.comment("from the broken phone"), team.finding(9)]

    verdicts = lena.verdicts(team.audit.id, file, on_behalf_of=_id_of(team, "Amina"))

    assert verdicts == ["kept", "kept", "refused"]
    snapshot = lena.get(f"/api/audits/{team.audit.id}").json
    assert {one["author"] for one in snapshot["kept"]} == {_id_of(team, "Amina")}
    entry = lena.get(f"/api/audits/{team.audit.id}/history").json["entries"][-1]
    assert entry["handed_in_by"]["name"] == "Lena"


def test_nobody_can_speak_for_somebody_who_never_had_a_part(team: Team):
    team.scene.person("Norman")

    assert_problem(team.push([team.finding()], on_behalf_of=_id_of(team, "Norman")), 404, "not-found")
    assert_problem(team.push([team.finding()], on_behalf_of=NOBODY), 404, "not-found")
    assert team.ledger() == team.opened


def test_handing_in_ones_own_file_on_ones_own_behalf_is_just_handing_in(team: Team):
    assert team.outcomes([team.finding()], on_behalf_of=_id_of(team, "Amina"))[0]["verdict"] == "applied"


def _id_of(team: Team, name: str) -> str:
    with team.scene.app.app_context():
        return _person_of(team, name)


# Cursors


def test_a_cursor_that_is_no_prefix_takes_nothing(team: Team, subtests):
    for change in [
        lambda epoch, seq, tag: f"{epoch}.{int(seq) + 1}.{tag}",
        lambda epoch, seq, tag: f"{epoch}.{seq}.{'0' * 16}",
        lambda epoch, seq, tag: f"{'0' * 8}.{seq}.{tag}",
        lambda epoch, seq, tag: f"{epoch}.{int(seq) - 1}.{tag}",
        lambda epoch, seq, tag: f"{epoch}.-1.{tag}",
        lambda epoch, seq, tag: f"{epoch}.{'9' * 30}.{tag}",
        lambda epoch, seq, tag: f"{epoch}.x.{tag}",
        lambda epoch, seq, tag: f"{epoch}.{seq}",
        lambda epoch, seq, tag: "",
        lambda epoch, seq, tag: "\x00.\x00.\x00",
        lambda epoch, seq, tag: f"{epoch}.{seq}.{HALF}",
        lambda epoch, seq, tag: f"{epoch}.0.{tag}",
    ]:
        with subtests.test(ascii(change)[:60]):
            cursor = change(*team.cursor().split("."))

            assert_problem(team.push([team.finding()], cursor=cursor), 409, "ledger-diverged")
            assert team.ledger() == team.opened


def test_any_earlier_cursor_of_this_ledger_is_good(team: Team):
    cursors = [team.cursor()]
    for number in range(1, 4):
        cursors.append(team.push([team.comment("x", f"safety-{number}")], cursor=cursors[-1]).json["cursor"])

    for cursor in [None, *cursors]:
        assert team.push([], cursor=cursor).status_code == 200


# All or nothing, and in order


def test_a_batch_is_taken_whole_or_not_at_all_wherever_its_storing_breaks(team: Team, app):
    batch = [team.comment(f"{n}", f"safety-{n}") for n in range(1, 6)] + [team.finding(9), team.finding(2)]
    breakages = 0

    while True:
        with breaking_at(breakages + 1):
            reply = team.push(batch)
        if reply.status_code == 200:
            break
        breakages += 1
        assert_problem(reply, 507, "storage-full")
        assert team.ledger() == team.opened
    again = team.push(batch)

    assert breakages > 5
    assert again.get_data() == reply.get_data()
    assert len(team.ledger()) == len(team.opened) + len(batch)


def test_a_database_that_only_reads_for_a_while_is_a_matter_of_waiting(team: Team, app):
    """As after a failover to a standby; SQLite has no such state."""
    if not app.config["DATABASE_URL"]:
        return
    name = app.config["DATABASE_URL"].split("?")[0].rsplit("/", 1)[1]
    sent = [team.finding(2)]

    _say_to_database(app, f"ALTER DATABASE {name} SET default_transaction_read_only = on")
    assert_problem(team.push(sent), 503, "unavailable")
    _say_to_database(app, f"ALTER DATABASE {name} RESET default_transaction_read_only")

    assert team.outcomes(sent)[0]["verdict"] == "applied"


def _say_to_database(app, statement: str) -> None:
    with app.app_context():
        with db.engine.connect().execution_options(isolation_level="AUTOCOMMIT") as connection:
            connection.exec_driver_sql("SET default_transaction_read_only = off")
            connection.exec_driver_sql(statement)
        db.engine.dispose()


class breaking_at:
    """Inside, the machine's disk is full at the nth statement."""

    def __init__(self, nth: int):
        self.left = nth

    def __enter__(self):
        event.listen(Engine, "before_cursor_execute", self._count)

    def __exit__(self, *_):
        event.remove(Engine, "before_cursor_execute", self._count)

    def _count(self, *_):
        self.left -= 1
        if self.left == 0:
            raise OSError(28, "No space left on device")


def test_eight_people_at_once_get_numbers_without_gaps(team: Team):
    phones = [team.phone(f"Person {n}", "auditor") for n in range(8)]
    failures: list = []

    def work(phone: Phone, place: int) -> None:
        try:
            for turn in range(6):
                batch = [team.comment(f"{place}/{turn}/{n}", f"safety-{n + 1}") for n in range(3)]
                outcomes = phone.push(team.audit.id, batch).json["outcomes"]
                numbers = [outcome["number"] for outcome in outcomes]
                if numbers != list(range(numbers[0], numbers[0] + 3)):
                    failures.append(outcomes)
        except Exception as failure:
            failures.append(failure)

    threads = [threading.Thread(target=work, args=(phone, place)) for place, phone in enumerate(phones)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert failures == []
    assert [number for number, _, _ in team.ledger()] == list(range(1, len(team.opened) + 8 * 6 * 3 + 1))


def test_eight_repeats_of_one_batch_at_once_are_one(team: Team):
    batch = [team.comment(f"{n}", f"safety-{n}") for n in range(1, 6)]
    phones = [team.scene.phone_of("Amina") for _ in range(8)]
    replies: list = []

    threads = [
        threading.Thread(target=lambda phone=phone: replies.append(phone.push(team.audit.id, batch)))
        for phone in phones
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert len({reply.get_data() for reply in replies}) == 1
    assert len(team.ledger()) == len(team.opened) + 5


def test_eight_phones_that_open_the_same_audit_at_once_open_one(team: Team):
    """A cloned phone: the same id, the same opening."""
    id, opening = new_id(), opened(team)
    phones = [team.scene.phone_of("Amina") for _ in range(8)]
    replies: list = []

    threads = [
        threading.Thread(target=lambda phone=phone: replies.append(phone.push(id, [opening]))) for phone in phones
    ]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()

    assert {reply.status_code for reply in replies} == {200}
    assert len({reply.get_data() for reply in replies}) == 1


def test_the_history_says_what_came_from_paper_and_what_its_writer_was_warned_of(team):
    said = {"contributor": team.audit.contributor, "criterion": "safety-1", "text": "Born on 3 May 1961, he says."}
    team.amina.do(team.audit.id, "answer.comment", said | {"warned": ["date-of-birth"], "paper": "2026-11-20"})

    words = team.amina.get(f"/api/audits/{team.audit.id}/history").json["entries"][-1]["words"]

    assert words.endswith("(from paper, 20/11/2026) (kept although it may hold a date of birth)")
    assert team.amina.registers(team.audit.id)[f"answer/{team.audit.contributor}/safety-1/comment"] == [said["text"]]

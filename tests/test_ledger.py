"""What the ledger promises, through the one door."""

import pytest

from audit_app.db import db
from audit_app.ledger.verify import verify

from .builders import Audit, Phone, Scene, operation


@pytest.fixture
def shared(scene: Scene) -> tuple[Phone, Phone, Audit]:
    """Amina, auditor, and Ben, lead, each on a phone of their own, in one audit."""
    ward = scene.site(org := scene.organisation())
    amina, ben = scene.phone("Amina", "auditor", org, ward), scene.phone("Ben", "lead", org, ward)
    return amina, ben, scene.audit(amina, ward)


def test_two_people_who_write_the_same_finding_unseen_are_both_kept_and_both_shown(scene: Scene, shared):
    amina, ben, audit = shared

    amina.verdicts(audit.id, [finding(2)])
    ben.verdicts(audit.id, [finding(1)])

    assert ben.registers(audit.id)["finding/safety-1/rating"] == [{"rating": 2}, {"rating": 1}]
    assert_holds(scene)


def test_whoever_writes_having_seen_both_settles_it_for_everybody(scene: Scene, shared):
    amina, ben, audit = shared
    one, other = finding(2), finding(1)
    amina.verdicts(audit.id, [one])
    ben.verdicts(audit.id, [other])

    ben.verdicts(audit.id, [finding(3, seen=[one["id"], other["id"]])])

    assert amina.registers(audit.id)["finding/safety-1/rating"] == [{"rating": 3}]
    assert_holds(scene)


def test_keeping_one_side_of_a_difference_goes_on_crediting_who_wrote_it(shared):
    amina, ben, audit = shared
    one, other = finding(2), finding(1)
    amina.verdicts(audit.id, [one])
    ben.verdicts(audit.id, [other])

    ben.verdicts(audit.id, [finding(2, seen=[one["id"], other["id"]]) | {"of": one["id"]}])

    (write,) = ben.get(f"/api/audits/{audit.id}").json["registers"]["finding/safety-1/rating"]
    names = ben.get(f"/api/audits/{audit.id}").json["people"]
    assert (names[write["author"]], names[write["of"]["author"]]) == ("Ben", "Amina")


def test_a_copy_of_a_copy_still_credits_who_wrote_it_first(shared):
    amina, ben, audit = shared
    hers = finding(2)
    kept = finding(2, seen=[hers["id"]]) | {"of": hers["id"]}
    amina.verdicts(audit.id, [hers])
    ben.verdicts(audit.id, [kept])

    ben.verdicts(audit.id, [finding(2, seen=[kept["id"]]) | {"of": kept["id"]}])

    snapshot = ben.get(f"/api/audits/{audit.id}").json
    (write,) = snapshot["registers"]["finding/safety-1/rating"]
    assert snapshot["people"][write["of"]["author"]] == "Amina"


def test_work_never_goes_out_in_the_name_of_whoever_signed_in_meanwhile(shared):
    amina, ben, audit = shared

    reply = ben.push(audit.id, [finding(2)], person=amina.get("/api/session").json["person"]["id"])

    assert reply.status_code == 401 and reply.json["type"] == "/problems/sign-in-required"
    assert "finding/safety-1/rating" not in ben.registers(audit.id)


def test_nobody_is_credited_with_words_they_did_not_write(shared):
    amina, ben, audit = shared
    hers = finding(2)
    amina.verdicts(audit.id, [hers])

    ben.verdicts(audit.id, [finding(0, seen=[hers["id"]]) | {"of": hers["id"]}])

    (write,) = ben.get(f"/api/audits/{audit.id}").json["registers"]["finding/safety-1/rating"]
    assert write["value"] == {"rating": 0} and "of" not in write


def finding(rating: int, seen: list[str] = ()) -> dict:
    return operation("finding.agree", {"criterion": "safety-1", "rating": rating}, seen)


def assert_holds(scene: Scene) -> None:
    with scene.app.app_context():
        assert list(verify()) == []
        db.session.rollback()

"""The pure rule, on the vectors that the device is tested with too (`tests/pwa/vectors.test.js`)."""

import json
import random
from datetime import date

import pytest
from marshmallow import ValidationError

from audit_app import VERBS
from audit_app.ledger.canonical import canonical, digest, tidy
from audit_app.ledger.kinds import KINDS
from audit_app.ledger.registers import Said, live
from audit_app.ledger.verify import registers_of
from audit_app.plans.due import stands

from .vectors import make

assert VERBS  # the verbs are registered by being imported


def read(name: str) -> list[dict]:
    return json.loads((make.HERE / f"{name}.json").read_text(encoding="utf-8"))


CANONICAL, DUE, EFFECTS, LIVE = read("canonical"), read("due"), read("effects"), read("live")
OFFLINE = {name for name, kind in KINDS.items() if not kind.online}


@pytest.mark.parametrize("name", ["canonical", "due", "effects", "live"])
def test_the_vectors_are_the_ones_their_maker_makes(name):
    made = make.live(random.Random(make.SEED)) if name == "live" else getattr(make, name)()

    assert (make.HERE / f"{name}.json").read_text(encoding="utf-8") == make.as_file(made)


@pytest.mark.parametrize("vector", CANONICAL, ids=lambda vector: ascii(vector["canonical"])[:40])
def test_everybody_writes_a_value_down_alike(vector):
    assert canonical(vector["value"]) == vector["canonical"]
    assert digest(vector["canonical"]) == vector["digest"]
    assert canonical(tidy(vector["value"])) == vector["tidied"]


def test_an_item_of_the_plan_is_as_overdue_here_as_on_the_device():
    for vector in DUE:
        assert stands(vector["state"], vector["due"], date.fromisoformat(vector["today"])) == vector["stands"], vector


@pytest.mark.parametrize("kind", sorted(OFFLINE))
def test_each_offline_kind_has_a_vector_that_is_taken_and_one_that_is_refused(kind):
    of_kind = [vector for vector in EFFECTS if vector["kind"] == kind]

    assert any("registers" in vector for vector in of_kind)
    assert any("refused" in vector for vector in of_kind)


@pytest.mark.parametrize("vector", [vector for vector in EFFECTS if "registers" in vector], ids=str)
def test_what_is_said_writes_the_same_registers_here_and_on_the_device(vector):
    written = registers_of(KINDS[vector["kind"]], json.dumps(vector["payload"]))

    assert written == {register: canonical(value) for register, value in vector["registers"].items()}


@pytest.mark.parametrize("vector", [vector for vector in EFFECTS if "refused" in vector], ids=str)
def test_what_no_kind_allows_is_refused(vector):
    with pytest.raises(ValidationError):
        KINDS[vector["kind"]].schema.load(vector["payload"])


@pytest.mark.parametrize("vector", LIVE, ids=lambda vector: vector["name"])
def test_everybody_who_holds_the_same_set_sees_the_same_in_whatever_order_it_came(vector):
    said = [Said(one["id"], tuple(one["seen"]), one["writes"], one["in_force"]) for one in vector["operations"]]

    for order in (said, said[::-1], sorted(said, key=lambda one: one.id)):
        assert {register: writes for register, writes in live(order).items() if writes} == vector["live"]

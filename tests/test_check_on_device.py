"""A certificate checked on a phone without a network: the device says what the server would say, and never more."""

import base64
import json
import random
import subprocess
from dataclasses import replace
from datetime import timedelta
from pathlib import Path

import pytest

from audit_app.awards.certificate.badge import badge_png, badge_svg
from audit_app.awards.certificate.credential import (
    PURPOSES,
    check_without_register,
    envelope,
    issue,
    key_set,
    status_list,
)
from tests.needs import needs

from .test_award_credential import AWARD, HOME, KEY, KEYS, NOW, OTHER, TOKEN

ROOT = Path(__file__).parent.parent
DEVICE = """
import { checkWithoutNetwork, tokenIn } from './static/pwa/lib/certificate.js'
let said = ''
for await (const part of process.stdin) said += part
const { keys, cases } = JSON.parse(said)
const found = []
for (const { file, lists, at } of cases) {
  const token = tokenIn(Uint8Array.from(Buffer.from(file, 'base64')))
  found.push(token ? await checkWithoutNetwork(token, keys, lists, at) : { state: 'no token' })
}
console.log(JSON.stringify(found))
"""

pytestmark = [pytest.mark.node, needs("node", "nodejs npm")]


def on_the_device(cases: list[tuple[bytes, list[str], object]], keys: dict = KEYS) -> list[dict]:
    """What the app's own module says of each file, with these lists, at that moment."""
    told = [
        {"file": base64.b64encode(file).decode(), "lists": lists, "at": at.timestamp() * 1000}
        for file, lists, at in cases
    ]
    done = subprocess.run(
        ["node", "--input-type=module", "-e", DEVICE],
        cwd=ROOT,
        input=json.dumps({"keys": key_set(keys), "cases": told}),
        capture_output=True,
        text=True,
        check=True,
    )
    return json.loads(done.stdout)


def lists(ended: str | None = None, made=NOW, key=KEY) -> list[str]:
    """The status lists of the body; the award's bit is set in the one for `ended`."""
    return [
        status_list(HOME, AWARD.body_id, purpose, [AWARD.index] if purpose == ended else [], key, made)
        for purpose in PURPOSES
    ]


def test_a_phone_says_of_a_certificate_what_the_server_would_say():
    later = NOW + timedelta(hours=1)
    cases = [
        (TOKEN, lists(), later),
        *((TOKEN, lists(ended), later) for ended in PURPOSES),
        (TOKEN, lists()[:2], later),
        (TOKEN, [], later),
        (TOKEN, lists(), NOW + timedelta(days=8)),
        (TOKEN, lists("revocation"), NOW + timedelta(days=8)),
        (TOKEN, lists(), NOW + timedelta(days=4 * 365)),
        (TOKEN, lists("suspension"), NOW + timedelta(days=4 * 365)),
        (TOKEN, lists(key=OTHER), later),
        (issue(AWARD, OTHER), lists(), later),
        (issue(replace(AWARD, body_id="another"), KEY), lists(), later),
        (issue(replace(AWARD, decided=NOW.date() + timedelta(days=9)), KEY), lists(), later),
        (lists()[0], lists(), later),
    ]

    said = on_the_device([(token.encode(), held, at) for token, held, at in cases])

    expected = [check_without_register(token, KEYS, held, at) for token, held, at in cases]
    assert [(one["state"], one.get("number")) for one in said] == [(one.state, one.number) for one in expected]
    assert {one.state for one in expected} == {
        "valid", "withdrawn", "suspended", "superseded", "cannot-confirm", "expired", "unknown",
    }  # fmt: skip


def test_a_phone_finds_the_certificate_in_each_file_that_is_given_out():
    files = [
        TOKEN.encode(),
        json.dumps(envelope(TOKEN)).encode(),
        badge_svg(TOKEN, "Rowan ward").encode(),
        badge_png(TOKEN),
        b"not a certificate",
        b"<svg></svg>",
    ]

    said = on_the_device([(file, lists(), NOW + timedelta(hours=1)) for file in files])

    assert [one["state"] for one in said] == ["valid"] * 4 + ["no token"] * 2


def test_a_certificate_with_a_letter_changed_is_never_valid_on_a_phone():
    chance = random.Random(5)
    changed = []
    for _ in range(400):
        at, letter = chance.randrange(len(TOKEN)), chance.choice("ABCabc019-_.")
        changed.append((TOKEN[:at] + letter + TOKEN[at + 1 :]).encode())
    changed = [one for one in changed if one.decode() != TOKEN]

    said = on_the_device([(one, lists(), NOW + timedelta(hours=1)) for one in changed])

    assert {one["state"] for one in said} <= {"unknown", "cannot-confirm", "no token"}

"""The signed credential: what may be said of it, by us and by somebody else's Open Badges, and what is never said."""

import base64
import json
import os
import random
from dataclasses import replace
from datetime import UTC, datetime, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from audit_app.awards.certificate.badge import badge_png, badge_svg
from audit_app.awards.certificate.credential import (
    PURPOSES,
    Award,
    Registered,
    SigningKey,
    check_with_register,
    check_without_register,
    credential_of,
    envelope,
    issue,
    key_set,
    keys_in,
    number_in,
    status_list,
    token_in,
)
from audit_app.ledger.canonical import canonical, digest

CAMPAIGN = int(os.environ.get("CAMPAIGN", "0"))
MUTATED = 25_000  # four times over
HOME = "https://milieu.example"
NOW = datetime.now(UTC).replace(microsecond=0)
DECIDED = NOW.date() - timedelta(days=30)
AWARD = Award(
    home=HOME,
    number="EAFE-2026-0007",
    index=70_001,
    body_id="0190b1",
    body="The Relational Places Trust",
    place="0190a7",
    setting="Rowan ward",
    organisation="Northfield Trust",
    checklist="enabling-and-facilitating-environments",
    checklist_title="Enabling and Facilitating Environments",
    edition=1,
    language="en",
    decided=DECIDED,
    until=DECIDED + timedelta(days=3 * 365),
    record="5f" * 32,
)
KEY = SigningKey("2026-1", Ed25519PrivateKey.from_private_bytes(b"\x07" * 32))
OTHER = SigningKey("2026-2", Ed25519PrivateKey.from_private_bytes(b"\x08" * 32))
KEYS = {KEY.id: KEY.public}
TOKEN = issue(AWARD, KEY)
HELD = Registered(digest(TOKEN))


def lists(at: datetime = NOW, key: SigningKey = KEY, **set_in: int) -> list[str]:
    """The body's three lists as published at a moment; `set_in`: purpose to an index whose bit is set."""
    return [
        status_list(HOME, AWARD.body_id, purpose, [set_in[purpose]] if purpose in set_in else [], key, at)
        for purpose in PURPOSES
    ]


def state(token: str = TOKEN, registered: Registered | None = HELD, at: datetime = NOW) -> str:
    return check_with_register(token, KEYS, registered, at).state


def state_offline(token: str = TOKEN, known: list[str] | None = None, at: datetime = NOW) -> str:
    return check_without_register(token, KEYS, lists() if known is None else known, at).state


# Somebody else's program


def theirs(key: SigningKey = KEY) -> OB3Verifier:
    return OB3Verifier(key.public.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))


def published(known: list[str]):
    """Fetches our status lists for somebody else's program."""
    by_address = dict(zip((f"{HOME}/status/{AWARD.body_id}/{purpose}" for purpose in PURPOSES), known, strict=True))
    return lambda address: by_address[address].encode()


def test_somebody_elses_open_badges_takes_our_credential_and_reads_it_alike():
    read = theirs().verify(TOKEN, check_status=True, download=published(lists()))

    assert read.issuer.name == "The Relational Places Trust"
    assert read.achievement.name == "Enabling and Facilitating Environments"
    assert read.recipient_id == f"{HOME}/places/0190a7"
    assert jwt.decode(TOKEN, KEY.public, algorithms=["EdDSA"]) == credential_of(AWARD)


@pytest.mark.parametrize("purpose", ["revocation", "suspension"])
def test_somebody_elses_open_badges_sees_that_an_award_was_ended(purpose):
    with pytest.raises(OB3VerificationError, match=purpose):
        theirs().verify(TOKEN, check_status=True, download=published(lists(**{purpose: AWARD.index})))
    neighbour = lists(**{purpose: AWARD.index + 1})
    assert theirs().verify(TOKEN, check_status=True, download=published(neighbour))


def test_somebody_elses_open_badges_refuses_another_key_and_lists_of_another_key():
    with pytest.raises(OB3VerificationError):
        theirs(OTHER).verify(TOKEN)
    with pytest.raises(OB3VerificationError, match="proof"):
        theirs().verify(TOKEN, check_status=True, download=published(lists(key=OTHER)))


def test_somebody_elses_open_badges_finds_it_in_our_pictures():
    words = "Enabling and Facilitating Environments, Rowan ward"

    assert OB3Verifier.extract_token_from_svg(badge_svg(TOKEN, words).encode()) == TOKEN
    assert OB3Verifier.extract_token_from_png(badge_png(TOKEN)) == TOKEN


def test_a_key_set_is_read_by_others_and_by_ourselves():
    told = key_set({KEY.id: KEY.public, OTHER.id: OTHER.public})

    assert jwt.PyJWKSet.from_dict(told)[KEY.id].key == KEY.public
    assert keys_in(json.loads(json.dumps(told))) == {KEY.id: KEY.public, OTHER.id: OTHER.public}
    assert keys_in({"keys": [{"kty": "RSA", "kid": "x"}]}) == {}


# What may be said, with the register


def test_what_the_register_holds_is_valid_until_its_last_day():
    end = datetime(AWARD.until.year, AWARD.until.month, AWARD.until.day, tzinfo=UTC)

    assert state() == "valid"
    assert check_with_register(TOKEN, KEYS, HELD, NOW).number == number_in(TOKEN, KEYS) == AWARD.number
    assert state(at=end - timedelta(seconds=1)) == "valid"
    assert state(at=end) == "expired"


def test_a_signature_alone_never_makes_it_valid():
    assert state(registered=None) == "unknown"
    assert state(registered=Registered(digest("another"))) == "unknown"
    assert state_offline(known=[]) == "cannot-confirm"
    assert state_offline(known=lists()[:2]) == "cannot-confirm"


@pytest.mark.parametrize("ended", ["withdrawn", "suspended", "superseded"])
def test_an_award_that_was_ended_is_said_to_be(ended):
    assert state(registered=replace(HELD, ended=ended)) == ended
    assert state(registered=replace(HELD, ended="something new")) == "cannot-confirm"


def test_an_award_that_has_run_out_is_expired_unless_it_was_withdrawn_before():
    after = NOW + timedelta(days=5 * 365)

    assert state(registered=replace(HELD, ended="suspended"), at=after) == "expired"
    assert state(registered=replace(HELD, ended="withdrawn"), at=after) == "withdrawn"


def test_a_credential_issued_anew_with_a_new_key_supersedes_the_old_one():
    anew = issue(AWARD, OTHER)
    both = Registered(digest(anew), frozenset({digest(TOKEN)}))
    keys = KEYS | {OTHER.id: OTHER.public}

    assert check_with_register(anew, keys, both, NOW).state == "valid"
    assert check_with_register(TOKEN, keys, both, NOW).state == "superseded"


def test_a_key_that_was_taken_out_confirms_nothing_more():
    assert check_with_register(TOKEN, {OTHER.id: OTHER.public}, HELD, NOW).state == "unknown"
    assert check_without_register(TOKEN, {OTHER.id: OTHER.public}, lists(), NOW).state == "cannot-confirm"


def test_nothing_holds_before_it_was_decided():
    assert state(at=NOW - timedelta(days=40)) == "unknown"
    assert state_offline(at=NOW - timedelta(days=40)) == "unknown"


# What may be said without a network


def test_with_fresh_lists_it_is_valid_as_of_their_day():
    found = check_without_register(TOKEN, KEYS, lists(NOW - timedelta(days=2)), NOW)

    assert (found.state, found.as_of) == ("valid", NOW - timedelta(days=2))


def test_lists_that_are_a_week_old_or_of_tomorrow_confirm_nothing():
    assert state_offline(known=lists(NOW - timedelta(days=7))) == "cannot-confirm"
    assert state_offline(known=lists(NOW + timedelta(days=1))) == "cannot-confirm"


@pytest.mark.parametrize(("purpose", "ended"), PURPOSES.items())
def test_a_list_says_what_ended_an_award_even_when_it_is_old(purpose, ended):
    assert state_offline(known=lists(**{purpose: AWARD.index})) == ended
    assert state_offline(known=lists(NOW - timedelta(days=20), **{purpose: AWARD.index})) == ended
    assert state_offline(known=lists(**{purpose: AWARD.index - 1})) == "valid"


def test_an_old_list_replayed_beside_a_new_one_changes_nothing():
    before, now = lists(NOW - timedelta(days=3)), lists(revocation=AWARD.index)

    assert state_offline(known=before) == "valid"  # what was known then, with its day
    assert state_offline(known=before + now) == state_offline(known=now + before) == "withdrawn"


def test_lists_of_another_key_body_or_kind_are_not_heard():
    theirs = [status_list(HOME, "another", purpose, [], KEY, NOW) for purpose in PURPOSES]

    assert state_offline(known=lists(key=OTHER)) == "cannot-confirm"
    assert state_offline(known=theirs) == "cannot-confirm"
    assert state_offline(known=[TOKEN] * 3) == "cannot-confirm"
    assert state(lists()[0], Registered(digest(lists()[0]))) == "unknown"


def test_without_a_network_an_award_runs_out_by_itself():
    after = NOW + timedelta(days=5 * 365)
    assert state_offline(known=lists(after), at=after) == "expired"
    assert state_offline(known=[], at=after) == "expired"


# Forgeries. The register is told the forger's own digest too, so that only the signature stands in the way.


def is_refused(forged: str) -> bool:
    """Is something forged valid to nobody: with a register that was fooled, with the true one, without a network?"""
    found = {
        state(forged, Registered(digest(forged))),
        state(forged),
        check_without_register(forged, KEYS, LISTS, NOW).state,
    }
    return found <= {"unknown", "cannot-confirm"}


LISTS = lists()


def signed(claims: dict, header: dict, key: SigningKey) -> str:
    return jwt.api_jws.encode(json.dumps(claims).encode(), key.private, algorithm="EdDSA", headers=header)


@pytest.mark.parametrize("bit", range(8))
def test_each_byte_flipped_is_never_valid(bit):
    for place in range(len(TOKEN)):
        flipped = bytearray(TOKEN.encode())
        flipped[place] ^= 1 << bit
        forged = flipped.decode("latin-1")
        assert is_refused(forged), (place, forged[place])


@pytest.mark.parametrize("seed", range(4))
def test_mutations_by_chance_are_never_valid(seed: int):
    chance = random.Random(None if CAMPAIGN else seed)
    letters = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_.=+/ {}"\n\0é'
    for _ in range(MUTATED):
        text = list(TOKEN)
        for _ in range(chance.randint(1, 4)):
            at, other = chance.randrange(len(text)), chance.randrange(len(text))
            match chance.randrange(6):
                case 0:
                    text[at] = chance.choice(letters)
                case 1:
                    text.insert(at, chance.choice(letters))
                case 2:
                    del text[at]
                case 3:
                    text[at], text[other] = text[other], text[at]
                case 4:
                    text[at:at] = text[other : other + chance.randint(1, 40)]
                case 5:
                    del text[at : at + chance.randint(1, 40)]
        forged = "".join(text)
        assert forged == TOKEN or is_refused(forged), forged


def test_another_key_under_our_keys_name_is_never_valid():
    assert is_refused(issue(AWARD, SigningKey(KEY.id, OTHER.private)))
    assert is_refused(issue(AWARD, OTHER))


@pytest.mark.parametrize(
    "field", ["number", "setting", "organisation", "edition", "record", "decided", "index", "body"]
)
def test_fields_and_signatures_of_two_credentials_cannot_be_swapped(field):
    changed = {"edition": 2, "index": 5, "decided": DECIDED - timedelta(days=1)}.get(field, "another")
    mine, other = TOKEN.split("."), issue(replace(AWARD, **{field: changed}), KEY).split(".")

    assert mine[1] != other[1]
    assert is_refused(".".join([mine[0], other[1], mine[2]]))
    assert is_refused(".".join([mine[0], mine[1], other[2]]))


@pytest.mark.parametrize("claim", ["iss", "jti", "sub", "nbf", "exp", "validUntil", "type"])
def test_claims_that_do_not_fit_each_other_are_not_one_of_ours_though_we_signed_them(claim):
    claims = credential_of(AWARD)
    assert number_in(signed(claims, {"kid": KEY.id}, KEY), KEYS) == AWARD.number
    claims[claim] = {"nbf": 1, "exp": 2**33, "validUntil": "2099-01-01T00:00:00Z"}.get(claim, ["another"])

    assert is_refused(signed(claims, {"kid": KEY.id}, KEY))


def test_other_ways_to_write_a_token_are_not_taken():
    header, body, signature = TOKEN.split(".")
    none = base64.urlsafe_b64encode(b'{"alg":"none","kid":"2026-1","typ":"JWT"}').rstrip(b"=").decode()
    last = "ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789-_"
    same_bytes = signature[:-1] + last[last.index(signature[-1]) ^ 1]

    assert base64.urlsafe_b64decode(same_bytes + "==") == base64.urlsafe_b64decode(signature + "==")
    secret = KEY.public.public_bytes_raw()
    for forged in (
        f"{none}.{body}.",
        f"{none}.{body}.{signature}",
        f"{header}.{body}.{same_bytes}",
        f"{header}.{body}.{signature}==",
        f"{TOKEN}\n",
        f"{TOKEN}.{signature}",
        jwt.encode(credential_of(AWARD), secret.hex(), algorithm="HS256", headers={"kid": KEY.id}),
        signed(credential_of(AWARD), {"kid": KEY.id, "jwk": {"kty": "OKP"}}, KEY),
        "",
        "..",
        "a.b.c",
        "x" * 2_000_000,
    ):
        assert is_refused(forged), forged[:80]


# How it is handed in


def test_a_token_is_found_pasted_as_json_and_in_both_pictures():
    for shown in (
        TOKEN.encode(),
        f"\n {TOKEN} \n".encode(),
        json.dumps(envelope(TOKEN), indent=2).encode(),
        badge_svg(TOKEN, "Rowan ward").encode(),
        badge_png(TOKEN),
    ):
        assert token_in(shown) == TOKEN


def test_each_byte_of_the_json_flipped_is_never_valid():
    said = canonical(envelope(TOKEN)).encode()
    for place in range(len(said)):
        flipped = bytearray(said)
        flipped[place] ^= 1 << place % 7
        found = token_in(bytes(flipped))
        assert found is None or is_refused(found), place


def test_each_byte_of_a_picture_flipped_is_never_another_credential():
    for picture in (badge_png(TOKEN), badge_svg(TOKEN, "Rowan ward").encode()):
        for place in range(0, len(picture), 3):
            flipped = bytearray(picture)
            flipped[place] ^= 1 << place % 8
            found = token_in(bytes(flipped))
            assert found in (None, TOKEN) or is_refused(found), place


def test_what_holds_two_credentials_or_none_holds_none():
    other = issue(replace(AWARD, number="2"), KEY)
    twice = badge_svg(TOKEN, "x").replace("</svg>", f'<openbadges:credential verify="{other}"/></svg>')

    for shown in (
        twice.encode(),
        badge_svg("", "x").encode(),
        b"",
        b"{}",
        b"[" * 50_000,
        b'{"id":' * 50_000,
        b"\xff\xfe",
    ):
        assert token_in(shown) is None
    assert token_in(badge_png(TOKEN)[:-30]) in (None, TOKEN)


def test_nothing_of_a_person_is_in_a_credential():
    assert set(credential_of(AWARD)["credentialSubject"]) == {"id", "type", "identifier", "achievement"}
    assert "@" not in json.dumps(credential_of(AWARD)).replace("@context", "")

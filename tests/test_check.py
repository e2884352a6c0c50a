"""Is this certificate true? Asked over HTTP, by number, by file and by text, and judged beside by somebody else's Open
Badges."""

import base64
import io
import json
from dataclasses import replace
from datetime import date, timedelta

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from openbadgeslib.ob3.verifier import OB3VerificationError, OB3Verifier

from audit_app.accounts.models import Attempt
from audit_app.awards.certificate import credential, keys
from audit_app.awards.certificate.issuing import HomeMissing, issue, said_of
from audit_app.awards.certificate.numbers import new_number
from audit_app.awards.models import Award, Issued
from audit_app.db import db, now

from .awards import Awards
from .builders import OURS, Phone, Scene

HEADINGS = {
    "valid": "Valid",
    "expired": "Expired",
    "suspended": "Suspended",
    "withdrawn": "Withdrawn",
    "superseded": "Superseded",
    "unknown": "Unknown",
    "cannot-confirm": "Cannot confirm",
}


@pytest.fixture
def awards(scene: Scene) -> Awards:
    return Awards(scene)


@pytest.fixture
def anybody(app) -> Phone:
    """Somebody who is not signed in, and never was."""
    return Phone(app)


def today() -> date:
    return now().date()


def said(reply) -> str:
    """The state that a page says, as its heading."""
    assert reply.status_code in (200, 503), reply.get_data(as_text=True)
    assert "Set-Cookie" not in reply.headers
    heading = reply.get_data(as_text=True).partition("<h1>")[2].partition("</h1>")[0]
    return next(state for state, word in HEADINGS.items() if word == heading)


def by_number(anybody: Phone, number: str) -> str:
    """What the page and the answer for programs say of a number; they say the same."""
    page, answer = anybody.get(f"/check/{number}"), anybody.get(f"/check/{number}.json")
    assert answer.headers["Access-Control-Allow-Origin"] == "*"
    assert said(page) == answer.json["state"]
    return answer.json["state"]


def by_file(anybody: Phone, body: bytes, name: str = "shown.json"):
    return anybody.client.post("/check", data={"file": (io.BytesIO(body), name)}, headers=OURS)


def by_text(anybody: Phone, text: str):
    return anybody.client.post("/check", data={"text": text}, headers=OURS)


def shown(anybody: Phone, token: str) -> str:
    """What is said of a token as a file, in its envelope, and pasted: the same."""
    replies = (
        by_file(anybody, token.encode(), "shown.jwt"),
        by_file(anybody, json.dumps(credential.envelope(token)).encode()),
        by_text(anybody, f"\r\n{token}\r\n"),
    )
    [state] = {said(reply) for reply in replies}
    return state


def everything(anybody: Phone, awards: Awards, number: str) -> set[str]:
    """What is said of an award, however one asks."""
    return {by_number(anybody, number), shown(anybody, awards.token(number))}


# Each state


def test_an_award_that_stands_is_valid_however_one_asks(awards: Awards, anybody: Phone):
    number = awards.give("Rowan ward")

    assert everything(anybody, awards, number) == {"valid"}
    page = anybody.get(f"/check/{number}").get_data(as_text=True)
    assert "Rowan ward" in page and "Northfield Trust" in page and "The Relational Places Trust" in page
    answer = anybody.get(f"/check/{number}.json").json
    assert (answer["holder"], answer["number"], answer["edition"]) == ("Rowan ward", number, 1)


def test_an_award_runs_out_on_its_last_day_by_itself(awards: Awards, anybody: Phone):
    last = awards.give(decided=today().replace(year=today().year - 3) + timedelta(days=1))
    over = awards.give(decided=today().replace(year=today().year - 3))

    assert everything(anybody, awards, last) == {"valid"}
    assert everything(anybody, awards, over) == {"expired"}
    assert anybody.get(f"/check/{over}.json").json["since"] == today().isoformat()


def test_a_suspended_award_is_said_to_be_and_stands_again_once_it_is_given_back(awards: Awards, anybody: Phone):
    number = awards.give()

    awards.suspend(number)
    assert everything(anybody, awards, number) == {"suspended"}
    awards.restore(number)
    assert everything(anybody, awards, number) == {"valid"}


def test_a_withdrawn_award_is_said_to_be_even_after_it_would_have_run_out(awards: Awards, anybody: Phone):
    number, old = awards.give(), awards.give(decided=date(2020, 5, 4))

    awards.withdraw(number)
    awards.withdraw(old, date(2022, 5, 4))

    assert everything(anybody, awards, number) == {"withdrawn"}
    assert everything(anybody, awards, old) == {"withdrawn"}


def test_an_award_that_a_newer_one_replaced_says_which(awards: Awards, anybody: Phone):
    old, new = awards.give(decided=today() - timedelta(days=900)), awards.give()

    awards.replace(old, new)

    assert everything(anybody, awards, old) == {"superseded"}
    assert anybody.get(f"/check/{old}.json").json["replaced_by"] == new
    assert f'href="/check/{new}"' in anybody.get(f"/check/{old}").get_data(as_text=True)


def test_a_number_that_nobody_was_given_is_unknown(awards: Awards, anybody: Phone):
    number = awards.give()
    wrong = number[:-1] + ("2" if number[-1] != "2" else "3")

    for asked in ("MIL-2026-7K3QFX", wrong, "nonsense", "%00", "MIL-2026-' OR 1=1", "9" * 400):
        assert by_number(anybody, asked) == "unknown"


def test_without_the_register_nothing_is_confirmed_whatever_a_signature_says(awards: Awards, anybody: Phone, app):
    number = awards.give()
    token = awards.token(number)
    with app.app_context():
        db.session.execute(db.text("ALTER TABLE award RENAME TO award_gone"))
        db.session.commit()

    assert by_number(anybody, number) == "cannot-confirm"
    assert shown(anybody, token) == "cannot-confirm"


# A signature alone is never enough


def test_what_our_key_signed_and_the_register_does_not_hold_is_unknown(awards: Awards, anybody: Phone, app):
    number = awards.give()
    with app.app_context():
        key, award = keys.signing_key(), said_of(db.session.get(Award, number))
        for changed in (
            {"number": "MIL-2026-7K3QFX"},
            {"setting": "Another ward"},
            {"until": award.until + timedelta(days=365)},
            {"record": "0" * 64},
            {"body": "A grander body"},
        ):
            assert shown(anybody, credential.issue(replace(award, **changed), key)) == "unknown"
        db.session.execute(db.delete(Issued).filter_by(award_number=number))
        db.session.commit()
        token = credential.issue(award, key)

    assert shown(anybody, token) == "unknown"
    assert by_number(anybody, number) == "valid", "the award stands; this credential of it was never issued"


def test_another_key_under_our_keys_name_is_unknown(awards: Awards, anybody: Phone, app):
    number = awards.give()
    with app.app_context():
        award = said_of(db.session.get(Award, number))
        forged = credential.issue(award, credential.SigningKey(keys.signing_key().id, Ed25519PrivateKey.generate()))
        db.session.rollback()

    assert shown(anybody, forged) == "unknown"


def test_halves_of_two_credentials_do_not_make_a_third(awards: Awards, anybody: Phone):
    one, other = awards.token(awards.give()).split("."), awards.token(awards.give("B wing")).split(".")

    assert shown(anybody, ".".join([one[0], other[1], one[2]])) == "unknown"
    assert shown(anybody, ".".join([one[0], one[1], other[2]])) == "unknown"


def test_letters_changed_anywhere_are_never_valid(awards: Awards, anybody: Phone):
    token = awards.token(awards.give())
    for place in range(0, len(token), 97):
        changed = token[:place] + ("A" if token[place] != "A" else "B") + token[place + 1 :]
        assert said(by_text(anybody, changed)) == "unknown", place


def test_an_unsigned_token_is_unknown(awards: Awards, anybody: Phone):
    claims = jwt.decode(awards.token(awards.give()), options={"verify_signature": False})

    assert shown(anybody, jwt.encode(claims, "", algorithm="none")) == "unknown"
    assert shown(anybody, jwt.encode(claims, "milieu" * 8, algorithm="HS256")) == "unknown"


def test_a_credential_from_before_it_was_withdrawn_shown_again_is_withdrawn(awards: Awards, anybody: Phone):
    number = awards.give()
    kept = anybody.get(f"/certificate/{number}.json").data
    assert said(by_file(anybody, kept)) == "valid"

    awards.withdraw(number)

    assert said(by_file(anybody, kept)) == "withdrawn"


def test_when_a_key_leaks_what_it_signed_is_unknown_and_the_award_has_a_new_credential(awards, anybody: Phone, app):
    number = awards.give()
    leaked = awards.token(number)
    with app.app_context():
        id = keys.signing_key().id

    done = app.test_cli_runner().invoke(args=["signing-key", "distrust", id])

    assert "1 certificates were issued anew" in done.output
    assert shown(anybody, leaked) == "unknown"
    assert everything(anybody, awards, number) == {"valid"}
    assert id not in [key["kid"] for key in anybody.get("/.well-known/jwks.json").json["keys"]]


def test_a_retired_keys_credentials_stay_valid_and_a_reissued_one_supersedes_them(awards, anybody: Phone, app):
    number = awards.give()
    old = awards.token(number)
    with app.app_context():
        keys.retire_key(keys.signing_key().id)
    assert shown(anybody, old) == "valid"

    new = awards.issue_again(number)

    assert shown(anybody, old) == "superseded"
    assert shown(anybody, new) == "valid"


def test_issuing_twice_with_nothing_changed_gives_the_same_credential(awards: Awards, app):
    number = awards.give()

    assert awards.issue_again(number) == awards.token(number)
    with app.app_context():
        assert db.session.scalar(db.select(db.func.count()).select_from(Issued)) == 1


def test_a_service_that_does_not_know_its_address_issues_nothing(awards: Awards, app):
    number = awards.give()
    app.config["PUBLIC_URL"] = ""

    with app.app_context(), pytest.raises(HomeMissing):
        issue(db.session.get(Award, number))


# Somebody else's program


def test_somebody_elses_open_badges_follows_what_we_publish(awards: Awards, anybody: Phone):
    number, neighbour = awards.give(), awards.give("B wing")
    published = jwt.PyJWKSet.from_dict(anybody.get("/.well-known/jwks.json").json)
    [key] = published.keys
    theirs = OB3Verifier(key.key.public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo))

    def download(address: str) -> bytes:
        home = anybody.app.config["PUBLIC_URL"]
        assert address.startswith(f"{home}/status/{awards.body}/")
        return anybody.get(address.removeprefix(home)).data

    def check(number: str):
        return theirs.verify(awards.token(number), check_status=True, download=download)

    assert check(number).issuer.name == "The Relational Places Trust"
    awards.suspend(number)
    with pytest.raises(OB3VerificationError, match="suspension"):
        check(number)
    awards.restore(number)
    assert check(number)
    awards.withdraw(number)
    with pytest.raises(OB3VerificationError, match="revocation"):
        check(number)
    assert check(neighbour)


def test_somebody_elses_open_badges_finds_the_credential_in_our_pictures(awards: Awards, anybody: Phone):
    number = awards.give()
    token = awards.token(number)

    svg, png = (anybody.get(f"/certificate/{number}.{kind}") for kind in ("svg", "png"))

    assert OB3Verifier.extract_token_from_svg(svg.data) == token
    assert OB3Verifier.extract_token_from_png(png.data) == token
    assert said(by_file(anybody, svg.data, "badge.svg")) == "valid"
    assert said(by_file(anybody, png.data, "badge.png")) == "valid"


@pytest.mark.parametrize("purpose", credential.PURPOSES)
def test_status_lists_are_signed_by_a_published_key_and_say_who_was_ended(awards, anybody: Phone, purpose: str):
    number, other = awards.give(), awards.give("B wing")
    {"revocation": awards.withdraw, "suspension": awards.suspend}.get(
        purpose, lambda number: awards.replace(number, other)
    )(number)

    reply = anybody.get(f"/status/{awards.body}/{purpose}")

    published = jwt.PyJWKSet.from_dict(anybody.get("/.well-known/jwks.json").json)
    told = jwt.decode(reply.data.decode(), published.keys[0].key, algorithms=["EdDSA"])
    assert told["credentialSubject"]["statusPurpose"] == purpose
    assert reply.mimetype == "application/vc+jwt" and reply.headers["Access-Control-Allow-Origin"] == "*"


def test_without_a_network_what_was_fetched_is_enough(awards: Awards, anybody: Phone):
    number = awards.give()
    known = credential.keys_in(anybody.get("/.well-known/jwks.json").json)

    def offline() -> str:
        lists = [anybody.get(f"/status/{awards.body}/{purpose}").data.decode() for purpose in credential.PURPOSES]
        return credential.check_without_register(awards.token(number), known, lists, now()).state

    assert offline() == "valid"
    awards.suspend(number)
    assert offline() == "suspended"


def test_there_is_no_status_list_of_nobody_or_of_nothing(awards: Awards, anybody: Phone):
    for address in ("nobody/revocation", f"{awards.body}/anything", f"{awards.body}/"):
        assert anybody.get(f"/status/{address}").status_code == 404


# What is taken, and what is said back


def test_the_number_is_found_however_it_is_typed(awards: Awards, anybody: Phone):
    number = awards.give()

    for typed in (number.lower(), f"  {number} ", number.replace("-", ""), number.removeprefix("MIL-")):
        reply = anybody.client.get("/check", query_string={"number": typed, "language": "cy"})
        assert (reply.status_code, reply.headers["Location"]) == (303, f"/check/{number}?language=cy")
    assert said(anybody.client.get("/check", query_string={"number": "what"})) == "unknown"


# By trying numbers


def tries(anybody: Phone, most: int = 40) -> int:
    """Try numbers until one has to wait; how many were told to be nobody's."""
    for n in range(most):
        if anybody.get(f"/check/{new_number(2026)}.json").status_code == 429:
            return n
    return most


def test_whoever_tries_numbers_has_to_wait_and_finds_no_award_that_is_not_public(awards: Awards, anybody: Phone, app):
    hidden, public = awards.give("Quiet place", listed=False), awards.give("Rowan ward")
    known = ("/check/{}", "/check/{}.json", "/certificate/{}", "/certificate/{}.pdf", "/certificate/{}.json")

    assert tries(anybody) == 30
    with app.app_context():  # the wait grows from a second; a slow machine needs longer for what follows
        db.session.execute(db.update(Attempt).values(free_at=now() + timedelta(minutes=1)))
        db.session.commit()

    for path in (*known, "/certificate/{}.svg", "/certificate/{}.png", "/badge/{}.svg"):
        told = anybody.get(path.format(hidden))
        unknown = anybody.get(path.format(new_number(2026)))
        assert told.status_code == unknown.status_code == 429, path
        assert int(told.headers["Retry-After"]) > 0 and "Quiet" not in told.get_data(as_text=True)
        assert anybody.get(path.format(public)).status_code == 200, path
    page = anybody.get(f"/check/{hidden}", headers={"Accept": "text/html"}).get_data(as_text=True)
    assert "<h1>Please wait a moment</h1>" in page
    assert shown(anybody, awards.token(hidden)) == "valid"  # whoever has its file has it checked at once
    elsewhere = {"REMOTE_ADDR": "203.0.113.9"}
    assert anybody.client.get(f"/check/{hidden}.json", environ_base=elsewhere).json["holder"] == "Quiet place"


def test_slips_of_the_pen_are_no_tries(awards: Awards, anybody: Phone):
    number = awards.give("Quiet place", listed=False)
    wrong = number[:-1] + ("A" if number[-1] != "A" else "B")

    for _ in range(40):
        assert by_number(anybody, wrong) == "unknown"
    assert by_number(anybody, number) == "valid"


def test_an_award_with_a_number_from_before_is_checked_as_ever(awards: Awards, anybody: Phone, app):
    newer = awards.give("Rowan ward")
    with app.app_context():
        given = db.session.get(Award, newer)
        values = {column.name: getattr(given, column.name) for column in Award.__table__.columns}
        old = Award(**values | {"number": "MIL-2026-7K3QF1", "list_index": 9, "audit_id": values["audit_id"]})
        db.session.execute(db.delete(Issued).filter_by(award_number=newer))
        db.session.delete(given)
        db.session.flush()
        db.session.add(old)
        db.session.flush()
        issue(old)
        db.session.commit()

    assert by_number(anybody, "mil-2026-7k3qf1".upper()) == "valid"
    assert shown(anybody, awards.token("MIL-2026-7K3QF1")) == "valid"


def test_nothing_that_the_asker_brought_is_shown_but_a_number_that_could_be_one(awards: Awards, anybody: Phone):
    awards.give()
    lure = "<script>alert(1)</script> phone 0800 123"
    told = base64.urlsafe_b64encode(json.dumps({"id": lure}).encode()).decode()

    replies = (
        anybody.client.get("/check", query_string={"number": lure}),
        anybody.get("/check/phone-0800-123-4567-now"),
        by_text(anybody, lure),
        by_text(anybody, f"{told}.{told}.{told}"),
        by_file(anybody, lure.encode(), "phone 0800 123.svg"),
    )

    assert all("0800" not in reply.get_data(as_text=True) for reply in replies)
    number = new_number(2026)
    told = anybody.client.get(f"/check/{number.lower()}", follow_redirects=True).get_data(as_text=True)
    assert number in told, "a number that could be one is told, in its one spelling"


def test_a_pdf_is_told_to_be_paper_and_an_empty_form_to_be_empty(awards: Awards, anybody: Phone):
    number = awards.give()
    pdf = anybody.get(f"/certificate/{number}.pdf").data

    assert "This is a PDF" in by_file(anybody, pdf, "certificate.pdf").get_data(as_text=True)
    for reply in (by_text(anybody, "  "), by_file(anybody, b""), anybody.client.post("/check", headers=OURS)):
        assert "Nothing came" in reply.get_data(as_text=True)


def test_what_is_too_large_is_not_read(awards: Awards, anybody: Phone):
    for reply in (by_file(anybody, b"x" * 300_000), by_text(anybody, "x" * 300_000)):
        assert reply.status_code == 200
        assert "too large" in reply.get_data(as_text=True)


def test_another_website_cannot_have_a_visitor_check_something(awards: Awards, anybody: Phone):
    reply = anybody.client.post("/check", data={"text": "x"}, headers={"Sec-Fetch-Site": "cross-site"})

    assert reply.status_code == 403


def test_somebody_who_is_signed_in_may_check_and_is_not_signed_out(awards: Awards, scene: Scene):
    ada = scene.phone_of("Ada")
    number = awards.give()

    assert said(by_text(ada, awards.token(number))) == "valid"
    assert ada.get("/api/home").status_code == 200


def test_a_check_is_told_in_welsh_too(awards: Awards, anybody: Phone):
    number = awards.give()

    page = anybody.get(f"/check/{number}?language=cy").get_data(as_text=True)

    assert '<html lang="cy-GB">' in page and "<h1>Dilys</h1>" in page and "Amgylcheddau" in page


def test_a_check_is_never_kept_longer_than_it_is_true(awards: Awards, anybody: Phone):
    number = awards.give()
    reply = anybody.get(f"/check/{number}")

    assert reply.headers["Cache-Control"] == "no-cache"
    again = {"If-None-Match": reply.headers["ETag"]}
    assert anybody.get(f"/check/{number}", headers=again).status_code == 304
    awards.withdraw(number)
    assert said(anybody.get(f"/check/{number}", headers=again)) == "withdrawn"

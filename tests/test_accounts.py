"""Signing in and out, invitations, and the slowing down of guessing."""

from datetime import timedelta

import pytest
from argon2 import Type, extract_parameters

from audit_app import create_app
from audit_app.accounts import passwords
from audit_app.accounts.models import Person
from audit_app.accounts.passwords import PasswordRefused, require_good
from audit_app.db import new_id, now

from .builders import OURS, PASSWORD, Phone, Scene, secret


def test_somebody_signs_in_and_sees_their_settings(scene: Scene):
    ward = scene.site(org := scene.organisation())
    amina = scene.phone("Amina", "auditor", org, ward)

    home = amina.get("/api/home").json

    assert home["person"]["name"] == "Amina"
    assert [site["name"] for site in home["sites"]] == ["Rowan ward"]


def test_a_wrong_password_and_an_unknown_address_get_the_same_answer(app, scene: Scene):
    scene.person("Amina")
    phone = Phone(app)

    wrong, unknown = phone.sign_in("amina@example.org", "not the right one"), phone.sign_in("nobody@example.org")

    assert wrong.status_code == unknown.status_code == 401
    assert wrong.json["type"] == unknown.json["type"] == "/problems/sign-in-refused"
    assert wrong.json["detail"] == unknown.json["detail"]


def test_guessing_passwords_from_a_stolen_database_is_dear(true_hasher):
    costs = extract_parameters(true_hasher.hash(PASSWORD))

    assert costs.type is Type.ID
    assert (costs.memory_cost, costs.time_cost, costs.parallelism) >= (19 * 1024, 2, 1)  # OWASP's second choice


def test_a_hash_that_became_too_cheap_is_made_anew_at_the_next_sign_in(app, scene: Scene, true_hasher, monkeypatch):
    scene.person("Amina")
    monkeypatch.setattr(passwords, "HASHER", true_hasher)

    assert Phone(app).sign_in("amina@example.org").status_code == 200

    with app.app_context():
        assert not true_hasher.check_needs_rehash(Person.by_email("amina@example.org").password_hash)
    assert Phone(app).sign_in("amina@example.org").status_code == 200


def test_guessing_is_slowed_down_and_never_locks_for_good(app, scene: Scene, monkeypatch):
    scene.person("Amina")
    phone = Phone(app)
    for _ in range(5):
        assert phone.sign_in("amina@example.org", "guess after guess").status_code == 401

    slowed = phone.sign_in("amina@example.org")

    assert slowed.status_code == 429
    assert slowed.json["type"] == "/problems/slow-down"
    waits = int(slowed.headers["Retry-After"])
    later = now() + timedelta(seconds=waits + 1)
    monkeypatch.setattr("audit_app.accounts.throttle.now", lambda: later)
    assert phone.sign_in("amina@example.org").status_code == 200


def test_signing_out_ends_the_session_on_the_server_too(scene: Scene):
    amina = scene.phone("Amina")
    cookie = amina.client.get_cookie("milieu").value

    assert amina.delete("/api/session").status_code == 204

    amina.client.set_cookie("milieu", cookie)
    assert amina.get("/api/home").status_code == 401
    assert amina.delete("/api/session").status_code == 204, "signing out twice is as good as once"


def test_each_sign_in_has_a_token_of_its_own_and_replaces_the_one_before_on_that_phone(scene: Scene):
    amina = scene.phone("Amina")
    before = amina.client.get_cookie("milieu").value

    amina.sign_in("amina@example.org")

    assert amina.client.get_cookie("milieu").value != before
    assert len(amina.get("/api/session").json["devices"]) == 1


def test_a_lost_phone_is_signed_out_from_another(scene: Scene):
    org = scene.organisation()
    lost = scene.phone("Amina", "auditor", org)
    kept = scene.phone_of("Amina")
    (other,) = [device for device in kept.get("/api/session").json["devices"] if not device["current"]]

    assert kept.do(org, "device.end", {"device": other["id"]})["verdict"] == "applied"

    assert lost.get("/api/home").status_code == 401
    assert kept.get("/api/home").status_code == 200


def test_the_cookie_is_for_this_site_and_this_program_alone(app, scene: Scene):
    scene.person("Amina")

    cookie = Phone(app).sign_in("amina@example.org").headers["Set-Cookie"]

    assert "HttpOnly" in cookie and "SameSite=Lax" in cookie and "Path=/" in cookie and "Domain" not in cookie


def invite(scene: Scene, inviter: Phone, organisation: str, email: str, site: str | None = None) -> tuple[str, str]:
    """Invite somebody as auditor; the invitation's id and its secret."""
    id, (made, hashed) = new_id(), secret()
    payload = {"invitation": id, "email": email, "name": "Nia", "role": "auditor", "site": site}
    assert inviter.do(organisation, "person.invite", payload | {"secret_sha256": hashed})["verdict"] == "applied"
    return id, made


def join(phone: Phone, invitation: str, made: str, password: str = PASSWORD, **more):
    body = {"invitation": invitation, "secret": made, "password": password, "device": {"id": phone.id, "name": "New"}}
    return phone.post("/api/session", body | more)


def test_an_invited_person_chooses_a_password_and_is_in(app, scene: Scene):
    ward = scene.site(org := scene.organisation())
    invitation, made = invite(scene, scene.phone("Mary", "manager", org), org, "nia@example.org", ward)
    nia = Phone(app)

    joined = join(nia, invitation, made, name="Nia Hughes")

    assert joined.status_code == 200 and joined.json["person"]["name"] == "Nia Hughes"
    assert [(grant["role"], grant["site"]) for grant in nia.get("/api/home").json["grants"]] == [("auditor", ward)]
    assert Phone(app).sign_in("nia@example.org").status_code == 200


def test_an_invitation_works_once(app, scene: Scene):
    org = scene.organisation()
    invitation, made = invite(scene, scene.phone("Mary", "manager", org), org, "nia@example.org")
    join(Phone(app), invitation, made, name="Nia")

    again = join(Phone(app), invitation, made, name="Somebody else")

    assert again.status_code == 404 and again.json["type"] == "/problems/invitation-unknown"


def test_an_invitation_never_sets_the_password_of_an_account_that_exists(app, scene: Scene):
    scene.person("Amina")
    org = scene.organisation("Another Trust")
    invitation, made = invite(scene, scene.phone("Mary", "manager", org), org, "Amina@Example.org")

    stolen = join(Phone(app), invitation, made, password="a password of the thief")
    hers = join(amina := Phone(app), invitation, made, password=PASSWORD)

    assert stolen.status_code == 401
    assert hers.status_code == 200 and hers.json["person"]["name"] == "Amina"
    assert [grant["organisation"] for grant in amina.get("/api/home").json["grants"]] == [org]


def test_whoever_may_not_invite_any_more_has_invited_nobody(app, scene: Scene):
    org = scene.organisation()
    mary, invitee = scene.phone("Mary", "manager", org), Phone(app)
    invitation, made = invite(scene, mary, org, "nia@example.org")
    scene.end_grants(mary.get("/api/session").json["person"]["id"])

    assert join(invitee, invitation, made, name="Nia").status_code == 404


def test_the_history_tells_who_came_in_and_by_whom(app, scene: Scene):
    org = scene.organisation()
    mary = scene.phone("Mary", "manager", org)
    join(Phone(app), *invite(scene, mary, org, "nia@example.org"), name="Nia")

    words = [entry["words"] for entry in mary.get(f"/api/organisations/{org}/history").json["entries"]]

    assert "Mary invited Nia as auditor (the whole organisation)" in words
    assert "Mary made Nia auditor (the whole organisation)" in words


@pytest.mark.parametrize("password", ["short", "x" * 129, "123456789012"])
def test_a_password_that_is_guessed_first_is_refused(password: str):
    with pytest.raises(PasswordRefused):
        require_good(password)


@pytest.mark.parametrize("password", ["correct horse battery", "ŵŷ ąę łó 日本語 ok!", "   spaces are fine  "])
def test_any_character_will_do_in_a_password(password: str):
    require_good(password)


@pytest.mark.parametrize(
    "headers",
    [{"Sec-Fetch-Site": "cross-site"}, {"Sec-Fetch-Site": "same-site"}, {"Origin": "https://evil.example"}, {}],
    ids=["another site", "a neighbour", "another origin", "no word of where it comes from"],
)
def test_a_change_from_another_website_is_refused(scene: Scene, headers: dict):
    amina = scene.phone("Amina")

    reply = amina.client.post("/api/operations", data=b"{}", headers=headers)

    assert reply.status_code == 403 and reply.json["type"] == "/problems/cross-site"


def test_a_person_without_any_part_left_can_still_sign_in_and_sees_nothing(scene: Scene):
    ward = scene.site(org := scene.organisation())
    amina = scene.phone("Amina", "auditor", org, ward)
    scene.end_grants(amina.get("/api/session").json["person"]["id"])

    home = amina.get("/api/home").json

    assert home["sites"] == home["audits"] == home["organisations"] == []


def test_every_reply_has_its_headers_from_the_first_page_on(app):
    for address in ("/", "/healthz", "/api/home", "/nowhere"):
        headers = Phone(app).get(address).headers
        assert "default-src 'none'" in headers["Content-Security-Policy"], address
        assert headers["Content-Security-Policy"].endswith("trusted-types lit-html sw photo"), "scripts have few makers"
        assert headers["X-Content-Type-Options"] == "nosniff"
        assert headers["Referrer-Policy"] == "no-referrer"
        assert headers["X-Request-Id"]


def test_a_strange_host_name_is_refused(app):
    reply = app.test_client().get("/healthz", headers={"Host": "evil.example"} | OURS)

    assert reply.status_code == 400 and reply.json["type"] == "/problems/unknown-host"


def test_nobody_has_an_account_until_one_is_made(database):
    app = create_app(TESTING=True, DEMO=True, **database)
    runner = app.test_cli_runner()

    assert Phone(app).sign_in("boss@example.org", PASSWORD).status_code == 401
    made = runner.invoke(
        args=[
            "create-admin",
            "--email",
            "boss@example.org",
            "--name",
            "B",
            "--organisation",
            "T",
            "--password",
            PASSWORD,
        ]
    )

    assert made.exit_code == 0, made.output
    assert Phone(app).sign_in("boss@example.org", PASSWORD).status_code == 200

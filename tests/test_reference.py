"""The reference: what it says of the API is what the API does."""

import re

import pytest
from openapi_spec_validator import validate

from audit_app.access import MAY
from audit_app.checklists.schemas import LibrarySchema, SpokenEditionSchema
from audit_app.ledger.kinds import KINDS
from audit_app.ledger.schemas import ProblemSchema
from audit_app.problems import all_problems
from audit_app.reference import routes_of
from audit_app.wire import Speech

from .builders import CHECKLIST, Phone, Scene, operation, secret
from .test_ledger import finding


@pytest.fixture
def described(app_without_database) -> dict:
    """The OpenAPI document."""
    return app_without_database.test_client().get("/api/openapi.json").json


def test_the_description_is_sound_openapi(described):
    assert described["openapi"] == "3.1.0"
    validate(described)


def test_every_route_of_the_api_says_what_it_takes_and_gives(app_without_database, described):
    for rule in routes_of(app_without_database):
        speech = getattr(app_without_database.view_functions[rule.endpoint], "speech", None)
        assert isinstance(speech, Speech), f"{rule.rule} does not say what it speaks"
        path = described["paths"][re.sub(r"<(?:\w+:)?(\w+)>", r"{\1}", rule.rule)]
        assert {method.lower() for method in rule.methods - {"HEAD", "OPTIONS"}} <= set(path)


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_of_operation_is_described_with_who_may(described, name: str):
    schemas = described["components"]["schemas"]

    mapping = schemas["Operation"]["discriminator"]["mapping"]

    told = schemas[mapping[name].rsplit("/", 1)[1]]
    assert told["properties"]["kind"] == {"const": name}
    payload = schemas[told["properties"]["payload"]["$ref"].rsplit("/", 1)[1]]
    assert set(payload["properties"]) == set(KINDS[name].schema.fields)
    assert all(role in told["description"] for role in MAY[name])


def test_every_problem_is_described(described):
    told = described["components"]["schemas"]["Problem"]["properties"]["type"]["enum"]

    assert set(told) == {f"/problems/{name}" for name in all_problems()}


def test_what_is_replied_is_what_is_described(scene: Scene):
    org = scene.organisation()
    ward = scene.site(org)
    lead, manager = scene.phone("Lena", "lead", org, ward), scene.phone("Mona", "manager", org)
    amina = scene.person("Amina", "auditor", org, ward)
    auditor = scene.phone_of("Amina")
    audit = scene.audit(lead, ward)
    auditor.verdicts(audit.id, [finding(2), operation("finding.agree", {"criterion": "nowhere", "rating": 1})])
    lead.verdicts(audit.id, [finding(1)])
    _, hashed = secret()
    invitation = {"invitation": operation("x", {})["id"], "email": "new@example.org", "name": "New", "role": "lead"}
    manager.do(org, "person.invite", invitation | {"site": None, "secret_sha256": hashed})
    scene.end_grants(amina)
    assert auditor.verdicts(audit.id, [finding(3)]) == ["kept"]

    for phone in (lead, manager):
        for rule in routes_of(scene.app):
            if "GET" not in rule.methods:
                continue
            for address in addresses(rule.rule, audit.id, org):
                reply = phone.get(address)
                reply.get_data()  # to its end: one file at a time is made for one person
                if reply.status_code == 200:
                    gives = scene.app.view_functions[rule.endpoint].speech.gives
                    if isinstance(gives, str):
                        assert reply.mimetype == gives, address
                    else:
                        assert gives().validate(reply.json) == {}, address
                else:
                    assert ProblemSchema(unknown="include").validate(reply.json) == {}, address
                    assert reply.status_code in (403, 404), address


def test_what_signing_in_and_handing_in_reply_is_what_is_described(scene: Scene):
    ward = scene.site(org := scene.organisation())
    phone = scene.phone("Lena", "lead", org, ward)
    audit = scene.audit(phone, ward)
    views = scene.app.view_functions

    signed_in, pushed = Phone(scene.app).sign_in("lena@example.org"), phone.push(audit.id, [finding(2), finding(7)])

    assert views["accounts.sign_in"].speech.gives().validate(signed_in.json) == {}
    assert views["ledger.push"].speech.gives().validate(pushed.json) == {}
    assert [outcome["verdict"] for outcome in pushed.json["outcomes"]] == ["applied", "refused"]


@pytest.mark.parametrize("language", ["en", "cy"])
def test_checklists_are_described_in_every_language(scene: Scene, language: str):
    phone = scene.phone("Lena", "lead", scene.organisation())

    library = phone.get(f"/api/checklists?language={language}").json

    assert LibrarySchema().validate(library) == {}
    for one in library["checklists"]:
        edition = phone.get(f"/api/checklists/{one['slug']}/{one['edition']}?sector=school&language={language}")
        assert SpokenEditionSchema().validate(edition.json) == {}


def test_the_reference_can_be_read_without_scripts_or_other_hosts(app_without_database):
    client = app_without_database.test_client()
    for address in ("/api/docs", "/api/exports/documentation", "/problems", "/problems/not-found"):
        page = client.get(address)

        text = page.get_data(as_text=True)
        assert page.status_code == 200
        assert "<script" not in text
        assert not re.search(r"\sstyle=|\son\w+=|https?://", text)
        for file in re.findall(r'(?:href|src)="(/(?:pwa|icons)/[^"]+)"', text):
            assert client.get(file).status_code == 200, file


def test_every_link_on_the_reference_leads_somewhere(app_without_database):
    client = app_without_database.test_client()
    text = client.get("/api/docs").get_data(as_text=True)

    places = set(re.findall(r'id="([^"]+)"', text))

    assert set(re.findall(r'href="#([^"]+)"', text)) <= places
    assert len(places) == len(re.findall(r'id="([^"]+)"', text)), "an id stands twice"


def addresses(rule: str, audit: str, organisation: str) -> list[str]:
    """Where a route can be asked: about the audit, or the organisation."""
    id = audit if "/audits/" in rule else organisation
    address = rule.replace("<id>", id).replace("<slug>", CHECKLIST).replace("<int:edition>", "1")
    address = address.replace("<table>", "answers")
    return [address + ("?sector=ward" if "<slug>" in rule else "")]

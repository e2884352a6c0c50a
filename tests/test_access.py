"""Who may do what: generated from the one table, for every verb and route, every role, own and other organisation."""

import hashlib
import re

import pytest

from audit_app.access import ASSESSOR, MAY, MAY_GIVE, ROLES
from audit_app.db import new_id, now
from audit_app.ledger.kinds import AUDIT, KINDS, SUBMISSION

from .assessed import Assessed
from .builders import CHECKLIST, OURS, Phone, Scene, email_of, operation, secret
from .decided import Decided
from .recognition import me
from .test_evidence import a_photo

PHOTO = a_photo()
SHA256 = hashlib.sha256(PHOTO).hexdigest()


class World:
    """Two organisations that know nothing of each other, and in the first one a person for every role."""

    def __init__(self, scene: Scene):
        self.scene = scene
        self.own = scene.organisation("Northfield Trust")
        self.other = scene.organisation("Southmoor Housing")
        self.ward, self.hostel = scene.site(self.own), scene.site(self.other, "Elm House", "hostel")
        self.phones = {role: scene.phone(f"Person {role}", role, self.own) for role in ROLES}
        self.decided: dict[bool, Decided] = {}
        self.assessed: dict[bool, Assessed] = {}
        self.own_audit = self.audit_with_a_photo("Own Lead", self.own, self.ward)
        self.other_audit = self.audit_with_a_photo("Other Lead", self.other, self.hostel)

    def audit_with_a_photo(self, lead: str, organisation: str, site: str) -> str:
        """An audit, opened by its lead, in which everything that can be read is there; its id."""
        phone = self.scene.phone(lead, "lead", organisation)
        audit = self.scene.audit(phone, site).id
        item = {"evidence": new_id(), "kind": "photo", "caption": "The garden", "criteria": ["safety-1"]}
        assert phone.do(audit, "evidence.add", item | {"sha256": SHA256, "nobody": True})["verdict"] == "applied"
        assert phone.client.put(f"/api/audits/{audit}/photos/{SHA256}", data=PHOTO, headers=OURS).json["here"]
        return audit

    def attempt(self, phone: Phone, verb: str, theirs: bool = False) -> str:
        """What comes of trying `verb`: applied, kept, the name of the refusal, or the status of a refused request."""
        organisation = self.other if theirs else self.own
        audit = self.other_audit if theirs else self.own_audit
        stream = audit if KINDS[verb].stream == AUDIT else organisation
        decided = self.decided_for(verb, theirs) if verb in Decided.VERBS else None
        decided = self.assessed_for(verb, theirs) if verb in Assessed.VERBS else decided
        if decided:
            stream, payload = decided.ready_for(verb)
        elif verb in Submitted.READY:
            stream, payload = Submitted(self, theirs).ready_for(verb, phone)
        else:
            payload = self.payload(verb, theirs)
        if KINDS[verb].opens:
            stream = new_id()
        reply = phone.push(stream, [operation(verb, payload)])
        if reply.status_code != 200:
            return str(reply.status_code)
        outcome = reply.json["outcomes"][0]
        if decided and outcome["verdict"] == "applied":
            decided.use(verb)
        return outcome["verdict"] if "problem" not in outcome else outcome["problem"]["type"].removeprefix("/problems/")

    def assessed_for(self, verb: str, theirs: bool) -> Assessed:
        """A submission of, or to, an organisation of its own: whoever tries a verb is of the other one, for which the
        verb is (`theirs`: of neither)."""
        if theirs not in self.assessed:
            organisation, site = (self.other, self.hostel) if theirs else (self.own, self.ward)
            if verb in MAY and ASSESSOR in MAY[verb]:
                trust = self.scene.organisation("Westmoor Trust")
                trust, site, body = trust, self.scene.site(trust, "Ash ward"), organisation
                assessor = None if theirs else self.phones[ASSESSOR]
            else:
                trust, body, assessor = organisation, self.scene.organisation("Westmoor Awards"), None
            self.assessed[theirs] = Assessed(self.scene, trust, site, body, assessor)
        return self.assessed[theirs]

    def decided_for(self, verb: str, theirs: bool) -> Decided:
        """Submissions between the two organisations: whoever tries a verb is of the one that it is for (`theirs`: of
        the other)."""
        if theirs not in self.decided:
            is_trust = (KINDS[verb].stream == AUDIT) != theirs
            ours, others = (self.own, self.ward), (self.other, self.hostel)
            (trust, site), (body, _) = (ours, others) if is_trust else (others, ours)
            roles = () if is_trust else ("manager", "assessor", "panel")
            members = {role: me(self.phones[role]) for role in roles}
            self.decided[theirs] = Decided(self.scene, trust, site, body, members)
        return self.decided[theirs]

    def payload(self, verb: str, theirs: bool) -> dict:
        """A sound payload for the verb, made anew each time."""
        site = self.hostel if theirs else self.ward
        organisation = self.other if theirs else self.own
        if verb in ("person.end", "grant.give", "grant.end", "device.end"):
            return self.about_somebody(verb, organisation)
        return {
            **said_in_an_audit(site),
            "calendar.make": {"secret_sha256": secret()[1]},
            "calendar.end": {"ended": True},
            "token.make": {
                "token": new_id(),
                "secret_sha256": secret()[1],
                "name": "Sheets",
                "until": now().date().isoformat(),
            },
            "token.end": {"token": new_id()},
            "operation.admit": {"operation": new_id()},
            "calibration.set": {"share": 20},
            "organisation.add": {"name": "New Trust"},
            "organisation.change": {"name": "Northfield"},
            "site.add": {"site": new_id(), "name": "Birch", "sector": "ward", "about": ""},
            "site.change": {"site": site, "about": "Quiet"},
            "camera.set": {"site": site, "allowed": False},
            "person.invite": {
                "invitation": new_id(),
                "email": "new@example.org",
                "name": "New",
                "role": "auditor",
                "site": site,
                "secret_sha256": secret()[1],
            },
        }[verb]

    def about_somebody(self, verb: str, organisation: str) -> dict:
        """An auditor with one role and one phone, to be changed."""
        name = f"Auditor {new_id()}"
        person = self.scene.person(name, "auditor", organisation)
        if verb == "grant.give":
            return {"grant": new_id(), "person": person, "role": "lead", "site": None}
        if verb == "person.end":
            return {"person": person}
        phone = Phone(self.scene.app)
        phone.sign_in(email_of(name))
        if verb == "device.end":
            return {"device": phone.get("/api/session").json["devices"][0]["id"]}
        return {"grant": phone.get("/api/home").json["grants"][0]["id"]}


def said_in_an_audit(site: str) -> dict[str, dict]:
    """A sound payload for each verb of an audit that a team and its planners say offline, made anew each time."""
    return {
        "audit.open": {"site": site, "checklist": CHECKLIST, "edition": 1, "track": "development"},
        "contributor.add": {"contributor": new_id(), "voice": "staff", "label": "Day shift"},
        "contributor.withdraw": {"contributor": new_id()},
        "answer.rate": {"contributor": new_id(), "criterion": "safety-1", "rating": 2},
        "answer.comment": {"contributor": new_id(), "criterion": "safety-1", "text": "People listen."},
        "finding.agree": {"criterion": "safety-1", "rating": 2},
        "finding.account": {"criterion": "safety-1", "shows": "a", "helps": "b", "hinders": "c"},
        "evidence.add": {
            "evidence": new_id(),
            "kind": "observation",
            "caption": "The door is open",
            "criteria": ["safety-1"],
        },
        "evidence.tag": {"evidence": new_id(), "criterion": "safety-1"},
        "evidence.untag": {"evidence": new_id(), "criterion": "safety-1"},
        "evidence.caption": {"evidence": new_id(), "caption": "Ajar"},
        "evidence.withdraw": {"evidence": new_id()},
        "plan.add": {"item": new_id(), "what": "Tea", "criteria": [], "whose": "lead", "due": None, "answers": []},
        "plan.change": {"item": new_id(), "whose": "team"},
        "plan.settle": {"item": new_id(), "state": "doing"},
    }


class Submitted:
    """An audit on the award track, made anew, and an awarding body: whoever tries a verb is of the site's organisation
    or, for the body's verbs, of the body (`theirs`: of neither)."""

    READY = {
        "audit.promote": "opened",
        "audit.submit": "opened",
        "audit.recall": "submitted",
        "submission.take": "submitted",
        "assessment.assign": "taken",
        "interest.declare": "taken",
        "audit.return": "assigned",
    }

    def __init__(self, world: World, theirs: bool):
        self.world, self.theirs = world, theirs

    def ready_for(self, verb: str, phone: Phone) -> tuple[str, dict]:
        """The stream and a sound payload for a verb, all that comes before it being done."""
        self.at_body = KINDS[verb].stream != AUDIT
        trust_is_own = self.at_body == self.theirs
        ours, others = (self.world.own, self.world.ward), (self.world.other, self.world.hostel)
        (trust, site), (self.body, _) = (ours, others) if trust_is_own else (others, ours)
        self.world.scene.makes_awards(self.body)
        self.lead = self._somebody("lead", trust)
        self.audit, self.stream = new_id(), None
        opening = {"site": site, "checklist": CHECKLIST, "edition": 1}
        opening["track"] = "development" if verb == "audit.promote" else "award"
        self._done(self.lead, self.audit, "audit.open", opening)
        self.assessor = self._somebody("assessor", self.body) if verb == "assessment.assign" else phone
        for step in ("submitted", "taken", "assigned"):
            if self.READY[verb] == "opened":
                break
            getattr(self, f"_{step}")()
            if self.READY[verb] == step:
                break
        stream = self.stream if KINDS[verb].stream == SUBMISSION else self.audit
        return stream, self._payload(verb)

    def _payload(self, verb: str) -> dict:
        return {
            "audit.promote": {"track": "award"},
            "audit.submit": {"to": self.body},
            "audit.recall": {"why": "More to say"},
            "submission.take": {"audit": self.audit},
            "assessment.assign": {"audit": self.audit, "assessor": me(self.assessor)},
            "interest.declare": {"declared": "clear"},
            "audit.return": {"reasons": [{"text": "Say more"}]},
        }[verb]

    def _submitted(self) -> None:
        self._done(self.lead, self.audit, "audit.submit", {"to": self.body})

    def _taken(self) -> None:
        self.manager, self.stream = self._somebody("manager", self.body), new_id()
        self._done(self.manager, self.stream, "submission.take", {"audit": self.audit})

    def _assigned(self) -> None:
        """Whoever tries is assigned and has declared interests, if they may be."""
        if self.theirs or self.assessor is not self.world.phones["assessor"]:
            return
        assigning = {"audit": self.audit, "assessor": me(self.assessor)}
        self._done(self.manager, new_id(), "assessment.assign", assigning)
        self._done(self.assessor, self.stream, "interest.declare", {"declared": "clear"})

    def _somebody(self, role: str, organisation: str) -> Phone:
        return self.world.scene.phone(f"{role} {new_id()}", role, organisation)

    def _done(self, phone: Phone, stream: str, verb: str, payload: dict) -> None:
        outcome = phone.do(stream, verb, payload)
        assert outcome["verdict"] == "applied", outcome


GIVEN = {"person.invite": "auditor", "person.end": "auditor", "grant.end": "auditor", "grant.give": "lead"}


# One database is enough: what is read here is one table of words. What is found or not found is asked on both.
@pytest.mark.parametrize("database", ["sqlite"], indirect=True)
@pytest.mark.parametrize("verb", sorted(KINDS))
def test_each_role_does_what_the_table_says_in_its_own_organisation_and_nothing_elsewhere(scene: Scene, verb: str):
    world = World(scene)

    for role, phone in world.phones.items():
        came_of_it = world.attempt(phone, verb)
        allowed = role in MAY[verb] and (verb not in GIVEN or GIVEN[verb] in MAY_GIVE[role])
        if verb == "organisation.add":  # only whoever looks after the whole service
            assert came_of_it == "404", role
        elif not allowed:
            assert came_of_it in ("not-allowed", "not-found", "422"), f"{role}: {came_of_it}"
        elif verb in ("operation.admit", "assessment.admit"):
            assert came_of_it == "nothing-kept", role
        elif verb == "calibration.set":  # theirs gives no awards
            assert came_of_it == "not-an-awarding-body", role
        elif verb == "token.end":  # nobody's but one's own, and nobody has made one
            assert came_of_it == "not-found", role
        else:
            assert came_of_it == "applied", role
        assert world.attempt(phone, verb, theirs=True) == "404", f"{role} reached another organisation"


OPEN_TO_ALL = ("checklists", "calendar")  # public, or opened by the secret in the address
READING = {
    "/api/audits/{audit}": "audit.see",
    "/api/audits/{audit}/history": "history.see",
    "/api/audits/{audit}/photos": "audit.see",
    "/api/audits/{audit}/photos/{sha256}": "audit.see",
    "/api/audits/{audit}/report.pdf": "audit.see",
    "/api/audits/{audit}/verdict": "audit.see",
    "/api/audits/{reported}/assessment-report": "audit.see",
    "/api/assessments/{assessment}": "assessment.see",
    "/api/assessments/{assessment}/history": "assessment.see",
    "/api/submissions/{submission}": "submission.see",
    "/api/submissions/{submission}/history": "submission.history.see",
    "/api/organisations/{organisation}": "organisation.see",
    "/api/organisations/{organisation}/history": "organisation.see",
    "/api/organisations/{organisation}/calibration": "calibration.see",
    "/api/exports/organisation/{organisation}.zip": "organisation.see",
}
TABLES_OF_ALL = {"table"}  # everybody's tables have the same names; whose rows are in them, test_exports.py asks


@pytest.mark.parametrize("address", READING)
def test_each_role_reads_what_the_table_says_and_another_organisation_is_not_found(scene: Scene, address: str):
    world = World(scene)
    own = {"audit": world.own_audit, "organisation": world.own}
    other = {"audit": world.other_audit, "organisation": world.other}
    if "{submission}" in address:
        own["submission"], other["submission"] = (
            world.decided_for("panel.decide", theirs).at_a_panel() for theirs in (False, True)
        )

    for place, theirs in ((own, False), (other, True)):
        if "{reported}" in address:
            steps = ("judged", "reported", "visited", "released")
            place["reported"] = world.assessed_for("report.correct", theirs).make(steps).audit
        if "{assessment}" in address:
            place["assessment"] = world.assessed_for("judgement.record", theirs).make().assessment

    for role, phone in world.phones.items():
        reply = phone.get(address.format(**own, sha256=SHA256))
        assert (reply.status_code == 200) == (role in MAY[READING[address]]), role
        theirs = phone.get(address.format(**other, sha256=SHA256))
        nothing = phone.get(address.format(**dict.fromkeys(own, new_id()), sha256=SHA256))
        assert theirs.status_code == nothing.status_code == 404
        assert _without_id(theirs.json) == _without_id(nothing.json), "what exists elsewhere must look like nothing"


def _without_id(problem: dict) -> dict:
    return {name: value for name, value in problem.items() if name != "request_id"}


def test_every_address_that_names_a_thing_has_a_rights_test(app):
    named = {
        rule.rule
        for rule in app.url_map.iter_rules()
        if rule.rule.startswith("/api/")
        and rule.arguments - TABLES_OF_ALL
        and rule.rule.split("/")[2] not in OPEN_TO_ALL
    }

    assert named == {re.sub(r"{(?!sha256)\w+}", "<id>", address).replace("{sha256}", "<sha256>") for address in READING}


def test_home_and_dashboard_show_nothing_of_another_organisation(scene: Scene):
    world = World(scene)

    for role, phone in world.phones.items():
        said = "".join(phone.get(f"/api/{page}").get_data(as_text=True) for page in ("home", "dashboard/settings"))
        assert "Elm House" not in said and "Southmoor" not in said and world.other_audit not in said, role


def test_a_lead_of_one_ward_looks_after_that_ward_alone(scene: Scene):
    org = scene.organisation()
    rowan, maple = scene.site(org, "Rowan ward"), scene.site(org, "Maple ward")
    lead = scene.phone("Lee", "lead", org, rowan)
    scene.person("Mo", "auditor", org, maple)

    shown = lead.get(f"/api/organisations/{org}").json
    invite = {"invitation": new_id(), "email": "x@example.org", "name": "X", "secret_sha256": secret()[1]}

    assert [site["name"] for site in shown["sites"]] == ["Rowan ward"]
    assert [person["name"] for person in shown["people"]] == ["Lee"]
    assert lead.do(org, "person.invite", invite | {"role": "auditor", "site": rowan})["verdict"] == "applied"
    assert lead.do(org, "person.invite", invite | {"role": "auditor", "site": maple})["verdict"] == "refused"
    assert lead.do(org, "person.invite", invite | {"role": "manager", "site": rowan})["verdict"] == "refused"
    assert lead.do(org, "person.invite", invite | {"role": "auditor", "site": None})["verdict"] == "refused"


def test_the_last_person_in_charge_cannot_be_ended(scene: Scene):
    org = scene.organisation()
    manager = scene.phone("Mary", "manager", org)
    mary = manager.get("/api/session").json["person"]["id"]

    outcome = manager.do(org, "person.end", {"person": mary})

    assert outcome["problem"]["type"] == "/problems/last-admin"


def test_somebody_of_a_team_can_be_ended_where_nobody_was_ever_in_charge(scene: Scene):
    org = scene.organisation()
    lead = scene.phone("Lee", "lead", org)
    scene.person("Mo", "auditor", org)
    people = lead.get(f"/api/organisations/{org}").json["people"]
    [role] = next(person["grants"] for person in people if person["name"] == "Mo")

    assert lead.do(org, "grant.end", {"grant": role["id"]})["verdict"] == "applied"


def test_a_rescue_file_gives_nobody_a_role_in_somebody_elses_name(scene: Scene):
    org = scene.organisation()
    mary, mo = scene.phone("Mary", "manager", org), scene.person("Mo", "manager", org)
    giving = operation("grant.give", {"grant": new_id(), "person": mo, "role": "lead", "site": None})

    outcome = mary.push(org, [giving], on_behalf_of=mo).json["outcomes"][0]

    assert outcome["verdict"] == "refused"
    assert "grant.give" not in [entry["kind"] for entry in told(mary, org) if entry["verdict"] == "applied"]


def told(phone: Phone, organisation: str) -> list[dict]:
    return phone.get(f"/api/organisations/{organisation}/history").json["entries"]

"""From an open audit to an assessor at work: submitting, the seal, recalling, assigning, interests, returning."""

import hashlib
from concurrent.futures import ThreadPoolExecutor
from functools import partial
from io import BytesIO
from zipfile import ZipFile

import pytest

from audit_app.awards import stages
from audit_app.awards.models import Submission
from audit_app.awards.stages import Case
from audit_app.awards.stepping import case_of
from audit_app.db import db, new_id, today
from audit_app.ledger.models import Stream
from audit_app.ledger.verify import redraw, verify

from .builders import CHECKLIST, OURS, Scene, operation
from .recognition import Recognition, finding, me, problem
from .test_evidence import a_photo


@pytest.fixture
def way(scene: Scene) -> Recognition:
    return Recognition(scene)


def verdict(way: Recognition, phone=None) -> dict:
    reply = (phone or way.lena).get(f"/api/audits/{way.audit}/verdict")
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.json


def heading(told: dict, id: str = "safety") -> dict:
    return next(one for one in told["verdict"]["headings"] if one["id"] == id)


def faults(way: Recognition) -> list[str]:
    with way.scene.app.app_context():
        found = list(verify())
        db.session.rollback()
        return found


# What the rule says


def test_before_submitting_a_lead_sees_what_the_rule_says_and_what_is_missing(way: Recognition):
    way.amina.verdicts(way.audit, [finding(2), finding(0, "safety-2")])

    told = verdict(way)

    safety = heading(told)
    assert (told["verdict"]["met"], told["verdict"]["state"], safety["state"]) == (False, "open", "open")
    assert [(one["number"], one["state"]) for one in safety["criteria"]][:3] == [
        (safety["criteria"][0]["number"], "high"),
        (safety["criteria"][1]["number"], "below"),
        (safety["criteria"][2]["number"], "open"),
    ]
    assert {step["kind"] for step in safety["steps"]} == {"agree", "lift", "raise", "show", "ask"}
    assert [body["name"] for body in told["bodies"]] == ["Places that Enable"]
    assert verdict(way, way.amina)["bodies"] == [], "only a lead submits"


def test_a_finding_on_which_people_differ_counts_for_nothing(way: Recognition):
    way.amina.verdicts(way.audit, [finding(3)])
    assert heading(verdict(way))["criteria"][0]["state"] == "high"

    way.lena.verdicts(way.audit, [finding(1)])

    told = verdict(way)
    assert (heading(told)["criteria"][0]["state"], told["differences"]) == ("open", 1)


def test_a_photo_counts_once_its_bytes_are_here(way: Recognition):
    photo = a_photo()
    sha256 = hashlib.sha256(photo).hexdigest()
    item = {"evidence": new_id(), "kind": "photo", "caption": "The garden", "criteria": ["safety-1"]}
    way.amina.do(way.audit, "evidence.add", item | {"sha256": sha256, "nobody": True})

    before = verdict(way)
    way.amina.client.put(f"/api/audits/{way.audit}/photos/{sha256}", data=photo, headers=OURS)
    after = verdict(way)

    def kinds_needed(told):
        return next(step["number"] for step in heading(told)["steps"] if step["kind"] == "show")

    assert (before["photos_missing"], kinds_needed(before)) == (1, 2)
    assert (after["photos_missing"], kinds_needed(after)) == (0, 1)


def test_the_rule_says_yes_of_an_audit_that_shows_everything(way: Recognition):
    edition = way.lena.get(f"/api/checklists/{CHECKLIST}/1?sector=ward").json
    ids = [criterion["id"] for principle in edition["principles"] for criterion in principle["criteria"]]
    resident = new_id()
    said = [operation("contributor.add", {"contributor": resident, "voice": "resident", "label": "The patients"})]
    said += [finding(2, id) for id in ids]
    said += [operation("answer.rate", {"contributor": resident, "criterion": id, "rating": 2}) for id in ids]
    for kind, more in (("observation", {}), ("document", {"where": "Office"})):
        item = {"evidence": new_id(), "kind": kind, "caption": "Seen", "criteria": ids, **more}
        said.append(operation("evidence.add", item))
    assert set(way.amina.verdicts(way.audit, said)) == {"applied"}

    told = verdict(way)["verdict"]

    assert told["met"] and told["summary"] == "All 10 shown."
    assert way.lena.get(f"/api/audits/{way.audit}/verdict?language=cy").json["verdict"]["summary"].startswith("Y 10")


# Submitting


def test_submitting_seals_the_audit_at_what_its_ledger_says_and_home_tells_it(way: Recognition):
    way.amina.verdicts(way.audit, [finding(2)])
    with way.scene.app.app_context():
        before = db.session.get(Stream, way.audit)
        number, digest = before.seq, before.digest

    assert way.submit(listed=True)["verdict"] == "applied"

    with way.scene.app.app_context():
        submission = db.session.get(Submission, way.audit)
        assert (submission.sealed_number, submission.sealed_digest) == (number, digest)
        assert submission.listed
    shown = way.home()
    assert (shown["stage"], shown["submission"]["stage"], shown["submission"]["late"]) == ("submitted", "submitted", 0)
    assert shown["submission"]["body"] == {"id": way.body, "name": "Places that Enable"}
    assert shown["submission"]["submitted_by"]["name"] == "Lena"
    assert way.lena.get(f"/api/audits/{way.audit}").json["submission"]["body"]["id"] == way.body
    last = way.lena.get(f"/api/audits/{way.audit}/history").json["entries"][-1]
    assert last["words"] == "Lena submitted the audit to Places that Enable"
    assert faults(way) == []


def test_only_a_lead_submits_and_only_to_an_awarding_body_that_is_not_their_own(way: Recognition):
    southmoor = way.scene.organisation("Southmoor Housing")

    assert problem(way.submit(way.amina)) == "not-allowed"
    assert problem(way.submit(to=southmoor)) == problem(way.submit(to=new_id())) == "not-an-awarding-body"
    assert way.morag.push(way.audit, [operation("audit.submit", {"to": way.body})]).status_code == 404
    admin = way.scene.phone_of("Ada")
    admin.do(way.trust, "organisation.change", {"name": "Northfield Trust", "awards": True})
    assert problem(way.submit(to=way.trust)) == "own-organisation"
    assert way.home()["submission"] is None


def test_nobody_makes_an_awarding_body_of_their_own_organisation(way: Recognition):
    mary = way.scene.phone("Mary", "manager", way.trust)
    alan = way.scene.phone("Alan", "admin", way.trust)
    flag = {"name": "Northfield Trust", "awards": True}

    assert problem(mary.do(way.trust, "organisation.change", flag)) == "not-allowed"
    assert problem(alan.do(way.trust, "organisation.change", flag)) == "not-allowed"
    assert way.scene.phone_of("Ada").do(way.trust, "organisation.change", flag)["verdict"] == "applied"
    assert mary.do(way.trust, "organisation.change", {"name": "Northfield"})["verdict"] == "applied"
    assert problem(mary.do(way.trust, "organisation.change", flag | {"awards": False})) == "not-allowed"


def test_an_audit_for_the_team_itself_is_promoted_before_it_is_submitted(way: Recognition):
    way.audit = way.open_audit("development")

    assert problem(way.submit()) == "not-on-award-track"
    assert problem(way.amina.do(way.audit, "audit.promote", {"track": "award"})) == "not-allowed"
    assert way.lena.do(way.audit, "audit.promote", {"track": "award"})["verdict"] == "applied"
    assert problem(way.lena.do(way.audit, "audit.promote", {"track": "award"})) == "on-award-track"
    assert way.home()["track"] == "award"
    assert way.lena.registers(way.audit)["audit/opening"][0]["track"] == "development", "what was said stays said"
    assert way.submit()["verdict"] == "applied"
    assert faults(way) == []


def test_a_checklist_without_a_rule_leads_to_no_award(way: Recognition):
    way.audit = new_id()
    opening = {"site": way.ward, "checklist": "ten-minute-look", "edition": 1, "track": "award"}
    way.amina.verdicts(way.audit, [operation("audit.open", opening)])

    assert problem(way.submit()) == "no-award-rule"
    assert way.lena.get(f"/api/audits/{way.audit}/verdict").json["type"] == "/problems/no-award-rule"


def test_an_audit_is_submitted_once_until_it_is_open_again(way: Recognition):
    way.submit()

    assert problem(way.submit()) == "not-at-this-stage"


# The seal


def test_late_offline_work_is_kept_marked_and_admitted_by_the_recall_for_its_authors(way: Recognition):
    way.amina.verdicts(way.audit, [finding(1)])
    before = way.lena.get(f"/api/audits/{way.audit}").json["registers"]["finding/safety-1/rating"]
    way.submit()
    late = finding(3, seen=[before[0]["id"]])
    comment = operation("finding.account", {"criterion": "safety-1", "shows": "a", "helps": "b", "hinders": "c"})

    outcomes = way.amina.push(way.audit, [late, comment]).json["outcomes"]

    assert [outcome["verdict"] for outcome in outcomes] == ["kept", "kept"]
    assert {problem(outcome) for outcome in outcomes} == {"sealed"}
    kept = way.lena.get(f"/api/audits/{way.audit}").json["kept"]
    assert [(one["id"], one["late"]) for one in kept] == [(late["id"], True), (comment["id"], True)]
    assert way.home()["submission"]["late"] == way.home()["kept"] == 2
    assert way.lena.registers(way.audit)["finding/safety-1/rating"] == [{"rating": 1}]
    assert problem(way.lena.do(way.audit, "operation.admit", {"operation": late["id"]})) == "sealed"

    assert way.lena.do(way.audit, "audit.recall", {"why": "More came in"})["verdict"] == "applied"

    shown = way.lena.get(f"/api/audits/{way.audit}").json
    assert [write["value"] for write in shown["registers"]["finding/safety-1/rating"]] == [{"rating": 3}]
    assert shown["registers"]["finding/safety-1/rating"][0]["author"] == me(way.amina)
    assert (shown["kept"], shown["stage"], shown["submission"]["late"]) == ([], "open", 0)
    assert heading(verdict(way))["criteria"][0]["rating"] == 3
    assert way.amina.verdicts(way.audit, [late]) == ["applied"], "a repeat is told that it counts now"
    assert way.amina.verdicts(way.audit, [finding(2, "safety-2")]) == ["applied"]
    last = [entry["words"] for entry in way.lena.get(f"/api/audits/{way.audit}/history").json["entries"]]
    assert "Lena recalled the audit: “More came in”" in last
    assert faults(way) == []


def test_what_was_kept_for_another_reason_stays_kept_when_the_seal_is_opened(way: Recognition):
    ben = way.scene.phone("Ben", "auditor", way.trust, way.ward)
    way.submit()
    way.scene.end_grants(me(ben))
    ended = finding(0)
    assert problem(ben.push(way.audit, [ended]).json["outcomes"][0]) == "right-ended"
    assert way.home()["submission"]["late"] == 0

    way.lena.do(way.audit, "audit.recall", {})

    kept = way.lena.get(f"/api/audits/{way.audit}").json["kept"]
    assert [(one["id"], one["late"]) for one in kept] == [(ended["id"], False)]
    assert way.lena.do(way.audit, "operation.admit", {"operation": ended["id"]})["verdict"] == "applied"


def test_hundreds_of_late_operations_count_in_the_order_they_came(way: Recognition):
    way.submit()
    chain = [finding(1)]
    for number in range(449):
        chain.append(finding(number % 4, seen=[chain[-1]["id"]]))
    for begin in range(0, len(chain), 150):
        assert set(way.amina.verdicts(way.audit, chain[begin : begin + 150])) == {"kept"}

    way.lena.do(way.audit, "audit.recall", {})

    assert way.lena.registers(way.audit)["finding/safety-1/rating"] == [{"rating": 448 % 4}]
    assert faults(way) == []


def test_what_is_done_before_and_after_the_submission_in_one_push_falls_on_its_side_of_the_seal(way: Recognition):
    batch = [finding(1), operation("audit.submit", {"to": way.body}), finding(2)]

    assert way.lena.verdicts(way.audit, batch) == ["applied", "applied", "kept"]
    assert faults(way) == []


def test_the_plan_goes_on_under_the_seal(way: Recognition):
    way.submit()
    item = {"item": new_id(), "what": "Tea", "criteria": [], "whose": "lead", "due": None, "answers": []}

    assert way.amina.do(way.audit, "plan.add", item)["verdict"] == "applied"
    assert way.amina.do(way.audit, "plan.settle", {"item": item["item"], "state": "doing"})["verdict"] == "applied"
    assert faults(way) == []


def test_a_photo_said_before_the_seal_may_arrive_after_it(way: Recognition):
    photo = a_photo()
    sha256 = hashlib.sha256(photo).hexdigest()
    item = {"evidence": new_id(), "kind": "photo", "caption": "The garden", "criteria": ["safety-1"]}
    way.amina.do(way.audit, "evidence.add", item | {"sha256": sha256, "nobody": True})
    way.submit()

    assert way.amina.client.put(f"/api/audits/{way.audit}/photos/{sha256}", data=photo, headers=OURS).json["here"]


# At the body


def test_a_submission_is_taken_on_once_by_the_bodys_manager(way: Recognition):
    way.submit()
    [waits] = way.waiting(way.morag)
    assert (waits["setting"], waits["organisation"], waits["stage"]) == ("Rowan ward", "Northfield Trust", "submitted")
    assert (waits["stream"], waits["parts"], waits["assessments"]) == (None, ["manager"], [])

    assert way.asa.push(new_id(), [operation("submission.take", {"audit": way.audit})]).status_code == 422
    stream = way.take()
    again = way.morag.push(new_id(), [operation("submission.take", {"audit": way.audit})])

    assert again.json["type"] == "/problems/opening-refused"
    assert way.waiting(way.morag)[0]["stream"] == stream


def test_a_body_learns_nothing_of_an_audit_that_was_not_submitted_to_it(way: Recognition):
    elsewhere = way.scene.awarding_body("Somebody else’s awards")
    other = way.scene.phone("Olga", "manager", elsewhere)
    assert other.push(new_id(), [operation("submission.take", {"audit": way.audit})]).status_code == 404
    way.submit()

    assert way.waiting(other) == []
    assert other.push(new_id(), [operation("submission.take", {"audit": way.audit})]).status_code == 404
    assert other.get(f"/api/audits/{way.audit}").status_code == 404
    assert other.get(f"/api/audits/{way.audit}/verdict").status_code == 404
    stream = way.take()
    assert problem_of_push(other, stream, "interest.declare", {"declared": "clear"}) == 404


def problem_of_push(phone, stream: str, kind: str, payload: dict) -> int:
    return phone.push(stream, [operation(kind, payload)]).status_code


def test_the_sites_people_do_not_reach_into_the_bodys_streams(way: Recognition):
    way.submit()
    stream = way.take()
    assigned = way.assign(way.asa)

    for phone in (way.lena, way.amina):
        assert problem_of_push(phone, stream, "interest.declare", {"declared": "clear"}) == 404
        assert problem_of_push(phone, assigned.id, "interest.declare", {"declared": "clear"}) == 404
        assert phone.get("/api/submissions").json["submissions"] == []
        said = phone.get("/api/home").get_data(as_text=True) + phone.get(f"/api/audits/{way.audit}").get_data(True)
        assert me(way.asa) not in said and "Asa" not in said and assigned.id not in said and stream not in said
    assert way.home()["stage"] == "submitted"


def test_an_assessor_is_assigned_after_the_submission_is_taken_on_and_once(way: Recognition):
    way.submit()
    payload = {"audit": way.audit, "assessor": me(way.asa)}
    early = way.morag.push(new_id(), [operation("assessment.assign", payload)])
    assert "Take the submission on first" in early.get_data(as_text=True)
    way.take()

    way.assign(way.asa)
    way.assign(way.andrew, blinded=True)
    again = way.morag.push(new_id(), [operation("assessment.assign", payload)])

    assert "assigned already" in again.json["detail"]
    told = way.waiting(way.morag)[0]["assessments"]
    assert [(one["assessor"]["name"], one["blinded"]) for one in told] == [("Asa", False), ("Andrew", True)]
    assert {one["name"] for one in way.morag.get("/api/submissions").json["assessors"]} == {"Asa", "Andrew"}


@pytest.mark.parametrize("who", ["Pia", "Lena", "nobody"])
def test_only_an_assessor_of_the_body_is_assigned(way: Recognition, who: str):
    way.submit()
    way.take()
    person = {"Pia": me(way.pia), "Lena": me(way.lena), "nobody": new_id()}[who]

    reply = way.morag.push(new_id(), [operation("assessment.assign", {"audit": way.audit, "assessor": person})])

    assert reply.json["detail"] == "Name somebody who assesses for this awarding body."


def test_an_assessor_of_the_sites_own_organisation_is_refused(way: Recognition):
    with way.scene.app.app_context():
        way.scene._grant(me(way.asa), "auditor", way.trust, None)
        db.session.commit()
    way.submit()
    way.take()

    reply = way.morag.push(new_id(), [operation("assessment.assign", {"audit": way.audit, "assessor": me(way.asa)})])

    assert "organisation that they belong to" in reply.json["detail"]
    assert way.waiting(way.asa) == []


def test_an_assessor_sees_only_what_they_were_asked_to_assess_and_nothing_of_another(way: Recognition):
    way.submit()
    way.take()
    assert way.waiting(way.asa) == []

    first = way.assign(way.asa)
    second = way.assign(way.andrew, blinded=True)

    [to_asa], [to_andrew] = way.waiting(way.asa), way.waiting(way.andrew)
    assert (to_asa["assessment"]["id"], to_asa["assessments"]) == (first.id, None)
    assert (to_andrew["assessment"]["id"], to_andrew["assessment"]["blinded"]) == (second.id, True)
    said = way.andrew.get("/api/submissions").get_data(as_text=True)
    assert first.id not in said and "Asa" not in said and me(way.asa) not in said


# Interests, and reading


def test_nobody_of_the_body_reads_the_audit_before_they_are_assigned_and_have_declared_interests(way: Recognition):
    photo = a_photo()
    sha256 = hashlib.sha256(photo).hexdigest()
    item = {"evidence": new_id(), "kind": "photo", "caption": "The garden", "criteria": ["safety-1"]}
    way.amina.do(way.audit, "evidence.add", item | {"sha256": sha256, "nobody": True})
    way.amina.verdicts(way.audit, [finding(2)])
    way.amina.client.put(f"/api/audits/{way.audit}/photos/{sha256}", data=photo, headers=OURS)
    way.submit()
    late = finding(0)
    way.amina.verdicts(way.audit, [late])
    addresses = [f"/api/audits/{way.audit}{rest}" for rest in ("", "/verdict", "/photos", f"/photos/{sha256}")]
    everybody = (way.morag, way.asa, way.andrew, way.pia)

    def who_reads() -> set[int]:
        return {
            at for at, phone in enumerate(everybody) for address in addresses if phone.get(address).status_code == 200
        }

    stream = way.take()
    assert who_reads() == set()
    way.assign(way.asa)
    assert who_reads() == set(), "interests first"
    way.declare(way.asa, stream)
    way.declare(way.andrew, stream)
    way.declare(way.pia, stream)

    assert who_reads() == {1}
    assert all(way.asa.get(address).status_code == 200 for address in addresses)
    shown = way.asa.get(f"/api/audits/{way.audit}").json
    assert [write["value"] for write in shown["registers"]["finding/safety-1/rating"]] == [{"rating": 2}]
    assert [(one["id"], one["late"]) for one in shown["kept"]] == [(late["id"], True)], "late work is shown to them"
    assert way.asa.get(f"/api/audits/{way.audit}/history").status_code == 404, "the team's own history is not judged"
    assert way.asa.push(way.audit, [finding(3)]).status_code == 404, "and nobody writes in what they judge"

    way.scene.end_grants(me(way.asa))
    assert who_reads() == set(), "an assessor no more"


def test_whoever_has_an_interest_takes_no_part_and_that_stays(way: Recognition):
    way.submit()
    stream = way.take()
    way.assign(way.asa)
    way.declare(way.asa, stream)

    assert way.declare(way.asa, stream, "conflict", "My aunt works there")["verdict"] == "applied"

    assert way.asa.get(f"/api/audits/{way.audit}").status_code == 404
    assert problem(way.declare(way.asa, stream, "clear")) == "interests-first"
    assert way.waiting(way.morag)[0]["assessments"][0]["declared"] == "conflict"
    with way.scene.app.app_context():
        case = case_of(db.session.get(Submission, way.audit))
        assert (case.assessors, case.conflicted, case.cleared) == (frozenset(), {me(way.asa)}, frozenset())


def test_somebody_with_a_conflict_is_not_assigned(way: Recognition):
    way.submit()
    stream = way.take()
    way.declare(way.andrew, stream, "conflict")

    reply = way.morag.push(new_id(), [operation("assessment.assign", {"audit": way.audit, "assessor": me(way.andrew)})])

    assert "interest" in reply.json["detail"]


# Recalled, returned


def begin(way: Recognition, assigned) -> None:
    """The assessor has begun: what the first judgement does."""
    from audit_app.access import find_person
    from audit_app.awards.stepping import begin_assessment

    with way.scene.app.app_context():
        person = find_person(me(assigned.phone))
        begin_assessment(assigned.id, by=person)
        db.session.commit()


def test_recall_is_refused_once_an_assessor_has_begun(way: Recognition):
    way.submit()
    stream = way.take()
    assigned = way.assign(way.asa)
    way.declare(way.asa, stream)
    begin(way, assigned)

    assert problem(way.lena.do(way.audit, "audit.recall", {})) == "not-at-this-stage"
    assert problem(way.amina.do(way.audit, "audit.recall", {})) == "not-allowed"
    assert way.amina.verdicts(way.audit, [finding(2)]) == ["kept"], "the seal holds"
    assert faults(way) == []


def test_an_assessor_returns_it_with_reasons_and_what_came_late_counts(way: Recognition):
    way.submit()
    stream = way.take()
    way.assign(way.asa)
    reasons = {"reasons": [{"criterion": "safety-1", "text": "Say who was asked."}, {"text": "The plan is empty."}]}
    assert problem(way.asa.do(stream, "audit.return", reasons)) == "interests-first"
    assert problem(way.andrew.do(stream, "audit.return", reasons)) == "not-assigned"
    way.declare(way.asa, stream)
    late = finding(3)
    way.amina.verdicts(way.audit, [late])
    cursor = way.home()["cursor"]

    unknown = {"reasons": [{"criterion": "no-such-1", "text": "?"}]}
    assert problem(way.asa.do(stream, "audit.return", unknown)) == "criterion-unknown"
    assert way.asa.do(stream, "audit.return", reasons)["verdict"] == "applied"

    shown = way.home()
    assert (shown["stage"], shown["kept"], shown["submission"]["stage"]) == ("open", 0, "open")
    assert [(one["criterion"], one["text"]) for one in shown["submission"]["returned"]["reasons"]] == [
        ("safety-1", "Say who was asked."),
        (None, "The plan is empty."),
    ]
    assert shown["cursor"] != cursor, "so that devices fetch what counts now"
    assert way.lena.registers(way.audit)["finding/safety-1/rating"] == [{"rating": 3}]
    words = [entry["words"] for entry in way.lena.get(f"/api/audits/{way.audit}/history").json["entries"]]
    assert "Asa returned the audit to its team: “Say who was asked.” “The plan is empty.”" in words
    assert way.asa.get(f"/api/audits/{way.audit}").status_code == 404, "it is the team's again"
    assert way.waiting(way.morag) == way.waiting(way.asa) == []
    assert faults(way) == []

    way.submit()
    assert way.home()["submission"]["returned"] is None
    assert [one["stream"] for one in way.waiting(way.asa)] == [stream], "the same assessor goes on"


def test_an_audit_that_goes_to_another_body_is_nothing_to_the_first_any_more(way: Recognition):
    elsewhere = way.scene.awarding_body("Somebody else’s awards")
    olga = way.scene.phone("Olga", "manager", elsewhere)
    way.submit()
    stream = way.take()
    way.assign(way.asa)
    way.declare(way.asa, stream)
    way.lena.do(way.audit, "audit.recall", {})

    way.submit(to=elsewhere)

    assert way.asa.get(f"/api/audits/{way.audit}").status_code == 404
    assert way.waiting(way.asa) == way.waiting(way.morag) == []
    assert problem(way.asa.do(stream, "audit.return", {"reasons": [{"text": "Mine"}]})) == "not-found"
    assert olga.do(new_id(), "submission.take", {"audit": way.audit})["verdict"] == "applied"
    assert faults(way) == []


def test_the_bodys_manager_reads_who_did_what_with_a_submission(way: Recognition):
    way.submit()
    stream = way.take()
    way.assign(way.asa)
    way.declare(way.asa, stream, "clear")
    way.declare(way.pia, stream, "conflict", "My aunt works there")
    way.asa.do(stream, "audit.return", {"reasons": [{"text": "Say more"}]})

    entries = way.morag.get(f"/api/submissions/{way.audit}/history").json["entries"]

    assert [entry["words"] for entry in entries] == [
        "Morag took on the submission of Rowan ward",
        "Asa declared no interest",
        "Pia declared a conflict of interest: “My aunt works there”",
        "Asa returned the audit to its team: “Say more”",
    ]
    told = way.morag.get(f"/api/submissions/{way.audit}/history?language=cy").json["entries"]
    assert told[0]["words"] == "Derbyniodd Morag gyflwyniad Rowan ward"


def test_what_is_held_says_at_every_step_what_the_state_machine_says(way: Recognition):
    from_pure = Case(organisation=way.trust)
    roles = {me(way.lena): ("site", "lead"), me(way.morag): ("body", "manager"), me(way.pia): ("body", "panel")}

    def as_person(phone) -> stages.Person:
        return stages.Person(me(phone), frozenset(), frozenset({roles.get(me(phone), ("body", "assessor"))}))

    def step(phone, verb: str, **more) -> None:
        nonlocal from_pure
        from_pure = stages.take(from_pure, stages.Step(verb, as_person(phone), today(), **more))
        with way.scene.app.app_context():
            assert case_of(db.session.get(Submission, way.audit)) == from_pure, verb

    way.submit()
    step(way.lena, "audit.submit")
    stream = way.take()
    for phone in (way.asa, way.andrew):
        way.assign(phone)
        step(way.morag, "assessment.assign", people=(as_person(phone),))
    for phone, declared in ((way.asa, "clear"), (way.andrew, "clear"), (way.pia, "clear"), (way.andrew, "conflict")):
        way.declare(phone, stream, declared)
        step(phone, "interest.declare", outcome=declared)
    way.lena.do(way.audit, "audit.recall", {})
    step(way.lena, "audit.recall")
    way.submit()
    step(way.lena, "audit.submit")
    way.asa.do(stream, "audit.return", {"reasons": [{"text": "Say more"}]})
    step(way.asa, "audit.return", reasons="Say more")


# All at once


def at_once(*calls) -> list:
    """What comes of calls that are made at the same moment."""
    with ThreadPoolExecutor(len(calls)) as threads:
        return [one.result() for one in [threads.submit(call) for call in calls]]


def test_eight_phones_that_submit_at_once_submit_once(way: Recognition):
    phones = [way.scene.phone_of("Lena") for _ in range(8)]

    outcomes = at_once(*[partial(way.submit, phone) for phone in phones])

    assert sorted(outcome["verdict"] for outcome in outcomes) == ["applied"] + ["refused"] * 7
    assert {problem(outcome) for outcome in outcomes if outcome["verdict"] == "refused"} == {"not-at-this-stage"}
    assert faults(way) == []


def test_a_recall_and_a_return_at_once_open_the_seal_once_while_work_comes_in(way: Recognition):
    way.submit()
    stream = way.take()
    way.assign(way.asa)
    way.declare(way.asa, stream)
    late = [[finding(n % 4) for _ in range(5)] for n in range(4)]
    for again in range(4):
        recall = partial(way.lena.do, way.audit, "audit.recall", {})
        give_back = partial(way.asa.do, stream, "audit.return", {"reasons": [{"text": "More, please"}]})
        hand_in = partial(way.amina.verdicts, way.audit, late[again])

        recalled, returned, taken = at_once(recall, give_back, hand_in)

        assert sorted([recalled["verdict"], returned["verdict"]]) == ["applied", "refused"]
        assert len(set(taken)) == 1 and set(taken) <= {"applied", "kept"}
        shown = way.home()
        assert (shown["stage"], shown["kept"]) == ("open", 0), "nothing that came late is left behind"
        assert faults(way) == []
        way.submit()


# What is taken out


def test_what_an_organisation_takes_out_holds_nothing_of_the_other_side(way: Recognition):
    mary = way.scene.phone("Mary", "manager", way.trust)
    way.amina.verdicts(way.audit, [finding(2)])
    way.submit()
    stream = way.take()
    assigned = way.assign(way.asa)
    way.declare(way.asa, stream, "clear", "I once visited a friend there")

    sites = taken_out(mary, way.trust)
    bodys = taken_out(way.morag, way.body)

    assert way.audit.encode() in sites and b"Lena submitted the audit" in sites
    for word in (stream, assigned.id, me(way.asa), "visited a friend", "Asa"):
        assert word.encode() not in sites
    assert b"Rowan" not in bodys and b"finding.agree" not in bodys and b"Lena" not in bodys


def taken_out(phone, organisation: str) -> bytes:
    """All of an organisation, and all about oneself, as files."""
    heap = b""
    for address in (f"organisation/{organisation}", "person"):
        reply = phone.get(f"/api/exports/{address}.zip")
        assert reply.status_code == 200
        with ZipFile(BytesIO(reply.data)) as files:
            heap += b"".join(files.read(name) for name in files.namelist())
    return heap


# True for ever


def test_all_is_drawn_again_as_it_was(way: Recognition):
    way.audit = way.open_audit("development")
    way.lena.do(way.audit, "audit.promote", {"track": "award"})
    way.submit()
    way.take()
    before = way.home()

    with way.scene.app.app_context():
        redraw()
        db.session.commit()

    assert way.home() == before
    assert faults(way) == []


def test_a_seal_that_was_tampered_with_is_found(way: Recognition):
    way.submit()
    with way.scene.app.app_context():
        db.session.execute(db.update(Submission).values(sealed_digest="0" * 64))
        db.session.commit()

    assert ["what was submitted is not" in fault for fault in faults(way)] == [True]


def test_a_seal_that_lets_in_what_nobody_asked_about_is_found(way: Recognition):
    way.submit()
    with way.scene.app.app_context():
        db.session.execute(db.update(Stream).filter_by(id=way.audit).values(asked='["safety-1"]'))
        db.session.commit()

    assert ["something else than is asked" in fault for fault in faults(way)] == [True]

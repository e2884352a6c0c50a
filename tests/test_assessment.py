"""An assessor's own work: judging offline, reporting, the visit, the released report, and who sees what of it when."""

import json
from functools import partial
from uuid import UUID

import pytest
from hypothesis import given
from hypothesis import strategies as st

from audit_app.access import find_person
from audit_app.audits.schemas import AskedSchema
from audit_app.awards.assessment.calibrating import is_drawn
from audit_app.awards.assessment.operations import AfterRelease
from audit_app.awards.assessment.schemas import AssessmentReportReplySchema, AssessmentSchema, CalibrationSchema
from audit_app.awards.models import Assessment, Submission
from audit_app.awards.submission.schemas import SubmissionsSchema
from audit_app.db import db, new_id
from audit_app.ledger.verify import redraw, verify

from .builders import CHECKLIST, Scene, operation
from .recognition import READY, VISIT, Assigned, Recognition, finding, judging, me, problem
from .test_submission import at_once, taken_out

ACTION = {
    "outcome": "action-points",
    "points": [
        {"criterion": "safety-1", "text": "Ask the night staff."},
        {"criterion": "safety-2", "text": "Show how."},
    ],
    "due": "2027-01-31",
}


@pytest.fixture
def way(scene: Scene) -> Recognition:
    return Recognition(scene)


def faults(way: Recognition) -> list[str]:
    with way.scene.app.app_context():
        found = list(verify())
        db.session.rollback()
        return found


def desk(assigned: Assigned) -> dict:
    reply = assigned.phone.get(f"/api/assessments/{assigned.id}")
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.json


def standing(assigned: Assigned, register: str) -> list:
    return [write["value"] for write in desk(assigned)["registers"].get(register, [])]


def report(phone, audit: str):
    return phone.get(f"/api/audits/{audit}/assessment-report")


# Judging


def test_an_assessor_judges_offline_and_finds_it_all_on_another_device(way: Recognition):
    asa = way.started()
    first = judging("safety-1", "partly", "By day alone")
    seen, gone = new_id(), new_id()
    said = [
        first,
        judging("safety-1", "met", "By night too", seen=[first["id"]]),
        operation("judgement.note", {"criterion": "safety-1", "text": "Ask Rose again"}),
        operation("judgement.probe", {"criterion": "safety-2", "probe": True}),
        operation("visit.see", {"seen": seen, "criteria": ["safety-1"], "text": "The door is open"}),
        operation("visit.see", {"seen": gone, "criteria": ["safety-2"], "text": "A locked door"}),
        operation("visit.unsee", {"seen": gone}),
        operation("assessment.remark", {"strengths": "They listen.", "suggestions": "More plants."}),
    ]

    assert set(asa.phone.verdicts(asa.id, said)) == {"applied"}

    other = Assigned(asa.id, way.scene.phone_of("Asa"))
    assert standing(other, "judgement/safety-1/judgement") == [{"judgement": "met", "reason": "By night too"}]
    assert standing(other, "judgement/safety-1/note") == ["Ask Rose again"]
    shown = desk(other)
    assert (shown["kind"], shown["audit"], shown["setting"]) == ("assessment", way.audit, "Rowan ward")
    assert way.home()["stage"] == "assessing", "and it is begun"
    again = other.phone.get(f"/api/assessments/{asa.id}", headers={"If-None-Match": f'"{shown["cursor"]}"'})
    assert again.status_code == 304
    told = [entry["words"] for entry in asa.phone.get(f"/api/assessments/{asa.id}/history").json["entries"]]
    assert any(words.startswith("Asa judged “") and words.endswith("”: met (By night too)") for words in told)
    assert any("ddim" not in words and "will look at" in words for words in told)
    assert faults(way) == []
    with way.scene.app.app_context():
        redraw()
        db.session.commit()
    assert faults(way) == []


def test_two_devices_of_one_assessor_that_differ_are_settled_before_the_report(way: Recognition):
    asa = way.started()
    way.judge(asa)
    write = desk(asa)["registers"]["judgement/safety-1/judgement"][0]["id"]
    one, other = (judging("safety-1", held, "Seen", seen=[write]) for held in ("partly", "not-yet"))
    asa.phone.verdicts(asa.id, [one, other])

    refused = asa.phone.do(asa.id, "assessment.report", READY)

    assert (problem(refused), refused["problem"]["criteria"]) == ("judgement-reason-missing", ["safety-1"])
    asa.phone.verdicts(asa.id, [judging("safety-1", "partly", "Seen", seen=[one["id"], other["id"]])])
    assert asa.phone.do(asa.id, "assessment.report", READY)["verdict"] == "applied"
    assert faults(way) == []


def test_only_who_is_assigned_and_clear_of_interests_judges(way: Recognition):
    way.submit()
    way.stream = way.take()
    asa = way.assign(way.asa)
    note = {"criterion": "safety-1", "text": "Mine"}

    assert problem(asa.phone.do(asa.id, "judgement.note", note)) == "interests-first"
    assert asa.phone.get(f"/api/assessments/{asa.id}").status_code == 404
    way.declare(way.asa, way.stream)
    assert asa.phone.do(asa.id, "judgement.note", note)["verdict"] == "applied"
    assert problem(asa.phone.do(asa.id, "judgement.note", note | {"criterion": "no-such"})) == "criterion-unknown"
    assert problem(way.andrew.do(asa.id, "judgement.note", note)) == "not-assigned"
    assert problem(way.morag.do(asa.id, "judgement.note", note)) == "not-allowed"
    for phone in (way.andrew, way.morag, way.pia, way.lena):
        assert phone.get(f"/api/assessments/{asa.id}").status_code == 404
        assert phone.get(f"/api/assessments/{asa.id}/history").status_code == 404
    assert way.lena.push(asa.id, [operation("judgement.note", note)]).status_code == 404


def test_what_the_findings_lead_one_to_expect_and_what_rests_on_thin_ground_lies_beside(way: Recognition):
    resident = new_id()
    way.amina.verdicts(
        way.audit,
        [
            finding(3),
            finding(1, "safety-2"),
            finding(0, "safety-3"),
            operation("finding.agree", {"criterion": "safety-4", "rating": None, "reason": "Nobody stays a night"}),
            operation("contributor.add", {"contributor": resident, "voice": "resident", "label": "The patients"}),
            operation("answer.rate", {"contributor": resident, "criterion": "safety-1", "rating": 3}),
            operation(
                "evidence.add",
                {"evidence": new_id(), "kind": "observation", "caption": "Open", "criteria": ["safety-1"]},
            ),
        ],
    )
    asa = way.started()

    beside = desk(asa)

    expects = [beside["expects"][f"safety-{n}"] for n in range(1, 6)]
    assert expects == ["met", "partly", "not-yet", "does-not-apply", None]
    assert beside["thin"]["safety-1"] == ["alone"]
    assert beside["thin"]["safety-5"] == ["open", "unheard", "unshown"]
    assert beside["previous"] is None
    [row] = way.waiting(way.asa)
    assert row["assessment"]["cursor"] == beside["cursor"] and row["audit_cursor"] == beside["audit_cursor"]
    judged = [judging("safety-1", "met"), judging("safety-2", "met"), judging("safety-5", "met")]
    assert set(asa.phone.verdicts(asa.id, judged)) == {"applied"}, "a reason may come later"
    refused = asa.phone.do(asa.id, "assessment.report", READY)
    assert refused["problem"]["criteria"] == ["safety-2", "safety-5"]


# Reporting


def test_action_points_go_to_the_site_which_answers_each(way: Recognition):
    asa = way.started()
    assert problem(asa.phone.do(asa.id, "assessment.report", READY)) == "judgements-missing", "nothing is judged yet"
    way.judge(asa, safety_1="not-yet")
    assert problem(asa.phone.do(asa.id, "assessment.report", ACTION | {"due": "2026-11-01"})) == "what-and-when-missing"

    assert asa.phone.do(asa.id, "assessment.report", ACTION)["verdict"] == "applied"

    asked = way.home()["submission"]["asked"]
    assert AskedSchema().validate(asked) == {}
    assert way.home()["stage"] == "action-points"
    assert [(one["criterion"], one["answer"]) for one in asked["points"]] == [("safety-1", None), ("safety-2", None)]
    assert report(way.lena, way.audit).status_code == 404
    before = desk(asa)["registers"]["judgement/safety-3/judgement"][0]["id"]
    late = judging("safety-3", "partly", "Thought again", seen=[before])
    assert asa.phone.verdicts(asa.id, [late]) == ["applied"], "made offline before, or after"
    answers = [{"criterion": "safety-1", "text": "We asked them."}]
    refused = way.lena.do(way.audit, "actions.answer", {"answers": answers})
    assert (problem(refused), refused["problem"]["criteria"]) == ("answers-missing", ["safety-2"])
    answers.append({"criterion": "safety-2", "text": "See the notes."})
    assert problem(way.amina.do(way.audit, "actions.answer", {"answers": answers})) == "not-allowed"
    assert way.lena.do(way.audit, "actions.answer", {"answers": answers})["verdict"] == "applied"
    assert [one["answer"] for one in desk(asa)["reports"][0]["points"]] == ["We asked them.", "See the notes."]
    assert way.home()["stage"] == "assessing"
    told = [entry["words"] for entry in way.lena.get(f"/api/audits/{way.audit}/history").json["entries"]]
    assert "Asa asked for action by 31 January 2027: “Ask the night staff.” “Show how.”" in told
    assert "Lena answered the action points: “We asked them.” “See the notes.”" in told
    assert asa.phone.do(asa.id, "assessment.report", READY)["verdict"] == "applied"
    assert faults(way) == []


def test_a_report_is_released_once_all_is_judged_and_the_site_corrects_facts_and_no_judgement(way: Recognition):
    way.amina.verdicts(way.audit, [finding(2)])
    asa = way.started()
    seen = new_id()
    asa.phone.verdicts(
        asa.id,
        [
            judging("safety-1", "partly", "By day alone"),
            operation("judgement.note", {"criterion": "safety-1", "text": "Rose was tired"}),
            operation("visit.see", {"seen": seen, "criteria": ["safety-1"], "text": "The door is open"}),
            operation("assessment.remark", {"strengths": "They listen.", "suggestions": "More plants."}),
        ],
    )
    assert asa.phone.do(asa.id, "assessment.report", READY)["verdict"] == "applied"
    assert problem(asa.phone.do(asa.id, "visit.record", VISIT | {"date": "2099-01-01"})) == "visit-to-come"
    assert asa.phone.do(asa.id, "visit.record", VISIT)["verdict"] == "applied"
    refused = asa.phone.do(asa.id, "report.release", {})
    assert (problem(refused), "safety-1" in refused["problem"]["criteria"]) == ("judgements-missing", False)
    rest = [judging(id, "met", "Seen") for id in way.criteria() if id != "safety-1"]
    asa.phone.verdicts(asa.id, rest)
    for phone in (way.lena, way.morag, way.asa):
        assert report(phone, way.audit).status_code == 404

    assert asa.phone.do(asa.id, "report.release", {})["verdict"] == "applied"

    read = report(way.lena, way.audit).json
    [safety_1] = [one for one in read["judgements"] if one["criterion"] == "safety-1"]
    assert safety_1 == {
        "criterion": "safety-1",
        "judgement": "partly",
        "reason": "By day alone",
        "expected": "met",
    }
    assert (read["strengths"], [one["text"] for one in read["seen"]]) == ("They listen.", ["The door is open"])
    assert (read["assessor"]["name"], read["visits"][0]["people"]) == ("Asa", VISIT["people"])
    for phone in (way.lena, way.amina, way.morag, way.asa):
        text = report(phone, way.audit).get_data(as_text=True)
        assert "By day alone" in text and "Rose was tired" not in text
    for phone in (way.pia, way.andrew, way.scene.phone("Olga", "manager", way.scene.awarding_body("Another"))):
        assert report(phone, way.audit).status_code == 404, "who has no part in it"
    wrong = {"corrections": [{"criterion": "safety-1", "text": "There are two doors."}, {"text": "We are 14 beds."}]}
    assert problem(way.amina.do(way.audit, "report.correct", wrong)) == "not-allowed"
    assert way.lena.do(way.audit, "report.correct", wrong)["verdict"] == "applied"
    assert way.lena.do(way.audit, "report.correct", {"corrections": []})["verdict"] == "applied"
    after = report(way.morag, way.audit).json
    assert after["facts_checked"] and after["judgements"] == read["judgements"]
    assert [len(one["corrections"]) for one in after["corrections"]] == [2, 0]
    assert desk(asa)["corrections"][0]["by"]["name"] == "Lena"
    assert AssessmentReportReplySchema().validate(after) == {} == AssessmentSchema().validate(desk(asa))
    late = judging("safety-1", "met", "On reflection")
    assert problem(asa.phone.push(asa.id, [late]).json["outcomes"][0]) == "after-release"
    assert [one["id"] for one in desk(asa)["kept"]] == [late["id"]], "kept for its writer, and changes nothing"
    assert report(way.lena, way.audit).json["judgements"] == read["judgements"]
    assert faults(way) == []


def test_the_next_cycle_shows_what_was_judged_in_the_last(way: Recognition):
    way.release()
    last = way.audit
    way.audit = way.open_audit()

    asa = way.started()

    before = desk(asa)["previous"]
    assert (before["audit"], before["judgements"]["safety-1"]["judgement"]) == (last, "met")


# What the site sees


def told_to_the_site(way: Recognition, mary) -> dict[str, tuple]:
    """Every reply that the site's lead and its manager can ask for about the audit: status, ETag, length and text."""
    rules = [
        rule
        for rule in way.scene.app.url_map.iter_rules()
        if "GET" in rule.methods and rule.rule.startswith("/api/") and "token" not in rule.rule
    ]
    found = {}
    for name, phone in (("lead", way.lena), ("manager", mary)):
        for rule in rules:
            ids = {"audits": way.audit, "submissions": way.audit, "organisations": way.trust, "exports": way.trust}
            values = dict.fromkeys(rule.arguments, "x")
            values |= {"id": ids.get(rule.rule.split("/")[2], way.ward), "table": "audits", "slug": CHECKLIST}
            values |= {"edition": 1, "number": 1}
            with way.scene.app.test_request_context():
                address = way.scene.app.url_map.bind("").build(rule.endpoint, {k: values[k] for k in rule.arguments})
            reply = phone.get(address)
            content = (reply.json or {}) | {"request_id": "", "as_of": ""} if reply.is_json else reply.get_data()
            etag = reply.headers.get("ETag")
            if address.endswith((".zip", ".xlsx", ".sqlite", ".pdf")):
                content, etag = None, None  # they say when they were made; what is in them, the other replies tell
            found[f"{name} {address}"] = (reply.status_code, etag, json.dumps(content, default=repr))
    return found


def test_nothing_of_an_assessment_reaches_the_site_before_it_is_released(way: Recognition):
    mary = way.scene.phone("Mary", "manager", way.trust)
    way.amina.verdicts(way.audit, [finding(2)])
    asa = way.started()
    andrew = way.started(way.andrew, blinded=True)
    asa.phone.verdicts(asa.id, [judging("safety-1", "met")])
    begun = told_to_the_site(way, mary)
    assert sum(status == 200 for status, *_ in begun.values()) > 25

    for assigned in (asa, andrew):
        way.judge(assigned, safety_1="not-yet")
        said = [
            operation("judgement.note", {"criterion": "safety-1", "text": "Rose was tired"}),
            operation("judgement.probe", {"criterion": "safety-1", "probe": True}),
            operation("visit.see", {"seen": new_id(), "criteria": ["safety-1"], "text": "A locked door"}),
            operation("assessment.remark", {"strengths": "They listen.", "suggestions": "More plants."}),
        ]
        assigned.phone.verdicts(assigned.id, said)
    assert andrew.phone.do(andrew.id, "assessment.report", ACTION)["verdict"] == "applied"

    assert told_to_the_site(way, mary) == begun, "not a byte, not a count, not a cursor"
    for taken in (taken_out(mary, way.trust), taken_out(way.morag, way.body)):
        assert not any(word in taken for word in (b"Rose was tired", b"A locked door", b"Seen and heard"))

    assert asa.phone.do(asa.id, "assessment.report", READY)["verdict"] == "applied"
    asa.phone.do(asa.id, "visit.record", VISIT)
    after = "".join(text for _, _, text in told_to_the_site(way, mary).values())
    for word in ("Seen and heard", "Rose was tired", "A locked door", "They listen", "More plants", VISIT["people"]):
        assert word not in after
    for id in (asa.id, andrew.id, me(way.andrew), way.stream):
        assert id not in after


def test_nobody_but_its_assessor_reads_an_assessment(way: Recognition):
    mary = way.scene.phone("Mary", "manager", way.trust)
    asa, andrew = way.started(), way.started(way.andrew)  # both are asked, and clear of any interest
    asa.phone.verdicts(asa.id, [judging("safety-1", "met", "Seen")])

    for phone in (andrew.phone, way.morag, way.pia, way.lena, way.amina, mary):
        for address in (f"/api/assessments/{asa.id}", f"/api/assessments/{asa.id}/history"):
            assert phone.get(address).status_code == 404
    assert standing(asa, "judgement/safety-1/judgement") == [{"judgement": "met", "reason": "Seen"}]


# Blinded


def test_a_blinded_second_assessor_sees_nothing_of_the_first_before_reporting(way: Recognition):
    asa = way.started()
    andrew = way.started(way.andrew, blinded=True)
    way.judge(asa, safety_1="not-yet")
    asa.phone.do(asa.id, "assessment.report", ACTION)

    def told() -> list:
        audit = way.andrew.get(f"/api/audits/{way.audit}").json
        waiting = way.waiting(way.andrew)[0]
        verdict = way.andrew.get(f"/api/audits/{way.audit}/verdict").json
        return [audit["stage"], audit["submission"], waiting["stage"], verdict["stage"], desk(andrew)["reports"]]

    assert told() == ["assessing", None, "assessing", "assessing", []]
    answers = [{"criterion": f"safety-{n}", "text": "Done."} for n in (1, 2)]
    way.lena.do(way.audit, "actions.answer", {"answers": answers})
    way.release(asa)  # safety-1 is met by now
    assert told() == ["assessing", None, "assessing", "assessing", []]
    assert report(way.andrew, way.audit).status_code == 404
    assert way.andrew.get(f"/api/submissions/{way.audit}").status_code == 404
    text = way.andrew.get(f"/api/audits/{way.audit}").get_data(as_text=True)
    assert "Ask the night staff" not in text and "Seen and heard" not in text
    assert way.morag.get(f"/api/organisations/{way.body}/calibration").json["pairs"] == []

    assert set(way.judge(andrew, safety_2="partly", safety_3="does-not-apply")) == {"applied"}, "the stage is no matter"
    for kind, payload in (("visit.record", VISIT), ("report.release", {})):
        assert problem(andrew.phone.do(andrew.id, kind, payload)) == "blinded-assessor"
    assert andrew.phone.do(andrew.id, "assessment.report", READY)["verdict"] == "applied"

    assert way.home()["stage"] == "released", "their report moves nothing"
    assert problem(andrew.phone.do(andrew.id, "assessment.report", READY)) == "reported-already"
    assert report(way.andrew, way.audit).status_code == 200, "both have reported"
    compared = way.morag.get(f"/api/organisations/{way.body}/calibration").json
    assert (
        CalibrationSchema().validate(compared)
        == {}
        == SubmissionsSchema().validate(way.asa.get("/api/submissions").json)
    )
    [pair] = compared["pairs"]
    assert (pair["first"]["name"], pair["second"]["name"], pair["setting"]) == ("Asa", "Andrew", "Rowan ward")
    assert [(one["criterion"], one["first"], one["second"]) for one in pair["apart"]] == [
        ("safety-1", "not-yet", "met"),
        ("safety-2", "met", "partly"),
        ("safety-3", "met", "does-not-apply"),
    ], "as each first reported, whatever was judged since"
    n = len(way.criteria()) - 1
    assert (pair["n"], compared["n"], compared["reported"]) == (n, n, 1)
    observed, sums = 5 / n, {"one": (1, 0, n - 1), "other": (0, 1, n - 1)}
    expected = sum(
        (i - j) ** 2 * one * other for i, one in enumerate(sums["one"]) for j, other in enumerate(sums["other"])
    )
    assert pair["kappa"] == pytest.approx(1 - observed / (expected / n**2), abs=1e-4)
    assert way.asa.get(f"/api/organisations/{way.body}/calibration").status_code == 403
    assert faults(way) == []


def showing(criterion: str, caption: str) -> dict:
    """A piece of evidence, as somebody on the ward adds it."""
    item = {"evidence": new_id(), "kind": "observation", "caption": caption, "criteria": [criterion]}
    return operation("evidence.add", item)


def sealed_after(way: Recognition) -> int:
    """Up to which of its operations the audit is what is judged."""
    with way.scene.app.app_context():
        return db.session.get(Submission, way.audit).sealed_number


def test_a_team_answers_action_points_by_showing_and_agreeing_anew_and_is_sealed_again_with_it(way: Recognition):
    asa = way.started()
    way.judge(asa)
    assert way.amina.verdicts(way.audit, [showing("safety-1", "Before it was asked")]) == ["kept"]
    assert asa.phone.do(asa.id, "assessment.report", ACTION)["verdict"] == "applied"
    shown, agreed = showing("safety-1", "The night staff met at nine."), finding(3)
    assert way.amina.verdicts(way.audit, [shown, agreed]) == ["applied", "applied"]
    assert way.amina.verdicts(way.audit, [finding(3, "belonging-1")]) == ["kept"], "nobody asked about this"
    withdrawing = operation("evidence.withdraw", {"evidence": shown["payload"]["evidence"]})
    assert way.amina.verdicts(way.audit, [withdrawing, showing("safety-1", "At ten.")]) == ["applied", "applied"]
    assert faults(way) == []
    before = sealed_after(way)
    answers = [{"criterion": f"safety-{n}", "text": "Done."} for n in (1, 2)]
    assert way.lena.do(way.audit, "actions.answer", {"answers": answers})["verdict"] == "applied"

    assert way.amina.verdicts(way.audit, [showing("safety-1", "Too late")]) == ["kept"]
    counted = json.dumps(way.asa.get(f"/api/audits/{way.audit}").json["registers"])
    assert "At ten." in counted and "Too late" not in counted
    assert sealed_after(way) > before, "what was shown is under the seal"
    assert faults(way) == []
    way.release(asa)
    assert faults(way) == []


def test_a_set_share_of_audits_is_drawn_for_a_second_blind_reader(way: Recognition):
    def wants(phone, share) -> dict:
        return phone.do(way.body, "calibration.set", {"share": share})

    def her_turn() -> list[str]:
        return [one["what"] for one in way.waiting(way.morag)[0]["waits"] if one["yours"]]

    comparing = f"/api/organisations/{way.body}/calibration"
    assert way.morag.get(comparing).json["share"] == 0
    for wrong in (-1, 101, 2.5, "20", None):
        assert problem(wants(way.morag, wrong)) == "operation-malformed", wrong
    assert problem(wants(way.asa, 20)) == "not-allowed"
    mary = way.scene.phone("Mary", "manager", way.trust)
    assert problem(mary.do(way.trust, "calibration.set", {"share": 20})) == "not-an-awarding-body"

    assert wants(way.morag, 100)["verdict"] == "applied"
    assert way.morag.get(comparing).json["share"] == 100
    way.submit()
    assert her_turn() == ["take"]
    way.stream = way.take()
    assert her_turn() == ["assign"], "the first comes first"
    asa = way.started()
    assert her_turn() == ["assign-second"]
    letters = way.scene.app.test_cli_runner().invoke(args=["remind"]).output
    assert "Ask a second, blind reader" in letters
    assert wants(way.morag, 0)["verdict"] == "applied"
    assert her_turn() == []
    assert wants(way.morag, 100)["verdict"] == "applied"
    way.started(way.andrew, blinded=True)
    assert her_turn() == []
    assert asa.phone.get(f"/api/submissions/{way.audit}").status_code == 200
    assert "assign-second" not in asa.phone.get("/api/submissions").get_data(as_text=True)
    words = [one["words"] for one in way.morag.get(f"/api/organisations/{way.body}/history").json["entries"]]
    assert "Morag set that 100 of 100 audits are read a second time, blind" in words
    assert faults(way) == []


@given(share=st.integers(0, 99), audit=st.uuids().map(str))
def test_a_larger_share_keeps_all_that_a_smaller_one_drew(share: int, audit: str):
    assert not is_drawn(audit, 0) and is_drawn(audit, 100)
    assert is_drawn(audit, share + 1) or not is_drawn(audit, share)


@pytest.mark.parametrize("share", [1, 20, 50, 99])
def test_the_draw_is_of_as_many_as_were_asked_for(share: int):
    audits = [str(UUID(int=n)) for n in range(20_000)]

    drawn = sum(is_drawn(audit, share) for audit in audits)

    sigma = (20_000 * share * (100 - share) / 100**2) ** 0.5
    assert abs(drawn - 20_000 * share / 100) < 4 * sigma


# All at once


def test_a_recall_and_the_first_judgement_at_once_leave_one_of_two_things_and_no_word_behind(way: Recognition):
    for again in range(3):
        way.submit()
        if not again:
            way.stream = way.take()
        assigned = way.assign(way.scene.phone(f"Assessor {again}", "assessor", way.body))
        way.declare(assigned.phone, way.stream)
        judge = partial(assigned.phone.verdicts, assigned.id, [judging("safety-1", "met", "Seen")])

        recalled, judged = at_once(partial(way.lena.do, way.audit, "audit.recall", {}), judge)

        assert judged == ["applied"]
        assert (way.home()["stage"], recalled["verdict"]) in (("open", "applied"), ("assessing", "refused"))
        if recalled["verdict"] == "refused":
            assigned.phone.do(way.stream, "audit.return", {"reasons": [{"text": "Once more"}]})
    assert faults(way) == []


def test_somebody_else_releases_the_report_where_who_made_it_has_declared_a_conflict(way: Recognition):
    asa = way.started()
    way.judge(asa)
    asa.phone.do(asa.id, "assessment.report", READY)
    way.declare(way.asa, way.stream, "conflict")
    andrew = way.started(way.andrew)  # asked only now
    way.judge(andrew, "partly")

    for kind, payload in (("visit.record", VISIT), ("report.release", {})):
        assert problem(asa.phone.do(asa.id, kind, payload)) == "not-assigned"
        assert andrew.phone.do(andrew.id, kind, payload)["verdict"] == "applied"

    read = report(way.lena, way.audit).json
    assert (read["assessor"]["name"], read["judgements"][0]["judgement"]) == ("Andrew", "partly")
    assert faults(way) == []


# When somebody's part ends


def test_what_is_judged_after_a_role_has_ended_or_a_conflict_was_declared_is_kept(way: Recognition):
    asa, andrew = way.started(), way.started(way.andrew)
    asa.phone.verdicts(asa.id, [judging("safety-1", "partly", "Seen")])
    way.declare(way.asa, way.stream, "conflict", "My aunt works there")
    way.scene.end_grants(me(way.andrew))

    after_conflict, after_role = judging("safety-2", "met", "Seen"), judging("safety-2", "met", "Seen")

    assert problem(asa.phone.push(asa.id, [after_conflict]).json["outcomes"][0]) == "conflict-declared"
    assert problem(andrew.phone.push(andrew.id, [after_role]).json["outcomes"][0]) == "right-ended"
    assert asa.phone.verdicts(asa.id, [after_conflict]) == ["kept"], "the same answer again"
    assert asa.phone.get(f"/api/assessments/{asa.id}").status_code == 404
    assert problem(asa.phone.do(asa.id, "assessment.report", READY)) in ("interests-first", "not-assigned")
    with way.scene.app.app_context():
        assert db.session.get(Assessment, andrew.id).begun_at is None, "what is kept begins nothing"
    assert faults(way) == []


def test_an_assessor_puts_in_force_what_somebody_else_handed_in_for_them(way: Recognition):
    asa = way.started()
    one, other = judging("safety-1", "met", "Seen"), judging("safety-2", "not-yet", "Seen")
    handed_in = way.morag.push(asa.id, [one, other], on_behalf_of=me(way.asa)).json["outcomes"]
    assert [problem(outcome) for outcome in handed_in] == ["handed-in"] * 2
    assert way.home()["stage"] == "submitted", "what is kept begins nothing"
    assert [kept["payload"]["criterion"] for kept in desk(asa)["kept"]] == ["safety-1", "safety-2"]
    assert desk(asa)["kept"][0]["reason"].endswith("Its assessor can put it in force.")

    def admit(phone, id: str) -> dict:
        return phone.do(asa.id, "assessment.admit", {"operation": id})

    assert [problem(admit(phone, one["id"])) for phone in (way.morag, way.andrew)] == ["not-allowed", "not-assigned"]
    assert admit(way.asa, one["id"])["verdict"] == "applied"

    assert way.home()["stage"] == "assessing", "they have judged now"
    assert standing(asa, "judgement/safety-1/judgement") == [{"judgement": "met", "reason": "Seen"}]
    assert problem(admit(way.asa, one["id"])) == "nothing-kept"
    assert asa.phone.verdicts(asa.id, [one]) == ["applied"], "their own phone, at last, is told that it counts"
    told = [entry["words"] for entry in asa.phone.get(f"/api/assessments/{asa.id}/history").json["entries"]]
    assert "Asa put a kept operation in force" in told
    way.release(asa)
    assert problem(admit(way.asa, other["id"])) == "after-release"
    assert [kept["payload"]["criterion"] for kept in desk(asa)["kept"]] == ["safety-2"], "and stays to be read"
    assert report(way.lena, way.audit).json["judgements"][1]["judgement"] == "met", "as the site was told"
    assert faults(way) == []


def test_what_came_while_an_assessor_had_no_role_is_put_in_force_when_they_have_it_again(way: Recognition):
    asa = way.started()
    way.scene.end_grants(me(way.asa))
    late = judging("safety-1", "met", "Seen")
    assert problem(asa.phone.push(asa.id, [late]).json["outcomes"][0]) == "right-ended"
    admit = {"operation": late["id"]}
    assert problem(asa.phone.do(asa.id, "assessment.admit", admit)) == "not-allowed"

    way.scene.grant(me(way.asa), "assessor", way.body)

    assert asa.phone.do(asa.id, "assessment.admit", admit)["verdict"] == "applied"
    assert standing(asa, "judgement/safety-1/judgement") == [{"judgement": "met", "reason": "Seen"}]
    assert faults(way) == []


def test_what_came_after_the_release_is_there_to_read_and_changes_nothing(way: Recognition):
    asa = way.release()
    before = report(way.lena, way.audit).data
    late = judging("safety-1", "not-yet", "I saw it again")

    assert problem(asa.phone.push(asa.id, [late]).json["outcomes"][0]) == "after-release"

    assert problem(asa.phone.do(asa.id, "assessment.admit", {"operation": late["id"]})) == "after-release"
    [kept] = desk(asa)["kept"]
    assert (kept["payload"]["reason"], kept["reason"]) == ("I saw it again", AfterRelease.words)
    assert report(way.lena, way.audit).data == before


def test_what_was_kept_of_somebody_with_a_conflict_never_counts(way: Recognition):
    asa = way.started()
    handed_in = judging("safety-1", "met", "Seen")
    way.morag.push(asa.id, [handed_in], on_behalf_of=me(way.asa))

    way.declare(way.asa, way.stream, "conflict")

    assert problem(asa.phone.do(asa.id, "assessment.admit", {"operation": handed_in["id"]})) == "conflict-declared"
    assert faults(way) == []


def test_what_was_judged_offline_outlives_a_return_and_goes_on_when_it_is_submitted_again(way: Recognition):
    asa = way.started()
    asa.phone.verdicts(asa.id, [judging("safety-1", "met", "Seen")])
    way.asa.do(way.stream, "audit.return", {"reasons": [{"text": "Say more"}]})

    assert asa.phone.verdicts(asa.id, [judging("safety-2", "partly", "Seen")]) == ["applied"]

    assert (desk(asa)["expects"], desk(asa)["previous"]) == ({}, None), "the audit is its team's"
    assert way.home()["stage"] == "open"
    way.submit()
    assert standing(asa, "judgement/safety-2/judgement") == [{"judgement": "partly", "reason": "Seen"}]
    asa.phone.verdicts(asa.id, [judging("safety-3", "met", "Seen")])
    assert way.home()["stage"] == "assessing"
    assert faults(way) == []


def test_an_assessor_does_not_read_on_when_their_account_is_gone_from_the_body(way: Recognition):
    asa = way.started()
    way.scene.end_grants(me(way.asa))

    assert asa.phone.get(f"/api/assessments/{asa.id}").status_code == 404
    with way.scene.app.app_context():
        assert find_person(me(way.asa)) is not None

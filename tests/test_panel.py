"""From the released report on: the panel, its decision and letter, deferral, what becomes of an award, appeal."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from audit_app.awards.models import Award, Decider, Decision, Issued, Panel
from audit_app.db import db, new_id
from audit_app.ledger.verify import verify

from .builders import OURS, Phone, Scene, operation
from .deciding import AGAINST, REASONS, Deciding, days_on
from .recognition import finding, me, problem
from .test_evidence import a_photo, sha256


@pytest.fixture
def way(scene: Scene) -> Deciding:
    return Deciding(scene)


def faults(way: Deciding) -> list[str]:
    with way.scene.app.app_context():
        found = list(verify())
        db.session.rollback()
        return found


def words_of(phone, address: str) -> list[str]:
    """The whole history there, a page after the other."""
    words, after = [], 0
    while after is not None:
        page = phone.get(f"/api/{address}/history?after={after}").json
        words += [entry["words"] for entry in page["entries"]]
        after = page["next"]
    return words


# Who sits, and who does not


def test_a_panel_is_two_people_who_sit_on_panels_here(way: Deciding):
    way.bring()

    assert problem(way.convene(way.pia)) == problem(way.convene(way.pia, way.pia)) == "too-few"
    assert problem(way.convene(way.pia, way.morag)) == problem(way.convene(way.pia, way.lena)) == "too-few"
    unknown = {"people": [me(way.pia), new_id()]}
    assert problem(way.morag.do(way.stream, "panel.convene", unknown)) == "too-few"
    assert way.convene()["verdict"] == "applied"


def test_nobody_of_the_sites_organisation_sits(way: Deciding):
    way.bring()
    with way.scene.app.app_context():
        way.scene._grant(me(way.peter), "auditor", way.trust, None)
        db.session.commit()

    assert problem(way.convene()) == "own-organisation"
    assert way.convene(way.pia, way.paula)["verdict"] == "applied"


def test_nobody_who_assessed_it_sits_or_decides(way: Deciding):
    way.bring()
    with way.scene.app.app_context():
        way.scene._grant(me(way.asa), "panel", way.body, None)
        db.session.commit()

    assert problem(way.convene(way.asa, way.pia)) == "assessed-before"
    way.sit()

    assert problem(way.say(way.asa)) == "not-on-panel"
    assert problem(way.decide(by=way.asa)) == "assessed-before"
    assert way.told()["decision"] is None


def test_whoever_has_an_interest_does_not_sit_and_leaves_the_panel_they_sat_on(way: Deciding):
    way.bring()
    way.declare(way.peter, way.stream, "conflict")
    assert problem(way.convene()) == "interests-first"
    way.sit(way.pia, way.paula)

    way.declare(way.paula, way.stream, "conflict", "My cousin works there")

    assert problem(way.decide()) == "views-missing", "one alone decides nothing"
    assert way.dossier(way.paula).status_code == 404
    way.sit(way.pia, way.priya)
    assert way.decide()["verdict"] == "applied"


def test_interests_come_before_a_view_and_before_reading(way: Deciding):
    way.bring()
    way.convene()

    assert problem(way.say(way.pia)) == "interests-first"
    assert way.dossier(way.pia).json["type"] == "/problems/interests-first"
    assert way.pia.get(f"/api/audits/{way.audit}").status_code == 404
    way.declare(way.pia, way.stream)

    assert way.say(way.pia)["verdict"] == "applied"
    assert way.dossier(way.pia).status_code == way.pia.get(f"/api/audits/{way.audit}").status_code == 200


def test_whoever_is_not_on_this_panel_neither_says_a_view_nor_decides(way: Deciding):
    way.bring()
    way.sit()
    way.declare(way.paula, way.stream)

    assert problem(way.say(way.paula)) == problem(way.decide(by=way.paula)) == "not-on-panel"
    for phone in (way.morag, way.asa):
        assert problem(way.say(phone)) == problem(way.decide(by=phone)) == "not-allowed"


def test_nothing_is_decided_before_all_have_said_their_view(way: Deciding):
    way.bring()
    way.convene()
    for phone in (way.pia, way.peter):
        way.declare(phone, way.stream)

    way.say(way.pia)

    assert problem(way.decide()) == "views-missing"
    way.say(way.peter)
    assert way.decide()["verdict"] == "applied"


def test_another_convening_begins_the_views_anew(way: Deciding):
    way.bring()
    way.sit()

    way.convene(way.pia, way.paula, sits_on=days_on(7))

    assert problem(way.decide()) == "views-missing"
    told = way.dossier(way.pia).json["panel"]
    assert (told["sits_on"], told["own"], [one["said"] for one in told["members"]]) == (days_on(7), None, [False] * 2)
    assert way.dossier(way.peter).json["panel"] is None, "who sat before sits no more"


def test_an_assessor_is_not_assigned_out_of_the_panel(way: Deciding):
    way.bring()
    way.sit()
    way.decide("deferred")
    with way.scene.app.app_context():
        deciders = set(db.session.scalars(db.select(Decider.person_id)))

    assert deciders == {me(way.pia), me(way.peter)}


# Views are the panel's own


def test_members_read_each_others_views_once_all_have_said_theirs_and_then_they_stand(way: Deciding):
    way.bring()
    way.convene()
    for phone in (way.pia, way.peter):
        way.declare(phone, way.stream)
    way.say(way.pia, "deferred", "I saw no quiet room.")
    way.say(way.pia, "awarded", "I found the quiet room.")

    before = way.dossier(way.peter)

    assert before.json["panel"]["views"] is None and before.json["panel"]["own"] is None
    assert "quiet room" not in before.get_data(as_text=True)
    assert [one["said"] for one in before.json["panel"]["members"]] == [False, True], "by name: Peter, Pia"
    assert way.dossier(way.pia).json["panel"]["own"]["outcome"] == "awarded"
    way.say(way.peter, "not-awarded", "It smelt of paint.")
    for phone in (way.pia, way.peter):
        views = way.dossier(phone).json["panel"]["views"]
        assert {(one["person"]["name"], one["reasons"]) for one in views} == {
            ("Pia", "I found the quiet room."),
            ("Peter", "It smelt of paint."),
        }
    assert problem(way.say(way.pia, "deferred")) == "view-stands"


def test_a_view_is_about_what_this_panel_decides(way: Deciding):
    way.bring()
    way.convene()
    way.declare(way.pia, way.stream)

    assert problem(way.say(way.pia, "upheld")) == problem(way.say(way.pia, "suspended")) == "outcome-of-another-panel"
    assert way.dossier(way.pia).json["panel"]["outcomes"] == ["awarded", "deferred", "not-awarded"]


def test_nobody_outside_ever_sees_what_the_members_of_a_panel_hold(way: Deciding):
    way.bring()
    way.convene()
    said = {"Pia": "Secretly unsure about Rowan", "Peter": "Inwardly against it"}
    for phone, name in ((way.pia, "Pia"), (way.peter, "Peter")):
        way.declare(phone, way.stream)
        way.say(phone, "awarded", said[name])
    way.say(way.pia, "deferred", "A third, refused thought")
    outsiders = [way.morag, way.lena, way.amina, way.mary, way.asa, way.andrew, way.paula]
    addresses = ["home", "submissions", f"audits/{way.audit}", f"audits/{way.audit}/history"]
    addresses += [f"submissions/{way.audit}", f"submissions/{way.audit}/history", f"audits/{way.audit}/verdict"]
    addresses += [f"exports/organisation/{body}.zip" for body in (way.body, way.trust)]

    def seen() -> str:
        replies = [phone.get(f"/api/{address}") for phone in outsiders for address in addresses]
        assert sum(reply.status_code == 200 for reply in replies) > 12
        return "".join(text_of(reply.data) for reply in replies if reply.status_code == 200)

    for found in (seen(), way.decide() and seen()):
        for words in (*said.values(), "refused thought"):
            assert words not in found
    assert "Pia said a view" in words_of(way.morag, f"submissions/{way.audit}")
    assert all("view" not in words for words in words_of(way.lena, f"audits/{way.audit}"))


def text_of(data: bytes) -> str:
    from io import BytesIO
    from zipfile import ZipFile

    if not data.startswith(b"PK"):
        return data.decode()
    with ZipFile(BytesIO(data)) as files:
        return "".join(files.read(name).decode(errors="replace") for name in files.namelist())


# The decision


def test_an_award_is_given_with_a_number_a_certificate_and_a_letter(way: Deciding):
    award = way.award(shown=True, listed=True)

    told = way.told()
    assert (told["stage"], told["decision"]["outcome"], award["state"]) == ("awarded", "awarded", "valid")
    assert award["until"] == f"{int(award['decided_on'][:4]) + 3}{award['decided_on'][4:]}"
    letter = told["decision"]["letter"]
    assert award["number"] in letter and REASONS in letter and "To the team of Rowan ward" in letter
    assert "All 10 shown." in letter and "You have checked the facts" in letter and "{" not in letter
    with way.scene.app.app_context():
        row = db.session.get(Award, award["number"])
        assert (row.listed, row.holder) == (True, "Rowan ward")
        assert db.session.scalar(db.select(Issued.current).filter_by(award_number=row.number))
        assert db.session.scalar(db.select(Panel.closed_at).filter_by(audit_id=way.audit)) is not None
    anybody = way.scene.app.test_client()
    assert anybody.get(f"/check/{award['number']}.json").status_code == 200
    assert award["number"] in anybody.get("/register").get_data(as_text=True)
    assert f"Pia recorded the panel’s decision: awarded: “{REASONS}”" in words_of(way.lena, f"audits/{way.audit}")
    assert faults(way) == []


def test_the_rules_own_verdict_stands_beside_the_decision_and_one_against_it_is_published(way: Deciding):
    way.bring(listed=True)
    way.sit()

    assert problem(way.decide(against_rule=None)) == "against-the-rule"
    assert way.decide(against_rule="The fire took the records.")["verdict"] == "applied"

    [decision] = way.dossier(way.pia).json["decisions"]
    assert (decision["rule_says"], decision["against_rule"]) == ("open", "The fire took the records.")
    assert way.told()["decision"]["against_rule"] == "The fire took the records."
    page = way.scene.app.test_client().get(f"/register/{way.told()['award']['number']}").get_data(as_text=True)
    assert "The fire took the records." in page and REASONS not in page
    assert faults(way) == []


@pytest.mark.parametrize("outcome", ["deferred", "not-awarded"])
def test_not_giving_what_the_rule_gives_needs_a_reason_too(way: Deciding, outcome: str):
    way.bring(shown=True)
    way.sit()

    assert problem(way.decide(outcome, against_rule=None)) == "against-the-rule"
    assert way.decide(outcome, against_rule="We saw a locked door.")["verdict"] == "applied"
    assert way.told()["decision"]["against_rule"] == "We saw a locked door."


def test_a_reason_against_the_rule_belongs_only_where_it_is_against_it(way: Deciding):
    way.bring()
    way.sit()

    assert problem(way.decide("not-awarded", against_rule="We are sorry")) == "as-the-rule-says"


def test_the_site_has_fourteen_days_for_the_facts_unless_it_says_earlier_that_they_are_right(way: Deciding):
    way.bring(checked=False)
    way.sit()
    assert problem(way.decide()) == "facts-not-checked"
    assert way.told()["facts_by"] == way.dossier(way.pia).json["facts"]["until"] == days_on(14)

    way.time_passes(13)
    assert problem(way.decide()) == "facts-not-checked"
    way.time_passes(1)

    assert way.decide()["verdict"] == "applied"


def test_a_letter_is_drafted_in_both_languages_and_goes_out_as_it_was_edited(way: Deciding):
    way.bring()
    way.sit()
    english = way.dossier(way.pia).json["letters"]
    welsh = way.dossier(way.pia, language="cy").json["letters"]

    assert set(english) == set(welsh) == {"awarded", "deferred", "not-awarded"}
    assert "{due}" in english["deferred"] and "Places that Enable" in english["deferred"]
    assert welsh["deferred"].startswith("At dîm Rowan ward")
    assert way.dossier(way.morag).json["letters"] is None
    edited = "Dear all, {reasons} Please look at {criteria} by {due}. {unknown} {"
    way.decide("deferred", letter=edited, criteria=["involvement-1", "safety-2", "safety-1"])

    letter = way.told()["decision"]["letter"]
    assert letter.startswith(f"Dear all, {REASONS} Please look at 2.1, 2.2 and 3.1 by ")
    assert letter.endswith("{unknown} {")
    assert way.told()["decision"]["criteria"] == ["safety-1", "safety-2", "involvement-1"]


def test_a_letter_that_is_not_edited_goes_out_in_the_language_that_was_asked_for(way: Deciding):
    way.bring()
    way.sit()

    way.decide(language="cy")

    assert "Rydym yn falch" in way.told()["decision"]["letter"]


def test_a_deferral_lets_in_what_answers_it_and_an_appeal_keeps_it_out_meanwhile(way: Deciding):
    way.bring()
    way.sit(outcome="deferred")
    shown = {"evidence": new_id(), "kind": "observation", "caption": "A quiet room", "criteria": ["safety-1"]}
    assert way.amina.verdicts(way.audit, [operation("evidence.add", shown)]) == ["kept"]
    assert way.decide("deferred")["verdict"] == "applied"

    again = operation("evidence.add", shown | {"evidence": new_id()})
    assert way.amina.verdicts(way.audit, [again, finding(3), finding(3, "safety-2")]) == ["applied", "applied", "kept"]
    assert way.lena.do(way.audit, "appeal.lodge", {"grounds": "It was shown."})["verdict"] == "applied"
    third = operation("evidence.add", shown | {"evidence": new_id()})
    assert way.amina.verdicts(way.audit, [third, finding(2)]) == ["kept", "kept"], "others look at what is there"
    assert faults(way) == []
    way.sit(way.paula, way.priya, outcome="dismissed")
    dismissing = {"outcome": "dismissed", "reasons": "It was not."}
    assert way.paula.do(way.stream, "appeal.decide", dismissing)["verdict"] == "applied"
    fourth = operation("evidence.add", shown | {"evidence": new_id(), "kind": "document", "where": "Office"})
    assert way.amina.verdicts(way.audit, [fourth, finding(1)]) == ["applied", "applied"], "the deferral stands again"
    picture, gone = a_photo("white"), a_photo("black")
    for taken in (picture, gone):
        photo = {"evidence": new_id(), "kind": "photo", "caption": "The new door", "criteria": ["safety-1"]}
        adding = operation("evidence.add", photo | {"sha256": sha256(taken), "nobody": True})
        assert way.amina.verdicts(way.audit, [adding]) == ["applied"]
    address = f"/api/audits/{way.audit}/photos/{sha256(picture)}"
    assert way.amina.client.put(address, data=picture, headers=OURS).json["here"]
    answering = {"text": "Done.", "answers": [{"criterion": "safety-1", "text": "We made one."}]}
    assert way.lena.do(way.audit, "deferral.answer", answering)["verdict"] == "applied"

    assert way.amina.verdicts(way.audit, [operation("evidence.add", shown | {"evidence": new_id()})]) == ["kept"]
    assert counted(way) == ["document", "observation", "photo", "photo"]
    shown = shown_for(way, way.pia, "safety-1")
    assert [one["kind"] for one in shown] == ["observation", "document", "photo", "photo"]
    assert [one["photo"] for one in shown] == [None, None, sha256(picture), None], "what is here can be seen"
    assert way.pia.get(address).mimetype == "image/jpeg"
    assert {one["photo"] for one in shown_for(way, way.morag, "safety-1")} == {None}, "who judges nothing reads of it"
    assert faults(way) == []


def test_what_a_team_agrees_anew_on_what_was_asked_is_what_the_rule_judges_for_the_next_panel(way: Deciding):
    way.show_all()
    way.agree({"agency-1": 1, "agency-2": 1})
    way.bring()
    way.sit(outcome="deferred")
    asked = ["agency-1", "agency-2", "agency-3"]
    assert way.decide("deferred", criteria=asked)["verdict"] == "applied"
    assert way.dossier(way.pia).json["rule"]["state"] == "not-yet"
    group = new_id()
    group_of_night = {"contributor": group, "voice": "resident", "label": "Those who are up at night"}
    said = [operation("contributor.add", group_of_night)]
    said += [operation("answer.rate", {"contributor": group, "criterion": id, "rating": 3}) for id in asked]
    said += [operation("answer.comment", {"contributor": group, "criterion": id, "text": "Since May."}) for id in asked]
    way.agree({"agency-1": 2, "agency-2": 2})
    account = {"criterion": "agency-1", "shows": "A list hangs by the door.", "helps": "", "hinders": ""}
    assert set(way.amina.verdicts(way.audit, [*said, operation("finding.account", account)])) == {"applied"}
    beside = {"contributor": group, "criterion": "safety-1"}
    others = [operation("answer.rate", {**beside, "rating": 0}), operation("answer.comment", {**beside, "text": "No."})]
    others += [finding(0, "safety-1"), operation("finding.account", account | {"criterion": "safety-1"})]
    others += [operation("contributor.add", group_of_night | {"voice": "staff"})]
    others += [operation("contributor.withdraw", {"contributor": group})]
    assert set(way.amina.verdicts(way.audit, others)) == {"kept"}, "the rest stays as it was judged"
    answers = [{"criterion": id, "text": "We asked everybody."} for id in asked]
    assert way.lena.do(way.audit, "deferral.answer", {"text": "We did.", "answers": answers})["verdict"] == "applied"

    assert way.amina.verdicts(way.audit, [finding(3, "agency-1")]) == ["kept"], "it is sealed again"
    told = way.dossier(way.pia).json
    assert told["rule"]["state"] == "shown"
    found = told["decisions"][0]["found"]
    assert found["agency-1"] == {"rating": 2, "reason": None, "anew": True}
    assert found["agency-3"] == {"rating": 2, "reason": None, "anew": False}
    way.sit()
    way.shown = True
    assert way.decide("awarded")["verdict"] == "applied", "nobody has to say why otherwise than the rule"
    assert way.told()["award"]["state"] == "valid"
    assert faults(way) == []


def shown_for(way: Deciding, phone: Phone, criterion: str) -> list[dict]:
    """What somebody at the body reads of what shows a criterion that a deferral asked for."""
    deferral = next(one for one in way.dossier(phone).json["decisions"] if one["outcome"] == "deferred")
    return deferral["shown"][criterion]


def counted(way: Deciding) -> list[str]:
    """The kinds of all evidence that counts in the audit."""
    registers = way.lena.get(f"/api/audits/{way.audit}").json["registers"]
    return sorted(writes[0]["value"]["kind"] for name, writes in registers.items() if name.endswith("/details"))


def test_a_decision_names_criteria_of_the_edition_and_a_day_to_come(way: Deciding):
    way.bring()
    way.sit()

    assert problem(way.decide("deferred", criteria=["no-such-1"])) == "criterion-unknown"
    assert problem(way.decide("deferred", due=days_on(0))) == "what-and-when-missing"
    assert problem(way.decide("deferred", criteria=[])) == "what-and-when-missing"
    assert problem(way.decide("not-awarded", due=days_on(9))) == "operation-malformed"
    assert problem(way.decide("not-awarded", letter="{reasons}" * 2000)) == "letter-too-long"
    assert way.told()["stage"] == "released" and faults(way) == []


def test_fifty_who_decide_at_once_decide_once(way: Deciding):
    way.bring()
    way.sit()
    phones = [way.scene.phone_of(name) for name in ("Pia", "Peter") for _ in range(25)]
    outcomes = ["awarded", "not-awarded"] * 25

    with ThreadPoolExecutor(50) as threads:
        came = [
            one.result() for one in [threads.submit(way.decide, *each) for each in zip(outcomes, phones, strict=True)]
        ]

    assert sorted(one["verdict"] for one in came) == ["applied"] + ["refused"] * 49
    assert {problem(one) for one in came if one["verdict"] == "refused"} == {"not-at-this-stage"}
    with way.scene.app.app_context():
        decided = list(db.session.scalars(db.select(Decision)))
        given = db.session.scalar(db.select(db.func.count()).select_from(Award))
    assert len(decided) == 1 and given == (decided[0].outcome == "awarded")
    assert faults(way) == []


# Deferred


def test_a_deferral_says_what_and_when_and_its_answer_goes_back_to_a_panel(way: Deciding):
    way.bring()
    way.sit(outcome="deferred")
    way.decide("deferred", criteria=["safety-1", "safety-2"])
    told = way.told()
    assert (told["stage"], told["decision"]["criteria"]) == ("deferred", ["safety-1", "safety-2"])
    assert (told["decision"]["due"], told["appeal_by"]) == (days_on(60), days_on(56))
    some = [{"criterion": "safety-1", "text": "There is a rota now."}]
    every = [*some, {"criterion": "safety-2", "text": "The door is mended."}]
    answer = {"text": "We did this.", "answers": every}

    for answers in (some, [*every, *some], [*every, {"criterion": "safety-3", "text": "And this."}], []):
        assert problem(way.lena.do(way.audit, "deferral.answer", answer | {"answers": answers})) == "answer-each"
    assert problem(way.amina.do(way.audit, "deferral.answer", answer)) == "not-allowed"
    assert way.lena.do(way.audit, "deferral.answer", answer)["verdict"] == "applied"

    assert way.told()["decision"]["answer"] == answer
    assert problem(way.lena.do(way.audit, "deferral.answer", answer)) == "not-at-this-stage"
    assert way.dossier(way.morag).json["decisions"][0]["answer"] == answer
    assert problem(way.decide()) == "not-on-panel", "a panel decides once"
    way.sit()
    assert way.decide()["verdict"] == "applied"
    assert [one["outcome"] for one in way.dossier(way.pia).json["decisions"]] == ["deferred", "awarded"]
    assert faults(way) == []


# What becomes of an award


def test_an_award_is_looked_at_again_from_its_fifteenth_month_and_lapses_by_itself(way: Deciding):
    award = way.award()
    assert problem(way.asa.do(way.stream, "interim.review", {"says": "All is well."})) == "too-early"
    way.time_passes(470)

    assert problem(way.andrew.do(way.stream, "interim.review", {"says": "All is well."})) == "interests-first"
    assert way.asa.do(way.stream, "interim.review", {"says": "All is well."})["verdict"] == "applied"

    shown = way.dossier(way.morag).json["award"]
    assert [(one["by"]["name"], one["says"]) for one in shown["reviews"]] == [("Asa", "All is well.")]
    assert "Asa looked at the award again: “All is well.”" in words_of(way.lena, f"audits/{way.audit}")
    assert faults(way) == []
    way.time_passes(700)
    assert (way.told()["award"]["state"], way.told()["award"]["number"]) == ("expired", award["number"])
    assert problem(way.convene()) == problem(way.asa.do(way.stream, "interim.review", {"says": "?"})) == "award-lapsed"


def test_an_award_is_suspended_restored_suspended_and_withdrawn_by_panels_alone(way: Deciding):
    number = way.award(listed=True)["number"]
    anybody = way.scene.app.test_client()

    def check() -> str:
        return anybody.get(f"/check/{number}.json").json["state"]

    assert problem(way.pia.do(way.stream, "award.suspend", {"reasons": "?"})) == "not-on-panel"
    for verb, state in (
        ("award.suspend", "suspended"),
        ("award.restore", "valid"),
        ("award.suspend", "suspended"),
        ("award.withdraw", "withdrawn"),
    ):
        assert way.turn(verb)["verdict"] == "applied"
        assert way.told()["award"]["state"] == check() == state
        assert faults(way) == []
    assert "For these reasons." in way.told()["decision"]["letter"]
    assert problem(way.convene()) == "not-at-this-stage"
    assert [words for words in words_of(way.lena, f"audits/{way.audit}") if "award" in words][-2:] == [
        "Pia suspended the award for the panel: “For these reasons.”",
        "Pia withdrew the award for the panel: “For these reasons.”",
    ]


def test_the_award_of_a_later_audit_takes_the_place_of_the_earlier_one(way: Deciding):
    first, audit, stream = way.award()["number"], way.audit, way.stream
    way.again()

    second = way.award()["number"]

    way.audit, way.stream = audit, stream
    assert way.told()["stage"] == "renewed"
    assert (way.told()["award"]["state"], way.told()["award"]["replaced_by"]) == ("superseded", second)
    assert words_of(way.lena, f"audits/{audit}")[-1] == f"Pia recorded that the award {second} comes after this one"
    assert words_of(way.morag, f"submissions/{audit}")[-1].endswith("comes after this one")
    checked = way.scene.app.test_client().get(f"/check/{first}.json").json
    assert checked["state"] == "superseded"
    assert faults(way) == []


def test_an_award_that_was_suspended_when_the_next_was_given_gives_way_when_it_is_restored(way: Deciding):
    way.award()
    way.turn("award.suspend")
    audit, stream = way.audit, way.stream
    way.again()
    second = way.award()["number"]
    way.audit, way.stream = audit, stream
    assert way.told()["award"]["state"] == "suspended"

    way.turn("award.restore")

    assert (way.told()["stage"], way.told()["award"]["replaced_by"]) == ("renewed", second)
    assert faults(way) == []


def test_two_audits_of_one_place_that_are_awarded_at_once_leave_one_award_standing(way: Deciding):
    ways = []
    for _ in range(4):
        way.bring()
        way.sit()
        ways.append((way.audit, way.stream))
        way.again()
    phones = [way.scene.phone_of("Pia") for _ in ways]
    payload = {"outcome": "awarded", "reasons": REASONS, "against_rule": AGAINST}

    with ThreadPoolExecutor(len(ways)) as threads:
        asked = [
            threads.submit(phone.do, stream, "panel.decide", payload)
            for phone, (_, stream) in zip(phones, ways, strict=True)
        ]
        assert [one.result()["verdict"] for one in asked] == ["applied"] * len(ways)

    home = {audit["id"]: audit["submission"] for audit in way.lena.get("/api/home").json["audits"]}
    assert sorted(home[audit]["award"]["state"] for audit, _ in ways) == ["superseded"] * (len(ways) - 1) + ["valid"]
    assert faults(way) == []


def test_whoever_decided_on_a_later_award_by_another_checklist_sees_whose_place_it_may_take(way: Deciding):
    number, audit, stream = way.award()["number"], way.audit, way.stream
    with way.scene.app.app_context():
        db.session.get(Award, number).checklist = "ten-minute-look"
        db.session.commit()
    way.again()
    later = way.award()["number"]
    assert way.told()["award"]["state"] == "valid", "by itself it takes no place"

    [earlier] = way.dossier(way.peter).json["earlier"]

    assert (earlier["number"], earlier["checklist"], earlier["stream"]) == (number, "Ten-minute look", stream)
    assert way.dossier(way.asa).json["earlier"] == []
    assert way.peter.do(stream, "award.renew", {"replaced_by": later})["verdict"] == "applied"
    assert way.dossier(way.peter).json["earlier"] == []
    way.audit = audit
    assert (way.told()["award"]["state"], way.told()["award"]["replaced_by"]) == ("superseded", later)
    assert faults(way) == []


def test_a_renewal_by_hand_names_an_award_that_comes_after(way: Deciding):
    number = way.award()["number"]

    for other in (number, "MIL-2026-7K3QFX"):
        assert problem(way.pia.do(way.stream, "award.renew", {"replaced_by": other})) == "nothing-replaces-it"


# Appeal


@pytest.mark.parametrize("by", ["lena", "mary"])
def test_an_appeal_against_a_refusal_is_decided_by_others_and_then_decided_anew(way: Deciding, by: str):
    way.bring()
    way.sit(outcome="not-awarded")
    way.decide("not-awarded")
    grounds = {"grounds": "Nobody asked the residents."}
    assert problem(way.amina.do(way.audit, "appeal.lodge", grounds)) == "not-allowed"

    assert getattr(way, by).do(way.audit, "appeal.lodge", grounds)["verdict"] == "applied"

    told = way.told()
    assert (told["stage"], told["appeal"]["outcome"]) == ("appealed", None)
    assert told["appeal"]["grounds"] == "Nobody asked the residents."
    assert problem(way.convene()) == problem(way.convene(way.pia, way.paula)) == "decided-before"
    candidates = {one["name"]: one["why"] for one in way.dossier(way.morag).json["candidates"]}
    assert candidates == {"Paula": None, "Peter": "decided-before", "Pia": "decided-before", "Priya": None}
    assert way.turn("appeal.decide", way.paula, way.priya, outcome="upheld")["verdict"] == "applied"
    assert (way.told()["stage"], way.told()["appeal"]["outcome"]) == ("released", "upheld")
    assert problem(way.convene()) == "decided-before", "the decision is taken anew by others"
    way.sit(way.paula, way.priya)
    assert way.decide(by=way.paula)["verdict"] == "applied"
    assert faults(way) == []


def test_an_appeal_against_a_withdrawal_that_is_upheld_gives_the_award_back(way: Deciding):
    number = way.award()["number"]
    way.turn("award.withdraw")
    way.lena.do(way.audit, "appeal.lodge", {"grounds": "It was another ward."})
    assert way.told()["award"]["state"] == "withdrawn", "an appeal changes nothing until it is decided"

    way.turn("appeal.decide", way.paula, way.priya, outcome="upheld")

    assert (way.told()["stage"], way.told()["award"]["state"]) == ("awarded", "valid")
    checked = way.scene.app.test_client().get(f"/check/{number}.json").json
    assert checked["state"] == "valid"
    assert faults(way) == []


def test_an_appeal_dissolves_the_panel_that_was_about_to_decide(way: Deciding):
    way.award()
    way.turn("award.suspend")
    way.sit(outcome="restored")

    way.lena.do(way.audit, "appeal.lodge", {"grounds": "It was another ward."})

    assert way.dossier(way.morag).json["panel"] is None
    outcome = way.pia.do(way.stream, "appeal.decide", {"outcome": "dismissed", "reasons": "We know better."})
    assert problem(outcome) == "not-on-panel"
    assert faults(way) == []


def test_an_appeal_that_is_dismissed_leaves_all_as_it_was(way: Deciding):
    way.bring()
    way.sit(outcome="deferred")
    way.decide("deferred")
    way.lena.do(way.audit, "appeal.lodge", {"grounds": "It is there."})

    way.turn("appeal.decide", way.paula, way.priya, outcome="dismissed")

    assert (way.told()["stage"], way.told()["appeal"]["outcome"]) == ("deferred", "dismissed")
    answer = {"text": "Then here.", "answers": [{"criterion": "safety-1", "text": "A rota."}]}
    assert way.lena.do(way.audit, "deferral.answer", answer)["verdict"] == "applied"
    assert faults(way) == []


def test_an_appeal_is_lodged_within_eight_weeks(way: Deciding):
    way.bring()
    way.sit()
    way.decide("not-awarded")
    way.time_passes(56)
    assert way.told()["appeal_by"] == days_on(0)
    way.time_passes(1)

    assert way.told()["appeal_by"] is None
    assert problem(way.lena.do(way.audit, "appeal.lodge", {"grounds": "Late."})) == "too-late"


# The register, by consent


def test_a_lead_says_at_any_time_whether_the_register_names_the_setting(way: Deciding):
    assert problem(way.lena.do(way.audit, "register.consent", {"listed": True})) == "not-found"
    number = way.award()["number"]
    anybody = way.scene.app.test_client()
    assert number not in anybody.get("/register").get_data(as_text=True)
    assert problem(way.amina.do(way.audit, "register.consent", {"listed": True})) == "not-allowed"

    assert way.lena.do(way.audit, "register.consent", {"listed": True})["verdict"] == "applied"
    assert number in anybody.get("/register").get_data(as_text=True) and way.told()["listed"]
    assert way.lena.do(way.audit, "register.consent", {"listed": False})["verdict"] == "applied"

    assert number not in anybody.get("/register").get_data(as_text=True)
    assert "Lena asked that the public register does not name the setting" in words_of(way.lena, f"audits/{way.audit}")


# Who waits for whom


def waits(way: Deciding, phone) -> list[str]:
    """What the queue says, each as: whose turn (a star where it is one's own), what, who else of them."""
    [row] = [one for one in way.waiting(phone) if one["audit"] == way.audit]
    return [
        " ".join([f"{'*' * one['yours']}{one['of']}", one["what"], *one["people"], *([one["by"]] if one["by"] else [])])
        for one in row["waits"]
    ]


def test_the_queue_says_truly_what_waits_for_whom_and_what_is_next(way: Deciding):
    way.submit()
    assert waits(way, way.morag) == ["*manager take"]
    way.stream = way.take()
    assert waits(way, way.morag) == ["*manager assign"]
    assigned = way.assign(way.asa)
    way.assign(way.andrew, blinded=True)
    assert waits(way, way.morag) == ["assessor declare Asa", "assessor declare Andrew"]
    way.declare(way.asa, way.stream)
    way.declare(way.andrew, way.stream)
    assert waits(way, way.morag) == ["assessor assess Asa", "assessor assess Andrew"]
    assert waits(way, way.asa) == ["*assessor assess"]
    way.release(assigned)

    until = days_on(14)
    assert waits(way, way.morag) == ["*manager convene", f"team facts {until}", "assessor assess Andrew"]
    assert waits(way, way.asa) == [f"team facts {until}"]
    assert waits(way, way.andrew) == ["*assessor assess"], "of what others do a blinded assessor learns nothing"
    way.declare(way.andrew, way.stream, "conflict")
    way.convene()
    assert waits(way, way.morag) == ["panel declare Peter Pia", f"team facts {until}"]
    way.declare(way.pia, way.stream)
    way.say(way.pia)
    assert waits(way, way.pia) == ["panel declare Peter", f"team facts {until}"]
    way.declare(way.peter, way.stream)
    assert waits(way, way.peter)[0] == "*panel view"
    way.say(way.peter)
    assert waits(way, way.morag) == [f"team facts {until}"]
    way.lena.do(way.audit, "report.correct", {"corrections": []})
    assert (waits(way, way.morag), waits(way, way.pia)) == (["panel decide Peter Pia"], ["*panel decide Peter"])
    way.decide("deferred")
    assert waits(way, way.morag) == waits(way, way.pia) == [f"team deferral {days_on(60)}"]
    answer = {"text": "Done.", "answers": [{"criterion": "safety-1", "text": "A rota."}]}
    way.lena.do(way.audit, "deferral.answer", answer)
    assert waits(way, way.morag) == ["*manager convene"]
    way.sit()
    way.scene.end_grants(me(way.pia))
    assert waits(way, way.morag) == ["panel decide Peter Pia"], "what she said counts"
    way.convene(way.peter, way.paula)
    way.scene.end_grants(me(way.paula))
    assert waits(way, way.morag) == ["*manager convene"], "she cannot say her view any more"
    way.convene(way.peter, way.priya)
    for member in (way.peter, way.priya):
        way.declare(member, way.stream)
        way.say(member)
    assert way.decide(by=way.peter)["verdict"] == "applied"

    by = way.told()["award"]["interim_by"]
    assert waits(way, way.morag) == [f"assessor interim Asa {by}"]
    assert waits(way, way.peter) == [], "who decided goes on seeing it"
    assert not [one for one in way.waiting(way.paula) if one["audit"] == way.audit]
    way.time_passes(480)
    [mine] = way.waiting(way.asa)[0]["waits"]
    assert mine["yours"] and mine["opens"] < days_on(0) < mine["by"]
    way.asa.do(way.stream, "interim.review", {"says": "All is well."})
    assert waits(way, way.morag) == []
    way.convene(way.peter, way.priya)
    assert waits(way, way.peter) == ["*panel view Priya"]
    for member in (way.peter, way.priya):
        way.say(member, "suspended")
    way.peter.do(way.stream, "award.suspend", {"reasons": "It burnt down."})
    assert waits(way, way.morag) == ["*manager convene-suspended"]
    way.lena.do(way.audit, "appeal.lodge", {"grounds": "It did not."})
    assert waits(way, way.morag) == ["*manager convene-appealed"]


def test_a_panel_that_changes_nothing_says_so_and_sits_no_more(way: Deciding):
    number = way.award(listed=True)["number"]
    for verb, state in (("award.keep", "valid"), ("award.suspend", "suspended"), ("award.keep", "suspended")):
        assert way.turn(verb)["verdict"] == "applied"
        assert way.told()["award"]["state"] == state
        assert way.dossier(way.morag).json["panel"] is None
        assert not [wait for wait in waits(way, way.pia) if "decide" in wait]
        assert faults(way) == []

    assert way.told()["decision"]["letter"].count("leaves it as it is") == 1
    assert [one["what"] for one in way.told()["happened"]][-3:] == ["no-change", "suspended", "no-change"]
    assert words_of(way.lena, f"audits/{way.audit}")[-1] == (
        "Pia recorded that the award stays as it is: “For these reasons.”"
    )
    published = way.scene.app.test_client().get(f"/register/{number}.json").json["history"]
    assert [one["what"] for one in published] == ["awarded", "suspended"], "that a panel sat is nobody else’s business"


def test_members_who_held_otherwise_may_still_come_to_leave_an_award_as_it_is(way: Deciding):
    way.award()
    way.sit(outcome="suspended")

    assert way.pia.do(way.stream, "award.keep", {"reasons": "We talked it through."})["verdict"] == "applied"
    assert way.told()["stage"] == "awarded"


def test_where_whoever_assessed_it_is_gone_another_is_asked_to_look_at_the_award_again(way: Deciding):
    way.award()
    way.scene.end_grants(me(way.asa))
    by = way.told()["award"]["interim_by"]
    assert waits(way, way.morag) == [f"*manager assign-interim {by}"]
    way.time_passes(480)

    way.assign(way.andrew)

    by = way.told()["award"]["interim_by"]
    assert (waits(way, way.morag), waits(way, way.andrew)) == (
        [f"assessor declare Andrew {by}"],
        [f"*assessor declare {by}"],
    )
    way.declare(way.andrew, way.stream)
    assert waits(way, way.andrew) == [f"*assessor interim {by}"]
    assert way.dossier(way.andrew).status_code == 200
    assert way.andrew.get(f"/api/audits/{way.audit}/assessment-report").status_code == 200
    assert way.andrew.do(way.stream, "interim.review", {"says": "All is well."})["verdict"] == "applied"
    assert waits(way, way.morag) == [] and faults(way) == []


def test_an_award_that_has_run_out_waits_for_nobody_and_nobody_is_asked_to_sit_on_it(way: Deciding):
    way.award()
    assert way.dossier(way.morag).json["candidates"]
    way.time_passes(1200)

    assert waits(way, way.morag) == []
    assert way.dossier(way.morag).json["candidates"] is None


# What the site is told of each step


def test_each_step_is_told_to_the_site_with_its_day_and_nobody_of_the_panel(way: Deciding):
    way.bring()
    way.sit(outcome="deferred")
    way.decide("deferred")
    answer = {"text": "Done.", "answers": [{"criterion": "safety-1", "text": "A rota."}]}
    way.lena.do(way.audit, "deferral.answer", answer)
    way.sit()
    way.decide()
    way.time_passes(480)
    way.asa.do(way.stream, "interim.review", {"says": "All is well."})
    way.turn("award.withdraw")
    way.lena.do(way.audit, "appeal.lodge", {"grounds": "It was another ward."})
    way.turn("appeal.decide", way.paula, way.priya, outcome="upheld")

    told = way.told()["happened"]

    assert [(one["what"], one["by"] and one["by"]["name"]) for one in told] == [
        ("handed-in", "Lena"),
        ("ready", None),
        ("visited", None),
        ("released", "Asa"),
        ("checked", "Lena"),
        ("deferred", None),
        ("answered-panel", None),
        ("awarded", None),
        ("looked-at", "Asa"),
        ("withdrawn", None),
        ("appealed", "Lena"),
        ("upheld", None),
    ]
    days = {one["what"]: one["on"] for one in told}
    assert (days["visited"], days["deferred"], days["upheld"]) == ("2026-11-20", days_on(-480), days_on(0))


def test_before_the_report_is_out_the_site_learns_days_and_no_name_of_who_assesses(way: Deciding):
    assigned = way.started()
    blinded = way.started(way.andrew, blinded=True)
    for one in (blinded, assigned):
        way.judge(one)
        one.phone.do(one.id, "assessment.report", {"outcome": "ready", "points": []})

    told = way.told()["happened"]

    assert [(one["what"], one["by"] and one["by"]["name"]) for one in told] == [("handed-in", "Lena"), ("ready", None)]


def test_an_award_that_another_took_the_place_of_says_which_and_since_when(way: Deciding):
    way.award()
    audit = way.audit
    way.again()
    later = way.award()
    way.audit = audit

    last = way.told()["happened"][-1]

    assert (last["what"], last["number"], last["on"]) == ("replaced", later["number"], later["decided_on"])


# Who reads the dossier


def test_whoever_decided_goes_on_reading_what_they_decided_on_and_changes_nothing_in_it(way: Deciding):
    way.bring()
    way.sit()
    way.convene(way.pia, way.priya)
    for member in (way.pia, way.priya):
        way.declare(member, way.stream)
        way.say(member)
    way.decide()

    def reads(phone) -> list[int]:
        addresses = (f"submissions/{way.audit}", f"audits/{way.audit}", f"audits/{way.audit}/assessment-report")
        return [phone.get(f"/api/{address}").status_code for address in addresses]

    assert reads(way.pia) == reads(way.priya) == [200, 200, 200]
    assert reads(way.peter)[1:] == [404, 404], "he sat, and others decided"
    assert [one["audit"] for one in way.waiting(way.priya)] == [way.audit]
    assert way.waiting(way.peter) == []
    assert problem(way.say(way.pia, "suspended")) == "not-on-panel"
    way.turn("award.withdraw", way.paula, way.priya)
    way.lena.do(way.audit, "appeal.lodge", {"grounds": "It was another ward."})
    way.convene(way.scene.phone("Percy", "panel", way.body), way.scene.phone("Petra", "panel", way.body))
    assert reads(way.pia) == [200, 200, 200]
    assert way.dossier(way.pia).json["panel"] is None, "who decides the appeal is not for those it is about"
    way.declare(way.pia, way.stream, "conflict")
    assert way.pia.get(f"/api/audits/{way.audit}").status_code == 404


def test_a_body_sees_its_own_submissions_alone_and_the_site_sees_none(way: Deciding):
    elsewhere = way.scene.awarding_body("Somebody else’s awards")
    others = [way.scene.phone(f"Other {role}", role, elsewhere) for role in ("manager", "panel", "assessor")]
    way.bring()
    way.sit()

    for phone in (*others, way.lena, way.amina, way.mary, way.paula, way.andrew):
        assert way.dossier(phone).status_code == 404
    assert [way.dossier(phone).json["parts"] for phone in (way.morag, way.pia, way.asa)] == [
        ["manager"],
        ["panel"],
        ["assessor"],
    ]
    assert way.dossier(way.pia).json["rule"]["state"] == "open" and way.dossier(way.morag).json["rule"] is None


def test_a_dossier_is_sent_once_until_something_is_new(way: Deciding):
    way.bring()
    way.sit()
    first = way.dossier(way.pia)
    asked = {"headers": {"If-None-Match": first.headers["ETag"]}}

    assert way.pia.get(f"/api/submissions/{way.audit}", **asked).status_code == 304
    way.decide()
    assert way.pia.get(f"/api/submissions/{way.audit}", **asked).status_code == 200

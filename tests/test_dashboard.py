"""Ten minutes before a meeting: what a manager is told of the settings they answer for, and what they are not."""

import json
import shutil
from datetime import timedelta
from itertools import combinations
from statistics import fmean

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from audit_app.access import MAY, ROLES
from audit_app.accounts.models import Person
from audit_app.audits.agreement import alpha, kappa, quadratic
from audit_app.audits.scoring import read_classes, read_principle, score, share
from audit_app.checklists.library import Library, publish
from audit_app.dashboard import changing, hearing, standing
from audit_app.dashboard.asking import Asked
from audit_app.db import db, new_id, now
from audit_app.ledger.kinds import KINDS
from audit_app.ledger.models import Stream
from audit_app.ledger.perform import perform
from audit_app.ledger.registers import live
from audit_app.ledger.verify import said_in, verify

from .builders import CHECKLIST, OURS, Phone, Scene, operation
from .test_checklists import FOLDER, second_edition
from .test_evidence import a_photo, sha256

FIGURES = ("settings", "gaps", "voices", "passed-on", "agreement", "coverage", "changes", "cycles", "due")
STEPS = range(4)


class Ward:
    """A setting with its lead, and audits that are filled in a line."""

    def __init__(self, scene: Scene, organisation: str, name: str = "Rowan ward", sector: str = "ward"):
        self.id = scene.site(organisation, name, sector)
        self.phone = scene.phone(f"Lead of {name}", "lead", organisation, self.id)

    def audit(self, edition: int = 1, checklist: str = CHECKLIST, track: str = "development") -> str:
        opening = {"site": self.id, "checklist": checklist, "edition": edition, "track": track}
        return self.say(new_id(), ("audit.open", opening))

    def say(self, audit: str, *said: tuple[str, dict]) -> str:
        """Hand in what is said by somebody who has seen all that stands."""
        batch, written = [], {}
        if said[0][0] != "audit.open":
            registers = self.phone.get(f"/api/audits/{audit}").json["registers"]
            written = {register: [write["id"] for write in writes] for register, writes in registers.items()}
        for kind, payload in said:
            registers = KINDS[kind].act(payload)
            seen = sorted({id for register in registers for id in written.get(register, [])})
            batch.append(operation(kind, payload, seen=seen))
            written |= {register: [batch[-1]["id"]] for register in registers}
        assert set(self.phone.verdicts(audit, batch)) == {"applied"}
        return audit

    def speak(self, audit: str, voice: str, **ratings: int) -> str:
        """Somebody rates criteria (`safety_1=2`); their id."""
        speaker = new_id()
        told = [("contributor.add", {"contributor": speaker, "voice": voice, "label": voice})]
        for name, rating in ratings.items():
            said = {"contributor": speaker, "criterion": name.replace("_", "-"), "rating": rating}
            told.append(("answer.rate", said))
        self.say(audit, *told)
        return speaker

    def agree(self, audit: str, principle: str, *ratings: int | None) -> None:
        """Findings of the first criteria of a principle; None: does not apply."""
        self.say(
            audit,
            *[
                ("finding.agree", {"criterion": f"{principle}-{n}", "rating": rating} | NONE.get(rating, {}))
                for n, rating in enumerate(ratings, 1)
            ],
        )

    def show(self, audit: str, kind: str, *criteria: str, **more) -> None:
        item = {"evidence": new_id(), "kind": kind, "caption": "Seen", "criteria": list(criteria)}
        self.say(audit, ("evidence.add", item | more))


NONE = {None: {"reason": "There is none here."}}


@pytest.fixture
def trust(scene: Scene) -> str:
    return scene.organisation()


@pytest.fixture
def mona(scene: Scene, trust: str) -> Phone:
    return scene.phone("Mona", "manager", trust)


def told(phone: Phone, figure: str, **asked) -> dict:
    reply = phone.client.get(f"/api/dashboard/{figure}", query_string=asked)
    assert reply.status_code == 200, reply.get_data(as_text=True)
    return reply.json


def cell(mona: Phone, principle: str, **asked) -> dict:
    [setting] = told(mona, "settings", **asked)["settings"]
    return next(one for one in setting["audit"]["headings"] if one["heading"] == principle)


# settings side by side


def test_a_principle_is_shown_once_four_of_five_hold_two_kinds_show_it_and_a_resident_has_spoken(scene, trust, mona):
    ward = Ward(scene, trust)
    audit = ward.audit()
    ward.agree(audit, "safety", 2, 3, 2, 2)
    assert cell(mona, "safety")["state"] == "open"

    ward.agree(audit, "safety", 2, 3, 2, 2, 1)
    assert cell(mona, "safety")["lacks"] == ["kinds", "voices"]
    ward.show(audit, "observation", "safety-1")
    ward.show(audit, "count", "safety-5", count=4)
    ward.speak(audit, "resident", safety_1=2)

    assert cell(mona, "safety") == {
        "heading": "safety",
        "criteria": 5,
        "at": [0, 1, 3, 1],
        "not_applicable": 0,
        "answered": 1,
        "gap": None,
        "state": "shown",
        "lacks": [],
    }
    [setting] = told(mona, "settings")["settings"]
    assert (setting["audit"]["shown"], setting["audit"]["not_yet"]) == (1, [])
    assert len(setting["audit"]["open"]) == 9


def test_one_finding_of_not_yet_keeps_a_principle_from_being_shown_however_good_the_rest(scene, trust, mona):
    ward = Ward(scene, trust)
    audit = ward.audit()
    ward.agree(audit, "agency", 3, 3, 3, 3, 0)

    assert cell(mona, "agency")["lacks"] == ["below", "kinds", "voices"]


def test_a_photo_shows_something_once_its_picture_is_here_and_not_before(scene, trust, mona):
    ward = Ward(scene, trust)
    audit, photo = ward.audit(), a_photo()
    ward.agree(audit, "safety", 2, 2, 2, 2, 2)
    ward.speak(audit, "resident", safety_1=2)
    ward.show(audit, "observation", "safety-1")
    ward.show(audit, "photo", "safety-2", sha256=sha256(photo), nobody=True)
    assert cell(mona, "safety")["lacks"] == ["kinds"]
    assert told(mona, "settings")["settings"][0]["audit"]["not_yet"] == ["safety"]

    arrived = ward.phone.client.put(f"/api/audits/{audit}/photos/{sha256(photo)}", data=photo, headers=OURS)

    assert arrived.status_code == 200
    assert cell(mona, "safety")["state"] == "shown"
    [setting] = told(mona, "settings")["settings"]
    assert (setting["audit"]["shown"], setting["audit"]["not_yet"]) == (1, [])
    with scene.app.app_context():
        assert list(verify()) == []


def test_settings_are_by_name_and_are_ranked_only_for_whoever_asks(scene, trust, mona):
    ash, oak = Ward(scene, trust, "Ash ward"), Ward(scene, trust, "Oak ward", "hostel")
    ash.audit()
    audit = oak.audit(track="award")
    oak.agree(audit, "safety", 3, 3, 3, 3, 3)
    oak.show(audit, "observation", "safety-1")
    oak.show(audit, "count", "safety-1", count=4)
    oak.speak(audit, "resident", safety_1=0)
    oak.speak(audit, "staff", safety_1=3)

    assert names(told(mona, "settings")) == ["Ash ward", "Oak ward"]
    assert names(told(mona, "settings", order="shown")) == ["Oak ward", "Ash ward"]
    assert names(told(mona, "settings", order="gap")) == ["Oak ward", "Ash ward"]
    assert names(told(mona, "settings", sector="hostel")) == ["Oak ward"]
    assert names(told(mona, "settings", track="award")) == ["Oak ward"]
    assert names(told(mona, "settings", stage="submitted")) == []
    assert mona.get("/api/dashboard/settings?order=best").status_code == 422


def names(body: dict) -> list[str]:
    return [one["name"] for one in body["settings"]]


def test_each_lens_groups_the_same_findings(scene, trust, mona):
    ward = Ward(scene, trust)
    audit = ward.audit()
    ward.agree(audit, "boundaries", 2, 1)

    [setting] = told(mona, "settings", lens="values")["settings"]

    found = {one["heading"]: one["at"] for one in setting["audit"]["headings"]}
    assert found["boundaries"] == [0, 1, 1, 0] and found["openness"] == [0, 0, 0, 0]
    assert len(found) == 10
    assert {one["state"] for one in setting["audit"]["headings"]} == {None}


def test_a_setting_that_was_never_audited_is_there_and_due(scene, trust, mona):
    ward = scene.site(trust, "New ward")

    [setting] = told(mona, "settings")["settings"]
    [due] = told(mona, "due")["due"]

    assert (setting["id"], setting["audit"]) == (ward, None)
    assert (due["kind"], due["site"], due["days_late"]) == ("never-audited", ward, 0)


# voices


def test_voices_stand_beside_one_another_and_the_widest_gap_comes_first(scene, trust, mona):
    ward = Ward(scene, trust)
    audit = ward.audit()
    ward.speak(audit, "staff", safety_1=3, honesty_2=2)
    ward.speak(audit, "staff", safety_1=2, honesty_2=2)
    ward.speak(audit, "resident", safety_1=0, honesty_2=1)

    gaps = told(mona, "gaps")

    assert [(one["criterion"], one["gap"]) for one in gaps["gaps"]] == [("safety-1", 2.5), ("honesty-2", 1.0)]
    assert gaps["gaps"][0]["voices"] == {
        "staff": {"n": 2, "at": [0, 0, 1, 1], "not_applicable": 0, "mean": 2.5},
        "resident": {"n": 1, "at": [1, 0, 0, 0], "not_applicable": 0, "mean": 0.0},
    }
    [setting] = told(mona, "voices", site=ward.id)["settings"]
    assert setting["audit"]["contributors"] == {"staff": 2, "resident": 1}


def test_whoever_is_taken_out_of_the_count_or_changes_voice_is_counted_so_at_once(scene, trust, mona):
    ward = Ward(scene, trust)
    audit = ward.audit()
    ward.speak(audit, "staff", safety_1=3)
    speaker = ward.speak(audit, "resident", safety_1=0)
    assert told(mona, "gaps")["total"] == 1

    ward.say(audit, ("contributor.withdraw", {"contributor": speaker}))

    assert told(mona, "gaps")["total"] == 0
    with scene.app.app_context():
        assert list(verify()) == []


def test_what_is_passed_on_hides_few_people_and_what_would_give_them_away(scene, trust, mona):
    wards = [Ward(scene, trust, name) for name in ("Ash ward", "Elm ward", "Oak ward")]
    for ward, speakers in zip(wards, (2, 5, 7), strict=True):
        audit = ward.audit()
        for _ in range(speakers):
            ward.speak(audit, "resident", safety_1=2)

    passed = told(mona, "passed-on")

    shown = {one["name"]: one["principles"]["safety"]["resident"] for one in passed["settings"]}
    assert shown["Ash ward"] == shown["Elm ward"] == {"hidden": True}
    assert shown["Oak ward"]["contributors"] == 7
    assert passed["all"]["safety"]["resident"]["contributors"] == 14
    assert told(mona, "passed-on", site=wards[0].id)["settings"] == passed["settings"], (
        "a choice would be a subtraction"
    )


# agreement and coverage


def test_two_who_rate_agree_by_kappa_and_three_by_alpha(scene, trust, mona):
    ward = Ward(scene, trust)
    audit = ward.audit()
    ward.speak(audit, "staff", safety_1=3, safety_2=0, safety_3=2)
    ward.speak(audit, "staff", safety_1=3, safety_2=1, safety_3=2)
    [setting] = told(mona, "agreement")["settings"]
    assert setting["together"] == setting["voices"]["staff"]
    assert setting["together"] == {
        "measure": "kappa",
        "value": kappa([(3, 3), (0, 1), (2, 2)], quadratic),
        "n": 3,
        "raters": 2,
    }

    ward.speak(audit, "resident", safety_1=0)

    [setting] = told(mona, "agreement")["settings"]
    assert setting["together"]["measure"] == "alpha" and setting["together"]["raters"] == 3
    assert setting["apart"][0]["criterion"] == "safety-1"


def test_what_rests_on_one_person_no_resident_or_old_paper_is_named(scene, trust, mona):
    ward = Ward(scene, trust)
    audit = ward.audit()
    ward.speak(audit, "staff", safety_1=3)
    ward.show(audit, "document", "safety-1", where="Blue folder", dated="2019-05-01")

    [setting] = told(mona, "coverage")["settings"]

    [weak] = [one for one in setting["criteria"] if one["criterion"] == "safety-1"]
    assert weak["weak"] == ["one-contributor", "no-resident", "one-kind", "old-evidence"]
    assert setting["counted"]["unanswered"] == 49 and setting["answered"] == 1


# change and what is due


def test_change_is_told_where_both_audits_agreed_on_all_of_a_principle(scene, trust, mona):
    ward = Ward(scene, trust)
    first, second = ward.audit(), ward.audit()
    ward.agree(first, "safety", 1, 1, 1, 1, 1)
    ward.agree(second, "safety", 2, 2, 1, 1, None)
    ward.agree(first, "honesty", 3, 3, 3, 3, 3)
    ward.agree(second, "honesty", 1)
    item = new_id()
    planned = {"item": item, "what": "Tea", "criteria": [], "whose": "lead", "due": None, "answers": []}
    ward.say(first, ("plan.add", planned))
    ward.say(first, ("plan.settle", {"item": item, "state": "done", "outcome": "We drink it."}))

    changes = told(mona, "changes")

    [change] = changes["changes"]
    assert (change["principle"], change["change"], change["previous"]) == ("safety", 0.5, first)
    assert (changes["improved"], changes["slipped"], changes["same"]) == (1, 0, 0)
    assert [one["what"] for one in changes["settled"][0]["items"]] == ["Tea"]
    [line] = told(mona, "cycles")["settings"]
    assert [one["audit"] for one in line["cycles"]] == [first, second]


def test_change_goes_on_across_editions_by_their_stated_mapping(scene, trust, mona, tmp_path):
    slug, folder = "triple-bottom-line", tmp_path / "checklists"
    shutil.copytree(FOLDER, folder)
    one, other = 'id = "economic-1"\nfrom = ["{}"]', 'id = "social-1"\nfrom = ["{}"]'
    swapped = {
        "one": (one.format("economic-1"), one.format("social-1")),
        "other": (other.format("social-1"), other.format("economic-1")),
    }
    second_edition(folder, **swapped)
    publish(folder, slug, 2, now().date())
    scene.app.extensions["checklists"] = Library.load(folder)
    ward = Ward(scene, trust)
    first, second = ward.audit(1, slug), ward.audit(2, slug)
    ward.agree(first, "environmental", 1, 1, 1, 1)
    ward.agree(second, "environmental", 2, 2, 2, 2)
    ward.agree(first, "economic", 3, 1, 1, 1)
    ward.agree(first, "social", 0, 1, 1, 1)
    ward.agree(second, "economic", 3, 1, 1, 1)

    changes = told(mona, "changes")["changes"]

    found = {one["principle"]: (one["before"]["at"], one["change"]) for one in changes}
    assert found == {"environmental": ([0, 4, 0, 0], 1.0), "economic": ([1, 3, 0, 0], 0.75)}
    [line] = told(mona, "cycles")["settings"]
    assert line["edition"] == 2 and [one["edition"] for one in line["cycles"]] == [1, 2]
    economic = line["cycles"][0]["principles"][0]
    assert (economic["id"], economic["at"]) == ("economic", [1, 3, 0, 0])


def test_overdue_comes_first_with_whose_task_it_is(scene, trust, mona):
    ward = Ward(scene, trust)
    audit = ward.audit()
    today = now().date()
    for what, days in (("Late", -9), ("Soon", 3), ("Some day", 90)):
        due = (today + timedelta(days=days)).isoformat()
        item = {"item": new_id(), "what": what, "criteria": [], "whose": "night lead", "due": due, "answers": []}
        ward.say(audit, ("plan.add", item))

    due = told(mona, "due")

    assert [(one["what"], one["days_late"], one["whose"]) for one in due["due"]] == [
        ("Late", 9, "night lead"),
        ("Soon", 0, "night lead"),
    ]
    assert (due["overdue"], due["week"]) == (1, 1)
    [setting] = told(mona, "settings")["settings"]
    assert setting["next_due"] == (today - timedelta(days=9)).isoformat()


def test_what_is_due_goes_on_over_pages_without_a_gap_however_much_falls_on_one_day(scene, trust, mona, monkeypatch):
    monkeypatch.setattr(standing, "PAGE", 3)
    today = now().date()
    for name, late in (("Oak ward", (5, 5, 1)), ("Ash ward", (5, 9, 1, 1))):
        ward = Ward(scene, trust, name)
        audit = ward.audit()
        for days in late:
            ward.say(audit, ("plan.add", planned(new_id(), -days)))
    Ward(scene, trust, "New ward")

    pages = [told(mona, "due", after=after) for after in (0, 3, 6, 9)]

    found = [one for page in pages for one in page["due"]]
    assert [(one["days_late"], one["name"]) for one in found] == [
        (9, "Ash ward"),
        *[(5, "Ash ward"), (5, "Oak ward"), (5, "Oak ward")],
        *[(1, "Ash ward"), (1, "Ash ward"), (1, "Oak ward"), (0, "New ward")],
    ]
    assert len({one.get("item", one["site"]) for one in found}) == 8
    assert {(page["total"], page["overdue"], page["week"]) for page in pages} == {(8, 7, 1)}
    assert (today - timedelta(days=9)).isoformat() == found[0]["due"]


@pytest.mark.parametrize("figure", FIGURES)
def test_each_reply_is_what_its_description_says(scene: Scene, trust, mona, figure):
    ward = Ward(scene, trust)
    first, second = ward.audit(), ward.audit(track="award")
    for audit, rating in ((first, 1), (second, 2)):
        ward.agree(audit, "safety", *[rating] * 5)
        ward.speak(audit, "staff", safety_1=3)
        for _ in range(5):
            ward.speak(audit, "resident", safety_1=0)
    ward.say(first, ("plan.add", planned(item := new_id(), 3)), ("plan.add", planned(new_id(), -3)))
    ward.say(first, ("plan.settle", {"item": item, "state": "done", "outcome": "We drink it."}))
    ward.show(second, "observation", "safety-1")
    scene.site(trust, "New ward")

    body = told(mona, figure)

    [schema] = [
        view.speech.gives
        for name, view in scene.app.view_functions.items()
        if name == f"dashboard.show_{figure.replace('-', '_')}"
    ]
    assert body["total"] and schema().validate(body) == {}


# who may


@pytest.mark.parametrize("figure", FIGURES)
def test_a_manager_is_told_nothing_of_another_organisation_and_others_nothing_at_all(scene: Scene, trust, figure):
    other = scene.organisation("Southmoor Housing")
    own, elsewhere = Ward(scene, trust), Ward(scene, other, "Elm House", "hostel")
    for ward in (own, elsewhere):
        first, second = ward.audit(), ward.audit()
        for audit, ratings in ((first, (1, 1, 1, 1, 1)), (second, (2, 2, 2, 2, 2))):
            ward.agree(audit, "safety", *ratings)
            ward.speak(audit, "staff", safety_1=3)
            ward.speak(audit, "resident", safety_1=0)
        due = (now().date() - timedelta(days=2)).isoformat()
        item = {"item": new_id(), "what": "Tea", "criteria": [], "whose": "lead", "due": due, "answers": []}
        ward.say(second, ("plan.add", item))
    phones = {role: scene.phone(f"Person {role}", role, trust) for role in ROLES}

    for role, phone in phones.items():
        body = told(phone, figure)
        if role in MAY["dashboard.see"]:
            assert body["total"] == 1 and own.id in str(body)
            for organisation in (other, new_id()):
                assert told(phone, figure, organisation=organisation)["total"] == 0
            if figure != "passed-on":  # which hears no choice of settings
                assert told(phone, figure, site=elsewhere.id)["total"] == 0
        else:
            assert body["total"] == 0
        assert elsewhere.id not in str(body) and "Elm House" not in str(body)


@pytest.mark.parametrize("figure", FIGURES)
def test_nothing_new_costs_no_body(scene: Scene, trust, mona, figure):
    ward = Ward(scene, trust)
    ward.audit()
    first = mona.get(f"/api/dashboard/{figure}")

    again = mona.get(f"/api/dashboard/{figure}", headers={"If-None-Match": first.headers["ETag"]})

    assert again.status_code == 304


# sums


def test_sixteen_of_fifty_and_of_the_forty_five_that_apply():
    assert (share(16, 50), share(16, 45)) == (32.0, 35.56)


def test_ninety_nine_per_cent_of_the_first_class_fails_whatever_the_rest():
    needed = {"one": 100, "two": 80, "three": 60}

    assert all(read_classes(needed, {"one": (100, 100), "two": (8, 10), "three": (6, 10)}).values())
    assert read_classes(needed, {"one": (99, 100), "two": (10, 10), "three": (10, 10)}) == {
        "one": False,
        "two": True,
        "three": True,
    }


def test_nothing_that_applies_shows_nothing():
    rule = {"share": 80, "rating": 2, "none_below": 1, "evidence_kinds": 0, "voices": []}

    assert read_principle(rule, (0, 0, 0, 0), 5, 5, 3, ["resident"]).lacks == ("share",)
    assert score([], {}, {}).gap is None


# the whole of it, counted slowly

CRITERIA = [*(f"belonging-{n}" for n in range(1, 6)), "safety-1", "safety-2"]
PLACES = st.integers(0, 2)
RATED = st.fixed_dictionaries(
    {"criterion": st.sampled_from(CRITERIA), "rating": st.sampled_from([0, 1, 2, 2, 3, None])}
)
SAID = st.one_of(
    st.tuples(st.just("rate"), PLACES, RATED, st.booleans()),
    st.tuples(st.just("rate"), PLACES, RATED, st.booleans()),
    st.tuples(st.just("agree"), st.just(0), RATED, st.booleans()),
    st.tuples(st.just("speak"), PLACES, st.sampled_from(["staff", "resident", "visitor", "assessor"]), st.booleans()),
    st.tuples(st.just("withdraw"), PLACES, st.none(), st.booleans()),
    st.tuples(st.just("show"), PLACES, st.sampled_from(CRITERIA), st.booleans()),
    st.tuples(st.just("plan"), PLACES, st.integers(-20, 20), st.booleans()),
)
SERVICES = st.lists(  # settings, their audits, what was said in each
    st.lists(st.lists(SAID, max_size=45), max_size=3), min_size=1, max_size=3
)


@settings(max_examples=15, deadline=None, suppress_health_check=list(HealthCheck))
@given(SERVICES)
def test_every_figure_is_what_counting_the_ledger_slowly_gives(scene: Scene, service):
    with scene.app.app_context():
        db.session.expunge_all()
    organisation = scene.organisation()
    name = f"Manager {new_id()}"
    scene.person(name, "manager", organisation)
    lead = scene.person(f"Lead {new_id()}", "lead", organisation)
    sites = [scene.site(organisation, f"Setting {n}") for n in range(len(service))]
    with scene.app.app_context():
        for site, audits in zip(sites, service, strict=True):
            for said in audits:
                tell(site, said, db.session.get(Person, lead))
        manager = db.session.scalar(db.select(Person).filter_by(name=name))
        slow = Slow(scene, sites)

        assert list(verify()) == []
        slow.compare(manager)
        db.session.rollback()


def tell(site: str, said: list, by: Person) -> None:
    """One audit, as several phones might have said it: what was `seen` decides what stands."""
    audit, people, last = new_id(), [new_id() for _ in range(3)], {}
    opening = {"site": site, "checklist": CHECKLIST, "edition": 1, "track": "development"}
    batch = [operation("audit.open", opening)]
    for what, place, about, saw in said:
        kind, payload = in_words(what, people[place], place, about)
        key = (kind, payload.get("contributor"), payload.get("criterion"))
        batch.append(operation(kind, payload, seen=last.get(key, []) if saw else []))
        last[key] = [batch[-1]["id"], *last.get(key, [])][:60]
    for first in range(0, len(batch), 20):
        perform(audit, batch[first : first + 20], by=by)
    db.session.commit()


def in_words(what: str, who: str, place: int, about) -> tuple[str, dict]:
    """One thing said, as its operation has it."""
    if what == "rate":
        return "answer.rate", about | NONE.get(about["rating"], {}) | {"contributor": who}
    if what == "agree":
        return "finding.agree", about | NONE.get(about["rating"], {})
    if what == "speak":
        return "contributor.add", {"contributor": who, "voice": about, "label": "Somebody"}
    if what == "withdraw":
        return "contributor.withdraw", {"contributor": who}
    if what == "show":
        return "evidence.add", evidence(place, about)
    return "plan.add", planned(new_id(), about)


def evidence(place: int, criterion: str) -> dict:
    old = {"kind": "document", "where": "The blue folder", "dated": "2019-01-01"}
    more = ({"kind": "observation"}, {"kind": "count", "count": 4}, old)
    return {"evidence": new_id(), "caption": "Seen", "criteria": [criterion]} | more[place]


def planned(item: str, days: int) -> dict:
    due = (now().date() + timedelta(days=days)).isoformat()
    return {"item": item, "what": "Tea", "criteria": [], "whose": "lead", "due": due, "answers": []}


class Slow:
    """The figures, counted one by one from what stands in the ledger."""

    def __init__(self, scene: Scene, sites: list[str]):
        self.edition = scene.app.extensions["checklists"].find(CHECKLIST, 1)
        streams = db.session.scalars(db.select(Stream).filter(Stream.site_id.in_(sites)).order_by(Stream.opened_at))
        self.audits: dict[str, list[str]] = {site: [] for site in sites}
        self.stands = {}
        for stream in list(streams):
            if stream.kind == "audit":
                self.audits[stream.site_id].append(stream.id)
                self.stands[stream.id] = read(live(said_in(stream)))

    def sole(self, audit: str, register: str):
        values = self.stands[audit].get(register, [])
        return values[0] if len(values) == 1 else None

    def speakers(self, audit: str) -> dict[str, str]:
        ids = {register.split("/")[1] for register in self.stands[audit] if register.startswith("contributor/")}
        voices = {id: self.sole(audit, f"contributor/{id}/voice") for id in ids}
        return {
            id: voice
            for id, voice in sorted(voices.items())
            if voice and self.sole(audit, f"contributor/{id}/withdrawn") is not True
        }

    def answers(self, audit: str, criterion: str) -> dict[str, dict]:
        """Contributor to what they said, of those who are in the count."""
        said = {id: self.sole(audit, f"answer/{id}/{criterion}/rating") for id in self.speakers(audit)}
        return {id: one for id, one in said.items() if one and (one["rating"] is not None or "reason" in one)}

    def by_voice(self, audit: str, criterion: str) -> dict[str, list[int]]:
        voices: dict[str, list[int]] = {}
        for id, one in self.answers(audit, criterion).items():
            voices.setdefault(self.speakers(audit)[id], []).extend([one["rating"]] if one["rating"] is not None else [])
        return voices

    def gap(self, audit: str, criterion: str) -> float | None:
        means = [fmean(given) for given in self.by_voice(audit, criterion).values() if given]
        return round(max(means) - min(means), 3) if len(means) > 1 else None

    def finding(self, audit: str, criterion: str) -> dict | None:
        one = self.sole(audit, f"finding/{criterion}/rating")
        return one if one and (one["rating"] is not None or "reason" in one) else None

    def kinds(self, audit: str, criteria: list[str]) -> set[str]:
        shown = [r for r in self.stands[audit] if r.startswith("evidence/") and r.split("/")[-1] in criteria]
        return {self.sole(audit, f"evidence/{r.split('/')[1]}/details")["kind"] for r in shown}

    def cell(self, audit: str, ids: list[str]) -> dict:
        findings = [one for id in ids if (one := self.finding(audit, id))]
        gaps = [gap for id in ids if (gap := self.gap(audit, id)) is not None]
        return {
            "criteria": len(ids),
            "at": [sum(one["rating"] == step for one in findings) for step in STEPS],
            "not_applicable": sum(one["rating"] is None for one in findings),
            "answered": sum(bool(self.answers(audit, id)) for id in ids),
            "gap": max(gaps, default=None),
        }

    def state(self, audit: str, ids: list[str]) -> str:
        ratings = [one["rating"] for id in ids if (one := self.finding(audit, id))]
        if len(ratings) < len(ids):
            return "open"
        applies = [rating for rating in ratings if rating is not None]
        residents = any("resident" in self.by_voice(audit, id) for id in ids)
        shown = applies and sum(rating >= 2 for rating in applies) / len(applies) >= 0.8 and min(applies) >= 1
        return "shown" if shown and len(self.kinds(audit, ids)) >= 2 and residents else "not-yet"

    def compare(self, manager: Person) -> None:
        latest = {site: audits[-1] for site, audits in self.audits.items() if audits}
        self._compare_settings(manager, latest)
        self._compare_voices(manager, latest)
        self._compare_agreement(manager, latest)
        self._compare_coverage(manager, latest)
        self._compare_changes(manager)
        self._compare_due(manager, latest)

    def _compare_settings(self, manager: Person, latest: dict[str, str]) -> None:
        for lens in ("", "values", "experiences"):
            body = standing.settings(manager, Asked(lens=lens))
            assert body["total"] == len(self.audits)
            for setting in body["settings"]:
                audit = latest.get(setting["id"])
                assert (setting["audit"] or {}).get("id") == audit
                for one in setting["audit"]["headings"] if audit else []:
                    ids = self.edition.headings[lens, one["heading"]][1]
                    expected = self.cell(audit, ids)
                    assert one["gap"] == pytest.approx(expected.pop("gap"), abs=1e-3)
                    assert {name: one[name] for name in expected} == expected, one["heading"]
                    assert one["state"] == (None if lens else self.state(audit, ids))

    def _compare_voices(self, manager: Person, latest: dict[str, str]) -> None:
        for setting in hearing.voices(manager, Asked())["settings"]:
            audit = latest[setting["id"]]
            for one in (one for principle in setting["principles"] for one in principle["criteria"]):
                spoken = self.by_voice(audit, one["id"])
                assert {voice: told["at"] for voice, told in one["voices"].items()} == {
                    voice: tuple(given.count(step) for step in STEPS) for voice, given in spoken.items()
                }
        widest = []
        for audit in latest.values():
            for principle in self.edition.principles:
                gaps = [gap for one in principle.criteria if (gap := self.gap(audit, one.id))]
                widest += [max(gaps)] if gaps else []
        found = hearing.gaps(manager, Asked())
        assert [one["gap"] for one in found["gaps"]] == pytest.approx(sorted(widest, reverse=True), abs=1e-3)
        assert found["total"] == len(widest)

    def _compare_agreement(self, manager: Person, latest: dict[str, str]) -> None:
        for setting in hearing.agreement(manager, Asked())["settings"]:
            audit = latest[setting["id"]]
            speakers = self.speakers(audit)
            for voice, agreed in [("together", setting["together"]), *setting["voices"].items()]:
                ids = [id for id, own in speakers.items() if voice in ("together", own)]
                given = [
                    {id: one["rating"] for id, one in self.answers(audit, c).items() if one["rating"] is not None}
                    for c in self.edition.criteria
                ]
                rated = [[one[id] for id in ids if id in one] for one in given]
                pairs = [tuple(one) for one in rated if len(one) == 2]
                units = [[one.count(step) for step in STEPS] for one in rated]
                value = kappa(pairs, quadratic) if len(ids) == 2 else alpha(units)
                assert agreed["value"] == value and agreed["raters"] == len(ids)
            for one in setting["apart"]:
                ratings = [n for given in self.by_voice(audit, one["criterion"]).values() for n in given]
                apart = fmean(abs(a - b) for a, b in combinations(ratings, 2))
                assert one["spread"] == pytest.approx(apart, abs=1e-3)

    def _compare_coverage(self, manager: Person, latest: dict[str, str]) -> None:
        for setting in hearing.coverage(manager, Asked())["settings"]:
            audit = latest[setting["id"]]
            heard = {id: self.answers(audit, id) for id in self.edition.criteria}
            voices = {id: {self.speakers(audit)[one] for one in found} for id, found in heard.items()}
            assert setting["counted"] == {
                "unanswered": sum(not found for found in heard.values()),
                "one-contributor": sum(len(found) == 1 for found in heard.values()),
                "no-resident": sum(bool(found) and "resident" not in voices[id] for id, found in heard.items()),
                "no-evidence": sum(not self.kinds(audit, [id]) for id in heard),
                "one-kind": sum(len(self.kinds(audit, [id])) == 1 for id in heard),
                "old-evidence": sum(self.kinds(audit, [id]) == {"document"} for id in heard),
            }

    def _compare_changes(self, manager: Person) -> None:
        moved = []
        for audits in self.audits.values():
            for principle in self.edition.principles if len(audits) > 1 else []:
                ids = [one.id for one in principle.criteria]
                both = [[one["rating"] for id in ids if (one := self.finding(audit, id))] for audit in audits[-2:]]
                applies = [[rating for rating in ratings if rating is not None] for ratings in both]
                if all(len(ratings) == len(ids) for ratings in both) and all(applies):
                    moved.append(fmean(applies[1]) - fmean(applies[0]))
        body = changing.changes(manager, Asked())
        expected = sorted((abs(change) for change in moved if change), reverse=True)
        assert [abs(one["change"]) for one in body["changes"]] == pytest.approx(expected, abs=1e-3)
        assert body["improved"] + body["slipped"] + body["same"] == len(moved)
        assert body["slipped"] == sum(change < 0 for change in moved)

    def _compare_due(self, manager: Person, latest: dict[str, str]) -> None:
        days = [
            value
            for stands in self.stands.values()
            for register, values in stands.items()
            if register.startswith("plan/") and register.endswith("/due")
            for value in values
        ]
        today, soon = now().date().isoformat(), (now().date() + timedelta(days=7)).isoformat()
        body = standing.due(manager, Asked())
        never = len(self.audits) - len(latest)
        assert body["overdue"] == sum(day < today for day in days)
        assert body["week"] == sum(today <= day <= soon for day in days) + never


def read(registers: dict) -> dict[str, list]:
    """Register to the values that stand there, equal ones once."""
    return {
        register: [json.loads(text) for text in dict.fromkeys(writes.values())]
        for register, writes in registers.items()
    }

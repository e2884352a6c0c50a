"""What an award rule says of findings: by the sums of the design, by a slow oracle, and as the dashboard reads it."""

import itertools
import math
import tomllib
from collections import Counter
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from audit_app.audits.scoring import read_classes, read_principle, share
from audit_app.awards.explaining import Vocabulary, explain, summary
from audit_app.awards.rules import judge
from audit_app.awards.words import WORDS, listed
from audit_app.checklists.library import Library

EDITION = Library.load(Path(__file__).resolve().parent.parent / "checklists").find(
    "enabling-and-facilitating-environments", 1
)
RULE = EDITION.award_rule
TEN = {principle.id: [one.id for one in principle.criteria] for principle in EDITION.principles}
ALL = [id for ids in TEN.values() for id in ids]
VOICES = ("staff", "resident", "visitor")
KINDS = ("observation", "document", "quotation", "count", "photo")
CALLED = {
    language: Vocabulary(
        titles={one["id"]: one["short"] for one in spoken["principles"]},
        criteria={
            criterion["id"]: f"{n}.{m}"
            for n, principle in enumerate(spoken["principles"], 1)
            for m, criterion in enumerate(principle["criteria"], 1)
        },
        ratings={step["value"]: step["word"] for step in spoken["scale"]},
        voices=spoken["voices"],
        enough=RULE["rating"],
    )
    for language in ("en", "cy")
    for spoken in [EDITION.in_words("ward", language)]
}
CLASS_RULE = {
    "kind": "classes",
    "rating": 2,
    "classes": [{"id": "one", "share": 100}, {"id": "two", "share": 80}, {"id": "three", "share": 60}],
}


def strong() -> dict:
    """A place where everything is shown."""
    return {
        "findings": dict.fromkeys(ALL, 2),
        "kinds": {id: {"observation", "quotation"} for id in ALL},
        "voices": {id: {"staff", "resident"} for id in ALL},
    }


def told(place: dict, language: str = "en") -> dict:
    return explain(judge(RULE, TEN, **place), CALLED[language], language)


def heading(place: dict, id: str = "agency") -> dict:
    return next(one for one in told(place)["headings"] if one["id"] == id)


# What people are told


def test_a_place_that_shows_all_ten_is_told_so():
    assert told(strong())["summary"] == "All 10 shown."
    assert told(strong())["met"]
    assert all(one["steps"] == [] for one in told(strong())["headings"])


def test_nine_of_ten_do_not_make_an_award_however_strong_they_are():
    place = strong()
    place["findings"] = dict.fromkeys(ALL, 3) | {"agency-1": 1, "agency-2": 1}

    verdict = told(place)

    assert verdict["summary"] == "9 of 10 shown; Agency not yet"
    assert (verdict["met"], verdict["state"]) == (False, "not-yet")
    assert heading(place)["says"] == "Not yet: 3 of 5 are “Mostly” or more; it takes 4."
    assert [step["says"] for step in heading(place)["steps"]] == ["Bring at least 1 of 9.1 and 9.2 up to “Mostly”."]


def test_the_same_is_told_in_welsh():
    place = strong()
    place["findings"]["agency-1"] = 0

    assert told(place, "cy")["summary"].startswith("9 o 10 wedi’u dangos; ")
    assert told(place, "cy")["summary"].endswith(" ddim eto")


def test_one_that_is_not_there_at_all_must_come_up_even_where_four_of_five_are_high():
    place = strong()
    place["findings"]["agency-3"] = 0

    found = heading(place)

    assert (found["state"], found["lacks"]) == ("not-yet", ["below"])
    assert [step["says"] for step in found["steps"]] == ["Bring 9.3 up to “Beginning” at least."]
    assert found["findings_to_change"] == 1


def test_high_findings_with_one_kind_of_evidence_and_no_residents_voice_show_nothing_yet():
    place = strong()
    place["kinds"] = {id: {"document"} for id in ALL}
    place["voices"] = {id: {"staff"} for id in ALL}

    found = heading(place)

    assert told(place)["summary"] == "0 of 10 shown; 10 not yet"
    assert found["lacks"] == ["kinds", "voices"]
    assert [step["says"] for step in found["steps"]] == [
        "Add evidence of another kind. More kinds needed: 1.",
        "Ask at least once: Patients.",
    ]
    assert found["findings_to_change"] == 0


def test_what_is_not_agreed_is_open_and_not_counted_against_anybody():
    place = strong()
    del place["findings"]["agency-5"]

    assert told(place)["summary"] == "9 of 10 shown; Agency still open"
    assert [step["says"] for step in heading(place)["steps"]] == ["Agree on 9.5."]
    assert heading(place)["lacks"] == []
    assert [one["says"] for one in heading(place)["criteria"]][3:] == ["“Mostly”: enough", "Not agreed yet"]


def test_a_principle_of_which_nothing_applies_is_not_shown():
    place = strong()
    place["findings"] |= dict.fromkeys(TEN["agency"])

    assert heading(place)["says"] == "Not yet: nothing here applies, so nothing shows it."
    assert heading(place)["findings_to_change"] == 1


def test_four_that_apply_must_all_be_high_for_three_of_four_are_less_than_eighty_per_cent():
    place = strong()
    place["findings"] |= {"agency-1": None, "agency-2": 1}

    assert (heading(place)["high"], heading(place)["needed"], heading(place)["state"]) == (3, 4, "not-yet")


def test_every_word_is_there_in_both_languages_and_every_sentence_can_be_said():
    for key, said in WORDS.items():
        assert set(said) == {"en", "cy"}, key
        assert {part.split("}")[0] for part in said["en"].split("{")[1:]} == {
            part.split("}")[0] for part in said["cy"].split("{")[1:]
        }, key
    assert listed(["a"], "en") == "a"
    assert listed(["a", "b", "c"], "cy") == "a, b a c"


def test_an_unknown_kind_of_rule_and_classes_of_another_rule_are_refused():
    with pytest.raises(ValueError, match="no such kind"):
        judge({"kind": "average"}, TEN, {}, {}, {})
    with pytest.raises(ValueError, match="not the classes"):
        judge(CLASS_RULE, TEN, {}, {}, {})


# The sums of the design


def of_classes(one: list, two: list, three: list) -> tuple[dict, dict]:
    """Headings and findings of three classes rated like this."""
    rated = {
        name: {f"{name}-{n}": rating for n, rating in enumerate(ratings)}
        for name, ratings in (("one", one), ("two", two), ("three", three))
    }
    return {name: list(part) for name, part in rated.items()}, {
        id: rating for part in rated.values() for id, rating in part.items()
    }


def states(one: list, two: list, three: list) -> list[str]:
    headings, findings = of_classes(one, two, three)
    return [part.state for part in judge(CLASS_RULE, headings, findings, {}, {}).headings]


def test_all_of_type_one_eight_in_ten_of_type_two_and_six_in_ten_of_type_three_are_enough():
    assert states([2] * 100, [2] * 8 + [0] * 2, [2] * 6 + [0] * 4) == ["shown"] * 3
    assert states([2] * 100, [2] * 7 + [0] * 3, [2] * 6 + [0] * 4) == ["shown", "not-yet", "shown"]
    assert states([2] * 100, [2] * 8 + [0] * 2, [2] * 5 + [0] * 5) == ["shown", "shown", "not-yet"]


def test_ninety_nine_per_cent_of_type_one_fails_whatever_the_rest():
    headings, findings = of_classes([3] * 99 + [1], [3] * 50, [3] * 50)
    verdict = judge(CLASS_RULE, headings, findings, {}, {})

    assert not verdict.is_met
    assert summary(verdict, {"one": "Type 1"}, "en") == "2 of 3 shown; Type 1 not yet"
    assert [(step.kind, step.number, step.criteria) for step in verdict.headings[0].steps] == [
        ("raise", 1, ("one-99",))
    ]


@pytest.mark.parametrize(("left_out", "in_per_cent", "needed"), [(0, 32.0, 40), (5, 35.56, 36)])
def test_sixteen_of_fifty_and_of_the_forty_five_that_apply(left_out, in_per_cent, needed):
    headings, findings = of_classes([2], [2] * 16 + [None] * left_out + [1] * (34 - left_out), [2])
    two = judge(CLASS_RULE, headings, findings, {}, {}).headings[1]

    assert (two.high, two.applies, two.needed) == (16, 50 - left_out, needed)
    assert share(two.high, two.applies) == in_per_cent


# Against a slow and obvious oracle

RATINGS = st.sampled_from([0, 1, 2, 3, None, "open"])
FINDINGS = st.lists(RATINGS, min_size=1, max_size=6)
RULES = st.fixed_dictionaries(
    {
        "kind": st.just("every-principle"),
        "share": st.integers(1, 100),
        "rating": st.integers(1, 3),
        "none_below": st.integers(0, 1),
        "evidence_kinds": st.integers(0, 3),
        "voices": st.lists(st.sampled_from(VOICES), max_size=2, unique=True),
    }
)


def one_by_one(rule: dict, ratings: list, kinds: list, voices: list) -> bool:
    """Is a principle shown? As the sentence of the design reads, word by word."""
    if "open" in ratings:
        return False
    applicable = [rating for rating in ratings if rating is not None]
    if not applicable:
        return False
    enough = len([rating for rating in applicable if rating >= rule["rating"]]) / len(applicable)
    return (
        (enough >= rule["share"] / 100 or math.isclose(enough, rule["share"] / 100))
        and not [rating for rating in applicable if rating < rule["none_below"]]
        and len(set(itertools.chain(*kinds))) >= rule["evidence_kinds"]
        and all(voice in itertools.chain(*voices) for voice in rule["voices"])
    )


def of_one(ratings: list, kinds: list = (), voices: list = ()) -> dict:
    return {
        "headings": {"p": [f"c{n}" for n in range(len(ratings))]},
        "findings": {f"c{n}": rating for n, rating in enumerate(ratings) if rating != "open"},
        "kinds": {f"c{n}": each for n, each in enumerate(kinds)},
        "voices": {f"c{n}": each for n, each in enumerate(voices)},
    }


@settings(max_examples=400, deadline=None)
@given(st.data(), RULES, FINDINGS)
def test_a_principle_is_shown_exactly_when_the_sentence_says_so(data, rule, ratings):
    kinds = data.draw(st.lists(st.sets(st.sampled_from(KINDS), max_size=2), max_size=len(ratings)))
    voices = data.draw(st.lists(st.sets(st.sampled_from(VOICES), max_size=2), max_size=len(ratings)))

    verdict = judge(rule, **of_one(ratings, kinds, voices)).headings[0]

    assert (verdict.state == "shown") == one_by_one(rule, ratings, kinds, voices)
    assert (verdict.steps == ()) == (verdict.state == "shown")


@settings(max_examples=300, deadline=None)
@given(st.data(), RULES, FINDINGS)
def test_the_dashboard_reads_a_principle_as_the_rule_does(data, rule, ratings):
    kinds = data.draw(st.sets(st.sampled_from(KINDS)))
    voices = data.draw(st.sets(st.sampled_from(VOICES)))
    at = Counter(rating for rating in ratings if rating not in (None, "open"))

    verdict = judge(rule, **of_one(ratings, [kinds], [voices])).headings[0]
    theirs = read_principle(
        rule, tuple(at[step] for step in range(4)), ratings.count(None), len(ratings), len(kinds), voices
    )

    assert (verdict.state, verdict.lacks) == (theirs.state, theirs.lacks)


@settings(max_examples=150, deadline=None)
@given(RULES, st.lists(RATINGS, min_size=1, max_size=4))
def test_nothing_less_than_what_it_asks_for_would_change_a_verdict(rule, ratings):
    """Every other set of findings is tried: the nearest that is shown is as far away as we say."""
    bare = rule | {"evidence_kinds": 0, "voices": []}
    verdict = judge(bare, **of_one(ratings)).headings[0]

    others = itertools.product([0, 1, 2, 3, None], repeat=len(ratings))
    away = min(
        sum(a != b for a, b in zip(ratings, other, strict=True))
        for other in others
        if one_by_one(bare, list(other), [], [])
    )

    assert verdict.findings_to_change == away


@settings(max_examples=300, deadline=None)
@given(st.data(), RULES, FINDINGS)
def test_whoever_takes_the_steps_is_shown(data, rule, ratings):
    place = of_one(ratings)
    verdict = judge(rule, **place).headings[0]
    for step in verdict.steps:
        if step.kind == "agree":
            place["findings"] |= dict.fromkeys(step.criteria, rule["none_below"])
        if step.kind in ("lift", "raise"):
            chosen = data.draw(st.permutations(step.criteria))[: step.number]
            for id in chosen:
                place["findings"][id] = max(step.rating, place["findings"].get(id) or 0)
        if step.kind == "show":
            place["kinds"]["c0"] = set(KINDS[: step.number])
        if step.kind == "ask":
            place["voices"]["c0"] = set(step.voices)

    assert judge(rule, **place).is_met


@settings(max_examples=200, deadline=None)
@given(FINDINGS, FINDINGS, FINDINGS)
def test_classes_are_each_met_as_counted_one_by_one(one, two, three):
    headings, findings = of_classes(one, two, three)
    findings = {id: rating for id, rating in findings.items() if rating != "open"}
    verdict = judge(CLASS_RULE, headings, findings, {}, {})

    for part, ratings, wanted in zip(verdict.headings, (one, two, three), (100, 80, 60), strict=True):
        applicable = [rating for rating in ratings if rating is not None]
        high = [rating for rating in applicable if rating != "open" and rating >= 2]
        met = "open" not in ratings and read_classes({"x": wanted}, {"x": (len(high), len(applicable))})["x"]
        assert (part.state == "shown") == met
        assert met == ("open" not in ratings and bool(applicable) and len(high) * 100 >= wanted * len(applicable))
    assert verdict.is_met == all(part.state == "shown" for part in verdict.headings)


@given(st.lists(st.sampled_from([0, 1, 2, 3, None]), min_size=50, max_size=50), st.integers(0, 49))
@settings(max_examples=100, deadline=None)
def test_one_stronger_finding_never_makes_any_verdict_worse(ratings, place):
    """And what happens in one principle changes none of the others."""
    before = strong() | {"findings": dict(zip(ALL, ratings, strict=True))}
    raised = before | {"findings": before["findings"] | {ALL[place]: 3}}
    was, now = judge(RULE, TEN, **before), judge(RULE, TEN, **raised)

    changed = [old.id for old, new in zip(was.headings, now.headings, strict=True) if old != new]
    assert set(changed) <= {EDITION.principle_of[ALL[place]]}
    assert set(was.those("shown")) <= set(now.those("shown"))


def test_the_rule_of_the_published_edition_is_the_one_in_its_file():
    file = Path(__file__).resolve().parent.parent / "checklists" / "enabling-and-facilitating-environments-1.toml"

    assert tomllib.loads(file.read_text())["award_rule"] == RULE
    assert judge(RULE, TEN, **strong()).is_met

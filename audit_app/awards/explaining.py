"""A rule's verdict in words: what it says of each principle and criterion, and what would change it."""

from collections.abc import Mapping
from dataclasses import dataclass

from .rules import ASK, NOT_APPLICABLE, NOT_YET, OPEN, RAISE, SHOWN, HeadingVerdict, Standing, Step, Verdict
from .words import listed, speaker

NAMED = 3  # as many headings are named in one sentence; of more it says how many they are


@dataclass(frozen=True)
class Vocabulary:
    """How people call what a verdict is about, in one language: `titles` of principles or classes, `criteria` (their
    numbers, such as 9.2), the scale's `ratings`, the setting's `voices`; each by id or value. `enough`: the rating that
    the rule asks for."""

    titles: Mapping[str, str]
    criteria: Mapping[str, str]
    ratings: Mapping[int, str]
    voices: Mapping[str, str]
    enough: int


def summary(verdict: Verdict, titles: Mapping[str, str], language: str) -> str:
    """The verdict in one line, such as “9 of 10 shown; Personal agency not yet”. Never an average."""
    say = speaker(language)
    shown, of = len(verdict.those(SHOWN)), len(verdict.headings)
    if verdict.is_met:
        return say("all_shown", of=of)
    parts = [say("shown", n=shown, of=of)]
    for state, key in ((NOT_YET, "not_yet"), (OPEN, "still_open")):
        ids = verdict.those(state)
        if len(ids) > NAMED:
            parts.append(say(f"n_{key}", n=len(ids)))
        elif ids:
            parts.append(say(key, names=listed([titles[id] for id in ids], language)))
    return "; ".join(parts)


def explain(verdict: Verdict, called: Vocabulary, language: str) -> dict:
    """The verdict as data and words: a line on the whole, on each heading and each criterion, and the steps missing."""
    return {
        "state": verdict.state,
        "met": verdict.is_met,
        "summary": summary(verdict, called.titles, language),
        "headings": [_heading(heading, called, language) for heading in verdict.headings],
    }


def _heading(heading: HeadingVerdict, called: Vocabulary, language: str) -> dict:
    say = speaker(language)
    counts = {"high": heading.high, "applies": heading.applies, "needed": heading.needed}
    key = f"is_{heading.state}" if heading.applies else "nothing_applies"
    return {
        "id": heading.id,
        "title": called.titles[heading.id],
        "state": heading.state,
        **counts,
        "lacks": list(heading.lacks),
        "says": say(key, **counts, word=called.ratings[called.enough]),
        "findings_to_change": heading.findings_to_change,
        "steps": [_step(step, called, language) for step in heading.steps],
        "criteria": [_criterion(standing, called, language) for standing in heading.criteria],
    }


def _criterion(standing: Standing, called: Vocabulary, language: str) -> dict:
    word = called.ratings.get(standing.rating, "") if standing.state not in (OPEN, NOT_APPLICABLE) else ""
    return {
        "id": standing.criterion,
        "number": called.criteria[standing.criterion],
        "state": standing.state,
        "rating": standing.rating,
        "says": speaker(language)(f"criterion_{standing.state}", word=word),
    }


def _step(step: Step, called: Vocabulary, language: str) -> dict:
    key = f"step_{step.kind}"
    if step.kind == RAISE:
        key += "_all" if step.number == len(step.criteria) else "_any"
    names = [called.voices[voice] for voice in step.voices] if step.kind == ASK else []
    return {
        "kind": step.kind,
        "criteria": list(step.criteria),
        "number": step.number,
        "says": speaker(language)(
            key,
            criteria=listed([called.criteria[id] for id in step.criteria], language),
            n=step.number,
            word=called.ratings.get(step.rating, ""),
            voices=listed(names, language),
        ),
    }

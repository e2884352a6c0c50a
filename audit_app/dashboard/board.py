"""The board paper: the dashboard's figures and the words around them, for readers who may not open the audits."""

from collections.abc import Callable
from dataclasses import replace

from flask import current_app

from ..access import Person
from ..audits.schemas import VOICES
from ..audits.scoring import SHOWN, STEPS, gap
from ..checklists.models import Edition
from ..db import now
from ..evidence.glances import has_rule
from ..sites.queries import organisations_seen_by
from ..telling import day_in_words, day_told
from .asking import Asked
from .changing import changes
from .hearing import ALONE, NO_EVIDENCE, OLD_EVIDENCE, ONE_KIND, UNHEARD, coverage, passed_on
from .standing import PLAN, due, settings
from .words import speaker

Say = Callable[..., str]
DUE_AT_MOST, NAMED, ENOUGH = 30, 2, 2
WEAK = (ALONE, UNHEARD, NO_EVIDENCE, ONE_KIND, OLD_EVIDENCE)
HEADS = ("page", "page_of", "setting", "short", "due", "nothing_due", "what", "whose", "by", "voices", "voices_why")
HEADS += ("principle", "apart", "nobody", "changes", "changes_why", "nothing_changed", "improved", "slipped", "settled")
HEADS += ("rests", "rests_why", "how")


def board_paper(person: Person, organisation: str, language: str) -> dict:
    """What the board paper says, as plain data for its template, of one organisation or of all that `person` manages.

    Voices are told organisation by organisation, whichever was asked for, and no other filter is heard: where one paper
    added up what another tells apart, a hidden figure could be worked out by subtraction.
    """
    asked, say = Asked(organisation=organisation), speaker(language)
    mapped = settings(person, asked)["settings"]
    audited = [one for one in mapped if one["audit"]]
    editions = {one["audit"]["id"]: _edition(one["audit"]) for one in audited}
    titles = {p.id: _spoken(p.short, language) for edition in editions.values() for p in edition.principles}
    late, moved = due(person, asked), changes(person, asked)
    there = {one["organisation"] for one in mapped}
    boards = [one for one in organisations_seen_by(person) if one.id in there]
    heard = [
        {"title": board.name, **_voices(passed_on(person, Asked(organisation=board.id))["all"], titles, say)}
        for board in boards
    ]
    return {
        "language": language,
        "title": say("title"),
        "about": " · ".join([*(board.name for board in boards), say("settings", n=len(mapped))]),
        "as_of": day_in_words(now().date(), language),
        "as_of_words": say("as_of", day=day_in_words(now().date(), language)),
        "foot": f"{say('foot')} {say('draft')}" if language == "cy" else say("foot"),
        "words": {key: say(key) for key in HEADS},
        "short": _short(audited, late, moved, heard, say),
        "heat": _heat(audited, editions, titles, language),
        "never": _never([one["name"] for one in mapped if not one["audit"]], say),
        "due": [_due(one, language) for one in late["due"][:DUE_AT_MOST]],
        "more_due": say("more_due", n=late["total"] - DUE_AT_MOST) if late["total"] > DUE_AT_MOST else "",
        "voices": heard,
        "changes": _changes(moved, titles, say),
        "weak": [say(name) for name in WEAK],
        "rests": _rests(person, asked, say),
        "how": [say("how_shown"), say("how_compare"), say("how_behind")],
    }


def _edition(audit: dict) -> Edition:
    return current_app.extensions["checklists"].find(audit["checklist"], audit["edition"])


def _spoken(text: dict[str, str], language: str) -> str:
    return text.get(language) or next(iter(text.values()))


def _short(audited: list[dict], late: dict, moved: dict, heard: list[dict], say: Say) -> list[str]:
    """What a board must know if it reads nothing else."""
    whole = sum(one["audit"]["shown"] == len(one["audit"]["headings"]) > 0 for one in audited)
    told = [say("short_shown", n=whole, of=len(audited))] if audited else []
    if late["overdue"]:
        first = late["due"][0]
        told.append(say("short_overdue", n=late["overdue"], name=first["name"], days=first["days_late"]))
    if late["week"]:
        told.append(say("short_week", n=late["week"]))
    if moved["improved"] or moved["slipped"] or moved["same"]:
        told.append(say("short_changed", up=moved["improved"], down=moved["slipped"], same=moved["same"]))
    gaps = [(row["gap"], row["name"], one["title"]) for one in heard for row in one["rows"] if row["gap"]]
    if gaps:
        widest, principle, board = max(gaps, key=lambda one: one[0])
        told.append(say("short_apart", principle=principle, gap=f"{widest:.1f}", name=board))
    return told


# the heat map


def _heat(audited: list[dict], editions: dict[str, Edition], titles: dict[str, str], language: str) -> list[dict]:
    """A table for each checklist: principles of different ones are not alike."""
    say = speaker(language)
    by_edition: dict[tuple[str, int], list[dict]] = {}
    for one in audited:
        by_edition.setdefault((one["audit"]["checklist"], one["audit"]["edition"]), []).append(one)
    told = []
    for those in by_edition.values():
        edition = editions[those[0]["audit"]["id"]]
        enough = edition.award_rule["rating"] if has_rule(edition) else ENOUGH
        word = next(_spoken(step.word, language) for step in edition.scale if step.value == enough)
        told.append(
            {
                "title": say("heat", checklist=_spoken(edition.title, language)),
                "key": say("key", word=word),
                "heads": [titles[cell["heading"]] for cell in those[0]["audit"]["headings"]],
                "rows": [
                    {
                        "name": one["name"],
                        "words": _standing(one["audit"], titles, say) if has_rule(edition) else "",
                        "cells": [_cell(cell, enough, say) for cell in one["audit"]["headings"]],
                    }
                    for one in those
                ],
            }
        )
    return told


def _cell(cell: dict, enough: int, say: Say) -> dict:
    """How many of its statements are high enough, of how many that apply. `rate`: its shade, None if none is agreed."""
    agreed = sum(cell["at"]) + cell["not_applicable"]
    if not agreed:
        return {"text": "–", "word": "", "rate": None}
    high, applies = sum(cell["at"][step] for step in STEPS if step >= enough), cell["criteria"] - cell["not_applicable"]
    word = say("is_shown") if cell["state"] == SHOWN else say("so_far") if agreed < cell["criteria"] else ""
    rate = 3 if high >= applies else 2 if 2 * high >= applies else 1 if high else 0
    return {"text": f"{high}/{applies}", "word": word, "rate": rate}


def _standing(audit: dict, titles: dict[str, str], say: Say) -> str:
    """“9 of 10 shown, Personal agency not yet”"""
    lacking = audit["not_yet"]
    told = [say("shown", n=audit["shown"], of=len(audit["headings"]))]
    if len(lacking) > NAMED:
        told.append(say("n_not_yet", n=len(lacking)))
    elif lacking:
        told.append(say("not_yet", names=say("and").join(titles[id] for id in lacking)))
    if audit["open"]:
        told.append(say("n_open", n=len(audit["open"])))
    return ", ".join(told)


def _never(names: list[str], say: Say) -> str:
    return say("never", names=", ".join(names)) if names else ""


# the other figures


def _due(one: dict, language: str) -> dict:
    say = speaker(language)
    whose = one.get("whose", "")
    role = whose in ("lead", "manager", "team", "residents", "")
    return {
        "setting": one["name"],
        "what": one["what"] if one["kind"] == PLAN else say(f"due_{one['kind']}"),
        "whose": "" if one["kind"] != PLAN else say(f"whose_{whose}") if role else whose,
        "day": day_told(one["due"], language),
        "urgent": say("late", n=one["days_late"]) if one["days_late"] else "",
    }


def _voices(together: dict, titles: dict[str, str], say: Say) -> dict:
    """Principle by principle what each voice says over all its settings. `gap` only between voices that may be told."""
    heard = [voice for voice in VOICES if any(voice in cells for cells in together.values())]
    rows = []
    for id in (id for id in titles if id in together):
        cells = together[id]
        told = [cells[voice]["at"] for voice in heard if voice in cells and not cells[voice]["hidden"]]
        apart = gap(told)
        rows.append(
            {
                "name": titles[id],
                "cells": [_voice(cells.get(voice), say) for voice in heard],
                "gap": apart,
                "apart": "–" if apart is None else f"{apart:.1f}",
            }
        )
    return {"heads": [say(voice) for voice in heard], "rows": rows}


def _voice(cell: dict | None, say: Say) -> dict:
    if cell is None:
        return {"text": "–", "n": ""}
    if cell["hidden"]:
        return {"text": say("hidden"), "n": ""}
    return {"text": "–" if cell["mean"] is None else f"{cell['mean']:.1f}", "n": f"n {cell['contributors']}"}


def _changes(moved: dict, titles: dict[str, str], say: Say) -> list[dict]:
    """Setting by setting what improved, what slipped, and what was settled in between."""
    settled = {one["site"]: one["items"] for one in moved["settled"]}
    by_site: dict[str, list[dict]] = {}
    for one in moved["changes"]:
        by_site.setdefault(one["site"], []).append(one)
    return [
        {
            "setting": those[0]["name"],
            "improved": [_move(one, titles, say) for one in those if one["change"] > 0],
            "slipped": [_move(one, titles, say) for one in those if one["change"] < 0],
            "settled": [f"{item['what']} ({say('state_' + item['state'])})" for item in settled.get(site, [])],
        }
        for site, those in sorted(by_site.items(), key=lambda pair: (pair[1][0]["name"], pair[0]))
    ]


def _move(one: dict, titles: dict[str, str], say: Say) -> str:
    before, after = (f"{one[when]['mean']:.1f}" for when in ("before", "now"))
    return say("move", principle=titles[one["principle"]], before=before, now=after)


def _rests(person: Person, asked: Asked, say: Say) -> list[dict]:
    told, after = [], 0
    while True:
        page = coverage(person, replace(asked, after=after))
        told += page["settings"]
        after = len(told)
        if not page["settings"] or after >= page["total"]:
            break
    return [
        {"setting": one["name"], "figures": [say("of", n=one["counted"][name], of=one["of"]) for name in WEAK]}
        for one in told
    ]

"""What stands behind an audit's findings, as it goes on paper: its evidence, and the plan of what will be done."""

from collections.abc import Callable
from pathlib import Path

from sqlalchemy import select

from ..audits.models import Answer, Contributor
from ..db import db
from ..evidence.files import THUMBNAIL, path_of
from ..evidence.queries import evidence_of
from ..plans.due import OVERDUE, WEEK
from ..plans.queries import Planned, plan_of
from ..telling import day_in_words, day_told
from .words import speaker

ROLES = ("lead", "manager", "team")
RESIDENTS, RESIDENT = "residents", "resident"  # as a plan names them, and their voice


def evidence_by_criterion(audit_id: str, numbers: dict[str, str], spoken: dict, language: str) -> dict[str, list[dict]]:
    """The evidence of an audit by the criteria that it shows, each item told in words.

    A photo has its picture where it first comes, and after that says where that is (`at`). `numbers`: the criteria's
    numbers by their ids, in the checklist's order.
    """
    items = evidence_of(audit_id)
    told = {item["id"]: _item(item, spoken, language) for item in items}
    found: dict[str, list[dict]] = {}
    drawn: dict[str, str] = {}
    for criterion, number in numbers.items():
        for item in items:
            if criterion not in item["criteria"]:
                continue
            at = drawn.setdefault(item["id"], number) if told[item["id"]]["picture"] else number
            elsewhere = (
                {"picture": "", "at": speaker(language)("picture_at", number=at)} if at != number else {"at": ""}
            )
            found.setdefault(criterion, []).append(told[item["id"]] | elsewhere)
    return found


def pictures_of(audit_id: str) -> dict[str, bytes]:
    """The small pictures of an audit's photos, by the names that its report calls them."""
    found = {_picture(item): _thumbnail(item) for item in evidence_of(audit_id) if _is_here(item)}
    return {name: path.read_bytes() for name, path in found.items()}


def _thumbnail(item: dict) -> Path:
    return path_of(item["stored"], THUMBNAIL)


def _is_here(item: dict) -> bool:
    return bool(item.get("stored")) and _thumbnail(item).exists()


def _picture(item: dict) -> str:
    return f"{item['stored']}.jpg"


def _item(item: dict, spoken: dict, language: str) -> dict:
    say = speaker(language)
    missing = item["kind"] == "photo" and not _is_here(item)
    return {
        "kind": say(f"evidence_{item['kind']}"),
        "caption": item["caption"] or say("caption_differs"),
        "details": _details(item, spoken, say, language),
        "missing": say("photo_missing") if missing else "",
        "picture": _picture(item) if item["kind"] == "photo" and not missing else "",
        "sha256": item["sha256"] or "",
    }


def _details(item: dict, spoken: dict, say: Callable[..., str], language: str) -> str:
    """What belongs to an item of its kind, besides its words."""
    counted = item["count"] is not None
    parts = [
        spoken["voices"].get(item["voice"]),
        say("kept_where", where=item["where"]) if item["where"] else None,
        say("dated", day=day_told(item["dated"], language)) if item["dated"] else None,
        say("counted_of", n=item["count"], of=item["of"]) if counted and item["of"] else None,
        say("counted", n=item["count"]) if counted and not item["of"] else None,
        item["over"],
    ]
    return " · ".join(part for part in parts if part)


def plan_in_words(audit_id: str, numbers: dict[str, str], spoken: dict, language: str) -> list[dict]:
    """The plan as an audit knows it, overdue first, then by the day; with what was said that an item answers."""
    say = speaker(language)
    items = plan_of(audit_id)
    said = _said(items, spoken)
    roles = {role: say(f"whose_{role}") for role in ROLES} | {
        "": say("nobody_yet"),
        RESIDENTS: spoken["voices"][RESIDENT],
    }
    return [_planned(item, numbers, said, roles, language) for item in items]


def _planned(item: Planned, numbers: dict, said: dict, roles: dict, language: str) -> dict:
    say = speaker(language)
    state = f"state_{item.state}" if item.state else "state_unsettled"
    return {
        "what": item.what,
        "criteria": ", ".join(number for id, number in numbers.items() if id in item.criteria),
        "whose": roles.get(item.whose, item.whose),
        "due": day_in_words(item.due, language) if item.due else say("no_day"),
        "state": say(state),
        "urgent": {OVERDUE: say("overdue"), WEEK: say("this_week")}.get(item.stands, ""),
        "carried": say("carried") if item.carried else "",
        "outcome": say("outcome", text=item.outcome) if item.outcome else "",
        "reason": say("dropped_because", text=item.reason) if item.reason else "",
        "answers": [text for one in item.answers if (text := said.get((one["kind"], one["reference"])))],
    }


def _said(items: list[Planned], spoken: dict) -> dict[tuple[str, str], str]:
    """What was said that items answer, with its voice and without anybody's name, by kind and reference."""
    asked = {(one["kind"], one["reference"]) for item in items for one in item.answers}
    audits = {item.audit for item in items}
    told = {key: key[1] for key in asked if key[0] == "meeting"}
    for audit in audits if any(kind == "evidence" for kind, _ in asked) else ():
        for item in evidence_of(audit):
            if item["caption"]:
                told["evidence", item["id"]] = _quoted(item["caption"], item["voice"], spoken)
    for answer, voice in _answers(
        {reference.partition("/")[0] for kind, reference in asked if kind == "answer"}, audits
    ):
        told["answer", f"{answer.contributor_id}/{answer.criterion}"] = _quoted(answer.comment, voice, spoken)
    return told


def _answers(contributors: set[str], audits: set[str]):
    same = (Contributor.audit_id == Answer.audit_id) & (Contributor.id == Answer.contributor_id)
    query = select(Answer, Contributor.voice).outerjoin(Contributor, same)
    query = query.filter(Answer.contributor_id.in_(contributors), Answer.audit_id.in_(audits))
    query = query.filter(Contributor.withdrawn.is_not(True))
    return db.session.execute(query.filter(Answer.comment.is_not(None), Answer.comment != ""))


def _quoted(text: str, voice: str | None, spoken: dict) -> str:
    said = f"“{text}”"
    return f"{spoken['voices'][voice]}: {said}" if voice in spoken["voices"] else said

"""Draws an audit's tables from its registers: after each push where something changed, and all of it for `verify`."""

import json
from collections import Counter
from functools import cache

from flask import current_app
from sqlalchemy import Integer, String, bindparam, case, cast, delete, func, insert, select

from ..checklists.models import Edition
from ..db import db, upsert
from ..ledger.kinds import AUDIT, projection
from ..ledger.models import Operation, Stream
from ..ledger.perform import opening_of
from ..ledger.queries import standing_values
from .models import Answer, Audit, Contributor, Course, Finding, Progress, Score, Tally
from .scoring import STEPS, Heard, hear, progress, score

Changed = dict[str, dict[str, str]]


@projection(AUDIT, tables=(Score, Tally, Progress, Finding, Answer, Contributor, Audit))
def draw_audit(stream: Stream, changed: Changed) -> None:
    """Redraw what `changed` (register to live operation ids and values) touches.

    An audit whose opening is kept has no tables yet; once that is in force, all that was said meanwhile is drawn.
    """
    opens = "audit/opening" in changed
    if opens:
        _draw_opening(stream)
        changed = standing_values(stream)
    elif db.session.get(Audit, stream.id) is None:
        return
    sorted_out: dict[str, list[tuple[list[str], list]]] = {}
    for register, writes in changed.items():
        first, *path = register.split("/")
        values = [json.loads(value) for value in dict.fromkeys(writes.values())]
        sorted_out.setdefault(f"{first}/{path[-1]}", []).append((path[:-1], values))
    for name, draw in DRAW.items():
        if name in sorted_out:
            table, keys, row = draw
            put(table, keys, [_row(stream, keys, path) | row(values) for path, values in sorted_out[name]])
    touched = {path[-1] for name, found in sorted_out.items() if name in JUDGED for path, _ in found}
    _draw_progress(stream, touched, whole=opens)
    recounted = {path[-1] for path, _ in sorted_out.get("answer/rating", ())}
    regrouped = {path[0] for name in COUNTED for path, _ in sorted_out.get(name, ())}
    if opens:
        db.session.execute(TALLYING_ALL, {"audit": stream.id})
    else:
        _draw_tallies(stream, recounted | _answered_by(stream, regrouped))
    judged = {path[-1] for path, _ in sorted_out.get("finding/rating", ())}
    _draw_scores(stream, recounted | judged, whole=opens or bool(regrouped))


def _draw_opening(stream: Stream) -> None:
    opening = db.session.execute(
        select(Operation.author_id, Operation.at, Operation.received_at).filter_by(stream_id=stream.id, number=1)
    ).one()
    payload = opening_of(stream)
    course = db.session.get(Course, stream.id)
    row = {
        "id": stream.id,
        "site_id": payload["site"],
        "checklist": payload["checklist"],
        "edition": payload["edition"],
        "track": course.track if course else payload["track"],
        "stage": course.stage if course else "open",
        "opened_by": opening.author_id,
        "opened_at": opening.received_at,
        "at": opening.at,
    }
    db.session.execute(upsert(Audit.__table__).values(row).on_conflict_do_nothing())


def sole(values: list):
    """The value that stands alone; None where nothing stands or people differ."""
    return values[0] if len(values) == 1 else None


def _rating_row(values: list) -> dict:
    value = sole(values) or {}
    return {"rating": value.get("rating"), "reason": value.get("reason"), "rating_differs": len(values) > 1}


def _account_row(values: list) -> dict:
    value = sole(values) or {}
    return {name: value.get(name) for name in ("shows", "helps", "hinders")} | {"account_differs": len(values) > 1}


DRAW = {
    "contributor/label": (Contributor, ("id",), lambda values: {"label": sole(values) or _either(values)}),
    "contributor/voice": (Contributor, ("id",), lambda values: {"voice": sole(values)}),
    "contributor/withdrawn": (Contributor, ("id",), lambda values: {"withdrawn": sole(values) is True}),
    "answer/rating": (Answer, ("contributor_id", "criterion"), _rating_row),
    "answer/comment": (
        Answer,
        ("contributor_id", "criterion"),
        lambda values: {"comment": sole(values), "comment_differs": len(values) > 1},
    ),
    "finding/rating": (Finding, ("criterion",), _rating_row),
    "finding/account": (Finding, ("criterion",), _account_row),
}
JUDGED = {"answer/rating", "answer/comment", "finding/rating", "finding/account"}
COUNTED = ("contributor/voice", "contributor/withdrawn")


def _either(values: list) -> str | None:
    return " / ".join(sorted(values))[:80] if values else None


def _row(stream: Stream, keys: tuple[str, ...], path: list[str]) -> dict:
    return {"audit_id": stream.id} | dict(zip(keys, path, strict=True))


def put(table, keys: tuple[str, ...], rows: list[dict]) -> None:
    """Insert the rows, or change the columns they name where the row is there already."""
    names = tuple(name for name in rows[0] if name not in ("audit_id", *keys))
    db.session.execute(_putting(table, keys, names, db.engine.dialect.name), rows)


@cache
def _putting(table, keys: tuple[str, ...], names: tuple[str, ...], dialect: str):
    """The statement of `put`, built once: building it costs more than a dozen rows."""
    statement = upsert(table.__table__)
    return statement.on_conflict_do_update(
        index_elements=["audit_id", *keys], set_={name: statement.excluded[name] for name in names}
    )


def _draw_progress(stream: Stream, criteria: set[str], whole: bool) -> None:
    audit = db.session.get(Audit, stream.id)
    if audit is None:
        return
    edition = current_app.extensions["checklists"].find(audit.checklist, audit.edition)
    touched = {edition.principle_of[id] for id in criteria if id in edition.principle_of}
    if whole:
        touched = {principle.id for principle in edition.principles}
    if touched:
        _put_progress(stream, edition, touched)


def _put_progress(stream: Stream, edition: Edition, touched: set[str]) -> None:
    principles = {p.id: [c.id for c in p.criteria] for p in edition.principles if p.id in touched}
    positions = {principle.id: position for position, principle in enumerate(edition.principles)}
    ids = [id for criteria in principles.values() for id in criteria]
    answered, differing_answers = _tally(ANSWERED, stream, ids)
    agreed, differing_findings = _tally(AGREED, stream, ids)
    differences = differing_answers + differing_findings
    rows = [
        {
            "audit_id": stream.id,
            "principle": one.principle,
            "position": positions[one.principle],
            "criteria": one.criteria,
            "answered": one.answered,
            "agreed": one.agreed,
            "differences": one.differences,
        }
        for one in progress(principles, answered, agreed, differences)
    ]
    put(Progress, ("principle",), rows)


def _tally(query, stream: Stream, criteria: list[str]) -> tuple[set[str], Counter]:
    """The criteria that the query counts, and how many registers differ on each."""
    rows = db.session.execute(query, {"audit": stream.id, "criteria": criteria}).all()
    return {id for id, counted, _ in rows if counted}, Counter({id: differ for id, _, differ in rows})


def _tallying(table, counts, text_differs):
    """For each criterion: does any row of it count, and how many registers differ; summed by the database, so that a
    push costs no more where many have answered."""
    return (
        select(
            table.criterion,
            func.max(case((counts, 1), else_=0)),
            func.sum(case((table.rating_differs, 1), else_=0) + case((text_differs, 1), else_=0)),
        )
        .filter(table.audit_id == bindparam("audit"), table.criterion.in_(bindparam("criteria", expanding=True)))
        .group_by(table.criterion)
    )


def _is_given(table):
    """A rating, or the reason why the criterion does not apply."""
    return table.rating.is_not(None) | table.reason.is_not(None)


ANSWERED = _tallying(Answer, _is_given(Answer) | Answer.rating_differs, Answer.comment_differs)
AGREED = _tallying(Finding, _is_given(Finding), Finding.account_differs)


# tallies and scores


def _answered_by(stream: Stream, contributors: set[str]) -> set[str]:
    """The criteria that any of these contributors answered."""
    if not contributors:
        return set()
    query = select(Answer.criterion).filter(Answer.audit_id == stream.id, Answer.contributor_id.in_(contributors))
    return set(db.session.scalars(query))


def _draw_tallies(stream: Stream, criteria: set[str]) -> None:
    """Count these criteria anew. A voice that nobody speaks with any more has no row."""
    if not criteria:
        return
    asked = {"audit": stream.id, "criteria": sorted(criteria)}
    db.session.execute(UNTALLIED, asked)
    db.session.execute(TALLYING, asked)


def _draw_scores(stream: Stream, criteria: set[str], whole: bool) -> None:
    audit = db.session.get(Audit, stream.id)
    if not (criteria or whole):
        return
    edition = current_app.extensions["checklists"].find(audit.checklist, audit.edition)
    findings = dict(db.session.execute(GIVEN, {"audit": stream.id}).all())
    heard: dict[str, dict[str, Heard]] = {}
    for criterion, voice, not_applicable, *at in db.session.execute(HEARD, {"audit": stream.id}):
        heard.setdefault(criterion, {})[voice] = Heard(tuple(at), not_applicable)
    told = {criterion: hear(voices) for criterion, voices in heard.items()}
    rows = [
        {"audit_id": stream.id, "lens": lens, "heading": heading, "position": position}
        | _score_row(score(ids, findings, told))
        for (lens, heading), (position, ids) in edition.headings.items()
        if whole or not criteria.isdisjoint(ids)
    ]
    if rows:
        put(Score, ("lens", "heading"), rows)


def _score_row(found) -> dict:
    return {
        "criteria": found.criteria,
        **{f"at{step}": found.at[step] for step in STEPS},
        "not_applicable": found.not_applicable,
        "answered": found.answered,
        "alone": found.alone,
        "unheard": found.unheard,
        "voices": ",".join(found.voices),
        "gap": found.gap and found.gap.distance,
        "gap_criterion": found.gap and found.gap.criterion,
        "spread": found.spread and found.spread.distance,
        "spread_criterion": found.spread and found.spread.criterion,
    }


def _tallying_in(*said):
    """Each voice's ratings in these answers, counted by the database and put down where it counted them: however many
    speak, nothing comes back. The smallest text of contributor and rating ends with the rating of whoever's id comes
    first."""
    at = [func.sum(case((Answer.rating == step, 1), else_=0)) for step in STEPS]
    not_applicable = func.sum(case((Answer.rating.is_(None), 1), else_=0))
    first = func.min(Answer.contributor_id.concat(cast(Answer.rating, String)))
    counted = (
        select(
            Answer.audit_id,
            Answer.criterion,
            Contributor.voice,
            *at,
            not_applicable,
            cast(func.substr(first, ID_LENGTH + 1), Integer),
        )
        .join(Contributor, (Contributor.audit_id == Answer.audit_id) & (Contributor.id == Answer.contributor_id))
        .filter(
            Answer.audit_id == bindparam("audit"),
            *said,
            _is_given(Answer),
            ~Contributor.withdrawn,
            Contributor.voice.is_not(None),
        )
        .group_by(Answer.audit_id, Answer.criterion, Contributor.voice)
    )
    return insert(Tally.__table__).from_select(list(Tally.__table__.c.keys()), counted)


ID_LENGTH = 36
TALLYING = _tallying_in(Answer.criterion.in_(bindparam("criteria", expanding=True)))
TALLYING_ALL = _tallying_in()
UNTALLIED = delete(Tally.__table__).where(
    Tally.audit_id == bindparam("audit"), Tally.criterion.in_(bindparam("criteria", expanding=True))
)
HEARD = select(Tally.criterion, Tally.voice, Tally.not_applicable, Tally.at0, Tally.at1, Tally.at2, Tally.at3).filter(
    Tally.audit_id == bindparam("audit")
)
GIVEN = select(Finding.criterion, Finding.rating).filter(Finding.audit_id == bindparam("audit"), _is_given(Finding))

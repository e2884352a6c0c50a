"""What can be said in an audit. Each verb is a pure function from its payload to the registers it writes; the device's
`store/effects.js` holds the same functions, and both answer to `tests/vectors/effects.json`."""

from flask import current_app

from ..checklists.models import ChecklistUnknown, Edition
from ..db import db, upsert
from ..ledger.kinds import offline
from ..ledger.perform import Scene
from ..problems import NotFound, Problem
from ..sites.models import Site
from .models import Audit, Contributor, Course
from .schemas import (
    AnswerCommentSchema,
    AnswerRateSchema,
    ContributorAddSchema,
    ContributorWithdrawSchema,
    FindingAccountSchema,
    OpenSchema,
    RatingSchema,
)


class CriterionUnknown(Problem):
    """The edition that this audit uses has no such criterion."""

    title = "This edition has no such criterion"


class ContributorOfAnotherAudit(Problem):
    """A contributor speaks in one audit only; this one belongs to another."""

    title = "This contributor belongs to another audit"


class ChecklistNotOffered(Problem):
    """There is no such published checklist in that edition."""

    title = "No such checklist"


def _edition(scene: Scene) -> Edition:
    opening = scene.opening
    return current_app.extensions["checklists"].find(opening["checklist"], opening["edition"])


def _check_opening(scene: Scene, payload: dict) -> None:
    try:
        _edition(scene)
    except ChecklistUnknown as unknown:
        raise ChecklistNotOffered(unknown.detail) from None


def move_audit(audit: Audit, *, track: str | None = None, stage: str | None = None) -> None:
    """Note that an audit is on another track now, or at another stage of its way to an award."""
    audit.track, audit.stage = track or audit.track, stage or audit.stage
    moved = {"track": audit.track, "stage": audit.stage}
    putting = upsert(Course.__table__).values(audit_id=audit.id, **moved)
    db.session.execute(putting.on_conflict_do_update(index_elements=["audit_id"], set_=moved))
    db.session.flush()


def check_criteria(scene: Scene, criteria: list[str]) -> None:
    """Refuse criteria that the audit's edition does not have."""
    if "criteria" not in scene.memory:
        scene.memory["criteria"] = _edition(scene).criteria
    for criterion in criteria:
        if criterion not in scene.memory["criteria"]:
            raise CriterionUnknown(f"There is no criterion {criterion!r} in this edition.")


def _check_criterion(scene: Scene, payload: dict) -> None:
    check_criteria(scene, [payload["criterion"]])


def require_of_this_audit(scene: Scene, table, id: str, problem: type[Problem]) -> None:
    """Refuse, with `problem`, something that belongs to another audit. What nobody has heard of is taken: its beginning
    may still come (a restored service hears things again in another order)."""
    homes = scene.memory.setdefault(table.__tablename__, {})
    if id not in homes:
        elsewhere = db.select(table.audit_id).filter(table.id == id, table.audit_id != scene.stream.id)
        homes[id] = db.session.scalar(elsewhere.limit(1))
    if homes[id] is not None:
        raise problem()


def _check_contributor(scene: Scene, payload: dict) -> None:
    require_of_this_audit(scene, Contributor, payload["contributor"], ContributorOfAnotherAudit)


def _check_answer(scene: Scene, payload: dict) -> None:
    _check_criterion(scene, payload)
    _check_contributor(scene, payload)


def _is_asked(scene: Scene, payload: dict, asked: list[str]) -> bool:
    return payload["criterion"] in asked


def _is_new(scene: Scene, payload: dict, asked: list[str]) -> bool:
    """Whoever spoke before stays who they were, in the count or out of it."""
    return db.session.get(Contributor, (scene.stream.id, payload["contributor"])) is None


def _place(stream_id: str, payload: dict) -> tuple[str, str]:
    site = db.session.get(Site, payload["site"])
    if site is None:
        raise NotFound()
    return site.organisation_id, site.id


WARNED = {"en": " (kept although it may hold {found})", "cy": " (cadwyd er y gall gynnwys {found})"}
PAPER = {"en": " (from paper, {day})", "cy": " (o bapur, {day})"}
FOUND = {
    "nhs-number": {"en": "an NHS number", "cy": "rhif GIG"},
    "prison-number": {"en": "a prison number", "cy": "rhif carchar"},
    "national-insurance-number": {"en": "a National Insurance number", "cy": "rhif Yswiriant Gwladol"},
    "date-of-birth": {"en": "a date of birth", "cy": "dyddiad geni"},
    "phone-number": {"en": "a phone number", "cy": "rhif ffôn"},
    "e-mail-address": {"en": "an e-mail address", "cy": "cyfeiriad e-bost"},
}


def besides(payload: dict, language: str) -> str:
    """What the history says besides what was said: that it came from paper, and what its writer was warned of."""
    said = ""
    if "paper" in payload:
        said += PAPER[language].format(day="/".join(reversed(payload["paper"].split("-"))))
    if "warned" in payload:
        said += WARNED[language].format(found=", ".join(FOUND[name][language] for name in payload["warned"]))
    return said


NOT_APPLICABLE = {"en": "does not apply", "cy": "ddim yn berthnasol"}
NO_RATING = {"en": "no rating", "cy": "dim sgôr"}


def tell(scene: Scene, payload: dict, language: str) -> dict:
    """Words for the history: criterion, contributor and rating as people know them."""
    if "wording" not in scene.memory:
        scene.memory["wording"] = _Wording(scene, language)
    wording = scene.memory["wording"]
    told = payload | {"besides": besides(payload, language)}
    if "criterion" in payload:
        told["statement"] = wording.statement(payload["criterion"])
    if "contributor" in payload:
        told["contributor"] = payload.get("label") or wording.label(payload["contributor"])
    if "rating" in payload:
        told["rating"] = wording.rating(payload)
    if "checklist" in payload:
        told["checklist"] = wording.title
    return told


class _Wording:
    """The edition in the setting's words, and the contributors by name, looked up once a page of history."""

    def __init__(self, scene: Scene, language: str):
        site = db.session.get(Site, scene.stream.site_id)
        words = _edition(scene).in_words(site.sector, language)
        self.title = words["title"]
        self.language = language
        self.statements = {c["id"]: c["statement"] for p in words["principles"] for c in p["criteria"]}
        self.scale = {step["value"]: step["word"] for step in words["scale"]}
        query = db.select(Contributor.id, Contributor.label).filter_by(audit_id=scene.stream.id)
        self.labels = dict(db.session.execute(query).all())

    def statement(self, criterion: str) -> str:
        return self.statements.get(criterion, criterion)

    def label(self, contributor: str) -> str:
        return self.labels.get(contributor) or "?"

    def rating(self, payload: dict) -> str:
        if payload["rating"] is not None:
            return self.scale.get(payload["rating"], str(payload["rating"]))
        if payload.get("reason"):
            return f"{NOT_APPLICABLE[self.language]} ({payload['reason']})"
        return NO_RATING[self.language]


@offline(
    "audit.open",
    OpenSchema,
    {"en": "{who} opened the audit with “{checklist}”", "cy": "Agorodd {who} yr archwiliad gyda “{checklist}”"},
    check=_check_opening,
    opens=True,
    place=_place,
    tell=tell,
)
def open_audit(payload: dict) -> dict:
    """An audit's opening says what it is of, and by which edition."""
    return {"audit/opening": payload}


@offline(
    "contributor.add",
    ContributorAddSchema,
    {"en": "{who} added “{contributor}” to those who speak", "cy": "Ychwanegodd {who} “{contributor}” at y cyfranwyr"},
    check=_check_contributor,
    tell=tell,
    answers=_is_new,
)
def add_contributor(payload: dict) -> dict:
    """A contributor speaks with one voice; adding one again takes a withdrawal back."""
    at = f"contributor/{payload['contributor']}"
    return {f"{at}/label": payload["label"], f"{at}/voice": payload["voice"], f"{at}/withdrawn": False}


@offline(
    "contributor.withdraw",
    ContributorWithdrawSchema,
    {"en": "{who} took “{contributor}” out of the count", "cy": "Tynnodd {who} “{contributor}” o'r cyfrif"},
    check=_check_contributor,
    tell=tell,
)
def withdraw_contributor(payload: dict) -> dict:
    """A withdrawn contributor no longer counts; nothing they said is deleted."""
    return {f"contributor/{payload['contributor']}/withdrawn": True}


@offline(
    "answer.rate",
    AnswerRateSchema,
    {
        "en": "{who} wrote for “{contributor}”: “{statement}”: {rating}",
        "cy": "Ysgrifennodd {who} dros “{contributor}”: “{statement}”: {rating}",
    },
    check=_check_answer,
    tell=tell,
    answers=_is_asked,
)
def rate_answer(payload: dict) -> dict:
    """One contributor's rating of one criterion."""
    return {f"answer/{payload['contributor']}/{payload['criterion']}/rating": _rating(payload)}


@offline(
    "answer.comment",
    AnswerCommentSchema,
    {
        "en": "{who} commented for “{contributor}” on “{statement}”",
        "cy": "Rhoddodd {who} sylw dros “{contributor}” ar “{statement}”",
    },
    check=_check_answer,
    tell=tell,
    answers=_is_asked,
)
def comment_answer(payload: dict) -> dict:
    """One contributor's comment on one criterion, a register apart from the rating."""
    return {f"answer/{payload['contributor']}/{payload['criterion']}/comment": payload["text"]}


@offline(
    "finding.agree",
    RatingSchema,
    {"en": "{who} wrote down the finding on “{statement}”: {rating}", "cy": "Cofnododd {who} “{statement}”: {rating}"},
    check=_check_criterion,
    tell=tell,
    answers=_is_asked,
)
def agree_finding(payload: dict) -> dict:
    """What the team agrees on one criterion."""
    return {f"finding/{payload['criterion']}/rating": _rating(payload)}


@offline(
    "finding.account",
    FindingAccountSchema,
    {"en": "{who} wrote the account of “{statement}”", "cy": "Ysgrifennodd {who} hanes “{statement}”"},
    check=_check_criterion,
    tell=tell,
    answers=_is_asked,
)
def account_finding(payload: dict) -> dict:
    """What shows it, what helps, what hinders: one register."""
    account = {name: payload[name] for name in ("shows", "helps", "hinders")}
    return {f"finding/{payload['criterion']}/account": account}


def _rating(payload: dict) -> dict:
    rating = {"rating": payload["rating"]}
    return rating | ({"reason": payload["reason"]} if "reason" in payload else {})

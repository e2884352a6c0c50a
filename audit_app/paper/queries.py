"""What goes on paper: a blank form, and an audit's report, as plain data for a template."""

from dataclasses import dataclass
from datetime import date, datetime

from flask import current_app
from sqlalchemy import select

from ..audits.models import Answer, Audit, Contributor, Finding, Progress
from ..audits.queries import Seen, progress_of
from ..checklists.models import Edition
from ..db import db, is_id, now
from ..problems import Malformed, NotFound
from ..sites.models import Organisation, Site
from ..telling import day_in_words
from .backing import evidence_by_criterion, plan_in_words
from .drawing import qr, ring
from .words import speaker

VOICES = ("staff", "resident", "visitor", "assessor")
NAMED = {"staff", "assessor"}  # a resident or a visitor is never named on paper, whatever was typed as their label
ACCOUNT = ("shows", "helps", "hinders")


# The form


def blank_form(edition: Edition, sector: str, language: str, home: str) -> dict:
    """A form of an edition that belongs to no audit yet. `home`: where this service is."""
    return _form(
        edition.in_words(sector, language), language, _code(edition), f"{home}?form={edition.slug}-{edition.edition}"
    )


def form_for(seen: Seen, edition: Edition, contributor_id: str | None, language: str, home: str) -> dict:
    """A form for an audit, in the words of its setting, and for one of its contributors if one is named.

    A contributor of whom nobody has heard yet leaves room for voice and label: its introduction may still be on a
    phone. Refuses with `Malformed` when the audit is on another edition, and with `NotFound` a contributor of another
    audit, or one who was withdrawn.
    """
    audit, site = _audit_of(seen)
    if (audit.checklist, audit.edition) != (edition.slug, edition.edition):
        raise Malformed(f"This audit is on edition {audit.edition} of “{audit.checklist}”.")
    contributor = _contributor(audit, contributor_id) if contributor_id else None
    spoken = edition.in_words(site.sector, language)
    asked = f"?by={contributor_id}" if contributor_id else ""
    form = _form(spoken, language, _code(edition, audit.id, contributor_id), f"{home}{asked}#/audits/{audit.id}/paper")
    form["site"] = site.name
    if contributor:
        form["by"] = {
            "voice": spoken["voices"].get(contributor.voice) or form["words"]["voice_unknown"],
            "label": contributor.label or "",
        }
    return form


def _contributor(audit: Audit, id: str) -> Contributor | None:
    if not is_id(id):
        raise Malformed("contributor must be an id.")
    found = db.session.scalars(select(Contributor).filter_by(id=id)).first()
    if found and (found.audit_id != audit.id or found.withdrawn):
        raise NotFound()
    return found


def _code(edition: Edition, audit_id: str | None = None, contributor_id: str | None = None) -> str:
    """What a form is a form of, for people: the edition's initials and number, then the last six signs of the audit's
    id and of the contributor's, such as “EAFE1 4F9A1C B07E22”."""
    initials = "".join(word[0] for word in edition.slug.split("-")).upper()
    tails = [id[-6:].upper() for id in (audit_id, contributor_id) if id]
    return " ".join([f"{initials}{edition.edition}", *tails])


def _form(spoken: dict, language: str, code: str, address: str) -> dict:
    say = speaker(language)
    asked = ("form", "voice", "date", "how", "how_rate", "how_comment", "how_evidence", "how_later", "comment")
    asked += ("evidence", "evidence_number", "evidence_kind", "evidence_what", "voice_unknown", "voice_column")
    recipient = spoken["words"]["recipient"]
    return {
        **_sheet(spoken, language, asked),
        "title": say("form"),
        "code": code,
        "qr": qr(address),
        "qr_words": say("qr", code=code),
        "setting_word": say("setting", setting=spoken["words"]["setting"]),
        "label_word": say("label", recipient=recipient),
        "names_word": say("how_names", recipient=recipient),
        "voices": [spoken["voices"][voice] for voice in VOICES],
        "site": "",
        "by": None,
        "principles": [
            {
                "number": number,
                "title": principle["title"],
                "about": principle["about"],
                "criteria": [
                    {"number": f"{number}.{place}", "statement": criterion["statement"]}
                    for place, criterion in enumerate(principle["criteria"], 1)
                ],
            }
            for number, principle in enumerate(spoken["principles"], 1)
        ],
    }


def _sheet(spoken: dict, language: str, asked: tuple[str, ...]) -> dict:
    """What every sheet has: its language, its checklist, its scale, and these words."""
    say = speaker(language)
    usual = ("page", "page_of", "not_apply", "as_pdf", "other_language", "to_content", "demo", "scale", "code")
    return {
        "language": language,
        "checklist": spoken["title"],
        "edition": say("edition", n=spoken["edition"]),
        "draft": say("draft") if spoken["draft"] else "",
        "scale": [{"value": step["value"], "word": step["word"], "hint": step["hint"]} for step in spoken["scale"]],
        "words": {key: say(key) for key in (*usual, *asked)},
    }


# The report


@dataclass(frozen=True)
class Said:
    """What was said and shown in an audit, by criterion. Answers come with their contributor's voice, None while that
    is open."""

    answers: dict[str, list[tuple[Answer, str | None]]]
    findings: dict[str, Finding]
    evidence: dict[str, list[dict]]


def report_of(seen: Seen, language: str) -> dict:
    """The report of an audit as it stands now. Voices stand side by side and are never pooled."""
    audit, site = _audit_of(seen)
    edition = current_app.extensions["checklists"].find(audit.checklist, audit.edition)
    spoken = edition.in_words(site.sector, language)
    say = speaker(language)
    rows = progress_of([audit.id]).get(audit.id, [])
    asked = ("progress", "principle", "criteria", "answered", "agreed", "open_differences", "who", "who_why", "nobody")
    asked += ("voice_column", "groups", "names", "answers", "finding", "comments", "no_answers", "evidence_heading")
    asked += (
        "plan",
        "plan_why",
        "plan_what",
        "plan_whose",
        "plan_due",
        "plan_state",
        "plan_for",
        "no_plan",
        "you_said",
    )
    numbers = _numbers(spoken)
    said = _said(audit, evidence_by_criterion(audit.id, numbers, spoken, language))
    return {
        **_sheet(spoken, language, asked),
        "title": say("report"),
        "site": site.name,
        "about": site.about,
        "facts": _facts(seen, audit, site, spoken, language),
        "names_kept": say("names_kept", Voice=spoken["voices"]["resident"]),
        **_progress(rows, spoken, language),
        "contributors": _contributors(audit, spoken, language),
        "principles": _principles(said, rows, spoken, language),
        "plan": plan_in_words(audit.id, numbers, spoken, language),
    }


def _numbers(spoken: dict) -> dict[str, str]:
    """The numbers of the criteria on paper, by their ids, in order."""
    return {
        criterion["id"]: f"{number}.{place}"
        for number, principle in enumerate(spoken["principles"], 1)
        for place, criterion in enumerate(principle["criteria"], 1)
    }


def _audit_of(seen: Seen) -> tuple[Audit, Site]:
    audit = db.session.get(Audit, seen.stream.id)
    if audit is None:
        raise NotFound("Nothing of this audit is in force yet.")
    return audit, db.session.get(Site, audit.site_id)


def _facts(seen: Seen, audit: Audit, site: Site, spoken: dict, language: str) -> list[dict]:
    say = speaker(language)
    organisation = db.session.get(Organisation, site.organisation_id)
    told = {
        "organisation": organisation.name,
        "checklist": f"{spoken['title']}. {say('edition', n=audit.edition)}",
        "purpose": say(audit.track),
        "opened": day_in_words(_day(audit.at, audit.opened_at.date()), language),
        "as_of": day_in_words(now().date(), language),
        "record": seen.stream.cursor,
    }
    return [{"name": say(key), "value": value} for key, value in told.items()]


def _day(text: str, otherwise: date) -> date:
    """The day of a device's clock, where it said one."""
    try:
        return datetime.fromisoformat(text).date()
    except ValueError:
        return otherwise


def _progress(rows: list[Progress], spoken: dict, language: str) -> dict:
    say = speaker(language)
    titles = {principle["id"]: principle["title"] for principle in spoken["principles"]}
    done = sum(row.agreed >= row.criteria for row in rows)
    return {
        "ring": ring([(row.agreed / row.criteria, row.answered / row.criteria, row.differences > 0) for row in rows]),
        "ring_words": say("ring", n=done, of=len(rows)),
        "done_words": say("done_of", n=done, of=len(rows)),
        "progress": [
            {
                "number": number,
                "title": titles[row.principle],
                "criteria": row.criteria,
                "answered": row.answered,
                "agreed": row.agreed,
                "differences": row.differences,
            }
            for number, row in enumerate(rows, 1)
        ],
    }


def _contributors(audit: Audit, spoken: dict, language: str) -> list[dict]:
    found: dict[str | None, list[str]] = {}
    query = select(Contributor).filter_by(audit_id=audit.id, withdrawn=False).order_by(Contributor.label)
    for contributor in db.session.scalars(query):
        found.setdefault(contributor.voice, []).append(contributor.label or "?")
    return [
        {
            "voice": _voice_words(voice, spoken, language),
            "n": len(found[voice]),
            "names": ", ".join(found[voice]) if voice in NAMED else "",
        }
        for voice in (*VOICES, None)
        if voice in found
    ]


def _voice_words(voice: str | None, spoken: dict, language: str) -> str:
    return spoken["voices"].get(voice) or speaker(language)("voice_unknown")


def _said(audit: Audit, evidence: dict[str, list[dict]]) -> Said:
    """All that was said, of contributors who have not been withdrawn, in the order in which they were added."""
    same = (Contributor.audit_id == Answer.audit_id) & (Contributor.id == Answer.contributor_id)
    query = (
        select(Answer, Contributor.voice)
        .outerjoin(Contributor, same)
        .filter(Answer.audit_id == audit.id, Contributor.withdrawn.is_not(True))
        .order_by(Answer.contributor_id)
    )
    answers: dict[str, list[tuple[Answer, str | None]]] = {}
    for answer, voice in db.session.execute(query):
        answers.setdefault(answer.criterion, []).append((answer, voice))
    findings = db.session.scalars(select(Finding).filter_by(audit_id=audit.id))
    return Said(answers, {finding.criterion: finding for finding in findings}, evidence)


def _principles(said: Said, rows: list[Progress], spoken: dict, language: str) -> list[dict]:
    agreed = {row.principle: row for row in rows}
    say = speaker(language)
    return [
        {
            "number": number,
            "title": principle["title"],
            "about": principle["about"],
            "agreed_words": say("agreed_of", n=agreed[principle["id"]].agreed, of=agreed[principle["id"]].criteria),
            "criteria": [
                _criterion(f"{number}.{place}", criterion, said, spoken, language)
                for place, criterion in enumerate(principle["criteria"], 1)
            ],
        }
        for number, principle in enumerate(spoken["principles"], 1)
    ]


def _criterion(number: str, criterion: dict, said: Said, spoken: dict, language: str) -> dict:
    answers, finding = said.answers.get(criterion["id"], []), said.findings.get(criterion["id"])
    by_voice = {
        voice: found
        for voice in (*VOICES, None)
        if (found := [answer for answer, whose in answers if whose == voice and _says_something(answer)])
    }
    return {
        "number": number,
        "statement": criterion["statement"],
        "finding": _finding(finding, spoken, language),
        "account": _account(finding, language),
        "voices": [_voice(voice, found, spoken, language) for voice, found in by_voice.items()],
        "comments": [
            {"voice": _voice_words(voice, spoken, language), "texts": texts}
            for voice, found in by_voice.items()
            if (texts := [text for answer in found for text in _texts(answer, language)])
        ],
        "evidence": said.evidence.get(criterion["id"], []),
        "unsettled": [
            *([speaker(language)("account_differs")] if finding and finding.account_differs else []),
            *(line for voice, found in by_voice.items() for line in _unsettled(voice, found, spoken, language)),
        ],
    }


def _says_something(answer: Answer) -> bool:
    return bool(
        answer.rating is not None or answer.reason or answer.comment or answer.rating_differs or answer.comment_differs
    )


def _finding(finding: Finding | None, spoken: dict, language: str) -> dict:
    """The finding in words. `value` is the rating; None where there is none, and `state` says why."""
    say = speaker(language)
    if finding is None or (finding.rating is None and not finding.reason and not finding.rating_differs):
        return {"state": "none", "value": None, "word": say("no_finding"), "reason": ""}
    if finding.rating_differs:
        return {"state": "differs", "value": None, "word": say("differs"), "reason": ""}
    if finding.rating is None:
        return {"state": "not-apply", "value": None, "word": say("not_apply"), "reason": finding.reason}
    words = {step["value"]: step["word"] for step in spoken["scale"]}
    return {"state": "agreed", "value": finding.rating, "word": words[finding.rating], "reason": ""}


def _account(finding: Finding | None, language: str) -> list[dict]:
    say = speaker(language)
    if finding is None or finding.account_differs:
        return []
    return [{"name": say(part), "text": text} for part in ACCOUNT if (text := getattr(finding, part))]


def _voice(voice: str | None, answers: list[Answer], spoken: dict, language: str) -> dict:
    """How many of one voice gave each rating. `n`: how many of them rated, or said that it does not apply."""
    ratings = [answer.rating for answer in answers if answer.rating is not None]
    not_apply = sum(answer.rating is None and bool(answer.reason) for answer in answers)
    return {
        "name": _voice_words(voice, spoken, language),
        "counts": [ratings.count(step["value"]) for step in spoken["scale"]],
        "not_apply": not_apply,
        "n": len(ratings) + not_apply,
    }


def _texts(answer: Answer, language: str) -> list[str]:
    reason = f"{speaker(language)('not_apply')}: {answer.reason}" if answer.reason else None
    return [text for text in (reason, answer.comment) if text]


def _unsettled(voice: str | None, answers: list[Answer], spoken: dict, language: str) -> list[str]:
    say, name = speaker(language), _voice_words(voice, spoken, language)
    ratings, comments = (sum(getattr(a, which) for a in answers) for which in ("rating_differs", "comment_differs"))
    return [
        *([say("rating_unsettled", voice=name, n=ratings)] if ratings else []),
        *([say("comment_unsettled", voice=name, n=comments)] if comments else []),
    ]

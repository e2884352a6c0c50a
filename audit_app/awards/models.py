"""What is held of an audit's way to an award, and of the award. `Submission` is one row an audit, which every step
locks; the rest are the facts that the state machine of `stages.py` asks for, and what stands in the register.

Days are written 2026-11-23. Whatever may happen once only is a named constraint.
"""

from datetime import datetime

from sqlalchemy import Boolean, ForeignKey, Index, Integer, String, Text, text
from sqlalchemy.orm import Mapped, mapped_column

from ..db import Id, Moment, db
from .assessment.judging import JUDGEMENTS
from .stages import ACTION_POINTS, APPEALED, CLEAR, CONFLICT, DISMISSED, OPEN, READY, STAGES, UPHELD

LIST_PLACES = 131072  # how many awards of one body a status list has room for
Day = String(10)
Stage = String(20)


def _one_of(column: str, values: tuple[str, ...], may_be_null: bool = False) -> str:
    listed = ", ".join(f"'{value}'" for value in values)
    return f"{column} IN ({listed})" + (f" OR {column} IS NULL" if may_be_null else "")


def _only_where(condition: str) -> dict:
    return {"sqlite_where": text(condition), "postgresql_where": text(condition)}


class Submission(db.Model):
    """An audit on its way to an award: to which body it was submitted, how far it has come, and those facts of its
    history that guards ask for. A row is there from the first submission on.

    `sealed_number` and `sealed_digest`: what the audit's ledger said when it was submitted; that is what is judged.
    `stream_id`: the stream of its way through the body, once the body has taken it on.
    `listed`: the site consents that an award would stand in the public register.
    """

    audit_id: Mapped[str] = mapped_column(ForeignKey("stream.id"), primary_key=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    stage: Mapped[str] = mapped_column(Stage)
    stream_id: Mapped[str | None] = mapped_column(ForeignKey("stream.id"), unique=True)
    sealed_number: Mapped[int] = mapped_column(Integer)
    sealed_digest: Mapped[str] = mapped_column(String(64))
    submitted_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    submitted_at: Mapped[datetime] = mapped_column(Moment)
    listed: Mapped[bool] = mapped_column(Boolean, default=False)
    released_on: Mapped[str | None] = mapped_column(Day)
    facts_checked: Mapped[bool] = mapped_column(Boolean, default=False)
    decided_on: Mapped[str | None] = mapped_column(Day)
    awarded_on: Mapped[str | None] = mapped_column(Day)
    interim_on: Mapped[str | None] = mapped_column(Day)
    appealed_from: Mapped[str | None] = mapped_column(Stage)

    __table_args__ = (
        Index("submission_at_a_body", "body_id", "stage", "submitted_at"),
        db.CheckConstraint(_one_of("stage", STAGES), name="stage_known"),
        db.CheckConstraint("sealed_number >= 1", name="sealed_after_something"),
        db.CheckConstraint(f"(stage = '{APPEALED}') = (appealed_from IS NOT NULL)", name="appealed_from_somewhere"),
    )

    @property
    def is_open(self) -> bool:
        """Is the audit with its team: never submitted, recalled or returned?"""
        return self.stage == OPEN


class Return(db.Model):
    """That an assessor gave a submission back, and why. `reasons`: a JSON list of `{"criterion", "text"}`; one that is
    about no criterion in particular has none."""

    __tablename__ = "submission_return"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    audit_id: Mapped[str] = mapped_column(ForeignKey("submission.audit_id"), index=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    returned_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    returned_at: Mapped[datetime] = mapped_column(Moment)
    reasons: Mapped[str] = mapped_column(Text)


class Assessment(db.Model):
    """One assessor's work on one submission; its id is that of its stream. `blinded`: the assessor sees nothing of
    another's work on the same submission, nor the reverse, before both have reported. `begun_at`: the first judgement.
    """

    id: Mapped[str] = mapped_column(ForeignKey("stream.id"), primary_key=True)
    audit_id: Mapped[str] = mapped_column(ForeignKey("submission.audit_id"))
    body_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), index=True)
    assessor_id: Mapped[str] = mapped_column(ForeignKey("person.id"), index=True)
    blinded: Mapped[bool] = mapped_column(Boolean, default=False)
    assigned_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    assigned_at: Mapped[datetime] = mapped_column(Moment)
    begun_at: Mapped[datetime | None] = mapped_column(Moment)
    reported_at: Mapped[datetime | None] = mapped_column(Moment)
    released_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        Index("assessment_once_a_person", "audit_id", "body_id", "assessor_id", unique=True),
        db.CheckConstraint("released_at IS NULL OR reported_at IS NOT NULL", name="reported_before_released"),
    )


class Calibration(db.Model):
    """Of how many submissions in a hundred an awarding body wants a second, blinded assessor; of none without a row."""

    body_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"), primary_key=True)
    share: Mapped[int] = mapped_column(Integer)

    __table_args__ = (db.CheckConstraint("share BETWEEN 0 AND 100", name="share_of_a_hundred"),)


class Judgement(db.Model):
    """What an assessor holds on one criterion, drawn from their assessment's registers. Where two devices of theirs
    differ nothing stands yet, and `differs` says so."""

    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    criterion: Mapped[str] = mapped_column(String(40), primary_key=True)
    judgement: Mapped[str | None] = mapped_column(String(16))
    reason: Mapped[str | None] = mapped_column(Text)
    differs: Mapped[bool] = mapped_column(Boolean, default=False)

    __table_args__ = (db.CheckConstraint(_one_of("judgement", JUDGEMENTS, may_be_null=True), name="judgement_known"),)


class Sighting(db.Model):
    """Something an assessor saw or heard on the visit, drawn from their assessment's registers. `criteria`: a JSON list
    of those it bears on."""

    __tablename__ = "visit_sighting"

    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    id: Mapped[str] = mapped_column(Id, primary_key=True)
    criteria: Mapped[str | None] = mapped_column(Text)
    says: Mapped[str | None] = mapped_column(Text)
    differs: Mapped[bool] = mapped_column(Boolean, default=False)
    withdrawn: Mapped[bool] = mapped_column(Boolean, default=False)


class Remark(db.Model):
    """What an assessor says of the whole, drawn from their assessment's registers."""

    __tablename__ = "assessment_remark"

    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"), primary_key=True)
    strengths: Mapped[str | None] = mapped_column(Text)
    suggestions: Mapped[str | None] = mapped_column(Text)
    differs: Mapped[bool] = mapped_column(Boolean, default=False)


class Report(db.Model):
    """An assessor's initial report, and the judgements as they stood then (a JSON object of criterion to judgement), by
    which assessors are compared. `points`: a JSON list of `{"criterion", "text"}`; `answers` are the site's, alike."""

    __tablename__ = "assessment_report"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"), index=True)
    audit_id: Mapped[str] = mapped_column(ForeignKey("submission.audit_id"), index=True)
    reported_at: Mapped[datetime] = mapped_column(Moment)
    outcome: Mapped[str] = mapped_column(String(16))
    due: Mapped[str | None] = mapped_column(Day)
    points: Mapped[str] = mapped_column(Text)
    judgements: Mapped[str] = mapped_column(Text)
    answers: Mapped[str | None] = mapped_column(Text)
    answered_by: Mapped[str | None] = mapped_column(ForeignKey("person.id"))
    answered_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (
        db.CheckConstraint(_one_of("outcome", (READY, ACTION_POINTS)), name="outcome_known"),
        db.CheckConstraint(f"(outcome = '{ACTION_POINTS}') = (due IS NOT NULL)", name="action_points_are_due"),
        db.CheckConstraint("(answers IS NULL) = (answered_at IS NULL)", name="answered_at_a_time"),
    )


class Visit(db.Model):
    """That an assessor visited: when, who was met (roles, or how many; never a resident's name), what was seen."""

    __tablename__ = "assessment_visit"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    assessment_id: Mapped[str] = mapped_column(ForeignKey("assessment.id"), index=True)
    visited_on: Mapped[str] = mapped_column(Day)
    people: Mapped[str] = mapped_column(Text)
    says: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Correction(db.Model):
    """What a site corrected in a report's facts: a JSON list of `{"criterion", "text"}`, empty where they are right."""

    __tablename__ = "report_correction"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    audit_id: Mapped[str] = mapped_column(ForeignKey("submission.audit_id"), index=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    corrected_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    corrected_at: Mapped[datetime] = mapped_column(Moment)
    corrections: Mapped[str] = mapped_column(Text)


class Interest(db.Model):
    """What somebody last declared of their interests in a submission: clear, or a conflict, which stays one."""

    audit_id: Mapped[str] = mapped_column(ForeignKey("submission.audit_id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    declared: Mapped[str] = mapped_column(String(8))
    says: Mapped[str] = mapped_column(Text)
    declared_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (db.CheckConstraint(_one_of("declared", (CLEAR, CONFLICT)), name="declared_known"),)


class Panel(db.Model):
    """Those who were asked to decide together; an audit has one panel at a time that is not `closed_at`."""

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    audit_id: Mapped[str] = mapped_column(ForeignKey("submission.audit_id"), index=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    convened_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    convened_at: Mapped[datetime] = mapped_column(Moment)
    sits_on: Mapped[str | None] = mapped_column(Day)
    closed_at: Mapped[datetime | None] = mapped_column(Moment)

    __table_args__ = (Index("panel_one_at_a_time", "audit_id", unique=True, **_only_where("closed_at IS NULL")),)


class Member(db.Model):
    """Somebody who sits on a panel. `left_at`: they declared a conflict since, and sit there no more."""

    __tablename__ = "panel_member"

    panel_id: Mapped[str] = mapped_column(ForeignKey("panel.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    left_at: Mapped[datetime | None] = mapped_column(Moment)


class View(db.Model):
    """What one member of a panel holds before it decides: which outcome, and why."""

    __tablename__ = "panel_view"

    panel_id: Mapped[str] = mapped_column(ForeignKey("panel.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True)
    outcome: Mapped[str] = mapped_column(String(20))
    reasons: Mapped[str] = mapped_column(Text)
    recorded_at: Mapped[datetime] = mapped_column(Moment)


class Decision(db.Model):
    """What a panel decided: `verb` (such as `panel.decide`), outcome, reasons, the letter that went out, and the rule's
    own verdict (`rule_says`, one of the states of `rules.py`) beside it. A panel decides once.

    `against_rule`: the published reason where the decision is another than the rule's; `published`: what the register
    says of why an award was suspended, restored or withdrawn, where the panel wants it to say anything. `criteria` (a
    JSON list) and `due`: what a deferral is about, and by when; `answer`, `answered_at`: what the site answered to it.
    """

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    audit_id: Mapped[str] = mapped_column(ForeignKey("submission.audit_id"), index=True)
    panel_id: Mapped[str] = mapped_column(ForeignKey("panel.id"))
    verb: Mapped[str] = mapped_column(String(20))
    outcome: Mapped[str | None] = mapped_column(String(20))
    reasons: Mapped[str] = mapped_column(Text)
    rule_says: Mapped[str | None] = mapped_column(String(12))
    against_rule: Mapped[str | None] = mapped_column(Text)
    published: Mapped[str | None] = mapped_column(Text)
    letter: Mapped[str] = mapped_column(Text, default="")
    criteria: Mapped[str] = mapped_column(Text, default="[]")
    due: Mapped[str | None] = mapped_column(Day)
    answer: Mapped[str | None] = mapped_column(Text)
    answered_at: Mapped[datetime | None] = mapped_column(Moment)
    decided_on: Mapped[str] = mapped_column(Day)
    decided_at: Mapped[datetime] = mapped_column(Moment)

    __table_args__ = (Index("decision_one_a_panel", "panel_id", unique=True),)


class Decider(db.Model):
    """Somebody who took part in a decision. `barred`: an appeal was lodged since; they do not decide it."""

    __tablename__ = "decision_member"

    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"), primary_key=True)
    person_id: Mapped[str] = mapped_column(ForeignKey("person.id"), primary_key=True, index=True)
    barred: Mapped[bool] = mapped_column(Boolean, default=False)


class Appeal(db.Model):
    """That a site does not accept a decision, on what grounds, and what became of it. One at a time."""

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    audit_id: Mapped[str] = mapped_column(ForeignKey("submission.audit_id"), index=True)
    lodged_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    lodged_on: Mapped[str] = mapped_column(Day)
    lodged_at: Mapped[datetime] = mapped_column(Moment)
    grounds: Mapped[str] = mapped_column(Text)
    outcome: Mapped[str | None] = mapped_column(String(12))
    decision_id: Mapped[str | None] = mapped_column(ForeignKey("decision.id"))

    __table_args__ = (
        Index("appeal_one_at_a_time", "audit_id", unique=True, **_only_where("outcome IS NULL")),
        db.CheckConstraint(_one_of("outcome", (UPHELD, DISMISSED), may_be_null=True), name="outcome_known"),
        db.CheckConstraint("(outcome IS NULL) = (decision_id IS NULL)", name="decided_by_a_panel"),
    )


class Award(db.Model):
    """A status that a place was given. `number` is what people know it by (see `numbers.py`), `list_index` its place in
    the body's status lists, drawn at random. `until`: the first day on which it holds no more; it lapses by itself.

    `holder` is the place's name on the day of the award. `listed`: the site consents to the public register.
    `record_digest`: the digest of the audit's ledger that was judged.
    """

    number: Mapped[str] = mapped_column(String(20), primary_key=True)
    audit_id: Mapped[str] = mapped_column(ForeignKey("submission.audit_id"), unique=True)
    site_id: Mapped[str] = mapped_column(ForeignKey("site.id"), index=True)
    body_id: Mapped[str] = mapped_column(ForeignKey("organisation.id"))
    decision_id: Mapped[str] = mapped_column(ForeignKey("decision.id"))
    holder: Mapped[str] = mapped_column(String(120))
    checklist: Mapped[str] = mapped_column(String(80))
    edition: Mapped[int] = mapped_column(Integer)
    decided_on: Mapped[str] = mapped_column(Day)
    until: Mapped[str] = mapped_column(Day)
    list_index: Mapped[int] = mapped_column(Integer)
    interim_on: Mapped[str | None] = mapped_column(Day)
    suspended_on: Mapped[str | None] = mapped_column(Day)
    withdrawn_on: Mapped[str | None] = mapped_column(Day)
    replaced_by: Mapped[str | None] = mapped_column(ForeignKey("award.number"))
    listed: Mapped[bool] = mapped_column(Boolean, default=False)
    record_digest: Mapped[str] = mapped_column(String(64))

    __table_args__ = (
        Index("award_one_place_in_lists", "body_id", "list_index", unique=True),
        Index("award_in_the_register", "decided_on", "number", **_only_where("listed")),
        db.CheckConstraint(f"list_index >= 0 AND list_index < {LIST_PLACES}", name="place_in_lists"),
        db.CheckConstraint("until > decided_on", name="holds_for_a_time"),
        db.CheckConstraint("replaced_by IS NULL OR replaced_by <> number", name="replaced_by_another"),
    )


class Interim(db.Model):
    """That an award was looked at again half-way, by whom, and what was found."""

    __tablename__ = "interim_review"

    id: Mapped[str] = mapped_column(Id, primary_key=True)
    award_number: Mapped[str] = mapped_column(ForeignKey("award.number"), index=True)
    reviewed_by: Mapped[str] = mapped_column(ForeignKey("person.id"))
    reviewed_on: Mapped[str] = mapped_column(Day)
    reviewed_at: Mapped[datetime] = mapped_column(Moment)
    says: Mapped[str] = mapped_column(Text)


class Issued(db.Model):
    """A credential that was signed for an award: the token, and the digest by which it is known again. One is
    `current`; what was issued before it stays known."""

    __tablename__ = "award_issued"

    digest: Mapped[str] = mapped_column(String(64), primary_key=True)
    award_number: Mapped[str] = mapped_column(ForeignKey("award.number"), index=True)
    token: Mapped[str] = mapped_column(Text)
    issued_at: Mapped[datetime] = mapped_column(Moment)
    current: Mapped[bool] = mapped_column(Boolean)

    __table_args__ = (Index("award_issued_one_current", "award_number", unique=True, **_only_where('"current"')),)

"""Recognition: submissions, assessments, panels, decisions, awards; organisations that award, and sealed audits"""

import sqlalchemy as sa
from alembic import op

revision = "0007"
down_revision = "0006"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("stream", sa.Column("sealed_at", sa.Integer(), nullable=True))
    op.add_column("organisation", sa.Column("awards", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.create_table(
        "audit_course",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("track", sa.String(length=12), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.CheckConstraint("track IN ('development', 'award')", name=op.f("audit_course_track_known")),
        sa.ForeignKeyConstraint(["audit_id"], ["stream.id"], name=op.f("audit_course_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("audit_course_key")),
    )

    op.create_table(
        "submission",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("body_id", sa.String(length=36), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("stream_id", sa.String(length=36), nullable=True),
        sa.Column("sealed_number", sa.Integer(), nullable=False),
        sa.Column("sealed_digest", sa.String(length=64), nullable=False),
        sa.Column("submitted_by", sa.String(length=36), nullable=False),
        sa.Column("submitted_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("released_on", sa.String(length=10), nullable=True),
        sa.Column("facts_checked", sa.Boolean(), nullable=False),
        sa.Column("decided_on", sa.String(length=10), nullable=True),
        sa.Column("awarded_on", sa.String(length=10), nullable=True),
        sa.Column("interim_on", sa.String(length=10), nullable=True),
        sa.Column("appealed_from", sa.String(length=20), nullable=True),
        sa.CheckConstraint(
            "(stage = 'appealed') = (appealed_from IS NOT NULL)", name=op.f("submission_appealed_from_somewhere")
        ),
        sa.CheckConstraint(
            "stage IN ('open', 'submitted', 'assessing', 'action-points', 'ready', 'visited', 'released', "
            "'awarded', 'deferred', 'not-awarded', 'suspended', 'withdrawn', 'renewed', 'appealed')",
            name=op.f("submission_stage_known"),
        ),
        sa.CheckConstraint("sealed_number >= 1", name=op.f("submission_sealed_after_something")),
        sa.ForeignKeyConstraint(["audit_id"], ["stream.id"], name=op.f("submission_audit_id_exists")),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("submission_body_id_exists")),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], name=op.f("submission_stream_id_exists")),
        sa.ForeignKeyConstraint(["submitted_by"], ["person.id"], name=op.f("submission_submitted_by_exists")),
        sa.PrimaryKeyConstraint("audit_id", name=op.f("submission_key")),
        sa.UniqueConstraint("stream_id", name=op.f("submission_stream_id_once")),
    )

    with op.batch_alter_table("submission", schema=None) as batch_op:
        batch_op.create_index("submission_at_a_body", ["body_id", "stage", "submitted_at"], unique=False)

    op.create_table(
        "assessment",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("body_id", sa.String(length=36), nullable=False),
        sa.Column("assessor_id", sa.String(length=36), nullable=False),
        sa.Column("blinded", sa.Boolean(), nullable=False),
        sa.Column("assigned_by", sa.String(length=36), nullable=False),
        sa.Column("assigned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("begun_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("released_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "released_at IS NULL OR reported_at IS NOT NULL", name=op.f("assessment_reported_before_released")
        ),
        sa.ForeignKeyConstraint(["assessor_id"], ["person.id"], name=op.f("assessment_assessor_id_exists")),
        sa.ForeignKeyConstraint(["assigned_by"], ["person.id"], name=op.f("assessment_assigned_by_exists")),
        sa.ForeignKeyConstraint(["audit_id"], ["submission.audit_id"], name=op.f("assessment_audit_id_exists")),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("assessment_body_id_exists")),
        sa.ForeignKeyConstraint(["id"], ["stream.id"], name=op.f("assessment_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("assessment_key")),
    )

    with op.batch_alter_table("assessment", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("assessment_assessor_id_index"), ["assessor_id"], unique=False)
        batch_op.create_index(batch_op.f("assessment_body_id_index"), ["body_id"], unique=False)
        batch_op.create_index("assessment_once_a_person", ["audit_id", "body_id", "assessor_id"], unique=True)

    op.create_table(
        "interest",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("declared", sa.String(length=8), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("declared_at", sa.DateTime(timezone=True), nullable=False),
        sa.CheckConstraint("declared IN ('clear', 'conflict')", name=op.f("interest_declared_known")),
        sa.ForeignKeyConstraint(["audit_id"], ["submission.audit_id"], name=op.f("interest_audit_id_exists")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("interest_person_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "person_id", name=op.f("interest_key")),
    )

    op.create_table(
        "panel",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("body_id", sa.String(length=36), nullable=False),
        sa.Column("convened_by", sa.String(length=36), nullable=False),
        sa.Column("convened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("sits_on", sa.String(length=10), nullable=True),
        sa.Column("closed_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["submission.audit_id"], name=op.f("panel_audit_id_exists")),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("panel_body_id_exists")),
        sa.ForeignKeyConstraint(["convened_by"], ["person.id"], name=op.f("panel_convened_by_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("panel_key")),
    )

    with op.batch_alter_table("panel", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("panel_audit_id_index"), ["audit_id"], unique=False)
        batch_op.create_index(
            "panel_one_at_a_time",
            ["audit_id"],
            unique=True,
            sqlite_where=sa.text("closed_at IS NULL"),
            postgresql_where=sa.text("closed_at IS NULL"),
        )

    op.create_table(
        "submission_return",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("body_id", sa.String(length=36), nullable=False),
        sa.Column("returned_by", sa.String(length=36), nullable=False),
        sa.Column("returned_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["submission.audit_id"], name=op.f("submission_return_audit_id_exists")),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("submission_return_body_id_exists")),
        sa.ForeignKeyConstraint(["returned_by"], ["person.id"], name=op.f("submission_return_returned_by_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("submission_return_key")),
    )

    with op.batch_alter_table("submission_return", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("submission_return_audit_id_index"), ["audit_id"], unique=False)

    op.create_table(
        "decision",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("verb", sa.String(length=20), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=True),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("rule_says", sa.String(length=12), nullable=True),
        sa.Column("against_rule", sa.Text(), nullable=True),
        sa.Column("letter", sa.Text(), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("answer", sa.Text(), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("decided_on", sa.String(length=10), nullable=False),
        sa.Column("decided_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["submission.audit_id"], name=op.f("decision_audit_id_exists")),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("decision_panel_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("decision_key")),
    )

    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("decision_audit_id_index"), ["audit_id"], unique=False)
        batch_op.create_index("decision_one_a_panel", ["panel_id"], unique=True)

    op.create_table(
        "panel_member",
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("left_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("panel_member_panel_id_exists")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("panel_member_person_id_exists")),
        sa.PrimaryKeyConstraint("panel_id", "person_id", name=op.f("panel_member_key")),
    )

    with op.batch_alter_table("panel_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("panel_member_person_id_index"), ["person_id"], unique=False)

    op.create_table(
        "panel_view",
        sa.Column("panel_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("outcome", sa.String(length=20), nullable=False),
        sa.Column("reasons", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["panel_id"], ["panel.id"], name=op.f("panel_view_panel_id_exists")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("panel_view_person_id_exists")),
        sa.PrimaryKeyConstraint("panel_id", "person_id", name=op.f("panel_view_key")),
    )

    op.create_table(
        "appeal",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("lodged_by", sa.String(length=36), nullable=False),
        sa.Column("lodged_on", sa.String(length=10), nullable=False),
        sa.Column("lodged_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("grounds", sa.Text(), nullable=False),
        sa.Column("outcome", sa.String(length=12), nullable=True),
        sa.Column("decision_id", sa.String(length=36), nullable=True),
        sa.CheckConstraint("outcome IN ('upheld', 'dismissed') OR outcome IS NULL", name=op.f("appeal_outcome_known")),
        sa.CheckConstraint("(outcome IS NULL) = (decision_id IS NULL)", name=op.f("appeal_decided_by_a_panel")),
        sa.ForeignKeyConstraint(["audit_id"], ["submission.audit_id"], name=op.f("appeal_audit_id_exists")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("appeal_decision_id_exists")),
        sa.ForeignKeyConstraint(["lodged_by"], ["person.id"], name=op.f("appeal_lodged_by_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("appeal_key")),
    )

    with op.batch_alter_table("appeal", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("appeal_audit_id_index"), ["audit_id"], unique=False)
        batch_op.create_index(
            "appeal_one_at_a_time",
            ["audit_id"],
            unique=True,
            sqlite_where=sa.text("outcome IS NULL"),
            postgresql_where=sa.text("outcome IS NULL"),
        )

    op.create_table(
        "award",
        sa.Column("number", sa.String(length=20), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("body_id", sa.String(length=36), nullable=False),
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("holder", sa.String(length=120), nullable=False),
        sa.Column("checklist", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("decided_on", sa.String(length=10), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("list_index", sa.Integer(), nullable=False),
        sa.Column("interim_on", sa.String(length=10), nullable=True),
        sa.Column("suspended_on", sa.String(length=10), nullable=True),
        sa.Column("withdrawn_on", sa.String(length=10), nullable=True),
        sa.Column("replaced_by", sa.String(length=20), nullable=True),
        sa.Column("listed", sa.Boolean(), nullable=False),
        sa.Column("record_digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("list_index >= 0 AND list_index < 131072", name=op.f("award_place_in_lists")),
        sa.CheckConstraint("replaced_by IS NULL OR replaced_by <> number", name=op.f("award_replaced_by_another")),
        sa.CheckConstraint("until > decided_on", name=op.f("award_holds_for_a_time")),
        sa.ForeignKeyConstraint(["audit_id"], ["submission.audit_id"], name=op.f("award_audit_id_exists")),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("award_body_id_exists")),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("award_decision_id_exists")),
        sa.ForeignKeyConstraint(["replaced_by"], ["award.number"], name=op.f("award_replaced_by_exists")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("award_site_id_exists")),
        sa.PrimaryKeyConstraint("number", name=op.f("award_key")),
        sa.UniqueConstraint("audit_id", name=op.f("award_audit_id_once")),
    )

    with op.batch_alter_table("award", schema=None) as batch_op:
        batch_op.create_index(
            "award_in_the_register",
            ["decided_on", "number"],
            unique=False,
            sqlite_where=sa.text("listed"),
            postgresql_where=sa.text("listed"),
        )
        batch_op.create_index("award_one_place_in_lists", ["body_id", "list_index"], unique=True)
        batch_op.create_index(batch_op.f("award_site_id_index"), ["site_id"], unique=False)

    op.create_table(
        "decision_member",
        sa.Column("decision_id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("barred", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["decision_id"], ["decision.id"], name=op.f("decision_member_decision_id_exists")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("decision_member_person_id_exists")),
        sa.PrimaryKeyConstraint("decision_id", "person_id", name=op.f("decision_member_key")),
    )

    with op.batch_alter_table("decision_member", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("decision_member_person_id_index"), ["person_id"], unique=False)

    op.create_table(
        "award_issued",
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("award_number", sa.String(length=20), nullable=False),
        sa.Column("token", sa.Text(), nullable=False),
        sa.Column("issued_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("current", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["award_number"], ["award.number"], name=op.f("award_issued_award_number_exists")),
        sa.PrimaryKeyConstraint("digest", name=op.f("award_issued_key")),
    )

    with op.batch_alter_table("award_issued", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("award_issued_award_number_index"), ["award_number"], unique=False)
        batch_op.create_index(
            "award_issued_one_current",
            ["award_number"],
            unique=True,
            sqlite_where=sa.text('"current"'),
            postgresql_where=sa.text('"current"'),
        )

    op.create_table(
        "interim_review",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("award_number", sa.String(length=20), nullable=False),
        sa.Column("reviewed_by", sa.String(length=36), nullable=False),
        sa.Column("reviewed_on", sa.String(length=10), nullable=False),
        sa.Column("reviewed_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["award_number"], ["award.number"], name=op.f("interim_review_award_number_exists")),
        sa.ForeignKeyConstraint(["reviewed_by"], ["person.id"], name=op.f("interim_review_reviewed_by_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("interim_review_key")),
    )

    with op.batch_alter_table("interim_review", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("interim_review_award_number_index"), ["award_number"], unique=False)


def downgrade():
    op.drop_table("interim_review")
    op.drop_table("award_issued")
    op.drop_table("decision_member")
    op.drop_table("award")
    op.drop_table("appeal")
    op.drop_table("panel_view")
    op.drop_table("panel_member")
    op.drop_table("decision")
    op.drop_table("submission_return")
    op.drop_table("panel")
    op.drop_table("interest")
    op.drop_table("assessment")
    op.drop_table("submission")
    op.drop_table("audit_course")
    op.drop_column("organisation", "awards")
    op.drop_column("stream", "sealed_at")

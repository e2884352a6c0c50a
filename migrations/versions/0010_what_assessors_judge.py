"""What assessors judge, see and report, and what sites answer and correct"""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "report_correction",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("body_id", sa.String(length=36), nullable=False),
        sa.Column("corrected_by", sa.String(length=36), nullable=False),
        sa.Column("corrected_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("corrections", sa.Text(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["submission.audit_id"], name=op.f("report_correction_audit_id_exists")),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("report_correction_body_id_exists")),
        sa.ForeignKeyConstraint(["corrected_by"], ["person.id"], name=op.f("report_correction_corrected_by_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("report_correction_key")),
    )
    with op.batch_alter_table("report_correction", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("report_correction_audit_id_index"), ["audit_id"], unique=False)

    op.create_table(
        "assessment_remark",
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("strengths", sa.Text(), nullable=True),
        sa.Column("suggestions", sa.Text(), nullable=True),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("assessment_remark_assessment_id_exists")
        ),
        sa.PrimaryKeyConstraint("assessment_id", name=op.f("assessment_remark_key")),
    )
    op.create_table(
        "assessment_report",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("reported_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("outcome", sa.String(length=16), nullable=False),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("points", sa.Text(), nullable=False),
        sa.Column("judgements", sa.Text(), nullable=False),
        sa.Column("answers", sa.Text(), nullable=True),
        sa.Column("answered_by", sa.String(length=36), nullable=True),
        sa.Column("answered_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint(
            "(outcome = 'action-points') = (due IS NOT NULL)", name=op.f("assessment_report_action_points_are_due")
        ),
        sa.CheckConstraint("outcome IN ('ready', 'action-points')", name=op.f("assessment_report_outcome_known")),
        sa.CheckConstraint(
            "(answers IS NULL) = (answered_at IS NULL)", name=op.f("assessment_report_answered_at_a_time")
        ),
        sa.ForeignKeyConstraint(["answered_by"], ["person.id"], name=op.f("assessment_report_answered_by_exists")),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("assessment_report_assessment_id_exists")
        ),
        sa.ForeignKeyConstraint(["audit_id"], ["submission.audit_id"], name=op.f("assessment_report_audit_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("assessment_report_key")),
    )
    with op.batch_alter_table("assessment_report", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("assessment_report_assessment_id_index"), ["assessment_id"], unique=False)
        batch_op.create_index(batch_op.f("assessment_report_audit_id_index"), ["audit_id"], unique=False)

    op.create_table(
        "assessment_visit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("visited_on", sa.String(length=10), nullable=False),
        sa.Column("people", sa.Text(), nullable=False),
        sa.Column("says", sa.Text(), nullable=False),
        sa.Column("recorded_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(
            ["assessment_id"], ["assessment.id"], name=op.f("assessment_visit_assessment_id_exists")
        ),
        sa.PrimaryKeyConstraint("id", name=op.f("assessment_visit_key")),
    )
    with op.batch_alter_table("assessment_visit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("assessment_visit_assessment_id_index"), ["assessment_id"], unique=False)

    op.create_table(
        "judgement",
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("judgement", sa.String(length=16), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.CheckConstraint(
            "judgement IN ('met', 'partly', 'not-yet', 'does-not-apply') OR judgement IS NULL",
            name=op.f("judgement_judgement_known"),
        ),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("judgement_assessment_id_exists")),
        sa.PrimaryKeyConstraint("assessment_id", "criterion", name=op.f("judgement_key")),
    )
    op.create_table(
        "visit_sighting",
        sa.Column("assessment_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("criteria", sa.Text(), nullable=True),
        sa.Column("says", sa.Text(), nullable=True),
        sa.Column("differs", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["assessment_id"], ["assessment.id"], name=op.f("visit_sighting_assessment_id_exists")),
        sa.PrimaryKeyConstraint("assessment_id", "id", name=op.f("visit_sighting_key")),
    )


def downgrade():
    op.drop_table("visit_sighting")
    op.drop_table("judgement")
    with op.batch_alter_table("assessment_visit", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("assessment_visit_assessment_id_index"))

    op.drop_table("assessment_visit")
    with op.batch_alter_table("assessment_report", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("assessment_report_audit_id_index"))
        batch_op.drop_index(batch_op.f("assessment_report_assessment_id_index"))

    op.drop_table("assessment_report")
    op.drop_table("assessment_remark")
    with op.batch_alter_table("report_correction", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("report_correction_audit_id_index"))

    op.drop_table("report_correction")

"""Tallies and scores, which the dashboard reads; both are drawn from the ledger once the migrations are through"""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "tally",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("voice", sa.String(length=12), nullable=False),
        *[sa.Column(name, sa.Integer(), nullable=False) for name in ("at0", "at1", "at2", "at3", "not_applicable")],
        sa.Column("first", sa.Integer(), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("tally_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "criterion", "voice", name=op.f("tally_key")),
    )
    op.create_table(
        "score",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("lens", sa.String(length=40), nullable=False),
        sa.Column("heading", sa.String(length=40), nullable=False),
        *[sa.Column(name, sa.Integer(), nullable=False) for name in ("position", "criteria")],
        *[sa.Column(name, sa.Integer(), nullable=False) for name in ("at0", "at1", "at2", "at3", "not_applicable")],
        *[sa.Column(name, sa.Integer(), nullable=False) for name in ("answered", "alone", "unheard")],
        sa.Column("voices", sa.String(length=60), nullable=False),
        sa.Column("gap", sa.Float(), nullable=True),
        sa.Column("gap_criterion", sa.String(length=40), nullable=True),
        sa.Column("spread", sa.Float(), nullable=True),
        sa.Column("spread_criterion", sa.String(length=40), nullable=True),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("score_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "lens", "heading", name=op.f("score_key")),
    )


def downgrade():
    op.drop_table("score")
    op.drop_table("tally")

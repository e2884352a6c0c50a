"""An audit at a glance, one row for what a dashboard reads of it, drawn once the migrations are through; and indexes
that tell by themselves what is open and due"""

import sqlalchemy as sa
from alembic import op

revision = "0009"
down_revision = "0007"
branch_labels = None
depends_on = None

BY_DAY, BY_AUDIT = "plan_item_open_and_dated", "plan_item_open_by_audit"
DATED = "due IS NOT NULL AND (state IS NULL OR state NOT IN ('done', 'dropped'))"


def upgrade():
    op.create_table(
        "glance",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("lens", sa.String(length=40), nullable=False),
        sa.Column("headings", sa.Text(), nullable=False),
        sa.Column("shown", sa.Integer(), nullable=False),
        sa.Column("not_yet", sa.Text(), nullable=False),
        sa.Column("open", sa.Text(), nullable=False),
        sa.Column("gap", sa.Float(), nullable=True),
        sa.Column("means", sa.Text(), nullable=False),
        sa.Column("speaking", sa.Text(), nullable=False),
        sa.Column("hangs", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("glance_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "lens", name=op.f("glance_key")),
    )
    dated = sa.text(f"what IS NOT NULL AND {DATED}")
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.drop_index(BY_DAY)
        batch_op.create_index(BY_DAY, ["due", "audit_id"], unique=False, sqlite_where=dated, postgresql_where=dated)
        batch_op.create_index(BY_AUDIT, ["audit_id", "due"], unique=False, sqlite_where=dated, postgresql_where=dated)


def downgrade():
    dated = sa.text(DATED)
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.drop_index(BY_AUDIT)
        batch_op.drop_index(BY_DAY)
        batch_op.create_index(BY_DAY, ["due", "audit_id"], unique=False, sqlite_where=dated, postgresql_where=dated)
    op.drop_table("glance")

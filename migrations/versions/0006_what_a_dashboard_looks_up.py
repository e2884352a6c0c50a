"""Which kinds of evidence show each principle, and indexes for audits in their order and for what is due"""

import sqlalchemy as sa
from alembic import op

revision = "0006"
down_revision = "0005"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "evidence_kinds",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("principle", sa.String(length=40), nullable=False),
        sa.Column("kinds", sa.String(length=60), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("evidence_kinds_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "principle", name=op.f("evidence_kinds_key")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index("audit_in_order", ["site_id", "checklist", "opened_at", "id"], unique=False)
    dated = sa.text("due IS NOT NULL AND (state IS NULL OR state NOT IN ('done', 'dropped'))")
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.create_index(
            "plan_item_open_and_dated", ["due", "audit_id"], unique=False, sqlite_where=dated, postgresql_where=dated
        )


def downgrade():
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.drop_index("plan_item_open_and_dated")
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.drop_index("audit_in_order")
    op.drop_table("evidence_kinds")

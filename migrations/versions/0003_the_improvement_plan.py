"""The improvement plan, and links to calendars"""

import sqlalchemy as sa
from alembic import op

revision = "0003"
down_revision = "0002"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "plan_item",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("what", sa.Text(), nullable=True),
        sa.Column("criteria", sa.Text(), nullable=False),
        sa.Column("whose", sa.Text(), nullable=True),
        sa.Column("due", sa.String(length=10), nullable=True),
        sa.Column("state", sa.String(length=8), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("outcome", sa.Text(), nullable=True),
        sa.Column("answers", sa.Text(), nullable=False),
        sa.CheckConstraint("state IN ('to-do', 'doing', 'done', 'dropped')", name=op.f("plan_item_state_known")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("plan_item_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "id", name=op.f("plan_item_key")),
    )
    with op.batch_alter_table("plan_item", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("plan_item_id_index"), ["id"], unique=False)

    op.create_table(
        "calendar_link",
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("calendar_link_person_id_exists")),
        sa.PrimaryKeyConstraint("person_id", name=op.f("calendar_link_key")),
        sa.UniqueConstraint("secret_sha256", name=op.f("calendar_link_secret_sha256_once")),
    )


def downgrade():
    op.drop_table("calendar_link")
    op.drop_table("plan_item")

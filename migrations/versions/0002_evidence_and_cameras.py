"""Evidence, photos, and where cameras are allowed"""

import sqlalchemy as sa
from alembic import op

revision = "0002"
down_revision = "0001"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "photo_file",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("sha256", sa.String(length=64), nullable=False),
        sa.Column("stored", sa.String(length=64), nullable=False),
        sa.Column("width", sa.Integer(), nullable=False),
        sa.Column("height", sa.Integer(), nullable=False),
        sa.Column("size", sa.Integer(), nullable=False),
        sa.Column("arrived_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("safe", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["stream.id"], name=op.f("photo_file_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "sha256", name=op.f("photo_file_key")),
    )
    op.create_table(
        "evidence",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=12), nullable=True),
        sa.Column("voice", sa.String(length=12), nullable=True),
        sa.Column("kept_where", sa.String(length=200), nullable=True),
        sa.Column("dated", sa.String(length=10), nullable=True),
        sa.Column("count", sa.Integer(), nullable=True),
        sa.Column("of", sa.Integer(), nullable=True),
        sa.Column("over", sa.String(length=120), nullable=True),
        sa.Column("sha256", sa.String(length=64), nullable=True),
        sa.Column("caption", sa.Text(), nullable=True),
        sa.Column("caption_differs", sa.Boolean(), nullable=False),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("evidence_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "id", name=op.f("evidence_key")),
    )
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("evidence_id_index"), ["id"], unique=False)

    op.create_table(
        "evidence_shown",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("evidence_id", sa.String(length=36), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("shows", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("evidence_shown_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "evidence_id", "criterion", name=op.f("evidence_shown_key")),
    )
    with op.batch_alter_table("evidence_shown", schema=None) as batch_op:
        batch_op.create_index("evidence_shown_by_criterion", ["audit_id", "criterion"], unique=False)

    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.add_column(sa.Column("camera_allowed", sa.Boolean(), nullable=True))
        batch_op.add_column(sa.Column("camera_authority", sa.String(length=200), nullable=True))
        batch_op.add_column(sa.Column("camera_until", sa.String(length=10), nullable=True))


def downgrade():
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.drop_column("camera_until")
        batch_op.drop_column("camera_authority")
        batch_op.drop_column("camera_allowed")

    with op.batch_alter_table("evidence_shown", schema=None) as batch_op:
        batch_op.drop_index("evidence_shown_by_criterion")

    op.drop_table("evidence_shown")
    with op.batch_alter_table("evidence", schema=None) as batch_op:
        batch_op.drop_index(batch_op.f("evidence_id_index"))

    op.drop_table("evidence")
    op.drop_table("photo_file")

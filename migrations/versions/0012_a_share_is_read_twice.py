"""Of how many submissions in a hundred an awarding body wants a second, blinded assessor"""

import sqlalchemy as sa
from alembic import op

revision = "0012"
down_revision = "0011"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "calibration",
        sa.Column("body_id", sa.String(length=36), nullable=False),
        sa.Column("share", sa.Integer(), nullable=False),
        sa.CheckConstraint("share BETWEEN 0 AND 100", name="ck_calibration_share_of_a_hundred"),
        sa.ForeignKeyConstraint(["body_id"], ["organisation.id"], name=op.f("fk_calibration_body_id_organisation")),
        sa.PrimaryKeyConstraint("body_id", name=op.f("pk_calibration")),
    )


def downgrade():
    op.drop_table("calibration")

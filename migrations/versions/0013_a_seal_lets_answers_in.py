"""A sealed stream of which something is asked lets in what shows it"""

import sqlalchemy as sa
from alembic import op

revision = "0013"
down_revision = "0012"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("stream", sa.Column("answering", sa.Boolean(), nullable=False, server_default=sa.false()))
    op.execute(
        "UPDATE stream SET answering = true WHERE id IN "
        "(SELECT audit_id FROM submission WHERE stage IN ('action-points', 'deferred'))"
    )


def downgrade():
    op.drop_column("stream", "answering")

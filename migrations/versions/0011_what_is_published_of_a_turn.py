"""What is published of an award that is suspended, restored or withdrawn"""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"
branch_labels = None
depends_on = None


def upgrade():
    op.add_column("decision", sa.Column("published", sa.Text(), nullable=True))


def downgrade():
    with op.batch_alter_table("decision", schema=None) as batch_op:
        batch_op.drop_column("published")

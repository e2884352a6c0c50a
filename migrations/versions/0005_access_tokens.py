"""Tokens with which programs read figures"""

import sqlalchemy as sa
from alembic import op

revision = "0005"
down_revision = "0004"
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "access_token",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=80), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("until", sa.String(length=10), nullable=False),
        sa.Column("made_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("access_token_organisation_id_exists")
        ),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("access_token_person_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("access_token_key")),
        sa.UniqueConstraint("secret_sha256", name=op.f("access_token_secret_sha256_once")),
    )
    with op.batch_alter_table("access_token", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("access_token_person_id_index"), ["person_id"], unique=False)


def downgrade():
    op.drop_table("access_token")

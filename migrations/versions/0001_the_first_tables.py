"""The first tables"""

import sqlalchemy as sa
from alembic import op

revision = "0001"
down_revision = None
branch_labels = None
depends_on = None


def upgrade():
    op.create_table(
        "attempt",
        sa.Column("key", sa.String(length=64), nullable=False),
        sa.Column("failures", sa.Integer(), nullable=False),
        sa.Column("last_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("free_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("key", name=op.f("attempt_key")),
    )
    op.create_table(
        "organisation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("organisation_key")),
    )
    op.create_table(
        "person",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("password_hash", sa.String(length=200), nullable=False),
        sa.Column("joined_at", sa.DateTime(timezone=True), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("person_key")),
        sa.UniqueConstraint("email", name=op.f("person_email_once")),
    )
    op.create_table(
        "stream",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("kind", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=True),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("epoch", sa.String(length=8), nullable=False),
        sa.Column("seq", sa.Integer(), nullable=False),
        sa.Column("tag", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.Column("backed_up_to", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("id", name=op.f("stream_key")),
    )
    with op.batch_alter_table("stream", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("stream_organisation_id_index"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("stream_site_id_index"), ["site_id"], unique=False)

    op.create_table(
        "admission",
        sa.Column("stream_id", sa.String(length=36), nullable=False),
        sa.Column("operation_id", sa.String(length=36), nullable=False),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], name=op.f("admission_stream_id_exists")),
        sa.PrimaryKeyConstraint("stream_id", "operation_id", name=op.f("admission_key")),
    )
    op.create_table(
        "ahead",
        sa.Column("stream_id", sa.String(length=36), nullable=False),
        sa.Column("operation_id", sa.String(length=36), nullable=False),
        sa.Column("register", sa.String(length=160), nullable=False),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], name=op.f("ahead_stream_id_exists")),
        sa.PrimaryKeyConstraint("stream_id", "operation_id", "register", name=op.f("ahead_key")),
    )
    op.create_table(
        "device",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("token_hash", sa.String(length=64), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("factors", sa.String(length=40), nullable=False),
        sa.Column("signed_in_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("seen_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("device_person_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("device_key")),
        sa.UniqueConstraint("token_hash", name=op.f("device_token_hash_once")),
    )
    with op.batch_alter_table("device", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("device_person_id_index"), ["person_id"], unique=False)

    op.create_table(
        "operation",
        sa.Column("stream_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("v", sa.Integer(), nullable=False),
        sa.Column("kind", sa.String(length=64), nullable=False),
        sa.Column("at", sa.String(length=64), nullable=False),
        sa.Column("device", sa.String(length=64), nullable=False),
        sa.Column("seen", sa.Text(), nullable=False),
        sa.Column("of", sa.String(length=36), nullable=True),
        sa.Column("author_id", sa.String(length=36), nullable=False),
        sa.Column("handed_in_by", sa.String(length=36), nullable=True),
        sa.Column("verdict", sa.String(length=8), nullable=False),
        sa.Column("problem", sa.Text(), nullable=True),
        sa.Column("superseded", sa.Text(), nullable=False),
        sa.Column("early", sa.Boolean(), nullable=False),
        sa.Column("received_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("payload_hash", sa.String(length=64), nullable=False),
        sa.Column("tag", sa.String(length=16), nullable=False),
        sa.Column("digest", sa.String(length=64), nullable=False),
        sa.CheckConstraint("verdict IN ('applied', 'kept', 'refused')", name=op.f("operation_verdict_known")),
        sa.CheckConstraint("number >= 1", name=op.f("operation_number_from_one")),
        sa.ForeignKeyConstraint(["stream_id"], ["stream.id"], name=op.f("operation_stream_id_exists")),
        sa.PrimaryKeyConstraint("stream_id", "number", name=op.f("operation_key")),
    )
    with op.batch_alter_table("operation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("operation_author_id_index"), ["author_id"], unique=False)
        batch_op.create_index("operation_id_once_a_stream", ["stream_id", "id"], unique=True)
        batch_op.create_index(
            "operation_not_in_force",
            ["stream_id", "id"],
            unique=False,
            sqlite_where=sa.text("verdict <> 'applied'"),
            postgresql_where=sa.text("verdict <> 'applied'"),
        )

    op.create_table(
        "site",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("sector", sa.String(length=40), nullable=False),
        sa.Column("about", sa.String(length=200), nullable=False),
        sa.Column("added_at", sa.DateTime(timezone=True), nullable=False),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("site_organisation_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("site_key")),
    )
    with op.batch_alter_table("site", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("site_organisation_id_index"), ["organisation_id"], unique=False)

    op.create_table(
        "audit",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=False),
        sa.Column("checklist", sa.String(length=80), nullable=False),
        sa.Column("edition", sa.Integer(), nullable=False),
        sa.Column("track", sa.String(length=12), nullable=False),
        sa.Column("stage", sa.String(length=20), nullable=False),
        sa.Column("opened_by", sa.String(length=36), nullable=False),
        sa.Column("opened_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("at", sa.String(length=64), nullable=False),
        sa.CheckConstraint("track IN ('development', 'award')", name=op.f("audit_track_known")),
        sa.ForeignKeyConstraint(["id"], ["stream.id"], name=op.f("audit_id_exists")),
        sa.ForeignKeyConstraint(["opened_by"], ["person.id"], name=op.f("audit_opened_by_exists")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("audit_site_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("audit_key")),
    )
    with op.batch_alter_table("audit", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("audit_site_id_index"), ["site_id"], unique=False)

    op.create_table(
        "grant",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("person_id", sa.String(length=36), nullable=False),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=True),
        sa.Column("site_id", sa.String(length=36), nullable=True),
        sa.Column("given_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("ended_at", sa.DateTime(timezone=True), nullable=True),
        sa.CheckConstraint("organisation_id IS NOT NULL OR role = 'admin'", name=op.f("grant_service_wide_only_admin")),
        sa.CheckConstraint(
            "role IN ('auditor', 'lead', 'manager', 'assessor', 'panel', 'admin')", name=op.f("grant_role_known")
        ),
        sa.CheckConstraint("organisation_id IS NOT NULL OR site_id IS NULL", name=op.f("grant_site_in_organisation")),
        sa.ForeignKeyConstraint(["organisation_id"], ["organisation.id"], name=op.f("grant_organisation_id_exists")),
        sa.ForeignKeyConstraint(["person_id"], ["person.id"], name=op.f("grant_person_id_exists")),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("grant_site_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("grant_key")),
    )
    with op.batch_alter_table("grant", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("grant_organisation_id_index"), ["organisation_id"], unique=False)
        batch_op.create_index(batch_op.f("grant_person_id_index"), ["person_id"], unique=False)
        batch_op.create_index(batch_op.f("grant_site_id_index"), ["site_id"], unique=False)

    op.create_table(
        "invitation",
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("organisation_id", sa.String(length=36), nullable=False),
        sa.Column("site_id", sa.String(length=36), nullable=True),
        sa.Column("role", sa.String(length=20), nullable=False),
        sa.Column("email", sa.String(length=254), nullable=False),
        sa.Column("name", sa.String(length=120), nullable=False),
        sa.Column("secret_sha256", sa.String(length=64), nullable=False),
        sa.Column("invited_by", sa.String(length=36), nullable=False),
        sa.Column("expires_at", sa.DateTime(timezone=True), nullable=False),
        sa.Column("used_at", sa.DateTime(timezone=True), nullable=True),
        sa.ForeignKeyConstraint(["invited_by"], ["person.id"], name=op.f("invitation_invited_by_exists")),
        sa.ForeignKeyConstraint(
            ["organisation_id"], ["organisation.id"], name=op.f("invitation_organisation_id_exists")
        ),
        sa.ForeignKeyConstraint(["site_id"], ["site.id"], name=op.f("invitation_site_id_exists")),
        sa.PrimaryKeyConstraint("id", name=op.f("invitation_key")),
    )
    with op.batch_alter_table("invitation", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("invitation_organisation_id_index"), ["organisation_id"], unique=False)

    op.create_table(
        "payload",
        sa.Column("stream_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), autoincrement=False, nullable=False),
        sa.Column("salt", sa.String(length=32), nullable=False),
        sa.Column("body", sa.Text(), nullable=True),
        sa.ForeignKeyConstraint(
            ["stream_id", "number"],
            ["operation.stream_id", "operation.number"],
            name=op.f("payload_stream_id_number_exists"),
        ),
        sa.PrimaryKeyConstraint("stream_id", "number", name=op.f("payload_key")),
    )
    op.create_table(
        "write",
        sa.Column("stream_id", sa.String(length=36), nullable=False),
        sa.Column("register", sa.String(length=160), nullable=False),
        sa.Column("operation_id", sa.String(length=36), nullable=False),
        sa.Column("number", sa.Integer(), nullable=False),
        sa.Column("value", sa.Text(), nullable=False),
        sa.Column("live", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(
            ["stream_id", "number"],
            ["operation.stream_id", "operation.number"],
            name=op.f("write_stream_id_number_exists"),
        ),
        sa.PrimaryKeyConstraint("stream_id", "register", "operation_id", name=op.f("write_key")),
    )
    with op.batch_alter_table("write", schema=None) as batch_op:
        batch_op.create_index(
            "write_live", ["stream_id"], unique=False, sqlite_where=sa.text("live"), postgresql_where=sa.text("live")
        )

    op.create_table(
        "answer",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("contributor_id", sa.String(length=36), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rating_differs", sa.Boolean(), nullable=False),
        sa.Column("comment", sa.Text(), nullable=True),
        sa.Column("comment_differs", sa.Boolean(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 0 AND 3", name=op.f("answer_rating_on_scale")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("answer_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "contributor_id", "criterion", name=op.f("answer_key")),
    )
    with op.batch_alter_table("answer", schema=None) as batch_op:
        batch_op.create_index("answer_by_criterion", ["audit_id", "criterion"], unique=False)

    op.create_table(
        "contributor",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("id", sa.String(length=36), nullable=False),
        sa.Column("voice", sa.String(length=12), nullable=True),
        sa.Column("label", sa.String(length=80), nullable=True),
        sa.Column("withdrawn", sa.Boolean(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("contributor_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "id", name=op.f("contributor_key")),
    )
    with op.batch_alter_table("contributor", schema=None) as batch_op:
        batch_op.create_index(batch_op.f("contributor_id_index"), ["id"], unique=False)

    op.create_table(
        "finding",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("criterion", sa.String(length=40), nullable=False),
        sa.Column("rating", sa.Integer(), nullable=True),
        sa.Column("reason", sa.Text(), nullable=True),
        sa.Column("rating_differs", sa.Boolean(), nullable=False),
        sa.Column("shows", sa.Text(), nullable=True),
        sa.Column("helps", sa.Text(), nullable=True),
        sa.Column("hinders", sa.Text(), nullable=True),
        sa.Column("account_differs", sa.Boolean(), nullable=False),
        sa.CheckConstraint("rating BETWEEN 0 AND 3", name=op.f("finding_rating_on_scale")),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("finding_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "criterion", name=op.f("finding_key")),
    )
    op.create_table(
        "progress",
        sa.Column("audit_id", sa.String(length=36), nullable=False),
        sa.Column("principle", sa.String(length=40), nullable=False),
        sa.Column("position", sa.Integer(), nullable=False),
        sa.Column("criteria", sa.Integer(), nullable=False),
        sa.Column("answered", sa.Integer(), nullable=False),
        sa.Column("agreed", sa.Integer(), nullable=False),
        sa.Column("differences", sa.Integer(), nullable=False),
        sa.ForeignKeyConstraint(["audit_id"], ["audit.id"], name=op.f("progress_audit_id_exists")),
        sa.PrimaryKeyConstraint("audit_id", "principle", name=op.f("progress_key")),
    )

    guard_the_ledger()


def guard_the_ledger():
    """The ledger is only ever added to; of a payload the words alone can be erased."""
    if op.get_bind().dialect.name == "sqlite":
        for statement in SQLITE_GUARDS:
            op.execute(statement)
    else:
        op.execute(POSTGRESQL_GUARD)
        for statement in POSTGRESQL_GUARDS:
            op.execute(statement)


REFUSE = "SELECT RAISE(ABORT, 'the ledger is only ever added to')"
SQLITE_GUARDS = (
    f"CREATE TRIGGER operation_never_changes BEFORE UPDATE ON operation BEGIN {REFUSE}; END",
    f"CREATE TRIGGER operation_never_goes BEFORE DELETE ON operation BEGIN {REFUSE}; END",
    f"CREATE TRIGGER payload_is_only_erased BEFORE UPDATE ON payload "
    f"WHEN NEW.body IS NOT NULL OR NEW.salt <> OLD.salt OR NEW.stream_id <> OLD.stream_id OR NEW.number <> OLD.number "
    f"BEGIN {REFUSE}; END",
    f"CREATE TRIGGER payload_never_goes BEFORE DELETE ON payload BEGIN {REFUSE}; END",
)
POSTGRESQL_GUARD = """
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
$$ BEGIN RAISE EXCEPTION 'the ledger is only ever added to'; END $$
"""
POSTGRESQL_GUARDS = (
    "CREATE TRIGGER operation_never_changes BEFORE UPDATE OR DELETE OR TRUNCATE ON operation "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER payload_is_only_erased BEFORE UPDATE ON payload FOR EACH ROW "
    "WHEN (NEW.body IS NOT NULL OR NEW.salt <> OLD.salt OR NEW.stream_id <> OLD.stream_id OR NEW.number <> OLD.number) "
    "EXECUTE FUNCTION refuse_change()",
    "CREATE TRIGGER payload_never_goes BEFORE DELETE OR TRUNCATE ON payload "
    "FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()",
)


def downgrade():
    raise NotImplementedError("A ledger is not taken down; restore a backup instead.")

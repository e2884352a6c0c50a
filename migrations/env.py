"""Runs the migrations, on SQLite and on PostgreSQL, each in one transaction that is checked before it is committed."""

from alembic import context
from sqlalchemy import text

from audit_app.db import Moment, db
from audit_app.ledger.verify import redraw
from audit_app.migrating import newest


def run() -> None:
    """Bring the database to the newest revision, or leave it as it was; then draw what is drawn from the ledger."""
    with db.engine.connect() as connection:
        on_sqlite = connection.dialect.name == "sqlite"
        if on_sqlite:
            # Redrawing a table with foreign keys on silently deletes its children, and inside a transaction the switch
            # does nothing: so it is thrown before BEGIN.
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=OFF")
        context.configure(
            connection=connection,
            target_metadata=db.metadata,
            compare_type=True,
            render_item=render,
            render_as_batch=on_sqlite,
            transaction_per_migration=False,
        )
        before = context.get_context().get_current_revision()
        with context.begin_transaction():
            context.run_migrations()
            if on_sqlite:
                require_whole(connection)
        if on_sqlite:
            connection.connection.driver_connection.execute("PRAGMA foreign_keys=ON")
        after = context.get_context().get_current_revision()
        connection.rollback()
    if before != after == newest():
        redraw()
        db.session.commit()


def render(kind: str, thing, _autogen):
    """Write our own column types as what they are underneath: a migration must not change when the code does."""
    if kind == "type" and isinstance(thing, Moment):
        return "sa.DateTime(timezone=True)"
    return False


def require_whole(connection) -> None:
    """Refuse to commit a migration after which a row points at nothing."""
    orphans = connection.execute(text("PRAGMA foreign_key_check")).fetchall()
    if orphans:
        raise RuntimeError(f"The migration would leave rows that point at nothing: {orphans[:5]}")


run()

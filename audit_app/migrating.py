"""Are the tables those that this version expects?"""

from pathlib import Path

from alembic.migration import MigrationContext
from alembic.script import ScriptDirectory
from sqlalchemy import Engine

FOLDER = Path(__file__).resolve().parent.parent / "migrations"


def is_current(engine: Engine) -> bool:
    """Has every migration been done?"""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision() == newest()


def newest() -> str | None:
    """The id of the newest migration there is."""
    return ScriptDirectory(str(FOLDER)).get_current_head()

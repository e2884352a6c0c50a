"""Each migration, with data: what was said before it is there after it, and again when it is taken back."""

import pytest
from flask_migrate import downgrade, upgrade
from sqlalchemy import inspect, text

from audit_app import create_app
from audit_app.db import db
from audit_app.ledger.verify import verify

from .builders import Scene, operation

FIRST = "0001"


@pytest.fixture
def app(database):
    app = create_app(TESTING=True, DEMO=True, **database)
    yield app
    with app.app_context():
        db.session.remove()
        db.engine.dispose()


def rows() -> dict[str, list[tuple]]:
    """Everything in the database, table by table."""
    names = [name for name in inspect(db.engine).get_table_names() if name != "alembic_version"]
    with db.engine.connect() as connection:
        return {
            name: sorted(map(tuple, connection.execute(text(f'SELECT * FROM "{name}"'))), key=str) for name in names
        }


def test_nothing_is_lost_on_the_way_back_to_the_first_tables_and_forward_again(app, scene: Scene):
    site = scene.site(organisation := scene.organisation())
    phone = scene.phone("Amina", "auditor", organisation, site)
    audit = scene.audit(phone, site)
    finding = {"criterion": "safety-1", "rating": 2}
    assert phone.verdicts(audit.id, [operation("finding.agree", finding)]) == ["applied"]

    with app.app_context():
        before = rows()
        db.session.remove()
        downgrade(revision=FIRST)
        first = rows()
        upgrade()
        after = rows()
        assert list(verify()) == []
        db.session.rollback()

    assert first["operation"] == before["operation"] and first["payload"] == before["payload"]
    assert [row[:2] for row in first["site"]] == [row[:2] for row in before["site"]]
    assert after == before

"""The rules of the house, as tests: whoever breaks one is told here which, and where."""

import ast
import re
import sys
from pathlib import Path

import pytest
from alembic.autogenerate import compare_metadata
from alembic.migration import MigrationContext

from audit_app.access import CALLABLE_BY, MAY
from audit_app.config import SETTINGS
from audit_app.db import db, reading
from audit_app.ledger.kinds import KINDS
from audit_app.problems import all_problems

from .builders import Phone, Scene

ROOT = Path(__file__).resolve().parent.parent
SERVER = ROOT / "audit_app"
APP = ROOT / "static" / "pwa"
LANGUAGES = {"en", "cy"}

CAPABILITIES = (
    "sites",
    "accounts",
    "checklists",
    "audits",
    "evidence",
    "plans",
    "paper",
    "awards",
    "dashboard",
    "exports",
    "register",
)
TABLE_OF_CONTENTS = {"__init__", "cli", "demo"}  # know everything, and nobody but wsgi.py knows them
FOUNDATION_EXCEPTIONS = {("access", "accounts")}
PURE = (
    "ledger/canonical.py",
    "ledger/registers.py",
    "audits/scoring.py",
    "plans/due.py",
    "exports/tables.py",
    "audits/agreement.py",
    "dashboard/hiding.py",
    "awards/rules.py",
    "awards/stages.py",
    "awards/certificate/numbers.py",
    "awards/assessment/judging.py",
)
JS_MAY_IMPORT = {
    "lib": {"lib", "vendor", "words"},
    "words": set(),
    "store": {"store", "lib", "vendor"},
    "sync": {"sync", "store", "lib", "vendor"},
    "elements": {"elements", "store", "lib", "vendor"},
    "views": {"views", "elements", "store", "lib", "vendor"},
}


def modules() -> list[Path]:
    return sorted(SERVER.rglob("*.py"))


def room_of(path: Path) -> str:
    """The capability, or the foundation's module, that a file belongs to."""
    inside = path.relative_to(SERVER)
    return inside.parts[0] if len(inside.parts) > 1 else inside.stem


def imported_rooms(path: Path) -> set[str]:
    """The rooms of the house that a module imports from."""
    package = ["audit_app", *path.relative_to(SERVER).parts[:-1]]
    found = set()
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.Import):
            names = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            above = package[: len(package) - node.level + 1] if node.level else []
            base = ".".join([*above, *([node.module] if node.module else [])])
            names = [f"{base}.{alias.name}" for alias in node.names]
        else:
            continue
        found |= {name.split(".")[1] for name in names if name.startswith("audit_app.")}
    return found


@pytest.mark.parametrize("path", modules(), ids=lambda path: str(path.relative_to(SERVER)))
def test_a_module_imports_only_what_its_room_may_know(path: Path):
    room = room_of(path)
    if room in TABLE_OF_CONTENTS:
        return

    for other in imported_rooms(path) - {room}:
        assert other not in TABLE_OF_CONTENTS, f"{path} imports {other}"
        if other not in CAPABILITIES or (room, other) in FOUNDATION_EXCEPTIONS:
            continue
        assert room in CAPABILITIES, f"the foundation ({path}) imports the capability {other}"
        assert CAPABILITIES.index(other) < CAPABILITIES.index(room), f"{path} imports {other}, which stands after it"


@pytest.mark.parametrize("name", PURE)
def test_a_pure_module_imports_the_standard_library_alone(name: str):
    for node in ast.walk(ast.parse((SERVER / name).read_text())):
        imported = [alias.name for alias in node.names] if isinstance(node, ast.Import) else []
        if isinstance(node, ast.ImportFrom):
            assert not node.level, f"{name} imports from the house"
            imported = [node.module]
        assert all(module.split(".")[0] in sys.stdlib_module_names for module in imported), f"{name}: {imported}"


def test_a_browser_module_imports_only_what_its_room_may_know():
    broken = []
    for path in APP.rglob("*.js"):
        room = path.relative_to(APP).parts[0]
        if room not in JS_MAY_IMPORT:
            continue
        for name in re.findall(r"""^(?:import|export)[^'"\n]*?from\s+['"](.+?)['"]""", path.read_text(), re.MULTILINE):
            target = (path.parent / name).resolve().relative_to(APP).parts[0]
            if target not in JS_MAY_IMPORT[room]:
                broken.append(f"{path.relative_to(APP)} imports {name}")
    assert broken == []


def test_the_service_worker_imports_nothing_and_stays_short():
    text = (APP / "sw.js").read_text()

    assert not re.search(r"^\s*import\b|importScripts", text, re.MULTILINE)
    assert text.count("\n") < 150


def test_every_route_says_who_may_call_it(app):
    silent = [
        rule.rule for rule in app.url_map.iter_rules() if not hasattr(app.view_functions[rule.endpoint], CALLABLE_BY)
    ]

    assert silent == []


def test_every_route_for_the_signed_in_refuses_the_signed_out(app, scene: Scene):
    phone = Phone(app)
    for rule in app.url_map.iter_rules():
        if getattr(app.view_functions[rule.endpoint], CALLABLE_BY) != "signed in":
            continue
        address = re.sub(r"<int:\w+>", "1", re.sub(r"<\w+>", "x", rule.rule))
        for method in rule.methods - {"HEAD", "OPTIONS"}:
            reply = phone.client.open(address, method=method, headers={"Sec-Fetch-Site": "same-origin"}, data=b"{}")
            assert reply.status_code == 401, f"{method} {rule.rule}"
            assert reply.json["type"] == "/problems/sign-in-required"


@pytest.mark.parametrize("name", sorted(KINDS))
def test_every_kind_has_a_permission_a_schema_an_effect_and_words_in_every_language(name: str):
    kind = KINDS[name]

    assert name in MAY, "who may?"
    assert kind.schema.fields, "what does it say?"
    assert callable(kind.act), "what does it do?"
    assert set(kind.history) == LANGUAGES, "how does the history tell it?"
    assert all("{who}" in words for words in kind.history.values())


def test_every_permission_is_for_a_kind_or_for_seeing():
    assert {verb for verb in MAY if not verb.endswith(".see") or verb in KINDS} == set(KINDS)


def test_the_models_equal_the_migrations(app):
    with app.app_context(), reading(), db.engine.connect() as connection:
        context = MigrationContext.configure(connection, opts={"compare_type": True})

        assert compare_metadata(context, db.metadata) == []


@pytest.mark.parametrize("setting", SETTINGS, ids=lambda setting: setting.name)
def test_every_setting_is_documented(setting):
    assert setting.meaning.endswith(".")
    assert f"`{setting.name}`" in (ROOT / "docs" / "settings.md").read_text()


@pytest.mark.parametrize("name", sorted(all_problems()))
def test_every_problem_has_a_page_that_explains_it(app_without_database, name: str):
    reply = app_without_database.test_client().get(f"/problems/{name}")

    assert reply.status_code == 200
    assert all_problems()[name].title in reply.get_data(as_text=True)

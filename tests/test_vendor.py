"""Third-party code in the app is exactly what was fetched, and says what it is."""

import hashlib
import json
import re

from audit_app.shell import FOLDER

VENDOR = FOLDER / "vendor"
RECORD = json.loads((VENDOR / "vendor.json").read_text())


def test_every_vendored_file_is_as_it_was_fetched():
    for thing in RECORD:
        for file in thing["files"]:
            assert hashlib.sha256((VENDOR / file["file"]).read_bytes()).hexdigest() == file["sha256"], file["file"]


def test_no_vendored_file_is_without_a_record():
    recorded = {file["file"] for thing in RECORD for file in thing["files"]}
    licences = {package["licence_file"] for thing in RECORD for package in thing["packages"]}

    found = {path.relative_to(VENDOR).as_posix() for path in VENDOR.rglob("*") if path.is_file()}

    assert found == recorded | licences | {"vendor.json"}


def test_the_versions_are_those_that_the_tools_pin():
    lock = json.loads((FOLDER.parents[1] / "tools/package-lock.json").read_text())["packages"]

    for thing in RECORD:
        for package in thing["packages"]:
            pinned = lock[f"node_modules/{package['name']}"]
            assert (package["version"], package["integrity"]) == (pinned["version"], pinned["integrity"])


def test_the_lock_files_name_no_registry():
    for lock in FOLDER.parents[1].glob("tools/**/package-lock.json"):
        assert '"resolved"' not in lock.read_text()


def test_nothing_in_the_app_is_fetched_from_elsewhere():
    for path in FOLDER.rglob("*"):
        if path.suffix in {".js", ".css", ".html"} and path.parent != VENDOR:
            elsewhere = re.findall(
                r"""(?:from|import|url\(|src=|href=)\s*['"(]?(?:https?:)?//[^'"\s)]+""", path.read_text()
            )
            assert elsewhere == [], path

"""The device's side, under Node with a stand-in for IndexedDB, against a small server that keeps the contract."""

import os
import subprocess
from pathlib import Path

import pytest

from tests.needs import needs

ROOT = Path(__file__).parent.parent
FILES = sorted(path.name for path in (ROOT / "tests/pwa").glob("*.test.js"))
INSTALLED = ROOT / ".tools/node_modules/fake-indexeddb"

pytestmark = [
    pytest.mark.node,
    needs("node", "nodejs npm"),
    pytest.mark.skipif(
        not INSTALLED.exists() and os.environ.get("CI") != "true", reason="the tools are not installed; type: make test"
    ),
]


@pytest.mark.parametrize("file", FILES)
def test_the_device_keeps_its_promises(file):
    done = subprocess.run(
        ["node", "--test", f"tests/pwa/{file}"], cwd=ROOT, capture_output=True, text=True, timeout=300, check=False
    )

    assert done.returncode == 0, done.stdout[-8000:] + done.stderr[-2000:]

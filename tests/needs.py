"""What a test needs of the machine. On CI such a test never skips: there a missing tool is a failure."""

import os
import shutil

import pytest


def needs(command: str, package: str | None = None) -> pytest.MarkDecorator:
    """Skip where this command is missing, and say what to type; with CI=true run, and so fail, all the same."""
    missing = shutil.which(command) is None and os.environ.get("CI") != "true"
    return pytest.mark.skipif(missing, reason=f"no {command} here; type: sudo apt-get install {package or command}")

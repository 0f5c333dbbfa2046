"""What holds for all tests."""

from __future__ import annotations

import os
import sys
from pathlib import Path

import pytest

# Images of containers often forbid Python to keep what it has compiled. Every worker would then rewrite the assertions
# of all tests anew, and every Python that a test starts would compile 200 modules.
os.environ.pop("PYTHONDONTWRITEBYTECODE", None)
sys.dont_write_bytecode = False

from tests import profiles  # noqa: E402  (compiled once, as all that follows)

profiles.load()

WORTH_WORKERS = 10
"""Test files. Fewer are done in one process before the workers have imported everything."""


@pytest.hookimpl(optionalhook=True)  # pytest-xdist may be missing
def pytest_xdist_auto_num_workers(config: pytest.Config) -> int | None:
    """With `-n auto`, 0 workers for a small selection; None leaves the number to pytest-xdist: one a core."""
    if config.option.keyword or config.option.lf:
        return 0
    selected = [Path(argument.split("::")[0]) for argument in config.args]
    files = sum(len(list(path.rglob("test_*.py"))) if path.is_dir() else 1 for path in selected)
    return None if files >= WORTH_WORKERS else 0

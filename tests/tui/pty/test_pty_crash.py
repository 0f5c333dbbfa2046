"""kill -9 of clients and servers while people type."""

from __future__ import annotations

import subprocess
import sys

import pytest

from tests.e2e.harness import ROOT


@pytest.mark.timeout(300)  # each wait inside has its own deadline of a minute
def test_a_handful_of_kills_while_people_type_loses_and_doubles_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/crashclient.py", "--rounds", "4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=280,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

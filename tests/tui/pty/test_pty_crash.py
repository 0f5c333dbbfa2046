"""kill -9 of clients and servers while people type."""

from __future__ import annotations

import subprocess
import sys

from tests.e2e.harness import ROOT


def test_a_handful_of_kills_while_people_type_loses_and_doubles_nothing() -> None:
    done = subprocess.run(
        [sys.executable, "scripts/crashclient.py", "--rounds", "4"],
        cwd=ROOT,
        capture_output=True,
        text=True,
        timeout=120,
        check=False,
    )
    assert done.returncode == 0, done.stdout + done.stderr

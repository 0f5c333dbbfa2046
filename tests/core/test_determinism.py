"""The law that the same inputs have the same effects, byte for byte, in every process."""

from __future__ import annotations

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.core.scripted_session import effects_of_a_session

ROOT = Path(__file__).resolve().parents[2]


@pytest.mark.parametrize(("seed", "noise"), [(0, 0), (1, 7), (2, 31)])
def test_the_same_inputs_have_the_same_effects(seed: int, noise: int) -> None:
    """Under another seed strings have other hashes; with other noise objects have other addresses."""
    environ = {**os.environ, "PYTHONHASHSEED": str(seed), "PYTHONPATH": os.pathsep.join(map(str, sys.path))}
    command = [sys.executable, "-m", "tests.core.scripted_session", str(noise)]
    made = subprocess.run(command, cwd=ROOT, env=environ, capture_output=True, text=True, check=True)
    assert made.stdout.split("\n") == "\n".join(effects_of_a_session()).split("\n")

"""Runs the page's modules under node, without a browser."""

from __future__ import annotations

import json
import os
import shutil
import subprocess
from collections.abc import Sequence
from pathlib import Path
from typing import Any

import pytest

PROGRAM = shutil.which("node")
PAGE = Path(__file__).resolve().parents[2] / "evchat" / "web" / "page"

needs_node = pytest.mark.skipif(
    PROGRAM is None, reason="node is not installed: the page is not tried without a browser"
)

_TIMEOUT = 60.0

_CALLS = """
import { readFileSync } from "node:fs";
const { [process.argv[2]]: call } = await import(process.argv[1]);
const inputs = JSON.parse(readFileSync(0, "utf8"));
console.log(JSON.stringify(inputs.map((given) => call(...given) ?? null)));
"""


def call(module: str, function: str, inputs: Sequence[Sequence[Any]]) -> list[Any]:
    """What a function that a module of the page exports returns for each list of arguments."""
    assert PROGRAM is not None
    done = subprocess.run(
        [PROGRAM, "--input-type=module", "--eval", _CALLS, "--", (PAGE / module).as_uri(), function],
        input=json.dumps(inputs).encode(), capture_output=True, timeout=_TIMEOUT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stderr.decode()
    found: list[Any] = json.loads(done.stdout)
    return found


def test(file: str, **environ: str) -> None:
    """Runs a file of tests that lies beside this one."""
    assert PROGRAM is not None
    done = subprocess.run(
        [PROGRAM, "--test", str(Path(__file__).with_name(file))],
        env={**os.environ, **environ}, capture_output=True, timeout=_TIMEOUT, check=False,
    )  # fmt: skip
    assert done.returncode == 0, done.stdout.decode()[-10_000:]

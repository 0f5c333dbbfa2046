"""Lines are read as they come, and left where they are while nobody takes them."""

from __future__ import annotations

import io
import os
import sys

import pytest

from evchat.net.loop import Loop
from tests.e2e.harness import DEADLINE
from tui.plain.line_input import LineInput
from tui.plain.output import Output

pytestmark = pytest.mark.skipif(sys.platform == "win32", reason="reads from a pipe")


def test_lines_come_from_a_pipe_until_its_end() -> None:
    reader, writer = os.pipe()
    loop = Loop()
    lines = LineInput(loop, reader, Output(io.StringIO(), io.StringIO()))
    os.write(writer, b"one\ntwo\nthr")
    os.close(writer)
    while not lines.ended:
        lines.read_on(patient=False)
        loop.run_once(DEADLINE)
    assert list(lines.lines) == ["one", "two", "thr"]
    lines.leave()
    loop.close()
    os.close(reader)

"""Output never tears the line that is being written, and outlives its reader."""

from __future__ import annotations

import io
import os
import sys

import pytest

from tui.model.keymap import Keymap
from tui.plain.output import Output
from tui.plain.prompt import Prompt


def test_what_comes_while_one_writes_is_held_back_until_the_line_is_done() -> None:
    target = io.StringIO()
    output = Output(target, io.StringIO())
    output.prompt = Prompt(target.write, lambda: 80, Keymap())
    output.typed()
    output.prompt.feed(b"half a")
    output.print(["news"])
    output.flush()
    assert "news" not in target.getvalue() and output.due is not None
    assert output.prompt.feed(b" line\r") == ["half a line"]
    output.flush()
    assert "news\n" in target.getvalue() and output.due is None


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no such pipes")
def test_a_reader_that_is_gone_is_noticed_and_nothing_is_raised_any_more() -> None:
    pipes = [os.pipe(), os.pipe()]
    for reader, _ in pipes:
        os.close(reader)
    with os.fdopen(pipes[0][1], "w") as target, os.fdopen(pipes[1][1], "w") as errors:
        output = Output(target, errors)
        output.complain(["nobody hears"])
        output.print(["nobody reads"])
        output.flush()
        assert output.gone
        output.print(["nor this"])
        output.complain(["nor that"])
        output.flush()

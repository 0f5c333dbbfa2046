"""A frame tells which of its rows changed."""

from __future__ import annotations

from tui.terminal.frame import Frame
from tui.text.rows import row
from tui.text.style import Style

RED, BLUE = Style.of(1), Style.of(4)


def test_a_frame_tells_which_rows_changed() -> None:
    before = Frame([row([("a", RED)], 3), row([("b", RED)], 3)], 3, (0, 1))
    after = Frame([row([("a", RED)], 3), row([("b", BLUE)], 3)], 3, (0, 1))
    assert after.changed(before) == [1]
    assert after.changed(None) == [0, 1]
    assert after.changed(Frame(before.rows[:1], 3)) == [0, 1]
    assert before.lines() == ["a  ", "b  "]

"""A frame is its panes, with what lies under them between them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.texts import shown
from tui.terminal.frame import Frame, Pane
from tui.text.rows import plain, row, row_width
from tui.text.style import PLAIN, Style

RED, BLUE = Style.of(1), Style.of(4)


def test_what_lies_under_the_panes_is_seen_between_them() -> None:
    left = Pane("left", 0, 1, 2, [(("ab", RED),), (("cd", RED),)])
    right = Pane("right", 1, 4, 2, [(("日", BLUE),)])
    frame = Frame([row([("│" * 7, PLAIN)], 7)] * 3, 7, (0, 1), [right, left])
    assert frame.lines() == ["│ab││││", "│cd│日│", "│││││││"]
    assert frame.row(1) == (("│", PLAIN), ("cd", RED), ("│", PLAIN), ("日", BLUE), ("│", PLAIN))
    assert (left.box, right.box) == ((2, 2, 0, 1), (1, 2, 1, 4))


@given(st.lists(st.tuples(st.integers(0, 3), shown), max_size=4), st.integers(0, 9))
def test_rows_are_as_wide_as_the_screen_wherever_the_panes_are(
    parts: list[tuple[int, str]], rest: int
) -> None:
    panes: list[Pane] = []
    column = 0
    for gap, text in parts:
        wide = row_width([(text, RED)])
        panes.append(Pane(text, 0, column + gap, wide, [((text, RED),)]))
        column += gap + wide
    columns = column + rest
    frame = Frame([row([("·" * columns, PLAIN)], columns)], columns, None, panes)
    assert row_width(frame.row(0)) == columns
    assert plain(frame.row(0)) == "".join("·" * gap + text for gap, text in parts) + "·" * rest

"""The cursor only ever stands between clusters."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.texts import typed
from tui.model import motions
from tui.text.cells import next_cluster

MOTIONS = [
    motions.left, motions.right, motions.word_left, motions.word_right, motions.space_left, motions.line_start,
    motions.line_end, motions.text_start, motions.text_end,
]  # fmt: skip


def borders(text: str) -> list[int]:
    found = [0]
    while found[-1] < len(text):
        found.append(next_cluster(text, found[-1]))
    return found


@given(typed, st.data())
def test_every_motion_leads_to_a_border(text: str, data: st.DataObject) -> None:
    cursor = data.draw(st.sampled_from(borders(text)))
    for motion in MOTIONS:
        assert motion(text, cursor) in borders(text)
    for vertical in (motions.line_up, motions.line_down):
        assert vertical(text, cursor, data.draw(st.integers(0, 9))) in [None, *borders(text)]


@pytest.mark.parametrize(
    ("motion", "before", "after"),
    [
        (motions.word_right, "|foo bar", "foo| bar"),
        (motions.word_right, "foo| - bar", "foo - bar|"),
        (motions.word_left, "foo bar|", "foo |bar"),
        (motions.word_left, "foo, |bar", "|foo, bar"),
        (motions.word_left, "x 👍🏽|", "|x 👍🏽"),
        (motions.space_left, "say http://a.b/c?d  |", "say |http://a.b/c?d  "),
        (motions.line_start, "ab\ncd|e", "ab\n|cde"),
        (motions.line_end, "a|b\ncd", "ab|\ncd"),
        (motions.left, "e\u0301|", "|e\u0301"),
        (motions.right, "a|\u65e5b", "a\u65e5|b"),
    ],
)
def test_motions_are_those_of_readline(motion: motions.Motion, before: str, after: str) -> None:
    text = before.replace("|", "")
    cursor = motion(text, before.index("|"))
    assert text[:cursor] + "|" + text[cursor:] == after


def test_lines_are_entered_at_the_cell_where_the_cursor_was() -> None:
    text = "日本語\nabc\nx"
    assert motions.column(text, 2) == 4
    assert motions.line_down(text, 2, 4) == 7
    assert motions.line_down(text, 5, 1) == 9
    assert motions.line_up(text, 5, 3) == 1
    assert motions.line_up(text, 2, 0) is None
    assert motions.line_down(text, 9, 0) is None

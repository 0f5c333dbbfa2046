"""The rows of the input line that are painted: those around the cursor."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tui.layout.line import InputLayout
from tui.view.line import window


@given(st.integers(1, 20), st.integers(1, 8), st.integers(0, 100))
def test_the_window_holds_the_cursor(rows: int, height: int, at: int) -> None:
    text = "\n".join("ab" for _ in range(rows))
    made = InputLayout(text, min(at, len(text)), 10, 0)
    texts, (row, column) = window(made, height)
    assert len(texts) == min(height, len(made.rows))
    assert texts[row][column : column + 1] == made.rows[made.cursor[0]][column : column + 1]

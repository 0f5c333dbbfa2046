"""The line one writes: its rows, and the cursor in them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import width
from tests.tui.scenes import morning
from tests.tui.texts import typed
from tui.layout.line import InputLayout
from tui.model.editor import Editor


@given(typed, st.integers(0, 40), st.integers(1, 30))
def test_rows_fit_and_the_cursor_is_in_them(text: str, at: int, columns: int) -> None:
    editor = Editor(text, at)
    made = InputLayout(editor.text, editor.cursor, columns, 0)
    assert all(width(row) <= columns for row in made.rows)
    row, column = made.cursor
    assert 0 <= row < len(made.rows)
    assert 0 <= column <= min(width(made.rows[row]), columns - 1)


@given(st.text("ab c\n"), st.integers(1, 12))
def test_all_that_is_written_is_shown(text: str, columns: int) -> None:
    made = InputLayout(text, len(text), columns, 0)
    assert "".join(made.rows) == text.replace("\n", "")


@given(
    st.lists(st.sampled_from(["a", "word", "longer", "ø", "\u00e9x"]), min_size=1),
    st.integers(8, 20),
)
def test_words_stay_whole_and_no_row_begins_with_a_space(words: list[str], columns: int) -> None:
    made = InputLayout(" ".join(words), 0, columns, 0)
    assert [word for row in made.rows for word in row.split()] == words
    assert not any(row.startswith(" ") for row in made.rows)


def test_the_cursor_in_wrapped_words_is_where_one_writes() -> None:
    for text in ("one two three", "øne two three"):
        assert InputLayout(text, 0, 8, 0).rows == [text[:8], text[8:]]
        assert [InputLayout(text, at, 8, 0).cursor for at in (0, 4, 7, 8, 13)] == [
            (0, 0),
            (0, 4),
            (0, 7),
            (1, 0),
            (1, 5),
        ]
    assert InputLayout("a日本語 b", 5, 6, 0).rows == ["a日本", "語 b"]
    assert InputLayout("a日本語 b", 5, 6, 0).cursor == (1, 3)


def test_the_cursor_behind_a_full_row_stands_in_the_next_one() -> None:
    assert InputLayout("abcd", 4, 4, 0).cursor == (1, 0)
    assert InputLayout("日本", 2, 4, 0).cursor == (1, 0)
    assert InputLayout("abcd\nef", 4, 4, 0).cursor == (1, 0)


def test_a_password_is_not_shown() -> None:
    scene = morning(80, 14)
    scene.type("/login bob hunter2")
    assert "> /login bob *******" in scene.screen()
    scene.press("ctrl-u")
    scene.type("/register s3cret")
    assert "> /register ******" in scene.screen()

"""Cursor motions: functions from a text and a cursor to another cursor, always between clusters."""

from __future__ import annotations

from evchat.protocol.text import legible, width
from tui.text.cells import next_cluster, previous_cluster

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    Motion = Callable[[str, int], int]


def left(text: str, cursor: int) -> int:
    """One cluster to the left."""
    return previous_cluster(text, cursor)


def right(text: str, cursor: int) -> int:
    """One cluster to the right."""
    return next_cluster(text, cursor)


def word_left(text: str, cursor: int) -> int:
    """To the beginning of the word, or of the one before (readline's backward-word)."""
    return _skip_left(text, _skip_left(text, cursor, _is_no_word), _is_word)


def word_right(text: str, cursor: int) -> int:
    """To the end of the word, or of the next one (readline's forward-word)."""
    return _skip_right(text, _skip_right(text, cursor, _is_no_word), _is_word)


def space_left(text: str, cursor: int) -> int:
    """To the left over what no space interrupts (readline's unix-word-rubout)."""
    return _skip_left(text, _skip_left(text, cursor, str.isspace), _is_no_space)


def line_start(text: str, cursor: int) -> int:
    """To the beginning of the line."""
    return text.rfind("\n", 0, cursor) + 1


def line_end(text: str, cursor: int) -> int:
    """To the end of the line."""
    end = text.find("\n", cursor)
    return len(text) if end < 0 else end


def text_start(text: str, cursor: int) -> int:
    """To the beginning of everything."""
    return 0


def text_end(text: str, cursor: int) -> int:
    """To the end of everything."""
    return len(text)


def column(text: str, cursor: int) -> int:
    """The cell in its line, counted from 0, at which the cursor stands."""
    return width(legible(text[line_start(text, cursor) : cursor]))


def line_up(text: str, cursor: int, goal: int) -> int | None:
    """To the cell `goal`, or the last one before it, of the line above; None on the first line."""
    start = line_start(text, cursor)
    return None if start == 0 else _at_column(text, line_start(text, start - 1), start - 1, goal)


def line_down(text: str, cursor: int, goal: int) -> int | None:
    """To the cell `goal`, or the last one before it, of the line below; None on the last line."""
    end = line_end(text, cursor)
    return None if end == len(text) else _at_column(text, end + 1, line_end(text, end + 1), goal)


def _at_column(text: str, start: int, end: int, goal: int) -> int:
    cursor = start
    while cursor < end:
        following = min(next_cluster(text, cursor), end)
        if width(legible(text[start:following])) > goal:
            break
        cursor = following
    return cursor


def _is_word(char: str) -> bool:
    return char.isalnum()


def _is_no_word(char: str) -> bool:
    return not char.isalnum()


def _is_no_space(char: str) -> bool:
    return not char.isspace()


def _skip_left(text: str, cursor: int, wanted: Callable[[str], bool]) -> int:
    while cursor > 0 and wanted(text[previous_cluster(text, cursor)]):
        cursor = previous_cluster(text, cursor)
    return cursor


def _skip_right(text: str, cursor: int, wanted: Callable[[str], bool]) -> int:
    while cursor < len(text) and wanted(text[cursor]):
        cursor = next_cluster(text, cursor)
    return cursor

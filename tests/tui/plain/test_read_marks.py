"""What was read is told once, and of each room the last."""

from __future__ import annotations

from tui.plain.read_marks import ReadMarks


def test_the_last_message_of_each_room_is_told_once() -> None:
    marks = ReadMarks()
    assert marks.due is None
    for room, seq in (("#main", 3), ("bob", 1), ("#main", 2)):
        marks.saw(room, seq)
    assert marks.due is not None
    assert marks.take() == {"#main": 3, "bob": 1}
    assert marks.due is None and marks.take() == {}


def test_what_has_no_number_or_is_for_everyone_has_no_mark() -> None:
    marks = ReadMarks()
    for room, seq in (("#main", None), ("*", 5), ("", 5)):
        marks.saw(room, seq)
    assert marks.due is None and marks.take() == {}

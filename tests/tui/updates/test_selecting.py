"""A selected message."""

from __future__ import annotations

from tests.tui.scenes import morning
from tui.effects import Copy, Open


def test_a_message_is_answered_with_what_it_said() -> None:
    scene = morning()
    scene.type("because")
    scene.press("alt-up", "up", "up", "r")
    assert scene.model.editor.text == "bob: “did anyone see the build?” — because"
    assert scene.model.selected is None


def test_its_sender_is_mentioned_where_one_writes() -> None:
    scene = morning()
    scene.press("alt-up", "m")
    assert scene.model.editor.text == "carol: "
    scene.type("and ")
    scene.press("alt-up", "up", "up", "m")
    assert scene.model.editor.text == "carol: and bob "


def test_its_text_is_copied_and_its_link_opened() -> None:
    scene = morning()
    scene.model.clipboard = True
    scene.press("alt-up")
    assert scene.press("y") == [Copy("alice: looks green to me")]
    scene.press("alt-up")
    assert scene.press("o") == []
    assert "There is no link in it." in scene.screen()
    scene.press("up")
    assert scene.press("o") == [Open("https://example.org/build/4711")]


def test_it_and_what_follows_are_unread_again() -> None:
    scene = morning()
    scene.line("answer")
    scene.sent("line-2", 4)
    scene.says("bob", "fine")
    scene.press("alt-up", "up", "up", "u")
    assert scene.model.room.unread == 2
    lines = scene.screen().splitlines()
    marker = next(index for index, line in enumerate(lines) if "── new ─" in line)
    assert "looks green" in lines[marker + 1]


def test_what_nobody_said_is_passed_over() -> None:
    scene = morning()
    scene.hear({"response": "info", "content": "notice"})
    scene.press("alt-up")
    selected = scene.model.selected
    assert selected is not None
    assert scene.model.room.log[selected].sender == "carol"


def test_down_from_the_last_is_back_to_writing() -> None:
    scene = morning()
    scene.press("alt-up", "up", "down", "down")
    assert scene.model.selected is None


def test_a_line_that_still_waits_can_be_selected_but_not_dropped() -> None:
    scene = morning()
    scene.line("on its way")
    scene.press("alt-up")
    assert scene.press("d") == []
    assert "can be dropped" in scene.screen()
    assert scene.press("r") == []
    assert "line-2" in scene.model.room.pending

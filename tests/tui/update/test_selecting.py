"""A selected message."""

from __future__ import annotations

from typing import Any

import pytest

from tests.tui.scenes import Scene, morning
from tui.model.effects import COMMAND, TAKE, Ask, Copy, Open


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
    assert "It has no link." in scene.screen()
    scene.press("up")
    assert scene.press("o") == [Open("https://example.org/build/4711")]


def test_it_is_pinned() -> None:
    scene = Scene()
    scene.says("bob", "one")
    scene.press("alt-up")
    done = scene.press("p")
    assert [each for each in done if isinstance(each, Ask)] == [
        Ask({"request": "pin", "to": "#main", "seq": 1}, COMMAND, "#main", "pin")
    ]


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
    assert "can't be deleted yet" in scene.screen()
    assert scene.press("r") == []
    assert "line-2" in scene.model.room.pending


def take_back(scene: Scene, *ups: str) -> list[Any]:
    scene.press("alt-up", *ups)
    return [scene.press("d"), scene.press("d")]


def test_ones_own_message_is_taken_back_after_a_question() -> None:
    scene = morning()
    asked, done = take_back(scene, "up")
    assert asked == []
    assert done == [Ask({"request": "redact", "to": "#main", "seq": 2}, TAKE, "#main", "2")]
    assert "4711" in scene.screen()
    scene.hear(
        {"response": "ok", "reply_to": list(scene.model.asked)[-1], "content": "The message was taken back."}
    )
    assert "4711" not in scene.screen() and "(deleted)" in scene.screen()
    assert "✓" not in scene.screen()


def test_another_key_than_the_same_takes_nothing_back() -> None:
    scene = morning()
    scene.press("alt-up", "up", "d")
    assert "d again deletes it" in scene.screen()
    scene.press("up", "down")
    assert scene.press("d") == []
    scene.press("escape", "alt-up", "up")
    assert scene.press("d") == []


def test_a_refusal_is_told_and_the_message_stays() -> None:
    scene = morning()
    take_back(scene, "up")
    scene.hear(
        {
            "response": "error",
            "reply_to": list(scene.model.asked)[-1],
            "code": "not-allowed",
            "content": "No.",
        }
    )
    assert "4711" in scene.screen() and "No." in scene.screen()


@pytest.mark.parametrize("operators", [[], ["alice"]])
def test_what_others_said_only_an_operator_takes_back(operators: list[str]) -> None:
    scene = morning()
    scene.model.room.operators = set(operators)
    _, done = take_back(scene)
    assert bool(done) is bool(operators)
    assert ("your own" in scene.screen()) is not bool(operators)


def test_nothing_is_taken_back_without_a_connection() -> None:
    scene = morning()
    scene.hear({"response": "state", "state": "offline", "reason": ""})
    assert take_back(scene, "up") == [[], []]
    assert "not connected" in scene.screen()


def test_what_was_taken_back_can_not_be_had_again() -> None:
    scene = morning()
    scene.model.clipboard = True
    scene.hear(
        {"response": "redacted", "sender": "carol", "to": "#main", "seq": 3, "sent_at": 0, "content": ""}
    )
    for key in ("y", "r", "o"):
        scene.press("alt-up")
        assert scene.press(key) == []
        scene.press("escape")
    assert scene.model.editor.text == ""
    assert take_back(scene) == [[], []]
    assert "Discarded." in scene.screen()
    scene.press("escape", "ctrl-s")
    scene.type("green")
    assert "looks green" not in scene.screen()


def test_a_search_that_is_open_loses_what_is_taken_back() -> None:
    scene = morning()
    scene.press("ctrl-s")
    scene.type("green")
    assert "looks green" in scene.screen()
    scene.hear(
        {"response": "redacted", "sender": "carol", "to": "#main", "seq": 3, "sent_at": 0, "content": ""}
    )
    assert "looks green" not in scene.screen()


def test_what_can_be_done_with_it_stands_in_the_status_line() -> None:
    scene = morning()
    scene.press("alt-up")
    assert "d delete" in scene.screen()


def test_where_there_is_little_room_fewer_choices_are_named_and_the_connection_stays() -> None:
    scene = morning(60, 15)
    scene.model.clipboard = True
    scene.press("alt-up")
    assert " 1:#main  Act: 3!,…  ●" in scene.screen()
    assert "r reply" in scene.screen() and "? more" in scene.screen() and "d delete" not in scene.screen()

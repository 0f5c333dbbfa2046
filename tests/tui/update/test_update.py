"""Keys, pastes, focus and mouse: what each does, in every mode."""

from __future__ import annotations

import pytest

from tests.tui.scenes import Scene, morning
from tui.model import keymap
from tui.model.editor import Editor
from tui.model.effects import Quit, Redraw, Suspend, UseMouse
from tui.model.input_history import HistorySearch
from tui.model.inputs import Focus, Key, Mouse
from tui.update.update import HANDLERS


def test_every_action_of_the_client_has_a_handler_and_no_handler_is_left_over() -> None:
    wanted = {action.name for action in keymap.ACTIONS if action.owner == keymap.CLIENT}
    assert set(HANDLERS) == wanted


@pytest.mark.parametrize("action", keymap.ACTIONS, ids=lambda action: action.name)
def test_every_action_is_somewhere(action: keymap.Action) -> None:
    owner = {keymap.EDITOR: Editor, keymap.SEARCHER: HistorySearch}.get(action.owner)
    assert owner is None or callable(getattr(owner, action.handler))


def test_what_is_typed_stands_in_the_line_of_its_room() -> None:
    scene = morning()
    scene.type("half a")
    scene.press("alt-2")
    assert scene.model.current == "#ops"
    assert scene.model.editor.text == ""
    scene.type("other")
    scene.press("alt-1")
    assert scene.model.editor.text == "half a"


def test_what_was_cut_in_one_room_can_be_put_into_another() -> None:
    scene = morning()
    scene.type("words")
    scene.press("ctrl-u", "alt-2", "ctrl-y")
    assert scene.model.editor.text == "words"


@pytest.mark.parametrize("open_it", ["ctrl-s", "f1", "ctrl-k", "ctrl-r", "alt-up", "alt-g"])
def test_escape_closes_what_is_open_and_keeps_what_is_written(open_it: str) -> None:
    scene = morning()
    if open_it != "ctrl-k":
        scene.type("draft")
    before = scene.screen()
    scene.press(open_it)
    assert scene.model.modes != (keymap.LINE,)
    scene.press("escape")
    assert scene.model.modes == (keymap.LINE,)
    assert scene.screen() == before


def test_one_does_not_quit_by_mistake() -> None:
    scene = morning()
    scene.type("text")
    assert Quit() not in scene.press("ctrl-c")
    assert scene.model.editor.text == ""
    assert scene.press("ctrl-c") == []
    assert "Press Ctrl-C again to quit." in scene.screen()
    scene.press("x")
    scene.press("backspace")
    assert scene.press("ctrl-c") == []
    assert scene.press("ctrl-c") == [Quit()]


def test_quitting_with_lines_that_are_not_sent_asks_first() -> None:
    scene = morning()
    scene.line("under way")
    assert scene.press("ctrl-q") == [Quit()]
    scene.hear({"response": "state", "state": "offline"})
    assert scene.press("ctrl-q") == []
    assert "1 line not sent yet" in scene.screen()
    assert scene.press("ctrl-q") == [Quit()]


def test_quitting_by_command_asks_once_too() -> None:
    scene = morning()
    scene.hear({"response": "state", "state": "offline"})
    scene.line("not sent yet")
    assert scene.line("/quit") == []
    assert scene.model.editor.text == "/quit"
    assert Quit() in scene.press("enter")


def test_keys_for_the_world_become_effects() -> None:
    scene = morning()
    assert scene.press("ctrl-l") == [Redraw()]
    assert scene.press("ctrl-z") == [Suspend()]
    assert scene.press("alt-m") == [UseMouse(True)]
    assert scene.press("alt-m") == [UseMouse(False)]


def test_the_panels_come_and_go_on_request() -> None:
    scene = morning(90, 20)
    assert "│ bob" not in scene.screen()
    scene.press("f8")
    assert "│ bob" in scene.screen()
    scene.press("f7")
    assert "#ops" not in scene.screen().splitlines()[2]
    scene.press("f7", "f8")
    assert "│ bob" not in scene.screen()
    assert "#ops" in scene.screen()


def test_the_wheel_scrolls_and_a_click_goes_to_a_room() -> None:
    scene = morning(100, 14)
    for number in range(40):
        scene.says("bob", f"line {number}")
    scene.take(Mouse("wheel-up", "", 50, 5))
    assert scene.model.room.scroll is not None
    scene.take(Mouse("wheel-down", "", 50, 5))
    assert scene.model.room.scroll is None
    scene.take(Mouse("press", "left", 4, 2))
    assert scene.model.current == "#ops"
    scene.take(Mouse("press", "left", 60, 2))
    assert scene.model.current == "#ops"


def test_who_looks_at_a_room_has_read_it() -> None:
    scene = morning()
    scene.take(Focus(False))
    scene.says("bob", "one")
    assert scene.model.room.unread == 1
    scene.take(Focus(True))
    assert scene.model.room.unread == 0


def test_a_key_that_means_nothing_does_nothing() -> None:
    scene = morning()
    before = scene.screen()
    for name in ("f12", "ctrl-\\", "insert", "super-a"):
        assert scene.take(Key(name)) == []
    assert scene.screen() == before


def test_typing_ends_the_selection_of_a_message() -> None:
    scene = morning()
    scene.press("alt-up")
    scene.press("H")
    assert scene.model.selected is None
    assert scene.model.editor.text == "H"


def test_a_line_is_recalled_edited_and_taken_back() -> None:
    scene = morning()
    scene.line("first")
    scene.line("second")
    scene.press("up", "up")
    assert scene.model.editor.text == "first"
    scene.press("down", "down")
    assert scene.model.editor.text == ""


def test_searching_what_was_typed_takes_it_or_leaves_it() -> None:
    scene = morning()
    scene.line("the quick fox")
    scene.type("draft")
    scene.press("ctrl-r")
    scene.type("quick")
    assert "> the quick fox" in scene.screen()
    scene.press("ctrl-g")
    assert scene.model.editor.text == "draft"
    scene.press("ctrl-r")
    scene.type("fox")
    scene.press("tab")
    assert scene.model.editor.text == "the quick fox"


def test_other_keys_can_be_bound() -> None:
    scene = Scene()
    scene.model.keymap = keymap.Keymap({"next-room": "ctrl-n"})
    scene.online()
    scene.join("#main")
    scene.join("#ops")
    scene.press("ctrl-n")
    assert scene.model.current == "#ops"

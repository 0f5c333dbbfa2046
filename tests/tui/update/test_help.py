"""The help is complete, because it is made from the tables."""

from __future__ import annotations

from evchat.protocol.commands import COMMANDS
from tests.tui.scenes import morning
from tui.model import keymap
from tui.model.local_commands import LOCAL_COMMANDS


def text(word: str = "") -> str:
    scene = morning()
    scene.line(f"/help {word}".strip())
    assert scene.model.page is not None
    return "\n".join("".join(part for part, _ in row) for row in scene.model.page.rows)


def test_every_key_and_every_command_is_there() -> None:
    page = text()
    for action in keymap.ACTIONS:
        assert action.description in page or not action.keys or action.name[-1] in "23456789"
    for local in LOCAL_COMMANDS:
        assert local.usage in page and local.summary in page
    own = {local.word for local in LOCAL_COMMANDS}
    for command in COMMANDS:
        assert command.usage in page or not own.isdisjoint(command.words)


def test_a_word_narrows_it_down() -> None:
    page = text("topic")
    assert "/topic [text]" in page
    assert "/whois" not in page
    assert "No help on xyzzy" in text("xyzzy")


def test_a_question_mark_asks_for_help_where_it_can_not_be_a_message() -> None:
    scene = morning()
    scene.line("/?")
    assert scene.model.page is not None
    scene.press("escape", "alt-up", "?")
    assert scene.model.page is not None
    scene.press("escape", "escape")
    scene.type("?")
    assert scene.model.page is None and scene.model.editor.text == "?"


def test_nine_keys_that_do_the_same_are_one_row_unless_they_were_changed() -> None:
    assert "Alt-1 … Alt-9" in text("room-") and "Room 1 … 9" in text("room-")
    scene = morning()
    scene.model.keymap = keymap.Keymap({"room-3": "f3"})
    scene.line("/help room-")
    assert scene.model.page is not None
    assert "F3" in str(scene.model.page.rows) and "Alt-1 …" not in str(scene.model.page.rows)


def test_keys_and_what_they_do_stand_in_columns() -> None:
    scene = morning(80, 40)
    scene.press("f1")
    rows = scene.screen().splitlines()
    at = next(index for index, line in enumerate(rows) if "Alt-Enter, Ctrl-J," in line)
    column = rows[at].index("Starts a new line")
    assert rows[at + 1].rstrip("│ ").endswith("Shift-Enter")
    assert rows[at - 2][column:].startswith("Closes")


def test_it_is_read_with_the_keys_of_a_page() -> None:
    scene = morning(80, 14)
    scene.press("f1")
    first = scene.screen()
    scene.press("pagedown", "down")
    assert scene.screen() != first
    scene.press("up", "pageup")
    assert scene.screen() == first
    for _ in range(60):
        scene.press("pagedown")
    last = scene.screen()
    scene.press("pagedown")
    assert scene.screen() == last != first
    scene.press("q")
    assert scene.model.page is None


def test_the_command_that_was_asked_for_comes_first() -> None:
    rows = [line for line in text("/op").splitlines() if line.strip()]
    assert rows[1].startswith("/op [#channel] name") and rows[2].startswith("/oper")


def test_a_command_is_found_by_its_other_words() -> None:
    for word in ("pm", "/send"):
        rows = [line for line in text(word).splitlines() if line.strip()]
        assert rows[1].startswith("/msg name text") and rows[1].endswith("Also: /pm, /send.")

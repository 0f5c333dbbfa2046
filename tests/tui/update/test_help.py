"""The help is complete, because it is made from the tables."""

from __future__ import annotations

from evchat.protocol.commands import COMMANDS
from evchat.protocol.help_groups import GROUPS
from tests.tui.scenes import morning
from tui.model import keymap
from tui.model.local_commands import LOCAL_COMMANDS


def text(word: str = "") -> str:
    scene = morning()
    scene.line(f"/help {word}".strip())
    assert scene.model.page is not None
    return "\n".join("".join(part for part, _ in row) for row in scene.model.page.rows)


def test_the_first_page_is_ten_lines_and_where_to_read_on() -> None:
    heading, *rows = text().splitlines()
    assert heading.strip() == "How to begin" and rows.index("") == 10
    assert all(f"/help {word}" in text() for word in ("keys", "commands", "signs"))
    scene = morning(80, 24)
    scene.press("f1")
    assert "operators" in scene.screen(), "it fits the screen"


def test_every_key_and_every_command_is_there() -> None:
    page, keys, commands = text("all"), text("keys"), text("commands")
    for action in keymap.ACTIONS:
        shown = not action.keys or action.name[-1] in "23456789"
        assert shown or (action.description in page and action.description in keys)
    for local in LOCAL_COMMANDS:
        assert local.usage in page and local.summary in page
    own = {local.word for local in LOCAL_COMMANDS}
    for command in COMMANDS:
        assert command.usage in commands or not own.isdisjoint(command.words)


def test_commands_are_grouped_and_each_is_in_one_group() -> None:
    lines = text("commands").splitlines()
    usages = [line.split()[0] for line in lines if line.startswith("/")]
    assert len(usages) == len(set(usages))
    for group in GROUPS:
        page = text(group.name)
        assert page.splitlines()[0].strip() == group.title and page in "\n".join(lines)
    assert "/theme name" in text("client") and "/query name" in text("talking")
    assert "/banish" in text("operators") and "/banish" not in text("order")


def test_the_keys_used_most_come_first() -> None:
    headings = [line for line in text("keys").splitlines() if line.startswith(" ") and line.strip()]
    assert [line.strip() for line in headings[:3]] == ["Sending", "Rooms", "Messages"]


def test_the_names_of_actions_are_listed_for_the_configuration() -> None:
    page = text("actions")
    assert all(action.name in page for action in keymap.ACTIONS)


def test_a_word_narrows_it_down() -> None:
    page = text("topic")
    assert "/topic [text]" in page
    assert "/whois" not in page
    assert "No help on xyzzy. /help all shows everything." in text("xyzzy")
    assert "Did you mean /help join?" in text("jion")


def test_the_help_on_a_selected_message_is_about_that() -> None:
    scene = morning()
    scene.press("alt-up", "?")
    assert scene.model.page is not None
    rows = ["".join(part for part, _ in row) for row in scene.model.page.rows]
    assert rows[0].strip() == "A message is selected" and "Replies to it" in str(rows)
    assert "/who" not in str(rows)


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
    scene.line("/help keys")
    rows = scene.screen().splitlines()
    at = next(index for index, line in enumerate(rows) if "Alt-Enter, Ctrl-J," in line)
    column = rows[at].index("Starts a new line")
    assert rows[at + 1].rstrip("│ ").endswith("Shift-Enter")
    assert rows[at - 2][column:].startswith("Closes")


def test_it_is_read_with_the_keys_of_a_page() -> None:
    scene = morning(80, 14)
    scene.line("/help all")
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
        assert rows[1].startswith("/msg name text") and rows[1].endswith("Also: /pm, /send, /w.")

"""The line editor does what readline does, and loses nothing."""

from __future__ import annotations

from collections.abc import Callable

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.settings.client import MAX_DRAFT_CHARS, MAX_UNDO
from tests.tui.texts import typed
from tui.model.editor import Editor, cleaned
from tui.text.cells import next_cluster

HISTORY = ("hello one", "second", "hello two", "multi\nline", "hello two")

Action = Callable[[Editor], Editor]

EDITS: list[Action] = [
    Editor.newline, Editor.delete_left, Editor.delete_right, Editor.kill_to_end, Editor.kill_to_start,
    Editor.kill_word_right, Editor.kill_word_left, Editor.kill_to_space, Editor.kill_all, Editor.yank,
    Editor.yank_pop, Editor.transpose, Editor.transpose_words, Editor.upcase_word, Editor.downcase_word,
    Editor.capitalise_word,
]  # fmt: skip
OTHERS: list[Action] = [
    Editor.left, Editor.right, Editor.word_left, Editor.word_right, Editor.line_start, Editor.line_end,
    Editor.text_start, Editor.text_end, Editor.undo, Editor.redo,
    lambda editor: editor.up(HISTORY), lambda editor: editor.down(HISTORY),
]  # fmt: skip
inserts = typed.map(lambda text: lambda editor: editor.insert(text))
actions = st.lists(st.one_of(st.sampled_from(EDITS + OTHERS), inserts))


def at(marked: str) -> Editor:
    return Editor(marked.replace("|", "", 1), marked.index("|"))


def shown(editor: Editor) -> str:
    return editor.text[: editor.cursor] + "|" + editor.text[editor.cursor :]


def do(editor: Editor, *steps: Action) -> Editor:
    for step in steps:
        editor = step(editor)
    return editor


def press(text: str) -> list[Action]:
    return [lambda editor, char=char: editor.insert(char) for char in text]  # type: ignore[misc]


@given(typed, actions)
def test_whatever_is_pressed_the_cursor_stands_at_a_border(text: str, steps: list[Action]) -> None:
    editor = Editor(text)
    for step in steps:
        before = shown(editor)
        following = step(editor)
        assert shown(editor) == before
        editor = following
        border = 0
        while border < editor.cursor:
            border = next_cluster(editor.text, border)
        assert border == editor.cursor


@given(typed, actions)
def test_undo_takes_everything_back_and_redo_does_it_again(text: str, steps: list[Action]) -> None:
    edits = [step for step in steps if step not in OTHERS][: MAX_UNDO // 2]
    start = Editor(text)
    end = do(start, *edits)
    undone = do(end, *[Editor.undo] * MAX_UNDO)
    assert undone.text == start.text
    assert do(undone, *[Editor.redo] * MAX_UNDO).text == end.text


@given(typed, st.integers(0, 50), st.sampled_from([step for step in EDITS if "kill" in step.__name__]))
def test_what_was_killed_can_be_put_back(text: str, cursor: int, kill: Action) -> None:
    editor = Editor(text, cursor)
    killed = kill(editor)
    if killed is not editor and not shown(killed).startswith("|\u0301"):
        assert killed.yank().text == editor.text


@pytest.mark.parametrize(
    ("action", "before", "after"),
    [
        (Editor.delete_left, "ab|c", "a|c"),
        (Editor.delete_left, "e\u0301|", "|"),
        (Editor.delete_left, "|a", "|a"),
        (Editor.delete_right, "a|bc", "a|c"),
        (Editor.delete_right, "a|", "a|"),
        (Editor.kill_to_end, "a|bc\nd", "a|\nd"),
        (Editor.kill_to_end, "a|\nd", "a|d"),
        (Editor.kill_to_start, "ab\ncd|e", "ab\n|e"),
        (Editor.kill_to_start, "ab\n|e", "ab|e"),
        (Editor.kill_word_right, "a| bc d", "a| d"),
        (Editor.kill_word_left, "a b.c|", "a b.|"),
        (Editor.kill_to_space, "a b.c|", "a |"),
        (Editor.kill_all, "a\nb|c", "|"),
        (Editor.transpose, "ab|cd", "acb|d"),
        (Editor.transpose, "abc|", "acb|"),
        (Editor.transpose, "a|", "a|"),
        (Editor.transpose, "|ab", "|ab"),
        (Editor.transpose, "a日|", "日a|"),
        (Editor.transpose_words, "foo bar|", "bar foo|"),
        (Editor.transpose_words, "foo |bar baz", "bar foo| baz"),
        (Editor.transpose_words, "foo|", "foo|"),
        (Editor.upcase_word, "|foo bar", "FOO| bar"),
        (Editor.downcase_word, "|FOO bar", "foo| bar"),
        (Editor.capitalise_word, "foo| bAR", "foo Bar|"),
        (Editor.newline, "a|b", "a\n|b"),
        (Editor.up, "ab\nc|d", "a|b\ncd"),
        (Editor.down, "a|b\ncd", "ab\nc|d"),
    ],
)
def test_keys_do_what_they_do_in_readline(action: Action, before: str, after: str) -> None:
    assert shown(action(at(before))) == after


def test_kills_in_a_row_are_one_kill_in_the_order_of_the_text() -> None:
    editor = do(
        at("one two| three four"), Editor.kill_word_left, Editor.kill_word_right, Editor.kill_word_left
    )
    assert editor.ring == ("one two three",)
    editor = do(editor, Editor.text_end, Editor.kill_word_left)
    assert editor.ring == ("one two three", "four")


def test_yank_pop_goes_through_the_ring() -> None:
    editor = Editor("> ", ring=("a", "b", "c")).yank()
    seen = [editor.text]
    for _ in range(3):
        editor = editor.yank_pop()
        seen.append(editor.text)
    assert seen == ["> c", "> b", "> a", "> c"]
    assert editor.undo().text == "> "
    moved = editor.left()
    assert moved.yank_pop() is moved


def test_a_word_is_one_step_of_undo() -> None:
    editor = do(Editor(), *press("hello big world"))
    assert editor.undo().text == "hello big"
    assert editor.undo().undo().text == "hello"
    assert editor.undo().redo().text == "hello big world"
    assert editor.undo().insert("!").redo().text == "hello big!"


def test_up_and_down_recall_what_begins_alike_and_bring_the_draft_back() -> None:
    draft = at("hello|!")
    first = draft.up(HISTORY)
    assert shown(first) == "hello two|"
    second = first.up(HISTORY)
    assert shown(second) == "hello one|"
    assert second.up(HISTORY) is second
    assert shown(second.down(HISTORY)) == "hello two|"
    assert shown(second.down(HISTORY).down(HISTORY)) == "hello|!"
    back = second.down(HISTORY).down(HISTORY)
    assert back.down(HISTORY) is back


def test_going_back_passes_through_texts_of_several_lines() -> None:
    editor = Editor().up(HISTORY).up(HISTORY)
    assert editor.text == "multi\nline"
    assert editor.up(HISTORY).text == "hello two"
    assert shown(editor.left().up(HISTORY)) == "mul|ti\nline"


def test_a_draft_survives_even_when_a_recalled_text_is_edited() -> None:
    editor = do(
        at("draft|"), lambda e: e.line_start().up(HISTORY), lambda e: e.up(HISTORY), lambda e: e.insert("!")
    )
    assert editor.text == "multi\nline!"
    assert editor.undo().text == "multi\nline"
    assert editor.undo().undo().text == "draft"


def test_completion_is_one_step_of_undo_however_often_it_cycles() -> None:
    editor = do(Editor(), *press("al"), lambda e: e.replace("alice: "), lambda e: e.replace("albert: "))
    assert editor.text == "albert: "
    assert editor.undo().text == "al"


def test_what_was_pasted_can_obey_nothing_and_hide_nothing() -> None:
    assert Editor().insert("a\x1b[2J\r\nb\u202e\x9b\ud800c\x00\td").text == "a[2J\nbc\td"
    assert cleaned("👍🏽❤\ufe0f e\u0301 \u200d") == "👍🏽❤\ufe0f e\u0301 \u200d"
    assert Editor("x" * (MAX_DRAFT_CHARS - 2)).insert("abc").text[-3:] == "xab"


def test_a_sent_text_leaves_nothing_but_the_ring() -> None:
    editor = at("ab|cd").kill_to_end().clear()
    assert (editor.text, editor.cursor, editor.ring) == ("", 0, ("cd",))
    assert editor.undo() is editor
    assert Editor("room two").with_ring(editor.ring).yank().text == "room twocd"

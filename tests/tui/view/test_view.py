"""Whole screens as text, and what holds for every screen whatever is on it."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import legible
from tests.tui.pictures import FOLDER, PICTURES, drawn
from tests.tui.scenes import Scene, morning
from tests.tui.texts import typed
from tui.model.effects import Effect
from tui.model.inputs import Focus, Mouse
from tui.model.keymap import ACTIONS
from tui.terminal.frame import Frame
from tui.text.rows import plain, row_width
from tui.text.theme import THEMES
from tui.view.view import View, view

SIZES = [
    (120, 40), (100, 20), (80, 24), (60, 12), (59, 11), (40, 10), (22, 8), (10, 3), (7, 2), (3, 20), (1, 1), (2, 5),
]  # fmt: skip


@pytest.mark.parametrize("name", PICTURES)
def test_a_screen_looks_as_it_should(name: str) -> None:
    assert drawn(name) == (FOLDER / f"{name}.txt").read_text("utf-8")


def check(frame: Frame, columns: int, rows: int) -> None:
    """Exactly so many rows, each exactly so wide, and a cursor on the screen."""
    assert len(frame.base) == len(frame.rows) == rows
    assert all(len(plain(row)) == row_width(row) == columns for row in frame.base)
    cells = [
        (pane.top + y, pane.left + x)
        for pane in frame.panes
        for y in range(len(pane.rows))
        for x in range(pane.columns)
    ]
    assert len(set(cells)) == len(cells), "panes overlap"
    assert all(0 <= y < rows and 0 <= x < columns for y, x in cells)
    assert all(row_width(row) == pane.columns for pane in frame.panes for row in pane.rows)
    assert [row_width(row) for row in frame.rows] == [columns] * rows
    assert all(legible(text) == text for row in frame.rows for text, _ in row)
    if frame.cursor is not None:
        assert 0 <= frame.cursor[0] < rows and 0 <= frame.cursor[1] < columns


@pytest.mark.parametrize("size", SIZES)
@pytest.mark.parametrize("name", PICTURES)
def test_every_screen_fits_at_every_size(name: str, size: tuple[int, int]) -> None:
    scene = PICTURES[name]()
    scene.resize(*size)
    check(scene.frame(), *size)


anything = st.text(
    st.one_of(st.characters(), st.sampled_from("\x1b\x9b\u202e\n\t 日e\u0301👍🏽\u200d\u200c\ufe0f❤م"))
)
sizes = st.one_of(st.sampled_from(SIZES), st.tuples(st.integers(1, 130), st.integers(1, 45)))


@given(sizes, anything, anything, anything, anything)
def test_no_text_moves_a_border(size: tuple[int, int], said: str, sender: str, topic: str, name: str) -> None:
    scene = Scene(columns=size[0], rows=size[1])
    scene.online()
    scene.join("#main", "bob", sender)
    scene.join("#" + name)
    scene.hear(
        {"response": "topic", "to": "#main", "sender": sender, "content": topic, "set_at": scene.now},
        {"response": "message", "sender": sender, "to": "#main", "seq": 1, "content": said},
        {
            "response": "message",
            "sender": sender,
            "to": "#" + name,
            "seq": 1,
            "content": said,
            "action": True,
        },
        {"response": "message", "sender": sender, "to": "alice", "seq": 1, "content": said},
        {"response": "joined", "sender": sender, "to": "#main"},
        {"response": "presence", "sender": sender, "away": said},
        {"response": "info", "content": said},
        {"response": "error", "reply_to": None, "content": said},
        {"response": "state", "state": "offline", "reason": said},
    )
    check(scene.frame(), *size)


@given(sizes, typed, st.integers(0, 50))
def test_whatever_is_typed_the_cursor_is_on_the_screen(size: tuple[int, int], text: str, steps: int) -> None:
    scene = Scene(columns=size[0], rows=size[1])
    room = scene.model.enter("#main")
    room.draft = room.draft.insert(text)
    for _ in range(steps):
        scene.press("left")
    check(scene.frame(), *size)


events = st.one_of(
    st.sampled_from([action.keys[0] for action in ACTIONS if action.keys]).map(lambda key: ("press", key)),
    st.sampled_from("ab /:@#").map(lambda char: ("type", char)),
    st.tuples(
        st.just("says"),
        st.sampled_from(["bob", "carol", "alice"]),
        st.sampled_from(["#main", "#ops", "alice"]),
    ),
    sizes.map(lambda size: ("resize", size)),
    st.sampled_from(["a\nb\nc", "x", "日本 " * 30]).map(lambda text: ("paste", text)),
    st.booleans().map(lambda on: ("focus", on)),
    st.tuples(st.just("mouse"), st.integers(0, 100), st.integers(0, 30)),
    st.sampled_from(["online", "offline", "connecting", "refused"]).map(lambda state: ("state", state)),
)


def play(scene: Scene, event: tuple[Any, ...]) -> list[Effect] | None:
    """Does one thing of `events`."""
    match event:
        case ("press", key):
            return scene.press(key)
        case ("type", text):
            scene.type(text)
        case ("says", sender, to):
            scene.says(sender, "hello alice https://example.org/x", to=to)
        case ("resize", (columns, rows)):
            scene.resize(columns, rows)
        case ("paste", text):
            scene.paste(text)
        case ("focus", on):
            scene.take(Focus(on))
        case ("mouse", column, row):
            scene.take(Mouse("press", "left", column, row))
        case ("state", state):
            scene.hear({"response": "state", "state": state, "reason": "Why not."})
    return None


@given(st.lists(events, max_size=25))
def test_whatever_one_does_the_screen_is_whole_and_as_if_painted_anew(doings: list[tuple[Any, ...]]) -> None:
    scene = morning(90, 18)
    kept = View()
    for event in doings:
        play(scene, event)
        frame = kept.frame(scene.model)
        check(frame, scene.model.columns, scene.model.rows)
        fresh = view(scene.model)
        assert frame.lines() == fresh.lines()
        assert frame.rows == fresh.rows
        assert frame.cursor == fresh.cursor


@pytest.mark.parametrize("theme", THEMES)
def test_a_theme_changes_no_text(theme: str) -> None:
    scene = PICTURES["kinds"]()
    before = scene.screen()
    scene.model.theme = THEMES[theme]
    assert scene.screen() == before


def test_a_key_costs_only_its_own_row() -> None:
    scene = morning()
    kept = View()
    before = kept.frame(scene.model)
    scene.type("x")
    after = kept.frame(scene.model)
    assert [index for index, row in enumerate(after.rows) if row != before.rows[index]] == [39]
    for old, new in zip(before.panes, after.panes, strict=True):
        assert new.name in ("input", "status") or all(a is b for a, b in zip(old.rows, new.rows, strict=True))
    assert after.base is before.base

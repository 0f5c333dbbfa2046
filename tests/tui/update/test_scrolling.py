"""Scrolling: the screen is always full, nothing jumps, and older messages are fetched."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import Scene
from tui.layout.messages import Pane
from tui.layout.screen import layout_of
from tui.model.effects import Ask
from tui.update import scrolling


def long(count: int = 60, columns: int = 60, rows: int = 14, first: int = 1) -> Scene:
    scene = Scene(columns=columns, rows=rows)
    scene.online()
    scene.join("#main", "bob", seq=first - 1, read=first - 1)
    for seq in range(first, first + count):
        scene.says("bob", f"<{seq}> " + "word " * (seq % 4 * 9), seq=seq)
    return scene


def seen(scene: Scene) -> list[int]:
    return [int(number) for number in re.findall(r"<(\d+)>", scene.screen())]


def rows(scene: Scene) -> list[str]:
    layout = layout_of(scene.model)
    shown, _ = Pane(scene.model, scene.model.room, layout.text).visible(layout.body)
    return ["".join(text for text, _ in row) for row in shown]


@given(st.lists(st.integers(-30, 30), max_size=12))
def test_the_screen_is_always_full(steps: list[int]) -> None:
    scene = long(30)
    for step in steps:
        scrolling.by_rows(scene.model, step)
        assert len(rows(scene)) == layout_of(scene.model).body


@given(st.integers(0, 40), st.integers(1, 40))
def test_up_and_down_again_is_where_one_was(start: int, step: int) -> None:
    scene = long(60)
    scrolling.by_rows(scene.model, start)
    before = rows(scene)
    scrolling.by_rows(scene.model, step)
    assert rows(scene) != before
    scrolling.by_rows(scene.model, -step)
    assert rows(scene) == before


def test_a_row_up_moves_everything_by_one_row() -> None:
    scene = long()
    scene.press("pageup")
    before = rows(scene)
    scene.press("shift-up")
    assert rows(scene)[1:] == before[:-1]


def test_new_messages_do_not_move_what_one_reads() -> None:
    scene = long()
    scene.press("pageup", "pageup")
    before = rows(scene)
    scene.says("bob", "<61>")
    assert rows(scene) == before
    assert "1 new below" in scene.screen()
    scene.press("ctrl-end")
    assert seen(scene)[-1] == 61
    assert scene.model.room.unread == 0


def test_older_messages_do_not_move_what_one_reads() -> None:
    scene = long(60, first=100)
    scene.press("pageup", "pageup")
    before = rows(scene)
    for seq in (99, 50, 98):
        scene.says("bob", f"<{seq}>", seq=seq, history=True)
    assert rows(scene) == before


def test_a_new_size_keeps_the_place() -> None:
    scene = long()
    scene.press("pageup", "pageup")
    last = seen(scene)[-1]
    scene.resize(100, 20)
    assert seen(scene)[-1] == last
    scene.resize(60, 14)
    assert seen(scene)[-1] == last


def test_at_the_top_older_messages_are_asked_for_once() -> None:
    scene = long(60, first=100)
    assert scene.press("pageup") == []
    asked = scene.press("ctrl-home")
    assert asked == [
        Ask({"request": "history", "to": "#main", "limit": 100, "before": 100}, "history", "#main")
    ]
    assert scene.press("pageup") == []
    older = [
        {
            "response": "message",
            "sender": "bob",
            "to": "#main",
            "seq": seq,
            "content": f"<{seq}>",
            "at": scene.now,
        }
        for seq in range(1, 100)
    ]
    id = next(id for id, purpose in scene.model.asked.items() if purpose[0] == "history")
    scene.hear({"response": "ok", "reply_to": id, "content": older, "to": "#main", "seq": 159, "more": False})
    scene.press("ctrl-home")
    assert seen(scene)[0] == 1
    assert scene.press("pageup") == []


def test_the_first_unread_message_is_brought_into_sight() -> None:
    scene = long(20)
    scene.join("#ops")
    scene.press("alt-2")
    for seq in range(21, 60):
        scene.says("bob", f"<{seq}>", seq=seq)
    scene.press("alt-1", "alt-u")
    assert 21 in seen(scene)
    assert "── new ─" in scene.screen()
    scene.press("ctrl-end", "alt-r", "alt-u")
    assert "Everything here is read." in scene.screen()


def test_a_selected_message_is_always_in_sight() -> None:
    scene = long()
    scene.press("alt-up")
    for _ in range(70):
        selected = scene.model.selected
        assert selected is not None
        frame = scene.frame()
        assert frame.cursor is not None
        assert f"<{scene.model.room.log[selected].seq}>" in frame.lines()[frame.cursor[0]]
        scene.press("up")
    for _ in range(70):
        scene.press("down")
    assert scene.model.selected is None

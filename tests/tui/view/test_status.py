"""The title and the status line fit, whatever there is to say, and say the most important first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import Scene, morning
from tui.layout.screen import layout_of
from tui.text.rows import plain, row_width
from tui.view.status import overflowing_hint, status_row, title_row


def line(scene: Scene, columns: int) -> str:
    scene.resize(columns, 24)
    return plain(status_row(scene.model, layout_of(scene.model)))


@given(st.integers(20, 200), st.text(max_size=80), st.text(max_size=80))
def test_both_are_as_wide_as_the_screen(columns: int, topic: str, hint: str) -> None:
    scene = morning(columns, 20)
    scene.hear({"response": "topic", "to": "#main", "content": topic, "set_at": 0})
    scene.model.hint = "".join(char for char in hint if char.isprintable())
    seen = layout_of(scene.model)
    assert row_width(title_row(scene.model, seen)) == columns
    assert row_width(status_row(scene.model, seen)) == columns


def test_a_connection_that_is_lost_is_seen_on_every_screen() -> None:
    scene = morning()
    assert "● connected" in line(scene, 80)
    scene.hear({"response": "state", "state": "offline", "reason": "The connection was cut."})
    for columns in (40, 80, 120):
        assert "offline" in line(scene, columns)
    assert "The connection was cut." in line(scene, 120)


def test_a_hint_never_pushes_out_where_one_is_and_whether_one_is_connected() -> None:
    scene = morning()
    scene.model.hint = "Copied."
    assert "[alice] 1:#main" in line(scene, 80) and "● connected" in line(scene, 80)
    scene.model.hint = "Copied what was selected, and more than that: much more than fits into one line."
    for columns in (30, 60, 80):
        shown = line(scene, columns)
        assert "1:#main" in shown and "●" in shown
        whole = " ".join(scene.screen().split())
        assert all(word in whole for word in scene.model.hint.split())


@given(st.integers(1, 120), st.integers(1, 30), st.text("abc def", min_size=1, max_size=300))
def test_a_hint_is_never_lost_where_there_is_room(columns: int, rows: int, hint: str) -> None:
    scene = morning(columns, rows)
    scene.model.hint = " ".join(hint.split())
    seen = layout_of(scene.model)
    over = overflowing_hint(scene.model, seen)
    assert over in ("", scene.model.hint)
    if scene.model.hint and seen.status and not over and seen.body:
        assert scene.model.hint in plain(status_row(scene.model, seen))


def test_only_a_slow_connection_is_timed() -> None:
    scene = morning()
    assert "● connected  " in line(scene, 120)
    scene.latency_ms = 1_230
    scene.hear()
    assert "● connected, slow: 1.2 s" in line(scene, 120)
    scene.latency_ms = 3
    scene.hear()
    assert " ms" not in line(scene, 120) and "slow" not in line(scene, 120)


def test_rooms_with_news_are_told_by_number_and_by_name_without_the_list() -> None:
    scene = morning()
    assert "Act: 3!,2" in line(scene, 100)
    scene.press("f7")
    assert "Act: 3:carol!,2:#ops" in line(scene, 100)
    scene.press("alt-a", "alt-a")
    assert "Act" not in line(scene, 100)


def test_the_key_for_help_stays_where_there_is_room() -> None:
    scene = morning()
    scene.line("hello")
    assert line(scene, 80).endswith("F1 help ")
    assert "help" not in line(scene, 30)


def test_the_title_tells_whom_one_talks_with() -> None:
    scene = morning()
    scene.press("alt-3")
    scene.hear({"response": "presence", "sender": "carol", "away": "lunch"})
    assert "Direct conversation with carol · away: lunch" in scene.screen().splitlines()[0]


def test_copying_is_offered_only_where_it_is_allowed() -> None:
    scene = morning()
    scene.press("alt-up")
    assert "y copy" not in scene.screen() and "r reply" in scene.screen()
    scene.model.clipboard = True
    assert "y copy" in scene.screen()

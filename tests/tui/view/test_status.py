"""The title and the status line fit, whatever there is to say, and say the most important first."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import Scene, morning
from tui.layout.screen import layout_of
from tui.text.rows import plain, row_width
from tui.view.status import status_runs, title_row


def line(scene: Scene, columns: int) -> str:
    return plain(status_runs(scene.model, layout_of(scene.model), columns))


@given(st.integers(20, 200), st.text(max_size=80), st.text(max_size=80))
def test_both_are_as_wide_as_the_screen(columns: int, topic: str, hint: str) -> None:
    scene = morning(columns, 20)
    scene.hear({"response": "topic", "to": "#main", "content": topic, "set_at": 0})
    scene.model.hint = "".join(char for char in hint if char.isprintable())
    seen = layout_of(scene.model)
    assert row_width(title_row(scene.model, seen)) == columns
    assert row_width(status_runs(scene.model, seen, columns)) == columns


def test_a_connection_that_is_lost_is_seen_on_every_screen() -> None:
    scene = morning()
    assert "● connected" in line(scene, 80)
    scene.hear({"response": "state", "state": "offline", "reason": "The connection was cut."})
    for columns in (40, 80, 120):
        assert "offline" in line(scene, columns)
    assert "The connection was cut." in line(scene, 120)


def test_a_hint_comes_before_who_one_is() -> None:
    scene = morning()
    assert "[alice]" in line(scene, 80)
    scene.model.hint = "Copied what was selected, and more than that."
    assert "Copied what was selected" in line(scene, 60)
    assert "[alice]" not in line(scene, 60)

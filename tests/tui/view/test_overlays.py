"""What lies over the messages fits there, and the chosen one is in sight."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import morning
from tui.layout.screen import layout_of
from tui.model.overlays import Choice, Item
from tui.text.rows import plain, row_width
from tui.view import overlays


@given(st.integers(1, 60), st.integers(0, 59), st.integers(20, 120), st.integers(8, 40))
def test_a_list_fits_and_shows_what_is_chosen(count: int, at: int, columns: int, rows: int) -> None:
    scene = morning(columns, rows)
    items = [Item(("room", f"#r{number:02}"), f"#r{number:02}") for number in range(count)]
    scene.model.choice = Choice("switch", "Go to", items)
    scene.model.choice.index = min(at, count - 1)
    seen = layout_of(scene.model)
    made = overlays.rows(scene.model, seen)
    assert len(made) <= seen.body
    assert all(row_width(row) == seen.text for row in made)
    if len(made) > 2:
        assert any(f"#r{min(at, count - 1):02}" in plain(row) for row in made)


def test_nothing_lies_there_when_nothing_is_open() -> None:
    scene = morning()
    assert overlays.rows(scene.model, layout_of(scene.model)) == []
    assert overlays.cursor(scene.model, 80) is None


def test_a_paste_is_shown_before_it_is_sent() -> None:
    scene = morning()
    scene.paste("one\ntwo\nthree")
    shown = "\n".join(plain(row) for row in overlays.rows(scene.model, layout_of(scene.model)))
    assert "one" in shown and "three" in shown
    assert overlays.cursor(scene.model, 80) == (0, 0)


def test_a_hint_that_does_not_fit_is_shown_whole_above_the_status_line() -> None:
    scene = morning(80, 12)
    scene.model.hint = "word " * 40 + "end"
    made = [plain(row) for row in overlays.rows(scene.model, layout_of(scene.model))]
    assert " ".join(" ".join(made).split()) == scene.model.hint
    scene.press("f1")
    scene.model.hint = "word " * 40 + "end"
    seen = layout_of(scene.model)
    made = [plain(row) for row in overlays.rows(scene.model, seen)]
    assert len(made) == seen.body and made[0].startswith("── Help") and made[-1].strip().endswith("end")


def test_what_they_depend_on_changes_with_them() -> None:
    scene = morning()
    keys = [overlays.key(scene.model, layout_of(scene.model))]
    scene.line("/help all")
    keys.append(overlays.key(scene.model, layout_of(scene.model)))
    scene.press("down")
    keys.append(overlays.key(scene.model, layout_of(scene.model)))
    assert len(set(keys)) == 3

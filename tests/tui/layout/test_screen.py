"""The panes share the screen without a rest, at every size."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import morning
from tui.layout.screen import Layout


@given(st.integers(1, 250), st.integers(1, 80), st.integers(1, 90), st.sampled_from([None, True, False]),
       st.sampled_from([None, True, False]), st.booleans())  # fmt: skip
def test_every_cell_belongs_to_one_pane(
    columns: int, rows: int, lines: int, rooms: bool | None, people: bool | None, bare: bool
) -> None:
    scene = morning(columns, rows)
    scene.model.show_rooms, scene.model.show_people = rooms, people
    scene.model.bare = bare
    layout = Layout(scene.model, lines)
    assert layout.title + layout.body + layout.status + layout.input == rows
    panels = sum(width + 1 for width in (layout.rooms, layout.people) if width)
    assert layout.messages + panels == columns
    assert layout.input >= 1
    assert layout.messages >= 1
    assert layout.text >= 1
    if bare:
        assert (layout.title, layout.status, panels, layout.margins) == (0, 0, 0, (0, 0))


def test_of_24_rows_21_are_for_text() -> None:
    assert Layout(morning(80, 24).model, 1).body == 21


def test_one_long_name_takes_the_text_little_room() -> None:
    scene = morning(100, 24)
    before = Layout(scene.model, 1).text
    scene.hear({"response": "joined", "sender": "a" * 32, "to": "#main"})
    assert before - Layout(scene.model, 1).text <= 2
    for number in range(9):
        scene.hear({"response": "joined", "sender": "b" * 31 + str(number), "to": "#main"})
    assert Layout(scene.model, 1).people <= 14


@pytest.mark.parametrize(
    ("columns", "panels"),
    [
        (120, (True, True)),
        (100, (True, True)),
        (99, (True, False)),
        (80, (True, False)),
        (79, (False, False)),
    ],
)
def test_the_panels_hide_by_themselves(columns: int, panels: tuple[bool, bool]) -> None:
    layout = Layout(morning(columns, 30).model, 1)
    assert (layout.rooms > 0, layout.people > 0) == panels


def test_what_is_written_takes_at_most_a_third() -> None:
    assert Layout(morning(80, 30).model, 100).input == 10
    assert Layout(morning(80, 30).model, 4).input == 4

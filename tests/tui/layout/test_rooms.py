"""The list of rooms: names, counts, and what of it is in sight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.names import EVERYONE
from tui.layout.rooms import badge, count, first_shown, shown_name
from tui.model.model import Model, Room


@given(st.integers(0, 10**9))
def test_a_count_takes_at_most_four_cells(number: int) -> None:
    assert len(count(number)) <= 4
    assert count(number) == (str(number) if number < 1000 else "999+")


@pytest.mark.parametrize(("name", "shown"), [("#main", "#main"), ("carol", "@carol"), (EVERYONE, "evchat")])
def test_a_room_is_named_by_what_it_is(name: str, shown: str) -> None:
    assert shown_name(Room(name)) == shown


@pytest.mark.parametrize(
    ("unread", "mentions", "shown"), [(0, 0, ""), (3, 0, "3"), (1, 1, "!"), (3, 1, "!3"), (2000, 0, "999+")]
)
def test_a_badge_counts_what_is_new_and_says_if_one_is_meant(unread: int, mentions: int, shown: str) -> None:
    room = Room("#main")
    room.unread, room.mentions = unread, mentions
    assert badge(room) == shown


@given(st.integers(1, 60), st.integers(1, 20), st.data())
def test_the_current_room_is_in_sight_and_no_row_is_wasted(
    rooms: int, height: int, data: st.DataObject
) -> None:
    model = Model("alice")
    for number in range(rooms):
        model.enter(f"#c{number}")
    at = data.draw(st.integers(0, rooms - 1))
    model.current = model.order()[at].key
    top = first_shown(model, height)
    assert 0 <= top <= at < top + height
    assert top + height <= max(rooms, height)

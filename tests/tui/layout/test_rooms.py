"""The list of rooms: names, counts, and what of it is in sight."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.names import EVERYONE
from tui.layout.rooms import Hidden, active, badge, count, listed, number_of, shown_name
from tui.model.model import Model, Room


@given(st.integers(0, 10**9))
def test_a_count_takes_at_most_four_cells(number: int) -> None:
    assert len(count(number)) <= 4
    assert count(number) == (str(number) if number < 1000 else "999+")


@pytest.mark.parametrize(("name", "shown"), [("#main", "#main"), ("carol", "carol"), (EVERYONE, "evchat")])
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
def test_the_current_room_is_in_sight_and_what_is_new_is_never_out_of_it(
    count_of_rooms: int, height: int, data: st.DataObject
) -> None:
    model = Model("alice")
    for number in range(count_of_rooms):
        room = model.enter(f"#c{number}")
        room.unread = data.draw(st.integers(0, 2))
        room.mentions = data.draw(st.integers(0, room.unread))
    at = data.draw(st.integers(0, count_of_rooms - 1))
    model.current = model.order()[at].key
    entries = listed(model, height)
    assert len(entries) == min(height, count_of_rooms), "no row is wasted"
    shown = [entry for entry in entries if isinstance(entry, Room)]
    assert model.room in shown
    order = model.order()
    assert [order.index(room) for room in shown] == sorted(order.index(room) for room in shown)
    if height >= 3:
        hidden = [room for entry in entries if isinstance(entry, Hidden) for room in entry.rooms]
        assert not set(hidden) & set(shown)
        assert set(hidden) | set(shown) >= {room for room in order if room.unread}
        for entry in entries:
            if isinstance(entry, Hidden):
                assert entry.mentions == any(room.mentions for room in entry.rooms)
                assert str(len(entry.rooms)) in entry.text


def test_rooms_with_news_below_the_list_are_counted() -> None:
    model = Model("alice")
    for number in range(10):
        model.enter(f"#c{number}")
    for number in (0, 6, 8):
        model.rooms[f"#c{number}"].unread = 1
    model.rooms["#c8"].mentions = 1
    last = listed(model, 5)[-1]
    assert isinstance(last, Hidden) and last.text == "↓ 2 !"
    model.current = "#c9"
    first = listed(model, 5)[0]
    assert isinstance(first, Hidden) and first.text == "↑ 1"


def test_active_rooms_bear_their_numbers_and_mentions_come_first() -> None:
    model = Model("alice")
    for name in ("#a", "#b", "#c"):
        model.enter(name).unread = 1
    model.rooms["#c"].mentions = 1
    assert [(number, room.name) for number, room in active(model)] == [(3, "#c"), (2, "#b")]
    assert number_of(model, model.rooms["#b"]) == 2
    assert number_of(model, model.lobby) == 0

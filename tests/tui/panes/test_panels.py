"""The side panels and the status line."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import MINUTE, Scene, morning
from tui.frame import plain, row_width
from tui.panes.panels import people_rows, rooms_rows


def crowded(count: int) -> Scene:
    scene = Scene(columns=120, rows=20)
    scene.online()
    scene.join("#main", *(f"user{number:03}" for number in range(count)))
    for number in range(count):
        scene.model.enter(f"#room{number:03}")
    return scene


@given(st.integers(0, 60), st.integers(0, 20), st.integers(10, 24), st.integers(0, 60))
def test_the_lists_fit_and_the_current_room_is_in_sight(
    count: int, height: int, columns: int, at: int
) -> None:
    scene = crowded(count)
    scene.model.current = scene.model.order()[min(at, count)].key
    rooms = rooms_rows(scene.model, height, columns)
    people = people_rows(scene.model, scene.model.rooms["#main"], height, columns)
    assert len(rooms) <= height and len(people) <= height
    assert all(row_width(row) == columns for row in (*rooms, *people))
    if height:
        assert any(scene.model.current[:6] in plain(row) for row in rooms)


def test_of_too_many_people_the_rest_is_counted() -> None:
    scene = crowded(40)
    rows = [plain(row).strip() for row in people_rows(scene.model, scene.model.rooms["#main"], 10, 16)]
    assert rows[0] == "alice" and rows[8] == "user007" and rows[9] == "32 more"


def test_in_a_channel_of_very_many_they_are_counted() -> None:
    scene = Scene(columns=120, rows=20)
    scene.online()
    scene.hear({"response": "names", "to": "#main", "content": [], "users": 3000, "seq": 0, "read": 0})
    scene.model.enter("#main")
    scene.hear({"response": "names", "to": "#main", "content": [], "users": 3000, "seq": 0, "read": 0})
    assert "3000 people" in scene.screen()


def test_a_badge_says_how_many_and_whether_one_is_meant() -> None:
    scene = morning()
    for _ in range(1200):
        scene.says("bob", "x", to="#ops")
    scene.says("carol", "ping", to="alice")
    lines = scene.screen().splitlines()
    assert "│ #ops  999+ │" in lines[2] or "#ops 999+ │" in lines[2]
    assert "!2 │" in lines[3]


def test_without_the_list_of_rooms_the_status_line_tells_what_is_new() -> None:
    assert "● connected 12 ms  @carol !  #ops 2" in morning(60, 12).screen()


def test_the_next_attempt_to_connect_is_told() -> None:
    scene = morning()
    at = scene.now + MINUTE + 9_000
    scene.hear({"response": "state", "state": "offline", "reason": "No server runs at x.", "retry_at": at})
    assert "● offline  No server runs at x. Next try at 10:17:09." in scene.screen()


def test_a_hint_leaves_room_for_the_state_of_the_connection() -> None:
    scene = morning(80, 14)
    scene.hear({"response": "state", "state": "offline", "reason": "No server runs at x."})
    scene.line("/who")
    assert re.search("│  ● offline +There is no connection now; the line stays here. │", scene.screen())

"""The side panels and the status line."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from tests.tui.scenes import MINUTE, Scene, morning
from tui.text.rows import plain, row_width
from tui.view.panels import people_rows, rooms_rows


def crowded(count: int) -> Scene:
    scene = Scene(columns=120, rows=20)
    scene.online()
    scene.join("#main", *(f"user{number:03}" for number in range(count)))
    for number in range(count):
        scene.model.enter(f"#room{number:03}")
    return scene


@given(st.integers(0, 60), st.integers(0, 20), st.integers(12, 24), st.integers(0, 60))
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
    assert lines[2].startswith(" 2 #ops  999+ │")
    assert lines[3].startswith(" 3 carol   !2 │")


def test_without_the_list_of_rooms_the_status_line_tells_what_is_new() -> None:
    assert "Act: 3:carol!,2:#ops  ● connected" in morning(70, 12).screen()


def test_the_next_attempt_to_connect_is_told() -> None:
    scene = morning()
    at = scene.now + MINUTE + 9_000
    scene.hear(
        {"response": "state", "state": "offline", "reason": "No server is running at x.", "retry_at": at}
    )
    assert "● offline   next try 10:17:09  No server is running at x." in scene.screen()


def test_where_it_is_narrow_the_next_attempt_is_told_before_the_reason() -> None:
    scene = morning(60, 12)
    reason = "chat.example.org can't be reached. Are you online?"
    scene.hear({"response": "state", "state": "offline", "reason": reason, "retry_at": scene.now})
    assert "[alice] 1:#main  Act: 3!,…   ● offline   next try 10:16:00…" in scene.screen()
    scene.resize(70, 12)
    assert "● offline   next try 10:16:00  ch…" in scene.screen()


def test_where_it_is_narrow_ones_own_name_goes_first_and_then_what_is_well() -> None:
    scene = morning(60, 12)
    assert "[alice] 1:#main  Act: 3:carol!,…  ● connected" in scene.screen()
    scene.resize(47, 12)
    assert "[alice] 1:#main  Act: 3:carol!,…  ● connected" in scene.screen()
    scene.resize(36, 12)
    assert " 1:#main  Act: 3!,…  ● connected" in scene.screen()
    scene.resize(24, 12)
    assert " 1:#main  Act: 3!,…  ●" in scene.screen()
    scene.resize(10, 3)
    assert "● 1:#main" in scene.screen()


def test_who_is_away_sees_it() -> None:
    scene = morning()
    scene.hear({"response": "presence", "sender": "alice", "away": "lunch"})
    assert "[alice away] 1:#main" in scene.screen()


def test_a_hint_leaves_room_for_the_state_of_the_connection() -> None:
    scene = morning(80, 14)
    scene.hear({"response": "state", "state": "offline", "reason": "No server is running at x."})
    scene.line("/who")
    assert re.search(".*● offline .*You are not connected; the line stays here.", scene.screen())


def test_a_room_where_all_that_waits_was_refused_says_so() -> None:
    scene = morning()
    scene.line("one")
    scene.press("alt-2")
    row = next(row for row in scene.screen().splitlines() if "1 #main" in row)
    assert row.split("│")[0].rstrip().endswith("…")
    scene.hear({"response": "sent", "id": "line-2", "room": "#main", "state": "failed", "reason": "No."})
    row = next(row for row in scene.screen().splitlines() if "1 #main" in row)
    assert row.split("│")[0].rstrip().endswith("✗")

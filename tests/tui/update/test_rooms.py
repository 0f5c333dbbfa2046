"""From room to room."""

from __future__ import annotations

import re

from tests.tui.scenes import morning


def test_rooms_are_gone_to_by_number_in_turn_and_back() -> None:
    scene = morning()
    seen = []
    for key in ("alt-2", "alt-3", "alt-9", "alt-n", "alt-p", "alt-z", "alt-z", "ctrl-pagedown"):
        scene.press(key)
        seen.append(scene.model.current)
    assert seen == ["#ops", "carol", "carol", "#main", "carol", "#main", "carol", "#main"]


def test_the_next_room_with_something_new_is_one_with_a_mention() -> None:
    scene = morning()
    scene.press("alt-a")
    assert scene.model.current == "carol"
    scene.press("alt-a")
    assert scene.model.current == "#ops"
    scene.press("alt-a")
    assert scene.model.current == "#ops"
    assert "Nothing new elsewhere." in scene.screen()


def test_all_can_be_marked_as_read_at_once() -> None:
    scene = morning()
    scene.press("alt-R")
    assert all(room.unread == room.mentions == 0 for room in scene.model.rooms.values())


def test_what_is_new_stands_in_one_list_with_the_first_mention_of_each_room() -> None:
    scene = morning()
    scene.says("bob", "alice, see above", to="#ops")
    scene.says("bob", "well", to="#ops")
    scene.press("alt-g")
    screen = scene.screen()
    assert "#ops   4 new, 1 for you · bob: alice, see above" in screen
    assert "carol  1 new · carol: ping" in screen
    scene.press("down", "enter")
    assert scene.model.current == "carol"
    scene.press("alt-R", "alt-g")
    assert scene.model.choice is None
    assert "Nothing new." in scene.screen()


def test_who_only_peeks_leaves_a_room_unread_and_comes_back() -> None:
    scene = morning()
    assert scene.press("alt-v") == []
    assert (scene.model.current, scene.model.rooms["carol"].unread) == ("carol", 1)
    assert "stays unread" in scene.screen()
    assert re.search("── new ─.*\n.*carol +ping", scene.screen())
    scene.says("carol", "are you there?", to="alice")
    assert scene.model.rooms["carol"].unread == 2
    assert scene.press("alt-v") == []
    assert (scene.model.current, scene.model.rooms["carol"].unread) == ("#main", 2)


def test_who_peeks_and_then_reads_or_answers_has_read_it() -> None:
    for keys in (("alt-r",), ("h", "i", "enter")):
        scene = morning()
        scene.press("alt-v", *keys)
        assert scene.model.rooms["carol"].unread == 0
        assert "stays unread" not in scene.screen()
        scene.says("carol", "fine", to="alice")
        assert scene.model.rooms["carol"].unread == 0


def test_with_nothing_new_there_is_nothing_to_peek_into() -> None:
    scene = morning()
    scene.press("alt-R", "alt-v")
    assert scene.model.current == "#main"
    assert "Nothing new elsewhere." in scene.screen()


def test_a_conversation_is_put_away_unless_something_waits_in_it() -> None:
    scene = morning()
    scene.press("alt-3")
    scene.line("wait for me")
    scene.press("alt-w")
    assert "1 line not sent yet" in scene.screen()
    scene.sent("line-2", 2)
    scene.press("alt-w")
    assert "carol" not in scene.model.rooms
    assert scene.model.current == "#main"


def test_who_leaves_the_last_room_is_in_the_lobby() -> None:
    scene = morning()
    for room in list(scene.model.rooms.values()):
        scene.model.leave(room)
    assert "[alice] evchat" in scene.screen()
    scene.press("alt-1", "alt-n", "alt-a", "alt-w", "alt-u", "pageup", "alt-up", "ctrl-k")
    assert "[alice] evchat" in scene.screen()

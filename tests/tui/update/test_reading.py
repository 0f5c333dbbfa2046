"""What is read here is told to one's other devices, and what is read there counts as read here."""

from __future__ import annotations

from typing import Any

from tests.tui.scenes import Scene
from tui.model.effects import Ask
from tui.model.inputs import Focus
from tui.update import reading


def scene() -> Scene:
    made = Scene()
    made.online()
    made.join("#main", "bob")
    made.join("#ops", "bob", seq=4, read=4)
    made.effects.clear()
    return made


def read(room: str, seq: int) -> Ask:
    return Ask({"request": "read", "to": room, "seq": seq}, "quiet")


def row(name: str, seq: int, read: int = 0, unread: int = 0, **facts: Any) -> dict[str, Any]:
    return {"name": name, "seq": seq, "read": read, "unread": unread, "last": 1, **facts}


def test_what_comes_before_ones_eyes_is_told_once() -> None:
    here = scene()
    here.says("bob", "hi")
    assert reading.seen(here.model) == [read("#main", 1)]
    assert reading.seen(here.model) == []


def test_what_one_does_not_look_at_is_not_told() -> None:
    here = scene()
    here.says("bob", "elsewhere", to="#ops", seq=5)
    assert reading.seen(here.model) == []
    here.take(Focus(False))
    here.effects.clear()
    here.says("bob", "hi")
    assert reading.seen(here.model) == []


def test_what_was_read_elsewhere_is_not_unread_here_any_more() -> None:
    here = scene()
    room = here.model.rooms["#ops"]
    for seq in range(5, 9):
        here.says("bob", f"alice, {seq}", to="#ops", seq=seq)
    assert (room.unread, room.mentions) == (4, 4)
    here.hear({"response": "read", "to": "#ops", "seq": 6})
    assert (room.unread, room.mentions, room.marker) == (2, 2, 6)
    here.hear({"response": "read", "to": "#ops", "seq": 5})
    assert (room.unread, room.marker) == (2, 6)
    here.hear({"response": "read", "to": "#ops", "seq": 8})
    assert (room.unread, room.mentions, room.marker) == (0, 0, 8)


def test_what_was_read_while_one_was_away_counts_when_one_is_back() -> None:
    here = scene()
    for seq in range(5, 9):
        here.says("bob", "news", to="#ops", seq=seq)
    here.join("#ops", "bob", seq=8, read=7)
    assert here.model.rooms["#ops"].unread == 1


def test_what_the_server_has_not_heard_is_told_again() -> None:
    here = scene()
    here.says("bob", "hi")
    reading.seen(here.model)
    here.effects.clear()
    here.join("#main", "bob", seq=1, read=0)
    assert here.effects == [read("#main", 1)]


def test_direct_conversations_with_news_get_rooms_and_are_counted() -> None:
    here = scene()
    rows = [row("bob", 7, 4, 3), row("carol", 2, 0, 2, fetched=True), row("dave", 9, 9)]
    here.hear({"response": "directs", "content": rows})
    rooms = here.model.rooms
    assert [(name, rooms[name].unread) for name in ("bob", "carol", "dave")] == [
        ("bob", 3), ("carol", 0), ("dave", 0),
    ]  # fmt: skip
    assert "New for you: bob (3), carol (2)." in here.screen()
    for seq in (1, 2):
        here.says("carol", "hello", to="alice", seq=seq, history=True)
    assert (rooms["carol"].unread, rooms["carol"].mentions) == (2, 2)


def test_only_the_latest_of_many_old_conversations_get_rooms_but_all_can_be_gone_to() -> None:
    here = scene()
    here.hear({"response": "directs", "content": [row(f"user{n}", 1, 1) for n in range(30)]})
    assert [room.name for room in here.model.order() if not room.is_channel] == [
        f"user{n}" for n in range(reading.LATEST)
    ]
    here.press("ctrl-k")
    for char in "user29":
        here.press(char)
    assert "user29" in here.screen()


def test_a_conversation_put_away_does_not_come_back_before_there_is_news() -> None:
    here = scene()
    here.hear({"response": "directs", "content": [row("bob", 7, 7)]})
    here.model.leave(here.model.rooms["bob"])
    here.hear({"response": "directs", "content": [row("bob", 7, 7)]})
    assert "bob" not in here.model.rooms
    here.hear({"response": "directs", "content": [row("bob", 8, 7, 1)]})
    assert here.model.rooms["bob"].unread == 1


def test_a_list_of_nonsense_is_borne() -> None:
    here = scene()
    nonsense = [None, 1, {}, row("", 1), row("*", 1, 0, 1), row("#x", 1, 0, 1), {"name": ["x"]},
                row("eve\x1b[2J", "x", -1, "y"), row("big", 1 << 80, 1 << 80, 1 << 80)]  # type: ignore[arg-type]  # fmt: skip
    here.hear({"response": "directs", "content": nonsense}, {"response": "directs", "content": "x"})
    assert "\x1b" not in here.screen()
    assert not {"*", "#x", ""} & set(here.model.rooms)


def test_the_inbox_is_shown_where_it_belongs_and_goes_on_to_its_end() -> None:
    here = scene()
    here.line("/inbox")
    messages = [
        {"sender": "bob", "to": "alice", "seq": seq, "content": f"number {seq}", "at": 1} for seq in (1, 2)
    ]
    asked = next(id for id, purpose in here.model.asked.items() if purpose[-1] == "inbox")
    done = here.hear({"response": "ok", "reply_to": asked, "content": messages, "more": True})
    assert done == [
        Ask({"request": "inbox", "keep": True, "to": "bob", "after": 2}, "command", "#main", "inbox")
    ]
    assert "Unread: bob (2)." in here.screen()
    assert here.model.rooms["bob"].unread == 2


def test_what_was_said_before_one_came_back_stands_below_a_line() -> None:
    here = Scene()
    here.online()
    here.join("#main", "bob", seq=3, read=1)
    for seq, text in enumerate(("read", "newer a", "newer b"), 1):
        here.says("bob", text, seq=seq, history=True)
    lines = [line.strip("│ ") for line in here.screen().splitlines()]
    new = next(at for at, line in enumerate(lines) if "── new ─" in line)
    assert "read" in lines[new - 1] and "newer a" in lines[new + 1]
    here.press("alt-u")
    assert here.model.hint == ""
    here.line("hello")
    here.sent("line-1", 4)
    assert "── new ─" not in here.screen()


def test_a_newcomer_has_no_line_above_what_was_said_before() -> None:
    here = Scene()
    here.online()
    here.hear({"response": "joined", "sender": "alice", "to": "#main", "current": True, "seq": 2, "read": 0})
    here.says("bob", "old", seq=2, history=True)
    assert "── new ─" not in here.screen()


def test_what_was_missed_by_a_broken_connection_stands_below_a_line_in_the_open_room() -> None:
    here = scene()
    here.says("bob", "seen")
    here.hear({"response": "state", "state": "offline", "reason": "The connection was broken."})
    here.online()
    here.says("bob", "missed", history=True)
    screen = here.screen()
    assert screen.index("seen") < screen.index("── new ─") < screen.index("missed")
    here.says("bob", "live")
    assert here.screen().count("── new ─") == 1

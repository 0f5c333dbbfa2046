"""Every message is shown once and in its order, whatever was missed."""

from __future__ import annotations

import pytest

from tests.tui.connection.sessions import SoloClient, in_line, message, texts
from tests.tui.world import World
from tui.connection.outbox import Outbox


def test_what_was_missed_while_offline_comes_in_order_and_once(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    world.say(bob, "#main", "before")
    in_line(world, alice)
    world.break_(alice)
    for number in range(100):
        world.say(bob, "#main", str(number))
        world.up(bob)
        world.commit()
        world.down(bob)
    world.settle()
    assert texts(alice) == [str(number) for number in range(100)]
    assert all(facts["history"] for facts in alice.of("message"))


def test_what_comes_while_a_gap_is_filled_waits_for_its_turn(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    world.say(bob, "#main", "before")
    in_line(world)
    world.break_(alice)
    for number in range(40):
        world.say(bob, "#main", str(number))
    while bob.session.pending():
        world.up(bob)
        world.commit()
        world.down(bob)
    world.connect(alice)
    world.up(alice)
    world.commit()
    world.say(bob, "#main", "live")
    world.up(bob)
    world.commit()
    world.down(alice)
    assert texts(alice) == []
    world.settle()
    assert texts(alice) == [*(str(number) for number in range(40)), "live"]


def test_messages_of_other_channels_are_missed_as_little(world: World) -> None:
    alice, bob = world.client("alice", "#ops"), world.client("bob", "#ops")
    world.say(bob, "#ops", "before")
    in_line(world)
    world.break_(alice)
    for number in range(30):
        world.say(bob, "#ops", str(number))
    while bob.session.pending():
        world.up(bob)
        world.commit()
        world.down(bob)
    world.settle()
    assert texts(alice, "#ops") == [str(number) for number in range(30)]


def test_direct_messages_that_another_device_got_meanwhile_are_fetched(world: World) -> None:
    world.book.register("alice", password="secret")
    world.book.leave("alice")
    phone, desk = (world.client("alice", password="secret") for _ in range(2))
    bob = world.client("bob")
    world.settle()
    world.say(bob, "alice", "one")
    in_line(world)
    world.break_(desk)
    world.say(bob, "alice", "two")
    world.up(bob)
    world.commit()
    world.settle()
    assert texts(phone, "bob") == texts(desk, "bob") == ["two"]


def test_the_other_devices_of_a_user_see_what_one_of_them_says(world: World) -> None:
    world.book.register("alice", password="secret")
    world.book.leave("alice")
    phone, desk = (world.client("alice", password="secret") for _ in range(2))
    world.client("bob")
    in_line(world)
    world.say(phone, "bob", "direct")
    world.say(phone, "#main", "public")
    world.settle()
    for client in (phone, desk):
        assert texts(client, "bob") == ["direct"]
        assert texts(client) == ["public"]


def test_what_a_blocked_user_said_leaves_a_hole_that_is_asked_about_once(world: World) -> None:
    alice, bob, carol = (world.client(name) for name in ("alice", "bob", "carol"))
    in_line(world)
    alice.session.ask({"request": "block", "content": "bob"}, world.now)
    world.say(carol, "*", "one")
    world.settle()
    world.say(bob, "*", "unheard")
    world.settle()
    world.say(carol, "*", "two")
    world.settle()
    assert texts(alice, "*") == ["one", "two"]


def test_a_server_that_keeps_nothing_and_starts_again_is_heard_from_its_first_message(world: World) -> None:
    alice, bob = world.client("alice", "#ops"), world.client("bob", "#ops")
    in_line(world)
    for number in range(30):
        world.say(bob, "#ops", str(number))
    world.settle()
    world.restart(forgetful=True)
    for client in (alice, bob):
        client.told.clear()
    world.connect(bob)
    for number in range(50, 90):
        world.say(bob, "#ops", str(number))
    while bob.session.pending():
        world.up(bob)
        world.commit()
        world.down(bob)
    world.settle()
    assert {"response": "reset", "room": "#ops"} in alice.told
    assert texts(alice, "#ops") == [str(number) for number in range(50, 90)]


def test_a_forgetful_server_that_has_heard_nothing_since_is_noticed_too(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.say(alice, "#main", "old")
    world.settle()
    world.restart(forgetful=True)
    alice.told.clear()
    world.settle()
    world.say(alice, "#main", "new")
    world.settle()
    assert {"response": "reset", "room": "#main"} in alice.told
    assert texts(alice) == ["new"]


def test_of_too_many_missed_messages_the_newest_are_fetched_and_the_gap_is_told(world: World) -> None:
    client = SoloClient(outbox=Outbox())
    client.log_in()
    client.hear(message("#main", 1), message("#main", 20_000))
    (asked,) = client.requests("history")
    page = [message("#main", seq) for seq in range(1, 1001)]
    told = client.hear(
        {"response": "ok", "reply_to": asked["id"], "content": page, "seq": 20_000, "more": True}
    )
    assert [facts["seq"] for facts in told if facts["response"] == "message"] == list(range(2, 1001))
    assert {"response": "gap", "room": "#main", "after": 1000, "before": 19_001} in told
    (asked,) = client.requests("history")
    assert asked["after"] == 18_999


def test_what_the_server_can_not_read_now_is_asked_for_once_more() -> None:
    client = SoloClient()
    client.log_in()
    client.hear(message("#main", 1), message("#main", 3))
    (asked,) = client.requests("history")
    told = client.hear(
        {"response": "error", "reply_to": asked["id"], "code": "storage", "content": "Broken."}
    )
    assert told == []
    client.pass_time(60_000)
    (again,) = client.requests("history")
    page = [message("#main", seq) for seq in (1, 2, 3)]
    told = client.hear({"response": "ok", "reply_to": again["id"], "content": page, "seq": 3, "more": False})
    assert [facts["seq"] for facts in told] == [2, 3]


def test_what_the_server_will_never_tell_leaves_a_hole() -> None:
    client = SoloClient()
    client.log_in()
    client.hear(message("#main", 1), message("#main", 3))
    (asked,) = client.requests("history")
    told = client.hear(
        {"response": "error", "reply_to": asked["id"], "code": "not-in-channel", "content": "No."}
    )
    assert [facts["seq"] for facts in told] == [3]
    assert client.requests("history") == []


def test_what_came_while_one_was_away_is_shown_and_stays_unread_until_it_is_read(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.break_(bob)
    for number in range(3):
        world.say(alice, "bob", str(number))
    world.up(alice)
    world.commit()
    for _ in range(2):  # as often as one starts anew
        bob = world.kill(bob)
        world.settle()
        assert texts(bob, "alice") == ["0", "1", "2"]
        (listed,) = bob.of("directs")
        assert [(row["name"], row["unread"], row["fetched"]) for row in listed["content"]] == [
            ("alice", 3, True)
        ]
    bob.session.ask({"request": "read", "to": "alice", "seq": 2}, world.now)
    world.settle()
    bob = world.kill(bob)
    world.settle()
    assert texts(bob, "alice") == ["2"]


def test_a_link_that_breaks_before_the_answer_loses_sight_of_nothing(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.break_(bob)
    world.say(alice, "bob", "psst")
    world.up(alice)
    world.commit()
    for _ in range(4):
        world.connect(bob)
        world.up(bob)
        world.commit()
        world.break_(bob)  # what the server answered is under way, and lost
    world.settle()
    assert texts(bob, "alice") == ["psst"]


def test_conversations_that_went_on_elsewhere_are_filled(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "bob", "one")
    world.settle()
    world.break_(bob)
    world.say(alice, "bob", "two")
    world.settle()
    assert texts(bob, "alice") == ["one", "two"]


def test_all_that_is_unread_in_a_channel_is_fetched_when_one_starts(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "#main", "first")
    world.settle()
    bob.session.ask({"request": "read", "to": "#main", "seq": 1}, world.now)
    world.settle()
    world.break_(bob)
    for number in range(57):
        world.say(alice, "#main", str(number))
    world.settle()
    bob = world.kill(bob)
    world.settle()
    assert texts(bob) == [str(number) for number in range(57)]


def test_a_message_to_those_with_a_role_has_no_number_and_is_told_at_once() -> None:
    client = SoloClient()
    client.log_in()
    told = client.hear(
        message("#main", 1),
        {"response": "message", "sender": "bob", "to": "#main", "role": "o", "content": "psst", "at": 5},
        message("#main", 2),
    )
    assert [facts.get("role") for facts in told] == [None, "o", None]
    assert client.requests("history") == []


def test_what_is_taken_back_while_it_is_held_back_is_not_shown_with_its_text() -> None:
    client = SoloClient()
    client.log_in()
    client.hear(message("#main", 1), message("#main", 3))
    (asked,) = client.requests("history")
    client.hear(
        {"response": "redacted", "sender": "bob", "to": "#main", "seq": 3, "sent_at": 1, "content": ""}
    )
    page = [message("#main", seq) for seq in (1, 2)]
    told = client.hear({"response": "ok", "reply_to": asked["id"], "content": page, "seq": 3, "more": False})
    assert [(facts["seq"], facts.get("redacted"), bool(facts["content"])) for facts in told] == [
        (2, None, True),
        (3, True, False),
    ]


@pytest.mark.parametrize(
    ("room", "restarts"),
    [("#ops", False), *((room, restarts) for room in ("#main", "alice", "*") for restarts in (False, True))],
)
def test_what_was_taken_back_while_one_was_away_is_told_when_one_is_back(
    world: World, room: str, restarts: bool
) -> None:
    alice, bob = world.client("alice", "#ops"), world.client("bob", "#ops")
    in_line(world)
    world.say(bob, room, "a slip")
    for number in range(40):
        world.say(bob, room, str(number))
        world.settle()
    in_line(world)
    world.break_(alice)
    bob.session.ask({"request": "redact", "to": room, "seq": 1}, world.now)
    bob.session.ask({"request": "redact", "to": room, "seq": 9}, world.now)
    world.up(bob)
    world.commit()
    world.down(bob)
    if restarts:
        world.restart()
    world.settle()
    told = alice.of("redacted")
    assert [(one["seq"], one["to"], one["history"]) for one in told] == [(1, room, True), (9, room, True)]
    assert alice.of("message") == []
    world.break_(alice)
    in_line(world)
    assert alice.of("redacted") == []


@pytest.mark.parametrize("room", ["#main", "alice"])
def test_what_was_changed_while_one_was_away_is_told_when_one_is_back(world: World, room: str) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    for number in range(30):
        world.say(bob, room, str(number))
        world.settle()
    world.break_(alice)
    bob.session.ask({"request": "edit", "to": room, "seq": 2, "content": "two"}, world.now)
    world.up(bob)
    world.commit()
    world.down(bob)
    world.settle()
    told = alice.of("edited")
    assert [(one["seq"], one["to"], one["content"], one["history"]) for one in told] == [
        (2, room, "two", True)
    ]
    bob.session.ask({"request": "edit", "to": room, "seq": 3, "content": "three"}, world.now)
    world.settle()
    assert [(one["seq"], one["content"]) for one in alice.of("edited")[1:]] == [(3, "three")]


def test_a_message_that_is_held_back_is_shown_with_its_new_text() -> None:
    client = SoloClient()
    client.log_in()
    client.hear(message("#main", 1), message("#main", 3))
    (asked,) = client.requests("history")
    edited = {"response": "edited", "sender": "bob", "to": "#main", "seq": 3, "rev": 1, "content": "new"}
    client.hear(edited)
    page = [message("#main", 2)]
    told = client.hear({"response": "ok", "reply_to": asked["id"], "content": page, "seq": 3, "more": False})
    assert [(facts["seq"], facts["content"], facts.get("edited")) for facts in told] == [
        (2, "hi", None),
        (3, "new", True),
    ]


def test_what_is_taken_back_live_is_not_told_again(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    for number in range(4):
        world.say(bob, "#main", str(number))
    in_line(world)
    for client, seq in ((bob, 1), (bob, 2)):
        client.session.ask({"request": "redact", "to": "#main", "seq": seq}, world.now)
    world.settle()
    assert [one["seq"] for one in alice.of("redacted")] == [1, 2]
    for client in (alice, bob):
        world.break_(client)
        in_line(world)
        assert client.of("redacted") == []


def test_ones_own_notice_is_shown_in_its_place(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    alice.session.ask({"request": "notice", "to": "#main", "content": "careful"}, world.now)
    world.say(bob, "#main", "yes")
    world.settle()
    for client in (alice, bob):
        assert texts(client) == ["careful", "yes"]
        assert client.of("message")[0]["notice"] is True

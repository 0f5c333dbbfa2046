"""A session logs in, stays in, sends every line once, and misses no message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evchat.settings.client import ANSWER_TIMEOUT, AWAKE_TIMEOUT, PING_EVERY, PING_TIMEOUT
from tests.tui.told import facts
from tests.tui.world import Client, World
from tui.connection.login import LOGIN_RETRY
from tui.connection.outbox import Outbox
from tui.connection.session import Session
from tui.model.session_events import CONNECTING, FAILED, OFFLINE, ONLINE, QUEUED, REFUSED


@pytest.fixture
def world(tmp_path: Path) -> World:
    return World(tmp_path)


def texts(client: Client, room: str = "#main") -> list[str]:
    return [text for _, text in client.shown(room)]


def states(client: Client) -> list[str]:
    return [facts["state"] for facts in client.of("state")]


def in_line(world: World, *clients: Client) -> None:
    """All are online, and what they were told so far is of no interest."""
    world.settle()
    for client in clients or world.clients:
        client.told.clear()


# ---- lines ----------------------------------------------------------------------------------------------------


def test_a_line_said_online_is_sent_at_once_and_told_to_be_sent_with_its_number(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    id = world.say(alice, "#main", "hi")
    assert alice.session.out
    world.settle()
    (sent,) = alice.of("sent")
    assert (sent["id"], sent["room"], sent["state"], sent["seq"]) == (id, "#main", "sent", 1)
    assert sent["at"] == world.said("#main")[0].at
    assert alice.session.pending() == []
    assert texts(bob) == ["hi"]


def test_lines_said_offline_are_sent_in_their_order_when_one_is_back(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    world.connect(bob)
    for number in range(50):
        world.say(alice, "#main", str(number))
    assert [line.state for line in alice.session.pending()] == [QUEUED] * 50
    world.settle()
    assert texts(bob) == texts(alice) == [str(number) for number in range(50)]


def test_no_more_lines_are_under_way_than_a_server_takes_at_once(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    for number in range(100):
        world.say(alice, "#main", str(number))
    assert sum(b'"request":"msg"' in frame for frame in alice.session.out) == 16


def test_a_line_whose_answer_was_lost_is_sent_again_and_said_once(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "#main", "hi")
    world.up(alice)
    world.commit()
    world.break_(alice)
    assert [line.text for line in alice.session.pending()] == ["hi"]
    world.settle()
    assert texts(alice) == texts(bob) == ["hi"]
    assert [said.text for said in world.said("#main")] == ["hi"]


def test_a_killed_client_sends_what_it_left(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "#main", "acknowledged")
    world.settle()
    world.say(alice, "#main", "under way")
    world.up(alice)
    world.commit()
    world.break_(alice)
    world.say(alice, "#main", "waiting")
    again = world.kill(alice)
    assert [line.text for line in again.session.pending()] == ["under way", "waiting"]
    world.settle()
    assert texts(bob) == ["acknowledged", "under way", "waiting"]
    assert sorted(text for _, text in again.shown("#main")) == ["acknowledged", "under way", "waiting"]


def test_a_line_for_a_channel_that_a_killed_client_was_in_leads_there_again(world: World) -> None:
    alice, bob = world.client("alice", "#main", "#ops"), world.client("bob", "#ops")
    in_line(world)
    world.break_(alice)
    world.say(alice, "#ops", "hi")
    alice.session._channels.wanted.pop("#ops")  # the next one starts without it
    world.kill(alice)
    world.settle()
    assert texts(bob, "#ops") == ["hi"]


def test_a_direct_message_says_when_it_will_be_found_in_the_inbox(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.break_(bob)
    world.say(alice, "bob", "psst")
    world.up(alice)
    world.commit()
    world.down(alice)
    (sent,) = alice.of("sent")
    assert sent["kept"] is True
    bob.told.clear()
    world.settle()
    assert texts(bob, "alice") == ["psst"]


def test_an_action_and_a_broadcast_are_what_they_are(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "#main", "waves", action=True)
    world.say(alice, "*", "dinner")
    world.settle()
    action, broadcast = bob.of("message")
    assert (action["action"], action["room"]) == (True, "#main")
    assert (broadcast["broadcast"], broadcast["room"]) == (True, "*")
    assert texts(alice, "*") == ["dinner"]


def test_a_refused_line_has_failed_and_stays(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    id = world.say(alice, "nobody", "hi")
    world.settle()
    (sent,) = alice.of("sent")
    assert (sent["id"], sent["state"]) == (id, "failed")
    assert "nobody" in sent["reason"]
    (line,) = world.kill(alice).session.pending()
    assert (line.state, line.text, line.reason) == (FAILED, "hi", sent["reason"])


def test_a_failed_line_can_be_sent_once_more_or_dropped(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    ids = [world.say(alice, "bob", text) for text in ("one", "two")]
    world.settle()
    bob = world.client("bob")
    in_line(world)
    alice.session.drop(ids[0])
    new = alice.session.again(ids[1], world.now)
    assert new != ids[1]
    world.lines.append(type(world.lines[0])(new, "bob", "two"))
    world.settle()
    assert alice.session.pending() == []
    assert texts(bob, "alice") == texts(alice, "bob") == ["two"]


def test_a_line_that_the_server_could_not_keep_waits_and_is_sent_again(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    world.say(alice, "#main", "one")
    world.say(alice, "#main", "two")
    world.up(alice)
    world.commit(fails=True)
    world.down(alice)
    assert [facts["state"] for facts in alice.of("sent")] == ["queued", "queued"]
    assert alice.session.deadline is not None
    world.settle()
    assert texts(bob) == ["one", "two"]


def test_a_line_too_long_for_the_server_fails_and_is_never_put_on_the_wire(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.say(alice, "#main", "x" * 70_000)
    world.say(alice, "#main", "short")
    world.settle()
    assert [facts["state"] for facts in alice.of("sent")] == ["failed", "sent"]


def test_a_line_that_may_have_arrived_longer_ago_than_servers_remember_is_not_sent_unasked(
    world: World,
) -> None:
    alice = world.client("alice")
    in_line(world)
    world.say(alice, "#main", "hi")
    world.break_(alice)
    world.book.now += 24 * 3_600_000
    world.connect(alice)
    world.settle()
    (sent,) = alice.of("sent")
    assert sent["state"] == "failed"
    assert world.said("#main") == []


def test_a_line_that_was_never_sent_is_sent_after_any_time(world: World) -> None:
    alice = world.client("alice")
    world.say(alice, "#main", "hi")
    world.book.now += 48 * 3_600_000
    world.settle()
    assert texts(alice) == ["hi"]


def test_a_line_that_can_not_be_written_to_disk_is_told_and_still_sent(world: World, tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    alice = world.client("alice", directory=tmp_path / "file" / "no directory")
    world.say(alice, "#main", "hi")
    world.settle()
    told = alice.of("sent")
    assert [facts["state"] for facts in told] == ["queued", "sent"]
    assert "disk" in told[0]["reason"]


# ---- messages -------------------------------------------------------------------------------------------------


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


@pytest.mark.parametrize("count", [3, 30])
def test_many_channels_are_come_back_into_with_few_requests(world: World, count: int) -> None:
    channels = tuple(f"#room-{number}" for number in range(count))
    alice, bob = world.client("alice", *channels), world.client("bob", *channels)
    world.settle()
    for name in channels:
        world.say(bob, name, "before")
    in_line(world)
    world.break_(alice)
    for name in channels:
        world.say(bob, name, "meanwhile")
    while bob.session.pending():
        world.up(bob)
        world.commit()
        world.down(bob)
    world.connect(alice)
    world.up(alice)
    world.commit()
    world.down(alice)
    assert len(alice.session.out) <= 8
    world.settle()
    assert all(texts(alice, name) == ["meanwhile"] for name in channels)


def test_a_channel_that_can_not_be_joined_is_told(tmp_path: Path) -> None:
    world = World(tmp_path, max_channels_per_user=2)
    alice = world.client("alice", "#a", "#b", "#c")
    world.settle()
    (error,) = alice.of("error")
    assert "2 channels" in error["content"]


# ---- the connection -------------------------------------------------------------------------------------------


def test_the_states_are_told_in_their_order(world: World) -> None:
    alice = world.client("alice")
    alice.session.connecting(world.now)
    world.settle()
    world.break_(alice)
    assert states(alice) == [CONNECTING, CONNECTING, ONLINE, OFFLINE]
    assert alice.of("state")[-1]["reason"] == "The connection was cut."
    (login,) = alice.of("login")
    assert login["name"] == "alice"


def test_a_taken_name_is_refused_and_another_one_can_be_tried(world: World) -> None:
    world.client("alice")
    world.settle()
    other = world.client("alice")
    world.connect(other)
    world.up(other)
    world.commit()
    world.down(other)
    assert states(other)[-1] == REFUSED
    assert "taken" in other.of("state")[-1]["reason"]
    other.session.login("bob", None, world.now)
    world.settle()
    assert other.session.state == ONLINE
    assert "bob" in world.book.chat.state.users


def test_a_name_still_held_by_the_connection_of_before_is_tried_until_it_is_free(world: World) -> None:
    alice = world.client("alice")
    world.settle()
    assert alice.link is not None
    old = alice.link.name
    world.break_(alice, told=False)
    world.connect(alice)
    for _ in range(3):
        world.up(alice)
        world.commit()
        world.down(alice)
        assert alice.session.state == CONNECTING
        world.pass_time(LOGIN_RETRY)
    world.book.leave(old)
    world.settle()
    assert alice.session.state == ONLINE


def test_a_wrong_password_is_refused(world: World) -> None:
    world.book.register("alice", password="secret")
    world.book.leave("alice")
    alice = world.client("alice", password="guess")
    world.connect(alice)
    world.up(alice)
    world.commit()
    world.down(alice)
    assert alice.session.state == REFUSED
    alice.session.login("alice", "secret", world.now)
    world.settle()
    assert alice.session.state == ONLINE


def test_who_has_registered_comes_back_with_the_password(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    alice.session.ask({"request": "register", "password": "secret"}, world.now)
    world.settle()
    world.break_(alice)
    world.settle()
    assert world.book.chat.state.users["alice"].registered


def test_who_has_another_name_comes_back_under_it(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    alice.session.ask({"request": "nick", "content": "Eve"}, world.now)
    world.settle()
    world.break_(alice)
    world.settle()
    assert "eve" in world.book.chat.state.users


def test_a_channel_joined_on_the_way_is_joined_again_and_one_that_was_left_is_not(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    alice.session.ask({"request": "join", "content": ["#ops", "#dev"]}, world.now)
    world.settle()
    alice.session.ask({"request": "part", "content": ["#main", "#dev"]}, world.now)
    world.settle()
    world.break_(alice)
    world.settle()
    assert set(world.book.chat.state.users["alice"].channels) == {"#ops"}


def test_a_channel_that_was_left_can_be_joined_again(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    alice.session.ask({"request": "part", "content": "#main"}, world.now)
    world.settle()
    alice.session.ask({"request": "join", "content": "#main"}, world.now)
    world.settle()
    world.break_(alice)
    world.settle()
    assert set(world.book.chat.state.users["alice"].channels) == {"#main"}


def test_an_answer_comes_back_under_the_id_of_its_request(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    ids = [alice.session.ask(request, world.now) for request in ({"request": "who"}, {"request": "dance"})]
    world.settle()
    assert [facts["reply_to"] for facts in alice.of("ok")] == ids[:1]
    assert [facts["reply_to"] for facts in alice.of("error")] == ids[1:]


def test_a_request_made_offline_or_cut_off_is_answered_with_an_error(world: World) -> None:
    alice = world.client("alice")
    early = alice.session.ask({"request": "who"}, world.now)
    world.settle()
    late = alice.session.ask({"request": "who"}, world.now)
    world.break_(alice)
    assert [(facts["reply_to"], facts["code"]) for facts in alice.of("error")] == [
        (early, "offline"),
        (late, "offline"),
    ]


def test_a_request_that_is_too_long_is_answered_with_an_error(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    id = alice.session.ask({"request": "search", "content": "x" * 70_000}, world.now)
    world.settle()
    assert [(facts["reply_to"], facts["code"]) for facts in alice.of("error")] == [(id, "too-long")]


def test_nothing_is_due_but_one_ping_a_minute(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    assert alice.session.deadline == world.now + PING_EVERY
    world.pass_time(PING_EVERY - 1)
    assert alice.session.out == []
    world.pass_time(1)
    assert len(alice.session.out) == 1
    world.settle()
    assert alice.session.deadline == world.now + PING_EVERY


def test_the_latency_is_measured_by_pings(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.pass_time(PING_EVERY)
    world.up(alice)
    world.commit()
    world.pass_time(42)
    world.down(alice)
    assert alice.session.latency_ms == 42
    world.break_(alice)
    assert alice.session.latency_ms is None


def test_a_connection_on_which_nothing_comes_any_more_is_broken(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.pass_time(PING_EVERY)
    assert alice.session.deadline == world.now + PING_TIMEOUT
    world.pass_time(PING_TIMEOUT - 1)
    assert not alice.session.broken
    world.pass_time(1)
    assert "not answered" in alice.session.broken


def test_a_computer_that_has_slept_does_not_wait_long_for_a_dead_connection(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.pass_time(3_600_000)
    assert alice.session.deadline == world.now + AWAKE_TIMEOUT
    world.settle()
    world.pass_time(PING_EVERY)
    assert alice.session.deadline == world.now + PING_TIMEOUT


def test_a_connection_on_which_anything_comes_is_not_broken() -> None:
    client = SoloClient()
    client.log_in()
    client.pass_time(PING_EVERY)
    client.pass_time(PING_TIMEOUT - 1)
    client.hear({"response": "info", "content": "busy"})
    client.pass_time(PING_TIMEOUT - 1)
    assert not client.session.broken


def test_the_servers_own_ping_is_answered_and_not_shown() -> None:
    client = SoloClient()
    client.log_in()
    assert client.hear({"response": "ping", "content": "x"}) == []
    assert [request["request"] for request in client.requests()] == ["pong"]


def test_the_last_words_of_a_server_are_the_reason_told() -> None:
    client = SoloClient()
    client.log_in()
    client.hear(
        {
            "response": "error",
            "reply_to": None,
            "code": "full",
            "content": "The server is full.",
            "closing": True,
        }
    )
    client.session.lost(client.now, "The server closed the connection.")
    assert facts(client.session.poll(client.now)[-1])["reason"] == "The server is full."


# ---- bytes ----------------------------------------------------------------------------------------------------


def test_however_the_bytes_are_cut_the_same_is_heard() -> None:
    data = "".join(
        json.dumps(facts, ensure_ascii=False) + "\n"
        for facts in (
            message("#main", 1, "grüße 😀"),
            {"response": "info", "content": "€"},
            message("#main", 2),
        )
    ).encode()
    expected: list[Any] | None = None
    for size in (1, 2, 3, 7, len(data)):
        client = SoloClient()
        client.log_in()
        told = []
        for start in range(0, len(data), size):
            told += client.session.receive(data[start : start + size], client.now)
        expected = expected or told
        assert told == expected
        assert len(told) == 3


@pytest.mark.parametrize(
    "garbage", [b"NOTICE * :*** Looking up\r\n", b"HTTP/1.1 400 Bad Request\r\n", b"\x80\x80\n"]
)
def test_what_is_no_evchat_server_is_told_and_not_asked_again(garbage: bytes) -> None:
    client = SoloClient()
    client.session.connected(client.now)
    client.session.receive(garbage, client.now)
    assert client.session.broken
    client.session.lost(client.now)
    assert client.session.state == REFUSED


def test_endless_bytes_without_a_line_break_are_not_taken() -> None:
    client = SoloClient()
    client.log_in()
    while not client.session.broken:
        client.session.receive(b"x" * 1_000_000, client.now)


NONSENSE = (
    "garbage",
    "[]",
    "1",
    "",
    "{" * 5000,
    "9" * 5000,
    '{"response":[]}',
    '{"response":null}',
    '{"response":"message"}',
    '{"response":"message","to":1,"sender":2}',
    '{"response":"message","to":"#main","sender":"x","seq":"1","at":1}',
    '{"response":"history","to":null,"content":7}',
    '{"response":"history","to":"#main","content":[1,{"a":1}]}',
    '{"response":"ok","reply_to":[]}',
    '{"response":"joined","sender":1,"to":2}',
    '{"response":"renamed","sender":"alice","content":null}',
    '{"response":"left","sender":"alice"}',
)


@pytest.mark.parametrize("line", NONSENSE, ids=lambda line: line[:40])
def test_nonsense_from_a_server_harms_nothing(line: str) -> None:
    client = SoloClient()
    client.log_in()
    client.session.receive(line.encode() + b"\n", client.now)
    told = client.hear(message("#main", 1))
    assert [facts["seq"] for facts in told if facts["response"] == "message"] == [1]
    assert not client.session.broken


def message(to: str, seq: int, content: str = "hi", **facts: Any) -> dict[str, Any]:
    return {
        "response": "message",
        "sender": "bob",
        "to": to,
        "seq": seq,
        "content": content,
        "at": 1000 + seq,
        **facts,
    }


class SoloClient:
    """A session without a server: the test says what it hears."""

    def __init__(self, outbox: Outbox | None = None) -> None:
        self.now = 1_000_000
        self.session = Session("alice", None, ("#main",), outbox or Outbox())

    def log_in(self) -> None:
        self.session.connected(self.now)
        hello, login = self.requests()
        welcome = {
            "response": "welcome",
            "reply_to": hello["id"],
            "content": {"limits": {"object_bytes": 65536}},
        }
        self.hear(welcome, {"response": "ok", "reply_to": login["id"], "name": "alice", "unread": 0})
        joined = {"response": "joined", "sender": "alice", "to": "#main"}
        (ping,) = self.requests("ping")
        self.hear(joined, {"response": "ok", "reply_to": ping["id"]})

    def hear(self, *objects: dict[str, Any]) -> list[dict[str, Any]]:
        data = "".join(json.dumps(one) + "\n" for one in objects).encode()
        return list(map(facts, self.session.receive(data, self.now)))

    def requests(self, name: str | None = None) -> list[dict[str, Any]]:
        """What was put out since the last time; of one kind, if one is named."""
        found = [json.loads(frame) for frame in self.session.out]
        self.session.out.clear()
        return [request for request in found if name in (None, request["request"])]

    def pass_time(self, milliseconds: int) -> None:
        self.now += milliseconds
        self.session.poll(self.now)


# ---- direct conversations ---------------------------------------------------------------------------------------


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


def test_a_server_that_trickles_and_never_answers_is_left(world: World) -> None:
    alice = world.client("alice")
    alice.session.connected(world.now)
    end = world.now + ANSWER_TIMEOUT
    while not alice.session.broken:
        world.book.now += PING_TIMEOUT // 2
        alice.note(alice.session.receive(b" ", world.now))
        assert world.now <= end
    assert alice.session.deadline is None


# ---- what is out of the ordinary ----------------------------------------------------------------------------------


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


@pytest.mark.parametrize("channel", ["#main", "#ops"])
def test_what_was_taken_back_while_one_was_away_is_told_when_one_is_back(world: World, channel: str) -> None:
    alice, bob = world.client("alice", "#ops"), world.client("bob", "#ops")
    in_line(world)
    world.say(bob, channel, "a slip")
    for number in range(5):
        world.say(bob, channel, str(number))
    in_line(world)
    world.break_(alice)
    bob.session.ask({"request": "redact", "to": channel, "seq": 1}, world.now)
    world.up(bob)
    world.commit()
    world.down(bob)
    world.settle()
    (told,) = alice.of("redacted")
    assert (told["seq"], told["to"], told["history"]) == (1, channel, True)
    assert alice.of("message") == []


def test_ones_own_notice_is_shown_in_its_place(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    alice.session.ask({"request": "notice", "to": "#main", "content": "careful"}, world.now)
    world.say(bob, "#main", "yes")
    world.settle()
    for client in (alice, bob):
        assert texts(client) == ["careful", "yes"]
        assert client.of("message")[0]["notice"] is True


def test_whom_one_watches_the_server_is_told_again(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob", "#main")
    in_line(world)
    alice.session.ask({"request": "watch", "content": ["bob", "carol"]}, world.now)
    world.settle()
    alice.session.ask({"request": "unwatch", "content": ["carol"]}, world.now)
    world.settle()
    world.break_(alice)
    world.settle()
    alice.told.clear()
    world.break_(bob)
    world.client("carol")
    world.settle()
    assert [facts["sender"] for facts in alice.of("vanished")] == ["bob"]
    assert [facts["sender"] for facts in alice.of("appeared")] == ["bob"]

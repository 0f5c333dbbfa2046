"""A session logs in, stays in, sends every line once, and misses no message."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Any

import pytest

from evchat.protocol.names import channel_key
from tests.tui.connection.sessions import SoloClient, in_line, message, states, texts
from tests.tui.told import facts
from tests.tui.world import World
from tui.connection.login import LOGIN_RETRY
from tui.model.session_events import CONNECTING, OFFLINE, ONLINE, REFUSED, SERVER_PASSWORD


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
    refusals = alice.of("error")
    assert len(refusals) == 2, "one was let in"
    assert all("2 channels" in error["content"] for error in refusals)
    assert sorted(map(channel_key, alice.session.channels)) == ["#a", "#main"]


def test_the_states_are_told_in_their_order(world: World) -> None:
    alice = world.client("alice")
    alice.session.connecting(world.now)
    world.settle()
    world.break_(alice)
    assert states(alice) == [CONNECTING, CONNECTING, ONLINE, OFFLINE]
    assert alice.of("state")[-1]["reason"] == "The connection was broken."
    (login,) = alice.of("login")
    assert login["name"] == "alice"


def test_a_server_with_a_password_says_what_it_has_to_say_after_the_login(tmp_path: Path) -> None:
    world = World(tmp_path, password="apple", motd="Be kind.")
    alice = world.client("alice")
    world.settle()
    (login,) = alice.of("login")
    assert login["motd"] == "Be kind."


def test_a_server_with_a_password_is_given_it_after_every_break(tmp_path: Path) -> None:
    world = World(tmp_path, password="apple")
    alice = world.client("alice")
    for _ in range(2):
        world.settle()
        world.break_(alice)
    assert states(alice) == [CONNECTING, ONLINE, OFFLINE, CONNECTING, ONLINE, OFFLINE]


def test_a_changed_password_is_the_one_to_come_back_with(world: World) -> None:
    alice = world.client("alice")
    world.settle()
    for request in (
        {"request": "register", "password": "first"},
        {"request": "password", "old": "first", "password": "second"},
    ):
        alice.session.ask(request, world.now)
        world.settle()
    assert alice.session.password == "second"
    world.break_(alice)
    world.settle()
    assert alice.session.state == ONLINE
    alice.session.ask({"request": "unregister", "password": "second"}, world.now)
    world.settle()
    assert alice.session.password is None


def test_the_servers_password_can_be_given_after_a_refusal(tmp_path: Path) -> None:
    world = World(tmp_path, password="apple")
    alice = world.client("alice")
    alice.session.give_server_password("banana", world.now)
    world.connect(alice)
    for _ in range(3):
        world.up(alice)
        world.commit()
        world.down(alice)
    assert (alice.session.state, alice.of("state")[-1]["needs"]) == (REFUSED, SERVER_PASSWORD)
    alice.session.give_server_password("apple", world.now)
    world.settle()
    assert alice.session.state == ONLINE


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


def test_a_name_still_held_by_the_connection_of_before_is_tried_until_it_is_free(tmp_path: Path) -> None:
    world = World(tmp_path, absent_for=0.0)
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


def test_a_client_that_lost_its_link_is_back_at_once_and_nobody_hears_of_it(world: World) -> None:
    alice, bob = world.client("alice", "#main", "#ops"), world.client("bob", "#main", "#ops")
    in_line(world)
    for number, noticed in enumerate((True, False)):
        world.break_(alice, told=noticed)
        world.say(bob, "#main", f"{number}a")
        world.say(bob, "#ops", f"{number}b")
        world.say(bob, "alice", f"{number}c")
        world.settle()
        assert states(alice)[-2:] == [CONNECTING, ONLINE]
    assert [texts(alice, room) for room in ("#main", "#ops", "bob")] == [
        ["0a", "1a"],
        ["0b", "1b"],
        ["0c", "1c"],
    ]
    assert not [one for one in bob.told if one["response"] in ("quit", "joined")]


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
    assert bob.link is not None
    world.book.leave(bob.link.name)
    world.break_(bob)
    world.client("carol")
    world.settle()
    assert [facts["sender"] for facts in alice.of("vanished")] == ["bob"]
    assert [facts["sender"] for facts in alice.of("appeared")] == ["bob"]


def test_whoever_has_registered_and_changed_the_name_is_both_again_after_a_restart_of_the_server(
    world: World,
) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    world.settle()
    alice.session.ask({"request": "register", "password": "sesame"}, world.now)
    world.settle()
    alice.session.ask({"request": "nick", "content": "alice2"}, world.now)
    world.settle()
    assert (alice.session.user, alice.session.account) == ("alice2", "alice")
    world.restart()
    in_line(world)
    world.say(alice, "#main", "back")
    world.settle()
    assert alice.session.user == "alice2"
    assert world.book.chat.state.users["alice2"].who.account == "alice"
    assert [facts["sender"] for facts in bob.of("message") if facts["content"] == "back"] == ["alice2"]

"""A full client whose connection breaks comes back without anybody noticing, and without missing anything."""

from __future__ import annotations

import socket
import struct
from collections.abc import Callable

import pytest

from tests.e2e.harness import Full, Person, Server


def cut(client: Full, how: str) -> None:
    """The connection breaks: in order, by a reset, or so that the server does not notice."""
    if how == "reset":
        client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    if how != "unnoticed":
        client.sock.close()


@pytest.mark.parametrize("how", ["closed", "reset", "unnoticed"])
def test_a_broken_connection_is_no_quit(server: Server, how: str) -> None:
    alice, bob = Full(server.connect(), "alice"), Full(server.connect(), "bob")
    netcat = Person(server.connect())
    netcat.login("carol")
    alice.request("join", "#ops")
    bob.request("join", "#ops")
    bob.sync()
    netcat.sync()
    token = alice.state["resume"]
    assert alice.state["resume_for"] == 20_000 and "resumed" not in alice.state
    cut(alice, how)
    if how != "unnoticed":
        server.logged("disconnected", "name=alice")
        assert bob.request("msg", "psst", to="alice")["kept"] is True
    bob.request("msg", "meanwhile", to="#ops")
    back = Full(server.connect())
    state = back.request("login", "alice", resume=token)
    assert state["resumed"] is True and state["resume"] != token
    assert state["unread"] == (how != "unnoticed")
    assert back.event("joined", to="#ops")["seq"] == 1
    (missed,) = back.event("history", to="#ops")["content"]
    assert missed["content"] == "meanwhile"
    bob.request("msg", "there again?", to="alice")
    assert back.event("message", content="there again?")
    heard = {event["response"] for event in bob.sync()}
    assert not heard & {"quit", "joined", "left"}
    assert netcat.sync() == []
    if how == "unnoticed":
        assert alice.event("error")["code"] == "resumed" and alice.read_to_end() is not None


def test_a_server_that_was_killed_knows_no_token(start: Callable[..., Server]) -> None:
    server = start()
    alice = Full(server.connect(), "alice")
    token = alice.state["resume"]
    server.kill()
    server = start()
    alice = Full(server.connect())
    assert alice.request("login", "alice", resume=token)["code"] == "resume-unknown"
    assert alice.request("login", "alice")["response"] == "ok"


def test_others_are_told_when_nobody_has_come_back(start: Callable[..., Server]) -> None:
    server = start("--memory", EVCHAT_ABSENT_FOR="0.1")
    alice, bob = Full(server.connect(), "alice"), Full(server.connect(), "bob")
    alice.close()
    assert bob.event("quit", sender="alice")


def test_a_server_that_stops_when_it_is_empty_waits_for_those_who_may_come_back(
    start: Callable[..., Server],
) -> None:
    server = start("--memory", "--stop-when-empty", EVCHAT_ABSENT_FOR="2")
    alice = Full(server.connect(), "alice")
    token = alice.state["resume"]
    alice.close()
    server.logged("disconnected", "name=alice")
    alice = Full(server.connect())
    assert alice.request("login", "alice", resume=token)["resumed"] is True
    alice.close()
    assert server.process.wait(20) == 0


def test_a_server_that_stops_when_it_is_empty_does_not_wait_for_ever_for_the_first_client(
    start: Callable[..., Server],
) -> None:
    server = start("--memory", "--stop-when-empty", EVCHAT_FIRST_CLIENT="0.1")
    assert server.process.wait(20) == 0
    server.logged("stopping", "Nobody has connected.")


@pytest.mark.parametrize("dialect", ["irc", "text", "plain"])
def test_other_dialects_quit_at_once(server: Server, dialect: str) -> None:
    bob = Full(server.connect(), "bob")
    hello = {
        "irc": "NICK zoe\r\nUSER zoe 0 * :Zoe\r\nJOIN #main\r\n",
        "text": "zoe\n",
        "plain": '{"request": "login", "content": "zoe"}',
    }
    sock = server.connect()
    sock.sendall(hello[dialect].encode())
    assert bob.event("joined", sender="zoe")
    sock.close()
    assert bob.event("quit", sender="zoe")

"""Every limit tells the client which one it is, in a sentence, and stands in the log."""

from __future__ import annotations

import json
from collections.abc import Callable
from pathlib import Path

import pytest

from tests.e2e.harness import Client, Full, Person, Server


def end_of(server: Server, data: bytes = b"") -> bytes:
    """What the server says to a connection that sends `data`, until it closes."""
    client = Client(server.connect())
    if data:
        client.send(data)
    try:
        return client.read_to_end()
    except ConnectionResetError:
        return client.buffer
    finally:
        client.close()


def test_a_full_server_says_so_and_lets_in_again_when_somebody_leaves(start: Callable[..., Server]) -> None:
    server = start("--memory", "--max-clients", "2", EVCHAT_ABSENT_FOR="0")
    first, second = Full(server.connect(), "first"), Full(server.connect(), "second")
    refusal = json.loads(end_of(server))
    assert refusal["response"] == "error" and "full" in refusal["content"]
    server.logged("server-full")
    second.close()
    first.event("quit", sender="second")
    assert Full(server.connect(), "third").state["response"] == "ok"


def test_who_does_not_log_in_in_time_is_told_and_cut(start: Callable[..., Server]) -> None:
    server = start("--memory", EVCHAT_LOGIN_DEADLINE="0.2")
    assert b"No login within" in end_of(server, b"\n")
    assert b"No login within" in end_of(server, b'{"request": "help"}')
    full = Full(server.connect(), "in-time")
    assert full.request("ping", 1)["content"] == 1


def test_a_stranger_may_send_only_so_much(start: Callable[..., Server]) -> None:
    server = start("--memory", EVCHAT_COMMAND_BURST="1000")
    assert b"no more than 32 requests" in end_of(server, b"\n" * 40)
    assert b"no more than 8192 bytes" in end_of(server, b'{"request": "login", "content": "' + b"x" * 9000)


def test_a_silent_full_client_is_asked_for_a_sign_of_life_and_then_given_up(
    start: Callable[..., Server],
) -> None:
    server = start("--memory", EVCHAT_PING_AFTER="1", EVCHAT_DEAD_AFTER="3", EVCHAT_ABSENT_FOR="0")
    full, other = Full(server.connect(), "sleeper"), Full(server.connect(), "awake")
    for _ in range(3):
        other.event("ping")
        other.put({"request": "pong"})
    assert other.event("quit", sender="sleeper")["content"].startswith("No sign of life")
    assert full.read_to_end()
    person = Person(server.connect())
    person.login("with-netcat")
    for _ in range(3):
        other.event("ping")
        other.put({"request": "pong"})
    person.type("still here")
    assert other.event("message", content="still here")


def test_idle_users_are_logged_out_if_the_owner_wants_so(start: Callable[..., Server]) -> None:
    server = start("--memory", EVCHAT_IDLE_TIMEOUT="0.3")
    assert b"Idle" in end_of(server, b"alice\n")


def test_a_burst_of_requests_is_delayed_and_not_lost(start: Callable[..., Server]) -> None:
    server = start("--memory", EVCHAT_COMMAND_BURST="5", EVCHAT_COMMAND_RATE="50")
    full = Full(server.connect(), "hasty")
    for number in range(30):
        full.put({"request": "ping", "content": number, "id": f"p{number}"})
    assert [full.event("ok")["content"] for _ in range(30)] == list(range(30))


def test_a_delayed_client_is_not_given_up(start: Callable[..., Server]) -> None:
    server = start(
        "--memory",
        EVCHAT_COMMAND_BURST="2",
        EVCHAT_COMMAND_RATE="4",
        EVCHAT_PING_AFTER="1",
        EVCHAT_DEAD_AFTER="2",
    )
    full = Full(server.connect(), "busy")
    for number in range(12):
        full.put({"request": "ping", "content": number})
    assert [full.event("ok")["content"] for _ in range(12)] == list(range(12))


def test_a_message_has_only_so_many_lines(start: Callable[..., Server]) -> None:
    server = start("--memory")
    full = Full(server.connect(), "talker")
    assert full.request("msg", "a\n" * 20_000)["code"] == "too-long"
    assert full.request("msg", "a\n" * 100)["response"] == "ok"


@pytest.mark.skipif(not Path("/proc/self/fd").exists(), reason="needs setrlimit and /proc")
def test_out_of_descriptors_new_connections_wait_and_nobody_else_notices(
    start: Callable[..., Server],
) -> None:
    import resource

    server = start("--memory")
    inside = Full(server.connect(), "inside")
    used = len(list(Path(f"/proc/{server.process.pid}/fd").iterdir()))
    _, hard = resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE)
    resource.prlimit(server.process.pid, resource.RLIMIT_NOFILE, (used + 2, hard))
    socks = [server.connect() for _ in range(10)]
    assert inside.request("ping", "still served")["content"] == "still served"
    for sock in socks[:6]:
        sock.close()
    waiting = Client(socks[6])
    waiting.send("patient\n")
    waiting.read_until(lambda data: b"Hello patient" in data)
    server.logged("out of descriptors")
    assert len(server.log) < 100

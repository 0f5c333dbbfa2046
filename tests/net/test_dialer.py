"""One of a server's addresses is reached, or an error tells why none is; the loop never waits."""

from __future__ import annotations

import errno
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from evchat.net.dialer import PATIENCE, STAGGER, Dialer, interleave
from evchat.net.loop import Loop

DEADLINE = 20.0
"""Seconds after which what should happen has not. Never waited for when all is well."""


class Caller:
    """Somebody who dials, with a clock that can be put forward."""

    def __init__(self) -> None:
        self.ahead = 0.0
        self.selector = selectors.DefaultSelector()
        self.loop = Loop(self.selector, clock=lambda: time.monotonic() + self.ahead)
        self.connected: list[socket.socket] = []
        self.errors: list[Exception] = []
        self.dialer = Dialer(self.loop, self.connected.append, self.errors.append)

    def until(self, done: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE
        while not done():
            assert time.monotonic() < deadline, "waited in vain"
            self.loop.run_once(0.05)

    @property
    def watched(self) -> int:
        """How many sockets are waited for, besides the loop's own."""
        return len(self.selector.get_map()) - 1


@pytest.fixture
def caller() -> Iterator[Caller]:
    caller = Caller()
    yield caller
    caller.dialer.cancel()
    assert caller.watched == 0
    assert caller.loop._sleep(None) is None
    for sock in caller.connected:
        sock.close()
    caller.loop.close()


@pytest.fixture
def server() -> Iterator[socket.socket]:
    with socket.create_server(("127.0.0.1", 0)) as sock:
        sock.settimeout(DEADLINE)
        yield sock


def at(host: str, server: socket.socket) -> tuple[int, Any]:
    return (socket.AF_INET, (host, server.getsockname()[1]))


def test_the_first_address_that_takes_the_connection_is_the_one(
    caller: Caller, server: socket.socket
) -> None:
    caller.dialer.dial([at("127.0.0.2", server), at("127.0.0.1", server)])
    caller.until(lambda: caller.connected)
    assert not caller.connected[0].getblocking()
    with server.accept()[0] as peer:
        peer.send(b"x")
    assert caller.errors == []


def test_the_last_error_is_told_if_no_address_takes_it_and_not_before_the_loop_runs(
    caller: Caller, server: socket.socket
) -> None:
    caller.dialer.dial([at("127.0.0.2", server), at("127.0.0.3", server)])
    assert caller.errors == []
    caller.until(lambda: caller.errors)
    (error,) = caller.errors
    assert isinstance(error, OSError) and error.errno == errno.ECONNREFUSED
    assert caller.connected == []


def test_no_address_at_all_is_an_error(caller: Caller) -> None:
    caller.dialer.dial([])
    caller.until(lambda: caller.errors)
    assert isinstance(caller.errors[0], OSError)


def test_nothing_is_called_after_an_attempt_was_cancelled(caller: Caller, server: socket.socket) -> None:
    caller.dialer.dial([at("127.0.0.2", server), at("127.0.0.1", server)])
    caller.dialer.cancel()
    caller.dialer.cancel()
    for _ in range(3):
        caller.loop.run_once(0)
    caller.ahead += PATIENCE
    caller.loop.run_once(0)
    assert caller.connected == [] and caller.errors == []


@pytest.mark.skipif(sys.platform == "win32", reason="no UNIX sockets")
def test_a_unix_socket_is_dialled_by_its_path(caller: Caller, tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        caller.dialer.dial([(socket.AF_UNIX, str(tmp_path / "s"))])
        caller.until(lambda: caller.connected)
        server.accept()[0].close()


@pytest.mark.skipif(sys.platform == "win32", reason="no UNIX sockets")
def test_a_path_without_a_socket_is_an_error(caller: Caller, tmp_path: Path) -> None:
    caller.dialer.dial([(socket.AF_UNIX, str(tmp_path / "none"))])
    caller.until(lambda: caller.errors)
    assert isinstance(caller.errors[0], FileNotFoundError)


@pytest.fixture
def deaf(server: socket.socket) -> Iterator[tuple[int, Any]]:
    """An address with the server's port whose queue of connections is full: whoever dials it gets no answer."""
    with socket.socket() as sock, socket.socket() as first, socket.socket() as second:
        sock.bind(at("127.0.0.2", server)[1])
        sock.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(at("127.0.0.2", server)[1])
        yield at("127.0.0.2", server)


@pytest.mark.skipif(sys.platform != "linux", reason="how a full queue of connections shows differs elsewhere")
def test_the_next_address_is_tried_beside_one_that_does_not_answer(
    caller: Caller, server: socket.socket, deaf: tuple[int, Any]
) -> None:
    caller.dialer.dial([deaf, at("127.0.0.1", server)])
    caller.loop.run_once(0)
    assert caller.watched == 1
    caller.ahead += STAGGER
    caller.until(lambda: caller.connected)
    server.accept()[0].close()


@pytest.mark.skipif(sys.platform != "linux", reason="how a full queue of connections shows differs elsewhere")
def test_a_server_that_never_answers_is_given_up(caller: Caller, deaf: tuple[int, Any]) -> None:
    caller.dialer.dial([deaf])
    caller.ahead += PATIENCE
    caller.until(lambda: caller.errors)
    assert isinstance(caller.errors[0], TimeoutError) and caller.errors[0].errno == errno.ETIMEDOUT


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Which addresses a name has, for a test without a network."""
    known: dict[str, list[str]] = {}

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "no such host")
        return [(socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port)) for number in known[host]]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def test_a_name_is_looked_up(caller: Caller, server: socket.socket, hosts: dict[str, list[str]]) -> None:
    hosts["chat.example"] = ["127.0.0.2", "127.0.0.1"]
    caller.dialer.look_up("chat.example", server.getsockname()[1])
    caller.until(lambda: caller.connected)
    server.accept()[0].close()


def test_a_name_that_nobody_has_is_an_error(caller: Caller, hosts: dict[str, list[str]]) -> None:
    caller.dialer.look_up("chat.example", 1)
    caller.until(lambda: caller.errors)
    assert isinstance(caller.errors[0], socket.gaierror)


def test_families_of_addresses_take_turns() -> None:
    six, four = socket.AF_INET6, socket.AF_INET
    found: list[tuple[int, Any]] = [(six, "a"), (six, "b"), (six, "c"), (four, "d"), (four, "e")]
    assert [where for _, where in interleave(found)] == ["a", "d", "b", "e", "c"]
    assert interleave([]) == []

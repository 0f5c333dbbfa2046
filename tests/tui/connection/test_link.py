"""The connection is made without waiting, and made again when it is lost."""

from __future__ import annotations

import json
import selectors
import socket
import sys
import time
from collections.abc import Callable, Iterator
from pathlib import Path
from typing import Any

import pytest

from evchat.net.loop import Loop
from evchat.settings.address import Address
from tests.tui.told import facts
from tui.connection.backoff import Backoff
from tui.connection.link import ServerLink
from tui.connection.outbox import Outbox
from tui.connection.session import Session
from tui.connection.trust import Trust
from tui.model.session_events import CONNECTING, OFFLINE, REFUSED

DEADLINE = 20.0
"""Seconds after which what should happen has not. Never waited for when all is well."""


class Driver:
    """A loop around a link, with a clock that can be put forward."""

    def __init__(self, address: Address, session: Session | None = None, trust: Trust | None = None) -> None:
        self.selector = selectors.DefaultSelector()
        self.session = session or Session("alice", None, ("#main",), Outbox())
        self.ahead = 0.0
        self.loop = Loop(self.selector, clock=lambda: time.monotonic() + self.ahead)
        self.link = ServerLink(
            self.loop,
            address,
            self.session,
            trust=trust,
            backoff=Backoff(lambda: 0.5),
            wall=lambda: time.time() + self.ahead,
            network=self._hear_network,
        )
        self.network: socket.socket | None = None
        self.told: list[dict[str, Any]] = []

    def _hear_network(self) -> socket.socket:
        if self.network is not None:
            self.network.close()
        self.network, heard = socket.socketpair()
        heard.setblocking(False)
        return heard

    def turn(self, wait: float = 0.0) -> None:
        self.loop.run_once(wait)
        self.told += map(facts, self.link.poll())

    def until(self, done: Callable[[], object]) -> None:
        deadline = time.monotonic() + DEADLINE
        while not done():
            assert time.monotonic() < deadline, f"waited in vain; told {self.told}"
            self.turn(0.05)

    def states(self) -> list[tuple[str, str]]:
        return [(one["state"], one["reason"]) for one in self.told if one["response"] == "state"]

    @property
    def watched(self) -> int:
        """How many sockets are waited for, besides the loop's own."""
        return len(self.selector.get_map()) - 1

    @property
    def sleep(self) -> float | None:
        """Seconds until the loop wakes by itself."""
        return self.loop._sleep(None)


class Listener:
    """A server's end: accepts, and reads and sends what the test says."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.sock.settimeout(DEADLINE)
        self.peer: socket.socket | None = None

    @property
    def address(self) -> Address:
        return Address("127.0.0.1", self.sock.getsockname()[1])

    def accept(self) -> socket.socket:
        self.peer, _ = self.sock.accept()
        self.peer.settimeout(DEADLINE)
        return self.peer

    def close(self) -> None:
        self.sock.close()
        if self.peer is not None:
            self.peer.close()


@pytest.fixture
def make() -> Iterator[Callable[..., Driver]]:
    """Makes drivers, whose links are closed in the end, and then wait for nothing."""
    drivers: list[Driver] = []

    def one(*arguments: Any) -> Driver:
        drivers.append(Driver(*arguments))
        return drivers[-1]

    yield one
    for driver in drivers:
        driver.link.close()
        driver.loop.run_once(0)
        assert driver.watched == 0
        assert driver.sleep is None
        driver.loop.close()
        if driver.network is not None:
            driver.network.close()


@pytest.fixture
def listener() -> Iterator[Listener]:
    listener = Listener(socket.create_server(("127.0.0.1", 0)))
    yield listener
    listener.close()


@pytest.fixture
def nobody() -> Address:
    """An address of this machine where nobody listens."""
    with socket.create_server(("127.0.0.1", 0)) as sock:
        return Address("127.0.0.1", sock.getsockname()[1])


def requests(sock: socket.socket, count: int) -> list[str]:
    """The names of the requests that a client sends first."""
    data = b""
    while data.count(b"\n") < count:
        data += sock.recv(65536)
    return [json.loads(line)["request"] for line in data.splitlines()]


def test_it_connects_and_introduces_itself(make: Callable[..., Driver], listener: Listener) -> None:
    driver = make(listener.address)
    driver.link.open()
    driver.until(lambda: len(driver.states()) == 2)
    assert driver.states() == [(CONNECTING, ""), (CONNECTING, "")]
    assert requests(listener.accept(), 2) == ["hello", "login"]
    assert not driver.link.owes


def test_opening_again_changes_nothing(make: Callable[..., Driver], listener: Listener) -> None:
    driver = make(listener.address)
    for _ in range(3):
        driver.link.open()
        driver.turn()
    driver.until(lambda: len(driver.states()) == 2)
    listener.accept()
    listener.sock.settimeout(0)
    with pytest.raises(BlockingIOError):
        listener.sock.accept()


def test_where_nobody_listens_is_told_and_tried_again_after_a_while(
    make: Callable[..., Driver], nobody: Address
) -> None:
    driver = make(nobody)
    driver.link.open()
    driver.until(lambda: driver.session.state == OFFLINE and driver.told[-1]["retry_at"])
    assert driver.states()[-1] == (OFFLINE, f"No server is running at {nobody}.")
    assert driver.sleep is not None and 0 < driver.sleep <= 1
    driver.ahead += 1
    driver.until(lambda: driver.sleep is not None and 1 < driver.sleep <= 2)
    assert driver.states()[-2:] == [(CONNECTING, ""), (OFFLINE, f"No server is running at {nobody}.")]


def test_who_is_in_a_hurry_does_not_wait(make: Callable[..., Driver], listener: Listener) -> None:
    driver = make(listener.address)
    driver.link.open()
    driver.until(lambda: len(driver.states()) == 2)
    with listener.accept() as peer:
        requests(peer, 2)
    driver.until(lambda: driver.session.state == OFFLINE)
    assert driver.states()[-1] == (OFFLINE, "The server closed the connection.")
    driver.link.reconnect_now()
    driver.until(lambda: len(driver.states()) == 5)
    listener.accept()


def test_a_network_that_has_changed_is_tried_at_once_but_once_a_second(
    make: Callable[..., Driver], listener: Listener
) -> None:
    address = listener.address
    listener.sock.close()
    driver = make(address)
    driver.link.open()
    driver.until(lambda: driver.session.state == OFFLINE)
    assert driver.network is not None
    driver.link._backoff.next()
    for _ in range(3):
        driver.network.send(b"eth0 is up")
    before = driver.network
    driver.ahead += 0.5
    driver.turn()
    assert driver.session.state == OFFLINE
    assert driver.sleep is not None and driver.sleep <= 0.5
    driver.ahead += 0.5
    driver.until(lambda: driver.network is not before)
    assert driver.states()[-2:] == [(CONNECTING, ""), (OFFLINE, f"No server is running at {address}.")]
    listener.sock = socket.create_server(("127.0.0.1", address.port))
    driver.ahead += 1.0
    driver.network.send(b"wlan0 is up")
    driver.until(lambda: driver.session.state == CONNECTING)
    listener.sock.settimeout(DEADLINE)
    listener.accept()


def test_the_system_is_listened_to_only_while_there_is_no_connection(
    make: Callable[..., Driver], listener: Listener
) -> None:
    driver = make(listener.address)
    driver.link.open()
    listener.accept()
    driver.until(lambda: driver.watched == 1)
    assert driver.network is None
    assert listener.peer is not None
    listener.peer.close()
    driver.until(lambda: driver.session.state == OFFLINE)
    assert driver.network is not None


def test_a_server_that_refuses_the_login_is_not_asked_again_unasked(
    make: Callable[..., Driver], listener: Listener
) -> None:
    driver = make(listener.address)
    driver.link.open()
    driver.until(lambda: len(driver.states()) == 2)
    peer = listener.accept()
    data = b""
    while data.count(b"\n") < 2:
        data += peer.recv(65536)
    login = json.loads(data.splitlines()[1])
    answer = {"response": "error", "reply_to": login["id"], "code": "name-taken", "content": "Taken."}
    peer.sendall(json.dumps(answer).encode() + b"\n")
    driver.until(lambda: driver.session.state == REFUSED)
    peer.close()
    driver.until(lambda: driver.watched == 0)
    driver.ahead += 3600
    driver.turn()
    assert driver.session.state == REFUSED
    assert driver.watched == 0
    driver.session.login("bob", None, driver.link.now())
    driver.until(lambda: driver.session.state == CONNECTING and driver.watched)
    listener.accept()


def test_a_connection_that_went_silent_is_given_up(make: Callable[..., Driver], listener: Listener) -> None:
    driver = make(listener.address)
    driver.link.open()
    driver.until(lambda: len(driver.states()) == 2)
    listener.accept()
    assert driver.sleep is not None and 29 < driver.sleep <= 30.01
    driver.ahead += 31
    driver.turn()
    assert driver.session.state == OFFLINE
    assert "not answered" in driver.states()[-1][1]


def test_what_the_socket_does_not_take_at_once_goes_when_it_does(
    make: Callable[..., Driver], listener: Listener
) -> None:
    driver = make(listener.address)
    driver.link.open()
    driver.until(lambda: len(driver.states()) == 2)
    peer = listener.accept()
    driver.session.out.append(b"x" * 8_000_000)
    driver.turn()
    assert driver.link.owes
    got = 0
    while got < 8_000_000:
        got += len(peer.recv(1 << 20))
        driver.turn()
    driver.until(lambda: not driver.link.owes)
    assert [key.events for key in driver.selector.get_map().values()] == [selectors.EVENT_READ] * 2


def test_no_more_than_a_slice_is_read_at_a_time(make: Callable[..., Driver], listener: Listener) -> None:
    driver = make(listener.address)
    driver.link.open()
    driver.until(lambda: len(driver.states()) == 2)
    sizes: list[int] = []
    receive = driver.session.receive
    driver.session.receive = lambda data, now: sizes.append(len(data)) or receive(data, now)  # type: ignore[method-assign,func-returns-value]
    peer = listener.accept()
    peer.setblocking(False)
    sent = peer.send(b'{"response":"info"}\n' * 20_000)
    driver.until(lambda: sum(sizes) == sent)
    assert max(sizes) <= 65536


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="no UNIX sockets")
def test_a_unix_socket_is_an_address_too(make: Callable[..., Driver], tmp_path: Path) -> None:
    with socket.socket(socket.AF_UNIX) as server:
        server.bind(str(tmp_path / "s"))
        server.listen()
        driver = make(Address(path=str(tmp_path / "s")))
        driver.link.open()
        driver.until(lambda: len(driver.states()) == 2)
        server.accept()[0].close()


def test_a_missing_unix_socket_is_told(make: Callable[..., Driver], tmp_path: Path) -> None:
    driver = make(Address(path=str(tmp_path / "none")))
    driver.link.open()
    driver.until(driver.states)
    assert driver.states()[-1][1] == f"No server is running at unix://{tmp_path}/none."


# ---- names ----------------------------------------------------------------------------------------------------


@pytest.fixture
def hosts(monkeypatch: pytest.MonkeyPatch) -> dict[str, list[str]]:
    """Which addresses a name has, for a test without a network."""
    known: dict[str, list[str]] = {}

    def look_up(host: str, port: int, **_: Any) -> list[Any]:
        if host not in known:
            raise socket.gaierror(socket.EAI_NONAME, "no such host")
        return [
            (socket.AF_INET6 if ":" in number else socket.AF_INET, socket.SOCK_STREAM, 6, "", (number, port))
            for number in known[host]
        ]

    monkeypatch.setattr(socket, "getaddrinfo", look_up)
    return known


def test_a_name_is_looked_up_and_the_address_that_answers_is_taken(
    make: Callable[..., Driver], listener: Listener, hosts: dict[str, list[str]]
) -> None:
    hosts["chat.example"] = ["127.0.0.2", "127.0.0.3", "127.0.0.1"]
    driver = make(Address("chat.example", listener.address.port))
    driver.link.open()
    driver.until(lambda: len(driver.states()) == 2)
    listener.accept()
    assert driver.watched == 1


def test_a_name_that_nobody_has_is_told(make: Callable[..., Driver], hosts: dict[str, list[str]]) -> None:
    driver = make(Address("chat.example", 1))
    driver.link.open()
    driver.until(lambda: driver.session.state == OFFLINE)
    assert driver.states()[-1][1] == "The host chat.example was not found."
    assert driver.link.unknown_host == driver.states()[-1][1]


def test_a_look_up_that_fails_for_want_of_a_network_does_not_mean_that_the_name_is_wrong(
    make: Callable[..., Driver], monkeypatch: pytest.MonkeyPatch
) -> None:
    def fail(*_: Any, **__: Any) -> list[Any]:
        raise socket.gaierror(socket.EAI_AGAIN, "try again")

    monkeypatch.setattr(socket, "getaddrinfo", fail)
    driver = make(Address("chat.example", 1))
    driver.link.open()
    driver.until(lambda: driver.session.state == OFFLINE)
    assert driver.link.unknown_host == ""


def test_a_look_up_that_nobody_waits_for_any_more_harms_nothing(
    make: Callable[..., Driver], hosts: dict[str, list[str]]
) -> None:
    driver = make(Address("chat.example", 1))
    driver.link.open()
    driver.link.close()
    driver.link.open()
    driver.until(lambda: len(driver.states()) >= 2)


@pytest.mark.skipif(sys.platform != "linux", reason="how a full queue of connections shows differs elsewhere")
def test_an_address_that_does_not_answer_is_not_waited_for(
    make: Callable[..., Driver], listener: Listener, hosts: dict[str, list[str]]
) -> None:
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.2", listener.address.port))
        deaf.listen(0)
        for filler in (
            first,
            second,
        ):  # of the queue of those to be accepted: whoever comes next gets no answer
            filler.setblocking(False)
            filler.connect_ex(("127.0.0.2", listener.address.port))
        hosts["chat.example"] = ["127.0.0.2", "127.0.0.1"]
        driver = make(Address("chat.example", listener.address.port))
        driver.link.open()
        driver.until(lambda: driver.sleep is not None and 0 < driver.sleep < 0.3)
        assert len(driver.states()) == 1
        driver.ahead += 0.25
        driver.until(lambda: len(driver.states()) == 2)
        listener.accept()
        assert driver.watched == 1


@pytest.mark.skipif(sys.platform != "linux", reason="how a full queue of connections shows differs elsewhere")
def test_a_server_that_never_answers_is_given_up(make: Callable[..., Driver]) -> None:
    with socket.socket() as deaf, socket.socket() as first, socket.socket() as second:
        deaf.bind(("127.0.0.1", 0))
        deaf.listen(0)
        for filler in (first, second):
            filler.setblocking(False)
            filler.connect_ex(deaf.getsockname())
        address = Address("127.0.0.1", deaf.getsockname()[1])
        driver = make(address)
        driver.link.open()
        driver.turn()
        driver.ahead += 15
        driver.turn()
        assert driver.states()[-1] == (OFFLINE, f"{address} does not answer.")


def test_a_new_connection_is_made_when_the_user_asks_for_one(make: Callable[..., Driver]) -> None:
    server = Listener(socket.create_server(("127.0.0.1", 0)))
    try:
        driver = make(server.address)
        driver.link.open()
        driver.until(lambda: driver.session.out or driver.link._connection is not None)
        first = server.accept()
        driver.link.reconnect()
        second = server.accept()
        driver.until(lambda: (CONNECTING, "") in driver.states()[2:])
        assert first.recv(65_536) == b"" or first.recv(65_536) == b""
        assert (OFFLINE, "You asked to reconnect.") in driver.states()
        driver.until(lambda: driver.link._connection is not None)
        first.close()
        assert second.recv(65_536).startswith(b'{"')
    finally:
        server.close()

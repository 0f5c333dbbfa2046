"""Second connections find their clients, one after the other, and take nothing from anybody else."""

from __future__ import annotations

import socket
from collections.abc import Iterator

import pytest

from evchat.dialects.unframed.wholast import WholastDialect
from evchat.server.client import Client
from tests.server.halves import Halves


class Scene:
    """A server, and clients of wholast on it."""

    def __init__(self) -> None:
        self.both = Halves(pair_deadline=5.0, pace=0.0)
        self.seconds = self.both.front._ingress.second_connections
        self.socks: list[socket.socket] = []

    def client(self, name: str) -> tuple[Client, socket.socket]:
        """A client that has sent its name and its password."""
        client, sock = self.both.connect(WholastDialect())
        for word in (name, "password"):
            sock.sendall(word.encode())
            self.both.run(20)
        return client, sock

    def second(self, said: bytes = b"hi", address: str = "127.0.0.1") -> socket.socket:
        """A second connection that has said something."""
        ours, theirs = socket.socketpair()
        self.socks += [ours, theirs]
        theirs.setblocking(False)
        self.seconds.accept(ours, address)
        if said:
            theirs.send(said)
        self.both.run(20)
        return theirs


def heard(sock: socket.socket) -> bytes | None:
    """All that has come; b"" at the end, None if nothing has."""
    sock.setblocking(False)
    try:
        return sock.recv(65536)
    except BlockingIOError:
        return None


@pytest.fixture
def scene() -> Iterator[Scene]:
    scene = Scene()
    yield scene
    scene.both.close()
    for sock in scene.socks:
        sock.close()
    assert not scene.both.bugs


def test_a_second_connection_is_that_of_the_client_that_is_expected(scene: Scene) -> None:
    _, ann = scene.client("ann")
    assert (heard(ann) or b"").endswith(b"successfulsuccessful")
    chat = scene.second()
    assert (heard(chat) or b"").startswith(b"Hello ann, ")
    assert heard(ann) is None


def test_the_next_client_waits_for_its_turn(scene: Scene) -> None:
    scene.client("ann")
    _, ben = scene.client("ben")
    assert (heard(ben) or b"").count(b"successful") == 1
    scene.second()
    assert heard(ben) == b"successful"
    assert (heard(scene.second()) or b"").startswith(b"Hello ben, ")


def test_nobody_waits_for_ever(scene: Scene) -> None:
    scene.client("ann")
    _, ben = scene.client("ben")
    heard(ben)
    scene.both.run(20, seconds=4.9)
    assert heard(ben) is None
    scene.both.run(20, seconds=0.2)
    assert heard(ben) == b"successful"
    assert (heard(scene.second()) or b"").startswith(b"Hello ben, ")


def test_a_client_that_has_gone_is_not_waited_for(scene: Scene) -> None:
    _, ann = scene.client("ann")
    _, ben = scene.client("ben")
    _, eve = scene.client("eve")
    ann.close()
    scene.both.run(20)
    assert (heard(ben) or b"").endswith(b"successfulsuccessful")
    ben.close()
    scene.both.run(20)
    assert (heard(eve) or b"").endswith(b"successfulsuccessful")
    assert (heard(scene.second()) or b"").startswith(b"Hello eve, ")


def test_one_that_nobody_expects_or_that_says_something_else_is_closed(scene: Scene) -> None:
    assert heard(scene.second()) == b""
    scene.client("ann")
    assert heard(scene.second(b"GET / HTTP/1.1")) == b""
    assert heard(scene.second(address="192.0.2.1")) == b""
    assert (heard(scene.second()) or b"").startswith(b"Hello ann, ")


def test_one_that_says_nothing_is_closed_in_time(scene: Scene) -> None:
    chat = scene.second(b"")
    scene.both.run(20, seconds=4.9)
    assert heard(chat) is None
    scene.both.run(20, seconds=0.2)
    assert heard(chat) == b""


def test_of_a_thousand_that_say_nothing_the_latest_few_are_there(scene: Scene) -> None:
    scene.client("ann")
    silent = [scene.second(b"") for _ in range(100)]
    scene.both.run(20)
    assert [heard(sock) for sock in silent] == [b""] * 36 + [None] * 64
    assert len(scene.seconds._strangers) == 64
    assert (heard(scene.second()) or b"").startswith(b"Hello ann, ")
    scene.seconds.close()
    assert not scene.seconds._strangers


def test_what_is_said_on_it_later_means_nothing_and_its_end_ends_nothing(scene: Scene) -> None:
    _, ann = scene.client("ann")
    chat = scene.second()
    chat.send(b"hi")
    scene.both.run(20)
    heard(ann)
    chat.close()
    scene.both.run(20)
    ann.sendall(b"msg #main hello")
    scene.both.run(20)
    assert heard(ann) == b"Sent to #main."


def test_it_ends_with_its_client(scene: Scene) -> None:
    _, ann = scene.client("ann")
    chat = scene.second()
    heard(chat)
    ann.close()
    scene.both.run(20)
    assert heard(chat) == b""

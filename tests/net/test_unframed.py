"""Unframed connections: a frame is a segment, some go aside, and the peer closes first."""

from __future__ import annotations

import select
import socket
from collections.abc import Iterator

import pytest

from evchat.net.hooks import Hooks, OutputLimits
from evchat.net.loop import Loop
from evchat.net.unframed import UnframedConnection


def _nothing(*_: object) -> None:
    pass


def _told(connection: UnframedConnection, count: int) -> bytes:
    return connection.bare(b"!%d left out\n" % count)


class Scene:
    """A client with two connections, on a clock that only the test moves."""

    def __init__(self) -> None:
        self.now = 1000.0
        self.loop = Loop(clock=lambda: self.now)
        self.ends: list[socket.socket] = []
        self.closing: list[UnframedConnection] = []
        self.main, self.theirs = self.connect()
        self.second, self.their_second = self.connect()

    def connect(self) -> tuple[UnframedConnection, socket.socket]:
        ours, theirs = socket.socketpair()
        self.ends += [ours, theirs]
        theirs.setblocking(False)
        hooks = Hooks(_nothing, _nothing, UnframedConnection.flush, self.closing.append, _told)
        made = UnframedConnection(self.loop, ours, hooks, limits=OutputLimits(pace_backlog=3), aside=b"!")
        made.pace = 1.0
        return made, theirs

    def step(self, seconds: float = 1.0) -> None:
        self.now += seconds
        self.loop.run_once(0)

    def say(self, *pieces: bytes) -> None:
        self.main.queue += pieces
        self.main.flush()


@pytest.fixture
def scene() -> Iterator[Scene]:
    scene = Scene()
    yield scene
    scene.main.close()
    scene.second.close()
    scene.loop.close()
    for sock in scene.ends:
        sock.close()


def heard(sock: socket.socket) -> bytes | None:
    """What has come, b"" at the end; None if nothing has."""
    return sock.recv(1000) if select.select([sock], [], [], 0)[0] else None


def test_each_frame_leaves_alone_and_without_its_newline(scene: Scene) -> None:
    scene.say(b"one\ntwo\n", b"three\n")
    for frame in (b"one", b"two", b"three"):
        assert heard(scene.theirs) == frame
        assert heard(scene.theirs) is None
        scene.step()


def test_frames_for_the_second_connection_wait_for_it_and_keep_their_order(scene: Scene) -> None:
    scene.say(b"!a\n!b\nhere\n", b"!c\n", b"!d\n")
    assert heard(scene.theirs) == b"here"
    scene.main.pair(scene.second)
    scene.say(b"!e\n")
    for frame in (b"c", b"d", b"e"):
        assert heard(scene.their_second) == frame
        scene.step()
    assert heard(scene.theirs) is None and heard(scene.their_second) is None


def test_more_than_the_backlog_is_left_out_and_counted(scene: Scene) -> None:
    scene.say(b"0\n")
    scene.say(*(b"%d\n" % number for number in range(1, 9)))
    said = []
    for _ in range(6):
        said.append(heard(scene.theirs))
        scene.step()
    assert said == [b"0", b"5 left out", b"6", b"7", b"8", None]


def test_a_finished_connection_shows_no_end_until_the_peer_has_closed(scene: Scene) -> None:
    scene.say(b"goodbye\n")
    scene.main.finish("Quit.", 30)
    scene.step()
    scene.step()
    assert heard(scene.theirs) == b"goodbye" and heard(scene.theirs) is None
    scene.theirs.close()
    scene.step()
    scene.step()
    assert scene.closing == [scene.main]


def test_a_peer_that_never_closes_is_closed_at_the_deadline_with_both_connections(scene: Scene) -> None:
    scene.main.pair(scene.second)
    scene.main.finish("Quit.", 30)
    scene.step(29)
    assert scene.closing == [] and heard(scene.theirs) is None
    scene.step(1)
    scene.step(0)
    assert scene.closing == [scene.main]
    scene.main.close()
    assert heard(scene.theirs) == b"" and heard(scene.their_second) == b""

"""Connections: every byte in order under any back-pressure, pace, limits, and an end in any order."""

from __future__ import annotations

import errno
import os
import socket
import struct
import time
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.net.connection import Connection
from evchat.net.hooks import Hooks, OutputLimits
from evchat.net.loop import Loop

HANGS = 20.0
"""Seconds after which a wait counts as endless."""


class Recorder(socket.socket):
    """A socket that notes every send, and takes only as many bytes at a time as `room` says, if set."""

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock.family, sock.type, fileno=sock.detach())
        self.sends: list[bytes] = []
        self.room: Iterator[int] | None = None

    def send(self, data: Any, flags: int = 0) -> int:
        data = bytes(data)
        if self.room is not None:
            data = data[: next(self.room)]
            if not data:
                raise BlockingIOError(errno.EAGAIN, os.strerror(errno.EAGAIN))
        sent = super().send(data, flags)
        self.sends.append(data[:sent])
        return sent


class Owner:
    """The least that a connection needs: before the loop sleeps, it is flushed if dirty, or closed."""

    def __init__(self, loop: Loop, sock: socket.socket, **limits: Any) -> None:
        self.loop = loop
        self.read: list[bytes] = []
        self.ended = 0
        self.aborts = 0
        self.dirty = False
        self.left_out: Callable[[int], bytes] = lambda count: b""
        hooks = Hooks(Owner._read, Owner._ended, Owner._writable, Owner._on_closing, Owner._left_out)
        self.connection = Connection(loop, sock, hooks, self, OutputLimits(**limits))
        loop.before_sleep.append(self._before_sleep)

    def _read(self, data: bytes) -> None:
        self.read.append(data)

    def _left_out(self, count: int) -> bytes:
        return self.left_out(count)

    def _ended(self) -> None:
        self.ended += 1

    def _writable(self) -> None:
        self.dirty = True

    def _on_closing(self) -> None:
        self.aborts += 1

    def _before_sleep(self) -> None:
        if self.aborts:
            self.connection.close()
        elif self.dirty:
            self.dirty = False
            self.connection.flush()

    def say(self, *pieces: bytes) -> None:
        for piece in pieces:
            self.connection.send(piece)
        self.loop.call_soon(self._writable)

    def say_until_blocked(self) -> bytes:
        """Says more than the kernel takes at once; returns what."""
        said = b""
        while not self.connection.pending_output:
            said += (piece := os.urandom(100_000))
            self.connection.send(piece)
            self.connection.flush()
        return said

    def until(self, condition: Callable[[], object]) -> None:
        """Runs the loop until something is so."""
        hung_at = time.monotonic() + HANGS
        while not condition():
            assert time.monotonic() < hung_at
            self.loop.run_once(HANGS)

    @property
    def heard(self) -> bytes:
        return b"".join(self.read)


def drain(sock: socket.socket) -> bytes:
    """All that lies ready to be read."""
    got = bytearray()
    try:
        while data := sock.recv(1 << 20, socket.MSG_DONTWAIT):
            got += data
    except BlockingIOError:
        pass
    return bytes(got)


def tcp_pair(family: socket.AddressFamily = socket.AF_INET) -> tuple[socket.socket, socket.socket]:
    host = "::1" if family == socket.AF_INET6 else "127.0.0.1"
    with socket.create_server((host, 0), family=family) as server:
        theirs = socket.create_connection(server.getsockname()[:2])
        ours, _ = server.accept()
    theirs.settimeout(HANGS)
    return ours, theirs


def vanish(sock: socket.socket) -> None:
    """Closes with a reset instead of a farewell."""
    sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
    sock.close()


@pytest.fixture
def loop() -> Iterator[Loop]:
    loop = Loop()
    yield loop
    loop.close()


@pytest.fixture
def tcp(loop: Loop) -> Iterator[tuple[Owner, socket.socket]]:
    ours, theirs = tcp_pair()
    owner = Owner(loop, ours)
    with theirs:
        yield owner, theirs
        owner.connection.close()


class Scene:
    """A connection over a socket pair with a recorder and a clock that only the test moves."""

    def __init__(self, **limits: Any) -> None:
        self.now = 1000.0
        self.loop = Loop(clock=lambda: self.now)
        ours, self.theirs = socket.socketpair()
        self.sock = Recorder(ours)
        self.owner = Owner(self.loop, self.sock, **limits)
        self.connection = self.owner.connection
        self.say = self.owner.say

    @property
    def sends(self) -> list[bytes]:
        return self.sock.sends

    def step(self, seconds: float = 0.0) -> None:
        self.now += seconds
        self.loop.run_once(0)

    def settle(self, passes: int = 5) -> None:
        for _ in range(passes):
            self.loop.run_once(0)

    def __enter__(self) -> Scene:
        return self

    def __exit__(self, *_exception: object) -> None:
        self.connection.close()
        self.loop.close()
        self.theirs.close()


@pytest.fixture
def scene() -> Iterator[Scene]:
    with Scene() as scene:
        yield scene


# ---- reading


def test_bytes_arrive_as_they_were_sent(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    theirs.sendall(b"hello ")
    owner.until(lambda: owner.heard == b"hello ")
    theirs.sendall(b"world")
    owner.until(lambda: owner.heard == b"hello world")


def test_a_pass_reads_64_kib_at_most(scene: Scene) -> None:
    scene.theirs.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 1 << 20)
    scene.theirs.setblocking(False)
    sent = scene.theirs.send(bytes(200_000))
    scene.step()
    assert len(scene.owner.read) == 1
    assert 0 < len(scene.owner.read[0]) <= 64 * 1024
    scene.owner.until(lambda: len(scene.owner.heard) == sent)
    assert max(map(len, scene.owner.read)) <= 64 * 1024


def test_a_paused_connection_hears_nothing_until_it_is_resumed(scene: Scene) -> None:
    scene.connection.pause_reading()
    scene.connection.pause_reading()
    scene.theirs.send(b"x")
    scene.settle()
    assert scene.owner.heard == b""
    scene.connection.resume_reading()
    scene.connection.resume_reading()
    scene.step()
    assert scene.owner.heard == b"x"


def test_the_end_of_input_is_told_once_and_answers_still_arrive(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    theirs.sendall(b"alice\nhi\n")
    theirs.shutdown(socket.SHUT_WR)
    owner.until(lambda: owner.ended)
    assert owner.heard == b"alice\nhi\n"
    for _ in range(3):
        owner.loop.run_once(0)
    owner.connection.resume_reading()
    owner.connection.pause_reading()
    owner.connection.resume_reading()
    for _ in range(3):
        owner.loop.run_once(0)
    assert owner.ended == 1
    owner.say(b"answer\n")
    owner.connection.finish("Done.", HANGS)
    owner.until(lambda: owner.aborts)
    assert theirs.recv(100) == b"answer\n"
    assert theirs.recv(100) == b""


def test_a_reset_aborts_with_the_systems_words(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    vanish(theirs)
    owner.until(lambda: owner.aborts)
    assert owner.connection.reason == "Connection reset by peer."
    assert owner.ended == 0


# ---- writing


def test_nothing_leaves_before_a_flush(scene: Scene) -> None:
    scene.connection.send(b"one")
    scene.connection.queue.append(b"two")
    scene.settle()
    assert scene.sends == []
    scene.connection.flush()
    assert scene.sends == [b"onetwo"]
    assert scene.connection.pending_output == 0


def test_a_flush_of_nothing_calls_nothing(scene: Scene) -> None:
    scene.connection.send(b"")
    scene.connection.flush()
    assert scene.sends == []


@given(
    turns=st.lists(st.lists(st.binary(min_size=1, max_size=300), max_size=6), max_size=8),
    room=st.lists(st.integers(0, 400), min_size=1, max_size=40),
)
def test_bytes_keep_their_order_whatever_the_kernel_takes_at_a_time(
    turns: list[list[bytes]], room: list[int]
) -> None:
    with Scene() as scene:
        append = scene.connection.queue.append
        scene.sock.room = iter([*room, *[1 << 20] * 1000])
        said = b""
        for pieces in turns:
            for piece in pieces:
                append(piece)
            said += b"".join(pieces)
            scene.say()
            scene.step()
            assert scene.connection.pending_output == len(said) - sum(map(len, scene.sends))
        scene.owner.until(lambda: scene.connection.pending_output == 0)
        assert drain(scene.theirs) == said
        assert scene.connection.queue == []


@pytest.mark.parametrize("piece_size", [1, 100, 5_000, 300_000])
def test_a_slow_reader_gets_every_byte_through_a_tiny_buffer(piece_size: int, loop: Loop) -> None:
    ours, theirs = socket.socketpair()
    ours.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    owner = Owner(loop, ours)
    said = os.urandom(300_000)
    pieces = [said[i : i + piece_size] for i in range(0, len(said), piece_size)]
    got = bytearray()
    for piece in pieces:
        owner.say(piece)
        if len(owner.connection.queue) % 50 == 0:
            loop.run_once(0)
            got += theirs.recv(777, socket.MSG_DONTWAIT)
    loop.run_once(0)
    while len(got) < len(said):
        got += drain(theirs)
        loop.run_once(0)
    assert got == said
    assert owner.connection.pending_output == 0
    owner.connection.close()
    theirs.close()


def test_a_blocked_connection_tries_nothing_until_the_kernel_calls(scene: Scene) -> None:
    scene.sock.setsockopt(socket.SOL_SOCKET, socket.SO_SNDBUF, 4096)
    scene.say(bytes(100_000))
    scene.step()
    pending_output = scene.connection.pending_output
    tried = len(scene.sends)
    assert pending_output > 0
    scene.say(b"x", b"yz")
    scene.settle()
    assert len(scene.sends) == tried
    assert scene.connection.pending_output == pending_output + 3


def test_small_pieces_that_had_to_wait_leave_together(scene: Scene) -> None:
    scene.sock.room = iter([1, *[1 << 20] * 9])
    scene.say(b"ab")
    scene.connection.flush()
    for _ in range(10_000):
        scene.connection.queue.append(b"x" * 10)
    scene.owner.until(lambda: scene.connection.pending_output == 0 and not scene.connection.queue)
    assert [len(sent) for sent in scene.sends[:2]] == [1, 1]
    assert sum(map(len, scene.sends[2:])) == 100_000
    assert len(scene.sends[2:]) == 2


def test_a_socket_that_was_blocked_is_not_watched_for_writability_any_longer(scene: Scene) -> None:
    scene.sock.room = iter([1, *[1 << 20] * 9])
    scene.say(b"abc")
    scene.owner.until(lambda: scene.connection.pending_output == 0 and len(scene.sends) == 2)
    marks: list[int] = []
    scene.owner._writable = lambda: marks.append(1)  # type: ignore[method-assign]
    scene.settle()
    assert marks == []


def test_sending_to_a_peer_that_is_gone_aborts(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    owner.connection.pause_reading()
    vanish(theirs)
    while not owner.connection.closing:
        owner.say(b"x")
        owner.connection.flush()
    assert owner.connection.reason in ("Broken pipe.", "Connection reset by peer.")
    assert owner.connection.pending_output == 0
    owner.until(lambda: owner.aborts == 1)


# ---- pace


def test_paced_frames_leave_one_by_one_the_first_at_once(scene: Scene) -> None:
    scene.connection.pace = 0.02
    scene.say(b"a\nb\n", b"c\n")
    scene.step()
    assert scene.sends == [b"a\n"]
    assert scene.connection.pending_output == 4
    scene.step(0.019)
    assert scene.sends == [b"a\n"]
    scene.step(0.001)
    assert scene.sends == [b"a\n", b"b\n"]
    scene.step(5)
    assert scene.sends == [b"a\n", b"b\n", b"c\n"]
    scene.say(b"d\n")
    scene.step(0.02)
    assert scene.sends[3:] == [b"d\n"]
    assert scene.connection.pending_output == 0


def test_a_paced_piece_keeps_what_follows_its_last_newline(scene: Scene) -> None:
    scene.connection.pace = 0.0
    scene.say(b"a\n\nbc", b"d")
    scene.step()
    assert scene.sends == [b"a\n", b"\n", b"bc", b"d"]


def test_a_frame_that_needs_no_cut_stays_shared_with_other_receivers(scene: Scene) -> None:
    scene.connection.pace = 1.0
    frame = b"the same for everybody\n"
    scene.say(b"first\n", frame)
    scene.step()
    assert scene.connection.queue[0] is frame


def told(count: int) -> bytes:
    return b"%d left out\n" % count


def test_of_a_backlog_of_paced_frames_the_oldest_are_dropped_and_their_number_is_told() -> None:
    with Scene(pace_backlog=3) as scene:
        scene.connection.pace = 1.0
        scene.owner.left_out = told
        scene.say(b"a\nb\nc\n")
        scene.step()
        scene.say(b"d\n")
        scene.step()
        assert scene.sends == [b"a\n"] and scene.connection.pending_output == 6
        scene.say(b"e\n")
        scene.step()
        scene.say(b"f\n", b"g\n")
        scene.step()
        assert scene.sends == [b"a\n"] and scene.connection.pending_output == 6
        for _ in range(5):
            scene.step(1)
        assert scene.sends == [b"a\n", b"3 left out\n", b"e\n", b"f\n", b"g\n"]
        assert scene.connection.pending_output == 0


def test_a_frame_of_which_the_kernel_has_a_part_is_not_dropped() -> None:
    with Scene(pace_backlog=2) as scene:
        scene.sock.room = iter([1, 0, *[1 << 20] * 20])
        scene.connection.pace = 1.0
        scene.owner.left_out = told
        scene.say(b"abc\n")
        scene.step()
        scene.say(b"d\n", b"e\n", b"f\n")
        scene.step()
        for _ in range(6):
            scene.step(1)
        assert b"".join(scene.sends) == b"abc\n2 left out\nf\n"


def test_where_nobody_words_it_frames_are_dropped_in_silence() -> None:
    with Scene(pace_backlog=1) as scene:
        scene.connection.pace = 1.0
        scene.say(b"a\n", b"b\n", b"c\n")
        for _ in range(3):
            scene.step(1)
        assert scene.sends == [b"c\n"]


def test_without_pace_waiting_frames_leave_in_the_next_pass(scene: Scene) -> None:
    scene.connection.pace = 1.0
    scene.say(b"a\nb\nc\n")
    scene.step()
    scene.connection.pace = None
    scene.step()
    scene.step()
    assert scene.sends == [b"a\n", b"b\nc\n"]


def test_pace_begins_within_what_waits_even_in_the_middle_of_a_frame(scene: Scene) -> None:
    scene.sock.room = iter([3, *[1 << 20] * 9])
    scene.say(b"a\nbcd\ne\n")
    scene.step()
    scene.connection.pace = 1.0
    scene.step()
    scene.step(1)
    assert scene.sends == [b"a\nb", b"cd\n", b"e\n"]


def test_a_connection_that_waits_for_its_pace_wakes_nobody(scene: Scene) -> None:
    scene.connection.pace = 1.0
    scene.say(b"a\nb\n")
    scene.step()
    marks: list[int] = []
    scene.owner._writable = lambda: marks.append(1)  # type: ignore[method-assign]
    scene.settle()
    assert marks == []


class Pace:
    """A model that judges each send of a connection by the pace that was set, on the same clock."""

    def __init__(self, scene: Scene) -> None:
        self.scene = scene
        self.seen = 0
        self.last_frame_at = float("-inf")
        self.between_frames = True

    def judge(self, pace: float | None) -> None:
        """Looks at the sends since the last call."""
        for data in self.scene.sends[self.seen :]:
            if pace is not None:
                assert data.count(b"\n") <= 1 and (b"\n" not in data or data.endswith(b"\n"))
                if self.between_frames:
                    assert self.scene.now - self.last_frame_at >= pace
            self.between_frames = data.endswith(b"\n")
            if data.endswith(b"\n") and pace is not None:
                self.last_frame_at = self.scene.now
        self.seen = len(self.scene.sends)


@given(
    steps=st.lists(
        st.one_of(
            st.lists(st.sampled_from([b"a\n", b"bb\nccc\n", b"d" * 50 + b"\n", b"e\nf\ng\n"]), max_size=4),
            st.sampled_from([0.0, 1.0, 2.5]),
            st.sampled_from([("pace", None), ("pace", 1.0), ("pace", 2.0)]),
        ),
        max_size=25,
    ),
    room=st.lists(st.integers(0, 60), max_size=20),
)
def test_pace_holds_and_loses_nothing_however_it_is_switched(steps: list[Any], room: list[int]) -> None:
    with Scene(pace_backlog=1000) as scene:
        scene.sock.room = iter([*room, *[1 << 20] * 1000])
        judge = Pace(scene)
        connection = scene.connection
        pace: float | None = None
        said = b""
        for step in steps:
            passed = 0.0
            if isinstance(step, tuple):
                connection.pace = pace = step[1]
            elif isinstance(step, list):
                scene.say(*step)
                said += b"".join(step)
            else:
                passed = step
            scene.step(passed)
            judge.judge(pace)
            assert len(drained(scene)) + connection.pending_output + uncounted(scene) == len(said)
        connection.pace = None
        scene.settle(60)
        assert b"".join(scene.sends) == said == drain(scene.theirs)


@given(
    st.lists(st.tuples(st.integers(0, 6), st.sampled_from([0.0, 1.0])), max_size=30),
    st.lists(st.integers(0, 3)),
)
def test_every_paced_frame_arrives_whole_and_in_order_or_is_counted(
    steps: list[tuple[int, float]], room: list[int]
) -> None:
    with Scene(pace_backlog=4) as scene:
        scene.sock.room = iter([*room, *[1 << 20] * 1000])
        scene.owner.left_out = told
        scene.connection.pace = 1.0
        said = 0
        for count, passed in steps:
            scene.say(*(b"no. %d\n" % number for number in range(said, said + count)))
            said += count
            scene.step(passed)
        for _ in range(100):
            scene.step(1)
        assert scene.connection.pending_output == 0
        due = 0
        for line in b"".join(scene.sends).splitlines():
            if line.endswith(b"left out"):
                due += int(line.split()[0])
            else:
                assert line == b"no. %d" % due
                due += 1
        assert due == said


def drained(scene: Scene) -> bytes:
    return b"".join(scene.sends)


def uncounted(scene: Scene) -> int:
    """Bytes queued since the last flush."""
    return sum(map(len, scene.connection.queue)) - scene.connection._taken - scene.connection.pending_output


# ---- limits


def blocked(scene: Scene, pending_output: int) -> None:
    """Lets the kernel take nothing until exactly so much output is pending."""
    scene.sock.room = iter(lambda: 0, 1)
    scene.connection.pause_reading()
    scene.connection.send(bytes(pending_output - scene.connection.pending_output))
    scene.connection.flush()
    assert scene.connection.pending_output == pending_output


def test_who_owes_more_than_the_hard_limit_is_overdue_at_once() -> None:
    with Scene(soft=100, hard=1000) as scene:
        blocked(scene, 1000)
        assert scene.connection.overdue(scene.now) is None
        blocked(scene, 1001)
        reason = "Too slow: 1001 bytes waited, more than the limit of 1000."
        assert scene.connection.overdue(scene.now) == reason


def test_who_owes_more_than_the_soft_limit_is_overdue_after_its_time() -> None:
    with Scene(soft=100, soft_seconds=30.0, hard=1000) as scene:
        blocked(scene, 100)
        scene.now += 100
        assert scene.connection.overdue(scene.now) is None
        blocked(scene, 101)
        scene.now += 29.5
        blocked(scene, 102)
        assert scene.connection.overdue(scene.now) is None
        scene.now += 0.5
        assert scene.connection.overdue(scene.now) == "Too slow: more than 100 bytes waited for 30 seconds."


def test_falling_to_the_soft_limit_begins_its_time_anew() -> None:
    with Scene(soft=100, soft_seconds=30.0, hard=1000) as scene:
        blocked(scene, 150)
        scene.now += 29
        scene.sock.room = iter([50, 0])
        scene.owner.until(lambda: scene.connection.pending_output == 100)
        scene.now += 1
        blocked(scene, 150)
        scene.now += 29
        assert scene.connection.overdue(scene.now) is None
        scene.now += 1
        assert scene.connection.overdue(scene.now) is not None


def test_who_owes_nothing_any_more_is_not_overdue() -> None:
    with Scene(soft=100, soft_seconds=30.0, hard=1000) as scene:
        blocked(scene, 150)
        scene.sock.room = None
        scene.owner.until(lambda: scene.connection.pending_output == 0)
        assert scene.connection.overdue(scene.now + 100) is None


def test_who_owes_more_than_pause_above_owes_too_much_to_be_read_from() -> None:
    with Scene(pause_above=50) as scene:
        blocked(scene, 50)
        assert not scene.connection.should_pause_reading
        blocked(scene, 51)
        assert scene.connection.should_pause_reading


# ---- the end


def test_abort_drops_pending_output_and_close_closes(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    owner.say(b"never sent")
    owner.connection.abort("Out.")
    owner.connection.abort("Again.")
    owner.until(lambda: owner.aborts)
    assert owner.connection.reason == "Out."
    assert theirs.recv(100) == b""
    owner.connection.close()
    assert owner.aborts == 1


def test_an_abort_before_the_sleep_is_told_without_sleeping(loop: Loop) -> None:
    ours, theirs = socket.socketpair()
    owner = Owner(loop, ours)
    loop.run_once(0)
    owner.connection.abort("Out.")
    loop.run_once()  # sleeps for ever if nothing wakes it
    assert owner.aborts == 1
    theirs.close()


def test_an_aborted_connection_reads_and_sends_nothing(scene: Scene) -> None:
    scene.connection.abort("Out.")
    scene.theirs.send(b"x")
    scene.say(b"y")
    scene.connection.flush()
    scene.settle()
    assert scene.owner.heard == b""
    assert scene.owner.ended == 0
    assert scene.sends == []
    assert scene.connection.queue == []


def test_the_end_of_input_of_an_aborted_connection_is_not_told(scene: Scene) -> None:
    scene.connection.abort("Out.")
    scene.theirs.close()
    scene.settle()
    assert scene.owner.ended == 0


def test_nothing_is_called_after_the_close(scene: Scene) -> None:
    scene.connection.finish("Done.", 1)
    scene.connection.abort("Out.")
    scene.connection.close()
    scene.settle()
    assert scene.owner.aborts == 0
    assert not scene.owner.dirty


def test_a_close_leaves_nothing_in_the_loop(scene: Scene) -> None:
    scene.connection.pace = 1.0
    scene.say(b"a\nb\n")
    scene.step()
    scene.connection.finish("Done.", 5)
    scene.connection.close()
    scene.settle()
    assert [entry for entry in scene.loop._timers if entry[2].callback is not None] == []
    assert len(scene.loop._watched) == 1  # the loop's own


def test_callbacks_do_not_come_out_of_the_methods_that_cause_them(scene: Scene) -> None:
    scene.connection.finish("Done.", 1)
    scene.connection.flush()
    scene.connection.abort("Out.")
    assert scene.owner.aborts == 0
    assert not scene.owner.dirty
    scene.step()
    assert scene.owner.aborts == 1


def test_finish_sends_what_is_owed_and_then_closes(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    said = os.urandom(3_000_000)
    owner.connection.send(said)
    owner.connection.finish("Done.", HANGS)
    got = bytearray()
    while len(got) < len(said):
        owner.loop.run_once(0)
        got += drain(theirs)
    assert got == said
    assert theirs.recv(1) == b""
    assert not owner.aborts
    theirs.close()
    owner.until(lambda: owner.aborts)
    assert owner.connection.reason == "Done."


def test_last_words_survive_input_that_nobody_reads(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    owner.connection.pause_reading()
    theirs.sendall(bytes(100_000))
    owner.say(b"last words")
    owner.connection.finish("Done.", HANGS)
    for _ in range(10):
        owner.loop.run_once(0)
        theirs.sendall(bytes(10_000))
    assert theirs.recv(100) == b"last words"
    assert theirs.recv(100) == b""
    theirs.close()
    owner.until(lambda: owner.aborts)
    assert owner.heard == b""


def test_last_words_survive_a_close_right_after_them(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    said = owner.say_until_blocked()
    got = bytearray()
    while (
        owner.connection.pending_output
    ):  # the rest is with the kernel, more than the peer's end has room for
        got += theirs.recv(1000)
        owner.loop.run_once(0)
    owner.connection.finish("Done.", HANGS)
    owner.loop.run_once(0)
    theirs.sendall(b"what nobody will read")
    owner.connection.close()
    while data := theirs.recv(1 << 20):
        got += data
    assert got == said


def test_words_after_the_last_ones_are_dropped(scene: Scene) -> None:
    scene.connection.finish("Done.", 5)
    scene.settle()
    scene.say(b"too late")
    scene.settle()
    assert not scene.connection.closing
    assert scene.connection.queue == []
    assert scene.connection.pending_output == 0


def test_only_the_first_finish_counts(scene: Scene) -> None:
    scene.connection.finish("First.", 2)
    scene.connection.finish("Second.", 9)
    scene.settle()
    scene.step(2)
    assert scene.owner.aborts == 1
    assert scene.connection.reason == "First."


def test_finish_flushes_even_if_the_owner_does_nothing_more(scene: Scene) -> None:
    scene.connection.send(b"last words")
    scene.connection.finish("Done.", 1)
    scene.settle()
    assert drain(scene.theirs) == b"last words"


def test_finish_takes_no_longer_than_the_linger_time(scene: Scene) -> None:
    blocked(scene, 100)
    scene.connection.finish("Done.", 2)
    scene.settle()
    scene.step(1.9)
    assert scene.owner.aborts == 0
    scene.step(0.1)
    assert scene.owner.aborts == 1
    assert scene.connection.reason == "Done."
    assert scene.sock.fileno() == -1


def test_a_peer_that_never_closes_is_closed_after_the_linger_time(scene: Scene) -> None:
    scene.connection.finish("Done.", 2)
    scene.settle()
    assert scene.owner.aborts == 0
    scene.step(2)
    assert scene.owner.aborts == 1


def test_a_finished_peer_that_floods_is_closed_before_its_time(scene: Scene) -> None:
    scene.connection.finish("Done.", 2)
    scene.theirs.setblocking(False)
    flood = 0
    while not scene.owner.aborts:
        try:
            flood += scene.theirs.send(bytes(50_000))
        except BlockingIOError:
            scene.step()
    assert 1 << 20 < flood < 4 << 20


def test_a_finished_paced_connection_keeps_its_pace(scene: Scene) -> None:
    scene.connection.pace = 1.0
    scene.say(b"a\nb\n")
    scene.connection.finish("Done.", 10)
    scene.settle()
    assert scene.sends == [b"a\n"]
    scene.step(1)
    assert scene.sends == [b"a\n", b"b\n"]
    scene.theirs.close()
    scene.settle()
    assert scene.owner.aborts == 1


def test_a_peer_that_vanishes_ends_the_linger_time(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    owner.connection.finish("Done.", HANGS * 2)
    owner.loop.run_once(0)
    vanish(theirs)
    owner.until(lambda: owner.aborts)
    assert owner.connection.reason == "Done."


METHODS: list[Callable[[Connection], object]] = [
    lambda c: c.abort("Doomed."),
    lambda c: c.finish("Finished.", 1.0),
    lambda c: c.close(),
    lambda c: c.flush(),
    lambda c: c.send(b"a\nb\n"),
    lambda c: c.queue.append(b"c\n"),
    lambda c: c.pause_reading(),
    lambda c: c.resume_reading(),
    lambda c: setattr(c, "pace", 0.5),
    lambda c: setattr(c, "pace", None),
    lambda c: c.overdue(0.0),
    lambda c: c.keepalive(60, 15, 4, 120.0),
]


@given(
    acts=st.lists(
        st.one_of(
            st.integers(0, len(METHODS) - 1),
            st.sampled_from(["pass", "time", "peer talks", "peer ends", "peer closes"]),
        ),
        max_size=30,
    ),
    room=st.lists(st.integers(0, 5), max_size=10),
)
def test_any_order_of_calls_and_events_ends_in_one_clean_close(acts: list[Any], room: list[int]) -> None:
    with Scene() as scene:
        scene.sock.room = iter([*room, *[1 << 20] * 1000])
        closed_by_hand = False
        for act in acts:
            if isinstance(act, int):
                METHODS[act](scene.connection)
                closed_by_hand |= act == 2
            elif act == "pass":
                scene.step()
            elif act == "time":
                scene.step(0.6)
            elif act == "peer closes":
                scene.theirs.close()
            elif scene.theirs.fileno() != -1:
                try:
                    if act == "peer talks":
                        scene.theirs.send(b"x", socket.MSG_DONTWAIT)
                    else:
                        scene.theirs.shutdown(socket.SHUT_WR)
                except OSError:
                    pass
        scene.connection.finish("Over.", 1.0)
        scene.settle()
        scene.step(1.0)
        scene.settle()
        assert scene.owner.aborts == 1 or (closed_by_hand and scene.owner.aborts == 0)
        assert scene.sock.fileno() == -1
        assert scene.connection.pending_output == 0
        assert scene.connection.reason
        assert len(scene.loop._watched) == 1  # the loop's own


# ---- names and options


def test_a_connection_knows_its_peers_address(tcp: tuple[Owner, socket.socket]) -> None:
    owner, theirs = tcp
    assert owner.connection.address == "127.0.0.1"
    assert owner.connection.name == f"127.0.0.1:{theirs.getsockname()[1]}"
    assert owner.connection.name in repr(owner.connection)


def test_an_ipv6_name_has_brackets(loop: Loop) -> None:
    try:
        ours, theirs = tcp_pair(socket.AF_INET6)
    except OSError:
        pytest.skip("this machine has no IPv6")
    owner = Owner(loop, ours)
    assert owner.connection.address == "::1"
    assert owner.connection.name == f"[::1]:{theirs.getsockname()[1]}"
    owner.connection.close()
    theirs.close()


def test_a_unix_peer_is_called_unix(scene: Scene) -> None:
    assert (scene.connection.address, scene.connection.name) == ("unix", "unix")
    scene.connection.keepalive(60, 15, 4, 120.0)


def test_a_peer_that_is_gone_before_we_ask_is_unknown_and_soon_closing(loop: Loop) -> None:
    ours, theirs = tcp_pair()
    vanish(theirs)
    owner = Owner(loop, ours)
    assert owner.connection.address == "unknown"
    owner.connection.keepalive(60, 15, 4, 120.0)
    owner.until(lambda: owner.aborts)


@pytest.mark.skipif(not hasattr(socket, "TCP_USER_TIMEOUT"), reason="needs Linux's options")
def test_keepalive_reaches_the_kernel(loop: Loop) -> None:
    ours, theirs = tcp_pair()
    owner = Owner(loop, ours)
    owner.connection.keepalive(61, 15, 4, 120.5)
    assert ours.getsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY)
    assert ours.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE)
    names = ("TCP_KEEPIDLE", "TCP_KEEPINTVL", "TCP_KEEPCNT", "TCP_USER_TIMEOUT")
    values = [ours.getsockopt(socket.IPPROTO_TCP, getattr(socket, name)) for name in names]
    assert values == [61, 15, 4, 120_500]
    owner.connection.close()
    theirs.close()

"""The output of a connection: every byte in order under any back-pressure, pace, and limits."""

from __future__ import annotations

import os
import socket
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.net.loop import Loop
from tests.net.connections import Owner, Scene, blocked, drain, vanish

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

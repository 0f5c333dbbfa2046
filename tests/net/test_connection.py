"""Connections: every byte in order under any back-pressure, pace, limits, and an end in any order."""

from __future__ import annotations

import os
import socket
import sys
from collections.abc import Callable
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.net.connection import Connection
from evchat.net.loop import Loop
from tests.net.connections import HANGS, Owner, Scene, blocked, drain, tcp_pair, vanish

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


@pytest.mark.parametrize("reset", [False, True])
def test_a_peer_that_does_not_close_may_be_reset_once_it_has_got_everything(
    tcp: tuple[Owner, socket.socket], reset: bool
) -> None:
    owner, theirs = tcp
    owner.connection.send(b"Goodbye.")
    owner.connection.finish("Done.", 0.05, reset=reset)
    owner.until(lambda: owner.aborts)
    owner.connection.close()
    theirs.settimeout(HANGS)
    assert theirs.recv(100) == b"Goodbye.", "a reset destroys nothing that has arrived"
    if reset and sys.platform == "linux":
        with pytest.raises(OSError, match="[Pp]ipe|reset"):
            theirs.send(b"x")
    else:
        assert theirs.recv(1) == b"" and theirs.send(b"x") == 1


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


def test_a_peer_that_is_gone_before_we_ask_is_unknown_and_soon_closing(loop: Loop) -> None:
    ours, theirs = tcp_pair()
    vanish(theirs)
    owner = Owner(loop, ours)
    assert owner.connection.address == "unknown"
    owner.until(lambda: owner.aborts)

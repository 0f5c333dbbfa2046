"""A server on a slow disk: what hangs on a commit waits for it, everything else goes on, and order is kept."""

from __future__ import annotations

import socket
import time
from collections.abc import Iterator
from pathlib import Path

import pytest

from evchat.settings.model import Config, Limits
from tests.server.halves import HANGS, HELLO, Halves, halves
from tests.server.notes import Notes
from tests.server.slow_store import SlowStore

PING = b'{"request": "ping", "id": "pong"}\n'


@pytest.fixture
def disk(tmp_path: Path) -> SlowStore:
    return SlowStore(tmp_path)


@pytest.fixture
def slow(disk: SlowStore) -> Iterator[Halves]:
    with halves(disk, commit_backlog=4) as both:
        both.is_patient = False
        yield both
        disk.release()


def gather(slow: Halves, *names: str) -> list[socket.socket]:
    """Such clients, who have heard of each other."""
    socks = [enter(slow, name) for name in names]
    for sock in socks:
        slow.heard(sock)
    return socks


def go_on(slow: Halves, sock: socket.socket, *wanted: str) -> str:
    """Passes until the client has heard all that is wanted; returns what it has heard."""
    heard = ""
    deadline = time.monotonic() + HANGS
    while not all(text in heard for text in wanted):
        assert time.monotonic() < deadline, heard
        slow.loop.run_once(0.01)
        heard += slow.heard(sock).decode()
    return heard


def enter(slow: Halves, name: str) -> socket.socket:
    """A full client who has logged in and heard all about it."""
    _, sock = slow.connect("json")
    sock.sendall(HELLO + b'{"request": "login", "content": "%b", "id": "in"}\n' % name.encode() + PING)
    go_on(slow, sock, "pong")
    return sock


def say(sock: socket.socket, *texts: str) -> None:
    """A message for each text, whose id is the same."""
    for text in texts:
        sock.sendall(
            b'{"request": "msg", "content": "%b", "to": "#main", "id": "%b"}\n' % (2 * (text.encode(),))
        )


def ping(slow: Halves, sock: socket.socket) -> str:
    """What the client has heard when its ping is answered."""
    sock.sendall(PING)
    return go_on(slow, sock, "pong")


# ---- what waits, and what does not


def test_nothing_that_hangs_on_a_commit_is_told_before_its_end(slow: Halves, disk: SlowStore) -> None:
    alice, bob = gather(slow, "alice", "bob")
    disk.hold()
    say(alice, "one")
    slow.run()
    bob.sendall(b'{"request": "away", "content": "for lunch"}\n')  # kept nowhere, but decided behind what is
    slow.run()
    assert slow.heard(alice) == slow.heard(bob) == b""
    disk.release()
    assert "one" in go_on(slow, alice, '"ok"', "one", "for lunch") and "one" in go_on(
        slow, bob, "one", '"ok"'
    )


def test_who_has_asked_for_nothing_that_is_kept_is_answered_at_once(slow: Halves, disk: SlowStore) -> None:
    alice, bob = gather(slow, "alice", "bob")
    disk.hold()
    say(alice, "one")
    slow.run()
    assert "one" not in ping(slow, bob)
    bob.sendall(b'{"request": 5}\n')
    go_on(slow, bob, '"error"')


def test_a_clients_own_answers_keep_their_order(slow: Halves, disk: SlowStore) -> None:
    alice, bob = gather(slow, "alice", "bob")
    disk.hold()
    say(alice, "one")
    alice.sendall(PING)
    slow.run()
    ping(slow, bob)
    assert slow.heard(alice) == b""
    disk.release()
    heard = go_on(slow, alice, "pong")
    assert 0 < heard.index("one") < heard.index("pong")


def test_what_is_decided_meanwhile_is_the_next_commit(slow: Halves, disk: SlowStore) -> None:
    alice, bob = gather(slow, "alice", "bob")
    disk.hold()
    before = disk.syncs
    say(alice, "one")
    slow.run()
    for number in range(3):
        say(bob, f"b{number}")
        slow.run()
    assert len(slow.back._commits.open.decisions) == 3
    disk.release()
    heard = go_on(slow, alice, "b0", "b1", "b2")
    assert heard.index("one") < heard.index("b0") < heard.index("b1") < heard.index("b2")
    assert disk.syncs == before + 2


# ---- what the store is asked meanwhile


def test_what_asks_for_what_is_being_committed_is_put_off_and_then_answered_in_its_turn(
    slow: Halves, disk: SlowStore
) -> None:
    alice, bob = gather(slow, "alice", "bob")
    disk.hold()
    say(alice, "one")
    slow.run()
    say(alice, "one", "two")
    slow.run()
    assert len(slow.back._commits._sealed.decisions) == 1  # type: ignore[union-attr]
    ping(slow, bob)
    disk.release()
    heard = go_on(slow, alice, "one", "two")
    assert '"duplicate":true' in heard
    assert go_on(slow, bob, "one", "two").count('"content":"one"') == 1


def test_a_login_and_a_password_meanwhile_wait_and_then_go_on(slow: Halves, disk: SlowStore) -> None:
    alice, bob, dora = gather(slow, "alice", "bob", "dora")
    bob.sendall(b'{"request": "register", "password": "secret word", "id": "reg"}\n')
    deadline = time.monotonic() + HANGS
    while not slow.back._hashing:
        slow.loop.run_once(0.01)
        assert time.monotonic() < deadline
    disk.hold()
    say(alice, "one")
    while not slow.back._hashed_early and slow.back._hashing:
        slow.loop.run_once(0.01)
        assert time.monotonic() < deadline
    _, carol = slow.connect("json")
    carol.sendall(HELLO + b'{"request": "login", "content": "carol", "id": "in"}\n')
    slow.run()
    assert "one" not in ping(slow, dora)
    disk.release()
    go_on(slow, bob, '"reg"', "one")
    go_on(slow, carol, '"in"')


def test_history_shows_nothing_that_is_not_durable(slow: Halves, disk: SlowStore) -> None:
    alice, bob = gather(slow, "alice", "bob")
    disk.hold()
    say(alice, "one")
    slow.run()
    bob.sendall(b'{"request": "history", "to": "#main", "id": "h"}\n' + PING)
    slow.run()
    say(alice, "two")
    slow.run()
    assert slow.heard(bob) == b""
    disk.release()
    heard = go_on(slow, bob, "pong", "two")
    assert heard.index('"one"') < heard.index('"h"') < heard.index("pong")
    assert heard.count('"content":"two"') == 1, "what is behind the question arrives live"


def test_an_answer_of_unknown_size_is_taken_before_more_is_asked(slow: Halves, disk: SlowStore) -> None:
    alice, bob = gather(slow, "alice", "bob")
    disk.hold()
    say(alice, "one")
    slow.run()
    bob.sendall(b'{"request": "history", "to": "#main", "id": "h"}\n' * 3)
    slow.run()
    client = next(client for client in slow.front.clients.values() if slow.back.name(client.sid) == "bob")
    assert len(client.backlog) == 2 and client.connection.paused
    disk.release()
    deadline = time.monotonic() + HANGS
    while client.backlog or client.connection.paused:
        slow.loop.run_once(0.01)
        assert time.monotonic() < deadline


# ---- a disk that can't keep up


def test_when_too_much_waits_nothing_more_is_read_but_pings_are_answered(
    slow: Halves, disk: SlowStore
) -> None:
    alice, bob, carol = gather(slow, "alice", "bob", "carol")
    disk.hold()
    say(alice, "first")
    slow.run()
    for number in range(9):
        say(bob, f"b{number}")
        slow.run(2)
    assert len(slow.back._commits.open.decisions) == slow.limits.commit_backlog
    client = next(client for client in slow.front.clients.values() if slow.back.name(client.sid) == "bob")
    assert client.backlog and client.connection.paused
    assert "b0" not in ping(slow, carol)
    disk.release()
    heard = go_on(slow, carol, "b8")
    assert [heard.index(f'"b{number}"') for number in range(9)] == sorted(
        heard.index(f'"b{number}"') for number in range(9)
    )


def test_a_commit_that_fails_takes_what_was_decided_meanwhile_with_it(
    slow: Halves, disk: SlowStore, notes: Notes
) -> None:
    alice, bob, carol = gather(slow, "alice", "bob", "carol")
    disk.hold()
    disk.broken = True
    say(alice, "one")
    slow.run()
    say(bob, "two")
    slow.run()
    disk.release()
    assert '"storage"' in go_on(slow, alice, '"one"')
    assert '"storage"' in go_on(slow, bob, '"two"')
    assert slow.back.failing
    disk.broken = False
    say(bob, "three")
    heard = go_on(slow, carol, "three")
    assert '"seq":1,' in heard and "one" not in heard and "two" not in heard
    assert not slow.back.failing


# ---- upkeep and the end


def test_upkeep_has_its_turn_between_two_commits(slow: Halves, disk: SlowStore) -> None:
    alice, bob = gather(slow, "alice", "bob")
    before = disk.tidied
    disk.hold()
    say(alice, "one")
    slow.run()
    slow.run(seconds=1.0)  # so that upkeep is due
    say(bob, "two")
    slow.run()
    assert disk.tidied == before
    disk.release()
    go_on(slow, alice, "one", "two")
    assert disk.tidied > before


def test_who_only_reads_does_not_wait_for_upkeep(slow: Halves, disk: SlowStore) -> None:
    alice, bob = gather(slow, "alice", "bob")
    slow.run(20, seconds=1.0)
    disk.hold()
    slow.back._upkeep_due = True
    slow.back.upkeep()
    alice.sendall(b'{"request": "history", "to": "#main", "id": "h"}\n')
    go_on(slow, alice, '"h"')
    say(bob, "one")
    slow.run()
    assert slow.heard(alice) == b""
    disk.release()
    go_on(slow, alice, "one")


def test_a_server_that_stops_waits_for_its_commits_and_keeps_and_tells_everything(
    slow: Halves, disk: SlowStore
) -> None:
    alice, bob = gather(slow, "alice", "bob")
    disk.hold()
    say(alice, "one")
    slow.run()
    say(bob, "two")
    slow.run()
    disk.release()
    slow.back.stop("Good night.")
    slow.run(1)
    heard = slow.heard(alice).decode()
    assert heard.index('"one"') < heard.index('"two"') < heard.index("Good night.")


def test_how_much_may_wait_can_change_while_the_server_runs(slow: Halves, disk: SlowStore) -> None:
    alice, bob = gather(slow, "alice", "bob")
    slow.back.set_config(Config(limits=Limits(commit_backlog=1)))
    disk.hold()
    for number, who in enumerate((alice, bob, alice, bob)):
        say(who, f"text {number}")
        slow.run(2)
    assert len(slow.back._commits.open.decisions) == 1
    disk.release()
    go_on(slow, bob, "text 3")

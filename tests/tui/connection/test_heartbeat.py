"""A connection lives as long as something comes on it."""

from __future__ import annotations

from evchat.settings.client import ANSWER_TIMEOUT, AWAKE_TIMEOUT, PING_EVERY, PING_TIMEOUT
from tests.tui.connection.sessions import SoloClient, in_line
from tests.tui.world import World


def test_nothing_is_due_but_one_ping_a_minute(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    assert alice.session.deadline == world.now + PING_EVERY
    world.pass_time(PING_EVERY - 1)
    assert alice.session.out == []
    world.pass_time(1)
    assert len(alice.session.out) == 1
    world.settle()
    assert alice.session.deadline == world.now + PING_EVERY


def test_the_latency_is_measured_by_pings(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.pass_time(PING_EVERY)
    world.up(alice)
    world.commit()
    world.pass_time(42)
    world.down(alice)
    assert alice.session.latency_ms == 42
    world.break_(alice)
    assert alice.session.latency_ms is None


def test_a_connection_on_which_nothing_comes_any_more_is_broken(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.pass_time(PING_EVERY)
    assert alice.session.deadline == world.now + PING_TIMEOUT
    world.pass_time(PING_TIMEOUT - 1)
    assert not alice.session.broken
    world.pass_time(1)
    assert "not answered" in alice.session.broken


def test_a_computer_that_has_slept_does_not_wait_long_for_a_dead_connection(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.pass_time(3_600_000)
    assert alice.session.deadline == world.now + AWAKE_TIMEOUT
    world.settle()
    world.pass_time(PING_EVERY)
    assert alice.session.deadline == world.now + PING_TIMEOUT


def test_a_connection_on_which_anything_comes_is_not_broken() -> None:
    client = SoloClient()
    client.log_in()
    client.pass_time(PING_EVERY)
    client.pass_time(PING_TIMEOUT - 1)
    client.hear({"response": "info", "content": "busy"})
    client.pass_time(PING_TIMEOUT - 1)
    assert not client.session.broken


def test_a_server_that_trickles_and_never_answers_is_left(world: World) -> None:
    alice = world.client("alice")
    alice.session.connected(world.now)
    end = world.now + ANSWER_TIMEOUT
    while not alice.session.broken:
        world.book.now += PING_TIMEOUT // 2
        alice.note(alice.session.receive(b" ", world.now))
        assert world.now <= end
    assert alice.session.deadline is None

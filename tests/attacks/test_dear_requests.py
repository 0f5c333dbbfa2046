"""Sixteen guests ask the dearest of every command at once, and a canary is answered in the next pass but one at most.

The world is a small one, and what a pass costs is counted in calls of functions, which no busy machine changes.
`scripts/attack.py` asks the same in a large one, and measures time.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from pathlib import Path
from types import FrameType

import pytest
from hostile.data import Size, fill, people
from hostile.questions import IRC, JSON, irc_lines, lines

from evchat.dialects.irc.commands import COMMANDS as IRC_COMMANDS
from evchat.protocol.commands import COMMANDS
from evchat.server.client import Client
from evchat.storage.sqlite.store import SqliteStore
from tests.server.halves import Halves, halves

SIZE = Size(channels=100, users=400, messages=6_000, guests=16, pairs=30, inbox=30)
MOST_CALLS = 40_000
"""Calls of functions in one pass: what a list of 400 users costs, and some hundreds of requests of the usual kind."""
ASKED = 20
"""Requests of each guest: all that the burst allows."""
PASSES = 6

JSON_LABELS, IRC_LABELS = list(lines(0)), list(irc_lines(0))


class World:
    """A server with many users, the canary, and the guests of one question."""

    def __init__(self, both: Halves) -> None:
        self.both = both
        people(both.back, SIZE)
        _, self.canary = both.login("canary", "json")

    def guests(self, dialect: str) -> list[tuple[Client, socket.socket]]:
        """Sixteen who have just come, and are in as many channels as they may be."""
        name = "guest" if dialect == "json" else "irc"
        guests = [self.both.login(f"{name}{number}", dialect) for number in range(SIZE.guests)]
        for number, (_, sock) in enumerate(guests):
            places = [f"#own{number}", *(f"#c{place}" for place in range(98))]
            asked = ",".join(f'"{place}"' for place in places)
            sock.sendall(b'{"request":"join","content":[%b]}\n' % asked.encode() if dialect == "json" else b"")
            self.settle(sock)
        for client, sock in guests:
            self.settle(sock)
            client.throttle._tokens = float(client.throttle._burst)
        return guests

    def settle(self, *socks: socket.socket) -> None:
        """Some passes, after which everything was heard."""
        self.both.run(4)
        for sock in (*socks, self.canary):
            self.both.heard(sock)

    def leave(self, guests: list[tuple[Client, socket.socket]]) -> None:
        for client, sock in guests:
            client.connection.abort("The question is over.")
            sock.close()
        self.both.run(2)

    def ping(self) -> None:
        self.canary.sendall(b'{"request":"ping","content":"x"}\n')


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    directory = tmp_path_factory.mktemp("world")
    fill(directory, SIZE)
    with closing(SqliteStore(directory, "normal")) as store, halves(store) as both:
        yield World(both)


def calls_of(work: Callable[[], object]) -> int:
    """How many functions a piece of work calls."""
    count = 0

    def called(_frame: FrameType, event: str, _argument: object) -> None:
        nonlocal count
        if event in ("call", "c_call"):
            count += 1

    sys.setprofile(called)
    try:
        work()
    finally:
        sys.setprofile(None)
    return count


def attack(world: World, dialect: str, asked: list[list[bytes]]) -> None:
    guests = world.guests(dialect)
    dearest = 0
    try:
        for (_, sock), own in zip(guests, asked, strict=True):
            sock.setblocking(False)
            for request in own[:ASKED]:
                try:
                    sock.sendall(request)
                except BlockingIOError:
                    break
        for _ in range(PASSES):
            world.ping()
            for _ in range(2):
                dearest = max(dearest, calls_of(lambda: world.both.loop.run_once(0)))
            assert b'"content":"x"' in world.both.heard(world.canary)
            for _, sock in guests:
                world.both.heard(sock)
        print("CALLS", dearest)
        assert dearest < MOST_CALLS
    finally:
        world.leave(guests)


@pytest.mark.parametrize("label", JSON_LABELS)
def test_a_canary_is_answered_whatever_sixteen_guests_ask(world: World, label: str) -> None:
    attack(world, "json", [lines(number)[label] for number in range(SIZE.guests)])


@pytest.mark.parametrize("label", IRC_LABELS)
def test_a_canary_is_answered_whatever_sixteen_guests_ask_in_irc(world: World, label: str) -> None:
    attack(world, "irc", [irc_lines(number)[label] for number in range(SIZE.guests)])


def test_the_dearest_of_every_command_is_known() -> None:
    assert JSON.keys() == {command.name for command in COMMANDS}
    assert {line.split(" ")[0] for line in IRC} <= IRC_COMMANDS.keys()

"""Guests ask the dearest of every command at once, and a canary is answered in the next pass but one at most.

The world is a small one, and what a pass costs is counted in calls of functions, which no busy machine changes.
`scripts/dearest.py` has sixteen ask the same in a large one, and measures time.
"""

from __future__ import annotations

import socket
import sys
from collections.abc import Callable, Iterator
from contextlib import closing
from types import FrameType

import pytest

from evchat.dialects.irc.commands import COMMANDS as IRC_COMMANDS
from evchat.protocol.commands import COMMANDS
from evchat.server.client import Client, Throttle
from evchat.storage.sqlite.store import SqliteStore
from hostile.data import Size, fill, people
from hostile.questions import IRC, JSON, irc_lines, lines
from tests.server.halves import Halves, halves

SIZE = Size(channels=100, users=400, messages=6_000, guests=4, pairs=30, inbox=30)
MOST_CALLS = 250_000
"""Calls of functions in one pass, some 20 ms: what the dearest request makes by itself, a join of 98 channels."""
ASKED = 20
"""Requests of each guest: all that the burst allows."""
PASSES = 6

IN_CHANNELS = ("join", "nick", "away", "realname", "part", "conversations")
"""What begins the questions that are dearer for who is in many channels."""

JSON_LABELS, IRC_LABELS = list(lines(0)), list(irc_lines(0))


class World:
    """A server with many users, the canary, and the guests of one question."""

    def __init__(self, both: Halves) -> None:
        self.both = both
        people(both.back, SIZE)
        self.canary: socket.socket

    def come(self, dialect: str, label: str) -> list[tuple[Client, socket.socket]]:
        """The canary, and guests who have just logged in and, if that matters, are in as many channels as may be."""
        self.both.run(1, seconds=20)
        canary = self.both.login("canary", "irc")
        self.canary = canary[1]
        name = "guest" if dialect == "json" else "irc"
        guests = [self.both.login(f"{name}{number}", dialect) for number in range(SIZE.guests)]
        if dialect == "json" and label.startswith(IN_CHANNELS):
            for number, (_, sock) in enumerate(guests):
                places = (f"#own{number}", *(f"#c{place}" for place in range(98)))
                sock.sendall(b'{"request":"join","content":"%b"}\n' % ",".join(places).encode())
                self.settle(sock)
        for client, sock in guests:
            self.both.heard(sock)
            limits = self.both.limits
            client.throttle = Throttle(limits.command_burst, limits.command_rate, self.both.clock.now)
        return [*guests, canary]

    def settle(self, *socks: socket.socket) -> None:
        """Some passes, after which everything was heard."""
        self.both.run(2)
        for sock in (*socks, self.canary):
            self.both.heard(sock)

    def leave(self, everyone: list[tuple[Client, socket.socket]]) -> None:
        for client, sock in everyone:
            client.connection.abort("The question is over.")
            sock.close()
        self.both.run(2)

    def ping(self) -> None:
        self.canary.sendall(b"PING x\r\n")


@pytest.fixture(scope="module")
def world(tmp_path_factory: pytest.TempPathFactory) -> Iterator[World]:
    directory = tmp_path_factory.mktemp("world")
    fill(directory, SIZE)
    free = {"site_burst": 10**9, "site_rate": 1e9}
    with closing(SqliteStore(directory, "normal")) as store, halves(store, **free) as both:
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


def attack(world: World, dialect: str, label: str, asked: list[list[bytes]]) -> None:
    everyone = world.come(dialect, label)
    guests = everyone[:-1]
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
            assert b"PONG" in world.both.heard(world.canary)
            for _, sock in guests:
                world.both.heard(sock)
        assert dearest < MOST_CALLS
    finally:
        world.leave(everyone)


@pytest.mark.parametrize("label", JSON_LABELS)
def test_a_canary_is_answered_whatever_guests_ask(world: World, label: str) -> None:
    attack(world, "json", label, [lines(number, label)[label] for number in range(SIZE.guests)])


@pytest.mark.parametrize("label", IRC_LABELS)
def test_a_canary_is_answered_whatever_guests_ask_in_irc(world: World, label: str) -> None:
    attack(world, "irc", label, [irc_lines(number, label)[label] for number in range(SIZE.guests)])


def test_the_dearest_of_every_command_is_known() -> None:
    assert JSON.keys() == {command.name for command in COMMANDS}
    assert {line.split(" ")[0] for line in IRC} <= IRC_COMMANDS.keys()

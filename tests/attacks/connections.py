"""Attacks by how connections are made, held, filled and left."""

from __future__ import annotations

import socket
import time

from evchat.settings.model import DEFAULTS
from tests.attacks.siege import Siege, objects
from tests.attacks.table import attack
from tests.e2e.harness import Client

HALVES = (
    b"mal",
    b'{"request": "login", "content": "mal',
    b"NICK mal\r\nUSER mal 0 * :",
    b"\xff\xfa\x01",
    b"\x16",
)


@attack("silence", "Hundreds of connections that say nothing.")
def silence(siege: Siege) -> None:
    for _ in range(300 * siege.size):
        siege.connect()


@attack(
    "connect and go", "Connections that close at once in the middle of a login, half of them with a reset."
)
def connect_and_go(siege: Siege) -> None:
    for number in range(150 * siege.size):
        client = siege.connect(HALVES[number % len(HALVES)], site=0)
        if number % 2:
            siege.reset([client])
        else:
            client.close()


@attack(
    "log in and go",
    "Connections that log in, send a whole burst, and reconnect for the next one.",
)
def log_in_and_go(siege: Siege) -> None:
    said = objects(*[{"request": "msg", "content": "flood"}] * 18)
    held: list[Client] = []
    begun = time.monotonic()
    for number in range(40 * siege.size):
        client = siege.connect(objects({"request": "login", "content": f"burst{number}"}) + said, site=0)
        client.sock.shutdown(socket.SHUT_WR)
        held.append(client)
        if len(held) > 8:
            held.pop(0).close()
    heard = sum(event.get("content") == "flood" for event in siege.witness.sync())
    most = DEFAULTS.site_burst + DEFAULTS.site_rate * (time.monotonic() - begun)
    assert heard <= most, f"one address said {heard} messages"


@attack(
    "half a line",
    "Hundreds of connections that hold half a line, half an object, or half a telnet or TLS record.",
)
def half_a_line(siege: Siege) -> None:
    for number in range(200 * siege.size):
        siege.connect(HALVES[number % len(HALVES)])


@attack("byte by byte", "A dozen connections that send every byte in a segment of its own.")
def byte_by_byte(siege: Siege) -> None:
    said = (
        b"drop\nhello all\n",
        objects({"request": "login", "content": "drip"}),
        b"NICK drops\r\nUSER d 0 * :d\r\n",
    )
    clients = [siege.connect() for _ in range(12)]
    for place in range(max(map(len, said))):
        for number, client in enumerate(clients):
            piece = said[number % 3][place : place + 1]
            if piece:
                client.send(piece)


@attack(
    "half-closed",
    "Connections that log in, ask, and close their sending half, or that send on after the server has closed.",
)
def half_closed(siege: Siege) -> None:
    for number in range(40 * siege.size):
        siege.connect(b"half%d\n/who\n/history\nbye" % number).sock.shutdown(socket.SHUT_WR)
    leaving = [siege.connect(objects({"request": "quit"})) for _ in range(20)]
    siege.flood(leaving, b"still here\n" * 1000, read=False)


@attack("never reads", "Guests that ask for all lists and all history again and again and never read.")
def never_reads(siege: Siege) -> None:
    talker = siege.guest("talker")
    talker.request("msg", "x" * 32_000)
    asked = (
        objects({"request": "history"}, {"request": "who"}, {"request": "help"}, {"request": "names"}) * 50
    )
    siege.flood([siege.guest(f"deaf{number}", read=False) for number in range(16)], asked, read=False)
    siege.flood(
        [siege.irc(f"mute{number}", read=False) for number in range(8)],
        b"WHO *\r\nHELP\r\n" * 100,
        read=False,
    )


@attack("late reader", "Guests that read their answers a byte at a time.")
def late_reader(siege: Siege) -> None:
    guests = [siege.guest(f"late{number}", read=False) for number in range(8)]
    for guest in guests:
        guest.send(objects({"request": "help"}, {"request": "who"}) * 4)
    for _ in range(200 * siege.size):
        for guest in guests:
            guest.sock.recv(1)

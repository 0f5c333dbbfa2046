"""What a client that says nothing takes of the server's memory, counted in bytes that Python has allocated for it."""

from __future__ import annotations

import gc
import socket
import tracemalloc

import pytest

from tests.server.halves import HELLO, Halves, halves

MOST = 2900
"""Bytes: 2,670 to 2,770 as measured with CPython 3.11, and room for dicts that are about to grow. What the kernel and
the allocator take comes on top. What each client gets that few need exceeds this soon: an empty deque is 760 bytes,
a set 216."""

COUNT = 200
PER_CHANNEL = 50

JOINS = {
    "irc": b"NICK u%05d\r\nUSER u 0 * :idle\r\nJOIN #c%d\r\n",
    "json": HELLO + b'{"request": "login", "content": "u%05d"}\n{"request": "join", "content": "#c%d"}\n',
    "text": b"u%05d\n/join #c%d\n",
}


def come(both: Halves, dialect: str, first: int) -> list[socket.socket]:
    """Clients that log in, join a channel and take what they are told."""
    sockets = []
    for number in range(first, first + COUNT):
        _, sock = both.connect(dialect)
        sock.sendall(JOINS[dialect] % (number, number // PER_CHANNEL))
        sockets.append(sock)
        if number % 20 == 19:
            both.run(passes=8)
    both.run(passes=40)
    for sock in sockets:
        both.heard(sock)
    both.run()
    return sockets


@pytest.mark.skipif(tracemalloc.is_tracing(), reason="something else counts allocations")
@pytest.mark.parametrize("dialect", sorted(JOINS))
def test_an_idle_client_takes_little_memory(dialect: str) -> None:
    with halves(site_burst=100_000, command_burst=1000, quiet_above=20) as both:
        come(both, dialect, 0)  # what is made once is made now
        gc.collect()
        tracemalloc.start()
        try:
            sockets = come(both, dialect, COUNT)
            gc.collect()
            taken, _ = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
        assert all(client.authenticated for client in both.front.clients.values())
        ends = 2 * len(sockets) * 100  # both ends of the socket pairs, which the test makes
        assert (taken - ends) / COUNT < MOST

"""However a client ends, nothing of it is left: no circle of references that only the rare collector would find."""

from __future__ import annotations

import gc
import socket
from collections.abc import Callable, Iterator

import pytest

from evchat.net import tls
from evchat.net.connection import Connection
from evchat.net.tls import Tls
from evchat.server.client import Client
from tests.certificates import certificate, needs_openssl
from tests.server.halves import Halves, halves

BYE = {"text": b"/quit\n", "irc": b"QUIT :bye\r\n", "json": b'{"request": "quit"}\n'}


@pytest.fixture(autouse=True)
def no_collector() -> Iterator[None]:
    gc.collect()
    gc.disable()
    yield
    gc.enable()


def left() -> list[object]:
    """What there is of clients and connections in this process."""
    return [each for each in gc.get_objects() if isinstance(each, Client | Connection)]


def says_goodbye(both: Halves, dialect: str) -> None:
    _, sock = both.login("ann", dialect)
    sock.sendall(BYE[dialect])
    both.run()
    sock.close()


def closes(both: Halves, dialect: str) -> None:
    both.login("ann", dialect)[1].close()


def resets(both: Halves, dialect: str) -> None:
    """Dies with bytes unread, so that the next read of ours fails."""
    _, sock = both.login("ann", dialect)
    other = both.login("bob", "json")[1]
    other.sendall(b'{"request": "msg", "content": "hi", "to": "#main"}\n')
    both.run()
    sock.close()
    both.run()
    other.close()


def breaks_while_it_is_sent_to(both: Halves, dialect: str) -> None:
    _, sock = both.login("ann", dialect)
    client, other = both.login("bob", "json")
    client.connection.abort("Broken.")
    sock.close()
    other.close()


def is_cut(both: Halves, dialect: str) -> None:
    client, sock = both.login("ann", dialect)
    both.front._cut(client, "Too slow.")
    both.run()
    sock.close()


def says_nothing_in_time(both: Halves, dialect: str) -> None:
    _, sock = both.connect(dialect)
    both.run(seconds=60)
    sock.close()


def sends_nonsense(both: Halves, dialect: str) -> None:
    _, sock = both.connect(dialect)
    sock.sendall(b"\xff\xfe\x00{{{[[[\r\n" * 5)
    both.run()
    sock.close()


@pytest.mark.parametrize("dialect", ["text", "irc", "json"])
@pytest.mark.parametrize(
    "end",
    [says_goodbye, closes, resets, breaks_while_it_is_sent_to, is_cut, says_nothing_in_time, sends_nonsense],
)
def test_when_it_is_gone_it_is_gone(end: Callable[[Halves, str], None], dialect: str) -> None:
    before = len(left())
    with halves(absent_for=0.0) as both:
        end(both, dialect)
        both.run()
        for _ in range(3):
            both.run(seconds=30)  # longer than anybody lingers
        assert not both.front.clients
        assert len(left()) == before


@needs_openssl
@pytest.mark.parametrize("data", [b"", b"\x16\x03\x01\x00\x05hello", b"NICK x\r\n"])
def test_so_is_one_that_has_begun_with_tls(data: bytes) -> None:
    context = tls.server_context(*certificate())
    before = len(left())
    with halves(absent_for=0.0) as both:
        ours, sock = socket.socketpair()
        both.front.connect(ours, "127.0.0.1", both.dialects["text"](), 0.0, Tls(context))
        sock.sendall(data)
        both.run()
        sock.close()
        both.run(seconds=60)
        both.run(seconds=60)
        del ours
        assert not both.front.clients
        assert len(left()) == before

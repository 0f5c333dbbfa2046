"""Browsers: what fetches files is no stranger to be limited, and what a proxy says of a client holds for all limits."""

from __future__ import annotations

import socket
import time
from collections.abc import Callable, Iterator, Mapping

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core.effects import Hangup
from evchat.dialects.base import Dialect
from evchat.dialects.detect import Detector
from evchat.dialects.http.resources import Resource
from evchat.dialects.registry import dialects
from evchat.server.client import Client
from evchat.settings.model import Config
from tests.server.halves import Halves, halves
from tests.server.notes import Notes

HEAD = b"GET %b HTTP/1.1\r\nHost: 127.0.0.1\r\n%b\r\n"
GET = HEAD % (b"/", b"")
BIG = HEAD % (b"/big", b"")
UPGRADE = (
    b"Upgrade: websocket\r\nConnection: Upgrade\r\nSec-WebSocket-Key: dGhlIHNhbXBsZSBub25jZQ==\r\n"
    b"Sec-WebSocket-Version: 13\r\n"
)
FILES = {"/": Resource("text/html", '"a"', b"hi"), "/big": Resource("text/plain", '"b"', b"x" * 60_000)}
PROXY = "10.0.0.1"


def made(both: Halves) -> Mapping[str, Callable[[], Dialect]]:
    return dialects(Config(limits=both.limits), "1", 0, FILES)


def connect(
    both: Halves, address: str = "192.0.2.1", *, proxied: bool = False
) -> tuple[Client, socket.socket]:
    """A connection as the acceptor makes one, which counts it first."""
    both.front._acceptor._connection_limits.add(address)
    return both.connect(Detector(made(both), proxied=proxied), address)


def forwarded(address: str, *, upgrade: bool = False) -> bytes:
    return HEAD % (b"/", b"X-Forwarded-For: %b\r\n" % address.encode() + (UPGRADE if upgrade else b""))


def message(text: bytes) -> bytes:
    """A text message, masked with zeros."""
    return bytes([0x81, 0x80 | len(text), 0, 0, 0, 0]) + text


@pytest.fixture
def both() -> Iterator[Halves]:
    with halves(trusted_proxies=("10.0.0.0/8",), max_per_ip=2, max_http_per_ip=3) as made:
        yield made


def ask(both: Halves, sock: socket.socket, data: bytes) -> bytes:
    """What comes in answer to bytes."""
    sock.sendall(data)
    both.run()
    return both.heard(sock)


def test_more_is_fetched_than_a_stranger_may_send_and_nobody_hears_of_it(both: Halves, notes: Notes) -> None:
    client, sock = connect(both)
    for _ in range(99):
        assert ask(both, sock, HEAD % (b"/", b"Cookie: " + b"x" * 1000 + b"\r\n")).startswith(b"HTTP/1.1 200")
        both.clock.now += 0.5
    assert b"Connection: close" in ask(both, sock, GET)
    sock.close()
    both.run()
    assert client.sid not in both.front.clients
    assert not [note for note in notes.records if note.level != "debug"]


def test_who_fetches_nothing_more_is_closed_and_who_chats_over_websocket_is_not(both: Halves) -> None:
    visitor, page = connect(both)
    talker, chat = connect(both)
    ask(both, page, GET)
    ask(both, chat, HEAD % (b"/", UPGRADE) + message(b"alice"))
    assert talker.authenticated and talker.dialect.name == "text over WebSocket"
    both.run(seconds=both.limits.http_idle + 2)
    both.run(seconds=2)
    assert visitor.sid not in both.front.clients and talker.sid in both.front.clients
    assert page.recv(1) == b""


def test_a_few_files_are_told_in_a_pass_however_many_are_asked_for() -> None:
    with halves() as both:
        _, sock = connect(both)
        sock.sendall(GET * 60)
        both.loop.run_once(0)
        first = both.heard(sock).count(b"HTTP/1.1 200")
        assert 0 < first <= 10
        both.run(60, seconds=10)
        assert first + both.heard(sock).count(b"HTTP/1.1 200") == 60


@pytest.mark.parametrize(
    ("asked", "answered", "most"),
    [
        (GET, b"HTTP/1.1 200", 60),
        (HEAD % (b"/", b"".join(b"h%d:\r\n" % number for number in range(90))), b"HTTP/1.1 200", 20),
        (b"GET / HTTP/1.1\r\n" + b"a: b\r\n" * 300, b"HTTP/1.1 431", 30),
        (HEAD % (b"/", UPGRADE), b"HTTP/1.1 101", 22),
    ],
    ids=["a file", "many headers", "too many headers", "upgrade"],
)
def test_what_many_connections_ask_for_at_once_takes_several_passes(
    asked: bytes, answered: bytes, most: int
) -> None:
    with halves(max_per_ip=0, max_http_per_ip=200, site_rate=1e9, site_burst=10**9) as both:
        socks = [connect(both)[1] for _ in range(150)]
        for sock in socks:
            sock.sendall(asked)
        passes = []
        while sum(passes) < len(socks):
            both.loop.run_once(0)
            passes.append(sum(answered in both.heard(sock) for sock in socks))
            assert len(passes) < 100
        assert 0 < max(passes) <= most, passes


def test_who_reads_no_file_is_told_no_more_of_them() -> None:
    with halves() as both:
        client, sock = connect(both)
        sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.sendall(BIG * 80)
        both.run(200)
        assert client.connection.pending_output < both.limits.pause_above + 70_000
        assert client.sid in both.front.clients


def test_the_connections_of_an_address_for_files_have_a_most_and_the_browser_is_told(both: Halves) -> None:
    pages = [connect(both)[1] for _ in range(4)]
    told = [ask(both, sock, GET) for sock in pages]
    assert [each[:12] for each in told] == [b"HTTP/1.1 200"] * 3 + [b"HTTP/1.1 503"]
    assert b"has 3 connections already" in told[3]


def test_those_that_go_over_to_chat_count_with_the_others(both: Halves) -> None:
    told = [ask(both, connect(both)[1], HEAD % (b"/", UPGRADE) + message(b"{}")) for _ in range(3)]
    assert [b"\x88\x02\x03" in each for each in told] == [False, False, True]
    assert told[2].startswith(b"HTTP/1.1 101 "), "only then it understands the rest"
    assert b"has 2 connections already" in told[2] and b"\x88\x02\x03\xf0" in told[2]


def test_the_client_of_a_proxy_has_the_limits_of_its_own_address(both: Halves) -> None:
    told = []
    for number in range(6):
        client, sock = connect(both, PROXY, proxied=True)
        told.append(ask(both, sock, forwarded(f"203.0.113.{number // 3}", upgrade=True) + message(b"{}")))
        assert client.address == f"203.0.113.{number // 3}"
    assert [b"has 2 connections already" in each for each in told] == [False, False, True] * 2


def test_a_proxys_own_connections_are_not_limited(both: Halves) -> None:
    for _ in range(8):
        _, sock = connect(both, PROXY, proxied=True)
        assert ask(both, sock, GET).startswith(b"HTTP/1.1 200")


def test_a_proxys_connection_serves_one_client_after_the_other(both: Halves) -> None:
    client, sock = connect(both, PROXY, proxied=True)
    for address in ("203.0.113.1", "203.0.113.2", "2001:db8::1"):
        assert ask(both, sock, forwarded(address)).startswith(b"HTTP/1.1 200")
        assert client.address == address
    sock.close()
    both.run()
    connection_limits = both.front._acceptor._connection_limits
    assert connection_limits.is_empty


def test_who_connects_too_often_through_a_proxy_waits_and_others_do_not() -> None:
    with halves(trusted_proxies=("10.0.0.0/8",), connect_burst=1, connect_rate=0.1, connect_wait=15) as both:
        told = []
        for address in ("203.0.113.1", "203.0.113.1", "203.0.113.2"):
            _, sock = connect(both, PROXY, proxied=True)
            told.append(ask(both, sock, forwarded(address, upgrade=True) + message(b"{}")))
        assert [each[:12] for each in told] == [b"HTTP/1.1 101"] * 3
        assert [b"An object needs" in each for each in told] == [True, False, True]
        _, refused = connect(both, PROXY, proxied=True)
        assert b"connects too often" in ask(both, refused, forwarded("203.0.113.1", upgrade=True))


def test_a_server_that_is_full_still_takes_in_whom_a_proxy_moves() -> None:
    with halves(trusted_proxies=("10.0.0.0/8",), max_clients=1) as both:
        _, sock = connect(both, PROXY, proxied=True)
        assert ask(both, sock, forwarded("203.0.113.1", upgrade=True)).startswith(b"HTTP/1.1 101")


def test_a_session_is_the_moved_clients_in_the_back_too(both: Halves) -> None:
    client, sock = connect(both, PROXY, proxied=True)
    ask(both, sock, forwarded("203.0.113.9", upgrade=True) + message(b"alice"))
    assert both.back._chat.state.sessions[client.sid].address == "203.0.113.9"


def test_a_websocket_that_is_hung_up_hears_a_close_frame_after_its_words(both: Halves) -> None:
    client, sock = connect(both)
    ask(both, sock, HEAD % (b"/", UPGRADE) + message(b"alice"))
    both.front.carry_out([Hangup(client.sid, "Over."), Hangup(client.sid, "Again.")])
    both.front.flush()
    assert both.heard(sock) == b"\x88\x02\x03\xe8"


ADDRESSES = ("192.0.2.1", "192.0.2.2", PROXY, "10.0.0.2", "127.0.0.1")
SENT = (
    GET, BIG, b"GET / HT", b"POST / HTTP/1.1\r\n\r\n", HEAD % (b"/", UPGRADE), message(b"{}"), message(b"alice"),
    forwarded("203.0.113.1"), forwarded("203.0.113.2", upgrade=True), forwarded("nonsense"), b"bob\n",
    b"\x88\x80\0\0\0\0",
)  # fmt: skip


@given(
    st.lists(
        st.tuples(st.integers(0, 4), st.sampled_from(ADDRESSES), st.sampled_from([*SENT, None])), max_size=25
    )
)
def test_whatever_browsers_do_no_connection_stays_counted(acts: list[tuple[int, str, bytes | None]]) -> None:
    with halves(trusted_proxies=("10.0.0.0/8",), max_per_ip=2, max_http_per_ip=2) as both:
        there: dict[int, socket.socket] = {}
        for number, address, sent in acts:
            if number not in there:
                there[number] = connect(both, address, proxied=address.startswith("10."))[1]
            if sent is None:
                there.pop(number).close()
            else:
                try:
                    there[number].sendall(sent)
                except OSError:
                    there.pop(number)  # it was hung up on
            both.run(2)
        for sock in there.values():
            sock.close()
        end = time.monotonic() + 20
        while both.front.clients and time.monotonic() < end:
            both.clock.now += 1  # some wait for their tokens, and some for a commit
            both.loop.run_once(0.01)
        assert not both.front.clients
        assert both.front._acceptor._connection_limits.is_empty

"""Behind a proxy the client's address counts: for bans, limits and the log; and only a trusted proxy is believed."""

from __future__ import annotations

from collections.abc import Callable

import pytest

from evchat.net.tls import client_context
from tests import certificates
from tests.e2e.harness import Server

HEADERS = {
    "version 1": b"PROXY TCP4 203.0.113.9 127.0.0.1 5 9998\r\n",
    "version 2": b"\r\n\r\n\0\r\nQUIT\n\x21\x11\x00\x0c\xcb\x00\x71\x09\x7f\x00\x00\x01\x00\x05\x27\x0e",
}


@pytest.mark.parametrize("header", HEADERS)
def test_a_trusted_proxys_header_gives_the_client_its_address(
    start: Callable[..., Server], header: str
) -> None:
    server = start(EVCHAT_TRUSTED_PROXIES="127.0.0.1")
    sock = server.connect()
    sock.sendall(HEADERS[header] + b"ann\n")
    server.logged("login", "name=ann", "address=203.0.113.9")


@certificates.needs_openssl
def test_a_header_may_come_alone(start: Callable[..., Server]) -> None:
    server = start(EVCHAT_TRUSTED_PROXIES="127.0.0.1", **certificates.settings())
    other = server.connect()
    other.sendall(b"other\n")
    other.recv(1000)
    sock = server.connect()
    sock.sendall(HEADERS["version 1"])
    other.sendall(b"/ping turn\n")  # once it is answered, the header was read
    assert other.recv(1000)
    sock.sendall(b"ann\n")
    server.logged("login", "name=ann", "address=203.0.113.9")


@certificates.needs_openssl
def test_the_header_comes_before_tls(start: Callable[..., Server]) -> None:
    server = start(EVCHAT_TRUSTED_PROXIES="127.0.0.1", **certificates.settings())
    sock = server.connect()
    sock.sendall(HEADERS["version 1"])
    with client_context(verify=False).wrap_socket(sock) as secure:
        secure.sendall(b'{"request": "login", "content": "ann"}\n')
        assert b"ann" in secure.recv(1000)
    server.logged("login", "name=ann", "address=203.0.113.9", "dialect=json")


def test_what_follows_a_header_can_not_name_another_address(start: Callable[..., Server]) -> None:
    server = start(EVCHAT_TRUSTED_PROXIES="127.0.0.1")
    sock = server.connect()
    sock.sendall(
        HEADERS["version 1"]
        + b"GET /healthz HTTP/1.1\r\nHost: 127.0.0.1\r\nX-Forwarded-For: 192.0.2.1\r\n\r\n"
    )
    assert sock.recv(1000).startswith(b"HTTP/1.1 ")
    sock.close()
    server.logged("disconnected", "address=203.0.113.9")


def test_a_malformed_header_ends_the_connection(start: Callable[..., Server]) -> None:
    server = start(EVCHAT_TRUSTED_PROXIES="127.0.0.1")
    sock = server.connect()
    sock.sendall(b"PROXY TCP4 nonsense\r\nann\n")
    assert sock.recv(1000) == b""
    server.logged("disconnected", "A malformed PROXY header.")


def test_a_proxy_that_is_not_trusted_is_a_client_like_others(start: Callable[..., Server]) -> None:
    server = start()
    sock = server.connect()
    sock.sendall(HEADERS["version 1"] + b"ann\n")
    sock.recv(1000)
    server.logged("address=127.0.0.1")
    assert not any("203.0.113.9" in line for line in server.log)

"""Names of peers, and options that not every platform has."""

from __future__ import annotations

import socket

import pytest

from evchat.net.sockets import keepalive_options, known_options, peer_names, set_options


def connected(family: socket.AddressFamily, host: str) -> tuple[socket.socket, socket.socket]:
    with socket.create_server((host, 0), family=family) as listener:
        theirs = socket.create_connection(listener.getsockname()[:2])
        return listener.accept()[0], theirs


@pytest.mark.parametrize(
    ("family", "host", "named"),
    [(socket.AF_INET, "127.0.0.1", "127.0.0.1"), (socket.AF_INET6, "::1", "[::1]")],
)
def test_a_peer_is_named_by_address_and_port(family: socket.AddressFamily, host: str, named: str) -> None:
    try:
        ours, theirs = connected(family, host)
    except OSError:
        pytest.skip(f"no {host} here")
    with ours, theirs:
        assert peer_names(ours) == (host, f"{named}:{theirs.getsockname()[1]}")


@pytest.mark.skipif(not hasattr(socket, "AF_UNIX"), reason="needs Unix sockets")
def test_a_peer_on_a_unix_socket_has_no_address() -> None:
    ours, theirs = socket.socketpair()
    with ours, theirs:
        assert peer_names(ours) == ("unix", "unix")


def test_a_peer_that_is_gone_has_no_name_either() -> None:
    with socket.socket() as never_connected:
        assert peer_names(never_connected) == ("unknown", "unknown")


def test_options_are_set_where_there_are_some() -> None:
    options = known_options(
        ("SOL_SOCKET", "SO_KEEPALIVE", 1),
        ("SOL_SOCKET", "SO_OF_NO_SYSTEM", 1),
        ("IPPROTO_TCP", "TCP_KEEPCNT", 1e12),
    )
    with socket.socket() as sock:
        set_options(sock, options)
        assert sock.getsockopt(socket.SOL_SOCKET, socket.SO_KEEPALIVE) != 0


def test_a_socket_that_is_gone_has_no_options_and_harms_nobody() -> None:
    sock = socket.socket()
    sock.close()
    set_options(sock, keepalive_options(60, 15, 4, 120))

"""The names of connected sockets, and socket options that not every platform has."""

from __future__ import annotations

import socket
import sys
from contextlib import suppress


def peer_names(sock: socket.socket) -> tuple[str, str]:
    """The peer's address, and its name for people."""
    if sock.family not in (socket.AF_INET, socket.AF_INET6):
        return "unix", "unix"
    try:
        host, port = sock.getpeername()[:2]
    except OSError:
        return "unknown", "unknown"  # it is gone already, and reading will say so
    return host, f"[{host}]:{port}" if sock.family == socket.AF_INET6 else f"{host}:{port}"


Options = tuple[tuple[int, int, int], ...]
"""Levels, options and values, for `socket.setsockopt`."""


def known_options(*options: tuple[str, str, float]) -> Options:
    """Those that the platform has, of options by their names."""
    return tuple(
        (getattr(socket, level), getattr(socket, option), int(min(value, 2**31 - 1)))
        for level, option, value in options
        if hasattr(socket, option)
    )


NO_DELAY = known_options(("IPPROTO_TCP", "TCP_NODELAY", 1))

INHERITED: bool = sys.platform == "linux"
"""Whether accepted sockets have the options of the one that listens, so that they need not be set on each of them."""


def keepalive_options(idle: float, interval: float, count: int, user_timeout: float) -> Options:
    """Let the kernel find out whether the peer is still there. If not, reading fails.

    After `idle` seconds of silence a probe is sent every `interval` seconds; the connection is dead after
    `count` probes without an answer, or after `user_timeout` seconds in which sent bytes were not
    acknowledged (RFC 5482). What the platform lacks is left out.
    """
    return known_options(
        ("SOL_SOCKET", "SO_KEEPALIVE", 1),
        (
            "IPPROTO_TCP",
            "TCP_KEEPIDLE" if hasattr(socket, "TCP_KEEPIDLE") else "TCP_KEEPALIVE",
            idle,
        ),  # macOS
        ("IPPROTO_TCP", "TCP_KEEPINTVL", interval),
        ("IPPROTO_TCP", "TCP_KEEPCNT", count),
        ("IPPROTO_TCP", "TCP_USER_TIMEOUT", user_timeout * 1000),
    )


def set_options(sock: socket.socket, options: Options) -> None:
    """Sets options. Some are refused on a socket that the peer has reset, or for a value that is too large."""
    for option in options:
        with suppress(OSError, OverflowError):
            sock.setsockopt(*option)


def reset_at_close(sock: socket.socket) -> None:
    """Lets closing the socket reset the connection, if the peer's system has got everything and that can be known.

    Linux hands over what was received before a reset, so nothing is lost there; of others this is not known.
    """
    if sys.platform != "linux" or sock.family not in (socket.AF_INET, socket.AF_INET6):
        return
    import fcntl
    import struct
    import termios

    with suppress(OSError):
        (unacknowledged,) = struct.unpack("i", fcntl.ioctl(sock, termios.TIOCOUTQ, bytes(4)))
        if not unacknowledged:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))

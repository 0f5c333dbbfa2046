"""The names of connected sockets, and socket options that not every platform has."""

from __future__ import annotations

import socket
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


def set_option(sock: socket.socket, level: str, option: str, value: float) -> None:
    """Sets an option if the platform has it. Some refuse on a socket that the peer has reset."""
    if hasattr(socket, option):
        with suppress(OSError, OverflowError):
            sock.setsockopt(getattr(socket, level), getattr(socket, option), int(value))

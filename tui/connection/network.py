"""Notifications from the system that the network has changed: a cable, a wireless network, a tunnel, a wake-up."""

from __future__ import annotations

import socket
import sys

# linux/rtnetlink.h: links, addresses and routes of IPv4 and IPv6.
_GROUPS = 0x1 | 0x10 | 0x40 | 0x100 | 0x400


def watch() -> socket.socket | None:
    """A socket that is readable whenever the network has changed; None where the system has no such thing.

    Linux tells it by rtnetlink(7), the BSDs and macOS by route(4). The messages are not looked at.
    """
    family = getattr(socket, "AF_NETLINK" if sys.platform == "linux" else "AF_ROUTE", None)
    if family is None:
        return None
    sock = None
    try:
        sock = socket.socket(family, socket.SOCK_RAW, 0)
        sock.setblocking(False)
        if sys.platform == "linux":
            sock.bind((0, _GROUPS))
    except OSError:
        # A sandbox may forbid it; then the clock alone tells when to try again.
        if sock is not None:
            sock.close()
        return None
    return sock


def drain(sock: socket.socket) -> None:
    """Takes what has been told, so that the socket is readable again only after the next change."""
    try:
        while sock.recv(65_536):
            pass
    except OSError:
        pass  # All is taken, or (ENOBUFS) there was more than the system keeps for us.

"""Who is at the other end of a UNIX socket, as the system says it and nobody can pretend."""

from __future__ import annotations

import os
import socket
import struct
import sys

if sys.platform == "linux":
    AVAILABLE = True
    """Whether this system tells."""

    _CREDENTIALS = struct.Struct("3i")
    """`struct ucred` of unix(7): process, user, group."""

    def peer_uid(sock: socket.socket) -> int | None:
        """The user id of the process that has connected; None where nobody says."""
        try:
            told = sock.getsockopt(socket.SOL_SOCKET, socket.SO_PEERCRED, _CREDENTIALS.size)
        except OSError:
            return None
        uid: int = _CREDENTIALS.unpack(told)[1]
        return uid

    def own_uid() -> int:
        """The user id that this process acts with."""
        return os.geteuid()

else:
    AVAILABLE = False

    def peer_uid(sock: socket.socket) -> int | None:
        """Nobody says."""
        return None

    def own_uid() -> int:
        """No user id that anything could be compared with."""
        return -1

"""What systemd gives a service and is told by it: sockets that listen already, readiness and signs of life.

These are sd_listen_fds(3) and sd_notify(3) without their library: a few environment variables and a datagram.
"""

from __future__ import annotations

import os
import socket
from collections.abc import MutableMapping
from contextlib import suppress

from evchat.net.listener import ListenError

_FIRST = 3
"""The number of the first descriptor that is handed over (SD_LISTEN_FDS_START)."""

_VARIABLES = ("LISTEN_PID", "LISTEN_FDS", "LISTEN_FDNAMES")


def take_sockets(environ: MutableMapping[str, str]) -> list[tuple[str, socket.socket]]:
    """The listening sockets that systemd has opened for this process, each with its FileDescriptorName=.

    Clears their variables, so that they are taken once and no child believes that they are its own. Raises
    ListenError if there are none, or if one can't accept connections.
    """
    pid, count, names = (environ.pop(name, "") for name in _VARIABLES)
    if pid != str(os.getpid()) or not count.isdecimal() or not int(count):
        raise ListenError("systemd has handed over no sockets: start the socket unit, evchat.socket.")
    called = names.split(":")
    taken = []
    for number in range(int(count)):
        sock = _listening(_FIRST + number)
        taken.append((called[number] if number < len(called) else "", sock))
    return taken


def _listening(descriptor: int) -> socket.socket:
    try:
        sock = socket.socket(fileno=descriptor)
    except OSError as error:
        raise ListenError(f"Descriptor {descriptor}, from systemd, is not a socket.") from error
    if sock.type != socket.SOCK_STREAM or not sock.getsockopt(socket.SOL_SOCKET, socket.SO_ACCEPTCONN):
        sock.close()
        raise ListenError(
            f"Descriptor {descriptor}, from systemd, does not accept connections: use ListenStream= and Accept=no."
        )
    os.set_inheritable(descriptor, False)
    return sock


class Notifier:
    """Tells the service manager how this process fares; does nothing where there is none."""

    def __init__(self, environ: MutableMapping[str, str]) -> None:
        """Takes the variables, so that no child speaks in this process's name."""
        address = environ.pop("NOTIFY_SOCKET", "")
        usec, pid = environ.pop("WATCHDOG_USEC", ""), environ.pop("WATCHDOG_PID", "")
        self._address = f"\0{address[1:]}" if address.startswith("@") else address
        mine = usec.isdecimal() and pid in ("", str(os.getpid()))
        self.patience = int(usec) / 1e6 if mine and self._address else 0.0
        """Seconds without `WATCHDOG=1` after which this process is taken for hung; 0: never."""

    def tell(self, *assignments: str) -> None:
        """Sends assignments like `READY=1`. A manager that does not listen is none of our business."""
        if not self._address or not hasattr(socket, "AF_UNIX"):
            return
        with suppress(OSError), socket.socket(socket.AF_UNIX, socket.SOCK_DGRAM) as sock:
            sock.setblocking(False)
            sock.connect(self._address)
            sock.send("\n".join(assignments).encode())

"""The server on this machine: whether one runs, and starting one."""

from __future__ import annotations

import os
import socket
import sys

from evchat.settings.address import Address

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Mapping


def runs(address: Address) -> bool:
    """Whether somebody listens at `address`, which is on this machine, so that the answer comes at once."""
    try:
        socket.create_connection((address.host, address.port), 0.5).close()
    except OSError:
        return False
    return True


def start(address: Address, log: str, environ: Mapping[str, str]) -> tuple[int, str]:
    """Starts a server that ends when the last client has left, with its log in the file `log`.

    Returns its process id and an empty text, or 0 and why it did not start.
    """
    import subprocess  # here, because this is done once and takes 8 ms to import

    directory = os.path.dirname(log)  # noqa: PTH120  (as in tui.disk.state)
    try:
        os.makedirs(directory, mode=0o700, exist_ok=True)  # noqa: PTH103
        with open(log, "ab") as errors:  # noqa: PTH123
            server = subprocess.Popen(
                [sys.executable, "-m", "evchat", "--listen", f"tcp://{address}", "--stop-when-empty"],
                stdin=subprocess.DEVNULL,
                stdout=subprocess.PIPE,
                stderr=errors,
                env=dict(environ),
                start_new_session=True,
            )
    except OSError as error:
        return 0, f"The server could not be started: {error.strerror}."
    assert server.stdout is not None
    with server.stdout as output:
        listens = output.readline().startswith(b"listening")
    if listens:
        return server.pid, ""
    server.kill()
    server.wait()
    return 0, f"The server did not start. Its log says why: {log}"


def goes_on(pid: int, seconds: float = 2.0) -> bool:
    """Whether a server that we have started still serves others: whether it has not ended within so many seconds."""
    import time

    if sys.platform == "win32":
        return False  # it can't be told there, and its window says that it runs
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        try:
            if os.waitpid(pid, os.WNOHANG)[0]:
                return False
        except ChildProcessError:
            return False
        time.sleep(0.05)
    return True

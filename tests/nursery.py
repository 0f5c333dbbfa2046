"""Server processes forked from one that has imported everything: a test waits for no imports.

Run as a program it is that one process: it forks a server for each order that comes through the socket whose
descriptor is its only argument, and ends when the socket does. It has no threads, so forking it is safe.
"""

from __future__ import annotations

import atexit
import gc
import json
import os
import select
import signal
import socket
import subprocess
import sys
import time
import traceback
from dataclasses import is_dataclass
from functools import cache
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[1]
_HEAD = 8
"""Bytes of an order's length, with which the descriptors come."""


class Forked:
    """A server process, as `subprocess.Popen` would show it."""

    def __init__(self, arguments: list[str], environ: dict[str, str], dear_passwords: bool) -> None:
        out, err, status = os.pipe(), os.pipe(), os.pipe()
        order = json.dumps([arguments, environ, dear_passwords]).encode()
        control = _nursery()
        socket.send_fds(control, [len(order).to_bytes(_HEAD, "big")], [out[1], err[1], status[1]])
        control.sendall(order)
        for _, theirs in (out, err, status):
            os.close(theirs)
        self.stdout, self.stderr = os.fdopen(out[0], "rb"), os.fdopen(err[0], "rb")
        self._status = os.fdopen(status[0], "rb", buffering=0)
        self.pid = int(self._status.read(_HEAD))
        self.returncode: int | None = None

    def wait(self, timeout: float | None = None) -> int:
        """Its exit code; what a signal killed has the signal's number, negative."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("evchat", timeout or 0)
            self.returncode = int(self._status.read(_HEAD))
            self._status.close()
        return self.returncode

    def poll(self) -> int | None:
        """The same, or None as long as it runs."""
        try:
            return self.wait(0)
        except subprocess.TimeoutExpired:
            return None

    def send_signal(self, number: int) -> None:
        """Does nothing if it has ended."""
        if self.poll() is None:
            os.kill(self.pid, number)

    def kill(self) -> None:
        """Kill -9."""
        self.send_signal(signal.SIGKILL)


@cache
def _nursery() -> socket.socket:
    """The way to the one process; it ends with this one."""
    ours, theirs = socket.socketpair()
    with theirs:
        command = [sys.executable, __file__, str(theirs.fileno())]
        process = subprocess.Popen(command, cwd=_ROOT, stdin=subprocess.DEVNULL, pass_fds=[theirs.fileno()])

    def end() -> None:
        ours.close()
        process.wait()

    atexit.register(end)
    return ours


# ---- the one process ------------------------------------------------------------------------------------------


def _main(control: socket.socket) -> None:
    running: dict[int, int] = {}
    """Where to write the exit codes of the servers, by their process ids."""
    wake, waker = socket.socketpair()
    waker.setblocking(False)
    signal.signal(signal.SIGCHLD, lambda *_: None)
    signal.set_wakeup_fd(waker.fileno())
    while True:
        ready, _, _ = select.select([control, wake], [], [])
        if wake in ready:
            wake.recv(4096)
        while running:
            pid, status = os.waitpid(-1, os.WNOHANG)
            if not pid:
                break
            _write(running.pop(pid), os.waitstatus_to_exitcode(status), last=True)
        if control in ready:
            head, pipes, _, _ = socket.recv_fds(control, _HEAD, 3)
            if not head:
                return
            size, order = int.from_bytes(head, "big"), b""
            while len(order) < size:
                order += control.recv(size - len(order))
            out, err, status = pipes
            pid = os.fork()
            if not pid:
                signal.set_wakeup_fd(-1)
                signal.signal(signal.SIGCHLD, signal.SIG_DFL)
                signal.signal(signal.SIGINT, signal.default_int_handler)
                for each in (control, wake, waker):
                    each.close()
                for descriptor in (*running.values(), status):
                    os.close(descriptor)
                arguments, environ, dear_passwords = json.loads(order)
                if not dear_passwords:
                    make_passwords_cheap(scram_iterations=4096)  # clients take no fewer (RFC 7677)
                _serve(arguments, environ, out, err)
            os.close(out)
            os.close(err)
            running[pid] = status
            _write(status, pid)


def _write(status: int, number: int, *, last: bool = False) -> None:
    try:
        os.write(status, str(number).rjust(_HEAD).encode())
    except BrokenPipeError:
        pass  # the test has ended, and with it whoever wanted to know
    if last:
        os.close(status)


def _serve(arguments: list[str], environ: dict[str, str], out: int, err: int) -> None:
    """Becomes what `python -m evchat` is. Never returns."""
    code = 1
    try:
        os.dup2(out, 1)
        os.dup2(err, 2)
        os.close(out)
        os.close(err)
        os.environ.clear()
        os.environ.update(environ)
        time.tzset()
        code = cli.main(arguments)
    except SystemExit as end:
        code = end.code if isinstance(end.code, int) else 1
    except BaseException:  # noqa: BLE001  (as Python itself does at its end)
        traceback.print_exc()
    finally:
        sys.stdout.flush()
        sys.stderr.flush()
        os._exit(code)


def _prepare() -> None:
    """Does all that every server would do for itself: what is imported, compiled and read once, at the latest."""
    import evchat.core.rules.passwords
    import evchat.net.tls
    import evchat.server.invitations
    import evchat.server.server
    import evchat.storage.memory
    import evchat.storage.sqlite.store  # noqa: F401
    from evchat.dialects.registry import has_http
    from evchat.web import site

    if has_http():
        import evchat.dialects.http.dialect  # noqa: F401
    site.resources()
    for module in [module for name, module in sys.modules.items() if name.startswith("evchat.")]:
        for each in vars(module).values():
            if isinstance(each, type) and is_dataclass(each):
                _ = each.__init__  # see evchat.protocol.value: compiled when it is looked up
    gc.freeze()


if __name__ == "__main__":
    sys.path.insert(0, str(_ROOT))
    _prepare()
    from evchat import cli
    from tests.cheap_passwords import make_passwords_cheap

    signal.signal(signal.SIGINT, signal.SIG_IGN)  # Ctrl-C is for the tests, which end the servers
    _main(socket.socket(fileno=int(sys.argv[1])))

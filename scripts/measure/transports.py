"""What a delivery and an idle connection cost a server: plain, over WebSocket, with TLS, all over TCP."""

from __future__ import annotations

import os
import re
import socket
import subprocess
import tempfile
from collections.abc import Callable
from contextlib import ExitStack
from pathlib import Path

from evchat import make_cert
from evchat.net.tls import client_context
from measure import workloads as say
from measure.lockstep import Run, measured
from measure.workloads import Workload

WAYS = ("json", "websocket", "json-tls")
_PATIENCE = 60.0
_MEMBERS = 100
_ROUNDS = 400
_IDLE = 1_000


def delivery(way: str, window: int, python: str) -> float:
    """Microseconds of CPU for a delivery to each of a channel's members, one of whom sends `window` messages at a time.

    Parsing, deciding, encoding and sending, of which each delivery has its share; of the rounds the one that was
    disturbed least by what else the machine does.
    """
    workload = Workload("", "", clients=_MEMBERS, channels=1, senders=1, window=window)
    rounds, _ = measured(Run(workload, way, "memory", _ROUNDS, tcp=True), python)
    return (
        min(each["all"] for each in rounds["message"]) / workload.deliveries(say.ECHO[say.inside(way)]) / 1000
    )


def idle(way: str, count: int, python: str) -> float:
    """KiB of memory that the server takes for each of `count` users who have logged in and say nothing."""
    root = Path(__file__).resolve().parents[2]
    with tempfile.TemporaryDirectory(prefix="evchat-bench-") as folder, ExitStack() as stack:
        names = ["localhost"]
        subprocess.run(make_cert.command(Path(folder), names), check=True, capture_output=True)
        environ = {
            **os.environ,
            "EVCHAT_TLS_CERT": str(Path(folder) / make_cert.CERTIFICATE),
            "EVCHAT_TLS_KEY": str(Path(folder) / make_cert.KEY),
        }
        command = [
            python,
            "-m",
            "evchat",
            "--memory",
            "--insecure-no-limits",
            "--listen",
            "tcp://127.0.0.1:0",
        ]
        server = stack.enter_context(
            subprocess.Popen(
                command, cwd=root, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
            )
        )
        stack.callback(server.kill)
        assert server.stdout is not None
        port = int(server.stdout.readline().rpartition(b":")[2])
        enter: Callable[[socket.socket], socket.socket] = (
            client_context(verify=False).wrap_socket if say.has_tls(way) else _as_it_is
        )

        def connect(number: int) -> None:
            sock = socket.create_connection(("127.0.0.1", port), _PATIENCE)
            sock = stack.enter_context(enter(sock))
            sock.sendall(say.login(way, f"u{number}"))
            heard = b""
            while say.joined(way, "#main") not in heard and b'"joined"' not in heard:
                heard = heard[-10_000:] + sock.recv(65536)

        for number in range(count // 10):  # what the first ones take stays with the process
            connect(number)
        before = _memory(server.pid)
        for number in range(count):
            connect(count + number)
        return (_memory(server.pid) - before) / count


def _as_it_is(sock: socket.socket) -> socket.socket:
    return sock


def _memory(pid: int) -> int:
    """KiB (proc(5))."""
    found = re.search(r"^VmRSS:\s+(\d+) kB$", Path(f"/proc/{pid}/status").read_text(), re.MULTILINE)
    assert found is not None
    return int(found[1])


def report(python: str, progress: Callable[[str], None]) -> str:
    """A table of Markdown; × is against plain JSON in the same run."""
    rows = ["| | one message at a time | 20 at a time | idle |", "|---|---:|---:|---:|"]
    first: list[float] = []
    for way in WAYS:
        progress(way)
        costs = [delivery(way, window, python) for window in (1, 20)]
        first = first or costs
        cells = [f"{cost:.2f} µs (×{cost / plain:.2f})" for cost, plain in zip(costs, first, strict=True)]
        rows.append(f"| {way} | {' | '.join(cells)} | {idle(way, _IDLE, python):.1f} KiB |")
    return "\n".join(rows)

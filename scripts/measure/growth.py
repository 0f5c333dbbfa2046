"""How cost grows: with those who are there but not concerned, and with what is stored."""

from __future__ import annotations

import os
import subprocess
import sys
import tempfile
from collections.abc import Callable, Sequence
from pathlib import Path

from measure.lockstep import Run, measured
from measure.stored import fill, prices
from measure.subjects import ROOT, cpu_of
from measure.workloads import Workload

CLIENTS = (10, 100, 1_000, 10_000)
STORED = ((1_000, 1_000), (100_000, 10_000), (1_000_000, 100_000))
"""Messages and accounts."""
_ROUNDS = 20
_STARTS = 5

Row = tuple[str, list[str]]


def present(counts: Sequence[int], progress: Callable[[str], None], rounds: int = _ROUNDS) -> list[Row]:
    """What a message to a channel of ten, a join of it, a nick, a part, a kick and a quit cost with so many clients in
    such channels.

    Microseconds of CPU, and calls of Python functions. Raises RuntimeError.
    """
    columns: dict[str, list[str]] = {}
    for clients in counts:
        progress(f"{clients:,} clients")
        talk = Workload("talk", "one message to a channel of 10", clients, max(1, clients // 10), 1)
        visit = Workload(
            "visit", "a visitor of a channel of 10", clients, max(1, clients // 10), 0, visitors=1
        )
        for workload in (talk, visit):
            timed, _ = measured(Run(workload, "irc", "memory", rounds))
            counted, _ = measured(Run(workload, "irc", "memory", rounds, tally=True))
            for phase, all_rounds in timed.items():
                micros = min(each["all"] for each in all_rounds) / 1000
                calls = min(each["calls"] for each in counted[phase])
                columns.setdefault(f"{phase}: µs, calls", []).append(f"{micros:,.0f}, {calls:,}")
    return list(columns.items())


def stored(sizes: Sequence[tuple[int, int]], python: str, progress: Callable[[str], None]) -> list[Row]:
    """What starting and each question to the store cost with so much in it: milliseconds of CPU for the start, then
    steps of SQLite and microseconds. Raises RuntimeError, StoreError."""
    columns: dict[str, list[str]] = {}
    for messages, accounts in sizes:
        progress(f"{messages:,} messages, {accounts:,} accounts")
        with tempfile.TemporaryDirectory(prefix="evchat-bench-") as name:
            folder = Path(name) / "data"
            fill(folder, messages, accounts)
            start = min(start_up(folder, python) for _ in range(_STARTS))
            columns.setdefault("start-up: ms", []).append(f"{start * 1000:,.0f}")
            for question, price in prices(folder).items():
                cell = f"{price.steps:,}, {price.micros:,.0f}"
                columns.setdefault(f"{question}: steps, µs", []).append(cell)
    return list(columns.items())


def start_up(folder: Path, python: str = sys.executable) -> float:
    """CPU seconds that a server has used when it listens. Raises RuntimeError if it does not.

    The first start may compile the modules; those after it find them compiled, as every start of an installation does.
    """
    command = [python, "-m", "evchat", "--listen", "tcp://127.0.0.1:0", "--data", str(folder)]
    environ = {name: text for name, text in os.environ.items() if name != "PYTHONDONTWRITEBYTECODE"}
    with subprocess.Popen(
        command, cwd=ROOT, env=environ, stdout=subprocess.PIPE, stderr=subprocess.DEVNULL
    ) as server:
        assert server.stdout is not None
        try:
            for line in server.stdout:
                if line.startswith(b"listening "):
                    return cpu_of(server.pid)
        finally:
            server.terminate()
    raise RuntimeError("the server did not start")


def table(head: Sequence[str], rows: Sequence[Row]) -> str:
    """A table in Markdown."""
    lines = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * (len(head) - 1)]
    return "\n".join(lines + [f"| {name} | " + " | ".join(cells) + " |" for name, cells in rows])


def report(python: str, progress: Callable[[str], None]) -> str:
    """Both tables, as large as descriptors allow."""
    most = _descriptors() - 200
    counts = [count for count in CLIENTS if count <= most]
    one = table(["clients", *(f"{count:,}" for count in counts)], present(counts, progress))
    heads = [f"{messages:,}, {accounts:,}" for messages, accounts in STORED]
    two = table(["messages, accounts", *heads], stored(STORED, python, progress))
    return f"{one}\n\n{two}"


def _descriptors() -> int:
    import resource  # not there on Windows, where nothing here runs

    _, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    return hard if hard != resource.RLIM_INFINITY else os.sysconf("SC_OPEN_MAX")

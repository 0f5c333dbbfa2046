"""The server under test: starting one from this clone, and measuring any by its process id."""

from __future__ import annotations

import os
import re
import subprocess
import sys
import tempfile
from collections.abc import Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

_ROOT = Path(__file__).resolve().parents[2]
_STOP_SECONDS = 15


class StartError(Exception):
    """The server could not be started; the text says why."""


@dataclass(frozen=True, slots=True)
class Usage:
    """What a process has used: CPU seconds (user and system), memory and its peak in bytes (0: not known)."""

    cpu: float
    rss: int
    peak: int


def usage(pid: int | None) -> Usage | None:
    """What the process has used until now; None if there is no such process or the system does not tell."""
    if pid is None:
        return None
    try:
        if sys.platform == "linux":
            return _from_proc(Path(f"/proc/{pid}"))
        return _from_ps(pid)
    except (OSError, ValueError, subprocess.CalledProcessError):
        return None


def _from_proc(folder: Path) -> Usage:
    """See proc(5): fields 14 and 15 of `stat`, counted behind the name in brackets; VmRSS and VmHWM of `status`."""
    ticks = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
    memory = dict(re.findall(r"^(VmRSS|VmHWM):\s+(\d+) kB$", (folder / "status").read_text(), re.MULTILINE))
    return Usage(
        sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"),
        int(memory.get("VmRSS", 0)) * 1024,
        int(memory.get("VmHWM", 0)) * 1024,
    )


def _from_ps(pid: int) -> Usage:
    """What POSIX's ps tells: kilobytes, and the time as [[days-]hours:]minutes:seconds."""
    command = ["ps", "-o", "rss=", "-o", "time=", "-p", str(pid)]
    rss, clock = subprocess.run(command, capture_output=True, text=True, check=True).stdout.split()
    days, _, rest = clock.rpartition("-")
    seconds = 0.0
    for part in rest.split(":"):
        seconds = seconds * 60 + float(part)
    return Usage(int(days or 0) * 86400 + seconds, int(rss) * 1024, 0)


@contextmanager
def started(clients: int, memory: bool, arguments: Sequence[str]) -> Iterator[tuple[str, int]]:
    """Runs a server of this clone on a free port; yields its URL and process id. Raises StartError.

    Unless `memory` is set it keeps its data in a temporary directory. It is stopped with SIGTERM.
    """
    with (
        tempfile.TemporaryDirectory(prefix="evchat-loadtest-") as folder,
        (Path(folder) / "log").open("w+") as log,
    ):
        where = ["--memory"] if memory else ["--data", str(Path(folder) / "data")]
        command = [sys.executable, "-m", "evchat", "--listen", "tcp://127.0.0.1:0", "--insecure-no-limits"]
        command += [*where, "--max-clients", str(max(10_000, clients + 16)), *arguments]
        server = subprocess.Popen(command, cwd=_ROOT, stdout=subprocess.PIPE, stderr=log, text=True)
        try:
            assert server.stdout is not None
            line = server.stdout.readline()
            if not line.startswith("listening "):
                server.wait(_STOP_SECONDS)
                log.seek(0)
                raise StartError("The server did not start:\n" + (line + log.read()).strip()[-2000:])
            yield line.split()[1], server.pid
        finally:
            server.terminate()
            try:
                server.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()
            if server.stdout is not None:
                server.stdout.close()

"""The servers that are compared: how each is started, with its limits out of the way and all else as users run it."""

from __future__ import annotations

import os
import re
import shutil
import socket
import subprocess
import tempfile
import time
from collections.abc import Callable, Iterator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass
from pathlib import Path

ROOT = Path(__file__).resolve().parents[2]
_START_SECONDS = 20
_STOP_SECONDS = 5

_NGIRCD = """\
[Global]
    Name = bench.local
    Info = bench
    Listen = 127.0.0.1
    Ports = {port}
    MotdPhrase = "hi"
    AdminInfo1 = bench
    Network = bench
    {identity}
[Limits]
    ConnectRetry = 60
    MaxConnections = 0
    MaxConnectionsIP = 0
    MaxJoins = 0
    MaxNickLength = 20
    MaxPenaltyTime = 0
    MaxListSize = 0
    PingTimeout = 600
    PongTimeout = 600
[Options]
    DNS = no
    Ident = no
    PAM = no
    RequireAuthPing = no
"""

_INSPIRCD = """\
<config format="xml">
<server name="bench.local" description="bench" network="bench">
<admin name="bench" nick="bench" email="bench@localhost">
<bind address="127.0.0.1" port="{port}" type="clients">
<connect allow="*" timeout="120" threshold="4000000" commandrate="1000" fakelag="no" pingfreq="600"
  hardsendq="100000000" softsendq="50000000" recvq="1000000" localmax="100000" globalmax="100000"
  useident="no" resolvehostnames="no" useconnectban="no" limit="100000" maxchans="1000" modes="" uniqueusername="no">
<class name="bench" commands="*">
<type name="bench" classes="bench" host="bench">
<options maxtargets="20" defaultmodes="n" pingwarning="0" serverpingfreq="600">
<performance netbuffersize="10240" somaxconn="4096" softlimit="100000" quietbursts="yes" timeskipwarn="0">
<dns server="127.0.0.1" timeout="1">
<log method="file" level="default" type="* -USERINPUT -USEROUTPUT" target="/dev/null">
"""


@dataclass(frozen=True, slots=True)
class Subject:
    """A server to measure. `command` gets a port, an empty folder and the Python to use.

    `nagle` servers delay small packets until the last one is acknowledged, and the generator acknowledges theirs at
    once so that they need not wait. `backlog` is how many connections may be opened at a time.
    """

    name: str
    text: str
    dialect: str
    command: Callable[[int, Path, str], list[str]]
    program: str = ""
    nagle: bool = False
    backlog: int = 256

    @property
    def installed(self) -> bool:
        """Whether its program is there."""
        return not self.program or _program(self.program) is not None


def _program(name: str) -> str | None:
    return shutil.which(
        name, path=os.pathsep.join((os.environ.get("PATH", ""), "/usr/sbin", "/usr/local/sbin"))
    )


def _is_root() -> bool:
    return hasattr(os, "geteuid") and os.geteuid() == 0


def _ngircd(port: int, folder: Path, _python: str) -> list[str]:
    identity = "ServerUID = root\n    ServerGID = root" if _is_root() else ""
    (folder / "ngircd.conf").write_text(_NGIRCD.format(port=port, identity=identity))
    return [_program("ngircd") or "ngircd", "-n", "-f", str(folder / "ngircd.conf")]


def _inspircd(port: int, folder: Path, _python: str) -> list[str]:
    (folder / "inspircd.conf").write_text(_INSPIRCD.format(port=port))
    root = ["--runasroot"] if _is_root() else []
    return [
        _program("inspircd") or "inspircd", "--nofork", *root, "--nopid",
        "--config", str(folder / "inspircd.conf"),
    ]  # fmt: skip


def _evchat(*where: str) -> Callable[[int, Path, str], list[str]]:
    def command(port: int, folder: Path, python: str) -> list[str]:
        kept = [word.format(folder=folder) for word in where]
        return [python, "-m", "evchat", "--listen", f"tcp://127.0.0.1:{port}", "--insecure-no-limits", *kept]

    return command


SUBJECTS: Mapping[str, Subject] = {
    subject.name: subject
    for subject in (
        Subject("ngircd", "ngircd", "irc", _ngircd, "ngircd", nagle=True, backlog=8),
        Subject("inspircd", "InspIRCd", "irc", _inspircd, "inspircd", nagle=True),
        Subject("evchat", "evchat, IRC, --memory", "irc", _evchat("--memory")),
        Subject("evchat-json", "evchat, JSON, --memory", "json", _evchat("--memory")),
        Subject("evchat-sqlite", "evchat, IRC, SQLite", "irc", _evchat("--data", "{folder}/data")),
    )
}
REFERENCES = ("ngircd", "inspircd")
"""The subjects that the others are compared with."""


@dataclass(frozen=True, slots=True)
class Running:
    """A started server."""

    subject: Subject
    port: int
    pid: int

    def cpu(self) -> float:
        """CPU seconds until now. Raises OSError."""
        return cpu_of(self.pid)

    def rss(self) -> int:
        """Bytes of memory that it occupies now. Raises OSError."""
        status = Path(f"/proc/{self.pid}/status").read_text()
        found = re.search(r"^VmRSS:\s+(\d+) kB$", status, re.MULTILINE)
        return int(found[1]) * 1024 if found else 0


def cpu_of(pid: int) -> float:
    """CPU seconds of all threads of a process until now. Raises OSError."""
    tasks = Path(f"/proc/{pid}/task").glob("*/schedstat")
    return sum(int(task.read_text().split()[0]) for task in tasks) / 1e9


@contextmanager
def started(subject: Subject, python: str, core: int | None) -> Iterator[Running]:
    """Runs a server on a free port, and only on one core if one is given. Raises RuntimeError if it does not start."""
    with (
        tempfile.TemporaryDirectory(prefix="evchat-bench-") as folder,
        (Path(folder) / "log").open("w+") as log,
    ):
        port = _free_port()
        server = subprocess.Popen(
            subject.command(port, Path(folder), python),
            cwd=ROOT if not subject.program else folder,
            stdin=subprocess.DEVNULL,
            stdout=log,
            stderr=log,
        )
        try:
            if core is not None:
                os.sched_setaffinity(server.pid, {core})
            if not _listens(port, server):
                log.seek(0)
                raise RuntimeError(f"{subject.name} did not start: {log.read()[-1000:]}")
            yield Running(subject, port, server.pid)
        finally:
            server.terminate()
            try:
                server.wait(_STOP_SECONDS)
            except subprocess.TimeoutExpired:
                server.kill()
                server.wait()


def _free_port() -> int:
    with socket.create_server(("127.0.0.1", 0)) as probe:
        return int(probe.getsockname()[1])


def _listens(port: int, server: subprocess.Popen[bytes]) -> bool:
    end = time.monotonic() + _START_SECONDS
    while time.monotonic() < end and server.poll() is None:
        with socket.socket() as probe:
            if probe.connect_ex(("127.0.0.1", port)) == 0:
                return True
        time.sleep(0.02)
    return False

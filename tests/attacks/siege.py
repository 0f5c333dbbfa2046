"""A server under attack: who attacks it, three canaries, what it uses, and the verdict."""

from __future__ import annotations

import json
import os
import re
import selectors
import socket
import struct
import subprocess
import sys
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from tests.e2e.harness import DEADLINE, Client, Full, Server

SITES = 16
"""Addresses from which attackers come in turn, none of them the canaries': limits of one address alone must not do."""
LONGEST = 5_000.0
"""Milliseconds of a canary's worst round trip that no busy machine makes of what should be some tens."""
MEMORY, PEAK = 40.0, 128.0
"""MiB that may stay when the attackers have gone, of which 16 are what hashing one password takes, and MiB that may be
used meanwhile: 64 are what all may owe together."""
CPU = 4.0
"""Seconds of CPU time that the server may spend on an attack of the tests' size."""
_CANARY = Path(__file__).with_name("canary.py")


@dataclass(frozen=True)
class Usage:
    """What a process uses: MiB now, MiB at most, seconds of CPU time, descriptors (proc(5))."""

    memory: float
    peak: float
    cpu: float
    descriptors: int

    @classmethod
    def of(cls, pid: int) -> Usage:
        folder = Path(f"/proc/{pid}")
        status = dict(re.findall(r"^(Vm\w+):\s+(\d+) kB$", (folder / "status").read_text(), re.MULTILINE))
        ticks = (folder / "stat").read_text().rpartition(")")[2].split()[11:13]
        return cls(
            int(status["VmRSS"]) / 1024,
            int(status["VmHWM"]) / 1024,
            sum(map(int, ticks)) / os.sysconf("SC_CLK_TCK"),
            len(list((folder / "fd").iterdir())),
        )


@dataclass(frozen=True)
class Verdict:
    """What an attack did to everybody else."""

    worst: float
    """The longest round trip of a canary, in milliseconds."""
    peak: float
    """MiB that the server used at most, beyond what it used before."""
    cpu: float
    """Seconds of CPU time that the server spent."""
    faults: tuple[str, ...]
    """What must not be; nothing, if all is well."""


class Canaries:
    """The process of the three canaries; see canary.py."""

    def __init__(self, port: int) -> None:
        self._process = subprocess.Popen(
            [sys.executable, "-I", "-S", str(_CANARY), str(port)],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            bufsize=0,
        )
        assert self._process.stdin is not None and self._process.stdout is not None
        self._stdin, self._stdout = self._process.stdin, self._process.stdout
        told = self._stdout.readline()
        assert told == b"up\n", told

    def begin(self) -> None:
        """They begin to talk."""
        self._stdin.write(b"b")

    def end(self) -> dict[str, dict[str, Any]] | str:
        """They end; what each of them noticed, or why they are dead."""
        try:
            self._stdin.write(b"e")
        except BrokenPipeError:
            pass  # they say why
        told: dict[str, Any] = json.loads(self._stdout.read())
        return told.get("dead") or told

    def close(self) -> None:
        """Ends the process if need be."""
        self._process.kill()
        self._stdin.close()
        self._stdout.close()
        self._process.wait()


class Siege:
    """A server with its default limits, its attackers and its canaries. `size` 1 is for tests, more for figures."""

    def __init__(self, server: type[Server], data: Path, size: int = 1) -> None:
        self.data = data
        """The server's data directory."""
        self.server = server("--data", str(data), dear_passwords=True)
        self.size = size
        self.seconds = 0.4 * size
        """How long a flood goes on at most."""
        self._connected = 0
        self._socks: list[socket.socket] = []
        self.witness = Full(self.server.connect(), "witness")
        """Somebody in #main who hears what the attackers say."""
        self._canaries: Canaries | None = None

    # What attackers do

    def connect(
        self, data: bytes = b"", *, read: bool = True, site: int | None = None, port: int = 0
    ) -> Client:
        """A connection that has sent `data`; unless it is to `read`, it has hardly any room for what comes.

        It goes to the first listener of the server, unless a `port` is given.

        Each comes from the next address, unless the number of one is given.
        """
        self._connected += 1
        sock = socket.socket()
        self._socks.append(sock)
        sock.settimeout(DEADLINE)
        if not read:
            sock.setsockopt(socket.SOL_SOCKET, socket.SO_RCVBUF, 4096)
        sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        sock.bind((f"127.0.66.{(self._connected if site is None else site) % SITES + 1}", 0))
        host, first = self.server.where
        sock.connect((host, port or first))
        client = Client(sock)
        if data:
            client.send(data)
        return client

    def guest(self, name: str, *, read: bool = True, site: int | None = None) -> Full:
        """A full JSON client that has logged in."""
        return Full(self.connect(read=read, site=site).sock, name)

    def guests(self, count: int = 16, name: str = "guest") -> list[Full]:
        """Several of them."""
        return [self.guest(f"{name}{number}") for number in range(count)]

    def irc(self, nick: str, caps: str = "", *, read: bool = True) -> Client:
        """An IRC client that has logged in and joined #main, with these capabilities."""
        asked = f"CAP REQ :{caps}\r\n" if caps else ""
        entered = f"{asked}NICK {nick}\r\nUSER x 0 * :x\r\n{'CAP END' if caps else ''}\r\nJOIN #main\r\n"
        client = self.connect(entered.encode(), read=read)
        client.read_until(lambda heard: b" 366 " in heard)
        client.buffer = b""
        return client

    def flood(
        self, clients: Sequence[Client], data: bytes | Callable[[int], bytes], *, read: bool = True
    ) -> bytes:
        """All send what they have, as fast as it is taken, until it is or time is up. Returns the end of what came.

        `data` may be a function of the client's place in the sequence.
        """
        end = time.monotonic() + self.seconds
        heard = b""
        left = {
            c.sock: memoryview(data if isinstance(data, bytes) else data(n)) for n, c in enumerate(clients)
        }
        with selectors.DefaultSelector() as selector:
            for client in clients:
                client.sock.setblocking(False)
                selector.register(client.sock, selectors.EVENT_WRITE | (selectors.EVENT_READ if read else 0))
            while selector.get_map() and (now := time.monotonic()) < end:
                for key, events in selector.select(end - now):
                    sock = key.fileobj
                    assert isinstance(sock, socket.socket)
                    try:
                        if events & selectors.EVENT_WRITE:
                            left[sock] = left[sock][sock.send(left[sock][:65536]) :]
                        if events & selectors.EVENT_READ:
                            data_in = sock.recv(1 << 20)
                            if not data_in:
                                raise ConnectionError
                            heard = heard[-100_000:] + data_in
                    except BlockingIOError:
                        pass  # it was ready, and is not any more
                    except OSError:
                        selector.unregister(sock)
                        continue
                    if not left[sock]:
                        if not read:
                            selector.unregister(sock)
                        elif events & selectors.EVENT_WRITE:
                            selector.modify(sock, selectors.EVENT_READ)
                if read and not any(left.values()):
                    end = min(end, time.monotonic() + self.seconds / 4)  # for the last answers
        for client in clients:
            client.sock.settimeout(DEADLINE)
        return heard

    def reset(self, clients: Iterable[Client]) -> None:
        """Connections break off with a reset."""
        for client in clients:
            client.sock.setsockopt(socket.SOL_SOCKET, socket.SO_LINGER, struct.pack("ii", 1, 0))
            client.close()

    def kept(self) -> int:
        """Bytes in the data directory."""
        return sum(file.stat().st_size for file in self.data.iterdir())

    # What everybody else notices

    def endure(self, attack: Callable[[Siege], object]) -> Verdict:
        """Lets the attack happen, and says what came of it."""
        self._canaries = canaries = Canaries(self.server.where[1])
        before = Usage.of(self.server.process.pid)
        canaries.begin()
        attack(self)
        told = canaries.end()
        if self.server.process.poll() is not None:
            return Verdict(0, 0, 0, ("the server has ended",))
        during = Usage.of(self.server.process.pid)
        used = during.peak - before.peak, during.cpu - before.cpu
        if isinstance(told, str):
            return Verdict(0, *used, (told,))
        self._leave()
        faults = [f"{name}: {canary['wrong']}" for name, canary in told.items() if canary["wrong"]]
        worst = max(canary["worst"] for canary in told.values())
        return Verdict(worst, *used, (*faults, *self._judge(worst, *used, before, self._settled(before))))

    def _judge(self, worst: float, peak: float, cpu: float, before: Usage, after: Usage) -> Iterator[str]:
        """What is over its bound."""
        if worst > LONGEST:
            yield f"a canary waited for {worst:.0f} ms"
        if after.descriptors > before.descriptors:
            yield f"{after.descriptors - before.descriptors} descriptors stay open"
        if after.memory - before.memory > MEMORY:
            yield f"{after.memory - before.memory:.0f} MiB of memory stay"
        if peak > PEAK:
            yield f"{peak:.0f} MiB of memory were used"
        if cpu > CPU * self.size:
            yield f"{cpu:.1f} s of CPU time were spent"

    def _settled(self, before: Usage) -> Usage:
        """What the server uses once it has buried the attackers; each round trip is at least one pass of its loop."""
        end = time.monotonic() + DEADLINE
        while True:
            assert self.witness.request("ping", "settled")["content"] == "settled"
            after = Usage.of(self.server.process.pid)
            if after.descriptors <= before.descriptors or time.monotonic() > end:
                return after

    def _leave(self) -> None:
        for sock in self._socks:
            sock.close()
        self._socks.clear()

    def close(self) -> None:
        """Ends attackers, canaries and the server, which must have seen no bug."""
        self._leave()
        if self._canaries is not None:
            self._canaries.close()
        self.witness.close()
        self.server.stop()


def objects(*requests: dict[str, Any]) -> bytes:
    """Requests as JSON, each on a line."""
    return b"".join(json.dumps(request, ensure_ascii=False).encode() + b"\n" for request in requests)

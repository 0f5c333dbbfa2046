"""Lets a town of clients of every dialect live on a server for a while: nothing may be lost, and nothing may grow.

    python3 scripts/soak.py                   half an hour
    python3 scripts/soak.py --seconds 120     two minutes, as in CI

Clients come and go over TCP, TLS and WebSocket: they talk, ask, read too slowly, send nonsense, say goodbye or die. A
watcher in every room hears each line once, in order, without a hole. At the end the server is killed (`kill -9`),
started again, and its history compared with what was heard. Its memory is measured once a second: after the warm-up
(a third of the time) it may grow by at most `--slope` MiB in ten minutes, and its descriptors not at all. Exit code 1
if anything of this does not hold.
"""

from __future__ import annotations

import argparse
import os
import random
import selectors
import shutil
import socket
import ssl
import subprocess
import sys
import tempfile
import time
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

from crashtest import Client
from load.server import usage
from soaking.book import Book, Failure
from soaking.people import KINDS, ROOMS, Person, Watcher
from soaking.wires import Plain, ways

ROOT = Path(__file__).resolve().parent.parent
HOST = "127.0.0.1"
_PATIENCE = 60.0
"""Seconds until what must happen has not."""
_MIB = 1024 * 1024
_CHRONICLE = "#chronicle"
_CHAPTERS = 120
"""Of 500 lines, 250 KiB: 30 MiB, and the server keeps 16 MiB of its database in memory."""

_LIMITS = {
    # So that those who do not read are cut in seconds, and what is kept for them is little beside what is measured.
    "EVCHAT_PAUSE_ABOVE": "32768", "EVCHAT_OUTPUT_SOFT": "65536", "EVCHAT_OUTPUT_HARD": "131072",
    "EVCHAT_OUTPUT_SOFT_SECONDS": "5",
}  # fmt: skip


@contextmanager
def running(data: Path) -> Iterator[tuple[int, subprocess.Popen[str]]]:
    """A server on this data; its port, and its process, which is killed at the end."""
    command = [sys.executable, "-m", "evchat", "--listen", f"tcp://{HOST}:0", "--data", str(data / "store")]
    settings = data / "evchat.toml"
    settings.write_text(
        "".join(f'[channels."{room}"]\n' for room in ROOMS), "utf-8"
    )  # so that they outlive their members
    command += ["--config", str(settings), "--insecure-no-limits", "--log-level", "warning"]
    environ = {**os.environ, **_LIMITS}
    if (data / "evchat-cert.pem").exists():
        environ |= {
            "EVCHAT_TLS_CERT": str(data / "evchat-cert.pem"),
            "EVCHAT_TLS_KEY": str(data / "evchat-key.pem"),
        }
    with (data / "log").open("a") as log:
        process = subprocess.Popen(
            command, stdout=subprocess.PIPE, stderr=log, text=True, cwd=ROOT, env=environ
        )
    assert process.stdout is not None
    try:
        line = process.stdout.readline()
        if not line.startswith("listening "):
            raise Failure("the server did not start:\n" + (data / "log").read_text())
        yield int(line.rpartition(":")[2]), process
    finally:
        process.kill()
        process.wait()
        process.stdout.close()


def fill(port: int) -> None:
    """Makes the database larger than what the server keeps of it in memory, which otherwise grows for long."""
    client = Client(port, "chronicler")
    client.ask(request="join", content=_CHRONICLE)
    for number in range(_CHAPTERS):
        for line in range(500):
            client.put(request="msg", to=_CHRONICLE, content=f"{number}.{line} " + "lorem ipsum " * 40)
        client.ask(request="ping")
    client.sock.close()


class Town:
    """All clients, in one loop."""

    def __init__(self, port: int, people: int, seed: int, *, tls: bool) -> None:
        self.book = Book()
        self.chance = random.Random(seed)
        self.port = port
        self._people = people
        self._ways = list(ways(HOST, port, tls=tls))
        self._selector = selectors.DefaultSelector()
        self.inhabitants: set[Person] = set()
        self._born = 0
        self.watcher = Watcher(self.book, "watcher", Plain())
        self._arrive(self.watcher)

    def _arrive(self, person: Person) -> None:
        person.sock = sock = socket.socket()
        if person.kind == "deaf":
            sock.setsockopt(
                socket.SOL_SOCKET, socket.SO_RCVBUF, 4096
            )  # so that the kernel holds little for it
        sock.settimeout(_PATIENCE)
        sock.connect((HOST, self.port))
        sock.setblocking(False)
        self.inhabitants.add(person)
        self._selector.register(person.sock, selectors.EVENT_READ | selectors.EVENT_WRITE, person)
        person.begin()
        self.book.events[f"{person.kind} over {type(person.wire).__name__}"] += 1

    def _bear(self) -> None:
        kind = self.chance.choice(KINDS)
        self._born += 1
        # JSON alone is spoken over WebSocket here; every dialect over TLS.
        choice = self._ways if kind.kind == "json" else self._ways[:2]
        wire = self.chance.choice(choice)() if kind.kind not in ("hostile", "ktn") else Plain()
        self._arrive(kind(self.book, f"{kind.kind}{self._born}", wire))

    def live(self, seconds: float) -> None:
        """Lets everybody act for a while, each about three times a second. Somebody comes or goes now and then."""
        end = time.monotonic() + seconds
        due = time.monotonic()
        while (now := time.monotonic()) < end:
            while due <= now:
                due += 0.1
                self._tenth()
            self.turn(max(min(due, end) - time.monotonic(), 0))

    def _tenth(self) -> None:
        if len(self.inhabitants) < self._people:
            self._bear()
        others = [person for person in self.inhabitants if person is not self.watcher]
        if len(others) > self._people // 2 and self.chance.random() < 0.2:
            self._part(self.chance.choice(others))
        for person in others:
            if not person.gone and not person.leaving and self.chance.random() < 0.3:
                person.act(self.chance)
        self.watcher.act(self.chance)

    def _part(self, person: Person) -> None:
        if self.chance.random() < 0.5 and not person.leaving:
            person.leave()
        else:
            self.book.events["killed"] += 1
            person.kill()
            self._close(person)

    def turn(self, timeout: float) -> None:
        """Sends and receives what can be."""
        for person in self.inhabitants:
            events = selectors.EVENT_READ if person.reads else 0
            events |= selectors.EVENT_WRITE if person.out else 0
            self._selector.modify(person.sock, events or selectors.EVENT_WRITE, person)
        for key, events in self._selector.select(timeout):
            person = key.data
            try:
                if events & selectors.EVENT_WRITE and person.out:
                    person.out = person.out[person.sock.send(person.out) :]
                if events & selectors.EVENT_READ:
                    self._read(person)
            except BlockingIOError:
                pass
            except ssl.SSLError as problem:
                raise Failure(f"{person.kind}: {problem}") from problem
            except OSError:
                self.book.events[f"{person.kind} was cut"] += 1
                self._close(person)

    def _read(self, person: Person) -> None:
        data = person.sock.recv(65_536)
        if data:
            person.receive(data)
            return
        person.closed()
        if person is self.watcher:
            raise Failure("the watcher was cut")
        self._close(person)

    def _close(self, person: Person) -> None:
        person.gone = True
        self.inhabitants.discard(person)
        self._selector.unregister(person.sock)
        person.sock.close()

    def settle(self) -> None:
        """Waits until nothing is owed any more: all who are left say goodbye, and the watcher has heard everything."""
        for person in list(self.inhabitants):
            if person is self.watcher:
                continue
            person.reads = True
            if person.kind in ("hostile", "deaf", "ktn"):  # whom the server does not hang up on
                self._close(person)
            else:
                person.leave()
        end = time.monotonic() + _PATIENCE
        while len(self.inhabitants) > 1 or self.book.owed:
            if time.monotonic() > end:
                left = sorted(self.book.owed)[:3]
                stay = sorted(person.kind for person in self.inhabitants)
                raise Failure(
                    f"{len(self.book.owed)} lines were taken and never heard, such as {left}; {stay} stay"
                )
            self.watcher.act(self.chance)
            self.turn(0.05)


class Samples:
    """Memory and descriptors of the server, once a second."""

    def __init__(self, pid: int) -> None:
        self._pid = pid
        self.memory: list[tuple[float, int]] = []
        self.descriptors: list[int] = []

    def take(self, connections: int) -> None:
        """Measures once; `connections` are those that the town holds."""
        used = usage(self._pid)
        assert used is not None
        self.memory.append((time.monotonic(), used.rss))
        self.descriptors.append(len(list(Path(f"/proc/{self._pid}/fd").iterdir())) - connections)

    def slope(self) -> float:
        """MiB in ten minutes: the line that fits best (least squares)."""
        times = [at for at, _ in self.memory]
        middle = sum(times) / len(times)
        mean = sum(size for _, size in self.memory) / len(self.memory)
        above = sum((at - middle) * (size - mean) for at, size in self.memory)
        below = sum((at - middle) ** 2 for at in times)
        return above / below * 600 / _MIB


def soak(options: argparse.Namespace, data: Path) -> None:
    """Runs the soak. Raises Failure."""
    tls = _certified(data)
    with running(data) as (port, server):
        fill(port)
        town = Town(port, options.people, options.seed, tls=tls)
        warm = options.seconds / 3
        town.live(warm)
        samples = Samples(server.pid)
        begun = time.monotonic()
        while time.monotonic() - begun < options.seconds - warm:
            town.live(1.0)
            samples.take(len(town.inhabitants))
            if len(samples.memory) % 60 == 0:
                print(f"{samples.memory[-1][1] / _MIB:.1f} MiB, {len(town.inhabitants)} clients", flush=True)
        town.settle()
        print(
            f"{len(town.book.said):,} lines said, {len(town.book.heard):,} heard, by {town._born:,} clients"
        )
        for what, count in sorted(town.book.events.items()):
            print(f"  {count:8,} {what}")
        growth, first, last = samples.slope(), samples.memory[0][1], samples.memory[-1][1]
        print(f"memory {first / _MIB:.1f} MiB, then {last / _MIB:.1f} MiB: {growth:+.2f} MiB in ten minutes")
        early, late = (
            sorted(samples.descriptors[: len(samples.descriptors) // 2]),
            sorted(samples.descriptors),
        )
        print(f"descriptors beside connections: {early[len(early) // 2]}, then {late[len(late) // 2]}")
        if growth > options.slope:
            raise Failure(f"memory grows by {growth:.2f} MiB in ten minutes")
        if late[len(late) // 2] > early[len(early) // 2] + 2:
            raise Failure("descriptors are left open")
    _compare(data, town.book)
    problems = [line for line in (data / "log").read_text().splitlines() if " error " in line]
    if problems:
        raise Failure("the log has errors:\n" + "\n".join(problems[:5]))


def _compare(data: Path, book: Book) -> None:
    """After `kill -9`: the history must hold what was heard."""
    with running(data) as (port, _):
        client = Client(port, "judge")
        for room in (*ROOMS, "#main"):
            client.ask(request="join", content=room)
            found: list[tuple[int, str]] = []
            while True:
                after = found[-1][0] if found else 0
                answer = client.ask(request="history", to=room, after=after, limit=1000)
                page = [(message["seq"], message["content"]) for message in answer.get("content") or []]
                if not page:
                    break
                found += page
            book.compare(room, found)
    print("after kill -9 the history holds all of it, once")


def _certified(data: Path) -> bool:
    """Makes a certificate, where openssl is there to do so."""
    if shutil.which("openssl") is None:
        return False
    subprocess.run(
        [sys.executable, "-m", "evchat", "--make-cert", str(data)],
        cwd=ROOT,
        check=True,
        stdout=subprocess.DEVNULL,
    )
    return True


def main() -> int:
    """Returns the exit code."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--seconds", type=float, default=1800.0, metavar="S")
    parser.add_argument("--people", type=int, default=60, metavar="N", help="clients at once")
    parser.add_argument(
        "--slope", type=float, default=1.0, metavar="MIB", help="growth allowed in ten minutes"
    )
    parser.add_argument("--seed", type=int, default=random.randrange(2**31))
    options = parser.parse_args()
    print(f"seed {options.seed}")
    with tempfile.TemporaryDirectory(prefix="evchat-soak-") as folder:
        try:
            soak(options, Path(folder))
        except Failure as problem:
            print(f"FAILED: {problem}", file=sys.stderr)
            return 1
    return 0


if __name__ == "__main__":
    raise SystemExit(main())

"""What the dearest requests of sixteen guests do to everybody else.

    python scripts/dearest.py                         every command in turn, and what a canary's pings take meanwhile
    python scripts/dearest.py search history          only questions with these words
    python scripts/dearest.py --store DIR             keeps the store with its million messages there for the next time

For each question: the canary's worst round trip and its median, and the most CPU time of one pass of the server's
loop, which doesn't depend on what else the machine does.
"""

from __future__ import annotations

import argparse
import json
import re
import selectors
import shutil
import socket
import subprocess
import sys
import tempfile
import threading
import time
from dataclasses import replace
from functools import partial
from pathlib import Path
from typing import IO

from evchat import log
from evchat.server.client import TOKEN, Throttle
from evchat.server.server import Server
from evchat.settings.model import DEFAULTS, Config, Limits
from evchat.storage.sqlite.store import SqliteStore
from hostile.data import Size, fill, people
from hostile.questions import irc_lines, lines

_GUESTS = 16
_CANARIES = 8
_CANARY_PAUSE = 0.3
"""Seconds between two pings of one canary: below the rate limit."""
_FAREWELLS = 8
"""Times that tokens are given to guests who have gone, so that the server comes to the end of what they had sent."""
_LAW = 250.0


# ---- the server, in a process of its own --------------------------------------------------------------------------


class _Watch:
    """How much CPU time the passes of a loop take."""

    def __init__(self, server: Server) -> None:
        self._server = server
        self._run_once = server.loop.run_once
        self.worst = self.total = 0.0
        server.loop.run_once = self._timed  # type: ignore[method-assign]

    def _timed(self, timeout: float | None = None) -> None:
        before = time.thread_time()
        self._run_once(timeout)
        took = time.thread_time() - before
        self.worst = max(self.worst, took)
        self.total += took

    def report(self) -> None:
        """Prints the figures and begins anew; everybody has all tokens again."""
        print(json.dumps([self.worst * 1000, self.total * 1000]), flush=True)
        self.worst = self.total = 0.0
        now = self._server.loop.time()
        for client in self._server.front.clients.values():
            client.throttle = Throttle(DEFAULTS.command_burst, DEFAULTS.command_rate, now)
            self._server.front._ingress._release(client, TOKEN)


def _serve(directory: Path, size: Size) -> int:
    # Each guest is as if from an address of its own: what one address may do in all is another matter.
    limits = Limits(site_burst=10**9, site_rate=1e9)
    config = Config(listen=("tcp://127.0.0.1:0",), limits=limits)
    log.set_up("error", "text")
    store = SqliteStore(directory, "normal", config.limits)
    quiet = replace(config, limits=replace(config.limits, recent_messages=0))
    server = Server(quiet, store)
    people(server.back, size)
    server.back.set_config(config)
    watch = _Watch(server)

    def listen() -> None:
        for _ in sys.stdin:
            server.loop.call_threadsafe(watch.report)
        server.loop.call_threadsafe(lambda: server.stop("The attack is over."))

    (url,) = server.open()
    print(url, flush=True)
    threading.Thread(target=listen, daemon=True).start()
    return server.run()


class _Victim:
    """The server under attack."""

    def __init__(self, directory: Path, size: Size) -> None:
        options = ["--serve", str(directory), *_options(size)]
        self.process = subprocess.Popen(
            [sys.executable, __file__, *options], stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True
        )
        found = re.search(r":(\d+)$", _pipe(self.process.stdout).readline().strip())
        if found is None:
            raise SystemExit("the server did not start")
        self.port = int(found[1])

    def report(self) -> tuple[float, float]:
        """Milliseconds of CPU time since the last report: of the dearest pass, and of all."""
        _pipe(self.process.stdin).write("\n")
        _pipe(self.process.stdin).flush()
        worst, total = json.loads(_pipe(self.process.stdout).readline())
        return worst, total

    def stop(self) -> None:
        _pipe(self.process.stdin).close()
        self.process.wait()


def _pipe(pipe: IO[str] | None) -> IO[str]:
    assert pipe is not None
    return pipe


def _options(size: Size) -> list[str]:
    return [f"--{name}={getattr(size, name)}" for name in ("channels", "users", "messages", "pairs", "inbox")]


# ---- the guests and the canaries ----------------------------------------------------------------------------------


class _Peer:
    """A connection that sends what it can and throws away what it hears."""

    def __init__(self, port: int, greeting: bytes, until: bytes) -> None:
        self.sock = socket.create_connection(("127.0.0.1", port), 60)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self.heard = b""
        self.ask(greeting, until)
        self.out = b""
        self.gone = False
        """Whether the server has hung up."""

    def ask(self, request: bytes, until: bytes) -> None:
        """Sends something, and waits for an answer."""
        self.sock.sendall(request)
        self.heard = b""
        while until not in self.heard:
            data = self.sock.recv(1 << 20)
            if not data:
                raise SystemExit(f"the server hung up: {self.heard[-300:]!r}")
            self.heard = self.heard[-1000:] + data

    def serve(self, readable: bool, writable: bool) -> None:
        """Takes what is there, and sends what there is room for."""
        try:
            if readable and not self.sock.recv(1 << 20):
                self.gone = True
            if writable and self.out:
                self.out = self.out[self.sock.send(self.out[: 1 << 16]) :]
        except BlockingIOError:
            return
        except OSError:
            self.gone = True


class _Canary:
    """A connection that pings."""

    def __init__(self, port: int, number: int) -> None:
        self.peer = _Peer(port, _hello(f"canary{number}"), b'"L"')
        self.due = time.perf_counter() + number * _CANARY_PAUSE / _CANARIES
        self.sent = 0.0
        self.heard = b""
        self.took: list[float] = []

    def ping(self, now: float) -> None:
        """Pings if it is time."""
        if not self.sent and now >= self.due:
            self.sent = time.perf_counter()
            self.heard = b""
            self.peer.sock.send(b'{"request":"ping","content":"x","id":"canary"}\n')

    def read(self) -> None:
        """Hears something, perhaps the answer."""
        self.heard = self.heard[-20:] + self.peer.sock.recv(1 << 20)
        if self.sent and b'"canary"' in self.heard:
            now = time.perf_counter()
            self.took.append((now - self.sent) * 1000)
            self.sent, self.due = 0.0, now + _CANARY_PAUSE


def _hello(name: str) -> bytes:
    hello = {"request": "hello", "content": {"version": 1, "client": "attack"}}
    return f"{json.dumps(hello)}\n{json.dumps({'request': 'login', 'content': name, 'id': 'L'})}\n".encode()


def _guest(port: int, number: int) -> _Peer:
    """A guest who is in 99 channels, and speaks JSON."""
    guest = _Peer(port, _hello(f"guest{number}"), b'"L"')
    while (
        b"name-taken" in guest.heard
    ):  # the server has not yet found out that the one of the last question has gone
        guest.sock.close()
        time.sleep(0.5)
        guest = _Peer(port, _hello(f"guest{number}"), b'"L"')
    places = [f"#own{number}", *(f"#c{place}" for place in range(98))]
    guest.ask(json.dumps({"request": "join", "content": places, "id": "J"}).encode() + b"\n", b'"J"')
    return guest


def _chatter(port: int, number: int) -> _Peer:
    """A guest who speaks IRC."""
    return _Peer(port, f"NICK irc{number}\r\nUSER x 0 * :x\r\nJOIN #main\r\n".encode(), b" 366 ")


def _attack(
    guests: list[_Peer], canaries: list[_Canary], asked: list[list[bytes]], seconds: float
) -> list[float]:
    """What the canaries' pings take, in ms, sorted, while each guest asks what is its own to ask."""
    for canary in canaries:
        canary.took.clear()
    selector = selectors.DefaultSelector()
    for guest, own in zip(guests, asked, strict=True):
        guest.out = b"".join(own)
        guest.sock.setblocking(False)
        selector.register(guest.sock, selectors.EVENT_READ | selectors.EVENT_WRITE, guest)
    for canary in canaries:
        selector.register(canary.peer.sock, selectors.EVENT_READ, canary)
    end = time.perf_counter() + seconds
    while (now := time.perf_counter()) < end or any(canary.sent for canary in canaries):
        for canary in canaries:
            if now < end:
                canary.ping(now)
        for key, events in selector.select(0.005):
            if isinstance(key.data, _Canary):
                key.data.read()
            else:
                key.data.serve(bool(events & selectors.EVENT_READ), bool(events & selectors.EVENT_WRITE))
                if key.data.gone:
                    selector.unregister(key.fd)
                elif not key.data.out and events & selectors.EVENT_WRITE:
                    selector.modify(key.fd, selectors.EVENT_READ, key.data)
        if now > end + 60:
            raise SystemExit("the server does not answer any more")
    selector.close()
    return sorted(took for canary in canaries for took in canary.took)


def _quieten(victim: _Victim, guests: list[_Peer], canaries: list[_Canary]) -> None:
    """Waits until everything that was asked has been answered."""
    quiet = 0
    while quiet < 2:
        _attack(guests, canaries, [[] for _ in guests], 0.2)
        quiet = quiet + 1 if victim.report()[1] < 20 else 0


def _besiege(directory: Path, size: Size, words: list[str], seconds: float) -> bool:
    """Asks everything; whether the law held."""
    victim = _Victim(directory, size)
    rows = []
    try:
        canaries = [_Canary(victim.port, number) for number in range(_CANARIES)]
        for enter, ask in (
            (partial(_guest, victim.port), lines),
            (partial(_chatter, victim.port), irc_lines),
        ):
            asked = [ask(number) for number in range(_GUESTS)]
            for label in asked[0]:
                if words and not any(word.lower() in label.lower() for word in words):
                    continue
                _quieten(victim, [], canaries)
                peers = [enter(number) for number in range(_GUESTS)]
                _quieten(victim, peers, canaries)
                victim.report()
                took = _attack(peers, canaries, [each[label] for each in asked], seconds)
                row = (took[-1], took[len(took) // 2], *victim.report(), label)
                print(
                    "worst {:6.0f} ms  median {:5.0f} ms  dearest pass {:6.0f} ms  CPU {:6.0f} ms  {}".format(
                        *row
                    ),
                    flush=True,
                )
                rows.append(row)
                for peer in peers:
                    peer.sock.close()
                for _ in range(_FAREWELLS):
                    victim.report()
                    time.sleep(0.05)
    finally:
        victim.stop()
    rows.sort(reverse=True)
    print("\nThe dearest:")
    for row in rows[:15]:
        print("worst {:6.0f} ms  median {:5.0f} ms  dearest pass {:6.0f} ms  CPU {:6.0f} ms  {}".format(*row))
    return not rows or rows[0][0] < _LAW


def main() -> int:
    """Reads the arguments and does it."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0] if __doc__ else None)
    parser.add_argument("words", nargs="*", help="only questions in which one of these words occurs")
    parser.add_argument("--store", type=Path, help="where the store is, or is to be made")
    parser.add_argument("--serve", type=Path, help=argparse.SUPPRESS)
    parser.add_argument("--seconds", type=float, default=2.0, help="for how long each question is asked")
    for name in ("channels", "users", "messages", "pairs", "inbox"):
        parser.add_argument(f"--{name}", type=int, default=getattr(Size, name))
    args = parser.parse_args()
    size = Size(args.channels, args.users, args.messages, _GUESTS, args.pairs, args.inbox)
    if args.serve:
        return _serve(args.serve, size)
    with tempfile.TemporaryDirectory() as scratch:
        made = args.store or Path(scratch) / "made"
        if not made.exists():
            began = time.perf_counter()
            fill(made, size)
            print(f"the store was made in {time.perf_counter() - began:.0f} s")
        copy = Path(scratch) / "copy"
        shutil.copytree(made, copy)
        held = _besiege(copy, size, args.words, args.seconds)
    return 0 if held else 1


if __name__ == "__main__":
    sys.exit(main())

"""Three honest users, one a dialect, who talk in a channel of their own while others attack.

Run as a program, with the server's port as its argument: it prints `up` once all three have joined, begins to talk at
a byte on stdin, ends at the next one, and prints as JSON what each of them noticed:

    {"json": {"worst": 3.2, "count": 14, "wrong": ""}, "text": ..., "irc": ...}

`worst` is the longest round trip in milliseconds, `count` how many there were, and `wrong` says what was lost, doubled
or out of order. It imports nothing but the standard library, so that it starts fast.
"""

from __future__ import annotations

import json
import os
import re
import selectors
import socket
import sys
import time

PATIENCE = 10.0
"""Seconds without an answer after which a canary is dead."""
QUICK, QUICK_PAUSE, PAUSE = 6, 0.1, 0.5
"""The first round trips follow each other faster than the others: together they stay below the rate limit."""
CHANNEL = "#canaries"


class Dead(Exception):
    """The server did not answer, or hung up."""


class Canary:
    """A user of one dialect: says a numbered message and pings, and hears the others."""

    def __init__(self, port: int, dialect: str, enter: list[tuple[str, str]], say: str) -> None:
        self.dialect, self._say = dialect, say
        self.sock = socket.create_connection(("127.0.0.1", port), PATIENCE)
        self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_NODELAY, 1)
        self._tail = b""
        self._said = self.count = 0
        self.worst = self.asked = self.due = 0.0
        self.heard: dict[str, list[int]] = {}
        """The numbers of the others' messages, as they came."""
        for line, answer in enter:
            self.sock.sendall(line.encode() + b"\r\n")
            end = time.monotonic() + PATIENCE
            while answer.encode() not in self._tail:
                self._take(end)
            self._tail = b""

    def _take(self, end: float) -> None:
        """Adds what comes to the tail."""
        self.sock.settimeout(max(end - time.monotonic(), 0.001))
        try:
            data = self.sock.recv(1 << 20)
        except TimeoutError:
            data = b""
        if not data:
            raise Dead(f"the {self.dialect} canary got no answer; last: {self._tail[-200:]!r}")
        self._tail += data

    def ask(self) -> None:
        """Says the next message and pings."""
        self._said += 1
        self.asked = time.perf_counter()
        line = self._say % {"said": f"canary-{self.dialect}-{self._said}.", "ping": f"ping-{self._said}."}
        self.sock.sendall(line.encode())

    def hear(self) -> None:
        """Takes what is there: the others' messages, perhaps the answer."""
        self._take(time.monotonic() + PATIENCE)
        *lines, self._tail = self._tail.split(b"\n")
        for line in lines:
            for who, number in re.findall(rb"canary-(\w+)-(\d+)\.", line):
                self.heard.setdefault(who.decode(), []).append(int(number))
            if self.asked and b"ping-%d." % self._said in line:
                self.worst = max(self.worst, time.perf_counter() - self.asked)
                self.asked = 0.0
                self.count += 1
                self.due = time.perf_counter() + (QUICK_PAUSE if self.count < QUICK else PAUSE)

    def report(self, canaries: list[Canary]) -> dict[str, object]:
        """What it noticed, for the JSON."""
        wrong = ""
        for other in canaries:
            heard = self.heard.get(other.dialect, [])
            sure = other._said - 1  # the last one may still be under way
            if other is not self and heard not in (list(range(1, sure + 1)), list(range(1, sure + 2))):
                wrong += f"of {other._said} messages of {other.dialect} these came: {heard}. "
        return {"worst": self.worst * 1000, "count": self.count, "wrong": wrong}


def talk(canaries: list[Canary], until_stdin: bool) -> None:
    """Lets them talk until a byte comes on stdin, or once each; returns when all are answered."""
    selector = selectors.DefaultSelector()
    for canary in canaries:
        selector.register(canary.sock, selectors.EVENT_READ, canary)
        canary.ask()
    if until_stdin:
        selector.register(0, selectors.EVENT_READ)
    ending = not until_stdin
    while not ending or any(canary.asked for canary in canaries):
        now = time.perf_counter()
        for canary in canaries:
            if canary.asked and now - canary.asked > PATIENCE:
                raise Dead(f"the {canary.dialect} canary got no answer in {PATIENCE:.0f} s")
            if not ending and not canary.asked and now >= canary.due:
                canary.ask()
        for key, _ in selector.select(0.02):
            if isinstance(key.data, Canary):
                key.data.hear()
            else:
                ending = True
                selector.unregister(0)
    selector.close()


def main() -> None:
    """Does what the module's docstring says."""
    port = int(sys.argv[1])
    hello = '{"request": "hello", "content": {"version": 1, "client": "canary"}}'
    canaries = [
        Canary(
            port,
            "json",
            [
                (hello + '\n{"request": "login", "content": "canary-j", "id": "L"}', '"L"'),
                (f'{{"request": "join", "content": "{CHANNEL}", "id": "J"}}', '"J"'),
            ],
            f'{{"request": "msg", "to": "{CHANNEL}", "content": "%(said)s"}}\n'
            '{"request": "ping", "content": "%(ping)s"}\n',
        ),
        Canary(
            port,
            "text",
            [("canary-t", "Hello canary-t"), (f"/join {CHANNEL}\n/ping joined", "* joined")],
            f"/msg {CHANNEL} %(said)s\n/ping %(ping)s\n",
        ),
        Canary(
            port,
            "irc",
            [(f"NICK canary-i\r\nUSER c 0 * :c\r\nJOIN {CHANNEL}", " 366 ")],
            f"PRIVMSG {CHANNEL} :%(said)s\r\nPING %(ping)s\r\n",
        ),
    ]
    print("up", flush=True)
    os.read(0, 1)
    talk(canaries, until_stdin=True)
    talk(canaries, until_stdin=False)  # what was said before is heard before the answer to this
    print(json.dumps({canary.dialect: canary.report(canaries) for canary in canaries}), flush=True)


if __name__ == "__main__":
    try:
        main()
    except (Dead, OSError) as death:
        print(json.dumps({"dead": str(death)}), flush=True)

"""Kills an evchat-server with `kill -9` under load, again and again, and checks that nothing was lost or duplicated.

    python3 scripts/crashtest.py --rounds 200

Each round starts the server on the same data, lets senders and a watcher talk through it for a random moment, and kills
it. The senders then send again, with the same ids, what was not acknowledged. After every restart the history must
hold everything that was seen or acknowledged, once, under the same `seq`, in order, without a hole. Exit code 1 if not.
"""

from __future__ import annotations

import argparse
import json
import random
import selectors
import socket
import subprocess
import sys
import tempfile
import time
from pathlib import Path
from typing import Any

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 30.0


class Failure(Exception):
    """Something was lost, duplicated, or out of order."""


class Client:
    """A full JSON client over a socket; `pump` hands over what has arrived."""

    def __init__(self, where: int | str, name: str) -> None:
        self.name = name
        if isinstance(where, str):  # the path of a UNIX socket
            self.sock = socket.socket(socket.AF_UNIX)
            self.sock.settimeout(PATIENCE)
            self.sock.connect(where)
        else:
            self.sock = socket.create_connection(("127.0.0.1", where), PATIENCE)
        self.buffer = b""
        self.put(request="hello", content={"version": 1, "client": "crashtest/1"})
        self.put(request="login", content=name, id="login")
        while not any(event.get("reply_to") == "login" for event in self.wait()):
            pass

    def put(self, **request: Any) -> None:
        """Sends a request."""
        self.sock.sendall(json.dumps(request).encode() + b"\n")

    def wait(self) -> list[dict[str, Any]]:
        """The events of at least one read. Raises ConnectionError when the server is gone."""
        data = self.sock.recv(65536)
        if not data:
            raise ConnectionError
        *lines, self.buffer = (self.buffer + data).split(b"\n")
        return [json.loads(line) for line in lines]

    def ask(self, **request: Any) -> dict[str, Any]:
        """The answer to one request; other events are dropped."""
        self.put(id="ask", **request)
        deadline = time.monotonic() + PATIENCE
        while time.monotonic() < deadline:
            for event in self.wait():
                if event.get("reply_to") == "ask":
                    return event
        raise Failure(f"no answer to {request}")


class Server:
    """The server as a process on the data of all rounds."""

    def __init__(self, data: Path, durability: str) -> None:
        command = [sys.executable, "-m", "evchat", "--listen", "tcp://127.0.0.1:0", "--data", str(data)]
        command += ["--insecure-no-limits", "--log-level", "error", "--durability", durability]
        self.process = subprocess.Popen(command, stdout=subprocess.PIPE, cwd=ROOT)
        assert self.process.stdout is not None
        line = self.process.stdout.readline().decode()
        if not line.startswith("listening "):
            raise Failure("the server did not start again")
        self.port = int(line.rpartition(":")[2])

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()


class Book:
    """What every client has seen or been told, and what the history must therefore hold."""

    def __init__(self, senders: int) -> None:
        self.known: dict[str, int] = {}
        self.unacknowledged: dict[str, dict[str, str]] = {f"s{number}": {} for number in range(senders)}
        self.checked = 0
        self.sent = self.resent = self.duplicates = 0

    def seen(self, text: str, seq: int) -> None:
        """A message was shown or acknowledged under this number."""
        if self.known.setdefault(text, seq) != seq:
            raise Failure(f"{text!r} was number {self.known[text]} and is now {seq}")

    def note(self, name: str, event: dict[str, Any]) -> None:
        """Takes in whatever a client has heard."""
        if event["response"] == "message":
            self.seen(event["content"], event["seq"])
        elif event["response"] == "ok" and "seq" in event:
            text = self.unacknowledged[name].pop(event["reply_to"])
            self.duplicates += bool(event.get("duplicate"))
            self.seen(text, event["seq"])
        elif event["response"] == "error":
            raise Failure(f"{name} got {event}")

    def check(self, client: Client) -> None:
        """Compares the history since the last check with what is known."""
        while True:
            answer = client.ask(request="history", to="#main", after=self.checked, limit=1000)
            for message in answer["content"]:
                text, seq = message["content"], message["seq"]
                if seq != self.checked + 1:
                    raise Failure(f"after number {self.checked} comes {seq}: a hole or a step back")
                self.checked = seq
                if self.known.get(text, seq) != seq:
                    raise Failure(f"{text!r} is there twice: {self.known[text]} and {seq}")
                self.known[text] = seq
            if not answer["content"]:
                break
        lost = [text for text, seq in self.known.items() if seq > self.checked]
        if lost:
            raise Failure(f"lost: {len(lost)} that had been seen or acknowledged, such as {lost[0]!r}")


def talk(book: Book, clients: dict[str, Client], seconds: float, window: int) -> None:
    """Sends and listens for a while, keeping `window` messages of each sender under way."""
    selector = selectors.DefaultSelector()
    for client in clients.values():
        selector.register(client.sock, selectors.EVENT_READ, client)
    end = time.monotonic() + seconds
    while time.monotonic() < end:
        for name, waiting in book.unacknowledged.items():
            while len(waiting) < window:
                book.sent += 1
                number = f"{name}-{book.sent}"
                waiting[number] = f"message {number} {'x' * random.randrange(120)}"
                clients[name].put(request="msg", to="#main", content=waiting[number], id=number)
        for key, _ in selector.select(0.01):
            for event in key.data.wait():
                book.note(key.data.name, event)
    selector.close()


def drain(book: Book, clients: dict[str, Client]) -> None:
    """Takes in what reached the clients before the server died: they have seen it."""
    for client in clients.values():
        client.sock.settimeout(PATIENCE)
        try:
            while True:
                for event in client.wait():
                    book.note(client.name, event)
        except (ConnectionError, TimeoutError):
            client.sock.close()


def one_round(book: Book, data: Path, options: argparse.Namespace) -> None:
    """Start, check, send again, talk, kill."""
    server = Server(data, options.durability)
    try:
        clients = {name: Client(server.port, name) for name in ["watcher", *book.unacknowledged]}
        book.check(clients["watcher"])
        for name, waiting in book.unacknowledged.items():
            for number, text in waiting.items():
                book.resent += 1
                clients[name].put(request="msg", to="#main", content=text, id=number)
        talk(book, clients, random.uniform(0.02, options.seconds), options.window)
    finally:
        server.kill()
    drain(book, clients)


def main() -> int:
    """Runs the rounds; 0 if nothing was lost or duplicated."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=200)
    parser.add_argument("--senders", type=int, default=4)
    parser.add_argument("--window", type=int, default=8, help="messages of a sender under way at a time")
    parser.add_argument("--seconds", type=float, default=0.3, help="the longest that a round talks")
    parser.add_argument("--durability", choices=("full", "normal"), default="full")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    random.seed(options.seed)
    book = Book(options.senders)
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="evchat-crash") as folder:
        try:
            for number in range(1, options.rounds + 1):
                one_round(book, Path(folder), options)
                if number % 20 == 0 or number == options.rounds:
                    print(f"{number} kills, {len(book.known)} messages kept", flush=True)
            server = Server(Path(folder), options.durability)
            try:
                book.check(Client(server.port, "watcher"))
            finally:
                server.kill()
        except Failure as failure:
            print(f"FAILED: {failure}", file=sys.stderr)
            return 1
    seconds = time.monotonic() - started
    print(
        f"{options.rounds} kills in {seconds:.0f} s: {book.sent} messages sent, {book.checked} kept, "
        f"{book.resent} sent again, {book.duplicates} of those recognised; lost 0, duplicated 0, gaps 0"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

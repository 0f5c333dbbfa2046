"""Kills evchat-tui and evchat-server with `kill -9` while people type, and checks that no line is lost or doubled.

    python3 scripts/crashclient.py --rounds 100

Two real clients on pseudo-terminals talk through a real server. In each round both type lines, and at a random moment
one client, both, the server, or all of them are killed and started again on what they left. Then every line that its
writer's client had taken (it stood among the messages, sent or not) must stand on both screens, once and in the same
order, and so must the server's history hold it. A line that was not taken may be missing, but is never there twice.
Exit code 1 if not.
"""

from __future__ import annotations

import argparse
import os
import random
import re
import signal
import subprocess
import sys
import tempfile
import time
from pathlib import Path

from crashtest import Client as Reader
from ptyscreen import Program

ROOT = Path(__file__).resolve().parent.parent
PATIENCE = 60.0
ROWS, COLUMNS = 100, 100
_TOKEN = re.compile(r"\bline-(\d+)\b")
_PROMPT_ROWS = 4
"""Rows at the bottom where a line is that is still written, and never one that was taken."""


class Failure(Exception):
    """Something was lost, doubled, or out of order."""


class Talker:
    """Somebody with the real client, whose home stays when it is killed. `raw` keeps what the screen was before."""

    def __init__(self, name: str, home: Path, url: str) -> None:
        self.name = name
        self.home = home / name
        self.home.mkdir()
        self.url = url
        self.starts = 0
        self.start()

    def start(self) -> None:
        """Starts the client, and lets the line be empty that the one before may have left."""
        self.starts += 1
        environ = {
            "PATH": os.environ["PATH"],
            "HOME": str(self.home),
            "TERM": "xterm-256color",
            "LC_ALL": "C.UTF-8",
            "PYTHONPATH": str(ROOT),
        }
        argv = [sys.executable, "-m", "tui", self.url, "--user", self.name]
        self.program = Program(argv, environ, COLUMNS, ROWS, str(self.home))
        self.wait(lambda: f"[{self.name}]" in self.program.text(), "a screen")
        self.program.press("ctrl-e", "ctrl-u")

    def wait(self, true: object, what: str) -> None:
        """Waits until something holds on the screen."""
        end = time.monotonic() + PATIENCE
        assert callable(true)
        while not true():
            if time.monotonic() > end or not self.program.read(0.02):
                if true():
                    return
                raise Failure(f"{self.name} never saw {what}:\n{self.program.text()}")

    def shown(self) -> list[int]:
        """The numbers of the lines that stand among the messages, from above."""
        rows = self.program.lines()[: ROWS - _PROMPT_ROWS]
        return [int(number) for row in rows for number in _TOKEN.findall(row)]

    def kill(self) -> list[int]:
        """kill -9; the lines that the client showed at the end."""
        os.kill(self.program.pid, signal.SIGKILL)
        self.program.ended()
        shown = self.shown()
        self.program.close()
        return shown


class Server:
    """The server as a process; each start takes up the data of the one before."""

    def __init__(self, folder: Path) -> None:
        self.path = folder / "server"
        self.url = f"unix://{self.path}"
        self.command = [sys.executable, "-m", "evchat", "--listen", self.url, "--data", str(folder / "data")]
        self.command += ["--insecure-no-limits", "--log-level", "error"]
        self.start()

    def start(self) -> None:
        """Starts it, and waits until it listens."""
        self.process = subprocess.Popen(self.command, stdout=subprocess.PIPE, cwd=ROOT)
        assert self.process.stdout is not None
        if not self.process.stdout.readline().startswith(b"listening"):
            raise Failure("the server did not start again")

    def kill(self) -> None:
        """kill -9."""
        self.process.kill()
        self.process.wait()
        assert self.process.stdout is not None
        self.process.stdout.close()


class Book:
    """What was typed by whom, and what has become of it."""

    def __init__(self) -> None:
        self.typed: dict[int, str] = {}
        self.taken: set[int] = set()
        self.kills = {"client": 0, "server": 0}

    def type(self, talker: Talker) -> None:
        """Types one more line."""
        number = len(self.typed) + 1
        self.typed[number] = talker.name
        talker.program.line(f"line-{number} {'x' * random.randrange(30)}")

    def take(self, shown: list[int], name: str) -> None:
        """Those lines stood on the screen of `name`: its own have been taken."""
        self.taken.update(number for number in shown if self.typed.get(number) == name)


def one_round(book: Book, server: Server, talkers: list[Talker], options: argparse.Namespace) -> None:
    """Type, kill, start again, and wait until all that was taken is there."""
    victims = random.choice(("one", "other", "both", "server", "server", "all"))
    before = len(book.typed)
    lines = random.randrange(2, options.lines + 1)
    moment = random.randrange(1, lines + 1)
    for place in range(1, lines + 1):
        talker = random.choice(talkers)
        book.type(talker)
        if random.random() < 0.5:
            talker.program.read(random.random() * 0.01)
        if place == moment:
            end = time.monotonic() + random.choice((0, random.random())) * options.seconds
            while time.monotonic() < end:
                for each in talkers:
                    each.program.read(0.001)
            _strike(book, server, talkers, victims)
    expect_all(book, talkers, before)


def _strike(book: Book, server: Server, talkers: list[Talker], victims: str) -> None:
    struck = {"one": talkers[:1], "other": talkers[1:], "both": talkers, "all": talkers}.get(victims, [])
    if victims in ("server", "all"):
        server.kill()
        book.kills["server"] += 1
    for talker in struck:
        book.take(talker.kill(), talker.name)
        book.kills["client"] += 1
    if victims in ("server", "all"):
        server.start()
    for talker in struck:
        talker.start()


def expect_all(book: Book, talkers: list[Talker], before: int) -> None:
    """Waits until each line that was taken, of those numbered above `before`, is on both screens.

    What was said earlier may be above their beginning. Nothing stands there twice, and the order is one.
    """
    for talker in talkers:  # what was typed is taken when the line that follows it has been
        mark = f"mark{random.randrange(1 << 30)}"
        talker.program.type(mark)
        talker.wait(lambda mark=mark, talker=talker: f"> {mark}" in talker.program.text(), "its prompt")
        talker.program.press("ctrl-u")
        talker.wait(lambda mark=mark, talker=talker: mark not in talker.program.text(), "an empty prompt")
    for talker in talkers:
        book.take(talker.shown(), talker.name)

    def settled() -> bool:
        for talker in talkers:
            talker.program.read(0.005)
        there = [talker.shown() for talker in talkers]
        wanted = {number for number in book.taken if number > before}
        waits = any(
            "…" in row for talker in talkers for row in talker.program.lines()[1 : ROWS - _PROMPT_ROWS]
        )
        return not waits and all(wanted <= set(shown) for shown in there)

    end = time.monotonic() + PATIENCE
    while not settled():
        if time.monotonic() > end:
            wanted = {number for number in book.taken if number > before}
            lost = [sorted(wanted - set(talker.shown())) for talker in talkers]
            screens = "\n".join(talker.program.text() for talker in talkers)
            raise Failure(f"the screens never agreed; missing there: {lost}\n{screens}")
    one, other = (talker.shown() for talker in talkers)
    for shown in (one, other):
        if len(set(shown)) < len(shown):
            raise Failure(f"doubled on a screen: {shown}")
    length = min(len(one), len(other))
    if one[-length:] != other[-length:]:
        raise Failure(f"in another order:\n{one}\n{other}")


def check_history(book: Book, server: Server) -> int:
    """The server's history holds every line that was taken, once, and counts without a hole; how many it holds."""
    reader = Reader(str(server.path), "reader")
    found: list[int] = []
    seq = 0
    while True:
        answer = reader.ask(request="history", to="#main", after=seq, limit=1000)
        for message in answer["content"]:
            if message["seq"] != seq + 1:
                raise Failure(f"after number {seq} comes {message['seq']}")
            seq = message["seq"]
            numbers = [int(number) for number in _TOKEN.findall(message["content"])]
            if len(numbers) != 1 or book.typed[numbers[0]] != message["sender"]:
                raise Failure(f"nobody typed {message}")
            found += numbers
        if not answer["content"]:
            break
    reader.sock.close()
    if len(set(found)) < len(found):
        raise Failure(f"doubled: {sorted({number for number in found if found.count(number) > 1})}")
    if book.taken - set(found):
        raise Failure(f"lost: {sorted(book.taken - set(found))}")
    return len(found)


def main() -> int:
    """Runs the rounds; 0 if nothing was lost or doubled."""
    parser = argparse.ArgumentParser(
        description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter
    )
    parser.add_argument("--rounds", type=int, default=100)
    parser.add_argument("--lines", type=int, default=8, help="the most lines typed in a round")
    parser.add_argument("--seconds", type=float, default=0.03, help="the longest between a line and the kill")
    parser.add_argument("--seed", type=int, default=None)
    options = parser.parse_args()
    seed = random.randrange(1 << 30) if options.seed is None else options.seed
    random.seed(seed)
    book, talkers = Book(), []
    started = time.monotonic()
    with tempfile.TemporaryDirectory(prefix="evchat-crash") as folder:
        server = Server(Path(folder))
        try:
            talkers = [Talker(name, Path(folder), server.url) for name in ("alice", "bob")]
            for number in range(1, options.rounds + 1):
                one_round(book, server, talkers, options)
                if number % 20 == 0:
                    print(f"{number} rounds, {len(book.taken)} lines taken", flush=True)
            kept = check_history(book, server)
        except Failure as failure:
            print(f"FAILED (seed {seed}): {failure}", file=sys.stderr)
            return 1
        finally:
            for talker in talkers:
                talker.program.close()
            server.kill()
    seconds = time.monotonic() - started
    print(
        f"{options.rounds} rounds in {seconds:.0f} s (seed {seed}): {book.kills['client']} clients and "
        f"{book.kills['server']} servers killed; {len(book.typed)} lines typed, {len(book.taken)} taken by a client, "
        f"{kept} kept; lost 0, duplicated 0, gaps 0"
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())

"""What the tests of real programs drive: one server on one port for all clients, and programs that speak IRC to it."""

from __future__ import annotations

import importlib.util
import os
import re
import shutil
import subprocess
import time
from collections.abc import Mapping
from pathlib import Path

import pytest

from ptyscreen import Program
from tests.e2e.harness import DEADLINE, Full, Person, Server
from tests.waiting import until_clock, until_files

PASSWORD = "sesame-street"
"""Of every account here. It has no space, because ii sends it as a parameter that is not the last."""


def need_program(name: str) -> str:
    """The path of a program; without it the test is skipped."""
    path = shutil.which(name)
    if path is None:
        pytest.skip(f"{name} is not installed")
    return path


def need_module(name: str) -> None:
    """A module must be there, or the test is skipped."""
    try:
        found = importlib.util.find_spec(name)
    except ModuleNotFoundError:  # of the package that it is in
        found = None
    if found is None:
        pytest.skip(f"the module {name} is not installed: scripts/dev.py clients")


class House:
    """A server that keeps everything in a folder. It can be killed and started again on the same port."""

    def __init__(self, folder: Path, *arguments: str, **environ: str) -> None:
        self.arguments = ("--data", str(folder / "data"), *arguments)
        self.server = Server(*self.arguments, **environ)
        self.host, self.port = self.server.where

    def kill(self) -> None:
        """Kill -9."""
        self.server.kill()

    def stop(self) -> None:
        """Ends the server, which must have seen no bug."""
        self.server.stop()

    def start(self) -> None:
        """Starts it again, where it was."""
        self.server = Server(*self.arguments, listen=(f"tcp://{self.host}:{self.port}",))

    def person(self, name: str, channel: str = "") -> Person:
        """Somebody with netcat, who talks in `channel`."""
        person = Person(self.server.connect())
        person.login(name)
        if channel:
            person.type(f"/join {channel}")
            person.line(f"You are in {channel}")
            person.type(f"-ch {channel}")
            person.sync()
        return person

    def full(self, name: str, channel: str = "") -> Full:
        """A full JSON client, in `channel`."""
        full = Full(self.server.connect(), name)
        assert full.state["response"] == "ok", full.state
        if channel:
            assert full.request("join", channel)["response"] == "ok"
        return full

    def account(self, name: str) -> None:
        """Makes an account through the JSON protocol; its name is free afterwards."""
        full = self.full(name)
        answer = full.request("register", password=PASSWORD)
        assert answer["response"] == "ok", answer
        full.put({"request": "quit"})
        full.read_to_end()
        full.close()

    def told(self, *messages: str, channel: str) -> int:
        """Somebody named `past` says these, and stays; when the last one was said, in milliseconds since the epoch."""
        full = self.full("past", channel)
        return max(int(full.request("msg", message, to=channel)["at"]) for message in messages)


def second_after(at: int) -> None:
    """Waits until the clock shows another second than the one of `at`: what is shown now has another time."""
    until_clock(at // 1000 + 1)


def hour(at: int) -> str:
    """A time in UTC, as the programs here are told to show it."""
    return time.strftime("%H:%M:%S", time.gmtime(at / 1000))


def environ(home: Path) -> dict[str, str]:
    """An environment in which a program finds no other settings than those in `home`."""
    return {
        "HOME": str(home),
        "LANG": "C.UTF-8",
        "LC_ALL": "C.UTF-8",
        "PATH": os.environ["PATH"],
        "TERM": "linux",
        "TZ": "UTC",
    }


class Screen(Program):
    """A program on a terminal that is wide enough for most lines."""

    def __init__(self, home: Path, *argv: str, columns: int = 160, rows: int = 50) -> None:
        super().__init__(argv, environ(home), columns, rows, cwd=str(home))

    def do(self, line: str, pattern: str) -> re.Match[str]:
        """Types a line and waits for what it should lead to."""
        self.line(line)
        return self.see(pattern)


class Script:
    """A program without a screen: lines in, lines out. Everything that it writes goes to a file."""

    def __init__(self, home: Path, *argv: str, extra: Mapping[str, str] | None = None) -> None:
        self.path = home / f"{Path(argv[-1]).name[:20]}-{time.monotonic_ns()}.out"
        with self.path.open("wb") as out:
            self.process = subprocess.Popen(
                argv,
                stdin=subprocess.PIPE,
                stdout=out,
                stderr=subprocess.STDOUT,
                cwd=home,
                env={**environ(home), **(extra or {})},
            )
        self.seen = 0
        """Characters of the output that were waited for already."""

    def text(self) -> str:
        """All that it has written."""
        return self.path.read_text("utf-8", "replace")

    def line(self, text: str) -> None:
        """Types a line."""
        assert self.process.stdin is not None
        self.process.stdin.write(f"{text}\n".encode())
        self.process.stdin.flush()

    def see(self, pattern: str) -> re.Match[str]:
        """Waits for something in what comes after all that was seen before."""
        match = None

        def found() -> bool:
            nonlocal match
            match = re.compile(pattern).search(self.text(), self.seen)
            assert match or self.process.poll() is None or re.search(pattern, self.text()[self.seen :]), (
                f"it has ended without {pattern}:\n{self.text()}"
            )
            return match is not None

        try:
            until_files(found, self.path.parent, pattern)
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text()[-4000:]}") from None
        assert match is not None
        self.seen = match.end()
        return match

    def do(self, line: str, pattern: str) -> re.Match[str]:
        """Types a line and waits for what it should lead to."""
        self.line(line)
        return self.see(pattern)

    def ended(self) -> int:
        """Waits until the program has ended; its exit code."""
        return self.process.wait(DEADLINE)

    def close(self) -> None:
        """Ends the program, whatever it does."""
        if self.process.poll() is None:
            self.process.kill()
        self.process.wait()
        if self.process.stdin is not None:
            try:
                self.process.stdin.close()
            except BrokenPipeError:
                pass  # it has ended with something unread


class Files:
    """What programs write into files, waited for."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.seen: dict[str, int] = {}

    def text(self, name: str) -> str:
        """A file as it is, empty if there is none."""
        path = self.root / name
        return path.read_text("utf-8", "replace") if path.exists() else ""

    def see(self, name: str, pattern: str) -> re.Match[str]:
        """Waits for something in what comes after all that was seen before in a file."""
        match = None

        def found() -> bool:
            nonlocal match
            match = re.compile(pattern, re.MULTILINE).search(self.text(name), self.seen.get(name, 0))
            return match is not None

        try:
            until_files(found, self.root, f"{pattern} in {name}")
        except AssertionError as error:
            raise AssertionError(f"{error}\n{self.text(name)[-4000:]}") from None
        assert match is not None
        self.seen[name] = match.end()
        return match

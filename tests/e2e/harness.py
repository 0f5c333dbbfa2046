"""What the end-to-end tests drive: a server process on free ports, and small honest clients."""

from __future__ import annotations

import json
import os
import re
import signal
import socket
import subprocess
import sys
import threading
import time
from collections.abc import Callable
from pathlib import Path
from typing import Any

from tests.nursery import Forked

DEADLINE = 20.0
"""Seconds after which something that should happen has not. Never waited for when all is well."""

ROOT = Path(__file__).resolve().parents[2]


class Server:
    """A server process on free ports. `where` are the host and port of its first listener.

    It is forked from the nursery, where there is fork. `child=True` starts `python -m evchat` as a child of this
    process instead, which takes ten times as long: for tests that wait for their own child. A forked one makes secrets
    that are quickly checked, unless `dear_passwords` is True.
    """

    def __init__(
        self,
        *arguments: str,
        listen: tuple[str, ...] = ("tcp://127.0.0.1:0",),
        child: bool = False,
        dear_passwords: bool = False,
        **environ: str,
    ) -> None:
        wanted = ["--log-level", "debug"]
        for url in listen:
            wanted += ["--listen", url]
        command, whole = [*wanted, *arguments], {**os.environ, "TZ": "UTC", **environ}
        self.process: Any = (
            _child(command, whole)
            if child or not hasattr(os, "fork")
            else Forked(command, whole, dear_passwords)
        )
        self.socks: list[socket.socket] = []
        """Every connection made here, so that none is left open when a test fails."""
        self._log: list[str] = []
        self._logging = threading.Condition()
        self._reader = threading.Thread(target=self._read_log, daemon=True)
        self._reader.start()
        self.urls: list[str] = []
        assert self.process.stdout is not None
        while len(self.urls) < len(listen):
            line = self.process.stdout.readline().decode()
            if not line:
                self.kill()
                raise AssertionError("the server did not start:\n" + "\n".join(self._log))
            match = re.match(r"listening (\S+)", line)
            if match:
                self.urls.append(match[1])

    def _read_log(self) -> None:
        assert self.process.stderr is not None
        for line in self.process.stderr:
            with self._logging:
                self._log.append(line.decode("utf-8", "replace").rstrip("\n"))
                self._logging.notify_all()

    @property
    def where(self) -> tuple[str, int]:
        host, _, port = self.urls[0].split("://")[1].partition("?")[0].rpartition(":")
        return host.strip("[]"), int(port)

    @property
    def log(self) -> list[str]:
        """The lines of the log so far."""
        return list(self._log)

    def logged(self, *words: str, number: int = 1) -> str:
        """The first line of the log with all these words, or that of another number. It is waited for: the server does
        not wait for its log."""

        def found() -> list[str]:
            return [line for line in self._log if all(word in line for word in words)]

        with self._logging:
            assert self._logging.wait_for(lambda: len(found()) >= number, DEADLINE), "\n".join(self._log)
            return found()[number - 1]

    def connect(self, index: int = 0) -> socket.socket:
        """A fresh connection to the listener of this number."""
        url = self.urls[index]
        if url.startswith("unix://"):
            sock = self.new_socket(socket.AF_UNIX)
            sock.connect(url.removeprefix("unix://"))
            return sock
        host, _, port = url.split("://")[1].partition("?")[0].rpartition(":")
        sock = self.new_socket(socket.AF_INET6 if "[" in host else socket.AF_INET)
        sock.connect((host.strip("[]"), int(port)))
        return sock

    def new_socket(self, family: socket.AddressFamily = socket.AF_INET) -> socket.socket:
        """A socket that is closed when the server ends, at the latest."""
        sock = socket.socket(family)
        sock.settimeout(DEADLINE)
        self.socks.append(sock)
        return sock

    def _tidy_up(self) -> None:
        for sock in self.socks:
            sock.close()
        self._reader.join(DEADLINE)
        for pipe in (self.process.stdout, self.process.stderr):
            if pipe is not None:
                pipe.close()

    def stop(self, *, close: bool = True) -> int:
        """Ends the server as its owner would, and checks that it has seen no bug of its own."""
        if self.process.poll() is None:
            self.process.send_signal(signal.SIGTERM)
        code: int = self.process.wait(DEADLINE)
        self._reader.join(DEADLINE)
        if close:
            self._tidy_up()
        bugs = [line for line in self._log if " bug " in line or "Traceback" in line]
        assert not bugs, "\n".join(bugs)
        return code

    def kill(self) -> None:
        """Kill -9."""
        self.process.kill()
        self.process.wait(DEADLINE)
        self._tidy_up()


def _child(arguments: list[str], environ: dict[str, str]) -> subprocess.Popen[bytes]:
    return subprocess.Popen(
        [sys.executable, "-m", "evchat", *arguments],
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        stdin=subprocess.DEVNULL,
        cwd=ROOT,
        env=environ,
    )


def came_alone(sock: socket.socket, frames: int) -> bool:
    """Whether that many frames came in segments of their own (Linux's tcp_info, tcpi_data_segs_in).

    There may be more segments: on a busy machine, the kernel sends one again whose acknowledgement is late. True where
    nobody counts.
    """
    if sys.platform != "linux":
        return True
    info = sock.getsockopt(socket.IPPROTO_TCP, socket.TCP_INFO, 160)
    return len(info) < 156 or int.from_bytes(info[152:156], sys.byteorder) >= frames


class Client:
    """A socket and a buffer; reads until what is waited for has come."""

    def __init__(self, sock: socket.socket) -> None:
        self.sock = sock
        self.buffer = b""

    def send(self, data: bytes | str) -> None:
        self.sock.sendall(data.encode() if isinstance(data, str) else data)

    def read_until(self, done: Callable[[bytes], bool]) -> bytes:
        """Everything received so far, once `done` says that it is enough; fails if the connection ends first."""
        deadline = time.monotonic() + DEADLINE
        while not done(self.buffer):
            assert time.monotonic() < deadline, f"waited in vain; got {self.buffer[-2000:]!r}"
            data = self.sock.recv(65536)
            assert data, f"the connection ended; got {self.buffer[-2000:]!r}"
            self.buffer += data
        return self.buffer

    def read_to_end(self) -> bytes:
        """Everything until the server closes."""
        while data := self.sock.recv(65536):
            self.buffer += data
        return self.buffer

    def close(self) -> None:
        self.sock.close()


class Person(Client):
    """Somebody with netcat: types lines, reads lines. Times at the beginning of a line are made `HH:MM`."""

    def login(self, name: str) -> str:
        self.send(name + "\n")
        return self.line(lambda line: f"Hello {name}" in line)

    def type(self, line: str) -> None:
        self.send(line + "\n")

    def line(self, wanted: Callable[[str], bool] | str) -> str:
        """The next line that contains or fits `wanted`; those before it are dropped."""
        fits = wanted if callable(wanted) else lambda line: wanted in line
        while True:
            self.read_until(lambda data: b"\n" in data)
            raw, self.buffer = self.buffer.split(b"\n", 1)
            line = re.sub(r"^\d\d:\d\d ", "HH:MM ", raw.decode())
            if fits(line):
                return line

    def sync(self, token: str = "") -> list[str]:
        """All lines that came before the answer to a ping sent now."""
        token = token or f"sync-{id(self)}-{time.monotonic_ns()}"
        self.type(f"/ping {token}")
        lines: list[str] = []
        self.line(lambda line: token in line or lines.append(line) is not None)  # type: ignore[func-returns-value]
        return lines


class Full(Client):
    """A full JSON client. `request` waits for the answer and keeps everything else in `events`."""

    def __init__(
        self, sock: socket.socket, name: str | None = None, *, echo: bool = False, **login: Any
    ) -> None:
        super().__init__(sock)
        self.events: list[dict[str, Any]] = []
        self.count = 0
        self.put({"request": "hello", "content": {"version": 1, "client": "test/1.0"}, "echo": echo})
        self.welcome = self.next(lambda event: event["response"] == "welcome")
        if name is not None:
            self.state = self.request("login", name, **login)

    def leave(self) -> None:
        """Says goodbye, without which it would be held as one who may come back."""
        assert self.request("quit")["closing"] is True
        self.close()

    def put(self, request: dict[str, Any]) -> None:
        self.send(json.dumps(request) + "\n")

    def next(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        """The next event that fits, in the order of arrival; others go to `events`."""
        while True:
            self.read_until(lambda data: b"\n" in data)
            raw, self.buffer = self.buffer.split(b"\n", 1)
            event: dict[str, Any] = json.loads(raw)
            if wanted(event):
                return event
            self.events.append(event)

    def request(self, request: str, content: Any = None, **keys: Any) -> dict[str, Any]:
        """The answer to a request: `ok` or `error`."""
        self.count += 1
        number = keys.pop("id", None) or f"r{self.count}"
        self.put({"request": request, "content": content, "id": number, **keys})
        return self.next(lambda event: event.get("reply_to") == number)

    def event(self, response: str, **facts: Any) -> dict[str, Any]:
        """The oldest event of this kind with these facts, waited for if need be."""

        def fits(event: dict[str, Any]) -> bool:
            return event["response"] == response and all(
                event.get(key) == value for key, value in facts.items()
            )

        for index, event in enumerate(self.events):
            if fits(event):
                return self.events.pop(index)
        return self.next(fits)

    def sync(self) -> list[dict[str, Any]]:
        """All events that came before the answer to a ping sent now."""
        self.request("ping", "sync")
        events, self.events = self.events, []
        return events


class Plain(Client):
    """A KTN client as students write it: one `recv(4096)`, one `json.loads`.

    On a busy machine it is not always its turn within the 50 ms between two objects, and so one read may hold two: that
    each left in a segment of its own is then seen by `came_alone`.
    """

    def __init__(self, sock: socket.socket) -> None:
        super().__init__(sock)
        self.objects = 0

    def put(self, request: str, content: Any = None) -> None:
        self.send(json.dumps({"request": request, "content": content}))

    def receive(self) -> dict[str, Any]:
        """The next object, which must be one for plain clients."""
        self.read_until(lambda data: b"\n" in data)
        raw, self.buffer = self.buffer.split(b"\n", 1)
        event: dict[str, Any] = json.loads(raw)
        self.objects += 1
        assert list(event) == ["timestamp", "sender", "response", "content"], event
        assert event["response"] in ("error", "info", "message", "history"), event
        return event

    def until(self, wanted: Callable[[dict[str, Any]], bool]) -> dict[str, Any]:
        while not wanted(event := self.receive()):
            pass
        return event

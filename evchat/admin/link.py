"""The way to a server: through its socket while it runs, or else straight to what it has stored."""

from __future__ import annotations

import json
import os
import socket
import sys
import time
from collections.abc import Callable, Iterable, Iterator
from contextlib import closing, contextmanager
from pathlib import Path
from typing import Any, BinaryIO, Protocol

from evchat.admin.errors import NO_SERVER, AdminError
from evchat.core.dispatch import Chat
from evchat.core.effects import Effect, Fetch, Hash, Reply, Save
from evchat.dialects.json import full
from evchat.dialects.json.requests import write_request
from evchat.protocol.base import Answer, Request
from evchat.settings.model import Config
from evchat.settings.server import ADMINISTRATION
from evchat.storage.sqlite.backup import DATABASE
from evchat.storage.sqlite.store import SqliteStore

Object = dict[str, Any]

_PATIENCE = 60.0
"""Seconds that a server may take for an answer: passwords may wait for others to be checked."""

_SID = 1


class Link(Protocol):
    """Where an operator's requests are carried out."""

    def ask(self, request: Request) -> Object:
        """The answer, as full JSON clients get it. Raises AdminError with the server's own words if it refuses."""


@contextmanager
def to_server(directory: Path) -> Iterator[Link]:
    """The way to the server that runs on a data directory. Raises AdminError (3) if none does."""
    if sys.platform != "linux":
        raise AdminError(
            "A running server can be reached on Linux alone, where it knows who connects.", NO_SERVER
        )
    path = directory / ADMINISTRATION
    with socket.socket(socket.AF_UNIX) as sock:
        sock.settimeout(_PATIENCE)
        try:
            sock.connect(str(path))
        except (FileNotFoundError, ConnectionRefusedError):
            raise AdminError(f"No server runs on {directory}.", NO_SERVER) from None
        except OSError as error:
            raise AdminError(
                f"{path} can't be used: {error.strerror or error}. Run this as the server's user, or as root."
            ) from error
        with sock.makefile("rb") as lines:
            yield _Socket(sock, lines, path)


@contextmanager
def to_either(directory: Path, config: Config) -> Iterator[Link]:
    """The same, or if no server runs there, the way to what is stored, which is held meanwhile. Raises AdminError."""
    try:
        with to_server(directory) as link:
            yield link
            return
    except AdminError as error:
        if error.code != NO_SERVER:
            raise
    if not (directory / DATABASE).is_file():
        raise AdminError(
            f"There is no database in {directory}. --data names the directory of another server."
        )
    with closing(SqliteStore(directory, config.durability, config.limits)) as store:
        yield _Stored(store, config)


class _Socket:
    """A running server."""

    def __init__(self, sock: socket.socket, lines: BinaryIO, path: Path) -> None:
        self._sock = sock
        self._lines = lines
        self._path = path
        self._asked = 0
        self._put({"request": "hello", "content": {"version": 1, "client": "evchat-admin"}})

    def ask(self, request: Request) -> Object:
        """As `Link`."""
        self._asked += 1
        number = str(self._asked)
        self._put({**write_request(request), "id": number})
        while True:
            answer = self._next()
            if answer.get("reply_to") == number:
                return _checked(answer)
            if answer.get("closing"):
                raise AdminError(str(answer.get("content")))

    def _put(self, value: Object) -> None:
        try:
            self._sock.sendall(json.dumps(value).encode() + b"\n")
        except OSError as error:
            raise self._gone() from error

    def _next(self) -> Object:
        try:
            line = self._lines.readline()
        except TimeoutError:
            raise AdminError(f"The server has not answered for {_PATIENCE:.0f} seconds.") from None
        except OSError as error:
            raise self._gone() from error
        if not line:
            raise self._gone()
        found: Object = json.loads(line)
        return found

    def _gone(self) -> AdminError:
        return AdminError(
            f"The server at {self._path} has closed the connection. It lets in its own user and root, and its log "
            "says who came."
        )


class _Stored:
    """What is stored, while no server runs: the same rules decide, and what they save is committed at once."""

    def __init__(self, store: SqliteStore, config: Config) -> None:
        self._store = store
        begun = time.monotonic()
        self._chat = Chat(config, store.fetch, os.urandom, lambda: int((time.monotonic() - begun) * 1000))
        # What a start would save is left to the server's next one: its settings may be others.
        self._chat.start(_now())
        self._chat.connect(_SID, "unix", _now(), shared=True)
        self._chat.administer(_SID, f"uid:{_uid()}")

    def ask(self, request: Request) -> Object:
        """As `Link`."""
        answers: list[Answer] = []
        self._carry_out(self._chat.request(_SID, request, _now()), answers.append)
        return _checked(json.loads(full.encode(answers[0])))

    def _carry_out(self, effects: Iterable[Effect], tell: Callable[[Answer], None]) -> None:
        """Saves first, then tells, as a server does."""
        effects = list(effects)
        for effect in effects:
            if isinstance(effect, Save):
                self._store.save(effect.record)
        self._store.commit()
        while self._store.tidy(_now()):
            pass
        for effect in effects:
            if isinstance(effect, Hash):
                self._carry_out(self._chat.hashed(_SID, effect.work(), _now()), tell)
            elif isinstance(effect, Fetch):
                self._tell(effect.answer(self._store.fetch(effect.query)), tell)
            elif isinstance(effect, Reply) and effect.sid == _SID:
                self._tell(effect.event, tell)

    @staticmethod
    def _tell(event: object, tell: Callable[[Answer], None]) -> None:
        if isinstance(event, Answer):
            tell(event)


def _checked(answer: Object) -> Object:
    if answer["response"] == "error":
        raise AdminError(str(answer["content"]))
    return answer


def _uid() -> int:
    if sys.platform == "win32":
        return 0
    return os.getuid()


def _now() -> int:
    return time.time_ns() // 1_000_000

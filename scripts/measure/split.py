"""What the parts of the server take of a pass, by wrapping the calls between them.

A wrapped call costs more than one that is not, so this is for runs of its own: `bench.py` scales its shares to the
whole that a run without it has measured. What the wrapping itself costs is measured and taken off. A part's calls are
found by name; those that are not there belong to their callers' part.
"""

from __future__ import annotations

import importlib
import selectors
import socket
import sys
import threading
import time
from collections.abc import Callable
from types import FunctionType, GeneratorType
from typing import Any

PIECES = {
    "parse": "bytes to requests, in the dialect",
    "decide": "requests to effects, in the core",
    "commit": "records to the store",
    "encode": "events to bytes, in the dialect",
    "queue": "fan-out: to whom, in which order",
    "flush": "queues to the kernel, without the system call",
    "kernel": "recv, send, epoll",
    "rest": "loop, ingress, and what holds the others together",
}

_CALLS = {
    "decide": (
        "evchat.core.dispatch:Chat.request", "evchat.core.dispatch:Chat.connect",
        "evchat.core.dispatch:Chat.disconnect",
    ),
    "commit": tuple(
        f"evchat.storage.{store}.{call}"
        for store in ("memory:MemoryStore", "sqlite.store:SqliteStore")
        for call in ("save", "commit", "fetch")
    ),
    "queue": tuple(f"evchat.server.fanout:Fanout.{call}" for call in ("deliver", "tell", "write", "settle")),
    "flush": ("evchat.net.connection:Connection.flush",),
}  # fmt: skip

_Clock = time.thread_time_ns


class Split:
    """Wraps the calls; from `begin` to `taken` each moment counts for the part that is running."""

    def __init__(self) -> None:
        self._thread = threading.get_ident()
        self._spent = dict.fromkeys(PIECES, 0)
        self._calls = dict.fromkeys(PIECES, 0)
        self._pushed = dict.fromkeys(PIECES, 0)
        self._stack = ["rest"]
        self._mark = 0
        self._inside = self._outside = 0.0
        self._calibrate()
        for piece, names in _CALLS.items():
            for name in names:
                self._wrap_named(piece, name)
        for kind in _dialects():
            for piece, calls in (("parse", ("receive",)), ("encode", ("encode", "answer"))):
                for call in calls:
                    self._wrap(piece, kind, call)
        for call in ("recv", "send"):
            self._wrap("kernel", socket.socket, call)
        self._wrap("kernel", selectors.DefaultSelector, "select")

    def begin(self) -> None:
        """Counts from here on."""
        for counts in (self._spent, self._calls, self._pushed):
            counts.update(dict.fromkeys(PIECES, 0))
        self._mark = _Clock()

    def taken(self) -> dict[str, int]:
        """Nanoseconds by part since `begin`."""
        self._spent["rest"] += _Clock() - self._mark
        self._mark = _Clock()
        return {
            piece: max(
                0,
                round(
                    self._spent[piece]
                    - self._calls[piece] * self._inside
                    - self._pushed[piece] * self._outside
                ),
            )
            for piece in PIECES
        }

    def _calibrate(self) -> None:
        """Measures what wrapping a call adds: inside, to the part that is called, and outside, to its caller."""

        def nothing(_one: object, _two: object) -> None:
            return None

        wrapped = self._wrapped("parse", nothing)
        rounds = range(20_000)
        best = []
        for _ in range(5):
            self.begin()
            for _ in rounds:
                wrapped(1, 2)
            taken, bare = self.taken(), _Clock()
            for _ in rounds:
                nothing(1, 2)
            bare = _Clock() - bare
            best.append((taken["parse"] / len(rounds), max(0.0, (taken["rest"] - bare) / len(rounds))))
        self._inside, self._outside = min(inside for inside, _ in best), min(outside for _, outside in best)

    def _wrap_named(self, piece: str, name: str) -> None:
        module, _, path = name.partition(":")
        owner, _, call = path.partition(".")
        try:
            self._wrap(piece, getattr(importlib.import_module(module), owner), call)
        except (ImportError, AttributeError):
            pass  # it has another name now: its time is its caller's

    def _wrap(self, piece: str, owner: type, call: str) -> None:
        method = getattr(owner, call, None)
        if method is not None:
            setattr(owner, call, self._wrapped(piece, method))

    def _wrapped(self, piece: str, call: Callable[..., Any]) -> Callable[..., Any]:
        spent, calls, pushed, stack = self._spent, self._calls, self._pushed, self._stack
        thread, ours = threading.get_ident, self._thread

        def timed(*given: Any, **named: Any) -> Any:
            if thread() != ours:
                return call(*given, **named)
            caller = stack[-1]
            spent[caller] += _Clock() - self._mark
            calls[piece] += 1
            pushed[caller] += 1
            stack.append(piece)
            self._mark = _Clock()
            try:
                answer = call(*given, **named)
                # The body of a generator is its function's work, whoever iterates over it.
                return list(answer) if type(answer) is GeneratorType else answer
            finally:
                spent[piece] += _Clock() - self._mark
                stack.pop()
                self._mark = _Clock()

        return timed


def _dialects() -> list[type]:
    """All classes below evchat.dialects that define a call of dialects themselves."""
    importlib.import_module("evchat.dialects.registry")
    found: dict[type, None] = {}
    for name, module in list(sys.modules.items()):
        if name.startswith("evchat.dialects.") and not name.endswith(".base"):
            for kind in vars(module).values():
                if (
                    isinstance(kind, type)
                    and kind.__module__ == name
                    and any(isinstance(vars(kind).get(call), FunctionType) for call in ("receive", "answer"))
                ):
                    found[kind] = None
    return list(found)

"""The decorators by which handlers say which requests they answer."""

from __future__ import annotations

from collections.abc import Callable, Iterable
from typing import Any, TypeVar

from evchat.core.context import Context
from evchat.core.effects import Effect
from evchat.core.state import Session
from evchat.core.unfinished import Pending
from evchat.protocol.base import Request

R = TypeVar("R", bound=Request)
T = TypeVar("T")

Handler = Callable[[Context, Session, R, int], Iterable[Effect]]
"""Answers a request of a session at a time (milliseconds). It checks everything before it changes anything.

Raises Refused, and StoreError if the store can't be read; either way nothing has changed.
"""

Continuation = Callable[[Context, Session, Pending[R], T, int], Iterable[Effect]]
"""Goes on with a request once the worker has done the work of its `Hash`; `T` is what that work returns."""

Start = Callable[[Context, int], Iterable[Effect]]
"""Brings back what the store keeps of a subject, at a time (milliseconds). Raises StoreError."""

Tick = Callable[[Context, int], Iterable[Effect]]
"""A subject's periodic work, done about once a second."""


class Handlers:
    """The handlers of one module. The dispatcher puts those of all modules together."""

    def __init__(self) -> None:
        self.by_request: dict[type[Request], Handler[Any]] = {}
        self.after_hash: dict[type[Request], Continuation[Any, Any]] = {}
        self.start: list[Start] = []
        self.tick: list[Tick] = []
        self.limits_changed: list[Tick] = []

    def on(self, kind: type[R]) -> Callable[[Handler[R]], Handler[R]]:
        """Makes the function below the handler of this kind of request."""

        def register(handler: Handler[R]) -> Handler[R]:
            assert kind not in self.by_request, kind
            self.by_request[kind] = handler
            return handler

        return register

    def on_hash(self, kind: type[R]) -> Callable[[Continuation[R, T]], Continuation[R, T]]:
        """Makes the function below go on with this kind of request when its password has been hashed."""

        def register(continuation: Continuation[R, T]) -> Continuation[R, T]:
            assert kind not in self.after_hash, kind
            self.after_hash[kind] = continuation
            return continuation

        return register

    def on_start(self, step: Start) -> Start:
        """Has the function below called once when the server starts, before the first request."""
        self.start.append(step)
        return step

    def on_tick(self, step: Tick) -> Tick:
        """Has the function below called about once a second."""
        self.tick.append(step)
        return step

    def on_limits_changed(self, step: Tick) -> Tick:
        """Has the function below called after the settings were replaced while the server runs."""
        self.limits_changed.append(step)
        return step

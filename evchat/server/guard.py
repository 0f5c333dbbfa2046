"""The one broad exception guard: a bug in our own code costs one connection or one delivery, never the server."""

from __future__ import annotations

from collections.abc import Callable
from typing import Any

from evchat import log


class Guard:
    """Runs work that may hold a bug. `on_bug` is called with the exception after it was logged."""

    def __init__(self, on_bug: Callable[[BaseException], None] | None = None) -> None:
        self._on_bug = on_bug

    def run(self, sid: int, what: object, work: Callable[..., Any], *arguments: Any) -> Any:
        """What `work(*arguments)` returns; None if it raised, which is reported."""
        try:
            return work(*arguments)
        except Exception as error:  # noqa: BLE001  (the one guard: see ARCHITECTURE.md, Errors)
            self.report(sid, what, error)
            return None

    def report(self, sid: int, what: object, error: BaseException) -> None:
        """Logs a bug. `sid` is the session that met it, 0 for none; `what` was being done: a request, or a word."""
        log.bug("bug", error, sid=sid, what=what if isinstance(what, str) else type(what).__name__)
        if self._on_bug is not None:
            self._on_bug(error)

"""The server as a service of systemd: it says when it serves, reloads and stops, and gives signs of life."""

from __future__ import annotations

import time
from collections.abc import Callable

from evchat.net.loop import Loop
from evchat.net.systemd import Notifier


class Service:
    """Tells the service manager how the server fares.

    A sign of life says that passes end and that the disk answers: `commit_began` is the loop's time at which the commit
    under way began (0: there is none). A commit that fails is no reason to be started again: reading and talking go on,
    and the health page tells of it.
    """

    def __init__(self, loop: Loop, notifier: Notifier, commit_began: Callable[[], float]) -> None:
        self._loop = loop
        self._notifier = notifier
        self._commit_began = commit_began

    def ready(self, status: str) -> None:
        """The server serves: clients can connect. `status` is shown by `systemctl status`."""
        self._notifier.tell("READY=1", f"STATUS={status}")
        if self._notifier.patience:
            self._beat()

    def reloading(self) -> None:
        """The settings are being loaded again; `reloaded` must follow."""
        self._notifier.tell("RELOADING=1", f"MONOTONIC_USEC={time.monotonic_ns() // 1000}")

    def reloaded(self) -> None:
        """The settings that hold now are loaded."""
        self._notifier.tell("READY=1")

    def stopping(self) -> None:
        """The server is going down."""
        self._notifier.tell("STOPPING=1")

    def _beat(self) -> None:
        # Twice as often as is asked for, as sd_watchdog_enabled(3) recommends.
        interval = self._notifier.patience / 2
        began = self._commit_began()
        if not began or self._loop.time() - began < interval:
            self._notifier.tell("WATCHDOG=1")
        self._loop.call_later(interval, self._beat)

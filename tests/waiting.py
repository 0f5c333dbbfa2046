"""Waiting for what no socket tells: files that another process writes, and the clock."""

from __future__ import annotations

import ctypes
import os
import select
import time
from collections.abc import Callable
from contextlib import closing
from pathlib import Path

from tests.e2e.harness import DEADLINE

_IN_MODIFY, _IN_MOVED_TO, _IN_CREATE, _IN_DELETE = 0x2, 0x80, 0x100, 0x200
"""Of inotify(7)."""


def until_files(true: Callable[[], bool], folder: Path, what: str) -> None:
    """Waits until something holds that depends on files below `folder`: looks again when one of them has changed."""
    end = time.monotonic() + DEADLINE
    with closing(_Changes()) as changes:
        changes.watch(folder)
        while not true():
            left = end - time.monotonic()
            assert left > 0, f"never: {what}"
            changes.wait(left)
            changes.watch(folder)  # before `true` looks, so that no change in a new folder is missed


def until_clock(at: float) -> None:
    """Waits until the clock shows a time, in seconds since the epoch: what is waited for is time itself."""
    while (left := at - time.time()) > 0:
        time.sleep(left)


class _Changes:
    """Changes of files, as Linux tells them. Elsewhere nothing tells, and there may have been one every 10 ms."""

    def __init__(self) -> None:
        libc = ctypes.CDLL(None) if os.name == "posix" else None
        self._libc = libc if hasattr(libc, "inotify_init1") else None
        self._fd = -1 if self._libc is None else self._libc.inotify_init1(os.O_NONBLOCK | os.O_CLOEXEC)

    def watch(self, folder: Path) -> None:
        """Watches a folder, or the first above it that there is, and those in it. What is watched already stays so."""
        if self._libc is None:
            return
        while not folder.exists():
            folder = folder.parent
        for path, _, _ in os.walk(folder):
            wanted = _IN_MODIFY | _IN_MOVED_TO | _IN_CREATE | _IN_DELETE
            self._libc.inotify_add_watch(self._fd, os.fsencode(path), wanted)

    def wait(self, seconds: float) -> None:
        """Waits for the next change, at most so long."""
        if self._libc is None:
            time.sleep(0.01)
        elif select.select([self._fd], [], [], seconds)[0]:
            os.read(self._fd, 65_536)

    def close(self) -> None:
        """Ends all watching."""
        if self._fd >= 0:
            os.close(self._fd)

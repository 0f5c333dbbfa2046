"""The lock on a data directory, so that one server at a time uses it.

The operating system holds it for an open file, so whatever ends the process ends the lock, even `kill -9`.
"""

from __future__ import annotations

import os
import sys
from contextlib import suppress
from pathlib import Path

from evchat.core.store import StoreError

LOCK = "evchat.lock"
"""The name of the file that is locked."""

if sys.platform == "win32":
    import msvcrt

    _PLACE = 1 << 20
    """The byte that is locked: beyond the process id, because a locked byte can't be read."""

    def _take(handle: int) -> None:
        os.lseek(handle, _PLACE, os.SEEK_SET)
        msvcrt.locking(handle, msvcrt.LK_NBLCK, 1)
        os.lseek(handle, 0, os.SEEK_SET)

else:
    import fcntl

    def _take(handle: int) -> None:
        fcntl.flock(handle, fcntl.LOCK_EX | fcntl.LOCK_NB)


class DirectoryLock:
    """Holds `directory` until it is released. Raises StoreError if another process has it, or if it can't be locked.

    The file stays when the lock is gone: deleting it would let a third process lock a file that nobody sees.
    """

    def __init__(self, directory: Path) -> None:
        path = directory / LOCK
        try:
            handle = os.open(path, os.O_RDWR | os.O_CREAT, 0o600)
        except OSError as error:
            raise StoreError(
                f"{path} can't be opened: {error.strerror}. The server needs a directory that it may write to."
            ) from error
        try:
            _take(handle)
        except OSError as error:
            holder = ""
            with suppress(OSError, ValueError):
                holder = f" (process {int(os.read(handle, 32))})"
            os.close(handle)
            if not isinstance(error, (BlockingIOError, PermissionError)):
                raise StoreError(
                    f"{directory} can't be locked: {error.strerror}. Choose a local disk."
                ) from error
            raise StoreError(
                f"Another server{holder} uses {directory} already. Stop it, or choose another directory with --data."
            ) from error
        os.ftruncate(handle, 0)
        with suppress(OSError):  # the number only helps to find the holder; on a full disk it is missing
            os.write(handle, str(os.getpid()).encode())
        self._handle: int | None = handle

    def release(self) -> None:
        """Lets another process have the directory."""
        if self._handle is not None:
            os.close(self._handle)
            self._handle = None

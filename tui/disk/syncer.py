"""Syncing to disk in a thread: it takes 4 ms at best, and a key press can't wait so long."""

from __future__ import annotations

import os

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading


class Syncer:
    """`sync` asks for what was written to a file so far; `problem` says why the disk could not keep it, if so."""

    def __init__(self) -> None:
        self.problem = ""
        self._ready: threading.Condition | None = None
        self._file: int | None = None
        self._busy = False

    def sync(self, file: int) -> None:
        """Asks that what was written to `file` be kept by the disk soon. Several at once become one. Raises OSError."""
        copy = os.dup(file)  # the file may be closed before its turn comes
        if self._ready is None:
            import threading  # here, because most starts never come to it

            self._ready = threading.Condition()
            threading.Thread(target=self._run, args=(self._ready,), daemon=True).start()
        with self._ready:
            before, self._file = self._file, copy
            # Compared in here: once the thread may have it, the copy may be closed at any time.
            another = before is not None and not os.path.sameopenfile(before, copy)
            self._ready.notify_all()
        if before is not None:
            if another:
                self._keep(before)  # another journal: it has to be kept, too
            os.close(before)

    def wait(self) -> None:
        """Returns when all that was asked for is done."""
        if self._ready is not None:
            with self._ready:
                self._ready.wait_for(lambda: self._file is None and not self._busy)

    def _run(self, ready: threading.Condition) -> None:
        while True:
            with ready:
                ready.wait_for(lambda: self._file is not None)
                file, self._file, self._busy = self._file, None, True
            assert file is not None
            self._keep(file)
            with ready:
                os.close(file)
                self._busy = False
                ready.notify_all()

    def _keep(self, file: int) -> None:
        try:
            (os.fsync if not hasattr(os, "fdatasync") else os.fdatasync)(file)
            self.problem = ""
        except OSError as error:
            self.problem = error.strerror or str(error)

# ruff: noqa: PTH103, PTH108, PTH208
# pathlib takes longer to import than a client that starts may take to show itself.
"""The outbox: every line that was said and is not acknowledged yet, on disk, so that none is lost.

A line is written before it is sent and struck out when the server has answered; what a crash leaves is taken over by
the next client that starts. Written means handed to the operating system, so that it survives the end of this process
in any way; a thread has the disk keep it at once (`tui.disk.syncer`), for the power cut.

Each running client has a journal of its own, locked for as long as it runs: JSON objects, one a line, of which the
later ones of an id change the first.
"""

from __future__ import annotations

import json
import os
import sys

from tui.disk.syncer import Syncer
from tui.model.session_events import FAILED, QUEUED

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable
    from typing import Any

_SUFFIX = ".outbox"
_COMPACT_ABOVE = 1 << 20
"""Bytes of a journal above which it is rewritten, if some old line has kept it from becoming empty."""

_dump = json.JSONEncoder(ensure_ascii=True, separators=(",", ":")).encode


class OutboxEntry:
    """A line to be sent: the id it always has, where it goes, and what has become of it. Times are ms of the epoch.

    `state` is QUEUED (also while it is under way) or FAILED, with the `reason`; a line that was sent is not here any
    more. `tried` is when it was first sent, and None before that.
    """

    __slots__ = ("action", "at", "id", "reason", "room", "state", "text", "tried")

    def __init__(self, id: str, room: str, text: str, at: int, *, action: bool = False) -> None:
        self.id = id
        self.room = room
        self.text = text
        self.at = at
        self.action = action
        self.state = QUEUED
        self.reason = ""
        self.tried: int | None = None

    def __repr__(self) -> str:
        return f"OutboxEntry({self.id!r}, {self.room!r}, {self.text!r}, {self.state})"

    def records(self) -> Iterable[dict[str, Any]]:
        """What a journal says of it."""
        record: dict[str, Any] = {"id": self.id, "room": self.room, "text": self.text, "at": self.at}
        if self.action:
            record["action"] = True
        if self.tried is not None:
            record["tried"] = self.tried
        if self.state == FAILED:
            record["failed"] = self.reason
        yield record


class Outbox:
    """The lines of one user on one server, oldest first. `directory` None keeps them in memory only.

    `problem` says, while it is not empty, why the latest changes are not written; each later one tries again.
    """

    def __init__(self, directory: str | None = None) -> None:
        self.lines: dict[str, OutboxEntry] = {}
        self.problem = ""
        self._directory = directory
        self.prefix = os.urandom(8).hex()
        """What the ids of this client begin with, and those of no other."""
        self._count = 0
        self._file: int | None = None
        self._path = ""
        self._size = 0
        self._owed = b""
        self._syncer = Syncer()
        if directory is not None:
            self._adopt(directory)

    # ---- changes ----------------------------------------------------------------------------------------------

    def new_id(self) -> str:
        """An id that nobody has used or will use."""
        self._count += 1
        return f"{self.prefix}-{self._count}"

    def add(self, room: str, text: str, now: int, *, action: bool = False, id: str = "") -> OutboxEntry:
        """Takes a line in, under a new id: `id`, if that is given."""
        line = OutboxEntry(id or self.new_id(), room, text, now, action=action)
        self.lines[line.id] = line
        self._write(line.records())
        self._sync()
        return line

    def tried(self, id: str, now: int) -> None:
        """The line is about to be sent for the first time."""
        line = self.lines[id]
        line.tried = now
        self._write(({"id": id, "tried": now},))

    def failed(self, id: str, reason: str) -> None:
        """The server will not have the line."""
        line = self.lines[id]
        line.state, line.reason = FAILED, reason
        self._write(({"id": id, "failed": reason},))

    def again(self, id: str, new_id: str = "") -> OutboxEntry:
        """A failed line is to be sent once more. It gets a new id and the last place, and is returned."""
        old = self.lines.pop(id)
        line = OutboxEntry(new_id or self.new_id(), old.room, old.text, old.at, action=old.action)
        self.lines[line.id] = line
        self._write({**record, "instead": id} for record in line.records())
        self._sync()
        return line

    def done(self, id: str) -> None:
        """The line was sent and acknowledged, or is not wanted any more."""
        del self.lines[id]
        if self.lines or self.problem or self._file is None:
            self._write(({"id": id, "done": True},))
        else:
            self._empty()

    def move(self, directory: str) -> list[OutboxEntry]:
        """Keeps the lines in another directory from now on; returns those that earlier clients have left there."""
        mine, old, old_path = self.lines, self._file, self._path
        self._directory, self._file, self._path, self._size, self._owed = directory, None, "", 0, b""
        self._adopt(directory)
        found = [line for line in self.lines.values() if line.id not in mine]
        self.lines = dict(sorted({**self.lines, **mine}.items(), key=lambda item: item[1].at))
        self._write(record for line in mine.values() for record in line.records())
        if old is None or self.problem:
            return found  # what was written before stays where it is
        self._sync()
        self._syncer.wait()
        try:
            if not self.problem:
                os.ftruncate(old, 0)
                _unlink(old_path)
            os.close(old)
        except OSError as error:
            self.problem = error.strerror or str(error)
        return found

    def close(self) -> None:
        """Releases the journal; an empty one is deleted."""
        if self._file is None:
            return
        self._syncer.wait()
        if not self.lines:
            _unlink(self._path)
        os.close(self._file)
        self._file = None

    # ---- the journal ------------------------------------------------------------------------------------------

    def _write(self, records: Iterable[dict[str, Any]]) -> None:
        if self._directory is None:
            return
        self._owed += b"".join(_dump(record).encode() + b"\n" for record in records)
        try:
            if self._size > _COMPACT_ABOVE + 2 * len(self._owed):
                self._rewrite()
            if not self._owed:
                return
            if self._file is None:
                self._file, self._path = _create(self._directory, self.prefix)
            written = os.write(self._file, self._owed)
            self._size += written
            if written < len(self._owed):
                raise OSError(0, "the disk is full")
            self._owed = b""
            self.problem = ""
        except OSError as error:
            # What was cut off in the middle ends here; all of it is written again the next time.
            if not self._owed.startswith(b"\n"):
                self._owed = b"\n" + self._owed
            self.problem = error.strerror or str(error)

    def _sync(self) -> None:
        """Has the disk keep what was written. What has become of a line needs no haste: at worst it is sent again."""
        if self._file is None or self.problem:
            return
        try:
            self._syncer.sync(self._file)
        except OSError as error:
            self.problem = error.strerror or str(error)
        if self._syncer.problem:  # of the line before
            self.problem, self._syncer.problem = self._syncer.problem, ""

    def _empty(self) -> None:
        assert self._file is not None
        try:
            os.ftruncate(self._file, 0)
            self._size = 0
        except OSError as error:
            self.problem = error.strerror or str(error)

    def _rewrite(self) -> None:
        """Begins a journal with nothing but the lines that are still there. Raises OSError."""
        assert self._directory is not None
        old, old_path = self._file, self._path
        file, path = _create(self._directory, f"{self.prefix}-{self._count}")
        data = b"".join(_dump(r).encode() + b"\n" for line in self.lines.values() for r in line.records())
        if os.write(file, data) < len(data):
            os.close(file)
            _unlink(path)
            raise OSError(0, "the disk is full")
        self._file, self._path, self._size, self._owed = file, path, len(data), b""
        if old is not None:
            os.fsync(file)
            os.ftruncate(old, 0)
            _unlink(old_path)
            os.close(old)

    def _adopt(self, directory: str) -> None:
        """Takes over what clients that are gone have left."""
        try:
            names = sorted(name for name in os.listdir(directory) if name.endswith(_SUFFIX))
        except OSError:
            return  # there is no such directory yet
        found: dict[str, OutboxEntry] = {}
        left: list[tuple[int, str]] = []
        for name in names:
            path = f"{directory}/{name}"
            try:
                file = os.open(path, os.O_RDWR | os.O_APPEND | getattr(os, "O_BINARY", 0))
            except OSError:
                continue
            if _lock(file):
                left.append((file, path))
                _read(file, found)
            else:
                os.close(file)  # a client that runs has it
        self.lines = dict(sorted(found.items(), key=lambda item: item[1].at))
        if len(left) == 1 and self.lines:
            self._file, self._path = left[0]
            self._size = os.lseek(self._file, 0, os.SEEK_END)
            self._owed = b"\n"  # its last line may have been cut off
        else:
            self._merge(left)

    def _merge(self, left: list[tuple[int, str]]) -> None:
        """Writes the lines of several journals into one of our own, and deletes those."""
        self._write(record for line in self.lines.values() for record in line.records())
        for file, path in left:
            try:
                if not self.problem:
                    if self._file is not None:
                        os.fsync(self._file)
                    os.ftruncate(file, 0)
                    _unlink(path)
                os.close(file)
            except OSError as error:
                self.problem = error.strerror or str(error)


def _read(file: int, lines: dict[str, OutboxEntry]) -> None:
    """Adds what a journal says to `lines`; what was cut off by a crash in the middle of writing is passed over."""
    with os.fdopen(os.dup(file), "rb") as stream:
        for raw in stream:
            try:
                record = json.loads(raw)
                _apply(record, lines)
            except (ValueError, KeyError, TypeError, RecursionError):
                continue


def _apply(record: dict[str, Any], lines: dict[str, OutboxEntry]) -> None:
    id = record["id"]
    if "text" in record:
        text, room, at = record["text"], record["room"], record["at"]
        if not (
            isinstance(text, str) and isinstance(room, str) and isinstance(at, int) and isinstance(id, str)
        ):
            raise TypeError
        lines[id] = OutboxEntry(id, room, text, at, action=bool(record.get("action")))
        lines.pop(record.get("instead", ""), None)
    if "done" in record:
        lines.pop(id, None)
        return
    line = lines[id]
    if isinstance(record.get("tried"), int):
        line.tried = record["tried"]
    if "failed" in record:
        line.state, line.reason = FAILED, str(record["failed"])


def _create(directory: str, name: str) -> tuple[int, str]:
    """A new journal that this process has locked. Raises OSError."""
    os.makedirs(directory, mode=0o700, exist_ok=True)
    path = f"{directory}/{name}{_SUFFIX}"
    flags = os.O_RDWR | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags, 0o600)
    _lock(file)
    return file, path


def _unlink(path: str) -> None:
    try:
        os.unlink(path)
    except OSError:
        pass  # an empty file is left: on Windows one that is open can't be deleted


if sys.platform == "win32":
    import msvcrt

    _PLACE = 1 << 40
    """The byte that is locked: far beyond the end, because a locked byte can't be read."""

    def _lock(file: int) -> bool:
        try:
            os.lseek(file, _PLACE, os.SEEK_SET)
            msvcrt.locking(file, msvcrt.LK_NBLCK, 1)
            os.lseek(file, 0, os.SEEK_SET)
        except OSError:
            return False
        return True

else:

    def _lock(file: int) -> bool:
        """Locks the file for this process, if no other has it; the lock goes with the process, however it ends."""
        import fcntl

        try:
            fcntl.flock(file, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except OSError:
            return False
        return True

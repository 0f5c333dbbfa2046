"""Logs of what is said, in files for people: one per server and room, appended to, off the way of the keys."""
# ruff: noqa: PTH103, PTH111, PTH120
# pathlib takes longer to import than a client that starts may take to show itself.

from __future__ import annotations

import os
import time

from evchat.settings.client import MAX_FILE_NAME_CHARS
from tui.disk.state import file_name
from tui.model import log as kinds

TYPE_CHECKING = False
if TYPE_CHECKING:
    import threading

    from tui.disk.state import State
    from tui.model.log import Entry, Log
    from tui.model.model import Model, Room

_LOGGED = "logged"
"""Under which name it is kept up to where each room is logged."""

_LATEST = 253_402_214_400_000
"""The end of the year 9999, in milliseconds: what a server may claim, and every platform can show."""

_MARGIN = " " * 20
"""Before all lines of a message but the first, so that none of them looks like the beginning of another message."""

_FORMS = {
    kinds.SAID: "<{0}> {1}",
    kinds.ACTION: "* {0} {1}",
    kinds.NOTIFIED: "-{0}- {1}",
    kinds.NOTICE: "-- {1}",
    kinds.BROADCAST: "<{0}> (to everyone) {1}",
    kinds.TO_OPERATORS: "<{0}> (to operators) {1}",
    kinds.TO_VOICED: "<{0}> (to operators and voiced) {1}",
}
"""What is logged, and how. Answers to commands, errors, and who joins and leaves are not."""


class Logs:
    """The logs of one server. `state` remembers up to where each room is logged, so that what the next run fetches of
    the history is not logged again.

    `write` takes what is new from the rooms, and a thread writes it. While a disk hangs, what is said stays with the
    rooms, which are bounded.
    """

    def __init__(self, state: State, server: str) -> None:
        self._state = state
        self._server = server
        self._thread: threading.Thread | None = None
        self._written: dict[str, tuple[Log, int]] = {}
        """The log of each room, by its key, and the index of what is to be written next."""
        self._latest: dict[str, tuple[int, int]] = {}
        """Time and number of the last message of each room that was written."""
        self._recalled = False
        self._problem = ""
        self._told = ""

    def write(self, model: Model, directory: str, *, at_once: bool = False) -> str:
        """Writes what is new into files below the directory; returns why that failed, once for each reason.

        `at_once`: returns when it is written.
        """
        if self._thread is not None:
            if at_once:
                self._thread.join()
            if self._thread.is_alive():
                return ""
            self._thread = None
        if not self._recalled:
            self._recalled = True
            self._recall()
        jobs = [job for room in model.rooms.values() if (job := self._job(room)) is not None]
        if jobs:
            place = f"{os.path.expanduser(directory)}/{file_name(self._server)}"
            if at_once:
                self._write(place, jobs)
            else:
                import threading  # here, because most starts never come to it

                self._thread = threading.Thread(target=self._write, args=(place, jobs))
                self._thread.start()
        problem = self._problem if self._problem != self._told else ""
        self._told = self._problem
        return problem

    def move(self, state: State) -> None:
        """Remembers in another state from now on up to where the rooms are logged."""
        self._state = state

    def _recall(self) -> None:
        for key, value in self._state.load(_LOGGED).items():
            if isinstance(value, list) and len(value) == 2 and all(type(number) is int for number in value):
                self._latest[key] = (value[0], value[1])

    def _job(self, room: Room) -> _Job | None:
        log, start = self._written.get(room.key, (room.log, room.log.first))
        if log is not room.log:
            start = room.log.first  # the room was left, and entered again
        if start >= room.log.end:
            return None
        latest = self._latest.get(room.key, (0, 0))
        parts = []
        for entry in room.log.between(start, room.log.end):
            if entry.is_message:
                if (entry.at, entry.seq) <= latest:
                    continue
                latest = (entry.at, entry.seq)
            parts.append(_line(entry))
        return _Job(room.key, room.log, room.log.end, latest, "".join(parts))

    def _write(self, place: str, jobs: list[_Job]) -> None:
        self._problem = ""
        try:
            for job in jobs:
                if job.text:
                    _append(f"{place}/{_name(job.key)}.log", job.text)
                self._written[job.key] = (job.log, job.end)
                self._latest[job.key] = job.latest
            self._state.save(_LOGGED, {key: list(latest) for key, latest in self._latest.items()})
        except OSError as error:
            self._problem = f"Can't write the log: {error.strerror}: {error.filename}."


class _Job:
    """What is to be appended to the file of a room, and how far it is logged then."""

    __slots__ = ("end", "key", "latest", "log", "text")

    def __init__(self, key: str, log: Log, end: int, latest: tuple[int, int], text: str) -> None:
        self.key = key
        self.log = log
        self.end = end
        self.latest = latest
        self.text = text


def _line(entry: Entry) -> str:
    form = _FORMS.get(entry.kind & kinds.KIND)
    if form is None:
        return ""
    moment = time.localtime(min(max(entry.at, 0), _LATEST) / 1000)
    text = entry.text.replace("\n", f"\n{_MARGIN}")
    return f"{time.strftime('%Y-%m-%d %H:%M:%S', moment)} {form.format(entry.sender, text)}\n"


def _name(key: str) -> str:
    """The name of a room's file: that of a channel keeps its sign."""
    sign = "#" if key.startswith("#") else ""
    return sign + file_name(key.removeprefix("#"))[:MAX_FILE_NAME_CHARS]


def _append(path: str, text: str) -> None:
    os.makedirs(os.path.dirname(path), mode=0o700, exist_ok=True)
    flags = os.O_WRONLY | os.O_CREAT | os.O_APPEND | getattr(os, "O_BINARY", 0)
    file = os.open(path, flags, 0o600)
    try:
        with os.fdopen(file, "wb") as stream:
            stream.write(text.encode("utf-8", "replace"))
    except OSError as error:
        raise OSError(error.errno, error.strerror, path) from None

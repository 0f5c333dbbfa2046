"""The log: one line per event on stderr or in a file, as text or JSON, with foreign text escaped.

Nobody waits for it: lines go through a bounded queue to a thread, so that a terminal that is held (Ctrl-S) or a pipe
that nobody reads stops no chat; what does not fit is dropped and counted. And nobody fills it: a line that names an
`address` was caused by somebody out there, so each kind of such lines has a rate, for each address and in all; errors
have one in all. What is over that rate is counted, and the count is logged.
"""

from __future__ import annotations

import json
import os
import re
import sys
import threading
import time
import traceback
from collections import deque
from collections.abc import Iterable
from functools import lru_cache
from pathlib import Path
from typing import Any, Final, Protocol

DEBUG, INFO, WARNING, ERROR = 10, 20, 30, 40
LEVELS: Final = {"debug": DEBUG, "info": INFO, "warning": WARNING, "error": ERROR}

_MOST_WAITING: Final = 256 * 1024
"""Bytes of lines that wait to be written: some two thousand lines."""
_FLUSH: Final = 1.0
"""Seconds that the end of the server waits for lines to be written."""
_GATHER: Final = 0.02
"""Seconds that the first line waits for others, to be written with them."""

_ADDRESS_BURST, _ADDRESS_RATE = 60.0, 0.2
"""Lines of one kind about one address, at once and a second: a class behind one address logs in unabridged, and an
attacker makes 2 MB a day."""
_TOTAL_BURST, _TOTAL_RATE = 1000.0, 5.0
"""Lines of one kind about all addresses: everybody may come back after a restart, and a crowd makes 50 MB a day."""
_MOST_QUOTAS: Final = 4096
"""Kinds and addresses that are counted separately; the others share what is left."""
_SUMMARY: Final = 60.0
"""Seconds between two looks for lines that were not logged and are not told of yet."""


class _Quota:
    """A token bucket of lines, and how many were not logged because it was empty."""

    __slots__ = ("_burst", "_rate", "_tokens", "_touched", "unlogged")

    def __init__(self, burst: float, rate: float, now: float) -> None:
        self._burst, self._rate = burst, rate
        self._tokens, self._touched = burst, now
        self.unlogged = 0

    def has_room(self, now: float) -> bool:
        """Whether there is a token."""
        self._tokens = min(self._burst, self._tokens + (now - self._touched) * self._rate)
        self._touched = now
        return self._tokens >= 1.0

    def take(self) -> None:
        """Takes a token."""
        self._tokens -= 1.0

    def is_full(self) -> bool:
        """Whether it is as if it were new."""
        return self._tokens >= self._burst


class Quotas:
    """How many lines of each kind are logged about each address, and about all. Times are monotonic seconds."""

    def __init__(self) -> None:
        self._quotas: dict[tuple[str, str], _Quota] = {}
        self._told = 0.0

    def admit(self, event: str, address: str, now: float) -> int | None:
        """How many such lines were left out before this one, or None if this one must be left out, too."""
        own, total = self._quota(event, address, now), self._quota(event, "", now)
        if not own.has_room(now) or not total.has_room(now):
            own.unlogged += 1
            return None
        own.take()
        if own is not total:
            total.take()
        before, own.unlogged = own.unlogged, 0
        return before

    def unlogged(self, now: float, *, at_once: bool = False) -> Iterable[tuple[str, str, int]]:
        """Once a minute (or `at_once`): the kinds and addresses of lines that were not logged, with their numbers."""
        if now - self._told < _SUMMARY and not at_once:
            return
        self._told = now
        for (event, address), quota in list(self._quotas.items()):
            if quota.unlogged:
                count, quota.unlogged = quota.unlogged, 0
                yield event, address, count
            elif quota.has_room(now) and quota.is_full():
                del self._quotas[event, address]

    def __len__(self) -> int:
        """How many kinds and addresses are told apart."""
        return len(self._quotas)

    def _quota(self, event: str, address: str, now: float) -> _Quota:
        if (quota := self._quotas.get((event, address))) is not None:
            return quota
        if address and len(self._quotas) >= _MOST_QUOTAS:
            return self._quota(event, "", now)
        burst, rate = (_ADDRESS_BURST, _ADDRESS_RATE) if address else (_TOTAL_BURST, _TOTAL_RATE)
        self._quotas[event, address] = quota = _Quota(burst, rate, now)
        return quota


class Destination(Protocol):
    """What takes the lines of the log."""

    def write(self, line: str) -> None:
        """Takes a line, without its end."""

    def flush(self) -> None:
        """Waits until all is written, but not long."""

    def close(self) -> None:
        """Takes no more lines."""


class _Stream:
    """Writes lines to whatever stderr is, where that is no file: nothing to wait for."""

    def write(self, line: str) -> None:
        """Writes a line."""
        try:
            sys.stderr.write(f"{line}\n")
            sys.stderr.flush()
        except (AttributeError, OSError, ValueError):
            pass  # a vanished stderr must not end the server

    def flush(self) -> None:
        """Everything is written already."""

    def close(self) -> None:
        """There is nothing to end."""


class _Writer:
    """Writes lines to a descriptor, in a thread: only that waits when nobody takes them."""

    def __init__(self, descriptor: int) -> None:
        self.descriptor = descriptor
        self._waiting: deque[bytes] = deque()
        self._size = 0
        self._dropped = 0
        self._busy = self._hurried = self._ended = False
        self._changed = threading.Condition()
        threading.Thread(target=self._run, name="log", daemon=True).start()

    def write(self, line: str) -> None:
        """Queues a line, or drops it where too much waits already."""
        data = line.encode() + b"\n"
        with self._changed:
            if self._size + len(data) > _MOST_WAITING:
                self._dropped += 1
                return
            self._append(data)
            # Waking the thread costs more than making the line, so it is not woken for what it will find anyway.
            if not self._busy or self._size > _MOST_WAITING // 2:
                self._busy = True
                self._changed.notify_all()

    def _append(self, data: bytes) -> None:
        self._waiting.append(data)
        self._size += len(data)

    def _run(self) -> None:
        changed = self._changed
        while True:
            with changed:
                self._busy = bool(self._waiting)
                changed.notify_all()
                while not self._waiting and not self._ended:
                    changed.wait()
                if not self._waiting:
                    return
                changed.wait_for(self._is_urgent, _GATHER)
                if self._dropped:
                    self._append(self._summary())
                data = b"".join(self._waiting)
                self._waiting.clear()
                self._size = 0
            self._write(data)

    def _is_urgent(self) -> bool:
        return self._hurried or self._ended or self._size > _MOST_WAITING // 2

    def _summary(self) -> bytes:
        count, self._dropped = self._dropped, 0
        return _text("warning", "lines dropped, as nobody took them", {"count": count}).encode() + b"\n"

    def _write(self, data: bytes) -> None:
        try:
            while data:
                data = data[os.write(self.descriptor, data) :]
        except OSError:
            pass  # a vanished stderr must not end the server

    def flush(self) -> None:
        """Waits until all is written, but not long."""
        with self._changed:
            self._hurried = True
            self._changed.notify_all()
            self._changed.wait_for(lambda: not self._busy, _FLUSH)
            self._hurried = False

    def close(self) -> None:
        """Ends the thread once it has written what waits."""
        with self._changed:
            self._ended = True
            self._changed.notify_all()


class Sink:
    """Where the log goes, from which level on, and in which form. `file` is None where that is stderr."""

    def __init__(
        self, least: int, destination: Destination, *, as_json: bool = False, file: Path | None = None
    ) -> None:
        self.least = least
        self.as_json = as_json
        self.destination = destination
        self.file = file


sink = Sink(WARNING, _Stream())
"""There is one for the process, as there is one stderr."""


@lru_cache(maxsize=2)
def _second(second: int) -> str:
    return time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(second))


def _text(level: str, event: str, facts: dict[str, Any]) -> str:
    """A line without its end. Each value stays on the line, in ASCII: no control character of a stranger gets out."""
    now = time.time()
    second = int(now)
    stamp = f"{_second(second)}.{int((now - second) * 1000):03d}"
    if sink.as_json:
        return json.dumps({"time": stamp, "level": level, "event": event, **facts}, default=str)
    told = "".join([f" {key}={value}" for key, value in facts.items()])
    if told.count(" ") != len(facts) or _PLAIN_FACTS.fullmatch(told) is None:
        told = "".join([f" {key}={_quoted(str(value))}" for key, value in facts.items()])
    return f"{stamp} {level:7} {event}{told}"


_PLAIN = re.compile("[!#-<>-~]+")
"""Printable ASCII but the space, the quote and the equals sign."""
_PLAIN_FACTS = re.compile(f"(?: [a-z_]+={_PLAIN.pattern})*")


def _quoted(value: str) -> str:
    return value if _PLAIN.fullmatch(value) is not None else json.dumps(value)


_quotas: Quotas | None = Quotas()


def set_up(level: str, log_format: str, *, limited: bool = True, file: Path | None = None) -> None:
    """Sends the log to a file or stderr, from `level` on, as `text` or `json`.

    Unless `limited`, whatever strangers cause is logged. A file that the log goes to already stays open. Raises OSError
    if a new one can't be opened.
    """
    global _quotas, sink  # noqa: PLW0603  (there is one for the process)
    if not limited:
        _quotas = None
    elif _quotas is None:
        _quotas = Quotas()
    destination = _destination(sink.destination, file, sink.file)
    sink = Sink(LEVELS[level], destination, as_json=log_format == "json", file=file)


def reopen() -> None:
    """Goes on in a new file of the same name, after the old one was moved away; a log on stderr stays where it is.

    If that fails, the old file stays in use and is told why.
    """
    writer = sink.destination
    if sink.file is None or not isinstance(writer, _Writer):
        return
    flush()
    try:
        fresh = _open(sink.file)
    except OSError as problem:
        error("the log can't go on in a new file", file=str(sink.file), reason=str(problem.strerror))
        return
    # The thread that writes knows only the number of its descriptor, which stands for the new file from here on.
    os.dup2(fresh, writer.descriptor, inheritable=False)
    os.close(fresh)


def _open(file: Path) -> int:
    # Messages are not logged, but names and addresses are: they are for the owner and the group.
    return os.open(file, os.O_WRONLY | os.O_APPEND | os.O_CREAT, 0o640)


def _destination(former: Destination, file: Path | None, former_file: Path | None) -> Destination:
    if file is not None:
        return former if file == former_file else _Writer(_open(file))
    try:
        descriptor = sys.stderr.fileno()
    except (AttributeError, OSError, ValueError):  # none, no file, or closed
        return _Stream()
    if isinstance(former, _Writer):
        if former.descriptor == descriptor:
            return former
        former.flush()
        former.close()
    return _Writer(descriptor)


def debug(event: str, **facts: object) -> None:
    """What only a developer wants to know."""
    if sink.least <= DEBUG:
        _write(DEBUG, "debug", event, facts)


def info(event: str, **facts: object) -> None:
    """Logs a normal event."""
    if sink.least <= INFO:
        _write(INFO, "info", event, facts)


def warning(event: str, **facts: object) -> None:
    """Logs something that the owner should look at."""
    if sink.least <= WARNING:
        _write(WARNING, "warning", event, facts)


def error(event: str, **facts: object) -> None:
    """What fails."""
    _write(ERROR, "error", event, facts)


def bug(event: str, error: BaseException, **facts: object) -> None:
    """A mistake in our own code, with its traceback on the same line."""
    facts["traceback"] = "".join(traceback.format_exception(error)).rstrip("\n")
    _write(ERROR, "error", event, facts)


def flush() -> None:
    """Waits until what was logged is written, but not long."""
    sink.destination.flush()


def summarise(*, at_once: bool = False) -> None:
    """Tells, once a minute or `at_once`, how many lines were not logged because there were too many."""
    for event, address, count in _quotas.unlogged(time.monotonic(), at_once=at_once) if _quotas else ():
        facts = {"what": event, "count": count} | ({"of": address} if address else {})
        if sink.least <= WARNING:
            sink.destination.write(_text("warning", "not logged", facts))


def _write(level: int, name: str, event: str, facts: dict[str, Any]) -> None:
    address = facts.get("address")
    if _quotas is not None and (address is not None or level >= ERROR):
        unlogged = _quotas.admit(event, str(address or ""), time.monotonic())
        if unlogged is None:
            return
        if unlogged:
            facts["unlogged_before"] = unlogged
    sink.destination.write(_text(name, event, facts))

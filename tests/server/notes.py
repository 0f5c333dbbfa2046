"""What the server logs, for tests to read."""

from __future__ import annotations

import json
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass
from typing import Any

from evchat import log


@dataclass(frozen=True)
class Note:
    """A line of the log."""

    level: str
    event: str
    facts: dict[str, Any]
    traceback: str


class Notes:
    """Keeps every line."""

    def __init__(self) -> None:
        self.records: list[Note] = []

    def write(self, line: str) -> None:
        told = json.loads(line)
        del told["time"]
        level, event, traceback = told.pop("level"), told.pop("event"), told.pop("traceback", "")
        self.records.append(Note(level, event, told, traceback))

    def flush(self) -> None:
        pass

    def close(self) -> None:
        pass

    def facts(self, event: str) -> list[dict[str, Any]]:
        """The facts of each line about such an event."""
        return [note.facts for note in self.records if note.event == event]


@contextmanager
def noting() -> Iterator[Notes]:
    """What is logged, whatever other tests have done to the log."""
    notes, before = Notes(), log.sink
    log.sink = log.Sink(log.INFO, as_json=True, destination=notes)
    try:
        yield notes
    finally:
        log.sink = before

"""What the server logs, for tests to read."""

from __future__ import annotations

import logging
from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any


class Notes(logging.Handler):
    """Keeps every line."""

    def __init__(self) -> None:
        super().__init__()
        self.records: list[logging.LogRecord] = []

    def emit(self, record: logging.LogRecord) -> None:
        self.records.append(record)

    def facts(self, event: str) -> list[dict[str, Any]]:
        """The facts of each line about such an event."""
        return [vars(record)["facts"] for record in self.records if record.getMessage() == event]


@contextmanager
def noting() -> Iterator[Notes]:
    """What is logged, whatever other tests have done to the log."""
    logger, notes = logging.getLogger("evchat"), Notes()
    before = logger.handlers[:], logger.level
    logger.handlers[:] = [notes]
    logger.setLevel("INFO")
    try:
        yield notes
    finally:
        logger.handlers[:], logger.level = before

"""The log: one line per event on stderr, as text or JSON, with foreign text escaped."""

from __future__ import annotations

import json
import logging
import sys
import time
from typing import Any

_LOGGER = logging.getLogger("evchat")


class _Formatter(logging.Formatter):
    def __init__(self, as_json: bool) -> None:
        super().__init__()
        self._as_json = as_json

    def format(self, record: logging.LogRecord) -> str:
        facts: dict[str, Any] = getattr(record, "facts", {})
        moment = time.strftime("%Y-%m-%dT%H:%M:%S", time.localtime(record.created))
        stamp = f"{moment}.{int(record.msecs):03d}"
        if record.exc_info:
            facts = {**facts, "traceback": self.formatException(record.exc_info)}
        if self._as_json:
            return json.dumps(
                {"time": stamp, "level": record.levelname.lower(), "event": record.getMessage(), **facts},
                default=str,
            )
        # json.dumps keeps a value on one line and in ASCII: no control character of a stranger gets through.
        told = [
            f"{key}={value if _is_plain(value) else json.dumps(str(value))}" for key, value in facts.items()
        ]
        return " ".join([stamp, f"{record.levelname.lower():7}", record.getMessage(), *told])


def _is_plain(value: object) -> bool:
    if isinstance(value, int | float):
        return True
    text = str(value)
    return text.isascii() and text.isprintable() and bool(text) and not set(text) & set(' "=')


def set_up(level: str, log_format: str) -> None:
    """Sends the log to stderr, from `level` on, as `text` or `json`."""
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(_Formatter(log_format == "json"))
    _LOGGER.handlers[:] = [handler]
    _LOGGER.setLevel(level.upper())
    _LOGGER.propagate = False
    logging.raiseExceptions = False  # a vanished stderr must not end the server


def debug(event: str, **facts: object) -> None:
    """What only a developer wants to know."""
    if _LOGGER.isEnabledFor(logging.DEBUG):
        _LOGGER.debug(event, extra={"facts": facts})


def info(event: str, **facts: object) -> None:
    """What happens in the normal run of things."""
    if _LOGGER.isEnabledFor(logging.INFO):
        _LOGGER.info(event, extra={"facts": facts})


def warning(event: str, **facts: object) -> None:
    """What the owner should look at."""
    _LOGGER.warning(event, extra={"facts": facts})


def error(event: str, **facts: object) -> None:
    """What fails."""
    _LOGGER.error(event, extra={"facts": facts})


def bug(event: str, error: BaseException, **facts: object) -> None:
    """A mistake in our own code, with its traceback on the same line."""
    _LOGGER.error(event, extra={"facts": facts}, exc_info=error)

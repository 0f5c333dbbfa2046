"""All attacks there are, in the order of the table."""

from __future__ import annotations

from tests.attacks import connections, foreign_bytes, irc, passwords, process, requests, text
from tests.attacks.table import ATTACKS, Attack

__all__ = [
    "ATTACKS",
    "Attack",
    "connections",
    "foreign_bytes",
    "irc",
    "passwords",
    "process",
    "requests",
    "text",
]

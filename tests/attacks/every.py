"""All attacks, in the order of the table."""

from __future__ import annotations

from tests.attacks import (  # noqa: F401  (each of them fills the table)
    connections,
    encrypted,
    foreign_bytes,
    irc,
    older,
    passwords,
    process,
    requests,
    text,
    web,
)
from tests.attacks.table import ATTACKS, Attack

__all__ = ["ATTACKS", "Attack"]

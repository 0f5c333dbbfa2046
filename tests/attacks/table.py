"""The table of attacks: SECURITY.md shows it, the tests run it small, and scripts/attack.py at full size."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import dataclass

from tests.attacks.siege import Siege
from tests.e2e.harness import Server


@dataclass(frozen=True)
class Attack:
    """Something that hostile clients try."""

    name: str
    tried: str
    """What they do, in a sentence for SECURITY.md."""
    run: Callable[[Siege], object]
    server: type[Server]
    """What starts the server."""


ATTACKS: list[Attack] = []
"""Filled by the modules of attacks, which `tests.attacks.every` imports."""


def attack(
    name: str, tried: str, *, server: type[Server] = Server
) -> Callable[[Callable[[Siege], object]], Callable[[Siege], object]]:
    """Adds a function to the table."""

    def add(run: Callable[[Siege], object]) -> Callable[[Siege], object]:
        ATTACKS.append(Attack(name, tried, run, server))
        return run

    return add

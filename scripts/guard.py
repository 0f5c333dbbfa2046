#!/usr/bin/env python3
"""Holds what a message costs below its bounds, by counting and not by timing, so that a busy machine changes nothing.

guard.py                 measures all, prints each with its bound; exit code 1 if one is above it
guard.py --no-valgrind   the same without instructions, which only valgrind can count
"""

from __future__ import annotations

import argparse
import sys
from collections.abc import Sequence
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from functools import cache

from measure import instructions
from measure.counting import COUNTED
from measure.lockstep import Run, measured
from measure.workloads import WORKLOADS, small

_ROUNDS = 4
_PYTHON = (3, 11)


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that something may cost. Lower it when the server has become better; a few per cent are enough."""

    workload: str
    dialect: str
    storage: str
    what: str
    most: float
    phase: str = "message"


BOUNDS = (
    Bound("W1p", "irc", "memory", "instructions", 70_300),
    Bound("W3", "irc", "memory", "instructions", 86_800),
    Bound("W7", "irc", "memory", "instructions", 91_500),
    Bound("W3", "irc", "memory", "calls", 32),
    Bound("W7", "irc", "memory", "calls", 36),
    Bound("W3", "json", "memory", "calls", 46),
    Bound("W7", "json", "memory", "calls", 49),
    Bound("W5", "irc", "memory", "calls", 480, "join"),
    Bound("W5", "json", "memory", "calls", 615, "join"),
    Bound("W3", "irc", "memory", "sends", 1),
    Bound("W7", "irc", "memory", "sends", 1),
    Bound("W3", "json", "memory", "sends", 1),
    Bound("W3", "irc", "sqlite", "commits", 0.01),
    Bound("W3", "irc", "memory", "held", 6.2),
    Bound("W7", "irc", "memory", "held", 6.2),
)
"""For one message each, or for one client that connects, logs in and joins. Instructions are those of CPython 3.11
without optimizations by profile; see COUNTED for the rest."""


def all_counted(bounds: Sequence[Bound]) -> list[float]:
    """What each bound is about; two runs at a time. Raises RuntimeError."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(_counted, bounds))


def _counted(bound: Bound) -> float:
    if bound.what == "instructions":
        return instructions.count(bound.workload, bound.dialect, bound.storage).instructions
    return _tally(bound.workload, bound.dialect, bound.storage)[bound.phase][bound.what]


@cache
def _tally(name: str, dialect: str, storage: str) -> dict[str, dict[str, float]]:
    """By phase, how much of everything that is counted a message or client makes; the least of some rounds, as timers
    add to others.
    """
    workload = small(WORKLOADS[name])
    phases, _ = measured(Run(workload, dialect, storage, _ROUNDS, tally=True))
    unit = workload.visitors or workload.messages
    return {
        phase: {what: min(each[what] for each in rounds) / unit for what in COUNTED}
        for phase, rounds in phases.items()
    }


def _missing() -> str:
    """Why instructions can't be counted here, or nothing."""
    if sys.version_info[:2] != _PYTHON:
        return f"the bounds are for Python {_PYTHON[0]}.{_PYTHON[1]}"
    return "" if instructions.available() else "valgrind is not installed"


def main(arguments: Sequence[str] | None = None) -> int:
    """Counts everything, prints it, and returns the exit code."""
    parser = argparse.ArgumentParser(prog="guard.py", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--no-valgrind", action="store_true", help="leave the instructions out")
    options = parser.parse_args(arguments)
    missing = "told so" if options.no_valgrind else _missing()
    if missing:
        print(f"Instructions are not counted: {missing}.", file=sys.stderr)
    bounds = [bound for bound in BOUNDS if not missing or bound.what != "instructions"]
    above = 0
    for bound, count in zip(bounds, all_counted(bounds), strict=True):
        worse = count > bound.most
        above += worse
        print(
            f"{bound.workload:4} {bound.dialect:4} {bound.storage:6} {bound.phase:7} {bound.what:12} "
            f"{count:>12,.6g} of {bound.most:,.6g}{'  TOO MANY' if worse else ''}"
        )
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())

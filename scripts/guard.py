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


@dataclass(frozen=True, slots=True)
class Bound:
    """The most that something may cost. Lower it when the server has become better; a few per cent are enough."""

    workload: str
    dialect: str
    storage: str
    what: str
    most: float


BOUNDS = (
    Bound("W1p", "irc", "memory", "instructions", 112_000),
    Bound("W3", "irc", "memory", "instructions", 141_000),
    Bound("W7", "irc", "memory", "instructions", 145_000),
    Bound("W3", "irc", "memory", "calls", 100),
    Bound("W7", "irc", "memory", "calls", 100),
    Bound("W3", "json", "memory", "calls", 100),
    Bound("W7", "json", "memory", "calls", 100),
    Bound("W3", "irc", "memory", "sends", 1),
    Bound("W7", "irc", "memory", "sends", 1),
    Bound("W3", "json", "memory", "sends", 1),
    Bound("W3", "irc", "sqlite", "commits", 0.01),
    Bound("W3", "irc", "memory", "held", 30),
    Bound("W7", "irc", "memory", "held", 30),
)
"""For one message each. Instructions are those of CPython 3.11 without optimizations by profile; see COUNTED for the
rest."""


def all_counted(bounds: Sequence[Bound]) -> list[float]:
    """What each bound is about, for a message; two runs at a time. Raises RuntimeError."""
    with ThreadPoolExecutor(2) as pool:
        return list(pool.map(_counted, bounds))


def _counted(bound: Bound) -> float:
    if bound.what == "instructions":
        return instructions.count(bound.workload, bound.dialect, bound.storage).instructions
    return _tally(bound.workload, bound.dialect, bound.storage)[bound.what]


@cache
def _tally(name: str, dialect: str, storage: str) -> dict[str, float]:
    """How much of everything that is counted a message makes; the least of some rounds, as timers add to others."""
    workload = small(WORKLOADS[name])
    rounds, _ = measured(Run(workload, dialect, storage, _ROUNDS, tally=True))
    return {what: min(each[what] for each in rounds["message"]) / workload.messages for what in COUNTED}


def main(arguments: Sequence[str] | None = None) -> int:
    """Counts everything, prints it, and returns the exit code."""
    parser = argparse.ArgumentParser(prog="guard.py", description=__doc__)
    parser.formatter_class = argparse.RawDescriptionHelpFormatter
    parser.add_argument("--no-valgrind", action="store_true", help="leave the instructions out")
    options = parser.parse_args(arguments)
    bounds = [bound for bound in BOUNDS if bound.what != "instructions" or not options.no_valgrind]
    if not options.no_valgrind and not instructions.available():
        print("valgrind is not installed: instructions are not counted.", file=sys.stderr)
        bounds = [bound for bound in bounds if bound.what != "instructions"]
    above = 0
    for bound, count in zip(bounds, all_counted(bounds), strict=True):
        worse = count > bound.most
        above += worse
        print(
            f"{bound.workload:4} {bound.dialect:4} {bound.storage:6} {bound.what:12} "
            f"{count:>12,.6g} of {bound.most:,.6g}{'  TOO MANY' if worse else ''}"
        )
    return 1 if above else 0


if __name__ == "__main__":
    sys.exit(main())

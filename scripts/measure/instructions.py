"""Instructions per message, counted by valgrind: the one figure that does not depend on what else the machine does."""

from __future__ import annotations

import re
import shutil
import sys
from dataclasses import dataclass

from measure.lockstep import Run, measured
from measure.workloads import WORKLOADS, small

_VALGRIND = ("valgrind", "--tool=callgrind", "--instr-atstart=no", "--callgrind-out-file=/dev/null")
_COUNTED = re.compile(r"Collected : ([0-9]+)")
ROUNDS = {"W1": 60, "W1p": 6, "W3": 6, "W7": 6, "W5": 6}
"""Rounds that are counted."""


@dataclass(frozen=True, slots=True)
class Count:
    """Instructions for one message, or for one visitor, from connecting to quitting."""

    workload: str
    dialect: str
    storage: str
    instructions: int


def available() -> bool:
    """Whether valgrind is installed."""
    return shutil.which(_VALGRIND[0]) is not None


def count(name: str, dialect: str = "irc", storage: str = "memory", python: str = sys.executable) -> Count:
    """Counts for a workload with 200 clients. Raises RuntimeError if that fails."""
    workload = small(WORKLOADS[name])
    run = Run(workload, dialect, storage, ROUNDS[name], count=True)
    _, said = measured(run, python, _VALGRIND)
    found = _COUNTED.search(said)
    if found is None or not int(found[1]):
        raise RuntimeError(f"valgrind counted nothing: {said[-500:]}")
    unit = (workload.visitors or workload.messages) * run.rounds
    return Count(name, dialect, storage, round(int(found[1]) / unit))

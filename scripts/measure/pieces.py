"""CPU time of a message, a join, a nick, a part, a kick and a quit, whole and by pieces, in process and in lockstep."""

from __future__ import annotations

import statistics
from collections.abc import Callable, Sequence
from dataclasses import dataclass

from measure.lockstep import Run, measured
from measure.split import PIECES
from measure.workloads import WORKLOADS, Workload

_MESSAGES = 20_000
"""Messages in a run, in rounds; the fewer a round has, the more of them."""
_LEAST_ROUNDS, _MOST_ROUNDS = 20, 300
_VISITS = 30
"""Rounds of joins, parts and quits."""


@dataclass(frozen=True, slots=True)
class Cost:
    """Microseconds of CPU that one message (join, nick, part, kick, quit) costs the server, over `rounds` rounds.

    `least` is what it costs when nothing disturbs, `median` and `mean` include the garbage collector and other
    programs' traces in the caches. `others` is what threads beside the loop have used of the median. `pieces` are those
    of a second, slower run, scaled so that their sum is `least`.
    """

    workload: str
    dialect: str
    storage: str
    phase: str
    rounds: int
    least: float
    median: float
    mean: float
    others: float
    pieces: dict[str, float]


def rounds(workload: Workload) -> int:
    """How many rounds make a good measurement."""
    if workload.visitors:
        return _VISITS
    return min(_MOST_ROUNDS, max(_LEAST_ROUNDS, _MESSAGES // workload.messages))


def costs(workload: Workload, dialect: str, storage: str, python: str, count: int = 0) -> list[Cost]:
    """Measures one workload: a cost for each of its phases. Raises RuntimeError."""
    count = count or rounds(workload)
    unit = (workload.visitors or workload.messages) * 1000
    whole, _ = measured(Run(workload, dialect, storage, count), python)
    split, _ = measured(Run(workload, dialect, storage, count, split=True), python)
    found = []
    for phase, all_rounds in whole.items():
        taken = [each["all"] / unit for each in all_rounds]
        parts = {piece: statistics.median(each[piece] for each in split[phase]) for piece in PIECES}
        scale = min(taken) / max(1, sum(parts.values()))
        found.append(
            Cost(
                workload.name,
                dialect,
                storage,
                phase,
                len(taken),
                round(min(taken), 2),
                round(statistics.median(taken), 2),
                round(statistics.mean(taken), 2),
                round(max(0.0, statistics.median(each["others"] / unit for each in all_rounds)), 2),
                {piece: round(spent * scale, 2) for piece, spent in parts.items()},
            )
        )
    return found


def table(found: Sequence[Cost]) -> str:
    """The costs as a table of Markdown, which is easy to read in a terminal, too."""
    head = ["workload", "dialect", "storage", "what", "least", "median", "mean", *PIECES, "other threads"]
    rows = [head, ["---"] * 4 + ["---:"] * (len(head) - 4)]
    for cost in found:
        numbers = [cost.least, cost.median, cost.mean, *cost.pieces.values(), cost.others]
        rows.append([cost.workload, cost.dialect, cost.storage, cost.phase, *(f"{n:.1f}" for n in numbers)])
    widths = [max(len(row[column]) for row in rows) for column in range(len(head))]
    return "\n".join(
        "| " + " | ".join(cell.ljust(width) for cell, width in zip(row, widths, strict=True)) + " |"
        for row in rows
    )


def measure(
    names: Sequence[str],
    dialects: Sequence[str],
    storages: Sequence[str],
    python: str,
    progress: Callable[[str], None],
) -> list[Cost]:
    """All workloads in all dialects and storages. Raises RuntimeError."""
    found = []
    for name in names:
        for dialect in dialects:
            for storage in storages:
                progress(f"{name} {dialect} {storage}")
                found += costs(WORKLOADS[name], dialect, storage, python)
    return found

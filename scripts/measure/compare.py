"""evchat beside other servers: the same load for each, in turn, and medians with their spread."""

from __future__ import annotations

import os
import random
import statistics
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass

from measure.generator import Generator, Lost
from measure.subjects import REFERENCES, SUBJECTS, Subject, started
from measure.workloads import WORKLOADS, Workload

_WARM_UP = 0.2
_SECONDS = 0.6
_RATE, _RATE_SECONDS = 1000, 1.2
_CROWD = Workload("crowd", "2,000 clients in 20 channels", 2000, 20, 0)


@dataclass(frozen=True, slots=True)
class Measure:
    """Something that is compared. `better` is 1 if more is better, -1 if less is.

    Shown are `digits` behind the point, of the value divided by `scale`.
    """

    name: str
    text: str
    unit: str
    better: int
    digits: int = 0
    scale: int = 1

    def shown(self, value: float) -> str:
        """A value for a table."""
        return f"{value / self.scale:,.{self.digits}f}"


MEASURES = {
    measure.name: measure
    for measure in (
        *(
            Measure(name, WORKLOADS[name].text, "thousand deliveries per CPU-second", 1, 1, 1000)
            for name in ("W1", "W1p", "W2", "W3", "W7")
        ),
        Measure("joins", "connect, log in, join: 2,000 clients, 20 channels", "joins per CPU-second", 1),
        Measure("memory", "an idle connection, of 2,000", "KiB", -1, 2),
        Measure("p50", "1,000 messages/s to 100 clients, median latency", "ms", -1, 2),
        Measure("p99", "1,000 messages/s to 100 clients, 99th percentile", "ms", -1, 2),
    )
}
RUNS = ("W1", "W1p", "W2", "W3", "W7", "crowd", "rate")
"""What runs are made: a crowd measures joins and memory, a rate the latencies."""


@dataclass(frozen=True, slots=True)
class Sample:
    """What one run has found. `wrong` counts deliveries that were lost, doubled, out of order and so on."""

    subject: str
    run: str
    repetition: int
    found: dict[str, float]
    wrong: int
    problem: str = ""


def cores() -> tuple[int | None, int | None]:
    """A core for the server and another for the load, so that neither moves about; None if there is only one."""
    if not hasattr(os, "sched_getaffinity"):
        return None, None
    usable = sorted(os.sched_getaffinity(0))
    return (usable[0], usable[1]) if len(usable) > 1 else (None, None)


def samples(
    names: Sequence[str],
    runs: Sequence[str],
    repetitions: int,
    python: str,
    progress: Callable[[str], None],
) -> Iterator[Sample]:
    """Makes every run of every server so many times; the servers take turns, so that each shares the good moments."""
    server_core, load_core = cores()
    if load_core is not None:
        os.sched_setaffinity(0, {load_core})
    for repetition in range(repetitions):
        for run in runs:
            order = list(names)
            random.Random(f"{repetition} {run}").shuffle(order)
            for name in order:
                sample = _sample(SUBJECTS[name], run, repetition, python, server_core)
                figures = ", ".join(f"{what} {value:,.6g}" for what, value in sample.found.items())
                wrong = f" WRONG: {sample.wrong} {sample.problem}" if sample.wrong or sample.problem else ""
                progress(f"{repetition + 1}/{repetitions} {run:5} {name:14} {figures}{wrong}")
                yield sample


def _sample(subject: Subject, run: str, repetition: int, python: str, core: int | None) -> Sample:
    workload = {"crowd": _CROWD, "rate": WORKLOADS["W1"]}.get(run) or WORKLOADS[run]
    found: dict[str, float] = {}
    problem = ""
    with started(subject, python, core if run != "rate" else None) as server:
        load = Generator(workload, subject.dialect, server.port, subject.nagle, subject.backlog)
        try:
            before, cpu = server.rss(), server.cpu()
            load.connect()
            if run == "crowd":
                found["joins"] = workload.clients / (server.cpu() - cpu)
                found["memory"] = (server.rss() - before) / workload.clients / 1024
            elif run == "rate":
                load.at_rate(_RATE, _RATE_SECONDS)
                latencies = sorted(load.latencies)
                found["p50"] = latencies[len(latencies) // 2] * 1000
                found["p99"] = latencies[len(latencies) * 99 // 100] * 1000
            else:
                load.closed_loop(_WARM_UP)
                heard, cpu = load.heard, server.cpu()
                load.closed_loop(_SECONDS)
                found[run] = (load.heard - heard) / (server.cpu() - cpu)
        except (Lost, OSError) as error:
            problem = str(error)
        finally:
            load.close()
    return Sample(subject.name, run, repetition, found, load.wrong.total, problem)


@dataclass(frozen=True, slots=True)
class Figure:
    """The median of one measure of one server over all repetitions, and its extremes; the unit is the measure's."""

    median: float
    least: float
    most: float


Figures = dict[str, dict[str, Figure]]
"""By measure, by server."""


def figures(found: Sequence[Sample]) -> Figures:
    """What all samples come to."""
    values: dict[str, dict[str, list[float]]] = {}
    for sample in found:
        if not sample.wrong and not sample.problem:
            for name, number in sample.found.items():
                values.setdefault(name, {}).setdefault(sample.subject, []).append(number)
    return {
        name: {subject: Figure(statistics.median(each), min(each), max(each)) for subject, each in by.items()}
        for name, by in values.items()
    }


def ratio(all_figures: Figures, measure: str, subject: str) -> float | None:
    """How many times as good as the better of the references a server is; None if there is nothing to compare."""
    by = all_figures.get(measure, {})
    others = [by[name].median for name in REFERENCES if name in by]
    if subject not in by or not others:
        return None
    if MEASURES[measure].better > 0:
        return by[subject].median / max(others)
    return min(others) / by[subject].median


def table(all_figures: Figures, names: Sequence[str]) -> str:
    """The figures in Markdown: a row for each measure, the medians with their extremes, and how often the better."""
    head = ["", *(SUBJECTS[name].text for name in names)]
    rows = ["| " + " | ".join(head) + " |", "|---|" + "---:|" * len(names)]
    for measure in MEASURES.values():
        by = all_figures.get(measure.name)
        if not by:
            continue
        cells = [f"**{measure.name}**: {measure.text}; {measure.unit}"]
        for name in names:
            if name not in by:
                cells.append("–")
                continue
            figure, times = by[name], ratio(all_figures, measure.name, name)
            cells.append(measure.shown(figure.median))
            if figure.least < figure.most:
                cells[-1] += f" ({measure.shown(figure.least)}–{measure.shown(figure.most)})"
            if times is not None and name not in REFERENCES:
                cells[-1] = f"**×{times:.2f}** {cells[-1]}"
        rows.append("| " + " | ".join(cells) + " |")
    return "\n".join(rows)


def wrongs(found: Sequence[Sample]) -> list[str]:
    """A line for each run in which anything went wrong."""
    return [
        f"{each.subject} {each.run}: {each.wrong} wrong deliveries. {each.problem}".strip()
        for each in found
        if each.wrong or each.problem
    ]

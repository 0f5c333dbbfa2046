#!/usr/bin/env python3
"""Measures evchat: beside other servers, by pieces, by instructions, by size.

    bench.py                     evchat beside ngircd and InspIRCd, as far as they are installed
    bench.py --pieces            CPU time of a message, join, nick, part, kick and quit, in process and in lockstep
    bench.py --transports        what a delivery and an idle connection cost: plain, over WebSocket, with TLS
    bench.py --growth            how all that grows with clients and with what is stored (some minutes)
    bench.py --instructions      instructions for each, counted by valgrind: the same on a busy machine

Pieces and instructions run the whole real server on a UNIX socket, transports on TCP, with its clients in another
process that waits while the server works. The result goes to stdout, progress to stderr. Exit codes: 0 all right, 1 a
run failed or something was lost, doubled or out of order; 2 wrong usage.
"""

from __future__ import annotations

import argparse
import json
import sys
from collections.abc import Iterable, Sequence
from dataclasses import asdict
from pathlib import Path

sys.path.insert(0, str(Path(__file__).resolve().parent))

from measure import chart, compare, document, engine, growth, instructions, pieces, transports
from measure.subjects import REFERENCES, SUBJECTS
from measure.workloads import DIALECTS, WORKLOADS

STORAGES = ("memory", "sqlite")


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="bench.py",
        description=__doc__,
        epilog="Workloads:\n" + "\n".join(f"  {each.name:4} {each.text}" for each in WORKLOADS.values()),
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    kind = parser.add_mutually_exclusive_group()
    kind.add_argument("--pieces", action="store_true", help="CPU time by pieces")
    kind.add_argument("--transports", action="store_true", help="cost of WebSocket and TLS")
    kind.add_argument("--growth", action="store_true", help="cost by clients, messages and accounts")
    kind.add_argument("--instructions", action="store_true", help="instructions, if valgrind is installed")
    known = list(SUBJECTS)
    add(
        "--against",
        type=_names(REFERENCES),
        metavar="S,…",
        help="the servers to compare with (those installed)",
    )
    add(
        "--subjects",
        type=_names(known),
        metavar="S,…",
        help=f"of {', '.join(known)} (all that are installed)",
    )
    add("--runs", type=_names(compare.RUNS), metavar="R,…", help=f"of {', '.join(compare.RUNS)} (all)")
    add("--repetitions", type=int, default=5, metavar="N", help="how often, with medians in the end (5)")
    add("--chart", type=Path, metavar="FILE", help="write the comparison as an SVG, too")
    add(
        "--write",
        type=Path,
        metavar="FILE",
        help="put the comparison into BENCHMARKS.md, and the chart beside it",
    )
    add("--workload", type=_names(WORKLOADS), metavar="W,…", help="the workloads (all)")
    add("--dialect", type=_names(DIALECTS), metavar="D,…", help=f"of {', '.join(DIALECTS)} (irc, json)")
    add("--storage", type=_names(STORAGES), metavar="S,…", help=f"of {', '.join(STORAGES)} (memory)")
    add("--python", default=sys.executable, metavar="PATH", help="the Python that runs the server")
    add("--json", action="store_true", help="print the result as JSON")
    return parser


def _names(known: Iterable[str]) -> _List:
    return _List(tuple(known))


class _List:
    """An argument's type: names with commas between them, each of which must be known."""

    def __init__(self, known: tuple[str, ...]) -> None:
        self._known = known

    def __call__(self, text: str) -> list[str]:
        names = text.split(",")
        for name in names:
            if name not in self._known:
                raise argparse.ArgumentTypeError(f"{name!r} is none of {', '.join(self._known)}")
        return names


def _progress(text: str) -> None:
    print(text, file=sys.stderr, flush=True)


def _pieces(options: argparse.Namespace) -> None:
    found = pieces.measure(
        options.workload or list(WORKLOADS),
        options.dialect or ["irc", "json"],
        options.storage or ["memory"],
        options.python,
        _progress,
    )
    if options.json:
        print(json.dumps([asdict(cost) for cost in found], indent=1))
    else:
        print("Microseconds of CPU for one message, join, nick, part, kick or quit\n")
        print(pieces.table(found))


def _instructions(options: argparse.Namespace) -> None:
    found = []
    for name in options.workload or ["W1p", "W3", "W7"]:
        for dialect in options.dialect or ["irc"]:
            for storage in options.storage or ["memory"]:
                _progress(f"{name} {dialect} {storage}")
                found.append(instructions.count(name, dialect, storage, options.python))
                if not options.json:
                    print(f"{name:4} {dialect:4} {storage:6} {found[-1].instructions:>10,}", flush=True)
    if options.json:
        print(json.dumps([asdict(count) for count in found], indent=1))


def _compare(options: argparse.Namespace) -> int:
    names = [
        name
        for name in options.subjects or SUBJECTS
        if SUBJECTS[name].installed
        and (options.against is None or name not in REFERENCES or name in options.against)
    ]
    found = list(
        compare.samples(names, options.runs or compare.RUNS, options.repetitions, options.python, _progress)
    )
    figures = compare.figures(found)
    if options.json:
        print(json.dumps([asdict(sample) for sample in found], indent=1))
    else:
        print(compare.table(figures, names))
    if options.chart is not None:
        options.chart.write_text(chart.chart(figures, names))
    if options.write is not None:
        document.write(options.write, figures, names, options.repetitions, options.python)
    wrongs = compare.wrongs(found)
    for line in wrongs:
        print(line, file=sys.stderr)
    return 1 if wrongs else 0


def main(arguments: Sequence[str] | None = None) -> int:
    """Measures what the arguments say, prints it, and returns the exit code."""
    parser = _parser()
    options = parser.parse_args(arguments)
    if options.instructions and not instructions.available():
        parser.error("--instructions needs valgrind: apt install valgrind, for example")
    compares = not (options.pieces or options.transports or options.instructions or options.growth)
    if compares and not engine.is_there():
        parser.error("comparing servers needs a C compiler: apt install gcc, for example")
    try:
        if options.pieces:
            _pieces(options)
        elif options.instructions:
            _instructions(options)
        elif options.transports:
            print(transports.report(options.python, _progress))
        elif options.growth:
            print(growth.report(options.python, _progress))
        else:
            return _compare(options)
    except RuntimeError as problem:
        print(f"bench.py: {problem}", file=sys.stderr)
        return 1
    return 0


if __name__ == "__main__":
    sys.exit(main())

#!/usr/bin/env python3
"""Drives a running evchat server with many clients, verifies every single delivery, and reports speed and cost.

Needs nothing but Python 3.11 and a server to talk to; `--start-server` brings one along.
"""

from __future__ import annotations

import argparse
import json
import multiprocessing
import secrets
import sys
import time
from collections.abc import Callable, Sequence
from contextlib import ExitStack
from multiprocessing.connection import Connection, wait
from typing import Any
from urllib.parse import urlsplit

from load import report, worker
from load.plan import TOKEN_SIZE, Plan
from load.server import StartError, Usage, started, usage
from load.tally import Histogram, Tally

_EPILOG = """\
Examples:
  loadtest.py --start-server                                     100 clients in a channel, 10 of them send
  loadtest.py --start-server --clients 1000 --channels 100 --senders 1000
  loadtest.py --start-server --rate 500 --json                   latency at a fixed rate, for a program to read
  loadtest.py --start-server --clients 10000 --channels 100 --idle
  loadtest.py 127.0.0.1:9998 --pid $(pgrep -of evchat)           a server that runs already (--insecure-no-limits)
  loadtest.py --start-server -- --durability normal              what follows -- is for the server

With --rate, latency counts from the moment a message should have left, so a server that stalls can't hide it. Without,
each sender keeps --window messages unanswered. The result goes to stdout, progress to stderr. Exit codes: 0 all right,
1 something was lost, doubled, out of order, refused, or a connection failed; 2 wrong usage.
"""
_SPARE_FILES = 64
_START_DELAY = 100_000
"""Microseconds between the word to begin and the beginning, so that all processes hear it before."""


def _parser() -> argparse.ArgumentParser:
    parser = argparse.ArgumentParser(
        prog="loadtest.py",
        description=__doc__,
        epilog=_EPILOG,
        formatter_class=argparse.RawDescriptionHelpFormatter,
    )
    add = parser.add_argument
    add("server", nargs="?", metavar="HOST:PORT", help="where the server listens (default 127.0.0.1:9998)")
    add("--start-server", action="store_true", help="start a server of this clone and stop it at the end")
    add(
        "--server-memory",
        action="store_true",
        help="with --start-server: keep messages in memory, not in SQLite",
    )
    add("--pid", type=_whole, metavar="PID", help="the server's process, to measure its CPU and memory")
    add("--clients", type=_whole, default=100, metavar="N", help="connections (100)")
    add(
        "--channels",
        type=_whole,
        default=1,
        metavar="C",
        help="channels that the clients are spread over (1)",
    )
    add("--senders", type=_whole, default=10, metavar="S", help="clients that also send (10)")
    add("--idle", action="store_true", help="nobody sends: only hold the connections")
    add(
        "--size",
        type=_whole,
        default=64,
        metavar="BYTES",
        help=f"size of a message, {TOKEN_SIZE} or more (64)",
    )
    add("--window", type=_whole, default=1, metavar="N", help="messages a sender may have unanswered (1)")
    add(
        "--rate",
        type=_positive,
        default=0.0,
        metavar="R",
        help="messages a second in all, however fast the answers come",
    )
    add("--duration", type=_positive, default=5.0, metavar="SECONDS", help="time to measure (5)")
    add("--warmup", type=float, default=1.0, metavar="SECONDS", help="time to send before measuring (1)")
    add("--processes", type=_whole, default=1, metavar="N", help="processes that drive the clients (1)")
    add(
        "--concurrency",
        type=_whole,
        default=256,
        metavar="N",
        help="connections being opened at the same time (256)",
    )
    add(
        "--connect-timeout",
        type=_positive,
        default=60.0,
        metavar="SECONDS",
        help="for one client to come in (60)",
    )
    add(
        "--patience",
        type=_positive,
        default=5.0,
        metavar="SECONDS",
        help="silence after which the rest is lost (5)",
    )
    add("--no-ids", action="store_true", help="send messages without ids, which the server need not remember")
    add("--json", action="store_true", help="print the result as one JSON object")
    return parser


def _whole(text: str) -> int:
    if not text.isdigit() or not int(text):
        raise argparse.ArgumentTypeError(f"{text!r} is no whole number above 0")
    return int(text)


def _positive(text: str) -> float:
    try:
        number = float(text)
    except ValueError:
        number = 0.0
    if not 0 < number < float("inf"):
        raise argparse.ArgumentTypeError(f"{text!r} is no number above 0")
    return number


def _address(text: str) -> tuple[str, int]:
    """The host and port of HOST:PORT or a URL. Raises ValueError."""
    parts = urlsplit(text if "://" in text else f"tcp://{text}")
    if parts.scheme not in ("tcp", "json") or not parts.hostname:
        raise ValueError(f"{text!r} is no HOST:PORT and no tcp:// or json:// URL.")
    return {"localhost": "127.0.0.1"}.get(parts.hostname, parts.hostname), parts.port or 9998


def _allow_files(wanted: int) -> str:
    """Lets this process and those it starts open so many files; returns what to do if it may not."""
    try:
        import resource
    except ImportError:  # Windows has no such limit
        return ""
    soft, hard = resource.getrlimit(resource.RLIMIT_NOFILE)
    enough = hard if hard != resource.RLIM_INFINITY else max(soft, wanted)
    resource.setrlimit(resource.RLIMIT_NOFILE, (enough, hard))
    if enough >= wanted:
        return ""
    return (
        f"This test needs {wanted:,} open files in a process, and the system allows {enough:,}. Raise that with "
        f"`ulimit -n {wanted}` (root, or /etc/security/limits.conf), or use --processes or fewer --clients."
    )


class Progress:
    """Tells a person how far it is: one line that is written anew on a terminal, a line per phase elsewhere."""

    def __init__(self, plan: Plan) -> None:
        self._plan = plan
        self._tty = sys.stderr.isatty()
        self._phase = ""

    def show(self, phase: str, counts: tuple[int, int, int], since: float) -> None:
        """Shows joined clients, or messages and deliveries since `since` (monotonic seconds)."""
        joined, messages, deliveries = counts
        line = f"{phase}: {joined:,} of {self._plan.clients:,} connected"
        if messages:
            seconds = max(time.monotonic() - since, 0.001)
            line = f"{phase}: {messages / seconds:,.0f} messages/s, {deliveries / seconds:,.0f} deliveries/s"
        if self._tty:
            print(f"\r\033[K{line}", end="", file=sys.stderr, flush=True)
        elif phase != self._phase:
            print(phase, file=sys.stderr, flush=True)
        self._phase = phase

    def clear(self) -> None:
        """Takes the line away."""
        if self._tty:
            print("\r\033[K", end="", file=sys.stderr, flush=True)


class NobodyConnected(Exception):
    """There is nothing to measure; the text says why."""


class Run:
    """One load test: starts the processes of the plan, leads them through its phases, and adds up what they found."""

    def __init__(self, plan: Plan, pid: int | None) -> None:
        self._plan = plan
        self._pid = pid
        self._progress = Progress(plan)
        self._pipes: list[Connection] = []
        self._at: dict[Connection, tuple[int, int, int]] = {}
        self._phase = "connecting"
        self._since = 0.0
        self._marks: list[tuple[float, Callable[[], None]]] = []

    def __call__(self) -> report.Measured:
        """Runs it. Raises NobodyConnected, and EOFError if a process ends early."""
        spawn = multiprocessing.get_context("spawn")
        processes = []
        try:
            before = usage(self._pid)
            for number in range(self._plan.processes):
                ours, theirs = spawn.Pipe()
                process = spawn.Process(target=worker.main, args=(self._plan, number, theirs), daemon=True)
                process.start()
                theirs.close()
                self._pipes.append(ours)
                processes.append(process)
            return self._lead(before)
        finally:
            self._progress.clear()
            for process in processes:
                process.terminate()
                process.join()

    def _lead(self, before: Usage | None) -> report.Measured:
        plan = self._plan
        seconds, joined, errors = zip(*self._gather("ready"), strict=True)
        if not sum(joined):
            why = " ".join(errors[0])
            raise NobodyConnected(f"no client could come in at {plan.host}:{plan.port}. {why}")
        connected = usage(self._pid)
        around: list[Usage | None] = []
        start = plan.micros() + _START_DELAY
        begin = plan.origin + start / 1e6 + plan.warmup
        self._since = begin
        self._marks = [
            (when, lambda: around.append(usage(self._pid))) for when in (begin, begin + plan.duration)
        ]
        self._tell(start)
        accepted: dict[int, int] = {}
        for part in self._gather("sent"):
            accepted |= part
        self._tell(accepted)
        tally, latency, busy = Tally(), Histogram(), 0.0
        for outcome in self._gather("done"):
            tally.merge(outcome.tally)
            latency.merge(outcome.latency)
            busy = max(busy, outcome.busy)
        return report.Measured(
            plan, tally, latency, max(seconds), busy, (before, connected, around[0], around[1])
        )

    def _tell(self, said: Any) -> None:
        for pipe in self._pipes:
            pipe.send(said)

    def _gather(self, word: str) -> list[Any]:
        """Listens until every process has said `word`; returns what they said with it."""
        answers: dict[Connection, Any] = {}
        expected = len(self._pipes)
        while len(answers) < expected:
            now = time.monotonic()
            while self._marks and self._marks[0][0] <= now:
                self._marks.pop(0)[1]()
            timeout = min(1.0, self._marks[0][0] - now) if self._marks else 1.0
            ready = wait(self._pipes, timeout)
            for pipe in [pipe for pipe in self._pipes if pipe in ready]:
                said, *fact = pipe.recv()
                if said == "at":
                    self._phase, self._at[pipe] = fact
                else:
                    answers[pipe] = fact[0]
                if said == "done":
                    self._pipes.remove(pipe)  # its process ends, and that is no mistake
            joined, messages, deliveries = map(sum, zip((0, 0, 0), *self._at.values(), strict=True))
            self._progress.show(self._phase, (joined, messages, deliveries), self._since)
        return list(answers.values())


def _plan(options: argparse.Namespace, address: tuple[str, int]) -> Plan:
    return Plan(
        host=address[0],
        port=address[1],
        run=secrets.token_hex(3),
        clients=options.clients,
        channels=min(options.channels, options.clients),
        senders=0 if options.idle else min(options.senders, options.clients),
        size=options.size,
        window=options.window,
        rate=options.rate,
        warmup=max(0.0, options.warmup),
        duration=options.duration,
        processes=min(options.processes, options.clients),
        concurrency=options.concurrency,
        connect_timeout=options.connect_timeout,
        patience=options.patience,
        ids=not options.no_ids,
        origin=time.monotonic(),
    )


def main(arguments: Sequence[str] | None = None) -> int:
    """Runs a load test as the arguments say; prints its result and returns the exit code."""
    given = list(sys.argv[1:] if arguments is None else arguments)
    split = given.index("--") if "--" in given else len(given)
    parser = _parser()
    options = parser.parse_args(given[:split])
    for_server = given[split + 1 :]
    if options.start_server and (options.server or options.pid):
        parser.error("--start-server brings its own server: give no HOST:PORT and no --pid with it.")
    if not options.start_server and (for_server or options.server_memory):
        parser.error("--server-memory and arguments behind -- need --start-server.")
    if options.size < TOKEN_SIZE:
        parser.error(f"--size must be {TOKEN_SIZE} or more: a message holds a token of so many bytes.")
    if problem := _allow_files(-(-options.clients // options.processes) + _SPARE_FILES):
        parser.error(problem)
    try:
        address = _address(options.server or "127.0.0.1:9998")
    except ValueError as problem:
        parser.error(str(problem))
    with ExitStack() as stack:
        try:
            pid = options.pid
            if options.start_server:
                url, pid = stack.enter_context(started(options.clients, options.server_memory, for_server))
                address = _address(url)
            measured = Run(_plan(options, address), pid)()
        except (StartError, NobodyConnected) as problem:
            print(f"loadtest.py: {problem}", file=sys.stderr)
            return 1
        except EOFError:
            print("loadtest.py: a process of the test has died; what it wrote stands above.", file=sys.stderr)
            return 1
        except KeyboardInterrupt:
            print("loadtest.py: stopped.", file=sys.stderr)
            return 130
    print(json.dumps(report.facts(measured)) if options.json else report.text(measured))
    return 0 if measured.right else 1


if __name__ == "__main__":
    raise SystemExit(main())

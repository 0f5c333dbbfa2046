"""One process of a load test: drives its share of the clients through connecting, sending and waiting.

It tells its parent where it is: ("at", phase, counts) now and then, and at its end ("done", Outcome). The two wait for
each other twice: ("ready", …) is answered with the µs to begin at, ("sent", accepted) with what all others sent.
"""

from __future__ import annotations

import select
import selectors
import signal
import sys
import time
from collections import Counter
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from multiprocessing.connection import Connection
from typing import Any

from load.client import Client, Shared
from load.plan import Plan
from load.tally import Histogram, Tally

_TELL_EVERY = 0.2
"""Seconds between two words to the parent."""
_LATE = 100_000
"""Microseconds to go on listening after everything has come: what comes then comes twice."""


@dataclass(frozen=True, slots=True)
class Outcome:
    """What a process found; `busy` is the share of the measured time that it computed."""

    tally: Tally
    latency: Histogram
    busy: float


def main(plan: Plan, process: int, pipe: Connection) -> None:
    """Runs one process of the plan; to be started by the parent, which holds the other end of the pipe."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)  # the parent decides when to end
    try:
        Worker(plan, process, pipe).run()
    except (EOFError, BrokenPipeError, ConnectionResetError):
        pass  # the parent is gone


class Timetable:
    """Who is to send when, at a steady rate that does not wait for answers; the senders take turns."""

    def __init__(self, plan: Plan, process: int, senders: list[Client], start: int) -> None:
        self._senders = senders
        self._gap = 1e6 * plan.senders / plan.rate / len(senders) if plan.rate and senders else 0.0
        self._first = start + self._gap * process / plan.processes
        self._taken = 0
        self.due = int(self._first) if self._gap else sys.maxsize

    def take(self) -> tuple[int, Client]:
        """The time (µs) that was due, and the client that is to send; the next is due then."""
        due, client = self.due, self._senders[self._taken % len(self._senders)]
        self._taken += 1
        self.due = int(self._first + self._taken * self._gap)
        return due, client


class Worker:
    """The clients of one process, and the loop that drives them."""

    def __init__(self, plan: Plan, process: int, pipe: Connection) -> None:
        self._plan = plan
        self._process = process
        self._pipe = pipe
        self._selector = selectors.DefaultSelector()
        self._shared = Shared(plan, self._selector)
        self._clients: list[Client] = []
        self._phase = "connecting"
        self._told = 0.0

    def run(self) -> None:
        """Goes through all phases."""
        began = time.monotonic()
        self._connect()
        tally = self._shared.tally
        start = self._agree("ready", (time.monotonic() - began, tally.joined, tally.errors))
        self._shared.first = start + int(self._plan.warmup * 1e6)
        self._shared.last = self._shared.first + int(self._plan.duration * 1e6)
        busy = self._talk(start)
        accepted = self._agree("sent", {c.number: c.accepted for c in self._senders})
        self._settle(accepted)
        self._pipe.send(("done", Outcome(self._shared.tally, self._shared.latency, busy)))

    @property
    def _senders(self) -> list[Client]:
        return [client for client in self._clients if client.number < self._plan.senders]

    # ---- phases -----------------------------------------------------------------------------------------------

    def _connect(self) -> None:
        """Opens all connections, a limited number at a time, until each has joined or failed."""
        numbers = iter(self._plan.share(self._process))
        width = max(1, self._plan.concurrency // self._plan.processes)
        under_way = self._open(numbers, width)
        while under_way:
            self._turn(0.05)
            oldest = self._plan.micros() - int(self._plan.connect_timeout * 1e6)
            for client in under_way:
                if not client.joined and client.started < oldest:
                    client.drop(
                        f"No answer to connecting and logging in for {self._plan.connect_timeout:g} s."
                    )
            under_way = [client for client in under_way if not client.joined and not client.gone]
            under_way += self._open(numbers, width - len(under_way))

    def _open(self, numbers: Iterator[int], count: int) -> list[Client]:
        opened: list[Client] = []
        while len(opened) < count and (number := next(numbers, None)) is not None:
            try:
                opened.append(Client(self._shared, number))
            except OSError as problem:
                self._shared.tally.failed += 1
                self._shared.tally.error(f"Can't connect: {problem.strerror or problem}.")
        self._clients += opened
        return opened

    def _talk(self, start: int) -> float:
        """Sends, or holds the connections if nobody sends, until the time is over and all is answered."""
        plan = self._plan
        senders = [client for client in self._senders if client.joined]
        self._until(lambda: plan.micros() >= start)
        if not plan.rate:
            for client in senders:
                client.keep_sending = True
                for _ in range(plan.window):
                    client.say(plan.micros())
                client.flush()
        timetable = Timetable(plan, self._process, senders, start)
        self._send_on_time(timetable, self._shared.first, "warming up")
        before = time.process_time()
        self._send_on_time(timetable, self._shared.last, "measuring")
        busy = (time.process_time() - before) / plan.duration
        self._patiently(lambda: not any(c.pending and not c.gone for c in senders))
        self._shared.tally.unanswered = sum(len(client.pending) for client in senders)
        return busy

    def _send_on_time(self, timetable: Timetable, end: int, phase: str) -> None:
        """Sends what is due before `end` (µs), each message as if it left in time, and reads until then."""
        self._phase = phase
        while True:
            now = self._plan.micros()
            while timetable.due <= now and timetable.due < end:
                intended, client = timetable.take()
                if not client.gone:
                    client.say(intended)
                    client.flush()
            if now >= end:
                return
            self._turn(max(0, min(timetable.due, end) - now) / 1e6)

    def _settle(self, accepted: dict[int, int]) -> None:
        """Waits until everything has come that anybody sent, or nothing comes any more; then counts what is wrong."""
        shared, plan = self._shared, self._plan
        per_channel: Counter[int] = Counter()
        for sender, count in accepted.items():
            per_channel[sender % plan.channels] += count
        listening = [client for client in self._clients if client.joined and not client.gone]
        wanted = sum(per_channel[c.number % plan.channels] - accepted.get(c.number, 0) for c in listening)
        self._phase = "waiting for the last deliveries"
        self._patiently(lambda: shared.tally.heard >= wanted)
        late = plan.micros() + (_LATE if accepted else 0)
        self._until(lambda: plan.micros() >= late)
        for client in listening:
            if not client.gone:
                self._judge(client, accepted)

    def _judge(self, client: Client, accepted: dict[int, int]) -> None:
        """Adds what one client missed or heard wrong to the counts."""
        tally, channels = self._shared.tally, self._plan.channels
        for sender in range(client.number % channels, self._plan.senders, channels):
            if sender != client.number:
                numbers = client.heard.get(sender)
                tally.lost += max(0, accepted.get(sender, 0) - (numbers.seen if numbers else 0))
        for numbers in client.heard.values():
            tally.doubled += numbers.doubled
            tally.disordered += numbers.disordered
        tally.seq_holes += len(client.seqs.holes)

    # ---- the loop ---------------------------------------------------------------------------------------------

    def _until(self, over: Callable[[], bool]) -> None:
        while not over():
            self._turn(0.01)

    def _patiently(self, over: Callable[[], bool]) -> None:
        """As `_until`, but gives up when nothing has come for the plan's patience."""
        tally = self._shared.tally
        seen, since = (-1, -1), time.monotonic()

        def over_or_silent() -> bool:
            nonlocal seen, since
            now = (tally.heard, tally.accepted)
            if now != seen:
                seen, since = now, time.monotonic()
            return over() or time.monotonic() - since > self._plan.patience

        self._until(over_or_silent)

    def _turn(self, timeout: float) -> None:
        """Waits for sockets at most so many seconds, and serves them."""
        timeout = min(timeout, _TELL_EVERY)
        if timeout and hasattr(self._selector, "fileno"):
            # epoll rounds up to milliseconds, which would count as latency; select() on the epoll itself does not.
            select.select([self._selector], [], [], timeout)
            timeout = 0
        for key, mask in self._selector.select(timeout):
            client: Client = key.data
            if mask & selectors.EVENT_WRITE:
                client.flush()
            if mask & selectors.EVENT_READ and not client.gone:
                client.receive()
        if (now := time.monotonic()) - self._told > _TELL_EVERY:
            self._told = now
            tally = self._shared.tally
            self._pipe.send(("at", self._phase, (tally.joined, tally.messages, tally.deliveries)))

    def _agree(self, word: str, fact: Any) -> Any:
        """Tells the parent that a phase is over, and goes on serving the clients until it says how to go on."""
        self._pipe.send((word, fact))
        while not self._pipe.poll():
            self._turn(0.01)
        return self._pipe.recv()

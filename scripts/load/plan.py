"""What a load test does, as one value that every process gets."""

from __future__ import annotations

import time
from dataclasses import dataclass

TOKEN_SIZE = len("~00000.000000.0000000000~")
"""Bytes of the token in each message: sender, number of the message, intended time of sending."""


@dataclass(frozen=True, slots=True)
class Plan:
    """Times are seconds, `size` is bytes; `origin` is the moment that microseconds are counted from (`micros`).

    Client i is in channel i modulo `channels`; the first `senders` clients send. `rate` 0 means a closed loop with
    `window` messages under way per sender. Process p drives every client i with i modulo `processes` == p.
    """

    host: str
    port: int
    run: str
    clients: int
    channels: int
    senders: int
    size: int
    window: int
    rate: float
    warmup: float
    duration: float
    processes: int
    concurrency: int
    connect_timeout: float
    patience: float
    ids: bool
    origin: float

    @property
    def padding(self) -> str:
        """What follows the token, so that a message has its size."""
        return "x" * (self.size - TOKEN_SIZE)

    def channel(self, client: int) -> str:
        """The name of the channel that a client talks in; fresh in every run, so its numbers start at 1."""
        return f"#load-{self.run}-{client % self.channels}"

    def name(self, client: int) -> str:
        """A client's user name."""
        return f"load-{self.run}-{client}"

    def share(self, process: int) -> range:
        """The clients that a process drives."""
        return range(process, self.clients, self.processes)

    def micros(self) -> int:
        """Now, in microseconds since the origin; the same clock in all processes of one machine."""
        return int((time.monotonic() - self.origin) * 1_000_000)

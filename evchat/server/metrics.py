"""Metrics for Prometheus: what the server counts, and the text in which it is scraped (OpenMetrics).

A server with the setting `metrics` is made of the measured halves below, which count and go on as the others do: one
without it pays nothing. What is a number already is read when it is scraped. No name of a person or a channel is in it.
"""

from __future__ import annotations

import socket
from bisect import bisect_left
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import accumulate
from typing import Any, Final

from prometheus_client import CollectorRegistry, PlatformCollector, ProcessCollector
from prometheus_client.core import CounterMetricFamily, GaugeMetricFamily, HistogramMetricFamily
from prometheus_client.metrics_core import Metric
from prometheus_client.openmetrics.exposition import CONTENT_TYPE_LATEST, generate_latest
from prometheus_client.registry import Collector

from evchat.core.effects import Broadcast, Post, Reply
from evchat.dialects.base import Dialect
from evchat.dialects.http.dialect import HttpDialect
from evchat.dialects.http.resources import Resource, Web
from evchat.net.layer import Layer
from evchat.net.loop import Loop
from evchat.protocol.authentication import Authenticate
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import Failed
from evchat.protocol.login import LoggedIn, Login
from evchat.server.back import Back
from evchat.server.client import Client
from evchat.server.deliveries import Delivery
from evchat.server.front import SLOW, Front
from evchat.server.transaction import PUTS_OFF
from evchat.settings.model import Config

PATH: Final = "/metrics"
"""Where it is."""

_BOUNDS: Final = (0.0001, 0.0003, 0.001, 0.003, 0.01, 0.03, 0.1, 0.3, 1.0, 3.0)
"""Seconds: the upper ends of the classes of durations."""


class Histogram:
    """Durations in seconds, counted by class."""

    __slots__ = ("_counts", "_total")

    def __init__(self) -> None:
        self._counts = [0] * (len(_BOUNDS) + 1)
        self._total = 0.0

    def observe(self, seconds: float) -> None:
        """Counts one."""
        self._counts[bisect_left(_BOUNDS, seconds)] += 1
        self._total += seconds

    def family(self, name: str, text: str) -> Metric:
        """What is scraped of it: how many took at most as long as each bound says."""
        family = HistogramMetricFamily(name, text)
        labels = [*map(str, _BOUNDS), "+Inf"]
        family.add_metric([], list(zip(labels, accumulate(self._counts), strict=True)), self._total)
        return family


class Counts:
    """What happened since the start."""

    def __init__(self) -> None:
        self.requests: Counter[type[Request]] = Counter()
        self.refused: Counter[str] = Counter()
        """Requests, by the code of the error that they were answered with."""
        self.logins: Counter[str] = Counter()
        """By whether they were let in: `ok` or `refused`."""
        self.messages = 0
        self.deliveries = 0
        self.cuts: Counter[str] = Counter()
        self.received = self.sent = 0
        """Bytes, as they are on the wire."""
        self.passes = Histogram()
        self.commits = Histogram()


class MeasuredBack(Back):
    """A back that counts what it decides."""

    measured: Counts

    def request(self, sid: int, request: Request, context: bool) -> int:
        """As of every back."""
        flags = super().request(sid, request, context)
        if not flags & PUTS_OFF:
            self.measured.requests[type(request)] += 1
        return flags

    def commit_ended(self) -> bool:
        """As of every back; also notices how long the commit took."""
        began = self.commit_began
        ended = super().commit_ended()
        if began and self.commit_began != began:
            self.measured.commits.observe(self._loop.time() - began)
        return ended


class MeasuredFront(Front):
    """A front that counts what it delivers."""

    measured: Counts

    def connect(
        self,
        sock: socket.socket,
        address: str,
        dialect: Dialect,
        delay: float = 0.0,
        layer: Layer | None = None,
    ) -> None:
        """As of every front."""
        super().connect(_MeasuredSocket(sock, self.measured), address, dialect, delay, layer)

    def carry_out(self, deliveries: Iterable[Delivery]) -> None:
        """As of every front."""
        super().carry_out(self._counted(deliveries))

    def _counted(self, deliveries: Iterable[Delivery]) -> Iterator[Delivery]:
        counts = self.measured
        for delivery in deliveries:
            if isinstance(delivery, Post):
                counts.messages += 1
                counts.deliveries += len(delivery.to)
            elif isinstance(delivery, Broadcast):
                counts.deliveries += len(delivery.to)
            elif isinstance(delivery, Reply):
                counts.deliveries += 1
                self._count_answer(delivery.event)
            yield delivery

    def _count_answer(self, event: Event) -> None:
        if isinstance(event, Failed):
            self.measured.refused[event.code] += 1
            if isinstance(event.request, Login | Authenticate):
                self.measured.logins["refused"] += 1
        elif isinstance(event, LoggedIn):
            self.measured.logins["ok"] += 1

    def _cut(self, client: Client, reason: str, kind: str = SLOW) -> None:
        self.measured.cuts[kind] += 1
        super()._cut(client, reason, kind)


class _MeasuredSocket(socket.socket):
    """A socket that counts its bytes."""

    def __init__(self, sock: socket.socket, counts: Counts) -> None:
        super().__init__(fileno=sock.detach())
        self._counts = counts

    def send(self, data: Any, flags: int = 0, /) -> int:
        sent = super().send(data, flags)
        self._counts.sent += sent
        return sent

    def recv(self, size: int, flags: int = 0, /) -> bytes:
        data = super().recv(size, flags)
        self._counts.received += len(data)
        return data


class Metrics(Mapping[str, Resource]):
    """The files of the listener for a monitoring system: one, made when it is asked for.

    `attach` must be called before that.
    """

    def __init__(self, loop: Loop) -> None:
        self._loop = loop
        self._front: MeasuredFront
        self._back: MeasuredBack
        self._counts = Counts()
        self._made: Resource | None = None
        self._made_in = -1
        """The number of the pass."""
        self._registry = CollectorRegistry()
        self._registry.register(_Collector(self._collect))
        ProcessCollector(registry=self._registry)
        PlatformCollector(registry=self._registry)

    def maker(self, config: Config) -> Callable[[], Dialect]:
        """Makes the dialect of whoever connects to scrape."""
        limits = config.limits
        web = Web(self, {}, head=limits.http_head, requests=limits.http_requests, token=config.metrics_token)
        return partial(HttpDialect, web)

    def attach(self, front: MeasuredFront, back: MeasuredBack) -> None:
        """Has both halves of the server counted."""
        self._front, self._back = front, back
        front.measured = back.measured = self._counts

    def observe_pass(self) -> None:
        """A pass is over. To be called last before the loop sleeps."""
        self._counts.passes.observe(self._loop.time() - self._loop.now)

    def __getitem__(self, path: str) -> Resource:
        if path != PATH:
            raise KeyError(path)
        # Whoever asks in the same pass gets the same text: to make one takes as long as some hundred messages.
        if self._made is None or self._made_in != self._loop.passes:
            text = generate_latest(self._registry)  # type: ignore[no-untyped-call]
            self._made = Resource(CONTENT_TYPE_LATEST, f'"{self._loop.passes}"', text)
            self._made_in = self._loop.passes
        return self._made

    def __iter__(self) -> Iterator[str]:
        return iter((PATH,))

    def __len__(self) -> int:
        return 1

    def _collect(self) -> Iterator[Metric]:
        """What is scraped, with the names of docs/operations.md."""
        counts, front, back = self._counts, self._front, self._back
        connections = Counter(
            (client.dialect.name, "yes" if client.connection.layer is not None else "no")
            for client in front.clients.values()
        )
        family: Metric = GaugeMetricFamily(
            "evchat_connections", "Connections that are open.", labels=("dialect", "tls")
        )
        for labels, count in connections.items():
            family.add_metric(labels, count)  # type: ignore[attr-defined]
        yield family
        users, channels = back.population()
        yield GaugeMetricFamily("evchat_users", "Users who are logged in.", users)
        yield GaugeMetricFamily("evchat_channels", "Channels that exist.", channels)
        kinds = {_snake(kind.__name__): count for kind, count in counts.requests.items()}
        yield _labelled("evchat_requests", "Requests that were carried out.", "kind", kinds)
        yield CounterMetricFamily("evchat_messages", "Messages that were said.", counts.messages)
        yield CounterMetricFamily(
            "evchat_deliveries", "Events that were told, once for everyone told.", counts.deliveries
        )
        ways = {"in": counts.received, "out": counts.sent}
        yield _labelled("evchat_bytes", "Bytes on the wire.", "way", ways)
        yield counts.passes.family("evchat_pass_seconds", "How long the passes of the loop took.")
        yield counts.commits.family("evchat_commit_seconds", "How long commits took.")
        yield CounterMetricFamily(
            "evchat_commit_failures", "Commits that failed: senders were told so.", back.commit_failures
        )
        yield GaugeMetricFamily("evchat_owed_bytes", "Bytes that clients have not read yet.", front.owed)
        yield _labelled("evchat_cuts", "Clients that were cut.", "reason", counts.cuts)
        refused = Counter(counts.refused) + Counter(front.refused)
        yield _labelled("evchat_refused", "Requests and connections that were refused.", "code", refused)
        yield _labelled("evchat_logins", "Attempts to log in.", "result", counts.logins)
        yield GaugeMetricFamily(
            "evchat_worker_waiting", "Passwords that wait to be checked.", back.passwords_waiting
        )
        yield GaugeMetricFamily("evchat_store_bytes", "Bytes that the store holds.", back.stored_bytes())
        yield GaugeMetricFamily(
            "evchat_index_behind", "Messages that the search index does not hold yet.", back.unindexed()
        )


class _Collector(Collector):
    """What the registry asks for the figures."""

    def __init__(self, collected: Callable[[], Iterator[Metric]]) -> None:
        self._collected = collected

    def collect(self) -> Iterator[Metric]:
        """The figures."""
        return self._collected()


def _labelled(name: str, text: str, label: str, counts: Mapping[str, int]) -> Metric:
    family = CounterMetricFamily(name, text, labels=(label,))
    for value, count in counts.items():
        family.add_metric((value,), count)
    return family


def _snake(name: str) -> str:
    """`SendMessage` as `send_message`."""
    return "".join(f"_{char.lower()}" if char.isupper() else char for char in name).lstrip("_")

"""The front half of the server: sockets, dialects, queues and fan-out.

It knows clients by their session ids and nothing of users, channels or the store. It reports to the back what clients
do, and turns into bytes what the back has it deliver.
"""

from __future__ import annotations

import socket
from base64 import b64decode
from collections.abc import Callable, Iterable, Iterator, Mapping
from functools import partial
from itertools import islice
from typing import Final, assert_never

from evchat import log
from evchat.core.effects import Broadcast, Hangup, Post, Reply, Trust
from evchat.dialects import phrases
from evchat.dialects.base import Dialect
from evchat.dialects.detect import Detector
from evchat.dialects.unframed.dialect import UnframedDialect
from evchat.dialects.unframed.wholast import ASIDE
from evchat.net.connection import Connection
from evchat.net.hooks import Hooks, OutputLimits
from evchat.net.layer import Layer
from evchat.net.loop import Loop
from evchat.net.opening import Opening
from evchat.net.turns import Turns
from evchat.net.unframed import UnframedConnection
from evchat.protocol.authentication import Authenticated
from evchat.protocol.base import Event
from evchat.protocol.basics import Failed, LocalReply, Pinged, ServerNotice, Welcomed
from evchat.protocol.login import LoggedIn
from evchat.server import wall_clock
from evchat.server.acceptor import TOO_OFTEN, Acceptor, Dialects
from evchat.server.allowances import Allowances
from evchat.server.back import Back
from evchat.server.certificates import Certificates
from evchat.server.client import NEVER, Client
from evchat.server.connection_limits import site
from evchat.server.deliveries import Abort, Delivery, Resume, Write
from evchat.server.fanout import Fanout
from evchat.server.guard import Guard
from evchat.server.ingress import Ingress
from evchat.server.openings import Openings
from evchat.server.slow_clients import SlowClients
from evchat.settings.model import Config, Limits

_TICK: Final = 1.0
"""Seconds between looks for slow and silent clients, as long as any client is connected."""

_CROWD: Final = 64
"""So many can be told at once who came and went, and what they are sent is no burden."""
_GATHERING: Final = 0.1
"""Seconds that more than those wait for it, unless something else is to be sent to them: most come and go in crowds."""
_TOLD_AT_ONCE: Final = 500
"""How many of them are told in a pass, which takes some 5 ms."""

_MAY_CHANGE_CLIENT: Final = frozenset({Welcomed, LocalReply, LoggedIn, Failed, Authenticated})
"""Events that may change the variant of the dialect to which they are told, or what else is known of the client."""


SLOW: Final = "slow"
SILENT: Final = "silent"
"""Why clients are cut, in a word."""


class Front:
    """Connects clients with the back. `dialects` make a new client's dialect, by the scheme of the address."""

    def __init__(
        self,
        loop: Loop,
        limits: Limits,
        dialects: Dialects,
        back: Back,
        guard: Guard,
        certificates: Certificates,
    ) -> None:
        self._loop = loop
        self._limits = limits
        self._back = back
        self._guard = guard
        self.clients: dict[int, Client] = {}
        """By session id."""
        self._dirty: set[Client] = set()
        """The clients to be flushed at the end of this pass."""
        self._closing: list[Client] = []
        """The clients whose connection is to be closed at the end of this pass."""
        self._fanout = Fanout(self.clients, self._dirty)
        self._allowances = Allowances(limits)
        self._ingress = Ingress(
            loop, limits, back, self._fanout, self._allowances, self._visits, self._stays, self._moved
        )
        self._slow_clients = SlowClients(limits)
        ingress = self._ingress
        self._hooks = Hooks(
            ingress.received,
            ingress.ended,
            self._dirty.add,
            self._closing.append,
            _left_out,
            self._opened,
            Turns(loop),
        )
        self._output_limits = _output_limits(limits)
        self._certificates = certificates
        self._openings = Openings(limits, certificates)
        self._acceptor = Acceptor(
            loop,
            limits,
            dialects,
            self._allowances,
            self._openings,
            self.connect,
            self._ingress.second_connections.accept,
        )
        self._last_sid = 0
        self._ticking = False
        self._gathering = False
        """Whether many wait to hear who came and went."""

    def open(self, url: str, only: str = "") -> list[str]:
        """Listens on what `url` names, where `only` one dialect is spoken or all are.

        Returns the real URLs. Raises OSError.
        """
        return self._acceptor.open(url, only)

    def reconfigure(self, config: Config, dialects: Dialects) -> None:
        """Takes new settings over: dialects for clients to come, and what can change meanwhile for everyone."""
        limits = config.limits
        self._ingress.second_connections.limits = limits
        self._openings.limits = limits
        self._limits = self._ingress.limits = self._slow_clients.limits = self._allowances.limits = limits
        self._output_limits = _output_limits(limits)
        self._acceptor.reconfigure(limits, dialects)
        for client in self.clients.values():
            client.connection.limits = self._output_limits
            told = client.dialect.reconfigure(config)
            if told:
                self._back.add(client.sid, Write(client.sid, told))

    def open_for_administrators(self, path: str) -> None:
        """Listens at a path for those who administer this machine. Raises OSError."""
        self._acceptor.open_for_administrators(path, self._administer)

    def _administer(self, sock: socket.socket, address: str, dialect: Dialect, name: str) -> None:
        """Takes on a client that need not log in to act as an operator, under this name."""
        self.connect(sock, address, dialect)
        client = self.clients[self._last_sid]
        client.authenticated = True
        self._back.administer(client.sid, name)
        log.info("administrator", sid=client.sid, name=name)

    @property
    def output_pending(self) -> bool:
        """Whether any client left output unread at its last flush."""
        return bool(self._slow_clients.pending)

    @property
    def owed(self) -> int:
        """The bytes that all clients together have left unread."""
        return self._slow_clients.total

    @property
    def refused(self) -> Mapping[str, int]:
        """How many connections were refused, by the code that they were told."""
        return self._acceptor.refused

    @property
    def is_deserted(self) -> bool:
        """Whether clients were connected, and none is any more."""
        return not self.clients and self.ever_connected

    @property
    def ever_connected(self) -> bool:
        """Whether any client has connected since the start."""
        return self._last_sid > 0

    def stop_accepting(self) -> None:
        """Accepts no more connections; those that are open stay."""
        self._acceptor.close()

    def close(self, reason: str) -> None:
        """Closes all connections at once."""
        self._acceptor.close()
        self._ingress.second_connections.close()
        for client in self.clients.values():
            client.connection.send(client.dialect.farewell(stopping=True))
            client.connection.flush()
            client.connection.finish(reason, 0)
            client.connection.close()
        self.clients.clear()

    # ---- clients come and go ----------------------------------------------------------------------------------

    def connect(
        self,
        sock: socket.socket,
        address: str,
        dialect: Dialect,
        delay: float = 0.0,
        layer: Layer | None = None,
    ) -> None:
        """Takes a connected socket on as a new client, whose first request waits for `delay` seconds."""
        self._last_sid = sid = self._last_sid + 1
        now = self._loop.time()
        host = site(address) or address
        client = Client(sid, address, dialect, self._allowances.throttle(host, now), now)
        if isinstance(dialect, UnframedDialect):
            made: Callable[..., Connection] = partial(UnframedConnection, aside=ASIDE.encode())
        else:
            made = Connection
        client.connection = connection = made(self._loop, sock, self._hooks, client, self._output_limits)
        self.clients[sid] = client
        self._back.connect(sid, host, self._allowances.is_shared(host))
        log.debug("connected", sid=sid, address=address)
        if layer is not None:
            connection.layer = layer
            self._openings.began(client, now)
        client.must_encrypt = self._openings.must_encrypt(client)
        self._ingress.connected(client)
        if delay:
            self._ingress.wait(client, delay)
        if not self._ticking:
            self._ticking = True
            self._loop.call_later(_TICK, self._tick)

    def _opened(self, client: Client, opening: Opening) -> None:
        """It is clear whether the client speaks TLS, and who it is, if a proxy has said so."""
        if opening.address:
            # Whoever it is, it is not the proxy: what it says itself of whom it stands for is not believed.
            if isinstance(client.dialect, Detector):
                client.dialect = client.dialect.unproxied()
            refusal = self._acceptor.introduce(client.address, opening.address)
            self._set_address(client, opening.address)
            delay = self._allowances.connect(site(opening.address) or opening.address, self._loop.time())
            if refusal is not None or delay is None:
                self._ingress.refuse(client, *(refusal or TOO_OFTEN))
            elif delay:
                self._ingress.wait(client, delay)
        if opening.successor is not None and isinstance(client.dialect, Detector):
            client.dialect.encrypted()
        client.connection.pace = self._limits.pace if client.dialect.paced else None
        self._openings.began(client, self._loop.now)
        client.must_encrypt = self._openings.must_encrypt(client)

    def _visits(self, client: Client) -> None:
        """A browser fetches files, and is counted with those that do."""
        client.visiting = True
        refusal = self._acceptor.visit(client.address)
        if refusal is not None:
            self._ingress.refuse(client, *refusal)

    def _stays(self, client: Client, address: str) -> None:
        """A browser has gone over to chat: it is counted with the others, like one that has just connected.

        If a trusted proxy has connected for it, from `address`.
        """
        delay: float | None = 0.0
        if address:
            self._moved(client, address)
            delay = self._allowances.connect(site(address) or address, self._loop.time())
        client.visiting = False
        refusal = self._acceptor.stay(client.address)
        if refusal is not None or delay is None:
            self._ingress.refuse(client, *(refusal or TOO_OFTEN))
        elif delay:
            self._ingress.wait(client, delay)

    def _moved(self, client: Client, address: str) -> None:
        """A trusted proxy has said for whom it has connected: from now on the client is there, for every limit."""
        if address == client.address:
            return
        # A proxy's connections for files are kept, and serve one client after the other: those have no most.
        self._acceptor.move(client.address, address)
        self._set_address(client, address)

    def _set_address(self, client: Client, address: str) -> None:
        host = site(address) or address
        client.address = address
        client.warned = True  # nobody knows how the client's words came to the proxy
        client.throttle = self._allowances.throttle(host, self._loop.time())
        self._back.move(client.sid, host, self._allowances.is_shared(host))

    def _cut(self, client: Client, reason: str, kind: str = SLOW) -> None:
        name = self._back.name(client.sid) or "-"
        log.warning("cut", sid=client.sid, address=client.address, name=name, reason=reason)
        client.connection.abort(reason)

    def remove_closed(self) -> None:
        """Closes the connections that have broken or were aborted, and reports that their sessions are over."""
        self._ingress.second_connections.remove_closed()
        closing = self._closing[:]
        self._closing.clear()
        for client in closing:
            client.connection.close()
            self._ingress.second_connections.forget(client)
            if self.clients.pop(client.sid, None) is None:
                continue
            self._fanout.departed()
            self._dirty.discard(client)
            self._fanout.unhurried.pop(client, None)
            self._slow_clients.forget(client)
            self._acceptor.gone(client.address, visiting=client.visiting)
            self._end_session(client, client.connection.reason, lost=True)

    def _end_session(self, client: Client, reason: str, *, lost: bool) -> None:
        """Reports, once, that the client's session is over, or `lost` with the connection."""
        sid = client.sid
        if self._back.is_open(sid):
            name = self._back.last_name(sid) or "-"
            tell = log.debug if client.visiting else log.info
            tell("disconnected", sid=sid, address=client.address, name=name, reason=reason)
            self._back.disconnect(sid, reason, lost=lost)

    def commit_ended(self) -> None:
        """The back's commit has ended: what the back has put off for that, it is asked for again."""
        self._ingress.commit_ended()

    # ---- deliveries --------------------------------------------------------------------------------------------

    def carry_out(self, deliveries: Iterable[Delivery]) -> None:
        """Carries out deliveries in order. A bug costs the one delivery that it meets."""
        left = iter(deliveries)
        while self._guard.run(0, "delivery", self._carry_out, left) is None:
            pass

    def _carry_out(self, deliveries: Iterator[Delivery]) -> bool:
        clients, deliver, tell = self.clients, self._fanout.deliver, self._fanout.tell
        for delivery in deliveries:
            if type(delivery) is Post:
                sender = clients.get(delivery.sid)
                if sender is not None and (
                    sender.dialect.acknowledges or delivery.kept or delivery.away is not None
                ):
                    tell(sender, delivery.acknowledgement())
                deliver(delivery.said, delivery.to, delivery.but)
                continue
            if type(delivery) is Broadcast:
                deliver(delivery.event, delivery.to, delivery.but)
                continue
            client = clients.get(delivery.sid)
            if type(delivery) is Reply:
                if client is None:
                    continue
                if type(delivery.event) in _MAY_CHANGE_CLIENT:
                    self._tell_and_compare(client, delivery.event)
                else:
                    tell(client, delivery.event)
            elif isinstance(delivery, Trust):
                self._certificates.trust(b64decode(delivery.der))
            elif client is not None:
                self._carry_out_rare(client, delivery)
        self._fanout.settle()
        return True

    def _carry_out_rare(self, client: Client, delivery: Hangup | Write | Resume | Abort) -> None:
        if isinstance(delivery, Hangup):
            self._ingress.stop(client)
            self._end_session(client, delivery.reason, lost=delivery.lost)
            farewell = client.dialect.farewell()
            if farewell:
                self._fanout.write(client, farewell)
            self._dirty.add(client)
            if client.dialect.name == "text":
                client.connection.finish(delivery.reason, self._limits.text_linger, reset=True)
            else:
                client.connection.finish(delivery.reason, self._limits.linger)
        elif isinstance(delivery, Write):
            self._fanout.write(client, delivery.frame)
        elif isinstance(delivery, Resume):
            self._ingress.resumed(client)
        elif isinstance(delivery, Abort):
            self._ingress.stop(client)
            client.connection.abort(delivery.reason)
        else:
            assert_never(delivery)

    def _tell_and_compare(self, client: Client, event: Event) -> None:
        """Tells an event that may change the dialect's variant, and with it the plans and the pace."""
        if isinstance(event, Authenticated):
            self._ingress.account_proved(client)
        elif isinstance(
            event, LoggedIn | Failed
        ):  # a login that can't be kept is answered so, and may still hold
            client.in_audiences |= client.authenticated
        before = client.dialect.variant
        self._fanout.tell(client, event)
        if client.dialect.variant == before:
            return
        client.connection.pace = self._limits.pace if client.dialect.paced else None
        if client.in_audiences:
            self._fanout.forget()

    def flush(self) -> None:
        """Sends what has gathered, and lets the clients go on that waited for the end of the pass."""
        self._hurry()
        if self._dirty:
            dirty = list(self._dirty)
            self._dirty.clear()
            now = self._loop.time()
            for client in dirty:
                connection = client.connection
                connection.flush()
                if connection.pending_output or client.pending_output:
                    self._flushed(client, now)
            for client, reason in self._slow_clients.over_total():
                self._cut(client, reason)
        self._ingress.next_pass()

    def _hurry(self) -> None:
        """Flushes also those to whom others came or went; if these are many, they wait a little for more such news.

        Each of them then hears of several at a time, which saves most of the system calls of a crowd's arrival.
        """
        unhurried = self._fanout.unhurried
        if not unhurried:
            return
        for client in self._dirty & unhurried.keys():
            del unhurried[client]
        if len(unhurried) <= _CROWD:
            self._dirty.update(unhurried)
            unhurried.clear()
        elif not self._gathering:
            self._gathering = True
            self._loop.call_later(_GATHERING, self._gathered)

    def _gathered(self) -> None:
        """Tells those who wait now who came and went; for those who begin to wait meanwhile, it gathers again."""
        self._tell_crowd(len(self._fanout.unhurried))

    def _tell_crowd(self, waiting: int) -> None:
        """Has those `waiting` flushed at the end of this pass who have waited longest, or the next ones in the next."""
        unhurried = self._fanout.unhurried
        for client in list(islice(unhurried, min(waiting, _TOLD_AT_ONCE))):
            del unhurried[client]
            self._dirty.add(client)
        self._gathering = waiting > _TOLD_AT_ONCE
        if self._gathering:
            self._loop.call_later(0.0, partial(self._tell_crowd, waiting - _TOLD_AT_ONCE))

    def _flushed(self, client: Client, now: float) -> None:
        reason = self._slow_clients.flushed(client, now)
        if reason is not None:
            self._cut(client, reason)
        elif not client.waits_for & NEVER:
            self._ingress.flushed(client)

    def _tick(self) -> None:
        now = self._loop.time()
        for client, reason in self._slow_clients.overdue(now):
            self._cut(client, reason)
        for client in self._openings.overdue(now):
            client.connection.abort("The handshake of TLS took too long.")
        for client in self._slow_clients.idle_visitors(self.clients, now):
            client.connection.abort("Asked for nothing more.")
        for client, silent in self._slow_clients.silent(self.clients, now):
            if silent:
                self._cut(client, f"No sign of life for {self._limits.dead_after:.0f} seconds.", SILENT)
            else:
                client.pinged = True
                self._fanout.tell(client, Pinged(wall_clock.now(), str(client.sid)))
        log.summarise()
        self._ticking = bool(self.clients)
        if self._ticking:
            self._loop.call_later(_TICK, self._tick)


def _left_out(client: Client, count: int) -> bytes:
    """What a client is told that got less than was said, because it takes it too slowly."""
    frame = client.dialect.encode(ServerNotice(wall_clock.now(), phrases.left_out(count)))
    connection = client.connection
    return connection.bare(frame) if isinstance(connection, UnframedConnection) else frame


def _output_limits(limits: Limits) -> OutputLimits:
    return OutputLimits(
        pause_above=limits.pause_above,
        soft=limits.output_soft,
        soft_seconds=limits.output_soft_seconds,
        hard=limits.output_hard,
        pace_backlog=limits.pace_backlog,
    )

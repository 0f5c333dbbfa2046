"""The composition root: carries bytes to the core and its effects to the world, one pass at a time.

A pass reads and decides; before the loop sleeps, `_before_sleep` removes closed clients, commits the store, does what
was decided, and flushes. Nothing leaves before it is durable.
"""

from __future__ import annotations

import os
import signal
import socket
import time
from collections.abc import Callable, Iterator
from functools import partial
from typing import Any

from evchat import __version__, log
from evchat.core.dispatch import Chat
from evchat.core.effects import Broadcast, Effect, Fetch, Hangup, Hash, Log, Reply
from evchat.core.policy import Rules
from evchat.core.records import Store, StoreError
from evchat.core.rules.request_cost import LISTS, weight
from evchat.dialects.base import Dialect
from evchat.dialects.registry import dialects
from evchat.net.connection import Connection
from evchat.net.loop import Loop
from evchat.net.worker import Worker
from evchat.protocol.base import Event, Request
from evchat.protocol.basics import (
    Failed,
    HungUp,
    LocalReply,
    Malformed,
    Pinged,
    ReplyLocally,
    RequestContext,
    Welcomed,
)
from evchat.protocol.login import Introduce
from evchat.protocol.messages import SendMessage
from evchat.server.acceptor import Acceptor
from evchat.server.client import Client, Throttle
from evchat.server.connection_limits import site
from evchat.server.fanout import Fanout
from evchat.server.ingress import Ingress
from evchat.server.slow_clients import SlowClients
from evchat.server.transaction import Transaction
from evchat.settings.errors import SettingsError
from evchat.settings.model import Config

_TICK = 1.0
"""Seconds between looks at deadlines, as long as anybody is connected."""

_TURNING = frozenset({Welcomed, LocalReply})
"""What may change the variant of a dialect when it is told."""

_SLIPS = frozenset({"unknown-command", "usage"})
"""What people mistype: no concern of the log's."""


def _now() -> int:
    return int(time.time() * 1000)


class Server:
    """A running evchat: give it a store and settings, `open`, then `run`.

    `reload` gives the settings anew, for SIGHUP. `on_bug` is called after a mistake in our own code was logged.
    """

    def __init__(
        self,
        config: Config,
        store: Store,
        *,
        reload: Callable[[], Config] | None = None,
        on_bug: Callable[[BaseException], None] | None = None,
    ) -> None:
        self._config = config
        self._store = store
        self._reload = reload
        self._on_bug = on_bug
        self.loop = Loop()
        self._worker = Worker(self.loop, config.limits.worker_queue)
        self._chat = Chat(Rules.of(config, __version__), store.fetch, os.urandom)
        self._transaction = Transaction(store, self._report_storage)
        self._transaction.add(0, None, self._chat.start())
        self._peers: dict[int, Client] = {}
        self._dirty: set[Client] = set()
        self._fanout = Fanout(self._peers, self._dirty)
        self._slow_clients = SlowClients(config.limits, self._cut)
        self._ingress = Ingress(
            self.loop,
            config.limits,
            self._decide,
            self._hang_up,
            self._fanout.forget,
            partial(weight, self._chat),
        )
        self._started = _now()
        self._acceptor = Acceptor(self.loop, config.limits, self._dialects(config), self._accepted)
        self._last_sid = 0
        self._ticking = False
        self._tidy_due = False
        self._tidy_waits = False
        self._stop_by: float | None = None
        self.loop.before_sleep.append(self._before_sleep)

    def open(self) -> list[str]:
        """Listens on all addresses; returns their URLs, with the real ports. Raises OSError.

        From here on signals are heeded: who sees an address may send one at once.
        """
        urls = [real for url in self._config.listen for real in self._acceptor.open(url)]
        for name in ("SIGTERM", "SIGINT"):
            self.loop.handle_signal(getattr(signal, name), partial(self.stop, "The server is going down."))
        if hasattr(signal, "SIGHUP"):
            self.loop.handle_signal(signal.SIGHUP, self._reload_config)
        return urls

    def run(self) -> int:
        """Serves until told to stop; returns the exit code: 0, or 1 if something could not be kept at the end."""
        if self._config.insecure_no_limits:
            log.warning("rate limits and address limits are off")
        try:
            self.loop.run()
        finally:
            self._close()
        log.info("stopped")
        return 1 if self._transaction.failing else 0

    def stop(self, reason: str) -> None:
        """Stops accepting, tells everyone, sends what is owed for a while, then lets `run` return."""
        if self._stop_by is not None:
            return
        log.info("stopping", reason=reason)
        self._acceptor.close()
        self._transaction.add(0, None, self._chat.stop(reason, _now()))
        self._stop_by = self.loop.time() + self._config.limits.stop_flush
        self.loop.call_later(self._config.limits.stop_flush, self.loop.stop)

    def _close(self) -> None:
        self._acceptor.close()
        self._worker.close()
        for client in self._peers.values():
            client.connection.finish("The server is going down.", 0)
            client.connection.close()
        self._peers.clear()
        self._transaction.commit(_now())
        self._store.close()
        self.loop.close()

    # ---- connections ------------------------------------------------------------------------------------------

    def _accepted(self, sock: socket.socket, address: str, dialect: Dialect) -> None:
        limits = self._config.limits
        self._last_sid = sid = self._last_sid + 1
        now = self.loop.time()
        client = Client(sid, address, dialect, Throttle(limits.command_burst, limits.command_rate, now), now)
        connection = Connection(
            self.loop,
            sock,
            partial(self._ingress.received, client),
            on_eof=partial(self._ingress.ended, client),
            on_writable=partial(self._dirty.add, client),
            on_closing=partial(self._slow_clients.note_closing, client),
        )
        self._limit_output(connection)
        connection.keepalive(
            limits.keepalive_idle, limits.keepalive_interval, limits.keepalive_count, limits.user_timeout
        )
        client.connection = connection
        self._peers[sid] = client
        self._fanout.forget()
        self._transaction.add(sid, None, self._chat.connect(sid, site(address) or address, _now()))
        log.debug("connected", sid=sid, address=address)
        for request in dialect.greet():
            self._decide(client, request)
        if not self._ticking:
            self._ticking = True
            self.loop.call_later(_TICK, self._tick)

    def _dialects(self, config: Config) -> dict[str, Callable[[], Dialect]]:
        return dialects(config, __version__, self._started)

    def _limit_output(self, connection: Connection) -> None:
        limits = self._config.limits
        connection.pause_above = limits.pause_above
        connection.soft, connection.soft_seconds = limits.output_soft, limits.output_soft_seconds
        connection.hard = limits.output_hard
        connection.pace_backlog = limits.pace_backlog

    def _cut(self, client: Client, reason: str) -> None:
        log.warning("cut", sid=client.sid, name=self._name(client), reason=reason)
        client.connection.abort(reason)

    def _name(self, client: Client) -> str:
        session = self._chat.sessions.get(client.sid)
        return session.user.name if session and session.user else "-"

    # ---- requests ---------------------------------------------------------------------------------------------

    def _decide(self, client: Client, request: Request) -> None:
        effects = self._guarded(client, request, self._chat.request, client.sid, request, _now())
        if effects is None:
            return
        if client.dialect.context and type(request) is not SendMessage:
            effects = [Reply(client.sid, RequestContext(_now(), request)), *effects]
        fetches = self._transaction.add(client.sid, request, effects)
        if type(request) is Malformed and not client.malformed_logged and request.code not in _SLIPS:
            client.malformed_logged = True
            log.info(
                "malformed",
                sid=client.sid,
                address=client.address,
                dialect=client.dialect.name,
                reason=request.reason,
            )
        if fetches or type(request) in LISTS:
            self._ingress.stall(client)
        if effects:
            last = effects[-1]
            if type(last) is Hash:
                client.hashing = request
            elif type(last) is Hangup and last.sid == client.sid:  # who puts out somebody else goes on
                client.done = True
        if not client.authenticated:
            self._get_to_know(client, request)

    def _get_to_know(self, client: Client, request: Request) -> None:
        session = self._chat.sessions.get(client.sid)
        if session is not None and session.user is not None:
            client.authenticated = client.detected = True
            log.info(
                "login",
                sid=client.sid,
                address=client.address,
                name=session.user.name,
                dialect=client.dialect.name,
            )
            return
        if not isinstance(
            request, ReplyLocally | Introduce
        ):  # agreeing on capabilities; its bytes are limited
            client.requests_before_login += 1

    def _hang_up(self, client: Client, reason: str, event: HungUp | None) -> None:
        """Ends a connection once everything for it was sent, with last words if it is a limit that ends it."""
        if event is not None:
            log.warning("cut", sid=client.sid, address=client.address, reason=reason)
        client.done = True
        words: list[Effect] = [Reply(client.sid, event)] if event else []
        self._transaction.add(client.sid, None, [*words, Hangup(client.sid, reason)])

    def _hashed(self, sid: int, result: Any, error: BaseException | None) -> None:
        client = self._peers.get(sid)
        if client is None or client.hashing is None:
            return
        request, client.hashing = client.hashing, None
        if error is not None:
            self._bug(client, request, error)
            return
        effects = self._guarded(client, request, self._chat.hashed, sid, result, _now())
        if effects is not None:
            if client.dialect.context:
                effects = [Reply(sid, RequestContext(_now(), request)), *effects]
            self._transaction.add(sid, request, effects)
            if not client.authenticated:
                self._get_to_know(client, request)
            self._ingress.go_on(client)

    def _unless_gone(self, sid: int, work: Callable[[], Any]) -> Any:
        """In the worker: does not do what nobody waits for any more, or who comes and goes could keep it busy."""
        return work() if sid in self._peers else None

    def _not_hashed(self, sid: int) -> None:
        client = self._peers.get(sid)
        if client is not None:
            client.hashing = None
            self._transaction.add(sid, None, self._chat.not_hashed(sid, _now()))
            self._ingress.go_on(client)

    def _guarded(self, client: Client | None, what: object, work: Callable[..., Any], *arguments: Any) -> Any:
        """What `work` returns; a mistake of ours in it ends this one connection and never the server."""
        try:
            return work(*arguments)
        except Exception as error:  # noqa: BLE001  (the one guard: see ARCHITECTURE.md, Errors)
            self._bug(client, what, error)
            return None

    def _bug(self, client: Client | None, what: object, error: BaseException) -> None:
        log.bug("bug", error, sid=client.sid if client else 0, what=type(what).__name__)
        if client is not None:
            client.done = True
            client.connection.abort("An error of the server.")
        if self._on_bug is not None:
            self._on_bug(error)

    # ---- before the loop sleeps -------------------------------------------------------------------------------

    def _before_sleep(self) -> None:
        for client in self._slow_clients.closing():
            self._remove(client)
        now = _now()
        effects = self._transaction.commit(now)
        left = iter(effects)
        while self._guarded(None, "effects", self._do, left, now) is None:
            pass  # a bug cost one effect; the others are still to be done
        if self._dirty:
            self._flush()
        self._ingress.release()
        if effects and not self._tidy_waits:
            self._tidy_waits = True
            self.loop.call_later(0.25, self._tidy_soon)
        if self._tidy_due:
            self._tidy()
        if self._stop_by is not None and not self._slow_clients.pending:
            self.loop.stop()

    def _remove(self, client: Client) -> None:
        connection = client.connection
        connection.close()
        if self._peers.pop(client.sid, None) is None:
            return
        self._fanout.forget()
        self._dirty.discard(client)
        self._slow_clients.forget(client)
        self._acceptor.gone(client.address)
        self._depart(client, connection.reason)

    def _depart(self, client: Client, reason: str) -> None:
        """The core learns, once, that a session is over."""
        if client.sid not in self._chat.sessions:
            return
        log.info(
            "disconnected", sid=client.sid, address=client.address, name=self._name(client), reason=reason
        )
        effects = self._guarded(None, "disconnect", self._chat.disconnect, client.sid, reason, _now())
        if effects:
            self._transaction.add(client.sid, None, effects)

    def _do(self, effects: Iterator[Effect], now: int) -> bool:
        """Carries effects out, in order, and returns True."""
        clients, deliver, tell = self._peers, self._fanout.deliver, self._fanout.tell
        for effect in effects:
            if isinstance(effect, Broadcast):
                deliver(effect.event, effect.to, effect.but)
            elif isinstance(effect, Reply):
                client = clients.get(effect.sid)
                if client is None:
                    continue
                if type(effect.event) in _TURNING:
                    self._tell_turning(client, effect.event)
                else:
                    tell(client, effect.event)
            else:
                self._do_rarely(effect, now)
        self._fanout.settle()
        return True

    def _do_rarely(self, effect: Effect, now: int) -> None:
        if isinstance(effect, Fetch):
            try:
                event = effect.answer(self._store.fetch(effect.query))
            except StoreError as error:
                event = Failed(now, effect.reply_to, "storage", str(error))
            self._do(iter((Reply(effect.sid, event),)), now)
        elif isinstance(effect, Hash):
            work = partial(self._unless_gone, effect.sid, effect.work)
            if not self._worker.submit(work, partial(self._hashed, effect.sid)):
                self.loop.call_soon(partial(self._not_hashed, effect.sid))
        elif isinstance(effect, Log):
            log.info(effect.event, **dict(effect.facts))
        elif isinstance(effect, Hangup) and (client := self._peers.get(effect.sid)):
            client.done = True
            self._depart(client, effect.reason)
            self._dirty.add(client)
            client.connection.finish(effect.reason, self._config.limits.linger)

    def _tell_turning(self, client: Client, event: Event) -> None:
        """Tells what may make the client hear other bytes from now on, and no longer need to be paced."""
        before = client.dialect.variant
        self._fanout.tell(client, event)
        if client.dialect.variant == before:
            return
        client.connection.pace = self._config.limits.pace if client.dialect.paced else None
        self._fanout.forget()

    def _flush(self) -> None:
        dirty = list(self._dirty)
        self._dirty.clear()
        now = self.loop.time()
        for client in dirty:
            connection = client.connection
            connection.flush()
            if connection.pending_output or client.pending_output:
                self._slow_clients.weigh(client, now)
                if not client.done:
                    self._ingress.drained(client)
        self._slow_clients.judge_total()

    # ---- time -------------------------------------------------------------------------------------------------

    def _tick(self) -> None:
        now = self.loop.time()
        effects = self._guarded(None, "tick", self._chat.tick, _now())
        if effects:
            self._transaction.add(0, None, effects)
        self._slow_clients.judge(now)
        for client, silent in self._slow_clients.silent(self._peers, now):
            if silent:
                self._cut(client, f"No sign of life for {self._config.limits.dead_after:.0f} seconds.")
            else:
                client.pinged = True
                self._transaction.add(client.sid, None, [Reply(client.sid, Pinged(_now(), str(client.sid)))])
        self._ticking = bool(self._peers)
        if self._ticking:
            self.loop.call_later(_TICK, self._tick)

    def _tidy_soon(self) -> None:
        self._tidy_due = True

    def _tidy(self) -> None:
        """A bounded piece of the store's upkeep, between two passes."""
        self._tidy_due = False
        try:
            more = self._store.tidy(_now())
        except StoreError as error:
            log.warning("upkeep of the store failed", reason=str(error))
            more = False
        self._tidy_waits = more
        if more:
            self.loop.call_later(0.01, self._tidy_soon)

    def _report_storage(self, reason: str | None) -> None:
        if reason is None:
            log.info("the store keeps again")
        else:
            log.error("the store can't keep: senders are told so, everything else goes on", reason=reason)

    def _reload_config(self) -> None:
        """SIGHUP: takes over every setting that can change while the server runs."""
        if self._reload is not None:
            self._guarded(None, "reload", self._take_over, self._reload)

    def _take_over(self, reload: Callable[[], Config]) -> None:
        try:
            config = reload()
        except SettingsError as problem:
            log.error("settings not reloaded", reason=str(problem))
            return
        for name in ("listen", "data", "memory", "durability"):
            if getattr(config, name) != getattr(self._config, name):
                log.warning("takes effect only when the server is started again", setting=name)
        self._config = config
        self._transaction.add(0, None, self._chat.set_rules(Rules.of(config, __version__), _now()))
        self._acceptor.reconfigure(config.limits)
        self._acceptor.dialects = self._dialects(config)
        self._slow_clients.limits = self._ingress.limits = config.limits
        for client in self._peers.values():
            self._limit_output(client.connection)
        log.set_up(config.log_level, config.log_format)
        log.info("settings reloaded")

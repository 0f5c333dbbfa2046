"""The acceptor: listeners by their URLs, and for each connection its dialect, or a refusal."""

from __future__ import annotations

import os
import socket
from collections import Counter
from collections.abc import Callable, Mapping
from functools import partial

from evchat import log
from evchat.dialects.base import Dialect
from evchat.dialects.detect import (
    HTTP,
    IRC,
    IRC_OVER_TLS,
    IRC_WITH_CERTIFICATES,
    METRICS,
    PLAIN_IRC,
    Detector,
)
from evchat.dialects.json.dialect import JsonDialect
from evchat.dialects.unframed.dialect import UnframedDialect
from evchat.net import systemd
from evchat.net.layer import Layer
from evchat.net.listener import Listener, ListenError, adopt, listen_tcp, listen_unix
from evchat.net.loop import Loop
from evchat.net.peer_credentials import own_uid, peer_uid
from evchat.net.sockets import NO_DELAY, Options, keepalive_options
from evchat.protocol.basics import HungUp
from evchat.server import wall_clock
from evchat.server.allowances import Allowances
from evchat.server.connection_limits import ConnectionLimits, site
from evchat.server.openings import Openings
from evchat.settings.address import LISTEN_SCHEMES, SYSTEMD, TLS_SCHEMES, Address, parse_listen
from evchat.settings.model import Limits

Dialects = Mapping[str, Callable[[], Dialect]]
"""The constructor of a new client's dialect, by the scheme of an address that has only one."""

TOO_OFTEN = "too-many-connections", "Your address connects too often. Try again in a minute."
"""Why a connection is refused, as a code and a sentence."""

_QUIET = 60.0
"""Seconds between two log lines about connections refused for one reason."""


def make_dialect(
    dialects: Dialects, scheme: str, *, proxied: bool = False, certificates: bool = False
) -> Dialect:
    """The dialect of a new connection to an address with this scheme, which a trusted proxy may have made. Its client
    may be asked for a certificate.
    """
    irc = IRC_OVER_TLS if scheme in TLS_SCHEMES else IRC if proxied else PLAIN_IRC
    scheme = TLS_SCHEMES.get(scheme, scheme)
    only = scheme if scheme in dialects else ""
    if only:
        dialect = dialects[only]()
        if isinstance(dialect, UnframedDialect):
            return dialect  # what it hears first is a name, of which the detector would wait for the end
    return Detector(dialects, only=only, proxied=proxied, irc=IRC_WITH_CERTIFICATES if certificates else irc)


class Acceptor:
    """Listens, and hands every connection that the limits allow to `accepted`: its address, its dialect, how many
    seconds it waits for its turn, and the layer that it begins with, if any. A second connection of a client that has
    one goes to `accepted_second`."""

    def __init__(
        self,
        loop: Loop,
        limits: Limits,
        dialects: Dialects,
        allowances: Allowances,
        openings: Openings,
        accepted: Callable[[socket.socket, str, Dialect, float, Layer | None], None],
        accepted_second: Callable[[socket.socket, str], None],
    ) -> None:
        self._loop = loop
        self._dialects = dict(dialects)
        self._accepted = accepted
        self._accepted_second = accepted_second
        self._allowances = allowances
        self._openings = openings
        self._connection_limits = ConnectionLimits(
            limits.max_clients, limits.max_per_ip, limits.max_http_per_ip
        )
        self._options = _options(limits)
        """Of the sockets of clients that connect over TCP."""
        self._listeners: list[Listener] = []
        self._refused: dict[str, tuple[float, int]] = {}
        """By reason: when a refusal was last logged, and how many were not since."""
        self.refused: Counter[str] = Counter()
        """How many connections were refused, by code."""

    def open(self, url: str, only: str = "") -> list[str]:
        """Listens on what `url` names; returns the real URLs. Raises OSError.

        Only the dialect `only` is spoken there, which is one of HTTP; else what the URL's scheme says.
        """
        listen = parse_listen(url)
        scheme = only or listen.scheme
        if scheme == SYSTEMD:
            return [self._adopt(name, sock) for name, sock in systemd.take_sockets(os.environ)]
        self._check_scheme(scheme)
        accept = partial(self._accept, scheme, certificates=listen.certificates)
        if scheme == "unix":
            listeners = [listen_unix(self._loop, listen.path, accept, self._exhausted)]
        else:
            listeners = listen_tcp(self._loop, listen.host, listen.port, accept, self._exhausted)
        try:
            chat = self._open_second(listen)
        except OSError:
            for listener in listeners:
                listener.close()
            raise
        self._keep(*listeners)
        query = "?certificates=1" if listen.certificates else chat
        return [f"{listen.scheme}://{listener.where}{query}" for listener in listeners]

    def _check_scheme(self, scheme: str) -> None:
        """Raises ListenError if what an address of this scheme needs is not there."""
        if TLS_SCHEMES.get(scheme, scheme) == HTTP and HTTP not in self._dialects:
            raise ListenError(f"{scheme}:// needs the setting web, and libraries: pip install 'evchat[web]'")

    def _adopt(self, name: str, sock: socket.socket) -> str:
        """Accepts from a socket that systemd has opened; its name may be a scheme. Returns its URL."""
        is_unix = sock.family not in (socket.AF_INET, socket.AF_INET6)
        usual = "unix" if is_unix else "tcp"
        scheme = name if name in LISTEN_SCHEMES and name not in ("unix", "wholast") else usual
        self._check_scheme(scheme)
        if scheme in TLS_SCHEMES and not self._openings.can_encrypt:
            raise ListenError(f"The socket {name} needs a certificate: tls_cert.")
        listener = adopt(self._loop, sock, partial(self._accept, scheme), self._exhausted)
        self._keep(listener)
        return f"{usual if is_unix else scheme}://{listener.where}"

    def _open_second(self, listen: Address) -> str:
        """Listens on the second port of an address, if it has one; returns the part of its URL."""
        if listen.chat_port < 0:
            return ""
        listeners = listen_tcp(
            self._loop, listen.host, listen.chat_port, self._accepted_second, self._exhausted
        )
        self._keep(*listeners)
        return f"?chat={listeners[0].where.rpartition(':')[2]}"

    def _keep(self, *listeners: Listener) -> None:
        self._listeners += listeners
        for listener in listeners:
            listener.set_options(self._options)

    def open_for_administrators(
        self, path: str, administer: Callable[[socket.socket, str, Dialect, str], None]
    ) -> None:
        """Listens at `path` for programs of the server's own user, and of root. They speak JSON.

        `administer` gets each: its address, its dialect, and the name under which it acts. Raises OSError.
        """
        own = own_uid()

        def accept(sock: socket.socket, address: str) -> None:
            uid = peer_uid(sock)
            if uid is None or uid not in (0, own):
                log.warning("refused", address=path, code="not-allowed", uid=uid)
                sock.close()
                return
            # Those who are needed when the server is full are let in all the same.
            self._connection_limits.add(address)
            administer(sock, address, self._dialects["json"](), f"uid:{uid}")

        self._listeners.append(listen_unix(self._loop, path, accept, self._exhausted, mode=0o600))

    def reconfigure(self, limits: Limits, dialects: Dialects) -> None:
        """Takes new settings over; they hold for connections to come."""
        self._dialects.update(dialects)  # in its place: clients who have not said a word hold it, too
        self._connection_limits.max_clients = limits.max_clients
        self._connection_limits.max_per_ip = limits.max_per_ip
        self._connection_limits.max_visits = limits.max_http_per_ip
        self._options = _options(limits)
        for listener in self._listeners:
            listener.set_options(self._options)

    def close(self) -> None:
        """Accepts nothing more."""
        for listener in self._listeners:
            listener.close()
        self._listeners.clear()

    def gone(self, address: str, *, visiting: bool = False) -> None:
        """A connection from `address` is closed, one that fetched files or not, so there is room again."""
        self._connection_limits.remove(address, visiting=visiting)
        for listener in self._listeners:
            listener.resume()

    def visit(self, address: str) -> tuple[str, str] | None:
        """A connection fetches files. Returns why it can't be taken, as a code and a sentence, if so."""
        return self._connection_limits.visit(address, shared=self._is_shared(address))

    def stay(self, address: str) -> tuple[str, str] | None:
        """A connection that has fetched files stays to chat. Returns as `visit`."""
        return self._connection_limits.stay(address, shared=self._is_shared(address))

    def move(self, old: str, new: str) -> None:
        """A connection that fetches files comes from another address than it seemed to."""
        self._connection_limits.move(old, new)

    def introduce(self, old: str, new: str) -> tuple[str, str] | None:
        """A connection that has said nothing yet comes from another address. Returns why it can't be taken, if so."""
        return self._connection_limits.introduce(old, new, shared=self._is_shared(new))

    def _is_shared(self, address: str) -> bool:
        return self._allowances.is_shared(site(address) or address)

    def _accept(self, scheme: str, sock: socket.socket, address: str, *, certificates: bool = False) -> None:
        host = site(address) or address
        refusal = self._connection_limits.refuse(address, shared=self._allowances.is_shared(host))
        if refusal is None:
            delay = self._allowances.connect(host, self._loop.time())
            if delay is not None:
                self._connection_limits.add(address)
                proxied = self._allowances.is_proxy(host)
                layer = self._openings.layer(scheme, proxied=proxied, certificates=certificates)
                dialect = self._make_dialect(scheme, proxied=proxied, certificates=certificates)
                self._accepted(sock, address, dialect, delay, layer)
                return
            refusal = TOO_OFTEN
        code, reason = refusal
        self.refused[code] += 1
        self._log_refusal(address, code)
        if scheme in TLS_SCHEMES:
            sock.close()  # a handshake would cost more than the words are worth
            return
        # The client's dialect is not known yet: a JSON object is what most can display.
        speaker = self._dialects.get(scheme, JsonDialect)()
        try:
            sock.setblocking(False)
            words = speaker.encode(HungUp(wall_clock.now(), code, reason))
            sock.send(words.splitlines()[-1] if isinstance(speaker, UnframedDialect) else words)
            sock.shutdown(socket.SHUT_WR)
        except OSError:
            pass  # the client has gone already
        sock.close()

    def _make_dialect(self, scheme: str, *, proxied: bool, certificates: bool) -> Dialect:
        if scheme == METRICS:
            return Detector({HTTP: self._dialects[METRICS]}, only=HTTP)
        return make_dialect(self._dialects, scheme, proxied=proxied, certificates=certificates)

    def _log_refusal(self, address: str, code: str) -> None:
        """One line a minute for each reason: clients that are refused try again, and a log must not fill the disk."""
        now = self._loop.time()
        since, count = self._refused.get(code, (-_QUIET, 0))
        if now - since < _QUIET:
            self._refused[code] = (since, count + 1)
            return
        self._refused[code] = (now, 0)
        log.warning("refused", address=address, code=code, unlogged_before=count)

    def _exhausted(self, error: OSError) -> None:
        log.error("out of descriptors: no new connections until one is free", reason=str(error))


def _options(limits: Limits) -> Options:
    alive = keepalive_options(
        limits.keepalive_idle, limits.keepalive_interval, limits.keepalive_count, limits.user_timeout
    )
    return (*NO_DELAY, *alive)

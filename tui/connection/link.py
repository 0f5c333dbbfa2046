"""The link to the server: dialled, read and written without blocking, and made again when it is lost."""

from __future__ import annotations

import errno
import socket
import sys
import time

from evchat.net.connection import Connection
from evchat.net.dialer import PATIENCE, Dialer
from evchat.net.hooks import Hooks
from evchat.settings.client import MAX_UNSENT_BYTES
from tui.connection import network
from tui.connection.backoff import Backoff
from tui.model.session_events import OFFLINE, ONLINE, REFUSED, State

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from evchat.net.loop import Loop, Timer
    from evchat.net.tls import Tls
    from evchat.settings.address import Address
    from tui.connection.session import Session
    from tui.connection.trust import Trust
    from tui.model.server_events import ServerEvent


_BREATHER = 1.0
"""Seconds at least between two attempts, if it is the network that hurries."""

_NO_SUCH_NAME = {
    getattr(socket, name) for name in ("EAI_NONAME", "EAI_NODATA", "EAI_ADDRFAMILY") if hasattr(socket, name)
}
"""What a look-up answers if the name exists nowhere, and not only because there is no network."""

_CLOSE_ENOUGH = 0.05
"""Seconds that a timer may be off before it is set again."""


class ServerLink:
    """Keeps a session connected to a server, in a loop. `poll` is to be called at the end of every pass of it.

    With `trust` it speaks TLS, and judges by it who the server is. `wall` is seconds since the epoch, `network` a
    socket that tells when the network has changed, so that the next attempt need not wait for its time.
    """

    def __init__(
        self,
        loop: Loop,
        address: Address,
        session: Session,
        *,
        trust: Trust | None = None,
        backoff: Backoff | None = None,
        wall: Callable[[], float] = time.time,
        network: Callable[[], socket.socket | None] = network.watch,
    ) -> None:
        self.address = address
        self.unknown_host = ""
        """Says that nobody has the host's name, as long as no attempt went differently."""
        self._loop = loop
        self._session = session
        self._trust = trust
        self._tls: Tls | None = None
        """The layer of a connection, until the server is known to be the right one."""
        self._backoff = backoff or Backoff()
        self._wall = wall
        self._dialer: Dialer | None = None
        self._connection: Connection | None = None
        self._ended = ""
        """Why the connection is of no use any more, once that is so."""
        self._patience: Timer | None = None
        self._retry: Timer | None = None
        self._due: Timer | None = None
        """Lets the loop wake when the session wants to be polled."""
        self._tried_at = -_BREATHER
        self._hear_network = network
        self._network: socket.socket | None = None
        self._news: list[ServerEvent] = []

    @property
    def owes(self) -> bool:
        """Whether something of what was sent is still with us."""
        return bool(self._session.out or (self._connection is not None and self._connection.queue))

    def now(self) -> int:
        """Milliseconds since the epoch, as the session counts."""
        return int(self._wall() * 1000)

    def open(self) -> None:
        """Connects, unless it is connected or connecting."""
        if self._connection is not None or self._dialer is not None:
            return
        self._stop_retrying()
        if self._trust is not None:
            self._trust.begin()
        self._dial()

    def _dial(self) -> None:
        self._tried_at = self._loop.time()
        self._session.connecting(self.now())
        address = self.address
        if address.path and sys.platform == "win32":
            self._wait("Python has no UNIX sockets on this system. Use a host and a port.")
            return
        self._dialer = Dialer(self._loop, self._connected, self._failed)
        if address.path and sys.platform != "win32":
            self._dialer.dial([(socket.AF_UNIX, address.path)])
        elif address.numbers:
            self._dialer.dial([
                (socket.AF_INET6 if ":" in number else socket.AF_INET, (number, address.port))
                for number in address.numbers
            ])  # fmt: skip
        else:
            self._dialer.look_up(address.host, address.port)

    reconnect_now = open

    def accept(self, fingerprint: str) -> str:
        """The user takes the certificate with this fingerprint for the server's: connects. Returns what went wrong."""
        assert self._trust is not None
        problem = self._trust.accept(fingerprint)
        self._session.login(self._session.user, self._session.password, self.now())
        self.open()
        return problem

    def reconnect(self) -> None:
        """Connects anew, also if the connection stands."""
        if self._connection is not None:
            self._drop()
            self._session.lost(self.now(), "You asked to reconnect.")
        self.open()

    def poll(self) -> list[ServerEvent]:
        """Does what is due, sends what is to be sent, and returns what the screen should know since the last time."""
        session = self._session
        if self._tls is not None:
            self._judge(self._tls)
        if self._ended:
            self._lost(self._ended)
        is_idle = self._connection is None and self._dialer is None and self._retry is None
        if is_idle and session.state == OFFLINE:
            self.open()
        news = session.poll(self.now())
        if session.broken:
            self._lost("")
            news += session.poll(self.now())
        if self._connection is not None and not self._flush(self._connection):
            news += session.poll(self.now())
        self._set_timer()
        news, self._news = self._news + news, []
        return news

    def close(self) -> None:
        """Lets go of everything, at once."""
        if self._dialer is not None:
            self._dialer.cancel()
            self._dialer = None
        self._drop()
        self._stop_retrying()
        if self._due is not None:
            self._due.cancel()

    def _set_timer(self) -> None:
        deadline = self._session.deadline
        if deadline is None:
            if self._due is not None:
                self._due.cancel()
            return
        # A millisecond more, as whole ones are compared, and the loop would wake a part of one too early.
        when = self._loop.time() + max(deadline - self.now() + 1, 0) / 1000
        if self._due is not None and self._due.callback is not None:
            if abs(self._due.when - when) < _CLOSE_ENOUGH:
                return
            self._due.cancel()
        self._due = self._loop.call_at(when, _wake)

    # ---- the connection ---------------------------------------------------------------------------------------

    def _connected(self, sock: socket.socket) -> None:
        self._dialer = None
        self.unknown_host = ""
        self._connection = Connection(self._loop, sock, _HOOKS, self)
        if self._trust is None:
            self._session.connected(self.now())
        else:
            self._tls = self._connection.layer = self._trust.layer()
            self._patience = self._loop.call_later(PATIENCE, self._out_of_patience)

    def _out_of_patience(self) -> None:
        self._ended = f"{self.address} does not answer. Does it speak TLS?"

    def _judge(self, tls: Tls) -> None:
        """Looks who the server is, once the handshake has told."""
        assert self._trust is not None
        if tls.distrust:
            self._trust.distrusted(tls.distrust)
            self._dial_again()
        elif tls.ready:
            verdict = self._trust.judge(tls)
            if verdict == "again":
                self._dial_again()
            elif isinstance(verdict, State):
                self._session.refuse(verdict)
                self._lost("")
            else:
                self._end_handshake()
                self._session.connected(self.now())

    def _dial_again(self) -> None:
        if self._connection is not None:
            self._connection.flush()  # the alert that says why
        self._drop()
        self._dial()

    def _end_handshake(self) -> None:
        self._tls = None
        if self._patience is not None:
            self._patience.cancel()
            self._patience = None

    def _failed(self, error: Exception) -> None:
        self._dialer = None
        if isinstance(error, UnicodeError) or (
            isinstance(error, socket.gaierror) and error.errno in _NO_SUCH_NAME
        ):
            self.unknown_host = _explain(error, self.address)
        self._wait(_explain(error, self.address))

    def _received(self, data: bytes) -> None:
        if self._tls is not None:
            self._judge(self._tls)  # it may have said something with the last bytes of the handshake
        if self._tls is None and self._connection is not None:
            self._news += self._session.receive(data, self.now())

    def _end_of_input(self) -> None:
        self._ended = "The server closed the connection."

    def _closing(self) -> None:
        if self._connection is not None:
            self._ended = self._explain_end(self._connection)

    def _explain_end(self, connection: Connection) -> str:
        if self._tls is not None and connection.finishing:
            return f"{self.address}: {connection.reason}"  # whatever became of the socket after that
        return _explain(connection.error, self.address) if connection.error else connection.reason

    def _flush(self, connection: Connection) -> bool:
        """Sends what is to be sent; False if that has ended the connection."""
        connection.queue += self._session.out
        self._session.out.clear()
        connection.flush()
        if connection.closing:
            self._lost(self._explain_end(connection))
        elif connection.pending_output > MAX_UNSENT_BYTES:
            self._lost("The server sends requests but does not read the answers.")
        else:
            return True
        return False

    def _drop(self) -> None:
        self._ended = ""
        self._end_handshake()
        if self._connection is not None:
            self._connection.close()
            self._connection = None

    def _lost(self, reason: str) -> None:
        self._drop()
        if self._session.state == ONLINE:
            self._backoff.reset()
        self._wait(reason)

    # ---- until the next attempt -------------------------------------------------------------------------------

    def _wait(self, reason: str) -> None:
        """Until the next attempt. A server that has refused us is not asked again before the user does something."""
        if self._session.state == REFUSED:
            self._session.lost(self.now(), reason)
            return
        if self._network is None:
            self._network = self._hear_network()
            if self._network is not None:
                self._loop.register(self._network, self._network_changed, None)
        wait = self._backoff.next()
        self._retry = self._loop.call_later(wait, self.open)
        self._session.lost(self.now(), reason, self.now() + int(wait * 1000))

    def _network_changed(self) -> None:
        """Whatever was in the way may be gone. Changes come in bursts, so one attempt a second is enough."""
        assert self._network is not None
        network.drain(self._network)
        if self._retry is not None:
            when = min(self._retry.when, max(self._loop.time(), self._tried_at + _BREATHER))
            self._retry.cancel()
            self._retry = self._loop.call_at(when, self.open)

    def _stop_retrying(self) -> None:
        if self._retry is not None:
            self._retry.cancel()
            self._retry = None
        if self._network is not None:
            self._loop.unregister(self._network)
            self._network.close()
            self._network = None


def _wake(_link: object = None) -> None:
    """Nothing but an end of the loop's sleep."""


_HOOKS = Hooks(ServerLink._received, ServerLink._end_of_input, _wake, ServerLink._closing)
"""A link flushes at the end of every pass anyway."""


def _explain(error: Exception, address: Address) -> str:
    """What went wrong, for the user."""
    if isinstance(error, socket.gaierror | UnicodeError):
        return f"The host {address.host} was not found."
    number = error.errno if isinstance(error, OSError) else None
    if number in (errno.ECONNREFUSED, errno.ENOENT):
        return f"No server is running at {address}."
    if number in (errno.ECONNRESET, errno.EPIPE, errno.ECONNABORTED):
        return "The connection was broken."
    if number in (errno.ENETUNREACH, errno.EHOSTUNREACH, errno.ENETDOWN):
        return f"{address} can't be reached. Are you online?"
    if number == errno.ETIMEDOUT:
        return f"{address} does not answer."
    return f"{address}: {getattr(error, 'strerror', None) or error}."

"""A non-blocking stream socket with its output queue, its input, and an orderly end.

Output is gathered in `queue` and leaves only in `flush`, which the owner calls before the loop sleeps.
Closing is in two steps as well: `abort` and `finish` are marks, and only `close`, called by the owner before
the loop sleeps, closes the socket. So nothing changes under the feet of whoever iterates over connections,
and callbacks come from the loop only, never out of a method that the owner has called.
"""

from __future__ import annotations

import socket
from contextlib import suppress

from evchat.net.hooks import USUAL, Hooks, OutputLimits
from evchat.net.layer import LayerError
from evchat.net.loop import Loop, Timer
from evchat.net.output import Output
from evchat.net.sockets import peer_names, reset_at_close

TYPE_CHECKING = False  # `typing` is slow to import, and the client must start fast
if TYPE_CHECKING:
    from typing import Any

    from evchat.net.turns import Turns

_MOST_READ = 64 * 1024
"""Bytes of one read. One read a pass keeps a flooding peer from holding the others up."""
_MOST_DISCARDED = 1024 * 1024
"""Bytes of input thrown away while a connection finishes."""
_ALERT_LINGER = 1.0
"""Seconds that a peer that has broken the layer's rules has for reading what was wrong."""


class Connection(Output):
    """A connected socket in a loop, known by `address` (an IP address, or "unix") and `name` (with the port).

    It calls `hooks` with its `owner`, which is itself if nobody else is given. `limits` may be replaced at any time;
    they are explained at what judges by them. The socket's options are for whoever has made it.
    """

    __slots__ = ("_closed", "_discarded", "_held", "_linger", "_resets", "eof", "error", "paused", "reason")

    def __init__(
        self, loop: Loop, sock: socket.socket, hooks: Hooks, owner: Any = None, limits: OutputLimits = USUAL
    ) -> None:
        super().__init__(loop, sock, hooks, owner, limits)
        self.reason = ""
        """Why the connection ends, once that is so: the first reason given."""
        self.error: OSError | None = None
        """The system's error, if one ended the connection."""
        self.eof = False
        """The peer has closed its sending side."""
        self.paused = False
        """Whether nothing is read until `resume_reading`."""
        self._held: bytes | None = None
        """Bytes that were read and wait until the layer may work; nothing more is read meanwhile."""
        self._discarded = 0
        self._linger: Timer | None = None
        self._resets = False
        self._closed = False

        sock.setblocking(False)
        loop.add(sock.fileno(), self)

    @property
    def address(self) -> str:
        """The peer's IP address, "unix", or "unknown" if it is gone."""
        return peer_names(self._sock)[0]

    @property
    def name(self) -> str:
        """The address and the port."""
        return peer_names(self._sock)[1]

    def __repr__(self) -> str:
        """For logs and debuggers."""
        return f"<Connection {self.name}>"

    # ---- reading -----------------------------------------------------------------------------------------

    def pause_reading(self) -> None:
        """Reads nothing until `resume_reading`, so that in the end the peer can't send any more."""
        if not self.paused:
            self.paused = True
            self._watch()

    def resume_reading(self) -> None:
        """Undoes `pause_reading`."""
        if self.paused:
            self.paused = False
            self._watch()

    def readable(self) -> None:
        """Reads once."""
        try:
            data = self._sock.recv(_MOST_READ)
        except (BlockingIOError, InterruptedError):
            return
        except OSError as error:
            self._fail(error)
            return
        if self.closing:
            return
        if data:
            if self.finishing:
                self._discard(data)
            elif self._layer is None:
                self._hooks.on_data(self.owner, data)
            else:
                self._receive_through_layer(data)
            return
        if self._layer is not None and not self.finishing and (rest := self._layer.end()):
            self._hooks.on_data(self.owner, rest)
        self._input_ended()

    def _input_ended(self) -> None:
        self.eof = True
        self._watch()
        if self.finishing:
            self._finish_if_flushed()
        else:
            self._hooks.on_eof(self.owner)

    def _watch(self) -> None:
        """Tells the loop what to wait for."""
        if not self.closing:
            reading = not self.paused and not self.eof and self._held is None
            if self.finishing:
                reading = not self.eof and self._discarded <= _MOST_DISCARDED
            self._loop.set_interest(self, reading, self._blocked)

    # ---- through the layer -------------------------------------------------------------------------------

    @property
    def cut_short(self) -> bool:
        """Whether the input has ended as anybody on the way could end it: what is not complete means nothing."""
        return self.eof and self._layer is not None and not self._layer.ended

    def go_on(self) -> None:
        """It is this connection's turn: its layer does what it has waited with."""
        data, self._held = self._held, None
        if data is not None and not self.closing and not self.finishing:
            self._watch()
            self._receive_through_layer(data, in_turn=True)

    def _hold(self, turns: Turns, data: bytes) -> None:
        self._held = data
        self._watch()
        turns.wait(self)

    def _receive_through_layer(self, data: bytes, *, in_turn: bool = False) -> None:
        turns = self._hooks.turns
        while (layer := self._layer) is not None:
            if layer.heavy and turns is not None and not in_turn and not turns.are_free():
                self._hold(turns, data)
                return
            try:
                data = layer.receive(data)
                while turns is None and layer.unfinished:
                    data += layer.receive(b"")
            except LayerError as error:
                self._send_of_layer(layer.outgoing())
                self.finish(str(error), _ALERT_LINGER)
                return
            self._send_of_layer(layer.outgoing())
            if turns is not None:
                turns.worked(layer.work)
                if layer.unfinished:
                    self._hold(turns, b"")
            if not layer.over:
                break
            self.layer = layer.successor
            if self._hooks.on_opened is not None:
                self._hooks.on_opened(self.owner, layer)
        if data and not self.closing and not self.finishing:
            self._hooks.on_data(self.owner, data)
        if layer is not None and not self.closing:
            if self.queue:
                self._ask_for_flush()  # what has waited for the handshake
            if layer.ended and not self.eof:
                self._input_ended()

    # ---- the end -----------------------------------------------------------------------------------------

    def abort(self, reason: str) -> None:
        """Ends the connection now; pending output is dropped. `on_closing` follows before the loop sleeps."""
        if self.closing:
            return
        self.closing = True
        self.reason = self.reason or reason
        self._plain = False
        self.queue.clear()
        self.pending_output = self._counted = self._taken = 0
        self._over_soft_since = None
        self._stop_pace_timer()
        if self._linger is not None:
            self._linger.cancel()
            self._linger = None
        self._loop.call_soon(self._announce)

    def _announce(self) -> None:
        if not self._closed:
            self._hooks.on_closing(self.owner)

    def _fail(self, error: OSError) -> None:
        # Without its traceback, whose frames hold this connection: such a circle stays until the collector comes, which
        # is rare, and with it all that the connection had.
        self.error = self.error or error.with_traceback(None)
        self.abort(f"{error.strerror or error}.")

    def finish(self, reason: str, linger: float, *, reset: bool = False) -> None:
        """Ends the connection when the queue has been sent, or after `linger` seconds at the latest.

        The sending side is closed first, and input is read and thrown away until the peer closes too: a
        socket closed with unread input makes the kernel send a reset, which may destroy our last bytes in the
        peer's hands (RFC 1122, 4.2.2.13; web servers call it a lingering close). `on_closing` follows at the
        end.

        With `reset`, a peer that has got everything and has not closed by then is sent a reset, which ends programs
        that wait for their user after the end of our side, such as OpenBSD's netcat.
        """
        if self.finishing or self.closing:
            return
        self._resets = reset
        self.finishing = True
        self.reason = reason
        self._plain = False
        self._linger = self._loop.call_later(linger, self._linger_over)
        self._watch()
        self._loop.call_soon(self._ask_for_flush)

    def _discard(self, data: bytes) -> None:
        self._discarded += len(data)
        if self._discarded > _MOST_DISCARDED:
            self._watch()
            self._finish_if_flushed()

    def _shut_down(self) -> None:
        if not self._shut:
            self._shut = True
            try:
                self._sock.shutdown(socket.SHUT_WR)
            except OSError as error:
                self._fail(error)
        self._finish_if_flushed()

    def _finish_if_flushed(self) -> None:
        if self._shut and (self.eof or self._discarded > _MOST_DISCARDED):
            self.abort(self.reason)

    def _linger_over(self) -> None:
        self._linger = None
        if self._resets and self._shut and not self.eof:
            reset_at_close(self._sock)
        self.abort(self.reason)

    def close(self) -> None:
        """Closes the socket. For the owner's before-sleep step; `on_closing` isn't called any more."""
        if self._closed:
            return
        self.abort("Closed.")
        self._closed = True
        if self.finishing and not self.eof:
            with suppress(OSError):
                self._sock.recv(_MOST_READ)  # see `finish`: this may be all that lies unread
        self._loop.remove(self)
        self._sock.close()
        self.owner = None  # mostly it holds us: the cycle is broken

"""The interface between the server and a dialect."""

from __future__ import annotations

from collections.abc import Hashable, Sequence
from typing import Protocol

from evchat.protocol.base import Event, Request, Traits
from evchat.protocol.value import value
from evchat.settings.model import Config


@value
class Emit:
    """Bytes that the dialect itself writes to its client: a handshake, a page. They leave in their turn."""

    traits = Traits(cost=0.1, shared=False)

    frame: bytes


@value
class Close:
    """The dialect itself ends the connection, once everything before has been sent. Others are told the reason.

    If the client has `lost` it without taking leave, as one does that just closes it, it may come back.
    """

    traits = Traits(cost=0.1, shared=False)

    reason: str
    lost: bool = False


@value
class Moved:
    """A proxy that is trusted has said from which address its client comes. Only from one that fetches files."""

    traits = Traits(cost=0.1, shared=False)

    address: str


@value
class Upgraded:
    """A client that fetched files will chat from now on, and has been told so. `address` is as in `Moved`, or empty."""

    traits = Traits(cost=0.1, shared=False)

    address: str


@value
class Pair:
    """The client, now logged in, opens a second connection, which does not say whose it is: what follows waits until
    no other client of its address is expected to do so. Means nothing if the login failed.
    """

    traits = Traits(cost=0.1, shared=False)


Action = Request | Emit | Close | Moved | Upgraded | Pair
"""The meaning of some bytes: something for the core, or something that the dialect does by itself, without it."""


class Dialect(Protocol):
    """One client's way of speaking.

    Never raises, whatever the bytes, and holds no more of them than its longest frame. After a fatal `Malformed`, or a
    `Close`, it ignores all further bytes.
    """

    @property
    def name(self) -> str:
        """The name under which the log speaks of it."""

    @property
    def variant(self) -> Hashable:
        """Dialects of an equal variant write equal bytes for an event."""

    @property
    def paced(self) -> bool:
        """Whether every line must leave in a segment of its own."""

    @property
    def pings(self) -> bool:
        """Whether the client can be asked for a sign of life."""

    @property
    def visits(self) -> bool:
        """Whether its client fetches files and never logs in; what strangers may do before a login is not for it."""

    @property
    def successor(self) -> Dialect | None:
        """The dialect that speaks from now on, once this one has handed the connection over; None until then.

        What it had not consumed of the bytes, its successor has got, and the requests these made were returned.
        """

    @property
    def context(self) -> bool:
        """Whether it wants to be told with `RequestContext` which request the answers that follow are for."""

    @property
    def acknowledges(self) -> bool:
        """Whether its client is told that a message was accepted, also where there is nothing more to tell of it."""

    def greet(self) -> Sequence[Action]:
        """The actions at the start of a connection, before any byte has arrived, where only this dialect is spoken."""

    def receive(self, data: bytes) -> Sequence[Action]:
        """The actions that these bytes complete, in order. The same bytes in any chunking mean the same, except to the
        dialects in `unframed`, whose clients end no line.
        """

    def end(self) -> Sequence[Action]:
        """The actions that the bytes left over mean, now that the client sends nothing more."""

    def encode(self, event: Event) -> bytes:
        """The event's frame, the same for all of this variant; empty if this dialect says nothing about it."""

    def answer(self, event: Event) -> bytes:
        """The frame of an event that is told to this one client alone. May change the variant."""

    def farewell(self, *, stopping: bool = False) -> bytes:
        """The last bytes of a connection that is closed in order, where the protocol has such; to be asked for once.

        `stopping` says that it is closed because the server goes down.
        """

    def reconfigure(self, config: Config) -> bytes:
        """Takes new settings over, but for those that the client was told and builds on; what it is told of them."""

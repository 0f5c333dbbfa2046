"""What may lie between a connection and its owner: a layer that turns the bytes of the wire into the owner's and back.

Layers do no I/O: the connection passes them the bytes it has read, and sends what they return.
"""

from __future__ import annotations

TYPE_CHECKING = False  # `typing` is slow to import, and the client must start fast
if TYPE_CHECKING:
    from typing import Protocol
else:
    Protocol = object


class LayerError(Exception):
    """The peer has broken the rules of a layer; the text is a sentence for the log. The layer is of no use any more."""


class Layer(Protocol):
    """The layer of one connection."""

    @property
    def ready(self) -> bool:
        """Whether `seal` may be called: a handshake, if there is one, is complete."""

    @property
    def ended(self) -> bool:
        """Whether the peer has said, in a way nobody could forge, that it sends nothing more."""

    @property
    def over(self) -> bool:
        """Whether the layer has done its work: `successor` takes its place, and gets what `receive` returned last."""

    @property
    def successor(self) -> Layer | None:
        """The layer that follows, if any."""

    @property
    def heavy(self) -> bool:
        """Whether what it does takes long enough to be shared out."""

    @property
    def work(self) -> int:
        """What the last `receive` has done, measured in records decrypted."""

    @property
    def unfinished(self) -> bool:
        """Whether the last `receive` has left off because it was enough for one turn; one of nothing goes on."""

    def receive(self, data: bytes) -> bytes:
        """What these bytes of the wire mean to the owner, perhaps nothing yet. Raises LayerError."""

    def end(self) -> bytes:
        """The owner's bytes that were held back, now that the wire has ended."""

    def outgoing(self) -> bytes:
        """What the layer itself has to say since the last call: handshakes, alerts."""

    def seal(self, pieces: list[bytes]) -> bytes:
        """The bytes of the wire for the owner's."""

    def seal_apart(self, pieces: list[bytes]) -> bytes:
        """The same, so that a read of the peer gets at most one frame: what ends in a newline."""

    def close(self) -> bytes:
        """The last bytes of a connection that ends in order; empty from the second call on."""

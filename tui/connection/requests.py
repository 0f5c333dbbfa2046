"""Requests on their way to the server: their frames, and what the session asks for on its own account."""

from __future__ import annotations

from evchat.dialects.json.client import encode_object
from evchat.settings.client import MAX_REQUEST_BYTES

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tui.connection.sequence import Sequence

    Request = dict[str, Any]


class Requests:
    """`out` are frames to be sent: the caller sends and removes them. `new_id` makes ids that nobody else has.

    `connected` says whether there is a connection to send them on; without one they are dropped. `own` are the requests
    of the session itself that are under way, by id: what each is for, and of which room.
    """

    def __init__(self, new_id: Callable[[], str]) -> None:
        self.out: list[bytes] = []
        self.connected = False
        self.max_bytes = MAX_REQUEST_BYTES
        self.own: dict[str, tuple[str, Sequence | None]] = {}
        self._new_id = new_id

    def send(self, request: Request) -> bool:
        """Puts a request out, with the keys of PROTOCOL.md; returns False, and does nothing, if it is too large."""
        frame = encode_object(request)
        if len(frame) > self.max_bytes:
            return False
        if self.connected:
            self.out.append(frame)
        return True

    def ask(self, what: str, request: Request, sequence: Sequence | None = None) -> str:
        """Puts out a request of the session itself; its answer is for `what`, and about the room of `sequence`.

        Returns its id.
        """
        id = self._new_id()
        self.own[id] = (what, sequence)
        self.send({**request, "id": id})
        return id

    def wait_for(self, kinds: tuple[str, ...]) -> bool:
        """Whether a request of the session itself has no answer yet that is of one of these kinds."""
        return any(kind in kinds for kind, _ in self.own.values())

    def lost(self) -> None:
        """The connection is gone: nothing that is under way is answered any more."""
        self.connected = False
        self.out.clear()
        self.own.clear()

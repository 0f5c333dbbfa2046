"""An outage: from when the connection is lost until one is back and has caught up."""

from __future__ import annotations

from evchat.protocol.names import user_key
from tui.model.server_events import Message
from tui.model.session_events import QUEUED, SENT, Back, LineSent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Iterable

    from tui.model.server_events import ServerEvent


class Outage:
    """Counts what an outage has held up. Times are milliseconds since the epoch."""

    def __init__(self) -> None:
        self._since: int | None = None
        self._ended: int | None = None
        self._answered = False
        self._waiting: set[str] = set()
        self._sent = self._missed = 0

    def begin(self, now: int) -> None:
        """The connection is lost. What was not told of the outage before is part of this one."""
        self._since = now if self._since is None else self._since
        self._ended = None
        self._answered = False

    def end(self, waiting: Iterable[str], now: int) -> None:
        """One is logged in again; lines with these ids are `waiting` to be sent."""
        if self._since is not None:
            self._ended = now
            self._waiting = set(waiting)

    def answered(self) -> None:
        """The server has told all that a login leads into by itself."""
        self._answered = self._ended is not None

    def saw(self, events: Iterable[ServerEvent], user: str) -> None:
        """Counts the `user`'s lines that have arrived, and what others have said meanwhile."""
        if self._ended is None:
            return
        for event in events:
            if isinstance(event, LineSent) and event.id in self._waiting:
                if event.state != QUEUED:
                    self._waiting.discard(event.id)
                self._sent += event.state == SENT
            elif isinstance(event, Message) and event.history:
                self._missed += user_key(event.sender) != user_key(user)

    def over(self, *, held_up: bool) -> Back | None:
        """The end of the outage, once, when everything is fetched and sent, or is `held_up` further."""
        if (
            not self._answered
            or self._since is None
            or self._ended is None
            or (self._waiting and not held_up)
        ):
            return None
        back = Back(max(self._ended - self._since, 0), self._sent, self._missed)
        self._since = self._ended = None
        self._sent = self._missed = 0
        self._answered = False
        return back

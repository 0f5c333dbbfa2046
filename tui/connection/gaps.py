"""What is missing in rooms: asked for, and asked for once more if the server could not read it."""

from __future__ import annotations

from evchat.settings.client import HISTORY_PAGE, RETRY_FIRST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.connection.requests import Requests
    from tui.connection.sequence import Stream


class Gaps:
    """Fills the gaps of rooms while one is `online`. `due` (ms) is when to call `retry`."""

    def __init__(self, requests: Requests) -> None:
        self.online = False
        self.due: int | None = None
        self._requests = requests
        self._unfilled: list[Stream] = []

    def fill(self, stream: Stream | None) -> None:
        """Asks for what is missing in a room, unless that is under way."""
        if stream is not None and not stream.filling and self.online:
            stream.filling = True
            request = {"request": "history", "to": stream.room, "after": stream.after, "limit": HISTORY_PAGE}
            self._requests.ask("history", request, stream)

    def put_off(self, stream: Stream, now: int) -> None:
        """The server can't read it at the moment."""
        self._unfilled.append(stream)
        self.due = now + RETRY_FIRST

    def retry(self) -> None:
        """Asks once more for what was put off."""
        self.due = None
        unfilled, self._unfilled = self._unfilled, []
        for stream in unfilled:
            stream.filling = False
            self.fill(stream)

    def lost(self) -> None:
        """The connection is gone; what is missing is asked for when one is back."""
        self._unfilled.clear()
        self.due = None

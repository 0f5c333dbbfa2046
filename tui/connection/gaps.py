"""Missing messages: requested once, and again later if the server could not read them."""

from __future__ import annotations

from evchat.settings.client import HISTORY_PAGE, RETRY_FIRST

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.connection.requests import Requests
    from tui.connection.sequence import Sequence


class Gaps:
    """Fills the gaps of rooms while `online`. `due` (ms) is when to call `retry`."""

    def __init__(self, requests: Requests) -> None:
        self.online = False
        self.due: int | None = None
        self._requests = requests
        self._unfilled: list[Sequence] = []

    def fill(self, sequence: Sequence | None) -> None:
        """Asks for what is missing in a room, unless that is under way."""
        if sequence is not None and not sequence.filling and self.online:
            sequence.filling = True
            request = {
                "request": "history",
                "to": sequence.room,
                "after": sequence.after,
                "limit": HISTORY_PAGE,
            }
            self._requests.ask("history", request, sequence)

    def put_off(self, sequence: Sequence, now: int) -> None:
        """The server can't read it at the moment."""
        self._unfilled.append(sequence)
        self.due = now + RETRY_FIRST

    def retry(self) -> None:
        """Asks once more for what was put off."""
        self.due = None
        unfilled, self._unfilled = self._unfilled, []
        for sequence in unfilled:
            sequence.filling = False
            self.fill(sequence)

    def lost(self) -> None:
        """The connection has ended; missing messages are requested after the reconnect."""
        self._unfilled.clear()
        self.due = None

"""Missing messages and changes: requested once, and again later if the server could not read them."""

from __future__ import annotations

from evchat.settings.client import HISTORY_PAGE, RETRY_FIRST
from tui.connection.sender import PASSING

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.connection.requests import Requests
    from tui.connection.router import Router
    from tui.connection.sequence import Sequence
    from tui.model.server_events import Answer


class Gaps:
    """Fills the gaps of rooms, and finds out what has changed, while `online`. `due` (ms) is when to call `retry`."""

    def __init__(self, requests: Requests, router: Router) -> None:
        self.online = False
        self.due: int | None = None
        self._requests = requests
        self._router = router
        self._unfilled: list[Sequence] = []
        self._unchecked: list[Sequence] = []

    def fill(self, sequence: Sequence | None) -> None:
        """Asks for what is missing in a room, unless that is under way."""
        if sequence is not None and not sequence.filling and self.online:
            sequence.filling = True
            self._ask("history", sequence, after=sequence.after)

    def check(self, sequence: Sequence | None) -> None:
        """Asks for what has changed in a room, unless that is under way."""
        if sequence is not None and not sequence.checking and self.online:
            sequence.checking = True
            self._ask("changes", sequence, changed_after=sequence.rev)

    def _ask(self, what: str, sequence: Sequence, **since: int) -> None:
        request = {"request": "history", "to": sequence.room, **since, "limit": HISTORY_PAGE}
        self._requests.ask(what, request, sequence)

    def answered(self, what: str, sequence: Sequence, answer: Answer, now: int) -> None:
        """Takes the answer to a request for the `history` or the `changes` of a room, and asks for more if need be."""
        if answer.code in PASSING:
            (self._unfilled if what == "history" else self._unchecked).append(sequence)
            self.due = now + RETRY_FIRST
        elif what == "history":
            self.fill(self._router.filled(sequence, answer))
        else:
            self.check(self._router.caught_up(sequence, answer))

    def retry(self) -> None:
        """Asks once more for what was put off."""
        self.due = None
        unfilled, self._unfilled = self._unfilled, []
        for sequence in unfilled:
            sequence.filling = False
            self.fill(sequence)
        unchecked, self._unchecked = self._unchecked, []
        for sequence in unchecked:
            sequence.checking = False
            self.check(sequence)

    def lost(self) -> None:
        """The connection has ended; missing messages are requested after the reconnect."""
        self._unfilled.clear()
        self._unchecked.clear()
        self.due = None

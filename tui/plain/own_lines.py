"""The user's own lines in the linear mode, on their way: said, sent, refused, or given up."""

from __future__ import annotations

from evchat.protocol.names import channel_key, is_channel, user_key
from evchat.protocol.text import harmless
from tui.model.session_events import FAILED, ONLINE, QUEUED
from tui.text.rows import counted, cut

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable

    from tui.connection.session import Session
    from tui.model.session_events import LineSent

_QUOTED = 200
"""Columns of a line that a complaint about it repeats."""


class OwnLines:
    """The lines that `session` has to send. `show` gets a line that is sent, with its room, time and whether it is an
    action, for a user who sees what others see; `note`, `complain` and `fail` get sentences.
    """

    def __init__(
        self,
        session: Session,
        show: Callable[[str, str, int | None, bool], None],
        note: Callable[[str], None],
        complain: Callable[[str], None],
        fail: Callable[[str], None],
    ) -> None:
        self._session = session
        self._show = show
        self._note = note
        self._complain = complain
        self._fail = fail
        self._said: dict[str, tuple[str, str, bool]] = {}

    @property
    def waiting(self) -> int:
        """How many are still to be sent."""
        return sum(line.state == QUEUED for line in self._session.pending())

    def say(self, room: str, text: str, now: int, *, action: bool = False) -> None:
        """Says something in a room, now or when possible."""
        self._said[self._session.say(room, text, now, action)] = (room, text, action)

    def sent(self, event: LineSent) -> None:
        """What has become of a line; one that was refused is shown, because nobody else will."""
        room, text, action = self._said.get(event.id, (event.room, "", False))
        if event.state == FAILED:
            self._fail(f"Not sent: {quoted(text)}: {event.reason}" if text else f"Not sent: {event.reason}")
            self._forget(event.id)
        elif event.state == QUEUED:
            self._complain(event.reason)
        else:
            self._said.pop(event.id, None)
            if text:
                self._show(room, text, event.at, action)
            if event.away is not None:
                self._note(f"{room} is away: {event.away}")
            elif event.kept:
                self._note(f"{room} is not online and will find it in the inbox.")

    def discard(self, room: str) -> None:
        """Gives up the lines for a room that can't be sent now, and says so."""
        if self._session.state == ONLINE:
            self._complain("Nothing was discarded: everything is sent, or on its way.")
            return
        waiting = self._session.pending()
        given_up = [line for line in waiting if _key(line.room) == _key(room)]
        for line in given_up:
            self._forget(line.id)
        if given_up:
            self._note(f"{counted(len(given_up), 'line')} to {room} discarded.")
        elif waiting:
            rooms = ", ".join(sorted({harmless(line.room) for line in waiting}))
            self._note(f"Nothing waits to be sent to {room}. Lines wait for {rooms}.")
        else:
            self._note("Nothing waits to be sent.")

    def left_over(self) -> str:
        """What to say of lines that are not sent at the end; empty if all are."""
        if not self.waiting:
            return ""
        lines, they = ("1 line is", "It") if self.waiting == 1 else (f"{self.waiting} lines are", "They")
        return f"{lines} not sent yet. {they} will be sent when you are here again as {self._session.user}."

    def _forget(self, id: str) -> None:
        self._session.drop(id)
        self._said.pop(id, None)


def _key(room: str) -> str:
    return channel_key(room) if is_channel(room) else user_key(room)


def quoted(text: str) -> str:
    """Enough of a line to know it by."""
    return cut(harmless(text), _QUOTED)

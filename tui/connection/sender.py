"""Delivery of the outbox: in order, under stable ids, until each line is acknowledged or refused."""

from __future__ import annotations

from evchat.protocol.names import EVERYONE
from evchat.settings.client import RECEIPT_AGE, RETRY_FIRST, RETRY_MAX, SEND_WINDOW
from tui.model.session_events import FAILED, QUEUED, SENT, LineSent

TYPE_CHECKING = False
if TYPE_CHECKING:
    from collections.abc import Callable
    from typing import Any

    from tui.connection.outbox import Outbox, OutboxEntry
    from tui.model.server_events import Answer

    Request = dict[str, Any]

PASSING = frozenset({"storage", "over-budget", "busy", "not-logged-in"})
"""Reasons of an error that go by themselves, so that the same request may succeed later."""


class Sender:
    """`send` puts a request out, and returns False if it is too large; `tell` is given what has become of each line."""

    def __init__(
        self, outbox: Outbox, send: Callable[[Request], bool], tell: Callable[[LineSent], None]
    ) -> None:
        self.due: int | None = None
        """When `pump` should be called, because lines wait that the server could not take."""
        self._outbox = outbox
        self._send = send
        self._tell = tell
        self._flying: set[str] = set()
        self._online = False
        self._wait = RETRY_FIRST

    def start(self, now: int) -> None:
        """One is logged in."""
        self._online = True
        self._wait = RETRY_FIRST
        self.pump(now)

    def stop(self) -> None:
        """One is not logged in any more: what was under way has to be sent again."""
        self._online = False
        self._flying.clear()
        self.due = None

    def say(self, room: str, text: str, now: int, *, action: bool = False, id: str = "") -> str:
        """Takes a line in and sends it as soon as that is possible; returns its id. It is written to disk first."""
        line = self._outbox.add(room, text, now, action=action, id=id)
        if self._outbox.problem:
            why = f"It can't be written to disk ({self._outbox.problem}). Keep this program running until it is sent."
            self._report(line, QUEUED, why)
        self.pump(now)
        return line.id

    def again(self, id: str, now: int, new_id: str = "") -> str:
        """Sends a line once more that has failed; returns the id that it has now."""
        line = self._outbox.again(id, new_id)
        self.pump(now)
        return line.id

    def drop(self, id: str) -> None:
        """Forgets a line that is not to be sent any more."""
        if id in self._outbox.lines:
            self._outbox.done(id)

    def pump(self, now: int) -> None:
        """Sends lines that wait, as many as may be under way."""
        if self.due is not None and now >= self.due:
            self.due = None
        if not self._online or self.due is not None or len(self._flying) >= SEND_WINDOW:
            return
        for line in self._outbox.lines.values():
            if line.state == QUEUED and line.id not in self._flying:
                self._put_out(line, now)
                if len(self._flying) >= SEND_WINDOW:
                    break

    def _put_out(self, line: OutboxEntry, now: int) -> None:
        if line.tried is None:
            self._outbox.tried(line.id, now)
        elif now - line.tried > RECEIPT_AGE:
            self._fail(line, "It may have been sent a day ago. Resend it only if it was not.")
            return
        request: Request = {"request": "me" if line.action else "msg", "to": line.room}
        if line.room == EVERYONE:
            request = {"request": "broadcast"}
        if self._send({**request, "content": line.text, "id": line.id}):
            self._flying.add(line.id)
        else:
            self._fail(line, "It is too long for the server.")

    # ---- what has become of them ------------------------------------------------------------------------------

    def is_flying(self, id: str) -> bool:
        """Whether the line of that id was sent on this connection, and is not answered yet."""
        return id in self._flying

    def answered(self, answer: Answer, now: int) -> str | None:
        """The server has answered. Returns the room of a line that is sent now, None if none is."""
        id, facts = answer.reply_to, answer.facts
        self._flying.discard(id)
        line = self._outbox.lines.get(id)
        room = None
        if line is None:
            pass  # it was seen in the history before
        elif not answer.failed:
            room, self._wait = line.room, RETRY_FIRST
            self._outbox.done(id)
            self._report(
                line,
                SENT,
                seq=facts.number("seq"),
                at=facts.number("at"),
                kept=facts.flag("kept"),
                away=facts.text_or_none("away"),
            )
        elif answer.code in PASSING:
            self.due = now + self._wait
            self._wait = min(self._wait * 2, RETRY_MAX)
            self._report(line, QUEUED, answer.content)
        else:
            self._fail(line, answer.content)
        self.pump(now)
        return room

    def seen(self, id: str, seq: int, at: int) -> bool:
        """A message with this id is in the user's own history: that counts as an answer if we were waiting for one."""
        line = self._outbox.lines.get(id)
        if line is None:
            return False
        self._outbox.done(id)
        self._report(line, SENT, seq=seq, at=at)
        return True

    def _fail(self, line: OutboxEntry, reason: str) -> None:
        self._outbox.failed(line.id, reason)
        self._report(line, FAILED, reason)

    def _report(self, line: OutboxEntry, state: str, reason: str = "", **facts: Any) -> None:
        self._tell(LineSent(line.id, line.room, state, reason, **facts))

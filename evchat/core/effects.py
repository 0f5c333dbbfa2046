"""The effects that the core asks for: frozen values, carried out in order once the pass is committed."""

from __future__ import annotations

from collections.abc import Callable
from dataclasses import field
from typing import Any, final

from evchat.core.audience import Audience
from evchat.core.query import Query
from evchat.core.records import Record
from evchat.protocol.base import Event
from evchat.protocol.messages import Message, MessageAccepted
from evchat.protocol.value import value


@final
@value
class Reply:
    """Tell one session."""

    sid: int
    event: Event


@final
@value
class Broadcast:
    """Tell everyone in an audience, but not session `but`."""

    event: Event
    to: Audience
    but: int | None = None


@final
@value
class Post:
    """Keep a message, acknowledge it to its sender, session `sid`, and tell everyone in `to`, but not session `but`.

    One effect for what is by far done most. If the commit fails, the whole request has failed, and `Chat.unsay` takes
    the message back. One without a number (`seq` 0) is not kept.
    """

    said: Message
    to: Audience
    sid: int
    but: int | None = None
    own: bool = False
    """Whether the sender's session hears what it said only by the acknowledgement."""
    kept: bool = False
    away: str | None = None
    """As in `MessageAccepted`: what the acknowledgement tells beyond that the message was accepted."""

    def acknowledgement(self) -> MessageAccepted:
        """The answer to the sender."""
        said, own = self.said, self.own
        return MessageAccepted(
            said.at, said.id, said.to, said.seq, said.text if own else "", own and said.action, own,
            self.kept, self.away, False, said.at, said,
        )  # fmt: skip


@final
@value
class Save:
    """Save a record. If the commit fails, `undo` reverts the core's own change; newest first.

    Then the whole request has failed, unless the record was not `vital`: last-seen times may be lost.
    """

    record: Record
    undo: Callable[[], None] | None = field(default=None, compare=False, repr=False)
    vital: bool = True


@value
class Fetch:
    """Ask the store after the commit, and tell session `sid` the event that `answer` makes of the result."""

    sid: int
    query: Query[Any]
    answer: Callable[[list[Any]], Event] = field(compare=False, repr=False)
    reply_to: str | None = None
    """The request's id, for the error if the store can't read."""


@value
class Hash:
    """Do slow pure work in the worker and give the result to `Chat.hashed`; until then the session's requests wait.

    The worker takes turns by `turn`, the address that asked for it. It begins `delay` milliseconds from now.
    """

    sid: int
    work: Callable[[], Any] = field(compare=False, repr=False)
    turn: str = ""
    delay: int = 0


@value
class Trust:
    """Let clients connect with a user's certificate (DER in base64) where they are asked for one. Asked by `sid`."""

    sid: int
    der: str


@value
class Hangup:
    """Close a session's connection once everything for it has been sent.

    With `lost` its client has gone without a word, and may come back (`Chat.disconnect`).
    """

    sid: int
    reason: str
    lost: bool = False


@value
class Log:
    """Write a line for the server's owner: what happened, and facts as (name, value) pairs."""

    event: str
    facts: tuple[tuple[str, object], ...]


Effect = Post | Reply | Broadcast | Save | Fetch | Hash | Trust | Hangup | Log

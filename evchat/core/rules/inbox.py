"""The inbox: direct messages received while a user was offline."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.rules import read_markers
from evchat.core.state import Session, User
from evchat.protocol.history import InboxListed
from evchat.protocol.messages import Message
from evchat.protocol.value import value


@value
class Unread:
    """What the inbox holds and how far that moves the read markers: all of it read before anything is changed."""

    messages: tuple[Message, ...]
    more: bool
    read: tuple[tuple[Message, read_markers.Move], ...]
    """The last message of each conversation, and the move of its read marker."""


def query(context: Context, user: str, after: tuple[str, int] | None = None) -> rec.InboxOf:
    """The question for as much of the inbox of user key `user` as one answer may hold; `after` as in the query."""
    return rec.InboxOf(user, context.limits.history_default, context.limits.inbox_bytes, after)


def look_up(
    context: Context, user: str, there: int, now: int, after: tuple[str, int] | None = None
) -> Unread:
    """What is to be told of the inbox of user key `user`, in which `there` messages lie. Raises StoreError."""
    found = context.fetch(query(context, user, after))
    last = {message.conversation: message for message in found}  # the latest one: they come oldest first
    read = tuple(
        (message, read_markers.look_up(context, user, message.conversation, now, seq=message.seq))
        for message in last.values()
    )
    return Unread(tuple(found), there > len(found), read)


def tell(session: Session, user: User, unread: Unread, reply_to: str | None, now: int) -> Iterator[Effect]:
    """Tells a session what its user's inbox holds, and marks that read. Asks nothing of the store."""
    for last, move in unread.read:
        yield Save(rec.InboxRead(user.key, last.conversation, last.seq))
        yield from read_markers.move(session, user, last.sender, move, now)
    yield Reply(session.sid, InboxListed(now, reply_to, unread.messages, unread.more, False))

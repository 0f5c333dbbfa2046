"""How far users have read their conversations.

A read marker only moves on. What its move needs of the store is asked first (`look_up`), so that `move` can't fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.rules import history
from evchat.core.state import Session, User
from evchat.protocol.read_markers import ReadMarkerMoved
from evchat.protocol.value import value


@value
class Move:
    """A read marker before and after a move, which is the same value if it would go back.

    `read_at` is the time (milliseconds since the epoch) up to which the user has read then.
    """

    before: rec.ReadMark
    after: rec.ReadMark
    read_at: int


def kept(context: Context, user: str, conversation: str, begins: int, now: int) -> rec.ReadMark:
    """How far user key `user` has read a conversation whose first message is number `begins`. Raises StoreError.

    A time that lies ahead, from a client or a clock that was wrong, is held to now: nothing would ever be unread again.
    """
    marks = context.fetch(rec.ReadMarkOf(user, conversation))
    mark = marks[0] if marks else rec.ReadMark(user, conversation, 0)
    if mark.seq < begins and begins > 1:  # it is a mark in an earlier channel of this name
        return rec.ReadMark(user, conversation, begins - 1)
    if mark.at <= now:
        return mark
    return replace(mark, at=min(mark.at, max(now, context.last_time(conversation))))


def look_up(context: Context, user: str, conversation: str, now: int, *, seq: int = 0, at: int = 0) -> Move:
    """The move of the marker of user key `user` to message `seq` and time `at`; with neither, where it is.

    Raises StoreError.
    """
    before = kept(context, user, conversation, history.begins(context, conversation), now)
    after = before
    if seq > before.seq or at > before.at:
        at = min(at, max(now, context.last_time(conversation)))
        after = rec.ReadMark(user, conversation, max(seq, before.seq), max(at, before.at))
    message = history.message(context, user, conversation, after.seq)
    # The time that was said, or that of the message, whichever is later.
    return Move(before, after, max(after.at, message.at if message else 0))


def move(session: Session, user: User, name: str, move: Move, now: int) -> Iterator[Effect]:
    """Keeps where the marker is now, and tells the user's other sessions, to whom the conversation is `name`."""
    if move.after == move.before:
        return
    yield Save(move.after)
    told = ReadMarkerMoved(now, name, move.after.seq, move.read_at)
    for sid in user.audience:
        if sid != session.sid:
            yield Reply(sid, told)

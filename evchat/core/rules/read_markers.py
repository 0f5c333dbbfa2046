"""How far users have read their conversations.

A read marker only moves on. What its move needs of the store is asked first (`look_up`), so that `move` can't fail.
"""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import dataclass

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.rules import history
from evchat.core.state import Session, User
from evchat.protocol.read_markers import ReadMarkerMoved


@dataclass(frozen=True, slots=True)
class Move:
    """A read marker before and after a move, which is the same value if it would go back.

    `read_at` is the time (milliseconds since the epoch) up to which the user has read then.
    """

    before: rec.ReadMark
    after: rec.ReadMark
    read_at: int


def look_up(context: Context, user: str, conversation: str, seq: int = 0, at: int = 0) -> Move:
    """The move of the marker of user key `user` to message `seq` and time `at`; with neither, where it is.

    Raises StoreError.
    """
    marks = context.fetch(rec.ReadMarkOf(user, conversation))
    before = after = marks[0] if marks else rec.ReadMark(user, conversation, 0)
    if seq > before.seq or at > before.at:
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

"""How far users have read their conversations."""

from __future__ import annotations

from collections.abc import Generator

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.rules import history
from evchat.core.state import Session, User
from evchat.protocol.read_markers import ReadMarkerMoved


def mark(
    context: Context, session: Session, user: User, key: str, name: str, seq: int, at: int, now: int
) -> Generator[Effect, None, rec.ReadMark]:
    """Keeps how far the user has read, if that is further than before, and tells the user's other sessions."""
    kept = marked(context, user, key)
    if seq <= kept.seq and at <= kept.at:
        return kept
    further = rec.ReadMark(user.key, key, max(seq, kept.seq), max(at, kept.at))
    yield Save(further)
    if len(user.sessions) > 1:
        told = ReadMarkerMoved(now, name, further.seq, read_at(context, user, further))
        for sid in user.audience:
            if sid != session.sid:
                yield Reply(sid, told)
    return further


def marked(context: Context, user: User, key: str) -> rec.ReadMark:
    """How far a user has read a conversation, as it is kept; 0 if never."""
    marks = context.fetch(rec.ReadMarkOf(user.key, key))
    return marks[0] if marks else rec.ReadMark(user.key, key, 0)


def read_at(context: Context, user: User, mark: rec.ReadMark) -> int:
    """Until when a user has read: the time that was said, or that of the message, whichever is later."""
    said = history.message(context, user, mark.conversation, mark.seq)
    return max(mark.at, said.at if said else 0)

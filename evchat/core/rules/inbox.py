"""The inbox: direct messages that came while a user was not online."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Fetch, Reply, Save
from evchat.core.rules import read_markers
from evchat.core.state import Session, logged_in
from evchat.protocol import names
from evchat.protocol.base import Event
from evchat.protocol.history import GetInbox, InboxListed
from evchat.protocol.messages import Message


def tell(context: Context, session: Session, request: GetInbox, now: int) -> Iterator[Effect]:
    """The direct messages that came while the user was not online; this marks them read, unless they are kept."""
    user = logged_in(session)
    after = None
    if request.to and request.after is not None:
        after = names.pair_key(user.key, names.user_key(request.to)), request.after
    there = context.fetch(rec.InboxCount(user.key, after))[0]
    query = rec.InboxOf(user.key, context.rules.history_default, context.rules.inbox_bytes, after)

    def answer(found: list[Message]) -> Event:
        return InboxListed(now, request.id, tuple(found), there > len(found), request.keep)

    if request.keep:
        yield Fetch(session.sid, query, answer, request.id)
        return
    found = context.fetch(query)
    for last in {said.conversation: said for said in found}.values():
        yield Save(rec.InboxRead(user.key, last.conversation, last.seq))
        yield from read_markers.mark(context, session, user, last.conversation, last.sender, last.seq, 0, now)
    yield Reply(session.sid, answer(found))

"""What was said: history, the inbox, read marks, search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from typing import TYPE_CHECKING

from evchat.core import people
from evchat.core import records as rec
from evchat.core.effects import Broadcast, Effect, Fetch, Reply, Save
from evchat.core.state import Session, User, logged_in
from evchat.protocol import events as e
from evchat.protocol import names
from evchat.protocol import requests as r

if TYPE_CHECKING:
    from evchat.core.chat import Chat


def _conversation(chat: Chat, session: Session, to: str | None) -> tuple[str, str]:
    """Key and name of a conversation that the session may read. Raises Refused."""
    user = logged_in(session)
    if to == names.EVERYONE:
        return names.EVERYONE, names.EVERYONE
    if not to or names.is_channel(to):
        channel = chat.own_channel(session, to)
        return channel.key, channel.name
    key, name = people.known(chat, to)
    return names.pair_key(user.key, key), name


def _audible(chat: Chat, user: User) -> Callable[[e.Said], bool]:
    """What the user may be shown: not the broadcasts of those that the user has blocked."""
    blocked = {blocking.blocked for blocking in chat.fetch(rec.BlockingsOf(user.key))}
    return lambda said: said.conversation != names.EVERYONE or names.user_key(said.sender) not in blocked


def as_recent(at: int, to: str, head: int, after: int, found: list[e.Said]) -> e.Event:
    """The recent messages of a channel above `after`, as an event for one who has just come."""
    more = bool(found) and found[0].seq > after + 1
    return e.HistoryListed(at, None, to, tuple(found), head, more, recent=True)


def history(chat: Chat, session: Session, request: r.History, now: int) -> Iterator[Effect]:
    """Earlier messages of a conversation, up to those there are at this moment."""
    user = logged_in(session)
    key, name = _conversation(chat, session, request.to)
    head = chat.head(key)
    limit = chat.rules.history_default if request.limit is None else max(0, request.limit)
    limit = min(limit, chat.rules.history_max)
    forward = request.after is not None and request.before is None
    before = None if forward else _within(request.before, head + 1)
    after = None if request.after is None else _within(request.after, head)
    audible = _audible(chat, user) if key == names.EVERYONE else None

    def answer(found: list[e.Said]) -> e.Event:
        shown = [said for said in found if said.seq <= head]
        cut = shown and (shown[-1].seq < head if forward else shown[0].seq > (after or 0) + 1)
        return e.HistoryListed(now, request.id, name, tuple(filter(audible, shown)), head, bool(cut))

    if limit:
        yield Fetch(session.sid, rec.HistoryOf(key, user.key, limit, before, after), answer, request.id)
    else:
        yield Reply(session.sid, answer([]))


def _within(number: int | None, most: int) -> int:
    """A number that a client gave, between 0 and `most`; `most` if it gave none."""
    return most if number is None else max(0, min(number, most))


_INBOX_BYTES = 48 * 1024
"""Of one answer from the inbox: what is marked read must not be more than a slow link takes at once."""


def inbox(chat: Chat, session: Session, request: r.Inbox, now: int) -> Iterator[Effect]:
    """The direct messages that came while the user was not online; this marks them read, unless they are kept."""
    user = logged_in(session)
    after = None
    if request.to and request.after is not None:
        after = names.pair_key(user.key, names.user_key(request.to)), request.after
    there = chat.fetch(rec.InboxCount(user.key, after))[0]
    query = rec.InboxOf(user.key, chat.rules.history_default, _INBOX_BYTES, after)

    def answer(found: list[e.Said]) -> e.Event:
        return e.InboxListed(now, request.id, tuple(found), there > len(found), request.keep)

    if request.keep:
        yield Fetch(session.sid, query, answer, request.id)
        return
    found = chat.fetch(query)
    for last in {said.conversation: said for said in found}.values():
        yield Save(rec.InboxRead(user.key, last.conversation, last.seq))
        yield from _mark(chat, session, user, last.conversation, last.sender, last.seq, now)
    yield Reply(session.sid, answer(found))


def directs(chat: Chat, session: Session, request: r.Directs, now: int) -> Iterator[Effect]:
    """Lists the user's direct conversations."""
    user = logged_in(session)
    limit = chat.rules.list_max

    def answer(found: list[rec.Direct]) -> e.Event:
        rows = tuple(_direct(direct, user.key) for direct in found[:limit])
        return e.DirectsListed(now, request.id, rows, omitted=len(found) > limit)

    yield Fetch(session.sid, rec.DirectsOf(user.key, limit + 1), answer, request.id)


def _direct(direct: rec.Direct, user: str) -> e.DirectInfo:
    last = direct.last
    name = last.to if names.user_key(last.sender) == user else last.sender
    return e.DirectInfo(name, last.seq, direct.read, direct.unread, direct.waiting, last.at)


def read(chat: Chat, session: Session, request: r.Read, now: int) -> Iterator[Effect]:
    """Marks a conversation read, for all sessions of the user. A mark never goes back."""
    user = logged_in(session)
    key, name = _conversation(chat, session, request.to)
    seq = _within(request.seq, chat.head(key))
    if not names.is_channel(key) and chat.fetch(rec.InboxCount(user.key))[0]:
        yield Save(rec.InboxRead(user.key, key, seq))
    yield from _mark(chat, session, user, key, name, seq, now)
    yield Reply(session.sid, e.Done(now, request.id, "", (("to", name), ("seq", seq))))


def _mark(
    chat: Chat, session: Session, user: User, key: str, name: str, seq: int, now: int
) -> Iterator[Effect]:
    """Keeps how far the user has read, if that is further than before, and tells the user's other sessions."""
    marks = chat.fetch(rec.ReadMarkOf(user.key, key))
    if seq > (marks[0] if marks else 0):
        yield Save(rec.ReadMark(user.key, key, seq))
        yield Broadcast(e.ReadUpTo(now, name, seq), user.audience, session.sid)


def search(chat: Chat, session: Session, request: r.Search, now: int) -> Iterator[Effect]:
    """Finds words in the messages of one's channels and direct conversations."""
    user = logged_in(session)
    wanted = chat.rules.recent_messages if request.limit is None else request.limit
    limit = max(1, min(wanted, chat.rules.history_max))
    if not request.to:
        where, directs = (*user.channels, names.EVERYONE), True
    else:
        where, directs = (_conversation(chat, session, request.to)[0],), False
    audible = _audible(chat, user)

    def answer(found: list[e.Said]) -> e.Event:
        shown = tuple(filter(audible, found[-limit:]))
        return e.Found(now, request.id, request.text, shown, more=len(found) > limit)

    query = rec.Matching(request.text, user.key, where, directs, limit + 1)
    yield Fetch(session.sid, query, answer, request.id)

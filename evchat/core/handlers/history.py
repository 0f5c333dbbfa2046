"""What was said: history, the inbox, read marks, search."""

from __future__ import annotations

from collections.abc import Callable, Generator, Iterator
from math import inf
from typing import TYPE_CHECKING

from evchat.core import records as rec
from evchat.core.effects import Effect, Fetch, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.handlers import people
from evchat.core.rules import event_log
from evchat.core.state import Session, User, logged_in
from evchat.protocol import names
from evchat.protocol.base import Event
from evchat.protocol.basics import Done
from evchat.protocol.history import (
    ConversationsListed,
    DirectInfo,
    DirectsListed,
    GetHistory,
    GetInbox,
    HistoryListed,
    InboxListed,
    ListConversations,
    ListDirects,
    Search,
    SearchResults,
)
from evchat.protocol.messages import Message
from evchat.protocol.read_markers import GetReadMarker, ReadMarkerMoved, ReadMarkerTold, SetReadMarker

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat


def conversation(chat: Chat, session: Session, to: str | None) -> tuple[str, str]:
    """Key and name of a conversation that the session may read. Raises Refused."""
    user = logged_in(session)
    if to == names.EVERYONE:
        return names.EVERYONE, names.EVERYONE
    if not to or names.is_channel(to):
        channel = chat.own_channel(session, to)
        return channel.key, channel.name
    key, name = people.known(chat, to)
    return names.pair_key(user.key, key), name


def _audible(chat: Chat, user: User) -> Callable[[Message], bool]:
    """What the user may be shown: not the broadcasts of those that the user has blocked."""
    blocked = {blocking.blocked for blocking in chat.fetch(rec.BlockingsOf(user.key))}
    return lambda said: said.conversation != names.EVERYONE or names.user_key(said.sender) not in blocked


def as_recent(at: int, to: str, head: int, after: int, found: list[Message]) -> Event:
    """The recent messages of a channel above `after`, for one who has just come."""
    more = bool(found) and found[0].seq > after + 1
    return HistoryListed(at, None, to, tuple(found), head, more, recent=True)


def history(chat: Chat, session: Session, request: GetHistory, now: int) -> Iterator[Effect]:
    """Earlier messages of a conversation, up to those there are at this moment."""
    user = logged_in(session)
    key, name = conversation(chat, session, request.to)
    head = chat.head(key)
    limit = chat.rules.history_default if request.limit is None else max(0, request.limit)
    limit = min(limit, chat.rules.history_max)
    middle = _middle(chat, key, head, request)
    before, after = _bounds(chat, key, head, limit, request, middle)
    around = middle is not None
    forward = request.oldest or (after is not None and before is None)
    if not forward:
        before = _within(before, head + 1)
    audible = _audible(chat, user) if key == names.EVERYONE else None
    floor = _named(chat, user) if request.mine and names.is_pair(key) else 0
    events = () if session.draft is None else _happened(chat, key, before, after, floor, request)

    def answer(found: list[Message]) -> Event:
        shown = [said for said in found if said.seq <= head and said.at >= floor]
        if around:
            cut = shown and (shown[0].seq > 1 or shown[-1].seq < head)
        elif forward:
            cut = shown and shown[-1].seq < (head if before is None else before - 1)
        else:
            cut = shown and shown[0].seq > (after or 0) + 1
        heard = tuple(filter(audible, shown))
        place = None if middle is None else (middle, request.around_part)
        everything = (
            event_log.limited(list(heard), events, limit, cut=bool(cut), forward=forward, middle=place)
            if events
            else heard
        )
        return HistoryListed(now, request.id, name, heard, head, bool(cut), everything=everything)

    if limit:
        query = rec.HistoryOf(key, user.key, limit, before, after, oldest=request.oldest and not around)
        yield Fetch(session.sid, query, answer, request.id)
    else:
        yield Reply(session.sid, answer([]))


def _middle(chat: Chat, key: str, head: int, request: GetHistory) -> int | None:
    """The number around which the messages asked for lie; None if that was not said."""
    if request.around is not None:
        return _within(request.around, head + 1)
    return None if request.around_at is None else _at(chat, key, head, request.around_at)


def _bounds(
    chat: Chat, key: str, head: int, limit: int, request: GetHistory, middle: int | None
) -> tuple[int | None, int | None]:
    """Below and above which number the messages asked for lie; None where that was not said."""
    if middle is not None:
        first = middle - limit // 2
        return min(max(1, first + limit), head + 1), max(0, first - 1)
    before = None if request.before is None else _within(request.before, head + 1)
    after = None if request.after is None else _within(request.after, head)
    if request.until is not None:
        before = min(head + 1 if before is None else before, _at(chat, key, head, request.until))
    if request.since is not None:
        after = max(after or 0, _at(chat, key, head, request.since) - 1)
    return before, after


def _happened(
    chat: Chat, key: str, before: int | None, after: int | None, floor: int, request: GetHistory
) -> tuple[Event, ...]:
    """What happened, beside messages, within the same bounds."""
    first, last = event_log.FIRST, event_log.LAST
    if after is not None:
        first = (after, request.after_part if request.after is not None else 0)
    if before is not None and (request.before is not None or request.until is not None):
        last = (before - 1, request.before_part) if request.before_part else (before, 0)
    since = max(floor, request.since or 0)
    return chat.event_log.between(key, first, last, since, inf if request.until is None else request.until)


def _named(chat: Chat, user: User) -> int:
    """Since when a user has this name: the account, if it is the user's own, or else the user."""
    accounts: list[rec.Account] = chat.fetch(rec.AccountOf(user.key)) if user.registered else []
    return min(user.named_at, *(account.at for account in accounts)) if accounts else user.named_at


def _at(chat: Chat, key: str, head: int, at: int | None) -> int:
    """The number of a conversation's first message at a time or later; the one behind the last, if there is none."""
    found = chat.fetch(rec.SeqAt(key, _within(at, _LATEST)))
    return found[0] if found else head + 1


_LATEST = 2**53
"""Milliseconds: later than any clock, and no more than every store and program takes."""


def message(chat: Chat, user: User, key: str, seq: int) -> Message | None:
    """A message of a conversation, if there is one of that number that the user may see."""
    if not 0 < seq <= chat.head(key):
        return None
    found = chat.fetch(rec.HistoryOf(key, user.key, 1, seq + 1, seq - 1))
    return found[0] if found else None


def _within(number: int | None, most: int) -> int:
    """A number that a client gave, between 0 and `most`; `most` if it gave none."""
    return most if number is None else max(0, min(number, most))


_INBOX_BYTES = 48 * 1024
"""Of one answer from the inbox: what is marked read must not be more than a slow link takes at once."""


def inbox(chat: Chat, session: Session, request: GetInbox, now: int) -> Iterator[Effect]:
    """The direct messages that came while the user was not online; this marks them read, unless they are kept."""
    user = logged_in(session)
    after = None
    if request.to and request.after is not None:
        after = names.pair_key(user.key, names.user_key(request.to)), request.after
    there = chat.fetch(rec.InboxCount(user.key, after))[0]
    query = rec.InboxOf(user.key, chat.rules.history_default, _INBOX_BYTES, after)

    def answer(found: list[Message]) -> Event:
        return InboxListed(now, request.id, tuple(found), there > len(found), request.keep)

    if request.keep:
        yield Fetch(session.sid, query, answer, request.id)
        return
    found = chat.fetch(query)
    for last in {said.conversation: said for said in found}.values():
        yield Save(rec.InboxRead(user.key, last.conversation, last.seq))
        yield from _mark(chat, session, user, last.conversation, last.sender, last.seq, 0, now)
    yield Reply(session.sid, answer(found))


def directs(chat: Chat, session: Session, request: ListDirects, now: int) -> Iterator[Effect]:
    """Lists the user's direct conversations."""
    user = logged_in(session)
    limit = chat.rules.list_max

    def answer(found: list[rec.Direct]) -> Event:
        rows = tuple(_direct(direct, user.key) for direct in found[:limit])
        return DirectsListed(now, request.id, rows, omitted=len(found) > limit)

    yield Fetch(session.sid, rec.DirectsOf(user.key, limit + 1), answer, request.id)


def _direct(direct: rec.Direct, user: str) -> DirectInfo:
    last = direct.last
    name = last.to if names.user_key(last.sender) == user else last.sender
    return DirectInfo(name, last.seq, direct.read, direct.unread, direct.waiting, last.at)


def read(chat: Chat, session: Session, request: SetReadMarker, now: int) -> Iterator[Effect]:
    """Marks a conversation read, up to a message or a time, for all sessions of the user. A mark never goes back."""
    user = logged_in(session)
    key, name = conversation(chat, session, request.to)
    head = chat.head(key)
    at = 0
    if request.seq is not None:
        seq = _within(request.seq, head)
    elif request.until is not None:
        at = _within(request.until, _LATEST)
        seq = _at(chat, key, head, at + 1) - 1
    else:
        raise Refused("bad-request", "Up to where? To a message (seq) or a time (until).")
    if not names.is_channel(key) and chat.fetch(rec.InboxCount(user.key))[0]:
        yield Save(rec.InboxRead(user.key, key, seq))
    mark = yield from _mark(chat, session, user, key, name, seq, at, now)
    if request.seq is not None:
        yield Reply(session.sid, Done(now, request.id, "", (("to", name), ("seq", seq))))
    else:
        yield Reply(session.sid, ReadMarkerTold(now, request.id, name, mark.seq, _read_at(chat, user, mark)))


def mark(chat: Chat, session: Session, request: GetReadMarker, now: int) -> Iterator[Effect]:
    """Tells how far the user has read a conversation, also one that there is no longer, or that one is not in."""
    user = logged_in(session)
    name = request.to
    if name == names.EVERYONE:
        key = name
    elif names.is_channel(name):
        key = names.channel_key(name)
        if names.check_channel_name(name):
            raise Refused("no-such-channel", f"There is no channel {quoted(name)}.", name)
    else:
        key = names.pair_key(user.key, names.user_key(name))
        if names.check_user_name(name, unicode_names=True):
            raise Refused("no-such-user", f"Nobody here has ever been called {quoted(name)}.", name)
    if key in user.channels:
        name = user.channels[key].name
    kept = _marked(chat, user, key)
    yield Reply(session.sid, ReadMarkerTold(now, request.id, name, kept.seq, _read_at(chat, user, kept)))


def _mark(
    chat: Chat, session: Session, user: User, key: str, name: str, seq: int, at: int, now: int
) -> Generator[Effect, None, rec.ReadMark]:
    """Keeps how far the user has read, if that is further than before, and tells the user's other sessions."""
    kept = _marked(chat, user, key)
    if seq <= kept.seq and at <= kept.at:
        return kept
    further = rec.ReadMark(user.key, key, max(seq, kept.seq), max(at, kept.at))
    yield Save(further)
    if len(user.sessions) > 1:
        told = ReadMarkerMoved(now, name, further.seq, _read_at(chat, user, further))
        for sid in user.audience:
            if sid != session.sid:
                yield Reply(sid, told)
    return further


def _marked(chat: Chat, user: User, key: str) -> rec.ReadMark:
    marks = chat.fetch(rec.ReadMarkOf(user.key, key))
    return marks[0] if marks else rec.ReadMark(user.key, key, 0)


def _read_at(chat: Chat, user: User, mark: rec.ReadMark) -> int:
    """Until when a user has read: the time that was said, or that of the message, whichever is later."""
    said = message(chat, user, mark.conversation, mark.seq)
    return max(mark.at, said.at if said else 0)


def conversations(chat: Chat, session: Session, request: ListConversations, now: int) -> Iterator[Effect]:
    """Lists the user's conversations whose last message is of a certain time."""
    user = logged_in(session)
    limit = _within(request.limit, chat.rules.list_max)
    heads = [(channel, chat.head(channel.key)) for channel in user.channels.values()]
    last = [(channel.name, message(chat, user, channel.key, head)) for channel, head in heads]
    channels = [(name, said.at) for name, said in last if said is not None]
    floor = _named(chat, user) if request.mine else 0

    def answer(found: list[rec.Direct]) -> Event:
        rows = (_direct(direct, user.key) for direct in found)
        directs = [(row.name, row.last) for row in rows if row.last >= floor]
        within = [row for row in channels + directs if request.since <= row[1] < request.until]
        within.sort(key=lambda row: row[1])
        shown = within[:limit] if request.earliest else within[max(0, len(within) - limit) :]
        return ConversationsListed(now, request.id, tuple(shown))

    yield Fetch(session.sid, rec.DirectsOf(user.key, chat.rules.list_max), answer, request.id)


def search(chat: Chat, session: Session, request: Search, now: int) -> Iterator[Effect]:
    """Finds words in the messages of one's channels and direct conversations."""
    user = logged_in(session)
    wanted = chat.rules.recent_messages if request.limit is None else request.limit
    limit = max(1, min(wanted, chat.rules.history_max))
    if not request.to:
        where, directs = (*user.channels, names.EVERYONE), True
    else:
        where, directs = (conversation(chat, session, request.to)[0],), False
    audible = _audible(chat, user)

    def answer(found: list[Message]) -> Event:
        shown = tuple(filter(audible, found[-limit:]))
        return SearchResults(now, request.id, request.text, shown, more=len(found) > limit)

    query = rec.MessagesMatching(request.text, user.key, where, directs, limit + 1)
    yield Fetch(session.sid, query, answer, request.id)

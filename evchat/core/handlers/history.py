"""Stored messages: history, the inbox, the lists of conversations, search."""

from __future__ import annotations

from collections.abc import Callable, Iterator
from math import inf

from evchat.core import changes
from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Fetch, Reply
from evchat.core.registry import Handlers
from evchat.core.rules import event_log, people
from evchat.core.rules import inbox as inbox_rules
from evchat.core.rules.history import begins, conversation, message, seq_at, within
from evchat.core.state import Session, User, logged_in
from evchat.protocol import names
from evchat.protocol.base import Event
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

handlers = Handlers()


def _audible(context: Context, user: User) -> Callable[[Message], bool]:
    """The messages that may be shown to the user: not the broadcasts of users they have blocked."""
    blocked = {blocking.blocked for blocking in context.fetch(rec.BlockingsOf(user.key))}
    return lambda said: said.conversation != names.EVERYONE or names.user_key(said.sender) not in blocked


@handlers.on(GetHistory)
def history(context: Context, session: Session, request: GetHistory, now: int) -> Iterator[Effect]:
    """Earlier messages of a conversation, up to those there are at this moment."""
    user = logged_in(session)
    key, name = conversation(context, session, request.to)
    head, rev = context.head(key), context.rev(key)
    limit = context.limits.history_default if request.limit is None else max(0, request.limit)
    limit = min(limit, context.limits.history_max)
    if request.changed_after is not None:
        yield _changes(context, session, request, key, name, limit, now)
        return
    middle = _middle(context, key, head, request)
    before, after = _bounds(context, key, head, limit, request, middle)
    gone = context.fetch(changes.GoneOf(key))[0]
    begun = begins(context, key)
    first = max(begun, gone + 1)
    around = middle is not None
    forward = request.oldest or (after is not None and before is None)
    if not forward:
        before = within(before, head + 1)
    audible = _audible(context, user) if key == names.EVERYONE else None
    floor = _named(context, user, now) if request.mine and names.is_pair(key) else 0
    wanted = session.expects.events_in_history
    events = _happened(context, key, before, after, floor, request) if wanted else ()
    if first > 1:
        after = max(after or 0, first - 1)

    def answer(found: list[Message]) -> Event:
        shown = [said for said in found if said.seq <= head and said.at >= floor]
        if around:
            cut = shown and (shown[0].seq > first or shown[-1].seq < head)
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
        return HistoryListed(
            now,
            request.id,
            name,
            heard,
            head,
            bool(cut),
            everything=everything,
            rev=rev,
            gone_before=first if first > begun else 0,
        )

    if limit:
        oldest, most = request.oldest and not around, context.limits.history_bytes
        query = rec.HistoryOf(key, user.key, limit, before, after, most, oldest=oldest)
        yield Fetch(session.sid, query, answer, request.id)
    else:
        yield Reply(session.sid, answer([]))


def _changes(
    context: Context, session: Session, request: GetHistory, key: str, name: str, limit: int, now: int
) -> Fetch:
    """Asks for the messages that were changed, as they are now.

    One that is changed once more before the answer is in it with that change; what is told of it live comes after.
    """
    user = logged_in(session)
    head, rev = context.head(key), context.rev(key)
    after = within(request.changed_after, rev)

    def answer(found: list[Message]) -> Event:
        more = bool(found) and found[-1].rev < rev
        shown = tuple(said for said in found if said.seq <= head)
        return HistoryListed(now, request.id, name, shown, head, more, everything=shown, rev=rev)

    query = changes.ChangesOf(
        key, user.key, after, max(limit, 1), context.limits.history_bytes, begins(context, key)
    )
    return Fetch(session.sid, query, answer, request.id)


def _middle(context: Context, key: str, head: int, request: GetHistory) -> int | None:
    """The number around which the messages asked for lie; None if that was not said."""
    if request.around is not None:
        return within(request.around, head + 1)
    return None if request.around_at is None else seq_at(context, key, head, request.around_at)


def _bounds(
    context: Context, key: str, head: int, limit: int, request: GetHistory, middle: int | None
) -> tuple[int | None, int | None]:
    """Below and above which number the messages asked for lie; None where that was not said."""
    if middle is not None:
        first = middle - limit // 2
        # Half of them on each side; where the conversation begins, the other side gets what is left over.
        return min(max(1, first + limit), head + 1), max(0, first - 1)
    before = None if request.before is None else within(request.before, head + 1)
    after = None if request.after is None else within(request.after, head)
    if request.until is not None:
        before = min(head + 1 if before is None else before, seq_at(context, key, head, request.until))
    # One less, because `after` excludes its message, and that of the time itself is wanted.
    if request.since is not None:
        after = max(after or 0, seq_at(context, key, head, request.since) - 1)
    return before, after


def _happened(
    context: Context, key: str, before: int | None, after: int | None, floor: int, request: GetHistory
) -> tuple[Event, ...]:
    """What happened, beside messages, within the same bounds."""
    first, last = event_log.FIRST, event_log.LAST
    if after is not None:
        first = (after, request.after_part if request.after is not None else 0)
    if before is not None and (request.before is not None or request.until is not None):
        last = (before - 1, request.before_part) if request.before_part else (before, 0)
    since = max(floor, request.since or 0)
    return context.state.event_log.between(
        key, first, last, since, inf if request.until is None else request.until
    )


def _named(context: Context, user: User, now: int) -> int:
    """Since when a user has this name: the account, if it is the user's own, or else the user."""
    accounts: list[rec.Account] = context.fetch(rec.AccountOf(user.key)) if user.registered else []
    named = people.named_since(context, user, now)
    return min(named, *(account.at for account in accounts)) if accounts else named


@handlers.on(GetInbox)
def inbox(context: Context, session: Session, request: GetInbox, now: int) -> Iterator[Effect]:
    """Sends the direct messages received while offline, and marks them read unless `keep` is set."""
    user = logged_in(session)
    after = None
    if request.to and request.after is not None:
        after = names.pair_key(user.key, names.user_key(request.to)), request.after
    there = context.fetch(rec.InboxCount(user.key, after))[0]
    if not request.keep:
        unread = inbox_rules.look_up(context, user.key, there, now, after)
        yield from inbox_rules.tell(session, user, unread, request.id, now)
        return

    def answer(found: list[Message]) -> Event:
        return InboxListed(now, request.id, tuple(found), there > len(found), kept=True)

    yield Fetch(session.sid, inbox_rules.query(context, user.key, after), answer, request.id)


@handlers.on(ListDirects)
def directs(context: Context, session: Session, request: ListDirects, now: int) -> Iterator[Effect]:
    """Lists the user's direct conversations."""
    user = logged_in(session)
    limit = context.limits.list_max

    def answer(found: list[rec.Direct]) -> Event:
        rows = tuple(_direct(direct, user.key) for direct in found[:limit])
        return DirectsListed(now, request.id, rows, omitted=len(found) > limit)

    yield Fetch(
        session.sid, rec.DirectsOf(user.key, limit + 1, context.limits.max_unread), answer, request.id
    )


def _direct(direct: rec.Direct, user: str) -> DirectInfo:
    last = direct.last
    name = last.to if names.user_key(last.sender) == user else last.sender
    return DirectInfo(name, last.seq, direct.read, direct.unread, direct.waiting, last.at, direct.rev)


@handlers.on(ListConversations)
def conversations(
    context: Context, session: Session, request: ListConversations, now: int
) -> Iterator[Effect]:
    """Lists the user's conversations whose last message is of a certain time."""
    user = logged_in(session)
    limit = within(request.limit, context.limits.list_max)
    heads = [(channel, context.head(channel.key)) for channel in user.channels.values()]
    last = [(channel.name, message(context, user.key, channel.key, head)) for channel, head in heads]
    channels = [(name, said.at) for name, said in last if said is not None]
    floor = _named(context, user, now) if request.mine else 0

    def answer(found: list[rec.Direct]) -> Event:
        rows = (_direct(direct, user.key) for direct in found)
        directs = [(row.name, row.last) for row in rows if row.last >= floor]
        matching = [row for row in channels + directs if request.since <= row[1] < request.until]
        matching.sort(key=lambda row: row[1])
        shown = matching[:limit] if request.earliest else matching[max(0, len(matching) - limit) :]
        return ConversationsListed(now, request.id, tuple(shown))

    yield Fetch(
        session.sid,
        rec.DirectsOf(user.key, context.limits.list_max, context.limits.max_unread),
        answer,
        request.id,
    )


@handlers.on(Search)
def search(context: Context, session: Session, request: Search, now: int) -> Iterator[Effect]:
    """Searches the messages of the user's channels and direct conversations."""
    user = logged_in(session)
    wanted = context.limits.recent_messages if request.limit is None else request.limit
    limit = max(1, min(wanted, context.limits.history_max))
    if not request.to:
        where, directs = (*user.channels, names.EVERYONE), True
    else:
        where, directs = (conversation(context, session, request.to)[0],), False
    audible = _audible(context, user)

    def answer(found: list[Message]) -> Event:
        shown = tuple(filter(audible, found[-limit:]))
        return SearchResults(now, request.id, request.text, shown, more=len(found) > limit)

    query = rec.MessagesMatching(
        request.text,
        user.key,
        where,
        directs,
        limit + 1,
        context.limits.history_bytes,
        tuple((key, begins(context, key)) for key in where),
    )
    yield Fetch(session.sid, query, answer, request.id)

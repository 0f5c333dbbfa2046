"""Channels: coming, going, who is there, what it is about."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import zip_longest
from typing import TYPE_CHECKING

from evchat.core import records as rec
from evchat.core.effects import Broadcast, Effect, Fetch, Reply, Save
from evchat.core.errors import Refused
from evchat.core.handlers import modes as core_modes
from evchat.core.handlers import operators
from evchat.core.handlers.history import as_recent
from evchat.core.rules import membership, permissions, persistent_channels
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.base import Event
from evchat.protocol.basics import Done
from evchat.protocol.channels import (
    ChannelInfo,
    ChannelsListed,
    Entered,
    Join,
    Joined,
    Left,
    ListChannels,
    ListNames,
    Member,
    NamesListed,
    Part,
    Topic,
    TopicChanged,
    TopicTold,
)

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat

_RECENT_BYTES = 32 * 1024
"""Of recent history on a login or join: half of what a peer may owe before it is no longer read from."""

_NO_TOPIC = "-"
"""What a person types to take a topic away: an empty line of text can't say it."""


def enter(chat: Chat, user: User, name: str, now: int) -> Channel:
    """Puts a user into a channel, which is made if there is none of that name.

    The first one in it keeps order there, unless somebody owns it or everyone does (#main); so does its owner.
    """
    key = names.channel_key(name)
    channel = chat.channels.get(key)
    if channel is None:
        channel = chat.channels[key] = Channel(name, key)
    if not channel.created:
        channel.created = now
    chat.inhabited += not channel.members
    first = not channel.members and not channel.stays
    channel.members[user.key] = user
    channel.changed()
    user.channels[key] = channel
    user.invitations.pop(channel, None)
    if first or (channel.founder and channel.founder == membership.account(user)):
        channel.operators.add(user)
    return channel


def claim(chat: Chat, user: User, channel: Channel) -> Iterator[Effect]:
    """Gives a channel that a registered user has just made to that user."""
    account = membership.account(user)
    alone = channel.operators == {user} and len(channel.members) == 1
    if alone and not channel.stays and persistent_channels.may_own(chat, account):
        yield persistent_channels.claim(chat, channel, account)


def exit_(chat: Chat, user: User, channel: Channel) -> None:
    """Takes a user out of a channel; it goes with the last one, unless it has a topic or stays."""
    del channel.members[user.key]
    channel.operators.discard(user)
    channel.voiced.discard(user)
    channel.changed()
    del user.channels[channel.key]
    if not channel.members:
        chat.inhabited -= 1
        chat.heads.pop(channel.key, None)
        persistent_channels.clear(chat, channel)


def other_names(chat: Chat, channel: Channel, user: User) -> tuple[str, ...]:
    """The names of the others in a channel, in order; in a large one nobody is counted up unasked."""
    if chat.is_quiet(channel):
        return ()
    return tuple(
        sorted((other.name for other in channel.members.values() if other is not user), key=str.lower)
    )


def in_order(channel: Channel, viewer: User) -> tuple[Member, ...]:
    """The members of a channel that show to `viewer`, by name."""
    shown = (user for user in channel.members.values() if membership.sees(viewer, user))
    people = sorted(shown, key=lambda user: user.name.lower())
    return tuple(membership.member(channel, user) for user in people)


def look_up(chat: Chat, user_key: str, keys: Iterable[str]) -> dict[str, tuple[int, rec.ReadMark]]:
    """The number of the last message in each of these channels, and how far the user has read.

    What a join needs of the store is asked before anything changes, because the store may fail. Raises StoreError.
    """
    found = {}
    for key in keys:
        marks = chat.fetch(rec.ReadMarkOf(user_key, key))
        found[key] = chat.head(key), marks[0] if marks else rec.ReadMark(user_key, key, 0)
    return found


def tell_state(
    chat: Chat,
    session: Session,
    channel: Channel,
    before: tuple[int, rec.ReadMark],
    now: int,
    *,
    share: int,
    after: int | None = None,
    login: bool = False,
    again: bool = False,
) -> Iterator[Effect]:
    """Tells one session what a channel is like, and what was said there last.

    `before` is what `look_up` found, `share` how many channels are told of at once.
    """
    user = logged_in(session)
    head, mark = before
    members = () if chat.is_quiet(channel) else in_order(channel, user)
    yield Reply(
        session.sid,
        Entered(
            now,
            None,
            user.name,
            channel.name,
            channel.topic,
            channel.topic_by,
            channel.topic_at,
            tuple(member.name for member in members),
            head,
            mark.seq,
            login=login,
            current=chat.current_channel(session) is channel,
            users=len(channel.members),
            members=members,
            secret=modes.SECRET in channel.flags,
            created=channel.created,
            again=again,
            read_at=mark.at,
            who=user.who,
        ),
    )
    recent = chat.rules.recent_messages
    if head and recent:
        above = max(0, min(after or 0, head))
        query = rec.HistoryOf(channel.key, user.key, recent, head + 1, above, _RECENT_BYTES // share)
        yield Fetch(session.sid, query, partial(as_recent, now, channel.name, head, above))


def announce_join(chat: Chat, user: User, channel: Channel, now: int) -> Iterator[Effect]:
    """Tells the others in a channel that a user came; in a large channel nobody is told."""
    if not chat.is_quiet(channel):
        mine = user.sessions
        joined = chat.remember(channel, Joined(now, user.name, channel.name, user.away, who=user.who))
        yield Broadcast(joined, tuple(s for s in channel.audience if s not in mine))
        if channel.founder and user in channel.operators and len(channel.members) > 1:
            yield from core_modes.announce_founder(channel, user, now)


def join(chat: Chat, session: Session, request: Join, now: int) -> Iterator[Effect]:
    """Comes into channels; one that the user is in already is just told again."""
    user = logged_in(session)
    wanted = _may_join(chat, user, request)
    fresh = wanted.keys() - user.channels.keys()
    before = look_up(chat, user.key, wanted)
    joined = []
    for key, name in wanted.items():
        joined.append(enter(chat, user, name, now) if key in fresh else user.channels[key])
        if key in fresh:
            yield from claim(chat, user, joined[-1])
    if request.current:
        session.current = joined[-1].key
    facts = (("channels", [channel.name for channel in joined]),)
    yield Reply(session.sid, Done(now, request.id, "", facts))
    share = len(joined)
    for channel in joined:
        known = before[channel.key]
        again = channel.key not in fresh
        yield from tell_state(
            chat, session, channel, known, now, share=share, after=request.after, again=again
        )
        if channel.key in fresh:
            for other in user.sessions.values():
                if other is not session:
                    yield from tell_state(chat, other, channel, known, now, share=share)
            yield from announce_join(chat, user, channel, now)


def _may_join(chat: Chat, user: User, request: Join) -> dict[str, str]:
    """The names of the channels by their keys, if the user may go into all of them. Raises Refused."""
    if not request.channels:
        raise Refused("bad-request", "Which channel? For instance: /join #main")
    wanted: dict[str, str] = {}
    words: dict[str, str] = {}
    for name, word in zip_longest(request.channels, request.keys[: len(request.channels)], fillvalue=""):
        problem = names.check_channel_name(name)
        if problem:
            raise Refused("bad-channel", problem, name)
        wanted.setdefault(names.channel_key(name), name)
        words.setdefault(names.channel_key(name), word)
    fresh = wanted.keys() - user.channels.keys()
    most = chat.rules.max_channels_per_user
    if fresh and len(user.channels) + len(fresh) > most:
        raise Refused("too-many-channels", f"You can be in {most} channels at most.")
    for key in wanted:
        if key in fresh and key in chat.channels:
            permissions.check_join(chat.channels[key], user, words[key])
    made = fresh - chat.channels.keys()
    most = chat.rules.max_channels
    if made and chat.inhabited + len(made) > most:
        raise Refused("too-many-channels", f"There are {most} channels already, and that is the limit.")
    return wanted


def part(chat: Chat, session: Session, request: Part, now: int) -> Iterator[Effect]:
    """Leaves channels."""
    user = logged_in(session)
    if request.everything:
        leaving = dict.fromkeys(user.channels.values())
    else:
        leaving = dict.fromkeys(chat.own_channel(session, name) for name in request.channels or (None,))
    reason = operators.brief(request.reason)
    for channel in leaving:
        hearers = user.audience if chat.is_quiet(channel) else channel.audience
        left = chat.remember(channel, Left(now, user.name, channel.name, reason, who=user.who))
        exit_(chat, user, channel)
        yield Broadcast(left, hearers, session.sid)
    where = [channel.name for channel in leaving]
    yield Reply(session.sid, Done(now, request.id, f"You left {', '.join(where)}.", (("channels", where),)))


def list_channels(chat: Chat, session: Session, request: ListChannels, now: int) -> Iterator[Effect]:
    """Lists the channels of which one may know, those with the most users first."""
    user = logged_in(session)
    rows = sorted(
        (channel for channel in chat.channels.values() if membership.visible(channel, user)),
        key=lambda channel: (-len(channel.members), channel.key),
    )
    infos = tuple(
        ChannelInfo(
            channel.name,
            channel.topic,
            len(channel.members),
            modes.SECRET in channel.flags,
            channel.created,
            channel.topic_at,
        )
        for channel in rows[: chat.rules.list_max]
    )
    yield Reply(session.sid, ChannelsListed(now, request.id, infos, omitted=len(rows) - len(infos)))


def list_names(chat: Chat, session: Session, request: ListNames, now: int) -> Iterator[Effect]:
    """Lists who is in a channel: one's own, or any other of which one may know (there without the invisible)."""
    viewer = logged_in(session)
    channel = permissions.find(chat, session, request.channel)
    members = in_order(channel, viewer)
    who = tuple(member.name for member in members)
    secret = modes.SECRET in channel.flags
    yield Reply(session.sid, NamesListed(now, request.id, channel.name, who, members, secret))


def topic(chat: Chat, session: Session, request: Topic, now: int) -> Iterator[Effect]:
    """Tells or sets a channel's topic."""
    if request.text is None:
        channel = permissions.find(chat, session, request.to)
        told = TopicTold(now, request.id, channel.name, channel.topic, channel.topic_by, channel.topic_at)
        yield Reply(session.sid, told)
        return
    user = logged_in(session)
    channel = permissions.find_own(chat, session, request.to)
    via_oper = permissions.check_topic(chat, user, channel)
    text = " ".join(request.text.split())
    if text == _NO_TOPIC:
        text = ""
    if len(text.encode("utf-8", "replace")) > chat.rules.max_topic_bytes:
        raise Refused("too-long", f"A topic has at most {chat.rules.max_topic_bytes} bytes.")
    if text == channel.topic:
        yield Reply(session.sid, Done(now, request.id))
        return
    changed = chat.remember(channel, TopicChanged(now, channel.name, text, user.name, who=user.who))
    before = channel.topic, channel.topic_by, channel.topic_at
    undo = partial(_put_topic_back, chat, channel, before, changed)
    channel.topic, channel.topic_by, channel.topic_at = text, user.name, now
    yield Save(rec.TopicRecord(channel.key, channel.name, text, user.name, now), undo)
    yield Reply(session.sid, Done(now, request.id))
    if via_oper:
        yield from operators.audit(user, "topic", channel.name, text, now)
    yield Broadcast(changed, channel.audience)


def _put_topic_back(chat: Chat, changed: Channel, before: tuple[str, str, int], event: Event) -> None:
    """Undoes a change of topic, also if the channel has gone or was made anew since."""
    chat.event_log.drop(event)
    channel = chat.channels.setdefault(changed.key, changed)
    channel.topic, channel.topic_by, channel.topic_at = before
    persistent_channels.clear(chat, channel)

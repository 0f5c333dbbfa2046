"""Channels: joins, parts, lists of them and of their members, topics."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial
from itertools import zip_longest

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply, Save
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import (
    channel_search,
    channel_shares,
    channels,
    kept_channels,
    membership,
    metadata,
    operators,
    own_actions,
    permissions,
    persistent_channels,
    reasons,
)
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.base import Event
from evchat.protocol.basics import Done, ServerNotice
from evchat.protocol.channels import (
    ChannelInfo,
    ChannelsListed,
    Join,
    Left,
    ListChannels,
    ListNames,
    NamesListed,
    Part,
    Rejoin,
    Topic,
    TopicChanged,
    TopicTold,
)

handlers = Handlers()

_NO_TOPIC = "-"
"""What a person types to remove a topic, because a line can't hold an empty text."""


@handlers.on(ListChannels)
def list_channels(context: Context, session: Session, request: ListChannels, now: int) -> Iterator[Effect]:
    """Lists the visible channels that match the request, those with the most users first."""
    user = logged_in(session)
    asked_for = channel_search.finder(request, now)
    rows = sorted(
        (
            channel
            for channel in context.state.channels.values()
            if asked_for(channel) and membership.visible(channel, user)
        ),
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
        for channel in rows[: context.limits.list_max]
    )
    yield Reply(session.sid, ChannelsListed(now, request.id, infos, omitted=len(rows) - len(infos)))


@handlers.on(ListNames)
def list_names(context: Context, session: Session, request: ListNames, now: int) -> Iterator[Effect]:
    """Lists who is in a channel: the user's own, or any other visible one (there, without invisible users)."""
    viewer = logged_in(session)
    channel = permissions.find(context, session, request.channel)
    members = channels.shown_members(channel, viewer)
    who = tuple(member.name for member in members)
    secret = modes.SECRET in channel.flags
    yield Reply(session.sid, NamesListed(now, request.id, channel.name, who, members, secret))


@handlers.on(Topic)
def topic(context: Context, session: Session, request: Topic, now: int) -> Iterator[Effect]:
    """Tells or sets a channel's topic."""
    if request.text is None:
        channel = permissions.find(context, session, request.to)
        told = TopicTold(now, request.id, channel.name, channel.topic, channel.topic_by, channel.topic_at)
        yield Reply(session.sid, told)
        return
    user = logged_in(session)
    channel = permissions.find_own(context, session, request.to)
    via_oper = permissions.check_topic(context, user, channel)
    text = " ".join(request.text.split())
    if text == _NO_TOPIC:
        text = ""
    if len(text.encode("utf-8", "replace")) > context.limits.max_topic_bytes:
        raise Refused("too-long", f"The topic is too long (limit {context.limits.max_topic_bytes} bytes).")
    if text == channel.topic:
        yield Reply(session.sid, Done(now, request.id))
        return
    changed = context.remember(channel, TopicChanged(now, channel.name, text, user.name, who=user.who))
    before = channel.topic, channel.topic_by, channel.topic_at
    channel.topic, channel.topic_by, channel.topic_at = text, user.name, now
    if channel.stays:
        undo = partial(_put_topic_back, context, channel, before, changed)
        yield Save(rec.TopicRecord(channel.key, channel.name, text, user.name, now), undo)
    yield Reply(session.sid, Done(now, request.id))
    if via_oper:
        yield from operators.audit(user, "topic", channel.name, text, now)
    yield from own_actions.tell(session, changed, channel.audience)


def _put_topic_back(context: Context, changed: Channel, before: tuple[str, str, int], event: Event) -> None:
    """Undoes a change of topic."""
    context.state.event_log.drop(event)
    changed.topic, changed.topic_by, changed.topic_at = before


@handlers.on_start
def _bring_back(context: Context, now: int) -> Iterable[Effect]:
    return persistent_channels.bring_back(context, now)


@handlers.on(Join)
def join(context: Context, session: Session, request: Join, now: int) -> Iterator[Effect]:
    """Comes into channels; one that the user is in already is just told again."""
    user = logged_in(session)
    wanted = _may_join(context, user, request)
    fresh = wanted.keys() - user.channels.keys()
    before = channels.look_up(context, user.key, wanted, now)
    joined = []
    for key, name in wanted.items():
        if key not in fresh:
            joined.append(user.channels[key])
            continue
        joined.append(membership.enter(context, user, name, before[key][0], now))
        yield from membership.claim(context, user, joined[-1])
    yield from kept_channels.joined(context, user, joined)
    if request.current:
        session.current = joined[-1].key
    facts = (("channels", [channel.name for channel in joined]),)
    yield Reply(session.sid, Done(now, request.id, "", facts))
    share = len(joined)
    for channel in joined:
        known = before[channel.key]
        again = channel.key not in fresh
        yield from channels.tell_state(
            context, session, channel, known, now, share=share, after=request.after, again=again
        )
        if session.metadata_keys and not again:
            yield from metadata.tell_joined(context, session, channel, now)
        hints = session.reads_hints and not session.knows_end
        if hints and channel.key in fresh and membership.ends_with(channel, user):
            session.knows_end = True
            yield Reply(session.sid, ServerNotice(now, _ends(channel.name)))
        if channel.key in fresh:
            for other in user.sessions:
                if other is not session:
                    yield from channels.tell_state(context, other, channel, known, now, share=share)
            yield from channels.announce_join(context, user, channel, now)


def _ends(name: str) -> str:
    """What a guest is told who has made a channel."""
    return (
        f"{name} ends when everyone has left it, and what was said in it can't be read any more. To make channels that "
        "stay, register your name first (/register)."
    )


def _may_join(context: Context, user: User, request: Join) -> dict[str, str]:
    """The names of the channels by their keys, if the user may go into all of them. Raises Refused."""
    if not request.channels:
        raise Refused("bad-request", "Name a channel, for example: /join #main")
    wanted: dict[str, str] = {}
    words: dict[str, str] = {}
    for name, word in zip_longest(request.channels, request.keys[: len(request.channels)], fillvalue=""):
        problem = names.check_channel_name(name)
        if problem:
            raise Refused("bad-channel", problem, name)
        wanted.setdefault(names.channel_key(name), name)
        words.setdefault(names.channel_key(name), word)
    fresh = wanted.keys() - user.channels.keys()
    most = context.limits.max_channels_per_user
    if fresh and len(user.channels) + len(fresh) > most:
        raise Refused("too-many-channels", f"You can be in at most {most} channels.")
    for key in wanted:
        if key in fresh and key in context.state.channels:
            permissions.check_join(context.state.channels[key], user, words[key])
    channel_shares.check_channels(context, user, len(fresh - context.state.channels.keys()))
    return wanted


@handlers.on(Rejoin)
def rejoin(context: Context, session: Session, request: Rejoin, now: int) -> Iterator[Effect]:
    """Goes back to the channels of the account that the user is not in."""
    user = logged_in(session)
    account = membership.account(user)
    if not account:
        text = "Only the channels of registered names are remembered, and yours is not registered."
        raise Refused("not-registered", text)
    back = kept_channels.look_up(context, account)
    back.check(context, user, 0)
    before = channels.look_up(context, user.key, back.wanted, now)
    for key, name in back.wanted.items():
        yield from kept_channels.enter(context, user, name, before[key][0], now)
    where = [user.channels[key].name for key in back.wanted]
    text = f"You are back in {', '.join(where)}." if where else "You are in all your channels."
    yield Reply(session.sid, Done(now, request.id, text, (("channels", where),)))
    for key in back.wanted:
        for own in user.sessions:
            yield from channels.tell_state(
                context, own, user.channels[key], before[key], now, share=len(where)
            )
        yield from channels.announce_join(context, user, user.channels[key], now)
    yield from back.tell_problems(context, session, now)


@handlers.on(Part)
def part(context: Context, session: Session, request: Part, now: int) -> Iterator[Effect]:
    """Leaves channels."""
    user = logged_in(session)
    if request.everything:
        leaving = dict.fromkeys(user.channels.values())
    else:
        leaving = dict.fromkeys(
            permissions.own_channel(session, name) for name in request.channels or (None,)
        )
    reason = reasons.shortened(request.reason, context.limits)
    for channel in leaving:
        hearers = user.audience if context.is_quiet(channel) else channel.witnesses(user)
        said = reason
        if permissions.is_silenced(channel, user):
            said = ""
            permissions.leave_silenced(context, channel, user)
        yield from kept_channels.left(context, user, channel)
        left = context.remember(channel, Left(now, user.name, channel.name, said, who=user.who), user)
        membership.leave(context, user, channel)
        yield Broadcast(left, hearers, session.sid)
    where = [channel.name for channel in leaving]
    yield Reply(session.sid, Done(now, request.id, f"You left {', '.join(where)}.", (("channels", where),)))

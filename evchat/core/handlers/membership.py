"""Membership: joins, parts, kicks and invitations."""

from __future__ import annotations

from collections.abc import Iterator
from itertools import zip_longest

from evchat.core.audience import pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import channels, membership, operators, permissions, reasons
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.basics import Done
from evchat.protocol.channels import Join, Left, Part
from evchat.protocol.membership import Invite, Invited, InviteSent, InviteTold, Kick, Kicked

handlers = Handlers()


def _online(context: Context, name: str) -> User:
    user = context.state.users.get(names.user_key(name))
    if user is None:
        raise Refused("no-such-user", f"{quoted(name)} is not online.", name)
    return user


@handlers.on(Kick)
def kick(context: Context, session: Session, request: Kick, now: int) -> Iterator[Effect]:
    """Puts a user out of a channel."""
    user = logged_in(session)
    channel, via_oper = permissions.find_moderated(context, session, request.to)
    target = _online(context, request.name)
    if target.key not in channel.members:
        raise Refused("not-a-member", f"{target.name} is not in {channel.name}.", target.name)
    reason = reasons.one_line(request.reason, context.limits)
    hearers = channel.audience
    heard = session.sid in hearers
    kicked = context.remember(
        channel, Kicked(now, target.name, channel.name, user.name, reason, who=user.who)
    )
    membership.leave(context, target, channel)
    text = "" if heard else f"{target.name} was kicked from {channel.name}."
    yield Reply(session.sid, Done(now, request.id, text))
    if via_oper:
        yield from operators.audit(user, "kick", channel.name, f"{target.name} {reason}".rstrip(), now)
    yield Broadcast(kicked, hearers)


@handlers.on(Invite)
def invite(context: Context, session: Session, request: Invite, now: int) -> Iterator[Effect]:
    """Invites a user into a channel. Only an operator's invitation opens what is closed; others just tell of it."""
    user = logged_in(session)
    channel = permissions.find_own(context, session, request.to)
    keeper = membership.is_operator(channel, user)
    via_oper = False
    if not keeper and (modes.INVITE_ONLY in channel.flags or channel.key not in user.channels):
        via_oper = permissions.check_moderator(context, user, channel)
    target = _online(context, request.name)
    if target.key in channel.members:
        raise Refused("already-a-member", f"{target.name} is in {channel.name} already.", target.name)
    yield Reply(session.sid, InviteSent(now, request.id, target.name, channel.name, target.away))
    if via_oper:
        yield from operators.audit(user, "invite", channel.name, target.name, now)
    if target.key in user.blocked_by:
        return
    if keeper or via_oper:
        _let_in(target, channel, context.limits.max_invitations)
    yield Broadcast(Invited(now, target.name, channel.name, user.name, who=user.who), target.audience)
    keepers = pick(
        sid
        for other in sorted(channel.operators, key=lambda user: user.key)
        if other is not user
        for sid in other.sessions
    )
    yield Broadcast(InviteTold(now, target.name, channel.name, user.name, who=user.who), keepers)


def _let_in(user: User, channel: Channel, most: int) -> None:
    """Lets a user in past all modes and bans; of more than `most` invitations the oldest is forgotten."""
    user.invitations.pop(channel, None)
    user.invitations[channel] = None
    if len(user.invitations) > most:
        del user.invitations[next(iter(user.invitations))]


@handlers.on(Join)
def join(context: Context, session: Session, request: Join, now: int) -> Iterator[Effect]:
    """Comes into channels; one that the user is in already is just told again."""
    user = logged_in(session)
    wanted = _may_join(context, user, request)
    fresh = wanted.keys() - user.channels.keys()
    before = channels.look_up(context, user.key, wanted)
    joined = []
    for key, name in wanted.items():
        joined.append(membership.enter(context, user, name, now) if key in fresh else user.channels[key])
        if key in fresh:
            yield from membership.claim(context, user, joined[-1])
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
        if channel.key in fresh:
            for other in user.sessions.values():
                if other is not session:
                    yield from channels.tell_state(context, other, channel, known, now, share=share)
            yield from channels.announce_join(context, user, channel, now)


def _may_join(context: Context, user: User, request: Join) -> dict[str, str]:
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
    most = context.limits.max_channels_per_user
    if fresh and len(user.channels) + len(fresh) > most:
        raise Refused("too-many-channels", f"You can be in {most} channels at most.")
    for key in wanted:
        if key in fresh and key in context.state.channels:
            permissions.check_join(context.state.channels[key], user, words[key])
    made = fresh - context.state.channels.keys()
    most = context.limits.max_channels
    if made and context.state.inhabited + len(made) > most:
        raise Refused("too-many-channels", f"The server has its limit of {most} channels.")
    return wanted


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
        hearers = user.audience if context.is_quiet(channel) else channel.audience
        left = context.remember(channel, Left(now, user.name, channel.name, reason, who=user.who))
        membership.leave(context, user, channel)
        yield Broadcast(left, hearers, session.sid)
    where = [channel.name for channel in leaving]
    yield Reply(session.sid, Done(now, request.id, f"You left {', '.join(where)}.", (("channels", where),)))

"""Kicks and invitations."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core.audience import pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import (
    kept_channels,
    membership,
    operators,
    own_actions,
    permissions,
    reasons,
    screening,
)
from evchat.core.state import Channel, Session, User, latest, logged_in
from evchat.protocol import modes, names
from evchat.protocol.basics import Done
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
    hearers = channel.witnesses(target)
    heard = session.sid in hearers
    kicked = context.remember(
        channel, Kicked(now, target.name, channel.name, user.name, reason, who=user.who), target
    )
    permissions.leave_silenced(context, channel, target)
    yield from kept_channels.left(context, target, channel)
    membership.leave(context, target, channel)
    text = "" if heard else f"{target.name} was kicked from {channel.name}."
    yield Reply(session.sid, Done(now, request.id, text))
    if via_oper:
        yield from operators.audit(user, "kick", channel.name, f"{target.name} {reason}".rstrip(), now)
    yield from own_actions.tell(session, kicked, hearers)


@handlers.on(Invite)
def invite(context: Context, session: Session, request: Invite, now: int) -> Iterator[Effect]:
    """Invites a user to a channel. Only an operator's invitation overrides modes and bans; others only deliver it."""
    user = logged_in(session)
    channel = permissions.find_own(context, session, request.to)
    keeper = membership.is_operator(channel, user)
    via_oper = False
    if not keeper and (modes.INVITE_ONLY in channel.flags or channel.key not in user.channels):
        via_oper = permissions.check_moderator(context, user, channel)
    target = _online(context, request.name)
    if target.key in channel.members:
        raise Refused("already-a-member", f"{target.name} is in {channel.name} already.", target.name)
    screening.check(target, user)
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
        for sid in other.sids
    )
    yield Broadcast(InviteTold(now, target.name, channel.name, user.name, who=user.who), keepers)


def _let_in(user: User, channel: Channel, most: int) -> None:
    """Lets a user in past all modes and bans; of more than `most` invitations the oldest is forgotten."""
    user.invitations = latest(user.invitations, channel, most)

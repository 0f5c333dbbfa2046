"""Who is put out of a channel, and who is asked in."""

from __future__ import annotations

from collections.abc import Iterator
from typing import TYPE_CHECKING

from evchat.core.effects import Broadcast, Effect, Reply
from evchat.core.errors import Refused, quoted
from evchat.core.handlers import channels, operators
from evchat.core.rules import membership, permissions
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.basics import Done
from evchat.protocol.membership import Invite, Invited, InviteSent, InviteTold, Kick, Kicked

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat

_MOST_INVITATIONS = 100
"""That a user can have at once; the oldest is forgotten first."""


def _online(chat: Chat, name: str) -> User:
    user = chat.users.get(names.user_key(name))
    if user is None:
        raise Refused("no-such-user", f"{quoted(name)} is not online.", name)
    return user


def kick(chat: Chat, session: Session, request: Kick, now: int) -> Iterator[Effect]:
    """Puts a user out of a channel."""
    user = logged_in(session)
    channel, via_oper = permissions.find_moderated(chat, session, request.to)
    target = _online(chat, request.name)
    if target.key not in channel.members:
        raise Refused("not-a-member", f"{target.name} is not in {channel.name}.", target.name)
    reason = operators.sentence(request.reason)
    hearers = channel.audience
    heard = session.sid in hearers
    kicked = chat.remember(channel, Kicked(now, target.name, channel.name, user.name, reason, who=user.who))
    channels.exit_(chat, target, channel)
    text = "" if heard else f"{target.name} is put out of {channel.name}."
    yield Reply(session.sid, Done(now, request.id, text))
    if via_oper:
        yield from operators.audit(user, "kick", channel.name, f"{target.name} {reason}".rstrip(), now)
    yield Broadcast(kicked, hearers)


def invite(chat: Chat, session: Session, request: Invite, now: int) -> Iterator[Effect]:
    """Invites a user into a channel. Only an operator's invitation opens what is closed; others just tell of it."""
    user = logged_in(session)
    channel = permissions.find_own(chat, session, request.to)
    keeper = membership.is_operator(channel, user)
    via_oper = False
    if not keeper and (modes.INVITE_ONLY in channel.flags or channel.key not in user.channels):
        via_oper = permissions.check_moderator(chat, user, channel)
    target = _online(chat, request.name)
    if target.key in channel.members:
        raise Refused("already-a-member", f"{target.name} is in {channel.name} already.", target.name)
    yield Reply(session.sid, InviteSent(now, request.id, target.name, channel.name, target.away))
    if via_oper:
        yield from operators.audit(user, "invite", channel.name, target.name, now)
    if target.key in user.blocked_by:
        return
    if keeper or via_oper:
        _let_in(target, channel)
    yield Broadcast(Invited(now, target.name, channel.name, user.name, who=user.who), target.audience)
    keepers = tuple(sid for other in channel.operators if other is not user for sid in other.sessions)
    yield Broadcast(InviteTold(now, target.name, channel.name, user.name, who=user.who), keepers)


def _let_in(user: User, channel: Channel) -> None:
    user.invitations.pop(channel, None)
    user.invitations[channel] = None
    if len(user.invitations) > _MOST_INVITATIONS:
        del user.invitations[next(iter(user.invitations))]

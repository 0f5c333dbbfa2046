"""Deleting messages that were sent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evchat.core import changes
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply, Save
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import (
    history,
    membership,
    operators,
    permissions,
    reasons,
    screening,
    sent_messages,
    undo,
)
from evchat.core.state import Session, User, logged_in
from evchat.protocol import names
from evchat.protocol.basics import Done
from evchat.protocol.messages import Message
from evchat.protocol.redaction import Redact, Redacted

handlers = Handlers()


@handlers.on(Redact)
def redact(context: Context, session: Session, request: Redact, now: int) -> Iterator[Effect]:
    """Deletes a message, for its sender or an operator of its channel."""
    user = logged_in(session)
    if names.is_channel(request.to):
        key = permissions.find_own(context, session, request.to).key
    else:
        key, _ = history.conversation(context, session, request.to)
    said = history.message(context, user.key, key, request.seq)
    if said is None or said.redacted or request.sent_at not in (None, said.at, said.edited or None):
        raise Refused("no-such-message", "No such message, or it was deleted already.")
    as_operator = not sent_messages.is_senders(context, user, said, now) and _check_moderator(
        context, user, key
    )
    reason = reasons.one_line(request.reason, context.limits)
    if _may_not_say_why(context, user, said):
        reason = ""
    rev = context.state.revs[key] = context.rev(key) + 1
    told = Redacted(now, key, said.seq, said.at, said.to, user.name, reason, rev, who=user.who)
    echo = session.copies if names.is_pair(key) else session.echo
    record = changes.RedactedMessage(key, said.seq, user.name, now, reason, rev)
    yield Save(record, partial(undo.unchange, context, key, rev))
    if as_operator:
        yield from operators.audit(
            user, "redact", said.to, f"{said.sender} {said.seq} {reason}".rstrip(), now
        )
    words = "" if echo else "The message was deleted."
    facts = (("to", said.to), ("seq", said.seq), ("rev", rev))
    yield Reply(session.sid, Done(now, request.id, words, facts, told=told))
    yield Broadcast(told, sent_messages.hearers(context, user, said), None if echo else session.sid)


def _may_not_say_why(context: Context, user: User, said: Message) -> bool:
    """Whether a reason would reach those to whom the user may not speak, or who have blocked the user."""
    if names.is_pair(said.conversation):
        keys = said.conversation.split(" ")
        others = [context.state.users[key] for key in keys if key in context.state.users]
        return not user.blocked_by.isdisjoint(keys) or not all(
            screening.hears(other, user) for other in others
        )
    channel = context.state.channels.get(said.conversation)
    if channel is not None:
        return not operators.operates(context, user) and permissions.is_silenced(channel, user)
    return bool(user.blocked_by or context.state.screened) or permissions.is_silenced_anywhere(user)


def _check_moderator(context: Context, user: User, key: str) -> bool:
    """Whether the user may moderate here only as a server operator. Raises Refused if not at all."""
    channel = context.state.channels.get(key)
    if channel is not None and membership.is_operator(channel, user):
        return False
    if operators.operates(context, user) and not names.is_pair(key):
        return True
    raise Refused("not-allowed", "Only the sender or a channel operator can delete a message.")

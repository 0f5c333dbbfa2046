"""Changing the text of messages that were sent."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evchat.core import changes
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply, Save
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import history, membership, messages, permissions, screening, sent_messages, undo
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.basics import Done
from evchat.protocol.editing import Edit, Edited
from evchat.protocol.messages import Message
from evchat.settings.model import milliseconds

handlers = Handlers()


@handlers.on(Edit)
def edit(context: Context, session: Session, request: Edit, now: int) -> Iterator[Effect]:
    """Gives a message another text, for its sender, who must be allowed to say that there now."""
    user = logged_in(session)
    messages.check_text(context, request.text)
    if names.is_channel(request.to):
        key = _where_to_speak(context, session, user, request).key
    else:
        key, _ = history.conversation(context, session, request.to)
    said = history.message(context, user.key, key, request.seq)
    if said is None or said.redacted:
        raise Refused("no-such-message", "No such message, or it was deleted.")
    _check(context, user, said, request.text, now)
    echo = session.copies if names.is_pair(key) else session.echo
    words = "" if echo else "The message was changed."
    if said.text == request.text:
        facts = (("to", said.to), ("seq", said.seq), ("rev", said.rev))
        yield Reply(session.sid, Done(now, request.id, words, facts))
        return
    rev = context.state.revs[key] = context.rev(key) + 1
    told = Edited(
        now, key, said.seq, said.at, said.to, user.name, request.text, rev, said.action, said.notice, who=user.who
    )  # fmt: skip
    record = changes.EditedMessage(key, said.seq, request.text, now, rev)
    yield Save(record, partial(undo.unchange, context, key, rev))
    facts = (("to", said.to), ("seq", said.seq), ("rev", rev))
    yield Reply(session.sid, Done(now, request.id, words, facts, told=told))
    yield Broadcast(told, sent_messages.hearers(context, user, said), None if echo else session.sid)


def _where_to_speak(context: Context, session: Session, user: User, request: Edit) -> Channel:
    """The channel of the message, if the user may say something there that everybody hears."""
    channel = permissions.where_to_speak(context, session, user, request.to, request.text)
    if modes.OP_MODERATED in channel.flags and not membership.has_voice(channel, user):
        raise Refused(
            "moderated", f"{channel.name} is moderated: only its operators would hear you.", channel.name
        )
    return channel


def _check(context: Context, user: User, said: Message, text: str, now: int) -> None:
    """Raises Refused (not-allowed, account-needed, no-queries) unless the user may say that in place of the message."""
    if not sent_messages.is_senders(context, user, said, now):
        raise Refused("not-allowed", "Only its sender can change a message.")
    limit = milliseconds(context.limits.edit_within)
    if said.announced or (limit and now - said.at > limit):
        raise Refused("not-allowed", "This message can't be changed any more.")
    if not names.is_pair(said.conversation) or said.hidden:
        return
    for key in said.conversation.split(" "):
        other = context.state.users.get(key)
        if key in user.blocked_by:
            raise Refused("not-allowed", "This message can't be changed any more.")
        if other is not None and other is not user and other.screens:
            screening.check(other, user, text)

"""Messages and broadcasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evchat.core import records as rec
from evchat.core.audience import NOBODY
from evchat.core.context import Context
from evchat.core.effects import Effect, Post, Save
from evchat.core.registry import Handlers
from evchat.core.rules import announcements, messages, people, permissions, receipts, screening
from evchat.core.state import Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.messages import Announce, Message, SendMessage

handlers = Handlers()


@handlers.on(SendMessage)
def say(context: Context, session: Session, request: SendMessage, now: int) -> Iterable[Effect]:
    """Sends a message to a channel, or to a user, online or not."""
    user = logged_in(session)
    to = request.to
    messages.check_text(context, request.text)
    if request.tags or request.role:
        messages.check_tags(context, request.tags)
        messages.check_role(request.role, to)
    if request.id is not None and (first := receipts.first_answer(context, user, request.id, now)):
        return receipts.again(session, user, first, now)
    # Most names of channels are written as their keys are, and then need not be folded: the user is in one of that key.
    known = user.channels.get(to) if to else None
    if known is not None:
        channel = permissions.may_speak(user, known, request.text)
    elif to and not names.is_channel(to):
        return _say_to_user(context, session, user, to, request, now)
    else:
        channel = permissions.where_to_speak(context, session, user, to, request.text)
    key, hearing = channel.key, request.role
    if request.reply is not None:
        messages.check_reply(context, key, request.reply)
    if modes.OP_MODERATED in channel.flags:
        hearing = messages.hearing_role(channel, user, hearing)
    if hearing:  # what not everyone hears is not kept for everyone
        seq, at, hearers = 0, now, messages.audience_of(channel, user, hearing)
    else:
        (seq, at), hearers = context.next_message(key, now), channel.audience
        context.state.heads[key] = seq
    said = Message(
        at, key, seq, user.name, channel.name, request.text, request.action, request.id, False, False, False,
        request.notice, False, hearing, request.tags, request.joins, bool(hearing) and not request.role,
        request.reply or 0, who=user.who,
    )  # fmt: skip
    own = key not in user.channels  # who is outside does not hear it, and so the answer tells it
    post = Post(said, hearers, session.sid, None if session.echo else session.sid, own)
    if request.id is None:
        return [post]
    return [post, receipts.keep(context, user, request.id, key, seq)]


def _say_to_user(
    context: Context, session: Session, user: User, to: str, request: SendMessage, now: int
) -> list[Effect]:
    key = names.user_key(to)
    if key in names.SERVICES or "@" in to:
        messages.check_no_service(context, to)
    target = context.state.users.get(key)
    if target is None:
        key, name = people.known(context, to)
    else:
        name = target.name
        if target.screens:
            screening.check(target, user, request.text)
    pair = names.pair_key(user.key, key)
    if request.reply is not None:
        messages.check_reply(context, pair, request.reply)
    hidden = key in user.blocked_by
    seq, at = context.next_message(pair, now)
    context.state.heads[pair] = seq
    said = Message(
        at, pair, seq, user.name, name, request.text, request.action, request.id,
        hidden=hidden, notice=request.notice, tags=request.tags, joins=request.joins, reply=request.reply or 0,
        who=user.who,
    )  # fmt: skip
    is_here = False
    if target is None:
        post = Post(said, NOBODY, session.sid, own=True, kept=True)
    else:
        is_here = bool(target.sessions)  # or is held, because the link was lost
        if user.screens:
            screening.note_written(user, target, context.limits.max_written_to)
        hearers = NOBODY if hidden or target is user else target.audience
        post = Post(said, hearers, session.sid, own=True, kept=not is_here, away=target.away)
    effects: list[Effect] = [post]
    if not is_here and not hidden:
        effects.append(Save(rec.InboxEntry(key, pair, seq)))
    if request.id is not None:
        effects.append(receipts.keep(context, user, request.id, pair, seq, to=name, kept=not is_here))
    if len(user.sessions) > 1 or session.copies or target is user:
        effects += messages.own_copies(session, user, target, said)
    return effects


@handlers.on(Announce)
def announce(context: Context, session: Session, request: Announce, now: int) -> Iterator[Effect]:
    """A broadcast to everyone online, or to the users named: each of those gets it as a direct message."""
    user = logged_in(session)
    messages.check_text(context, request.text)
    if request.id is not None and (first := receipts.first_answer(context, user, request.id, now)):
        yield from receipts.again(session, user, first, now)
        return
    permissions.check_broadcast(context, user)
    if request.to:
        yield from announcements.to_users(context, session, user, request, now)
    else:
        yield from announcements.to_everyone(context, session, user, request, now)

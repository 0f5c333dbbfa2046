"""Messages and broadcasts."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace
from functools import partial

from evchat.core import records as rec
from evchat.core.audience import NOBODY, pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Post, Reply, Save
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import messages, people, permissions, receipts, screening, undo
from evchat.core.state import Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.messages import Announce, AnnouncementAccepted, Message, SendMessage
from evchat.protocol.text import count_breaks

handlers = Handlers()


@handlers.on(SendMessage)
def say(context: Context, session: Session, request: SendMessage, now: int) -> Iterable[Effect]:
    """Sends a message to a channel, or to a user, online or not."""
    user = logged_in(session)
    to = request.to
    _check_text(context, request.text)
    if request.tags or request.role:
        messages.check_tags(context, request.tags)
        messages.check_role(request.role, to)
    if request.id is not None and (first := receipts.first_answer(context, user, request.id, now)):
        return receipts.again(session, user, first, now)
    if to and not names.is_channel(to):
        return _say_to_user(context, session, user, to, request, now)
    channel = permissions.where_to_speak(context, session, user, to, request.text)
    key, hearing = channel.key, request.role
    if modes.OP_MODERATED in channel.flags:
        hearing = messages.hearing_role(channel, user, hearing)
    if hearing:  # what not everyone hears is not kept for everyone
        seq, at, hearers = 0, now, messages.audience_of(channel, user, hearing)
    else:
        (seq, at), hearers = context.next_message(key, now), channel.audience
        context.state.heads[key] = seq
    said = Message(
        at, key, seq, user.name, channel.name, request.text, request.action, request.id, False, False, False,
        request.notice, False, hearing, request.tags, request.joins, bool(hearing) and not request.role, who=user.who,
    )  # fmt: skip
    own = key not in user.channels  # who is outside does not hear it, and so the answer tells it
    post = Post(said, hearers, session.sid, None if session.echo else session.sid, own)
    if request.id is None:
        return [post]
    return [post, receipts.keep(context, user, request.id, key, seq)]


def _check_text(context: Context, text: str) -> None:
    if not text or text.isspace():
        raise Refused("empty", "The message is empty.")
    # People and plain clients get a line, or an object, for each line of a message.
    most = context.limits.max_lines
    if len(text) >= most and count_breaks(text) >= most:
        raise Refused("too-long", f"The message is too long (limit {most} lines).")


def _keep(context: Context, said: Message) -> Save:
    context.state.heads[said.conversation] = said.seq
    return Save(said, partial(undo.unsay, context, said))


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
    hidden = key in user.blocked_by
    seq, at = context.next_message(pair, now)
    context.state.heads[pair] = seq
    said = Message(
        at, pair, seq, user.name, name, request.text, request.action, request.id,
        hidden=hidden, notice=request.notice, tags=request.tags, joins=request.joins, who=user.who,
    )  # fmt: skip
    if target is None:
        post = Post(said, NOBODY, session.sid, own=True, kept=True)
    else:
        if user.screens:
            screening.note_written(user, target, context.limits.max_written_to)
        hearers = NOBODY if hidden or target is user else target.audience
        post = Post(said, hearers, session.sid, own=True, away=target.away)
    effects: list[Effect] = [post]
    if target is None and not hidden:
        effects.append(Save(rec.InboxEntry(key, pair, seq)))
    if request.id is not None:
        effects.append(receipts.keep(context, user, request.id, pair, seq, to=name, kept=target is None))
    if len(user.sessions) > 1 or session.copies or target is user:
        effects += _own_copies(session, user, target, said)
    return effects


def _own_copies(session: Session, user: User, target: User | None, said: Message) -> Iterator[Effect]:
    """A direct message to the sender's own sessions, except where the answer says it all."""
    hears = session.copies or (target is user and session.expects.directs_to_itself)
    if hears or len(user.sessions) > 1:
        own = said if target is user else replace(said, own=True)
        yield Broadcast(own, user.audience, None if hears else session.sid)


@handlers.on(Announce)
def announce(context: Context, session: Session, request: Announce, now: int) -> Iterator[Effect]:
    """A broadcast to everyone online, or to the users named: each of those gets it as a direct message."""
    user = logged_in(session)
    _check_text(context, request.text)
    if request.id is not None and (first := receipts.first_answer(context, user, request.id, now)):
        yield from receipts.again(session, user, first, now)
        return
    permissions.check_broadcast(context, user)
    if request.to:
        yield from _announce_to(context, session, user, request, now)
    else:
        yield from _announce_to_all(context, session, user, request, now)


def _announce_to_all(
    context: Context, session: Session, user: User, request: Announce, now: int
) -> Iterator[Effect]:
    everyone = names.EVERYONE
    seq = context.head(everyone) + 1
    at = context.next_time(everyone, now)
    said = Message(
        at, everyone, seq, user.name, everyone, request.text, id=request.id, announced=True, who=user.who
    )
    yield _keep(context, said)
    # Whoever has blocked the sender counts as well: a sender is not told.
    answer = AnnouncementAccepted(now, request.id, len(context.state.users) - 1, (), seq)
    yield from _announced(context, session, user, answer)
    hearers = context.state.online
    deaf = permissions.deaf_to(user) if user.left_silenced else set()
    if user.blocked_by or context.state.screened:
        users = context.state.users
        away_from = {users[key] for key in user.blocked_by if key in users}
        away_from |= {other for other in context.state.screened if not screening.hears(other, user)}
        deaf |= {sid for other in away_from for sid in other.sids}
    if deaf:
        hearers = pick(sid for sid in hearers if sid not in deaf)
    yield Broadcast(said, hearers, None if session.echo else session.sid)


def _announce_to(
    context: Context, session: Session, user: User, request: Announce, now: int
) -> Iterator[Effect]:
    wanted = {names.user_key(name): name for name in request.to}
    wanted.pop(user.key, None)
    most = context.limits.max_recipients
    if len(wanted) > most:
        raise Refused(
            "too-many-recipients",
            f"A broadcast can name at most {most} users. Without names it reaches everyone.",
        )
    for name in wanted.values():
        messages.check_no_service(context, name)
    found = {key: context.state.users.get(key) for key in wanted}
    targets = [target for target in found.values() if target is not None and screening.hears(target, user)]
    reached = {target.key for target in targets}
    missed = tuple(name for key, name in wanted.items() if key not in reached)
    pairs = [names.pair_key(user.key, target.key) for target in targets]
    # All that the store is asked, it is asked before anything changes, because it may fail.
    seqs = [context.head(pair) + 1 for pair in pairs]
    copies = [
        Message(
            context.next_time(pair, now), pair, seq, user.name, target.name, request.text,
            announced=True, hidden=target.key in user.blocked_by, who=user.who,
        )
        for target, pair, seq in zip(targets, pairs, seqs, strict=True)
    ]  # fmt: skip
    for copy in copies:
        yield _keep(context, copy)
    answer = AnnouncementAccepted(now, request.id, len(targets), missed)
    yield from _announced(context, session, user, answer)
    for target, copy in zip(targets, copies, strict=True):
        if not copy.hidden:
            yield Broadcast(copy, target.audience)
        yield from _own_copies(session, user, target, copy)


def _announced(
    context: Context, session: Session, user: User, answer: AnnouncementAccepted
) -> Iterator[Effect]:
    if answer.reply_to is not None:
        facts = {"delivered": answer.delivered, "missed": answer.missed}
        yield receipts.keep(context, user, answer.reply_to, names.EVERYONE, answer.seq or 0, **facts)
    yield Reply(session.sid, answer)

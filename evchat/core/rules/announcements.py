"""Broadcasts: to everyone online, or to the users named, each of whom gets it as a direct message."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial

from evchat.core import records as rec
from evchat.core.audience import pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply, Save
from evchat.core.errors import Refused
from evchat.core.rules import messages, permissions, receipts, screening, undo
from evchat.core.state import Session, User
from evchat.protocol import names
from evchat.protocol.messages import Announce, AnnouncementAccepted, Message


def to_everyone(
    context: Context, session: Session, user: User, request: Announce, now: int
) -> Iterator[Effect]:
    """A broadcast to everyone online."""
    everyone = names.EVERYONE
    seq = context.head(everyone) + 1
    at = context.next_time(everyone, now)
    said = Message(
        at, everyone, seq, user.name, everyone, request.text, id=request.id, announced=True, who=user.who
    )
    yield _keep(context, said)
    # Whoever has blocked the sender counts as well: a sender is not told.
    answer = AnnouncementAccepted(
        now, request.id, len(context.state.users) - context.state.absent() - 1, (), seq
    )
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


def to_users(context: Context, session: Session, user: User, request: Announce, now: int) -> Iterator[Effect]:
    """A broadcast to the users named. Raises Refused (too-many-recipients, no-services), and StoreError."""
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
            if not target.sessions:  # whose link was lost
                yield Save(rec.InboxEntry(target.key, copy.conversation, copy.seq))
        yield from messages.own_copies(session, user, target, copy)


def _announced(
    context: Context, session: Session, user: User, answer: AnnouncementAccepted
) -> Iterator[Effect]:
    if answer.reply_to is not None:
        facts = {"delivered": answer.delivered, "missed": answer.missed}
        yield receipts.keep(context, user, answer.reply_to, names.EVERYONE, answer.seq or 0, **facts)
    yield Reply(session.sid, answer)


def _keep(context: Context, said: Message) -> Save:
    context.state.heads[said.conversation] = said.seq
    return Save(said, partial(undo.unsay, context, said))

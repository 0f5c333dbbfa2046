"""Whose metadata a session may see and change, where it is kept, and which sessions hear of a change."""

from __future__ import annotations

import json
from collections.abc import Iterable, Iterator
from functools import partial

from evchat.core import records as rec
from evchat.core.audience import pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.rules import membership, operators, permissions, persistent_channels
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import names
from evchat.protocol.metadata import MetadataChanged, MetadataEntry, MetadataTold


def find(context: Context, session: Session, to: str | None) -> User | Channel:
    """The channel or user whose metadata a session asks about, itself if `to` is None.

    Raises Refused (no-such-channel, no-such-user): users show theirs to those who see them in a channel.
    """
    user = logged_in(session)
    if to is None:
        return user
    if names.is_channel(to):
        return permissions.find(context, session, to)
    target = context.state.users.get(names.user_key(to))
    if target is None or not _shows_to(target, user):
        raise Refused("no-such-user", f"{quoted(to)} is in no channel with you.", to)
    return target


def _shows_to(target: User, viewer: User) -> bool:
    return (
        target is viewer
        or bool(viewer.operator)
        or any(
            key in viewer.channels and membership.shows(channel, target, viewer)
            for key, channel in target.channels.items()
        )
    )


def find_own(context: Context, session: Session, to: str | None) -> tuple[User | Channel, bool]:
    """The same if the session may change it, and whether only as an operator of the server.

    Raises Refused (no-such-channel, no-such-user, not-allowed, not-operator).
    """
    user = logged_in(session)
    target = find(context, session, to)
    if isinstance(target, Channel):
        return target, permissions.check_moderator(context, user, target)
    if target is not user:
        raise Refused("not-allowed", "You can change your own metadata only.", target.name)
    return target, False


def entries(target: User | Channel, keys: Iterable[str]) -> tuple[MetadataEntry, ...]:
    """What there is under some keys, in their order."""
    return tuple(MetadataEntry(target.name, key, target.metadata.get(key)) for key in keys)


def subscribed(session: Session, target: User | Channel) -> tuple[MetadataEntry, ...]:
    """The values of the keys that a session subscribes to; of a channel also those of its members whom it sees."""
    viewer = logged_in(session)
    shown: list[User | Channel] = [target]
    if isinstance(target, Channel) and target.key in viewer.channels:
        shown += [user for user in target.members.values() if membership.shows(target, user, viewer)]
    return tuple(
        MetadataEntry(one.name, key, text)
        for one in shown
        if one.metadata
        for key, text in one.metadata.items()
        if key in session.metadata_keys
    )


def tell_joined(context: Context, session: Session, channel: Channel, now: int) -> Iterator[Effect]:
    """Tells a session that has just joined what it subscribes to; in a large channel, only that it may ask."""
    if context.is_quiet(channel):
        yield Reply(session.sid, MetadataTold(now, None, channel.name, (), True, True))
    elif found := subscribed(session, channel):
        yield Reply(session.sid, MetadataTold(now, None, channel.name, found, True))


def change(
    context: Context,
    session: Session,
    target: User | Channel,
    values: dict[str, str],
    by_oper: bool,
    now: int,
) -> Iterator[Effect]:
    """Gives a user or a channel these values in place of those that it has: kept, and told to subscribers."""
    user, before = logged_in(session), target.metadata
    target.metadata = values
    undo = partial(setattr, target, "metadata", before)
    if isinstance(target, Channel):
        if target.stays:
            yield Save(persistent_channels.record(target), undo)
        near = hear_values = target.audience
    else:
        if owner := membership.account(target):
            yield Save(rec.MetadataRecord(owner, json.dumps(values, ensure_ascii=False)), undo)
        near = context.peers_of(target)
        # A value is in the user's own words, so it is not told where the user may not speak; that it is gone, is.
        hear_values = permissions.listeners_of(context, target)
    changed = [key for key in {**before, **values} if before.get(key) != values.get(key)]
    if by_oper:
        yield from operators.audit(user, "metadata", target.name, " ".join(changed), now)
    sessions = context.state.sessions
    for key in changed:
        audience = hear_values if key in values else near
        hearers = [sid for sid in audience if sid != session.sid and key in sessions[sid].metadata_keys]
        if hearers:
            told = MetadataChanged(now, target.name, key, values.get(key), user.name, who=user.who)
            yield Broadcast(told, pick(hearers))


def look_up(context: Context, account: str) -> dict[str, str]:
    """What is kept of an account, by its key. Raises StoreError."""
    kept = context.fetch(rec.MetadataOf(account)) if account else []
    return dict(json.loads(kept[0].entries)) if kept else {}

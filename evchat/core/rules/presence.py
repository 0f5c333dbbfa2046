"""Announcements of what becomes of a user, to those around and to those who watch from afar."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from evchat.core.audience import pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply
from evchat.core.rules import permissions
from evchat.core.state import Session, User
from evchat.protocol.authentication import AccountChanged
from evchat.protocol.monitor import MonitorOffline, MonitorOnline
from evchat.protocol.people import PresenceChanged
from evchat.protocol.user_settings import RealnameChanged


def changed(
    context: Context,
    user: User,
    event: PresenceChanged | AccountChanged | RealnameChanged,
    session: Session,
) -> Iterator[Effect]:
    """Tells everyone who shares a channel with `user`, the user's other sessions, and anyone who watches the name.

    `session` is the one that has done it, which hears of it in reply.
    """
    near = context.peers_of(user)
    told = near if isinstance(event, AccountChanged) else permissions.listeners_of(context, user)
    yield Broadcast(event, told, session.sid)
    if isinstance(event, PresenceChanged) and len(told) < len(near):
        heard = set(told)
        bare = replace(event, away=bare_away(event.away))
        yield Broadcast(bare, pick(sid for sid in near if sid not in heard))
    watchers = context.state.watchlist.of(user.key)
    if watchers:
        around = set(near)
        far = pick(sid for sid in watchers if sid not in around)
        yield Broadcast(replace(event, afar=True), far)


def bare_away(text: str | None) -> str | None:
    """That somebody is away, without the words of one who may not speak."""
    return text and "Away."


def stop_watching(context: Context, session: Session) -> None:
    """The session watches nobody any more."""
    for key in session.watching:
        context.state.watchlist.discard(key, session.sid)
    session.watching = {}


def appeared(context: Context, user: User, now: int) -> Iterable[Effect]:
    """Tells those who watch a user's name that it is online."""
    told = MonitorOnline(now, user.name, who=user.who)
    return [Reply(sid, told) for sid in context.state.watchlist.of(user.key)]


def vanished(context: Context, user: User, key: str, name: str, now: int) -> Iterable[Effect]:
    """Tells those who watch a name that its user has given it up."""
    told = MonitorOffline(now, name, who=user.who)
    return [Reply(sid, told) for sid in context.state.watchlist.of(key)]

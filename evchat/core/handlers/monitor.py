"""Watching whether users are online, wherever they are."""

from __future__ import annotations

from collections.abc import Iterator, Mapping

from evchat.core.context import Context
from evchat.core.effects import Effect, Reply
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import people, presence
from evchat.core.state import Session, User, logged_in
from evchat.protocol import names
from evchat.protocol.basics import Done
from evchat.protocol.monitor import ListMonitored, Monitor, MonitorTold

handlers = Handlers()


@handlers.on(Monitor)
def watch(context: Context, session: Session, request: Monitor, now: int) -> Iterator[Effect]:
    """Begins or ends to watch users, whether there is anybody of those names or not."""
    viewer = logged_in(session)
    wanted = {names.user_key(name): name for name in request.names}
    if not request.on:
        for key in wanted.keys() & session.watching.keys():
            context.state.watchlist.discard(key, session.sid)
        session.watching = {key: name for key, name in session.watching.items() if key not in wanted}
        yield Reply(session.sid, Done(now, request.id, "You are no longer watching them."))
        return
    # An illegal name is never online, so it need not be remembered.
    legal = {
        key: name
        for key, name in wanted.items()
        if names.check_user_name(name, unicode_names=True) is None and key not in session.watching
    }
    most = context.limits.max_watched
    if len(session.watching) + len(legal) > most:
        raise Refused("too-many-watched", f"You can watch at most {most} users.", ",".join(legal.values()))
    session.watching = {**session.watching, **legal}
    for key in legal:
        context.state.watchlist.add(key, session.sid)
    yield _told(context, session, viewer, wanted, request.id, now)


@handlers.on(ListMonitored)
def watched(context: Context, session: Session, request: ListMonitored, now: int) -> Iterator[Effect]:
    """Lists whom the session watches, or ends all of it."""
    viewer = logged_in(session)
    if request.clear:
        presence.stop_watching(context, session)
        yield Reply(session.sid, Done(now, request.id, "You are no longer watching anyone."))
    else:
        yield _told(context, session, viewer, session.watching, request.id, now)


def _told(
    context: Context,
    session: Session,
    viewer: User,
    wanted: Mapping[str, str],
    reply_to: str | None,
    now: int,
) -> Reply:
    online = tuple(
        people.person(context, context.state.users[key], viewer, now)
        for key in sorted(wanted)
        if key in context.state.users
    )
    offline = tuple(name for key, name in sorted(wanted.items()) if key not in context.state.users)
    return Reply(session.sid, MonitorTold(now, reply_to, online, offline))

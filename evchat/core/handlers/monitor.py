"""Watching others come and go, wherever they are."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from typing import TYPE_CHECKING

from evchat.core.effects import Effect, Reply
from evchat.core.errors import Refused
from evchat.core.handlers import people
from evchat.core.state import Session, User, logged_in
from evchat.protocol import names
from evchat.protocol.basics import Done
from evchat.protocol.monitor import ListMonitored, Monitor, MonitorOffline, MonitorOnline, MonitorTold

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat


class Watchlist:
    """Which sessions watch which names, by their keys; whoever comes or goes is looked up in one step."""

    def __init__(self) -> None:
        self._by_key: dict[str, dict[int, None]] = {}

    def add(self, key: str, sid: int) -> None:
        """A session watches a name."""
        self._by_key.setdefault(key, {})[sid] = None

    def discard(self, key: str, sid: int) -> None:
        """It does so no longer."""
        sids = self._by_key.get(key, {})
        sids.pop(sid, None)
        if not sids:
            self._by_key.pop(key, None)

    def of(self, key: str) -> tuple[int, ...]:
        """The sessions that watch a name."""
        return tuple(self._by_key.get(key, ()))

    def __len__(self) -> int:
        return sum(map(len, self._by_key.values()))


def watch(chat: Chat, session: Session, request: Monitor, now: int) -> Iterator[Effect]:
    """Begins or ends to watch users, whether there is anybody of those names or not."""
    viewer = logged_in(session)
    wanted = {names.user_key(name): name for name in request.names}
    if not request.on:
        for key in wanted.keys() & session.watching.keys():
            del session.watching[key]
            chat.watchlist.discard(key, session.sid)
        yield Reply(session.sid, Done(now, request.id, "You no longer watch them."))
        return
    # What can't be a name is never online; nobody need remember it.
    legal = {
        key: name
        for key, name in wanted.items()
        if names.check_user_name(name, unicode_names=True) is None and key not in session.watching
    }
    most = chat.rules.max_watched
    if len(session.watching) + len(legal) > most:
        raise Refused("too-many-watched", f"You can watch {most} users at most.", ",".join(legal.values()))
    for key, name in legal.items():
        session.watching[key] = name
        chat.watchlist.add(key, session.sid)
    yield _told(chat, session, viewer, wanted, request.id, now)


def watched(chat: Chat, session: Session, request: ListMonitored, now: int) -> Iterator[Effect]:
    """Lists whom the session watches, or ends all of it."""
    viewer = logged_in(session)
    if request.clear:
        forget(chat, session)
        yield Reply(session.sid, Done(now, request.id, "You watch nobody any more."))
    else:
        yield _told(chat, session, viewer, session.watching, request.id, now)


def _told(
    chat: Chat, session: Session, viewer: User, wanted: dict[str, str], reply_to: str | None, now: int
) -> Reply:
    online = tuple(people.person(chat.users[key], viewer, now) for key in sorted(wanted) if key in chat.users)
    offline = tuple(name for key, name in sorted(wanted.items()) if key not in chat.users)
    return Reply(session.sid, MonitorTold(now, reply_to, online, offline))


def forget(chat: Chat, session: Session) -> None:
    """The session watches nobody any more."""
    for key in session.watching:
        chat.watchlist.discard(key, session.sid)
    session.watching.clear()


def appeared(chat: Chat, user: User, now: int) -> Iterable[Effect]:
    """Tells those who watch a user's name that it is online."""
    told = MonitorOnline(now, user.name, who=user.who)
    return [Reply(sid, told) for sid in chat.watchlist.of(user.key)]


def vanished(chat: Chat, user: User, key: str, name: str, now: int) -> Iterable[Effect]:
    """Tells those who watch a name that its user has given it up."""
    told = MonitorOffline(now, name, who=user.who)
    return [Reply(sid, told) for sid in chat.watchlist.of(key)]

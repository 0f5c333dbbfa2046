"""People: who is and was online, what one may know of them, away, blocking."""

from __future__ import annotations

from collections.abc import Iterator
from functools import partial
from typing import TYPE_CHECKING

from evchat.core import records as rec
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.rules import membership, presence
from evchat.core.state import Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.base import NOBODY, Identity
from evchat.protocol.basics import Done
from evchat.protocol.people import (
    Block,
    BlockedListed,
    ChannelMembership,
    ListBlocked,
    PeopleListed,
    Person,
    PresenceChanged,
    SetAway,
    Who,
    WhoIs,
    WhoIsTold,
    WhoLast,
)

if TYPE_CHECKING:
    from evchat.core.dispatch import Chat

_LONGEST_ASKED = 366 * 24 * 60
"""Minutes back that `wholast` looks: a year."""


def known(chat: Chat, name: str) -> tuple[str, str]:
    """Key and name of somebody who ever used or registered a name. Raises Refused."""
    key = names.user_key(name)
    online = chat.users.get(key)
    if online:
        return key, online.name
    if names.check_user_name(name, unicode_names=True) is None:
        for record in chat.fetch(rec.AccountOf(key)) or chat.fetch(rec.LastSeenOf(key)):
            return key, record.name
    raise Refused("no-such-user", f"Nobody here has ever been called {quoted(name)}.")


def person(user: User, viewer: User, now: int, *, seated: bool = False) -> Person:
    """What `viewer` may know about somebody online; with `seated`, also where else than with `viewer`."""
    common = tuple(channel.name for key, channel in user.channels.items() if key in viewer.channels)
    where: tuple[ChannelMembership, ...] = ()
    if seated:
        shows = not user.invisible or user is viewer or bool(viewer.operator)
        where = tuple(
            ChannelMembership(channel.name, membership.roles(channel, user))
            for channel in user.channels.values()
            if channel.key in viewer.channels or (shows and membership.visible(channel, viewer))
        )
    privy = user is viewer or viewer.operator
    return Person(
        user.name,
        True,
        user.registered,
        user.since,
        now,
        now - user.active,
        user.away,
        common,
        len(user.sessions),
        where,
        bool(user.operator),
        letters(user) if privy else "",
        next(iter(user.sessions.values())).address if privy else "",
        user.who,
    )


def letters(user: User) -> str:
    """The letters of a user's modes, in the order of their table."""
    on = {
        modes.INVISIBLE: user.invisible,
        modes.OPERATOR: bool(user.operator),
        modes.WALLOPS: user.wallops,
        modes.BOT: user.who.bot,
    }
    return "".join(mode.letter for mode in modes.USER_MODES if on[mode.letter])


def who(chat: Chat, session: Session, request: Who, now: int) -> Iterator[Effect]:
    """Lists everyone online, by name."""
    viewer = logged_in(session)
    users = sorted(
        (
            u
            for u in chat.users.values()
            if membership.sees(viewer, u) and not (request.others and u is viewer)
        ),
        key=lambda u: u.key,
    )
    shown = users[: chat.rules.list_max]
    people = tuple(person(user, viewer, now) for user in shown)
    yield Reply(session.sid, PeopleListed(now, request.id, people, omitted=len(users) - len(shown)))


def wholast(chat: Chat, session: Session, request: WhoLast, now: int) -> Iterator[Effect]:
    """Lists who was online in the last so many minutes: those who still are, then the latest gone first."""
    viewer = logged_in(session)
    minutes = max(0, min(request.minutes, _LONGEST_ASKED))
    here = sorted(
        (user for user in chat.users.values() if membership.sees(viewer, user)), key=lambda user: user.key
    )
    people = [person(user, viewer, now) for user in here[: chat.rules.list_max]]
    room = chat.rules.list_max - len(people)
    gone = [
        known
        for known in chat.fetch(rec.SeenSince(now - minutes * 60_000, chat.rules.list_max + len(chat.users)))
        if known.user not in chat.users
    ]
    people += [Person(known.name, False, False, seen=known.seen) for known in gone[:room]]
    omitted = len(here) + len(gone) - len(people)
    yield Reply(session.sid, PeopleListed(now, request.id, tuple(people), minutes, omitted=omitted))


def whois(chat: Chat, session: Session, request: WhoIs, now: int) -> Iterator[Effect]:
    """Tells what one may know about a user, online or not."""
    viewer = logged_in(session)
    key, name = known(chat, request.name)
    user = chat.users.get(key)
    if user is not None:
        told = person(user, viewer, now, seated=True)
    else:
        account = chat.fetch(rec.AccountOf(key))
        last = chat.fetch(rec.LastSeenOf(key))
        who = Identity(account=account[0].name) if account else NOBODY
        told = Person(name, False, bool(account), seen=last[0].seen if last else account[0].at, who=who)
    yield Reply(session.sid, WhoIsTold(now, request.id, told))


def away(chat: Chat, session: Session, request: SetAway, now: int) -> Iterator[Effect]:
    """Says that the user is away, or back."""
    user = logged_in(session)
    text = " ".join((request.text or "").split()) or None
    if text and len(text.encode("utf-8", "replace")) > chat.rules.max_away_bytes:
        raise Refused("too-long", f"An away message has at most {chat.rules.max_away_bytes} bytes.")
    changed = user.away != text
    user.away = text
    words = "You are marked as away." if text else "You are no longer marked as away."
    yield Reply(session.sid, Done(now, request.id, words))
    if changed:
        told = PresenceChanged(now, user.name, text, who=user.who)
        yield from presence.changed(chat, user, told, session.sid)


def block(chat: Chat, session: Session, request: Block, now: int) -> Iterator[Effect]:
    """Blocks a user, or lets one through again."""
    user = logged_in(session)
    key = names.user_key(request.name)
    if key == user.key:
        raise Refused("bad-name", "You can't block yourself.")
    blocked = {blocking.blocked: blocking.name for blocking in chat.fetch(rec.BlockingsOf(user.key))}
    if not request.on and key not in blocked:
        raise Refused("not-blocked", f"You have not blocked {quoted(request.name)}.")
    if request.on and key not in blocked and len(blocked) >= chat.rules.max_blocked:
        raise Refused("too-many-blocked", f"You can block {chat.rules.max_blocked} users at most.")
    name = blocked[key] if key in blocked else known(chat, request.name)[1]
    if request.on != (key in blocked):
        _set_blocked(chat, user.key, key, request.on)
        undo = partial(_set_blocked, chat, user.key, key, not request.on)
        yield Save(rec.Blocking(user.key, key, name, request.on), undo)
    words = (
        f"{name} is blocked: no direct message and no broadcast of theirs reaches you, and they are not told."
        if request.on
        else f"{name} can reach you again."
    )
    yield Reply(session.sid, Done(now, request.id, words))


def _set_blocked(chat: Chat, user: str, blocked: str, on: bool) -> None:
    """Notes it with the one who is blocked, if online: whoever has that name at the time."""
    target = chat.users.get(blocked)
    if target is not None:
        (target.blocked_by.add if on else target.blocked_by.discard)(user)


def list_blocked(chat: Chat, session: Session, request: ListBlocked, now: int) -> Iterator[Effect]:
    """Lists whom one has blocked."""
    user = logged_in(session)
    rows = sorted(chat.fetch(rec.BlockingsOf(user.key)), key=lambda blocking: blocking.blocked)
    yield Reply(session.sid, BlockedListed(now, request.id, tuple(blocking.name for blocking in rows)))

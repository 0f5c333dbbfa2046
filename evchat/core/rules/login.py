"""Logging a session in, and taking it from its user."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Hangup, Reply, Save
from evchat.core.errors import Refused
from evchat.core.rules import (
    absence,
    authentication,
    channels,
    defined_channels,
    inbox,
    kept_channels,
    membership,
    metadata,
    people,
    permissions,
    presence,
    server_bans,
)
from evchat.core.rules.kept_channels import Return
from evchat.core.state import NO_KEYS, Absence, Session, User, logged_in
from evchat.core.unfinished import Asked
from evchat.protocol import modes, names
from evchat.protocol.base import Request
from evchat.protocol.basics import HungUp, ServerNotice
from evchat.protocol.login import Disconnected, LoggedIn, Login
from evchat.protocol.people import FormerName
from evchat.settings.model import Config, milliseconds


def enter(
    context: Context,
    session: Session,
    request: Request,
    name: str,
    key: str,
    *,
    account: str,
    now: int,
    resumed: Session | Absence | None = None,
) -> Iterator[Effect]:
    """Logs a session in under a name that is free for it; `account` is the one whose password was given.

    It takes the place of the one that is `resumed`.
    """
    authentication.check_guest(context, account)
    account_key = names.user_key(account) if account else ""
    who = authentication.identity(context, session, account)
    server_bans.check_not_banned(context, session, name, account_key, now, who)
    user = context.state.users.get(key)
    is_new = user is None
    if user is None:
        user = User(name, key, now, context.monotonic())
        user.blocked_by = frozenset(context.fetch(rec.BlockersOf(key))) or NO_KEYS
        user.who = who
    back = kept_channels.look_up(context, account_key if session.expects.leads_back and not resumed else "")
    start = _start(context, session, user, back) if is_new or back.account else ()
    back.check(context, user, len(start))
    fresh = {**dict(zip(start, start, strict=True)), **back.wanted}
    before = channels.look_up(context, key, (*user.channels, *fresh), now)
    waiting = context.fetch(rec.InboxCount(key))[0]
    unread = inbox.look_up(context, key, waiting, now) if waiting and session.expects.inbox_at_login else None
    values = metadata.look_up(context, account_key) if is_new else user.metadata
    # All that the store is asked, it is asked before anything changes, because it may fail.
    context.state.users[key] = user
    if account:
        user.proved |= {account_key}
    appointed = membership.appoint(user) if account and not is_new else []
    user.metadata = values or user.metadata  # most have none, and share that
    if resumed is not None:
        yield from _replace(context, resumed, now)
    user.add(session)
    if session.asked is not None:
        session.asked = Asked()
    user.active = context.monotonic()
    context.state.online_changed(1)
    context.state.waiting.pop(session.sid, None)
    context.state.most_users = max(context.state.most_users, len(context.state.users))
    if is_new:
        permissions.bring_silenced_back(context, session.address, user)
        context.state.seen_saved[user] = context.monotonic()
    for key_ in start:
        membership.enter(context, user, key_, before[key_][0], now)
    for key_, name_ in back.wanted.items():
        yield from kept_channels.enter(context, user, name_, before[key_][0], now)
    if is_new:
        yield Save(rec.LastSeen(key, name, now), vital=False)
    session.current = names.MAIN if names.MAIN in user.channels else next(iter(user.channels), None)
    answer = _logged_in(context, session, user, request.id, waiting, now, resumed=resumed is not None)
    yield Reply(session.sid, answer)
    share = len(user.channels)
    for channel in user.channels.values():
        known = before[channel.key]
        yield from channels.tell_state(context, session, channel, known, now, share=share, login=True)
        if channel.key in fresh:
            for other in user.sessions:
                if other is not session:
                    yield from channels.tell_state(context, other, channel, known, now, share=share)
            yield from channels.announce_join(context, user, channel, now)
    if back.wanted and not session.full:
        text = f"You are back in {', '.join(back.wanted.values())}."
        yield Reply(session.sid, ServerNotice(now, text))
    yield from back.tell_problems(context, session, now)
    yield from membership.tell_appointed(user, appointed, now)
    if unread is not None:
        yield from inbox.tell(session, user, unread, None, now)
    if is_new:
        yield from presence.appeared(context, user, now)


def resume(context: Context, session: Session, request: Login, token: str, now: int) -> Iterator[Effect]:
    """Goes on with a session that was lost, or is still open on another connection. Raises Refused (resume-unknown)."""
    key = names.user_key(request.name)
    user, place = absence.holder(context, key, token)
    yield from enter(
        context, session, request, user.name, user.key, account=user.who.account, now=now, resumed=place
    )


def _replace(context: Context, place: Session | Absence, now: int) -> Iterator[Effect]:
    """Ends a session that goes on over another connection; nobody but its own client hears of it."""
    if isinstance(place, Absence):
        absence.end(context, place)
        return
    user = logged_in(place)
    presence.stop_watching(context, place)
    user.remove(place)
    context.state.online_changed(-1)
    text = "Your session continues on another connection."
    yield Reply(place.sid, HungUp(now, "resumed", text))
    yield Hangup(place.sid, text)


def _start(context: Context, session: Session, user: User, back: Return) -> tuple[str, ...]:
    """Where a new user starts: in #main, unless the client expects otherwise, and in the channels that the settings
    name; but not where modes and bans forbid it, nor where the user has left.
    """
    wanted = (names.MAIN,) if session.expects.starts_in_main else ()
    keys = dict.fromkeys((*wanted, *defined_channels.auto_joined(context)))
    return tuple(
        key
        for key in keys
        if key not in user.channels and not back.has_left(key) and _may_start(context, key, user)
    )


def _may_start(context: Context, key: str, user: User) -> bool:
    channel = context.state.channels.get(key)
    try:
        if channel is not None:
            permissions.check_join(channel, user, "")
    except Refused:
        return False
    return True


def _logged_in(
    context: Context,
    session: Session,
    user: User,
    reply_to: str | None,
    unread: int,
    now: int,
    *,
    resumed: bool,
) -> LoggedIn:
    main = user.channels[session.current] if session.current else None
    token = absence.give_token(context, session)
    counts = context.state.counts() if session.expects.counts_at_login else None
    return LoggedIn(
        now,
        reply_to,
        user.name,
        user.registered,
        main.name if main else "",
        channels.other_names(context, main, user) if main else (),
        unread,
        "" if session.full and not is_closed(context.config) else context.config.motd,
        len(main.members) if main else 0,
        who=user.who,
        counts=counts,
        metadata=metadata.entries(user, user.metadata),
        resumed=resumed,
        resume=token,
        resume_for=milliseconds(context.limits.absent_for) if token else 0,
    )


def is_closed(config: Config) -> bool:
    """Whether not everyone may log in, so that strangers are not told what those are who may."""
    return bool(config.password) or not config.guests


def leave(context: Context, session: Session, reason: str, now: int) -> Iterator[Effect]:
    """Takes the session from its user; the user goes with the last session, and the others are told."""
    user = session.user
    if user is None:
        return
    presence.stop_watching(context, session)
    user.remove(session)
    context.state.online_changed(-1)
    if not user.places:
        yield from _gone(context, user, session.address, reason, now, now)


def lose(context: Context, session: Session, reason: str, now: int) -> Iterator[Effect]:
    """The same for a session whose link was lost: its user goes when the client has not come back in time."""
    if not absence.begin(context, session, reason, now):
        yield from leave(context, session, reason, now)
        return
    user = logged_in(session)
    presence.stop_watching(context, session)
    user.remove(session)
    context.state.online_changed(-1)


def give_up(context: Context, now: int) -> Iterator[Effect]:
    """Those who were lost and have not come back in time go."""
    for lost, user in absence.overdue(context):
        absence.end(context, lost)
        if not user.places:
            yield from _gone(context, user, lost.address, lost.reason, lost.since, now)


def _gone(context: Context, user: User, address: str, reason: str, seen: int, now: int) -> Iterator[Effect]:
    """A user who was last `seen` at an address is not there any more, and the others are told."""
    del context.state.users[user.key]
    for key in list(user.former):
        people.forget_name(context, user, key)
    context.state.flags_changed(user)
    context.state.name_history.add(
        user.key, FormerName(user.name, now, user.who), context.limits.names_remembered
    )
    context.state.seen_saved.pop(user, None)
    hearers = context.peers_of(user)
    where = tuple(c.name for c in user.channels.values() if modes.SECRET not in c.flags and not c.hides(user))
    gone = Disconnected(now, user.name, reason, where, who=user.who)
    permissions.keep_silenced(context, address, user)
    for channel in list(user.channels.values()):
        context.remember(channel, gone, user)
        membership.leave(context, user, channel)
    yield Save(rec.LastSeen(user.key, user.name, seen), vital=False)
    yield Broadcast(gone, hearers)
    yield from presence.vanished(context, user, user.key, user.name, now)

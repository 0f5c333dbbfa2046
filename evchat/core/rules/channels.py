"""What sessions are told about a channel: its state, its last messages, who has joined."""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from functools import partial

from evchat.core import records as rec
from evchat.core.audience import pick
from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Fetch, Reply
from evchat.core.rules import history, membership, permissions, presence, read_markers
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.base import Event
from evchat.protocol.channels import Entered, Joined, Member
from evchat.protocol.history import HistoryListed
from evchat.protocol.messages import Message
from evchat.protocol.modes import ModesChanged


def other_names(context: Context, channel: Channel, user: User) -> tuple[str, ...]:
    """The names of the others in a channel, in order; in a large one nobody is counted up unasked."""
    if context.is_quiet(channel):
        return ()
    if modes.AUDITORIUM not in channel.flags:
        return tuple([other.name for other in channel.roster.all() if other.name != user.name])
    return tuple(
        sorted(
            (
                other.name
                for other in channel.members.values()
                if other is not user and membership.shows(channel, other, user)
            ),
            key=str.lower,
        )
    )


def shown_members(channel: Channel, viewer: User, *, joined: bool = False) -> tuple[Member, ...]:
    """The members of a channel that show to `viewer`, by name.

    In an auditorium the viewer is not among them, as for everyone else, unless it has just `joined`: clients look
    for themselves in that list (RFC 2812, section 3.2.1).
    """
    if modes.AUDITORIUM not in channel.flags and channel.members.get(viewer.key) is viewer:
        return channel.roster.all()  # where nobody is hidden from members, they see the invisible ones, too
    with_itself = joined or not channel.hides(viewer)
    shown = (
        user
        for user in channel.members.values()
        if membership.sees(viewer, user)
        and membership.shows(channel, user, viewer)
        and (with_itself or user is not viewer)
    )
    people = sorted(shown, key=lambda user: user.name.lower())
    return tuple(membership.member(channel, user) for user in people)


def look_up(
    context: Context, user_key: str, keys: Iterable[str], now: int
) -> dict[str, tuple[int, int, rec.ReadMark]]:
    """The numbers of the last message and the last change in each of these channels, and how far the user has read.

    What a join needs of the store is asked before anything changes, because the store may fail. Raises StoreError.
    """
    found = {}
    for key in keys:
        head = context.head(key)
        begins = history.begins(context, key) if key in context.state.channels else head + 1
        found[key] = head, context.rev(key), read_markers.kept(context, user_key, key, begins, now)
    return found


def tell_state(
    context: Context,
    session: Session,
    channel: Channel,
    before: tuple[int, int, rec.ReadMark],
    now: int,
    *,
    share: int,
    after: int | None = None,
    login: bool = False,
    again: bool = False,
) -> Iterator[Effect]:
    """Tells one session what a channel is like, and what was said there last.

    `before` is what `look_up` found, `share` how many channels are told of at once.
    """
    user = logged_in(session)
    head, rev, mark = before
    members = () if context.is_quiet(channel) else shown_members(channel, user, joined=True)
    yield Reply(
        session.sid,
        Entered(
            now,
            None,
            user.name,
            channel.name,
            channel.topic,
            channel.topic_by,
            channel.topic_at,
            tuple([member.name for member in members]),
            head,
            mark.seq,
            login=login,
            current=permissions.current_channel(session) is channel,
            users=len(channel.members),
            members=members,
            secret=modes.SECRET in channel.flags,
            created=channel.created,
            again=again,
            read_at=mark.at,
            rev=rev,
            who=user.who,
        ),
    )
    if again and after is None and not session.full:
        return  # whoever goes back to a channel has seen what was said there
    recent = context.limits.recent_messages
    if head >= channel.begins and recent:
        above = max(channel.begins - 1, min(after or 0, head))
        # Shared out, so that a login to a hundred channels does not owe the client a hundred times as much.
        query = rec.HistoryOf(
            channel.key, user.key, recent, head + 1, above, context.limits.recent_bytes // share
        )
        yield Fetch(session.sid, query, partial(as_recent, now, channel.name, head, above))


def announce_join(context: Context, user: User, channel: Channel, now: int) -> Iterator[Effect]:
    """Tells the others in a channel that a user joined; in a large channel nobody is told."""
    if not context.is_quiet(channel):
        mine = user.sids
        away = user.away
        if away is not None and permissions.is_silenced(channel, user):
            away = presence.bare_away(away)
        event = Joined(now, user.name, channel.name, away, who=user.who)
        joined = context.remember(channel, event, user)
        hearers = channel.witnesses(user)
        if len(mine) == 1:
            yield Broadcast(joined, hearers, mine[0])
        else:
            yield Broadcast(joined, pick(sid for sid in hearers if sid not in mine))
        if membership.is_appointed(channel, user) and len(channel.members) > 1:
            yield from announce_founder(channel, user, now)


def announce_founder(channel: Channel, user: User, now: int) -> Iterator[Effect]:
    """Tells the others that a channel's owner has joined and is an operator there."""
    mine = user.sids
    others = pick(sid for sid in channel.audience if sid not in mine)
    changes = (modes.Change(True, modes.OPERATOR, user.name),)
    yield Broadcast(ModesChanged(now, channel.name, names.SERVER, changes), others)


def as_recent(at: int, to: str, head: int, after: int, found: list[Message]) -> Event:
    """The recent messages of a channel above `after`, for one who has just come."""
    more = bool(found) and found[0].seq > after + 1
    return HistoryListed(at, None, to, tuple(found), head, more, recent=True)

"""Bans and mutes in a channel, of persons and of masks; those that end do so here."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evchat.core.context import Context
from evchat.core.effects import Broadcast, Effect, Reply, Save
from evchat.core.errors import Refused
from evchat.core.registry import Handlers
from evchat.core.rules import channel_shares, masks, mode_changes, permissions, persistent_channels, persons
from evchat.core.state import Channel, Session, logged_in
from evchat.protocol import modes, names
from evchat.protocol.bans import Ban, Mute
from evchat.protocol.base import Request
from evchat.protocol.basics import Done
from evchat.protocol.modes import Change, ModesChanged

handlers = Handlers()


@handlers.on(Ban)
def ban(context: Context, session: Session, request: Ban, now: int) -> Iterator[Effect]:
    """Lists the bans of a channel, sets one, or removes one."""
    if not request.mask:
        channel = permissions.find(context, session, request.to)
        yield Reply(session.sid, mode_changes.listed(channel, modes.BAN, request.id, now))
        return
    channel, via_oper = permissions.find_moderated(context, session, request.to)
    whom = request.mask
    changes = _set(context, whom, "", 0) if request.on else _lift(context, channel, whom, mutes=False)
    yield from _change(context, session, channel, whom, changes, via_oper, request, now)


@handlers.on(Mute)
def mute(context: Context, session: Session, request: Mute, now: int) -> Iterator[Effect]:
    """Takes the word from somebody, or gives it back."""
    channel, via_oper = permissions.find_moderated(context, session, request.to)
    whom = request.name
    if not request.on:
        changes = _lift(context, channel, whom, mutes=True)
    else:
        user = channel.members.get(names.user_key(whom))
        if user in channel.operators:
            text = f"{user.name} is an operator of {channel.name}: /deop {user.name} first."
            raise Refused("not-allowed", text, user.name)
        minutes = max(0, min(request.minutes, context.limits.max_ban_minutes))
        changes = _set(context, whom, masks.MUTE, now + minutes * 60_000 if minutes else 0)
        if user in channel.voiced:
            changes.append(Change(False, modes.VOICE, user.name))
    yield from _change(context, session, channel, whom, changes, via_oper, request, now)


def _set(context: Context, whom: str, prefix: str, until: int) -> list[Change]:
    """The changes that ban or mute (by the prefix) a person who is online, or else a mask."""
    user = context.state.users.get(names.user_key(whom))
    if user is None:
        return [Change(True, modes.BAN, prefix + whom, until)]
    return [
        Change(True, modes.BAN, prefix + mask, until, user.name) for mask in persons.masks_of(context, user)
    ]


def _lift(context: Context, channel: Channel, whom: str, *, mutes: bool) -> list[Change]:
    """The changes that take back what was done to a person, or else to a mask."""
    found = persons.entries_about(context, channel, modes.BAN, whom, mutes=mutes)
    changes = [Change(False, modes.BAN, entry.mask) for entry in found]
    return changes or [Change(False, modes.BAN, (masks.MUTE if mutes else "") + whom)]


def _change(
    context: Context,
    session: Session,
    channel: Channel,
    whom: str,
    changes: Iterable[Change],
    via_oper: bool,
    request: Request,
    now: int,
) -> Iterator[Effect]:
    """Makes the changes; where not even one can be made, a problem is the answer."""
    problems: list[Refused] = []
    done, undo = mode_changes.apply(context, channel, logged_in(session).name, changes, problems, now)
    if problems and not done:
        raise problems[0]
    text = _beside(context, whom, request) if any(change.on for change in done) else ""
    yield Reply(session.sid, Done(now, request.id, text if done else "Nothing changed."))
    yield from mode_changes.tell(session, channel, done, undo, via_oper, now)


def _beside(context: Context, whom: str, request: Request) -> str:
    """What an operator should know: that nobody is hit now, or that an address is left out, because others would be."""
    user = context.state.users.get(names.user_key(whom))
    if user is None:
        return persons.absent(whom, "mute" if isinstance(request, Mute) else "ban")
    if persons.is_alone(context, user):
        return ""
    return f"By name only, because others share the address of {user.name}."


@handlers.on_tick
def expire(context: Context, now: int) -> Iterator[Effect]:
    """Ends the bans and mutes whose time is over."""
    passed = context.monotonic()
    over: dict[str, list[Change]] = {}
    for (key, letter, mask), end in list(context.state.entry_ends.items()):
        if end <= passed:
            channel = context.state.channels[key]
            entry = channel.lists[letter][mask]
            channel_shares.drop_entry(context, channel, letter, mask)
            over.setdefault(key, []).append(Change(False, letter, entry.mask, whom=entry.whom))
    for key, changes in over.items():
        channel = context.state.channels[key]
        if channel.stays:
            yield Save(persistent_channels.record(channel), vital=False)
        yield Broadcast(ModesChanged(now, channel.name, names.SERVER, tuple(changes)), channel.audience)

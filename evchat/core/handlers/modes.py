"""Channel modes: asked for, changed in a line, and one role or ban at a time."""

from __future__ import annotations

from collections.abc import Callable, Iterator, Sequence
from functools import partial

from evchat.core.context import Context
from evchat.core.effects import Effect, Reply, Save
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import channel_shares, masks, operators, own_actions, permissions, persistent_channels
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes, names, patterns
from evchat.protocol.base import Request
from evchat.protocol.basics import Done, Failed
from evchat.protocol.modes import (
    Ban,
    Change,
    ChannelMode,
    GrantRole,
    ListEntry,
    ModeListed,
    ModesChanged,
    ModesTold,
    Takes,
)
from evchat.protocol.text import harmless

handlers = Handlers()

_LETTERS = tuple(mode.letter for mode in modes.CHANNEL_MODES if mode.takes is Takes.NOTHING)

Undo = Callable[[], None]


@handlers.on(ChannelMode)
def mode(context: Context, session: Session, request: ChannelMode, now: int) -> Iterator[Effect]:
    """Tells or changes a channel's modes; what can't be changed is refused one by one."""
    user = logged_in(session)
    channel = permissions.find(context, session, request.to)
    if request.text is None or not request.text.strip():
        yield Reply(session.sid, _told(channel, user, request.id, now))
        return
    good, bad = modes.parse(request.text)
    most = context.limits.max_mode_changes
    if len(good) + len(bad) > most:
        raise Refused("too-long", f"You can change at most {most} modes at once.")
    asked = [change for change in good if _is_question(change)]
    changes = [change for change in good if not _is_question(change)]
    via_oper = bool(changes) and _check_moderator(context, session, channel)
    problems = [_misread(change) for change in bad]
    done, undo = _apply(context, channel, user, changes, problems, now)
    for letter in dict.fromkeys(change.letter for change in asked):
        yield Reply(session.sid, _listed(channel, letter, request.id, now))
    for problem in problems:
        yield Reply(session.sid, _failed(request, problem, now))
    if not problems and not asked:
        yield Reply(session.sid, Done(now, request.id, "" if done else "Nothing changed."))
    yield from _tell(session, channel, done, undo, via_oper, now)


def _check_moderator(context: Context, session: Session, channel: Channel) -> bool:
    permissions.find_own(context, session, channel.name)
    return permissions.check_moderator(context, logged_in(session), channel)


def _is_question(change: Change) -> bool:
    return modes.BY_LETTER[change.letter].takes is Takes.MASK and change.value is None


def _misread(change: Change) -> Refused:
    known = modes.BY_LETTER.get(change.letter)
    if known is None:
        return Refused("unknown-mode", f"There is no mode {quoted(change.letter)}.", change.letter)
    return Refused(
        "missing-value", f"The mode {known.name} needs a value: {known.takes.value}.", change.letter
    )


def _failed(request: Request, problem: Refused, now: int) -> Failed:
    return Failed(now, request.id, problem.code, problem.text, problem.about, request=request)


@handlers.on(GrantRole)
def grant(context: Context, session: Session, request: GrantRole, now: int) -> Iterator[Effect]:
    """Gives a member of a channel a role, or takes it away."""
    if request.role not in (modes.OPERATOR, modes.VOICE):
        raise Refused("bad-request", "A role is o (channel operators) or v (voice).")
    channel, via_oper = permissions.find_moderated(context, session, request.to)
    change = Change(request.on, request.role, request.name)
    yield from _one(context, session, channel, change, via_oper, request, now)


@handlers.on(Ban)
def ban(context: Context, session: Session, request: Ban, now: int) -> Iterator[Effect]:
    """Lists the bans of a channel, sets one, or removes one."""
    if not request.mask:
        channel = permissions.find(context, session, request.to)
        yield Reply(session.sid, _listed(channel, modes.BAN, request.id, now))
        return
    channel, via_oper = permissions.find_moderated(context, session, request.to)
    change = Change(request.on, modes.BAN, request.mask)
    yield from _one(context, session, channel, change, via_oper, request, now)


def _one(
    context: Context,
    session: Session,
    channel: Channel,
    change: Change,
    via_oper: bool,
    request: Request,
    now: int,
) -> Iterator[Effect]:
    """Makes one change, in which a problem is the answer."""
    user = logged_in(session)
    problems: list[Refused] = []
    done, undo = _apply(context, channel, user, [change], problems, now)
    if problems:
        raise problems[0]
    yield Reply(session.sid, Done(now, request.id, "" if done else "Nothing changed."))
    yield from _tell(session, channel, done, undo, via_oper, now)


def _tell(
    session: Session,
    channel: Channel,
    done: tuple[Change, ...],
    undo: Sequence[Undo],
    via_oper: bool,
    now: int,
) -> Iterator[Effect]:
    """Keeps and tells what was changed."""
    if not done:
        return
    user = logged_in(session)
    if channel.stays:
        yield Save(persistent_channels.record(channel), partial(_take_back, undo))
    if via_oper:
        # Anyone who reads the log need not know the key.
        shown = [Change(x.on, x.letter, "*") if x.letter == modes.KEY else x for x in done]
        yield from operators.audit(user, "mode", channel.name, modes.write(tuple(shown)), now)
    changed = ModesChanged(now, channel.name, user.name, done, who=user.who)
    yield from own_actions.tell(session, changed, channel.audience)


def _take_back(undo: Sequence[Undo]) -> None:
    for step in reversed(undo):
        step()


# ---- asking ---------------------------------------------------------------------------------------------------


def _told(channel: Channel, viewer: User, reply_to: str | None, now: int) -> ModesTold:
    on = [Change(True, letter) for letter in _LETTERS if letter in channel.flags]
    member = viewer.key in channel.members
    if channel.join_key and member:
        on.append(Change(True, modes.KEY, channel.join_key))
    if channel.limit:
        on.append(Change(True, modes.LIMIT, str(channel.limit)))
    if channel.join_key and not member:  # last, so that nothing behind it can be taken for the key
        on.append(Change(True, modes.KEY))
    return ModesTold(now, reply_to, channel.name, tuple(on), channel.created)


def _listed(channel: Channel, letter: str, reply_to: str | None, now: int) -> ModeListed:
    return ModeListed(now, reply_to, channel.name, letter, tuple(channel.lists.get(letter, {}).values()))


# ---- changing -------------------------------------------------------------------------------------------------


def _apply(
    context: Context, channel: Channel, user: User, changes: list[Change], problems: list[Refused], now: int
) -> tuple[tuple[Change, ...], list[Undo]]:
    """Makes the changes that can be made; returns those that changed something, and how each is undone."""
    done: list[Change] = []
    undo: list[Undo] = []
    for change in changes:
        takes = modes.BY_LETTER[change.letter].takes
        try:
            made = _HOW[takes](context, channel, user, change, now)
        except Refused as problem:
            # Its traceback holds this frame, and so the list: a circle that would wait for the garbage collector.
            problems.append(problem.with_traceback(None))
            continue
        if made is not None:
            done.append(made[0])
            undo.append(made[1])
    return tuple(done), undo


_Made = tuple[Change, Undo] | None
"""The complete change and its undo; None if it changes nothing."""


def _flag(context: Context, channel: Channel, user: User, change: Change, now: int) -> _Made:
    flags, letter = channel.flags, change.letter
    if (letter in flags) is change.on:
        return None
    (flags.add if change.on else flags.discard)(letter)
    return change, partial(flags.discard if change.on else flags.add, letter)


def _key(context: Context, channel: Channel, user: User, change: Change, now: int) -> _Made:
    before, join_key = channel.join_key, (change.value or "") if change.on else ""
    if change.on:
        sound = (
            join_key
            and "," not in join_key
            and not join_key.startswith(":")
            and harmless(join_key) == join_key
        )
        most = context.limits.max_key_bytes
        if not sound or len(join_key.encode("utf-8", "replace")) > most:
            text = f"A key is one word of at most {most} bytes, without commas and not starting with a colon."
            raise Refused("bad-value", text, change.letter)
    if join_key == before:
        return None
    channel.join_key = join_key
    return Change(change.on, change.letter, join_key or before), partial(setattr, channel, "join_key", before)


def _limit(context: Context, channel: Channel, user: User, change: Change, now: int) -> _Made:
    before, limit = channel.limit, 0
    if change.on:
        value = change.value or ""
        limit = int(value) if value.isascii() and value.isdecimal() and len(value) < 12 else 0
        most = context.limits.max_member_limit
        if not 0 < limit <= most:
            raise Refused("bad-value", f"A limit is a number from 1 to {most}.", change.letter)
    if limit == before:
        return None
    channel.limit = limit
    told = Change(change.on, change.letter, str(limit) if change.on else None)
    return told, partial(setattr, channel, "limit", before)


def _entry(context: Context, channel: Channel, user: User, change: Change, now: int) -> _Made:
    letter, given = change.letter, change.value or ""
    try:
        mask = masks.canonical(given, context.limits.max_mask)
    except ValueError:
        raise Refused("bad-value", f"{quoted(given)} is not a mask.", letter) from None
    key = patterns.key(mask)
    before = channel.lists.get(letter, {}).get(key)
    if change.on is (before is not None):
        return None
    if before is not None:
        channel_shares.drop_entry(context, channel, letter, key)
        undo = partial(channel_shares.put_entry, context, channel, letter, key, before)
        return Change(False, letter, before.mask), undo
    channel_shares.check_entry(context, channel, mask)
    channel_shares.put_entry(context, channel, letter, key, ListEntry(mask, user.name, now))
    return Change(True, letter, mask), partial(channel_shares.drop_entry, context, channel, letter, key)


def _role(context: Context, channel: Channel, user: User, change: Change, now: int) -> _Made:
    name = change.value or ""
    target = context.state.users.get(names.user_key(name))
    if target is None:
        raise Refused("no-such-user", f"{quoted(name)} is not online.", name)
    if target.key not in channel.members:
        raise Refused("not-a-member", f"{target.name} is not in {channel.name}.", target.name)
    holders = channel.operators if change.letter == modes.OPERATOR else channel.voiced
    if (target in holders) is change.on:
        return None
    channel.set_role(target, change.letter, on=change.on)
    told = Change(change.on, change.letter, target.name)
    return told, partial(_restore, channel, target, change.letter, on=not change.on)


def _restore(channel: Channel, user: User, letter: str, *, on: bool) -> None:
    """Gives a role back to whom it was taken from, or takes it from whom it was given, if still there."""
    if channel.members.get(user.key) is user:
        channel.set_role(user, letter, on=on)


_HOW: dict[Takes, Callable[[Context, Channel, User, Change, int], _Made]] = {
    Takes.NOTHING: _flag,
    Takes.KEY: _key,
    Takes.NUMBER: _limit,
    Takes.MASK: _entry,
    Takes.MEMBER: _role,
}

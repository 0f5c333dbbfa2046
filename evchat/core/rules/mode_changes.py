"""Changes of a channel's modes: each is checked, made, and can be undone."""

from __future__ import annotations

from collections.abc import Callable, Iterable, Iterator, Sequence
from functools import partial

from evchat.core.context import Context
from evchat.core.effects import Effect, Save
from evchat.core.errors import Refused, quoted
from evchat.core.rules import channel_shares, masks, operators, own_actions, persistent_channels
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes, names, patterns
from evchat.protocol.modes import Change, ListEntry, ModeListed, ModesChanged, Takes
from evchat.protocol.text import harmless

Undo = Callable[[], None]


def apply(
    context: Context, channel: Channel, by: str, changes: Iterable[Change], problems: list[Refused], now: int
) -> tuple[tuple[Change, ...], list[Undo]]:
    """Makes the changes that can be made, of which `by` is the author; why the others can't be goes into `problems`.

    Returns the changes that changed something, and how each is undone.
    """
    done: list[Change] = []
    undo: list[Undo] = []
    for change in changes:
        takes = modes.BY_LETTER[change.letter].takes
        try:
            made = _HOW[takes](context, channel, by, change, now)
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


def _flag(context: Context, channel: Channel, by: str, change: Change, now: int) -> _Made:
    flags, letter = channel.flags, change.letter
    if (letter in flags) is change.on:
        return None
    (flags.add if change.on else flags.discard)(letter)
    return change, partial(flags.discard if change.on else flags.add, letter)


def _key(context: Context, channel: Channel, by: str, change: Change, now: int) -> _Made:
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


def _limit(context: Context, channel: Channel, by: str, change: Change, now: int) -> _Made:
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


def _entry(context: Context, channel: Channel, by: str, change: Change, now: int) -> _Made:
    letter, given = change.letter, change.value or ""
    try:
        mask = masks.canonical(given, context.limits.max_mask)
    except ValueError:
        raise Refused("bad-value", f"{quoted(given)} is not a mask.", letter) from None
    key = patterns.key(mask)
    before = channel.lists.get(letter, {}).get(key)
    if (before is None) if not change.on else (before is not None and before.until == change.until):
        return None
    if before is not None:
        end = context.state.entry_ends.get((channel.key, letter, key))
        undo = partial(channel_shares.put_entry, context, channel, letter, key, before, end)
    else:
        undo = partial(channel_shares.drop_entry, context, channel, letter, key)
    if not change.on:
        assert before is not None
        channel_shares.drop_entry(context, channel, letter, key)
        return Change(False, letter, before.mask, whom=before.whom), undo
    if before is None:
        channel_shares.check_entry(context, channel, mask)
    entry = ListEntry(mask, by, now, change.until, change.whom)
    ends = context.monotonic() + change.until - now if change.until else None
    channel_shares.put_entry(context, channel, letter, key, entry, ends)
    return Change(True, letter, mask, change.until, change.whom), undo


def _role(context: Context, channel: Channel, by: str, change: Change, now: int) -> _Made:
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


_HOW: dict[Takes, Callable[[Context, Channel, str, Change, int], _Made]] = {
    Takes.NOTHING: _flag,
    Takes.KEY: _key,
    Takes.NUMBER: _limit,
    Takes.MASK: _entry,
    Takes.MEMBER: _role,
}


# ---- telling


def tell(
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


def listed(channel: Channel, letter: str, reply_to: str | None, now: int) -> ModeListed:
    """One of a channel's lists."""
    return ModeListed(now, reply_to, channel.name, letter, tuple(channel.lists.get(letter, {}).values()))

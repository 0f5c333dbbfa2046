"""Channel modes: asked for, changed in a line, and one role or ban at a time."""

from __future__ import annotations

from collections.abc import Iterator

from evchat.core.context import Context
from evchat.core.effects import Effect, Reply
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import mode_changes, permissions
from evchat.core.state import Channel, Session, User, logged_in
from evchat.protocol import modes
from evchat.protocol.base import Request
from evchat.protocol.basics import Done, Failed
from evchat.protocol.modes import (
    Change,
    ChannelMode,
    GrantRole,
    ModesTold,
    Takes,
)

handlers = Handlers()

_LETTERS = tuple(mode.letter for mode in modes.CHANNEL_MODES if mode.takes is Takes.NOTHING)


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
    done, undo = mode_changes.apply(context, channel, user.name, changes, problems, now)
    for letter in dict.fromkeys(change.letter for change in asked):
        yield Reply(session.sid, mode_changes.listed(channel, letter, request.id, now))
    for problem in problems:
        yield Reply(session.sid, _failed(request, problem, now))
    if not problems and not asked:
        yield Reply(session.sid, Done(now, request.id, "" if done else "Nothing changed."))
    yield from mode_changes.tell(session, channel, done, undo, via_oper, now)


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
    done, undo = mode_changes.apply(context, channel, user.name, [change], problems, now)
    if problems:
        raise problems[0]
    yield Reply(session.sid, Done(now, request.id, "" if done else "Nothing changed."))
    yield from mode_changes.tell(session, channel, done, undo, via_oper, now)


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

"""What users set about themselves: their modes and their real name."""

from __future__ import annotations

from collections.abc import Iterator
from dataclasses import replace

from evchat.core.context import Context
from evchat.core.effects import Effect, Reply
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules import people, presence
from evchat.core.state import Session, User, logged_in
from evchat.protocol import modes, names
from evchat.protocol.basics import Done, Failed
from evchat.protocol.user_settings import (
    RealnameChanged,
    SetRealname,
    UserMode,
    UserModesChanged,
    UserModesTold,
)

handlers = Handlers()

_NO_NAME = "-"
"""What a person types to remove the real name, as with topics."""


@handlers.on(UserMode)
def user_mode(context: Context, session: Session, request: UserMode, now: int) -> Iterator[Effect]:
    """Tells the user's own modes, or changes them; letters that there are not are refused beside the others."""
    user = logged_in(session)
    if request.name and names.user_key(request.name) != user.key:
        _refuse_other(context, request.name)
    if not request.text:
        yield Reply(session.sid, UserModesTold(now, request.id, user.name, people.letters(user)))
        return
    wanted, unknown = modes.parse(request.text, modes.USER_BY_LETTER)
    if unknown:
        letters = "".join(change.letter for change in unknown)
        problem = Refused("unknown-mode", f"There is no user mode {quoted(letters)}.", letters)
        if not wanted:
            raise problem
        told = Failed(now, request.id, problem.code, problem.text, problem.about, request=request)
        yield Reply(session.sid, told)
    changes = tuple(change for change in wanted if _set(user, change))
    context.state.flags_changed(user)
    yield Reply(session.sid, UserModesChanged(now, request.id, user.name, changes))


def _refuse_other(context: Context, name: str) -> None:
    if names.user_key(name) not in context.state.users:
        raise Refused("no-such-user", f"{quoted(name)} is not online.", name)
    raise Refused("not-allowed", "You can only see and change your own modes.", name)


def _set(user: User, change: modes.Change) -> bool:
    """Carries out a change; False if it changes nothing, as when somebody asks to be made an operator like this."""
    on = change.on
    if (change.letter in people.letters(user)) is on:
        return False
    if change.letter == modes.INVISIBLE:
        user.invisible = on
    elif change.letter == modes.WALLOPS:
        user.wallops = on
    elif change.letter in modes.SCREENS:
        user.screens = user.screens | {change.letter} if on else user.screens - {change.letter}
    elif change.letter == modes.BOT:
        user.identify(replace(user.who, bot=on))
    elif on:
        return False
    else:
        user.operator = ""
    return True


@handlers.on(SetRealname)
def realname(context: Context, session: Session, request: SetRealname, now: int) -> Iterator[Effect]:
    """Sets the user's real name."""
    user = logged_in(session)
    text = " ".join(request.text.split())
    if text == _NO_NAME:
        text = ""
    if len(text.encode("utf-8", "replace")) > context.limits.max_realname_bytes:
        raise Refused(
            "too-long", f"The real name is too long (limit {context.limits.max_realname_bytes} bytes)."
        )
    changed = user.who.realname != text
    user.identify(replace(user.who, realname=text))
    yield Reply(session.sid, Done(now, request.id))
    if changed:
        told = RealnameChanged(now, user.name, who=user.who)
        yield Reply(session.sid, told)
        yield from presence.changed(context, user, told, session)

"""Lines that a person types: before the login the answers to what was asked, afterwards messages.

A person is asked for one thing at a time, and the next line is the answer: so a password never becomes a name or a
message, however fast it was typed.
"""

from __future__ import annotations

from collections.abc import Iterable, Iterator
from dataclasses import replace

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.effects import Effect, Post, Reply
from evchat.core.errors import Refused
from evchat.core.handlers import login, messages
from evchat.core.registry import Handlers
from evchat.core.rules import people
from evchat.core.state import Session
from evchat.core.unfinished import Asked
from evchat.protocol import names
from evchat.protocol.authentication import Pass
from evchat.protocol.bare_commands import bare_command
from evchat.protocol.login import Login
from evchat.protocol.messages import SendMessage
from evchat.protocol.typed_lines import Greet, NamePrompt, TypedLine

handlers = Handlers()


@handlers.on(Greet)
def greet(context: Context, session: Session, request: Greet, now: int) -> Iterator[Effect]:
    """Asks a person for the server's password, if it has one, or for a name."""
    locked = bool(context.config.password) and not session.admitted
    session.asked = Asked(server=locked and not request.late)
    session.echo, session.repeats = request.echo, request.repeats
    yield _prompt(context, session, now, answered=request.late)


@handlers.on(TypedLine)
def typed(context: Context, session: Session, request: TypedLine, now: int) -> Iterable[Effect]:
    """A person's line: the answer to what was asked, or a message to the current channel."""
    text = request.text.strip()
    if session.user is not None:
        if not text:
            return ()
        _hold_back(context, session, text)
        told = messages.say(context, session, SendMessage(request.text), now)
        return told if session.repeats else [_unrepeated(effect, session) for effect in told]
    asked = session.asked or Asked()
    if not text:
        asked.name = ""
        return (_prompt(context, session, now),)
    if asked.server and context.config.password and not session.admitted:
        return login.pass_(context, session, Pass(text), now)
    return login.login(context, session, _login(context, asked, text), now)


def _unrepeated(effect: Effect, session: Session) -> Effect:
    """The effect without the copy of a message for the session that has sent it."""
    return replace(effect, but=session.sid) if isinstance(effect, Post) else effect


def _hold_back(context: Context, session: Session, text: str) -> None:
    """Holds a line back, once, that users of older systems type as a command: it may be meant for one person.

    Raises Refused (held-back).
    """
    held, session.held_back = session.held_back, ""
    command = bare_command(text)
    if command is None or held == text or session.current is None:
        return
    try:
        for name in command.users:
            people.known(context, name)
    except Refused:
        return  # nobody has that name, so it is a sentence
    session.held_back = text
    where = context.state.channels[session.current].name
    raise Refused("held-back", f"Did you mean {command.meant}? Type it again to say it to {where}.")


def _login(context: Context, asked: Asked, text: str) -> Login:
    """The login that a line stands for: a password, a name, or a registered name with its password behind it."""
    if asked.name:
        return Login(asked.name, text)
    name, space, password = text.partition(" ")
    if not space:
        return Login(text)
    if names.check_user_name(name, unicode_names=True) is None and context.fetch(
        rec.AccountOf(names.user_key(name))
    ):
        return Login(name, password.strip())
    raise Refused(
        "bad-name", "Type your name alone, without spaces. If it has a password, you are asked for it."
    )


def _prompt(context: Context, session: Session, now: int, *, answered: bool = False) -> Reply:
    server = session.asked is not None and session.asked.server
    return Reply(session.sid, NamePrompt(now, context.config.name, password=server, answered=answered))

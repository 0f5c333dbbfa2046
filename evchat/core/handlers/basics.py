"""What needs no login: hello, help, ping, and bytes that were no request."""

from __future__ import annotations

from collections.abc import Iterable, Iterator

from evchat import __version__
from evchat.core.context import Context
from evchat.core.effects import Effect, Hangup, Reply
from evchat.core.errors import Refused, quoted
from evchat.core.registry import Handlers
from evchat.core.rules.login import is_closed
from evchat.core.state import Session
from evchat.protocol.basics import (
    Failed,
    Hello,
    Help,
    Helped,
    LocalReply,
    Malformed,
    Ping,
    Pong,
    Ponged,
    ReplyLocally,
    Welcomed,
)
from evchat.protocol.commands import BY_NAME, BY_WORD, COMMANDS
from evchat.protocol.help_groups import ALL, BY_GROUP
from evchat.protocol.lines import SUGGESTIONS

handlers = Handlers()

PROTOCOL_VERSION = 1

FEATURES = (
    "history", "inbox", "directs", "search", "accounts", "read", "ids", "modes", "operators", "redact", "typing",
    "watch", "rooms", "rev", "reply", "edit",
)  # fmt: skip
"""The features that clients may rely on; PROTOCOL.md explains each."""

_TOLD = (
    "max_clients", "history_max", "max_channels_per_user", "max_recipients", "max_lines", "command_burst",
    "max_topic_bytes",
)  # fmt: skip
"""The limits that a client is told, beside that of an object's size."""


@handlers.on(Hello)
def hello(context: Context, session: Session, request: Hello, now: int) -> Iterator[Effect]:
    """Makes the session one of a full client."""
    if session.started:
        raise Refused("bad-request", "hello must be the first request of a connection.")
    if request.version < 1:
        raise Refused("bad-request", f"This server speaks version {PROTOCOL_VERSION} of the protocol.")
    session.full, session.echo = True, request.echo
    limits = context.limits
    yield Reply(
        session.sid,
        Welcomed(
            now,
            request.id,
            context.config.name,
            __version__,
            PROTOCOL_VERSION,
            (
                ("object_bytes", limits.max_object_bytes),
                *((name, int(getattr(limits, name))) for name in _TOLD),
            ),
            FEATURES,
            "" if is_closed(context.config) else context.config.motd,
        ),
    )


@handlers.on(Help)
def help_(context: Context, session: Session, request: Help, now: int) -> Iterator[Effect]:
    """The commands from their table: all, a group of them, or one."""
    if not request.command:
        yield Reply(session.sid, Helped(now, request.id, COMMANDS))
        return
    word = request.command.lstrip("/-").lower()
    group = BY_GROUP.get(word)
    if group is not None or word == ALL:
        commands = COMMANDS if group is None else group.commands
        yield Reply(session.sid, Helped(now, request.id, commands, topic=word))
        return
    command = BY_WORD.get(word) or BY_NAME.get(word)
    if command is None:
        meant = SUGGESTIONS.sentence(word) or f" help {ALL} lists them."
        raise Refused("unknown-command", f"There is no command {quoted(request.command)}.{meant}")
    yield Reply(session.sid, Helped(now, request.id, (command,), one=True))


@handlers.on(Ping)
def ping(context: Context, session: Session, request: Ping, now: int) -> Iterator[Effect]:
    """The same back."""
    yield Reply(session.sid, Ponged(now, request.id, request.token))


@handlers.on(Pong)
def pong(context: Context, session: Session, request: Pong, now: int) -> Iterable[Effect]:
    """A sign of life needs no answer."""
    return ()


@handlers.on(Malformed)
def malformed(context: Context, session: Session, request: Malformed, now: int) -> Iterator[Effect]:
    """Says what was wrong; if nothing sensible can follow, hangs up."""
    yield Reply(session.sid, Failed(now, request.id, request.code, request.reason))
    if request.fatal:
        yield Hangup(session.sid, request.reason)


@handlers.on(ReplyLocally)
def aside(context: Context, session: Session, request: ReplyLocally, now: int) -> Iterator[Effect]:
    """Returns a dialect's local reply in its turn."""
    yield Reply(session.sid, LocalReply(now, request.payload))

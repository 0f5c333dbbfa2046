"""The protocol itself: greeting, help, pings, refusals and server notices."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class Hello(Request):
    """A full client introduces itself. With `echo`, its own messages come back like anybody else's."""

    traits = Traits(shared=False)

    version: int = 1
    client: str = ""
    echo: bool = False


@value
class Help(Request):
    """Asks for the commands, or for one of them."""

    traits = Traits(heavy=True)

    command: str | None = None


@value
class Ping(Request):
    """Asks for the token back: a text, or whatever a JSON client sent."""

    traits = Traits(activity=False, shared=False, standalone=True)

    token: object = ""


@value
class Pong(Request):
    """The answer to the server's ping. It has no answer itself."""

    traits = Traits(activity=False)

    token: object = ""


@value
class Malformed(Request):
    """Bytes that are not a request: `reason` is a sentence for the user; `fatal` closes the connection."""

    traits = Traits(standalone=True)

    reason: str
    code: str = "bad-request"
    fatal: bool = False


@value
class ReplyLocally(Request):
    """Something a dialect has to tell its own client in its turn: it comes back as a `LocalReply`."""

    traits = Traits(cost=0.1, shared=False)

    payload: object


@value
class Failed(Answer):
    """The request was refused: `code` is a stable short word, `text` says what was wrong and what to do.

    `about` is the name or word that was wrong, if the request holds several; `suggestion` is one that would do.
    `free_in` are the milliseconds after which the name is free, if its user does not come back before; 0: unknown.
    """

    code: str
    text: str
    about: str = ""
    suggestion: str = field(default="", kw_only=True)
    free_in: int = field(default=0, kw_only=True)
    request: Request | None = field(default=None, compare=False, kw_only=True)


@value
class Done(Answer):
    """The request was carried out; `text` says so to a person (empty if the events that follow say it).

    `facts` are further keys for programs, as (key, value) pairs: ("name", text) after a change of nick, ("channels",
    list of names) after a join or part, ("to", name) and ("seq", number) after a read marker was set to a message.
    """

    text: str = ""
    facts: tuple[tuple[str, object], ...] = ()
    told: Event | None = field(default=None, compare=False)
    """The event that others get, if the session that asked does not get it too."""


@value
class Welcomed(Answer):
    """The answer to a full client's hello. `limits` are (name, number) pairs."""

    server: str
    version: str
    protocol: int
    limits: tuple[tuple[str, int], ...]
    features: tuple[str, ...]
    motd: str = ""


@value
class Ponged(Answer):
    """The token of a ping, sent back."""

    token: object


@value
class Helped(Answer):
    """The commands asked about: all of them, those of a group, or `one`. `topic` is the group, or "all"."""

    commands: tuple[Command, ...]
    one: bool = False
    topic: str = ""


@value
class Pinged(Event):
    """The server asks whether the client is still there."""

    token: str


@value
class ServerNotice(Event):
    """A sentence from the server to its users."""

    text: str


@value
class Stopping(Event):
    """The server is going down."""

    reason: str


@value
class HungUp(Event):
    """The last event on a connection that the server closes: an error code and a sentence."""

    code: str
    reason: str


@value
class RequestContext(Event):
    """The request that the next events of this session answer. Only for dialects that ask for it."""

    request: Request


@value
class LocalReply(Event):
    """What `ReplyLocally` held, come back in its turn."""

    payload: object


COMMANDS: tuple[Command, ...] = (
    Command(
        "hello",
        Hello,
        "Introduces a full client.",
        (
            Param("version", Kind.NUMBER, "version", key="content.version", required=True, line=False),
            Param("client", Kind.WORD, "client", key="content.client", line=False),
            Param("echo", Kind.FLAG, "echo", key="echo", line=False),
        ),
        anyone=True,
    ),
    Command(
        "ping",
        Ping,
        "Checks the connection: the server sends the text back.",
        (Param("token", Kind.ANY, "anything"),),
        words=("ping",),
        anyone=True,
    ),
    Command(
        "pong",
        Pong,
        "Answers the server's ping.",
        (Param("token", Kind.ANY, "anything"),),
        anyone=True,
    ),
    Command(
        "help",
        Help,
        "Shows how to begin; with a word: a group of commands, or one of them.",
        (Param("command", Kind.WORD, "word"),),
        words=("help",),
        slash_words=("h", "?"),
        anyone=True,
        lenient=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""

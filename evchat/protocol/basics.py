"""The protocol itself: greeting, help, signs of life, refusals and notices of the server."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class Hello(Request):
    """A full client introduces itself. With `echo` it hears its own messages like anybody else's."""

    traits = Traits(shared=False)

    version: int = 1
    client: str = ""
    echo: bool = False


@value
class Greet(Request):
    """A person has come to the text protocol and is to be asked for a name."""


@value
class Help(Request):
    """Asks for the commands, or for one of them."""

    traits = Traits(heavy=True)

    command: str | None = None


@value
class Ping(Request):
    """Asks for the same token back: a text, or whatever a JSON client sent."""

    traits = Traits(activity=False, shared=False)

    token: object = ""


@value
class Pong(Request):
    """A sign of life, in answer to the server's ping. Has no answer itself."""

    traits = Traits(activity=False)

    token: object = ""


@value
class Malformed(Request):
    """Bytes that are no request: `reason` is a sentence for the user; `fatal` closes the connection."""

    reason: str
    code: str = "bad-request"
    fatal: bool = False


@value
class TypedLine(Request):
    """A line of a person that is no command: a name before login, a message to the current channel after it."""

    text: str


@value
class ReplyLocally(Request):
    """What a dialect has to tell its own client in its turn: comes back as the event of the same name."""

    traits = Traits(cost=0.1, shared=False)

    payload: object


@value
class Failed(Answer):
    """The request was refused: `code` is a stable short word, `text` says what was wrong and what to do.

    `about` is the name or word that was wrong, where the request holds several.
    """

    code: str
    text: str
    about: str = ""
    request: Request | None = field(default=None, compare=False, kw_only=True)


@value
class Done(Answer):
    """The request was carried out; `text` tells a person so (empty if the events that follow say it).

    `facts` are further keys for programs, as (key, value) pairs: ("name", text) after a change of nick, ("channels",
    list of names) after a join or part, ("to", name) and ("seq", number) after a read marker was set to a message.
    """

    text: str = ""
    facts: tuple[tuple[str, object], ...] = ()
    told: Event | None = field(default=None, compare=False)
    """What others hear of it, where the one who asked does not hear it too."""


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
    """A ping's token back."""

    token: object


@value
class Helped(Answer):
    """The commands asked about."""

    commands: tuple[Command, ...]
    one: bool = False


@value
class Pinged(Event):
    """The server asks for a sign of life."""

    token: str


@value
class ServerNotice(Event):
    """The server tells its users something, in a sentence."""

    text: str


@value
class Stopping(Event):
    """The server goes down."""

    reason: str


@value
class HungUp(Event):
    """The last words to a connection that the server closes: a stable short word and a sentence."""

    code: str
    reason: str


@value
class NamePrompt(Event):
    """Asks a person for a name."""


@value
class RequestContext(Event):
    """What follows for this session answers this request. Told to dialects that ask for it."""

    request: Request


@value
class LocalReply(Event):
    """A dialect's own word to its client, come back in its turn."""

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
        "Asks the server to send the same text back.",
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
        "Lists the commands, or explains one.",
        (Param("command", Kind.WORD, "command"),),
        words=("help",),
        anyone=True,
        lenient=True,
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""

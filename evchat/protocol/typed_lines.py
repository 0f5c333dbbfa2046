"""Lines that a person types to the server itself, and what is asked before."""

from __future__ import annotations

from evchat.protocol.base import Event, Request
from evchat.protocol.command import Command
from evchat.protocol.value import value


@value
class Greet(Request):
    """A person has connected to the text protocol and is to be asked for a name; `late` if a line was typed before,
    which is then the name. Without `echo`, the client does not hear its own messages, and without `repeats` not the
    lines that are typed as messages, because the person has them on the screen already.
    """

    late: bool = False
    echo: bool = True
    repeats: bool = True


@value
class TypedLine(Request):
    """A line that a person typed and that is not a command: before login the answer to what was asked (a name, a
    password), afterwards a message to the current channel.
    """

    text: str


@value
class NamePrompt(Event):
    """Welcomes a person to the `server` and asks for a name or, if `password`, for the server's password. With
    `answered`, it only welcomes, because the name is given already.
    """

    server: str = "evchat"
    password: bool = False
    answered: bool = False


COMMANDS: tuple[Command, ...] = ()
"""None: they are what is typed without one."""

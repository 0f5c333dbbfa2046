"""What a command is: its names, what it takes, and how it is typed. The table of them is `evchat.protocol.commands`."""

from __future__ import annotations

from dataclasses import dataclass
from enum import Enum

from evchat.protocol.base import Request


class Kind(Enum):
    """What a parameter is, and so how it is read."""

    TEXT = "the rest of the line"
    WORD = "one word"
    USER = "a user's name"
    CHANNEL = "a channel's name"
    PLACE = "a channel's or a user's name"
    USERS = "users' names with commas between them"
    WORDS = "words with commas between them"
    CHANNELS = "channels' names with commas between them"
    NUMBER = "a whole number"
    FLAG = "true or false"
    TYPING = "active, paused or done"
    ANY = "anything"


@dataclass(frozen=True, slots=True)
class Param:
    """A parameter: the field of the request, what it is, its key in a JSON object, and how help shows it.

    `required` holds for JSON; `typed` for a line of text, where None means the same as `required` and
    `line` False that a line can't give it at all. `marker` is a word that must stand before it in a line.
    A `secret` one is never shown, kept or logged. Without one that is `here`, the channel or conversation that the
    sender looks at is meant.
    """

    field: str
    kind: Kind
    hint: str
    key: str = "content"
    required: bool = False
    typed: bool | None = None
    line: bool = True
    marker: str = ""
    secret: bool = False
    here: bool = False

    @property
    def must_be_typed(self) -> bool:
        """Whether a line of text must give it."""
        return self.required if self.typed is None else self.typed


@dataclass(frozen=True, slots=True)
class Command:
    """A command: `name` is the request's name on the wire, `words` are what a person types behind `/` or `-`.

    `params` stand in the order of a line of text. `fixed` are fields that the command itself sets.
    `anyone` means that it is allowed before login. `lenient` means that a plain JSON client may send any content.
    `confirm` means that nothing else shows a person that it was carried out, so that a client has to say it.
    """

    name: str
    request: type[Request]
    summary: str
    params: tuple[Param, ...] = ()
    words: tuple[str, ...] = ()
    aliases: tuple[str, ...] = ()
    fixed: tuple[tuple[str, object], ...] = ()
    anyone: bool = False
    lenient: bool = False
    confirm: bool = False

    @property
    def usage(self) -> str:
        """How to type it, as in `/history [#channel or name] [number]`; empty if no line can give it."""
        if not self.words:
            return ""
        parts = ["/" + self.words[0]]
        for param in self.params:
            if param.line:
                text = f"{param.marker} {param.hint}".strip()
                parts.append(text if param.must_be_typed else f"[{text}]")
        return " ".join(parts)


WHERE = Param("to", Kind.CHANNEL, "#channel", key="to", here=True)
"""The channel that a command is about; without it, the current one."""

NAME = Param("name", Kind.USER, "name", required=True)
REASON = Param("reason", Kind.TEXT, "reason", key="reason")

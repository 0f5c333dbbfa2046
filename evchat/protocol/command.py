"""Commands and parameters: the types of the table in `evchat.protocol.commands`."""

from __future__ import annotations

from enum import Enum

from evchat.protocol.base import Request
from evchat.protocol.value import value


class Kind(Enum):
    """The kind of a parameter, which decides how it is read."""

    TEXT = "the rest of the line"
    WORD = "one word"
    USER = "a user's name"
    CHANNEL = "a channel's name"
    PLACE = "a channel's or a user's name"
    USERS = "users' names, separated by commas"
    WORDS = "words, separated by commas"
    CHANNELS = "channels' names, separated by commas"
    NUMBER = "a whole number"
    FLAG = "true or false"
    TYPING = "active, paused or done"
    ANY = "anything"


@value
class Param:
    """A parameter: the field of the request, what it is, its key in a JSON object, and how help shows it.

    `required` applies to JSON and `typed` to a line of text, where None means the same as `required` and
    `line` False means that a line can't give it at all. `marker` is a word that must stand before it in a line.
    A `secret` one is never shown, kept or logged; clients ask for it if it is left out, and `twice` for a new one.
    What follows a match of `secret_after` in it is as secret. If one that is `here` is left out, the sender's current
    channel or conversation is meant.
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
    twice: bool = False
    secret_after: str = ""
    here: bool = False

    @property
    def must_be_typed(self) -> bool:
        """Whether a line of text must give it."""
        return self.required if self.typed is None else self.typed


@value
class Command:
    """A command: `name` is the request's name on the wire, `words` are what a person types behind `/` or `-`.

    `slash_words` are further ones behind `/` alone: behind a dash, such words are options and smileys more often.
    `params` are in the order of a typed line. `fixed` are fields that the command itself sets.
    `anyone` means that it is allowed before login. `lenient` means that a plain JSON client may send any content.
    `confirm` means that nothing else shows that it was carried out, so a client has to say so.
    """

    name: str
    request: type[Request]
    summary: str
    params: tuple[Param, ...] = ()
    words: tuple[str, ...] = ()
    slash_words: tuple[str, ...] = ()
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
"""The channel that a command applies to; without it, the current one."""

NAME = Param("name", Kind.USER, "name", required=True)
REASON = Param("reason", Kind.TEXT, "reason", key="reason")

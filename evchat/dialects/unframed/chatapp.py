"""The dialect of the clients of `chatapp://`: channels without `#`, commands behind `-`."""

from __future__ import annotations

from collections.abc import Sequence

from evchat.dialects.base import Action
from evchat.dialects.unframed.dialect import UnframedDialect
from evchat.protocol.base import Event
from evchat.protocol.basics import Failed, HungUp, Stopping
from evchat.protocol.channels import Joined, Left
from evchat.protocol.login import Disconnected, LoggedOut, Login
from evchat.protocol.messages import Message
from evchat.protocol.names import MAIN, channel_key
from evchat.protocol.text import harmless
from evchat.protocol.typed_lines import NamePrompt, TypedLine

_NAME = b"NAME\n"
_INVALID_NAME = b"INVALID_NAME\n"
_DISCONNECT = b"DISCONNECT\n"


class ChatappDialect(UnframedDialect):
    """`NAME` asks for a name and `INVALID_NAME` refuses one; `DISCONNECT` ends the client. Each is a frame alone."""

    name = "chatapp"
    compared = frozenset({"NAME", "INVALID_NAME", "DISCONNECT"})

    __slots__ = ()

    def line(self, line: str) -> Sequence[Action]:
        """Until the login every line is a name, also behind one that is registered: the client knows no passwords."""
        requests = super().line(line)
        return requests if self.logged_in else [Login(line) if type(r) is TypedLine else r for r in requests]

    def prompt(self, event: NamePrompt) -> bytes:
        """The word for it."""
        return _NAME

    def not_let_in(self, event: Failed) -> bytes:
        """The word for it: the client has a sentence of its own."""
        return _INVALID_NAME

    def goodbye(self, event: LoggedOut) -> bytes:
        """The client ends, or is asked for another name."""
        return _DISCONNECT if event.closing else super().goodbye(event) + _NAME

    def last_words(self, event: HungUp) -> bytes:
        """The client ends, too."""
        return super().last_words(event) + _DISCONNECT

    def encode(self, event: Event) -> bytes:
        """When the server stops, the client ends."""
        told = super().encode(event)
        return told + _DISCONNECT if type(event) is Stopping else told

    def place(self, said: Message) -> str:
        """Always there, and without the `#`."""
        return super().place(said).replace("[#", "[", 1) or "[main] "

    def words(self, event: Event) -> Sequence[str]:
        """`name joined!` and `name left!`; behind the channel, if that is not main."""
        if isinstance(event, Joined):
            return [f"{_channel(event.channel)}{event.name} joined!"]
        if isinstance(event, Left):
            return [f"{_channel(event.channel)}{event.name} left!"]
        return [f"{event.name} left!"] if isinstance(event, Disconnected) else super().words(event)


def _channel(name: str) -> str:
    return "" if channel_key(name) == MAIN else f"[{harmless(name).removeprefix('#')}] "

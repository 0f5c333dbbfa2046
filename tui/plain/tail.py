"""The room that `--tail` reads: which messages are of it, and when there will be no more."""

from __future__ import annotations

from evchat.protocol.names import channel_key, is_channel, user_key
from tui.model.server_events import Kicked

TYPE_CHECKING = False
if TYPE_CHECKING:
    from tui.model.server_events import Left, Message


def is_of(tail: str | None, message: Message) -> bool:
    """Whether a message is of the room that is only read, if there is one."""
    if tail is None:
        return False
    key = channel_key if is_channel(tail) else user_key
    return key(message.room) == key(tail)


def puts_out(tail: str, event: Kicked | Left, user: str) -> bool:
    """Whether the `user` has left the channel that is only read: nothing more comes from there."""
    who = event.name if isinstance(event, Kicked) else event.sender
    return user_key(who) == user_key(user) and channel_key(event.to) == channel_key(tail)

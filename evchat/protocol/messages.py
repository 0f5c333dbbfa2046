"""Messages to channels and users, and announcements to everyone."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class SendMessage(Request):
    """A message to a channel or a user; without `to`, to the current channel. `action` marks a /me.

    A `notice` must not be answered by programs. With a `role` ("o" or "v"), only members who have it receive the
    message. `tags` are what clients tell each other beside the text, as (name, value) pairs. `joins`: see the event
    `Message`. `reply` is the number of the message of the same conversation that this one answers.
    """

    traits = Traits(long=True)

    text: str
    to: str | None = None
    action: bool = False
    notice: bool = False
    role: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    joins: tuple[int, ...] = ()
    reply: int | None = None


@value
class Announce(Request):
    """A broadcast: to everyone online, or to the users named."""

    traits = Traits(long=True, heavy=True)

    text: str
    to: tuple[str, ...] = ()


@value
class Message(Event):
    """A message, as it is sent, stored and found.

    `conversation` is the key of the conversation that `seq` counts in: a channel's key, `pair_key` of two users, or
    `*`. `to` is the name of the channel or user, or `*`. `id` is the sender's own id of the message. `announced` marks
    a broadcast. `own` marks the copy of a direct message for the other sessions of its own sender.
    `hidden` means that the receiver has blocked the sender: it is kept for the sender alone. A `notice` must not be
    answered by programs. With a `role`, only members who have it receive the message, and it is not kept (`seq` is 0).
    If it is `moderated`, the sender meant everyone, but the channel lets only that role receive it.
    `reply` is the number of the message that it answers, 0 for none. A `redacted` one was deleted; `edited` is when it
    was given another text, 0 for never. `rev` is the number of its last change in the conversation, 0 for none. `joins`
    are the offsets of line breaks in `text` that only wrap a longer line.
    """

    conversation: str
    seq: int
    sender: str
    to: str
    text: str
    action: bool = False
    id: str | None = None
    announced: bool = False
    own: bool = field(default=False, compare=False)
    hidden: bool = False
    notice: bool = False
    redacted: bool = False
    role: str = ""
    tags: tuple[tuple[str, str], ...] = field(default=(), compare=False)
    joins: tuple[int, ...] = field(default=(), compare=False)
    moderated: bool = False
    reply: int = 0
    rev: int = 0
    edited: int = 0


@value
class MessageAccepted(Answer):
    """A message was accepted and stored. `kept` means that the receiver is offline and will find it in the inbox."""

    to: str
    seq: int
    text: str = ""
    action: bool = False
    direct: bool = False
    kept: bool = False
    away: str | None = None
    duplicate: bool = False
    sent_at: int = 0
    said: Message | None = field(default=None, compare=False)
    """The message as others get it; None for a repeated request."""


@value
class AnnouncementAccepted(Answer):
    """A broadcast was accepted: how many users it reached, and which it missed."""

    delivered: int
    missed: tuple[str, ...]
    seq: int | None = None
    duplicate: bool = False


_ROLE = Param("role", Kind.WORD, "role", key="role", line=False)
_REPLY = Param("reply", Kind.NUMBER, "reply", key="reply", line=False)

COMMANDS: tuple[Command, ...] = (
    Command(
        "msg",
        SendMessage,
        "Sends a direct message to a user, or a message to a channel.",
        (
            Param("to", Kind.PLACE, "name", key="to", typed=True),
            Param("text", Kind.TEXT, "text", required=True),
            _ROLE,
            _REPLY,
        ),
        words=("msg", "pm", "send"),
        slash_words=("w", "query"),
        aliases=("message",),
    ),
    Command(
        "notice",
        SendMessage,
        "Sends a message that programs do not answer.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", typed=True),
            Param("text", Kind.TEXT, "text", required=True),
            _ROLE,
            _REPLY,
        ),
        words=("notice",),
        fixed=(("notice", True),),
    ),
    Command(
        "me",
        SendMessage,
        "Describes what you do: /me waves.",
        (
            Param("to", Kind.PLACE, "name", key="to", line=False),
            Param("text", Kind.TEXT, "text", required=True),
            _ROLE,
            _REPLY,
        ),
        words=("me",),
        fixed=(("action", True),),
    ),
    Command(
        "broadcast",
        Announce,
        "Sends a message to everyone online, or to the users named.",
        (
            Param("to", Kind.USERS, "name,name", key="to", marker="user"),
            Param("text", Kind.TEXT, "text", required=True),
        ),
        words=("broadcast",),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""

"""Channels: joining, leaving, topics and lists."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.base import NOBODY, Answer, Event, Identity, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value


@value
class Join(Request):
    """Joins channels; `current` makes the last of them the one where plain lines go.

    `after` is the last `seq` that the client has of the channel: the recent history starts after it. `keys` are the
    channels' keys, in the same order.
    """

    traits = Traits(evident=True, heavy=True)

    channels: tuple[str, ...]
    current: bool = False
    after: int | None = None
    keys: tuple[str, ...] = ()


@value
class Rejoin(Request):
    """Joins the channels where the user's account was, and that the user is not in."""

    traits = Traits(evident=True, heavy=True)


@value
class Part(Request):
    """Leaves channels; without a name, the current one."""

    traits = Traits(heavy=True)

    channels: tuple[str, ...] = ()
    reason: str = ""
    everything: bool = False
    """All channels that the user is in."""


@value
class ListChannels(Request):
    """Lists the channels, or only those that match one of `names` or `masks` and none of `but`.

    Each of `conditions` must hold: a quantity (`users` in it, or minutes since it was `created` or its `topic` was
    set), whether it must be more (or less) than a number, and that number.
    """

    traits = Traits(heavy=True)

    names: tuple[str, ...] = ()
    masks: tuple[str, ...] = ()
    but: tuple[str, ...] = ()
    conditions: tuple[tuple[str, bool, int], ...] = ()


@value
class ListNames(Request):
    """Lists who is in a channel; without a name, in the current one."""

    traits = Traits(heavy=True)

    channel: str | None = None


@value
class Topic(Request):
    """Asks for a channel's topic, or sets it if there is a text (an empty one removes it)."""

    traits = Traits(evident=True)

    text: str | None = None
    to: str | None = None


@value
class Member:
    """Somebody in a channel; `roles` are the letters of those held there, the highest first."""

    name: str
    roles: str = ""
    who: Identity = field(default=NOBODY, compare=False)


@value
class Entered(Answer):
    """The state of a channel that a user has joined, for that user's sessions.

    `seq` is the number of the channel's last message, `read` of the last one read, `rev` of the last change. `names`
    is empty in a channel of very many `users`: there, joins and parts are not announced either, and clients ask for
    the names when needed.
    `login` means that this is part of logging in, not the result of a join; `current` that plain lines
    go here now.
    """

    name: str
    channel: str
    topic: str
    topic_by: str
    topic_at: int
    names: tuple[str, ...]
    seq: int
    read: int
    login: bool = False
    current: bool = False
    users: int = 0
    members: tuple[Member, ...] = ()
    """The users in `names`, in the same order, with their roles."""
    secret: bool = False
    created: int = 0
    again: bool = False
    """The user was in the channel already."""
    read_at: int = 0
    """The time up to which the user has read it, 0 if never."""
    rev: int = 0


@value
class Joined(Event):
    """A user joined a channel; `away` as in `PresenceChanged`."""

    name: str
    channel: str
    away: str | None = field(default=None, compare=False)


@value
class Left(Event):
    """A user left a channel."""

    name: str
    channel: str
    reason: str = ""


@value
class TopicChanged(Event):
    """A channel has another topic; an empty text means none."""

    channel: str
    text: str
    by: str


@value
class TopicTold(Answer):
    """A channel's topic; `set_at` is 0 if there is none."""

    channel: str
    text: str
    by: str
    set_at: int


@value
class ChannelInfo:
    """A row of the list of channels."""

    name: str
    topic: str
    users: int
    secret: bool = False
    created: int = 0
    topic_at: int = 0


@value
class ChannelsListed(Answer):
    """The channels; `omitted` counts those beyond the limit of a list."""

    channels: tuple[ChannelInfo, ...]
    omitted: int = 0


@value
class NamesListed(Answer):
    """Who is in a channel."""

    channel: str
    names: tuple[str, ...]
    members: tuple[Member, ...] = ()
    secret: bool = False


_TO = Param("to", Kind.CHANNEL, "#channel", key="to", line=False, here=True)

COMMANDS: tuple[Command, ...] = (
    Command(
        "join",
        Join,
        "Joins a channel, or creates it; what you type goes there.",
        (
            Param("channels", Kind.CHANNELS, "#channel", required=True),
            Param("keys", Kind.WORDS, "key", key="keys", secret=True),
            Param("current", Kind.FLAG, "current", key="current", line=False),
            Param("after", Kind.NUMBER, "after", key="after", line=False),
        ),
        words=("join",),
        slash_words=("j",),
    ),
    Command(
        "rejoin",
        Rejoin,
        "Joins the channels you were in, as your account remembers them; most clients need not ask.",
        words=("rejoin",),
        lenient=True,
    ),
    Command(
        "part",
        Part,
        "Leaves a channel.",
        (
            Param("channels", Kind.CHANNELS, "#channel", here=True),
            Param("reason", Kind.TEXT, "reason", key="reason"),
        ),
        words=("part", "leave"),
        slash_words=("close",),
    ),
    Command(
        "channels",
        ListChannels,
        "Lists the channels with their topics and numbers of members.",
        words=("channels", "ch"),
        lenient=True,
    ),
    Command(
        "names",
        ListNames,
        "Lists who is in a channel.",
        (Param("channel", Kind.CHANNEL, "#channel", here=True),),
        words=("names", "list"),
        lenient=True,
    ),
    Command(
        "topic",
        Topic,
        "Shows or sets the topic of the channel; /topic - removes it.",
        (Param("text", Kind.TEXT, "text"), _TO),
        words=("topic",),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""

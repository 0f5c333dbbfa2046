"""What happens: told to everyone concerned, encoded once per variant of a dialect."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.event import Event
from evchat.protocol.modes import Change
from evchat.protocol.requests import Request
from evchat.protocol.value import value


@value
class Said(Event):
    """A message, as it is told, kept and found again.

    `conversation` is the key of what `seq` counts in: a channel's key, `pair_key` of two users, or `*`.
    `to` is the name of the channel or user, or `*`. `id` is the sender's own id of the message. `announced` marks a
    broadcast. `own` marks the copy of a direct message for the other sessions of its own sender.
    `hidden` means that the receiver has blocked the sender: kept for the sender alone. A `notice` is one that no
    program answers; with a `role`, only those in the channel who have it hear it, and it is not kept (`seq` is 0).
    A `redacted` one was taken back. `joins` are the places in `text` where its sender broke a line that goes on.
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


@value
class Joined(Event):
    """A user came into a channel; `away` as in `PresenceChanged`."""

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
class Disconnected(Event):
    """A user is gone from the server; told once to everyone who shared one of `channels` (their names)."""

    name: str
    reason: str
    channels: tuple[str, ...] = ()


@value
class Renamed(Event):
    """A user has another name."""

    old: str
    new: str


@value
class TopicChanged(Event):
    """A channel has another topic; an empty text means none."""

    channel: str
    text: str
    by: str


@value
class PresenceChanged(Event):
    """A user is away (`away` says why) or back (`away` is None)."""

    name: str
    away: str | None
    afar: bool = field(default=False, compare=False)
    """Told to who only watches the user, and shares no channel."""


@value
class ReadUpTo(Event):
    """Another session of the same user has read the conversation with `to` up to `seq`, that is, `read_at`."""

    to: str
    seq: int
    read_at: int = 0


@value
class Pinged(Event):
    """The server asks for a sign of life."""

    token: str


@value
class Noticed(Event):
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
class Greeted(Event):
    """Asks a person for a name."""


@value
class ModesChanged(Event):
    """Somebody changed a channel's modes."""

    channel: str
    by: str
    changes: tuple[Change, ...]


@value
class Kicked(Event):
    """A user was put out of a channel."""

    name: str
    channel: str
    by: str
    reason: str = ""


@value
class Invited(Event):
    """A user was invited into a channel; told to that user."""

    name: str
    channel: str
    by: str


@value
class InviteTold(Event):
    """The same, told to the channel's operators."""

    name: str
    channel: str
    by: str


@value
class Walloped(Event):
    """An operator tells the others something."""

    name: str
    text: str


@value
class RealnameChanged(Event):
    """A user has another real name; it stands in `who`."""

    name: str
    afar: bool = field(default=False, compare=False)


@value
class AccountChanged(Event):
    """A user has proved to own an account, or does so no longer; it stands in `who`."""

    name: str
    afar: bool = field(default=False, compare=False)


@value
class Signalled(Event):
    """What a user's client tells others' clients: tags, or a query in `text`. Fields as in `Said`.

    `number` tells it from others of the same time.
    """

    sender: str
    to: str
    tags: tuple[tuple[str, str], ...] = ()
    role: str = ""
    text: str = ""
    notice: bool = False
    number: int = 0


@value
class Redacted(Event):
    """A message was taken back."""

    conversation: str
    seq: int
    sent_at: int
    to: str
    by: str
    reason: str = ""


@value
class Appeared(Event):
    """Somebody whom one watches is online."""

    name: str


@value
class Vanished(Event):
    """Somebody whom one watches is no longer online."""

    name: str


# ---- what only dialects hear ---------------------------------------------------------------------------------


@value
class Answering(Event):
    """What follows for this session answers this request. Told to dialects that ask for it."""

    request: Request


@value
class Aside(Event):
    """A dialect's own word to its client, come back in its turn."""

    payload: object


@value
class Named(Event):
    """The session's own user has this name now; told before `Renamed`."""

    name: str

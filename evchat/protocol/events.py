"""What the server tells: one frozen value per thing that happened or was answered, the same in every dialect.

`at` is when, in milliseconds since the epoch. An `Answer` goes to the one session that asked and repeats the
request's id as `reply_to`. The rest are news, encoded once per variant of a dialect and sent to everyone concerned.
"""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.commands import Command
from evchat.protocol.value import value


@value
class Event:
    """The base of all events."""

    at: int


# ---- messages -------------------------------------------------------------------------------------------------


@value
class Said(Event):
    """A message, as it is told, kept and found again.

    `conversation` is the key of what `seq` counts in: a channel's key, `pair_key` of two users, or `*`.
    `to` is the name of the channel or user, or `*`. `id` is the sender's own id of the message. `announced` marks a
    broadcast. `own` marks the copy of a direct message for the other sessions of its own sender.
    `hidden` means that the receiver has blocked the sender: kept for the sender alone.
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


# ---- news -----------------------------------------------------------------------------------------------------


@value
class Joined(Event):
    """A user came into a channel."""

    name: str
    channel: str


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


@value
class ReadUpTo(Event):
    """Another session of the same user has read the conversation with `to` up to `seq`."""

    to: str
    seq: int


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


# ---- answers --------------------------------------------------------------------------------------------------


@value
class Answer(Event):
    """The base of what answers one request of one session."""

    reply_to: str | None


@value
class Failed(Answer):
    """The request was refused: `code` is a stable short word, `text` says what was wrong and what to do."""

    code: str
    text: str


@value
class Done(Answer):
    """The request was carried out; `text` tells a person so (empty if the events that follow say it).

    `facts` are further keys for programs, as (key, value) pairs.
    """

    text: str = ""
    facts: tuple[tuple[str, object], ...] = ()


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
class LoggedIn(Answer):
    """The login succeeded. `others` are the other names in `channel`; `unread` counts the inbox.

    In a channel of very many `users`, `others` is empty.
    """

    name: str
    registered: bool
    channel: str
    others: tuple[str, ...]
    unread: int = 0
    motd: str = ""
    users: int = 1


@value
class LoggedOut(Answer):
    """The name was given up; with `closing` the connection ends too."""

    closing: bool = False


@value
class Entered(Answer):
    """The state of a channel one has come into, for the sessions of the one who came.

    `seq` is the number of the channel's last message, `read` of the last one read. `names` is empty in a channel of
    very many `users`: there coming and going is not told either, and one asks for the names when needed.
    `login` means that this is part of logging in, and not the outcome of a join; `current` that plain lines
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


@value
class Sent(Answer):
    """A message was taken and is kept. `kept` means: the receiver is not online and finds it in the inbox."""

    to: str
    seq: int
    text: str = ""
    action: bool = False
    direct: bool = False
    kept: bool = False
    away: str | None = None
    duplicate: bool = False
    sent_at: int = 0


@value
class Announced(Answer):
    """A broadcast was taken: how many heard it, and whom it missed."""

    delivered: int
    missed: tuple[str, ...]
    seq: int | None = None
    duplicate: bool = False


@value
class ChannelInfo:
    """A row of the list of channels."""

    name: str
    topic: str
    users: int


@value
class ChannelsListed(Answer):
    """The channels there are; `omitted` counts those beyond the limit of a list."""

    channels: tuple[ChannelInfo, ...]
    omitted: int = 0


@value
class NamesListed(Answer):
    """Who is in a channel."""

    channel: str
    names: tuple[str, ...]


@value
class Person:
    """What `who` and `whois` tell about a user. Times are milliseconds since the epoch; `idle` is milliseconds."""

    name: str
    online: bool
    registered: bool
    since: int = 0
    seen: int = 0
    idle: int = 0
    away: str | None = None
    channels: tuple[str, ...] = ()
    sessions: int = 0


@value
class PeopleListed(Answer):
    """Users: everyone online (`minutes` is None), or who was seen in the last `minutes`.

    `omitted` counts those beyond the limit of a list.
    """

    people: tuple[Person, ...]
    minutes: int | None = None
    omitted: int = 0


@value
class WhoIsTold(Answer):
    """What one may know about a user."""

    person: Person


@value
class HistoryListed(Answer):
    """Messages of a conversation, oldest first. `recent` ones come unasked after a login or join.

    `seq` is the number of the conversation's last message; `more` means that the limit cut the list.
    """

    to: str
    messages: tuple[Said, ...]
    seq: int
    more: bool = False
    recent: bool = False


@value
class InboxListed(Answer):
    """The unread direct messages; `more` means that the next call brings more.

    With `kept` they were not marked read, and the next call has to say behind which message it goes on.
    """

    messages: tuple[Said, ...]
    more: bool = False
    kept: bool = False


@value
class DirectInfo:
    """A row of the list of direct conversations.

    `seq` and `last` are the number and the time of the last message that one may see. `unread` counts what the other
    has said above `read`; `waiting` is how much of the conversation lies in the inbox.
    """

    name: str
    seq: int
    read: int
    unread: int
    waiting: int
    last: int


@value
class DirectsListed(Answer):
    """One's direct conversations, the latest first; `omitted` says that there are more than a list holds."""

    directs: tuple[DirectInfo, ...]
    omitted: bool = False


@value
class BlockedListed(Answer):
    """Whom one has blocked."""

    names: tuple[str, ...]


@value
class TopicTold(Answer):
    """A channel's topic; `set_at` is 0 if there is none."""

    channel: str
    text: str
    by: str
    set_at: int


@value
class Found(Answer):
    """What a search found, oldest first; `more` means that there is more than the limit."""

    words: str
    messages: tuple[Said, ...]
    more: bool = False


@value
class Ponged(Answer):
    """A ping's token back."""

    token: object


@value
class Helped(Answer):
    """The commands asked about."""

    commands: tuple[Command, ...]
    one: bool = False

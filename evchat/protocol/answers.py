"""What one session is told that asked for something: of itself, of channels and of messages."""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.answers_people import Counts
from evchat.protocol.command import Command
from evchat.protocol.event import NOBODY, Answer, Event, Identity
from evchat.protocol.news import Said
from evchat.protocol.requests import Request
from evchat.protocol.value import value


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

    `facts` are further keys for programs, as (key, value) pairs.
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
    counts: Counts | None = field(default=None, kw_only=True)
    """How many there are, for a login in parts."""


@value
class LoggedOut(Answer):
    """The name was given up; with `closing` the connection ends too."""

    closing: bool = False


@value
class Member:
    """Somebody in a channel; `roles` are the letters of those held there, the highest first."""

    name: str
    roles: str = ""
    who: Identity = field(default=NOBODY, compare=False)


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
    members: tuple[Member, ...] = ()
    """Those named in `names`, in the same order, with what they are."""
    secret: bool = False
    created: int = 0
    again: bool = False
    """One was in the channel already."""
    read_at: int = 0
    """The time up to which one has read it, 0 if never."""


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
    said: Said | None = field(default=None, compare=False)
    """The message as others hear it; None if it was answered again."""


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
    secret: bool = False
    created: int = 0
    topic_at: int = 0


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
    members: tuple[Member, ...] = ()
    secret: bool = False


@value
class Challenged(Answer):
    """What the server says in an exchange that proves a password."""

    text: str


@value
class Authenticated(Answer):
    """An account was proved to be one's own. `name` is empty before the login."""

    account: str
    name: str = ""


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
    everything: tuple[Event, ...] = field(default=(), compare=False)
    """The messages and what else happened, within the same limit; for a login in parts."""


@value
class ConversationsListed(Answer):
    """Conversations by their names, each with the time of its last message, the oldest first."""

    conversations: tuple[tuple[str, int], ...]


@value
class Marked(Answer):
    """How far one has read a conversation; 0 if one never has."""

    to: str
    seq: int
    read_at: int


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

"""What the server tells: one frozen value per thing that happened or was answered, the same in every dialect.

`at` is when, in milliseconds since the epoch. An `Answer` goes to the one session that asked and repeats the
request's id as `reply_to`. The rest are news, encoded once per variant of a dialect and sent to everyone concerned.
"""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.command import Command
from evchat.protocol.modes import Change
from evchat.protocol.requests import Request
from evchat.protocol.value import value


@value
class Identity:
    """Who a user is beside the name. `host` stands for the address without telling it; a guest has no `account`."""

    username: str = "user"
    host: str = "evchat"
    realname: str = ""
    account: str = ""
    bot: bool = False


NOBODY = Identity()
"""Of somebody about whom no more is known, such as the sender of an old message."""


@value
class Event:
    """The base of all events. `who` is whom it comes from, beside the name."""

    at: int
    who: Identity = field(default=NOBODY, compare=False, kw_only=True)


# ---- messages -------------------------------------------------------------------------------------------------


@value
class Said(Event):
    """A message, as it is told, kept and found again.

    `conversation` is the key of what `seq` counts in: a channel's key, `pair_key` of two users, or `*`.
    `to` is the name of the channel or user, or `*`. `id` is the sender's own id of the message. `announced` marks a
    broadcast. `own` marks the copy of a direct message for the other sessions of its own sender.
    `hidden` means that the receiver has blocked the sender: kept for the sender alone. A `notice` is one that no
    program answers; with a `role`, only those in the channel who have it hear it, and it is not kept (`seq` is 0).
    `tags` are not kept. A `redacted` one was taken back.
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


# ---- news -----------------------------------------------------------------------------------------------------


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


# ---- what only dialects hear ----------------------------------------------------------------------------------


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


# ---- answers --------------------------------------------------------------------------------------------------


@value
class Answer(Event):
    """The base of what answers one request of one session."""

    reply_to: str | None


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
class Counts:
    """How many there are: users (the invisible among them), operators, channels, connections without a user; `most`
    is the largest number of users there has been.
    """

    users: int
    invisible: int
    operators: int
    channels: int
    strangers: int
    most: int


@value
class Counted(Answer):
    """How many there are."""

    counts: Counts


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
class Seat:
    """A channel that somebody is in, with the roles held there."""

    channel: str
    roles: str = ""


@value
class Person:
    """What `who` and `whois` tell about a user. Times are milliseconds since the epoch; `idle` is milliseconds.

    `channels` are those shared with who asks, `seats` (only where one user was asked about) all that may be known of.
    """

    name: str
    online: bool
    registered: bool
    since: int = 0
    seen: int = 0
    idle: int = 0
    away: str | None = None
    channels: tuple[str, ...] = ()
    sessions: int = 0
    seats: tuple[Seat, ...] = ()
    operator: bool = False
    modes: str = ""
    """The letters of the user's modes. This and the next one only for operators and for oneself."""
    address: str = ""
    who: Identity = field(default=NOBODY, compare=False)


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
class PeopleFound(Answer):
    """People online who match: each with the channel that is shown with them (None: none)."""

    mask: str
    people: tuple[tuple[Person, Seat | None], ...]
    omitted: int = 0


@value
class PeopleTold(Answer):
    """About the users asked for, in the order of the question; those who are not online are left out."""

    people: tuple[Person, ...]


@value
class Past:
    """A name that somebody had until `until`."""

    name: str
    until: int
    who: Identity = field(default=NOBODY, compare=False)


@value
class PastTold(Answer):
    """Who had a name before, the latest first."""

    name: str
    people: tuple[Past, ...]


@value
class WatchTold(Answer):
    """Of those whom one watches, or has begun to: who is online and who is not (as one wrote them)."""

    online: tuple[Person, ...]
    offline: tuple[str, ...]


@value
class ModesTold(Answer):
    """A channel's modes, without its lists. A key is told to members only."""

    channel: str
    changes: tuple[Change, ...]
    created: int


@value
class Listing:
    """An entry of a channel's list."""

    mask: str
    by: str
    at: int


@value
class ModeListed(Answer):
    """One of a channel's lists: `letter` says which."""

    channel: str
    letter: str
    entries: tuple[Listing, ...]


@value
class UserModesTold(Answer):
    """One's own modes, as letters."""

    name: str
    letters: str


@value
class UserModesChanged(Answer):
    """One's own modes have changed."""

    name: str
    changes: tuple[Change, ...]


@value
class OperatorMade(Answer):
    """One is an operator of the server now."""

    name: str


@value
class InviteSent(Answer):
    """The invitation is on its way."""

    name: str
    channel: str
    away: str | None = None


@value
class Banishment:
    """A ban from the server; `until` 0 is for good."""

    whom: str
    by: str
    at: int
    until: int
    reason: str


@value
class BanishedListed(Answer):
    """The bans from the server."""

    bans: tuple[Banishment, ...]


@value
class Act:
    """What an operator of the server did: a word for it, whom or what it concerned, and what else there is to say."""

    at: int
    by: str
    act: str
    target: str
    detail: str


@value
class ActsTold(Answer):
    """What the operators of the server did, the latest last."""

    acts: tuple[Act, ...]


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

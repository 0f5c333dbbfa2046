"""What a client asks for: one frozen value per command, the same in every dialect.

Every request may carry `id`, the client's own name for it: the answer repeats it as `reply_to`. A field that is
`None` or empty was not given. Names are as the client wrote them; the core checks them.
"""

from __future__ import annotations

from evchat.protocol.request import Request
from evchat.protocol.requests_dialects import (
    Aside,
    Authenticate,
    Greet,
    Introduce,
    Malformed,
    Pass,
    Scram,
    Typed,
)
from evchat.protocol.value import value

__all__ = [
    "Aside",
    "Authenticate",
    "Greet",
    "Introduce",
    "Malformed",
    "Pass",
    "Request",
    "Scram",
    "Typed",
]
"""What is defined elsewhere."""


@value
class Hello(Request):
    """A full client introduces itself. With `echo` it hears its own messages like anybody else's."""

    version: int = 1
    client: str = ""
    echo: bool = False


@value
class Login(Request):
    """Takes a name; a registered one needs its password."""

    name: str
    password: str | None = None


@value
class Register(Request):
    """Makes the name one has an account with this password. An `account` named must be that name."""

    password: str
    account: str = ""


@value
class Logout(Request):
    """Gives the name up; the connection stays."""


@value
class Quit(Request):
    """Leaves for good: the connection closes."""

    reason: str = ""


@value
class Nick(Request):
    """Takes another name; in a login in parts, the first one."""

    name: str


@value
class Say(Request):
    """A message to a channel or a user; without `to`, to the current channel. `action` marks a /me.

    A `notice` is one that no program answers. `role` ("o" or "v") reaches only those in the channel who have it.
    `tags` are what clients tell each other beside the text, as (name, value) pairs. `joins` as in the event `Said`.
    """

    text: str
    to: str | None = None
    action: bool = False
    notice: bool = False
    role: str = ""
    tags: tuple[tuple[str, str], ...] = ()
    joins: tuple[int, ...] = ()


@value
class Signal(Request):
    """What clients tell each other, such as that somebody types: tags, or a query in `text`. As in `Say`.

    Those that are to `stay` can be read again for a while.
    """

    to: str
    tags: tuple[tuple[str, str], ...] = ()
    role: str = ""
    text: str = ""
    notice: bool = False
    stay: bool = False


@value
class Announce(Request):
    """A broadcast: to everyone online, or to the users named."""

    text: str
    to: tuple[str, ...] = ()


@value
class Join(Request):
    """Enters channels; `current` makes the last of them the place where plain lines go.

    `after` is the last `seq` the client has of the channel: the recent history starts behind it. `keys` are the
    words that channels ask for, in the channels' order.
    """

    channels: tuple[str, ...]
    current: bool = False
    after: int | None = None
    keys: tuple[str, ...] = ()


@value
class Part(Request):
    """Leaves channels; without a name, the current one."""

    channels: tuple[str, ...] = ()
    reason: str = ""
    everything: bool = False
    """All channels that one is in."""


@value
class Channels(Request):
    """Lists the channels there are."""


@value
class Names(Request):
    """Lists who is in a channel; without a name, in the current one."""

    channel: str | None = None


@value
class Who(Request):
    """Lists everyone online; `others` leaves oneself out (whoelse)."""

    others: bool = False


@value
class WhoLast(Request):
    """Lists who was online in the last `minutes`."""

    minutes: int


@value
class WhoIs(Request):
    """Asks what one may know about a user."""

    name: str


@value
class History(Request):
    """Asks for messages of a conversation, by `seq`: below `before`, or above `after`, at most `limit`.

    `since` and `until` bound it by time as well: at or after the one, before the other. With both ends given, the
    newest between them, or with `oldest` the oldest. `around` a message or `around_at` a time: half before, half after.
    Times are milliseconds since the epoch. A `part` beside a number means what happened behind that message, by its
    own number there. `mine` leaves out what was said before the name became that of who asks.
    """

    to: str | None = None
    limit: int | None = None
    before: int | None = None
    after: int | None = None
    since: int | None = None
    until: int | None = None
    around: int | None = None
    around_at: int | None = None
    oldest: bool = False
    before_part: int = 0
    after_part: int = 0
    around_part: int = 0
    mine: bool = False


@value
class Conversations(Request):
    """Lists one's conversations whose last message is of `since` or later and before `until`, the earliest first, at
    most `limit`: the latest of them, or the `earliest`. `mine` as in `History`.
    """

    since: int
    until: int
    limit: int
    earliest: bool = False
    mine: bool = False


@value
class Mark(Request):
    """Asks how far one has read a conversation."""

    to: str


@value
class Inbox(Request):
    """Asks for the direct messages that came while one was away, and marks them read; with `keep` it does not.

    `to` and `after` name the one behind which to begin: the last of the page before.
    """

    keep: bool = False
    to: str | None = None
    after: int | None = None


@value
class Directs(Request):
    """Lists one's direct conversations."""


@value
class Read(Request):
    """Says that one has read a conversation up to `seq`, or up to the time `until`."""

    to: str
    seq: int | None = None
    until: int | None = None


@value
class Block(Request):
    """Keeps a user's direct messages and broadcasts away, or lets them through again (`on` is False)."""

    name: str
    on: bool = True


@value
class Blocked(Request):
    """Lists whom one has blocked."""


@value
class Topic(Request):
    """Asks for a channel's topic, or sets it if there is a text (an empty one takes it away)."""

    text: str | None = None
    to: str | None = None


@value
class Away(Request):
    """Says that one is away, and why; without a text, that one is back."""

    text: str | None = None


@value
class Search(Request):
    """Looks for words in the messages one may see, in one conversation if `to` names it."""

    text: str
    to: str | None = None
    limit: int | None = None


@value
class Ping(Request):
    """Asks for the same token back: a text, or whatever a JSON client sent."""

    token: object = ""


@value
class Pong(Request):
    """A sign of life, in answer to the server's ping. Has no answer itself."""

    token: object = ""


@value
class Help(Request):
    """Asks for the commands, or for one of them."""

    command: str | None = None


# ---- keeping order --------------------------------------------------------------------------------------------
@value
class Mode(Request):
    """Changes a channel's modes (`evchat.protocol.modes` says how `text` is read); without a text, asks for them."""

    text: str | None = None
    to: str | None = None


@value
class Grant(Request):
    """Gives a member of a channel a role ("o" or "v"), or takes it away (`on` is False)."""

    name: str
    role: str = "o"
    on: bool = True
    to: str | None = None


@value
class Ban(Request):
    """Bans a user or a mask from a channel, or lets them in again; without a mask, lists the bans."""

    mask: str | None = None
    on: bool = True
    to: str | None = None


@value
class Kick(Request):
    """Puts a user out of a channel."""

    name: str
    reason: str = ""
    to: str | None = None


@value
class Invite(Request):
    """Invites a user into a channel, also into one that is for the invited only."""

    name: str
    to: str | None = None


@value
class Oper(Request):
    """Becomes an operator of the server."""

    name: str
    password: str


@value
class Kill(Request):
    """An operator of the server puts a user out of it."""

    name: str
    reason: str = ""


@value
class Wallops(Request):
    """Tells the operators, and who listens to them, something."""

    text: str


@value
class Banish(Request):
    """An operator bans a name, account, address, range of them or mask from the server; `minutes` 0 is for good."""

    whom: str
    minutes: int = 0
    reason: str = ""


@value
class Pardon(Request):
    """An operator takes such a ban back."""

    whom: str


@value
class Banished(Request):
    """An operator lists those bans."""


@value
class Audit(Request):
    """An operator asks what the operators did last, at most `limit` acts."""

    limit: int | None = None


# ---- people, more closely -------------------------------------------------------------------------------------


@value
class UserMode(Request):
    """Changes one's own modes; without a text, asks for them. A `name` must be one's own."""

    text: str | None = None
    name: str | None = None


@value
class Realname(Request):
    """Says by which name one is known beside the chat."""

    text: str


@value
class WhoWas(Request):
    """Asks who had a name before: the latest first, at most `limit` (0: all that are remembered)."""

    name: str
    limit: int = 0


@value
class Find(Request):
    """Finds people online: a channel's members, or those whose name, username, host or real name match a mask.

    `operators` finds only operators of the server.
    """

    mask: str
    operators: bool = False


@value
class Look(Request):
    """Asks about users by their names, whether they are online or not."""

    names: tuple[str, ...]


@value
class Watch(Request):
    """Wants to hear when these users come and go, or no longer (`on` is False)."""

    names: tuple[str, ...]
    on: bool = True


@value
class Watched(Request):
    """Lists whom one watches; `clear` ends all of it."""

    clear: bool = False


@value
class Count(Request):
    """Asks how many users, channels and operators there are."""


@value
class Redact(Request):
    """Takes a message back: its text is no longer kept or told. If `sent_at` is given, it must be of that time."""

    to: str
    seq: int
    reason: str = ""
    sent_at: int | None = None

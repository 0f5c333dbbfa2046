"""What a client asks for: one frozen value per command, the same in every dialect.

Every request may carry `id`, the client's own name for it: the answer repeats it as `reply_to`. A field that is
`None` or empty was not given. Names are as the client wrote them; the core checks them.
"""

from __future__ import annotations

from dataclasses import field

from evchat.protocol.value import value


@value
class Request:
    """The base of all requests."""

    id: str | None = field(default=None, kw_only=True)


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
    """Makes the name one has an account with this password."""

    password: str


@value
class Logout(Request):
    """Gives the name up; the connection stays."""


@value
class Quit(Request):
    """Leaves for good: the connection closes."""

    reason: str = ""


@value
class Nick(Request):
    """Takes another name."""

    name: str


@value
class Say(Request):
    """A message to a channel or a user; without `to`, to the current channel. `action` marks a /me."""

    text: str
    to: str | None = None
    action: bool = False


@value
class Announce(Request):
    """A broadcast: to everyone online, or to the users named."""

    text: str
    to: tuple[str, ...] = ()


@value
class Join(Request):
    """Enters channels; `current` makes the last of them the place where plain lines go.

    `after` is the last `seq` the client has of the channel: the recent history starts behind it.
    """

    channels: tuple[str, ...]
    current: bool = False
    after: int | None = None


@value
class Part(Request):
    """Leaves channels; without a name, the current one."""

    channels: tuple[str, ...] = ()
    reason: str = ""


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
    """Asks for messages of a conversation, by `seq`: below `before`, or above `after`, at most `limit`."""

    to: str | None = None
    limit: int | None = None
    before: int | None = None
    after: int | None = None


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
    """Says that one has read a conversation up to `seq`."""

    to: str
    seq: int


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


@value
class Greet(Request):
    """A person has come to the text protocol and is to be asked for a name."""


@value
class Typed(Request):
    """A line of a person that is no command: a name before login, a message to the current channel after it."""

    text: str


@value
class Malformed(Request):
    """Bytes that are no request: `reason` is a sentence for the user; `fatal` closes the connection."""

    reason: str
    code: str = "bad-request"
    fatal: bool = False

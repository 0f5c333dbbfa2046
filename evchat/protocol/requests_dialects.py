"""What only dialects ask: their clients say it in other words, or not at all."""

from __future__ import annotations

from evchat.protocol.request import Request
from evchat.protocol.value import value


@value
class Pass(Request):
    """Gives the server's password, where it has one; else that of the account one is about to log in to."""

    password: str


@value
class Introduce(Request):
    """Part of a login that comes in parts; it is complete once there are a name (`Nick`) and a username and nothing
    holds it. `hold` True holds it, False lets it go. The first one makes the session log in like this.
    """

    username: str | None = None
    realname: str | None = None
    hold: bool | None = None


@value
class Authenticate(Request):
    """Proves that an account is one's own, whatever name one goes by."""

    account: str
    password: str


@value
class Scram(Request):
    """The same without saying the password: the client's words in step 1, 2 or 3 of an exchange (RFC 5802)."""

    step: int
    text: str


@value
class Aside(Request):
    """What a dialect has to tell its own client in its turn: comes back as the event of the same name."""

    payload: object


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

"""The base classes of requests and events."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from evchat.protocol.value import value


@value
class Traits:
    """The properties that all requests of a class share.

    `cost` is how much a request takes of its sender's allowance, in ordinary requests; `long` ones cost one more for
    every 4 KiB of their `text`. It is taken also from what the sender's address and account may ask together, if it
    is `shared`: all but what is nothing to carry out. A `heavy` one looks at many users, channels or messages:
    `core.rules.request_cost` weighs it, and few are carried out in a pass. `activity` means that it shows that
    somebody is there. `evident` means that the events that follow a success speak for themselves, so that a dialect
    that sends them all (IRC) leaves out the sentence of `Done`. The answer to a `standalone` one tells nothing of what
    others do or did, so it need not wait until that is kept.
    """

    cost: float = 1.0
    shared: bool = True
    long: bool = False
    heavy: bool = False
    activity: bool = True
    evident: bool = False
    standalone: bool = False


@value
class Request:
    """What a client asks for.

    `id` is the client's own name for it: the answer repeats it, and a request sent again with the same `id` is carried
    out only once. `context` is for the dialect that made the request: it comes back in the event `RequestContext`, and
    nobody else reads it.
    """

    traits: ClassVar[Traits] = Traits()

    id: str | None = field(default=None, kw_only=True)
    context: object = field(default=None, kw_only=True, repr=False)


@value
class Identity:
    """What identifies a user beside the name. `host` stands for the address without revealing it; a guest has no
    `account`.
    """

    username: str = "user"
    host: str = "evchat"
    realname: str = ""
    account: str = ""
    bot: bool = False


NOBODY = Identity()
"""The identity of somebody about whom nothing more is known, such as the sender of an old message."""


@value
class Place:
    """The position in a conversation of an event that is not a message: the `part`-th after message `seq`."""

    conversation: str
    seq: int
    part: int


@value
class Event:
    """The base of all events. `who` identifies its originator beside the name. What history can hold has a `place`."""

    at: int
    who: Identity = field(default=NOBODY, compare=False, kw_only=True)
    place: Place | None = field(default=None, compare=False, kw_only=True)


@value
class Answer(Event):
    """The base of the answers to one request of one session."""

    reply_to: str | None

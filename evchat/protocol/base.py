"""The base classes of requests and events."""

from __future__ import annotations

from dataclasses import field
from typing import ClassVar

from evchat.protocol.value import value


@value
class Traits:
    """What kind of request a class of requests is, whatever a single one says.

    `cost` is what one takes of its sender's allowance, in requests of the usual kind; `long` ones cost another for
    every 4 KiB of their `text`. It is taken also from what the sender's address and account may ask together, if it
    is `shared`: all but what is nothing to carry out. A `heavy` one looks at many users, channels or messages:
    `core.rules.request_cost` weighs it, and few are carried out in a pass. `activity` means that it shows that
    somebody is there. `evident` means that the events that follow a success say it, so that a dialect that tells
    them all (IRC) leaves the sentence of `Done` out.
    """

    cost: float = 1.0
    shared: bool = True
    long: bool = False
    heavy: bool = False
    activity: bool = True
    evident: bool = False


@value
class Request:
    """What a client asks for.

    `id` is the client's own name for it: the answer repeats it, and a request sent again with the same `id` is not done
    twice. `context` is for the dialect that made the request: it comes back in the event `RequestContext`, and nobody
    else reads it.
    """

    traits: ClassVar[Traits] = Traits()

    id: str | None = field(default=None, kw_only=True)
    context: object = field(default=None, kw_only=True, repr=False)


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
class Place:
    """Where an event that is no message lies in a conversation: behind message `seq`, the `part`-th there."""

    conversation: str
    seq: int
    part: int


@value
class Event:
    """The base of all events. `who` is whom it comes from, beside the name. What can be read again has a `place`."""

    at: int
    who: Identity = field(default=NOBODY, compare=False, kw_only=True)
    place: Place | None = field(default=None, compare=False, kw_only=True)


@value
class Answer(Event):
    """The base of what answers one request of one session."""

    reply_to: str | None

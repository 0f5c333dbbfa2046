"""What the dialect answers by itself: it goes through the core as an `Aside`, so that it comes in its turn."""

from __future__ import annotations

from evchat.protocol.basics import ReplyLocally
from evchat.protocol.value import value


@value
class Local:
    """A word of the dialect's own: `what` names it, `params` are the client's. `early` is allowed before the login."""

    what: str
    params: tuple[str, ...] = ()
    early: bool = False


def local(what: str, *params: str, early: bool = False) -> ReplyLocally:
    """The request that comes back as this word."""
    return ReplyLocally(Local(what, params, early))


def lacking(command: str) -> ReplyLocally:
    """The client gave too few parameters."""
    return local("lacking", command)

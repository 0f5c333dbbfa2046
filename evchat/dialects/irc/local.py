"""What the dialect answers by itself: it goes through the core as an `Aside`, so that it comes in its turn."""

from __future__ import annotations

from evchat.protocol.requests import Aside
from evchat.protocol.value import value


@value
class Local:
    """A word of the dialect's own: `what` names it, `params` are the client's. `early` is allowed before the login."""

    what: str
    params: tuple[str, ...] = ()
    early: bool = False


def local(what: str, *params: str, early: bool = False) -> Aside:
    """The request that comes back as this word."""
    return Aside(Local(what, params, early))


def lacking(command: str) -> Aside:
    """The client gave too few parameters."""
    return local("lacking", command)

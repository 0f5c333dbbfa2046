"""Requests that the dialect answers by itself. They go through the core, so that they are answered in their turn."""

from __future__ import annotations

from evchat.protocol.basics import ReplyLocally
from evchat.protocol.value import value


@value
class Local:
    """The payload of such a `ReplyLocally`: `what` names the answer in `local_replies`, `params` are its arguments.

    `early` ones are answered before the login as well; the others then get ERR_NOTREGISTERED.
    """

    what: str
    params: tuple[str, ...] = ()
    early: bool = False


def local(what: str, *params: str, early: bool = False) -> ReplyLocally:
    """The request that comes back to this client as `Local(what, params, early)`."""
    return ReplyLocally(Local(what, params, early))


def lacking(command: str) -> ReplyLocally:
    """The answer to a command with too few parameters."""
    return local("lacking", command)

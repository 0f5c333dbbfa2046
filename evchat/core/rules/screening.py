"""Which direct messages a user keeps away: client-to-client queries, and what guests write."""

from __future__ import annotations

from evchat.core.errors import Refused
from evchat.core.rules import membership
from evchat.core.state import User, latest
from evchat.protocol import modes


def check(target: User, user: User, text: str = "") -> None:
    """Raises Refused (account-needed, no-queries) if `target` keeps away what `user` is about to send."""
    if not hears(target, user):
        raise Refused(
            "account-needed", f"{target.name} accepts messages from registered users only.", target.name
        )
    if modes.NO_QUERIES in target.screens and modes.is_query(text) and target is not user:
        raise Refused("no-queries", f"{target.name} does not accept client-to-client queries.", target.name)


def hears(target: User, user: User) -> bool:
    """Whether `target` gets what `user` writes. Anyone to whom `target` has written may answer."""
    return (
        modes.NO_GUESTS not in target.screens
        or target is user
        or bool(membership.account(user))
        or bool(user.operator)
        or user in target.written_to
    )


def note_written(user: User, target: User, most: int) -> None:
    """Notes that somebody who keeps guests away wrote to `target`; of more than `most` the oldest is forgotten."""
    if modes.NO_GUESTS in user.screens:
        user.written_to = latest(user.written_to, target, most)

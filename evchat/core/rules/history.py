"""The conversations that a user may read, and single messages in them."""

from __future__ import annotations

from evchat.core import records as rec
from evchat.core.context import Context
from evchat.core.rules import people, permissions
from evchat.core.state import Session, logged_in
from evchat.protocol import names
from evchat.protocol.messages import Message


def conversation(context: Context, session: Session, to: str | None) -> tuple[str, str]:
    """Key and name of a conversation that the session may read.

    Raises Refused (no-such-channel, not-in-channel, no-channel, no-such-user).
    """
    user = logged_in(session)
    if to == names.EVERYONE:
        return names.EVERYONE, names.EVERYONE
    if not to or names.is_channel(to):
        channel = permissions.own_channel(session, to)
        return channel.key, channel.name
    key, name = people.known(context, to)
    return names.pair_key(user.key, key), name


def begins(context: Context, key: str) -> int:
    """The number of the first message of a conversation that may be read: those before it were said in a channel of the
    same name that there is no longer.
    """
    channel = context.state.channels.get(key)
    return 1 if channel is None else channel.begins


def message(context: Context, viewer: str, key: str, seq: int) -> Message | None:
    """A message of a conversation, if there is one of that number that user key `viewer` may see.

    Raises StoreError.
    """
    if not begins(context, key) <= seq <= context.head(key):
        return None
    found = context.fetch(rec.HistoryOf(key, viewer, 1, seq + 1, seq - 1))
    return found[0] if found else None


LATEST = 2**53
"""Milliseconds: later than any clock, and no more than every store and program takes."""


def seq_at(context: Context, key: str, head: int, at: int | None) -> int:
    """The number of a conversation's first message at a time or later; the one behind the last, if there is none."""
    found = context.fetch(rec.SeqAt(key, within(at, LATEST)))
    return found[0] if found else head + 1


def within(number: int | None, most: int) -> int:
    """A number that a client gave, between 0 and `most`; `most` if it gave none."""
    return most if number is None else max(0, min(number, most))

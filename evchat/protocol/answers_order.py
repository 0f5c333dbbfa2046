"""Answers about keeping order: modes, lists, operators and what they did."""

from __future__ import annotations

from evchat.protocol.event import Answer
from evchat.protocol.modes import Change
from evchat.protocol.value import value


@value
class ModesTold(Answer):
    """A channel's modes, without its lists. A key is told to members only."""

    channel: str
    changes: tuple[Change, ...]
    created: int


@value
class Listing:
    """An entry of a channel's list."""

    mask: str
    by: str
    at: int


@value
class ModeListed(Answer):
    """One of a channel's lists: `letter` says which."""

    channel: str
    letter: str
    entries: tuple[Listing, ...]


@value
class OperatorMade(Answer):
    """One is an operator of the server now."""

    name: str


@value
class InviteSent(Answer):
    """The invitation is on its way."""

    name: str
    channel: str
    away: str | None = None


@value
class Banishment:
    """A ban from the server; `until` 0 is for good."""

    whom: str
    by: str
    at: int
    until: int
    reason: str


@value
class BanishedListed(Answer):
    """The bans from the server."""

    bans: tuple[Banishment, ...]


@value
class Act:
    """What an operator of the server did: a word for it, whom or what it concerned, and what else there is to say."""

    at: int
    by: str
    act: str
    target: str
    detail: str


@value
class ActsTold(Answer):
    """What the operators of the server did, the latest last."""

    acts: tuple[Act, ...]

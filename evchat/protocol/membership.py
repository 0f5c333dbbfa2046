"""Kicks and invitations."""

from __future__ import annotations

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import NAME, REASON, WHERE, Command
from evchat.protocol.value import value


@value
class Kick(Request):
    """Kicks a user from a channel."""

    traits = Traits(evident=True)

    name: str
    reason: str = ""
    to: str | None = None


@value
class Invite(Request):
    """Invites a user to a channel, even if it is invite-only."""

    traits = Traits(evident=True)

    name: str
    to: str | None = None


@value
class Kicked(Event):
    """A user was kicked from a channel."""

    name: str
    channel: str
    by: str
    reason: str = ""


@value
class Invited(Event):
    """A user was invited to a channel; sent to that user."""

    name: str
    channel: str
    by: str


@value
class InviteTold(Event):
    """The same, sent to the channel's operators."""

    name: str
    channel: str
    by: str


@value
class InviteSent(Answer):
    """The invitation is on its way."""

    name: str
    channel: str
    away: str | None = None


COMMANDS: tuple[Command, ...] = (
    Command("kick", Kick, "Kicks a user from the channel.", (WHERE, NAME, REASON), words=("kick",)),
    Command(
        "invite",
        Invite,
        "Invites a user to the channel, even if it is invite-only.",
        (NAME, WHERE),
        words=("invite",),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""

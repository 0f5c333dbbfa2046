"""The groups in which help shows the commands, those most used first."""

from __future__ import annotations

from evchat.protocol.command import Command
from evchat.protocol.commands import BY_NAME
from evchat.protocol.value import value

ALL = "all"
"""What one asks help for to see all groups."""


@value
class HelpGroup:
    """A group: the word to ask help for, its title, and its commands by name."""

    name: str
    title: str
    names: tuple[str, ...]

    @property
    def commands(self) -> tuple[Command, ...]:
        """Its commands."""
        return tuple(BY_NAME[name] for name in self.names)


GROUPS: tuple[HelpGroup, ...] = (
    HelpGroup(
        "talking",
        "Talking",
        ("msg", "me", "broadcast", "notice", "history", "search", "inbox", "directs", "pins", "pin", "unpin"),
    ),
    HelpGroup("rooms", "Channels", ("join", "part", "rejoin", "channels", "names", "topic", "invite")),
    HelpGroup(
        "users",
        "Users",
        (
            "who", "whoelse", "wholast", "whois", "whowas", "find", "count", "watch", "unwatch", "watched", "block",
            "unblock", "blocked",
        ),
    ),
    HelpGroup("you", "You", ("nick", "away", "realname", "usermode", "help", "ping", "quit")),
    HelpGroup(
        "account",
        "Passwords and accounts",
        (
            "register", "password", "unregister", "export", "erase", "login", "logout", "pass", "authenticate",
            "certificate",
        ),
    ),
    HelpGroup(
        "order",
        "Keeping order in a channel",
        ("kick", "mute", "unmute", "ban", "unban", "bans", "op", "deop", "voice", "devoice", "mode", "keep"),
    ),
    HelpGroup(
        "operators",
        "For operators of the server",
        ("oper", "kill", "banish", "pardon", "banished", "adduser", "resetpassword", "wallops", "audit",
            "status", "accounts", "invitecode", "invitecodes", "revokecode", "eraseuser",
        ),
    ),
)  # fmt: skip
"""Every command that can be typed is in one of them."""

BY_GROUP: dict[str, HelpGroup] = {group.name: group for group in GROUPS}

"""The part of the table of commands that is about keeping order: modes, kicks, invitations, operators."""

from __future__ import annotations

from evchat.protocol import requests as r
from evchat.protocol.command import Command, Kind, Param

_WHERE = Param("to", Kind.CHANNEL, "#channel", key="to")
_NAME = Param("name", Kind.USER, "name", required=True)
_REASON = Param("reason", Kind.TEXT, "reason", key="reason")


def _grant(word: str, role: str, on: bool, summary: str) -> Command:
    fixed = (("role", role), ("on", on))
    return Command(word, r.Grant, summary, (_WHERE, _NAME), words=(word,), fixed=fixed)


ORDER: tuple[Command, ...] = (
    Command(
        "mode",
        r.Mode,
        "Shows a channel's modes or changes them: /mode +mk-v key bob. /mode b shows its bans.",
        (_WHERE, Param("text", Kind.TEXT, "changes")),
        words=("mode",),
    ),
    _grant("op", "o", True, "Makes a member an operator of the channel."),
    _grant("deop", "o", False, "Takes that away again."),
    _grant("voice", "v", True, "Lets a member speak in a moderated channel."),
    _grant("devoice", "v", False, "Takes that away again."),
    Command(
        "ban",
        r.Ban,
        "Bans a name or a mask from the channel.",
        (_WHERE, Param("mask", Kind.WORD, "name or mask", required=True)),
        words=("ban",),
    ),
    Command(
        "unban",
        r.Ban,
        "Takes such a ban back.",
        (_WHERE, Param("mask", Kind.WORD, "name or mask", typed=True)),
        words=("unban",),
        fixed=(("on", False),),
    ),
    Command(
        "bans",
        r.Ban,
        "Lists whom the channel bans.",
        (_WHERE,),
        words=("bans",),
        fixed=(("mask", None),),
        lenient=True,
    ),
    Command("kick", r.Kick, "Puts a user out of the channel.", (_WHERE, _NAME, _REASON), words=("kick",)),
    Command(
        "invite",
        r.Invite,
        "Invites a user into the channel, also into one that is only for the invited.",
        (_NAME, _WHERE),
        words=("invite",),
    ),
    Command(
        "oper",
        r.Oper,
        "Makes you an operator of the server.",
        (
            Param("name", Kind.WORD, "name", required=True),
            Param("password", Kind.TEXT, "password", key="password", required=True),
        ),
        words=("oper",),
    ),
    Command("kill", r.Kill, "Puts a user out of the server.", (_NAME, _REASON), words=("kill",)),
    Command(
        "wallops",
        r.Wallops,
        "Tells the operators of the server, and who listens to them, something.",
        (Param("text", Kind.TEXT, "text", required=True),),
        words=("wallops",),
    ),
    Command(
        "banish",
        r.Banish,
        "Bans a name or account, an address, a range or a mask from the server.",
        (
            Param("whom", Kind.WORD, "whom", required=True),
            Param("minutes", Kind.NUMBER, "minutes", key="minutes"),
            _REASON,
        ),
        words=("banish",),
    ),
    Command(
        "pardon",
        r.Pardon,
        "Takes such a ban back.",
        (Param("whom", Kind.WORD, "whom", required=True),),
        words=("pardon",),
    ),
    Command(
        "banished", r.Banished, "Lists who is banned from the server.", words=("banished",), lenient=True
    ),
    Command(
        "audit",
        r.Audit,
        "Lists what the operators of the server did last.",
        (Param("limit", Kind.NUMBER, "number", key="limit"),),
        words=("audit",),
        lenient=True,
    ),
)
"""They stand together in `evchat.protocol.commands.COMMANDS`."""

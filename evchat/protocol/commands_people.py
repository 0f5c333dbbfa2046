"""The commands that tell more closely of people, and of what becomes of messages: a part of the table of commands."""

from __future__ import annotations

from evchat.protocol import requests as r
from evchat.protocol.command import Command, Kind, Param

PEOPLE: tuple[Command, ...] = (
    Command(
        "whowas",
        r.WhoWas,
        "Tells who had a name before, the latest first.",
        (
            Param("name", Kind.USER, "name", required=True),
            Param("limit", Kind.NUMBER, "number", key="limit"),
        ),
        words=("whowas",),
    ),
    Command(
        "find",
        r.Find,
        "Finds people online: who is in a channel, or whose name, username, host or real name matches (* and ?).",
        (
            Param("mask", Kind.TEXT, "mask", required=True),
            Param("operators", Kind.FLAG, "operators", key="operators", line=False),
        ),
        words=("people",),
    ),
    Command(
        "look",
        r.Look,
        "Tells about those of the users named who are online.",
        (Param("names", Kind.USERS, "name,name", required=True),),
    ),
    Command(
        "watch",
        r.Watch,
        "Tells you when these users come and go, wherever they are.",
        (Param("names", Kind.USERS, "name,name", required=True),),
        words=("watch",),
    ),
    Command(
        "unwatch",
        r.Watch,
        "Ends that for these users.",
        (Param("names", Kind.USERS, "name,name", required=True),),
        words=("unwatch",),
        fixed=(("on", False),),
    ),
    Command(
        "watched",
        r.Watched,
        "Lists whom you watch, and who of them is online.",
        (Param("clear", Kind.FLAG, "clear", key="clear", line=False),),
        words=("watched",),
        lenient=True,
    ),
    Command(
        "usermode",
        r.UserMode,
        "Shows or changes your own modes: i is invisible, w hears operators, B is a program.",
        (
            Param("text", Kind.WORD, "+i"),
            Param("name", Kind.USER, "name", key="name", line=False),
        ),
        words=("umode",),
    ),
    Command(
        "realname",
        r.Realname,
        "Says by which name you are known beside the chat; /realname - takes it away.",
        (Param("text", Kind.TEXT, "text", required=True),),
        words=("realname",),
    ),
    Command(
        "count",
        r.Count,
        "Tells how many users, channels and operators there are.",
        words=("count",),
        lenient=True,
    ),
    Command(
        "mark",
        r.Mark,
        "Tells how far you have read a conversation.",
        (Param("to", Kind.PLACE, "#channel or name", key="to", required=True),),
    ),
    Command(
        "conversations",
        r.Conversations,
        "Lists your conversations whose last message is of a certain time, the oldest first.",
        (
            Param("since", Kind.NUMBER, "since", key="since", required=True),
            Param("until", Kind.NUMBER, "until", key="until", required=True),
            Param("limit", Kind.NUMBER, "limit", key="limit", required=True),
        ),
    ),
    Command(
        "redact",
        r.Redact,
        "Takes a message back that you have sent, or in a channel where you keep order.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", required=True),
            Param("seq", Kind.NUMBER, "seq", key="seq", required=True),
            Param("reason", Kind.TEXT, "reason"),
        ),
    ),
    Command(
        "typing",
        r.Signal,
        "Tells a channel or a user that you are typing.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", required=True),
            Param("tags", Kind.TYPING, "active", required=True),
        ),
    ),
)

"""The one table of commands: what they are called, what they take, what they do.

The dialects parse by it, the core's dispatch is checked against it, and help, completion and the documents
are made from it.
"""

from __future__ import annotations

from evchat.protocol import requests as r
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.commands_order import ORDER
from evchat.protocol.commands_people import PEOPLE

__all__ = ["BY_NAME", "BY_WORD", "COMMANDS", "Command", "Kind", "Param"]


_TO = Param("to", Kind.CHANNEL, "#channel", key="to", line=False)
_ROLE = Param("role", Kind.WORD, "role", key="role", line=False)

COMMANDS: tuple[Command, ...] = (
    Command(
        "hello",
        r.Hello,
        "Introduces a full client.",
        (
            Param("version", Kind.NUMBER, "version", key="content.version", required=True, line=False),
            Param("client", Kind.WORD, "client", key="content.client", line=False),
            Param("echo", Kind.FLAG, "echo", key="echo", line=False),
        ),
        anyone=True,
    ),
    Command(
        "pass",
        r.Pass,
        "Gives the server's password, where it has one, before you log in.",
        (Param("password", Kind.TEXT, "password", key="password", required=True),),
        words=("pass",),
        anyone=True,
    ),
    Command(
        "login",
        r.Login,
        "Logs in under a name. A registered name needs its password.",
        (
            Param("name", Kind.USER, "name", required=True),
            Param("password", Kind.TEXT, "password", key="password"),
        ),
        words=("login",),
        anyone=True,
    ),
    Command(
        "authenticate",
        r.Authenticate,
        "Proves that an account is yours, whatever name you go by.",
        (
            Param("account", Kind.USER, "account", required=True),
            Param("password", Kind.TEXT, "password", key="password", required=True),
        ),
        words=("authenticate",),
    ),
    Command(
        "register",
        r.Register,
        "Makes the name you have yours, with a password.",
        (Param("password", Kind.TEXT, "password", key="password", required=True),),
        words=("register",),
    ),
    Command(
        "logout",
        r.Logout,
        "Gives your name up and lets you log in again.",
        words=("logout",),
        lenient=True,
    ),
    Command(
        "quit",
        r.Quit,
        "Says goodbye and closes the connection.",
        (Param("reason", Kind.TEXT, "reason"),),
        words=("quit", "exit", "disconnect"),
        anyone=True,
    ),
    Command(
        "nick",
        r.Nick,
        "Takes another name.",
        (Param("name", Kind.USER, "name", required=True),),
        words=("nick",),
    ),
    Command(
        "msg",
        r.Say,
        "Sends a direct message to a user, or a message to a channel.",
        (
            Param("to", Kind.PLACE, "name", key="to", typed=True),
            Param("text", Kind.TEXT, "text", required=True),
            _ROLE,
        ),
        words=("msg", "pm", "send"),
        aliases=("message",),
    ),
    Command(
        "notice",
        r.Say,
        "Sends a message that no program answers.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", typed=True),
            Param("text", Kind.TEXT, "text", required=True),
            _ROLE,
        ),
        words=("notice",),
        fixed=(("notice", True),),
    ),
    Command(
        "me",
        r.Say,
        "Says what you do: /me waves.",
        (
            Param("to", Kind.PLACE, "name", key="to", line=False),
            Param("text", Kind.TEXT, "text", required=True),
            _ROLE,
        ),
        words=("me",),
        fixed=(("action", True),),
    ),
    Command(
        "broadcast",
        r.Announce,
        "Tells everyone online, or the users named, across all channels.",
        (
            Param("to", Kind.USERS, "name,name", key="to", marker="user"),
            Param("text", Kind.TEXT, "text", required=True),
        ),
        words=("broadcast",),
    ),
    Command(
        "join",
        r.Join,
        "Comes into a channel, and makes it if there is none of that name. -ch #channel also talks there from now on.",
        (
            Param("channels", Kind.CHANNELS, "#channel", required=True),
            Param("keys", Kind.WORDS, "key", key="keys"),
            Param("current", Kind.FLAG, "current", key="current", line=False),
            Param("after", Kind.NUMBER, "after", key="after", line=False),
        ),
        words=("join",),
    ),
    Command(
        "part",
        r.Part,
        "Leaves a channel.",
        (
            Param("channels", Kind.CHANNELS, "#channel"),
            Param("reason", Kind.TEXT, "reason", key="reason"),
        ),
        words=("part", "leave"),
    ),
    Command(
        "channels",
        r.Channels,
        "Lists the channels, their topics and how many are in them.",
        words=("channels", "ch"),
        lenient=True,
    ),
    Command(
        "names",
        r.Names,
        "Lists who is in a channel.",
        (Param("channel", Kind.CHANNEL, "#channel"),),
        words=("names", "list"),
        lenient=True,
    ),
    Command("who", r.Who, "Lists everyone online.", words=("who",), lenient=True),
    Command(
        "whoelse",
        r.Who,
        "Lists everyone online but yourself.",
        words=("whoelse",),
        fixed=(("others", True),),
        lenient=True,
    ),
    Command(
        "wholast",
        r.WhoLast,
        "Lists who was online in the last so many minutes, and when last seen.",
        (Param("minutes", Kind.NUMBER, "minutes", required=True),),
        words=("wholast",),
    ),
    Command(
        "whois",
        r.WhoIs,
        "Tells what one may know about a user.",
        (Param("name", Kind.USER, "name", required=True),),
        words=("whois",),
    ),
    Command(
        "history",
        r.History,
        "Shows earlier messages of a channel, or of a conversation with a user.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to"),
            Param("limit", Kind.NUMBER, "number", key="limit"),
            Param("before", Kind.NUMBER, "before", key="before", line=False),
            Param("after", Kind.NUMBER, "after", key="after", line=False),
            Param("since", Kind.NUMBER, "since", key="since", line=False),
            Param("until", Kind.NUMBER, "until", key="until", line=False),
            Param("around", Kind.NUMBER, "around", key="around", line=False),
            Param("around_at", Kind.NUMBER, "around_at", key="around_at", line=False),
            Param("oldest", Kind.FLAG, "oldest", key="oldest", line=False),
        ),
        words=("history",),
        lenient=True,
    ),
    Command(
        "inbox",
        r.Inbox,
        "Shows the direct messages that came while you were away, and marks them read.",
        (
            Param("keep", Kind.FLAG, "keep", key="keep", line=False),
            Param("to", Kind.PLACE, "name", key="to", line=False),
            Param("after", Kind.NUMBER, "after", key="after", line=False),
        ),
        words=("inbox",),
        lenient=True,
    ),
    Command(
        "directs",
        r.Directs,
        "Lists your direct conversations, the latest first.",
        words=("directs",),
        lenient=True,
    ),
    Command(
        "read",
        r.Read,
        "Marks a conversation as read up to a message, for all your devices.",
        (
            Param("to", Kind.PLACE, "#channel or name", key="to", required=True),
            Param("seq", Kind.NUMBER, "seq", key="seq"),
            Param("until", Kind.NUMBER, "until", key="until"),
        ),
    ),
    Command(
        "block",
        r.Block,
        "Keeps a user's direct messages and broadcasts away from you. The user is not told.",
        (Param("name", Kind.USER, "name", required=True),),
        words=("block",),
    ),
    Command(
        "unblock",
        r.Block,
        "Lets a blocked user reach you again.",
        (Param("name", Kind.USER, "name", required=True),),
        words=("unblock",),
        fixed=(("on", False),),
    ),
    Command("blocked", r.Blocked, "Lists whom you have blocked.", words=("blocked",), lenient=True),
    Command(
        "topic",
        r.Topic,
        "Shows or sets the topic of the channel; /topic - takes it away.",
        (Param("text", Kind.TEXT, "text"), _TO),
        words=("topic",),
    ),
    *ORDER,
    *PEOPLE,
    Command(
        "away",
        r.Away,
        "Says that you are away, and why; without a text, that you are back.",
        (Param("text", Kind.TEXT, "text"),),
        words=("away",),
    ),
    Command(
        "search",
        r.Search,
        "Finds words in the messages you may see.",
        (
            Param("text", Kind.TEXT, "words", required=True),
            Param("to", Kind.PLACE, "#channel or name", key="to", line=False),
            Param("limit", Kind.NUMBER, "number", key="limit", line=False),
        ),
        words=("search",),
    ),
    Command(
        "ping",
        r.Ping,
        "Asks the server for the same text back.",
        (Param("token", Kind.ANY, "anything"),),
        words=("ping",),
        anyone=True,
    ),
    Command(
        "pong",
        r.Pong,
        "Answers the server's ping.",
        (Param("token", Kind.ANY, "anything"),),
        anyone=True,
    ),
    Command(
        "help",
        r.Help,
        "Lists the commands, or explains one.",
        (Param("command", Kind.WORD, "command"),),
        words=("help",),
        anyone=True,
        lenient=True,
    ),
)

BY_NAME: dict[str, Command] = {name: c for c in COMMANDS for name in (c.name, *c.aliases)}
"""The commands by their names on the wire."""

BY_WORD: dict[str, Command] = {word: c for c in COMMANDS for word in c.words}
"""The commands by the words a person types."""

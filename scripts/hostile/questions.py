"""The dearest that a guest can ask, for every command that there is."""

from __future__ import annotations

import json
from typing import Any

_EARS = ",".join(f"user{number}" for number in range(400))
_MASK = "*" + "?" * 90 + "*"
_CHANNELS = [f"#c{number}" for number in range(98)]
_MARKS = "a" + "\u0301" * 20_000

_KEYS = ",".join(f"key{number}" for number in range(99))

JSON: dict[str, list[dict[str, Any]]] = {
    "ping": [{"content": "x" * 1000}],
    "pong": [{}],
    "hello": [{"content": {"version": 1, "client": "x"}}],
    "help": [{}],
    "pass": [{"password": "x" * 1000}],
    "authenticate": [{"content": "user1", "password": "x" * 1000}],
    "certificate": [{"action": "add", "content": "M" * 4096}, {"action": "add", "content": "x" * 60_000}],
    "register": [{"password": _MARKS}],
    "password": [{"old": _MARKS, "password": _MARKS}],
    "resetpassword": [{"content": "x", "password": _MARKS}],
    "unregister": [{"password": _MARKS}],
    "rejoin": [{}],
    "login": [{"content": _MARKS}],
    "nick": [{"content": "nick{g}x{n}"}, {"content": _MARKS}],
    "msg": [
        {"content": _MARKS, "to": "#main"},
        {"content": "common " * 9000, "to": "#main"},
        {"content": "\u2028" * 190, "to": "#main"},
        {"content": "hi", "to": "other1", "id": "r{g}-{n}"},
    ],
    "notice": [{"content": "x" * 60_000, "to": "#main"}],
    "me": [{"content": "x" * 60_000, "to": "#main"}],
    "broadcast": [
        {"content": "x"},
        {"content": "x", "to": [f"é{number}" for number in range(5_500)]},
        {"content": "x", "to": [f"user{number}" for number in range(100)]},
    ],
    "join": [{"content": _CHANNELS}, {"content": ["#main"]}],
    "part": [{"content": _CHANNELS[-1]}],
    "channels": [{}],
    "names": [{"content": "#main"}],
    "topic": [{"content": "x" * 390, "to": "#main"}],
    "kick": [{"content": "user1", "to": "#main"}],
    "invite": [{"content": "user{n}", "to": "#c1"}],
    "mode": [
        {"content": "+" + "b" * 50 + " " + " ".join(f"n{{n}}x{i}!*@*" for i in range(50)), "to": "#own{g}"},
        {"content": "b", "to": "#main"},
    ],
    "op": [{"content": "user1", "to": "#main"}],
    "deop": [{"content": "user1", "to": "#main"}],
    "voice": [{"content": "user1", "to": "#main"}],
    "devoice": [{"content": "user1", "to": "#main"}],
    "ban": [{"content": _MASK, "to": "#own{g}"}],
    "unban": [{"content": _MASK, "to": "#own{g}"}],
    "adduser": [{"name": "victim{n}", "password": "a password"}],
    "mute": [{"content": "user1", "to": "#own{g}"}],
    "unmute": [{"content": "user1", "to": "#own{g}"}],
    "bans": [{"to": "#main"}],
    "who": [{}],
    "whoelse": [{}],
    "wholast": [{"content": 500_000}],
    "whois": [{"content": "user1"}, {"content": _MARKS}],
    "block": [{"content": "user{n}"}],
    "unblock": [{"content": "user{n}"}],
    "blocked": [{}],
    "whowas": [{"content": "user1"}],
    "find": [{"content": _MASK}, {"content": "*"}, {"content": "#main"}, {"content": "*a*b*c*d*"}],
    "look": [{"content": _EARS}],
    "count": [{}],
    "away": [{"content": "away {n}"}],
    "history": [
        {"to": "#main", "limit": 1000},
        {"to": "#main", "limit": 1000, "around_at": 1_700_000_500_000},
        {"to": "other1", "limit": 1000, "oldest": True},
        {"to": "#main", "limit": 1000, "changed_after": 0},
        {"to": "other1", "limit": 1000, "changed_after": 0},
    ],
    "inbox": [{"content": None, "keep": True}, {}],
    "directs": [{}],
    "conversations": [{"since": 0, "until": 2**52, "limit": 1000}],
    "search": [
        {"content": "common"},
        {"content": "common text", "limit": 1000},
        {"content": "word"},
        {"content": "w"},
        {"content": "nothing common text of message"},
        {"content": " ".join(f"number{number}" for number in range(100))},
        {"content": "common text", "to": "#c1", "limit": 1000},
        {"content": "common text of message and so on", "to": "other1"},
    ],
    "read": [{"to": "#main", "seq": "{n}"}, {"to": "mallory", "seq": "{n}"}],
    "mark": [{"to": "#main"}],
    "redact": [{"to": "#main", "seq": 1}],
    "edit": [{"to": "#own{g}", "seq": 1, "content": "edited {n}"}],
    "pin": [{"to": "#own{g}", "seq": "{n}"}],
    "unpin": [{"to": "#own{g}", "seq": "{n}"}],
    "pins": [{"to": "#main"}],
    "typing": [{"content": "active", "to": "#main"}],
    "watch": [{"content": _EARS}, {"content": ",".join(f"user{number}" for number in range(99))}],
    "unwatch": [{"content": _EARS}],
    "watched": [{}],
    "usermode": [{"content": "+i"}],
    "realname": [{"content": "real {n}"}],
    "metadata": [{"to": "#main"}, {"to": "#main", "subscribed": True}, {"content": _KEYS}],
    "setmetadata": [
        {"key": "key{n}", "content": "x" * 300},
        {"to": "#own{g}", "key": "key", "content": "{n}"},
        {"key": "k", "content": "\ufdfa" * 20_000},
    ],
    "clearmetadata": [{}, {"to": "#own{g}"}],
    "subscribe": [{"content": _KEYS}, {}],
    "oper": [{"content": "x", "password": "x"}],
    "kill": [{"content": "user1"}],
    "wallops": [{"content": "x"}],
    "audit": [{"limit": 1000}],
    "status": [{}],
    "accounts": [{"after": "a"}],
    "keep": [{"days": 1, "to": "#own{g}"}],
    "export": [{}],
    "erase": [{"password": _MARKS}],
    "eraseuser": [{"content": "user1"}],
    "invitecode": [{"uses": 5}],
    "invitecodes": [{}],
    "revokecode": [{"code": "x"}],
    "banish": [{"content": "user1"}],
    "pardon": [{"content": "user1"}],
    "banished": [{}],
    "logout": [],  # a guest who has gone asks nothing any more
    "quit": [],
}
"""By the commands of the table: contents of the requests. `{g}` stands for the guest's number, `{n}` counts."""

IRC: tuple[str, ...] = (
    "LIST",
    f"LIST {_MASK},{_MASK}a,!{_MASK}b",
    "LIST *c*",
    f"WHO {_MASK}",
    "WHO * %tcuihsnfdlaor",
    "WHO #main",
    "NAMES #main,#main,#main,#main",
    "JOIN " + ",".join(_CHANNELS[:60]),
    "PRIVMSG #main,#c1,#c2,#c3 :" + "x" * 300,
    "CHATHISTORY LATEST #main * 1000",
    "CHATHISTORY TARGETS timestamp=2020-01-01T00:00:00.000Z timestamp=2030-01-01T00:00:00.000Z 1000",
    "INBOX",
    "WHOIS user1,user2,user3,user4",
    "WHOWAS user1,user2,user3,user4",
    "ISON " + " ".join(f"user{number}" for number in range(50)),
    "USERHOST " + " ".join(f"user{number}" for number in range(50)),
    "MONITOR + " + ",".join(f"user{number}" for number in range(50)),
    "MONITOR S",
    "MONITOR C",
    "LUSERS",
    "MOTD",
    "HELP",
    "MODE #main b",
    "NICK irc{g}x{n}",
    "AWAY :{n}",
    "SETNAME :{n}",
    "METADATA * SET key{n} :x",
    "METADATA #main LIST",
    f"METADATA * SUB {_KEYS.replace(',', ' ')[:400]}",
    "METADATA #main SYNC",
    "TOPIC #main",
    "MARKREAD #main",
    "TAGMSG #main",
)
"""Lines of IRC."""


_TIMES = 40
"""How often each guest asks the same, if it is let."""


def lines(guest: int, only: str | None = None) -> dict[str, list[bytes]]:
    """Everything to be asked, by a short label: what guest `guest` sends, many times over. With `only`, just that."""
    asked = {}
    for command, contents in JSON.items():
        for place, content in enumerate(contents):
            label = f"{command} {json.dumps(content)[:50]}" if content else command
            label += "" if len(label) < 50 else f" ({place})"
            if only in (None, label):
                asked[label] = [
                    _fill(json.dumps({"request": command, **content}, ensure_ascii=False), guest, number)
                    + b"\n"
                    for number in range(_TIMES)
                ]
    return asked


def irc_lines(guest: int, only: str | None = None) -> dict[str, list[bytes]]:
    """The same in IRC."""
    return {
        line[:50]: [_fill(line, guest, number) + b"\r\n" for number in range(_TIMES)]
        for line in IRC
        if only in (None, line[:50])
    }


def _fill(text: str, guest: int, number: int) -> bytes:
    text = text.replace('"{n}"', str(number + 1)) if '"seq"' in text else text
    return text.replace("{g}", str(guest)).replace("{n}", str(number)).encode()

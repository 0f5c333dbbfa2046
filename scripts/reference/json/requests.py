"""An example of each request of full JSON clients, by the form of its answer (`answers.ANSWERS`)."""

from __future__ import annotations

from typing import Any, Final

from reference.json.answers import PLAIN_OK


def _of(request: str, content: Any = None, **keys: Any) -> dict[str, Any]:
    shown = {key: value for key, value in keys.items() if key != "to"}
    return {
        "request": request,
        **({"to": keys["to"]} if "to" in keys else {}),
        **({} if content is None else {"content": content}),
        **shown,
    }


REQUESTS: Final[dict[str, tuple[dict[str, Any], ...]]] = {
    "login": (
        _of("login", "alice"),
        _of("login", "alice", resume="Zb3kXw7aQn2LdR0vTg5YpA"),
        _of("login", "alice", password="correct horse"),
    ),
    "logout, quit": (_of("logout"), _of("quit", "See you!")),
    "msg, me, notice": (
        _of("msg", "hi all", to="#main"),
        _of("me", "waves", to="bob"),
        _of("notice", "careful", to="#ops", role="o"),
    ),
    "broadcast": (_of("broadcast", "lunch!"), _of("broadcast", "lunch!", to=["bob", "carol"])),
    PLAIN_OK: (
        _of("nick", "alicia"),
        _of("part", "#ops", reason="bye"),
        _of("read", to="#ops", seq=42),
        _of("join", ["#ops", "#tea"], keys=["secret"], current=True),
        _of("join", "#ops", after=42),
        _of("pong", "17"),
        _of("pass", password="apple"),
        _of("certificate", "MIIBdDCCARqgAwIBAgIU…", action="add"),
        _of("register", password="correct horse"),
        _of("register", password="correct horse", account="dave", invite="7KQ2-M4XZ-0H8P-VW3T"),
        _of("keep", to="#ops", days=30),
        _of("erase", password="battery staple"),
        _of("eraseuser", "dave"),
        _of("revokecode", code="7KQ2-M4XZ-0H8P-VW3T"),
        _of("password", old="correct horse", password="battery staple"),
        _of("unregister", password="battery staple"),
        _of("rejoin"),
        _of("away", "lunch"),
        _of("away"),
        _of("realname", "Alice A."),
        _of("block", "mallory"),
        _of("unblock", "mallory"),
        _of("unwatch", ["bob"]),
        _of("typing", "active", to="bob"),
        _of("redact", "a slip", to="#main", seq=42),
        _of("edit", "hi everybody", to="#main", seq=42),
        _of("pin", to="#main", seq=42),
        _of("unpin", to="#main", seq=42),
        _of("topic", "on call: bob", to="#ops"),
        _of("mode", "+mv alice", to="#ops"),
        _of("op", "bob", to="#ops"),
        _of("deop", "bob", to="#ops"),
        _of("voice", "bob", to="#ops"),
        _of("devoice", "bob", to="#ops"),
        _of("kick", "carol", to="#ops", reason="spam"),
        _of("ban", "mallory", to="#ops"),
        _of("unban", "mallory", to="#ops"),
        _of("mute", "mallory", to="#ops", minutes=10),
        _of("unmute", "mallory", to="#ops"),
        _of("adduser", "dave", password="correct horse"),
        _of("resetpassword", "dave", password="battery staple"),
        _of("kill", "mallory", reason="spam"),
        _of("banish", "192.0.2.0/24", minutes=60, reason="spam"),
        _of("pardon", "192.0.2.0/24"),
        _of("wallops", "Restart at noon."),
    ),
    "`topic` without content": (_of("topic", to="#ops"),),
    "channels": (_of("channels"),),
    "names": (_of("names", "#main"),),
    "who, whoelse, wholast": (_of("wholast", 5), _of("who"), _of("whoelse")),
    "whois": (_of("whois", "bob"),),
    "history": (
        _of("history", to="bob", after=6),
        _of("history", to="#main", limit=50),
        _of("history", to="#main", since=1795220000000, until=1795260000000, oldest=True),
        _of("history", to="#main", changed_after=7),
    ),
    "inbox, search": (_of("inbox", keep=True), _of("search", "green build", to="#main")),
    "directs": (_of("directs"),),
    "blocked": (_of("blocked"),),
    "ping": (_of("ping", [1, "two"]),),
    "help": (_of("help", "nick"), _of("help")),
    "authenticate": (_of("authenticate", "alice", password="correct horse"),),
    "find": (_of("find", "#main"), _of("find", "bo*", operators=True)),
    "look": (_of("look", ["bob", "carol"]),),
    "whowas": (_of("whowas", "bob", limit=1),),
    "count": (_of("count"),),
    "watch, watched": (_of("watch", ["bob", "carol"]), _of("watched")),
    "usermode": (_of("usermode"), _of("usermode", "+i-w")),
    "`mark`, `read` with `until`": (_of("mark", to="#main"), _of("read", to="#main", until=1795256108000)),
    "conversations": (_of("conversations", since=1795220000000, until=1795260000000, limit=10),),
    "`mode` without content": (_of("mode", to="#ops"),),
    "`bans`, `mode` with the letter of a list": (_of("bans", to="#ops"), _of("mode", "b", to="#ops")),
    "pins": (_of("pins", to="#main"),),
    "metadata, setmetadata, clearmetadata": (
        _of("metadata", ["url"], to="bob"),
        _of("setmetadata", "https://example.org", key="url"),
        _of("clearmetadata"),
    ),
    "subscribe": (_of("subscribe", ["url", "avatar"], on=True),),
    "invite": (_of("invite", "alice", to="#ops"),),
    "oper": (_of("oper", "root", password="correct horse"),),
    "banished": (_of("banished"),),
    "audit": (_of("audit", limit=20),),
    "status": (_of("status"),),
    "invitecode": (_of("invitecode", uses=30, days=7),),
    "certificate": (_of("certificate"), _of("certificate", "3f9a0c5d", action="remove")),
    "export": (_of("export"), _of("export", after=1204)),
    "invitecodes": (_of("invitecodes"),),
    "accounts": (_of("accounts"), _of("accounts", after="dave")),
}
"""The requests by the names of the forms of their answers; where an answer is shown, it is that to the first ones."""

HELLO: Final = _of("hello", {"version": 1, "client": "mybot/1.0"}, echo=False)

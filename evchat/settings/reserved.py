"""The names that a server reserves by default, where a client that starts can read them quickly."""

from __future__ import annotations

RESERVED_NAMES = (
    "NickServ", "ChanServ", "MemoServ", "OperServ", "HostServ", "BotServ", "SaslServ", "HelpServ", "InfoServ",
    "StatServ", "AuthServ", "Global", "admin", "administrator", "root", "system", "server", "operator",
    "moderator", "everyone", "here", "all", "nobody", "anonymous", "evchat", "support",
)  # fmt: skip
"""Names that nobody can take, because they could deceive programs or people."""

"""What the reference of the full JSON protocol is made of: forms, and the objects inside them with their keys."""

from __future__ import annotations

from dataclasses import dataclass
from typing import Final


@dataclass(frozen=True, slots=True)
class Form:
    """A response, or the answer to the requests of this name: what it means, its content, its own keys, and examples.

    `parts` are the keys of the object that the content is, or of each object in its list.
    """

    name: str
    meaning: str
    content: str
    keys: dict[str, str]
    examples: tuple[str, ...]
    parts: dict[str, str] | None = None


PERSON: Final = {
    "name": "",
    "online": "",
    "registered": "",
    "since": "online since",
    "seen": "last seen",
    "idle": "milliseconds without a request",
    "away": "text or null",
    "channels": "those you share",
    "sessions": "how many",
    "account": "whose owner this is, or empty",
    "bot": "whether it is a program",
    "operator": "whether of the server",
    "realname": "",
}
FOUND: Final = {**PERSON, "channel": "where you share one, or null", "roles": "`o`, `v`: those held there"}
PAST: Final = {"name": "", "until": "when it was given up", "account": "", "realname": ""}
COUNTS: Final = {
    "users": "",
    "invisible": "of them",
    "operators": "of the server",
    "channels": "",
    "strangers": "connections without a login",
    "most": "users there were at once",
}
COMMAND: Final = {
    "request": "its name",
    "aliases": "",
    "summary": "a sentence",
    "keys": "list of {`key`, `kind`, `required`}",
    "typed": "how a person types it",
    "words": "what may be typed",
}
CHANNEL: Final = {"name": "", "topic": "", "users": "how many"}
WELCOME: Final = {
    "server": "its name",
    "version": "",
    "protocol": "the protocol's version",
    "limits": "numbers by name",
    "features": "list of words",
    "motd": "message of the day",
}
DIRECT: Final = {
    "name": "the other user",
    "seq": "the last message that you may see",
    "read": "the last one that you have read",
    "unread": "how many the other has sent above it, counted up to 1,000",
    "waiting": "how many lie in the inbox",
    "last": "when the last message was sent",
}
WATCHED: Final = {"online": "list of people, as in `whois`", "offline": "list of names"}
CONVERSATION: Final = {"name": "the channel or user", "last": "when the last message was sent"}
BROADCAST: Final = {"delivered": "how many users heard it", "missed": "names that are not online"}

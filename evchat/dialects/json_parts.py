"""The objects inside what a full JSON client hears, for `json_reference`: their keys, and what these mean."""

from __future__ import annotations

from typing import Final

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
BROADCAST: Final = {"delivered": "how many users heard it", "missed": "names that are not online"}

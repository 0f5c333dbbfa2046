"""The objects inside the responses of the full JSON protocol, and the keys that several responses share."""

from __future__ import annotations

from typing import Final

EVERYWHERE: Final = {
    "response": "what this is",
    "sender": "the user it comes from, or `server`",
    "content": "the text, list or object that it is about; empty if there is none",
    "at": "when, in milliseconds since the epoch",
    "timestamp": "the same as the server's local time, `2026-11-21T10:15:09`",
}
"""The keys of every object."""

MESSAGE: Final = {
    "to": "the channel, the user, or `*` for a broadcast to everyone",
    "seq": "its number in the conversation; one to holders of a role has none",
    "role": "`o` or `v` if only a channel's operators, or those with a voice too, hear it",
    "id": "the sender's id, if it gave one",
    "action": "true for a `/me`",
    "broadcast": "true for a broadcast",
    "notice": "true for a message that programs must not answer",
    "redacted": "true for a deleted message, which has no text any more",
    "reply": "the `seq` of the message that it answers, if there is one",
    "edited": "when it was last given another text, if it was",
    "rev": "the number of its last change, if it was changed",
}
"""The keys of a message, live or in a list, beyond those of every object."""

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
    "account": "the account the user is logged in to, or empty",
    "bot": "whether it is a program",
    "operator": "whether of the server",
    "realname": "",
    "host": "if online: what stands for the address",
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
    "waiting": "how many are in the inbox",
    "last": "when the last message was sent",
    "rev": "its last change",
}
WATCHED: Final = {"online": "list of people, as in `whois`", "offline": "list of names"}
CONVERSATION: Final = {"name": "the channel or user", "last": "when the last message was sent"}
BROADCAST: Final = {"delivered": "how many users heard it", "missed": "names that are not online"}

CHANGE: Final = {"mode": "its name", "letter": "", "on": "true if set", "value": "or null"}
ENTRY: Final = {
    "mask": "",
    "by": "who set it",
    "at": "when",
    "until": "when it ends, 0 for never",
    "whom": "the name of the person it means, if it was set by name",
}
BANISHED: Final = {
    "whom": "",
    "by": "who set it",
    "at": "when",
    "until": "when it ends, 0 for never",
    "reason": "",
}
ACT: Final = {
    "at": "when",
    "by": "the operator",
    "act": "a word",
    "target": "whom or what",
    "detail": "more of it",
}

ROLES: Final = {"operators": "its operators", "voiced": "those with a voice"}

# ---- keys that several responses have ----

DUPLICATE: Final = {"duplicate": "true if this request was done before, and not again"}
MORE: Final = {"more": "true if the limit cut the list"}
OMITTED: Final = {"omitted": "how many more there are"}
TOPIC: Final = {"to": "the channel", "by": "who set it", "set_at": "when, 0 if never"}

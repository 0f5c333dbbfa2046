"""The error codes: stable words by which clients tell errors apart."""

from __future__ import annotations

from typing import Final

CODES: Final[dict[str, str]] = {
    # ---- meaningless input
    "bad-request": "not JSON, a wrong type, a missing or meaningless key, or `hello` too late",
    "bad-encoding": "not UTF-8, or half a character",
    "too-long": "an object, line, topic, reason or away text is over its limit",
    "unknown-request": "there is no such request",
    "unknown-command": "there is no such command",
    "usage": "the command is typed differently, as the text says",
    "empty": "the message is empty",
    "held-back": "the line looks like a command without its `/`; typed again, it is said",
    # ---- names, accounts, passwords
    "not-logged-in": "log in first",
    "already-logged-in": "log out first",
    "bad-name": "not a legal user name, or not usable here",
    "bad-channel": "not a legal channel name",
    "bad-password": "the password is too short",
    "name-taken": "somebody is online under that name",
    "registered": "the name is registered: its password is needed to change to it",
    "password-needed": "the name is registered: log in with its password",
    "not-registered": "the name has no password any more",
    "already-registered": "the name is registered already",
    "server-password": "the server has a password, which must be given first (`pass`)",
    "wrong-password": "the password is wrong, or there is no such account",
    "too-many-tries": "too many wrong passwords: wait for the time that the text says",
    "too-many-registrations": "your address has registered too many accounts: wait a while",
    "busy": "too many passwords are being checked at the moment",
    # ---- users, channels, messages
    "no-such-user": "nobody has that name",
    "no-services": "there are no services such as NickServ here; nothing was sent or kept",
    "no-such-channel": "there is no such channel",
    "no-such-message": "there is no such message, or it was deleted already",
    "no-channel": "you are in no channel",
    "not-in-channel": "join the channel first",
    "not-a-member": "the user is not in the channel",
    "already-a-member": "the user is in the channel already",
    "not-blocked": "you have not blocked that user",
    "too-many-blocked": "you have blocked as many users as allowed",
    "too-many-channels": "you are in as many channels as allowed, or the server has as many as allowed",
    "too-many-recipients": "more recipients than one message may have",
    "too-many-names": "more names than one request may have",
    "too-many-watched": "you can't watch that many users",
    # ---- permissions, modes
    "not-operator": "only channel operators can do that",
    "not-allowed": "only others can do that, or it would affect you or too many users",
    "wrong-key": "the channel has a key, and it was missing or wrong",
    "channel-full": "the channel has as many members as its limit allows",
    "invite-only": "the channel is invite-only",
    "banned": "you are banned from the channel",
    "bad-key": "not a legal metadata key",
    "no-such-key": "there is no metadata under that key",
    "too-many-keys": "you have subscribed to as many keys as allowed",
    "moderated": "you can't speak there: the channel is moderated, or you are banned or muted in it",
    "no-ctcp": "the channel does not allow client-to-client queries",
    "no-queries": "the user does not accept client-to-client queries",
    "account-needed": "the user accepts messages from registered users only",
    "unknown-mode": "there is no mode of that letter",
    "missing-value": "the mode needs a value",
    "bad-value": "not a valid value for the mode or ban",
    "list-full": "there is no room for another ban, exception or invitation",
    # ---- the server
    "not-banished": "there is no such server ban",
    "over-budget": "you, your address, the conversation or the server has stored as much as allowed for now",
    "storage": "the store can't be written or read at the moment; nothing was done",
    # ---- the last words before the server closes the connection
    "banished": "you are banned from the server",
    "killed": "a server operator has disconnected you",
    "login-deadline": "you did not log in in time",
    "idle": "nothing was heard from you for too long",
    "too-much": "you have sent more than the server accepts",
    "server-full": "the server has as many connections as allowed",
    "too-many-connections": "your address has as many connections as allowed",
}
"""What is wrong, by code. `Refused`, `Failed`, `Malformed` and `HungUp` carry one of these and nothing else."""

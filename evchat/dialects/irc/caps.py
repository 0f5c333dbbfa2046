"""The capabilities that clients may request (IRCv3 capability negotiation), each a bit of a mask."""

from __future__ import annotations

from collections.abc import Mapping
from typing import Final

from evchat.settings.model import Limits

# Not chghost: a host stands for an address for good, so that a ban of it holds whatever account one proves.
NAMES: Final = (
    "account-notify",
    "account-tag",
    "away-notify",
    "batch",
    "cap-notify",
    "draft/account-registration",
    "draft/chathistory",
    "draft/event-playback",
    "draft/message-redaction",
    "draft/metadata-2",
    "draft/multiline",
    "draft/read-marker",
    "echo-message",
    "extended-join",
    "extended-monitor",
    "invite-notify",
    "labeled-response",
    "message-tags",
    "multi-prefix",
    "sasl",
    "server-time",
    "setname",
    "standard-replies",
    "userhost-in-names",
)
BIT: Final = {name: 1 << index for index, name in enumerate(NAMES)}

ACCOUNT_NOTIFY = BIT["account-notify"]
ACCOUNT_TAG = BIT["account-tag"]
AWAY_NOTIFY = BIT["away-notify"]
BATCH = BIT["batch"]
CHATHISTORY = BIT["draft/chathistory"]
EVENT_PLAYBACK = BIT["draft/event-playback"]
REDACTION = BIT["draft/message-redaction"]
METADATA = BIT["draft/metadata-2"]
MULTILINE = BIT["draft/multiline"]
READ_MARKER = BIT["draft/read-marker"]
ECHO_MESSAGE = BIT["echo-message"]
EXTENDED_JOIN = BIT["extended-join"]
EXTENDED_MONITOR = BIT["extended-monitor"]
INVITE_NOTIFY = BIT["invite-notify"]
LABELED_RESPONSE = BIT["labeled-response"]
MESSAGE_TAGS = BIT["message-tags"]
MULTI_PREFIX = BIT["multi-prefix"]
SASL = BIT["sasl"]
SERVER_TIME = BIT["server-time"]
SETNAME = BIT["setname"]
USERHOST_IN_NAMES = BIT["userhost-in-names"]

BROADCASTS: Final = (
    ACCOUNT_NOTIFY | ACCOUNT_TAG | AWAY_NOTIFY | BATCH | REDACTION | METADATA | MULTILINE | READ_MARKER | ECHO_MESSAGE
    | EXTENDED_JOIN | EXTENDED_MONITOR | INVITE_NOTIFY | MESSAGE_TAGS | SERVER_TIME | SETNAME
)  # fmt: skip
"""Those that change how a client is sent what many are sent, and so the variant of its dialect."""


def values(limits: Limits, mechanisms: tuple[str, ...]) -> dict[str, str]:
    """The values beside the names, for clients that ask with version 302; `mechanisms` are those of SASL."""
    return {
        "draft/account-registration": "before-connect",
        "draft/metadata-2": f"max-subs={limits.max_metadata_subscriptions},max-keys={limits.max_metadata_keys},"
        f"max-value-bytes={limits.max_metadata_bytes}",
        "sasl": ",".join(mechanisms),
        "draft/multiline": f"max-bytes={limits.max_multiline_bytes},max-lines={limits.max_multiline_lines}",
    }


def listing(names: tuple[str, ...], values: Mapping[str, str]) -> str:
    """The capabilities as a list says them, those with a value with it."""
    return " ".join(f"{name}={values[name]}" if name in values else name for name in names)


def held(mask: int) -> tuple[str, ...]:
    """The names of the capabilities in a mask."""
    return tuple(name for name in NAMES if mask & BIT[name])


def change(mask: int, request: str) -> int | None:
    """The mask that a request leads to, all of it or (None) nothing."""
    for word in request.split():
        off = word.startswith("-")
        bit = BIT.get(word[off:])
        if bit is None:
            return None
        mask = mask & ~bit if off else mask | bit
    return mask

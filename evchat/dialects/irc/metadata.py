"""METADATA (IRCv3 draft/metadata-2): its lines as requests, and its answers as batches and numerics."""

from __future__ import annotations

from evchat.dialects.irc import caps
from evchat.dialects.irc import numerics as n
from evchat.dialects.irc.client import IrcClient
from evchat.dialects.irc.line import Line, cut, middle, packed, safe
from evchat.dialects.irc.local_requests import lacking, local
from evchat.protocol.base import Request
from evchat.protocol.basics import Failed
from evchat.protocol.metadata import (
    ClearMetadata,
    GetMetadata,
    MetadataEntry,
    MetadataSubscribed,
    MetadataTold,
    SetMetadata,
    SubscribeMetadata,
    is_key,
)

MetadataRequest = GetMetadata | SetMetadata | ClearMetadata | SubscribeMetadata

_RETRY_AFTER = "4"
"""Seconds after which a client is advised to ask for what a large channel did not tell at the join."""


def requests(line: Line) -> list[Request]:
    """What METADATA with a target and a subcommand means."""
    target, word, *params = line.params
    to = None if target == "*" else target
    match word.upper():
        case "GET" if params:
            return [GetMetadata(to, tuple(params))]
        case "SET" if params:
            return [SetMetadata(params[0], (params[1] if len(params) > 1 else "") or None, to)]
        case "SUB" | "UNSUB" if params:
            return [SubscribeMetadata(tuple(params), word.upper() == "SUB")]
        case "GET" | "SET" | "SUB" | "UNSUB":
            return [lacking("METADATA")]
        case "LIST":
            return [GetMetadata(to)]
        case "CLEAR":
            return [ClearMetadata(to)]
        case "SUBS":
            return [SubscribeMetadata()]
        case "SYNC":
            return [GetMetadata(to, subscribed=True)]
    return [local("fail", "METADATA", "SUBCOMMAND_INVALID", word or "*", "There is no such subcommand")]


def told(client: IrcClient, event: MetadataTold) -> list[str]:
    """Values: in a batch, but for the one that was set."""
    if event.later:
        return [f"{client.head(n.ERR_METADATASYNCLATER, middle(event.target))} {_RETRY_AFTER}"]
    rows = [_synced(client, entry) if event.synced else _row(client, entry) for entry in event.entries]
    if isinstance(client.asked, SetMetadata) and not event.synced:
        return rows
    return batch(client, event.target, rows)


def batch(client: IrcClient, target: str, rows: list[str]) -> list[str]:
    """Lines as a `metadata` batch; bare for clients that know no batches."""
    if not client.caps & caps.BATCH:
        return rows
    reference = client.new_reference()
    return [
        f":{client.hostname} BATCH +{reference} metadata {middle(target)}",
        *(f"@batch={reference} {row}" for row in rows),
        f":{client.hostname} BATCH -{reference}",
    ]


def own(client: IrcClient, values: tuple[MetadataEntry, ...]) -> list[str]:
    """What a client that has the capability is told of its own values at the login."""
    if not client.caps & caps.METADATA:
        return []
    return batch(client, client.nick, [_synced(client, entry) for entry in values])


def _synced(client: IrcClient, entry: MetadataEntry) -> str:
    return cut(
        f":{client.hostname} METADATA {middle(entry.target)} {middle(entry.key)} * :{safe(entry.value or '')}"
    )


def _row(client: IrcClient, entry: MetadataEntry) -> str:
    if entry.value is not None:
        return client.numeric(
            n.RPL_KEYVALUE, middle(entry.target), middle(entry.key), "*", text=safe(entry.value)
        )
    if not is_key(entry.key):
        return f":{client.hostname} FAIL METADATA KEY_INVALID {middle(entry.key)} :That is not a key"
    return client.numeric(n.RPL_KEYNOTSET, middle(entry.target), middle(entry.key), text="key is not set")


def subscribed(client: IrcClient, event: MetadataSubscribed) -> list[str]:
    """The keys that the client subscribes to, each a parameter of its own."""
    asked = client.asked
    listed = isinstance(asked, SubscribeMetadata) and not asked.keys
    number = n.RPL_METADATASUBS if listed else n.RPL_METADATASUBOK if event.on else n.RPL_METADATAUNSUBOK
    return packed(client.head(number) + " ", list(map(middle, event.keys))) if event.keys else []


_CODES = {
    "bad-key": "KEY_INVALID",
    "no-such-key": "KEY_NOT_SET",
    "bad-value": "VALUE_INVALID",
    "list-full": "LIMIT_REACHED",
    "not-allowed": "KEY_NO_PERMISSION",
    "not-operator": "KEY_NO_PERMISSION",
    "too-many-keys": "TOO_MANY_SUBS",
    "no-such-user": "INVALID_TARGET",
    "no-such-channel": "INVALID_TARGET",
}


def failed(client: IrcClient, event: Failed, request: MetadataRequest) -> list[str]:
    """An error as a standard reply; what the specification has no code for is told in a NOTICE."""
    code = _CODES.get(event.code)
    if code is None:
        return [cut(f":{client.hostname} NOTICE {client.nick} :{safe(event.text)}")]
    target = "*" if isinstance(request, SubscribeMetadata) else request.to or client.nick
    key = request.key.lower() if isinstance(request, SetMetadata) else "*"
    context = {
        "KEY_INVALID": (event.about,),
        "TOO_MANY_SUBS": (event.about,),
        "VALUE_INVALID": (),
        "LIMIT_REACHED": (target,),
        "INVALID_TARGET": (target,),
    }.get(code, (target, key))
    words = " ".join(["METADATA", code, *map(middle, context)])
    return [cut(f":{client.hostname} FAIL {words} :{safe(event.text)}")]

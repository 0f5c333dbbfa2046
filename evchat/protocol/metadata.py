"""Metadata: values under keys that users and channels show to those around them, such as an avatar's address."""

from __future__ import annotations

import re

from evchat.protocol.base import Answer, Event, Request, Traits
from evchat.protocol.command import Command, Kind, Param
from evchat.protocol.value import value

_KEY = re.compile(r"[a-z0-9_./-][a-z0-9_.:/-]{0,31}", re.ASCII)


def is_key(key: str) -> bool:
    """Whether a key is legal: up to 32 of small ASCII letters, digits and `_.:/-`, not starting with a colon."""
    return _KEY.fullmatch(key) is not None


@value
class GetMetadata(Request):
    """Asks for the values of a channel or a user, or of oneself: those of some keys, or all.

    With `subscribed`, for those of the keys that the session subscribes to, in a channel also those of its members.
    """

    traits = Traits(heavy=True)

    to: str | None = None
    keys: tuple[str, ...] = ()
    subscribed: bool = False


@value
class SetMetadata(Request):
    """Sets a value of the user or of a channel; without a text, removes it."""

    traits = Traits(heavy=True)

    key: str
    text: str | None = None
    to: str | None = None


@value
class ClearMetadata(Request):
    """Removes all values of the user or of a channel."""

    traits = Traits(heavy=True)

    to: str | None = None


@value
class SubscribeMetadata(Request):
    """Has the session told when values under these keys change, or no longer; without keys, asks which those are."""

    traits = Traits(heavy=True)

    keys: tuple[str, ...] = ()
    on: bool = True


@value
class MetadataEntry:
    """A value under a key of `target`, a channel or a user; None if there is none."""

    target: str
    key: str
    value: str | None


@value
class MetadataTold(Answer):
    """Values that were asked for, or as they are now. `synced` are those of the keys that the session subscribes to.

    `later` means that the channel is too large to be told of unasked: the values can be asked for.
    """

    target: str
    entries: tuple[MetadataEntry, ...]
    synced: bool = False
    later: bool = False


@value
class MetadataSubscribed(Answer):
    """The keys that the session now subscribes to, of those that it named, or all; or no longer (`on` is False)."""

    keys: tuple[str, ...]
    on: bool = True


@value
class MetadataChanged(Event):
    """Somebody (`by`) changed a value of a channel or user; None if it was removed."""

    target: str
    key: str
    value: str | None
    by: str


_TO = Param("to", Kind.PLACE, "#channel or name", key="to")

COMMANDS: tuple[Command, ...] = (
    Command(
        "metadata",
        GetMetadata,
        "Lists the metadata of a channel or a user, or your own.",
        (
            _TO,
            Param("keys", Kind.WORDS, "key,key"),
            Param("subscribed", Kind.FLAG, "subscribed", key="subscribed"),
        ),
    ),
    Command(
        "setmetadata",
        SetMetadata,
        "Sets a value of your metadata or a channel's; without content, removes it.",
        (_TO, Param("key", Kind.WORD, "key", key="key", required=True), Param("text", Kind.TEXT, "value")),
    ),
    Command("clearmetadata", ClearMetadata, "Removes all of your metadata or a channel's.", (_TO,)),
    Command(
        "subscribe",
        SubscribeMetadata,
        "Tells you when metadata under these keys changes; without content, lists the keys.",
        (Param("keys", Kind.WORDS, "key,key"), Param("on", Kind.FLAG, "on", key="on")),
    ),
)
"""This subject's part of the table in `evchat.protocol.commands`."""

"""An export of a Slack workspace: a zip file with a folder for each channel."""

from __future__ import annotations

import html
import json
import re
import zipfile
from collections.abc import Iterator
from pathlib import Path, PurePosixPath
from typing import Any, Final

from evchat.admin.errors import AdminError
from evchat.admin.formats.line import Line, legal_name
from evchat.protocol import names

_LARGEST: Final = 256 * 1024 * 1024
"""Bytes of one file in it, unpacked: a day of a channel has far less."""

_MARKUP: Final = re.compile(r"<([@#!]?)([^<>|]*)(?:\|([^<>]*))?>")
_SAID: Final = (None, "me_message", "bot_message", "thread_broadcast", "file_share", "reply_broadcast")
"""The kinds of entries that somebody has said; the others tell who joined, or what the topic is."""


def read(path: Path) -> Iterator[Line]:
    """What was said in all channels, channel by channel, the oldest first. Raises AdminError."""
    try:
        with zipfile.ZipFile(path) as archive:
            yield from _read(archive)
    except (zipfile.BadZipFile, OSError, NotImplementedError, RuntimeError) as error:
        raise AdminError(f"{path} is not an export of Slack: {error}.") from error


def _read(archive: zipfile.ZipFile) -> Iterator[Line]:
    entries = sorted(name for name in archive.namelist() if name.endswith(".json"))
    if "channels.json" not in entries or "users.json" not in entries:
        raise AdminError("There are no channels.json and users.json in it: it is not an export of Slack.")
    people = {row["id"]: _name(row) for row in _objects(archive, "users.json") if "id" in row}
    channels = {row["id"]: str(row.get("name")) for row in _objects(archive, "channels.json") if "id" in row}
    wanted = set(channels.values())
    for name in entries:
        folder = str(PurePosixPath(name).parent)
        if folder in wanted:
            for row in _objects(archive, name):
                line = _line(row, f"#{folder}", people, channels)
                if line is not None:
                    yield line


def _objects(archive: zipfile.ZipFile, name: str) -> list[dict[str, Any]]:
    if archive.getinfo(name).file_size > _LARGEST:
        raise AdminError(f"{name} in it is larger than {_LARGEST >> 20} MiB.")
    try:
        found = json.loads(archive.read(name))
    except ValueError as error:
        raise AdminError(f"{name} in it is damaged: {error}.") from error
    return [row for row in found if isinstance(row, dict)] if isinstance(found, list) else []


def _name(row: dict[str, Any]) -> str:
    profile = row.get("profile")
    shown = profile.get("display_name") if isinstance(profile, dict) else None
    return legal_name(str(shown or row.get("name") or "imported"))


def _line(row: dict[str, Any], channel: str, people: dict[str, str], channels: dict[str, str]) -> Line | None:
    kind, text = row.get("subtype"), row.get("text")
    if row.get("type") != "message" or kind not in _SAID or not isinstance(text, str) or not text.strip():
        return None
    if names.check_channel_name(channel) is not None:
        return None
    try:
        seconds, _, rest = str(row.get("ts")).partition(".")
        at = int(seconds) * 1000 + int((rest + "000")[:3])
    except ValueError:
        return None
    sender = people.get(str(row.get("user"))) or legal_name(str(row.get("username") or "imported"))
    return Line(at, sender, channel, _plain(text, people, channels), kind == "me_message")


def _plain(text: str, people: dict[str, str], channels: dict[str, str]) -> str:
    """The text without Slack's markup of names and links."""

    def shown(found: re.Match[str]) -> str:
        sign, what, label = found[1], found[2], found[3]
        if sign == "@":
            return f"@{people.get(what) or label or what}"
        if sign == "#":
            return f"#{channels.get(what) or label or what}"
        if sign == "!":
            return label or f"@{what.partition('^')[0]}"
        return f"{label} ({what})" if label and label != what else what

    return html.unescape(_MARKUP.sub(shown, text))

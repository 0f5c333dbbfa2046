"""What `evchat-admin export` has written: an object per line."""

from __future__ import annotations

import json
from collections.abc import Iterator
from typing import IO, Any

from evchat.admin.errors import AdminError
from evchat.admin.formats.line import Line
from evchat.protocol import names


def read(file: IO[str]) -> Iterator[Line]:
    """The messages in a file; what else it tells, and what was deleted, is left out. Raises AdminError."""
    for number, text in enumerate(file, 1):
        if not text.strip():
            continue
        try:
            row = json.loads(text)
            if isinstance(row, dict) and row.get("kind") != "message":
                continue
            if row.get("redacted") or row.get("hidden"):
                continue
            yield _line(row)
        except (ValueError, KeyError, TypeError, AttributeError) as error:
            raise AdminError(
                f"Line {number} is not one that evchat-admin export writes ({error!r:.100})."
            ) from None


def _line(row: dict[str, Any]) -> Line:
    at, sender, to, text = row["at"], row["sender"], row["to"], row["content"]
    if type(at) is not int or not all(type(one) is str for one in (sender, to, text)):
        raise ValueError("a value of a wrong kind")
    if (
        to != names.EVERYONE
        and names.check_channel_name(to)
        and names.check_user_name(to, unicode_names=True)
    ):
        raise ValueError("no place where anything can be said")
    if names.check_user_name(sender, unicode_names=True):
        raise ValueError("no name of a user")
    return Line(at, sender, to, text, row.get("action") is True, row.get("notice") is True)

"""The client's side of the JSON protocol: requests to bytes, and the server's bytes to objects."""

from __future__ import annotations

import json

from evchat.settings.client import MAX_SERVER_LINE_BYTES

TYPE_CHECKING = False  # `typing` is slow to import, and the client must start fast
if TYPE_CHECKING:
    from typing import Any

NOT_AN_OBJECT: dict[str, Any] = {}
"""Stands for a line that is not a JSON object. Compare by identity."""

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_read = json.JSONDecoder().raw_decode


class ServerError(Exception):
    """The server does not speak this protocol; the text says what was wrong."""


def encode_object(facts: dict[str, Any]) -> bytes:
    """A request, with the keys of PROTOCOL.md, as a line for the server."""
    return _write(facts).encode("utf-8", "replace") + b"\n"


class ServerLines:
    """Splits the server's bytes into objects, whatever the chunks. Keeps at most `MAX_SERVER_LINE_BYTES` of a line."""

    __slots__ = ("_begun", "_size")

    def __init__(self) -> None:
        self._begun: list[bytes] = []
        """The pieces of an incomplete line."""
        self._size = 0

    def receive(self, data: bytes) -> list[dict[str, Any]]:
        """The objects that these bytes complete, with `NOT_AN_OBJECT` in the place of any other line that is not blank.

        Raises ServerError for a line that is too long; nothing sensible can follow then.
        """
        end = data.rfind(b"\n") + 1
        if not end:
            self._keep(data)
            return []
        if self._size + len(data) > MAX_SERVER_LINE_BYTES:
            self._check(self._size + data.find(b"\n"))
        self._begun.append(data[:end])
        text = b"".join(self._begun).decode("utf-8", "replace")
        self._begun.clear()
        self._size = 0
        if end < len(data):
            self._keep(data[end:])
        return _objects(text)

    def reset(self) -> None:
        """Forgets an incomplete line, whose rest will never arrive."""
        self._begun.clear()
        self._size = 0

    def _keep(self, piece: bytes) -> None:
        self._size += len(piece)
        self._check(self._size)
        self._begun.append(piece)

    def _check(self, size: int) -> None:
        if size > MAX_SERVER_LINE_BYTES:
            raise ServerError(
                f"The server sent a line of more than {MAX_SERVER_LINE_BYTES // 1024 // 1024} MiB."
            )


def _objects(text: str) -> list[dict[str, Any]]:
    """The objects of whole lines, parsed in place, because copying each line would cost as much again."""
    found: list[dict[str, Any]] = []
    position, length = 0, len(text)
    while position < length:
        end = text.find("\n", position)
        try:
            facts, stop = _read(text, position)
            # The parser treats line breaks as spaces: an object that continues on the next line is not one line's
            # object.
            whole = stop == end or (stop < end and not text[stop:end].strip())
        except (ValueError, RecursionError):
            whole = False
        if whole and type(facts) is dict:
            found.append(facts)
        elif text[position:end].strip():
            found.append(NOT_AN_OBJECT)
        position = end + 1
    return found

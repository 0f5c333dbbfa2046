"""The client's side of the JSON protocol: requests to bytes, and the server's bytes to objects."""

from __future__ import annotations

import json
from typing import Any, Final

from evchat.dialects.json.requests import write_request
from evchat.protocol.base import Request

MAX_LINE: Final = 4 * 1024 * 1024
"""Bytes of a line from the server. Its longest is a history of some 256 KiB of text, at most six times that as JSON."""

_write = json.JSONEncoder(ensure_ascii=False, separators=(",", ":")).encode
_read = json.JSONDecoder().decode


class ServerError(Exception):
    """What the server sent is not its protocol; the text says what was wrong."""


def encode_request(request: Request) -> bytes:
    """The request as a line for the server. Raises ValueError for `TypedLine`, `Greet`, `Malformed`."""
    return (_write(write_request(request)) + "\n").encode("utf-8", "replace")


class ServerLines:
    """Cuts the server's bytes into objects, however they come. Keeps no more than a line of MAX_LINE bytes."""

    __slots__ = ("_begun", "_size")

    def __init__(self) -> None:
        self._begun: list[bytes] = []
        """The pieces of a line that is not complete yet."""
        self._size = 0

    def receive(self, data: bytes) -> list[dict[str, Any]]:
        """The objects that these bytes complete. Raises ServerError; nothing sensible can follow then."""
        first, *rest = data.split(b"\n")
        found = []
        self._add(first)
        for piece in rest:
            line = self._begun[0] if len(self._begun) == 1 else b"".join(self._begun)
            self._begun.clear()
            self._size = 0
            if line and not line.isspace():
                found.append(_object(line))
            self._add(piece)
        return found

    def _add(self, piece: bytes) -> None:
        self._size += len(piece)
        if self._size > MAX_LINE:
            raise ServerError(f"The server sent a line of more than {MAX_LINE // 1024 // 1024} MiB.")
        if piece:
            self._begun.append(piece)


def _object(line: bytes) -> dict[str, Any]:
    try:
        value = _read(line.decode("utf-8"))
    except (ValueError, RecursionError):  # UnicodeDecodeError and JSONDecodeError are ValueErrors
        raise ServerError(f"The server sent what is not JSON: {line[:60]!r}.") from None
    if not isinstance(value, dict):
        raise ServerError(f"The server sent what is no JSON object: {line[:60]!r}.")
    return value

"""Cuts a stream of bytes into JSON objects: a line each, or back to back. Linear in the bytes, whatever they are."""

from __future__ import annotations

import re

MAX_OBJECT = 64 * 1024
"""Bytes of one object, and of what may stand between objects without being one."""

_SPACE = b" \t\r\n"
_STRUCTURE = re.compile(rb'["{}\[\]]')
_IN_STRING = re.compile(rb'["\\]')
_RESYNC = re.compile(rb"[{\n]")


class Garbage:
    """Bytes between objects that are no white space; told once for a run of them."""


class TooLong:
    """More than MAX_OBJECT bytes without the end of an object, or of garbage. Nothing is found after it."""


Found = bytes | Garbage | TooLong


class Scanner:
    """Finds objects by their braces, strings and brackets alone. Whether they are JSON is for a parser to say."""

    __slots__ = ("_buffer", "_closed", "_depth", "_garbage", "_in_string", "_scanned")

    def __init__(self) -> None:
        self._buffer = bytearray()
        self._scanned = 0
        self._depth = 0
        self._in_string = False
        self._garbage = 0
        self._closed = False

    @property
    def idle(self) -> bool:
        """Whether nothing has been begun."""
        return not self._buffer and not self._garbage and not self._closed

    def feed(self, data: bytes) -> list[Found]:
        """What these bytes complete."""
        if self._closed:
            return []
        found: list[Found] = []
        self._buffer += data
        while not self._closed and self._buffer:
            if not (self._object(found) if self._depth else self._between(found)):
                break
        if self._closed:
            self._buffer.clear()
        return found

    def _between(self, found: list[Found]) -> bool:
        """Skips to the next object; False if there is none yet."""
        buffer = self._buffer
        if not self._garbage:
            start = len(buffer) - len(buffer.lstrip(_SPACE))
            del buffer[:start]
            if not buffer:
                return False
            if buffer[0] == 0x7B:
                self._depth, self._scanned = 1, 1
                return True
            found.append(Garbage())
        match = _RESYNC.search(buffer)
        skipped = match.start() if match else len(buffer)
        self._garbage += skipped
        if self._garbage > MAX_OBJECT:
            self._close(found)
            return False
        del buffer[:skipped]
        if not match:
            return False
        self._garbage = 0
        return True

    def _object(self, found: list[Found]) -> bool:
        """Goes on looking for the end of the object; False if it has not come yet."""
        buffer = self._buffer
        position = self._scanned
        limit = min(len(buffer), MAX_OBJECT)
        while True:
            match = (_IN_STRING if self._in_string else _STRUCTURE).search(buffer, position, limit)
            if match is None:
                self._scanned = max(position, limit)
                break
            char = match[0]
            position = match.end()
            if char == b'"':
                self._in_string = not self._in_string
            elif char == b"\\":
                position += 1
                if position > limit:
                    self._scanned = position
                    break
            elif char in b"{[":
                self._depth += 1
            else:
                self._depth -= 1
                if not self._depth:
                    found.append(bytes(buffer[:position]))
                    del buffer[:position]
                    return True
        if len(buffer) > MAX_OBJECT:
            self._close(found)
        return False

    def _close(self, found: list[Found]) -> None:
        self._closed = True
        found.append(TooLong())

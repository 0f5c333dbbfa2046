"""A filter that removes telnet's option negotiation from a stream of bytes, whatever the chunks (RFC 854, RFC 855)."""

from __future__ import annotations

from typing import Final

MAX_OPTION: Final = 4096
"""Bytes of a subnegotiation; real ones have some dozens."""

_SE, _SB, _WILL, _DONT, _IAC = 240, 250, 251, 254, 255
_DATA, _COMMAND, _OPTION, _INSIDE, _INSIDE_COMMAND = range(5)


class Telnet:
    """Knows where in a negotiation the stream is. `flooded` means that one had no end; nothing passes after it."""

    __slots__ = ("_size", "_state", "flooded")

    def __init__(self) -> None:
        self._state = _DATA
        self._size = 0
        self.flooded = False

    def strip(self, data: bytes) -> bytes:
        """`data` without negotiations; a doubled byte 0xFF is one 0xFF that was meant."""
        if self._state == _DATA and _IAC not in data:
            return data
        kept = bytearray()
        at = 0
        while at < len(data) and not self.flooded:
            at = self._step(data, at, kept)
        return bytes(kept)

    def _step(self, data: bytes, at: int, kept: bytearray) -> int:
        """Goes on from `at`: over all bytes up to the next 0xFF where they mean nothing special, else over one."""
        state = self._state
        if state in (_DATA, _INSIDE):
            found = data.find(_IAC, at)
            end = len(data) if found < 0 else found
            if state == _DATA:
                kept += data[at:end]
            else:
                self._count(end - at)
            if found < 0:
                return end
            self._state = _COMMAND if state == _DATA else _INSIDE_COMMAND
            return end + 1
        byte = data[at]
        if state == _OPTION:
            self._state = _DATA
        elif state == _INSIDE_COMMAND:
            self._state = _DATA if byte == _SE else _INSIDE
            self._count(2)
        elif byte == _SB:
            self._state, self._size = _INSIDE, 0
        else:
            self._state = _OPTION if _WILL <= byte <= _DONT else _DATA
            if byte == _IAC:
                kept.append(byte)
        return at + 1

    def _count(self, size: int) -> None:
        self._size += size
        if self._size > MAX_OPTION:
            self.flooded = True

"""The cutting of a long text into pieces, for clients that read a limited number of bytes at a time."""

from __future__ import annotations

from collections.abc import Callable

from evchat.protocol.text import is_mark

_LEAST = 16
"""Bytes of a piece at least, however little room there is: every piece takes the text further."""


def utf8_size(text: str) -> int:
    """Bytes of a text in UTF-8."""
    return len(text) if text.isascii() else len(text.encode("utf-8", "replace"))


def pieces(text: str, most: int, size: Callable[[str], int] = utf8_size) -> list[str]:
    """The harmless `text` in pieces of at most `most` bytes each, as `size` counts them; together they are `text`.

    A piece ends behind a space where there is one in its second half, and never between a letter and its combining
    marks. At least one piece is returned.
    """
    most = max(most, _LEAST)
    cut: list[str] = []
    start = 0
    while len(text) - start > most or size(text[start:]) > most:
        end = _end(text, start, most, size)
        cut.append(text[start:end])
        start = end
    if start < len(text) or not cut:
        cut.append(text[start:])
    return cut


def _end(text: str, start: int, most: int, size: Callable[[str], int]) -> int:
    """Where the piece that begins at `start` ends: behind it more text follows."""
    # Every character takes a byte or more, so the longest piece that fits is found among the next `most` of them.
    low, high = start + 1, min(len(text), start + most)
    while low < high:
        middle = (low + high + 1) // 2
        if size(text[start:middle]) <= most:
            low = middle
        else:
            high = middle - 1
    space = text.rfind(" ", start + (low - start) // 2, low)
    if space >= 0 and low < len(text) and not text[low - 1 : low + 1].startswith(" "):
        return space + 1
    end = low
    while end > start + 1 and end < len(text) and is_mark(text[end]):
        end -= 1
    return end if end > start + 1 else low

"""Patterns with `*` (any characters) and `?` (one). Case does not count, nor do look-alikes.

Matching never takes more steps than the pattern's length times the text's.
"""

from __future__ import annotations

from collections.abc import Callable
from functools import lru_cache

from evchat.protocol import names


def key(pattern: str) -> str:
    """The same key for patterns that match the same texts."""
    return names.user_key(pattern)


def matches_text(pattern: str, text: str) -> bool:
    """Whether a pattern with `*` (any characters) and `?` (one) matches a whole text."""
    return matcher(pattern)(text)


def matcher(pattern: str) -> Callable[[str], bool]:
    """`matches_text` for one pattern and many texts."""
    means = _compiled(key(pattern))
    return lambda text: means(key(text))


@lru_cache(maxsize=1024)
def _compiled(pattern: str) -> Callable[[str], bool]:
    return _counted(pattern) if "?" in pattern else _pieced(pattern)


def _pieced(pattern: str) -> Callable[[str], bool]:
    """Without `?`: the first place where a piece between two stars is found is as good as any later one."""
    first, *pieces = pattern.split("*")
    if not pieces:
        return first.__eq__
    last = pieces.pop()
    least = len(first) + len(last)

    def means(text: str) -> bool:
        if len(text) < least or not (text.startswith(first) and text.endswith(last)):
            return False
        at, end = len(first), len(text) - len(last)
        for piece in pieces:
            at = text.find(piece, at, end)
            if at < 0:
                return False
            at += len(piece)
        return True

    return means


def _counted(pattern: str) -> Callable[[str], bool]:
    """With `?`: bit n of `state` says whether the text so far matches the first n characters of the pattern.

    Nothing is compiled: where thousands of masks are in use, that would take longer than all the matching.
    """
    stars = anything = 0
    chars: dict[str, int] = {}
    bit = 1
    for char in pattern:
        if char == "*":
            stars |= bit
            continue
        if char == "?":
            anything |= bit
        else:
            chars[char] = chars.get(char, 0) | bit
        bit <<= 1
    for char in chars:
        chars[char] |= anything

    least = bit.bit_length() - 1

    def means(text: str) -> bool:
        if len(text) < least:
            return False
        state = 1
        for char in text:
            state = (state & chars.get(char, anything)) << 1 | state & stars
            if not state:
                return False
        return state & bit != 0

    return means

"""Grapheme clusters and cells: where text may be cut, and how much of it fits.

A cluster is a character with all that is shown as part of it: combining marks, and in text as it was typed
also joiners, variation selectors and skin tones. A line break is always one by itself.
Text is only ever cut between clusters.
"""

from __future__ import annotations

from evchat.protocol.text import harmless, is_mark, is_narrow, joins_emoji, width


def joins(text: str, index: int = 0) -> bool:
    """Whether `text[index]` belongs to the cluster of the character before it."""
    char = text[index]
    return char > "~" and (is_mark(char) or not harmless(char) or joins_emoji(text, index))


def next_cluster(text: str, index: int) -> int:
    """Where the cluster that starts at `index` ends; the end of `text` if there is none."""
    if text[index : index + 1] == "\n":
        return index + 1
    index += 1
    while index < len(text) and joins(text, index):
        index += 1
    return min(index, len(text))


def previous_cluster(text: str, index: int) -> int:
    """Where the cluster that ends at `index` starts; 0 if there is none."""
    index -= 1
    while index > 0 and joins(text, index) and text[index - 1] != "\n":
        index -= 1
    return max(index, 0)


def clusters(text: str) -> list[str]:
    """The clusters of `text`, in order."""
    if text.isascii():
        return list(text)
    found = []
    start = 0
    while start < len(text):
        end = next_cluster(text, start)
        found.append(text[start:end])
        start = end
    return found


def fit(text: str, limit: int, start: int = 0) -> int:
    """Up to which index the harmless `text`, from `start` on, fits into `limit` cells in whole clusters."""
    if limit <= 0:
        return start
    if is_narrow(text[start : start + limit + 1]):
        return min(len(text), start + limit)
    room = limit
    while start < len(text):
        end = next_cluster(text, start)
        room -= width(text[start:end])
        if room < 0:
            break
        start = end
    return start


def fit_end(text: str, limit: int) -> int:
    """From which index on the end of the harmless `text` fits into `limit` cells in whole clusters."""
    if limit <= 0:
        return len(text)
    if is_narrow(text[-limit:]):
        return max(0, len(text) - limit)
    room = limit
    end = len(text)
    while end > 0:
        start = previous_cluster(text, end)
        room -= width(text[start:end])
        if room < 0:
            break
        end = start
    return end

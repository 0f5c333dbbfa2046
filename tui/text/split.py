"""A text as the messages it takes: none longer than the server lets one be, broken where it hurts least."""

from __future__ import annotations

from evchat.settings.client import MAX_MESSAGE_BYTES

_SHORT = MAX_MESSAGE_BYTES // 4
"""Characters up to which a text surely fits, whatever they are."""


def size(text: str) -> int:
    """Bytes of `text` as JSON writes it, but for control characters, which nobody types."""
    escaped = text.count('"') + text.count("\\") + text.count("\n")
    return (len(text) if text.isascii() else len(text.encode("utf-8", "replace"))) + escaped


def parts(text: str, max_lines: int) -> list[str]:
    """`text` as one or more messages of at most `max_lines` lines and `MAX_MESSAGE_BYTES` bytes."""
    if len(text) <= _SHORT and text.count("\n") < max_lines:
        return [text]
    made: list[str] = []
    lines: list[str] = []
    taken = 0
    for line in text.split("\n"):
        for piece in _pieces(line):
            cost = size(piece) + 2
            # A piece of a longer line is a message by itself, so that no line break is made where there was none.
            if lines and (len(lines) >= max_lines or taken + cost > MAX_MESSAGE_BYTES or piece is not line):
                made.append("\n".join(lines))
                lines, taken = [], 0
            lines.append(piece)
            taken += cost
    made.append("\n".join(lines))
    return [part for part in made if part.strip()] or [text]


def _pieces(line: str) -> list[str]:
    """A line in pieces that fit into a message, broken at spaces if there are any."""
    if size(line) < MAX_MESSAGE_BYTES - 2:
        return [line]
    pieces = []
    start = 0
    while start < len(line):
        end = start + _SHORT
        # As many characters as fit: more than a quarter of the bytes, unless all of them are wide.
        while end < len(line) and size(line[start : end + 1_000]) < MAX_MESSAGE_BYTES - 2:
            end += 1_000
        if end < len(line):
            space = line.rfind(" ", start + 1, end)
            end = space + 1 if space > 0 else end
        pieces.append(line[start:end])
        start = end
    return pieces

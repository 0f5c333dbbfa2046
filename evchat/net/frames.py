"""Frames: the parts of output that a paced peer must get in segments of their own."""

from __future__ import annotations


def cut_frames(pieces: list[bytes]) -> list[bytes]:
    """The pieces cut behind each newline. One that needs no cut stays the object that other queues share."""
    frames: list[bytes] = []
    for piece in pieces:
        if piece.find(b"\n") in (-1, len(piece) - 1):
            frames.append(piece)
        else:
            *lines, rest = piece.split(b"\n")
            frames += [line + b"\n" for line in lines]
            if rest:
                frames.append(rest)
    return frames


def count_within(pieces: list[bytes], most: int) -> int:
    """How many pieces, from the first on, have at most `most` bytes together."""
    size = 0
    for count, piece in enumerate(pieces):
        size += len(piece)
        if size > most:
            return count
    return len(pieces)

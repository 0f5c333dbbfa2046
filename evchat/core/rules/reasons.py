"""The reasons that people give for what they do: one line, of a bounded length."""

from __future__ import annotations

from evchat.core.errors import Refused

_MOST_REASON = 390
"""Bytes of a reason: as many as of a topic."""


def one_line(text: str) -> str:
    """A reason as one line of a bounded length. Raises Refused."""
    reason = " ".join(text.split())
    if len(reason.encode("utf-8", "replace")) > _MOST_REASON:
        raise Refused("too-long", f"A reason has at most {_MOST_REASON} bytes.")
    return reason


def shortened(text: str) -> str:
    """The beginning of a parting word: who goes is not kept from going because it is long."""
    if len(text) * 4 <= _MOST_REASON:
        return text
    return text.encode("utf-8", "replace")[:_MOST_REASON].decode("utf-8", "ignore")

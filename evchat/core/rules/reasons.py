"""The reasons that people give for what they do: one line, of a bounded length."""

from __future__ import annotations

from evchat.core.errors import Refused


def one_line(text: str, most_bytes: int) -> str:
    """A reason as one line. Raises Refused (too-long)."""
    reason = " ".join(text.split())
    if len(reason.encode("utf-8", "replace")) > most_bytes:
        raise Refused("too-long", f"A reason has at most {most_bytes} bytes.")
    return reason


def shortened(text: str, most_bytes: int) -> str:
    """The beginning of a parting word: who goes is not kept from going because it is long."""
    if len(text) * 4 <= most_bytes:
        return text
    return text.encode("utf-8", "replace")[:most_bytes].decode("utf-8", "ignore")

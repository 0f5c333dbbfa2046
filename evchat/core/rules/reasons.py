"""The reasons that people give for what they do: one line, of a bounded length."""

from __future__ import annotations

from evchat.core.errors import Refused
from evchat.protocol.text import count_breaks
from evchat.settings.model import Limits


def one_line(text: str, limits: Limits) -> str:
    """A reason as one line of a bounded length. Raises Refused (too-long)."""
    reason = " ".join(text.split())
    if len(reason.encode("utf-8", "replace")) > limits.max_reason_bytes:
        raise Refused("too-long", f"The reason is too long (limit {limits.max_reason_bytes} bytes).")
    return reason


def shortened(text: str, limits: Limits) -> str:
    """The beginning of a parting word: who goes is not kept from going because it is long."""
    if count_breaks(text):
        text = " ".join(text.split())
    if len(text) * 4 <= limits.max_reason_bytes:
        return text
    return text.encode("utf-8", "replace")[: limits.max_reason_bytes].decode("utf-8", "ignore")

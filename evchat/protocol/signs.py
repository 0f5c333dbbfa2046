"""Signs that all clients show in the same way. Imports nothing, because the terminal client needs it at once."""

from __future__ import annotations

OPERATOR, VOICE = "o", "v"
"""Roles in a channel, by the letters of their modes."""

SIGNS = {OPERATOR: "@", VOICE: "+"}
"""The roles in a channel, the highest first, each with the sign shown before the names of its holders."""

DELETED = "(deleted)"
"""What is shown in place of the text of a deleted message."""

EDITED = "(edited)"
"""What is shown behind the text of a message that was given another text."""


def sign(roles: str) -> str:
    """The sign of the highest of a member's roles (as in `Member.roles`, so the first); empty for none."""
    return SIGNS.get(roles[:1], "")

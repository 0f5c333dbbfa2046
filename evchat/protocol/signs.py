"""What all clients show to people in the same way. Imports nothing, as the terminal client starts with it."""

from __future__ import annotations

OPERATOR, VOICE = "o", "v"
"""Roles in a channel, by the letters of their modes."""

SIGNS = {OPERATOR: "@", VOICE: "+"}
"""The roles in a channel, the highest first, each with the sign that stands before the names of those who hold it."""

DELETED = "(deleted)"
"""What is shown in place of the text of a message that was taken back."""


def sign(roles: str) -> str:
    """The sign of the highest of a member's roles (as in `Member.roles`, so the first); empty for none."""
    return SIGNS.get(roles[:1], "")

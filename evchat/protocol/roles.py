"""The roles of a channel's members, by their letters, and the signs of those who hold them."""

from __future__ import annotations

OPERATOR, VOICE = "o", "v"

SIGNS = {OPERATOR: "@", VOICE: "+"}
"""The roles in a channel, the highest first, each with the sign that stands before the names of those who hold it."""


def sign(roles: str) -> str:
    """The sign of the highest of a member's roles (as in `Member.roles`, so the first); empty for none."""
    return SIGNS.get(roles[:1], "")

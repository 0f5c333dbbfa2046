"""The signs on the screen, each with one meaning; the help explains them. No name can look like one of them."""

from __future__ import annotations

ACTION, NEWS, PRESENCE, PRIVATE, FAILED = "*", "–", "·", "▏", "✗"
"""In place of a sender: what somebody does, what happened in the room, who joined or left, what only the user sees, and
what went wrong."""

QUEUED, SENT = "…", "✓"
"""After one's own message."""

MENTION = "!"
"""Beside a room, before the count of new messages."""

ASKING = "?"
"""Beside a server that wants something of the user."""

LEGEND: tuple[tuple[str, str], ...] = (
    ("3", "Beside a room: new messages"),
    (f"{MENTION}3", "The same, and one of them mentions you or is a direct message"),
    ("↓ 2 !", "Rooms with something new below the list"),
    ("Act: 2,4!", "In the status line: rooms with something new. Alt-2 goes there, Alt-a to the next"),
    (f"{QUEUED}  {SENT}", "After your message: not sent yet; stored by the server"),
    (FAILED, "An error, or a message that could not be sent"),
    (PRIVATE, "Only you see this: answers to your commands, and what the client tells you"),
    (NEWS, "Something changed in the room; everybody there sees it"),
    (PRESENCE, "Somebody joined or left"),
    (ACTION, "What somebody does (/me)"),
    ("@name  +name", "In the list of people: an operator of the channel; somebody with a voice"),
    (
        f"{QUEUED}  {FAILED}  {ASKING}",
        "Beside a server, if you use several: connecting; offline; it needs a name or a password",
    ),
    ("#name  name", "In the list of rooms: a channel; a direct conversation"),
)
"""Signs with their explanations, as the help shows them."""

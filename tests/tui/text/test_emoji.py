"""Emoji by name are single characters, each two cells wide."""

from __future__ import annotations

from evchat.protocol.text import width
from tui.text.emoji import EMOJI


def test_every_emoji_is_one_character_of_two_cells_under_a_plain_name() -> None:
    assert len(EMOJI) > 200
    assert all(len(char) == 1 and width(char) == 2 for char in EMOJI.values())
    assert all(name.isascii() and not any(char.isspace() or char == ":" for char in name) for name in EMOJI)

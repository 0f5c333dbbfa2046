"""Pieces are short, lose nothing, and are cut where a reader would cut."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.pieces import pieces, utf8_size
from evchat.protocol.text import harmless, is_mark


@given(
    st.lists(st.sampled_from(["a", "word ", " ", "é", "語", "👍", "o\u0308\u0323", "x" * 50]), max_size=60),
    st.integers(16, 100),
)
def test_pieces_are_the_text_and_none_is_longer_than_asked_for(parts: list[str], most: int) -> None:
    text = harmless("".join(parts))
    cut = pieces(text, most)
    assert "".join(cut) == text
    assert all(utf8_size(piece) <= most for piece in cut)
    assert not any(piece[:1] and is_mark(piece[0]) for piece in cut)
    assert "" not in cut or cut == [""]


def test_a_piece_ends_behind_a_space_in_its_second_half() -> None:
    assert pieces("one two three four five six", 17) == ["one two three ", "four five six"]
    assert pieces("a " + "b" * 30, 20) == ["a " + "b" * 18, "b" * 12]
    assert pieces("exactly so many .. ", 19) == ["exactly so many .. "]


def test_sizes_are_counted_as_asked_for() -> None:
    assert pieces("é" * 20, 20, lambda text: 4 * len(text)) == ["é" * 5] * 4


def test_with_no_room_at_all_the_text_still_gets_further() -> None:
    assert pieces("x" * 40, -5) == ["x" * 16, "x" * 16, "x" * 8]

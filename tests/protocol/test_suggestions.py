"""A word that is one slip away from a known one finds it, and no word costs much."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.commands import BY_WORD
from evchat.protocol.suggestions import Suggestions

WORDS = Suggestions(BY_WORD)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("jion", "join"), ("joins", "join"), ("jon", "join"), ("jain", "join"), ("JION", "join"),
        ("whos", "whois"), ("chan", "channels"), ("hist", "history"), ("whoi", "whois"),
        ("dance", ""), ("", ""), ("x", ""), ("xyz", ""), ("j" * 100, ""), ("a" * 10_000, ""),
    ],
)  # fmt: skip
def test_a_slip_finds_what_was_meant(typed: str, meant: str) -> None:
    assert WORDS.find(typed) == meant
    assert WORDS.sentence(typed) == (f" Did you mean /{meant}?" if meant else "")


@given(st.sampled_from(sorted(word for word in BY_WORD if len(word) > 3)), st.data())
def test_any_one_slip_finds_a_known_word(word: str, data: st.DataObject) -> None:
    at = data.draw(st.integers(0, len(word) - 1))
    letter = data.draw(st.sampled_from("abcxyz"))
    slips = (word[:at] + word[at + 1 :], word[:at] + letter + word[at:], word[:at] + letter + word[at + 1 :])
    assert all(WORDS.find(slip) in BY_WORD for slip in slips)


@given(st.text())
def test_any_text_finds_a_known_word_or_none(text: str) -> None:
    assert WORDS.find(text) in (*BY_WORD, "")

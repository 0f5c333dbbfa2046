"""Words as a search compares them."""

from __future__ import annotations

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.storage.words import fold, wanted, words


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("Hello, World!", ["hello", "world"]),
        ("don't snake_case 3.14", ["don", "t", "snake", "case", "3", "14"]),
        ("Crème BRÛLÉE Straße İstanbul", ["creme", "brulee", "strasse", "istanbul"]),
        ("ﬁne ＷＩＤＥ", ["fine", "wide"]),
        ("中文 and 東京", ["中", "文", "and", "東", "京"]),
        ("Ελλάς", ["ελλασ"]),
        ("\0 \u0301 \x80 🙂 ...", []),
        ("", []),
    ],
)
def test_words_are_runs_of_letters_and_digits_without_case_and_accents(
    text: str, expected: list[str]
) -> None:
    assert words(text) == expected


@given(st.text())
def test_the_words_of_words_are_the_same_words(text: str) -> None:
    assert words(" ".join(words(text))) == words(text)


@given(st.text())
def test_encodings_of_the_same_text_have_the_same_words(text: str) -> None:
    assert fold(unicodedata.normalize("NFC", text)) == fold(unicodedata.normalize("NFD", text))


@given(st.text(st.characters(max_codepoint=127)))
def test_ascii_is_no_special_case(text: str) -> None:
    assert words(text) == words(text + " é")[:-1]


def test_there_is_nothing_to_look_for_without_a_word() -> None:
    assert wanted(" ... ") is None


@given(st.text(), st.text())
def test_a_text_is_found_if_it_has_all_words_and_one_that_begins_like_the_last(
    text: str, question: str
) -> None:
    sought = wanted(question)
    there, asked = words(text), words(question)
    expected = (
        bool(asked) and set(asked[:-1]) <= set(there) and any(word.startswith(asked[-1]) for word in there)
    )
    assert (sought is not None and sought.found_in(text)) == expected


@given(st.text())
def test_every_text_finds_itself(text: str) -> None:
    sought = wanted(text)
    assert sought is None or sought.found_in(text)

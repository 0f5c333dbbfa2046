"""The table of error codes: short words, explained."""

from __future__ import annotations

import re

from evchat.protocol.errors import CODES


def test_codes_are_words_with_dashes() -> None:
    assert all(re.fullmatch(r"[a-z]+(-[a-z]+)*", code) for code in CODES)


def test_every_code_is_explained_in_a_clause_of_its_own() -> None:
    assert len(set(CODES.values())) == len(CODES)
    assert all(meaning and not meaning.endswith(".") for meaning in CODES.values())

"""Invitation codes, as they are written and read."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.core.rules.invitation_codes import BYTES, digest, is_code, write


@given(st.binary(min_size=BYTES, max_size=BYTES), st.binary(min_size=BYTES, max_size=BYTES))
def test_codes_are_as_different_as_their_randomness(one: bytes, other: bytes) -> None:
    assert is_code(write(one)) and len(write(one)) == 19
    assert (digest(write(one)) == digest(write(other))) is (one == other)


def test_a_code_is_known_however_it_is_typed() -> None:
    code = write(bytes(range(BYTES)))
    assert "O" not in code and "I" not in code and "L" not in code
    for typed in (
        code.lower(),
        code.replace("-", ""),
        code.replace("0", "o").replace("1", "l"),
        code.replace("1", "I"),
    ):
        assert is_code(typed) and digest(typed) == digest(code)


@pytest.mark.parametrize(
    "text", ["", "secret", "correct horse", "abcd-efgh-ijkl", "abcd-efgh-ijkl-mnö0", "a" * 17]
)
def test_a_word_that_is_no_code_is_part_of_the_password(text: str) -> None:
    assert not is_code(text)

"""The exception for requests that are refused, and what it quotes of them."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.core.errors import Refused, quoted


def test_a_refusal_has_a_code_for_programs_and_a_sentence_for_people() -> None:
    refused = Refused("no-such-user", "bob is not online.", "bob")
    assert (refused.code, refused.text, refused.about) == ("no-such-user", "bob is not online.", "bob")
    assert str(refused) == refused.text


@given(st.text())
def test_what_a_client_wrote_is_quoted_and_no_more_than_its_beginning(text: str) -> None:
    assert len(quoted(text)) <= 65
    assert quoted(text) == text or text.startswith(quoted(text)[:-1])
    assert len(quoted(text * 100)) <= 65 and len(Refused("x", "y", text * 100).about) <= 200

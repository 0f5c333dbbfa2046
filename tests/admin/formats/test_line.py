"""Names of others become names that are legal here."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.admin.formats.line import legal_name
from evchat.protocol.names import check_user_name


@given(st.text())
def test_any_name_becomes_a_legal_one(name: str) -> None:
    assert check_user_name(legal_name(name)) is None


@pytest.mark.parametrize(
    ("name", "made"),
    [("alice", "alice"), ("Bob B.", "Bob_B_"), ("-x", "x"), ("é", "_"), ("", "imported"), ("*", "_")],
)
def test_a_name_stays_as_like_itself_as_may_be(name: str, made: str) -> None:
    assert legal_name(name) == made

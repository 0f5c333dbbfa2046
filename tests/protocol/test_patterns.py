"""Patterns match as fnmatch has them, without its brackets, in bounded steps."""

from __future__ import annotations

import re

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.patterns import key, matcher, matches_text

patterns = st.text("ab*?", max_size=12)
texts = st.text("abc", max_size=12)


def by_regex(pattern: str, text: str) -> bool:
    parts = (".*" if char == "*" else "." if char == "?" else re.escape(char) for char in pattern)
    return re.fullmatch("".join(parts), text) is not None


@given(patterns, texts)
def test_a_pattern_matches_what_its_regular_expression_does(pattern: str, text: str) -> None:
    assert matches_text(pattern, text) == matcher(pattern)(text) == by_regex(pattern, text)


def test_case_and_look_alikes_do_not_count() -> None:
    assert matches_text("AL*", "alice")
    assert key("AL*") == key("al*")


def test_many_stars_take_no_time_that_grows_with_them() -> None:
    assert not matches_text("*a" * 500 + "b", "a" * 4_000)

"""The text of a file is what a person wrote, whatever editor wrote it down."""

from __future__ import annotations

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.settings.files import decoded

texts = st.text(st.characters(exclude_categories=["Cs"], exclude_characters="\r\ufeff"))


@given(texts, st.sampled_from(["utf-8", "utf-8-sig"]), st.sampled_from(["\n", "\r\n", "\r"]))
def test_any_text_is_read_as_it_was_written(text: str, encoding: str, line_break: str) -> None:
    assert decoded(text.replace("\n", line_break).encode(encoding)) == text


@pytest.mark.parametrize("encoding", ["utf-16", "utf-16-le", "utf-16-be"])
def test_utf_16_with_its_mark_is_told(encoding: str) -> None:
    with pytest.raises(ValueError, match="UTF-16; save it as UTF-8"):
        decoded("\ufeffx = 1".encode(encoding))


def test_what_is_not_utf_8_is_told() -> None:
    with pytest.raises(ValueError):
        decoded(b"x = '\xe9'")

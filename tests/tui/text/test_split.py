"""A text as messages."""

from __future__ import annotations

import json

from hypothesis import given
from hypothesis import strategies as st

from evchat.settings.client import MAX_MESSAGE_BYTES
from tui.text.split import parts

letters = st.sampled_from(
    ["a", " ", "\n", "ø", "日", "🎉", '"', "\\", "word ", "x" * 7000, "日本 " * 3000, "\n" * 30]
)


@given(st.lists(letters, max_size=40).map("".join), st.integers(1, 50))
def test_nothing_is_lost_and_every_message_fits(text: str, max_lines: int) -> None:
    made = parts(text, max_lines)
    for part in made:
        assert part.count("\n") < max_lines or made == [text]
        assert len(json.dumps(part, ensure_ascii=False).encode()) <= MAX_MESSAGE_BYTES + 2
        assert part.strip() or made == [text]
    assert "".join("".join(made).split()) == "".join(text.split())


def test_a_short_text_is_one_message() -> None:
    assert parts("", 200) == [""]
    assert parts("one\ntwo", 200) == ["one\ntwo"]


def test_lines_stay_whole_and_words_too() -> None:
    line = "word " * 5_000
    made = parts(f"{line}\n{line}\n{line}", 200)
    assert [part.count("\n") for part in made] == [1, 0]
    assert all(part.rstrip().endswith("word") for part in parts(line * 5, 200))

"""Rows of the table of messages: whatever a message holds comes back from its row."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.messages import Message
from evchat.storage.sqlite.rows import ACTION, ANNOUNCED, NOTICE, extra, said

texts = st.text(max_size=9)


@given(
    texts,
    st.booleans(),
    st.booleans(),
    st.lists(st.tuples(texts, texts)).map(tuple),
    st.lists(st.integers(0, 99)).map(tuple),
    st.none() | texts,
    st.lists(st.integers(0, 99), min_size=3, max_size=3),
)
def test_what_lies_in_a_row_is_the_message(
    text: str,
    action: bool,
    notice: bool,
    tags: tuple[tuple[str, str], ...],
    joins: tuple[int, ...],
    client_id: str | None,
    numbers: list[int],
) -> None:
    message = Message(
        7, "#c", 3, "bob", "#c", text, action, client_id, notice=notice, tags=tags, joins=joins,
        reply=numbers[0], rev=numbers[1], edited=numbers[2]
    )  # fmt: skip
    flags = (ACTION if action else 0) | (NOTICE if notice else 0)
    row = (7, 3, "bob", "#c", text, flags, client_id, "", "", extra(message), *numbers)
    found = said("#c", row)
    assert found == message and (found.tags, found.joins, found.hidden) == (tags, joins, False)


def test_a_message_with_nothing_beside_it_takes_no_room_for_that() -> None:
    assert extra(Message(7, "#c", 3, "bob", "#c", "hi")) == ""
    assert ACTION & ANNOUNCED == ACTION & NOTICE == ANNOUNCED & NOTICE == 0

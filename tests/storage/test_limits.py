"""How much of what is found is answered."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.messages import Message
from evchat.storage.limits import first
from tests.storage.samples import message


def weight(said: Message) -> int:
    return len(said.text.encode()) + 110 * said.text.count("\n")


@given(st.lists(st.text(max_size=5)), st.integers(-1, 10), st.integers(0, 30))
def test_it_is_as_many_as_there_is_room_for_but_at_least_one(
    texts: list[str], limit: int, max_bytes: int
) -> None:
    found = [message("#c", seq, text) for seq, text in enumerate(texts, 1)]
    taken = first(iter(found), limit, max_bytes)
    size = sum(map(weight, taken))
    assert taken == found[: len(taken)]
    assert len(taken) <= max(limit, 0)
    assert size <= max_bytes or len(taken) == 1
    if len(taken) < min(len(found), max(limit, 0)):
        assert taken and size + weight(found[len(taken)]) > max_bytes


def test_nothing_is_read_beyond_what_is_taken() -> None:
    source = iter([message("#c", seq) for seq in range(1, 10)])
    assert len(first(source, 3, 1000)) == 3
    assert next(source).seq == 4

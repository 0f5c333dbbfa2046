"""How much of what is found is answered."""

from __future__ import annotations

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.irc import caps
from evchat.dialects.irc.dialect import IrcDialect
from evchat.dialects.json import full, plain
from evchat.dialects.text.dialect import TextDialect
from evchat.protocol.base import Identity
from evchat.settings.model import Config
from evchat.storage.pages import first, weight
from tests.storage.samples import message


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


names = st.sampled_from(["a", "m" * 32, "Ωμέγα"])
pieces = st.sampled_from(
    [
        "x",
        "word ",
        "\n",
        "\r",
        "\r\n",
        "\v",
        "\f",
        "\x85",
        "\u2028",
        "\u2029",
        "{",
        '"',
        "é",
        "日",
        "😀",
        "\x1b",
        "x" * 400,
    ]
)


@given(
    st.lists(pieces, max_size=300).map("".join),
    names,
    st.sampled_from(["#c", "#" + "x" * 62]),
    st.lists(st.text(max_size=400), max_size=3),
    st.sampled_from([caps.BIT["message-tags"], 0, (1 << len(caps.NAMES)) - 1]),
)
def test_a_message_takes_little_more_than_its_weight_in_any_dialect(
    text: str, sender: str, to: str, values: list[str], mask: int
) -> None:
    who = Identity("~" + "u" * 15, "a2b3c4d5a2b3c4d5.cloak", account=sender)
    tags = tuple(("+example.org/tag", value) for value in values)
    said = replace(message("#c", 1, text or "x", sender), to=to, tags=tags, who=who)
    client = IrcDialect(Config())
    client.client.caps = mask
    for encode in (full.encode, plain.encode, TextDialect().encode, client.encode):
        assert len(encode(said)) <= 3 * weight(said) + 700


@pytest.mark.parametrize("line_break", ["\n", "\r", "\r\n", "\v", "\f", "\x85", "\u2028", "\u2029"])
def test_every_kind_of_line_break_weighs_the_same(line_break: str) -> None:
    said = message("#c", 1, "x" + f"{line_break}x" * 199)
    assert weight(said) - weight(message("#c", 1, "x" * 200)) >= 199 * 110

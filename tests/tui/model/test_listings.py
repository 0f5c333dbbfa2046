"""Answers become tables, whatever a server sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.commands import BY_NAME
from evchat.protocol.text import harmless
from tui.model import listings
from tui.model.record import Record

AT = 1_795_256_109_000

keys = st.sampled_from(
    ("content", "to", "mode", "minutes", "name", "online", "away", "idle", "since", "seen", "channels", "users",
     "topic", "last", "unread", "mask", "whom", "by", "at", "until", "reason", "pins", "seq", "sender")
)  # fmt: skip
values = (
    st.none()
    | st.booleans()
    | st.integers()
    | st.text(max_size=8)
    | st.lists(st.text(max_size=4), max_size=2)
)


@given(
    st.sampled_from(sorted(BY_NAME)),
    st.lists(st.dictionaries(keys, values), max_size=3) | st.dictionaries(keys, values),
    st.dictionaries(keys, values),
)
def test_whatever_a_server_answers_the_table_is_harmless(command: str, content: Any, facts: Any) -> None:
    record = Record({**facts, "content": content})
    table = listings.table(command, record, AT)
    for line in (*(table.lines() if table else ()), *listings.spoken(command, record, AT)):
        assert harmless(line) == line
    assert harmless(listings.empty(command, record)) == listings.empty(command, record)


@pytest.mark.parametrize("command", ["who", "channels", "bans", "search", "audit"])
def test_a_list_without_entries_is_told_in_words(command: str) -> None:
    nothing = Record({"content": [], "to": "#a", "mode": "ban"})
    assert listings.table(command, nothing, AT) is None
    assert listings.empty(command, nothing)
    assert listings.empty(command, Record({"content": "text"})) == ""

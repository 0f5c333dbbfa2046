"""The law of all dialects: whatever an event holds, no client is sent what a terminal would obey."""

from __future__ import annotations

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.json import full as json_full
from evchat.dialects.json import plain as json_plain
from evchat.dialects.text.dialect import TextDialect
from evchat.protocol.base import Event
from tests.dialects.anything import EVENTS, few, objects
from tests.dialects.irc.wire import LETTERS, dialect, masks

CONTROLS = re.compile("[\x00-\x09\x0b-\x1f\x7f-\x9f]")
"""All but the line feed, which ends a frame of ours."""

IRC_CONTROLS = re.compile("[\0\x05-\x08\x0b\x0c\x0e\x10\x12-\x15\x17-\x1c\x7f-\x9f]")
"""All but line breaks, tabs, formatting (modern.ircdocs.horse/formatting) and the mark of queries (CTCP)."""

nasty = st.text(
    st.one_of(
        st.sampled_from("\x00\x01\x07\x08\x1b\x7f\x85\x9b\x9d\r\n\v\f[]2Ja;=+ \u202e"), st.characters()
    ),
    max_size=12,
)
every_field = {"tags": st.lists(st.tuples(nasty, nasty), max_size=3).map(tuple)}


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_no_field_of_any_event_reaches_a_client_raw(kind: type[Event]) -> None:
    @few
    @given(objects(kind, nasty, {**LETTERS, **every_field}), masks)
    def check(event: Event, mask: int) -> None:
        for encode in (json_full.encode, json_plain.encode, TextDialect().answer):
            assert not CONTROLS.search(encode(event).decode("utf-8"))
        client = dialect(mask)
        for data in (client.encode(event), client.answer(event)):
            for line in data.decode("utf-8").split("\r\n"):
                assert not IRC_CONTROLS.search(line)
                if line.startswith("@"):
                    assert not CONTROLS.search(line.partition(" ")[0])

    check()

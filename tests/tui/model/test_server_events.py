"""Every object that docs/protocol/json.md shows becomes an event that says the same; any other is borne."""

from __future__ import annotations

import json
import re
from pathlib import Path
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.settings.client import MAX_CHANGES_SHOWN
from tui.model.record import Record
from tui.model.server_events import KINDS, History, Message, Moded, Names, Welcome, decode, messages

PROTOCOL = Path(__file__).resolve().parents[3] / "docs/protocol/json.md"

SHOWN: list[dict[str, Any]] = [
    facts
    for line in re.findall(r"^← (\{.*\})$", PROTOCOL.read_text("utf-8"), re.MULTILINE)
    if "at" in (facts := json.loads(line))
]

UNKNOWN = {"realname", "account", "metadata"}
"""What the client does not show."""

values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(st.text(max_size=3), inner, max_size=3),
    max_leaves=6,
)
keys = st.sampled_from(sorted({key for facts in SHOWN for key in facts} - {"response"}))


def slots(event: object) -> list[str]:
    return [name for one in type(event).__mro__ for name in getattr(one, "__slots__", ())]


def test_every_kind_of_object_of_the_protocol_is_known_and_no_other() -> None:
    assert {facts["response"] for facts in SHOWN} - UNKNOWN == {*KINDS, "message"}


@pytest.mark.parametrize("facts", SHOWN, ids=lambda facts: facts["response"])
def test_an_event_says_what_its_object_does(facts: dict[str, Any]) -> None:
    event = decode(facts)
    if facts["response"] in UNKNOWN:
        assert event is None
        return
    for key in set(slots(event)) & facts.keys():
        told = getattr(event, key)
        if isinstance(facts[key], str | int | bool):
            assert told == facts[key], key
        elif key == "changes":
            assert [change.value for change in told] == [change["value"] or "" for change in facts[key]]
    if isinstance(event, Names):
        assert event.names == facts["content"]
    if isinstance(event, History):
        assert [message.seq for message in event.messages] == [one["seq"] for one in facts["content"]]


@given(st.sampled_from([*KINDS, "message"]), st.dictionaries(keys, values))
def test_whatever_is_in_an_object_the_values_of_its_event_have_their_types(
    response: str, facts: dict[str, Any]
) -> None:
    good = decode(next(one for one in SHOWN if one["response"] == response))
    event = decode({**facts, "response": response})
    assert event is not None and type(event) is type(good)
    for name in slots(event):
        told, usual = getattr(event, name), getattr(good, name)
        assert type(told) is type(usual) or told is None or usual is None, name


@given(values)
def test_what_has_no_response_that_is_known_is_no_event(response: Any) -> None:
    if not (isinstance(response, str) and response in (*KINDS, "message")):
        assert decode({"response": response, "content": "x"}) is None


def test_the_limits_of_a_greeting_are_those_it_names() -> None:
    limits = {"object_bytes": 1000, "max_lines": "many"}
    event = decode({"response": "welcome", "content": {"motd": "Hi.", "limits": limits}})
    assert isinstance(event, Welcome)
    assert (event.motd, event.object_bytes, event.max_lines) == ("Hi.", 1000, None)


def test_of_very_many_changes_of_modes_the_first_are_told() -> None:
    change = {"mode": "voice", "on": True, "value": "bob"}
    event = decode({"response": "moded", "to": "#main", "changes": [change] * (MAX_CHANGES_SHOWN + 5)})
    assert isinstance(event, Moded) and len(event.changes) == MAX_CHANGES_SHOWN


def test_messages_of_a_list_are_out_of_the_history_and_live_ones_are_not() -> None:
    one = {"response": "message", "sender": "bob", "to": "#main", "seq": 1, "at": 5, "content": "hi"}
    live = decode(one)
    assert isinstance(live, Message) and not live.history
    (listed,) = messages(Record({"content": [one, 7]}))
    assert listed.history and listed.content == "hi"


def test_events_compare_by_what_they_say() -> None:
    facts = SHOWN[0]
    assert decode(facts) == decode(dict(facts))
    assert decode({"response": "left", "to": "#a"}) != decode({"response": "left", "to": "#b"})
    assert decode({"response": "left"}) != decode({"response": "quit"})

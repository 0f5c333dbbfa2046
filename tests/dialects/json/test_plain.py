"""Plain clients hear four keys, short objects, and nothing that could hurt a terminal."""

from __future__ import annotations

import json
import re
from dataclasses import replace
from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.dialects.json import plain as json_plain
from evchat.protocol.authentication import AccountChanged, ScramChallenge
from evchat.protocol.base import Event
from evchat.protocol.basics import (
    Done,
    Failed,
    Helped,
    HungUp,
    LocalReply,
    Pinged,
    RequestContext,
    Welcomed,
)
from evchat.protocol.channels import ChannelInfo, ChannelsListed, Entered, Joined, Left, NamesListed
from evchat.protocol.client_tags import TagMessage
from evchat.protocol.commands import COMMANDS
from evchat.protocol.history import HistoryListed
from evchat.protocol.login import LoggedIn, NickConfirmed
from evchat.protocol.messages import MessageAccepted
from evchat.protocol.people import PeopleListed
from evchat.protocol.read_markers import ReadMarkerMoved
from evchat.protocol.text import harmless, lines
from evchat.protocol.typed_lines import NamePrompt
from tests.dialects.anything import EVENTS, few, objects
from tests.dialects.samples import AT, BOB, GONE, HI, LUNCH, SAMPLES, WAVES

KEYS = ["timestamp", "sender", "response", "content"]


def heard(event: Event) -> list[dict[str, Any]]:
    """The objects of an event, each a line and as a plain client must find it."""
    data = json_plain.encode(event)
    assert data == b"" or data.endswith(b"\n")
    told = [json.loads(line) for line in data.decode("utf-8").split("\n")[:-1]]
    for item in told:
        check(item)
    return told


def check(told: dict[str, Any]) -> None:
    assert list(told) == KEYS
    assert told["response"] in ("error", "info", "message", "history")
    assert re.fullmatch(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d", told["timestamp"])
    assert harmless(told["sender"]) == told["sender"]
    if told["response"] == "history":
        for item in told["content"]:
            check(item)
            assert item["response"] == "message"
    else:
        assert harmless(told["content"]) == told["content"]


def texts(event: Event) -> list[str]:
    return [told["content"] for told in heard(event)]


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_every_event_is_told_in_four_keys_and_harmlessly_whatever_is_in_it(kind: type[Event]) -> None:
    @few
    @given(objects(kind))
    def told(event: Event) -> None:
        heard(event)

    told()


short = st.text(st.sampled_from("ab {}\"\\'#<>é👍\n"), max_size=60)


@pytest.mark.parametrize("kind", EVENTS, ids=lambda kind: kind.__name__)
def test_an_object_is_under_1024_bytes(kind: type[Event]) -> None:
    @few
    @given(objects(kind, short))
    def told(event: Event) -> None:
        for line in json_plain.encode(event).splitlines(keepends=True):
            assert len(line) < 1024
            depth = re.sub(r'"(?:[^"\\]|\\.)*"', "", line.decode())
            inside = "".join(re.findall(r'"(?:[^"\\]|\\.)*"', line.decode()))
            assert "{" not in inside and "}" not in inside and depth.count("{") == depth.count("}")

    told()


def test_the_bytes_are_those_of_the_protocol() -> None:
    assert json_plain.encode(LoggedIn(AT, None, "alice", False, "#main", ())) == (
        b'{"timestamp": "2026-11-21T10:15:09", "sender": "server", "response": "info", '
        b'"content": "Login successful. Welcome, alice."}\n'
    )
    assert json_plain.encode(HI) == (
        b'{"timestamp": "2026-11-21T10:15:09", "sender": "alice", "response": "message", "content": "hi all"}\n'
    )


def test_braces_in_texts_and_names_are_escaped_because_clients_count_them() -> None:
    data = json_plain.encode(replace(HI, sender="a{b}", text='{"a": "}"}'))
    assert data.count(b"{") == data.count(b"}") == 1
    assert json.loads(data)["content"] == '{"a": "}"}' and json.loads(data)["sender"] == "a{b}"


def test_a_message_is_marked_by_where_it_came_from() -> None:
    assert texts(HI) == texts(replace(HI, to="#MAIN")) == ["hi all"]
    assert texts(replace(HI, to="#ops", conversation="#ops")) == ["(#ops) hi all"]
    assert texts(replace(WAVES, action=False, text="psst")) == ["(private) psst"]
    assert texts(LUNCH) == ["(broadcast) lunch!"]
    assert texts(replace(HI, action=True, text="waves")) == ["* alice waves"]
    assert texts(WAVES) == ["(private) * alice waves"]
    assert texts(replace(WAVES, announced=True, action=False)) == ["(broadcast) waves"]


def test_each_line_of_a_message_is_a_message() -> None:
    assert texts(replace(HI, to="#ops", text="one\r\ntwo\n\nthree\n")) == [
        "(#ops) one",
        "(#ops) two",
        "(#ops) ",
        "(#ops) three",
    ]
    assert [told["sender"] for told in heard(replace(HI, text="one\ntwo"))] == ["alice", "alice"]


def test_a_long_message_is_several_objects_cut_behind_spaces() -> None:
    told = texts(replace(HI, text="word " * 2000))
    assert len(told) == 11 and "".join(told) == "word " * 2000
    assert all(text.endswith("word ") for text in told)
    marked = texts(replace(HI, to="#ops", conversation="#ops", action=True, text="x" * 3000))
    assert all(text.startswith("(#ops) * alice xx") for text in marked) and len(marked) == 4


long = st.lists(
    st.sampled_from(
        ["word", " ", "x" * 600, '"', "\\", "{", "}", "é", "👍", "a\u0301\u0323", "\n", "語" * 200, "<#>"]
    ),
    max_size=120,
).map("".join)


@given(
    text=long,
    name=st.text("a{}é👍", min_size=1, max_size=8),
    to=st.sampled_from(["#main", "#ops", "bob", "#" + "é" * 31]),
)
def test_every_object_of_a_message_is_short_and_together_they_are_its_lines(
    text: str, name: str, to: str
) -> None:
    said = replace(HI, sender=name, to=to, text=text)
    for event in (
        replace(said, action=True),
        replace(said, own=True),
        HistoryListed(AT, None, to, (said,), 1, recent=True),
        HistoryListed(AT, None, to, (said, said), 1),
        MessageAccepted(AT, None, to, 1, text, direct=True),
    ):
        assert all(len(line) < 1024 for line in json_plain.encode(event).splitlines(keepends=True))
    assert all(len(line) < 1024 for line in json_plain.encode(said).splitlines(keepends=True))
    (before,) = texts(replace(said, text=""))
    assert "".join(told.removeprefix(before) for told in texts(said)) == "".join(lines(text))


def test_no_topic_and_no_long_word_makes_an_object_too_long() -> None:
    for event in (
        Failed(AT, None, "x", "x" * 5000),
        Left(AT, "bob", "#main", "{" * 390),
        ChannelsListed(AT, None, (ChannelInfo("#a", "語" * 130, 1), ChannelInfo("#b", "{" * 390, 2))),
    ):
        assert all(len(line) < 1024 for line in json_plain.encode(event).splitlines(keepends=True))


def test_a_text_that_escapes_would_make_too_long_is_written_in_utf8() -> None:
    text = "Привет, мир! " * 30
    data = json_plain.encode(replace(HI, text=text))
    assert len(data) < 1024 and json.loads(data)["content"] == text
    assert json_plain.encode(replace(HI, text="Привет")).isascii()


def test_ones_own_direct_message_is_told_as_sent() -> None:
    sent = MessageAccepted(AT, None, "bob", 7, "psst", direct=True)
    assert texts(sent) == ["-> bob: psst"]
    assert texts(replace(sent, text="waves", action=True)) == ["-> bob: * waves"]
    assert texts(replace(sent, kept=True))[1:] == ["bob is offline and will find it in their inbox."]
    assert texts(replace(sent, away="lunch"))[1:] == ["bob is away: lunch"]
    assert texts(replace(WAVES, own=True, action=False)) == ["-> bob: waves"]
    assert {told["response"] for told in heard(sent)} == {"info"}


def test_a_message_to_a_channel_is_answered_by_its_echo_alone() -> None:
    assert heard(MessageAccepted(AT, None, "#main", 42)) == []


def test_a_login_is_answered_by_one_info_and_plain_messages() -> None:
    assert texts(LoggedIn(AT, None, "alice", False, "#main", ("bob",))) == [
        "Login successful. Welcome, alice."
    ]
    assert heard(Entered(AT, None, "alice", "#main", "topic", "bob", AT, ("alice",), 1, 1, login=True)) == []
    recent = heard(HistoryListed(AT + 60_000, None, "#main", (HI, WAVES), 42, recent=True))
    assert [told["response"] for told in recent] == ["message", "message"]
    assert recent[0]["timestamp"] == "2026-11-21T10:15:09" and recent[0]["sender"] == "alice"


def test_history_on_request_is_a_list_of_messages() -> None:
    (told,) = heard(HistoryListed(AT, None, "#main", (HI, HI), 42))
    assert told["response"] == "history" and told["content"] == heard(HI) * 2
    assert [told["content"] for told in heard(HistoryListed(AT, None, "#main", (), 0))] == [[]]


def test_a_long_history_is_several_short_lists() -> None:
    messages = tuple(replace(HI, seq=seq, text=f"message {seq}") for seq in range(200))
    told = heard(HistoryListed(AT, None, "#main", messages, 199))
    assert len(told) > 10
    assert [item["content"] for list_ in told for item in list_["content"]] == [
        f"message {seq}" for seq in range(200)
    ]


def test_names_are_one_info_with_commas() -> None:
    assert texts(NamesListed(AT, None, "#main", ("alice", "bob", "carol"))) == ["alice, bob, carol"]
    assert texts(NamesListed(AT, None, "#ops", ())) == ["Nobody is in #ops."]


def test_long_lists_are_cut_into_several_infos_between_names() -> None:
    names = tuple(f"somebody-with-a-long-name-{number}" for number in range(100))
    told = texts(NamesListed(AT, None, "#main", names))
    assert len(told) > 2 and ", ".join(told).split(", ") == list(names)


def test_people_and_channels_share_objects() -> None:
    (told,) = texts(PeopleListed(AT, None, (BOB, GONE)))
    assert told == "bob, away: lunch, idle 2 min, since 10:13, in #main; bob, offline, last seen 10:13"
    (told,) = texts(ChannelsListed(AT, None, (ChannelInfo("#a", "x", 1), ChannelInfo("#b", "", 2))))
    assert told == "#a, members: 1, x; #b, members: 2"


def test_help_is_one_info_with_the_requests() -> None:
    (told,) = texts(Helped(AT, None, COMMANDS))
    assert all(command.name in told for command in COMMANDS) and len(told) < 900
    (told,) = texts(Helped(AT, None, (next(c for c in COMMANDS if c.name == "msg"),), True))
    assert '"to"' in told and '"content"' in told


def test_long_sentences_are_cut_at_spaces() -> None:
    text = "sentence " * 500
    told = texts(Failed(AT, None, "x", text))
    assert "".join(told) == text and {item["response"] for item in heard(Failed(AT, None, "x", text))} == {
        "error"
    }
    assert all(piece.endswith("sentence ") for piece in told)


@pytest.mark.parametrize("sample", SAMPLES, ids=lambda sample: type(sample).__name__)
def test_what_a_person_need_not_hear_is_not_told(sample: Event) -> None:
    silent = {
        Welcomed, NamePrompt, Pinged, ReadMarkerMoved, NickConfirmed, AccountChanged,
        TagMessage, RequestContext, LocalReply,
        ScramChallenge,
    }  # fmt: skip
    told = heard(sample)
    if type(sample) in silent or (isinstance(sample, MessageAccepted) and not sample.direct):
        assert not told
    elif not isinstance(sample, Done):
        assert told


def test_news_are_infos_of_the_server() -> None:
    (told,) = heard(Joined(AT, "bob", "#main"))
    assert (
        told["sender"] == "server" and told["response"] == "info" and told["content"] == "bob joined #main."
    )


def test_an_error_is_one_and_so_are_last_words() -> None:
    (told,) = heard(Failed(AT, None, "name-taken", "The name bob is taken."))
    assert told["response"] == "error" and told["content"] == "The name bob is taken."
    assert heard(HungUp(AT, "idle", "Idle for 60 seconds."))[0]["response"] == "error"


def test_nobody_can_speak_as_the_server_in_a_line_of_ones_own() -> None:
    (told,) = heard(Left(AT, "mallory", "#main", "bye).\nbob joined #main."))
    assert told["content"] == "mallory left #main (bye).␊bob joined #main)."

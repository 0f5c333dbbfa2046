"""What happens becomes lines, whatever a server sends."""

from __future__ import annotations

from typing import Any

import pytest
from hypothesis import given
from hypothesis import strategies as st

from evchat.protocol.text import harmless
from tests.tui.told import events
from tui.model.record import Record
from tui.model.server_events import Answer
from tui.plain.line_format import LineFormat

AT = 1_795_256_109_000
"""10:15:09 on 21 November 2026, in Greenwich."""

RESPONSES = (
    "message", "joined", "left", "quit", "renamed", "presence", "topic", "names", "info", "stopping", "ok", "error",
    "welcome", "read", "history", "?",
)  # fmt: skip


def message(**facts: Any) -> dict[str, Any]:
    return {"response": "message", "sender": "bob", "to": "#main", "content": "hi", "at": AT, **facts}


def event(**facts: Any) -> list[str]:
    return lines(LineFormat("alice"), facts)


def answer(facts: dict[str, Any]) -> list[str]:
    return LineFormat("alice").answer(Answer(Record(facts)))


def lines(form: LineFormat, facts: dict[str, Any]) -> list[str]:
    return [line for event in events(facts) for line in form.event(event)]


keys = st.sampled_from(
    ("sender", "to", "content", "at", "action", "broadcast", "away", "name", "users", "online", "seen", "topic", "text",
     "missed", "delivered", "summary", "typed", "channels")
)  # fmt: skip
values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.text(max_size=10),
    lambda inner: st.lists(inner, max_size=3) | st.dictionaries(keys, inner, max_size=5),
    max_leaves=8,
)


@given(st.sampled_from(RESPONSES), st.dictionaries(keys, values))
def test_whatever_a_server_sends_becomes_harmless_lines(response: str, facts: dict[str, Any]) -> None:
    linear = LineFormat("alice")
    for line in (*lines(linear, {**facts, "response": response}), *linear.answer(Answer(Record(facts)))):
        assert harmless(line) == line


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (message(), "10:15 #main <bob> hi"),
        (message(action=True), "10:15 #main * bob hi"),
        (message(to="alice"), "10:15 (private) <bob> hi"),
        (message(sender="Alice", to="bob"), "10:15 -> bob: <Alice> hi"),
        (message(to="*", broadcast=True), "10:15 (broadcast) <bob> hi"),
        ({"response": "joined", "sender": "bob", "to": "#main", "at": AT}, "10:15 * bob joined #main."),
        ({"response": "joined", "sender": "alice", "to": "#main", "at": AT}, "10:15 * you joined #main."),
        (
            {"response": "left", "sender": "bob", "to": "#main", "content": "", "at": AT},
            "10:15 * bob left #main.",
        ),
        (
            {"response": "left", "sender": "bob", "to": "#main", "content": "tea", "at": AT},
            "10:15 * bob left #main (tea).",
        ),
        (
            {"response": "quit", "sender": "bob", "content": "Gone.", "at": AT},
            "10:15 * bob left the server (Gone).",
        ),
        (
            {"response": "renamed", "sender": "bob", "content": "eve", "at": AT},
            "10:15 * bob is now called eve.",
        ),
        (
            {"response": "renamed", "sender": "alice", "content": "eve", "at": AT},
            "10:15 * You are now called eve.",
        ),
        (
            {"response": "renamed", "sender": "ali", "content": "alice", "at": AT},
            "10:15 * You are now called alice.",
        ),
        ({"response": "presence", "sender": "bob", "away": "tea", "at": AT}, "10:15 * bob is away: tea"),
        ({"response": "presence", "sender": "bob", "away": None, "at": AT}, "10:15 * bob is back."),
        (
            {"response": "topic", "to": "#main", "content": "Tea (at 5)", "at": AT},
            "10:15 * The topic of #main is: Tea (at 5)",
        ),
        (
            {"response": "names", "to": "#main", "content": ["alice", "bob", "carol"], "at": AT},
            "10:15 * #main: with bob, carol",
        ),
        (
            {"response": "names", "to": "#main", "content": ["alice"], "at": AT},
            "10:15 * #main: nobody else is here",
        ),
        ({"response": "info", "content": "Look (here)", "at": AT}, "10:15 * Look (here)"),
    ],
)
def test_an_event_is_a_line(facts: dict[str, Any], line: str) -> None:
    assert lines(LineFormat("alice"), facts) == [line]


@pytest.mark.parametrize(
    ("facts", "line"),
    [
        (message(notice=True), "10:15 #main (notice) <bob> hi"),
        (message(role="o"), "10:15 #main (to operators) <bob> hi"),
        (message(role="v", notice=True), "10:15 #main (to operators and voiced) (notice) <bob> hi"),
        (message(redacted=True, content=""), "10:15 #main <bob> (deleted)"),
        (message(content="\x02a\x0304b\x03"), "10:15 #main <bob> ab"),
        (message(response="appeared", to=None, content=""), "10:15 * bob is online."),
        (message(response="vanished", to=None, content=""), "10:15 * bob is no longer online."),
        (
            message(response="redacted", seq=4, sent_at=AT - 60_000, content="a slip"),
            "10:15 * bob deleted a message of 10:14 sent to #main (a slip).",
        ),
        (
            message(response="redacted", seq=4, to="alice", content=""),
            "10:15 * bob deleted a message sent to alice.",
        ),
    ],
)
def test_what_is_out_of_the_ordinary_is_marked(facts: dict[str, Any], line: str) -> None:
    assert event(**facts) == [line]


def test_what_was_taken_back_while_one_was_away_is_not_told() -> None:
    assert event(**message(response="redacted", seq=4, history=True)) == []
    assert event(**message(response="typing", content="active")) == []


def test_what_is_for_programs_is_no_line() -> None:
    assert event(response="read", to="#main", seq=1) == []
    assert event(response="topic", to="#main", content="") == []


def test_a_message_of_several_lines_is_several_lines() -> None:
    assert event(**message(content="one\ntwo")) == [
        "10:15 #main <bob> one",
        "10:15 #main <bob> two",
    ]


def test_a_log_has_the_date_and_the_seconds() -> None:
    assert lines(LineFormat("alice", full=True), message()) == ["2026-11-21 10:15:09 #main <bob> hi"]


@pytest.mark.parametrize("at", [-(10**30), 10**30])
def test_a_moment_that_no_clock_can_show_is_shown_as_the_nearest(at: int) -> None:
    assert len(event(**message(at=at))) == 1


def test_what_was_sent_looks_as_it_does_to_others() -> None:
    linear = LineFormat("alice")
    assert linear.sent("#main", "hi", AT) == ["10:15 #main <alice> hi"]
    assert linear.sent("bob", "waves", AT, action=True) == ["10:15 -> bob: * alice waves"]
    assert linear.sent("*", "hi", AT) == ["10:15 (broadcast) <alice> hi"]


@pytest.mark.parametrize(
    ("content", "line"),
    [
        ("Done.", "Done."),
        (["alice", "bob"], "alice, bob"),
        ([], "none"),
        ({"delivered": 2, "missed": ["carol"]}, "Your broadcast reached 2 users. Not reached: carol."),
        ([{"name": "bob", "online": True, "away": "tea"}], "bob, away: tea"),
        ({"name": "bob", "online": False, "seen": AT}, "bob, not online, last seen 2026-11-21 10:15"),
        ([message(content="found")], "10:15 #main <bob> found"),
    ],
)
def test_an_answer_is_a_line_of_its_own(content: Any, line: str) -> None:
    assert answer({"content": content, "at": AT}) == [f"10:15 * {line}"]


def test_help_is_shown_in_its_sentences() -> None:
    facts = {"content": [{"name": "who"}], "text": ["/who  Lists.", "/part  Leaves."], "at": AT}
    assert answer(facts) == ["10:15 * /who  Lists.", "10:15 * /part  Leaves."]


def test_help_without_sentences_is_how_each_command_is_typed() -> None:
    who = {"request": "who", "typed": "/who", "summary": "Lists everyone online."}
    facts = {"content": [who, {"request": "hello", "typed": "", "summary": "For programs."}], "at": AT}
    assert answer(facts) == ["10:15 * /who: Lists everyone online."]
    assert answer({"content": who, "at": AT}) == ["10:15 * /who: Lists everyone online."]


def test_who_is_somewhere_is_told_with_where() -> None:
    facts = {"content": {"name": "bob", "online": True, "channels": ["#main", "#ops"]}, "at": AT}
    assert answer(facts) == ["10:15 * bob, in #main, #ops"]


def spoken(command: str, content: Any, **facts: Any) -> list[str]:
    told = {"content": content, "at": AT, **facts}
    return LineFormat("alice").answer(Answer(Record(told)), command)


def test_the_entries_of_a_list_are_lines_that_read_well() -> None:
    bob = {"name": "bob", "online": True, "away": "tea", "idle": 300_000, "channels": ["#main", "#ops"]}
    assert spoken("who", [bob]) == [
        "10:15 * 1 user online:",
        "10:15 * bob, away: tea, idle 5 min, in #main, #ops",
    ]
    assert spoken("whois", bob) == ["10:15 * bob, away: tea, idle 5 min, in #main, #ops"]
    assert spoken("channels", [{"name": "#ops", "topic": "Build", "users": 3}]) == [
        "10:15 * 1 channel:",
        "10:15 * #ops, members: 3, Build",
    ]


@pytest.mark.parametrize(
    ("command", "words"),
    [
        ("whoelse", "Nobody else is online."),
        ("bans", "The ban list of #a is empty."),
        ("names", "none"),
        ("inbox", "Your inbox is empty. /directs lists your conversations, /history NAME shows one."),
    ],
)
def test_a_list_without_entries_says_so(command: str, words: str) -> None:
    assert spoken(command, [], to="#a", mode="ban") == [f"10:15 * {words}"]


def test_a_count_that_is_none_does_not_reach_the_terminal() -> None:
    content = {"delivered": "\x1b[2J", "missed": 7}
    assert answer({"content": content, "at": AT}) == ["10:15 * Your broadcast reached 0 users."]

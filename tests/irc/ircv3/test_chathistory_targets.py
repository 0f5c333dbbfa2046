"""CHATHISTORY TARGETS: which conversations there have been."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, expect, make_account
from tests.irc.ircv3.helpers import MODERN, SERVER_TIME, gather, say, unwrap

CAPS = (*MODERN, "draft/chathistory")
LONG_AGO, FAR_AHEAD = "timestamp=2020-01-01T00:00:00.000Z", "timestamp=2262-01-01T00:00:00.000Z"


def targets(client, first, last, limit=100):
    """The conversations with the time of their last message."""
    answer = client.ask(f"CHATHISTORY TARGETS {first} {last} {limit}")
    inner = unwrap(answer, "draft/chathistory-targets")
    for message in inner:
        expect(message, "CHATHISTORY", "TARGETS", ANY, SERVER_TIME)
    return [(message.params[1], message.params[2]) for message in inner]


@pytest.fixture
def foo(server, irc):
    return irc("foo", CAPS, make_account(server, "foo"))


@pytest.fixture
def spoken(server, irc, foo):
    """What foo has said in two channels and to two people: where, and when."""
    bar, baz = (irc(nick, CAPS, make_account(server, nick)) for nick in ("bar", "baz"))
    gather("#one", foo, bar)
    gather("#two", foo, baz)
    return {
        target: say(foo, target, f"Hello {target}").tags["time"] for target in ("#one", "bar", "#two", "baz")
    }


def test_channels_and_people_are_listed_by_the_time_of_the_last_message(foo, spoken):
    assert targets(foo, LONG_AGO, FAR_AHEAD) == list(spoken.items())


def test_the_limit_keeps_the_earliest(foo, spoken):
    assert [name for name, _ in targets(foo, LONG_AGO, FAR_AHEAD, 2)] == ["#one", "bar"]


def test_the_bounds_are_not_included(foo, spoken):
    first, last = f"timestamp={spoken['#one']}", f"timestamp={spoken['baz']}"
    assert [name for name, _ in targets(foo, first, FAR_AHEAD)] == ["bar", "#two", "baz"]
    assert [name for name, _ in targets(foo, first, last)] == ["bar", "#two"]


def test_the_bounds_may_come_in_either_order(foo, spoken):
    assert sorted(targets(foo, FAR_AHEAD, LONG_AGO)) == sorted(spoken.items())


def test_a_conversation_that_went_on_after_the_end_is_not_listed(foo):
    foo.join("#chan")
    times = [say(foo, "#chan", f"Hello channel {number}").tags["time"] for number in range(3)]
    assert targets(foo, LONG_AGO, FAR_AHEAD) == [("#chan", times[2])]
    assert targets(foo, LONG_AGO, f"timestamp={times[1]}") == []


def test_who_has_not_spoken_has_an_empty_batch(foo):
    assert targets(foo, LONG_AGO, FAR_AHEAD) == []


def test_only_what_others_have_said_counts_too(server, irc, foo):
    bar = irc("bar", CAPS, make_account(server, "bar"))
    echo = say(bar, "foo", "hello")
    foo.collect()
    assert targets(foo, LONG_AGO, FAR_AHEAD) == [("bar", echo.tags["time"])]


def test_a_channel_that_one_has_left_is_not_listed(foo):
    foo.join("#chan")
    say(foo, "#chan", "hi")
    foo.ask("PART #chan")
    assert targets(foo, LONG_AGO, FAR_AHEAD) == []


def test_a_channel_with_comings_and_goings_alone_is_not_listed(irc, foo):
    other = irc("other")
    gather("#chan", foo, other)
    assert targets(foo, LONG_AGO, FAR_AHEAD) == []


def test_the_batch_bears_the_label(foo, spoken):
    answer = foo.ask(f"@label=abc CHATHISTORY TARGETS {LONG_AGO} {FAR_AHEAD} 10")
    assert len(unwrap(answer, "draft/chathistory-targets", tags={"label": "abc"})) == 4


def test_without_batch_the_lines_come_bare(server, irc):
    bar = irc(
        "bar",
        ["message-tags", "server-time", "echo-message", "draft/chathistory"],
        make_account(server, "bar"),
    )
    bar.join("#chan")
    echo = say(bar, "#chan", "hi")
    (line,) = bar.ask(f"CHATHISTORY TARGETS {LONG_AGO} {FAR_AHEAD} 10")
    expect(line, "CHATHISTORY", "TARGETS", "#chan", echo.tags["time"])
    assert "batch" not in line.tags


@pytest.mark.parametrize("line", [f"{LONG_AGO} {FAR_AHEAD}", f"{LONG_AGO} * 10", "msgid=1 msgid=2 10"])
def test_parameters_that_mean_nothing_are_refused(foo, line):
    (answer,) = foo.ask(f"CHATHISTORY TARGETS {line}")
    assert answer.command == "FAIL"
    assert answer.params[0] == "CHATHISTORY"
    assert Re("INVALID_PARAMS|INVALID_MSGREFTYPE|NEED_MORE_PARAMS") == answer.params[1]

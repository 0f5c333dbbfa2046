"""labeled-response: the answer to a command bears the command's label."""

from __future__ import annotations

import pytest

from tests.irc.harness import ABSENT, ANY, expect, named, one
from tests.irc.ircv3.helpers import gather, unwrap

CAPS = ("echo-message", "batch", "labeled-response")
REACTION = "+draft/reply={};+draft/react=l😃l"


@pytest.fixture
def foo(irc):
    return irc("foo", CAPS)


@pytest.fixture
def bar(irc):
    return irc("bar", CAPS)


@pytest.fixture
def tagged(irc):
    """Two who see tags."""
    return irc("foo", [*CAPS, "message-tags"]), irc("bar", [*CAPS, "message-tags"])


def test_the_echoes_of_a_message_to_several_come_in_a_labeled_batch(irc, foo):
    others = [irc(nick, CAPS) for nick in ("bar", "carl", "alice")]
    answer = foo.ask("@label=12345 PRIVMSG bar,carl,alice :hi")
    for other in others:
        (heard,) = other.collect()
        expect(heard, "PRIVMSG", other.nick, "hi", nick="foo")
        assert heard.tags == {}
    echoes = unwrap(answer, "labeled-response", tags={"label": "12345"})
    assert [(echo.command, echo.params[0]) for echo in echoes] == [
        ("PRIVMSG", "bar"),
        ("PRIVMSG", "carl"),
        ("PRIVMSG", "alice"),
    ]


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_the_echo_of_a_private_message_bears_the_label(foo, bar, command):
    (echo,) = foo.ask(f"@label=12345 {command} bar :hi")
    expect(echo, command, "bar", "hi", nick="foo")
    assert echo.tags == {"label": "12345"}
    (heard,) = bar.collect()
    expect(heard, command, "bar", "hi", nick="foo")
    assert heard.tags == {}


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_the_echo_of_a_message_to_a_channel_bears_the_label(foo, bar, command):
    gather("#test", foo, bar)
    (echo,) = foo.ask(f"@label=12345;{REACTION.format(123)} {command} #test :hi")
    expect(echo, command, "#test", "hi")
    assert echo.tags == {"label": "12345"}
    (heard,) = bar.collect()
    expect(heard, command, "#test", "hi")
    assert heard.tags == {}


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_of_a_message_to_oneself_only_the_echo_bears_the_label(foo, command):
    messages = foo.ask(f"@label=12345 {command} foo :hi")
    assert len(messages) == 2
    for message in messages:
        expect(message, command, "foo", "hi", nick="foo")
    assert sorted(message.tags.get("label", "") for message in messages) == ["", "12345"]


def test_the_echo_of_a_private_tagmsg_bears_the_label(tagged):
    foo, bar = tagged
    (echo,) = foo.ask("PRIVMSG bar :hi")
    (heard,) = bar.collect()
    msgid = echo.tags["msgid"]
    assert heard.tags["msgid"] == msgid
    tags = {"+draft/reply": msgid, "+draft/react": "l😃l"}
    (echo,) = foo.ask(f"@label=12345;{REACTION.format(msgid)} TAGMSG bar")
    expect(echo, "TAGMSG", "bar", nick="foo", tags={"label": "12345", **tags})
    (heard,) = bar.collect()
    expect(heard, "TAGMSG", "bar", nick="foo", tags={"label": ABSENT, **tags})


def test_the_echo_of_a_tagmsg_to_a_channel_bears_the_label(tagged):
    foo, bar = tagged
    gather("#test", foo, bar)
    (echo,) = foo.ask("PRIVMSG #test :hi")
    (heard,) = bar.collect()
    msgid = echo.tags["msgid"]
    assert heard.tags["msgid"] == msgid
    tags = {"+draft/reply": msgid, "+draft/react": "l😃l"}
    (echo,) = foo.ask(f"@label=12345;{REACTION.format(msgid)} TAGMSG #test")
    expect(echo, "TAGMSG", "#test", nick="foo", tags={"label": "12345", **tags})
    (heard,) = bar.collect()
    expect(heard, "TAGMSG", "#test", nick="foo", tags={"label": ABSENT, **tags})


def test_of_a_tagmsg_to_oneself_only_the_echo_bears_the_label(tagged):
    foo, _ = tagged
    messages = foo.ask(f"@label=12345;{REACTION.format(123)} TAGMSG foo")
    assert len(messages) == 2
    for message in messages:
        expect(message, "TAGMSG", "foo", nick="foo")
    assert sorted(message.tags.get("label", "") for message in messages) == ["", "12345"]


def test_several_messages_are_one_batch(irc):
    bar = irc("bar", ["batch", "labeled-response", "message-tags", "server-time"])
    answer = bar.ask("@label=12345 JOIN #xyz")
    inner = unwrap(answer, "labeled-response", tags={"label": "12345"})
    one(inner, "JOIN", "#xyz", nick="bar")
    one(inner, "366", "bar", "#xyz", ANY)
    assert not [message for message in (*inner, answer[-1]) if "label" in message.tags]


def test_a_single_message_is_not_batched(irc):
    bar = irc("bar", ["batch", "labeled-response"])
    bar.send("@label=98765 PING adhoctestline")
    pong = bar.expect("PONG", ANY, "adhoctestline")
    assert pong.tags == {"label": "98765"}


def test_what_has_no_answer_is_acknowledged(irc):
    bar = irc("bar", ["batch", "labeled-response"])
    (ack,) = bar.ask("@label=98765 PONG adhoctestline")
    assert (ack.command, ack.params, ack.tags) == ("ACK", [], {"label": "98765"})
    assert ack.source
    assert "!" not in ack.source


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_a_message_that_is_not_echoed_is_acknowledged(irc, bar, command):
    quiet = irc("quiet", ["batch", "labeled-response"])
    (ack,) = quiet.ask(f"@label=1 {command} bar :hi")
    assert (ack.command, ack.params, ack.tags) == ("ACK", [], {"label": "1"})


def test_an_unknown_command_is_refused_with_the_label(irc):
    bar = irc("bar", ["batch", "labeled-response"])
    (answer,) = bar.ask("@label=deadbeef NONEXISTENT_COMMAND")
    expect(answer, "421", "bar", "NONEXISTENT_COMMAND", ANY)
    assert answer.tags == {"label": "deadbeef"}


def test_an_error_bears_the_label(foo):
    (answer,) = foo.ask("@label=dc11f13f11 PRIVMSG nobody :Hello")
    expect(answer, "401", "foo", "nobody", ANY)
    assert answer.tags == {"label": "dc11f13f11"}


def test_an_answer_of_many_lines_is_one_batch(foo, bar):
    inner = unwrap(foo.ask("@label=mGhe5V7RTV WHOIS bar"), "labeled-response", tags={"label": "mGhe5V7RTV"})
    one(inner, "311")
    expect(inner[-1], "318")


def test_what_others_do_meanwhile_is_not_in_the_batch(foo, bar):
    gather("#test", foo, bar)
    bar.ask("PRIVMSG #test :me")
    heard, *answer = foo.ask("@label=x NAMES #test")
    assert (heard.command, heard.tags) == ("PRIVMSG", {})
    inner = unwrap(answer, "labeled-response", tags={"label": "x"})
    assert {message.command for message in inner} == {"353", "366"}


def test_others_do_not_see_the_label(foo, bar):
    foo.join("#test")
    bar.ask("@label=secret JOIN #test", "@label=secret PART #test", "@label=secret NICK baz")
    for message in foo.collect():
        assert message.tags == {}


def test_a_label_may_hold_anything_up_to_64_bytes(irc):
    bar = irc("bar", ["batch", "labeled-response"])
    label = "\\:\\s\\\\=,é" + "x" * 53
    (pong,) = bar.ask(f"@label={label} PONG x")
    expect(pong, "ACK", tags={"label": "; \\=,é" + "x" * 53})


def test_without_the_capability_there_is_no_label(irc):
    bar = irc("bar", ["message-tags"])
    bar.send("@label=1 PING token")
    assert "label" not in bar.expect("PONG", ANY, "token").tags


def test_the_end_of_negotiation_may_bear_a_label(irc):
    client = irc()
    client.cap_ls()
    client.req("batch", "labeled-response")
    client.send("NICK foo", "USER foo 0 * :Foo", "@label=end CAP END")
    heard = client.collect()
    assert [message.tags.get("label") for message in heard].count("end") == 1
    one(heard, "001", "foo", ANY)


def test_a_capability_turned_on_is_acknowledged_with_the_label(foo):
    (ack,) = foo.ask("@label=1 CAP REQ :server-time")
    expect(ack, "CAP", "foo", "ACK", ANY, tags={"label": "1"})


def test_a_change_of_nick_bears_the_label(foo):
    answer = foo.ask("@label=1 NICK oof")
    assert [message.tags.get("label") for message in answer].count("1") == 1
    assert named(answer, "NICK")[0].params == ["oof"]


def test_a_labelled_quit_is_answered_before_the_end(irc):
    foo = irc("foo", ["batch", "labeled-response"])
    foo.send("@label=bye QUIT :So long")
    lines = foo.closed()
    assert any(line.command == "ERROR" for line in lines), lines
    assert lines[0].tags.get("label") == "bye"

"""echo-message: one's own messages come back."""

from __future__ import annotations

import pytest

from tests.irc.harness import ABSENT, expect
from tests.irc.ircv3.helpers import SERVER_TIME, only


@pytest.mark.parametrize(
    ("command", "alone", "timed"),
    [
        ("PRIVMSG", False, False),
        ("PRIVMSG", True, True),
        ("PRIVMSG", False, True),
        ("NOTICE", False, True),
    ],
)
def test_what_is_said_in_a_channel_comes_back(irc, command, alone, timed):
    caps = ["server-time"] if timed else []
    baz = irc("baz", ["echo-message", *caps])
    baz.join("#chan")
    others = [] if alone else [irc("qux", caps)]
    for other in others:
        other.join("#chan")
    baz.collect()
    baz.send(f"{command} #chan :hello everyone")
    heard = [baz.recv(), *(other.recv() for other in others)]
    for message in heard:
        expect(
            message,
            command,
            "#chan",
            "hello everyone",
            nick="baz",
            tags={"time": SERVER_TIME if timed else ABSENT},
        )
    assert len({message.source for message in heard}) == 1
    baz.silent()


def test_a_private_message_comes_back_with_its_label_and_tags(irc):
    caps = ["batch", "labeled-response", "echo-message", "message-tags"]
    bar, qux = irc("bar", caps), irc("qux", caps)
    echo, *rest = bar.ask("@label=xyz;+example-client-tag=example-value PRIVMSG qux :hi there")
    assert not rest
    (delivery,) = qux.collect()
    tags = {"+example-client-tag": "example-value"}
    expect(echo, "PRIVMSG", "qux", "hi there", nick="bar", tags={"label": "xyz", **tags})
    expect(delivery, "PRIVMSG", "qux", "hi there", nick="bar", tags={"label": ABSENT, **tags})
    assert delivery.tags.get("msgid") == echo.tags.get("msgid")


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_without_the_capability_nothing_comes_back(irc, command):
    baz = irc("baz")
    irc("qux")
    baz.join("#chan")
    baz.send(f"{command} #chan :hi", f"{command} qux :hi")
    baz.silent()


def test_a_message_without_text_comes_back_with_message_tags(irc):
    baz = irc("baz", ["echo-message", "message-tags"])
    baz.join("#chan")
    (echo,) = baz.ask("@+x=y TAGMSG #chan")
    expect(echo, "TAGMSG", "#chan", nick="baz", tags={"+x": "y"})


def test_a_message_to_several_comes_back_for_each(irc):
    baz, _, _ = irc("baz", ["echo-message"]), irc("one"), irc("two")
    first, second = baz.ask("PRIVMSG one,two :hi")
    expect(first, "PRIVMSG", "one", "hi", nick="baz")
    expect(second, "PRIVMSG", "two", "hi", nick="baz")


def test_what_was_not_delivered_does_not_come_back(irc):
    baz = irc("baz", ["echo-message"])
    only(baz.ask("PRIVMSG nobody :hi"), "401")

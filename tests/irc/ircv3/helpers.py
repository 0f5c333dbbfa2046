"""What several of the IRCv3 tests need besides the harness."""

from __future__ import annotations

import time
from collections.abc import Callable, Sequence
from typing import Any

import pytest

from tests.irc.harness import IrcClient, Message, Re, expect
from tests.waiting import until_clock

MODERN = ("message-tags", "server-time", "echo-message", "batch", "labeled-response")
"""Capabilities with which a client hears all there is to hear about a message."""
SERVER_TIME = Re(r"\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d\.\d{3}Z")
"""A point in time as the `time` tag has it."""
BATCH_START = Re(r"\+[A-Za-z0-9-]+")
"""The reference tag of a batch that begins: letters, digits and hyphens only."""
MSGID = Re(r"[^\s,:][^\s,]*")
"""An id can stand in a selector, so it has no space, and it does not begin with a colon."""


def skip_unless_offered(irc: Callable[..., IrcClient], *caps: str) -> None:
    """Skips the test where one of these capabilities, which one may do without, is not offered."""
    missing = set(caps) - set(irc().cap_ls())
    if missing:
        pytest.skip(f"{', '.join(sorted(missing))} not offered")


def gather(channel: str, *clients: IrcClient) -> None:
    """All enter the channel, in this order, and have heard of each other. The first is its operator."""
    for client in clients:
        client.join(channel)
    for client in clients:
        client.collect()


def next_millisecond() -> None:
    """Returns once the clock shows another millisecond, so that what is said next has a time of its own."""
    until_clock(time.time() + 0.002)


def only(messages: Sequence[Message], *pattern: Any, **more: Any) -> Message:
    """The one message that there is, which must fit."""
    assert len(messages) == 1, f"one message should be in {messages}"
    return expect(messages[0], *pattern, **more)


def unwrap(messages: Sequence[Message], kind: str, *params: Any, **more: Any) -> list[Message]:
    """What is in the batch that the messages are, from the first to the last."""
    assert len(messages) >= 2, f"no {kind} batch: {messages}"
    start, *inner, end = messages
    expect(start, "BATCH", BATCH_START, kind, *params, **more)
    reference = start.params[0][1:]
    expect(end, "BATCH", f"-{reference}")
    assert "batch" not in start.tags, start
    assert "batch" not in end.tags, end
    for message in inner:
        expect(message, tags={"batch": reference})
    return inner


def essence(message: Message) -> tuple[Any, ...]:
    """What is the same of a message when it is delivered, echoed, and read again in the history."""
    return (
        message.tags.get("time"),
        message.tags.get("msgid"),
        message.nick,
        message.command,
        *message.params,
    )


def say(client: IrcClient, target: str, text: str) -> Message:
    """Sends a message in a millisecond of its own; its echo."""
    next_millisecond()
    (echo,) = client.ask(f"PRIVMSG {target} :{text}")
    return expect(echo, "PRIVMSG", target, text, nick=client.nick, tags={"msgid": MSGID, "time": SERVER_TIME})

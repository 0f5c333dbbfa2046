"""KICK."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, commands, named, one


@pytest.fixture
def three(irc):
    """foo, the operator, with bar and baz in #chan; nothing is left to read."""
    clients = irc("foo"), irc("bar"), irc("baz")
    for client in clients:
        client.join("#chan")
    for client in clients:
        client.collect()
    return clients


def test_everyone_there_hears_of_a_kick_and_why(three):
    three[0].send("KICK #chan bar :bye")
    for client in three:
        client.expect("KICK", "#chan", "bar", "bye", nick="foo")
        client.silent()


@pytest.mark.parametrize("line", ["KICK #chan bar", "KICK #chan bar :"])
def test_without_a_reason_the_nick_of_the_kicker_is_given(three, line):
    three[0].send(line)
    for client in three:
        client.expect("KICK", "#chan", "bar", "foo", nick="foo")


def test_who_was_kicked_is_out_and_may_come_again(three):
    foo, bar, _ = three
    foo.ask("KICK #chan bar")
    bar.collect()
    one(bar.ask("PRIVMSG #chan :hm"), "404", "bar", "#chan", ANY)
    bar.join("#chan")


def test_only_operators_kick_and_operators_too_can_be_kicked(irc):
    foo, bar, baz = irc("foo"), irc("bar"), irc("baz")
    foo.join("#chan")
    names = one(bar.join("#chan"), "353").params[-1].split()
    assert "@foo" in names
    assert {"442", "482", "403"} & set(commands(baz.ask("KICK #chan bar")))
    baz.join("#chan")
    foo.collect()
    one(baz.ask("KICK #chan bar"), "482", "baz", "#chan", ANY)
    foo.ask("MODE #chan +o baz")
    answers = baz.ask("KICK #chan bar", "KICK #chan foo")
    assert "482" not in commands(answers)
    assert [message.params[1] for message in named(foo.collect(), "KICK")] == ["bar", "foo"]


def test_who_is_not_there_cannot_be_kicked(irc):
    foo = irc("foo")
    irc("elsewhere")
    foo.join("#chan")
    one(foo.ask("KICK #chan elsewhere"), "441", "foo", "elsewhere", "#chan", ANY)
    assert {"401", "441"} & set(commands(foo.ask("KICK #chan nobody")))


def test_from_a_channel_that_is_not_there_nobody_is_kicked(irc):
    nick = irc("nick")
    irc("foo")
    nick.send("KICK #chan foo")
    nick.expect("403", "nick", "#chan", ANY)


@pytest.mark.parametrize("line", ["KICK #chan bar,baz :bye", "KICK #chan,#chan bar,baz :bye"])
def test_a_kick_of_two_is_told_as_two_kicks(irc, three, line):
    qux = irc("qux")
    qux.join("#chan")
    limits = dict(part.split(":", 1) for part in (qux.isupport.get("TARGMAX") or "").split(",") if part)
    if limits.get("KICK", "1") == "1":
        pytest.skip("one at a time")
    three[0].send(line)
    heard = qux.collect()
    assert [message.params for message in heard[:2]] == [["#chan", "bar", "bye"], ["#chan", "baz", "bye"]]
    assert commands(heard) == ["KICK", "KICK"]


@pytest.mark.parametrize("line", ["KICK", "KICK #chan"])
def test_kick_wants_a_channel_and_a_nick(irc, line):
    foo = irc("foo")
    one(foo.ask(line), "461", "foo", "KICK", ANY)

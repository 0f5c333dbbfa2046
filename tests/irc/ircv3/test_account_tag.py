"""account-tag: what somebody who is logged in does names the account."""

from __future__ import annotations

import pytest

from tests.irc.harness import expect, make_account, plain_blob


@pytest.fixture
def bar(server, irc):
    """Somebody with the nick bar, logged in as jilles, who has said NICK and USER before and after that."""
    name, password = make_account(server, "jilles")
    client = irc()
    assert "sasl" in client.cap_ls()
    client.send("USER f * * :Realname", "NICK bar")
    client.req("sasl")
    client.send("AUTHENTICATE PLAIN")
    client.expect("AUTHENTICATE", "+")
    client.send(f"AUTHENTICATE {plain_blob(name, password, name)}")
    client.expect("900")
    client.expect("903")
    client.send("USER f * * :Realname", "NICK bar", "CAP END")
    client.welcomed("bar")
    return client


def test_a_private_message_names_the_account(irc, bar):
    foo = irc("foo", ["account-tag"])
    bar.ask("PRIVMSG foo :hi")
    assert foo.expect("PRIVMSG", "foo", "hi").tags == {"account": "jilles"}


def test_an_invitation_names_the_account(irc, bar):
    foo = irc("foo", ["account-tag"])
    bar.join("#chan")
    bar.ask("INVITE foo #chan")
    assert foo.expect("INVITE", "foo", "#chan").tags == {"account": "jilles"}


def test_whatever_is_done_in_a_channel_names_the_account(irc, bar):
    foo = irc("foo", ["account-tag"])
    foo.join("#chan")
    foo.ask("MODE #chan -t")
    bar.ask("JOIN #chan")
    bar.ask("PRIVMSG #chan :hi", "NOTICE #chan :hi", "TOPIC #chan :new")
    bar.ask("NICK baz", "PART #chan")
    heard = foo.collect()
    assert [message.command for message in heard] == ["JOIN", "PRIVMSG", "NOTICE", "TOPIC", "NICK", "PART"]
    assert [message.tags for message in heard] == [{"account": "jilles"}] * 6


def test_who_is_not_logged_in_has_no_tag(irc):
    foo, guest = irc("foo", ["account-tag"]), irc("guest")
    guest.ask("PRIVMSG foo :hi")
    assert foo.expect("PRIVMSG", "foo", "hi").tags == {}


def test_without_the_capability_there_is_no_tag(irc, bar):
    foo, tagged = irc("foo"), irc("tagged", ["message-tags"])
    bar.ask("PRIVMSG foo :hi", "PRIVMSG tagged :hi")
    assert foo.expect("PRIVMSG", "foo", "hi").tags == {}
    expect(tagged.recv(), "PRIVMSG", "tagged", "hi")

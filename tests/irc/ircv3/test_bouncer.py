"""Several connections of one account under one nick, which others see as one person."""

from __future__ import annotations

import pytest

from tests.irc.harness import ABSENT, ANY, Fold, Re, expect, make_account, named, one, plain_blob


def attach(irc, nick, account, caps):
    """A connection that says all it has to say at once, SASL without the capability included; and what it heard."""
    client = irc()
    client.send(
        "CAP LS 302",
        "AUTHENTICATE PLAIN",
        f"AUTHENTICATE {plain_blob(*account, account[0])}",
        f"NICK {nick}",
        "USER a 0 * a",
        f"CAP REQ :{caps}",
        "CAP END",
    )
    messages = client.collect()
    one(messages, "001", nick, ANY)
    client.nick = client.label = nick
    return client, messages


@pytest.fixture
def observer(server, irc):
    """Somebody in #chan who sees tags."""
    client = irc("observer", account=make_account(server, "observer", "observerpassword"))
    client.join("#chan")
    client.send("CAP REQ :message-tags server-time")
    client.expect("CAP", "observer", "ACK", ANY)
    return client


@pytest.fixture
def account(server):
    return make_account(server, "testuser", "mypassword")


@pytest.fixture
def three(irc, observer, account):
    """Three connections of testnick: the first has entered #chan, the others came later."""
    first, _ = attach(irc, "testnick", account, "server-time message-tags")
    first.join("#chan")
    second, _ = attach(irc, "testnick", account, "server-time message-tags account-tag")
    third, _ = attach(irc, "testnick", account, "server-time")
    observer.collect()
    return first, second, third


def test_a_further_connection_is_welcomed_and_is_in_the_channels_at_once(irc, observer, account):
    first, _ = attach(irc, "testnick", account, "server-time message-tags")
    first.join("#chan")
    observer.collect()
    _, heard = attach(irc, "testnick", account, "server-time message-tags account-tag")
    assert named(heard, "JOIN"), heard
    expect(named(heard, "JOIN")[0], "JOIN", Fold("#chan"), nick="testnick")
    one(heard, "366", "testnick", "#chan", ANY)
    observer.silent()


def test_every_connection_gets_what_is_said_and_the_tags_it_has_asked_for(observer, three):
    first, second, third = three
    observer.ask("@+clientOnlyTag=Value PRIVMSG #chan :hey")
    heard = [one(client.collect(), "PRIVMSG", "#chan", "hey", tags={"time": ANY}) for client in three]
    expect(heard[1], tags={"account": "observer"})
    assert heard[0].tags["msgid"] == heard[1].tags["msgid"]
    expect(heard[2], tags={"account": ABSENT, "msgid": ABSENT, "+clientOnlyTag": ABSENT})


def test_what_one_connection_says_the_others_hear(observer, three):
    first, second, third = three
    first.ask("PRIVMSG observer :this is a direct message")
    there = one(observer.collect(), "PRIVMSG", "observer", "this is a direct message", nick="testnick")
    here = one(second.collect(), "PRIVMSG", "observer", "this is a direct message", nick="testnick")
    assert there.tags["msgid"] == here.tags["msgid"]
    one(third.collect(), "PRIVMSG", "observer", "this is a direct message")
    assert not named(first.collect(), "PRIVMSG")


def test_what_one_connection_says_in_a_channel_the_others_hear(observer, three):
    first, second, third = three
    first.ask("PRIVMSG #chan :hello")
    for client in (second, third, observer):
        one(client.collect(), "PRIVMSG", "#chan", "hello", nick="testnick")
    assert not named(first.collect(), "PRIVMSG")


def test_only_when_the_last_connection_quits_do_others_see_it(observer, three):
    first, second, third = three
    first.send("QUIT :two out")
    one(first.closed(), "QUIT", Re(".*two out.*"), nick="testnick")
    assert not named(observer.collect(), "QUIT")
    assert not named(second.collect(), "QUIT")

    observer.ask("@+clientOnlyTag=Value PRIVMSG #chan :hey again")
    one(second.collect(), "PRIVMSG", "#chan", "hey again")

    third.send("QUIT :five out")
    third.closed()
    assert not named(observer.collect(), "QUIT")
    second.send("QUIT :three out")
    one(second.closed(), "QUIT", Re(".*three out.*"), nick="testnick")
    one(observer.collect(), "QUIT", Re(".*three out.*"), nick="testnick")


def test_another_account_does_not_get_the_nick(server, irc, three):
    name, password = make_account(server, "stranger")
    client = irc()
    client.cap_ls()
    client.req("sasl")
    client.authenticate(name, password)
    client.send("NICK testnick", "USER a 0 * a", "CAP END")
    heard = client.collect()
    one(heard, "433", ANY, "testnick", ANY)
    assert not named(heard, "001")

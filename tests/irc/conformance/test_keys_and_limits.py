"""Channels with a key (+k) and with a limit (+l)."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, commands, expect, named, one


@pytest.fixture
def chanop(irc):
    """The operator of #chan."""
    client = irc("chanop")
    client.join("#chan")
    return client


def full(client, channel: str = "#chan") -> None:
    """The channel is full for this client."""
    client.send(f"JOIN {channel}")
    client.expect("471", client.nick, channel, ANY)
    client.silent()


def limit(chanop, what: str) -> None:
    chanop.send(f"MODE #chan {what}")
    chanop.expect("MODE", "#chan", *what.split())


# The key


def test_without_the_key_nobody_enters(irc, chanop):
    one(chanop.ask("MODE #chan +k beer"), "MODE", "#chan", "+k", "beer")
    qux = irc("qux")
    for line in ("JOIN #chan", "JOIN #chan wine"):
        answers = qux.ask(line)
        assert commands(answers) == ["475"]
        expect(answers[0], "475", "qux", "#chan", ANY)
    qux.send("JOIN #chan beer")
    qux.expect("JOIN", "#chan")


def test_each_channel_of_a_join_has_its_key(irc, chanop):
    chanop.ask("MODE #chan +k beer")
    qux = irc("qux")
    answers = qux.ask("JOIN #chan,#open,#other beer")
    assert [message.params[0] for message in named(answers, "JOIN")] == ["#chan", "#open", "#other"]


@pytest.mark.parametrize("key", ["passphrase with spaces", "long" * 100, ""], ids=["spaces", "long", "empty"])
def test_a_key_that_is_none_is_refused(irc, chanop, key):
    answers = chanop.ask(f"MODE #chan +k :{key}")
    assert "400" not in commands(answers)
    assert "MODE" not in commands(answers)
    for message in named(answers, "696"):
        expect(message, "696", "chanop", "#chan", "k", "*", ANY)
    assert len(answers) <= 1
    irc("foo").join("#chan")


def test_a_key_is_taken_away_whatever_is_given_with_it(irc, chanop):
    for parameter in ("beer", "*", "wine"):
        chanop.ask("MODE #chan +k beer")
        one(chanop.ask(f"MODE #chan -k {parameter}"), "MODE", "#chan", "-k", ANY)
    irc("foo").join("#chan")


def test_strangers_see_that_there_is_a_key_but_not_which(irc, chanop):
    chanop.ask("MODE #chan +k beer")
    modes = one(chanop.ask("MODE #chan"), "324", "chanop", "#chan", Re(r"\+[nk]+"), "beer")
    assert set(modes.params[2]) == set("+nk")
    stranger = irc("stranger")
    assert not any("beer" in param for message in stranger.ask("MODE #chan") for param in message.params)


# The limit


def test_a_limit_keeps_out_whoever_is_one_too_many(irc, chanop):
    limit(chanop, "+l 2")
    irc("user2").join("#chan")
    full(irc("user3"))


def test_without_the_limit_everybody_enters(irc, chanop):
    limit(chanop, "+l 1")
    user2 = irc("user2")
    full(user2)
    limit(chanop, "-l")
    user2.join("#chan")


def test_a_limit_can_be_raised(irc, chanop):
    irc("user2").join("#chan")
    chanop.collect()
    limit(chanop, "+l 2")
    user3 = irc("user3")
    full(user3)
    limit(chanop, "+l 3")
    user3.join("#chan")


def test_a_limit_below_the_number_of_members_throws_nobody_out(irc, chanop):
    user2, user3 = irc("user2"), irc("user3")
    user2.join("#chan")
    user3.join("#chan")
    for client in (chanop, user2, user3):
        client.collect()
    limit(chanop, "+l 1")
    user2.collect()
    user3.collect()
    user2.send("PRIVMSG #chan :still here")
    user2.silent()
    chanop.expect("PRIVMSG", "#chan", "still here")
    user3.expect("PRIVMSG", "#chan", "still here")
    full(irc("user4"))


def test_who_leaves_makes_room(irc, chanop):
    limit(chanop, "+l 2")
    user2, user3 = irc("user2"), irc("user3")
    user2.join("#chan")
    full(user3)
    user2.ask("PART #chan")
    user3.join("#chan")


@pytest.mark.parametrize("value", ["0", "-1", "abc", ""], ids=["zero", "negative", "word", "empty"])
def test_a_limit_that_is_none_is_refused(irc, chanop, value):
    answers = chanop.ask(f"MODE #chan +l :{value}")
    assert commands(answers) in ([], ["696"])
    for message in answers:
        expect(message, "696", "chanop", "#chan", "l", ANY, ANY)
    irc("user2").join("#chan")
    irc("user3").join("#chan")


def test_a_limit_is_for_one_channel(irc):
    chanop = irc("chanop")
    chanop.join("#chan1")
    chanop.join("#chan2")
    chanop.ask("MODE #chan1 +l 1")
    user = irc("user")
    full(user, "#chan1")
    user.join("#chan2")


def test_who_is_invited_passes_the_limit(irc, chanop):
    limit(chanop, "+l 1")
    user2 = irc("user2")
    full(user2)
    chanop.ask("INVITE user2 #chan")
    user2.expect("INVITE", "user2", "#chan")
    user2.send("JOIN #chan")
    user2.expect("JOIN", "#chan")

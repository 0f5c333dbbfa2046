"""NICK."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, commands, expect, make_account


def test_who_fails_to_take_a_nick_keeps_the_old_one(irc):
    alice, bob = irc("alice"), irc("bob")
    (refusal,) = bob.ask("NICK alice")
    expect(refusal, "433", "bob", "alice", ANY)
    assert alice.ask("PRIVMSG bob hi") == []
    (message,) = bob.collect()
    expect(message, "PRIVMSG", "bob", "hi")


def test_a_change_of_case_is_told_and_no_change_is_not(irc):
    alice, bob = irc("alice"), irc("bob")
    alice.join("#test")
    bob.join("#test")
    alice.collect()
    alice.send("NICK Alice")
    for client in (alice, bob):
        (message,) = client.collect()
        expect(message, "NICK", "Alice", nick="alice")
    alice.send("NICK Alice")
    alice.silent()
    bob.silent()


def test_a_change_is_told_once_to_who_shares_a_channel(irc):
    alice, bob, far = irc("alice"), irc("bob"), irc("far")
    for channel in ("#one", "#two"):
        alice.join(channel)
        bob.join(channel)
    alice.collect()
    alice.send("NICK alicia")
    for client in (alice, bob):
        (message,) = client.collect()
        expect(message, "NICK", "alicia", nick="alice")
    far.silent()


def test_a_star_is_no_nick_and_another_try_may_follow(irc):
    client = irc()
    client.send("NICK *", "USER u s e r")
    expect(client.recv(), "432", "*", "*", ANY)
    client.send("NICK valid")
    expect(client.recv(), "001", "valid", ANY)


@pytest.mark.parametrize("line", ["NICK :", "NICK"])
def test_an_empty_nick_registers_nobody(irc, line):
    client = irc()
    client.send(line, "USER u s e r")
    answers = client.collect()
    assert "001" not in commands(answers)
    assert commands(answers)[0] in ("431", "461", "432")
    client.send("NICK valid")
    expect(client.recv(), "001", "valid", ANY)


@pytest.mark.parametrize(
    "nick", ["a b", "#chan", "a,b", "@alice", "+alice", ":alice", "a!b", "a@b", "-a", "1a"]
)
def test_what_is_no_nick(irc, nick):
    alice = irc("alice")
    answers = alice.ask(f"NICK :{nick}")
    assert commands(answers) == ["432"], answers
    assert answers[0].params[0] == "alice"


def test_a_nick_is_free_as_soon_as_it_is_changed(irc):
    alice = irc("alice")
    (message,) = alice.ask("NICK malice")
    expect(message, "NICK", "malice")
    other = irc()
    other.send("NICK alice", "USER u s e r")
    expect(other.recv(), "001", "alice", ANY)


def test_a_nick_is_free_in_every_case_as_soon_as_its_user_has_quit(irc):
    irc("alice").quit()
    for nick in ("alice", "ALICE"):
        client = irc()
        client.send(f"NICK {nick}", "USER u s e r")
        expect(client.recv(), "001", nick, ANY)
        client.quit()


def test_a_nick_is_free_when_who_wanted_it_never_registered(irc):
    client = irc()
    client.send("NICK alice", "QUIT")
    client.closed()
    client = irc()
    client.send("NICK alice", "USER u s e r")
    expect(client.recv(), "001", "alice", ANY)


def test_nicks_that_look_alike_are_one_where_nicks_are_not_ascii(serve):
    server = serve("unicode_names = true\n")
    account = make_account(server, "evan")
    other = server.client()
    other.send("NICK \u0435van", "USER a 0 * a")  # a Cyrillic ie
    answers = other.collect()
    assert "001" not in commands(answers)
    assert commands(answers)[0] in ("433", "432")
    evan = server.client("evan", account=account)
    assert evan.ask("PING still-here") != []

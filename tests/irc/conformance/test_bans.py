"""Bans, and exceptions from them (+b, +e)."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, commands, expect, named, one


@pytest.fixture
def chanop(irc):
    """The operator of #chan."""
    client = irc("chanop")
    client.join("#chan")
    return client


@pytest.mark.parametrize("mask", ["bar!*@*", "BAR!*@*"], ids=["same", "other-case"])
def test_who_is_banned_cannot_join_until_the_ban_is_lifted(irc, chanop, mask):
    chanop.send(f"MODE #chan +b {mask}")
    chanop.expect("MODE", "#chan", "+b", mask, nick="chanop")
    bar = irc("Bar")
    bar.send("JOIN #chan")
    bar.expect("474", "Bar", "#chan", ANY)
    bar.silent()
    chanop.send("MODE #chan -b bar!*@*")
    chanop.expect("MODE", "#chan", "-b", mask)
    bar.send("JOIN #chan")
    bar.expect("JOIN", "#chan")


def test_who_is_banned_cannot_speak_and_is_told_so(irc, chanop):
    bar = irc("Bar")
    bar.join("#chan")
    chanop.collect()
    chanop.send("MODE #chan +b bar!*@*")
    for client in (chanop, bar):
        client.expect("MODE", "#chan", "+b", "bar!*@*")
    bar.send("PRIVMSG #chan :hello world")
    bar.expect("404", "Bar", "#chan", ANY)
    bar.silent()
    chanop.silent()

    chanop.send("MODE #chan -b bar!*@*")
    for client in (chanop, bar):
        client.expect("MODE", "#chan", "-b", "bar!*@*")
    bar.send("PRIVMSG #chan :hello again")
    chanop.expect("PRIVMSG", "#chan", "hello again")
    bar.silent()


@pytest.mark.parametrize(
    ("mode", "item", "end"), [("b", "367", "368"), ("e", "348", "349"), ("I", "346", "347")]
)
@pytest.mark.parametrize("query", ["+", ""], ids=["plus", "bare"])
def test_a_list_can_be_read_by_everyone(irc, chanop, mode, item, end, query):
    chanop.send(f"MODE #chan +{mode} bar!*@*")
    chanop.expect("MODE", "#chan", f"+{mode}", "bar!*@*")
    reader = irc("reader")
    reader.join("#chan")
    for client in (chanop, reader):
        client.collect()
        entry, done = client.ask(f"MODE #chan {query}{mode}")
        expect(entry, item, client.nick, "#chan", "bar!*@*", Re("chanop(!.+@.+)?"), Re("[0-9]+"))
        expect(done, end, client.nick, "#chan", ANY)


@pytest.mark.parametrize(("mode", "end"), [("b", "368"), ("e", "349"), ("I", "347")])
def test_an_empty_list_has_an_end_too(chanop, mode, end):
    (done,) = chanop.ask(f"MODE #chan {mode}")
    expect(done, end, "chanop", "#chan", ANY)


def test_who_is_excepted_can_join_though_banned(irc, chanop):
    assert chanop.isupport["EXCEPTS"] in ("e", "", None)
    assert "e" in chanop.isupport["CHANMODES"].split(",")[0]
    chanop.ask("MODE #chan +b ba*!*@*")
    bar = irc("Bar")
    bar.send("JOIN #chan")
    bar.expect("474", "Bar", "#chan", ANY)
    chanop.send("MODE #chan +e *ar!*@*")
    chanop.expect("MODE", "#chan", "+e", "*ar!*@*")
    bar.send("JOIN #chan")
    bar.expect("JOIN", "#chan")


@pytest.mark.parametrize(
    ("given", "kept"), [("bar", "bar!*@*"), ("*@host", "*!*@host"), ("bar!u", "bar!u@*")]
)
def test_a_short_mask_is_completed(chanop, given, kept):
    chanop.send(f"MODE #chan +b {given}")
    chanop.expect("MODE", "#chan", "+b", kept)


def test_the_same_ban_twice_is_one_ban_and_a_ban_that_is_not_there_cannot_be_lifted(chanop):
    chanop.ask("MODE #chan +b bar!*@*")
    assert "MODE" not in commands(chanop.ask("MODE #chan +b BAR!*@*"))
    assert len(named(chanop.ask("MODE #chan b"), "367")) == 1
    assert "MODE" not in commands(chanop.ask("MODE #chan -b other!*@*"))


def test_without_privileges_nobody_can_be_banned(irc, chanop):
    bar = irc("bar")
    bar.join("#chan")
    chanop.collect()
    bar.send("MODE #chan +b chanop!*@*")
    bar.expect("482", "bar", "#chan", ANY)
    chanop.silent()


def test_several_bans_are_set_by_one_command_and_told_by_one_message(irc, chanop):
    one(chanop.ask("MODE #chan +bb one!*@* two!*@*"), "MODE", "#chan", "+bb", "one!*@*", "two!*@*")


@pytest.mark.parametrize("mask", ["bar!*@*", "m:bar"])
def test_who_is_banned_or_muted_in_a_channel_keeps_the_nick_there(irc, chanop, mask):
    bar = irc("bar")
    bar.join("#chan")
    chanop.ask(f"MODE #chan +b {mask}")
    one(bar.ask("NICK innocent"), "435", "bar", "innocent", "#chan", ANY)
    bar.ask("PART #chan")
    bar.ask("NICK innocent")
    answers = commands(bar.ask("JOIN #chan"))
    if mask.startswith("m:"):
        one(bar.ask("PRIVMSG #chan :hi"), "404", "innocent", "#chan", ANY)
    else:
        assert answers == ["474"]


def test_parting_and_quitting_say_nothing_where_one_may_not_speak(irc, chanop):
    bar = irc("bar")
    bar.join("#chan")
    chanop.ask("MODE #chan +m")
    bar.ask("PART #chan :buy now")
    bar.join("#chan")
    bar.send("QUIT :buy now")
    bar.closed()
    heard = chanop.ask()
    assert {"PART", "QUIT"} <= set(commands(heard)) and "buy now" not in str(heard)

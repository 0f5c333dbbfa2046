"""QUIT, and what others hear of it."""

from __future__ import annotations

from tests.irc.harness import ANY, Re, commands, expect


def test_quit_is_acknowledged_with_an_error_and_closes(irc):
    alice = irc("alice")
    alice.send("QUIT")
    messages = alice.closed()
    assert commands(messages)[-1] == "ERROR"
    expect(messages[-1], "ERROR", ANY)


def test_quit_closes_before_registration_too(irc):
    client = irc()
    client.send("QUIT :bye")
    assert commands(client.closed()) == ["ERROR"]


def test_nothing_after_a_quit_is_done(irc):
    alice, bob = irc("alice"), irc("bob")
    alice.send("QUIT :bye", "PRIVMSG bob :from beyond")
    alice.closed()
    bob.silent()


def test_who_shares_a_channel_hears_of_a_quit_and_why(irc):
    bar, qux, far = irc("bar"), irc("qux"), irc("far")
    bar.join("#chan")
    qux.join("#chan")
    far.join("#elsewhere")
    bar.collect()
    qux.send("QUIT :qux out")
    qux.closed()
    expect(bar.recv(), "QUIT", Re(".*qux out.*"), source=Re("qux!.*@.*"))
    far.silent()


def test_a_quit_is_heard_once_however_many_channels_are_shared(irc):
    bar, qux = irc("bar"), irc("qux")
    for channel in ("#one", "#two", "#three"):
        bar.join(channel)
        qux.join(channel)
    bar.collect()
    qux.quit()
    assert commands(bar.collect()) == ["QUIT"]


def test_who_vanishes_has_quit(irc):
    bar, qux = irc("bar"), irc("qux")
    bar.join("#chan")
    qux.join("#chan")
    bar.collect()
    qux.close()
    expect(bar.recv(), "QUIT", ANY, nick="qux")

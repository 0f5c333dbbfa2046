"""away-notify: those who share a channel hear who goes and comes back."""

from __future__ import annotations

from tests.irc.harness import Re, commands, named
from tests.irc.ircv3.helpers import gather


def test_those_in_the_channel_hear_that_somebody_goes(irc):
    foo, bar = irc("foo", ["away-notify"]), irc("bar")
    gather("#chan", foo, bar)
    bar.ask("AWAY :i'm going away")
    foo.expect("AWAY", "i'm going away", source=Re("bar!.*"))
    foo.silent()


def test_those_in_the_channel_hear_that_somebody_is_back(irc):
    foo, bar = irc("foo", ["away-notify"]), irc("bar")
    gather("#chan", foo, bar)
    bar.ask("AWAY :i'm going away", "AWAY")
    went, back = foo.collect()
    assert (went.command, went.params) == ("AWAY", ["i'm going away"])
    assert (back.command, back.params, back.nick) == ("AWAY", [], "bar")


def test_who_comes_in_while_away_is_announced_as_away(irc):
    foo, bar = irc("foo", ["away-notify"]), irc("bar")
    foo.join("#chan")
    bar.ask("AWAY :i'm already away")
    bar.join("#chan")
    heard = foo.collect()
    assert commands(heard) == ["JOIN", "AWAY"]
    assert heard[1].params == ["i'm already away"]
    assert heard[1].source.startswith("bar!")


def test_who_comes_in_and_is_there_is_not(irc):
    foo, bar = irc("foo", ["away-notify"]), irc("bar")
    foo.join("#chan")
    bar.join("#chan")
    assert not named(foo.collect(), "AWAY")


def test_it_is_said_once_however_many_channels_are_shared(irc):
    foo, bar = irc("foo", ["away-notify"]), irc("bar")
    gather("#one", foo, bar)
    gather("#two", foo, bar)
    bar.ask("AWAY :gone")
    assert commands(foo.collect()) == ["AWAY"]


def test_without_the_capability_nothing_is_said(irc):
    foo, bar = irc("foo"), irc("bar")
    gather("#chan", foo, bar)
    bar.ask("AWAY :gone", "AWAY")
    foo.silent()


def test_who_shares_no_channel_hears_nothing(irc):
    foo, bar = irc("foo", ["away-notify"]), irc("bar")
    foo.join("#chan")
    bar.ask("AWAY :gone")
    foo.silent()

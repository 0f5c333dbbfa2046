"""account-notify: those who share a channel hear of logging in."""

from __future__ import annotations

from tests.irc.harness import make_account, named, one, plain_blob
from tests.irc.ircv3.helpers import gather


def test_those_in_the_channel_hear_which_account_somebody_has_logged_in_to(server, irc):
    account = make_account(server, "jilles")
    foo, bar, deaf = irc("foo", ["account-notify"]), irc("bar", ["sasl"]), irc("deaf")
    gather("#chan", foo, bar, deaf)
    bar.authenticate(*account)
    foo.expect("ACCOUNT", "jilles", nick="bar")
    foo.silent()
    deaf.silent()


def test_it_is_said_once_however_many_channels_are_shared(server, irc):
    account = make_account(server, "jilles")
    foo, bar = irc("foo", ["account-notify"]), irc("bar", ["sasl"])
    gather("#one", foo, bar)
    gather("#two", foo, bar)
    bar.authenticate(*account)
    one(foo.collect(), "ACCOUNT", "jilles", nick="bar")


def test_one_hears_of_oneself(server, irc):
    account = make_account(server, "jilles")
    bar = irc("bar", ["sasl", "account-notify"])
    bar.join("#chan")
    bar.send("AUTHENTICATE PLAIN")
    bar.expect("AUTHENTICATE", "+")
    one(bar.ask(f"AUTHENTICATE {plain_blob(*account)}"), "ACCOUNT", "jilles", nick="bar")


def test_who_shares_no_channel_hears_nothing(server, irc):
    account = make_account(server, "jilles")
    foo, bar = irc("foo", ["account-notify"]), irc("bar", ["sasl"])
    foo.join("#chan")
    bar.authenticate(*account)
    foo.silent()


def test_registering_is_logging_in_too(irc):
    foo, bar = irc("foo", ["account-notify"]), irc("bar", ["draft/account-registration"])
    gather("#chan", foo, bar)
    bar.ask("REGISTER * * sesame")
    one(foo.collect(), "ACCOUNT", "bar", nick="bar")


def test_the_account_is_in_the_message_and_its_tag(server, irc):
    account = make_account(server, "jilles")
    foo, bar = irc("foo", ["account-notify", "account-tag"]), irc("bar", ["sasl"])
    gather("#chan", foo, bar)
    bar.authenticate(*account)
    (heard,) = named(foo.collect(), "ACCOUNT")
    assert heard.params == ["jilles"]

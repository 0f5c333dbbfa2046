"""extended-monitor: those who watch a nick hear more of it than coming and going."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, expect, make_account, plain_blob

early = pytest.mark.parametrize("early", [True, False], ids=["watched before", "watched after"])
"""Whether the watcher asks before the other is there."""
aware = pytest.mark.parametrize("aware", [True, False], ids=["both have it", "the watcher alone"])
"""Whether the watched one has the capability in question as well."""


@pytest.fixture
def watch(irc):
    """Makes foo, who watches bar and hears that bar is there; both have capabilities."""

    def make(early, watcher_caps, watched_caps):
        foo = irc("foo", ["extended-monitor", *watcher_caps])
        if early:
            foo.ask("MONITOR + bar")
        bar = irc("bar", watched_caps)
        if not early:
            foo.send("MONITOR + bar")
        foo.expect("730", ANY, Re("bar(!.*)?"))
        foo.silent()
        return foo, bar

    return make


@early
@aware
def test_going_and_coming_back_are_told(watch, early, aware):
    foo, bar = watch(early, ["away-notify"], ["away-notify"] if aware else [])
    bar.ask("AWAY :afk")
    foo.expect("AWAY", "afk", nick="bar")
    foo.silent()
    bar.ask("AWAY")
    back = foo.expect("AWAY", nick="bar")
    assert back.params == []
    foo.silent()


@early
@aware
def test_going_and_coming_back_are_not_told_without_away_notify(watch, early, aware):
    foo, bar = watch(early, [], ["away-notify"] if aware else [])
    bar.ask("AWAY :afk")
    foo.silent()
    bar.ask("AWAY")
    foo.silent()


@early
def test_a_new_real_name_is_told(watch, early):
    foo, bar = watch(early, ["setname"], ["setname"])
    bar.ask("SETNAME :new name")
    foo.expect("SETNAME", "new name", nick="bar")
    foo.silent()


@early
def test_a_new_real_name_is_not_told_without_setname(watch, early):
    foo, bar = watch(early, [], ["setname"])
    bar.ask("SETNAME :new name")
    foo.silent()


@early
@aware
def test_logging_in_is_told(server, watch, early, aware):
    account = make_account(server, "jilles")
    foo, bar = watch(
        early, ["account-notify"], [*(["account-notify"] if aware else []), "sasl", "cap-notify"]
    )
    log_in(bar, account)
    foo.expect("ACCOUNT", "jilles", nick="bar")
    foo.silent()


@early
@aware
def test_logging_in_is_not_told_without_account_notify(server, watch, early, aware):
    account = make_account(server, "jilles")
    foo, bar = watch(early, [], [*(["account-notify"] if aware else []), "sasl", "cap-notify"])
    log_in(bar, account)
    foo.silent()


def log_in(client, account):
    """SASL after the welcome, whatever else is heard with it."""
    client.send("AUTHENTICATE PLAIN")
    client.expect("AUTHENTICATE", "+")
    client.send(f"AUTHENTICATE {plain_blob(*account)}")
    client.wait("900", "bar", ANY, account[0], ANY)
    client.collect()


def test_who_shares_a_channel_too_is_told_once(watch):
    foo, bar = watch(False, ["away-notify", "setname"], ["setname"])
    for client in (foo, bar):
        client.join("#chan")
    foo.collect()
    bar.ask("AWAY :afk", "SETNAME :new")
    away, setname = foo.collect()
    expect(away, "AWAY", "afk", nick="bar")
    expect(setname, "SETNAME", "new", nick="bar")


def test_without_the_capability_only_coming_and_going_are_told(irc):
    foo, bar = irc("foo", ["away-notify", "setname"]), irc("bar", ["setname"])
    foo.ask("MONITOR + bar")
    bar.ask("AWAY :afk", "SETNAME :new")
    foo.silent()


def test_who_is_not_watched_any_more_is_not_told_of(watch):
    foo, bar = watch(False, ["away-notify"], [])
    foo.ask("MONITOR - bar")
    bar.ask("AWAY :afk")
    foo.silent()

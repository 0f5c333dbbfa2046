"""userhost-in-names: lists of names have user and host."""

from __future__ import annotations

from tests.irc.harness import ANY, Re, one
from tests.irc.ircv3.helpers import gather


def full(message):
    """The names of 353 without user and host, each of which must have both."""
    names = message.params[3].split()
    for name in names:
        assert Re(r"[@+]*[^!@]+![^!@ ]+@[^!@ ]+") == name
    return sorted(name.partition("!")[0] for name in names)


def test_names_have_user_and_host(irc):
    foo, bar = irc("foo", ["userhost-in-names"]), irc("bar")
    gather("#chan", foo, bar)
    names = one(foo.ask("NAMES #chan"), "353", "foo", ANY, "#chan", ANY)
    assert full(names) == ["@foo", "bar"]


def test_so_have_those_on_joining(irc):
    foo, bar = irc("foo", ["userhost-in-names"]), irc("bar")
    bar.join("#chan")
    assert full(one(foo.join("#chan"), "353")) == ["@bar", "foo"]


def test_they_are_those_one_hears_in_messages(irc):
    foo, bar = irc("foo", ["userhost-in-names"]), irc("bar", username="builder")
    gather("#chan", foo, bar)
    bar.ask("PRIVMSG #chan :hi")
    source = foo.expect("PRIVMSG", "#chan", "hi").source
    assert source in one(foo.ask("NAMES #chan"), "353").params[3].split()


def test_all_prefixes_can_be_had_as_well(irc):
    foo = irc("foo", ["userhost-in-names", "multi-prefix"])
    foo.join("#chan")
    foo.ask("MODE #chan +v foo")
    assert full(one(foo.ask("NAMES #chan"), "353")) == ["@+foo"]


def test_without_the_capability_there_are_only_nicks(irc):
    foo = irc("foo")
    one(foo.join("#chan"), "353", "foo", ANY, "#chan", Re("@foo ?"))

"""setname: changing one's real name."""

from __future__ import annotations

from tests.irc.harness import ANY, Re, expect, named, one
from tests.irc.ircv3.helpers import gather


def test_the_change_is_confirmed_and_seen_in_whois(irc):
    foo = irc("foo", ["setname"])
    foo.send("SETNAME bar")
    foo.expect("SETNAME", "bar", source=Re("foo!.*@.*"))
    whois = one(foo.ask("WHOIS foo"), "311")
    assert whois.params[-1] == "bar"


def test_it_may_have_spaces(irc):
    foo = irc("foo", ["setname"])
    foo.send("SETNAME :Bruce Wayne <bruce@wayne.enterprises>")
    foo.expect("SETNAME", "Bruce Wayne <bruce@wayne.enterprises>", nick="foo")


def test_those_in_the_channel_who_know_of_it_hear_it(irc):
    foo, bar, baz = irc("foo", ["setname"]), irc("bar", ["setname"]), irc("baz")
    gather("#chan", foo, bar, baz)
    foo.send("SETNAME qux")
    foo.expect("SETNAME", "qux", nick="foo")
    foo.silent()
    bar.expect("SETNAME", "qux", nick="foo")
    bar.silent()
    baz.silent()


def test_those_elsewhere_do_not(irc):
    foo, bar = irc("foo", ["setname"]), irc("bar", ["setname"])
    foo.join("#here")
    bar.join("#there")
    foo.ask("SETNAME qux")
    bar.silent()


def test_without_the_capability_it_works_in_silence(irc):
    foo, bar = irc("foo"), irc("bar", ["setname"])
    gather("#chan", foo, bar)
    assert not named(foo.ask("SETNAME qux"), "SETNAME")
    bar.expect("SETNAME", "qux", nick="foo")


def test_who_shows_the_new_name(irc):
    foo = irc("foo", ["setname"])
    foo.join("#chan")
    foo.ask("SETNAME :Somebody Else")
    assert foo.ask("WHO #chan")[0].params[-1] == "0 Somebody Else"


def test_a_name_that_is_too_long_is_refused(irc):
    foo = irc("foo", ["setname"])
    limit = int(foo.isupport.get("NAMELEN") or 400)
    (answer,) = foo.ask(f"SETNAME :{'x' * (limit + 1)}")
    expect(answer, "FAIL", "SETNAME", "INVALID_REALNAME", ANY)
    assert one(foo.ask("WHOIS foo"), "311").params[-1] == "Realname"


def test_too_few_parameters_are_refused(irc):
    foo = irc("foo", ["setname"])
    (answer,) = foo.ask("SETNAME")
    expect(answer, Re("461|FAIL"))

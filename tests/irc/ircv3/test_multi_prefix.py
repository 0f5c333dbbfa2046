"""multi-prefix: all prefixes of a member are shown, the highest first."""

from __future__ import annotations

from tests.irc.harness import ANY, Re, expect, one, words
from tests.irc.ircv3.helpers import gather


def test_names_and_who_show_all_prefixes_in_order(irc):
    foo = irc("foo", ["multi-prefix"])
    foo.join("#chan")
    foo.ask("MODE #chan +v foo")
    names, end = foo.ask("NAMES #chan")
    expect(names, "353", "foo", ANY, "#chan", Re(r"@\+foo ?"))
    expect(end, "366", "foo", "#chan", ANY)
    who = foo.ask("WHO #chan")[0]
    expect(who, "352", "foo", "#chan", ANY, ANY, ANY, "foo", Re(r".*@\+.*"), ANY)


def test_the_order_in_which_they_were_given_does_not_matter(irc):
    op, foo = irc("op", ["multi-prefix"]), irc("foo")
    gather("#chan", op, foo)
    op.ask("MODE #chan +v foo", "MODE #chan +o foo")
    one(op.ask("NAMES #chan"), "353", "op", ANY, "#chan", words("@op", "@+foo"))


def test_joining_shows_them_too(irc):
    foo, bar = irc("foo"), irc("bar", ["multi-prefix"])
    foo.join("#chan")
    foo.ask("MODE #chan +v foo")
    one(bar.join("#chan"), "353", "bar", ANY, "#chan", words("@+foo", "bar"))


def test_without_the_capability_only_the_highest_is_shown(irc):
    foo = irc("foo")
    foo.join("#chan")
    foo.ask("MODE #chan +v foo")
    one(foo.ask("NAMES #chan"), "353", "foo", ANY, "#chan", Re("@foo ?"))
    who = foo.ask("WHO #chan")[0]
    expect(who, "352", "foo", "#chan", ANY, ANY, ANY, "foo", Re("H@"), ANY)


def test_whois_shows_them_too(irc):
    foo, bar = irc("foo", ["multi-prefix"]), irc("bar")
    gather("#chan", bar, foo)
    bar.ask("MODE #chan +v bar")
    foo.collect()
    one(foo.ask("WHOIS bar"), "319", "foo", "bar", Re(r"@\+#chan ?"))

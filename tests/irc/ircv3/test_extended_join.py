"""extended-join: who comes in is announced with account and real name."""

from __future__ import annotations

from tests.e2e.harness import Full
from tests.irc.harness import make_account, one


def test_who_is_not_logged_in_has_an_asterisk_for_an_account(irc):
    foo = irc("foo", ["extended-join"])
    foo.join("#chan")
    irc("bar").join("#chan")
    foo.expect("JOIN", "#chan", "*", "Realname", nick="bar")


def test_who_is_logged_in_is_announced_with_the_account(server, irc):
    foo = irc("foo", ["extended-join"])
    foo.join("#chan")
    irc("bar", account=make_account(server, "jilles")).join("#chan")
    foo.expect("JOIN", "#chan", "jilles", "Realname", nick="bar")


def test_one_hears_oneself_the_same_way(server, irc):
    bar = irc("bar", ["extended-join"], make_account(server, "jilles"), realname="Jilles T. B.")
    one(bar.ask("JOIN #chan"), "JOIN", "#chan", "jilles", "Jilles T. B.", nick="bar")


def test_without_the_capability_it_is_only_the_channel(server, irc):
    foo = irc("foo")
    foo.join("#chan")
    irc("bar", ["extended-join"], make_account(server, "jilles")).join("#chan")
    foo.expect("JOIN", "#chan", nick="bar")


def test_a_changed_real_name_is_the_one_announced(irc):
    foo, bar = irc("foo", ["extended-join"]), irc("bar", ["setname"])
    foo.join("#chan")
    bar.ask("SETNAME :Somebody Else")
    bar.join("#chan")
    foo.expect("JOIN", "#chan", "*", "Somebody Else", nick="bar")


def test_who_has_no_real_name_is_announced_with_the_name(server, irc):
    foo = irc("foo", ["extended-join"])
    foo.join("#chan")
    assert Full(server.connect(1), "jason").request("join", "#chan")["response"] == "ok"
    foo.expect("JOIN", "#chan", "*", "jason", nick="jason")
    rows = [row.params[-1] for row in foo.ask("WHO #chan") if row.command == "352"]
    assert sorted(rows) == ["0 Realname", "0 jason"]

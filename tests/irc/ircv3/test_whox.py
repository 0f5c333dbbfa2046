"""WHOX: asking WHO for chosen fields, the account among them."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Fold, expect, make_account
from tests.irc.ircv3.helpers import gather


def make(irc, account=None):
    """coolNick, perhaps logged in, and otherNick, both in #chan."""
    cool = irc("coolNick", account=account, username="myusernam", realname="My UniqueReal Name")
    other = irc("otherNick")
    gather("#chan", cool, other)
    return other


def test_it_is_advertised_without_a_value(irc):
    assert irc("foo").isupport["WHOX"] is None


def test_the_account_is_told(server, irc):
    other = make(irc, make_account(server, "coolAcct"))
    reply, end = other.ask("WHO coolNick %na")
    expect(reply, "354", "otherNick", "coolNick", "coolAcct")
    expect(end, "315", "otherNick", Fold("coolNick"), ANY)


def test_without_an_account_it_is_zero(irc):
    other = make(irc)
    reply, end = other.ask("WHO coolNick %na")
    expect(reply, "354", "otherNick", "coolNick", "0")
    expect(end, "315", "otherNick", Fold("coolNick"), ANY)


@pytest.mark.parametrize("fields", ["%tnfa,42", "%afnt,42"])
def test_the_order_of_the_fields_is_the_servers(server, irc, fields):
    other = make(irc, make_account(server, "coolAcct"))
    reply, _ = other.ask(f"WHO coolNick {fields}")
    expect(reply, "354", "otherNick", "42", "coolNick", ANY, "coolAcct")


def test_a_channel_is_listed_with_accounts(server, irc):
    other = make(irc, make_account(server, "coolAcct"))
    *replies, end = other.ask("WHO #chan %tna,7")
    assert sorted(reply.params for reply in replies) == [
        ["otherNick", "7", "coolNick", "coolAcct"],
        ["otherNick", "7", "otherNick", "0"],
    ]
    assert {reply.command for reply in replies} == {"354"}
    expect(end, "315", "otherNick", "#chan", ANY)


def test_fields_that_nobody_knows_are_left_out(irc):
    other = make(irc)
    reply, _ = other.ask("WHO coolNick %nZa")
    expect(reply, "354", "otherNick", "coolNick", "0")


def test_the_real_name_comes_last(irc):
    other = make(irc)
    reply, _ = other.ask("WHO coolNick %ar")
    expect(reply, "354", "otherNick", "0", "My UniqueReal Name")

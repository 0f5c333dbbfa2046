"""AWAY: saying that one is not there."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, expect, named, one

GONE = "I'm not here right now"


@pytest.fixture
def bar(irc):
    return irc("bar")


@pytest.fixture
def qux(irc):
    return irc("qux")


def test_going_and_coming_back_are_acknowledged_by_one_numeric_each(bar):
    bar.send(f"AWAY :{GONE}")
    bar.expect("306", "bar", ANY)
    bar.silent()
    bar.send("AWAY")
    bar.expect("305", "bar", ANY)
    bar.silent()


def test_who_writes_to_somebody_away_is_told(bar, qux):
    qux.send("PRIVMSG bar :what's up")
    qux.silent()
    one(bar.ask(f"AWAY :{GONE}"), "306")
    qux.send("PRIVMSG bar :what's up")
    qux.expect("301", "qux", "bar", GONE)
    one(bar.ask("AWAY"), "305")
    qux.send("PRIVMSG bar :what's up")
    qux.silent()


def test_the_message_arrives_all_the_same(bar, qux):
    bar.ask(f"AWAY :{GONE}")
    qux.ask("PRIVMSG bar :what's up")
    bar.expect("PRIVMSG", "bar", "what's up", nick="qux")


def test_a_notice_is_not_answered(bar, qux):
    bar.ask(f"AWAY :{GONE}")
    qux.send("NOTICE bar :psst")
    qux.silent()


def test_whois_tells_that_somebody_is_away(bar, qux):
    assert not named(qux.ask("WHOIS bar"), "301")
    one(bar.ask(f"AWAY :{GONE}"), "306")
    one(qux.ask("WHOIS bar"), "301", "qux", "bar", GONE)


def test_userhost_tells_that_somebody_is_away(bar, qux):
    qux.send("USERHOST bar")
    qux.expect("302", "qux", Re(r"bar=\+.*"))
    one(bar.ask(f"AWAY :{GONE}"), "306")
    qux.send("USERHOST bar")
    qux.expect("302", "qux", Re(r"bar=-.*"))


def test_an_empty_text_means_to_be_back(bar, qux):
    one(bar.ask(f"AWAY :{GONE}"), "306")
    away = qux.ask("WHOIS bar")
    one(away, "311")
    one(away, "301")
    one(bar.ask("AWAY :"), "305")
    back = qux.ask("WHOIS bar")
    one(back, "311")
    assert not named(back, "301")


def test_a_new_text_replaces_the_old(bar, qux):
    bar.ask("AWAY :lunch")
    one(bar.ask("AWAY :dinner"), "306")
    expect(qux.ask("PRIVMSG bar :hi")[0], "301", "qux", "bar", "dinner")

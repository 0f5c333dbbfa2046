"""MONITOR: hearing who comes and goes without sharing a channel."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, commands, expect, named, one
from tests.irc.ircv3.helpers import only


def online(message, nick):
    return expect(message, "730", ANY, Re(rf"{nick}(!.*)?"))


def offline(message, nick):
    return expect(message, "731", ANY, nick)


@pytest.fixture
def foo(irc):
    client = irc("foo")
    assert client.isupport["MONITOR"] == "100"
    return client


def test_who_is_not_there_is_offline_until_they_come_and_when_they_go(irc, foo):
    foo.send("MONITOR + bar")
    offline(foo.recv(), "bar")
    bar = irc("bar")
    online(foo.recv(), "bar")
    bar.quit()
    offline(foo.recv(), "bar")
    foo.silent()


def test_who_is_there_is_online_until_they_go(irc, foo):
    bar = irc("bar")
    foo.send("MONITOR + bar")
    online(foo.recv(), "bar")
    bar.quit()
    offline(foo.recv(), "bar")
    irc("bar")
    online(foo.recv(), "bar")


def test_a_vanished_connection_is_offline_too(irc, foo):
    bar = irc("bar")
    foo.send("MONITOR + bar")
    online(foo.recv(), "bar")
    bar.close()
    offline(foo.recv(), "bar")


def test_some_are_there_and_some_are_not(irc, foo):
    irc("bar")
    answers = foo.ask("MONITOR + bar,baz")
    assert sorted(commands(answers)) == ["730", "731"]
    online(one(answers, "730"), "bar")
    offline(one(answers, "731"), "baz")


def test_what_is_not_watched_any_more_is_not_told(irc, foo):
    foo.ask("MONITOR + bar")
    bar = irc("bar")
    online(foo.recv(), "bar")
    foo.send("MONITOR - bar")
    foo.silent()
    bar.quit()
    foo.silent()


def test_only_nicks_can_be_watched(irc, foo):
    answers = foo.ask("MONITOR + *!username@localhost", "MONITOR + *!username@127.0.0.1")
    assert set(commands(answers)) <= {"731", "432"}
    assert len(answers) in (0, 2)
    irc("bar")
    foo.silent()


def test_of_two_that_watch_only_the_one_that_stopped_hears_nothing(irc, foo):
    bar = irc("bar")
    foo.ask("MONITOR + qux")
    bar.ask("MONITOR + qux")
    bar.send("MONITOR - qux")
    bar.silent()
    irc("qux")
    online(foo.recv(), "qux")
    bar.silent()


def test_clearing_the_list_is_not_answered(irc, foo):
    foo.ask("MONITOR + bar")
    foo.send("MONITOR C")
    foo.silent()
    foo.send("MONITOR L")
    foo.expect("733", "foo", ANY)
    irc("bar")
    foo.silent()


def test_the_list_can_be_read(irc):
    bar = irc("bar")

    def listed():
        *lines, end = bar.ask("MONITOR L")
        expect(end, "733", "bar", ANY)
        for line in lines:
            expect(line, "732", "bar", ANY)
        return sorted(nick for line in lines for nick in line.params[1].split(","))

    assert listed() == []
    bar.ask("MONITOR + qux")
    assert listed() == ["qux"]
    bar.ask("MONITOR + bazbat")
    assert listed() == ["bazbat", "qux"]
    bar.ask("MONITOR + QUX")
    assert len(listed()) == 2
    bar.ask("MONITOR - qux")
    assert listed() == ["bazbat"]


def test_the_state_of_all_can_be_asked_for(irc, foo):
    irc("bar")
    foo.ask("MONITOR + bar,baz")
    answers = foo.ask("MONITOR S")
    assert len(answers) == 2
    online(one(answers, "730"), "bar")
    offline(one(answers, "731"), "baz")


def test_a_change_of_nick_is_coming_and_going(irc):
    bar = irc("bar")
    bar.ask("MONITOR + qux")
    baz = irc("baz")
    bar.silent()
    baz.ask("NICK qux")
    expect(bar.recv(), "730", Re(r"bar|\*"), Re(r"qux(!.*)?"))
    baz.ask("NICK QUX")
    bar.silent()
    baz.ask("NICK bazbat")
    expect(bar.recv(), "731", Re(r"bar|\*"), "QUX")
    bar.silent()


def test_case_does_not_matter(irc, foo):
    foo.ask("MONITOR + BAR")
    irc("bar")
    online(foo.recv(), "bar")
    foo.send("MONITOR - Bar")
    foo.silent()
    (end,) = foo.ask("MONITOR L")
    expect(end, "733")


def test_a_full_list_is_refused_with_the_limit_and_the_nicks(foo):
    for start in range(0, 100, 20):
        foo.ask("MONITOR + " + ",".join(f"n{number}" for number in range(start, start + 20)))
    (full,) = named(foo.ask("MONITOR + straw,berry"), "734")
    expect(full, "734", "foo", "100", "straw,berry", ANY)
    *lines, _ = foo.ask("MONITOR L")
    assert sum(len(line.params[1].split(",")) for line in lines) == 100
    foo.ask("MONITOR - n1")
    offline(*foo.ask("MONITOR + straw"), "straw")


def test_long_lists_take_several_lines(foo):
    nicks = [f"somebody-with-a-long-name-{number}" for number in range(100)]
    for start in range(0, 100, 10):
        foo.ask("MONITOR + " + ",".join(nicks[start : start + 10]))
    for line, number in (("MONITOR L", "732"), ("MONITOR S", "731")):
        found = named(foo.ask(line), number)
        assert len(found) > 1
        assert sorted(nick for message in found for nick in message.params[1].split(",")) == sorted(nicks)


def test_one_may_watch_oneself(foo):
    online(*foo.ask("MONITOR + foo"), "foo")


@pytest.mark.parametrize("line", ["MONITOR", "MONITOR +", "MONITOR -"])
def test_too_few_parameters_are_refused(foo, line):
    only(foo.ask(line), "461", "foo", "MONITOR", ANY)


def test_the_list_ends_with_the_connection(irc, foo):
    foo.ask("MONITOR + bar")
    foo.quit()
    foo = irc("foo")
    irc("bar")
    foo.silent()

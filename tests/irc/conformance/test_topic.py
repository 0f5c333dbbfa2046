"""TOPIC."""

from __future__ import annotations

from tests.irc.harness import ANY, Re, commands, one


def pair(irc, channel: str = "#chan"):
    """Two members of a channel, the first its operator; nothing is left to read."""
    foo, bar = irc("foo"), irc("bar")
    foo.join(channel)
    bar.join(channel)
    foo.collect()
    return foo, bar


def test_everyone_there_hears_of_a_new_topic(irc):
    foo, bar = pair(irc)
    foo.send("TOPIC #chan :T0P1C")
    for client in (foo, bar):
        client.expect("TOPIC", "#chan", "T0P1C", source=Re("foo!.+@.+"))
        client.silent()


def test_the_same_topic_again_is_nothing_new(irc):
    foo, bar = pair(irc)
    foo.ask("TOPIC #chan :T0P1C")
    bar.collect()
    foo.send("TOPIC #chan :T0P1C")
    foo.silent()
    bar.silent()


def test_with_t_only_operators_set_the_topic(irc):
    foo, bar = pair(irc)
    foo.ask("MODE #chan +t")
    bar.collect()
    bar.send("TOPIC #chan :T0P1C")
    bar.expect("482", "bar", "#chan", ANY)
    foo.silent()
    foo.ask("MODE #chan -t")
    bar.collect()
    bar.send("TOPIC #chan :T0P1C")
    bar.expect("TOPIC", "#chan", "T0P1C")
    foo.expect("TOPIC", "#chan", "T0P1C", nick="bar")


def test_a_channel_that_is_not_there_has_no_topic(irc):
    foo = irc("foo")
    foo.send("TOPIC #chan")
    foo.expect("403", "foo", "#chan", ANY)


def test_one_sets_no_topic_where_one_is_not(irc):
    foo, _ = pair(irc)
    qux = irc("qux")
    one(qux.ask("TOPIC #chan :mine"), "442", "qux", "#chan", ANY)
    foo.silent()


def test_that_there_is_no_topic_is_said_only_when_asked(irc):
    bar, baz = irc("bar"), irc("baz")
    assert not {"331", "332", "333"} & set(commands(bar.ask("JOIN #test")))
    assert not {"331", "332", "333"} & set(commands(baz.ask("JOIN #test")))
    one(baz.ask("TOPIC #test"), "331", "baz", "#test", ANY)
    bar.collect()
    for topic in ("new topic", ""):
        bar.send(f"TOPIC #test :{topic}")
        for client in (bar, baz):
            client.expect("TOPIC", "#test", topic)
    assert not {"331", "332", "333"} & set(commands(irc("qux").ask("JOIN #test")))


def test_a_voice_does_not_suffice_and_who_joins_is_told_the_topic(irc):
    bar, qux = irc("bar"), irc("qux")
    bar.join("#chan")
    assert "482" not in commands(bar.ask("MODE #chan +t"))
    answers = bar.ask("TOPIC #chan :new topic")
    one(answers, "TOPIC", "#chan", "new topic")
    assert "482" not in commands(answers)

    qux.join("#chan")
    assert commands(qux.ask("TOPIC #chan :other topic")) == ["482"]
    one(bar.ask("MODE #chan +v qux"), "MODE", "#chan", "+v", "qux")
    qux.collect()
    assert commands(qux.ask("TOPIC #chan :other topic")) == ["482"]

    buzz = irc("buzz")
    answers = buzz.ask("JOIN #chan")
    one(answers, "332", "buzz", "#chan", "new topic")
    one(answers, "333", "buzz", "#chan", Re("bar(!.+@.+)?"), Re("[0-9]+"))
    order = commands(answers)
    assert order == ["JOIN", "332", "333", "353", "366"]
    assert commands(buzz.ask("TOPIC #chan")) == ["332", "333"]

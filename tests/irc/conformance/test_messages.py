"""PRIVMSG and NOTICE."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, commands, named, one


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_a_message_to_a_channel_is_heard_by_its_other_members(irc, command):
    foo, bar = irc("foo"), irc("bar")
    foo.join("#chan")
    bar.join("#chan")
    foo.collect()
    assert foo.ask(f"{command} #chan :hello there") == []
    bar.expect(command, "#chan", "hello there", source=Re("foo!.+@.+"))
    bar.silent()


@pytest.mark.parametrize("command", ["PRIVMSG", "NOTICE"])
def test_a_message_to_a_user_is_heard_by_that_user(irc, command):
    foo, bar, baz = irc("foo"), irc("bar"), irc("baz")
    assert foo.ask(f"{command} BAR :hey there!") == []
    message = bar.expect(command, Re("(?i)bar"), "hey there!", source=Re("foo!.+@.+"))
    assert message.tags == {}
    bar.silent()
    baz.silent()


def test_a_message_without_a_colon_is_one_word(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.send("PRIVMSG bar hi there")
    bar.expect("PRIVMSG", "bar", "hi")


def test_a_message_to_oneself_comes_back(irc):
    foo = irc("foo")
    (message,) = foo.ask("PRIVMSG foo :me")
    assert message.params == ["foo", "me"]


def test_a_message_to_a_channel_that_is_not_there(irc):
    foo = irc("foo")
    (answer,) = foo.ask("PRIVMSG #nonexistent :hello there")
    assert answer.command in ("401", "403", "404")
    assert answer.params == ["foo", "#nonexistent", ANY]


def test_a_message_to_nobody_in_particular(irc):
    foo = irc("foo")
    foo.send("PRIVMSG bar :hey there!")
    foo.expect("401", "foo", "bar", ANY)
    foo.silent()


def test_an_empty_message_is_refused(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.join("#chan")
    bar.join("#chan")
    foo.collect()
    foo.send("PRIVMSG #chan :")
    foo.expect("412", "foo", ANY)
    bar.silent()


def test_a_message_without_a_text_or_a_target_is_refused(irc):
    foo = irc("foo")
    assert foo.ask("PRIVMSG bar")[0].command in ("412", "461")
    assert foo.ask("PRIVMSG")[0].command in ("411", "461")


@pytest.mark.parametrize(
    "line", ["NOTICE #nonexistent :hello", "NOTICE nobody :hello", "NOTICE bar :", "NOTICE bar", "NOTICE"]
)
def test_a_notice_is_never_answered(irc, line):
    foo, _ = irc("foo"), irc("bar")
    assert foo.ask(line) == []


def test_a_message_to_several_targets_reaches_each(irc):
    foo, bar, baz = irc("foo"), irc("bar"), irc("baz")
    baz.join("#chan")
    foo.join("#chan")
    baz.collect()
    assert commands(foo.ask("PRIVMSG bar,#chan,nobody :to all")) == ["401"]
    bar.expect("PRIVMSG", "bar", "to all")
    baz.expect("PRIVMSG", "#chan", "to all")
    baz.silent()


def test_who_is_away_says_so_to_who_writes(irc):
    bar, qux = irc("bar"), irc("qux")
    one(bar.ask("AWAY :I'm not here right now"), "306", "bar", ANY)
    (answer,) = qux.ask("PRIVMSG bar :what's up")
    assert (answer.command, answer.params) == ("301", ["qux", "bar", "I'm not here right now"])
    assert qux.ask("NOTICE bar :what's up") == []
    one(bar.ask("AWAY"), "305", "bar", ANY)
    assert qux.ask("PRIVMSG bar :what's up") == []


@pytest.mark.parametrize(
    "text", ["\1VERSION\1", "\1ACTION waves\1", "a\2bold\2 \x0304red\x03", " lead :and: trail "]
)
def test_a_text_passes_untouched(irc, text):
    foo, bar = irc("foo"), irc("bar")
    foo.send(f"PRIVMSG bar :{text}")
    bar.expect("PRIVMSG", "bar", text)


def test_tags_are_told_to_who_wants_them_alone(irc):
    alice = irc("alice", ["message-tags", "batch", "echo-message", "server-time"])
    bob = irc("bob")
    reply = "ct95w3xemz8qj9du2h74wp8pee"
    alice.send(f"@+draft/reply={reply} PRIVMSG bob :hey yourself")
    alice.expect("PRIVMSG", "bob", "hey yourself", tags={"+draft/reply": reply, "time": ANY, "msgid": ANY})
    assert bob.expect("PRIVMSG", "bob", "hey yourself").tags == {}
    bob.ask("CAP REQ :message-tags server-time")
    alice.ask(f"@+draft/reply={reply} PRIVMSG bob :hey again")
    bob.expect("PRIVMSG", "bob", "hey again", tags={"+draft/reply": reply})


# To the operators or the voiced of a channel


def trio(irc):
    """chanop, joe and schmoe in #chan; nothing is left to read."""
    clients = irc("chanop"), irc("joe"), irc("schmoe")
    for client in clients:
        client.join("#chan")
    names = named(clients[2].ask("NAMES #chan"), "353")[0].params[-1].split()
    assert set(names) == {"@chanop", "joe", "schmoe"}
    for client in clients:
        client.collect()
    return clients


def test_the_prefixes_that_can_be_written_to_are_announced(irc):
    assert set(irc("foo").isupport["STATUSMSG"]) == set("@+")


def test_an_operator_writes_to_the_operators(irc):
    chanop, joe, schmoe = trio(irc)
    chanop.ask("MODE #chan +o schmoe")
    for client in (joe, schmoe):
        client.collect()
    assert schmoe.ask("privmsg @#chan :this message is for operators") == []
    chanop.expect("PRIVMSG", "@#chan", "this message is for operators", nick="schmoe")
    joe.silent()


def test_a_member_writes_to_the_operators(irc):
    chanop, joe, schmoe = trio(irc)
    if schmoe.ask("privmsg @#chan :this message is for operators"):
        pytest.skip("it may not")
    chanop.expect("PRIVMSG", "@#chan", "this message is for operators")
    joe.silent()


def test_a_message_to_the_voiced_reaches_operators_too(irc):
    chanop, joe, schmoe = trio(irc)
    chanop.ask("MODE #chan +v joe")
    for client in (joe, schmoe):
        client.collect()
    joe.ask("NOTICE +#chan :voices")
    chanop.expect("NOTICE", "+#chan", "voices")
    schmoe.silent()


# What a terminal would obey


def test_no_control_character_is_passed_on_but_those_of_colours(irc):
    foo, bar = irc("foo"), irc("bar")
    for client in (foo, bar):
        client.join("#chan")
    foo.collect()
    bar.send("PRIVMSG #chan :\x02bold\x02 \x0304red\x03\t\x1b[2J\x07\x7f\x9b1A", "TOPIC #chan :\x1b]0;x\x07")
    foo.expect("PRIVMSG", "#chan", "\x02bold\x02 \x0304red\x03\t\u241b[2J\u2407\u2421\ufffd1A", nick="bar")
    foo.expect("TOPIC", "#chan", "\u241b]0;x\u2407", nick="bar")

"""JOIN."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, commands, expect, named, one, some, words

REFUSALS = ("403", "448", "476", "479")
"""How servers refuse a name that is none."""


def test_who_creates_a_channel_hears_that_it_joined_and_who_is_there(irc):
    foo = irc("foo")
    heard = foo.ask("JOIN #chan")
    expect(heard[0], "JOIN", "#chan", nick="foo")
    assert {"JOIN", "353", "366"} <= set(commands(heard)) <= {"JOIN", "353", "366", "MODE"}
    assert commands(heard)[-2:] == ["353", "366"]
    one(heard, "366", "foo", "#chan", ANY)


def test_the_names_of_a_channel_are_told_to_who_joins(irc):
    foo, bar = irc("foo"), irc("bar")
    one(foo.ask("JOIN #chan"), "353", "foo", Re("[=*@]"), "#chan", Re("[@+]?foo"))
    heard = bar.ask("JOIN #chan")
    one(heard, "353", "bar", Re("[=*@]"), "#chan", Re("@foo bar|bar @foo"))


def test_who_is_there_hears_who_joins(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.join("#chan")
    bar.join("#chan")
    foo.expect("JOIN", "#chan", source=Re("bar!.+@.+"))
    foo.silent()


def test_who_creates_a_channel_is_its_operator_and_it_starts_with_n(irc):
    foo = irc("foo")
    one(foo.ask("JOIN #chan"), "353", "foo", "=", "#chan", "@foo")
    one(foo.ask("MODE #chan"), "324", "foo", "#chan", "+n")


def test_joining_twice_says_nothing_wrong(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.send("JOIN #chan")
    foo.expect("JOIN", "#chan")
    foo.collect()
    bar.join("#chan")
    foo.collect()
    for message in named(foo.ask("JOIN #chan"), "353"):
        expect(message, "353", "foo", Re("[=*@]"), "#chan", words("@foo", "bar"))
    bar.silent()


def check_half_a_join(heard) -> None:
    """JOIN #valid,inv@lid gave the one and refused the other."""
    allowed = {"JOIN", "353", "366", "MODE", *REFUSALS}
    assert {"JOIN", "353", "366"} <= set(commands(heard)) <= allowed
    (refusal,) = named(heard, *REFUSALS)
    expect(refusal, ANY, "foo", "inv@lid", ANY)


def test_of_several_channels_the_valid_ones_are_joined(irc):
    check_half_a_join(irc("foo").ask("JOIN #valid,inv@lid"))


def test_all_answers_to_a_labelled_join_are_in_one_batch(irc):
    foo = irc("foo", ["batch", "labeled-response"])
    first, *heard, last = foo.ask("@label=label1 JOIN #valid,inv@lid")
    expect(first, "BATCH", Re(r"\+.+"), "labeled-response", tags={"label": "label1"})
    batch = first.params[0][1:]
    expect(last, "BATCH", f"-{batch}")
    for message in heard:
        expect(message, tags={"batch": batch})
    check_half_a_join(heard)


def test_join_0_leaves_every_channel_or_is_refused(irc):
    foo = irc("foo")
    foo.join("#one")
    heard = foo.ask("JOIN 0")
    assert commands(heard) in (["PART"], ["403"], ["476"])


def test_nobody_is_made_to_join_anything(irc):
    foo = irc("foo")
    assert "319" not in commands(foo.ask("WHOIS foo"))


# Names of channels


def test_the_case_of_a_channel_means_nothing(irc):
    foo, bar = irc("foo"), irc("bar")
    assert foo.isupport["CASEMAPPING"] == "ascii"
    foo.join("#Foo")
    bar.join("#foo")
    foo.expect("JOIN", Re("(?i)#foo"), nick="bar")


@pytest.mark.parametrize(("one_name", "other"), [("#Foo", "#fooa"), ("#f{", "#f[")])
def test_other_names_are_other_channels(irc, one_name, other):
    foo, bar = irc("foo"), irc("bar")
    foo.join(one_name)
    bar.join(other)
    foo.silent()


def test_join_wants_a_channel(irc):
    foo = irc("foo")
    foo.send("JOIN")
    foo.expect("461", "foo", "JOIN", ANY)


def test_what_was_said_before_is_told_as_long_as_somebody_is_there_and_then_no_more(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.join("#chan")
    foo.send("PRIVMSG #chan :is anybody here?")
    told = bar.join("#chan")
    some(told, "PRIVMSG", "#chan", Re(r"\[\d\d:\d\d\] is anybody here\?"), nick="foo")
    foo.quit()
    bar.quit()
    assert not [line for line in irc("baz").join("#chan") if line.command == "PRIVMSG"]

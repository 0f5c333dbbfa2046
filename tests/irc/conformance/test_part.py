"""PART."""

from __future__ import annotations

from tests.irc.harness import ANY, expect


def test_one_cannot_leave_a_channel_that_is_not_there(irc):
    alice = irc("alice")
    alice.send("PART #chan")
    answer = alice.recv()
    assert answer.command in ("403", "442")
    expect(answer, ANY, "alice", "#chan", ANY)
    alice.silent()


def test_one_cannot_leave_a_channel_of_others(irc):
    alice, bob = irc("alice"), irc("bob")
    alice.join("#chan")
    bob.send("PART #chan")
    expect(bob.recv(), "442", "bob", "#chan", ANY)
    bob.silent()
    alice.silent()


def test_both_who_leaves_and_who_stays_hear_of_it(irc):
    bar, baz = irc("bar"), irc("baz")
    bar.join("#chan")
    baz.join("#chan")
    bar.collect()
    bar.send("PART #chan")
    for client in (bar, baz):
        message = client.expect("PART", nick="bar")
        assert message.params[0] == "#chan"
        assert message.params[1:] in ([], [ANY])


def test_a_reason_is_passed_on(irc):
    bar, baz = irc("bar"), irc("baz")
    bar.join("#chan")
    baz.join("#chan")
    bar.collect()
    bar.send("PART #chan :bye everyone")
    for client in (bar, baz):
        client.expect("PART", "#chan", "bye everyone", nick="bar")


def test_several_channels_can_be_left_at_once(irc):
    bar = irc("bar")
    bar.join("#one")
    bar.join("#two")
    bar.send("PART #one,#two :both")
    bar.expect("PART", "#one", "both")
    bar.expect("PART", "#two", "both")
    bar.silent()


def test_part_wants_a_channel(irc):
    bar = irc("bar")
    bar.send("PART")
    bar.expect("461", "bar", "PART", ANY)

"""INVITE, and channels for the invited (+i)."""

from __future__ import annotations

import pytest

from tests.irc.harness import ANY, Re, commands, one, some


def test_an_invite_only_channel_is_for_the_invited(irc):
    foo = irc("foo")
    foo.join("#chan")
    foo.ask("MODE #chan +i")
    foo.send("INVITE bar #chan")
    foo.expect("401", "foo", "bar", ANY)
    bar = irc("bar")
    bar.send("JOIN #chan")
    bar.expect("473", "bar", "#chan", ANY)
    foo.send("INVITE bar #chan")
    foo.expect("341", "foo", "bar", "#chan")
    bar.expect("INVITE", "bar", "#chan", source=Re("foo!.+@.+"))
    bar.join("#chan")


@pytest.mark.parametrize(("opped", "closed"), [(True, True), (True, False), (False, False)])
def test_both_sides_hear_of_an_invitation(irc, opped, closed):
    foo, bar = irc("foo"), irc("bar")
    foo.join("#chan")
    if closed:
        foo.send("MODE #chan +i")
        foo.expect("MODE", "#chan", "+i")
    if not opped:
        foo.send("MODE #chan -o foo")
        foo.expect("MODE", "#chan", "-o", "foo")
    foo.send("INVITE bar #chan")
    foo.expect("341", "foo", "bar", "#chan")
    foo.silent()
    bar.expect("INVITE", "bar", "#chan", source=Re("foo!.+@.+"))
    bar.silent()


def test_other_members_hear_nothing_of_an_invitation(irc):
    foo, bar, baz = irc("foo"), irc("bar"), irc("baz")
    foo.join("#chan")
    baz.join("#chan")
    foo.ask("INVITE bar #chan")
    baz.silent()
    bar.expect("INVITE", "bar", "#chan")


def test_into_a_closed_channel_only_operators_invite(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.join("#chan")
    foo.ask("MODE #chan +i", "MODE #chan -o foo")
    foo.send("INVITE bar #chan")
    foo.expect("482", "foo", "#chan", ANY)
    bar.silent()


def test_only_members_invite(irc):
    foo, bar, baz = irc("foo"), irc("bar"), irc("baz")
    baz.join("#chan")
    foo.send("INVITE bar #chan")
    foo.expect("442", "foo", "#chan", ANY)
    bar.silent()


def test_nobody_is_invited_to_where_they_are(irc):
    foo, bar = irc("foo"), irc("bar")
    foo.join("#chan")
    bar.join("#chan")
    foo.collect()
    foo.send("INVITE bar #chan")
    foo.expect("443", "foo", "bar", "#chan", ANY)
    bar.silent()


def test_an_invitation_overrides_a_ban_once(irc):
    alice = irc("alice")
    alice.join("#alice")
    one(alice.ask("MODE #alice +b bob!*@*"), "MODE", "#alice", "+b", "bob!*@*")
    bob = irc("bob")
    assert commands(bob.ask("JOIN #alice")) == ["474"]
    assert commands(alice.ask("INVITE bob #alice")) == ["341"]
    bob.expect("INVITE", "bob", "#alice")
    answers = bob.ask("JOIN #alice")
    some(answers, "JOIN", "#alice")
    assert "474" not in commands(answers)
    alice.ask("KICK #alice bob")
    assert commands(bob.collect()) == ["KICK"]
    assert commands(bob.ask("JOIN #alice")) == ["474"]


def test_an_invitation_overrides_a_key(irc):
    alice, bob = irc("alice"), irc("bob")
    alice.join("#alice")
    alice.ask("MODE #alice +k secret", "INVITE bob #alice")
    bob.collect()
    bob.join("#alice")


def test_invite_wants_a_nick_and_a_channel(irc):
    alice = irc("alice")
    one(alice.ask("INVITE bob"), "461", "alice", "INVITE", ANY)

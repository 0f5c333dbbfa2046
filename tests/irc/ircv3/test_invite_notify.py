"""invite-notify: those in the channel hear who is invited."""

from __future__ import annotations

from tests.irc.harness import ANY, named
from tests.irc.ircv3.helpers import gather, only


def test_an_operator_hears_whom_a_member_invites(irc):
    op, inviter, guest = irc("op", ["invite-notify"]), irc("inviter"), irc("guest")
    gather("#chan", op, inviter)
    only(inviter.ask("INVITE guest #chan"), "341", "inviter", "guest", "#chan")
    op.expect("INVITE", "guest", "#chan", nick="inviter")
    op.silent()
    guest.expect("INVITE", "guest", "#chan", nick="inviter")
    guest.silent()


def test_without_the_capability_nothing_is_said(irc):
    op, inviter, _ = irc("op"), irc("inviter"), irc("guest")
    gather("#chan", op, inviter)
    inviter.ask("INVITE guest #chan")
    op.silent()


def test_the_guest_hears_it_once_with_the_capability(irc):
    op, guest = irc("op"), irc("guest", ["invite-notify"])
    op.join("#chan")
    op.ask("INVITE guest #chan")
    guest.expect("INVITE", "guest", "#chan", nick="op")
    guest.silent()


def test_an_invitation_that_was_refused_is_not_told(irc):
    op, member, _ = irc("op", ["invite-notify"]), irc("member"), irc("guest")
    gather("#chan", op, member)
    op.ask("MODE #chan +i")
    member.collect()
    assert named(member.ask("INVITE guest #chan"), "482")
    op.silent()
    only(op.ask("INVITE nobody #chan"), "401", "op", "nobody", ANY)


def test_those_outside_hear_nothing(irc):
    op, outsider, _ = irc("op"), irc("outsider", ["invite-notify"]), irc("guest")
    op.join("#chan")
    op.ask("INVITE guest #chan")
    outsider.silent()

"""Kicks and invitations."""

from __future__ import annotations

from evchat.protocol.basics import Done
from evchat.protocol.channels import (
    Entered,
    Join,
    Part,
)
from evchat.protocol.membership import Invite, Invited, InviteSent, InviteTold, Kick, Kicked
from evchat.protocol.messages import MessageAccepted, SendMessage
from evchat.protocol.people import Block
from tests.core.playbook import check_invariants
from tests.core.rooms import join, mode, refused, room


def test_an_operators_invitation_opens_everything_once() -> None:
    play = room()
    play.ask("alice", mode("+iklb x 1 bob"))
    sent = play.tell("alice", Invite("Bob", "#tea", id="1"), InviteSent)
    assert sent == InviteSent(play.now, "1", "bob", "#tea")
    assert play.hears("bob") == [Invited(play.now, "bob", "#tea", "alice")]
    play.tell("bob", join(), Entered)
    play.ask("bob", Part(("#tea",)))
    assert refused(play, "bob", join())[0] == "banned"


def test_a_members_invitation_is_only_told_and_opens_nothing() -> None:
    play = room("bob")
    play.ask("alice", mode("+k x"))
    play.tell("bob", Invite("carol", "#tea"), InviteSent)
    assert play.hears("carol") == [Invited(play.now, "carol", "#tea", "bob")]
    assert InviteTold(play.now, "carol", "#tea", "bob") in play.hears("alice")
    assert refused(play, "carol", join())[0] == "wrong-key"
    play.ask("alice", mode("+i"))
    assert refused(play, "bob", Invite("carol", "#tea")) == ("not-operator", "#tea")


def test_an_invitation_goes_with_the_channel_it_was_for() -> None:
    play = room()
    play.ask("alice", Invite("bob", "#tea"))
    play.ask("alice", Part(("#tea",)))
    play.ask("carol", Join(("#tea",)))
    play.ask("carol", mode("+i"))
    assert refused(play, "bob", join())[0] == "invite-only"


def test_who_blocks_somebody_is_not_invited_by_them_and_they_are_not_told() -> None:
    play = room()
    play.ask("bob", Block("alice"))
    play.forget()
    play.tell("alice", Invite("bob", "#tea"), InviteSent)
    assert play.hears("bob") == []


def test_who_can_not_be_invited() -> None:
    play = room("bob")
    assert refused(play, "alice", Invite("bob", "#tea")) == ("already-a-member", "bob")
    assert refused(play, "alice", Invite("dora", "#tea")) == ("no-such-user", "dora")
    assert refused(play, "carol", Invite("bob", "#tea")) == ("not-in-channel", "#tea")
    assert refused(play, "carol", Invite("bob", "#none")) == ("no-such-channel", "#none")


def test_who_is_kicked_is_out_and_everybody_hears_it() -> None:
    play = room("bob")
    play.ask("bob", Join(("#tea",), current=True))
    play.forget()
    play.now += 10
    done, kicked = play.ask("alice", Kick("Bob", "spam", "#tea", id="1"))
    assert done == Done(play.now, "1")
    assert kicked == Kicked(play.now, "bob", "#tea", "alice", "spam")
    assert play.hears("bob") == [kicked]
    assert play.tell("bob", SendMessage("where am I?"), MessageAccepted).to == "#main"
    check_invariants(play.chat)


def test_the_last_one_can_kick_oneself_and_the_channel_goes() -> None:
    play = room()
    play.ask("alice", Kick("alice", to="#tea"))
    assert "#tea" not in play.chat.state.channels
    check_invariants(play.chat)


def test_who_can_not_be_kicked() -> None:
    play = room("bob")
    assert refused(play, "bob", Kick("alice", to="#tea")) == ("not-operator", "#tea")
    assert refused(play, "carol", Kick("alice", to="#tea")) == ("not-in-channel", "#tea")
    assert refused(play, "alice", Kick("carol", to="#tea")) == ("not-a-member", "carol")
    assert refused(play, "alice", Kick("dora", to="#tea")) == ("no-such-user", "dora")
    assert refused(play, "alice", Kick("bob", "x" * 400, "#tea"))[0] == "too-long"

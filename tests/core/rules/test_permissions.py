"""What the modes of a channel mean: who may join it, speak in it and set its topic."""

from __future__ import annotations

from evchat.protocol.bans import Ban
from evchat.protocol.basics import Done
from evchat.protocol.channels import (
    Entered,
    Join,
    Topic,
    TopicTold,
)
from evchat.protocol.messages import MessageAccepted, SendMessage
from evchat.protocol.modes import GrantRole
from tests.core.playbook import said
from tests.core.rooms import join, mode, refused, room, say

# ---- coming in ------------------------------------------------------------------------------------------------


def test_a_key_is_needed() -> None:
    play = room()
    play.ask("alice", mode("+k sesame"))
    assert refused(play, "bob", join()) == ("wrong-key", "#tea")
    assert refused(play, "bob", join("Sesame")) == ("wrong-key", "#tea")
    play.tell("bob", join("sesame"), Entered)
    play.tell("bob", join(), Entered)  # who is in is told the state again


def test_keys_stand_in_the_order_of_the_channels() -> None:
    play = room()
    play.ask("alice", mode("+k sesame"))
    assert refused(play, "bob", Join(("#tea", "#new"), keys=("x", "sesame")))[0] == "wrong-key"
    play.ask("bob", Join(("#new", "#tea"), keys=("", "sesame", "more")))
    assert set(play.chat.state.users["bob"].channels) == {"#main", "#new", "#tea"}


def test_a_channel_is_full_at_its_limit() -> None:
    play = room()
    play.ask("alice", mode("+l 1"))
    assert refused(play, "bob", join()) == ("channel-full", "#tea")
    play.ask("alice", mode("+l 2"))
    play.tell("bob", join(), Entered)


def test_a_ban_keeps_out_and_an_exception_lets_in() -> None:
    play = room()
    play.ask("alice", Ban("B?B", to="#tea"))
    assert refused(play, "bob", join()) == ("banned", "#tea")
    play.ask("alice", mode("+e bob!user@*"))
    play.tell("bob", join(), Entered)


def test_the_list_of_invitations_opens_what_is_closed_and_nothing_else() -> None:
    play = room()
    play.ask("alice", mode("+iI bob"))
    assert refused(play, "carol", join()) == ("invite-only", "#tea")
    play.ask("alice", mode("+k x"))
    assert refused(play, "bob", join()) == ("wrong-key", "#tea")
    play.tell("bob", join("x"), Entered)


# ---- speaking -------------------------------------------------------------------------------------------------


def test_in_a_moderated_channel_only_operators_and_the_voiced_speak() -> None:
    play = room("bob")
    play.ask("alice", mode("+m"))
    assert refused(play, "bob", say()) == ("moderated", "#tea")
    play.tell("alice", say(), MessageAccepted)
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.tell("bob", say(), MessageAccepted)


def test_who_is_banned_speaks_only_with_a_voice() -> None:
    play = room("bob")
    play.ask("alice", Ban("bob", to="#tea"))
    assert refused(play, "bob", say()) == ("moderated", "#tea")
    play.ask("alice", GrantRole("bob", "v", to="#tea"))
    play.tell("bob", say(), MessageAccepted)


def test_who_is_muted_comes_in_and_does_not_speak() -> None:
    play = room()
    play.ask("alice", Ban("m:bob", to="#tea"))
    play.tell("bob", join(), Entered)
    assert refused(play, "bob", say()) == ("moderated", "#tea")
    play.ask("alice", mode("+e bob"))
    play.tell("bob", say(), MessageAccepted)


def test_who_is_outside_speaks_only_into_an_open_channel_and_does_not_hear_it() -> None:
    play = room("bob")
    assert refused(play, "carol", say()) == ("not-in-channel", "#tea")
    play.ask("alice", mode("-n"))
    play.forget()
    (sent,) = play.ask("carol", say())
    assert isinstance(sent, MessageAccepted)
    assert (sent.to, sent.seq, sent.text, sent.direct) == ("#tea", 1, "hi", True)
    assert said(play.hears("bob")) == ["hi"]
    play.ask("alice", Ban("carol", to="#tea"))
    assert refused(play, "carol", say()) == ("moderated", "#tea")
    play.ask("alice", mode("+m-b carol"))
    assert refused(play, "carol", say()) == ("moderated", "#tea")


def test_queries_between_clients_can_be_kept_out() -> None:
    play = room("bob")
    play.tell("bob", say("\x01VERSION\x01"), MessageAccepted)
    play.ask("alice", mode("+C"))
    assert refused(play, "bob", say("\x01VERSION\x01")) == ("no-ctcp", "#tea")
    play.tell("bob", say("\x01ACTION waves\x01"), MessageAccepted)
    play.tell("bob", SendMessage("waves", "#tea", action=True), MessageAccepted)


# ---- topics and secrets ---------------------------------------------------------------------------------------


def test_a_locked_topic_is_for_operators() -> None:
    play = room("bob")
    play.tell("bob", Topic("tea", "#tea"), Done)
    play.ask("alice", mode("+t"))
    assert refused(play, "bob", Topic("coffee", "#tea")) == ("not-operator", "#tea")
    play.tell("alice", Topic("milk", "#tea"), Done)
    assert play.tell("carol", Topic(to="#tea"), TopicTold).text == "milk"

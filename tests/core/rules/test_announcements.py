"""Broadcasts, and whom they reach."""

from __future__ import annotations

from evchat.protocol.channels import Part
from evchat.protocol.history import GetInbox, InboxListed
from evchat.protocol.messages import Announce, AnnouncementAccepted, Message, SendMessage
from tests.core.playbook import Playbook, said, snapshot

DAY = 24 * 3_600_000


def test_a_broadcast_reaches_everyone_online_across_channels() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    play.connect("stranger")
    play.ask("carol", Part())
    play.forget()
    answer, heard = play.ask("alice", Announce("Cake!", id="1"))
    assert answer == AnnouncementAccepted(play.now, "1", 2, (), 1)
    assert heard == Message(play.now, "*", 1, "alice", "*", "Cake!", id="1", announced=True)
    assert play.hears("bob") == play.hears("carol") == [heard]
    assert play.hears("stranger") == []


def test_a_broadcast_is_counted_by_users_not_sessions() -> None:
    play = Playbook()
    play.register("alice", "bob")
    play.again("bobs phone", "bob")
    play.again("alices phone", "alice")
    assert play.tell("alice", Announce("Cake!"), AnnouncementAccepted).delivered == 1
    assert [said(play.hears(who)) for who in ("bob", "bobs phone", "alices phone")] == [["Cake!"]] * 3


def test_a_broadcast_to_a_list_says_whom_it_missed() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol", "dora")
    play.leave("dora")
    play.forget()
    answer = play.tell(
        "alice", Announce("Cake!", ("BOB", "bob", "Dora", "nobody", "alice"), id="1"), AnnouncementAccepted
    )
    assert answer == AnnouncementAccepted(play.now, "1", 1, ("Dora", "nobody"))
    (heard,) = play.hears("bob")
    assert heard == Message(play.now, "alice bob", 1, "alice", "bob", "Cake!", announced=True)
    assert play.hears("carol") == []
    play.enter("dora")
    assert play.tell("dora", GetInbox(), InboxListed).messages == ()


def test_a_broadcast_to_nobody_but_oneself_or_to_nobody_online_is_delivered_to_nobody() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.tell("alice", Announce("x", ("alice",), id="1"), AnnouncementAccepted).delivered == 0
    assert play.tell("alice", Announce("x", ("bob",)), AnnouncementAccepted).missed == ("bob",)
    assert play.tell("alice", Announce("x"), AnnouncementAccepted).delivered == 0


def test_the_senders_other_sessions_hear_a_list_broadcast_once_for_each_receiver() -> None:
    play = Playbook()
    play.register("alice")
    play.enter("bob", "carol")
    play.again("phone", "alice")
    play.ask("alice", Announce("Cake!", ("bob", "carol")))
    heard = play.hears("phone")
    assert said(heard) == ["[Cake!]", "[Cake!]"]
    assert [x.to for x in heard if isinstance(x, Message)] == ["bob", "carol"]
    assert said(play.hears("alice")) == []


def test_a_broadcast_names_so_many_users_and_no_more() -> None:
    play = Playbook(max_recipients=3)
    play.enter("alice")
    play.tell("alice", Announce("x", ("a", "b", "c", "C", "alice")), AnnouncementAccepted)
    assert play.refusal("alice", Announce("x", ("a", "b", "c", "d"))) == "too-many-recipients"


def test_a_broadcast_for_which_the_store_can_not_be_asked_changes_nothing() -> None:
    play = Playbook()
    play.enter("alice", "bob", "carol")
    before = snapshot(play.chat)
    play.disk.reads_fail = True
    assert play.refusal("alice", Announce("x", ("bob", "carol"))) == "storage"
    assert play.refusal("alice", Announce("x")) == "storage"
    assert play.refusal("alice", SendMessage("x", to="bob")) == "storage"
    assert snapshot(play.chat) == before

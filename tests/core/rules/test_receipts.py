"""A resend is answered as the first time, and nothing is said twice."""

from __future__ import annotations

from dataclasses import replace

from evchat.protocol import names
from evchat.protocol.basics import Failed
from evchat.protocol.channels import Join, Part
from evchat.protocol.login import Login
from evchat.protocol.messages import Announce, AnnouncementAccepted, Message, MessageAccepted, SendMessage
from tests.core.playbook import Playbook, kinds, said

DAY = 24 * 3_600_000


def test_a_resent_message_is_answered_as_the_first_time_and_not_sent_again() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    for number, request in enumerate(
        (
            SendMessage("hi", id="1"),
            SendMessage("waves", action=True, id="2"),
            SendMessage("psst", to="BOB", id="3"),
            Announce("all", id="4"),
            Announce("some", ("bob", "zoe"), id="5"),
        )
    ):
        first = play.ask("alice", request)[0]
        play.now += 1000
        assert len(said(play.hears("bob"))) == 1, number
        (second,) = play.ask("alice", request)
        assert play.hears("bob") == []
        if isinstance(first, MessageAccepted):
            assert second == replace(first, at=play.now, duplicate=True, text="", action=False)
        else:
            assert isinstance(first, AnnouncementAccepted)
            assert second == replace(first, at=play.now, duplicate=True)


def test_a_resend_is_known_after_a_reconnect_in_another_case_and_after_a_restart() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", SendMessage("hi", id="1"))
    play.leave("alice")
    play.connect("alice")
    play.ask("alice", Login("Alice"))
    assert play.tell("alice", SendMessage("hi", id="1"), MessageAccepted).duplicate
    after = Playbook(disk=play.disk)
    after.enter("alice")
    assert after.tell("alice", SendMessage("hi", id="1"), MessageAccepted).duplicate


def test_a_resend_is_answered_though_one_has_left_the_channel() -> None:
    play = Playbook()
    play.enter("alice")
    play.ask("alice", Join(("#Tea",)))
    play.ask("alice", SendMessage("hi", to="#Tea", id="1"))
    play.ask("alice", Part(("#tea",)))
    again = play.tell("alice", SendMessage("hi", to="#Tea", id="1"), MessageAccepted)
    assert (again.duplicate, again.to) == (True, "#tea")


def test_an_id_that_was_used_for_something_else_gets_the_first_answer() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("hi", id="said"))
    play.ask("alice", SendMessage("hi", to="bob", id="told"))
    play.ask("alice", Announce("hi", id="announced"))
    play.forget()
    assert play.tell("alice", Announce("all", id="said"), MessageAccepted).to == "#main"
    assert play.tell("alice", Announce("all", id="told"), MessageAccepted).direct
    assert play.tell("alice", SendMessage("x", id="announced"), AnnouncementAccepted).delivered == 1
    assert play.hears("bob") == []


def test_a_receipt_holds_for_24_hours() -> None:
    play = Playbook()
    play.enter("alice")
    play.now += 10
    play.ask("alice", SendMessage("hi", id="1"))
    play.now += DAY
    assert play.tell("alice", SendMessage("hi", id="1"), MessageAccepted).duplicate
    play.now += 1
    assert not play.tell("alice", SendMessage("hi", id="1"), MessageAccepted).duplicate


def test_receipts_are_of_each_user() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.ask("alice", SendMessage("hi", id="1"))
    assert not play.tell("bob", SendMessage("hi", id="1"), MessageAccepted).duplicate


def test_without_an_id_the_same_words_are_sent_again() -> None:
    play = Playbook()
    play.enter("alice")
    assert [play.tell("alice", SendMessage("hi"), MessageAccepted).seq for _ in range(2)] == [1, 2]


def test_a_refused_message_leaves_no_receipt() -> None:
    play = Playbook()
    play.enter("alice")
    assert play.refusal("alice", SendMessage("hi", to="#tea", id="1")) == "not-in-channel"
    play.ask("alice", Join(("#tea",)))
    assert not play.tell("alice", SendMessage("hi", to="#tea", id="1"), MessageAccepted).duplicate


def test_a_resend_in_the_same_pass_fails_with_its_commit() -> None:
    play = Playbook()
    play.enter("alice")
    play.decide("alice", SendMessage("hi", id="1"))
    play.decide("alice", SendMessage("hi", id="1"))
    play.commit(fails=True)
    assert kinds(play.hears("alice")) == [Failed, Failed]
    assert not play.tell("alice", SendMessage("hi", id="1"), MessageAccepted).duplicate


def test_the_conversation_of_two_is_no_others() -> None:
    play = Playbook()
    play.enter("a", "b", "ab")
    play.ask("a", SendMessage("x", to="b"))
    conversations = {x.conversation for x in play.disk.kept if isinstance(x, Message)}
    assert conversations == {names.pair_key("a", "b")}
    assert play.tell("ab", SendMessage("y", to="a"), MessageAccepted).seq == 1

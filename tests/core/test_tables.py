"""The tables of what there is, and what is counted in them."""

from __future__ import annotations

from tests.core.playbook import Playbook


def test_the_counts_are_of_what_there_is() -> None:
    play = Playbook()
    play.enter("alice", "bob")
    play.connect("x")
    counts = play.chat.state.counts()
    assert (counts.users, counts.strangers, counts.channels, counts.most) == (2, 1, 1, 2)


def test_whoever_is_held_counts_as_a_user_and_is_absent_without_another_session() -> None:
    play = Playbook()
    play.enter("alice", full=True)
    play.register("nora")
    play.again("phone", "nora", full=True)
    for who in ("alice", "phone"):
        play.lose(who)
    assert (play.chat.state.counts().users, play.chat.state.absent()) == (2, 1)
    play.resume("alice")
    assert play.chat.state.absent() == 0

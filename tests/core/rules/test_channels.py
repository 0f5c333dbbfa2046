"""What sessions are told about a channel."""

from __future__ import annotations

from evchat.protocol.channels import (
    Entered,
    Join,
)
from evchat.protocol.history import (
    HistoryListed,
)
from evchat.protocol.login import (
    LoggedIn,
    Login,
)
from evchat.protocol.messages import SendMessage
from tests.core.playbook import Playbook, kinds, said


def test_however_many_channels_one_is_in_a_login_is_not_flooded_with_what_was_said() -> None:
    play = Playbook()
    play.register("alice")
    for number in range(10):
        play.ask("alice", Join((f"#{number}",)))
        for _ in range(5):
            play.ask("alice", SendMessage("x" * 2000, f"#{number}"))
    play.connect("phone")
    answers = play.ask("phone", Login("alice", "secret"))
    recent = [x for x in answers if isinstance(x, HistoryListed)]
    assert len(recent) == 10
    assert all(x.messages and x.messages[-1].seq == 5 for x in recent)
    assert sum(len(x.text) for told in recent for x in told.messages) <= 32 * 1024


def test_a_login_brings_the_recent_messages_behind_the_state() -> None:
    play = Playbook(recent_messages=2)
    play.enter("alice")
    for text in ("one", "two", "three"):
        play.ask("alice", SendMessage(text))
    play.connect("bob")
    answers = play.ask("bob", Login("bob"))
    assert kinds(answers) == [LoggedIn, Entered, HistoryListed]
    recent = answers[-1]
    assert isinstance(recent, HistoryListed)
    assert (said(recent.messages), recent.seq, recent.more, recent.recent) == (
        ["two", "three"],
        3,
        True,
        True,
    )


def test_recent_messages_can_be_switched_off() -> None:
    play = Playbook(recent_messages=0)
    play.enter("alice")
    play.ask("alice", SendMessage("one"))
    play.connect("bob")
    assert kinds(play.ask("bob", Login("bob"))) == [LoggedIn, Entered]

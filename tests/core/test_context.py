"""What a handler may use: the numbers of messages at hand, and who is around a user."""

from __future__ import annotations

from evchat.protocol.channels import Join, Left
from evchat.protocol.messages import MessageAccepted, SendMessage
from tests.core.playbook import Playbook


def test_numbers_forgotten_for_want_of_room_are_asked_of_the_store() -> None:
    play = Playbook(max_heads=3)
    play.enter("alice")
    rooms = tuple(f"#{number}" for number in range(10))
    play.ask("alice", Join(rooms))
    for seq in (1, 2, 3):
        for room in rooms:
            assert play.tell("alice", SendMessage("x", to=room), MessageAccepted).seq == seq
    assert len(play.chat.state.heads) <= 3


def test_around_a_user_is_everyone_in_channels_that_are_not_large() -> None:
    play = Playbook(quiet_above=3)
    play.enter("alice", "bob", "carol", "dave")
    play.ask("alice", Join(("#tea",)))
    play.ask("bob", Join(("#tea",)))
    context = play.chat.context
    around = context.peers_of(context.state.users["alice"])
    assert set(around) == {play.sid("alice"), play.sid("bob")}
    assert context.is_quiet(context.state.channels["#main"])


def test_in_a_large_channel_nothing_is_remembered() -> None:
    play = Playbook(quiet_above=1)
    play.enter("alice", "bob")
    main = play.chat.state.channels["#main"]
    assert play.chat.context.remember(main, Left(1, "x", "#main")).place is None

"""Pinned messages of a channel."""

from __future__ import annotations

from evchat.protocol.basics import Done
from evchat.protocol.channels import Join, Part
from evchat.protocol.messages import SendMessage
from evchat.protocol.pins import ListPins, Pin, Pinned, PinsListed, Unpin, Unpinned
from evchat.protocol.redaction import Redact
from tests.core.playbook import Playbook, kinds
from tests.core.rooms import owned


def den(*others: str, **settings: object) -> Playbook:
    """alice, who keeps order in #den, and others in it; she has said "one" and "two" there."""
    play = Playbook(**settings)  # type: ignore[arg-type]
    play.enter("alice", *others)
    for who in ("alice", *others):
        play.ask(who, Join(("#den",)))
    for text in ("one", "two"):
        play.ask("alice", SendMessage(text, "#den"))
    play.forget()
    return play


def listed(play: Playbook, who: str) -> list[tuple[int, str, str]]:
    answer = play.tell(who, ListPins("#den"), PinsListed)
    return [(pin.message.seq, pin.message.text, pin.by) for pin in answer.pins]


def test_a_pin_is_told_to_everyone_in_the_channel_and_listed() -> None:
    play = den("bob")
    assert kinds(play.ask("alice", Pin(1, "#den"))) == [Done, Pinned]
    (told,) = play.hears("bob")
    assert told == Pinned(play.now, "#den", 1, "alice", "alice", "one")
    assert listed(play, "bob") == [(1, "one", "alice")]


def test_without_a_number_the_last_message_is_pinned() -> None:
    play = den()
    play.ask("alice", Pin(None, "#den"))
    assert listed(play, "alice") == [(2, "two", "alice")]


def test_a_message_is_pinned_once() -> None:
    play = den("bob")
    play.ask("alice", Pin(1, "#den"))
    play.forget()
    done = play.tell("alice", Pin(1, "#den"), Done)
    assert done.text == "It is already pinned." and not play.hears("bob")


def test_there_must_be_such_a_message() -> None:
    play = den()
    for seq in (0, 3, -1, 2**60):
        assert play.refusal("alice", Pin(seq, "#den")) == "no-such-message"
    assert play.refusal("alice", Unpin(1, "#den")) == "no-such-message"


def test_there_are_no_more_pins_than_the_limit() -> None:
    play = den(max_pins=1)
    play.ask("alice", Pin(1, "#den"))
    assert play.refusal("alice", Pin(2, "#den")) == "list-full"
    play.ask("alice", Unpin(1, "#den"))
    play.ask("alice", Pin(2, "#den"))
    assert listed(play, "alice") == [(2, "two", "alice")]


def test_a_removed_pin_is_told() -> None:
    play = den("bob")
    play.ask("alice", Pin(1, "#den"))
    play.forget()
    assert kinds(play.ask("alice", Unpin(1, "#den"))) == [Done, Unpinned]
    assert play.hears("bob") == [Unpinned(play.now, "#den", 1, "alice")]
    assert listed(play, "bob") == []


def test_a_deleted_message_is_listed_no_more() -> None:
    play = den()
    play.ask("alice", Pin(1, "#den"))
    play.ask("alice", Redact("#den", 1))
    assert listed(play, "alice") == []
    assert play.refusal("alice", Pin(1, "#den")) == "no-such-message"


def test_the_pins_of_a_channel_that_does_not_stay_end_with_it() -> None:
    play = den()
    play.ask("alice", Pin(1, "#den"))
    play.ask("alice", Part(("#den",)))
    play.ask("alice", Join(("#den",)))
    assert listed(play, "alice") == []


def test_the_pins_of_a_channel_that_stays_outlive_a_restart() -> None:
    play = owned()
    play.ask("alice", SendMessage("one", "#tea"))
    play.ask("alice", Pin(1, "#tea"))
    after = Playbook(disk=play.disk)
    after.enter("bob")
    after.ask("bob", Join(("#tea",)))
    (pin,) = after.tell("bob", ListPins("#tea"), PinsListed).pins
    assert (pin.message.text, pin.by) == ("one", "alice")


def test_a_pin_that_could_not_be_kept_is_taken_back() -> None:
    play = owned()
    play.ask("alice", SendMessage("one", "#tea"))
    play.ask("alice", Pin(1, "#tea"))
    play.forget()
    play.decide("alice", Unpin(1, "#tea"))
    play.commit(fails=True)
    (pin,) = play.tell("alice", ListPins("#tea"), PinsListed).pins
    assert pin.message.seq == 1

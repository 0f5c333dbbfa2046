"""An outage is told once, when it is over, with what it has held up."""

from __future__ import annotations

from typing import Any

from tests.tui.connection.sessions import in_line
from tests.tui.world import Client, World
from tui.connection.outage import Outage
from tui.model.session_events import FAILED, QUEUED, SENT, Back, LineSent


def told(client: Client) -> list[dict[str, Any]]:
    return client.of("back")


def test_an_outage_is_told_once_with_its_length_and_what_was_sent_and_missed(world: World) -> None:
    alice, bob = world.client("alice"), world.client("bob")
    in_line(world)
    assert told(alice) == [], "a start is no outage"
    world.break_(alice)
    world.say(alice, "#main", "one")
    world.say(alice, "#main", "two")
    for number in range(3):
        world.say(bob, "#main", f"missed {number}")
        world.say(bob, "alice", f"for you {number}")
    world.up(bob)
    world.commit()
    world.down(bob)
    world.pass_time(60_000)
    world.settle()
    (back,) = told(alice)
    assert (back["sent"], back["missed"]) == (2, 6)
    assert 60_000 <= back["lasted"] < 90_000
    world.say(bob, "#main", "later")
    world.settle()
    assert len(told(alice)) == 1 and told(bob) == []


def test_several_breaks_before_one_has_caught_up_are_one_outage(world: World) -> None:
    alice = world.client("alice")
    in_line(world)
    world.break_(alice)
    world.pass_time(10_000)
    world.connect(alice)
    world.up(alice)
    world.break_(alice)
    world.pass_time(10_000)
    world.settle()
    (back,) = told(alice)
    assert back["lasted"] >= 20_000


def test_nothing_is_told_before_what_waits_is_sent_unless_that_is_held_up() -> None:
    outage = Outage()
    outage.begin(1_000)
    outage.end(["a", "b"], 5_000)
    assert outage.over(held_up=False) is None, "the rest is not told yet"
    outage.answered()
    outage.saw([LineSent("a", "#main", SENT), LineSent("b", "#main", QUEUED, "The disk is full.")], "alice")
    assert outage.over(held_up=False) is None
    outage.saw([LineSent("b", "#main", FAILED, "You may not.")], "alice")
    back = outage.over(held_up=False)
    assert isinstance(back, Back) and (back.lasted, back.sent, back.missed) == (4_000, 1, 0)
    assert outage.over(held_up=False) is None
    outage.begin(10_000)
    outage.end(["c"], 11_000)
    outage.answered()
    held = outage.over(held_up=True)
    assert held is not None and held.sent == 0

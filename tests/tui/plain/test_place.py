"""What is typed goes where the prompt says."""

from __future__ import annotations

import io

from tui.plain.output import Output
from tui.plain.place import Place


def place() -> Place:
    return Place(Output(io.StringIO(), io.StringIO()), "#main")


def test_one_goes_to_the_room_that_is_entered_last() -> None:
    at = place()
    at.enter("bob")
    assert (at.room, at.sign) == ("bob", "bob> ")


def test_whoever_leaves_the_room_goes_to_the_first_of_the_others() -> None:
    at = place()
    at.left(["#dev"], ["#main"])
    assert at.room == "#main"
    at.left(["#MAIN"], ["#dev", "#ops"])
    assert at.room == "#dev"


def test_without_a_room_nothing_is_said_until_one_is_entered() -> None:
    at = place()
    at.left(["#main"], [])
    assert at.nowhere == "You are not in a channel."
    at.enter("#dev")
    assert at.nowhere == ""

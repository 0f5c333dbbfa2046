"""Only what is of the room that is read is printed, until one is put out of it."""

from __future__ import annotations

import pytest

from tui.model.record import Record
from tui.model.server_events import Kicked, Left, Message
from tui.plain import tail


@pytest.mark.parametrize(
    ("room", "said_in", "found"),
    [("#Main", "#main", True), ("#main", "#ops", False), ("Bob", "bob", True), (None, "bob", False)],
)
def test_a_message_is_of_its_room_however_that_is_written(
    room: str | None, said_in: str, found: bool
) -> None:
    message = Message({"sender": "bob", "to": said_in, "content": "hi"})
    message.room = said_in
    assert tail.is_of(room, message) is found


def test_being_kicked_or_leaving_ends_it_and_what_others_do_does_not() -> None:
    kicked = Kicked(Record({"name": "Alice", "to": "#Main", "by": "bob"}))
    assert tail.puts_out("#main", kicked, "alice")
    assert not tail.puts_out("#ops", kicked, "alice")
    assert not tail.puts_out("#main", Left(Record({"sender": "bob", "to": "#main"})), "alice")

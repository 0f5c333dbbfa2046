"""Clients of `room` hear lines with their times."""

from __future__ import annotations

from dataclasses import replace

from evchat.dialects.unframed.room import RoomDialect
from evchat.protocol.basics import Failed
from evchat.protocol.channels import Joined
from evchat.protocol.history import HistoryListed
from evchat.protocol.login import Quit
from evchat.protocol.typed_lines import Greet, NamePrompt, TypedLine
from tests.dialects.samples import AT, HI, LUNCH, WAVES

DAY = 24 * 3600 * 1000


def test_it_greets_and_asks_for_a_name_again() -> None:
    room = RoomDialect()
    assert room.greet() == [Greet()]
    assert room.encode(NamePrompt(AT, "Class 7B")) == b"Welcome to Class 7B. What is your name?\n"
    assert room.answer(Failed(AT, None, "name-taken", "Taken.")) == b"Taken. What is your name?\n"
    asked = room.answer(Failed(AT, None, "password-needed", "Registered."))
    assert asked == b"Registered. Send the password now, or /login NAME for another name.\n"


def test_every_line_has_its_time_and_its_sender() -> None:
    room = RoomDialect()
    assert room.encode(HI) == b"(10:15) alice: hi all\n"
    assert (
        room.encode(replace(HI, to="#ops", text="a\nb"))
        == b"(10:15) [#ops] alice: a\n(10:15) [#ops] alice: b\n"
    )
    assert room.encode(WAVES) == b"(10:15) [private] * alice waves\n"
    assert room.encode(replace(WAVES, own=True, action=False)) == b"(10:15) -> bob: waves\n"
    assert room.encode(LUNCH) == b"(10:15) [broadcast] alice: lunch!\n"
    assert room.encode(replace(HI, redacted=True)) == b"(10:15) alice: (deleted)\n"
    old = HistoryListed(AT + DAY, None, "#main", (HI,), 42, recent=True)
    assert room.answer(old) == b"(21 Nov 10:15) alice: hi all\n"


def test_what_happens_has_its_time_and_answers_have_none() -> None:
    assert RoomDialect().encode(Joined(AT, "bob", "#main")) == b"(10:15) bob joined #main.\n"
    room = RoomDialect()
    room.logged_in = True
    assert room.answer(Failed(AT, None, "empty", "The message is empty.")) == b"The message is empty.\n"


def test_its_word_for_goodbye_is_a_quit() -> None:
    assert RoomDialect().receive(b"rob\n---quit---") == [TypedLine("rob"), Quit()]

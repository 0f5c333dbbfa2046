"""Messages of a room in their order, each once, whatever is missing on the way."""

from __future__ import annotations

from hypothesis import given
from hypothesis import strategies as st

from evchat.settings.client import HISTORY_PAGE, MAX_MISSED
from tui.connection.sequence import Sequence
from tui.model.server_events import Message, ServerEvent
from tui.model.session_events import Gap, Reset

RESET = Reset("#main")


def message(seq: int) -> Message:
    return Message({"seq": seq})


def at(seq: int) -> int:
    """When the message of this number was said."""
    return 1_000 + seq


def found(*numbers: int) -> list[tuple[int, int, Message | None]]:
    """Messages as a history lists them."""
    return [(seq, at(seq), message(seq)) for seq in numbers]


def numbers(out: list[ServerEvent]) -> list[int | None]:
    return [event.seq for event in out if isinstance(event, Message)]


class Room:
    """A room at a server: as many messages as were said, and a stream that follows it."""

    def __init__(self, page: int) -> None:
        self.head = 0
        self.page = page
        self.stream = Sequence("#main")
        self.out: list[ServerEvent] = []
        self.missing = False

    def ask(self) -> None:
        """The stream asks for what it misses, until it misses nothing."""
        for _ in range(self.head + 2):
            if not self.missing:
                return
            start = self.stream.after + 1
            numbers = range(start, min(start + self.page, self.head + 1))
            more = bool(numbers) and numbers[-1] < self.head
            self.missing = self.stream.fill(found(*numbers), self.head, more, self.out)
        raise AssertionError("it asks without end")


deeds = st.lists(
    st.tuples(st.sampled_from(("hear", "miss", "break", "ask", "own")), st.integers(1, 5)), max_size=40
)


@given(deeds, st.integers(2, 6), st.integers(0, 4))
def test_every_message_since_one_came_is_passed_on_once_and_in_order(
    done: list[tuple[str, int]], page: int, recent: int
) -> None:
    room = Room(page)
    room.stream.head(0, room.out)
    own: set[int] = set()
    for name, count in done:
        for _ in range(count):
            room.head += name in ("hear", "miss", "own")
            if name in ("hear", "own"):
                facts = None if name == "own" else message(room.head)
                own |= {room.head} if name == "own" else set()
                room.missing |= room.stream.take(room.head, at(room.head), facts, room.out)
        if name == "break":
            room.stream.lost()
            newest = range(max(1, room.head - recent + 1), room.head + 1)
            room.missing = room.stream.recent(found(*newest), room.head, room.out) and room.head > 0
        elif name == "ask":
            room.ask()
    room.missing = room.stream.last != room.head
    room.ask()
    assert numbers(room.out) == [seq for seq in range(1, room.head + 1) if seq not in own]
    assert RESET not in room.out


def test_the_first_message_may_have_any_number() -> None:
    stream, out = Sequence("#main"), list[ServerEvent]()
    assert not stream.take(41, at(41), message(41), out)
    assert not stream.take(42, at(42), message(42), out)
    assert numbers(out) == [41, 42]


def test_a_hole_holds_back_what_is_behind_it() -> None:
    stream, out = Sequence("#main"), list[ServerEvent]()
    stream.take(1, at(1), message(1), out)
    assert stream.take(3, at(3), message(3), out)
    assert numbers(out) == [1]
    assert not stream.take(2, at(2), message(2), out)
    assert numbers(out) == [1, 2, 3]


def test_a_message_that_came_before_is_dropped() -> None:
    stream, out = Sequence("#main"), list[ServerEvent]()
    for seq in (1, 2, 2, 1):
        stream.take(seq, at(seq), message(seq), out, live=False)
    assert numbers(out) == [1, 2]


def test_a_hole_in_the_history_stays_one_and_is_not_asked_about_again() -> None:
    stream, out = Sequence("*"), list[ServerEvent]()
    stream.take(1, at(1), message(1), out)
    assert stream.take(4, at(4), message(4), out)
    assert not stream.fill(found(1, 4), 4, False, out)
    assert numbers(out) == [1, 4]
    assert not stream.take(5, at(5), message(5), out)


def test_what_was_shown_already_is_not_shown_again_when_the_gap_before_it_is_filled_after_a_break() -> None:
    stream, out = Sequence("#main"), list[ServerEvent]()
    stream.take(1, at(1), message(1), out)
    assert stream.take(4, at(4), None, out)
    assert stream.take(5, at(5), message(5), out)
    stream.filling = True
    stream.lost()
    assert not stream.filling
    assert not stream.fill(found(1, 2, 3, 4, 5), 5, False, out)
    assert numbers(out) == [1, 2, 3, 5]


def test_a_lower_head_shows_that_the_server_counts_anew() -> None:
    stream, out = Sequence("#main"), list[ServerEvent]()
    stream.take(7, at(7), message(7), out)
    stream.head(2, out)
    assert out[-1] == RESET
    assert not stream.recent(found(1, 2), 2, out)
    assert numbers(out) == [7, 1, 2]


def test_another_time_of_the_last_message_shows_it_too() -> None:
    stream, out = Sequence("#main"), list[ServerEvent]()
    stream.take(2, at(2), message(2), out)
    another: list[tuple[int, int, Message | None]] = [(seq, 9_000 + seq, message(seq)) for seq in (2, 3)]
    assert stream.fill(another, 3, False, out)
    assert out[-1] == RESET
    assert stream.after == 0
    another = [(seq, 9_000 + seq, message(seq)) for seq in (1, 2, 3)]
    assert not stream.fill(another, 3, False, out)
    assert numbers(out) == [2, 1, 2, 3]


def test_a_live_message_with_a_number_of_before_shows_it_too() -> None:
    stream, out = Sequence("bob"), list[ServerEvent]()
    stream.take(7, at(7), message(7), out)
    assert not stream.take(1, at(7) + 1, message(1), out)
    assert out[1] == Reset("bob")
    assert numbers(out) == [7, 1]


def test_a_time_that_is_not_known_shows_nothing() -> None:
    stream, out = Sequence("*"), list[ServerEvent]()
    stream.take(7, 0, None, out)
    assert not stream.fill(found(7, 8), 8, False, out)
    assert numbers(out) == [8]


def test_of_too_much_that_was_missed_the_oldest_is_given_up() -> None:
    stream, out = Sequence("#main"), list[ServerEvent]()
    stream.take(1, at(1), message(1), out)
    head = MAX_MISSED + 2
    stream.take(head, at(head), message(head), out)
    stream.skip(head, out)
    assert out[-1] == Gap("#main", 1, head - HISTORY_PAGE + 1)
    assert stream.after == head - HISTORY_PAGE - 1
    assert not stream.fill(found(*range(head - HISTORY_PAGE, head + 1)), head, False, out)
    assert numbers(out) == [1, *range(head - HISTORY_PAGE + 1, head + 1)]


def test_what_is_not_too_much_is_not_given_up() -> None:
    stream, out = Sequence("#main"), list[ServerEvent]()
    stream.take(1, at(1), message(1), out)
    stream.skip(MAX_MISSED + 1, out)
    assert stream.last == 1
    assert len(out) == 1
